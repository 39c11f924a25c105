package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// fieldRoutes are the pages of the fields a collaborative adds.
func (s *Server) fieldRoutes() []Route {
	const fields = "/c/{collaborative}/settings/fields"
	return []Route{
		{"GET", fields, []string{"fields.list", "fields.add"}, s.fieldList},
		{"GET", fields + "/new", []string{"fields.list", "fields.add"}, s.fieldNew},
		{"POST", fields, []string{"fields.add"}, s.fieldCreate},
		{"GET", fields + "/{id}", []string{"fields.list", "fields.edit"}, s.fieldEdit},
		{"POST", fields + "/{id}", []string{"fields.list", "fields.edit"}, s.fieldSave},
		{"POST", fields + "/{id}/up", []string{"fields.list", "fields.order"}, s.fieldUp},
	}
}

// fieldKinds are the kinds of record that take fields, with their areas.
var fieldKinds = []struct{ kind, area string }{{directory.OrganizationKind, "organizations"}, {directory.PersonKind, "people"}}

// fieldsHref is the page of a kind's fields.
func fieldsHref(ctx context.Context, kind string) string {
	return place(ctx, "settings/fields?kind="+url.QueryEscape(kind))
}

func fieldKind(r *http.Request) string {
	if r.FormValue("kind") == directory.PersonKind {
		return directory.PersonKind
	}
	return directory.OrganizationKind
}

// fieldList is GET …/settings/fields.
func (s *Server) fieldList(w http.ResponseWriter, r *http.Request) error {
	ctx, kind := r.Context(), fieldKind(r)
	list, err := directory.ListFields.Do(ctx, s.app.Door, directory.ListFieldsInput{Kind: kind, Retired: true})
	if err != nil {
		return err
	}
	props := settingsProps(ctx, "fields")
	for _, k := range fieldKinds {
		props.Tabs = append(props.Tabs, ui.Link{Label: i18n.T(ctx, k.area+".title"), Href: fieldsHref(ctx, k.kind), Current: k.kind == kind})
	}
	props.Primary = &ui.Action{Label: i18n.T(ctx, "fields.add"), Href: place(ctx, "settings/fields/new?kind="+kind), Icon: "plus"}
	table := ui.TableProps{ID: "fields", Caption: i18n.T(ctx, "settings.fields"), Columns: []ui.Column{{Label: i18n.T(ctx, "fields.field_label")}, {Label: i18n.T(ctx, "fields.field_type")},
		{Label: i18n.T(ctx, "fields.field_backbone_only")}, {Label: i18n.T(ctx, "fields.field_key")}, {Label: i18n.T(ctx, "list.actions"), HideLabel: true}}}
	var retired []ui.Row
	for _, f := range list.Items {
		href := place(ctx, "settings/fields/"+f.ID.Short())
		if f.Retired {
			retired = append(retired, ui.Row{Title: f.Label, Href: href, Detail: i18n.T(ctx, "field_types."+f.Type)})
			continue
		}
		row := ui.TableRow{Cells: []ui.Cell{{Text: f.Label, Href: href}, {Text: i18n.T(ctx, "field_types."+f.Type)}, {Text: yesNo(ctx, f.BackboneOnly)}, {Text: f.Key}, {}}}
		if len(table.Rows) > 0 {
			row.Cells[4].Content = ui.Button(ui.Action{Label: i18n.T(ctx, "fields.up"), Href: href + "/up", Post: true, Kind: ui.Quiet, Hidden: []ui.Hidden{{Name: "kind", Value: kind}}})
		}
		table.Rows = append(table.Rows, row)
	}
	var children []templ.Component
	if len(table.Rows) == 0 {
		children = append(children, ui.Empty(ui.EmptyProps{Title: i18n.T(ctx, "fields.empty"), Text: i18n.T(ctx, "fields.empty_text"), Actions: []ui.Action{*props.Primary}}))
	} else {
		children = append(children, ui.Table(table))
	}
	if len(retired) > 0 {
		children = append(children, with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "fields.retired"), Detail: i18n.T(ctx, "fields.retired_text")}), ui.Rows(retired)))
	}
	return s.show(w, r, http.StatusOK, "settings", props, children...)
}

// fieldCrumbs lead back to the fields of a kind.
func fieldCrumbs(ctx context.Context, kind string) []ui.Link {
	return append(settingsCrumbs(ctx), ui.Link{Label: i18n.T(ctx, "settings.fields"), Href: fieldsHref(ctx, kind)})
}

// fieldNew is GET …/settings/fields/new.
func (s *Server) fieldNew(w http.ResponseWriter, r *http.Request) error {
	return s.fieldForm(w, r, http.StatusOK, directory.Field{Kind: fieldKind(r)}, url.Values{"type": {directory.TextField}}, faults{})
}

// ownField finds the field of the address.
func (s *Server) ownField(r *http.Request) (directory.Field, error) {
	i, err := pathID[directory.Field](r)
	if err != nil {
		return directory.Field{}, err
	}
	for _, k := range fieldKinds {
		list, err := directory.ListFields.Do(r.Context(), s.app.Door, directory.ListFieldsInput{Kind: k.kind, Retired: true})
		if err != nil {
			return directory.Field{}, err
		}
		if at := slices.IndexFunc(list.Items, func(f directory.Field) bool { return f.ID == i }); at >= 0 {
			return list.Items[at], nil
		}
	}
	return directory.Field{}, operation.Missing()
}

// fieldEdit is GET …/settings/fields/{id}.
func (s *Server) fieldEdit(w http.ResponseWriter, r *http.Request) error {
	f, err := s.ownField(r)
	if err != nil {
		return err
	}
	values := url.Values{"label": {f.Label}, "help": {f.Help}}
	for _, c := range f.Choices {
		values.Set("choice_"+c.Key, c.Label)
	}
	return s.fieldForm(w, r, http.StatusOK, f, values, faults{})
}

// fieldForm shows the form of a field; one without an id is new.
func (s *Server) fieldForm(w http.ResponseWriter, r *http.Request, status int, field directory.Field, values url.Values, f faults) error {
	ctx := r.Context()
	t := func(key string) string { return i18n.T(ctx, "fields.field_"+key) }
	help := func(key string) string { return i18n.T(ctx, "fields.help_"+key) }
	fields := []ui.FieldProps{{Name: "label", Label: t("label"), Required: true, MaxLength: 100, Autocomplete: "off"},
		{Name: "help", Label: t("help"), Help: help("help"), MaxLength: 300, Autocomplete: "off"}}
	props := ui.PageProps{Title: i18n.T(ctx, "fields.add"), Crumbs: fieldCrumbs(ctx, field.Kind)}
	form := ui.FormProps{Action: place(ctx, "settings/fields"), Cancel: ui.Link{Href: fieldsHref(ctx, field.Kind)}, Hidden: []ui.Hidden{{Name: "kind", Value: field.Kind}}}
	choices := ui.FieldProps{Kind: ui.TextArea, Name: "choices", Label: t("choices"), Help: help("choices"), Rows: 5}
	if field.ID.IsZero() {
		fields = append(fields, ui.FieldProps{Kind: ui.Select, Name: "type", Label: t("type"), Help: help("type"), Options: options(ctx, "field_types.", directory.FieldTypes)}, choices,
			ui.FieldProps{Kind: ui.Checkbox, Name: "backbone_only", Label: t("backbone_only"), Help: help("backbone_only")})
	} else {
		props.Title = i18n.T(ctx, "list.edit_named", i18n.Args{"Name": field.Label})
		props.Lede = dotted(i18n.T(ctx, "field_types."+field.Type), field.Key)
		form.Action = place(ctx, "settings/fields/"+field.ID.Short())
		form.Hidden = append(form.Hidden, ui.Hidden{Name: "version", Value: strconv.FormatInt(field.Version, 10)})
		form.Extra = []ui.SubmitButton{{Label: i18n.T(ctx, "functions.retire"), Name: "do", Value: "retire"}}
		if field.Retired {
			form.Extra[0] = ui.SubmitButton{Label: i18n.T(ctx, "fields.use_again"), Name: "do", Value: "use"}
		}
		if field.Type == directory.ChoiceField || field.Type == directory.ChoicesField {
			for n, c := range activeChoices(field) {
				fields = append(fields, ui.FieldProps{Name: "choice_" + c.Key, Label: i18n.T(ctx, "fields.choice", i18n.Args{"Number": strconv.Itoa(n + 1)}), MaxLength: 100, Autocomplete: "off"})
			}
			choices.Label, choices.Help = t("more_choices"), help("more_choices")
			fields = append(fields, choices)
		}
	}
	fields = f.mark(filled(fields, values))
	form.Errors = f.explain(fields)
	return s.show(w, r, status, "settings", props, with(ui.Form(form), formFields(fields)))
}

// activeChoices are the choices that can be chosen.
func activeChoices(f directory.Field) []directory.Choice {
	return slices.DeleteFunc(slices.Clone(f.Choices), func(c directory.Choice) bool { return c.Retired })
}

// fieldCreate is POST …/settings/fields.
func (s *Server) fieldCreate(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	in := directory.FieldInput{Kind: fieldKind(r), Label: v.Get("label"), Help: v.Get("help"), Type: v.Get("type"), BackboneOnly: v.Get("backbone_only") == "true"}
	if in.Type == directory.ChoiceField || in.Type == directory.ChoicesField {
		in.Choices = lines(v.Get("choices"))
	}
	var receipt operation.Receipt
	_, err := directory.AddField.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in)
	if f, ok := faultsOf(ctx, err); ok {
		return s.fieldForm(w, r, http.StatusUnprocessableEntity, directory.Field{Kind: in.Kind}, v, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, fieldsHref(ctx, in.Kind), "fields.add", receipt)
}

// fieldSave is POST …/settings/fields/{id}: other words, other choices, out of use
// or back in it. A choice whose label was emptied is put out of use.
func (s *Server) fieldSave(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	field, err := s.ownField(r)
	if err != nil {
		return err
	}
	in := directory.FieldPatch{ID: field.ID, Version: whole(v.Get("version"))}
	switch retired := v.Get("do") == "retire"; {
	case v.Get("do") != "":
		in.Retired = &retired
	default:
		label, help := v.Get("label"), v.Get("help")
		in.Label, in.Help = &label, &help
		if field.Type == directory.ChoiceField || field.Type == directory.ChoicesField {
			choices := []directory.ChoiceInput{}
			for _, c := range activeChoices(field) {
				if label := strings.TrimSpace(v.Get("choice_" + c.Key)); label != "" {
					choices = append(choices, directory.ChoiceInput{Key: c.Key, Label: label})
				}
			}
			for _, label := range lines(v.Get("choices")) {
				choices = append(choices, directory.ChoiceInput{Label: label})
			}
			in.Choices = &choices
		}
	}
	var receipt operation.Receipt
	_, err = directory.EditField.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in)
	if f, ok := formFaults(ctx, err); ok {
		return s.fieldForm(w, r, http.StatusUnprocessableEntity, field, v, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, fieldsHref(ctx, field.Kind), "fields.edit", receipt)
}

// fieldUp is POST …/settings/fields/{id}/up: the field changes places with the one
// above it.
func (s *Server) fieldUp(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	field, err := s.ownField(r)
	if err != nil {
		return err
	}
	fields, err := s.ownFields(ctx, field.Kind)
	if err != nil {
		return err
	}
	in := directory.OrderFieldsInput{Kind: field.Kind}
	for n, f := range fields {
		if f.ID == field.ID && n > 0 {
			in.IDs = append(in.IDs[:n-1], f.ID, fields[n-1].ID)
			continue
		}
		in.IDs = append(in.IDs, f.ID)
	}
	if len(in.IDs) == 0 {
		return operation.Missing() // out of use
	}
	var receipt operation.Receipt
	if _, err := directory.OrderFields.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in); err != nil {
		return err
	}
	return s.done(w, r, fieldsHref(ctx, field.Kind), "fields.order", receipt)
}
