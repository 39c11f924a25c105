package imports

import (
	"crypto/sha256"
	"maps"
	"slices"
	"strings"

	"commontable/internal/platform/i18n"
)

// hashOf is a short name of a key; two keys of a million share one with a chance
// of about 10^-27.
func hashOf(parts ...string) [16]byte {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return [16]byte(sum[:16])
}

// wholeOf is everything a row says of a record, in one text.
func wholeOf(v Values) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(v)) {
		b.WriteString(name)
		b.WriteByte(0)
		b.WriteString(v[name])
		b.WriteByte(0)
	}
	return b.String()
}

// nameKey is a key made of a name and what tells it from others, as spelling does
// not matter to it.
func nameKey(name, at string) string {
	if at = i18n.FoldKey(at); at != "" {
		return "name_organization:" + i18n.FoldKey(name) + "|" + at
	}
	return "name:" + i18n.FoldKey(name)
}
