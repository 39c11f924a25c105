package i18n_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"commontable/internal/platform/i18n"
)

func TestDates(t *testing.T) {
	at := time.Date(2026, 11, 22, 23, 4, 0, 0, time.UTC)
	first := time.Date(2026, 3, 1, 0, 5, 0, 0, time.UTC)
	for _, c := range []struct{ lang, date, short, dateTime, clock, first, month, midnight string }{
		{"en", "Sunday, November 22, 2026", "Nov 22, 2026", "Sunday, November 22, 2026, 11:04 PM", "11:04 PM", "Sunday, March 1, 2026", "November 2026", "12:05 AM"},
		{"fr", "dimanche 22\u00a0novembre 2026", "22\u00a0nov. 2026", "dimanche 22\u00a0novembre 2026 à 23\u00a0h\u00a004", "23\u00a0h\u00a004", "dimanche 1er\u00a0mars 2026", "novembre 2026", "0\u00a0h\u00a005"},
		{"es", "domingo, 22 de noviembre de 2026", "22 nov 2026", "domingo, 22 de noviembre de 2026, 23:04", "23:04", "domingo, 1 de marzo de 2026", "noviembre de 2026", "0:05"},
	} {
		ctx := speaking(c.lang)
		for name, pair := range map[string][2]string{
			"Date": {i18n.Date(ctx, at), c.date}, "ShortDate": {i18n.ShortDate(ctx, at), c.short},
			"DateTime": {i18n.DateTime(ctx, at), c.dateTime}, "Clock": {i18n.Clock(ctx, at), c.clock},
			"CivilDate": {i18n.CivilDate(ctx, "2026-11-22"), c.date}, "ShortCivilDate": {i18n.ShortCivilDate(ctx, "2026-11-22"), c.short},
			"first": {i18n.Date(ctx, first), c.first}, "Month": {i18n.Month(ctx, "2026-11"), c.month},
			"Month of a day": {i18n.Month(ctx, "2026-11-22"), c.month}, "midnight": {i18n.Clock(ctx, first), c.midnight},
			"zero": {i18n.Date(ctx, time.Time{}), ""}, "not a day": {i18n.CivilDate(ctx, "soon\n"), "soon"},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s %s: %q, want %q", c.lang, name, pair[0], pair[1])
			}
		}
	}
}

func TestDatesFollowTheZone(t *testing.T) {
	kiritimati := time.FixedZone("+14", 14*3600)
	ctx := i18n.WithZone(speaking("en"), kiritimati)
	at := time.Date(2026, 11, 22, 23, 4, 0, 0, time.UTC)
	if got := i18n.DateTime(ctx, at); got != "Monday, November 23, 2026, 1:04 PM" {
		t.Errorf("DateTime %q", got)
	}
	if got := i18n.CivilDate(ctx, "2026-11-22"); got != "Sunday, November 22, 2026" {
		t.Errorf("a civil date moved: %q", got)
	}
}

// In English a date must read back as the day it was, by the parser of the standard library.
func TestDatesReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(-30000000000, 250000000000).Draw(t, "seconds"), 0).UTC()
		got, err := time.Parse("Monday, January 2, 2006, 3:04 PM", i18n.DateTime(speaking("en"), at))
		if err != nil || !got.Equal(at.Truncate(time.Minute)) {
			t.Fatalf("%v became %v, %v", at, got, err)
		}
	})
}

func TestRelative(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for distance, want := range map[time.Duration]string{
		0: "just now", 59 * time.Second: "just now", -59 * time.Second: "just now",
		-time.Minute: "1 minute ago", -59 * time.Minute: "59 minutes ago", -119 * time.Minute: "1 hour ago",
		2 * time.Hour: "in 2 hours", -23 * time.Hour: "23 hours ago", -72 * time.Hour: "3 days ago", 24 * time.Hour: "in 1 day",
		-13 * 24 * time.Hour: "13 days ago", -14 * 24 * time.Hour: "2 weeks ago", -61 * 24 * time.Hour: "2 months ago",
		-365 * 24 * time.Hour: "11 months ago", -731 * 24 * time.Hour: "2 years ago", 4000 * 24 * time.Hour: "in 10 years",
		-1 << 63: "292 years ago", 1<<63 - 1: "in 292 years",
	} {
		to := now.Add(distance)
		if got := i18n.Relative(speaking("en"), now, to); got != want {
			t.Errorf("%v: %q, want %q", distance, got, want)
		}
	}
	if got := i18n.Relative(speaking("fr"), now, now.Add(-72*time.Hour)); got != "il y a 3\u00a0jours" {
		t.Errorf("fr: %q", got)
	}
	if got := i18n.Relative(speaking("es"), now, now.Add(time.Hour)); got != "dentro de 1\u00a0hora" {
		t.Errorf("es: %q", got)
	}
}

func TestList(t *testing.T) {
	for _, c := range []struct {
		lang  string
		items []string
		want  string
	}{
		{"en", nil, ""}, {"en", []string{"a"}, "a"}, {"en", []string{"a", "b"}, "a and b"}, {"en", []string{"a", "b", "c"}, "a, b and c"},
		{"fr", []string{"a", "b", "c"}, "a, b et c"}, {"es", []string{"a", "b", "c"}, "a, b y c"},
		{"es", []string{"padres", "hijos"}, "padres e hijos"}, {"es", []string{"Ana", "Íñigo"}, "Ana e Íñigo"},
		{"es", []string{"agua", "hielo"}, "agua y hielo"}, {"es", []string{"a", "i"}, "a e i"}, {"en", []string{"a", "India"}, "a and India"},
	} {
		if got := i18n.List(speaking(c.lang), c.items); got != c.want {
			t.Errorf("%s %v: %q, want %q", c.lang, c.items, got, c.want)
		}
	}
}
