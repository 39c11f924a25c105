package security_test

import (
	"testing"

	"commontable/internal/platform/i18n"
)

// The audit log says in words what was done, whatever was done.
func TestEveryChangeHasWords(t *testing.T) {
	s := newSite(t)
	for _, op := range s.app.Door.Registry.Sorted() {
		def := op.Describe()
		if (!def.ReadOnly || def.Sensitive) && !i18n.Has("done."+def.ID) {
			t.Errorf("done.%s is missing from the catalogue", def.ID)
		}
	}
}
