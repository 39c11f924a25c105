package directory

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// FieldKind names a field of a collaborative's own as a subject.
const FieldKind = "field"

// FieldID names such a field.
type FieldID = id.Of[Field]

// The types of a field, by catalogue key "field_types.…".
const (
	TextField     = "text"
	LongTextField = "long_text"
	NumberField   = "number"
	DateField     = "date"
	YesNoField    = "yes_no"
	ChoiceField   = "choice"
	ChoicesField  = "choices"
	LinkField     = "link"
)

// FieldTypes lists them in order.
var FieldTypes = []string{TextField, LongTextField, NumberField, DateField, YesNoField, ChoiceField, ChoicesField, LinkField}

// The limits of fields.
const (
	MaxFields  = 100
	MaxChoices = 200
)

// Field is something a collaborative records of its organizations or people
// beyond what every collaborative does. Its key and type are settled when it is
// added, and so is who sees it: values are typed under that promise. A choice is
// stored by its key, so that giving it another label touches no record.
type Field struct {
	ID           FieldID   `json:"id" audit:"-"`
	Kind         string    `json:"kind" doc:"organization or person."`
	Key          string    `json:"key" doc:"How records and programs name it; it never changes."`
	Label        string    `json:"label"`
	Help         string    `json:"help"`
	Type         string    `json:"type"`
	Choices      []Choice  `json:"choices" doc:"What can be chosen, for choice and choices."`
	BackboneOnly bool      `json:"backbone_only" doc:"Whether only the backbone sees its values."`
	Position     int64     `json:"position" audit:"-"`
	Retired      bool      `json:"retired" doc:"Whether it is out of use: its values are kept and shown nowhere."`
	Version      int64     `json:"version" audit:"-"`
	CreatedAt    time.Time `json:"created_at" audit:"-"`
	UpdatedAt    time.Time `json:"updated_at" audit:"-"`
}

// Choice is one thing that can be chosen.
type Choice struct {
	Key     string `json:"key"`
	Label   string `json:"label"`
	Retired bool   `json:"retired,omitempty" doc:"Whether it can no longer be chosen; records that have it keep it."`
}

// CurrentVersion is what REST makes an ETag of.
func (f Field) CurrentVersion() int64 { return f.Version }

// Subject is the field as the door sees it.
func (f Field) Subject() operation.Subject { return operation.Subject{Kind: FieldKind, ID: f.ID} }

// Label of a choice, retired ones included; the key itself when there is none.
func (f Field) choiceLabel(key string) string {
	for _, choice := range f.Choices {
		if choice.Key == key {
			return choice.Label
		}
	}
	return key
}

// Labels are a stored value in the field's own words: the labels of choices, the
// value itself otherwise.
func (f Field) Labels(value string) []string {
	if value == "" {
		return nil
	}
	if f.Type != ChoiceField && f.Type != ChoicesField {
		return []string{value}
	}
	var out []string
	for _, key := range strings.Split(value, "\n") {
		out = append(out, f.choiceLabel(key))
	}
	return out
}

// seeing is the right that opens the backbone's fields of a kind of record.
func seeing(kind string) string {
	if kind == PersonKind {
		return SeeContacts
	}
	return SeeNotes
}

// open says whether the actor may see and set the field's values.
func (f Field) open(c *operation.Call) bool {
	return !f.Retired && (!f.BackboneOnly || c.Can(seeing(f.Kind)))
}

var plainNumber = regexp.MustCompile(`^-?[0-9]{1,15}(\.[0-9]{1,6})?$`)

// settle brings a value into the form it is stored in, or says what is wrong
// with it; had is what the record holds, which may be a choice out of use.
func (f Field) settle(value, had string) (settled, fault string) {
	value = strings.TrimSpace(value)
	if f.Type != LongTextField && f.Type != ChoicesField {
		value = i18n.CleanLine(value)
	}
	if value == "" {
		return "", ""
	}
	switch f.Type {
	case NumberField:
		number := strings.ReplaceAll(value, " ", "")
		if !strings.Contains(number, ".") {
			number = strings.Replace(number, ",", ".", 1)
		}
		if !plainNumber.MatchString(number) {
			return "", "errors.field_number"
		}
		return number, ""
	case DateField:
		if day, err := time.Parse(time.DateOnly, value); err != nil || day.Year() < 1000 {
			return "", "errors.field_date"
		}
	case YesNoField:
		if value != "yes" && value != "no" {
			return "", "errors.field_yes_no"
		}
	case LinkField:
		if !operation.IsLink(value) || len(value) > 500 {
			return "", "errors.field_link"
		}
	case ChoiceField, ChoicesField:
		return f.settleChoices(value, had)
	default:
		most := 200
		if f.Type == LongTextField {
			most = 5000
		}
		if len([]rune(value)) > most {
			return "", "errors.field_too_long"
		}
	}
	return value, ""
}

// settleChoices takes keys, and labels as people write them.
func (f Field) settleChoices(value, had string) (settled, fault string) {
	kept := strings.Split(had, "\n")
	var keys []string
	for _, line := range strings.Split(value, "\n") {
		line = i18n.CleanLine(line)
		at := slices.IndexFunc(f.Choices, func(c Choice) bool { return c.Key == line })
		if at < 0 {
			at = slices.IndexFunc(f.Choices, func(c Choice) bool { return !c.Retired && i18n.FoldKey(c.Label) == i18n.FoldKey(line) })
		}
		switch {
		case line == "":
		case at < 0, f.Choices[at].Retired && !slices.Contains(kept, f.Choices[at].Key):
			return "", "errors.field_choice"
		case !slices.Contains(keys, f.Choices[at].Key):
			keys = append(keys, f.Choices[at].Key)
		}
	}
	if f.Type == ChoiceField && len(keys) > 1 {
		return "", "errors.field_choice"
	}
	// In the field's own order, so that the same choice is the same value.
	slices.SortFunc(keys, func(a, b string) int { return f.place(a) - f.place(b) })
	return strings.Join(keys, "\n"), ""
}

func (f Field) place(key string) int {
	return slices.IndexFunc(f.Choices, func(c Choice) bool { return c.Key == key })
}

// keyOf makes a key of a label that none of the others has.
func keyOf(label, otherwise string, taken func(string) bool) string {
	key := strings.ReplaceAll(i18n.FoldKey(label), " ", "_")
	if runes := []rune(key); len(runes) > 40 {
		key = strings.TrimRight(string(runes[:40]), "_")
	}
	key = or(key, otherwise)
	for n, base := 2, key; taken(key); n++ {
		key = base + "_" + strconv.Itoa(n)
	}
	return key
}
