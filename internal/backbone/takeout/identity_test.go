package takeout_test

import (
	"testing"
)

// What is taken away, loaded elsewhere and taken away again is the same, byte for
// byte, from either engine to either.
func TestTakenAwayLoadedAndTakenAwayAgain(t *testing.T) {
	for _, from := range []string{"sqlite", "postgres"} {
		a := told(t, from)
		first := taken(t, a, everything)
		same(t, first, taken(t, a, everything))
		for _, to := range []string{"sqlite", "postgres"} {
			t.Run(from+" to "+to, func(t *testing.T) {
				b := house(t, to)
				out, err := load(b, first)
				if err != nil {
					t.Fatalf("%v", err)
				}
				if out.Rows["people"] == 0 || out.Rows["audit"] == 0 || len(out.Unknown) > 0 {
					t.Errorf("loaded %v, unknown %v", out.Rows, out.Unknown)
				}
				same(t, first, taken(t, b, everything))
			})
		}
	}
}
