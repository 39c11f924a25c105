package attendance_test

import (
	"context"
	"reflect"
	"sync"
	"testing"
	"time"

	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

// An entry says who it is, for whom and in which seat, where the source did not.
func TestEntriesKnowTheirSeat(t *testing.T) {
	houses(t, func(t *testing.T, h *house) {
		m := h.meeting()
		dana := h.record(attendance.Input{MeetingID: m.ID, PersonID: h.dana})
		if dana.Name != "Dana Diaz" || dana.Organization != "Clinic" || dana.SeatID != h.danas || dana.Alternate || !dana.Voting || dana.Source != attendance.FromList || dana.Presence != attendance.Here || !dana.Counts {
			t.Errorf("dana %+v", dana)
		}
		fay := h.record(attendance.Input{MeetingID: m.ID, PersonID: h.fay, SeatID: h.elis, Presence: attendance.Online, Turns: ptr(int64(3))})
		if fay.Organization != "School" || fay.SeatID != h.elis || !fay.Alternate || *fay.Turns != 3 {
			t.Errorf("fay %+v", fay)
		}
		guest := h.record(attendance.Input{MeetingID: m.ID, Name: "Hana", Organization: "clinic", Source: attendance.FromPaper})
		if !guest.Guest() || guest.OrganizationID != h.clinic || guest.Organization != "Clinic" || guest.Source != attendance.FromPaper {
			t.Errorf("guest %+v", guest)
		}
		again := h.record(attendance.Input{MeetingID: m.ID, PersonID: h.dana, Presence: attendance.Online})
		if again.ID != dana.ID || again.Presence != attendance.Here {
			t.Errorf("entered twice: %+v", again)
		}
		if twice := h.record(attendance.Input{MeetingID: m.ID, Name: "hána", Organization: "Clinic"}); twice.ID != guest.ID {
			t.Errorf("a guest twice: %+v", twice)
		}
		q := must[attendance.Quorum](t)(attendance.GetQuorum.Do(h.director(), h.app.Door, attendance.MeetingPart{MeetingID: m.ID}))
		if !reflect.DeepEqual(q, attendance.Quorum{Here: 2, Online: 1, Guests: 1, Organizations: 2, Seats: 2, Present: 2, Needed: 1, Met: true}) {
			t.Errorf("quorum %+v", q)
		}
		for _, bad := range []struct {
			in         attendance.Input
			field, key string
		}{
			{attendance.Input{}, "name", "errors.required"},
			{attendance.Input{PersonID: operation.NewPersonID()}, "person_id", "errors.no_such_person"},
			{attendance.Input{PersonID: h.gus, OrganizationID: directory.OrganizationID(h.gus)}, "organization_id", "errors.no_such_organization"},
			{attendance.Input{PersonID: h.gus, SeatID: directory.SeatID(h.gus)}, "seat_id", "errors.no_such_seat"},
			{attendance.Input{PersonID: h.gus, JoinedAt: ptr(h.clock.Now()), LeftAt: ptr(h.clock.Now().Add(-time.Hour))}, "left_at", "errors.ends_before_it_begins"},
		} {
			bad.in.MeetingID = m.ID
			_, err := attendance.Record.Do(h.director(), h.app.Door, bad.in)
			wantFault(t, err, bad.field, bad.key)
		}
		if n := len(h.ledger(m.ID)); n != 3 {
			t.Errorf("%d entries", n)
		}
	})
}

// What was done is taken back, and somebody who was entered anew is not entered twice
// by that.
func TestEntriesAreTakenBack(t *testing.T) {
	houses(t, func(t *testing.T, h *house) {
		m := h.meeting()
		var receipt operation.Receipt
		ctx := operation.WithReceipt(h.director(), &receipt)
		undo := func() {
			t.Helper()
			must[operation.Entry](t)(operation.Undo.Do(h.director(), h.app.Door, operation.UndoInput{ID: receipt.Entry}))
		}
		a := must[attendance.Attendance](t)(attendance.Record.Do(ctx, h.app.Door, attendance.Input{MeetingID: m.ID, Name: "Hana", Organization: "Nowhere", Turns: ptr(int64(2))}))
		edited := must[attendance.Attendance](t)(attendance.Edit.Do(ctx, h.app.Door, attendance.Patch{MeetingID: m.ID, ID: a.ID, Version: 1, PersonID: &h.gus, OrganizationID: &h.school, SeatID: &h.danas,
			Turns: ptr(int64(attendance.Unset)), Minutes: ptr(int64(20)), Presence: ptr(attendance.Online)}))
		if edited.Name != "Gus Gray" || edited.GivenName != "Hana" || edited.Organization != "School" || edited.Turns != nil || *edited.Minutes != 20 || edited.SeatID != h.danas || !edited.Alternate {
			t.Errorf("edited %+v", edited)
		}
		undo()
		if back := h.ledger(m.ID)[0]; back.Name != "Hana" || !back.Guest() || back.Organization != "Nowhere" || back.Minutes != nil || *back.Turns != 2 || back.Alternate || back.Presence != attendance.Here {
			t.Errorf("taken back %+v", back)
		}
		_, err := attendance.Edit.Do(h.director(), h.app.Door, attendance.Patch{MeetingID: m.ID, ID: a.ID, Version: 1})
		wantKind(t, err, operation.Conflict)
		must[attendance.Attendance](t)(attendance.Trash.Do(ctx, h.app.Door, attendance.AtVersion{MeetingID: m.ID, ID: a.ID, Version: 3}))
		h.record(attendance.Input{MeetingID: m.ID, Name: "Hana", Organization: "Nowhere"})
		_, err = operation.Undo.Do(h.director(), h.app.Door, operation.UndoInput{ID: receipt.Entry})
		wantKind(t, err, operation.Conflict)
		several := must[operation.Page[attendance.Attendance]](t)(attendance.RecordSeveral.Do(ctx, h.app.Door, attendance.SeveralInput{MeetingID: m.ID,
			Items: []attendance.Input{{PersonID: h.dana}, {PersonID: h.eli}, {PersonID: h.dana}, {Name: "Hana", Organization: "Nowhere"}}}))
		if len(several.Items) != 4 || len(h.ledger(m.ID)) != 3 {
			t.Errorf("%d entered, %d in", len(several.Items), len(h.ledger(m.ID)))
		}
		undo()
		if left := h.ledger(m.ID); len(left) != 1 || left[0].Name != "Hana" {
			t.Errorf("left %+v", left)
		}
		_, err = attendance.RecordSeveral.Do(h.director(), h.app.Door, attendance.SeveralInput{MeetingID: m.ID, Items: []attendance.Input{{PersonID: h.dana}, {}}})
		wantFault(t, err, "items.1.name", "errors.required")
		if len(h.ledger(m.ID)) != 1 {
			t.Error("some were entered of several of which one was wrong")
		}
		other := h.meeting()
		_, err = attendance.Trash.Do(h.director(), h.app.Door, attendance.AtVersion{MeetingID: other.ID, ID: h.ledger(m.ID)[0].ID, Version: 1})
		wantKind(t, err, operation.NotFound)
	})
}

// A guest stays in once under the organization they told, whatever it is called since.
func TestGuestsOfRenamedOrganizations(t *testing.T) {
	houses(t, func(t *testing.T, h *house) {
		m := h.meeting()
		guest := attendance.Input{MeetingID: m.ID, Name: "Hana", Organization: "Clinic"}
		first := h.record(guest)
		clinic := must[directory.Organization](t)(directory.GetOrganization.Do(h.director(), h.app.Door, directory.OrganizationRef{ID: h.clinic}))
		if first.OrganizationID != clinic.ID {
			t.Fatalf("their organization: %+v", first)
		}
		must[directory.Organization](t)(directory.EditOrganization.Do(h.director(), h.app.Door, directory.OrganizationPatch{ID: clinic.ID, Version: clinic.Version, Name: ptr("Health centre")}))
		page := must[operation.Page[attendance.Attendance]](t)(attendance.RecordSeveral.Do(h.director(), h.app.Door,
			attendance.SeveralInput{MeetingID: m.ID, Items: []attendance.Input{guest, {PersonID: h.dana}}}))
		if page.Items[0].ID != first.ID || len(h.ledger(m.ID)) != 2 {
			t.Errorf("entered again: %+v", page.Items)
		}
	})
}

// Two hosts who tick the same person at once do not fight, and one entry is made.
func TestHostsDoNotFight(t *testing.T) {
	houses(t, func(t *testing.T, h *house) {
		for range 10 {
			m := h.meeting()
			var all sync.WaitGroup
			for range 8 {
				all.Go(func() {
					if _, err := attendance.Record.Do(h.director(), h.app.Door, attendance.Input{MeetingID: m.ID, PersonID: h.dana}); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if n := len(h.ledger(m.ID)); n != 1 {
				t.Fatalf("%d entries of one person", n)
			}
		}
	})
}

// Several who are entered at once by two hosts, some of them twice, are in once each,
// and neither host is refused: each portion was read before the other was written.
func TestPortionsDoNotFight(t *testing.T) {
	houses(t, func(t *testing.T, h *house) {
		for range 10 {
			m := h.meeting()
			var all sync.WaitGroup
			for k := range 6 {
				all.Go(func() {
					items := []attendance.Input{{PersonID: h.dana}, {PersonID: h.eli}, {Name: "Hana"}, {PersonID: h.gus}}
					items = append(items[k%4:], items[:k%4]...)
					page, err := attendance.RecordSeveral.Do(h.director(), h.app.Door, attendance.SeveralInput{MeetingID: m.ID, Items: items})
					if err != nil {
						t.Error(err)
					} else if len(page.Items) != 4 {
						t.Errorf("%d answered of 4", len(page.Items))
					}
				})
			}
			all.Wait()
			if n := len(h.ledger(m.ID)); n != 4 {
				t.Fatalf("%d entries of four", n)
			}
		}
	})
}

// Only those who prepare a meeting read its ledger, and nobody reads of others what
// they could be measured by.
func TestWhoReadsTheLedger(t *testing.T) {
	h := newHouse(t, "")
	m := h.meeting()
	h.record(attendance.Input{MeetingID: m.ID, PersonID: h.dana})
	as := func(role operation.Role, person directory.PersonID) context.Context {
		return operation.WithActor(operation.WithCollaborative(context.Background(), h.place), operation.Actor{Account: operation.NewAccountID(), Name: "X", Person: person,
			Roles: []operation.Role{role}, Via: operation.ViaSession})
	}
	must[operation.Page[convening.Expected]](t)(convening.SetPerson.Do(h.director(), h.app.Door, convening.PersonInput{MeetingID: m.ID, PersonID: h.gus, Invited: true, Part: "greeter"}))
	read := func(ctx context.Context) error {
		_, err := attendance.List.Do(ctx, h.app.Door, attendance.MeetingPart{MeetingID: m.ID})
		return err
	}
	if err := read(as(operation.GroupMember, h.gus)); err != nil {
		t.Errorf("whoever greets may not read the list: %v", err)
	}
	wantKind(t, read(as(operation.GroupMember, h.eli)), operation.Forbidden)
	wantKind(t, read(as(operation.Funder, h.gus)), operation.Forbidden)
	of := func(ctx context.Context) error {
		page, err := attendance.OfPerson.Do(ctx, h.app.Door, attendance.OfPersonInput{PersonID: h.dana})
		if err == nil && (len(page.Items) != 1 || page.Items[0].Meeting != "Table" || page.Items[0].On != "2026-05-14") {
			t.Errorf("of Dana: %+v", page.Items)
		}
		return err
	}
	if err := of(as(operation.TableMember, h.dana)); err != nil {
		t.Error(err)
	}
	wantKind(t, of(as(operation.TableMember, h.eli)), operation.Forbidden)
	organization := func(ctx context.Context) error {
		page, err := attendance.OfOrganization.Do(ctx, h.app.Door, attendance.OfOrganizationInput{OrganizationID: h.clinic})
		if err == nil && len(page.Items) != 1 {
			t.Errorf("of the clinic: %+v", page.Items)
		}
		return err
	}
	if err := organization(h.as(operation.Staff)); err != nil {
		t.Error(err)
	}
	wantKind(t, organization(as(operation.Funder, h.gus)), operation.Forbidden)
}

// A term that grows brings the meetings of its new days with it, and touches no others.
func TestATermThatGrows(t *testing.T) {
	h := newHouse(t, "")
	w := newWalk(h, 1)
	m := must[convening.Meeting](t)(convening.CreateMeeting.Do(h.director(), h.app.Door, convening.MeetingInput{BodyID: h.table.ID, On: "2026-03-01", Starts: "10:00", Held: true}))
	w.meetings = append(w.meetings, m.ID)
	h.record(attendance.Input{MeetingID: m.ID, PersonID: h.gus})
	terms := func(to string) {
		t.Helper()
		s := must[directory.Seat](t)(directory.GetSeat.Do(h.director(), h.app.Door, directory.SeatRef{ID: h.empty}))
		must[directory.Seat](t)(directory.EditSeat.Do(h.director(), h.app.Door, directory.SeatPatch{ID: h.empty, Version: s.Version, Terms: &[]directory.TermInput{{PersonID: h.gus, OrganizationID: h.clinic, From: "2025-02-01", To: to}}}))
		w.compare(0)
	}
	terms("2026-02-01")
	terms("2026-04-01")
	key := sumOf{h.table.ID, "seat", h.empty, "year", "2026-01-01"}
	if sum := w.kept()[key]; sum.Attendance.Seats.Some != 1 || sum.Attendance.Seats.All != 1 {
		t.Errorf("the longer term: %+v", sum)
	}
	terms("2026-03-01")
	if sum, there := w.kept()[key]; there {
		t.Errorf("the shorter term: %+v", sum)
	}
}

// A rule for coming late or leaving early decides what counts, in figures and in
// quorums, also of meetings that were held before it was made.
func TestRuleOfPresence(t *testing.T) {
	houses(t, func(t *testing.T, h *house) {
		m := h.meeting()
		h.record(attendance.Input{MeetingID: m.ID, PersonID: h.dana, Minutes: ptr(int64(29))})
		h.record(attendance.Input{MeetingID: m.ID, PersonID: h.eli, Minutes: ptr(int64(30))})
		h.record(attendance.Input{MeetingID: m.ID, PersonID: h.gus})
		must[attendance.PresenceRule](t)(attendance.SetRule.Do(h.director(), h.app.Door, attendance.PresenceRule{BodyID: h.table.ID, Percent: 50}))
		var counts []bool
		for _, a := range h.ledger(m.ID) {
			counts = append(counts, a.Counts)
		}
		if len(counts) != 3 || counts[0] || !counts[1] || !counts[2] {
			t.Errorf("counts %v", counts)
		}
		if q := must[attendance.Quorum](t)(attendance.GetQuorum.Do(h.director(), h.app.Door, attendance.MeetingPart{MeetingID: m.ID})); q.Here != 2 || q.Present != 1 {
			t.Errorf("quorum %+v", q)
		}
		_, err := attendance.SetRule.Do(h.director(), h.app.Door, attendance.PresenceRule{BodyID: h.table.ID, Percent: 101})
		wantKind(t, err, operation.Invalid)
	})
}

// A name that a report uses means one person in a body, until it is forgotten.
func TestRememberedNames(t *testing.T) {
	houses(t, func(t *testing.T, h *house) {
		name := attendance.NameInput{BodyID: h.table.ID, Name: "iPhone (Gus Gray)", PersonID: h.gus}
		must[attendance.RememberedName](t)(attendance.SetName.Do(h.director(), h.app.Door, name))
		must[attendance.RememberedName](t)(attendance.SetName.Do(h.director(), h.app.Door, attendance.NameInput{Name: "Gus", PersonID: h.gus}))
		list := func(body directory.BodyID) []attendance.RememberedName {
			t.Helper()
			return must[operation.Page[attendance.RememberedName]](t)(attendance.ListNames.Do(h.director(), h.app.Door, attendance.NamesInput{BodyID: body})).Items
		}
		if got := list(h.table.ID); len(got) != 1 || got[0].Person != "Gus Gray" || got[0].BodyID != h.table.ID {
			t.Errorf("remembered %+v", got)
		}
		var receipt operation.Receipt
		name.PersonID, name.Name = h.eli, "IPHONE gus gray"
		must[attendance.RememberedName](t)(attendance.SetName.Do(operation.WithReceipt(h.director(), &receipt), h.app.Door, name))
		if got := list(h.table.ID); len(got) != 1 || got[0].PersonID != h.eli {
			t.Errorf("corrected %+v", got)
		}
		must[operation.Entry](t)(operation.Undo.Do(h.director(), h.app.Door, operation.UndoInput{ID: receipt.Entry}))
		if got := list(h.table.ID); len(got) != 1 || got[0].PersonID != h.gus {
			t.Errorf("taken back %+v", got)
		}
		must[operation.None](t)(attendance.ForgetName.Do(h.director(), h.app.Door, attendance.NameRef{BodyID: h.table.ID, Name: "iphone (gus gray)"}))
		if got := list(h.table.ID); len(got) != 0 {
			t.Errorf("forgotten %+v", got)
		}
		if got := list(directory.BodyID{}); len(got) != 1 {
			t.Errorf("of no body: %+v", got)
		}
	})
}
