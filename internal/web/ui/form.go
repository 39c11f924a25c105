package ui

import (
	"slices"

	"github.com/a-h/templ"
)

// FieldKind is the sort of control a field shows.
type FieldKind string

// The kinds of field. Text is the default.
const (
	Text       FieldKind = "text"
	Email      FieldKind = "email"
	Tel        FieldKind = "tel"
	URL        FieldKind = "url"
	Date       FieldKind = "date"
	Number     FieldKind = "number"
	Password   FieldKind = "password"
	File       FieldKind = "file"
	TextArea   FieldKind = "textarea"
	Select     FieldKind = "select"
	Checkbox   FieldKind = "checkbox"
	Checkboxes FieldKind = "checkboxes" // several values of Options
	Radios     FieldKind = "radios"
	Tags       FieldKind = "tags"   // words separated by commas, offered from Suggest
	Lookup     FieldKind = "lookup" // the name of a record, found while typing; its id travels as Name + "_id"
)

// Option is one choice of a select, a radio group or a checkbox group.
type Option struct {
	Value    string
	Label    string
	Help     string
	Lang     string
	Disabled bool
}

// FieldProps describes one field of a form.
type FieldProps struct {
	Kind  FieldKind
	Name  string
	Label string
	Help  string
	// Error is shown beside the field and makes it invalid.
	Error string
	// Value is what was typed or stored; for Checkbox the value sent when ticked ("true" when empty).
	Value string
	// Values are the chosen ones of Checkboxes and a multiple Select, and the words of Tags.
	Values   []string
	Checked  bool
	Options  []Option
	Multiple bool
	// Blank is the label of an empty first choice of a Select; none is offered when it is empty.
	Blank    string
	Required bool
	// VisibleTo names who can see this when that is not everyone in the collaborative.
	VisibleTo    string
	Autocomplete string
	Lang         string
	Placeholder  string
	InputMode    string
	Pattern      string
	Accept       string
	Min          string
	Max          string
	Step         string
	MaxLength    int
	Rows         int
	// Size is "short" for years and codes, Across for the points of a scale, "" otherwise.
	Size string
	// Suggest offers values without restricting to them.
	Suggest []string
	// SuggestHref answers a Lookup with records; Chosen is the id of the one picked.
	SuggestHref string
	Chosen      string
	Autofocus   bool
	ReadOnly    bool
	Disabled    bool
	// HideLabel keeps the label for assistive technology alone, as in a table cell.
	HideLabel bool
	// ID is the element's id; derived from Name when empty.
	ID string
	// Attrs are added to the control.
	Attrs templ.Attributes
}

// FieldError is one fault of the error summary.
type FieldError struct {
	// Field is the Name of the field at fault; empty for the form as a whole.
	Field string
	// ID overrides the id derived from Field.
	ID      string
	Message string
}

// ErrorSummaryProps lists every fault of a failed submit.
type ErrorSummaryProps struct {
	// Title replaces the standard heading.
	Title  string
	Errors []FieldError
}

// FormProps describes a form; its fields are its children.
type FormProps struct {
	ID     string
	Action string
	// Get makes the form a query; it posts otherwise.
	Get    bool
	Hidden []Hidden
	Errors []FieldError
	// ErrorTitle replaces the standard heading of the error summary.
	ErrorTitle string
	// Submit is the label of the main button; "Save" when empty.
	Submit string
	// SubmitKind is Main when empty; Bad for what cannot be undone.
	SubmitKind Kind
	Cancel     Link
	// Extra are further submit buttons, such as "Save and add another"; each posts its Name and Value.
	Extra []SubmitButton
	// Files allows uploads.
	Files bool
	// Unguarded leaves out the warning before typed text is abandoned; sign-in and filters set it.
	Unguarded bool
	// Confirm is asked before sending; only for what cannot be undone.
	Confirm string
	// Full drops the narrow column.
	Full bool
}

// SubmitButton is a further way to send a form.
type SubmitButton struct {
	Label string
	Name  string
	Value string
	Kind  Kind
}

// Across sets choices beside each other, so that a scale takes one row also on a phone: a
// page of ratings would otherwise be many screens long.
const Across = "across"

// FieldSetProps groups fields under one legend.
type FieldSetProps struct {
	Legend string
	Help   string
	// Columns sets short fields side by side where there is room.
	Columns bool
}

// FieldID is the id of the control of a field with this name, for links to it.
func FieldID(name string) string {
	return "f-" + name
}

func (f FieldProps) id() string {
	return or(f.ID, FieldID(f.Name))
}

func (f FieldProps) group() bool {
	return f.Kind == Checkboxes || f.Kind == Radios
}

func (f FieldProps) chosen(value string) bool {
	if len(f.Values) > 0 {
		return slices.Contains(f.Values, value)
	}
	return f.Value != "" && f.Value == value
}

// describedBy names the error, the help and the visibility line, in that order.
func (f FieldProps) describedBy() string {
	var help, err, seen string
	if f.Help != "" {
		help = f.id() + "-help"
	}
	if f.Error != "" {
		err = f.id() + "-error"
	}
	if f.VisibleTo != "" {
		seen = f.id() + "-seen"
	}
	return classes(err, help, seen)
}

// control is the attributes every kind of control shares.
func (f FieldProps) control() templ.Attributes {
	a := attrs(
		"id", f.id(), "name", f.Name, "autocomplete", f.Autocomplete, "lang", f.Lang,
		"placeholder", f.Placeholder, "inputmode", f.InputMode, "pattern", f.Pattern, "accept", f.Accept,
		"min", f.Min, "max", f.Max, "step", f.Step, "maxlength", number(f.MaxLength),
		"aria-describedby", f.describedBy(),
	)
	if f.Error != "" {
		a["aria-invalid"] = "true"
	}
	if f.Required {
		a["required"] = true
	}
	if f.ReadOnly {
		a["readonly"] = true
	}
	if f.Disabled {
		a["disabled"] = true
	}
	if f.Autofocus {
		a["autofocus"] = true
	}
	if len(f.Suggest) > 0 {
		a["list"] = f.id() + "-list"
	}
	for k, v := range f.Attrs {
		a[k] = v
	}
	return a
}

// optionID is the id of one choice; the first carries the field's own id so that links reach it.
func (f FieldProps) optionID(i int) string {
	if i == 0 {
		return f.id()
	}
	return f.id() + "-" + number(i)
}

func (e FieldError) href() string {
	if e.ID != "" {
		return "#" + e.ID
	}
	return "#" + FieldID(e.Field)
}

func (p FormProps) method() string {
	if p.Get {
		return "get"
	}
	return "post"
}

func (p FormProps) attributes() templ.Attributes {
	a := attrs("id", p.ID, "data-confirm", p.Confirm)
	if p.Files {
		a["enctype"] = "multipart/form-data"
	}
	if !p.Get && !p.Unguarded {
		a["data-guard"] = true
	}
	if len(p.Errors) > 0 && a["data-guard"] == true {
		// A form given back with its faults holds unsaved text from the start.
		a["data-dirty"] = true
	}
	return a
}
