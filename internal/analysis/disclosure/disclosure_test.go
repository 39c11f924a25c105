package disclosure_test

import (
	"testing"

	"pgregory.net/rapid"

	"commontable/internal/analysis/disclosure"
)

func TestCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.Int64Range(0, 200).Draw(t, "all")
		some := rapid.Int64Range(0, all).Draw(t, "some")
		least := rapid.Int64Range(-1, 60).Draw(t, "least")
		told := disclosure.Count(some, all, least)
		if told && (some < least || all-some < least || least < 1) {
			t.Fatalf("%d of %d told with a least of %d", some, all, least)
		}
		if told != disclosure.Count(all-some, all, least) {
			t.Fatalf("%d of %d is told and the rest is not, or the other way round", some, all)
		}
		if told && (!disclosure.Count(some, all, least-1) && least > 1 || all < disclosure.Least(least)) {
			t.Fatal("a lower least hides more, or a group too small is told of")
		}
		if !told && least > 0 && some >= least && all-some >= least {
			t.Fatalf("%d of %d is hidden for no reason", some, all)
		}
	})
}

func TestTenths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.Int64Range(1, 500).Draw(t, "all")
		some := rapid.Int64Range(0, all).Draw(t, "some")
		share := disclosure.Tenths(some, all)
		if share%10 != 0 || share < 0 || share > 100 {
			t.Fatalf("%d of %d makes %d", some, all, share)
		}
		if off := share*all - some*100; off > 5*all || off < -5*all {
			t.Fatalf("%d of %d makes %d", some, all, share)
		}
	})
}
