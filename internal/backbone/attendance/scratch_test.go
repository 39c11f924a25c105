package attendance_test

import (
	"time"

	"commontable/internal/analysis/participation"
	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/store"
)

type scratchMeeting struct {
	id      attendance.MeetingID
	body    directory.BodyID
	on      string
	minutes int64
}

type scratchTerm struct {
	seat         directory.SeatID
	body         directory.BodyID
	person       directory.PersonID
	organization directory.OrganizationID
	from, to     string
}

type scratchEntry struct {
	meeting                    attendance.MeetingID
	person                     directory.PersonID
	organization               directory.OrganizationID
	seat                       directory.SeatID
	minutes, engagement, turns *int64
}

type scratchAction struct {
	body                   directory.BodyID
	person                 directory.PersonID
	organization           directory.OrganizationID
	due, agreed, end, when string
}

type scratchStay struct {
	person       directory.PersonID
	organization directory.OrganizationID
	from, to     string
}

// scratch counts everything from the records, one question at a time and sharing
// nothing with the code that keeps the sums.
func (w *walk) scratch() map[sumOf]participation.Sum {
	var meetings []scratchMeeting
	var terms []scratchTerm
	var entries []scratchEntry
	var promises []scratchAction
	var stays []scratchStay
	percents := map[directory.BodyID]int64{}
	w.read(func(tx *store.Tx) (err error) {
		if meetings, err = store.Collect(tx, func(row store.Row) (m scratchMeeting, err error) {
			var from, to time.Time
			err = row.Scan(&m.id, &m.body, &m.on, store.ScanTime(&from), store.ScanTime(&to))
			m.minutes = int64(to.Sub(from).Minutes())
			return m, err
		}, `SELECT id, body_id, held_on, starts_at, ends_at FROM meetings WHERE collaborative_id = $1 AND deleted_at IS NULL AND state <> 'planned' AND state <> 'agenda_sent' AND state <> 'cancelled'`); err != nil {
			return err
		}
		if terms, err = store.Collect(tx, func(row store.Row) (t scratchTerm, err error) {
			var seatFrom, seatTo string
			var own directory.OrganizationID
			err = row.Scan(&t.seat, &t.body, &t.person, &t.organization, &own, &t.from, store.ScanText(&t.to), &seatFrom, store.ScanText(&seatTo))
			if t.organization.IsZero() {
				t.organization = own
			}
			if seatFrom > t.from {
				t.from = seatFrom
			}
			if seatTo != "" && (t.to == "" || seatTo < t.to) {
				t.to = seatTo
			}
			return t, err
		}, `SELECT seats.id, seats.body_id, seat_terms.person_id, seat_terms.organization_id, seats.organization_id, seat_terms.valid_from, seat_terms.valid_to, seats.valid_from, seats.valid_to
			FROM seat_terms JOIN seats ON seats.collaborative_id = $1 AND seats.id = seat_terms.seat_id WHERE seat_terms.collaborative_id = $1 AND seats.deleted_at IS NULL
			ORDER BY seats.position, seats.id`); err != nil {
			return err
		}
		if entries, err = store.Collect(tx, func(row store.Row) (e scratchEntry, err error) {
			return e, row.Scan(&e.meeting, &e.person, &e.organization, &e.seat, &e.minutes, &e.engagement, &e.turns)
		}, `SELECT meeting_id, person_id, organization_id, seat_id, minutes, engagement, turns FROM attendances WHERE collaborative_id = $1 AND deleted_at IS NULL`); err != nil {
			return err
		}
		if promises, err = store.Collect(tx, func(row store.Row) (a scratchAction, err error) {
			return a, row.Scan(&a.body, &a.person, &a.organization, store.ScanText(&a.due), &a.agreed, &a.end, store.ScanText(&a.when))
		}, `SELECT (SELECT body_id FROM meetings WHERE collaborative_id = $1 AND id = actions.meeting_id), owner_person_id, owner_organization_id, due_on, agreed_on, state, ended_on
			FROM actions WHERE collaborative_id = $1 AND deleted_at IS NULL`); err != nil {
			return err
		}
		if stays, err = store.Collect(tx, func(row store.Row) (s scratchStay, err error) {
			return s, row.Scan(&s.person, &s.organization, &s.from, store.ScanText(&s.to))
		}, `SELECT person_id, organization_id, valid_from, valid_to FROM affiliations WHERE collaborative_id = $1 ORDER BY represents DESC, valid_from DESC, id DESC`); err != nil {
			return err
		}
		return store.Each(tx, func(row store.Row) error {
			var b directory.BodyID
			var n int64
			err := row.Scan(&b, &n)
			percents[b] = n
			return err
		}, `SELECT body_id, percent FROM presence_rules WHERE collaborative_id = $1`)
	})
	out := map[sumOf]participation.Sum{}
	for _, m := range meetings {
		for _, span := range [][2]string{{"day", m.on}, {"month", m.on[:8] + "01"}, {"year", m.on[:5] + "01-01"}} {
			for _, o := range w.organizations {
				key := sumOf{m.body, "organization", o, span[0], span[1]}
				out[key] = plus(out[key], one(m, terms, entries, percents[m.body], func(t scratchTerm) bool { return t.organization == o }, func(e scratchEntry, _ []scratchTerm) bool { return e.organization == o }))
			}
			for _, s := range w.seats {
				key := sumOf{m.body, "seat", s, span[0], span[1]}
				out[key] = plus(out[key], one(m, terms, entries, percents[m.body], func(t scratchTerm) bool { return t.seat == s }, func(e scratchEntry, held []scratchTerm) bool {
					return of(e, held, s)
				}))
			}
		}
	}
	for _, a := range promises {
		if a.due == "" || (a.end == "dropped" || a.end == "carried") && a.when <= a.due {
			continue
		}
		on := a.due
		if a.agreed > on {
			on = a.agreed // agreed when its day was over: missed at once
		}
		seat := whose(&a, on, terms, stays)
		for _, span := range [][2]string{{"day", on}, {"month", on[:8] + "01"}, {"year", on[:5] + "01-01"}} {
			for _, key := range []sumOf{{a.body, "organization", a.organization, span[0], span[1]}, {a.body, "seat", seat, span[0], span[1]}} {
				if key.of == [16]byte{} {
					continue
				}
				sum := out[key]
				sum.Kept.All++
				if a.end == "done" && a.when <= a.due {
					sum.Kept.Some++
				}
				out[key] = sum
			}
		}
	}
	for key, sum := range out {
		if sum == (participation.Sum{}) {
			delete(out, key)
		}
	}
	return out
}

// whose finds the seat of who promised something, and for which organization.
func whose(a *scratchAction, on string, terms []scratchTerm, stays []scratchStay) directory.SeatID {
	if a.person.IsZero() {
		return directory.SeatID{}
	}
	for _, t := range terms {
		if t.body == a.body && !a.body.IsZero() && t.person == a.person && t.from <= on && (t.to == "" || on < t.to) {
			a.organization = t.organization
			return t.seat
		}
	}
	for _, s := range stays {
		if s.person == a.person && s.from <= on && (s.to == "" || on < s.to) {
			a.organization = s.organization
			break
		}
	}
	return directory.SeatID{}
}

// of says whether an entry is of a seat: somebody stood in for it, or holds it.
func of(e scratchEntry, held []scratchTerm, s directory.SeatID) bool {
	if e.seat == s {
		return true
	}
	for _, t := range held {
		if t.person == e.person && !e.person.IsZero() && t.seat == s {
			return true
		}
	}
	return false
}

// one is what one meeting is for one organization or one seat.
func one(m scratchMeeting, terms []scratchTerm, entries []scratchEntry, percent int64, its func(scratchTerm) bool, mine func(scratchEntry, []scratchTerm) bool) participation.Sum {
	var s participation.Sum
	var held []scratchTerm
	for _, t := range terms {
		if t.body == m.body && !m.body.IsZero() && t.from <= m.on && (t.to == "" || m.on < t.to) {
			held = append(held, t)
		}
	}
	came := func(e scratchEntry) bool {
		return e.meeting == m.id && (e.minutes == nil || *e.minutes*100 >= percent*m.minutes)
	}
	due, present := int64(0), int64(0)
	for _, t := range held {
		if !its(t) {
			continue
		}
		due = 1
		s.Attendance.Seats.All++
		holder := int64(0)
		for _, e := range entries {
			if !came(e) {
				continue
			}
			if e.person == t.person && !e.person.IsZero() {
				holder, present = 1, 1
			}
			if e.seat == t.seat {
				present = 1
			}
		}
		s.Attendance.Seats.Some += holder
	}
	s.Attendance.Presence.Some, s.Attendance.Presence.All = present, due
	recorded, there, turns := false, false, int64(0)
	for _, e := range entries {
		if e.meeting != m.id {
			continue
		}
		recorded = recorded || e.turns != nil
		if !mine(e, held) {
			continue
		}
		if e.engagement != nil && primary(e, held, its, mine) {
			s.Engagement[*e.engagement]++
		}
		if came(e) {
			there = true
			if e.turns != nil && primary(e, held, its, mine) {
				turns += *e.turns
			}
		}
	}
	if there {
		s.Voice.Attended = 1
		if recorded {
			s.Voice.Spoke.All, s.Voice.Turns = 1, turns
			if turns > 0 {
				s.Voice.Spoke.Some = 1
			}
		}
	}
	return s
}

// primary says whether what somebody said counts for this seat: for the one they
// stood in for, or else for the first they hold. For organizations it always does.
func primary(e scratchEntry, held []scratchTerm, its func(scratchTerm) bool, mine func(scratchEntry, []scratchTerm) bool) bool {
	if mine(e, nil) {
		return true // the organization's, or the seat they stood in for
	}
	if !e.seat.IsZero() {
		return false
	}
	for _, t := range held {
		if t.person == e.person {
			return its(t)
		}
	}
	return false
}

func plus(a, b participation.Sum) participation.Sum {
	a.Attendance.Seats, a.Attendance.Presence = a.Attendance.Seats.Plus(b.Attendance.Seats), a.Attendance.Presence.Plus(b.Attendance.Presence)
	a.Voice.Attended += b.Voice.Attended
	a.Voice.Spoke = a.Voice.Spoke.Plus(b.Voice.Spoke)
	a.Voice.Turns += b.Voice.Turns
	for i := range a.Engagement {
		a.Engagement[i] += b.Engagement[i]
	}
	a.Kept = a.Kept.Plus(b.Kept)
	return a
}
