package takeout

import (
	"context"
	"errors"
	"io"
	"strings"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/access"
	"commontable/internal/platform/archive"
	"commontable/internal/platform/files"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// LoadInput is an opened archive. It comes from the command line, which has the
// file.
type LoadInput struct {
	Archive *archive.Archive `json:"-"`
	// Director is the address of an account that is to be its backbone director:
	// without one nobody can open what was brought.
	Director string `json:"director,omitempty" maxLength:"254" format:"email"`
}

// Loaded is what an archive brought.
type Loaded struct {
	ID      operation.CollaborativeID `json:"id"`
	Slug    string                    `json:"slug"`
	Name    string                    `json:"name"`
	Rows    map[string]int64          `json:"rows" doc:"How many records of each kind."`
	Unknown []string                  `json:"unknown,omitempty" doc:"Files of the archive that this program does not know and left alone."`
}

// loading runs inside the collaborative that it brings: its transaction is scoped
// to the id in the archive, so that the collaborative and everything in it come
// into being together or not at all.
type loading struct {
	*operation.Operation[LoadInput, Loaded]
}

// Describe places the operation on the installation.
func (o loading) Describe() operation.Definition {
	d := o.Definition
	d.Scope = operation.OnInstallation
	return d
}

// Do loads an archive.
func (o loading) Do(ctx context.Context, door *operation.Door, in LoadInput) (Loaded, error) {
	where := operation.Collaborative{ID: operation.NewCollaborativeID()}
	if in.Archive != nil {
		var err error
		if where, err = collaborative.CarriedIn(in.Archive); err != nil {
			return Loaded{}, Damaged(err)
		}
	}
	return o.Operation.Do(operation.WithCollaborative(ctx, where), door, in)
}

// DoAny is Do on a *LoadInput.
func (o loading) DoAny(ctx context.Context, door *operation.Door, in any) (any, error) {
	return o.Do(ctx, door, *in.(*LoadInput))
}

// load brings a collaborative from another installation, with its ids. One that
// is here already is refused: two states of it cannot become one.
func (s *Service) load() loading {
	return loading{operation.Define(operation.Operation[LoadInput, Loaded]{
		Definition: operation.Definition{ID: "takeouts.load", Summary: "Brings a collaborative from a takeout of another installation", Secret: true, BrowserOnly: "for the command line, which has the file"},
		Run: func(c *operation.Call, in LoadInput) (Loaded, error) {
			out := Loaded{ID: c.Collaborative.ID, Slug: c.Collaborative.Slug, Name: c.Collaborative.Name}
			if in.Archive == nil {
				return out, operation.Refuse(operation.Invalid, "takeout.no_archive")
			}
			taken, err := collaborative.Taken(c, out.ID, out.Slug)
			if err != nil {
				return out, err
			}
			if taken {
				return out, operation.Refuse(operation.Conflict, "takeout.is_here", map[string]any{"Slug": out.Slug})
			}
			out.Unknown = in.Archive.Unknown(s.cfg.Entities)
			if out.Rows, err = archive.Load(c, in.Archive, s.cfg.Entities, s.keep(c)); err != nil {
				return out, Damaged(err)
			}
			c.Changed(operation.Subject{Kind: collaborative.Kind, ID: out.ID}, out.Name, 1, nil, nil)
			if in.Director != "" {
				return out, direct(c, in.Director)
			}
			return out, nil
		},
	})}
}

// keep keeps the bytes that an archive brings. Those of a load that fails are swept
// like everything that no record names.
func (s *Service) keep(c *operation.Call) func(in io.Reader, most int64) ([32]byte, error) {
	return func(in io.Reader, most int64) ([32]byte, error) {
		kept, err := s.cfg.Files.Put(c.Context(), files.Place(c.Collaborative.ID), in, most)
		return kept.Hash, err
	}
}

// direct makes an account the director, as the person it was or is by its address.
func direct(c *operation.Call, email string) error {
	account, err := access.FindAccount(c.Installation, email)
	if errors.Is(err, store.ErrNotFound) {
		return operation.InvalidField("director", "takeout.no_account")
	}
	if err != nil {
		return err
	}
	person, err := access.CarriedPerson(c, email)
	if err != nil {
		return err
	}
	if person.IsZero() {
		if person, err = directory.PersonWithEmail(c, email); err != nil {
			return err
		}
	}
	if person.IsZero() {
		given, family, _ := strings.Cut(account.Name, " ")
		p, err := directory.CreatePerson.Within(c, directory.PersonInput{GivenName: given, FamilyName: family, Email: account.Email})
		if err != nil {
			return err
		}
		person = p.ID
	}
	return access.Grant(c.Installation, c.Now, access.Membership{Account: account.ID, Collaborative: c.Collaborative.ID, Person: person, Roles: []operation.Role{operation.Director}})
}

// Damaged turns what is wrong with an archive into an answer.
func Damaged(err error) error {
	var d *archive.Damage
	if errors.As(err, &d) {
		args := map[string]any{"File": d.File, "Line": d.Line}
		for name, value := range d.Args {
			args[name] = value
		}
		e := &operation.Error{Kind: operation.Invalid, Key: d.Key, Args: args, Cause: err}
		if d.Fault.Key != "" {
			e.Faults = []operation.Fault{d.Fault}
		}
		return e
	}
	if errors.Is(err, store.ErrUnique) {
		return operation.Refuse(operation.Conflict, "takeout.is_here", map[string]any{"Slug": ""})
	}
	return err
}
