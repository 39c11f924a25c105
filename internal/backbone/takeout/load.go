package takeout

import (
	"context"
	"errors"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/platform/archive"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// LoadInput is an opened archive. It comes from the command line, which has the
// file.
type LoadInput struct {
	Archive *archive.Archive `json:"-"`
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
			return Loaded{}, damaged(err)
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
			if out.Rows, err = archive.Load(c, in.Archive, s.cfg.Entities); err != nil {
				return out, damaged(err)
			}
			c.Changed(operation.Subject{Kind: collaborative.Kind, ID: out.ID}, out.Name, 1, nil, nil)
			return out, nil
		},
	})}
}

// damaged turns what is wrong with an archive into an answer.
func damaged(err error) error {
	var d *archive.Damage
	if errors.As(err, &d) {
		args := map[string]any{"File": d.File, "Line": d.Line}
		for name, value := range d.Args {
			args[name] = value
		}
		return &operation.Error{Kind: operation.Invalid, Key: d.Key, Args: args, Cause: err}
	}
	if errors.Is(err, store.ErrUnique) {
		return operation.Refuse(operation.Conflict, "takeout.is_here", map[string]any{"Slug": ""})
	}
	return err
}
