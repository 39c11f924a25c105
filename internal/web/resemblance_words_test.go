package web_test

import (
	"testing"

	"commontable/internal/analysis/resemblance"
	"commontable/internal/platform/i18n"
)

// Every reason has words; that they are there in every language is the
// catalogue's own test.
func TestEveryReasonHasWords(t *testing.T) {
	for _, code := range resemblance.Codes() {
		if !i18n.Has("resemblance.reason_" + code) {
			t.Errorf("%s has no words", code)
		}
	}
}
