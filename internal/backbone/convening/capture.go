package convening

import (
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// CaptureID names something noted in a meeting.
type CaptureID = id.Of[Capture]

// CaptureKinds are what is noted in a meeting, by catalogue key "capture_kinds.…".
// Actions are records of their own.
var CaptureKinds = []string{"note", DecisionKind, "win", "question"}

// DecisionKind is what was decided.
const DecisionKind = "decision"

// Capture is one thing noted in a meeting, by one person. Two who write at once
// write two.
type Capture struct {
	ID        CaptureID          `json:"id" audit:"-"`
	MeetingID MeetingID          `json:"meeting_id" audit:"-"`
	ItemID    ItemID             `json:"item_id,omitempty" audit:"-" doc:"The agenda item it belongs to."`
	Kind      string             `json:"kind" doc:"note, decision, win or question."`
	Text      string             `json:"text"`
	ByID      directory.PersonID `json:"by_id,omitempty" audit:"-"`
	By        string             `json:"by" audit:"-" doc:"Who noted it."`
	Version   int64              `json:"version" audit:"-"`
	CreatedAt time.Time          `json:"created_at" audit:"-"`
	UpdatedAt time.Time          `json:"updated_at" audit:"-"`
	DeletedAt *time.Time         `json:"deleted_at,omitempty" audit:"-"`
}

// CurrentVersion is what REST makes an ETag of.
func (k Capture) CurrentVersion() int64 { return k.Version }

// CaptureInput is something to be noted. Whoever was without a connection gives it
// an id of their own, so that sending it twice notes it once.
type CaptureInput struct {
	MeetingID MeetingID `json:"meeting_id"`
	ID        CaptureID `json:"id,omitempty" doc:"An id of your own (UUIDv7), so that sending it again changes nothing; made when absent."`
	ItemID    ItemID    `json:"item_id,omitempty"`
	Kind      string    `json:"kind,omitempty" enum:"note,decision,win,question" doc:"note when absent."`
	Text      string    `json:"text" required:"true" maxLength:"5000" text:"lines"`
}

// CapturePatch changes the fields that are given and leaves the others.
type CapturePatch struct {
	MeetingID MeetingID `json:"meeting_id"`
	ID        CaptureID `json:"id"`
	Version   int64     `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	ItemID    *ItemID   `json:"item_id,omitempty"`
	Kind      *string   `json:"kind,omitempty" enum:"note,decision,win,question"`
	Text      *string   `json:"text,omitempty" maxLength:"5000" text:"lines"`
}

// CaptureVersion names one version of something noted.
type CaptureVersion struct {
	MeetingID MeetingID `json:"meeting_id"`
	ID        CaptureID `json:"id"`
	Version   int64     `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
}

const captureText = `SELECT captures.id, captures.meeting_id, captures.item_id, captures.kind, captures.text, captures.by_person_id, captures.by_name, people.given_name, people.family_name,
	captures.version, captures.created_at, captures.updated_at, captures.deleted_at
	FROM captures LEFT JOIN people ON people.collaborative_id = $1 AND people.id = captures.by_person_id WHERE captures.collaborative_id = $1`

func scanCapture(row store.Row) (Capture, error) {
	var k Capture
	var name directory.Person
	var deleted time.Time
	err := row.Scan(&k.ID, &k.MeetingID, &k.ItemID, &k.Kind, &k.Text, &k.ByID, &k.By, store.ScanText(&name.GivenName), store.ScanText(&name.FamilyName),
		&k.Version, store.ScanTime(&k.CreatedAt), store.ScanTime(&k.UpdatedAt), store.ScanTime(&deleted))
	if !k.ByID.IsZero() {
		k.By = name.Name()
	}
	k.DeletedAt = operation.Instant(deleted)
	return k, err
}

func getCapture(c *operation.Call, i CaptureID) (Capture, error) {
	return store.One(c.Tx, scanCapture, captureText+` AND captures.id = $2`, i)
}

func updateCapture(c *operation.Call, _, k Capture) error {
	return operation.Changed(c.Tx.Exec(`UPDATE captures SET item_id = $3, kind = $4, text = $5, version = $6, updated_at = $7, deleted_at = $8 WHERE collaborative_id = $1 AND id = $2 AND version = $6 - 1`,
		k.ID, k.ItemID, k.Kind, k.Text, k.Version, store.Micros(k.UpdatedAt), operation.DeletedMicros(k.DeletedAt)))
}

// captures is the noun.
var captures = &operation.Noun[Capture, CaptureID]{Kind: CaptureKind, Area: "captures", Get: getCapture, Update: updateCapture,
	Head: func(k *Capture) operation.Head[CaptureID] {
		return operation.HeadOf(k.ID, &k.Version, &k.UpdatedAt, &k.DeletedAt)
	},
	Title: func(k Capture) string { return firstLine(k.Text) },
	At:    func(k Capture, version int64) any { return CaptureVersion{k.MeetingID, k.ID, version} }}

// ListCaptures lists what was noted in a meeting, in the order it was noted.
var ListCaptures = operation.Define(operation.Operation[MeetingPart, operation.Page[Capture]]{
	Definition: operation.Definition{ID: "captures.list", Summary: "Lists what was noted in a meeting", ReadOnly: true, Method: "GET", Path: "/meetings/{meeting_id}/captures"},
	About:      func(in MeetingPart) operation.Subject { return MeetingSubject(in.MeetingID) },
	Run: func(c *operation.Call, in MeetingPart) (operation.Page[Capture], error) {
		if _, err := meetings.Read(c, in.MeetingID); err != nil {
			return operation.Page[Capture]{}, err
		}
		all, err := store.Collect(c.Tx, scanCapture, captureText+` AND captures.meeting_id = $2 AND captures.deleted_at IS NULL ORDER BY captures.id`, in.MeetingID)
		return operation.Whole(all), err
	},
})

// maxCaptures bounds what is noted in one meeting.
const maxCaptures = 2000

// AddCapture notes something. What was noted under the same id already is answered
// as it is.
var AddCapture = operation.Define(operation.Operation[CaptureInput, Capture]{
	Definition: operation.Definition{ID: "captures.add", Summary: "Notes something in a meeting", Method: "POST", Path: "/meetings/{meeting_id}/captures"},
	About:      func(in CaptureInput) operation.Subject { return MeetingSubject(in.MeetingID) },
	Run: func(c *operation.Call, in CaptureInput) (Capture, error) {
		k := Capture{ID: in.ID, MeetingID: in.MeetingID, ItemID: in.ItemID, Kind: in.Kind, Text: in.Text, ByID: c.Actor.Person, By: c.Actor.Name, Version: 1, CreatedAt: c.Now, UpdatedAt: c.Now}
		if k.ID.IsZero() {
			k.ID = id.New[Capture]()
		} else {
			was, err := getCapture(c, k.ID)
			missing, err := operation.Gone(err, false)
			switch {
			case err != nil:
				return Capture{}, err
			case !missing && (was.MeetingID != in.MeetingID || was.ByID != c.Actor.Person):
				return Capture{}, operation.Missing()
			case !missing:
				c.Continue()
				return was, nil
			}
		}
		if k.Kind == "" {
			k.Kind = CaptureKinds[0]
		}
		if _, err := MeetingOf(c, in.MeetingID); err != nil {
			return k, err
		}
		if err := ofMeeting(c, in.MeetingID, in.ItemID); err != nil {
			return k, err
		}
		n, err := store.Value[int64](c.Tx, `SELECT COUNT(*) FROM captures WHERE collaborative_id = $1 AND meeting_id = $2`, in.MeetingID)
		if err != nil {
			return k, err
		}
		if n >= maxCaptures {
			return k, operation.InvalidField("text", "errors.too_many_items", map[string]any{"Maximum": maxCaptures})
		}
		alone := k.By
		if !k.ByID.IsZero() {
			alone = ""
		}
		if _, err := c.Tx.Exec(`INSERT INTO captures (collaborative_id, id, meeting_id, item_id, kind, text, by_person_id, by_name, version, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)`,
			k.ID, k.MeetingID, k.ItemID, k.Kind, k.Text, k.ByID, alone, k.Version, store.Micros(k.CreatedAt)); err != nil {
			return k, err
		}
		return captures.Added(c, k)
	},
})

// ofMeeting refuses an agenda item that is not the meeting's.
func ofMeeting(c *operation.Call, m MeetingID, i ItemID) error {
	if i.IsZero() {
		return nil
	}
	item, err := getItem(c, i)
	if missing, err := operation.Gone(err, item.DeletedAt != nil); err != nil {
		return err
	} else if missing || item.MeetingID != m {
		return operation.InvalidField("item_id", "errors.no_such_item")
	}
	return nil
}

// captureOf reads something noted about to be changed, of the meeting that was
// named.
func captureOf(c *operation.Call, m MeetingID, i CaptureID, version int64) (Capture, error) {
	if _, err := MeetingOf(c, m); err != nil {
		return Capture{}, err
	}
	before, err := captures.Live(c, i, version)
	return ownPart(before, before.MeetingID, m, err)
}

// EditCapture changes something noted.
var EditCapture = operation.Define(operation.Operation[CapturePatch, Capture]{
	Definition: operation.Definition{ID: "captures.edit", Summary: "Changes something noted in a meeting", Method: "PATCH", Path: "/meetings/{meeting_id}/captures/{id}"},
	About:      func(in CapturePatch) operation.Subject { return MeetingSubject(in.MeetingID) },
	Run: func(c *operation.Call, in CapturePatch) (Capture, error) {
		before, err := captureOf(c, in.MeetingID, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		after := before
		operation.Patch(&after, in)
		if after.Text == "" {
			return before, operation.InvalidField("text", "errors.required")
		}
		if after.ItemID != before.ItemID {
			if err := ofMeeting(c, in.MeetingID, after.ItemID); err != nil {
				return before, err
			}
		}
		return captures.Save(c, before, after, "captures.edit", func(after Capture) any {
			undo := CapturePatch{MeetingID: after.MeetingID, ID: after.ID, Version: after.Version}
			operation.Reverse(&undo, before, after)
			return undo
		})
	},
})

// TrashCapture takes something noted away.
var TrashCapture = operation.Define(operation.Operation[CaptureVersion, Capture]{
	Definition: operation.Definition{ID: "captures.trash", Summary: "Takes something noted in a meeting away", Method: "DELETE", Path: "/meetings/{meeting_id}/captures/{id}"},
	About:      func(in CaptureVersion) operation.Subject { return MeetingSubject(in.MeetingID) },
	Run: func(c *operation.Call, in CaptureVersion) (Capture, error) {
		if _, err := captureOf(c, in.MeetingID, in.ID, in.Version); err != nil {
			return Capture{}, err
		}
		return captures.Trash(c, in.ID, in.Version)
	},
})

// RestoreCapture brings something noted back.
var RestoreCapture = operation.Define(operation.Operation[CaptureVersion, Capture]{
	Definition: operation.Definition{ID: "captures.restore", Summary: "Brings something noted in a meeting back", Method: "POST", Path: "/meetings/{meeting_id}/captures/{id}/restore"},
	About:      func(in CaptureVersion) operation.Subject { return MeetingSubject(in.MeetingID) },
	Run: func(c *operation.Call, in CaptureVersion) (Capture, error) {
		k, err := getCapture(c, in.ID)
		if _, err := ownPart(k, k.MeetingID, in.MeetingID, err); err != nil {
			return Capture{}, err
		}
		return captures.Restore(c, in.ID, in.Version)
	},
})

// firstLine is the beginning of a text, for a title.
func firstLine(text string) string {
	for k, r := range text {
		if r == '\n' || k > 80 {
			return text[:k]
		}
	}
	return text
}
