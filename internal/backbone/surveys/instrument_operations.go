package surveys

import (
	"cmp"
	"slices"
	"time"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Held is one edition of an instrument that can be asked: one that is shipped, or one
// that the collaborative brought.
type Held struct {
	ID        InstrumentID `json:"id" audit:"-"`
	Key       string       `json:"key"`
	Edition   int64        `json:"edition"`
	Title     string       `json:"title" doc:"In your language, where it has it."`
	Minutes   int64        `json:"minutes" doc:"How long answering takes."`
	Questions int64        `json:"questions"`
	Languages []string     `json:"languages"`
	Shipped   bool         `json:"shipped" audit:"-" doc:"Whether it comes with the program."`
	Version   int64        `json:"version" audit:"-"`
	CreatedAt time.Time    `json:"created_at,omitzero" audit:"-"`
	UpdatedAt time.Time    `json:"updated_at,omitzero" audit:"-"`
	DeletedAt *time.Time   `json:"deleted_at,omitempty" audit:"-" doc:"When it was put in the trash."`
	File      string       `json:"file,omitempty" audit:"-" doc:"The whole instrument as JSON, as it can be brought elsewhere; only when one is read."`

	content Instrument
}

// Content is the instrument itself.
func (h Held) Content() Instrument { return h.content }

// CurrentVersion is what REST makes an ETag of.
func (h Held) CurrentVersion() int64 { return h.Version }

// Name is its title with its edition.
func (h Held) Name() string { return h.Title }

// tell fills in what is read from the content.
func (h *Held) tell(c *operation.Call) {
	i := &h.content
	h.Key, h.Edition, h.Title, h.Minutes, h.Questions, h.Languages = i.Key, i.Version, i.Title.In(i18n.Language(c.Context()), c.Collaborative.Language, "en"), i.Minutes, i.Count(), i.Languages()
}

func scanHeld(row store.Row) (Held, error) {
	var h Held
	var deleted time.Time
	err := row.Scan(&h.ID, store.ScanJSON(&h.content), &h.Version, store.ScanTime(&h.CreatedAt), store.ScanTime(&h.UpdatedAt), store.ScanTime(&deleted))
	h.DeletedAt = operation.Instant(deleted)
	return h, err
}

const heldColumns = `SELECT id, content, version, created_at, updated_at, deleted_at FROM survey_instruments WHERE collaborative_id = $1`

func getHeld(c *operation.Call, i InstrumentID) (Held, error) {
	all, err := shipped()
	if err != nil {
		return Held{}, err
	}
	earlier, err := shippedEarlier()
	if err != nil {
		return Held{}, err
	}
	for _, one := range slices.Concat(all, earlier) {
		if shippedID(one) == i {
			h := Held{ID: i, content: one, Shipped: true, Version: 1}
			h.tell(c)
			return h, nil
		}
	}
	h, err := store.One(c.Tx, scanHeld, heldColumns+` AND id = $2`, i)
	h.tell(c)
	return h, err
}

func updateHeld(c *operation.Call, _, h Held) error {
	return operation.Changed(c.Tx.Exec(`UPDATE survey_instruments SET version = $3, updated_at = $4, deleted_at = $5 WHERE collaborative_id = $1 AND id = $2 AND version = $3 - 1`,
		h.ID, h.Version, store.Micros(h.UpdatedAt), operation.DeletedMicros(h.DeletedAt)))
}

// instruments is the noun.
var instruments = &operation.Noun[Held, InstrumentID]{Kind: InstrumentKind, Area: "survey-instruments", Get: getHeld, Update: updateHeld,
	Head: func(h *Held) operation.Head[InstrumentID] {
		return operation.HeadOf(h.ID, &h.Version, &h.UpdatedAt, &h.DeletedAt)
	},
	Title: Held.Name}

// mostBrought bounds the editions a collaborative holds.
const mostBrought = 500

// brought are all editions that the collaborative brought, also those in the trash.
func brought(c *operation.Call) ([]Held, error) {
	all, err := store.Collect(c.Tx, scanHeld, heldColumns+` ORDER BY instrument_key, edition`)
	for k := range all {
		all[k].tell(c)
	}
	return all, err
}

// ListInstrumentsInput says which instruments.
type ListInstrumentsInput struct {
	Trash bool `json:"trash,omitempty" doc:"Those in the trash instead."`
}

// ListInstruments lists the instruments there are, each edition for itself.
var ListInstruments = operation.Define(operation.Operation[ListInstrumentsInput, operation.Page[Held]]{
	Definition: operation.Definition{ID: "survey-instruments.list", Summary: "Lists the instruments that can be asked: those shipped, and those the collaborative brought", ReadOnly: true, Method: "GET", Path: "/survey-instruments"},
	Run: func(c *operation.Call, in ListInstrumentsInput) (operation.Page[Held], error) {
		out := operation.Page[Held]{Items: []Held{}, Total: -1}
		if in.Trash && !c.Can("survey-instruments.restore") {
			return out, operation.Refuse(operation.Forbidden, "errors.forbidden")
		}
		if !in.Trash {
			all, err := shipped()
			if err != nil {
				return out, err
			}
			for _, one := range all {
				h := Held{ID: shippedID(one), content: one, Shipped: true, Version: 1}
				h.tell(c)
				out.Items = append(out.Items, h)
			}
		}
		own, err := brought(c)
		for _, h := range own {
			if (h.DeletedAt != nil) == in.Trash {
				out.Items = append(out.Items, h)
			}
		}
		return out, err
	},
})

// InstrumentRef names an edition of an instrument.
type InstrumentRef struct {
	ID InstrumentID `json:"id"`
}

// InstrumentVersion names one version of its record.
type InstrumentVersion struct {
	ID      InstrumentID `json:"id"`
	Version int64        `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
}

// GetInstrument reads one edition with its questions.
var GetInstrument = operation.Define(operation.Operation[InstrumentRef, Held]{
	Definition: operation.Definition{ID: "survey-instruments.get", Summary: "Reads one edition of an instrument, with its questions", ReadOnly: true, Method: "GET", Path: "/survey-instruments/{id}"},
	Run: func(c *operation.Call, in InstrumentRef) (Held, error) {
		h, err := instruments.Read(c, in.ID)
		if err != nil {
			return h, err
		}
		file, err := h.content.File()
		h.File = string(file)
		return h, err
	},
})

// BringInput is the file of an instrument.
type BringInput struct {
	Format   string `json:"format" required:"true" enum:"json,csv" doc:"How the file is written."`
	File     string `json:"file" required:"true" text:"lines" maxLength:"400000" doc:"The file itself."`
	Key      string `json:"key,omitempty" maxLength:"40" doc:"Of a CSV: the instrument's key; one that is there already makes its next edition."`
	Title    string `json:"title,omitempty" maxLength:"200" doc:"Of a CSV."`
	Language string `json:"language,omitempty" maxLength:"10" doc:"Of a CSV: in which it is written; the collaborative's when absent."`
	Minutes  int64  `json:"minutes,omitempty" minimum:"0" maximum:"240" doc:"Of a CSV: how long answering takes; worked out from the number of questions when absent."`
}

// Bring brings an instrument, or the next edition of one that was brought before.
var Bring = operation.Define(operation.Operation[BringInput, Held]{
	Definition: operation.Definition{ID: "survey-instruments.bring", Summary: "Brings an instrument from a JSON or CSV file; one whose key is there becomes its next edition", Method: "POST", Path: "/survey-instruments"},
	Run: func(c *operation.Call, in BringInput) (Held, error) {
		var faults operation.Faults
		var i Instrument
		if in.Format == "csv" {
			i = parseCSV(in.File, "file", about{key: in.Key, title: in.Title, language: cmp.Or(in.Language, c.Collaborative.Language), minutes: in.Minutes}, &faults)
			if i.Minutes == 0 {
				i.Minutes = 1 + i.Count()/4
			}
		} else {
			i = parseJSON(in.File, "file", &faults)
		}
		if faults.Err() == nil {
			i.check("file", &faults)
		}
		all, err := shipped()
		if err != nil {
			return Held{}, err
		}
		if slices.ContainsFunc(all, func(s Instrument) bool { return s.Key == i.Key }) {
			faults.Add("key", "errors.instrument_shipped")
		}
		own, err := brought(c)
		if err != nil {
			return Held{}, err
		}
		if len(own) >= mostBrought {
			faults.Add("file", "errors.too_many_items", map[string]any{"Most": mostBrought})
		}
		if err := faults.Err(); err != nil {
			return Held{}, err
		}
		i.Version = 1
		for _, h := range own {
			if h.Key == i.Key {
				i.Version = max(i.Version, h.Edition+1)
			}
		}
		h := Held{ID: id.New[Held](), content: i, Version: 1, CreatedAt: c.Now, UpdatedAt: c.Now}
		h.tell(c)
		if _, err := c.Tx.Exec(`INSERT INTO survey_instruments (collaborative_id, id, instrument_key, edition, content, version, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)`,
			h.ID, h.Key, h.Edition, store.JSON(h.content), h.Version, store.Micros(h.CreatedAt)); err != nil {
			return h, err
		}
		return instruments.Added(c, h)
	},
})

// TrashInstrument puts an edition in the trash. Waves that ask it keep it.
var TrashInstrument = operation.Define(operation.Operation[InstrumentVersion, Held]{
	Definition: operation.Definition{ID: "survey-instruments.trash", Summary: "Puts an edition of an instrument in the trash; waves that ask it keep it", Method: "DELETE", Path: "/survey-instruments/{id}"},
	Run: func(c *operation.Call, in InstrumentVersion) (Held, error) {
		h, err := getHeld(c, in.ID)
		if err != nil {
			return h, err
		}
		if h.Shipped {
			return h, operation.InvalidField("id", "errors.instrument_shipped")
		}
		return instruments.Trash(c, in.ID, in.Version)
	},
})

// RestoreInstrument takes an edition out of the trash.
var RestoreInstrument = operation.Define(operation.Operation[InstrumentVersion, Held]{
	Definition: operation.Definition{ID: "survey-instruments.restore", Summary: "Takes an edition of an instrument out of the trash", Method: "POST", Path: "/survey-instruments/{id}/restore"},
	Run: func(c *operation.Call, in InstrumentVersion) (Held, error) {
		return instruments.Restore(c, in.ID, in.Version)
	},
})
