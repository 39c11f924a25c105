package due

import (
	"slices"
	"time"

	"commontable/internal/backbone/actions"
	"commontable/internal/backbone/agreements"
	"commontable/internal/backbone/commitments"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

// The kinds of item, by catalogue key "due_kinds.…".
const (
	MeetingItem    = "meeting"
	ActionItem     = "action"
	DeliveryItem   = "delivery"
	CommitmentItem = "commitment"
	AgreementItem  = "agreement"
)

// Kinds lists those of this package's own sources.
var Kinds = []string{MeetingItem, ActionItem, DeliveryItem, CommitmentItem, AgreementItem}

// The answers beside those to invitations, by catalogue key "due_answers.…".
const (
	AnswerDone    = "done"
	AnswerNotYet  = "not_yet"
	AnswerCarry   = "carry"
	AnswerDisown  = "not_mine"
	AnswerReopen  = "open" // it was not done after all
	AnswerConfirm = "confirm"
	AnswerGiven   = "given"
	AnswerTimes   = "times" // which of the proposed times suit
)

// daysAhead is how long before a meeting an answer to its invitation is due.
const daysAhead = 60

// Meetings asks those who are expected whether they come.
type Meetings struct{}

// Kinds implements Source.
func (Meetings) Kinds() []string { return []string{MeetingItem} }

// coming calls fn for every meeting ahead that takes place, with who is expected.
func coming(c *operation.Call, fn func(convening.Meeting, []convening.Expected)) error {
	until := c.Now.AddDate(0, 0, daysAhead).Format(time.DateOnly)
	in := convening.ListMeetingsInput{From: c.Today(), To: until, Sort: "starts", Limit: 200}
	page, err := convening.ListMeetings.Within(c, in)
	if err != nil {
		return err
	}
	for _, m := range page.Items {
		if m.Over() || !m.StartsAt.After(c.Now) {
			continue
		}
		people, err := convening.ListPeople.Within(c, convening.MeetingPart{MeetingID: m.ID})
		if err != nil {
			return err
		}
		fn(m, people.Items)
	}
	return nil
}

func meetingItem(m convening.Meeting) Item {
	asked := m.CreatedAt
	if m.AgendaSentAt != nil {
		asked = *m.AgendaSentAt
	}
	starts := m.StartsAt
	i := Item{Kind: MeetingItem, ID: ItemID(m.ID), Title: m.Title, Since: asked.Format(time.DateOnly), On: m.On, StartsAt: &starts, Zone: m.Zone, Place: m.Place, Answers: slices.Clone(convening.Replies)}
	if m.Mode == convening.Modes[0] {
		i.Answers = slices.DeleteFunc(i.Answers, func(a string) bool { return a == convening.ReplyOnline })
	}
	return i
}

// Of implements Source.
func (Meetings) Of(c *operation.Call, who Owner) ([]Item, error) {
	if who.PersonID.IsZero() {
		return nil, nil
	}
	var out []Item
	err := coming(c, func(m convening.Meeting, people []convening.Expected) {
		for _, e := range people {
			if e.PersonID == who.PersonID && e.Reply == "" {
				out = append(out, meetingItem(m))
			}
		}
	})
	return out, err
}

// Each implements Source.
func (Meetings) Each(c *operation.Call, fn func(Owner, Item)) error {
	left := mostItems
	return coming(c, func(m convening.Meeting, people []convening.Expected) {
		for _, e := range people {
			if e.Reply == "" && left > 0 {
				left--
				fn(Owner{PersonID: e.PersonID}, meetingItem(m))
			}
		}
	})
}

// Answer implements Source.
func (Meetings) Answer(c *operation.Call, who Owner, _ string, i ItemID, a Answer) error {
	if who.PersonID.IsZero() {
		return operation.Missing()
	}
	_, err := convening.Reply.Within(c, convening.ReplyInput{MeetingID: convening.MeetingID(i), PersonID: who.PersonID, Reply: a.Answer})
	return renamed(err, "reply", "answer")
}

// Actions asks what became of what was promised.
type Actions struct{}

// Kinds implements Source.
func (Actions) Kinds() []string { return []string{ActionItem} }

func actionItem(a actions.Action) Item {
	i := Item{Kind: ActionItem, ID: ItemID(a.ID), Title: a.Text, Since: a.AgreedOn, On: a.DueOn, Answers: []string{AnswerDone, AnswerNotYet, AnswerCarry, AnswerDisown}}
	if a.Disowned {
		i.State = "disowned"
	}
	return i
}

// Of implements Source. What its owner said is not theirs is asked of them no more.
func (Actions) Of(c *operation.Call, who Owner) ([]Item, error) {
	all, err := actions.DueOf(c, who.PersonID, who.OrganizationID)
	var out []Item
	for _, a := range all {
		if !a.Disowned {
			out = append(out, actionItem(a))
		}
	}
	return out, err
}

// Each implements Source.
func (Actions) Each(c *operation.Call, fn func(Owner, Item)) error {
	return actions.EachOpen(c, mostItems, func(a actions.Action) error {
		if who := (Owner{a.OwnerPersonID, a.OwnerOrganizationID}); who != (Owner{}) {
			fn(who, actionItem(a))
		}
		return nil
	})
}

// Answer implements Source.
func (Actions) Answer(c *operation.Call, who Owner, _ string, i ItemID, a Answer) error {
	x, err := actions.Get.Within(c, actions.Ref{ID: actions.ID(i)})
	if err != nil {
		return err
	}
	if x.DeletedAt != nil || x.OwnerPersonID != who.PersonID || x.OwnerOrganizationID != who.OrganizationID {
		return operation.Missing()
	}
	in := actions.SettleInput{ID: x.ID, Version: x.Version}
	switch a.Answer {
	case AnswerNotYet:
		if x.State != actions.Open {
			return operation.Missing()
		}
		return nil
	case AnswerDisown:
		_, err = actions.Disown.Within(c, actions.DisownInput{ID: x.ID, Version: x.Version, Why: a.Text})
		return err
	case AnswerDone:
		in.State = actions.Done
	case AnswerReopen:
		if x.State == actions.CarriedOver {
			return operation.Missing()
		}
		in.State = actions.Open
	case AnswerCarry:
		in.State, in.DueOn = actions.CarriedOver, a.On
	default:
		return operation.InvalidField("answer", "errors.not_offered")
	}
	if in.State != actions.Open && x.State != actions.Open && x.State != in.State {
		return operation.Missing() // settled otherwise meanwhile
	}
	_, err = actions.Settle.Within(c, in)
	return renamed(err, "due_on", "on")
}

// Pledges asks organizations to confirm what meetings show of the time they gave, and
// what was given of a pledge whose period is over.
type Pledges struct {
	// Attach adds the address of what shows that something was given.
	Attach func(c *operation.Call, d commitments.Delivery, link string) error
}

// Kinds implements Source.
func (Pledges) Kinds() []string { return []string{DeliveryItem, CommitmentItem} }

func pledgeItem(k commitments.Commitment) Item {
	return Item{Kind: CommitmentItem, ID: ItemID(k.ID), Title: k.Text, Since: k.EndsOn, On: k.EndsOn, CommitmentKind: k.Kind, Currency: k.Currency, Pledged: k.Amount, Delivered: k.Delivered, Answers: []string{AnswerGiven}}
}

func deliveryItem(k commitments.Commitment, d commitments.Delivery) Item {
	return Item{Kind: DeliveryItem, ID: ItemID(d.ID), Title: k.Text, Note: d.Meeting, Since: d.CreatedAt.Format(time.DateOnly), CommitmentKind: k.Kind, Currency: k.Currency,
		Pledged: k.Amount, Delivered: k.Delivered, Amount: d.Amount, Answers: []string{AnswerConfirm}}
}

// Of implements Source.
func (Pledges) Of(c *operation.Call, who Owner) ([]Item, error) {
	if who.OrganizationID.IsZero() {
		return nil, nil
	}
	var out []Item
	waiting, err := commitments.AwaitingOf(c, who.OrganizationID)
	if err != nil {
		return nil, err
	}
	for _, d := range waiting {
		k, err := commitments.Get.Within(c, commitments.Ref{ID: d.CommitmentID})
		if err != nil {
			return nil, err
		}
		out = append(out, deliveryItem(k, d))
	}
	return out, commitments.EachUnfulfilled(c, who.OrganizationID, 200, func(k commitments.Commitment) error {
		out = append(out, pledgeItem(k))
		return nil
	})
}

// Each implements Source.
func (Pledges) Each(c *operation.Call, fn func(Owner, Item)) error {
	if err := commitments.EachAwaiting(c, mostItems, func(k commitments.Commitment, d commitments.Delivery) error {
		fn(Owner{OrganizationID: k.OrganizationID}, deliveryItem(k, d))
		return nil
	}); err != nil {
		return err
	}
	return commitments.EachUnfulfilled(c, directory.OrganizationID{}, mostItems, func(k commitments.Commitment) error {
		fn(Owner{OrganizationID: k.OrganizationID}, pledgeItem(k))
		return nil
	})
}

// Answer implements Source.
func (p Pledges) Answer(c *operation.Call, who Owner, kind string, i ItemID, a Answer) error {
	if who.OrganizationID.IsZero() {
		return operation.Missing()
	}
	if kind == CommitmentItem {
		k, err := commitments.Get.Within(c, commitments.Ref{ID: commitments.ID(i)})
		if err != nil {
			return err
		}
		switch {
		case k.OrganizationID != who.OrganizationID || k.ConfirmedAt == nil:
			return operation.Missing()
		case a.Answer != AnswerGiven:
			return operation.InvalidField("answer", "errors.not_offered")
		}
		d, err := commitments.AddDelivery.Within(c, commitments.DeliveryInput{CommitmentID: k.ID, On: a.On, Amount: a.Amount, Evidence: a.Text, Unconfirmed: true})
		if err == nil && a.Link != "" {
			err = p.Attach(c, d, a.Link)
		}
		return renamed(err, "evidence", "text")
	}
	waiting, err := commitments.AwaitingOf(c, who.OrganizationID)
	if err != nil {
		return err
	}
	for _, d := range waiting {
		if ItemID(d.ID) != i {
			continue
		}
		if a.Answer != AnswerConfirm {
			return operation.InvalidField("answer", "errors.not_offered")
		}
		in := commitments.ConfirmDeliveryInput{CommitmentID: d.CommitmentID, ID: d.ID, Version: d.Version}
		if a.Amount > 0 {
			in.Amount = &a.Amount
		}
		_, err := commitments.ConfirmDelivery.Within(c, in)
		return err
	}
	return operation.Missing()
}

// Agreements tells organizations that their agreement waits to be signed or renewed.
// It is signed by the link that was sent for that, so there is nothing to answer.
type Agreements struct{}

// Kinds implements Source.
func (Agreements) Kinds() []string { return []string{AgreementItem} }

var agreementStates = []string{agreements.Sent, agreements.Due, agreements.Lapsed}

func agreementItem(a agreements.Agreement, state string) Item {
	i := Item{Kind: AgreementItem, ID: ItemID(a.ID), Title: a.Organization, State: state, On: a.RenewalDue, Since: a.UpdatedAt.Format(time.DateOnly), Answers: []string{}}
	if a.SentAt != nil {
		i.Since = a.SentAt.Format(time.DateOnly)
	}
	return i
}

// Of implements Source.
func (Agreements) Of(c *operation.Call, who Owner) ([]Item, error) {
	if who.OrganizationID.IsZero() {
		return nil, nil
	}
	var out []Item
	for _, state := range agreementStates {
		page, err := agreements.List.Within(c, agreements.ListInput{OrganizationID: who.OrganizationID, State: state})
		if err != nil {
			return nil, err
		}
		for _, a := range page.Items {
			out = append(out, agreementItem(a, state))
		}
	}
	return out, nil
}

// Each implements Source.
func (Agreements) Each(c *operation.Call, fn func(Owner, Item)) error {
	for _, state := range agreementStates {
		in := agreements.ListInput{State: state, Limit: 200}
		for seen := 0; seen < mostItems; {
			page, err := agreements.List.Within(c, in)
			if err != nil {
				return err
			}
			for _, a := range page.Items {
				fn(Owner{OrganizationID: a.OrganizationID}, agreementItem(a, state))
			}
			seen += len(page.Items)
			if in.After = page.Next; in.After == "" {
				break
			}
		}
	}
	return nil
}

// Answer implements Source.
func (Agreements) Answer(*operation.Call, Owner, string, ItemID, Answer) error {
	return operation.Missing()
}
