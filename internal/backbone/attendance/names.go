package attendance

import (
	"errors"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// RememberedName is whom a body's reports mean by a name.
type RememberedName struct {
	BodyID    directory.BodyID   `json:"body_id,omitempty" audit:"-" doc:"Absent for meetings of no body."`
	Name      string             `json:"name" doc:"As the report has it: iPhone (Brian Smith)."`
	PersonID  directory.PersonID `json:"person_id" audit:"-"`
	Person    string             `json:"person"`
	CreatedAt time.Time          `json:"created_at" audit:"-"`
}

// NameInput says whom a name means.
type NameInput struct {
	BodyID   directory.BodyID   `json:"body_id,omitempty" doc:"Whose reports; absent for meetings of no body."`
	Name     string             `json:"name" required:"true" maxLength:"200"`
	PersonID directory.PersonID `json:"person_id"`
}

// NameRef names a remembered name.
type NameRef struct {
	BodyID directory.BodyID `json:"body_id,omitempty"`
	Name   string           `json:"name" required:"true" maxLength:"200"`
}

// NamesInput asks for the names that are remembered of a body.
type NamesInput struct {
	BodyID directory.BodyID `json:"body_id,omitempty" doc:"Absent for meetings of no body."`
	After  string           `json:"after,omitempty" text:"raw" doc:"Cursor of the page."`
	Before string           `json:"before,omitempty" text:"raw"`
	Limit  int64            `json:"limit,omitempty" minimum:"0" maximum:"200" doc:"How many, 50 when absent."`
}

const nameColumns = `remembered_names.body_id, remembered_names.name, remembered_names.person_id, people.given_name, people.family_name, remembered_names.created_at`

const nameTables = ` FROM remembered_names JOIN people ON people.collaborative_id = $1 AND people.id = remembered_names.person_id WHERE remembered_names.collaborative_id = $1`

func scanName(row store.Row) (RememberedName, error) {
	var n RememberedName
	var p directory.Person
	err := row.Scan(&n.BodyID, &n.Name, &n.PersonID, &p.GivenName, &p.FamilyName, store.ScanTime(&n.CreatedAt))
	n.Person = p.Name()
	return n, err
}

// ListNames lists the names that are remembered.
var ListNames = operation.Define(operation.Operation[NamesInput, operation.Page[RememberedName]]{
	Definition: operation.Definition{ID: "attendance.names", Summary: "Lists whom the names in a body's reports mean", ReadOnly: true, Method: "GET", Path: "/remembered-names"},
	Run: func(c *operation.Call, in NamesInput) (operation.Page[RememberedName], error) {
		q := store.Select(`SELECT ` + nameColumns + nameTables)
		q.Where(`remembered_names.body_id = ?`, in.BodyID[:])
		page, err := operation.List(c.Tx, q, operation.Keyset{After: in.After, Before: in.Before, Limit: in.Limit, Columns: []string{"remembered_names.name_key"}, Types: "s"}, scanName,
			func(n RememberedName) []any { return []any{i18n.FoldKey(n.Name)} })
		page.Total = -1
		return page, err
	},
})

func nameOf(c *operation.Call, body directory.BodyID, name string) (RememberedName, bool, error) {
	n, err := store.One(c.Tx, scanName, `SELECT `+nameColumns+nameTables+` AND remembered_names.body_id = $2 AND remembered_names.name_key = $3`, body[:], i18n.FoldKey(name))
	if errors.Is(err, store.ErrNotFound) {
		return n, false, nil
	}
	return n, err == nil, err
}

// NameMeans is whom a name means in the reports of a body; zero when nobody said.
// It checks no permission: it is for operations that bring reports.
func NameMeans(c *operation.Call, body directory.BodyID, name string) (directory.PersonID, error) {
	n, _, err := nameOf(c, body, name)
	return n.PersonID, err
}

// SetName remembers whom a name means, for reports to come.
var SetName = operation.Define(operation.Operation[NameInput, RememberedName]{
	Definition: operation.Definition{ID: "attendance.set-name", Summary: "Remembers whom a name in a body's reports means", Method: "PUT", Path: "/remembered-names"},
	Run: func(c *operation.Call, in NameInput) (RememberedName, error) {
		after := RememberedName{BodyID: in.BodyID, Name: in.Name, PersonID: in.PersonID, CreatedAt: c.Now}
		if i18n.FoldKey(in.Name) == "" {
			return after, operation.InvalidField("name", "errors.required")
		}
		if !in.BodyID.IsZero() {
			if _, err := directory.GetBody.Within(c, directory.BodyRef{ID: in.BodyID}); operation.KindOf(operation.Translate(err)) == operation.NotFound {
				return after, operation.InvalidField("body_id", "errors.no_such_body")
			} else if err != nil {
				return after, err
			}
		}
		name, live, err := directory.PersonName(c, in.PersonID)
		if err != nil {
			return after, err
		}
		if !live {
			return after, operation.InvalidField("person_id", "errors.no_such_person")
		}
		after.Person = name
		before, known, err := nameOf(c, in.BodyID, in.Name)
		if err != nil {
			return after, err
		}
		if known && before.PersonID == in.PersonID {
			c.Continue()
			return before, nil
		}
		if _, err := c.Tx.Exec(`INSERT INTO remembered_names (collaborative_id, body_id, name_key, name, person_id, created_at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (collaborative_id, body_id, name_key) DO UPDATE SET name = excluded.name, person_id = excluded.person_id, created_at = excluded.created_at`,
			in.BodyID[:], i18n.FoldKey(in.Name), in.Name, in.PersonID, store.Micros(c.Now)); err != nil {
			return after, err
		}
		subject := operation.Subject{Kind: NameKind, ID: in.PersonID}
		if known {
			c.Changed(subject, in.Name, 1, before, after)
			c.UndoWith("attendance.set-name", NameInput{in.BodyID, before.Name, before.PersonID})
		} else {
			c.Changed(subject, in.Name, 1, nil, after)
			c.UndoWith("attendance.forget-name", NameRef{in.BodyID, in.Name})
		}
		return after, nil
	},
})

// ForgetName forgets whom a name means.
var ForgetName = operation.Define(operation.Operation[NameRef, operation.None]{
	Definition: operation.Definition{ID: "attendance.forget-name", Summary: "Forgets whom a name in a body's reports means", Method: "POST", Path: "/remembered-names/forget"},
	Run: func(c *operation.Call, in NameRef) (operation.None, error) {
		before, known, err := nameOf(c, in.BodyID, in.Name)
		if err == nil && !known {
			err = operation.Missing()
		}
		if err != nil {
			return operation.None{}, err
		}
		if _, err := c.Tx.Exec(`DELETE FROM remembered_names WHERE collaborative_id = $1 AND body_id = $2 AND name_key = $3`, in.BodyID[:], i18n.FoldKey(in.Name)); err != nil {
			return operation.None{}, err
		}
		c.Changed(operation.Subject{Kind: NameKind, ID: before.PersonID}, before.Name, 1, before, nil)
		c.UndoWith("attendance.set-name", NameInput{in.BodyID, before.Name, before.PersonID})
		return operation.None{}, nil
	},
})
