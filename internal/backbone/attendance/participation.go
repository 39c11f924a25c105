package attendance

import (
	"bytes"
	"cmp"
	"errors"
	"maps"
	"slices"
	"time"

	"commontable/internal/analysis/day"
	"commontable/internal/analysis/participation"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// bodyDay is one day of a body; the body is zero for meetings of none.
type bodyDay struct {
	Body directory.BodyID
	On   string
}

// The spans for which participation is kept.
const (
	spanDay   = "day"
	spanMonth = "month"
	spanYear  = "year"
)

// The kinds of those who are numbered.
const (
	numberedOrganization = "organization"
	numberedSeat         = "seat"
)

// recount counts days of bodies anew from their records and moves the month and the
// year of each by the difference. A day that is counted twice comes out the same.
// It reads and writes bodies, days, months and years in that order.
func recount(c *operation.Call, days map[bodyDay]bool) error {
	n := &numbers{c: c, known: map[string]map[[16]byte]int{numberedOrganization: {}, numberedSeat: {}}}
	order := slices.SortedFunc(maps.Keys(days), func(a, b bodyDay) int {
		return cmp.Or(bytes.Compare(a.Body[:], b.Body[:]), cmp.Compare(a.On, b.On))
	})
	for len(order) > 0 {
		body := order[0].Body
		moved := map[string]map[string][]difference{spanMonth: {}, spanYear: {}}
		for len(order) > 0 && order[0].Body == body {
			on := order[0].On
			order = order[1:]
			d, err := recountDay(c, n, body, on)
			if err != nil {
				return err
			}
			if d == nil {
				continue
			}
			moved[spanMonth][on[:7]+"-01"] = append(moved[spanMonth][on[:7]+"-01"], *d)
			moved[spanYear][on[:4]+"-01-01"] = append(moved[spanYear][on[:4]+"-01-01"], *d)
		}
		for _, span := range []string{spanMonth, spanYear} {
			for _, first := range slices.Sorted(maps.Keys(moved[span])) {
				if err := move(c, body, span, first, moved[span][first]); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// difference is what a day was counted as, and is now.
type difference struct{ before, after participation.Counted }

// recountDay counts one day anew; nil when nothing came out differently.
func recountDay(c *operation.Call, n *numbers, body directory.BodyID, on string) (*difference, error) {
	after, err := count(c, n, body, on)
	if err != nil {
		return nil, err
	}
	was, err := readPeriod(c, body, spanDay, on)
	if err != nil {
		return nil, err
	}
	if bytes.Equal(was.organizations, written(after.Organizations)) && bytes.Equal(was.seats, written(after.Seats)) {
		return nil, nil
	}
	before, err := was.sums()
	if err != nil {
		return nil, err
	}
	return &difference{before, after}, writePeriod(c, body, spanDay, on, after)
}

// move moves a month or a year by what its days came to.
func move(c *operation.Call, body directory.BodyID, span, first string, days []difference) error {
	was, err := readPeriod(c, body, span, first)
	if err != nil {
		return err
	}
	sums, err := was.sums()
	if err != nil {
		return err
	}
	for _, d := range days {
		var wrong, other error
		sums.Organizations, wrong = sums.Organizations.Moved(d.before.Organizations, d.after.Organizations)
		sums.Seats, other = sums.Seats.Moved(d.before.Seats, d.after.Seats)
		if err := errors.Join(wrong, other); err != nil {
			return err
		}
	}
	return writePeriod(c, body, span, first, sums)
}

// period is a row of participation_periods.
type period struct{ organizations, seats []byte }

func readPeriod(c *operation.Call, body directory.BodyID, span, first string) (period, error) {
	p, err := store.One(c.Tx, func(row store.Row) (p period, err error) { return p, row.Scan(&p.organizations, &p.seats) },
		`SELECT organizations, seats FROM participation_periods WHERE collaborative_id = $1 AND body_id = $2 AND span = $3 AND first_on = $4`, body[:], span, first)
	if errors.Is(err, store.ErrNotFound) {
		return period{}, nil
	}
	return p, err
}

func (p period) sums() (participation.Counted, error) {
	organizations, wrong := participation.SumsFromBytes(p.organizations)
	seats, other := participation.SumsFromBytes(p.seats)
	return participation.Counted{Organizations: organizations, Seats: seats}, errors.Join(wrong, other)
}

// written is how sums are stored; nothing for none.
func written(s participation.Sums) []byte {
	if len(s) == 0 {
		return nil
	}
	return s.Bytes()
}

// writePeriod stores the sums of a period; one in which nothing was has no row.
func writePeriod(c *operation.Call, body directory.BodyID, span, first string, sums participation.Counted) error {
	if len(sums.Organizations) == 0 && len(sums.Seats) == 0 {
		_, err := c.Tx.Exec(`DELETE FROM participation_periods WHERE collaborative_id = $1 AND body_id = $2 AND span = $3 AND first_on = $4`, body[:], span, first)
		return err
	}
	_, err := c.Tx.Exec(`INSERT INTO participation_periods (collaborative_id, body_id, span, first_on, organizations, seats, present) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (collaborative_id, body_id, span, first_on) DO UPDATE SET organizations = excluded.organizations, seats = excluded.seats, present = excluded.present`,
		body[:], span, first, sums.Organizations.Bytes(), sums.Seats.Bytes(), sums.Organizations.Present().Bytes())
	return err
}

// count counts what a body did on a day, from its records alone.
func count(c *operation.Call, n *numbers, body directory.BodyID, on string) (participation.Counted, error) {
	date, err := day.Parse(on)
	if err != nil {
		return participation.Counted{}, err
	}
	r, err := readRecords(c, body, on)
	if err != nil {
		return participation.Counted{}, err
	}
	duties, err := readDuties(c, body, on, r.terms)
	if err != nil {
		return participation.Counted{}, err
	}
	if err := n.learn(r, duties); err != nil {
		return participation.Counted{}, err
	}
	var counted []participation.Duty
	for _, d := range duties {
		counted = append(counted, participation.Duty{Organization: n.organization(d.organization), Seat: n.seat(d.seat), Action: d.action})
	}
	return participation.Count(r.meetings(n, date), counted)
}

// records are those that a day of a body is counted from.
type records struct {
	held    []heldMeeting
	terms   []directory.ActiveTerm
	entries []counted
	percent int64
}

type heldMeeting struct {
	id      [16]byte
	minutes int64
}

// counted is what counts of a row of attendances.
type counted struct {
	meeting      [16]byte
	person       directory.PersonID
	organization directory.OrganizationID
	standsIn     directory.SeatID
	minutes      *int64
	engagement   *int64
	turns        *int64
}

func readRecords(c *operation.Call, body directory.BodyID, on string) (r records, err error) {
	var ids [][]byte
	r.held, err = store.Collect(c.Tx, func(row store.Row) (m heldMeeting, err error) {
		var i MeetingID
		var starts, ends time.Time
		err = row.Scan(&i, store.ScanTime(&starts), store.ScanTime(&ends))
		m.id, m.minutes = i, int64(ends.Sub(starts)/time.Minute)
		ids = append(ids, i[:])
		return m, err
	}, `SELECT meetings.id, meetings.starts_at, meetings.ends_at FROM participation_meetings JOIN meetings ON meetings.collaborative_id = $1 AND meetings.id = participation_meetings.meeting_id
		WHERE participation_meetings.collaborative_id = $1 AND participation_meetings.body_id = $2 AND participation_meetings.held_on = $3 ORDER BY participation_meetings.meeting_id`, body[:], on)
	if err != nil {
		return r, err
	}
	if !body.IsZero() {
		if r.terms, err = directory.TermsOn(c, body, on); err != nil {
			return r, err
		}
	}
	if len(r.held) == 0 {
		return r, nil
	}
	if r.entries, err = store.Collect(c.Tx, func(row store.Row) (e counted, err error) {
		var m MeetingID
		err = row.Scan(&m, &e.person, &e.organization, &e.standsIn, &e.minutes, &e.engagement, &e.turns)
		e.meeting = m
		return e, err
	}, `SELECT meeting_id, person_id, organization_id, seat_id, minutes, engagement, turns FROM attendances WHERE collaborative_id = $1 AND meeting_id IN ($2) AND deleted_at IS NULL`, store.In(ids)); err != nil {
		return r, err
	}
	if body.IsZero() {
		return r, nil
	}
	r.percent, err = percentOf(c, body)
	return r, err
}

// meetings are the records as participation.Count takes them.
func (r records) meetings(n *numbers, date day.Day) []participation.Meeting {
	var places []participation.Place
	own := map[directory.PersonID][]int{}
	for _, t := range r.terms {
		seat := n.seat(t.SeatID)
		places = append(places, participation.Place{Seat: seat, Organization: n.organization(t.OrganizationID), Term: day.Span{From: date, Until: date + 1}})
		own[t.PersonID] = append(own[t.PersonID], seat)
	}
	out := make([]participation.Meeting, 0, len(r.held))
	for _, held := range r.held {
		m := participation.Meeting{On: date, Held: true, Places: places}
		for _, e := range r.entries {
			if e.meeting != held.id {
				continue
			}
			a := participation.Attendee{Organization: n.organization(e.organization), Seat: participation.NoSeat, There: counts(e.minutes, held.minutes, r.percent)}
			if e.turns != nil {
				m.Recorded, a.Turns = true, *e.turns
			}
			if e.engagement != nil {
				a.Observed, a.Level = true, int(*e.engagement)
			}
			var seats []int
			if !e.person.IsZero() {
				seats = own[e.person]
			}
			if !e.standsIn.IsZero() {
				a.Seat = n.seat(e.standsIn)
				a.Alternate = !slices.Contains(seats, a.Seat) // nobody stands in for themselves
				seats = slices.DeleteFunc(slices.Clone(seats), func(s int) bool { return s == a.Seat })
			} else if len(seats) > 0 {
				a.Seat, seats = seats[0], seats[1:]
			}
			m.Attendees = append(m.Attendees, a)
			// Who holds two seats was there in both, and spoke once.
			for _, seat := range seats {
				m.Attendees = append(m.Attendees, participation.Attendee{Organization: a.Organization, Seat: seat, There: a.There})
			}
		}
		out = append(out, m)
	}
	return out
}

// counts says whether somebody who was there so long counts as having been there:
// by the rule of the body, a share of the meeting in per cent.
func counts(minutes *int64, planned, percent int64) bool {
	return minutes == nil || *minutes*100 >= percent*planned
}
