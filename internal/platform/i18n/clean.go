package i18n

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// CleanLine prepares one line that a person typed, such as a name: valid UTF-8 in Unicode form NFC,
// line breaks and tabs turned into spaces, control characters and characters that change the writing
// direction or are invisible removed, runs of spaces made one, both ends trimmed. It does not limit the
// length. Applying it twice changes nothing.
func CleanLine(s string) string {
	if plainASCIILine(s) {
		return s
	}
	return collapseSpaces(strip(s, func(r rune) rune {
		if unicode.IsSpace(r) && r != '\u00a0' && r != '\u202f' {
			return ' '
		}
		return r
	}))
}

// CleanText prepares text of several lines: as CleanLine, but line breaks stay, all written as \n, and
// so do tabs and spaces inside a line; spaces at the end of lines and blank lines at either end go.
func CleanText(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strip(s, func(r rune) rune {
		switch r {
		case '\r', '\u2028', '\u2029', '\u0085', '\v', '\f':
			return '\n'
		}
		return r
	})
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRightFunc(line, unicode.IsSpace)
	}
	return strings.TrimRight(strings.TrimLeft(strings.Join(lines, "\n"), "\n"), "\n")
}

// strip brings s into valid NFC, maps each character and removes those that must not be stored. The
// mapping comes first so that it can save a control character such as a tab.
func strip(s string, mapping func(rune) rune) string {
	s = norm.NFC.String(strings.ToValidUTF8(s, "\ufffd"))
	s = strings.Map(func(r rune) rune {
		if r = mapping(r); removed(r) {
			return -1
		}
		return r
	}, s)
	// Removing a character can bring a letter and a mark together.
	return norm.NFC.String(s)
}

// removed reports whether r has no place in stored text: it is a control, turns the direction of the
// text around it (and can make a name read as another), is invisible between letters, or is no
// character at all. Joiners stay, since Persian, Indic scripts and emoji need them.
func removed(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case unicode.IsControl(r):
		return true
	case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069: // embedding, override, isolate
		return true
	case r == 0x200e, r == 0x200f, r == 0x061c: // direction marks
		return true
	case r == 0x200b, r == 0x2060, r == 0xfeff, r == 0x00ad: // invisible
		return true
	case r >= 0xfff9 && r <= 0xfffb, r == 0xe0001: // annotation, language tag
		return true
	case r >= 0xfdd0 && r <= 0xfdef, r&0xfffe == 0xfffe: // noncharacters
		return true
	}
	return false
}

// collapseSpaces trims s and makes each run of spaces one. A single no-break space stays what it is,
// since French puts it before a colon.
func collapseSpaces(s string) string {
	var out strings.Builder
	out.Grow(len(s))
	var held rune // the space waiting to be written, 0 when there is none
	for _, r := range s {
		if !unicode.IsSpace(r) {
			if held != 0 && out.Len() > 0 {
				out.WriteRune(held)
			}
			held = 0
			out.WriteRune(r)
			continue
		}
		if held != 0 {
			r = ' '
		}
		held = r
	}
	return out.String()
}

// plainASCIILine reports whether s is already clean, which most names are.
func plainASCIILine(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c > '~' || c < ' ' || c == ' ' && (i == 0 || i == len(s)-1 || s[i-1] == ' ') {
			return false
		}
	}
	return true
}
