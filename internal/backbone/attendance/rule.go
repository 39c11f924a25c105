package attendance

import (
	"errors"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// PresenceRule says from which share of its meetings on being there counts in a body.
type PresenceRule struct {
	BodyID  directory.BodyID `json:"body_id" audit:"-"`
	Percent int64            `json:"percent" minimum:"0" maximum:"100" doc:"Share of a meeting's planned length in per cent; 0 when any time counts. Where nobody counted minutes, being there counts."`
}

// BodyRef names a body.
type BodyRef struct {
	BodyID directory.BodyID `json:"body_id"`
}

func bodySubject(i directory.BodyID) operation.Subject {
	return operation.Subject{Kind: directory.BodyKind, ID: i}
}

// percentOf is the rule of a body; 0 when it has none.
func percentOf(c *operation.Call, body directory.BodyID) (int64, error) {
	percent, err := store.Value[int64](c.Tx, `SELECT percent FROM presence_rules WHERE collaborative_id = $1 AND body_id = $2`, body)
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return percent, err
}

// GetRule reads the rule of a body.
var GetRule = operation.Define(operation.Operation[BodyRef, PresenceRule]{
	Definition: operation.Definition{ID: "attendance.rule", Summary: "Reads from which share of a meeting on being there counts in a body", ReadOnly: true, Method: "GET", Path: "/bodies/{body_id}/presence-rule"},
	About:      func(in BodyRef) operation.Subject { return bodySubject(in.BodyID) },
	Run: func(c *operation.Call, in BodyRef) (PresenceRule, error) {
		if _, err := directory.GetBody.Within(c, directory.BodyRef{ID: in.BodyID}); err != nil {
			return PresenceRule{}, err
		}
		percent, err := percentOf(c, in.BodyID)
		return PresenceRule{in.BodyID, percent}, err
	},
})

// SetRule sets the rule of a body. It holds for all its meetings, those that were
// held already among them: their figures are counted anew.
var SetRule = operation.Define(operation.Operation[PresenceRule, PresenceRule]{
	Definition: operation.Definition{ID: "attendance.set-rule", Summary: "Sets from which share of a meeting on being there counts in a body", Method: "PUT", Path: "/bodies/{body_id}/presence-rule"},
	About:      func(in PresenceRule) operation.Subject { return bodySubject(in.BodyID) },
	Run: func(c *operation.Call, in PresenceRule) (PresenceRule, error) {
		b, err := directory.GetBody.Within(c, directory.BodyRef{ID: in.BodyID})
		if err == nil && b.DeletedAt != nil {
			err = operation.Missing()
		}
		if err != nil {
			return PresenceRule{}, err
		}
		before, err := percentOf(c, in.BodyID)
		if err != nil || before == in.Percent {
			c.Continue()
			return in, err
		}
		if _, err := c.Tx.Exec(`INSERT INTO presence_rules (collaborative_id, body_id, percent, updated_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (collaborative_id, body_id) DO UPDATE SET percent = excluded.percent, updated_at = excluded.updated_at`, in.BodyID, in.Percent, store.Micros(c.Now)); err != nil {
			return in, err
		}
		c.Changed(operation.Subject{Kind: RuleKind, ID: in.BodyID}, b.Name, 1, PresenceRule{in.BodyID, before}, in)
		c.UndoWith("attendance.set-rule", PresenceRule{in.BodyID, before})
		return in, nil
	},
})
