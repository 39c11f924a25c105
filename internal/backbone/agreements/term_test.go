package agreements

import "testing"

func TestWhenATermIsOver(t *testing.T) {
	for _, c := range []struct {
		from   string
		months int64
		want   string
	}{
		{"2026-05-14", 36, "2029-05-14"},
		{"2026-01-31", 1, "2026-02-28"},
		{"2024-02-29", 12, "2025-02-28"},
		{"2024-02-29", 48, "2028-02-29"},
		{"2026-12-31", 2, "2027-02-28"},
		{"2026-12-01", 1, "2027-01-01"},
	} {
		if got := termEnds(c.from, c.months); got != c.want {
			t.Errorf("%d months from %s: %s, want %s", c.months, c.from, got, c.want)
		}
	}
}
