package i18n

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
)

// message is one entry of the catalogue, split at its placeholders when it is loaded so that writing
// it needs no template engine.
type message struct {
	fixed bool             // one form, no placeholder: other.literal is the whole answer
	forms map[string]*text // by plural form name; nil when the message has only "other"
	other *text
}

// text is one form of a message: its literal when it has no placeholder, else pieces in order.
type text struct {
	literal string
	pieces  []piece
}

// piece is a literal followed by a placeholder; the last piece of a text may lack the placeholder.
type piece struct {
	literal string
	name    string
}

var placeholder = regexp.MustCompile(`\{\{\s*\.([A-Za-z][A-Za-z0-9]*)\s*\}\}`)

// newMessage compiles m. The error names what is wrong with it; the message is usable even so.
func newMessage(m *goi18n.Message) (*message, error) {
	out := &message{}
	var fault error
	for _, form := range formNames {
		source := formOf(m, form)
		if source == "" {
			continue
		}
		compiled, err := newText(source)
		if err != nil {
			fault = fmt.Errorf("%s, form %q: %w", m.ID, form, err)
		}
		if form == "other" {
			out.other = compiled
			continue
		}
		if out.forms == nil {
			out.forms = map[string]*text{}
		}
		out.forms[form] = compiled
	}
	if out.other == nil {
		out.other = &text{literal: m.ID}
		fault = fmt.Errorf("%s: has no form %q", m.ID, "other")
	}
	out.fixed = out.forms == nil && out.other.pieces == nil
	return out, fault
}

func newText(source string) (*text, error) {
	out := &text{}
	rest := source
	for _, at := range placeholder.FindAllStringSubmatchIndex(source, -1) {
		before := source[len(source)-len(rest) : at[0]]
		out.pieces = append(out.pieces, piece{literal: before, name: source[at[2]:at[3]]})
		rest = source[at[1]:]
	}
	if out.pieces == nil {
		out.literal = source
	} else if rest != "" {
		out.pieces = append(out.pieces, piece{literal: rest})
	}
	if strings.Contains(placeholder.ReplaceAllString(source, ""), "{{") {
		return out, fmt.Errorf("only placeholders of the form {{.Name}} are allowed: %q", source)
	}
	return out, nil
}

// names returns the placeholders of a message, sorted, each once.
func (m *message) names() []string {
	seen := map[string]bool{}
	for _, form := range append(mapValues(m.forms), m.other) {
		for _, p := range form.pieces {
			if p.name != "" {
				seen[p.name] = true
			}
		}
	}
	names := make([]string, 0, len(seen))
	for name := range seen {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func mapValues(forms map[string]*text) []*text {
	out := make([]*text, 0, len(forms)+1)
	for _, form := range forms {
		out = append(out, form)
	}
	return out
}

// write fills the placeholders of the form that the Count of args asks for. A placeholder without a
// value is left out and logged once: the sentence stays readable and the mistake is seen.
func (m *message) write(key string, s *speech, args []Args) string {
	form := m.other
	if m.forms != nil {
		if count, ok := value(args, "Count"); ok {
			if chosen := m.forms[s.form(count)]; chosen != nil {
				form = chosen
			}
		}
	}
	if form.pieces == nil {
		return form.literal
	}
	var out strings.Builder
	for _, p := range form.pieces {
		out.WriteString(p.literal)
		if p.name == "" {
			continue
		}
		v, ok := value(args, p.name)
		switch {
		case !ok:
			logOnce("i18n: message lacks the value of {{."+p.name+"}}", key)
		case p.name == "Count":
			out.WriteString(s.count(v))
		default:
			out.WriteString(plain(v))
		}
	}
	return out.String()
}

// formNames are the plural forms that CLDR knows.
var formNames = []string{"zero", "one", "two", "few", "many", "other"}

func formOf(m *goi18n.Message, form string) string {
	switch form {
	case "zero":
		return m.Zero
	case "one":
		return m.One
	case "two":
		return m.Two
	case "few":
		return m.Few
	case "many":
		return m.Many
	default:
		return m.Other
	}
}
