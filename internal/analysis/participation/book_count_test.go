package participation_test

import (
	"errors"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"commontable/internal/analysis/day"
	"commontable/internal/analysis/participation"
	"commontable/internal/analysis/roster"
	"commontable/internal/analysis/stats"
)

const (
	smallOrganizations = 5
	smallSeats         = 6 // seat s belongs to organization s mod 5
	smallDays          = 800
)

// small is a small table: all its records, and the book that is kept beside them.
type small struct {
	seats    [2][]participation.Place // by body
	meetings [2][]participation.Meeting
	duties   [2][]participation.Duty
	book     book
}

func anyAttendee(t *rapid.T) participation.Attendee {
	return participation.Attendee{
		Organization: rapid.IntRange(0, smallOrganizations-1).Draw(t, "organization"),
		Seat:         rapid.IntRange(participation.NoSeat, smallSeats-1).Draw(t, "seat"),
		Alternate:    rapid.Bool().Draw(t, "alternate"), There: rapid.Bool().Draw(t, "there"),
		Turns: rapid.Int64Range(0, 9).Draw(t, "turns"),
		Level: rapid.IntRange(0, 4).Draw(t, "level"), Observed: rapid.Bool().Draw(t, "observed"),
	}
}

func anyDay(t *rapid.T) day.Day { return 20_000 + day.Day(rapid.IntRange(0, smallDays).Draw(t, "day")) }

func anyDuty(t *rapid.T) participation.Duty {
	agreed := anyDay(t)
	return participation.Duty{
		Organization: rapid.IntRange(0, smallOrganizations-1).Draw(t, "owner"), Seat: rapid.IntRange(participation.NoSeat, smallSeats-1).Draw(t, "seat"),
		Action: participation.Action{
			Agreed: agreed, Due: agreed + day.Day(rapid.IntRange(0, 90).Draw(t, "due")), Dated: rapid.IntRange(0, 9).Draw(t, "dated") > 0,
			End: participation.Ending(rapid.IntRange(0, 3).Draw(t, "end")), On: agreed + day.Day(rapid.IntRange(0, 200).Draw(t, "on")),
		},
	}
}

// recount does what a transaction does that touched a day of a body.
func (s *small) recount(t *rapid.T, body int, on day.Day) {
	var meetings []participation.Meeting
	for _, m := range s.meetings[body] {
		if m.On == on {
			m.Places = s.seats[body]
			meetings = append(meetings, m)
		}
	}
	var duties []participation.Duty
	for _, d := range s.duties[body] {
		if counts, ok := d.Action.Day(); ok && counts == on {
			duties = append(duties, d)
		}
	}
	if err := s.book.recount(body, on, meetings, duties); err != nil {
		t.Fatal(err)
	}
}

// change changes one record and recounts the days it touched.
func (s *small) change(t *rapid.T) {
	body := rapid.IntRange(0, 1).Draw(t, "body")
	switch what := rapid.IntRange(0, 6).Draw(t, "what"); {
	case what == 0 || len(s.meetings[body]) == 0:
		m := participation.Meeting{On: anyDay(t), Held: true, Recorded: rapid.Bool().Draw(t, "recorded")}
		m.Attendees = rapid.SliceOfN(rapid.Custom(anyAttendee), 0, 6).Draw(t, "attendees")
		s.meetings[body] = append(s.meetings[body], m)
		s.recount(t, body, m.On)
	case what == 1: // an action is agreed
		d := anyDuty(t)
		s.duties[body] = append(s.duties[body], d)
		s.touch(t, body, d)
	case what == 2 && len(s.duties[body]) > 0: // an action ends, or is due on another day
		d := &s.duties[body][rapid.IntRange(0, len(s.duties[body])-1).Draw(t, "duty")]
		old := *d
		*d = anyDuty(t)
		s.touch(t, body, old)
		s.touch(t, body, *d)
	case what == 3: // a seat becomes active on other days
		from := anyDay(t)
		p := participation.Place{Seat: rapid.IntRange(0, smallSeats-1).Draw(t, "seat"), Term: day.Span{From: from, Until: from + day.Day(rapid.IntRange(0, 500).Draw(t, "term"))}}
		p.Organization = p.Seat % smallOrganizations
		s.seats[body] = slices.DeleteFunc(s.seats[body], func(q participation.Place) bool { return q.Seat == p.Seat })
		s.seats[body] = append(s.seats[body], p)
		for _, m := range s.meetings[body] {
			s.recount(t, body, m.On)
		}
	default:
		m := &s.meetings[body][rapid.IntRange(0, len(s.meetings[body])-1).Draw(t, "meeting")]
		old := m.On
		switch {
		case what == 4:
			m.Held = !m.Held
		case what == 5:
			m.On = anyDay(t)
		case len(m.Attendees) > 0: // one row of attendance
			m.Attendees = slices.Clone(m.Attendees)
			m.Attendees[rapid.IntRange(0, len(m.Attendees)-1).Draw(t, "row")] = anyAttendee(t)
		}
		s.recount(t, body, old)
		s.recount(t, body, m.On)
	}
}

func (s *small) touch(t *rapid.T, body int, d participation.Duty) {
	if on, ok := d.Action.Day(); ok {
		s.recount(t, body, on)
	}
}

// long counts a span of days for one organization or one seat the long way round, from the records alone.
func (s *small) long(bodies []int, span day.Span, isOrganization bool, number int) participation.Sum {
	var out participation.Sum
	is := func(organization, seat int) bool {
		return isOrganization && organization == number || !isOrganization && seat == number
	}
	for _, body := range bodies {
		for _, m := range s.meetings[body] {
			if m.On < span.From || m.On >= span.Until || !m.Held {
				continue
			}
			due, present, came, turns := int64(0), int64(0), false, int64(0)
			for _, p := range s.seats[body] {
				if !is(p.Organization, p.Seat) || m.On < p.Term.From || m.On >= p.Term.Until {
					continue
				}
				due = 1
				out.Attendance.Seats.All++
				holder := slices.ContainsFunc(m.Attendees, func(a participation.Attendee) bool { return a.There && a.Seat == p.Seat && !a.Alternate })
				if holder {
					out.Attendance.Seats.Some++
				}
				if slices.ContainsFunc(m.Attendees, func(a participation.Attendee) bool { return a.There && a.Seat == p.Seat }) {
					present = 1
				}
			}
			out.Attendance.Presence.All += due
			out.Attendance.Presence.Some += present
			for _, a := range m.Attendees {
				if !is(a.Organization, a.Seat) {
					continue
				}
				if a.Observed {
					out.Engagement[a.Level]++
				}
				if a.There {
					came = true
					turns += a.Turns
				}
			}
			if came {
				out.Voice.Attended++
				if m.Recorded {
					out.Voice.Spoke.All++
					out.Voice.Turns += turns
					if turns > 0 {
						out.Voice.Spoke.Some++
					}
				}
			}
		}
		for _, d := range s.duties[body] {
			a := d.Action
			if !is(d.Organization, d.Seat) || !a.Dated || a.Due < span.From || a.Due >= span.Until {
				continue
			}
			if inTime := a.End != participation.Open && a.On <= a.Due; inTime && a.End != participation.Done {
				continue
			} else if inTime {
				out.Kept.Some++
			}
			out.Kept.All++
		}
	}
	return out
}

// Whatever was changed in whatever order, the book says of any span, some bodies and a sector what the records say.
func TestBookAgainstCounting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := small{book: book{rows: map[place]written{}}}
		for body := range s.seats {
			for seat := range rapid.IntRange(0, smallSeats).Draw(t, "seats") {
				s.seats[body] = append(s.seats[body], participation.Place{Seat: seat, Organization: seat % smallOrganizations, Term: day.Span{From: 20_100, Until: 20_000 + smallDays}})
			}
		}
		for range rapid.IntRange(1, 25).Draw(t, "changes") {
			s.change(t)
		}
		bodies := rapid.SampledFrom([][]int{{0}, {1}, {0, 1}}).Draw(t, "bodies")
		asOf := anyDay(t)
		span := rapid.SampledFrom([]day.Span{
			day.TwelveMonths(asOf), day.Years.Period(asOf), asOf.Month().Span(), day.Ending(asOf, 90), {From: day.First, Until: asOf + 1},
		}).Draw(t, "span")
		sector, err := roster.Of(rapid.SliceOfN(rapid.IntRange(0, smallOrganizations-1), 0, 4).Draw(t, "sector")...)
		if err != nil {
			t.Fatal(err)
		}

		var all, inSector, bySeat participation.Sums
		for n := range smallOrganizations {
			if sum := s.long(bodies, span, true, n); sum != (participation.Sum{}) {
				all = append(all, participation.Row{Number: n, Sum: sum})
				if sector.Has(n) {
					inSector = append(inSector, participation.Row{Number: n, Sum: sum})
				}
			}
		}
		for n := range smallSeats {
			if sum := s.long(bodies, span, false, n); sum != (participation.Sum{}) {
				bySeat = append(bySeat, participation.Row{Number: n, Sum: sum})
			}
		}
		got, err := s.book.organizations(smallOrganizations, bodies, span)
		if err != nil || !same(got, all) || !same(got.Within(sector), inSector) {
			t.Fatalf("%+v, %v; want %+v", got, err, all)
		}
		if got, err := s.book.seats(smallSeats, bodies, span); err != nil || !same(got, bySeat) {
			t.Fatalf("by seat %+v, %v; want %+v", got, err, bySeat)
		}

		var gatherings []participation.Gathering
		for _, body := range bodies {
			for _, m := range s.meetings[body] {
				g := participation.Gathering{On: m.On}
				for _, a := range m.Attendees {
					if a.There && m.Held {
						_ = g.Present.Add(a.Organization)
					}
				}
				gatherings = append(gatherings, g)
			}
		}
		want := participation.BreadthOn(gatherings, sector, asOf, participation.BreadthDays)
		if got, err := s.book.breadth(bodies, sector, asOf, participation.BreadthDays); err != nil || got != want {
			t.Fatalf("breadth %+v, %v; want %+v", got, err, want)
		}

		var turns []int64
		for _, row := range all {
			turns = append(turns, row.Sum.Voice.Turns)
		}
		spread, err := participation.Turns(turns)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := got.Turns(); err != nil || got != spread {
			t.Fatalf("turns %+v, %v; want %+v", got, err, spread)
		}
		s.checkRecords(t, bodies, asOf)
	})
}

func same(a, b participation.Sums) bool { return len(a)+len(b) == 0 || reflect.DeepEqual(a, b) }

// checkRecords compares what warnings are made from: half a year, and the two before it.
func (s *small) checkRecords(t *rapid.T, bodies []int, asOf day.Day) {
	var windows []day.Span
	var sums []participation.Sums
	for i := range 3 {
		windows = append(windows, day.Span{From: asOf.MonthsBefore(6*i+6) + 1, Until: asOf.MonthsBefore(6*i) + 1})
		one, err := s.book.organizations(smallOrganizations, bodies, windows[i])
		if err != nil {
			t.Fatal(err)
		}
		sums = append(sums, one)
	}
	numbers, records := participation.Records(func(s participation.Sum) stats.Share { return s.Attendance.Presence }, sums[0], sums[1:]...)
	for n := range smallOrganizations {
		var want [3]stats.Share
		for i, w := range windows {
			want[i] = s.long(bodies, w, true, n).Attendance.Presence
		}
		i, found := slices.BinarySearch(numbers, n)
		if due := want[0].All+want[1].All+want[2].All > 0; due != found {
			t.Fatalf("organization %d: found %v, due %v", n, found, want)
		}
		if found && (records[i].Recent != want[0] || !slices.Equal(records[i].Earlier, want[1:])) {
			t.Fatalf("organization %d: %+v, want %v", n, records[i], want)
		}
	}
}

func TestCountRefusesWhatCannotBe(t *testing.T) {
	meeting := func(a participation.Attendee, places ...participation.Place) []participation.Meeting {
		return []participation.Meeting{{Held: true, Places: places, Attendees: []participation.Attendee{a}}}
	}
	for name, c := range map[string]struct {
		meetings []participation.Meeting
		want     error
	}{
		"a number below none":  {meeting(participation.Attendee{Organization: -2, Seat: participation.NoSeat, There: true}), participation.ErrSums},
		"a number too high":    {meeting(participation.Attendee{Seat: roster.Most + 1, There: true}), participation.ErrSums},
		"no level":             {meeting(participation.Attendee{Seat: participation.NoSeat, Level: 5, Observed: true}), participation.ErrLevel},
		"a place without seat": {meeting(participation.Attendee{}, participation.Place{Seat: participation.NoSeat}), participation.ErrSums},
	} {
		if got, err := participation.Count(c.meetings, nil); !errors.Is(err, c.want) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if _, err := participation.NewTally(-1); !errors.Is(err, participation.ErrSums) {
		t.Error(err)
	}
	tally, err := participation.NewTally(3)
	if err != nil {
		t.Fatal(err)
	}
	row := participation.Sums{{Number: 3, Sum: participation.Sum{Kept: stats.Share{All: 1}}}}
	if err := tally.Add(row.Bytes()); !errors.Is(err, participation.ErrSums) {
		t.Errorf("a number that is not of the tally: %v", err)
	}
}
