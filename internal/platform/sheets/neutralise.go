package sheets

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Neutralise makes text safe for a CSV cell. Spreadsheet programs run a cell that begins with = + - or @,
// also after spaces, and also in the full-width form of these signs; a tab, a line break or a NUL at the
// start can shift what follows into that place. Such text gets an apostrophe in front.
//
// The rule can be undone without doubt, because it looks at what follows any apostrophes that are there
// already: "=1" becomes "'=1", "'=1" becomes "”=1", while "'tis" stays as it is both ways.
func Neutralise(s string) string {
	if risky(s) {
		return "'" + s
	}
	return s
}

// Unneutralise undoes Neutralise: Unneutralise(Neutralise(s)) is s for every s. Text that Neutralise
// cannot have made is returned as it is.
func Unneutralise(s string) string {
	if strings.HasPrefix(s, "'") && risky(s) {
		return s[1:]
	}
	return s
}

// risky reports whether s, without the apostrophes it begins with, could be run. Adding an apostrophe in
// front, or taking one away, never changes the answer; that is what makes the rule reversible.
func risky(s string) bool {
	s = strings.TrimLeft(s, "'")
	if s == "" {
		return false
	}
	if strings.IndexByte("\t\r\n\x00", s[0]) >= 0 {
		return true
	}
	s = strings.TrimLeftFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.In(r, unicode.Cf, unicode.Cc)
	})
	if s == "" {
		return false
	}
	first, size := utf8.DecodeRuneInString(s)
	if first < utf8.RuneSelf {
		return strings.IndexByte("=+-@", byte(first)) >= 0
	}
	if first == '\u2212' { // the minus sign proper
		return true
	}
	plain := norm.NFKC.String(s[:size])
	return strings.IndexByte("=+-@", plain[0]) >= 0
}
