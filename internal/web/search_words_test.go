package web_test

import (
	"testing"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
)

// The list of what was found names the kind of each record.
func TestEveryKindThatIsFoundHasWords(t *testing.T) {
	for _, of := range directory.Searched {
		if !i18n.Has("search.kind_" + of.Kind) {
			t.Errorf("%s has no words", of.Kind)
		}
	}
}
