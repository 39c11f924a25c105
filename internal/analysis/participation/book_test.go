package participation_test

import (
	"slices"

	"commontable/internal/analysis/day"
	"commontable/internal/analysis/participation"
	"commontable/internal/analysis/roster"
)

// place is where the summary of a period of a body lies.
type place struct {
	body int
	unit day.Unit
	from day.Day
}

// written is one row of the summaries.
type written struct{ present, organizations, seats []byte }

// book keeps summaries as the store would: a row for each body and day, month and year.
type book struct {
	rows map[place]written
	keys []place // by body, unit and first day, as an index has them
}

// recount counts a day of a body anew and moves its month and year by the difference.
func (b *book) recount(body int, on day.Day, meetings []participation.Meeting, duties []participation.Duty) error {
	after, err := participation.Count(meetings, duties)
	if err != nil {
		return err
	}
	old := b.rows[place{body, day.Days, on}]
	var before participation.Counted
	if before.Organizations, err = participation.SumsFromBytes(old.organizations); err != nil {
		return err
	}
	if before.Seats, err = participation.SumsFromBytes(old.seats); err != nil {
		return err
	}
	for _, unit := range []day.Unit{day.Days, day.Months, day.Years} {
		at := place{body, unit, unit.Period(on).From}
		row, found := b.rows[at]
		organizations, err := participation.SumsFromBytes(row.organizations)
		if err != nil {
			return err
		}
		if organizations, err = organizations.Moved(before.Organizations, after.Organizations); err != nil {
			return err
		}
		seats, err := participation.SumsFromBytes(row.seats)
		if err != nil {
			return err
		}
		if seats, err = seats.Moved(before.Seats, after.Seats); err != nil {
			return err
		}
		if !found {
			i, _ := slices.BinarySearchFunc(b.keys, at, byPlace)
			b.keys = slices.Insert(b.keys, i, at)
		}
		b.rows[at] = written{organizations.Present().Bytes(), organizations.Bytes(), seats.Bytes()}
	}
	return nil
}

func byPlace(a, b place) int {
	if a.body != b.body {
		return a.body - b.body
	}
	if a.unit != b.unit {
		return int(a.unit) - int(b.unit)
	}
	return int(a.from) - int(b.from)
}

// read calls a function with each row that a span of days of some bodies is made of.
func (b *book) read(bodies []int, span day.Span, row func(written) error) (n int, err error) {
	for _, body := range bodies {
		for _, s := range span.Stretches() {
			i, _ := slices.BinarySearchFunc(b.keys, place{body, s.Unit, s.Span.From}, byPlace)
			for ; i < len(b.keys) && b.keys[i].body == body && b.keys[i].unit == s.Unit && b.keys[i].from < s.Span.Until; i++ {
				n++
				if err := row(b.rows[b.keys[i]]); err != nil {
					return n, err
				}
			}
		}
	}
	return n, nil
}

// organizations is the sums of a span of days, and seats the same by seat.
func (b *book) organizations(members int, bodies []int, span day.Span) (participation.Sums, error) {
	t, err := participation.NewTally(members)
	if err != nil {
		return nil, err
	}
	_, err = b.read(bodies, span, func(w written) error { return t.Add(w.organizations) })
	return t.Sums(), err
}

func (b *book) seats(members int, bodies []int, span day.Span) (participation.Sums, error) {
	t, err := participation.NewTally(members)
	if err != nil {
		return nil, err
	}
	_, err = b.read(bodies, span, func(w written) error { return t.Add(w.seats) })
	return t.Sums(), err
}

// present is who was there in a span of days.
func (b *book) present(bodies []int, span day.Span) (roster.Roster, error) {
	var all roster.Roster
	_, err := b.read(bodies, span, func(w written) error {
		one, err := roster.FromBytes(w.present)
		all.Include(one)
		return err
	})
	return all, err
}

// breadth is breadth as of a day.
func (b *book) breadth(bodies []int, members roster.Roster, asOf day.Day, n int) (participation.Breadth, error) {
	window, before := participation.Windows(asOf, n)
	var sets [3]roster.Roster
	for i, span := range []day.Span{window, before, {From: day.First, Until: before.From}} {
		var err error
		if sets[i], err = b.present(bodies, span); err != nil {
			return participation.Breadth{}, err
		}
	}
	return participation.BreadthOf(sets[0], sets[1], sets[2], members), nil
}
