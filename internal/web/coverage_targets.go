package web

import (
	"net/http"
	"net/url"
	"strconv"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// coverageTargets is GET …/coverage/targets.
func (s *Server) coverageTargets(w http.ResponseWriter, r *http.Request) error {
	t, _, err := s.coverageTable(r)
	if err != nil {
		return err
	}
	values := url.Values{}
	if t.Dimension == directory.SectorDimension {
		for _, sector := range directory.Sectors {
			values.Add("value", sector)
			values.Add("share", "")
		}
	}
	for _, row := range t.Rows {
		at := -1
		for n, v := range values["value"] {
			if v == row.Value {
				at = n
			}
		}
		switch {
		case at >= 0:
			values["share"][at] = number(row.Target)
		case row.Value != "":
			values.Add("value", row.Value)
			values.Add("share", number(row.Target))
		}
	}
	if t.Dimension == directory.LivedDimension && len(values["value"]) == 0 {
		values = url.Values{"value": {"yes"}, "share": {""}}
	}
	return s.coverageForm(w, r, http.StatusOK, t, values, faults{})
}

func (s *Server) coverageForm(w http.ResponseWriter, r *http.Request, status int, t directory.CoverageTable, values url.Values, f faults) error {
	ctx := r.Context()
	props := ui.PageProps{Title: i18n.T(ctx, "coverage.field_targets"), Heading: coverageTitle(ctx, t), Lede: i18n.T(ctx, "coverage.targets_lede"), Crumbs: []ui.Link{{Label: i18n.T(ctx, "coverage.title"), Href: place(ctx, "coverage")}}}
	for n := range f.list {
		f.list[n].Field = ""
	}
	form := ui.FormProps{Action: place(ctx, "coverage/targets"), Errors: f.list, Cancel: ui.Link{Href: place(ctx, "coverage")}, Hidden: []ui.Hidden{{Name: "scope", Value: t.Scope}, {Name: "dimension", Value: t.Dimension}}}
	var fields []ui.FieldProps
	lines := len(values["value"])
	free := t.Dimension == directory.PlaceDimension
	if free {
		lines += spareLines
	}
	for n := range lines {
		id := strconv.Itoa(n)
		value := nth(values["value"], n)
		label := i18n.T(ctx, "coverage.target_of", i18n.Args{"Name": coverageValue(ctx, t.Dimension, value)})
		if free {
			fields = append(fields, ui.FieldProps{Name: "value", ID: "value-" + id, Label: i18n.T(ctx, "organizations.field_place"), Value: value, MaxLength: 200, Autocomplete: "off"})
			label = i18n.T(ctx, "coverage.target")
		} else {
			form.Hidden = append(form.Hidden, ui.Hidden{Name: "value", Value: value})
		}
		fields = append(fields, ui.FieldProps{Kind: ui.Number, Name: "share", ID: "share-" + id, Label: label, Value: nth(values["share"], n), Min: "0", Max: "100", Size: "short", InputMode: "numeric"})
	}
	return s.show(w, r, status, "bodies", props, with(ui.Form(form), formFields(fields)))
}

// coverageTargetsSave is POST …/coverage/targets. A line without a share aims at
// nothing.
func (s *Server) coverageTargetsSave(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	t, _, err := s.coverageTable(r)
	if err != nil {
		return err
	}
	in := directory.TargetsInput{Scope: t.Scope, Dimension: t.Dimension, Targets: []directory.TargetShare{}}
	for n, value := range v["value"] {
		if share := whole(nth(v["share"], n)); share != 0 && value != "" {
			in.Targets = append(in.Targets, directory.TargetShare{Value: value, Share: share})
		}
	}
	var receipt operation.Receipt
	_, err = directory.SetTargets.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in)
	if f, ok := faultsOf(ctx, err); ok {
		return s.coverageForm(w, r, http.StatusUnprocessableEntity, t, v, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "coverage"), "coverage.set-targets", receipt)
}
