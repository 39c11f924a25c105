package commitments

import (
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// noun is what all records have in common.
var noun = &operation.Noun[Commitment, ID]{Kind: Kind, Area: "commitments", Get: get, Update: update,
	Head: func(k *Commitment) operation.Head[ID] {
		return operation.HeadOf(k.ID, &k.Version, &k.UpdatedAt, &k.DeletedAt)
	},
	Title: Commitment.Title}

// Get reads one commitment, also from the trash.
var Get = operation.Define(operation.Operation[Ref, Commitment]{
	Definition: operation.Definition{ID: "commitments.get", Summary: "Reads one commitment", ReadOnly: true, Method: "GET", Path: "/commitments/{id}"},
	About:      func(in Ref) operation.Subject { return subject(in.ID) },
	Run:        func(c *operation.Call, in Ref) (Commitment, error) { return noun.Read(c, in.ID) },
})

// Create records a commitment. What others than the backbone pledge waits for the
// backbone to confirm it.
var Create = operation.Define(operation.Operation[Input, Commitment]{
	Definition: operation.Definition{ID: "commitments.create", Summary: "Records a commitment; what others than the backbone pledge waits for its confirmation", Method: "POST", Path: "/commitments"},
	About:      func(in Input) operation.Subject { return organizationSubject(in.OrganizationID) },
	Run: func(c *operation.Call, in Input) (Commitment, error) {
		k := Commitment{ID: id.New[Commitment](), Kind: in.Kind, OrganizationID: in.OrganizationID, PersonID: in.PersonID, Person: in.Person, Text: in.Text, Amount: in.Amount, Rate: in.Rate,
			Source: in.Source, Note: in.Note, PledgedOn: in.PledgedOn, BeginsOn: in.BeginsOn, EndsOn: in.EndsOn, State: Pledged, PledgedBy: c.Actor.Name, Version: 1, CreatedAt: c.Now, UpdatedAt: c.Now}
		if !in.Unconfirmed && c.Can(confirmOperation) {
			now := c.Now
			k.ConfirmedAt, k.ConfirmedBy = &now, c.Actor.Name
		}
		if err := settled(c, Commitment{}, &k); err != nil {
			return k, err
		}
		if err := insert(c, k); err != nil {
			return k, err
		}
		var err error
		if k.Currency, err = currency(c); err != nil {
			return k, err
		}
		return noun.Added(c, k)
	},
})

// settled names whose a commitment is, gives its days their defaults and checks its
// rules.
func settled(c *operation.Call, before Commitment, k *Commitment) error {
	var faults operation.Faults
	if k.OrganizationID.IsZero() {
		faults.Add("organization_id", "errors.required")
	} else if k.OrganizationID != before.OrganizationID {
		o, err := directory.GetOrganization.Within(c, directory.OrganizationRef{ID: k.OrganizationID})
		if missing, err := operation.Gone(err, o.DeletedAt != nil); err != nil {
			return err
		} else if missing {
			faults.Add("organization_id", "errors.no_such_organization")
		}
		k.Organization = o.Name
	}
	if err := namePerson(c, before.PersonID, before.Person, k.PersonID, &k.Person, &faults); err != nil {
		return err
	}
	fill(&k.PledgedOn, c.Today())
	fill(&k.BeginsOn, k.PledgedOn)
	fill(&k.EndsOn, k.BeginsOn[:4]+"-12-31")
	if k.PledgedOn > c.Today() {
		faults.Add("pledged_on", "errors.day_ahead")
	}
	switch {
	case k.EndsOn < k.BeginsOn:
		faults.Add("ends_on", "errors.ends_before_it_begins")
	case k.EndsOn > later(k.BeginsOn):
		faults.Add("ends_on", "errors.commitment_too_long", map[string]any{"Years": maxYears})
	}
	switch k.Kind {
	case LeadershipKind:
		if k.Text == "" {
			faults.Add("text", "errors.required")
		}
		if k.Amount != 0 {
			faults.Add("amount", "errors.leadership_amount")
		}
	default:
		if k.Amount == 0 {
			faults.Add("amount", "errors.required")
		}
	}
	if k.Rate != 0 && k.Kind != TimeKind {
		faults.Add("rate", "errors.rate_of_time")
	}
	if k.Rate != 0 && k.Amount > maxAmount/10000 {
		faults.Add("amount", "errors.too_large_number")
	}
	k.valued()
	k.State = k.derived()
	return faults.Err()
}

// later is the last day on which a period that begins on a day may end.
func later(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day // validated before
	}
	return t.AddDate(maxYears, 0, 0).Format(time.DateOnly)
}

func fill(text *string, otherwise string) {
	if *text == "" {
		*text = otherwise
	}
}

// namePerson names who gave the word, where they are on record.
func namePerson(c *operation.Call, was directory.PersonID, called string, now directory.PersonID, name *string, faults *operation.Faults) error {
	switch {
	case now.IsZero():
		return nil
	case now == was:
		*name = called
		return nil
	}
	p, err := directory.GetPerson.Within(c, directory.PersonRef{ID: now})
	if missing, err := operation.Gone(err, p.DeletedAt != nil); err != nil {
		return err
	} else if missing || !p.MergedInto.IsZero() {
		faults.Add("person_id", "errors.no_such_person")
	}
	*name = p.Name()
	return nil
}

// Edit changes the given fields of a commitment.
var Edit = operation.Define(operation.Operation[Patch, Commitment]{
	Definition: operation.Definition{ID: "commitments.edit", Summary: "Changes a commitment", Method: "PATCH", Path: "/commitments/{id}"},
	Run: func(c *operation.Call, in Patch) (Commitment, error) {
		before, err := noun.Live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		after := before
		operation.Patch(&after, in)
		if in.PersonID != nil && in.PersonID.IsZero() && in.Person == nil {
			after.Person = ""
		}
		if err := settled(c, before, &after); err != nil {
			return before, err
		}
		return noun.Save(c, before, after, "commitments.edit", func(after Commitment) any { return reverse(before, after) })
	},
})

// reverse is the patch that takes a change back.
func reverse(before, after Commitment) Patch {
	undo := Patch{ID: after.ID, Version: after.Version}
	operation.Reverse(&undo, before, after)
	return undo
}

// ConfirmInput confirms a commitment, or takes that back.
type ConfirmInput struct {
	ID      ID    `json:"id"`
	Version int64 `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	Back    bool  `json:"take_back,omitempty" doc:"Let it wait for confirmation again."`
}

// Confirm says that a pledge is taken for one, so that it counts.
var Confirm = operation.Define(operation.Operation[ConfirmInput, Commitment]{
	Definition: operation.Definition{ID: "commitments.confirm", Summary: "Confirms a pledge, so that it counts", Method: "POST", Path: "/commitments/{id}/confirm"},
	Run: func(c *operation.Call, in ConfirmInput) (Commitment, error) {
		before, err := noun.Live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		after, now := before, c.Now
		after.ConfirmedAt, after.ConfirmedBy = &now, c.Actor.Name
		if in.Back {
			after.ConfirmedAt, after.ConfirmedBy = nil, ""
		}
		return noun.Save(c, before, after, confirmOperation, func(after Commitment) any {
			return ConfirmInput{ID: after.ID, Version: after.Version, Back: before.ConfirmedAt == nil}
		})
	},
})

// SettleInput says how a commitment ended.
type SettleInput struct {
	ID      ID     `json:"id"`
	Version int64  `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	State   string `json:"state" required:"true" enum:"pledged,fulfilled,withdrawn" doc:"pledged takes back what was said; the deliveries alone decide again."`
	On      string `json:"on,omitempty" format:"date" doc:"The day; today when absent."`
	Reason  string `json:"reason,omitempty" maxLength:"500" text:"lines" doc:"Why it is withdrawn."`
}

// Settle says that a commitment is fulfilled, whatever was delivered, or withdrawn,
// or neither.
var Settle = operation.Define(operation.Operation[SettleInput, Commitment]{
	Definition: operation.Definition{ID: "commitments.settle", Summary: "Says that a commitment is fulfilled or withdrawn, or takes that back", Method: "POST", Path: "/commitments/{id}/state"},
	Run: func(c *operation.Call, in SettleInput) (Commitment, error) {
		before, err := noun.Live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		fill(&in.On, c.Today())
		var faults operation.Faults
		switch {
		case in.On > c.Today():
			faults.Add("on", "errors.day_ahead")
		case in.State != Pledged && in.On < before.PledgedOn:
			faults.Add("on", "errors.before_agreed", map[string]any{"Date": before.PledgedOn})
		case in.State == Withdrawn && in.Reason == "":
			faults.Add("reason", "errors.required")
		}
		if err := faults.Err(); err != nil {
			return before, err
		}
		after := before
		after.FulfilledOn, after.WithdrawnOn, after.Reason = "", "", ""
		switch in.State {
		case Fulfilled:
			after.FulfilledOn = in.On
		case Withdrawn:
			after.WithdrawnOn, after.Reason = in.On, in.Reason
		}
		after.State = after.derived()
		return noun.Save(c, before, after, "commitments.settle", func(after Commitment) any {
			undo := SettleInput{ID: after.ID, Version: after.Version, State: Pledged}
			switch {
			case before.WithdrawnOn != "":
				undo.State, undo.On, undo.Reason = Withdrawn, before.WithdrawnOn, before.Reason
			case before.FulfilledOn != "":
				undo.State, undo.On = Fulfilled, before.FulfilledOn
			}
			return undo
		})
	},
})

// Trash puts a commitment in the trash: for one that was entered by mistake.
var Trash = operation.Define(operation.Operation[AtVersion, Commitment]{
	Definition: operation.Definition{ID: "commitments.trash", Summary: "Puts a commitment in the trash", Method: "DELETE", Path: "/commitments/{id}"},
	Run:        func(c *operation.Call, in AtVersion) (Commitment, error) { return noun.Trash(c, in.ID, in.Version) },
})

// Restore takes a commitment out of the trash.
var Restore = operation.Define(operation.Operation[AtVersion, Commitment]{
	Definition: operation.Definition{ID: "commitments.restore", Summary: "Takes a commitment out of the trash", Method: "POST", Path: "/commitments/{id}/restore"},
	Run:        func(c *operation.Call, in AtVersion) (Commitment, error) { return noun.Restore(c, in.ID, in.Version) },
})
