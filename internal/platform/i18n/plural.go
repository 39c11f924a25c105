package i18n

import (
	"math"
	"strconv"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// smallCounts is how many counts have their plural form worked out beforehand. Nearly all counts on a
// page are this small, and asking go-i18n each time costs more than the rest of T.
const smallCounts = 256

// learnPlurals asks go-i18n, which carries the current rules of CLDR, by having it write a message
// whose forms are the names of the forms.
func (s *speech) learnPlurals() {
	tag := language.MustParse(s.code)
	bundle := goi18n.NewBundle(tag)
	bundle.MustAddMessages(tag, &goi18n.Message{
		ID: "form", Zero: "zero", One: "one", Two: "two", Few: "few", Many: "many", Other: "other",
	})
	s.plurals = goi18n.NewLocalizer(bundle, s.code)
	for count := range s.smallForms {
		s.smallForms[count] = s.askForm(count)
	}
}

// askForm returns the plural form of count, which is an int, int64 or a decimal number as text.
func (s *speech) askForm(count any) string {
	form, err := s.plurals.Localize(&goi18n.LocalizeConfig{MessageID: "form", PluralCount: count})
	if err != nil {
		return "other"
	}
	return form
}

// form returns the plural form that a count takes: "one", "other" and so on. What is no number is
// "other".
func (s *speech) form(count any) string {
	if n, ok := whole(count); ok {
		if n >= 0 && n < smallCounts {
			return s.smallForms[n]
		}
		return s.askForm(n)
	}
	if f, ok := fraction(count); ok {
		return s.askForm(strconv.FormatFloat(math.Abs(f), 'f', -1, 64))
	}
	return "other"
}

// count writes the value of {{.Count}} as the language writes numbers.
func (s *speech) count(v any) string {
	if n, ok := whole(v); ok {
		return s.number(n)
	}
	if f, ok := fraction(v); ok {
		return s.decimals(f, -1)
	}
	return plain(v)
}

func whole(v any) (int64, bool) {
	switch v := v.(type) {
	case int:
		return int64(v), true
	case int64:
		return v, true
	case int32:
		return int64(v), true
	case uint32:
		return int64(v), true
	case int16:
		return int64(v), true
	case int8:
		return int64(v), true
	case uint8:
		return int64(v), true
	case uint16:
		return int64(v), true
	case uint:
		return int64(min(uint64(v), math.MaxInt64)), true
	case uint64:
		return int64(min(v, math.MaxInt64)), true
	}
	return 0, false
}

func fraction(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, !math.IsNaN(v) && !math.IsInf(v, 0)
	case float32:
		f := float64(v)
		return f, !math.IsNaN(f) && !math.IsInf(f, 0)
	}
	return 0, false
}
