package calendar

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// line is one property: an unfolded line in its parts.
type line struct {
	number int // of the first of the lines it was folded into, from 1
	name   string
	params []param
	value  string
}

type param struct{ name, value string }

func (l line) param(name string) string {
	for _, p := range l.params {
		if p.name == name {
			return p.value
		}
	}
	return ""
}

// decoded is a file as UTF-8: by its byte order mark, as it is if it is valid,
// and else as Windows-1252, which Latin-1 is a part of.
func decoded(raw []byte) string {
	var from encoding.Encoding
	switch {
	case bytes.HasPrefix(raw, []byte("\xef\xbb\xbf")):
		raw = raw[3:]
	case bytes.HasPrefix(raw, []byte("\xff\xfe")), bytes.HasPrefix(raw, []byte("\xfe\xff")):
		from = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	}
	if from == nil && !utf8.Valid(raw) {
		from = charmap.Windows1252
	}
	if from != nil {
		if text, err := from.NewDecoder().Bytes(raw); err == nil {
			return string(text)
		}
	}
	return strings.ToValidUTF8(string(raw), "\uFFFD")
}

// lines cuts a text into unfolded lines; those that end in LF alone count, too.
type lines struct {
	rest string
	next int // number of the line that comes next, minus one
}

// read returns the next unfolded line that is not empty, and its number. Of a
// line that is too long the beginning is returned, and that it was cut.
func (l *lines) read() (text string, number int, cut, ok bool) {
	for {
		if l.rest == "" {
			return "", 0, false, false
		}
		text, number = l.physical(), l.next
		var folded strings.Builder
		for strings.HasPrefix(l.rest, " ") || strings.HasPrefix(l.rest, "\t") {
			if folded.Len() == 0 {
				folded.WriteString(text)
			}
			more := l.physical()[1:]
			if folded.Len()+len(more) > MaxLine {
				cut = true
				continue
			}
			folded.WriteString(more)
		}
		if folded.Len() > 0 {
			text = folded.String()
		}
		if len(text) > MaxLine {
			text, cut = text[:MaxLine], true
		}
		if strings.TrimSpace(text) != "" {
			return text, number, cut, true
		}
	}
}

func (l *lines) physical() string {
	text, rest, _ := strings.Cut(l.rest, "\n")
	l.rest = rest
	l.next++
	return strings.TrimRight(text, "\r")
}

// parseLine parts a line into name, parameters and value.
func parseLine(text string, number int) (line, bool) {
	l := line{number: number}
	at := strings.IndexAny(text, ";:")
	if at <= 0 {
		return l, false
	}
	l.name = strings.ToUpper(strings.TrimSpace(text[:at]))
	if strings.Trim(l.name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") != "" {
		return l, false
	}
	if dot := strings.LastIndexByte(l.name, '.'); dot >= 0 {
		l.name = l.name[dot+1:] // a group, as in contact cards
	}
	text = text[at:]
	for n := 0; strings.HasPrefix(text, ";"); n++ {
		p, rest, ok := parseParam(text[1:])
		if !ok || n >= maxParams {
			return l, false
		}
		// Only what somebody asks for is kept, the first of each, so that no
		// line takes many times its length.
		if slices.Contains(paramsUsed, p.name) && !slices.ContainsFunc(l.params, func(known param) bool { return known.name == p.name }) {
			l.params = append(l.params, p)
		}
		text = rest
	}
	if !strings.HasPrefix(text, ":") {
		return l, false
	}
	l.value = text[1:]
	return l, true
}

var paramsUsed = []string{"CN", "EMAIL", "PARTSTAT", "RANGE", "ROLE", "RSVP", "TZID", "VALUE"}

// maxParams is how many parameters a line may have.
const maxParams = 50

// parseParam reads one parameter; of several values the quotation marks go and
// the commas stay.
func parseParam(text string) (param, string, bool) {
	at := strings.IndexAny(text, "=;:")
	if at <= 0 {
		return param{}, text, false
	}
	p := param{name: strings.ToUpper(strings.TrimSpace(text[:at]))}
	if text[at] != '=' {
		return p, text[at:], true // a name alone, as vCalendar 1.0 has it
	}
	text = text[at+1:]
	var value strings.Builder
	quoted := false
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
		case !quoted && (c == ';' || c == ':'):
			p.value = circumflex.Replace(clean(value.String()))
			return p, text[i:], true
		default:
			value.WriteByte(c)
		}
	}
	return p, "", false
}

// circumflex undoes the encoding of RFC 6868.
var circumflex = strings.NewReplacer("^n", "\n", "^'", `"`, "^^", "^")

// unescaped is the value of a property as text.
func unescaped(value string) string {
	if !strings.Contains(value, `\`) {
		return clean(value)
	}
	var b strings.Builder
	for i := 0; i < len(value); i++ {
		if value[i] != '\\' || i+1 == len(value) {
			b.WriteByte(value[i])
			continue
		}
		i++
		switch c := value[i]; c {
		case 'n', 'N':
			b.WriteByte('\n')
		case '\\', ',', ';', ':', '"':
			b.WriteByte(c)
		default:
			b.WriteByte('\\')
			b.WriteByte(c)
		}
	}
	return clean(b.String())
}

// parts cuts a value of several at its commas, where they are not escaped.
func parts(value string) []string {
	var list []string
	from := 0
	for i := 0; i < len(value); i++ {
		switch value[i] {
		case '\\':
			i++
		case ',':
			list = append(list, value[from:i])
			from = i + 1
		}
	}
	return append(list, value[from:])
}
