package commitments

import (
	"commontable/internal/backbone/convening"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// deliveries is the noun.
var deliveries = &operation.Noun[Delivery, DeliveryID]{Kind: DeliveryKind, Area: "deliveries", Get: getDelivery, Update: updateDelivery,
	Head: func(d *Delivery) operation.Head[DeliveryID] {
		return operation.HeadOf(d.ID, &d.Version, &d.UpdatedAt, &d.DeletedAt)
	},
	Title: func(d Delivery) string { return d.Commitment },
	At:    func(d Delivery, version int64) any { return DeliveryVersion{d.CommitmentID, d.ID, version} }}

// ListDeliveries lists what was given towards a commitment, by day.
var ListDeliveries = operation.Define(operation.Operation[CommitmentPart, operation.Page[Delivery]]{
	Definition: operation.Definition{ID: "deliveries.list", Summary: "Lists what was given towards a commitment", ReadOnly: true, Method: "GET", Path: "/commitments/{commitment_id}/deliveries"},
	About:      func(in CommitmentPart) operation.Subject { return subject(in.CommitmentID) },
	Run: func(c *operation.Call, in CommitmentPart) (operation.Page[Delivery], error) {
		if _, err := noun.Read(c, in.CommitmentID); err != nil {
			return operation.Page[Delivery]{}, err
		}
		all, err := store.Collect(c.Tx, scanDelivery, deliveryText+` AND deliveries.commitment_id = $2 AND deliveries.deleted_at IS NULL ORDER BY deliveries.delivered_on, deliveries.id`, in.CommitmentID)
		return operation.Page[Delivery]{Items: append([]Delivery{}, all...), Total: int64(len(all))}, err
	},
})

// maxDeliveries bounds what is kept of one commitment.
const maxDeliveries = 2000

// AddDelivery records something that was given. What others than the backbone enter
// waits for its confirmation.
var AddDelivery = operation.Define(operation.Operation[DeliveryInput, Delivery]{
	Definition: operation.Definition{ID: "deliveries.add", Summary: "Records something that was given; what others than the backbone enter waits for its confirmation", Method: "POST", Path: "/commitments/{commitment_id}/deliveries"},
	About:      func(in DeliveryInput) operation.Subject { return subject(in.CommitmentID) },
	Run: func(c *operation.Call, in DeliveryInput) (Delivery, error) {
		d := Delivery{ID: id.New[Delivery](), CommitmentID: in.CommitmentID, On: in.On, Amount: in.Amount, Evidence: in.Evidence, Source: in.Source, MeetingID: in.MeetingID,
			EnteredBy: c.Actor.Name, Version: 1, CreatedAt: c.Now, UpdatedAt: c.Now}
		fill(&d.Source, Typed)
		backbone := c.Can("deliveries.edit")
		if !backbone && (d.Source != Typed || !d.MeetingID.IsZero()) {
			return d, operation.Refuse(operation.Forbidden, "errors.forbidden")
		}
		if backbone && !in.Unconfirmed {
			now := c.Now
			d.ConfirmedAt, d.ConfirmedBy = &now, c.Actor.Name
		}
		k, err := open(c, in.CommitmentID)
		if err != nil {
			return d, err
		}
		d.Commitment, d.kind = k.Text, k.Kind
		if !d.MeetingID.IsZero() {
			m, err := convening.GetMeeting.Within(c, convening.MeetingRef{ID: d.MeetingID})
			if missing, err := operation.Gone(err, m.DeletedAt != nil); err != nil {
				return d, err
			} else if missing {
				return d, operation.InvalidField("meeting_id", "errors.no_such_meeting")
			}
			d.Meeting = m.Title
			fill(&d.On, m.On)
		}
		fill(&d.On, c.Today())
		if err := d.check(c); err != nil {
			return d, err
		}
		n, err := store.Value[int64](c.Tx, `SELECT COUNT(*) FROM deliveries WHERE collaborative_id = $1 AND commitment_id = $2`, in.CommitmentID)
		if err != nil {
			return d, err
		}
		if n >= maxDeliveries {
			return d, operation.InvalidField("amount", "errors.too_many_items", map[string]any{"Maximum": maxDeliveries})
		}
		if _, err := c.Tx.Exec(`INSERT INTO deliveries (collaborative_id, id, commitment_id, delivered_on, amount, evidence, source, meeting_id, entered_by, confirmed_at, confirmed_by, version, created_at, updated_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)`,
			d.ID, d.CommitmentID, d.On, d.Amount, d.Evidence, d.Source, d.MeetingID, d.EnteredBy, operation.DeletedMicros(d.ConfirmedAt), d.ConfirmedBy, d.Version, store.Micros(d.CreatedAt)); err != nil {
			return d, err
		}
		if err := recount(c, d.CommitmentID); err != nil {
			return d, err
		}
		return deliveries.Added(c, d)
	},
})

// open reads a commitment towards which something may be given.
func open(c *operation.Call, i ID) (Commitment, error) {
	k, err := get(c, i)
	if err == nil && k.DeletedAt != nil {
		err = operation.Missing()
	}
	return k, err
}

func (d Delivery) check(c *operation.Call) error {
	var faults operation.Faults
	if d.On > c.Today() {
		faults.Add("on", "errors.day_ahead")
	}
	switch {
	case d.kind == LeadershipKind && d.Amount != 0:
		faults.Add("amount", "errors.leadership_amount")
	case d.kind == LeadershipKind && d.Evidence == "":
		faults.Add("evidence", "errors.required")
	case d.kind != LeadershipKind && d.Amount == 0:
		faults.Add("amount", "errors.required")
	}
	return faults.Err()
}

// deliveryOf reads a delivery about to be changed, of the commitment that was named.
func deliveryOf(c *operation.Call, k ID, i DeliveryID, version int64) (Delivery, error) {
	if _, err := open(c, k); err != nil {
		return Delivery{}, err
	}
	before, err := deliveries.Live(c, i, version)
	if before.CommitmentID != k {
		return Delivery{}, operation.Missing()
	}
	return before, err
}

// EditDelivery changes a delivery.
var EditDelivery = operation.Define(operation.Operation[DeliveryPatch, Delivery]{
	Definition: operation.Definition{ID: "deliveries.edit", Summary: "Changes something that was given", Method: "PATCH", Path: "/commitments/{commitment_id}/deliveries/{id}"},
	Run: func(c *operation.Call, in DeliveryPatch) (Delivery, error) {
		before, err := deliveryOf(c, in.CommitmentID, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		after := before
		operation.Patch(&after, in)
		fill(&after.On, before.On)
		if err := after.check(c); err != nil {
			return before, err
		}
		return deliveries.Save(c, before, after, "deliveries.edit", func(after Delivery) any {
			undo := DeliveryPatch{CommitmentID: after.CommitmentID, ID: after.ID, Version: after.Version}
			operation.Reverse(&undo, before, after)
			return undo
		})
	},
})

// ConfirmDeliveryInput confirms a delivery, or takes that back.
type ConfirmDeliveryInput struct {
	CommitmentID ID         `json:"commitment_id"`
	ID           DeliveryID `json:"id"`
	Version      int64      `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	Amount       *int64     `json:"amount,omitempty" minimum:"0" maximum:"1000000000000" doc:"What it really was."`
	Back         bool       `json:"take_back,omitempty" doc:"Let it wait for confirmation again."`
}

// ConfirmDelivery says that something was given, so that it counts. The backbone
// confirms what an organization entered; the organization confirms what was offered
// from a meeting.
var ConfirmDelivery = operation.Define(operation.Operation[ConfirmDeliveryInput, Delivery]{
	Definition: operation.Definition{ID: "deliveries.confirm", Summary: "Confirms something that was given, so that it counts", Method: "POST", Path: "/commitments/{commitment_id}/deliveries/{id}/confirm"},
	About:      func(in ConfirmDeliveryInput) operation.Subject { return subject(in.CommitmentID) },
	Run: func(c *operation.Call, in ConfirmDeliveryInput) (Delivery, error) {
		before, err := deliveryOf(c, in.CommitmentID, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		if !c.Can("deliveries.edit") && before.Source != FromMeeting {
			return before, operation.Refuse(operation.Forbidden, "errors.forbidden") // nobody confirms what they entered themselves
		}
		after, now := before, c.Now
		if in.Amount != nil {
			after.Amount = *in.Amount
		}
		after.ConfirmedAt, after.ConfirmedBy = &now, c.Actor.Name
		if in.Back {
			after.ConfirmedAt, after.ConfirmedBy = nil, ""
		} else if err := after.check(c); err != nil {
			return before, err
		}
		return deliveries.Save(c, before, after, "deliveries.confirm", func(after Delivery) any {
			return ConfirmDeliveryInput{CommitmentID: after.CommitmentID, ID: after.ID, Version: after.Version, Amount: &before.Amount, Back: before.ConfirmedAt == nil}
		})
	},
})

// TrashDelivery takes a delivery away.
var TrashDelivery = operation.Define(operation.Operation[DeliveryVersion, Delivery]{
	Definition: operation.Definition{ID: "deliveries.trash", Summary: "Takes something that was given away", Method: "DELETE", Path: "/commitments/{commitment_id}/deliveries/{id}"},
	Run: func(c *operation.Call, in DeliveryVersion) (Delivery, error) {
		if _, err := deliveryOf(c, in.CommitmentID, in.ID, in.Version); err != nil {
			return Delivery{}, err
		}
		return deliveries.Trash(c, in.ID, in.Version)
	},
})

// RestoreDelivery brings a delivery back.
var RestoreDelivery = operation.Define(operation.Operation[DeliveryVersion, Delivery]{
	Definition: operation.Definition{ID: "deliveries.restore", Summary: "Brings something that was given back", Method: "POST", Path: "/commitments/{commitment_id}/deliveries/{id}/restore"},
	Run: func(c *operation.Call, in DeliveryVersion) (Delivery, error) {
		if d, err := getDelivery(c, in.ID); err != nil || d.CommitmentID != in.CommitmentID {
			return Delivery{}, operation.Missing()
		}
		return deliveries.Restore(c, in.ID, in.Version)
	},
})
