package imports

import (
	"context"
	"net/mail"
	"regexp"
	"strings"
	"unicode/utf8"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
)

// languages are those in which words of a file are understood, whatever language
// whoever brings it reads.
var languages = []string{"en", "fr", "es"}

// spoken are the words that stand for each of some values: the value itself, its
// label in every language, and more that people write. Besides are values that
// have no label of their own.
func spoken(family string, values []string, more map[string][]string, besides ...map[string][]string) map[string][]string {
	out := map[string][]string{}
	for _, more := range besides {
		for value, words := range more {
			out[value] = append([]string{i18n.FoldKey(value)}, words...)
		}
	}
	for _, value := range values {
		words := []string{i18n.FoldKey(value)}
		for _, language := range languages {
			words = append(words, i18n.FoldKey(i18n.T(i18n.With(context.Background(), language), family+value)))
		}
		for _, word := range more[value] {
			words = append(words, i18n.FoldKey(word))
		}
		out[value] = words
	}
	return out
}

// affirmed and denied are what people write for yes and no.
var (
	affirmed = []string{"yes", "y", "true", "t", "1", "x", "on", "oui", "o", "vrai", "si", "s", "verdadero"}
	denied   = []string{"no", "n", "false", "f", "0", "off", "non", "faux", "falso", "none", "aucun", "ninguno"}
)

// separators part several values in one cell: our own lines, Kumu's and Google's
// marks, the semicolon; addresses and tags also at commas.
var (
	separators      = regexp.MustCompile(`\s*(?:\n|\||;|:::)\s*`)
	commaSeparators = regexp.MustCompile(`\s*(?:\n|\||;|:::|,)\s*`)
	// linked is the address that Notion writes behind the name of another page.
	linked           = regexp.MustCompile(`\s*\(https?://[^\s)]*notion[^\s)]*\)`)
	bareDomain       = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}.-]*\.[\p{L}]{2,}(/.*)?$`)
	plainNumber      = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)
	mostInCell       = 100
	defaultMost      = 200
	defaultMostLines = 10_000
)

// severalPhones is what Google puts between the telephones of one cell.
const severalPhones = ":::"

// settle brings a cell into the form a field is stored in, or says what is wrong
// with it: the key of a message, and its arguments.
func (f Field) settle(text string) (value, fault string, args map[string]any) {
	if f.Refers != "" {
		text = linked.ReplaceAllString(text, "")
	}
	if f.ID == "phone" {
		text, _, _ = strings.Cut(text, severalPhones) // the others are counted
	}
	if !f.Many {
		return f.settleOne(text)
	}
	parts := separators
	if f.Type == EmailType || f.ID == "tags" {
		parts = commaSeparators
	}
	var out []string
	for _, part := range parts.Split(text, mostInCell+1) {
		if f.ID == "tags" {
			if part = strings.Trim(part, `"`); strings.HasPrefix(part, "* ") {
				continue // a group that Google made by itself
			}
		}
		value, fault, args := f.settleOne(part)
		if fault != "" {
			return "", fault, args
		}
		if value != "" && !contains(out, value) {
			out = append(out, value)
		}
	}
	if len(out) > mostInCell {
		return "", "errors.too_many_items", map[string]any{"Most": mostInCell}
	}
	return strings.Join(out, "\n"), "", nil
}

func contains(all []string, one string) bool {
	for _, have := range all {
		if have == one {
			return true
		}
	}
	return false
}

func (f Field) settleOne(text string) (value, fault string, args map[string]any) {
	most := defaultMost
	if f.Type == LinesType {
		text, most = i18n.CleanText(text), defaultMostLines
	} else {
		text = i18n.CleanLine(text)
	}
	if f.Most > 0 {
		most = f.Most
	}
	if text == "" {
		return "", "", nil
	}
	if f.Read != nil {
		value, fault = f.Read(text)
		return value, fault, nil
	}
	switch f.Type {
	case EmailType:
		text = strings.TrimPrefix(text, "mailto:")
		if address, err := mail.ParseAddress(text); err == nil {
			text = address.Address
		}
		if !operation.IsEmail(text) {
			return "", "errors.not_an_email", nil
		}
	case LinkType:
		if !strings.Contains(text, "://") && bareDomain.MatchString(text) {
			text = "https://" + text
		}
		if !operation.IsLink(text) {
			return "", "errors.not_a_link", nil
		}
	case DateType:
		day, ok := parseDay(text)
		if !ok {
			return "", "errors.not_a_date", nil
		}
		return day, "", nil
	case YesNoType:
		switch folded := i18n.FoldKey(text); {
		case contains(affirmed, folded) || text == "✓" || text == "✔":
			return "yes", "", nil
		case contains(denied, folded) || text == "-" || text == "–":
			return "no", "", nil
		}
		return "", "errors.import_yes_no", nil
	case NumberType:
		if !plainNumber.MatchString(text) {
			return "", "errors.field_number", nil
		}
	case ChoiceType:
		folded := i18n.FoldKey(text)
		for value, words := range f.choices() {
			if contains(words, folded) {
				return value, "", nil
			}
		}
		return "", "errors.import_choice", nil
	}
	if utf8.RuneCountInString(text) > most {
		return "", "errors.too_long", map[string]any{"Most": most}
	}
	return text, "", nil
}

func (f Field) choices() map[string][]string {
	if f.Choices == nil {
		return nil
	}
	return f.Choices()
}

// lines are the several values of a field.
func lines(value string) []string {
	if value == "" {
		return nil
	}
	return strings.Split(value, "\n")
}

// union is the values of both, in order, each once however it is spelled.
func union(first, second string) string {
	out := lines(first)
	seen := map[string]bool{}
	for _, value := range out {
		seen[folded(value)] = true
	}
	for _, value := range lines(second) {
		if !seen[folded(value)] {
			seen[folded(value)] = true
			out = append(out, value)
		}
	}
	return strings.Join(out, "\n")
}

// folded is what two spellings of a value share; what folding leaves nothing of
// is compared as it is.
func folded(value string) string {
	if key := i18n.FoldKey(value); key != "" {
		return key
	}
	return value
}
