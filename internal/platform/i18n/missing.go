package i18n

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Missing returns what is wrong with the catalogue, one sentence each, sorted: files that cannot be read,
// keys one language has and another lacks, placeholders that differ between languages, plural forms a
// language needs and a message lacks. An empty result means that every message can be said in every
// language.
func Missing() []string { return loaded().missing() }

func (c *catalogue) missing() []string {
	out := slices.Clone(c.problems)
	keys := map[string]bool{}
	for _, s := range c.speeches {
		for key := range s.messages {
			keys[key] = true
		}
	}
	for key := range keys {
		first := c.speeches[Default].messages[key]
		for code, s := range c.speeches {
			m := s.messages[key]
			switch {
			case m == nil:
				out = append(out, fmt.Sprintf("%s: %s is missing", code, key))
				continue
			case first != nil && !freeForm(key) && !slices.Equal(m.names(), first.names()):
				out = append(out, fmt.Sprintf("%s: %s has the placeholders %v, %s has %v", code, key, m.names(), Default, first.names()))
			}
			if m.forms == nil && (first == nil || first.forms == nil) {
				continue
			}
			for _, form := range s.neededForms() {
				if form != "other" && m.forms[form] == nil {
					out = append(out, fmt.Sprintf("%s: %s lacks the plural form %q", code, key, form))
				}
			}
		}
	}
	slices.Sort(out)
	return out
}

// freeForm reports whether the message under key chooses among the placeholders it is given: languages
// put dates together from different parts.
func freeForm(key string) bool { return strings.HasPrefix(key, "dates.") }

// neededForms are the plural forms whole numbers written in digits take. French and Spanish have a further
// one, "many", for round millions, but only where these are written as words ("2 millions de personnes");
// without it such a count takes "other".
func (s *speech) neededForms() []string {
	forms := map[string]bool{}
	for _, form := range s.smallForms {
		forms[form] = true
	}
	return slices.Sorted(maps.Keys(forms))
}
