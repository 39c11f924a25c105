package participation_test

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"commontable/internal/analysis/day"
	"commontable/internal/analysis/participation"
	"commontable/internal/analysis/stats"
)

func TestCommitmentsKeepColumnsApart(t *testing.T) {
	euros, hours := participation.Column{Kind: "cash", Unit: "EUR"}, participation.Column{Kind: "time", Unit: "h/100"}
	dollars := participation.Column{Kind: "cash", Unit: "USD"}
	got, err := participation.Commitments([]participation.Entry{
		{hours, 1, 1000, 1500}, {euros, 1, 200_00, 0}, {euros, 2, 100_00, 150_00}, {euros, 1, -100_00, 50_00}, {dollars, 3, 0, 7}, {hours, 2, 500, 0},
	})
	if err != nil || len(got) != 3 || got[0].Column != euros || got[1].Column != dollars || got[2].Column != hours {
		t.Fatalf("%+v, %v", got, err)
	}
	if c := got[0]; c.Pledged != 200_00 || c.Delivered != 200_00 || c.PledgedBy.Effective != 2 || c.DeliveredBy.Effective != 1/(0.75*0.75+0.25*0.25) || c.DeliveredBy.Top != 200_00 {
		t.Errorf("euros: %+v", c)
	}
	if ratio, ok := got[2].Ratio(); !ok || ratio != 1 {
		t.Errorf("hours: %v, %v", ratio, ok)
	}
	if _, ok := got[1].Ratio(); ok {
		t.Error("of no pledge there is a ratio")
	}
	for _, bad := range [][]participation.Entry{
		{{euros, 1, -1, 0}}, {{euros, 1, 0, -1}}, {{euros, 1, math.MaxInt64, 0}, {euros, 2, 1, 0}}, {{euros, 1, math.MaxInt64, 0}, {euros, 1, 1, 0}},
		{{euros, 1, 0, math.MinInt64}, {euros, 1, 0, -1}},
	} {
		if _, err := participation.Commitments(bad); !errors.Is(err, stats.ErrAmount) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

// However a period is cut into spans, they add up to the pledge, and each is within one of its even part.
func TestPledgesSpreadWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.OneOf(rapid.Int64Range(0, 1000), rapid.Int64Range(math.MaxInt64-1000, math.MaxInt64)).Draw(t, "amount")
		period := day.Span{From: day.Day(rapid.IntRange(-500, 500).Draw(t, "from"))}
		period.Until = period.From + day.Day(rapid.IntRange(1, 4000).Draw(t, "days"))
		var sum int64
		for at := period.From - 40; at < period.Until+40; {
			next := at + day.Day(rapid.IntRange(1, 400).Draw(t, "span"))
			span := day.Span{From: at, Until: next}
			part := participation.PledgedWithin(amount, period, span)
			even := float64(amount) * float64(period.Meet(span).Days()) / float64(period.Days())
			if part < 0 || math.Abs(float64(part)-even) > 1+1e-9*even {
				t.Fatalf("%d of %d in %v of %v", part, amount, span, period)
			}
			sum, at = sum+part, next
		}
		if sum != amount {
			t.Fatalf("%d of %d", sum, amount)
		}
	})
	if got := participation.PledgedWithin(100, day.Span{From: 5, Until: 5}, day.Span{From: 0, Until: 9}); got != 0 {
		t.Errorf("a period of no day: %d", got)
	}
	if got := participation.PledgedWithin(-100, day.Span{From: 0, Until: 9}, day.Span{From: 0, Until: 9}); got != 0 {
		t.Errorf("a pledge below zero: %d", got)
	}
}
