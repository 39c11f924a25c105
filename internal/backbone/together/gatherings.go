package together

import (
	"cmp"
	"slices"

	"commontable/internal/analysis/coattendance"
	"commontable/internal/analysis/day"
	"commontable/internal/analysis/roster"
	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

// Gatherings are the meetings up to a day, with the organizations that were at them.
type Gatherings struct {
	// Members are the organizations that were anywhere and are on record still, by
	// name; Ties names them by their number here.
	Members []directory.NamedOrganization
	// LeftOut is how many of them are missing because there are too many: those at the
	// fewest meetings.
	LeftOut int

	meetings []gathering
}

type gathering struct {
	on      day.Day
	present roster.Roster
}

// ReadGatherings reads the meetings up to a day. It checks no permission: it is for
// operations, which do.
func ReadGatherings(c *operation.Call, until day.Day) (*Gatherings, error) {
	book, err := attendance.Open(c, directory.BodyID{})
	if err != nil {
		return nil, err
	}
	var meetings []gathering
	often := map[int]int{}
	if err := book.Meetings(day.Span{From: day.Of(1900, 1, 1), Until: until + 1}, func(on day.Day, present roster.Roster) error {
		for m := range present.All() {
			often[m]++
		}
		meetings = append(meetings, gathering{on, present})
		return nil
	}); err != nil {
		return nil, err
	}
	numbers, err := book.Numbers()
	if err != nil {
		return nil, err
	}
	all, err := named(c, numbers, often)
	if err != nil {
		return nil, err
	}
	g := &Gatherings{}
	if len(all) > coattendance.MostMembers {
		slices.SortStableFunc(all, func(a, b member) int { return cmp.Compare(often[b.number], often[a.number]) })
		g.LeftOut, all = len(all)-coattendance.MostMembers, all[:coattendance.MostMembers]
	}
	slices.SortFunc(all, func(a, b member) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.number, b.number))
	})
	place := map[int]int{}
	for k, m := range all {
		g.Members = append(g.Members, m.NamedOrganization)
		place[m.number] = k
	}
	for _, met := range meetings {
		var here roster.Roster
		for m := range met.present.All() {
			if k, ok := place[m]; ok {
				if err := here.Add(k); err != nil {
					return nil, err
				}
			}
		}
		g.meetings = append(g.meetings, gathering{met.on, here})
	}
	return g, nil
}

// First is the day of the first meeting; false where there was none.
func (g *Gatherings) First() (first day.Day, any bool) {
	for _, m := range g.meetings {
		if !any || m.on < first {
			first, any = m.on, true
		}
	}
	return first, any
}

// Ties gathers the meetings of a span: who met whom, how many meetings were counted
// and how many were too large to tie anyone. Weights are as of the last day of the
// span.
func (g *Gatherings) Ties(over day.Span, halfLife, least float64) (ties []coattendance.Tie, meetings, crowds int, err error) {
	n, err := coattendance.New(len(g.Members), over.Until-1, halfLife)
	if err != nil {
		return nil, 0, 0, err
	}
	for _, m := range g.meetings {
		if m.on < over.From {
			continue
		}
		if err := n.Meeting(m.on, m.present); err != nil {
			return nil, 0, 0, err
		}
	}
	meetings, crowds = n.Met()
	return n.Ties(least), meetings, crowds, nil
}

// member is an organization with the number by which attendance counts it.
type member struct {
	directory.NamedOrganization
	number int
}

// named are the organizations that were anywhere and are on record still.
func named(c *operation.Call, numbers map[directory.OrganizationID]int, often map[int]int) ([]member, error) {
	names, err := directory.OrganizationNames(c)
	if err != nil {
		return nil, err
	}
	var out []member
	for _, o := range names {
		if n, ok := numbers[o.ID]; ok && often[n] > 0 {
			out = append(out, member{o, n})
		}
	}
	return out, nil
}
