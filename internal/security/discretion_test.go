package security_test

import (
	"cmp"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"commontable/internal/platform/id"
)

// What belongs to another collaborative cannot be told from what does not exist:
// the answer has the same status, headers and size, and takes as long.
func TestOthersRecordsLookLikeNone(t *testing.T) {
	s := newSite(t)
	director := s.callers[0]
	none := strings.Repeat("x", len(s.there.slug))
	page := func(slug, rest string) func() *http.Request {
		return func() *http.Request { return director.browse("GET", "/c/"+slug+rest, nil) }
	}
	api := func(slug, rest string) func() *http.Request {
		return func() *http.Request { return director.call("GET", "/api/v1/collaboratives/"+slug+rest, "") }
	}
	for _, pair := range []struct {
		name          string
		others, nones func() *http.Request
	}{
		{"page of a person", page(s.here.slug, "/people/"+s.there.person.ID.Short()), page(s.here.slug, "/people/"+id.New[struct{}]().Short())},
		{"page of an organization", page(s.here.slug, "/organizations/"+s.there.organization.ID.Short()), page(s.here.slug, "/organizations/"+id.New[struct{}]().Short())},
		{"page of a collaborative", page(s.there.slug, "/people"), page(none, "/people")},
		{"record of a person", api(s.here.slug, "/people/"+s.there.person.ID.String()), api(s.here.slug, "/people/"+id.New[struct{}]().String())},
		{"record of an organization", api(s.here.slug, "/organizations/"+s.there.organization.ID.String()), api(s.here.slug, "/organizations/"+id.New[struct{}]().String())},
		{"list of a collaborative", api(s.there.slug, "/people"), api(none, "/people")},
	} {
		a, b := s.send(pair.others()), s.send(pair.nones())
		if a.status != http.StatusNotFound || b.status != a.status || len(a.body) != len(b.body) || outline(a.header) != outline(b.header) {
			t.Errorf("%s: %d, %d bytes, %s; for none %d, %d bytes, %s", pair.name, a.status, len(a.body), outline(a.header), b.status, len(b.body), outline(b.header))
		}
		// A scheduler's mood can spoil one run; a true difference spoils all.
		var z, shift float64
		for range 4 {
			if z, shift = s.compare(pair.others, pair.nones, 400); z < 4 || shift < tells {
				break
			}
		}
		t.Logf("%s: z = %.2f, medians differ by %.1f %%", pair.name, z, 100*shift)
		if z >= 4 && shift >= tells {
			t.Errorf("%s: the time tells: z = %.2f, medians differ by %.1f %%", pair.name, z, 100*shift)
		}
	}
	// A record that is there takes longer, and the comparison has to notice.
	if z, shift := s.compare(page(s.here.slug, "/people/"+s.here.person.ID.Short()), page(s.here.slug, "/people/"+id.New[struct{}]().Short()), 400); z < 4 || shift < tells {
		t.Errorf("a page takes no longer than a refusal (z = %.2f, %.1f %%): the comparison sees nothing", z, 100*shift)
	}
}

// tells is the relative difference of medians from which a time is said to tell.
// A refusal takes a tenth of a millisecond here; under the race detector the one
// index entry that is found or not already makes a twentieth of it.
const tells = 0.08

// outline is an answer's headers and how long their values are.
func outline(h http.Header) string {
	var lines []string
	for name, values := range h {
		lines = append(lines, name+" "+strings.Repeat("x", len(strings.Join(values, ","))))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// compare times two requests in turn, so that other work falls on both alike, and
// gives the absolute z of the rank-sum test of Mann and Whitney and the relative
// difference of the medians.
func (s *site) compare(a, b func() *http.Request, n int) (z, shift float64) {
	type sample struct {
		took  time.Duration
		which int
	}
	var all []sample
	for i := range n + 20 {
		for k := range 2 {
			which := (i + k) % 2
			r := []func() *http.Request{a, b}[which]()
			begun := time.Now()
			s.send(r)
			if i >= 20 { // warm by then
				all = append(all, sample{time.Since(begun), which})
			}
		}
	}
	slices.SortFunc(all, func(a, b sample) int { return cmp.Compare(a.took, b.took) })
	ranks := 0.0
	var medians [2][]time.Duration
	for rank, one := range all {
		if one.which == 0 {
			ranks += float64(rank + 1)
		}
		medians[one.which] = append(medians[one.which], one.took)
	}
	size := float64(n)
	z = math.Abs(ranks-size*(2*size+1)/2) / math.Sqrt(size*size*(2*size+1)/12)
	first, second := float64(medians[0][n/2]), float64(medians[1][n/2])
	return z, math.Abs(first-second) / min(first, second)
}
