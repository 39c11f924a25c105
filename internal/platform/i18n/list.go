package i18n

import (
	"context"
	"strings"
	"unicode/utf8"
)

// List joins items as a sentence does: "a, b and c". An empty list is an empty string.
func List(ctx context.Context, items []string) string {
	switch len(items) {
	case 0:
		return ""
	case 1:
		return items[0]
	}
	last := items[len(items)-1]
	key := "dates.list_end"
	if Language(ctx) == "es" && soundsLikeI(last) {
		key = "dates.list_end_before_i"
	}
	comma := T(ctx, "dates.list_comma")
	return T(ctx, key, Args{"Before": strings.Join(items[:len(items)-1], comma), "Last": last})
}

// soundsLikeI reports whether a Spanish word begins with the vowel i, before which "y" becomes "e":
// "padres e hijos", but "agua y hielo", where the i glides into the next vowel.
func soundsLikeI(word string) bool {
	folded := strings.TrimPrefix(FoldKey(word), "h")
	if !strings.HasPrefix(folded, "i") {
		return false
	}
	next, _ := utf8.DecodeRuneInString(folded[1:])
	return !strings.ContainsRune("aeou", next)
}
