package takeout

import (
	"errors"
	"strconv"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

const (
	beginID    = "takeouts.begin"
	seePrivate = directory.SeePrivate
	// LeastPassphrase is the shortest passphrase, in characters: an archive can be
	// attacked for as long as somebody likes.
	LeastPassphrase = 12
)

// BeginInput says what a takeout is to hold.
type BeginInput struct {
	IncludePrivate bool   `json:"include_private,omitempty" doc:"Also what people told in confidence; needs the right to see it."`
	IncludeHistory bool   `json:"include_history,omitempty" doc:"Also the audit log."`
	Passphrase     string `json:"passphrase,omitempty" text:"raw" maxLength:"200" doc:"Encrypts the file, in the age format. It is kept nowhere: without it the file cannot be opened."`
}

// checkPassphrase refuses one that is too short to protect anything.
func checkPassphrase(passphrase string, faults *operation.Faults) {
	if n := len([]rune(passphrase)); n > 0 && n < LeastPassphrase {
		faults.Add("passphrase", "takeout.passphrase_short", map[string]any{"Least": LeastPassphrase})
	}
}

// mayChoose refuses private fields to those who may not see them.
func mayChoose(c *operation.Call, private bool) error {
	if private && !c.Can(seePrivate) {
		return operation.Refuse(operation.Forbidden, "errors.forbidden")
	}
	return nil
}

// needsProof is why operations marked Fresh have no place in REST.
const needsProof = "it asks for a fresh proof of identity, which a token cannot give"

// mostOpen is how many takeouts may be under way at once.
const mostOpen = 3

func (s *Service) begin() *operation.Operation[BeginInput, Takeout] {
	return operation.Define(operation.Operation[BeginInput, Takeout]{
		Definition: operation.Definition{ID: beginID, Summary: "Begins a takeout: one file with everything the collaborative has recorded", Fresh: true, Secret: true, BrowserOnly: needsProof},
		Validate:   func(in *BeginInput, faults *operation.Faults) { checkPassphrase(in.Passphrase, faults) },
		Limit:      func(BeginInput) string { return directory.ExportLimit },
		Run: func(c *operation.Call, in BeginInput) (Takeout, error) {
			if err := mayChoose(c, in.IncludePrivate); err != nil {
				return Takeout{}, err
			}
			open, err := store.Value[int64](c.Tx, `SELECT COUNT(*) FROM takeouts WHERE collaborative_id = $1 AND finished_at IS NULL`)
			if err != nil {
				return Takeout{}, err
			}
			if open >= mostOpen {
				return Takeout{}, operation.Refuse(operation.Conflict, "takeout.enough_open")
			}
			t := Takeout{ID: id.New[Takeout](), State: Waiting, AskedBy: c.Actor.Name, IncludePrivate: in.IncludePrivate, IncludeHistory: in.IncludeHistory,
				Locked: in.Passphrase != "", AskedAt: c.Now}
			if err := insert(c.Tx, t, c.Actor.Account); err != nil {
				return t, err
			}
			c.Enqueue(operation.Later{Kind: MakeKind, Payload: making{t.ID, in.Passphrase}})
			c.Changed(operation.Subject{Kind: Kind, ID: t.ID}, "", 0, nil, recorded{in.IncludePrivate, in.IncludeHistory, t.Locked})
			return t, nil
		},
	})
}

// recorded is what the audit log tells of a takeout.
type recorded struct {
	IncludePrivate bool `json:"include_private"`
	IncludeHistory bool `json:"include_history"`
	Locked         bool `json:"locked"`
}

// ListInput chooses a page.
type ListInput struct {
	After  string `json:"after,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the page."`
	Before string `json:"before,omitempty" text:"raw" maxLength:"2000"`
	Limit  int64  `json:"limit,omitempty" minimum:"0" maximum:"200" doc:"How many, 50 when absent."`
}

func (s *Service) list() *operation.Operation[ListInput, operation.Page[Takeout]] {
	return operation.Define(operation.Operation[ListInput, operation.Page[Takeout]]{
		Definition: operation.Definition{ID: "takeouts.list", Summary: "Lists the takeouts that are there or under way, newest first", ReadOnly: true, Method: "GET", Path: "/takeouts"},
		Run: func(c *operation.Call, in ListInput) (operation.Page[Takeout], error) {
			page, err := operation.List(c.Tx, store.Select(`SELECT `+columns+` FROM takeouts WHERE collaborative_id = $1`),
				operation.Keyset{After: in.After, Before: in.Before, Limit: in.Limit, Descending: true, Columns: []string{"id"}, Types: "b"},
				scan, func(t Takeout) []any { return []any{t.ID[:]} })
			page.Total = -1
			return page, err
		},
	})
}

// Ref names a takeout.
type Ref struct {
	ID ID `json:"id"`
}

func (s *Service) get() *operation.Operation[Ref, Takeout] {
	return operation.Define(operation.Operation[Ref, Takeout]{
		Definition: operation.Definition{ID: "takeouts.get", Summary: "Reads how far a takeout has come", ReadOnly: true, Method: "GET", Path: "/takeouts/{id}"},
		Run:        func(c *operation.Call, in Ref) (Takeout, error) { return read(c.Tx, in.ID) },
	})
}

// DownloadInput names a takeout and where to go on.
type DownloadInput struct {
	ID    ID     `json:"id"`
	After string `json:"after,omitempty" text:"raw" maxLength:"2000" doc:"Where to go on, from the part before."`
}

// Part is a piece of a takeout.
type Part struct {
	Number  int64  `json:"number"`
	Content []byte `json:"content" doc:"The next bytes of the file, in base64."`
}

func (s *Service) download() *operation.Operation[DownloadInput, operation.Page[Part]] {
	return operation.Define(operation.Operation[DownloadInput, operation.Page[Part]]{
		Definition: operation.Definition{ID: "takeouts.download", Summary: "Reads a finished takeout, half a megabyte at a time", ReadOnly: true, Sensitive: true, Method: "POST", Path: "/takeouts/{id}/download"},
		Limit:      func(in DownloadInput) string { return directory.CountDownload(in.After) },
		Run: func(c *operation.Call, in DownloadInput) (operation.Page[Part], error) {
			return directory.TakeAway(c, in.After, func(after string, _ int64) (operation.Page[Part], error) {
				page := operation.Page[Part]{Items: []Part{}, Total: -1}
				t, err := read(c.Tx, in.ID)
				switch {
				case err != nil:
					return page, err
				case t.State != Done:
					return page, operation.Refuse(operation.Conflict, "takeout.not_done")
				case t.IncludePrivate:
					if err := mayChoose(c, true); err != nil {
						return page, err
					}
				}
				number, err := strconv.ParseInt("0"+after, 10, 64)
				if err != nil {
					return page, operation.InvalidField("after", "errors.bad_cursor")
				}
				part, err := store.One(c.Tx, func(row store.Row) (p Part, err error) { return p, row.Scan(&p.Number, &p.Content) },
					`SELECT number, content FROM takeout_parts WHERE collaborative_id = $1 AND takeout_id = $2 AND number = $3`, in.ID, number)
				if err != nil {
					return page, err
				}
				page.Items = append(page.Items, part)
				if (number+1)*partSize < t.Bytes {
					page.Next = strconv.FormatInt(number+1, 10)
				}
				c.Changed(operation.Subject{Kind: Kind, ID: t.ID}, "", 0, nil, recorded{t.IncludePrivate, t.IncludeHistory, t.Locked})
				return page, nil
			})
		},
	})
}

func (s *Service) remove() *operation.Operation[Ref, operation.None] {
	return operation.Define(operation.Operation[Ref, operation.None]{
		Definition: operation.Definition{ID: "takeouts.delete", Summary: "Deletes a takeout, or stops one that is being made", Method: "DELETE", Path: "/takeouts/{id}"},
		Run: func(c *operation.Call, in Ref) (operation.None, error) {
			found, err := drop(c.Tx, in.ID)
			if err == nil && !found {
				err = operation.Missing()
			}
			c.Changed(operation.Subject{Kind: Kind, ID: in.ID}, "", 0, nil, nil)
			return operation.None{}, err
		},
	})
}

// ExportInput says what the command line writes to a file.
type ExportInput struct {
	IncludePrivate bool `json:"include_private,omitempty"`
	Locked         bool `json:"locked,omitempty"`
}

// export leaves the mark in the audit log that an archive was written by the
// command line, which has the installation's files anyway.
func (s *Service) export() *operation.Operation[ExportInput, operation.None] {
	return operation.Define(operation.Operation[ExportInput, operation.None]{
		Definition: operation.Definition{ID: "takeouts.export", Summary: "Notes that the command line writes everything to a file", BrowserOnly: "for the command line, which writes the file itself"},
		Run: func(c *operation.Call, in ExportInput) (operation.None, error) {
			if c.Actor.Via != operation.ViaSystem {
				return operation.None{}, errors.New("takeout: only the command line exports to a file")
			}
			c.Changed(operation.Subject{}, "", 0, nil, recorded{in.IncludePrivate, true, in.Locked})
			return operation.None{}, nil
		},
	})
}
