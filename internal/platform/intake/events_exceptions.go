package intake

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"commontable/internal/platform/calendar"
)

// exceptions writes, a line each, the times of a series that are other than its rule, in the series' zone:
//
//	2026-03-05 −                              left out
//	2026-03-05 ×                              called off
//	2026-03-05 → 2026-03-06 10:00 60 | T | P  moved, with its minutes and, where they differ, title and place
//	2026-03-07 + 10:00                        one more
func exceptions(e calendar.Event) string {
	if e.Rule == nil && len(e.Added) == 0 {
		return ""
	}
	type said struct {
		at   calendar.Wall
		text string
	}
	var lines []said
	on := func(w calendar.Wall) string { return w.String()[:len(time.DateOnly)] }
	at := func(w calendar.Wall) string { return w.String()[len(time.DateOnly)+1:][:5] }
	for _, w := range e.Excluded {
		lines = append(lines, said{w, on(w) + " −"})
	}
	for _, w := range e.Added {
		if w != e.Start {
			lines = append(lines, said{w, on(w) + " + " + at(w)})
		}
	}
	zone := e.Zone
	if zone == nil {
		zone = time.UTC
	}
	for _, c := range e.Changed {
		if slices.Contains(e.Excluded, c.Original) {
			continue // what is excluded does not happen, even if it was moved
		}
		if c.Cancelled {
			lines = append(lines, said{c.Original, on(c.Original) + " ×"})
			continue
		}
		start := c.Start
		if c.Zone != nil && c.Zone != zone {
			start = calendar.WallOf(c.Start.In(c.Zone).In(zone))
		}
		text := on(c.Original) + " → " + on(start) + " " + at(start) + " " + strconv.Itoa(int(c.Length/time.Minute))
		title, place := other(c.Summary, e.Summary), other(c.Location, e.Location)
		if title != "" || place != "" {
			text += " | " + title
		}
		if place != "" {
			text += " | " + place
		}
		lines = append(lines, said{c.Original, text})
	}
	slices.SortStableFunc(lines, func(a, b said) int { return cmp.Compare(a.at, b.at) })
	var out []string
	for _, l := range lines {
		out = append(out, l.text)
	}
	return strings.Join(slices.Compact(out), "\n")
}

// other is a text where it differs from another, without what parts it from the next.
func other(text, than string) string {
	if text == than {
		return ""
	}
	return strings.NewReplacer("|", "/", "\n", " ", "\r", " ").Replace(text)
}
