//go:build slow

package sample_test

import (
	"testing"
	"time"

	"commontable/internal/sample"
)

func TestLarge(t *testing.T) {
	a := open(t, "")
	began := time.Now()
	build(t, a, sample.Options{Seed: 1, Size: sample.Large})
	t.Logf("told in %s", time.Since(began))
	if n := len(people(t, director(t, a, sample.Slug), a)); n != 100_000 {
		t.Errorf("%d people", n)
	}
}
