package calendar

import (
	"cmp"
	"errors"
	"slices"
	"time"
)

// Series is something that happens once or again and again, in local time.
type Series struct {
	Start    Wall           // the first time; midnight where it is for whole days
	Zone     *time.Location // nil is UTC
	AllDay   bool           // whole days, the same dates everywhere
	Length   time.Duration  // of each time, a multiple of 24 hours where it is for whole days
	Rule     *Rule          // nil: once, and on the days added
	Added    []Wall         // RDATE
	Excluded []Wall         // EXDATE; what is excluded does not happen, even if it was moved
	Changed  []Change       // RECURRENCE-ID; of several about the same time the last one counts
}

// Change is what became of one time of a series: it was moved, or called off.
type Change struct {
	Original  Wall // when it would have begun, in the series' zone
	Start     Wall // when it begins, in its own zone
	Zone      *time.Location
	AllDay    bool
	Length    time.Duration
	Cancelled bool
	// Summary and Location are those of the one time, as its event says them.
	Summary, Location string
}

// Occurrence is one time of a series.
type Occurrence struct {
	Original Wall // when the rule says it begins: what RECURRENCE-ID names
	Local    Wall // when it begins on clocks in its zone, after the jump of a clock
	Start    time.Time
	End      time.Time
	AllDay   bool
	Change   int // which of Changed it is, or -1
}

// Faults of asking a series for its times.
var (
	ErrSpan  = errors.New("calendar: the span is empty, or beyond the years 1900 to 2199")
	ErrStart = errors.New("calendar: the series has no start between 1900 and 2199, or a length that is not possible")
)

// longestEvent is the most one time may last.
const longestEvent = 10 * 366 * 24 * time.Hour

func (s Series) zone() *time.Location {
	if s.Zone == nil || s.AllDay {
		return time.UTC
	}
	return s.Zone
}

func inYears(w Wall) bool { return w >= On(firstYear, 1, 1) && w < On(lastYear+1, 1, 1) }

// Check returns ErrStart, or a RuleFault, or nil.
func (s Series) Check() error {
	if !inYears(s.Start) || s.Length < 0 || s.Length > longestEvent || s.AllDay && (s.Start != s.Start.Midnight() || s.Length == 0 || s.Length%(24*time.Hour) != 0) {
		return ErrStart
	}
	if s.Rule != nil {
		return s.Rule.Check()
	}
	return nil
}

// Between lists the times that begin at from or later and before to, in order,
// and tells whether there are more than the limit (or than MaxOccurrences, if
// the limit is 0). Times for whole days begin at midnight in UTC. A change of a
// time that the rule does not have is a time of its own, as in an invitation to
// one meeting of a series.
func (s Series) Between(from, to time.Time, limit int) ([]Occurrence, bool, error) {
	if limit <= 0 || limit > MaxOccurrences {
		limit = MaxOccurrences
	}
	if !from.Before(to) || from.Year() < firstYear || to.Year() > lastYear+1 {
		return nil, false, ErrSpan
	}
	if err := s.Check(); err != nil {
		return nil, false, err
	}
	zone := s.zone()
	// Times are told apart by their moment: an exception may name a time that
	// clocks jump over by what they show instead.
	moment := func(w Wall) int64 { return w.In(zone).Unix() }
	gone, changed := map[int64]bool{}, map[int64]int{}
	for _, w := range s.Excluded {
		gone[moment(w)] = true
	}
	for i, c := range s.Changed {
		changed[moment(c.Original)] = i
	}
	var list []Occurrence
	add := func(o Occurrence) {
		if !o.Start.Before(from) && o.Start.Before(to) {
			list = append(list, o)
		}
	}
	for m, i := range changed {
		if c := s.Changed[i]; !gone[m] && !c.Cancelled {
			add(c.occurrence(i))
		}
	}
	seen := map[int64]bool{}
	regular := 0
	take := func(w Wall) bool {
		start := w.In(zone)
		m := start.Unix()
		if _, elsewhere := changed[m]; elsewhere || gone[m] || seen[m] {
			return true
		}
		if start.Before(from) {
			return true
		}
		seen[m] = true
		add(Occurrence{Original: w, Local: WallOf(start), Start: start, End: start.Add(s.Length), AllDay: s.AllDay, Change: -1})
		if start.Before(to) {
			regular++
		}
		return regular <= limit
	}
	for _, w := range s.Added {
		if inYears(w) {
			take(w)
		}
	}
	regular = 0
	s.walk(WallOf(from.In(zone)).AddDays(-2), WallOf(to.In(zone)).AddDays(1), take)
	slices.SortFunc(list, func(a, b Occurrence) int {
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.Original, b.Original))
	})
	if len(list) > limit {
		return list[:limit], true, nil
	}
	return list, false, nil
}

// walk yields the times of the rule from about a local time on to an end.
func (s Series) walk(from, end Wall, yield func(Wall) bool) {
	if s.Rule == nil {
		yield(s.Start)
		return
	}
	until := s.Rule.Until.In(s.zone())
	s.Rule.days(s.Start, from, end, func(w Wall) bool {
		if !s.Rule.Until.IsZero() && w.In(s.zone()).After(until) {
			return false
		}
		return yield(w)
	})
}

func (c Change) occurrence(index int) Occurrence {
	zone := c.Zone
	if zone == nil || c.AllDay {
		zone = time.UTC
	}
	start := c.Start.In(zone)
	return Occurrence{Original: c.Original, Local: WallOf(start), Start: start, End: start.Add(c.Length), AllDay: c.AllDay, Change: index}
}

// Last is the last time the rule has, without exceptions, and false when it
// has no end within the years we keep to, or more than MaxOccurrences times.
func (s Series) Last() (Wall, bool) {
	if s.Rule == nil {
		return s.Start, true
	}
	if s.Check() != nil || s.Rule.Count == 0 && s.Rule.Until.IsZero() {
		return 0, false
	}
	var last Wall
	times := 0
	s.walk(s.Start, 0, func(w Wall) bool {
		last = w
		times++
		return times <= MaxOccurrences
	})
	return last, times <= MaxOccurrences && !last.IsZero()
}
