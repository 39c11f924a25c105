package access

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxNext bounds a place to return to.
const maxNext = 1000

// SafeNext is a place on this site to go to after signing in: the path given,
// or "/" when it could lead anywhere else. Browsers read "\" as "/", drop tabs
// and line breaks, and take "//" for the beginning of a host, and some decode
// before they look; so nothing of the kind may be there, plain or encoded.
func SafeNext(next string) string {
	if isSafeNext(next) {
		return next
	}
	return "/"
}

func isSafeNext(next string) bool {
	if next == "" || len(next) > maxNext || next[0] != '/' || strings.HasPrefix(next, "//") || !utf8.ValidString(next) {
		return false
	}
	for _, r := range next {
		// Other letters can turn into dots and slashes when a host is read.
		if r == '\\' || r >= utf8.RuneSelf || unicode.IsControl(r) || r == ' ' {
			return false
		}
	}
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || u.Opaque != "" {
		return false
	}
	path := u.Path // decoded once
	again, err := url.PathUnescape(path)
	if err != nil {
		return false
	}
	// Decoded twice as well, as a careless reader might.
	return isPlainPath(path) && isPlainPath(again)
}

func isPlainPath(path string) bool {
	for _, r := range path {
		if r == '\\' || r == '@' || unicode.IsControl(r) || r >= utf8.RuneSelf {
			return false
		}
	}
	for _, part := range strings.Split(path, "/") {
		if part == ".." || part == "." {
			return false
		}
	}
	return !strings.Contains(path, "//")
}
