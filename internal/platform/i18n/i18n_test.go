package i18n_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"commontable/internal/platform/i18n"
)

func speaking(lang string) context.Context { return i18n.With(context.Background(), lang) }

func TestLanguageOfContext(t *testing.T) {
	if got := i18n.Language(context.Background()); got != "en" {
		t.Errorf("without a language: %q", got)
	}
	for _, lang := range i18n.Languages() {
		ctx := speaking(lang)
		if i18n.Language(ctx) != lang || i18n.Direction(ctx) != "ltr" || i18n.IsRightToLeft(ctx) {
			t.Errorf("%s: language %q, direction %q", lang, i18n.Language(ctx), i18n.Direction(ctx))
		}
	}
	if got := i18n.Language(speaking("tlh")); got != "en" {
		t.Errorf("unknown language became %q", got)
	}
	if i18n.Name("fr") != "Français" || i18n.Name("es") != "Español" || i18n.Name("xx") != "xx" {
		t.Error("own names of the languages are wrong")
	}
}

func TestZoneAndLanguageDoNotDisturbEachOther(t *testing.T) {
	lima := time.FixedZone("Lima", -5*3600)
	ctx := i18n.With(i18n.WithZone(speaking("fr"), lima), "es")
	if i18n.Zone(ctx) != lima || i18n.Language(ctx) != "es" {
		t.Errorf("zone %v, language %q", i18n.Zone(ctx), i18n.Language(ctx))
	}
	if i18n.Zone(context.Background()) != time.UTC || i18n.Zone(i18n.WithZone(ctx, nil)) != time.UTC {
		t.Error("the zone without a zone is not UTC")
	}
}

func TestMessages(t *testing.T) {
	for _, c := range []struct {
		lang, key string
		args      []i18n.Args
		want      string
	}{
		{"en", "dates.just_now", nil, "just now"},
		{"fr", "dates.just_now", nil, "à l’instant"},
		{"xx", "dates.just_now", nil, "just now"},
		{"en", "nobody.knows", nil, "nobody.knows"},
		{"en", "dates.days_ago", []i18n.Args{{"Count": 1}}, "1 day ago"},
		{"en", "dates.days_ago", []i18n.Args{{"Count": 0}}, "0 days ago"},
		{"en", "dates.days_ago", []i18n.Args{{"Count": int64(12345)}}, "12,345 days ago"},
		{"en", "dates.hours_ago", []i18n.Args{{"Count": 1.5}}, "1.5 hours ago"},
		{"fr", "dates.hours_ago", []i18n.Args{{"Count": 1.5}}, "il y a 1,5\u00a0heure"},
		{"fr", "dates.days_ago", []i18n.Args{{"Count": 0}}, "il y a 0\u00a0jour"},
		{"fr", "dates.days_ago", []i18n.Args{{"Count": 2}}, "il y a 2\u00a0jours"},
		{"fr", "dates.days_ago", []i18n.Args{{"Count": 1000000}}, "il y a 1\u202f000\u202f000\u00a0jours"},
		{"es", "dates.days_ago", []i18n.Args{{"Count": 0}}, "hace 0\u00a0días"},
		{"es", "dates.days_ago", []i18n.Args{{"Count": 1234}}, "hace 1234\u00a0días"},
		{"en", "dates.list_end", []i18n.Args{{"Before": "a"}, {"Last": "c"}, {"Last": "d"}}, "a and d"},
		{"en", "dates.list_end", []i18n.Args{{"Before": "{{.Last}}", "Last": 2026}}, "{{.Last}} and 2026"},
		{"en", "dates.list_end", nil, " and "},
	} {
		if got := i18n.T(speaking(c.lang), c.key, c.args...); got != c.want {
			t.Errorf("T(%s, %s, %v) = %q, want %q", c.lang, c.key, c.args, got, c.want)
		}
	}
}

func TestMessagesFromManyGoroutines(t *testing.T) {
	var group sync.WaitGroup
	for _, lang := range i18n.Languages() {
		group.Go(func() {
			ctx := speaking(lang)
			for count := range 2000 {
				if s := i18n.T(ctx, "dates.days_ago", i18n.Args{"Count": count}); !strings.ContainsAny(s, "0123456789") {
					t.Errorf("%s %d: %q", lang, count, s)
					return
				}
			}
		})
	}
	group.Wait()
}

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		header  string
		allowed []string
		want    string
	}{
		{"", nil, "en"},
		{"fr-CA,fr;q=0.9,en;q=0.5", nil, "fr"},
		{"es-419", nil, "es"},
		{"de,es;q=0.5", nil, "es"},
		{"ja", nil, "en"},
		{"ja", []string{"es", "en"}, "es"},
		{"fr", []string{"es", "en"}, "es"},
		{"en;q=0.1, fr;q=0.9", []string{"es", "en", "fr"}, "fr"},
		{"fr", []string{"xx"}, "fr"},
		{"*", []string{"es"}, "es"},
		{";;;q=", []string{"fr"}, "fr"},
		{strings.Repeat("a-", 5000), nil, "en"},
	} {
		if got := i18n.Match(c.header, c.allowed...); got != c.want {
			t.Errorf("Match(%.40q, %v) = %q, want %q", c.header, c.allowed, got, c.want)
		}
	}
}

func BenchmarkTPlain(b *testing.B) {
	ctx := speaking("fr")
	b.ReportAllocs()
	for b.Loop() {
		_ = i18n.T(ctx, "dates.just_now")
	}
}

func BenchmarkTPlaceholders(b *testing.B) {
	ctx := speaking("fr")
	b.ReportAllocs()
	for b.Loop() {
		_ = i18n.T(ctx, "dates.list_end", i18n.Args{"Before": "a", "Last": "b"})
	}
}

func BenchmarkTPlural(b *testing.B) {
	ctx := speaking("fr")
	b.ReportAllocs()
	for b.Loop() {
		_ = i18n.T(ctx, "dates.days_ago", i18n.Args{"Count": 12})
	}
}

func BenchmarkTPluralLarge(b *testing.B) {
	ctx := speaking("fr")
	b.ReportAllocs()
	for b.Loop() {
		_ = i18n.T(ctx, "dates.days_ago", i18n.Args{"Count": 12345})
	}
}

func BenchmarkDate(b *testing.B) {
	ctx, at := speaking("fr"), time.Date(2026, 11, 22, 9, 5, 0, 0, time.UTC)
	b.ReportAllocs()
	for b.Loop() {
		_ = i18n.Date(ctx, at)
	}
}
