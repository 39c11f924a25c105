package actions

import (
	"commontable/internal/backbone/convening"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// SettleInput says what became of an action.
type SettleInput struct {
	ID      ID     `json:"id"`
	Version int64  `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	State   string `json:"state" required:"true" enum:"open,done,dropped,carried" doc:"open opens it again."`
	On      string `json:"on,omitempty" format:"date" doc:"The day it was done, dropped or carried over; today when absent."`
	Reason  string `json:"reason,omitempty" maxLength:"500" text:"lines" doc:"Why it is dropped."`
	// DueOn and MeetingID say where to it is carried.
	DueOn     string              `json:"due_on,omitempty" format:"date" doc:"The later day it is carried to."`
	MeetingID convening.MeetingID `json:"meeting_id,omitempty" doc:"The later meeting it is carried to, whose day it gets unless another is given."`
}

// Settle says what became of an action: it is done, given up with a reason, or
// carried to a later day or meeting, where another action goes on with it; or it is
// open again.
var Settle = operation.Define(operation.Operation[SettleInput, Action]{
	Definition: operation.Definition{ID: "actions.settle", Summary: "Says that an action item is done, dropped or carried over, or opens it again", Method: "POST", Path: "/actions/{id}/state"},
	About:      func(in SettleInput) operation.Subject { return wordSubject(in.ID) },
	Run:        settle,
})

func settle(c *operation.Call, in SettleInput) (Action, error) {
	now, err := get(c, in.ID)
	if err != nil {
		return now, err
	}
	if now.DeletedAt == nil && now.State == in.State && in.State != CarriedOver {
		c.Continue() // two who say the same agree, and a button pressed twice is pressed once
		return now.visibleTo(c), nil
	}
	before, err := noun.Live(c, in.ID, in.Version)
	if err != nil {
		return before, err
	}
	if in.On == "" {
		in.On = c.Today()
	}
	var faults operation.Faults
	switch {
	case in.State != Open && before.State != Open:
		faults.Add("state", "errors.action_settled", map[string]any{"State": before.State})
	case in.On > c.Today():
		faults.Add("on", "errors.day_ahead")
	case in.On < before.AgreedOn && in.State != Open:
		faults.Add("on", "errors.before_agreed", map[string]any{"Date": before.AgreedOn})
	case in.State == Dropped && in.Reason == "":
		faults.Add("reason", "errors.required")
	}
	if err := faults.Err(); err != nil {
		return before, err
	}
	var next Action // where it was carried to before
	if before.State == CarriedOver {
		if next, err = get(c, before.CarriedTo); operation.IgnoreMissing(err) != nil {
			return before, err
		}
	}
	after, at := before, c.Now
	after.State, after.EndedOn, after.EndedAt, after.EndedBy, after.Reason = in.State, in.On, &at, c.Actor.Name, ""
	switch in.State {
	case Open:
		after.EndedOn, after.EndedAt, after.EndedBy = "", nil, ""
		if err := takeBackCarried(c, before); err != nil {
			return before, err
		}
		after.CarriedTo = ID{}
	case Dropped:
		after.Reason = in.Reason
	case CarriedOver:
		on, err := carry(c, before, in)
		if err != nil {
			return before, err
		}
		after.CarriedTo = on.ID
	}
	return noun.Save(c, before, after, "actions.settle", func(after Action) any {
		undo := SettleInput{ID: after.ID, Version: after.Version, State: before.State, On: before.EndedOn, Reason: before.Reason}
		if before.State == CarriedOver { // carried anew, to the same day
			undo.DueOn, undo.MeetingID = next.DueOn, next.MeetingID
		}
		return undo
	})
}

// carry makes the action that goes on with one.
func carry(c *operation.Call, before Action, in SettleInput) (Action, error) {
	on := before
	on.ID, on.CarriedFrom, on.State, on.Version, on.CreatedAt, on.UpdatedAt = id.New[Action](), before.ID, Open, 1, c.Now, c.Now
	on.AgreedOn, on.DueOn, on.GivenByID, on.GivenBy = in.On, in.DueOn, c.Actor.Person, c.Actor.Name
	on.Disowned, on.DisownedAt, on.DisownedWhy = false, nil, ""
	if !in.MeetingID.IsZero() {
		m, err := convening.GetMeeting.Within(c, convening.MeetingRef{ID: in.MeetingID})
		if missing, err := operation.Gone(err, m.DeletedAt != nil); err != nil {
			return on, err
		} else if missing || m.Over() {
			return on, operation.InvalidField("meeting_id", "errors.no_such_meeting")
		}
		on.MeetingID, on.Meeting, on.ItemID = m.ID, m.Title, convening.ItemID{}
		if on.DueOn == "" {
			on.DueOn = m.On
		}
	}
	switch {
	case on.DueOn == "":
		return on, operation.InvalidField("due_on", "errors.required")
	case on.DueOn < in.On, before.DueOn != "" && on.DueOn <= before.DueOn:
		return on, operation.InvalidField("due_on", "errors.action_carry_later")
	}
	if err := insert(c, on); err != nil {
		return on, err
	}
	if err := operation.Count(c.Tx, Kind, on.ID, 1); err != nil {
		return on, err
	}
	c.Changed(on.Subject(), on.Title(), on.Version, nil, on)
	return on, nil
}

// takeBackCarried puts the action that went on with one in the trash, unless
// something became of it since.
func takeBackCarried(c *operation.Call, before Action) error {
	if before.State != CarriedOver || before.CarriedTo.IsZero() {
		return nil
	}
	on, err := get(c, before.CarriedTo)
	if err != nil {
		return operation.IgnoreMissing(err)
	}
	if on.DeletedAt != nil {
		return nil
	}
	if on.State != Open {
		return operation.InvalidField("state", "errors.action_went_on")
	}
	_, err = noun.Trash(c, on.ID, on.Version)
	return err
}

// DisownInput is what an owner tells the backbone.
type DisownInput struct {
	ID      ID     `json:"id"`
	Version int64  `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	Mine    bool   `json:"mine,omitempty" doc:"It is theirs after all."`
	Why     string `json:"why,omitempty" maxLength:"500" text:"lines"`
}

// Disown tells the backbone that an action is not its owner's. It stays as it is
// until somebody gives it another owner.
var Disown = operation.Define(operation.Operation[DisownInput, Action]{
	Definition: operation.Definition{ID: "actions.disown", Summary: "Tells the backbone that an action item is not its owner's; nothing is deleted", Method: "POST", Path: "/actions/{id}/disown"},
	About:      func(in DisownInput) operation.Subject { return wordSubject(in.ID) },
	Run: func(c *operation.Call, in DisownInput) (Action, error) {
		now, err := get(c, in.ID)
		if err != nil {
			return now, err
		}
		if now.DeletedAt == nil && now.Disowned != in.Mine {
			c.Continue()
			return now.visibleTo(c), nil
		}
		before, err := noun.Live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		if before.State != Open {
			return before, operation.InvalidField("state", "errors.action_settled", map[string]any{"State": before.State})
		}
		after, at := before, c.Now
		after.Disowned, after.DisownedAt, after.DisownedWhy = !in.Mine, &at, in.Why
		if in.Mine {
			after.DisownedAt, after.DisownedWhy = nil, ""
		}
		return noun.Save(c, before, after, "actions.disown", func(after Action) any {
			return DisownInput{ID: after.ID, Version: after.Version, Mine: !before.Disowned, Why: before.DisownedWhy}
		})
	},
})
