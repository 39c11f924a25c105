package committee

import (
	"math"
	"math/big"
	"sort"
	"time"
)

// Share is how many of how many, with Wilson's interval of 95 %. Rate is 0 where All is 0.
type Share struct {
	Some, All       int64
	Rate, Low, High float64
}

const z95 = 1.959963984540054

// share finds the interval as the two solutions of (p − π)² = z²·π(1 − π)/n.
func share(some, all int64) Share {
	s := Share{Some: some, All: all, High: 1}
	if all == 0 {
		return s
	}
	n := float64(all)
	s.Rate, _ = big.NewRat(some, all).Float64()
	a, b, c := n+z95*z95, -(2*float64(some) + z95*z95), float64(some)*s.Rate
	root := math.Sqrt(math.Max(0, b*b-4*a*c))
	s.Low, s.High = math.Max(0, (-b-root)/(2*a)), math.Min(1, (-b+root)/(2*a))
	return s
}

// Voice is what one person or organization said over all meetings: Spoke of the meetings attended.
type Voice struct {
	Name  string
	Spoke Share
	Turns int64
}

// Spread is how speaking turns are spread: those with any turn, the turns of the top three, and 1 ÷ Σs².
type Spread struct {
	Turns, Speakers, TopThree int64
	Effective                 float64
}

func spread(turns map[string]int64) Spread {
	var s Spread
	var each []int64
	squares := new(big.Int)
	for _, n := range turns {
		s.Turns += n
		if n > 0 {
			s.Speakers++
		}
		each = append(each, n)
		squares.Add(squares, new(big.Int).Mul(big.NewInt(n), big.NewInt(n)))
	}
	sort.Slice(each, func(i, j int) bool { return each[i] > each[j] })
	for i := 0; i < 3 && i < len(each); i++ {
		s.TopThree += each[i]
	}
	if s.Turns > 0 {
		square := new(big.Int).Mul(big.NewInt(s.Turns), big.NewInt(s.Turns))
		s.Effective, _ = new(big.Rat).SetFrac(square, squares).Float64()
	}
	return s
}

// Year is the meetings held in one calendar year.
type Year struct {
	Year                                 int
	Meetings, People, Organizations      int64
	Attendances                          int64 // people, once for each meeting they were at
	Spoke                                Share // of those attendances
	PeopleSpeaking, OrganizationSpeaking Spread
	Unnamed                              int64 // turns under no organization
}

// Breadth is which organizations are there, as of a day: Present in the last 90 days, of those named by then.
type Breadth struct {
	AsOf                  string
	Present               Share
	New, Lapsed, Returned int64
}

// BreadthDays is the length of the windows of breadth.
const BreadthDays = 90

// BreadthOn counts breadth as of the end of a day. The window is that day and the 89 before it; the window before is
// the 90 days before that. New were never there before the window, Lapsed were there in the window before and not in
// this one, Returned were there in this one and long ago, but not in the window before.
func (l *Ledger) BreadthOn(asOf time.Time) Breadth {
	meetings := l.until(asOf)
	start := asOf.AddDate(0, 0, 1-BreadthDays)
	window := between(meetings, start, asOf)
	before := between(meetings, start.AddDate(0, 0, -BreadthDays), start.AddDate(0, 0, -1))
	b := Breadth{AsOf: asOf.Format(time.DateOnly)}
	var present, known int64
	for name := range union(meetings, organizations) {
		known++
		at := func(held []Meeting) bool {
			for _, m := range held {
				if _, ok := m.Organizations[name]; ok {
					return true
				}
			}
			return false
		}
		now, then, ever := at(window), at(before), at(between(meetings, time.Time{}, start.AddDate(0, 0, -1)))
		switch {
		case now && !ever:
			b.New++
		case now && !then:
			b.Returned++
		case !now && then:
			b.Lapsed++
		}
		if now {
			present++
		}
	}
	b.Present = share(present, known)
	return b
}

// Figures is everything, as of a day.
type Figures struct {
	AsOf                                  string
	Meetings, Days, People, Organizations int64
	Years                                 []Year
	// Breadth is as of the last day of each year, and of the day itself.
	Breadth                                []Breadth
	PeopleRetention, OrganizationRetention Retention
	PeopleVoice, OrganizationVoice         []Voice
	PeopleSpeaking, OrganizationSpeaking   Spread
	// Pairs are organizations that met, their weights halved with every HalfLife days.
	HalfLife float64
	Pairs    []Pair
}

// FiguresOf reads a file with its spellings as they are and gives its figures as of its last day, with a half-life
// of a year for pairs.
func FiguresOf(path string) (Figures, error) {
	ledger, err := ReadFile(path, Rules{})
	if err != nil {
		return Figures{}, err
	}
	return ledger.Figures(ledger.LastDay(), 365), nil
}

// LastDay is the last day of the last meeting.
func (l *Ledger) LastDay() time.Time {
	if len(l.Meetings) == 0 {
		return time.Time{}
	}
	last := l.Meetings[len(l.Meetings)-1]
	return last.Days[len(last.Days)-1]
}

// Figures gives all figures as of the end of a day, with a half-life in days for pairs.
func (l *Ledger) Figures(asOf time.Time, halfLife float64) Figures {
	meetings := l.until(asOf)
	f := Figures{AsOf: asOf.Format(time.DateOnly), Meetings: int64(len(meetings)), HalfLife: halfLife}
	allPeople, allOrganizations := union(meetings, people), union(meetings, organizations)
	f.People, f.Organizations = int64(len(allPeople)), int64(len(allOrganizations))
	for _, m := range meetings {
		f.Days += int64(len(m.Days))
	}
	if len(meetings) > 0 {
		for y := meetings[0].Held().Year(); y <= asOf.Year(); y++ {
			last := time.Date(y, time.December, 31, 0, 0, 0, 0, time.UTC)
			f.Years = append(f.Years, year(y, between(meetings, time.Date(y, time.January, 1, 0, 0, 0, 0, time.UTC), last)))
			if last.Before(asOf) {
				f.Breadth = append(f.Breadth, l.BreadthOn(last))
			}
		}
		f.Breadth = append(f.Breadth, l.BreadthOn(asOf))
	}
	f.PeopleRetention, f.OrganizationRetention = l.retention(asOf, people), l.retention(asOf, organizations)
	f.PeopleVoice, f.OrganizationVoice = voices(meetings, people), voices(meetings, organizations)
	f.PeopleSpeaking, f.OrganizationSpeaking = spread(allPeople), spread(allOrganizations)
	f.Pairs = l.OrganizationPairs(asOf, halfLife)
	return f
}

func year(y int, meetings []Meeting) Year {
	them, theirs := union(meetings, people), union(meetings, organizations)
	out := Year{
		Year: y, Meetings: int64(len(meetings)), People: int64(len(them)), Organizations: int64(len(theirs)),
		PeopleSpeaking: spread(them), OrganizationSpeaking: spread(theirs),
	}
	var spoke int64
	for _, m := range meetings {
		out.Unnamed += m.Unnamed
		for _, turns := range m.People {
			out.Attendances++
			if turns > 0 {
				spoke++
			}
		}
	}
	out.Spoke = share(spoke, out.Attendances)
	return out
}

func voices(meetings []Meeting, of func(Meeting) map[string]int64) []Voice {
	turns := union(meetings, of)
	var out []Voice
	for _, name := range names(turns) {
		var spoke, attended int64
		for _, m := range meetings {
			if said, ok := of(m)[name]; ok {
				attended++
				if said > 0 {
					spoke++
				}
			}
		}
		out = append(out, Voice{Name: name, Spoke: share(spoke, attended), Turns: turns[name]})
	}
	return out
}
