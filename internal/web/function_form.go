package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

func functionCrumbs(ctx context.Context) []ui.Link {
	return []ui.Link{{Label: i18n.T(ctx, "functions.title"), Href: place(ctx, "functions")}}
}

// assignFields are the fields of who performs what. An organization or a body
// performs a function, so one list offers both.
func (s *Server) assignFields(ctx context.Context, values url.Values, fresh bool) ([]ui.FieldProps, error) {
	t := func(key string) string { return i18n.T(ctx, "functions.field_"+key) }
	help := func(key string) string { return i18n.T(ctx, "functions.help_"+key) }
	var fields []ui.FieldProps
	if fresh {
		all, err := directory.ListFunctions.Do(ctx, s.app.Door, directory.ListFunctionsInput{})
		if err != nil {
			return nil, err
		}
		var functions []ui.Option
		for _, f := range all.Items {
			functions = append(functions, ui.Option{Value: f.Key, Label: functionName(ctx, f)})
		}
		organizations, err := s.organizationOptions(ctx, values.Get("organization_id"))
		if err != nil {
			return nil, err
		}
		bodies, err := s.bodyOptions(ctx, "")
		if err != nil {
			return nil, err
		}
		fields = append(fields,
			ui.FieldProps{Kind: ui.Select, Name: "function", Label: t("function"), Required: true, Options: functions},
			ui.FieldProps{Kind: ui.Select, Name: "organization_id", Label: t("organization"), Help: help("organization"), Blank: i18n.T(ctx, "list.choose"), Options: organizations},
			ui.FieldProps{Kind: ui.Select, Name: "body_id", Label: t("body"), Help: help("body"), Blank: i18n.T(ctx, "list.none"), Options: bodies})
	}
	return filled(append(fields,
		ui.FieldProps{Kind: ui.Number, Name: "share", Label: t("share"), Help: help("share"), Min: "0", Max: "100", Size: "short", InputMode: "numeric"},
		ui.FieldProps{Kind: ui.Date, Name: "valid_from", Label: t("valid_from"), Required: true},
		ui.FieldProps{Kind: ui.Date, Name: "valid_to", Label: t("valid_to"), Help: help("valid_to")},
		ui.FieldProps{Name: "note", Label: t("note"), Help: help("note"), MaxLength: 500, Autocomplete: "off"}), values), nil
}

// functionAssign is GET …/holdings/new.
func (s *Server) functionAssign(w http.ResponseWriter, r *http.Request) error {
	return s.assignForm(w, r, http.StatusOK, url.Values{"function": {r.URL.Query().Get("function")}, "valid_from": {s.today(r.Context())}}, faults{})
}

func (s *Server) assignForm(w http.ResponseWriter, r *http.Request, status int, values url.Values, f faults) error {
	ctx := r.Context()
	fields, err := s.assignFields(ctx, values, true)
	if err != nil {
		return err
	}
	fields = f.mark(fields)
	props := ui.PageProps{Title: i18n.T(ctx, "functions.assign"), Crumbs: functionCrumbs(ctx)}
	return s.show(w, r, status, "bodies", props, with(ui.Form(ui.FormProps{Action: place(ctx, "holdings"), Errors: f.explain(fields), Cancel: ui.Link{Href: place(ctx, "functions")}}), formFields(fields)))
}

// functionAssigned is POST …/holdings.
func (s *Server) functionAssigned(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	organization, _ := id.Parse[directory.Organization](v.Get("organization_id")) // one of the two is needed; the operation says so
	body, _ := id.Parse[directory.Body](v.Get("body_id"))
	var receipt operation.Receipt
	_, err := directory.Assign.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, directory.HoldingInput{Function: v.Get("function"), OrganizationID: organization, BodyID: body,
		Share: whole(v.Get("share")), Note: v.Get("note"), From: v.Get("valid_from"), To: v.Get("valid_to")})
	if f, ok := faultsOf(ctx, err); ok {
		return s.assignForm(w, r, http.StatusUnprocessableEntity, v, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "functions"), "functions.assign", receipt)
}

// holding finds the holding of the address.
func (s *Server) holding(r *http.Request) (directory.Function, directory.Holding, error) {
	i, err := pathID[directory.Holding](r)
	if err != nil {
		return directory.Function{}, directory.Holding{}, err
	}
	all, err := directory.ListFunctions.Do(r.Context(), s.app.Door, directory.ListFunctionsInput{})
	if err != nil {
		return directory.Function{}, directory.Holding{}, err
	}
	for _, f := range all.Items {
		for _, h := range f.Holdings {
			if h.ID == i {
				return f, h, nil
			}
		}
	}
	return directory.Function{}, directory.Holding{}, operation.Missing()
}

// holdingEdit is GET …/holdings/{id}.
func (s *Server) holdingEdit(w http.ResponseWriter, r *http.Request) error {
	f, h, err := s.holding(r)
	if err != nil {
		return err
	}
	return s.holdingForm(w, r, http.StatusOK, f, h, url.Values{"share": {number(h.Share)}, "valid_from": {h.From}, "valid_to": {h.To}, "note": {h.Note}}, faults{})
}

func (s *Server) holdingForm(w http.ResponseWriter, r *http.Request, status int, fn directory.Function, h directory.Holding, values url.Values, f faults) error {
	ctx := r.Context()
	fields, err := s.assignFields(ctx, values, false)
	if err != nil {
		return err
	}
	fields = f.mark(fields)
	props := ui.PageProps{Title: h.Holder + " · " + functionName(ctx, fn), Crumbs: functionCrumbs(ctx)}
	return s.show(w, r, status, "bodies", props, with(ui.Form(ui.FormProps{Action: place(ctx, "holdings/"+h.ID.Short()), Errors: f.explain(fields), Cancel: ui.Link{Href: place(ctx, "functions")},
		Hidden: []ui.Hidden{{Name: "version", Value: strconv.FormatInt(h.Version, 10)}},
		Extra:  []ui.SubmitButton{{Label: i18n.T(ctx, "functions.remove"), Name: "do", Value: "remove"}}}), formFields(fields)))
}

// holdingSave is POST …/holdings/{id}: a correction, an end, or the
// removal of what never was.
func (s *Server) holdingSave(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	fn, h, err := s.holding(r)
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	ctx = operation.WithReceipt(ctx, &receipt)
	op := directory.EditHolding.ID
	if v.Get("do") == "remove" {
		op = directory.RemoveHolding.ID
		_, err = directory.RemoveHolding.Do(ctx, s.app.Door, directory.HoldingVersion{ID: h.ID, Version: whole(v.Get("version"))})
	} else {
		share, from, to, note := whole(v.Get("share")), v.Get("valid_from"), v.Get("valid_to"), v.Get("note")
		_, err = directory.EditHolding.Do(ctx, s.app.Door, directory.HoldingPatch{ID: h.ID, Version: whole(v.Get("version")), Share: &share, From: &from, To: &to, Note: &note})
	}
	if f, ok := formFaults(ctx, err); ok {
		return s.holdingForm(w, r, http.StatusUnprocessableEntity, fn, h, v, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "functions"), op, receipt)
}

// ownFunction finds the added function of the address.
func (s *Server) ownFunction(r *http.Request) (directory.FunctionID, directory.Function, error) {
	i, err := pathID[directory.Function](r)
	if err != nil {
		return i, directory.Function{}, err
	}
	all, err := directory.ListFunctions.Do(r.Context(), s.app.Door, directory.ListFunctionsInput{})
	if err != nil {
		return i, directory.Function{}, err
	}
	for _, f := range all.Items {
		if f.Key == i.Short() {
			return i, f, nil
		}
	}
	return i, directory.Function{}, operation.Missing()
}

// functionNew is GET …/functions/new.
func (s *Server) functionNew(w http.ResponseWriter, r *http.Request) error {
	return s.functionForm(w, r, http.StatusOK, nil, url.Values{}, faults{})
}

// functionEdit is GET …/functions/{id}/edit.
func (s *Server) functionEdit(w http.ResponseWriter, r *http.Request) error {
	_, f, err := s.ownFunction(r)
	if err != nil {
		return err
	}
	return s.functionForm(w, r, http.StatusOK, &f, url.Values{"name": {f.Name}, "about": {f.About}}, faults{})
}

func (s *Server) functionForm(w http.ResponseWriter, r *http.Request, status int, fn *directory.Function, values url.Values, f faults) error {
	ctx := r.Context()
	fields := f.mark(filled([]ui.FieldProps{
		{Name: "name", Label: i18n.T(ctx, "functions.field_name"), Required: true, MaxLength: 120, Autocomplete: "off"},
		{Kind: ui.TextArea, Name: "about", Label: i18n.T(ctx, "functions.field_about"), Rows: 3, MaxLength: 1000}}, values))
	props := ui.PageProps{Title: i18n.T(ctx, "functions.add"), Crumbs: functionCrumbs(ctx)}
	form := ui.FormProps{Action: place(ctx, "functions"), Errors: f.explain(fields), Cancel: ui.Link{Href: place(ctx, "functions")}}
	if fn != nil {
		props.Title = i18n.T(ctx, "list.edit_named", i18n.Args{"Name": fn.Name})
		form.Action = place(ctx, "functions/"+fn.Key)
		form.Hidden = []ui.Hidden{{Name: "version", Value: strconv.FormatInt(fn.Version, 10)}}
		form.Extra = []ui.SubmitButton{{Label: i18n.T(ctx, "functions.retire"), Name: "do", Value: "retire"}}
	}
	return s.show(w, r, status, "bodies", props, with(ui.Form(form), formFields(fields)))
}

// functionCreate is POST …/functions.
func (s *Server) functionCreate(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	var receipt operation.Receipt
	_, err := directory.AddFunction.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, directory.FunctionInput{Name: v.Get("name"), About: v.Get("about")})
	if f, ok := faultsOf(ctx, err); ok {
		return s.functionForm(w, r, http.StatusUnprocessableEntity, nil, v, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "functions"), "functions.add", receipt)
}

// functionSave is POST …/functions/{id}.
func (s *Server) functionSave(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	i, fn, err := s.ownFunction(r)
	if err != nil {
		return err
	}
	name, about, retired := v.Get("name"), v.Get("about"), v.Get("do") == "retire"
	in := directory.FunctionPatch{ID: i, Version: whole(v.Get("version")), Name: &name, About: &about}
	if retired {
		in = directory.FunctionPatch{ID: i, Version: in.Version, Retired: &retired}
	}
	var receipt operation.Receipt
	_, err = directory.EditFunction.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in)
	if f, ok := formFaults(ctx, err); ok {
		return s.functionForm(w, r, http.StatusUnprocessableEntity, &fn, v, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "functions"), "functions.edit", receipt)
}
