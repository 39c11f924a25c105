package actions_test

import (
	"fmt"
	"sync"
	"testing"

	"commontable/internal/backbone/actions"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/testing/house"
)

func meeting(t *testing.T, h *house.House, on string) convening.Meeting {
	t.Helper()
	return house.Do(t, h, h.As(operation.Director), convening.CreateMeeting, convening.MeetingInput{Title: "Table", On: on, Starts: "10:00", Held: on < "2026-05-14"})
}

// An action goes from open to done, given up or carried over, and every step can be
// taken back.
func TestWhatBecomesOfAnAction(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		staff := h.As(operation.Staff)
		ana := h.Person(t, "Ana", directory.OrganizationID{})
		m, next := meeting(t, h, "2026-05-07"), meeting(t, h, "2026-06-04")
		a := house.Do(t, h, staff, actions.Create, actions.Input{Text: "Call the school", OwnerPersonID: ana, DueOn: "2026-05-12", MeetingID: m.ID})
		if a.State != actions.Open || a.Owner != "Ana" || a.AgreedOn != "2026-05-07" || a.Meeting != "Table" || !a.Overdue("2026-05-14") {
			t.Errorf("made %+v", a)
		}
		var receipt operation.Receipt
		done := house.Do(t, h, operation.WithReceipt(staff, &receipt), actions.Settle, actions.SettleInput{ID: a.ID, Version: a.Version, State: actions.Done, On: "2026-05-11"})
		if done.State != actions.Done || done.EndedOn != "2026-05-11" || done.EndedBy != "Ana Ruiz" {
			t.Errorf("done %+v", done)
		}
		h.Undo(t, receipt)
		a = house.Do(t, h, staff, actions.Get, actions.Ref{ID: a.ID})
		if a.State != actions.Open || a.EndedOn != "" || a.EndedBy != "" {
			t.Errorf("open again %+v", a)
		}

		_, err := actions.Settle.Do(staff, h.App.Door, actions.SettleInput{ID: a.ID, Version: a.Version, State: actions.Dropped})
		house.WantFault(t, err, "reason", "errors.required")
		_, err = actions.Settle.Do(staff, h.App.Door, actions.SettleInput{ID: a.ID, Version: a.Version, State: actions.Done, On: "2026-05-15"})
		house.WantFault(t, err, "on", "errors.day_ahead")
		_, err = actions.Settle.Do(staff, h.App.Door, actions.SettleInput{ID: a.ID, Version: a.Version, State: actions.Done, On: "2026-05-06"})
		house.WantFault(t, err, "on", "errors.before_agreed")
		_, err = actions.Settle.Do(staff, h.App.Door, actions.SettleInput{ID: a.ID, Version: a.Version, State: actions.CarriedOver, DueOn: "2026-05-12"})
		house.WantFault(t, err, "due_on", "errors.action_carry_later")

		carried := house.Do(t, h, operation.WithReceipt(staff, &receipt), actions.Settle, actions.SettleInput{ID: a.ID, Version: a.Version, State: actions.CarriedOver, MeetingID: next.ID})
		on := house.Do(t, h, staff, actions.Get, actions.Ref{ID: carried.CarriedTo})
		if carried.State != actions.CarriedOver || on.DueOn != "2026-06-04" || on.MeetingID != next.ID || on.State != actions.Open || on.CarriedFrom != a.ID || on.OwnerPersonID != ana {
			t.Errorf("carried %+v to %+v", carried, on)
		}
		h.Undo(t, receipt)
		open := house.Do(t, h, staff, actions.List, actions.ListInput{State: actions.Open})
		if len(open.Items) != 1 || open.Items[0].ID != a.ID || open.Total != 1 {
			t.Errorf("after undo: %+v", open)
		}
		a = open.Items[0]
		carried = house.Do(t, h, staff, actions.Settle, actions.SettleInput{ID: a.ID, Version: a.Version, State: actions.CarriedOver, DueOn: "2026-07-01"})
		on = house.Do(t, h, staff, actions.Get, actions.Ref{ID: carried.CarriedTo})
		house.Do(t, h, staff, actions.Settle, actions.SettleInput{ID: on.ID, Version: on.Version, State: actions.Done})
		_, err = actions.Settle.Do(staff, h.App.Door, actions.SettleInput{ID: a.ID, Version: carried.Version, State: actions.Open})
		house.WantFault(t, err, "state", "errors.action_went_on")
	})
}

// The run mode sends what it noted again after a lost connection.
func TestNotingAnActionTwiceNotesItOnce(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		ana, bo := h.Person(t, "Ana", directory.OrganizationID{}), h.Person(t, "Bo", directory.OrganizationID{})
		m := meeting(t, h, "2026-05-07")
		in := actions.Input{ID: id.New[actions.Action](), Text: "Book the hall", MeetingID: m.ID}
		first := house.Do(t, h, h.AsPerson(operation.Staff, ana), actions.Create, in)
		again := house.Do(t, h, h.AsPerson(operation.Staff, ana), actions.Create, in)
		if first.ID != again.ID || house.Do(t, h, h.As(operation.Staff), actions.List, actions.ListInput{MeetingID: m.ID}).Total != 1 {
			t.Error("noted twice")
		}
		_, err := actions.Create.Do(h.AsPerson(operation.Staff, bo), h.App.Door, in)
		house.WantKind(t, err, operation.NotFound)
	})
}

// Two who say at once what became of an action do not overwrite one another: those
// who agree both succeed, of those who do not one does.
func TestTwoSettleAtOnce(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		staff := h.As(operation.Staff)
		settle := func(states ...string) (succeeded int) {
			a := house.Do(t, h, staff, actions.Create, actions.Input{Text: "Write"})
			var wait sync.WaitGroup
			var mu sync.Mutex
			for _, state := range states {
				wait.Go(func() {
					_, err := actions.Settle.Do(staff, h.App.Door, actions.SettleInput{ID: a.ID, Version: a.Version, State: state, Reason: "no need"})
					mu.Lock()
					defer mu.Unlock()
					if err == nil {
						succeeded++
					} else if kind := operation.KindOf(err); kind != operation.Conflict {
						t.Errorf("%s: %v", state, err)
					}
				})
			}
			wait.Wait()
			if now := house.Do(t, h, staff, actions.Get, actions.Ref{ID: a.ID}); now.Version != a.Version+1 {
				t.Errorf("%v left version %d", states, now.Version)
			}
			return succeeded
		}
		if n := settle(actions.Done, actions.Done); n != 2 {
			t.Errorf("%d of two who agree succeeded", n)
		}
		if n := settle(actions.Done, actions.Dropped); n != 1 {
			t.Errorf("%d of two who disagree succeeded", n)
		}
	})
}

// Everyone at the table reads; who has a part in the meeting notes; the owner says
// what became of it, and may say that it is not theirs, which deletes nothing.
func TestWhoMayDoWhatWithAnAction(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		staff := h.As(operation.Staff)
		clinic := h.Organization(t, "Clinic")
		ana, bo, notes := h.Person(t, "Ana", clinic), h.Person(t, "Bo", directory.OrganizationID{}), h.Person(t, "Nia", directory.OrganizationID{})
		m := meeting(t, h, "2026-05-07")
		house.Do(t, h, staff, convening.SetPerson, convening.PersonInput{MeetingID: m.ID, PersonID: notes, Part: "notes"})
		writer := h.AsPerson(operation.GroupMember, notes)
		a := house.Do(t, h, writer, actions.Create, actions.Input{Text: "Report", OwnerPersonID: bo, MeetingID: m.ID})
		_, err := actions.Create.Do(h.AsPerson(operation.GroupMember, bo), h.App.Door, actions.Input{Text: "Report", MeetingID: m.ID})
		house.WantKind(t, err, operation.Forbidden)
		_, err = actions.Create.Do(writer, h.App.Door, actions.Input{Text: "Of no meeting"})
		house.WantKind(t, err, operation.Forbidden)

		owner := h.AsPerson(operation.GroupMember, bo)
		text := "Something easier"
		_, err = actions.Edit.Do(owner, h.App.Door, actions.Patch{ID: a.ID, Version: a.Version, Text: &text})
		house.WantKind(t, err, operation.Forbidden)
		_, err = actions.Settle.Do(h.AsPerson(operation.CommunityMember, ana), h.App.Door, actions.SettleInput{ID: a.ID, Version: a.Version, State: actions.Done})
		house.WantKind(t, err, operation.Forbidden)
		if seen := house.Do(t, h, owner, actions.Get, actions.Ref{ID: a.ID}); !seen.MaySettle || seen.MayEdit {
			t.Errorf("the owner: %+v", seen)
		}
		a = house.Do(t, h, owner, actions.Disown, actions.DisownInput{ID: a.ID, Version: a.Version, Why: "Ask Ana"})
		if found := house.Do(t, h, staff, actions.List, actions.ListInput{Disowned: true}); len(found.Items) != 1 || found.Items[0].DisownedWhy != "Ask Ana" || found.Items[0].State != actions.Open {
			t.Errorf("disowned: %+v", found)
		}
		if others := house.Do(t, h, h.As(operation.Funder), actions.List, actions.ListInput{}); others.Items[0].DisownedWhy != "" {
			t.Error("others read what the owner told the backbone")
		}
		// Another owner, an organization, is not bound by that.
		a = house.Do(t, h, writer, actions.Edit, actions.Patch{ID: a.ID, Version: a.Version, OwnerOrganizationID: &clinic})
		if a.Disowned || a.Owner != "Clinic" || !a.OwnerPersonID.IsZero() {
			t.Errorf("given on: %+v", a)
		}
		_, err = actions.Settle.Do(owner, h.App.Door, actions.SettleInput{ID: a.ID, Version: a.Version, State: actions.Done})
		house.WantKind(t, err, operation.Forbidden)
		house.Do(t, h, h.AsPerson(operation.Representative, ana), actions.Settle, actions.SettleInput{ID: a.ID, Version: a.Version, State: actions.Done})
	})
}

// Lists come in the order of the days, those without one last, and pages add up.
func TestActionsByDay(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		staff := h.As(operation.Staff)
		bo := h.Person(t, "Bo", directory.OrganizationID{})
		for n, day := range []string{"2026-06-01", "", "2026-05-20", "2026-05-18", ""} {
			house.Do(t, h, staff, actions.Create, actions.Input{Text: fmt.Sprint("Number ", n), DueOn: day, OwnerPersonID: bo})
		}
		var days []string
		in := actions.ListInput{OwnerPersonID: bo, State: actions.Open, Limit: 2}
		for {
			page := house.Do(t, h, staff, actions.List, in)
			for _, a := range page.Items {
				days = append(days, a.DueOn)
			}
			if in.After = page.Next; in.After == "" {
				break
			}
		}
		if got := fmt.Sprint(days); got != "[2026-05-18 2026-05-20 2026-06-01  ]" {
			t.Errorf("days %s", got)
		}
		h.Clock.Advance(6 * 24 * 3600e9)
		if late := house.Do(t, h, staff, actions.List, actions.ListInput{Overdue: true}); len(late.Items) != 1 || late.Items[0].DueOn != "2026-05-18" {
			t.Errorf("overdue on May 20: %+v", late.Items)
		}
		if some := house.Do(t, h, staff, actions.List, actions.ListInput{DueFrom: "2026-05-20", DueTo: "2026-06-01"}); len(some.Items) != 1 {
			t.Errorf("a span: %+v", some.Items)
		}
	})
}

// Several are changed at once, all or none, and back.
func TestSeveralActions(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		staff := h.As(operation.Staff)
		one := house.Do(t, h, staff, actions.Create, actions.Input{Text: "One"})
		two := house.Do(t, h, staff, actions.Create, actions.Input{Text: "Two"})
		house.Do(t, h, staff, actions.Settle, actions.SettleInput{ID: two.ID, Version: two.Version, State: actions.Dropped, Reason: "no"})
		_, err := actions.EditSeveral.Do(staff, h.App.Door, actions.SeveralInput{Items: []actions.Version{{ID: one.ID, Version: 1}, {ID: two.ID, Version: 2}}, State: actions.Done})
		house.WantFault(t, err, "items", "actions.stopped_by")
		if house.Do(t, h, staff, actions.Get, actions.Ref{ID: one.ID}).State != actions.Open {
			t.Error("half was done")
		}
		var receipt operation.Receipt
		day := "2026-06-01"
		house.Do(t, h, operation.WithReceipt(staff, &receipt), actions.EditSeveral, actions.SeveralInput{Items: []actions.Version{{ID: one.ID, Version: 1}, {ID: two.ID, Version: 2}}, DueOn: &day})
		h.Undo(t, receipt)
		house.Do(t, h, operation.WithReceipt(staff, &receipt), actions.EditSeveral, actions.SeveralInput{Items: []actions.Version{{ID: one.ID, Version: 3}}, State: actions.Done})
		h.Undo(t, receipt)
		house.Do(t, h, operation.WithReceipt(staff, &receipt), actions.EditSeveral, actions.SeveralInput{Items: []actions.Version{{ID: one.ID, Version: 5}, {ID: two.ID, Version: 4}}, Trash: true})
		h.Undo(t, receipt)
		if now := house.Do(t, h, staff, actions.Get, actions.Ref{ID: one.ID}); now.State != actions.Open || now.DueOn != "" || now.DeletedAt != nil {
			t.Errorf("after all was taken back: %+v", now)
		}
	})
}
