package web

import (
	"context"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/sheets"
	"commontable/internal/web/ui"
)

// customPrefix begins the name of a form's field and of a list's column for a
// field the collaborative added; its key follows.
const customPrefix = "custom_"

// ownFields are the fields the collaborative added to a kind of record, as far as
// the actor may see them.
func (s *Server) ownFields(ctx context.Context, kind string) ([]directory.Field, error) {
	list, err := directory.ListFields.Do(ctx, s.app.Door, directory.ListFieldsInput{Kind: kind})
	return list.Items, err
}

// customFields are those fields as a form has them, filled from values.
func (s *Server) customFields(ctx context.Context, kind string, values url.Values) ([]ui.FieldProps, error) {
	fields, err := s.ownFields(ctx, kind)
	var out []ui.FieldProps
	for _, f := range fields {
		name := customPrefix + f.Key
		p := ui.FieldProps{Name: name, Label: f.Label, Help: f.Help, Value: values.Get(name), Autocomplete: "off", MaxLength: 200}
		if f.BackboneOnly {
			p.VisibleTo = i18n.T(ctx, "visible.backbone")
		}
		switch f.Type {
		case directory.LongTextField:
			p.Kind, p.Rows, p.MaxLength = ui.TextArea, 4, 5000
		case directory.NumberField:
			p.InputMode, p.Size = "decimal", "short"
		case directory.DateField:
			p.Kind, p.MaxLength = ui.Date, 0
		case directory.LinkField:
			p.Kind, p.MaxLength = ui.URL, 500
		case directory.YesNoField:
			p.Kind, p.MaxLength, p.Blank = ui.Select, 0, i18n.T(ctx, "list.not_known")
			p.Options = []ui.Option{{Value: "yes", Label: i18n.T(ctx, "list.yes")}, {Value: "no", Label: i18n.T(ctx, "list.no")}}
		case directory.ChoiceField, directory.ChoicesField:
			p.Kind, p.MaxLength, p.Blank = ui.Select, 0, i18n.T(ctx, "list.not_known")
			if f.Type == directory.ChoicesField {
				p.Kind, p.Values = ui.Checkboxes, flat(values[name])
			}
			for _, c := range f.Choices {
				// What is out of use stays where it is already.
				if !c.Retired || slices.Contains(flat(values[name]), c.Key) {
					p.Options = append(p.Options, ui.Option{Value: c.Key, Label: c.Label})
				}
			}
		}
		out = append(out, p)
	}
	return out, err
}

// flat takes several choices apart, which are stored in lines.
func flat(values []string) []string {
	var out []string
	for _, v := range values {
		for _, line := range strings.Split(v, "\n") {
			if line != "" {
				out = append(out, line)
			}
		}
	}
	return out
}

// putCustom adds a record's own fields to the values of its form.
func putCustom(values url.Values, custom map[string]string) url.Values {
	for key, value := range custom {
		values.Set(customPrefix+key, value)
	}
	return values
}

// customInput reads those fields from a form. A group of boxes of which none is
// ticked sends nothing, which means none.
func (s *Server) customInput(ctx context.Context, kind string, v url.Values) (map[string]string, error) {
	fields, err := s.ownFields(ctx, kind)
	out := map[string]string{}
	for _, f := range fields {
		name := customPrefix + f.Key
		switch typed, sent := v[name]; {
		case f.Type == directory.ChoicesField:
			out[f.Key] = strings.Join(typed, "\n")
		case !sent:
		case f.Type == directory.LinkField:
			out[f.Key] = link(v.Get(name))
		default:
			out[f.Key] = v.Get(name)
		}
	}
	return out, err
}

// customText is a stored value as people read it.
func customText(ctx context.Context, f directory.Field, value string) string {
	switch {
	case value == "":
		return ""
	case f.Type == directory.YesNoField:
		return yesNo(ctx, value == "yes")
	case f.Type == directory.DateField:
		return i18n.ShortCivilDate(ctx, value)
	}
	return strings.Join(f.Labels(value), " · ")
}

// customFacts are a record's own fields in words.
func (s *Server) customFacts(ctx context.Context, kind string, custom map[string]string) ([]ui.Fact, error) {
	fields, err := s.ownFields(ctx, kind)
	var out []ui.Fact
	for _, f := range fields {
		fact := ui.Fact{Label: f.Label, Value: customText(ctx, f, custom[f.Key])}
		switch f.Type {
		case directory.LongTextField:
			fact.Content = prose(custom[f.Key])
		case directory.LinkField:
			fact.Href = custom[f.Key]
		}
		if f.BackboneOnly {
			fact.VisibleTo = i18n.T(ctx, "visible.backbone")
		}
		out = append(out, fact)
	}
	return out, err
}

// customColumns are those fields as columns of a list.
func customColumns[T any](ctx context.Context, fields []directory.Field, get func(T) map[string]string) []column[T] {
	var out []column[T]
	for _, f := range fields {
		out = append(out, column[T]{key: customPrefix + f.Key, label: f.Label, extra: true,
			cell: func(t T) ui.Cell {
				c := ui.Cell{Text: customText(ctx, f, get(t)[f.Key])}
				if f.Type == directory.LinkField {
					c.Href = c.Text
				}
				return c
			},
			sheet: func(t T) sheets.Cell { return customCell(ctx, f, get(t)[f.Key]) }})
	}
	return out
}

// customCell is a stored value as a spreadsheet has it.
func customCell(ctx context.Context, f directory.Field, value string) sheets.Cell {
	switch {
	case value == "":
	case f.Type == directory.DateField:
		return sheets.Day(value)
	case f.Type == directory.NumberField:
		if n, err := strconv.ParseFloat(value, 64); err == nil {
			return sheets.Number(n)
		}
	case f.Type == directory.YesNoField:
		return sheets.Text(yesNo(ctx, value == "yes"))
	}
	return sheets.Text(strings.Join(f.Labels(value), "; "))
}

// ownBefore are the values a recorded change of own fields began from, those
// that came into being as empty ones.
func ownBefore(change operation.FieldChange) map[string]string {
	before, after := map[string]string{}, map[string]string{}
	_ = json.Unmarshal(change.Before, &before) // absent means none
	_ = json.Unmarshal(change.After, &after)
	for key := range after {
		before[key] += ""
	}
	return before
}

// customChanges shows a recorded change of own fields one by one, under the
// labels they have today, also those out of use.
func (s *Server) customChanges(ctx context.Context, kind string, change operation.FieldChange) []ui.Change {
	labels := map[string]directory.Field{}
	list, err := directory.ListFields.Do(ctx, s.app.Door, directory.ListFieldsInput{Kind: kind, Retired: true})
	if err == nil {
		for _, f := range list.Items {
			labels[f.Key] = f
		}
	}
	before, after := ownBefore(change), map[string]string{}
	_ = json.Unmarshal(change.After, &after) // absent means none
	var out []ui.Change
	for _, key := range slices.Sorted(maps.Keys(before)) {
		if before[key] == after[key] {
			continue
		}
		f := labels[key]
		if f.Label == "" {
			f.Label = key
		}
		out = append(out, ui.Change{Field: f.Label, Before: customText(ctx, f, before[key]), After: customText(ctx, f, after[key])})
	}
	return out
}
