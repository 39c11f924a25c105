package networkmap

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"commontable/internal/analysis/layout"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
)

// bonds are four random ties for each of so many organizations.
func bonds(nodes int) []bond {
	chance := rand.New(rand.NewPCG(1, 1))
	ids := make([]directory.OrganizationID, nodes)
	for k := range ids {
		ids[k] = id.New[directory.Organization]()
	}
	out := make([]bond, 0, 4*nodes)
	for k := range 4 * nodes {
		if a, b := ids[k%nodes], ids[chance.IntN(nodes)]; a != b {
			out = append(out, bond{a, b})
		}
	}
	return out
}

// What was laid out once is not laid out again, and what is kept stays bounded.
func TestPlacesAreRemembered(t *testing.T) {
	m := &memory{kept: map[[32]byte]map[directory.OrganizationID]layout.Point{}}
	made := 0
	ask := func(key byte, nodes int) {
		t.Helper()
		if _, err := m.of([32]byte{key}, func() (map[directory.OrganizationID]layout.Point, error) {
			made++
			at := map[directory.OrganizationID]layout.Point{}
			for range nodes {
				at[id.New[directory.Organization]()] = layout.Point{}
			}
			return at, nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	ask(1, 10)
	ask(1, 10)
	if made != 1 {
		t.Errorf("made %d times", made)
	}
	for key := range byte(5) {
		ask(key+2, mostKept/4)
	}
	if m.nodes > mostKept || len(m.kept) != len(m.order) {
		t.Errorf("%d places are kept in %d maps", m.nodes, len(m.kept))
	}
	if ask(1, 10); made != 7 {
		t.Errorf("made %d times: the oldest is forgotten", made)
	}
}

// BenchmarkPlaces is how long the places of a network take that nobody laid out yet.
func BenchmarkPlaces(b *testing.B) {
	for _, nodes := range []int{300, 5000} {
		ties := bonds(nodes)
		b.Run(fmt.Sprint(nodes), func(b *testing.B) {
			for b.Loop() {
				if _, err := goOn(context.Background(), nil, ties); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
