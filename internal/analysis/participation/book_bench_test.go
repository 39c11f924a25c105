package participation_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"commontable/internal/analysis/day"
	"commontable/internal/analysis/participation"
	"commontable/internal/analysis/roster"
	"commontable/internal/analysis/stats"
)

const (
	largeOrganizations = 1000
	largeBodies        = 20
	largeSeats         = 1600 // 80 of each body
	largeMeetings      = 10_000
)

// large is ten thousand meetings of a hundred people each, and the book about them.
type large struct {
	book    book
	bodies  []int
	last    day.Day
	members roster.Roster
	newest  participation.Meeting
	rows    int
}

func newLarge(b *testing.B, years int) *large {
	chance := rand.New(rand.NewPCG(7, 2026))
	l := &large{book: book{rows: map[place]written{}}}
	for n := range largeOrganizations {
		_ = l.members.Add(n)
	}
	for body := range largeBodies {
		l.bodies = append(l.bodies, body)
		var places []participation.Place
		for s := range 80 {
			places = append(places, participation.Place{Seat: body*80 + s, Organization: (body*47 + s) % largeOrganizations, Term: day.Span{From: day.First, Until: day.Open}})
		}
		const each = largeMeetings / largeBodies
		for i := range each {
			m := participation.Meeting{On: 13_000 + day.Day(i*years*365/each+body%5), Held: true, Recorded: true, Places: places}
			for _, p := range places {
				m.Attendees = append(m.Attendees, participation.Attendee{
					Organization: p.Organization, Seat: p.Seat, There: chance.Float64() < 0.8, Alternate: chance.IntN(8) == 0,
					Turns: chance.Int64N(6), Level: chance.IntN(5), Observed: chance.IntN(3) == 0,
				})
			}
			for range 20 {
				m.Attendees = append(m.Attendees, participation.Attendee{Organization: chance.IntN(largeOrganizations), Seat: participation.NoSeat, There: true, Turns: chance.Int64N(2)})
			}
			l.rows += len(m.Attendees)
			if err := l.book.recount(body, m.On, []participation.Meeting{m}, nil); err != nil {
				b.Fatal(err)
			}
			if body == 0 {
				l.newest, l.last = m, max(l.last, m.On)
			}
		}
	}
	return l
}

// BenchmarkBook measures what one change of attendance costs, and what the page about working together costs, for
// the same million rows in ten years and in two.
func BenchmarkBook(b *testing.B) {
	for _, years := range []int{10, 2} {
		l := newLarge(b, years)
		var present, organizations, seats int
		for _, w := range l.book.rows {
			present, organizations, seats = present+len(w.present), organizations+len(w.organizations), seats+len(w.seats)
		}
		b.Logf("%d years: %d rows of attendance; %d rows of summaries with %d KB of who was there, %d KB by organization, %d KB by seat",
			years, l.rows, len(l.book.rows), present/1024, organizations/1024, seats/1024)
		b.Run(fmt.Sprintf("write/%d years", years), func(b *testing.B) {
			for b.Loop() {
				// Somebody came, and then had not come after all.
				a := &l.newest.Attendees[3]
				a.There = !a.There
				if err := l.book.recount(0, l.newest.On, []participation.Meeting{l.newest}, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("page/%d years", years), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				l.page(b)
			}
		})
	}
}

// page computes every figure of the page as of a day in the middle of a month.
func (l *large) page(b *testing.B) {
	asOf := l.last - 11
	var windows []participation.Sums
	for i := range 4 {
		sums, err := l.book.organizations(largeOrganizations, l.bodies, day.Span{From: asOf.MonthsBefore(6*i+6) + 1, Until: asOf.MonthsBefore(6*i) + 1})
		if err != nil {
			b.Fatal(err)
		}
		windows = append(windows, sums)
	}
	year, err := windows[0].Plus(windows[1])
	if err != nil {
		b.Fatal(err)
	}
	spread, err := year.Turns()
	if err != nil {
		b.Fatal(err)
	}
	_, records := participation.Records(func(s participation.Sum) stats.Share { return s.Attendance.Presence }, windows[0], windows[1:]...)
	if _, err := participation.Declines(records, participation.Kindly); err != nil {
		b.Fatal(err)
	}
	bySeat, err := l.book.seats(largeSeats, l.bodies, day.TwelveMonths(asOf))
	if err != nil {
		b.Fatal(err)
	}
	breadth, err := l.book.breadth(l.bodies, l.members, asOf, participation.BreadthDays)
	if err != nil {
		b.Fatal(err)
	}
	if total := year.Total(); total.Attendance.Seats.Some == 0 || len(bySeat) != largeSeats || spread.Holders == 0 || breadth.Present.Some == 0 {
		b.Fatalf("%+v, %d seats, %+v, %+v", total, len(bySeat), spread, breadth)
	}
}
