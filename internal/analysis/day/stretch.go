package day

import "time"

// Unit is how long the periods are that something is summed up for.
type Unit int

// The units of a stretch.
const (
	Days Unit = iota
	Months
	Years
)

// Period is the period of a unit that a day lies in.
func (u Unit) Period(d Day) Span {
	switch u {
	case Months:
		return d.Month().Span()
	case Years:
		return Span{Of(d.Year(), time.January, 1), Of(d.Year()+1, time.January, 1)}
	}
	return Span{d, d + 1}
}

// Stretch is whole periods of one unit, one after the other.
type Stretch struct {
	Unit Unit
	Span Span
}

// Stretches parts a span into the fewest whole years, months and days: at most five stretches, each beginning where
// the one before it ends. What is summed up by day, month and year is so read for any span in at most 60 days, 22
// months and the years between. An empty span has none.
func (s Span) Stretches() []Stretch {
	if s.Days() == 0 {
		return nil
	}
	year, month := s.inner(Years), s.inner(Months)
	parts := []Stretch{{Days, s}}
	switch {
	case year.Days() > 0:
		parts = []Stretch{
			{Days, Span{s.From, month.From}}, {Months, Span{month.From, year.From}}, {Years, year},
			{Months, Span{year.Until, month.Until}}, {Days, Span{month.Until, s.Until}},
		}
	case month.Days() > 0:
		parts = []Stretch{{Days, Span{s.From, month.From}}, {Months, month}, {Days, Span{month.Until, s.Until}}}
	}
	out := parts[:0]
	for _, p := range parts {
		if p.Span.Days() > 0 {
			out = append(out, p)
		}
	}
	return out
}

// inner is the whole periods of a unit inside the span.
func (s Span) inner(u Unit) Span {
	from := u.Period(s.From)
	if from.From != s.From {
		from.From = from.Until
	}
	return Span{from.From, u.Period(s.Until).From}
}
