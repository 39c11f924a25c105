package sample

import (
	"fmt"
	"slices"
	"time"

	"commontable/internal/backbone/actions"
	"commontable/internal/backbone/commitments"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

// promiseStory is what people took on in their meetings and what became of it, a
// chapter a quarter after that quarter's meetings, and what organizations pledged,
// a chapter a year.
func promiseStory() []chapter {
	var out []chapter
	for year := range storyYears + 1 { // of the last as much as is over
		for quarter := range 4 {
			out = append(out, chapter{fmt.Sprintf("promises of year %d, quarter %d", year, quarter+1), after(year, 91*(quarter+1)-1), (*teller).quarterOfPromises})
		}
		if year > 0 {
			out = append(out, chapter{fmt.Sprintf("pledges of year %d", year), after(year, 130), (*teller).yearOfPledges})
		}
	}
	return append(out, chapter{"what is given this year", ago(5), (*teller).giveWhatIsDue}, chapter{"promises still open", ago(4), (*teller).quarterOfPromises})
}

// gathering is a meeting that took place and who came to it.
type gathering struct {
	meeting convening.Meeting
	came    []attendee
}

// attendee is somebody who came, and for whom.
type attendee struct {
	person       directory.PersonID
	organization directory.OrganizationID
}

// promised is an action that is open, and the organization its owner came for.
type promised struct {
	action actions.Action
	by     directory.OrganizationID
}

var promiseTexts = []string{
	"Send the attendance figures of both schools", "Ask three families whether the hours suit them", "Write to the clinic about referrals", "Draft the letter to the school board",
	"Find a room for the parents’ evening", "Bring the interpreter’s invoice to the treasurer", "Call the two preschools that did not answer", "Put the new figures into the report",
	"Ask the branches to open late in May", "Sort the answers of the survey by neighborhood", "Look for a second reader for the grant", "Share the list of summer places",
	"Print the leaflet in Spanish and French", "Invite the bus company to the next meeting", "Compare our enrolment form with the district’s", "Tell the group what the funder said",
}

var droppedBecause = []string{"The school does it itself now.", "There is no money for it this year.", "Nobody needs it any more: the form was changed."}

// quarterOfPromises tells what became of the promises that are open, and what was
// promised in the meetings since the last time.
func (t *teller) quarterOfPromises() error {
	now := t.clock.Now()
	for _, g := range t.met {
		if len(g.came) == 0 || t.random.IntN(10) > 6 {
			continue
		}
		for range 1 + t.random.IntN(2) {
			if err := t.promise(g); err != nil {
				return err
			}
		}
	}
	t.met = nil
	slices.SortStableFunc(t.promises, func(a, b promised) int { return dueDay(a).Compare(dueDay(b)) })
	open := t.promises
	t.promises = nil
	for len(open) > 0 {
		p := open[0]
		open = open[1:]
		next, err := t.become(p, now)
		if err != nil {
			return fmt.Errorf("%s: %w", p.action.Text, err)
		}
		switch {
		case next == nil:
		case next.action.ID != p.action.ID && dueDay(*next).Before(now):
			open = append(open, *next)
		default:
			t.promises = append(t.promises, *next)
		}
	}
	return nil
}

func dueDay(p promised) time.Time {
	day, _ := time.Parse(time.DateOnly, p.action.DueOn) // the story's own days
	return day
}

// promise has somebody who came take something on.
func (t *teller) promise(g gathering) error {
	who := pick(t.random, g.came)
	in := actions.Input{Text: pick(t.random, promiseTexts), OwnerPersonID: who.person, MeetingID: g.meeting.ID, AgreedOn: g.meeting.On,
		DueOn: g.meeting.StartsAt.AddDate(0, 0, 14+7*t.random.IntN(5)).Format(time.DateOnly)}
	by := who.organization
	if !by.IsZero() && t.random.IntN(6) == 0 {
		in.OwnerPersonID, in.OwnerOrganizationID = directory.PersonID{}, by
	}
	a, err := actions.Create.Do(t.as(operation.Staff), &t.door, in)
	switch operation.KindOf(err) {
	case 0:
		t.promises = append(t.promises, promised{a, by})
		return nil
	case operation.Invalid:
		return nil // whoever it was is not on record any more
	}
	return err
}

// become says what became of a promise until now: nothing when it ended, and
// otherwise what is open still, the same or where it was carried to.
func (t *teller) become(p promised, now time.Time) (*promised, error) {
	due := dueDay(p)
	in := actions.SettleInput{ID: p.action.ID, Version: p.action.Version, State: actions.Done}
	kept := 0.25 + 0.7*t.reliability(p.by, due)
	dice := t.random.Float64()
	var on time.Time
	switch {
	case due.After(now):
		if dice > 0.25 {
			return &p, nil
		}
		on = now.AddDate(0, 0, -1)
	case dice < kept:
		on = due.AddDate(0, 0, -t.random.IntN(8))
	case dice < kept+(1-kept)*0.55:
		on = due.AddDate(0, 0, 2+t.random.IntN(30))
	case dice < kept+(1-kept)*0.7:
		on, in.State, in.Reason = due.AddDate(0, 0, -t.random.IntN(5)), actions.Dropped, pick(t.random, droppedBecause)
	case dice < kept+(1-kept)*0.85 && p.action.CarriedFrom.IsZero():
		on, in.State, in.DueOn = due, actions.CarriedOver, due.AddDate(0, 0, 28).Format(time.DateOnly)
	default:
		if now.Sub(due) < 120*24*time.Hour {
			return &p, nil
		}
		on, in.State, in.Reason = now.AddDate(0, 0, -1), actions.Dropped, pick(t.random, droppedBecause)
	}
	if on.After(now.AddDate(0, 0, -1)) {
		return &p, nil
	}
	if in.On = on.Format(time.DateOnly); in.On < p.action.AgreedOn {
		in.On = p.action.AgreedOn
	}
	a, err := actions.Settle.Do(t.as(operation.Staff), &t.door, in)
	if err != nil || a.CarriedTo.IsZero() {
		return nil, err
	}
	on2, err := actions.Get.Do(t.as(operation.Staff), &t.door, actions.Ref{ID: a.CarriedTo})
	return &promised{on2, p.by}, err
}

// pledge is what organizations give, by kind: words, and how much in hundredths.
type pledge struct {
	kind, text  string
	least, most int64 // hundredths of hours, or of the currency
	rate        int64 // of an hour, in hundredths of the currency
}

var pledges = []pledge{
	{"time", "Hours of a colleague in the working group", 2_000, 12_000, 3_179},
	{"time", "Reading mentors after school", 4_000, 20_000, 3_179},
	{"cash", "A contribution to the backbone", 100_000, 2_500_000, 0},
	{"leadership", "Speaks for the work before the city council", 0, 0, 0},
	{"in_kind", "Rooms and coffee for the meetings", 20_000, 200_000, 0},
	{"in_kind", "Printing in three languages", 10_000, 90_000, 0},
}

// pledged is a commitment that is not fulfilled.
type pledged struct {
	commitment commitments.Commitment
	keeps      float64 // how likely, between 0 and 1
}

// yearOfPledges settles last year's pledges, and tells who pledges what for this one.
func (t *teller) yearOfPledges() error {
	if err := t.giveWhatIsDue(); err != nil {
		return err
	}
	for _, p := range t.pledged {
		if err := t.settlePledge(p); err != nil {
			return fmt.Errorf("the end of %s: %w", p.commitment.Text, err)
		}
	}
	t.pledged = nil
	now, staff := t.clock.Now(), t.as(operation.Staff)
	for _, o := range t.organizations {
		if o.status != "member" || t.random.IntN(3) > 0 {
			continue
		}
		p := pick(t.random, pledges)
		in := commitments.Input{Kind: p.kind, OrganizationID: o.id, Text: p.text, Rate: p.rate, PledgedOn: now.Format(time.DateOnly), EndsOn: now.AddDate(1, 0, -1).Format(time.DateOnly)}
		if p.most > 0 {
			in.Amount = (p.least + t.random.Int64N(p.most-p.least)) / 1_200 * 1_200
		}
		if p.kind == commitments.InKindKind {
			in.Source = "Price list of the community center"
		}
		made, err := commitments.Create.Do(staff, &t.door, in)
		if err != nil {
			return fmt.Errorf("%s of %s: %w", p.kind, o.name, err)
		}
		t.pledged = append(t.pledged, pledged{made, t.reliability(o.id, now)})
	}
	return nil
}

// settlePledge says how a pledge of last year ended: what was given in full is
// fulfilled by itself, and of the rest some is let go.
func (t *teller) settlePledge(p pledged) error {
	staff := t.as(operation.Staff)
	now, err := commitments.Get.Do(staff, &t.door, commitments.Ref{ID: p.commitment.ID})
	if err != nil || now.State == commitments.Fulfilled {
		return err
	}
	in := commitments.SettleInput{ID: now.ID, Version: now.Version, State: commitments.Fulfilled}
	if p.keeps < 0.6 {
		in.State, in.Reason = commitments.Withdrawn, pick(t.random, []string{"They have nobody for it this year.", "Their budget was cut.", "We agreed on something else instead."})
	}
	_, err = commitments.Settle.Do(staff, &t.door, in)
	return err
}

// giveWhatIsDue enters what was given of the pledges of the year, in two or three
// parts, and confirms the hours that attendance offered, but for those of the last
// weeks.
func (t *teller) giveWhatIsDue() error {
	now, staff := t.clock.Now(), t.as(operation.Staff)
	for _, p := range t.pledged {
		offered, err := commitments.ListDeliveries.Do(staff, &t.door, commitments.CommitmentPart{CommitmentID: p.commitment.ID})
		if err != nil {
			return err
		}
		for _, d := range offered.Items {
			if d.ConfirmedAt == nil && d.On < now.AddDate(0, 0, -40).Format(time.DateOnly) {
				if _, err := commitments.ConfirmDelivery.Do(staff, &t.door, commitments.ConfirmDeliveryInput{CommitmentID: p.commitment.ID, ID: d.ID, Version: d.Version}); err != nil {
					return fmt.Errorf("hours of %s: %w", p.commitment.Organization, err)
				}
			}
		}
		if p.commitment.Amount == 0 || p.keeps < 0.6 || p.commitment.Kind == commitments.TimeKind && len(offered.Items) > 0 {
			continue // leadership has no amount, some never come to it, and hours are known from meetings
		}
		begun, err := time.Parse(time.DateOnly, p.commitment.PledgedOn)
		if err != nil {
			return err
		}
		parts := 2 + t.random.IntN(2)
		for k := range parts {
			on := begun.AddDate(0, 0, 300*(k+1)/(parts+1))
			if !on.Before(now) || t.random.Float64() > p.keeps+0.15 {
				continue
			}
			in := commitments.DeliveryInput{CommitmentID: p.commitment.ID, On: on.Format(time.DateOnly), Amount: p.commitment.Amount / int64(parts), Evidence: "Noted by the backbone."}
			given, err := commitments.AddDelivery.Do(staff, &t.door, in)
			if err == nil {
				err = t.showGiven(p.commitment, given)
			}
			if err != nil {
				return fmt.Errorf("what was given of %s: %w", p.commitment.Text, err)
			}
		}
	}
	return nil
}
