package polls_test

import (
	"context"
	"path"
	"slices"
	"testing"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/due"
	"commontable/internal/backbone/polls"
	"commontable/internal/platform/operation"
	"commontable/internal/testing/house"
)

// A poll is due from those who are asked until they have answered, it is closed, or its
// times are past; it is answered where it is told, and what others are asked is told to
// nobody else.
func TestAPollIsDueUntilItIsAnswered(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		staff := h.As(operation.Staff)
		ana, bo := h.Person(t, "Ana", directory.OrganizationID{}), h.Person(t, "Bo", directory.OrganizationID{})
		p := house.Do(t, h, staff, polls.Create, polls.Input{Title: "Budget evening", Zone: "America/Chicago", Place: "Library", Times: []string{"2026-05-20 18:00", "2026-05-22 18:00"}, People: []directory.PersonID{ana, bo}})
		house.Do(t, h, staff, polls.Create, polls.Input{Title: "Bo alone", Times: []string{"2026-05-21 18:00"}, People: []directory.PersonID{bo}})
		mine := func() []due.Item {
			return house.Do(t, h, h.AsPerson(operation.TableMember, ana), h.App.Due.Mine, operation.None{}).Sections[0].Items
		}
		waiting := func() (names []string) {
			for _, o := range house.Do(t, h, staff, h.App.Due.List, due.ListInput{Kind: polls.DueItem}).Items {
				names = append(names, o.Name+" "+o.Item.Title)
			}
			slices.Sort(names)
			return names
		}
		items := mine()
		if len(items) != 1 || items[0].Kind != polls.DueItem || items[0].Title != "Budget evening" || items[0].On != "2026-05-20" || items[0].Since != "2026-05-14" || len(items[0].Times) != 2 || items[0].Zone != "America/Chicago" {
			t.Fatalf("due: %+v", items)
		}
		if got := waiting(); !slices.Equal(got, []string{"Ana Budget evening", "Bo Bo alone", "Bo Budget evening"}) {
			t.Errorf("the mirror: %q", got)
		}
		if nudge := house.Do(t, h, staff, h.App.Due.Nudge, due.Owner{PersonID: ana}); len(nudge.Items) != 1 {
			t.Errorf("a nudge: %+v", nudge)
		}

		secret := path.Base(house.Do(t, h, staff, h.App.Due.MakeLink, due.LinkInput{Owner: due.Owner{PersonID: ana}}).Address)
		say := func(poll polls.ID, times ...due.TimeAnswer) (due.LinkView, error) {
			_, view, err := h.App.Due.AnswerByLink(context.Background(), h.App.Door, due.LinkAnswer{Secret: secret, AnswerInput: due.AnswerInput{Kind: polls.DueItem, ID: due.ItemID(poll), Answer: due.AnswerTimes, Times: times}})
			return view, err
		}
		if _, err := say(p.ID); key(err) != "errors.required" {
			t.Errorf("no answer at all: %v", err)
		}
		if _, err := say(p.ID, due.TimeAnswer{Time: "2026-05-23 18:00", Answer: polls.Yes}); key(err) != "errors.poll_no_such_time" {
			t.Errorf("a time that is not proposed: %v", err)
		}
		other := house.Do(t, h, staff, polls.List, polls.ListInput{}).Items[0]
		if view, err := say(other.ID, due.TimeAnswer{Time: "2026-05-21 18:00", Answer: polls.Yes}); err != nil || !view.Settled {
			t.Errorf("a poll that asks somebody else: %+v %v", view, err)
		}
		view, err := say(p.ID, due.TimeAnswer{Time: "2026-05-20 18:00", Answer: polls.No}, due.TimeAnswer{Time: "2026-05-22 18:00", Answer: polls.Yes})
		if err != nil || view.Answered == nil || len(view.Sections[0].Items) != 0 {
			t.Errorf("answered: %+v %v", view, err)
		}
		told := house.Do(t, h, staff, polls.Get, polls.Ref{ID: p.ID})
		if told.Answered != 1 || told.Ranking[0].Time != "2026-05-22 18:00" {
			t.Errorf("the poll: %+v", told)
		}
		if e := house.Do(t, h, staff, operation.RecordHistory, operation.RecordHistoryInput{Kind: polls.Kind, ID: operation.EntryID(p.ID)}).Items[0]; e.Actor != "Ana" || e.Via != operation.ViaLink || !e.Undoable {
			t.Errorf("the log: %+v", e)
		}
		if got := waiting(); !slices.Equal(got, []string{"Bo Bo alone", "Bo Budget evening"}) {
			t.Errorf("the mirror afterwards: %q", got)
		}

		closed := house.Do(t, h, staff, polls.Step, polls.StepInput{ID: p.ID, Version: p.Version, State: polls.Closed})
		if got := waiting(); !slices.Equal(got, []string{"Bo Bo alone"}) {
			t.Errorf("closed: %q", got)
		}
		house.Do(t, h, staff, polls.Step, polls.StepInput{ID: p.ID, Version: closed.Version, State: polls.Open})
		h.Clock.Set(time.Date(2026, 5, 21, 12, 0, 0, 0, time.UTC))
		for _, o := range house.Do(t, h, staff, h.App.Due.List, due.ListInput{Kind: polls.DueItem}).Items {
			if o.Item.Title == "Budget evening" && !slices.Equal(o.Item.Times, []string{"2026-05-22 18:00"}) {
				t.Errorf("a time that is past is asked about: %+v", o.Item)
			}
		}
		h.Clock.Set(time.Date(2026, 5, 24, 12, 0, 0, 0, time.UTC))
		if got := waiting(); len(got) != 0 {
			t.Errorf("when all times are past: %q", got)
		}
	})
}
