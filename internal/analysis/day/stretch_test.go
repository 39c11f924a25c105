package day_test

import (
	"testing"

	"pgregory.net/rapid"

	"commontable/internal/analysis/day"
)

// Every day of a span lies in one stretch and no other day does; stretches are whole periods; and a day stands alone
// only where its month reaches beyond the span, a month where its year does.
func TestStretchesAreTheSpan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := day.Day(rapid.IntRange(-2000, 2000).Draw(t, "from"))
		span := day.Span{From: from, Until: from + day.Day(rapid.IntRange(-5, 2000).Draw(t, "days"))}
		stretches := span.Stretches()
		if len(stretches) > 5 {
			t.Fatalf("%d stretches", len(stretches))
		}
		next, alone := span.From, map[day.Unit]int{}
		inside := func(p day.Span) bool { return p.From >= span.From && p.Until <= span.Until }
		for _, s := range stretches {
			if s.Span.From != next || s.Span.Days() == 0 {
				t.Fatalf("%v of %v", stretches, span)
			}
			for d := s.Span.From; d < s.Span.Until; d = s.Unit.Period(d).Until {
				p := s.Unit.Period(d)
				if p.From != d || !inside(p) {
					t.Fatalf("%v is no whole period of %v", p, span)
				}
				if s.Unit == day.Days && inside(d.Month().Span()) || s.Unit == day.Months && inside(day.Years.Period(d)) {
					t.Fatalf("%s could be part of something longer in %v", d, span)
				}
				alone[s.Unit]++
			}
			next = s.Span.Until
		}
		if span.Days() > 0 && next != span.Until || alone[day.Days] > 60 || alone[day.Months] > 22 {
			t.Fatalf("%v of %v: %v", stretches, span, alone)
		}
	})
	if s := (day.Span{From: day.First, Until: day.Open}).Stretches(); len(s) != 1 || s[0].Unit != day.Years {
		t.Errorf("all days: %v", s)
	}
}
