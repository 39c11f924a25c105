// Package together answers how the collaborative works together: who takes part, what
// is given, with figures that are live and say how they are counted. It stands on the
// ledger of attendance and on the directory, and keeps nothing of its own.
package together

import (
	"cmp"
	"slices"

	"commontable/internal/analysis/day"
	"commontable/internal/analysis/participation"
	"commontable/internal/analysis/roster"
	"commontable/internal/analysis/stats"
	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

// Operations lists everything this package can do.
func Operations() []operation.Any {
	return []operation.Any{Get, GetWarnings, OfOrganization, GetNetwork}
}

// Share is so many of so many, with the interval in which the rate would lie 19 times
// of 20 were these a sample (Wilson).
type Share struct {
	Some int64   `json:"some"`
	All  int64   `json:"all"`
	Rate float64 `json:"rate" doc:"some of all, 0 to 1; 0 where there are none."`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// ShareOf is a share with its rate and interval.
func ShareOf(s stats.Share) Share {
	rate, _ := s.Rate()
	i := s.Wilson(stats.Z95)
	return Share{s.Some, s.All, rate, i.Low, i.High}
}

// Step is a share of one quarter.
type Step struct {
	From    string `json:"from" doc:"First day of the quarter."`
	Share   Share  `json:"share"`
	Partial bool   `json:"partial" doc:"Whether the quarter is not over."`
}

// Group is the part of one body or one sector.
type Group struct {
	ID       directory.BodyID `json:"id,omitempty"`
	Name     string           `json:"name" doc:"Of the body, or the sector."`
	Seats    Share            `json:"seats"`
	Presence Share            `json:"presence"`
	Kept     Share            `json:"kept" doc:"Actions done by the day they were due, of those due."`
}

// Stay is how many of those who joined are members still, so many years later.
type Stay struct {
	Year    int     `json:"year,omitempty" doc:"When they joined; absent for all."`
	Members int64   `json:"members"`
	After   []Point `json:"after"`
	Curve   []Point `json:"curve,omitempty" doc:"After every year, for as long as anybody was a member; only of all together."`
}

// Point is the estimated share that is still there after so many years.
type Point struct {
	Years int     `json:"years"`
	Share float64 `json:"share"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	// Bounded says that low and high are known; of nobody who left, or of all, no
	// interval can be told.
	Bounded bool `json:"bounded"`
}

// Picture is how the collaborative takes part, as of a day.
type Picture struct {
	AsOf     string  `json:"as_of"`
	From     string  `json:"from" doc:"First day of the twelve months that the shares are of."`
	Seats    Share   `json:"seats" doc:"Seat attendance: meetings attended by the holder of a seat, of those held while it was filled."`
	Presence Share   `json:"presence" doc:"Organization presence: meetings at which an organization was represented, by a holder or an alternate, of those due to it."`
	Voice    Share   `json:"voice" doc:"Meetings at which an organization was heard, of those it attended whose voices were recorded."`
	Breadth  Breadth `json:"breadth"`
	// Engagement is the middle level of those that were observed, 0 to 4.
	Engagement *Engagement `json:"engagement,omitempty"`
	Trend      []Step      `json:"trend" doc:"Organization presence by quarter."`
	Kept       Share       `json:"kept" doc:"Follow-through: actions done by the day they were due, of those due."`
	KeptTrend  []Step      `json:"kept_trend" doc:"Follow-through by quarter."`
	Bodies     []Group     `json:"bodies,omitempty"`
	Sectors    []Group     `json:"sectors,omitempty"`
	Stays      []Stay      `json:"stays" doc:"How long members stay, after Kaplan and Meier."`
}

// Breadth is how many members were there at all in 90 days, and who came and went.
type Breadth struct {
	Members  Share `json:"members"`
	Guests   int64 `json:"guests"`
	New      int64 `json:"new"`
	Lapsed   int64 `json:"lapsed"`
	Returned int64 `json:"returned"`
}

// Engagement is the median of the observed levels; low and high differ where it lies
// between two.
type Engagement struct {
	Low  int   `json:"low"`
	High int   `json:"high"`
	N    int64 `json:"n"`
}

// Input says of which day, and of whom.
type Input struct {
	AsOf   string           `json:"as_of,omitempty" format:"date" doc:"Today when absent."`
	BodyID directory.BodyID `json:"body_id,omitempty" doc:"Only the meetings of this body."`
}

// trendYears is how far back the trend goes.
const trendYears = 15

// LeastGroup is how many organizations a group must have for its share to be told
// apart, so that no member can be picked out.
const LeastGroup = 5

// Get reads how the collaborative takes part.
var Get = operation.Define(operation.Operation[Input, Picture]{
	Definition: operation.Definition{ID: "together.get", Summary: "Reads how the collaborative works together", ReadOnly: true, Method: "GET", Path: "/working-together"},
	Run: func(c *operation.Call, in Input) (Picture, error) {
		p := Picture{AsOf: cmp.Or(in.AsOf, c.Today()), Trend: []Step{}, KeptTrend: []Step{}, Stays: []Stay{}}
		asOf, err := day.Parse(p.AsOf)
		if err != nil {
			return p, err
		}
		book, err := attendance.Open(c, in.BodyID)
		if err != nil {
			return p, err
		}
		year := day.TwelveMonths(asOf)
		p.From = year.From.String()
		met, err := book.ByBody(year)
		if err != nil {
			return p, err
		}
		var sums participation.Sums
		for _, of := range met {
			if sums, err = sums.Plus(of); err != nil {
				return p, err
			}
		}
		total := sums.Total()
		p.Seats, p.Presence, p.Voice, p.Kept = ShareOf(total.Attendance.Seats), ShareOf(total.Attendance.Presence), ShareOf(total.Voice.Spoke), ShareOf(total.Kept)
		if low, high, n := total.Engagement.Median(); n > 0 {
			p.Engagement = &Engagement{low, high, n}
		}
		m, err := readMembers(c, book)
		if err != nil {
			return p, err
		}
		if p.Breadth, err = breadth(book, m, asOf); err != nil {
			return p, err
		}
		if p.Trend, p.KeptTrend, err = trends(book, asOf); err != nil {
			return p, err
		}
		if p.Stays, err = m.stays(asOf); err != nil {
			return p, err
		}
		p.Sectors, err = m.sectors(sums)
		if err != nil || !in.BodyID.IsZero() {
			return p, err
		}
		p.Bodies, err = bodies(c, met)
		return p, err
	},
})

// members are the organizations that are or were members, with their numbers.
type members struct {
	list    []directory.Membership
	numbers map[directory.OrganizationID]int
}

func readMembers(c *operation.Call, book *attendance.Book) (m members, err error) {
	if m.list, err = directory.Memberships(c); err != nil {
		return m, err
	}
	m.numbers, err = book.Numbers()
	return m, err
}

// on are the numbers of the members of a day, and how many of them never were at
// anything and so have none.
func (m members) on(asOf day.Day) (r roster.Roster, unseen int64, err error) {
	text := asOf.String()
	for _, s := range m.list {
		if s.From > text || s.To != "" && s.To <= text {
			continue
		}
		n, ok := m.numbers[s.ID]
		if !ok {
			unseen++
			continue
		}
		if err := r.Add(n); err != nil {
			return r, 0, err
		}
	}
	return r, unseen, nil
}

func breadth(book *attendance.Book, m members, asOf day.Day) (Breadth, error) {
	window, before := participation.Windows(asOf, participation.BreadthDays)
	now, err := book.Present(window)
	if err != nil {
		return Breadth{}, err
	}
	then, err := book.Present(before)
	if err != nil {
		return Breadth{}, err
	}
	earlier, err := book.Present(day.Span{From: day.Of(1900, 1, 1), Until: before.From})
	if err != nil {
		return Breadth{}, err
	}
	belong, unseen, err := m.on(asOf)
	if err != nil {
		return Breadth{}, err
	}
	b := participation.BreadthOf(now, then, earlier, belong)
	b.Present.All += unseen
	return Breadth{ShareOf(b.Present), b.Guests, b.New, b.Lapsed, b.Returned}, nil
}

func trends(book *attendance.Book, asOf day.Day) (presence, kept []Step, err error) {
	first := day.Of(asOf.Year()-trendYears, 1, 1)
	months, err := book.Months(day.Span{From: first, Until: asOf + 1})
	if err != nil {
		return nil, nil, err
	}
	rest, err := book.Sums(day.Span{From: asOf.Month().Start(), Until: asOf + 1})
	if err != nil {
		return nil, nil, err
	}
	of := func(share func(participation.Sum) stats.Share) []Step {
		var shares []participation.Monthly
		for _, m := range months {
			if m.Month == asOf.Month() {
				continue // of the month that is not over what is kept may lie ahead of the day
			}
			shares = append(shares, participation.Monthly{Month: m.Month, Share: share(m.Sum)})
		}
		shares = append(shares, participation.Monthly{Month: asOf.Month(), Share: share(rest.Total())})
		out := []Step{}
		for _, s := range participation.QuarterlyTrend(shares, asOf) {
			if len(out) == 0 && s.Share.All == 0 {
				continue // before there was anything
			}
			out = append(out, Step{s.Span.From.String(), ShareOf(s.Share), s.Partial})
		}
		return out
	}
	return of(presenceOf), of(keptOf), nil
}

func presenceOf(s participation.Sum) stats.Share { return s.Attendance.Presence }
func keptOf(s participation.Sum) stats.Share     { return s.Kept }

// stays is how long members stay: of all, and of those who joined in each year.
func (m members) stays(asOf day.Day) ([]Stay, error) {
	var stays []participation.Stay
	for _, s := range m.list {
		from, err := day.Parse(s.From)
		if err != nil {
			return nil, err
		}
		until := day.Open
		if s.To != "" {
			if until, err = day.Parse(s.To); err != nil {
				return nil, err
			}
		}
		stays = append(stays, participation.Stay{Belonged: day.Span{From: from, Until: until}, Count: 1})
	}
	cohorts, all, err := participation.Retention(stays, asOf)
	if err != nil || all.Subjects == 0 {
		return []Stay{}, err
	}
	out := []Stay{stayOf(0, all.Subjects, all)}
	for _, c := range cohorts {
		if c.Curve.Subjects >= LeastGroup {
			out = append(out, stayOf(c.Year, c.Curve.Subjects, c.Curve))
		}
	}
	return out, nil
}

// sectors are the parts of the sectors; small ones are told together, so that none of
// them follows from the rest.
func (m members) sectors(sums participation.Sums) ([]Group, error) {
	bySector := map[string]*roster.Roster{}
	seen := map[directory.OrganizationID]bool{}
	for _, s := range m.list {
		n, ok := m.numbers[s.ID]
		if !ok || seen[s.ID] {
			continue
		}
		seen[s.ID] = true
		if bySector[s.Sector] == nil {
			bySector[s.Sector] = &roster.Roster{}
		}
		if err := bySector[s.Sector].Add(n); err != nil {
			return nil, err
		}
	}
	type part struct {
		name string
		sums participation.Sums
	}
	var parts []part
	var few participation.Sums
	for name, set := range bySector {
		within := sums.Within(*set)
		if len(within) == 0 {
			continue
		}
		parts = append(parts, part{name, within})
	}
	// The smallest first; what they come to together must be enough by itself.
	slices.SortFunc(parts, func(a, b part) int { return cmp.Or(cmp.Compare(len(a.sums), len(b.sums)), cmp.Compare(a.name, b.name)) })
	for len(parts) > 0 && (len(parts[0].sums) < LeastGroup || len(few) > 0 && len(few) < LeastGroup) {
		together, err := few.Plus(parts[0].sums)
		if err != nil {
			return nil, err
		}
		few, parts = together, parts[1:]
	}
	slices.SortFunc(parts, func(a, b part) int { return cmp.Compare(a.name, b.name) })
	var out []Group
	for _, p := range parts {
		out = append(out, groupOf(p.name, p.sums))
	}
	if len(few) >= LeastGroup {
		out = append(out, groupOf("", few))
	}
	return out, nil
}

func groupOf(name string, sums participation.Sums) Group {
	total := sums.Total()
	return Group{Name: name, Seats: ShareOf(total.Attendance.Seats), Presence: ShareOf(total.Attendance.Presence), Kept: ShareOf(total.Kept)}
}

// bodies are the parts of the bodies that met, by name. Those whose seats are of few
// organizations are left out.
func bodies(c *operation.Call, met map[directory.BodyID]participation.Sums) ([]Group, error) {
	page, err := directory.ListBodies.Within(c, directory.ListBodiesInput{Brief: true, Limit: 200})
	if err != nil {
		return nil, err
	}
	var out []Group
	for _, b := range page.Items {
		if len(met[b.ID]) < LeastGroup {
			continue
		}
		g := groupOf(b.Name, met[b.ID])
		g.ID = b.ID
		out = append(out, g)
	}
	return out, nil
}
