package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/web/ui"
)

// bodyFields are the fields of the form. A chair who is not of the backbone
// finds only the group's own words and rhythm.
func (s *Server) bodyFields(ctx context.Context, values url.Values) ([]ui.FieldProps, error) {
	t := func(key string) string { return i18n.T(ctx, "bodies.field_"+key) }
	help := func(key string) string { return i18n.T(ctx, "bodies.help_"+key) }
	purpose := ui.FieldProps{Kind: ui.TextArea, Name: "purpose", Label: t("purpose"), Help: help("purpose"), Rows: 3, MaxLength: 2000}
	cadence := ui.FieldProps{Kind: ui.Select, Name: "cadence", Label: t("cadence"), Blank: i18n.T(ctx, "list.not_known"), Options: options(ctx, "cadences.", directory.Cadences)}
	if !s.may(ctx, "bodies.create") {
		return filled([]ui.FieldProps{purpose, cadence}, values), nil
	}
	parents, err := s.bodyOptions(ctx, values.Get("self"))
	if err != nil {
		return nil, err
	}
	return filled([]ui.FieldProps{
		{Name: "name", Label: t("name"), Required: true, MaxLength: 200, Autocomplete: "off"},
		{Kind: ui.Select, Name: "kind", Label: t("kind"), Options: bodyKindOptions(ctx)},
		{Kind: ui.Select, Name: "parent_id", Label: t("parent"), Help: help("parent"), Blank: i18n.T(ctx, "bodies.no_parent"), Options: parents},
		{Kind: ui.Select, Name: "state", Label: t("state"), Options: options(ctx, "body_states.", directory.BodyStates)},
		{Kind: ui.Date, Name: "since", Label: t("since"), Help: help("since")},
		purpose,
		cadence,
		{Kind: ui.Select, Name: "decision_method", Label: t("decision_method"), Blank: i18n.T(ctx, "list.not_known"), Options: options(ctx, "decision_methods.", directory.DecisionMethods)},
		{Kind: ui.Number, Name: "quorum", Label: t("quorum"), Help: help("quorum"), Min: "0", Max: "1000", Size: "short", InputMode: "numeric"},
		{Kind: ui.Radios, Name: "quorum_unit", Label: t("quorum_unit"), Options: options(ctx, "quorum_units.", directory.QuorumUnits)},
		{Kind: ui.TextArea, Name: "charter", Label: t("charter"), Help: help("charter"), Rows: 8, MaxLength: 20000},
	}, values), nil
}

// bodyOptions are the bodies one can choose from, without one of them.
func (s *Server) bodyOptions(ctx context.Context, without string) ([]ui.Option, error) {
	var out []ui.Option
	in := directory.ListBodiesInput{Brief: true, Limit: 200}
	for {
		page, err := directory.ListBodies.Do(ctx, s.app.Door, in)
		if err != nil {
			return nil, err
		}
		for _, b := range page.Items {
			if b.ID.String() != without {
				out = append(out, ui.Option{Value: b.ID.String(), Label: b.Name})
			}
		}
		if in.After = page.Next; in.After == "" {
			return out, nil
		}
	}
}

func bodyValues(b directory.Body) url.Values {
	return url.Values{"name": {b.Name}, "kind": {b.Kind}, "parent_id": {b.ParentID.String()}, "state": {b.State}, "purpose": {b.Purpose}, "cadence": {b.Cadence},
		"decision_method": {b.DecisionMethod}, "quorum": {number(b.Quorum)}, "quorum_unit": {b.QuorumUnit}, "charter": {b.Charter},
		"version": {strconv.FormatInt(b.Version, 10)}, "self": {b.ID.String()}}
}

func bodyInput(v url.Values) directory.BodyInput {
	parent, _ := id.Parse[directory.Body](v.Get("parent_id")) // empty means none
	return directory.BodyInput{Name: v.Get("name"), Kind: v.Get("kind"), ParentID: parent, State: v.Get("state"), Since: v.Get("since"), Purpose: v.Get("purpose"),
		Charter: v.Get("charter"), Quorum: whole(v.Get("quorum")), QuorumUnit: v.Get("quorum_unit"), DecisionMethod: v.Get("decision_method"), Cadence: v.Get("cadence")}
}

func bodyPatch(i directory.BodyID, v url.Values) directory.BodyPatch {
	in := bodyInput(v)
	out := directory.BodyPatch{ID: i, Version: whole(v.Get("version")), Purpose: &in.Purpose, Cadence: &in.Cadence}
	if v.Has("name") { // a chair's form has only the two above
		out.Name, out.Kind, out.ParentID, out.State, out.Since = &in.Name, &in.Kind, &in.ParentID, &in.State, in.Since
		out.Charter, out.Quorum, out.QuorumUnit, out.DecisionMethod = &in.Charter, &in.Quorum, &in.QuorumUnit, &in.DecisionMethod
	}
	return out
}

// whole reads a number from a form. What is none becomes -1, which every rule
// about numbers refuses; an empty field is 0.
func whole(text string) int64 {
	if text == "" {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// bodyEditor are the forms of a body.
func (s *Server) bodyEditor() *editor[directory.Body] {
	type body = directory.Body
	return &editor[body]{area: "bodies", noun: "bodies", kind: directory.BodyKind,
		name: func(b body) string { return b.Name }, short: func(b body) string { return b.ID.Short() },
		version: func(b body) int64 { return b.Version }, trashed: func(b body) bool { return b.DeletedAt != nil },
		values: bodyValues, fields: s.bodyFields,
		get: func(ctx context.Context, i [16]byte) (body, error) {
			return directory.GetBody.Do(ctx, s.app.Door, directory.BodyRef{ID: i})
		},
		create: func(ctx context.Context, values url.Values) (body, error) {
			return directory.CreateBody.Do(ctx, s.app.Door, bodyInput(values))
		},
		edit: func(ctx context.Context, i [16]byte, values url.Values) (body, error) {
			return directory.EditBody.Do(ctx, s.app.Door, bodyPatch(i, values))
		}}
}

// bodyNew is GET …/bodies/new.
func (s *Server) bodyNew(w http.ResponseWriter, r *http.Request) error {
	values := url.Values{"kind": {"working_group"}, "state": {"active"}, "quorum_unit": {"percent"}}
	if i, err := id.Parse[directory.Body](r.URL.Query().Get("parent")); err == nil {
		values.Set("parent_id", i.String())
	}
	return s.bodyEditor().add(s, w, r, values)
}

// bodyCreate is POST …/bodies.
func (s *Server) bodyCreate(w http.ResponseWriter, r *http.Request) error {
	return s.bodyEditor().added(s, w, r)
}

// bodyEdit is GET …/bodies/{id}/edit.
func (s *Server) bodyEdit(w http.ResponseWriter, r *http.Request) error {
	return s.bodyEditor().change(s, w, r)
}

// bodySave is POST …/bodies/{id}.
func (s *Server) bodySave(w http.ResponseWriter, r *http.Request) error {
	return s.bodyEditor().changed(s, w, r)
}
