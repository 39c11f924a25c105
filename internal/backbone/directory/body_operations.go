package directory

import (
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// BodyRef names a body and the day on which its seats are counted.
type BodyRef struct {
	ID   BodyID `json:"id"`
	AsOf string `json:"as_of,omitempty" format:"date" doc:"Its state and seats on this day; today when absent."`
}

// BodyVersion names one version of a body.
type BodyVersion struct {
	ID      BodyID `json:"id"`
	Version int64  `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
}

// bodies is the noun.
var bodies = &operation.Noun[Body, BodyID]{Kind: BodyKind, Area: "bodies", Get: getBody, Update: updateBody,
	Head: func(b *Body) operation.Head[BodyID] {
		return operation.HeadOf(b.ID, &b.Version, &b.UpdatedAt, &b.DeletedAt)
	},
	Title: func(b Body) string { return b.Name }}

// GetBody reads one body with its dated states, also from the trash.
var GetBody = operation.Define(operation.Operation[BodyRef, Body]{
	Definition: operation.Definition{ID: "bodies.get", Summary: "Reads one body", ReadOnly: true, Method: "GET", Path: "/bodies/{id}"},
	About:      func(in BodyRef) operation.Subject { return bodySubject(in.ID) },
	Run: func(c *operation.Call, in BodyRef) (Body, error) {
		b, err := bodies.Read(c, in.ID)
		if err != nil {
			return b, err
		}
		if b.History, err = periodsOf(c, b.ID); err != nil {
			return b, err
		}
		if in.AsOf != "" {
			b.State = valueOn(b.History, in.AsOf)
		}
		one := []Body{b}
		err = countSeats(c, one, or(in.AsOf, c.Today()))
		return one[0], err
	},
})

// CreateBody adds a body.
var CreateBody = operation.Define(operation.Operation[BodyInput, Body]{
	Definition: operation.Definition{ID: "bodies.create", Summary: "Adds a body", Method: "POST", Path: "/bodies"},
	Run: func(c *operation.Call, in BodyInput) (Body, error) {
		b := Body{ID: id.New[Body](), Name: in.Name, Kind: in.Kind, ParentID: in.ParentID, State: in.State, Purpose: in.Purpose, Charter: in.Charter,
			Quorum: in.Quorum, QuorumUnit: in.QuorumUnit, DecisionMethod: in.DecisionMethod, Cadence: in.Cadence,
			Version: 1, CreatedAt: c.Now, UpdatedAt: c.Now}
		b.tidy()
		if err := checkQuorum(b.Quorum, b.QuorumUnit); err != nil {
			return b, err
		}
		since, err := notAhead(c, in.Since)
		if err != nil {
			return b, err
		}
		if !b.ParentID.IsZero() {
			parent, err := liveBody(c, "parent_id", b.ParentID)
			if err != nil {
				return b, err
			}
			b.Parent = parent.Name
		}
		if err := insertBody(c, b); err != nil {
			return b, err
		}
		if err := hold(c, b.ID, StateFact, b.State, since); err != nil {
			return b, err
		}
		return bodies.Added(c, b)
	},
})

// EditBody changes the given fields of a body.
var EditBody = operation.Define(operation.Operation[BodyPatch, Body]{
	Definition: operation.Definition{ID: "bodies.edit", Summary: "Changes a body", Method: "PATCH", Path: "/bodies/{id}"},
	About:      func(in BodyPatch) operation.Subject { return bodySubject(in.ID) },
	Validate: func(in *BodyPatch, faults *operation.Faults) {
		if in.Name != nil && *in.Name == "" {
			faults.Add("name", "errors.required")
		}
	},
	Run: func(c *operation.Call, in BodyPatch) (Body, error) {
		before, err := bodies.Live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		if !c.Can("bodies.create") {
			// A chair keeps the group's own words current; what sort of body it
			// is and whom it reports to is the backbone's record.
			in.Name, in.Kind, in.ParentID, in.State, in.Quorum, in.QuorumUnit, in.DecisionMethod, in.Charter = nil, nil, nil, nil, nil, nil, nil, nil
		}
		after := before
		operation.Patch(&after, in)
		after.tidy()
		if err := checkQuorum(after.Quorum, after.QuorumUnit); err != nil {
			return before, err
		}
		if after.Parent, err = parentName(c, before, after); err != nil {
			return before, err
		}
		if before.State != after.State {
			since, err := notAhead(c, in.Since)
			if err == nil {
				err = hold(c, after.ID, StateFact, after.State, since)
			}
			if err != nil {
				return before, err
			}
		}
		return bodies.Save(c, before, after, "bodies.edit", func(after Body) any {
			undo := BodyPatch{ID: after.ID, Version: after.Version, Since: in.Since}
			operation.Reverse(&undo, before, after)
			return undo
		})
	},
})

// parentName checks a new parent: it must exist and must not stand below the
// body itself.
func parentName(c *operation.Call, before, after Body) (string, error) {
	if after.ParentID == before.ParentID {
		return before.Parent, nil
	}
	if after.ParentID.IsZero() {
		return "", nil
	}
	parent, err := liveBody(c, "parent_id", after.ParentID)
	if err != nil {
		return "", err
	}
	circle, err := reportsTo(c, after.ParentID, after.ID)
	if err == nil && circle {
		err = operation.InvalidField("parent_id", "errors.own_parent", map[string]any{"Name": after.Name})
	}
	return parent.Name, err
}

// TrashBody puts a body in the trash; its seats go out of sight with it.
var TrashBody = operation.Define(operation.Operation[BodyVersion, Body]{
	Definition: operation.Definition{ID: "bodies.trash", Summary: "Puts a body in the trash", Method: "DELETE", Path: "/bodies/{id}"},
	About:      func(in BodyVersion) operation.Subject { return bodySubject(in.ID) },
	Run:        func(c *operation.Call, in BodyVersion) (Body, error) { return bodies.Trash(c, in.ID, in.Version) },
})

// RestoreBody takes a body out of the trash.
var RestoreBody = operation.Define(operation.Operation[BodyVersion, Body]{
	Definition: operation.Definition{ID: "bodies.restore", Summary: "Takes a body out of the trash", Method: "POST", Path: "/bodies/{id}/restore"},
	About:      func(in BodyVersion) operation.Subject { return bodySubject(in.ID) },
	Run:        func(c *operation.Call, in BodyVersion) (Body, error) { return bodies.Restore(c, in.ID, in.Version) },
})

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
