package intake

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// cell returns the text of a cell without spaces around it and without the characters that have no place
// in it, which are noted. Line breaks are all written as \n.
func (p *pass) cell(s string, row int64) string {
	plain := true
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7f {
			plain = false
			break
		}
	}
	if !plain {
		s = p.strip(s, row)
	}
	return strings.TrimFunc(s, unicode.IsSpace)
}

func (p *pass) strip(s string, row int64) string {
	clean := true
	for i, r := range s {
		if r == '\r' || r == utf8.RuneError && badByte(s[i:]) || unwanted(r) != "" {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		if r == '\r' {
			return '\n'
		}
		if key := unwanted(r); key != "" {
			p.notice(key, row)
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

func badByte(s string) bool {
	_, n := utf8.DecodeRuneInString(s)
	return n == 1
}

// unwanted is the key of the note for a character that is removed, "" for one that stays.
func unwanted(r rune) string {
	switch {
	case r == '\n' || r == '\t':
		return ""
	case unicode.IsControl(r), r == 0xfeff, r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef:
		return "intake.control_removed"
	case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200e, r == 0x200f, r == 0x061c:
		return "intake.direction_removed"
	}
	return ""
}
