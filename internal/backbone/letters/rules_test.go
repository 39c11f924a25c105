package letters_test

import (
	"testing"
	"time"

	"commontable/internal/backbone/letters"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// Quiet hours end at their local hour, across midnight and on the days when the
// clocks change; an hour that a day skips ends when the clocks have gone past it.
func TestQuietHoursEnd(t *testing.T) {
	chicago := zone(t, "America/Chicago")
	night := letters.Rules{Quiet: true, QuietFrom: 20, QuietUntil: 7}
	noon := letters.Rules{Quiet: true, QuietFrom: 12, QuietUntil: 14}
	for _, c := range []struct {
		rules      letters.Rules
		now, until string
	}{
		{night, "2026-11-22T19:59:59-06:00", ""},
		{night, "2026-11-22T20:00:00-06:00", "2026-11-23T07:00:00-06:00"},
		{night, "2026-11-23T06:59:59-06:00", "2026-11-23T07:00:00-06:00"},
		{night, "2026-11-23T07:00:00-06:00", ""},
		{night, "2026-10-31T23:00:00-05:00", "2026-11-01T07:00:00-06:00"}, // an hour longer
		{night, "2027-03-13T23:00:00-06:00", "2027-03-14T07:00:00-05:00"}, // an hour shorter
		{night, "2026-12-31T21:00:00-06:00", "2027-01-01T07:00:00-06:00"},
		{noon, "2026-11-22T13:00:00-06:00", "2026-11-22T14:00:00-06:00"},
		{noon, "2026-11-22T14:00:00-06:00", ""},
		{letters.Rules{Quiet: true, QuietFrom: 20, QuietUntil: 2}, "2027-03-13T23:00:00-06:00", "2027-03-14T03:00:00-05:00"}, // two o'clock is not there
		{letters.Rules{QuietFrom: 20, QuietUntil: 7}, "2026-11-22T23:00:00-06:00", ""},
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if at := c.rules.WaitUntil(now, chicago); !at.IsZero() {
			got = at.In(chicago).Format(time.RFC3339)
		}
		if got != c.until {
			t.Errorf("%s: until %q, want %q", c.now, got, c.until)
		}
	}
}

// The digest of a week is due from its hour on for three days, in local time on both
// sides of a change of clocks.
func TestDigestOn(t *testing.T) {
	paris := zone(t, "Europe/Paris")
	rules := letters.Rules{Digest: true, DigestWeekday: int64(time.Sunday), DigestHour: 9}
	for now, want := range map[string]string{
		"2026-10-25T07:59:59Z": "", // summer time ended at one: nine is eight in UTC
		"2026-10-25T08:00:00Z": "2026-10-25",
		"2026-10-28T08:00:00Z": "2026-10-25",
		"2026-10-28T08:00:01Z": "",
		"2026-10-18T07:00:00Z": "2026-10-18",
		"2026-10-18T06:59:59Z": "",
	} {
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		if got := rules.DigestOn(at, paris); got != want {
			t.Errorf("%s: %q, want %q", now, got, want)
		}
	}
	rules.Digest = false
	if got := rules.DigestOn(time.Date(2026, 10, 25, 9, 0, 0, 0, time.UTC), paris); got != "" {
		t.Errorf("switched off: %q", got)
	}
}
