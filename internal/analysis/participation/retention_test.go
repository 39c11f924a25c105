package participation_test

import (
	"errors"
	"math"
	"testing"

	"commontable/internal/analysis/day"
	"commontable/internal/analysis/participation"
	"commontable/internal/analysis/survival"
)

func on(t *testing.T, text string) day.Day {
	t.Helper()
	d, err := day.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestRetentionByYearOfJoining(t *testing.T) {
	stays := []participation.Stay{
		{Belonged: day.Span{From: on(t, "2024-01-01"), Until: on(t, "2024-01-11")}, Count: 1},
		{Belonged: day.Span{From: on(t, "2024-06-01"), Until: day.Open}, Count: 3},
		{Belonged: day.Span{From: on(t, "2025-01-01"), Until: on(t, "2025-12-31")}, Count: 2},
		{Belonged: day.Span{From: on(t, "2026-01-01"), Until: day.Open}, Count: 9},
		{Belonged: day.Span{From: on(t, "2024-01-01"), Until: on(t, "2024-01-01")}, Count: 7},
	}
	cohorts, all, err := participation.Retention(stays, on(t, "2025-06-30"))
	if err != nil || len(cohorts) != 2 || cohorts[0].Year != 2024 || cohorts[1].Year != 2025 {
		t.Fatalf("%+v, %v", cohorts, err)
	}
	if s, ok := cohorts[0].Curve.At(300); !ok || s != 0.75 {
		t.Errorf("of four of 2024, %v are left after 300 days, %v", s, ok)
	}
	// Those of 2025 have left by the end of the year, which in June nobody knows.
	if c := cohorts[1].Curve; c.Events != 0 || c.Subjects != 2 || c.Points[0].Time != 180 || c.Points[0].Censored != 2 {
		t.Errorf("2025 in June: %+v", c)
	}
	if all.Subjects != 6 || all.Events != 1 {
		t.Errorf("all: %+v", all)
	}
	// A stay that ends on the day itself has ended: the day is the first that no longer counts.
	cohorts, _, err = participation.Retention(stays, on(t, "2025-12-31"))
	if err != nil || cohorts[1].Curve.Events != 2 || cohorts[1].Curve.Points[0].Time != 364 {
		t.Errorf("2025 at its end: %+v, %v", cohorts, err)
	}
	if _, _, err := participation.Retention([]participation.Stay{{Belonged: day.Span{From: 0, Until: 5}, Count: -1}}, 9); !errors.Is(err, survival.ErrObservation) {
		t.Error(err)
	}
}

func TestRetentionByPresence(t *testing.T) {
	asOf := on(t, "2026-06-30") // so that 2025-06-30 is the last day of which all is known
	appearances := []participation.Appearance{
		{First: on(t, "2024-01-01"), Last: on(t, "2024-01-01"), Count: 1}, // came once
		{First: on(t, "2024-01-01"), Last: on(t, "2025-06-30"), Count: 1}, // was last there on that day: left
		{First: on(t, "2024-01-01"), Last: on(t, "2025-07-01"), Count: 1}, // came once more: still there on that day
		{First: on(t, "2025-07-01"), Last: on(t, "2026-06-01"), Count: 4}, // too new to be known
		{First: on(t, "2026-07-01"), Last: on(t, "2026-07-01"), Count: 5}, // not yet there
	}
	cohorts, all, tooNew, err := participation.RetentionByPresence(appearances, asOf, participation.AwayDays)
	if err != nil || tooNew != 4 || len(cohorts) != 1 || all.Subjects != 3 || all.Events != 2 {
		t.Fatalf("%+v, all %+v, %d too new, %v", cohorts, all, tooNew, err)
	}
	if s, _ := all.At(0); math.Abs(s-2.0/3) > 1e-15 {
		t.Errorf("%v came more than once", s)
	}
	if last := all.Points[len(all.Points)-1]; last.Time != 546 || last.Events != 1 || last.Censored != 1 || math.Abs(last.Survival-1.0/3) > 1e-15 {
		t.Errorf("at the end: %+v", last)
	}
}
