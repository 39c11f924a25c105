package attendance_test

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/convening"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

func (h *house) open(m convening.MeetingID) string {
	h.t.Helper()
	return must[attendance.Door](h.t)(h.app.Attendance.OpenDoor.Do(h.director(), h.app.Door, attendance.DoorInput{MeetingID: m})).Code
}

func (h *house) enter(code string, in attendance.CheckIn) (attendance.DoorView, error) {
	_, view, err := h.app.Attendance.Enter(h.nobody(), h.app.Door, code, in)
	return view, err
}

// Whoever is in the room checks in with the code, once.
func TestCheckInAtTheDoor(t *testing.T) {
	houses(t, func(t *testing.T, h *house) {
		m := h.meeting()
		code := h.open(m.ID)
		typed := strings.ToUpper(code[:5]) + " - " + code[5:]
		view, err := h.enter(typed, attendance.CheckIn{PersonID: h.dana})
		if err != nil || view.In != attendance.InNow || view.Name != "Dana" {
			t.Fatalf("%+v, %v", view, err)
		}
		if view, err = h.enter(code, attendance.CheckIn{PersonID: h.dana}); err != nil || view.In != attendance.InAlready {
			t.Errorf("again: %+v, %v", view, err)
		}
		if view, err = h.enter(code, attendance.CheckIn{PersonID: h.fay, Online: true}); err != nil || view.In != attendance.InNow {
			t.Errorf("the alternate: %+v, %v", view, err)
		}
		guest := attendance.CheckIn{Name: "Hana Holm", Organization: "Clinic", Email: "hana@mail.example", Consent: true}
		if view, err = h.enter(code, guest); err != nil || view.In != attendance.InNow || view.Name != "Hana Holm" {
			t.Errorf("a guest: %+v, %v", view, err)
		}
		if view, err = h.enter(code, guest); err != nil || view.In != attendance.InAlready {
			t.Errorf("a guest again: %+v, %v", view, err)
		}
		guest.Consent, guest.Name = false, "Ivo"
		_, err = h.enter(code, guest)
		wantFault(t, err, "consent", "attendance.consent_needed")
		_, err = h.enter(code, attendance.CheckIn{PersonID: h.stranger})
		wantFault(t, err, "person_id", "attendance.not_expected")
		all := h.ledger(m.ID)
		if len(all) != 3 {
			t.Fatalf("%d entries", len(all))
		}
		if d := all[0]; d.Source != attendance.FromSelf || d.SeatID != h.danas || d.JoinedAt == nil || d.Organization != "Clinic" {
			t.Errorf("Dana: %+v", d)
		}
		if f := all[1]; f.Presence != attendance.Online || !f.Alternate || f.SeatID != h.elis || f.Organization != "School" {
			t.Errorf("Fay: %+v", f)
		}
		if g := all[2]; !g.Guest() || g.ConsentedAt == nil || g.Email != "hana@mail.example" || g.OrganizationID != h.clinic {
			t.Errorf("Hana: %+v", g)
		}
	})
}

// The code serves only around its meeting, and not once there is a newer one.
func TestCodesOfDoorsEnd(t *testing.T) {
	houses(t, func(t *testing.T, h *house) {
		m := h.meeting() // from 15:00 to 16:00
		code := h.open(m.ID)
		state := func(c string) string {
			t.Helper()
			_, view, err := h.app.Attendance.Look(h.nobody(), h.app.Door, c)
			if err != nil {
				if operation.KindOf(err) != operation.NotFound {
					t.Error(err)
				}
				return "unknown"
			}
			return view.State
		}
		want := func(c, is string) {
			t.Helper()
			if got := state(c); got != is {
				t.Errorf("the door is %s, not %s", got, is)
			}
		}
		want(code, attendance.DoorOpen)
		h.clock.Advance(-61 * time.Minute)
		want(code, attendance.DoorEarly)
		if view, err := h.enter(code, attendance.CheckIn{PersonID: h.dana}); err != nil || view.In != attendance.NotIn {
			t.Errorf("too early: %+v, %v", view, err)
		}
		h.clock.Advance(61*time.Minute + 119*time.Minute)
		want(code, attendance.DoorOpen)
		h.clock.Advance(2 * time.Minute)
		want(code, attendance.DoorClosed)
		if view, err := h.enter(code, attendance.CheckIn{PersonID: h.dana}); err != nil || view.In != attendance.NotIn {
			t.Errorf("too late: %+v, %v", view, err)
		}
		h.clock.Advance(-time.Hour)
		newer := h.open(m.ID)
		want(code, "unknown")
		want(newer, attendance.DoorOpen)
		must[attendance.Door](t)(h.app.Attendance.CloseDoor.Do(h.director(), h.app.Door, attendance.MeetingPart{MeetingID: m.ID}))
		want(newer, "unknown")
		for _, bad := range []string{"", "aaaaaaaaaa", strings.Repeat("2", 100), "../../../..", code + "2"} {
			want(bad, "unknown")
		}
		if len(h.ledger(m.ID)) != 0 {
			t.Error("somebody came in")
		}
		last := h.open(m.ID)
		must[convening.Meeting](t)(convening.StepMeeting.Do(h.director(), h.app.Door, convening.StepInput{ID: m.ID, Version: 1, State: convening.Cancelled}))
		want(last, attendance.DoorClosed)
		// Whoever reads the database finds no code.
		if err := h.app.Store.Read(context.Background(), h.place.ID, func(tx *store.Tx) error {
			return store.Each(tx.Installation(), func(row store.Row) error {
				var hash []byte
				var payload string
				err := row.Scan(&hash, store.ScanText(&payload))
				if bytes.Contains(hash, []byte(last)) || strings.Contains(payload, last) {
					t.Error("the code lies open")
				}
				return err
			}, `SELECT token_hash, payload FROM links`)
		}); err != nil {
			t.Fatal(err)
		}
	})
}

// The code is no directory: it finds those expected at this meeting alone, by the
// beginnings of their names, and says no more of them than a first name and a letter.
func TestFindingOneselfAtTheDoor(t *testing.T) {
	h := newHouse(t, "")
	for n := range 12 {
		p := h.person("Marta", string(rune('a'+n))+"lund")
		must[operation.Page[convening.Expected]](t)(convening.SetPerson.Do(h.director(), h.app.Door, convening.PersonInput{MeetingID: h.meetingOnce().ID, PersonID: p, Invited: true}))
	}
	m := h.meetingOnce()
	code := h.open(m.ID)
	find := func(text string) attendance.Found {
		t.Helper()
		return must[attendance.Found](t)(h.app.Attendance.Find(h.nobody(), h.app.Door, code, text))
	}
	if f := find("dan"); len(f.Items) != 1 || f.Items[0] != (attendance.Choice{ID: h.dana, Label: "Dana D.", Organization: "Clinic"}) || f.More {
		t.Errorf("dan: %+v", f)
	}
	if f := find("DÍAZ dana"); len(f.Items) != 1 {
		t.Errorf("the whole name: %+v", f)
	}
	if f := find("fay"); len(f.Items) != 1 || f.Items[0].Organization != "School" {
		t.Errorf("the alternate: %+v", f)
	}
	for _, short := range []string{"", "da", "d a", "  ..", "é"} {
		if f := find(short); len(f.Items) != 0 || !f.Short {
			t.Errorf("%q: %+v", short, f)
		}
	}
	for _, nobody := range []string{"zoe", "gus", "clinic", "ana", "%%%", "dana dana", "dan x"} {
		if f := find(nobody); len(f.Items) != 0 {
			t.Errorf("%q: %+v", nobody, f)
		}
	}
	if f := find("mar"); len(f.Items) != 8 || !f.More {
		t.Errorf("mar: %d, more %t", len(f.Items), f.More)
	}
	h.clock.Advance(48 * time.Hour)
	if f := find("dan"); len(f.Items) != 0 {
		t.Errorf("after the meeting: %+v", f)
	}
}

// meetingOnce is one meeting, made when it is first asked for.
func (h *house) meetingOnce() convening.Meeting {
	h.t.Helper()
	page := must[operation.Page[convening.Meeting]](h.t)(convening.ListMeetings.Do(h.director(), h.app.Door, convening.ListMeetingsInput{}))
	if len(page.Items) > 0 {
		return page.Items[0]
	}
	return h.meeting()
}

// Many who press at once, twice each, are in once each.
func TestABurstAtTheDoor(t *testing.T) {
	houses(t, func(t *testing.T, h *house) {
		m := h.meeting()
		code := h.open(m.ID)
		var all sync.WaitGroup
		for n := range 20 {
			for range 2 {
				all.Go(func() {
					in := attendance.CheckIn{Name: "Guest " + string(rune('A'+n)), Consent: true}
					if n < 3 {
						in = attendance.CheckIn{PersonID: []operation.PersonID{h.dana, h.eli, h.fay}[n]}
					}
					if _, err := h.enter(code, in); err != nil {
						t.Error(err)
					}
				})
			}
		}
		all.Wait()
		if n := len(h.ledger(m.ID)); n != 20 {
			t.Errorf("%d entries of 20", n)
		}
	})
}

// A host enters whoever shows their code, until it is replaced.
func TestPersonalCodes(t *testing.T) {
	houses(t, func(t *testing.T, h *house) {
		m := h.meeting()
		if none := must[attendance.PersonalCode](t)(h.app.Attendance.GetCode.Do(h.director(), h.app.Door, attendance.CodeInput{PersonID: h.gus})); none.Code != "" {
			t.Errorf("a code nobody made: %+v", none)
		}
		made := must[attendance.PersonalCode](t)(h.app.Attendance.ReplaceCode.Do(h.director(), h.app.Door, attendance.CodeInput{PersonID: h.gus}))
		if shown := must[attendance.PersonalCode](t)(h.app.Attendance.GetCode.Do(h.director(), h.app.Door, attendance.CodeInput{PersonID: h.gus})); shown.Code != made.Code {
			t.Errorf("shown %+v", shown)
		}
		scan := func(code string) (attendance.Attendance, error) {
			return h.app.Attendance.Scan.Do(h.director(), h.app.Door, attendance.ScanInput{MeetingID: m.ID, Code: code})
		}
		a, err := scan(made.Code)
		if err != nil || a.PersonID != h.gus || a.Source != attendance.FromHost || !a.Fresh() {
			t.Fatalf("%+v, %v", a, err)
		}
		if a, err = scan(strings.ToUpper(made.Code)); err != nil || a.Fresh() {
			t.Errorf("again: %+v, %v", a, err)
		}
		must[attendance.PersonalCode](t)(h.app.Attendance.ReplaceCode.Do(h.director(), h.app.Door, attendance.CodeInput{PersonID: h.gus}))
		for _, bad := range []string{made.Code, "2222222222", "x"} {
			_, err = scan(bad)
			wantFault(t, err, "code", "attendance.code_unknown")
		}
		// The code of a door is no personal code, nor the other way round.
		_, err = scan(h.open(m.ID))
		wantFault(t, err, "code", "attendance.code_unknown")
	})
}
