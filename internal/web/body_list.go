package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/sheets"
	"commontable/internal/web/ui"
)

// groupTabs are the pages about structure.
func (s *Server) groupTabs(ctx context.Context, current string) []ui.Link {
	var out []ui.Link
	for _, t := range []struct{ path, operation string }{{"bodies", "bodies.list"}, {"meetings", "meetings.list"}, {"actions", "actions.list"}, {"commitments", "commitment-totals.get"}, {"due", "due.list"}, {"seats", "seats.list"}, {"role-map", "role-map.get"}, {"functions", "functions.list"}, {"scorecard", "scorecard.get"}, {"coverage", "coverage.get"}} {
		if s.may(ctx, t.operation) {
			out = append(out, ui.Link{Label: i18n.T(ctx, t.path+".title"), Href: place(ctx, t.path), Current: t.path == current})
		}
	}
	return out
}

// bodyKind is what this place calls a kind of body.
func bodyKind(ctx context.Context, kind string) string {
	if slices.Contains(collaborative.Structure, kind) {
		return collaborative.Label(ctx, kind)
	}
	return i18n.T(ctx, "body_kinds."+kind)
}

func bodyKindOptions(ctx context.Context) []ui.Option {
	out := make([]ui.Option, len(directory.BodyKinds))
	for i, kind := range directory.BodyKinds {
		out[i] = ui.Option{Value: kind, Label: bodyKind(ctx, kind)}
	}
	return out
}

// heldText says how many of the seats are held.
func heldText(ctx context.Context, b directory.Body) string {
	if b.Seats == 0 {
		return ""
	}
	return i18n.T(ctx, "bodies.held", i18n.Args{"Filled": int(b.Filled), "Count": int(b.Seats)})
}

var bodyStateKinds = map[string]ui.Kind{"active": ui.Good, "paused": ui.Due}

// bodyListing is how a list of bodies looks.
func bodyListing(ctx context.Context) listing[directory.Body] {
	type body = directory.Body
	plain := func(key string, extra bool, get func(body) string) column[body] {
		return column[body]{key: key, extra: extra, cell: func(b body) ui.Cell { return ui.Cell{Text: get(b)} },
			sheet: func(b body) sheets.Cell { return sheets.Text(get(b)) }}
	}
	state := func(b body) string { return i18n.T(ctx, "body_states."+b.State) }
	return listing[body]{
		area: "bodies", path: place(ctx, "bodies"),
		id: func(b body) string { return versioned(b.ID.Short(), b.Version) },
		columns: []column[body]{
			{key: "name", sort: "name", sheet: func(b body) sheets.Cell { return sheets.Text(b.Name) },
				cell: func(b body) ui.Cell { return ui.Cell{Text: b.Name, Href: place(ctx, "bodies/"+b.ID.Short())} }},
			plain("kind", false, func(b body) string { return bodyKind(ctx, b.Kind) }),
			{key: "state", sheet: func(b body) sheets.Cell { return sheets.Text(state(b)) },
				cell: func(b body) ui.Cell {
					return ui.Cell{Tags: []ui.TagProps{{Label: state(b), Kind: bodyStateKinds[b.State]}}}
				}},
			plain("parent", false, func(b body) string { return b.Parent }),
			plain("seats", false, func(b body) string { return heldText(ctx, b) }),
			plain("cadence", true, func(b body) string { return optional(ctx, "cadences.", b.Cadence) }),
			plain("decision_method", true, func(b body) string { return optional(ctx, "decision_methods.", b.DecisionMethod) }),
			plain("quorum", true, func(b body) string { return quorumText(ctx, b) }),
			{key: "updated", sort: "updated", extra: true, sheet: func(b body) sheets.Cell { return sheets.Instant(b.UpdatedAt) },
				cell: func(b body) ui.Cell { return ui.Cell{Text: i18n.DateTime(ctx, b.UpdatedAt)} }},
			idColumn(ctx, func(b body) string { return b.ID.String() }),
		},
		filters: []ui.FieldProps{
			{Kind: ui.Text, Name: "q", Label: i18n.T(ctx, "list.words"), Autocomplete: "off", MaxLength: 200},
			{Kind: ui.Select, Name: "kind", Label: i18n.T(ctx, "bodies.field_kind"), Blank: i18n.T(ctx, "list.any"), Options: bodyKindOptions(ctx)},
			{Kind: ui.Select, Name: "state", Label: i18n.T(ctx, "bodies.field_state"), Blank: i18n.T(ctx, "list.any"), Options: options(ctx, "body_states.", directory.BodyStates)},
		},
	}
}

// optional is a word of a family, or nothing for no value.
func optional(ctx context.Context, family, value string) string {
	if value == "" {
		return ""
	}
	return i18n.T(ctx, family+value)
}

func quorumText(ctx context.Context, b directory.Body) string {
	if b.Quorum == 0 {
		return ""
	}
	return i18n.T(ctx, "bodies.quorum_"+b.QuorumUnit, i18n.Args{"Count": int(b.Quorum)})
}

func bodyListInput(r *http.Request) directory.ListBodiesInput {
	q := r.URL.Query()
	return directory.ListBodiesInput{Text: q.Get("q"), Kind: q.Get("kind"), State: q.Get("state"), AsOf: q.Get("as-of"), Trash: q.Get("trash") != "",
		Sort: q.Get("sort"), After: q.Get("after"), Before: q.Get("before")}
}

// bodyList is GET …/bodies.
func (s *Server) bodyList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	in := bodyListInput(r)
	page, err := directory.ListBodies.Do(ctx, s.app.Door, in)
	if err != nil {
		return err
	}
	l := bodyListing(ctx)
	if !s.may(ctx, "bodies.edit-several") || in.AsOf != "" {
		l.id = nil
	}
	list := l.props(r, page)
	if list.Views, err = s.savedViews(r, "bodies"); err != nil {
		return err
	}
	if !s.may(ctx, "bodies.export") {
		list.CSV, list.XLSX = "", ""
	}
	props := ui.PageProps{Title: i18n.T(ctx, "bodies.title"), Lede: i18n.T(ctx, "bodies.lede"), Tabs: s.groupTabs(ctx, "bodies"), AsOf: s.asOf(r, "bodies")}
	if s.may(ctx, "bodies.create") && in.AsOf == "" {
		props.Primary = &ui.Action{Label: i18n.T(ctx, "bodies.add"), Href: place(ctx, "bodies/new"), Icon: "plus"}
	}
	props.Menu = append(props.Menu, s.bringAction(ctx, "bodies")...)
	if s.may(ctx, "bodies.restore") && !in.Trash {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "list.show_trash"), Href: place(ctx, "bodies?trash=1"), Icon: "trash"})
	}
	if l.id != nil {
		var states []ui.BulkAction
		for _, state := range []string{"active", "paused", "closed"} {
			states = append(states, ui.BulkAction{Label: i18n.T(ctx, "bodies.mark_"+state), Name: "state", Value: state})
		}
		list.Selection = bulkActions(ctx, "bodies", in.Trash, states)
	}
	if len(page.Items) == 0 {
		list.Empty = emptyList(ctx, "bodies", len(list.Chips) > 0, props.Primary)
		if in.AsOf != "" {
			list.Empty = emptyAsOf(ctx, "bodies", in.AsOf)
		}
	}
	return s.show(w, r, http.StatusOK, "bodies", props, ui.List(list))
}

// asOf is the control that chooses the day a page is shown as of. It keeps what
// else the address says, except the place in the list.
func (s *Server) asOf(r *http.Request, path string) *ui.DateControlProps {
	ctx := r.Context()
	day := r.URL.Query().Get("as-of")
	c := &ui.DateControlProps{Action: place(ctx, path), Day: day, Hidden: hiddenExcept(r.URL.Query(), append([]string{"as-of", "after", "before", "trash"}, passingParameters...)...),
		TodayHref: query(r.URL, "as-of", "", "after", "", "before", "")}
	if day != "" {
		c.Text = i18n.CivilDate(ctx, day)
	}
	return c
}

// bodyExport is GET …/bodies/export.csv and .xlsx.
func (s *Server) bodyExport(w http.ResponseWriter, r *http.Request) error {
	in := bodyListInput(r)
	return bodyListing(r.Context()).download(s, w, r, func(ctx context.Context, after string) (operation.Page[directory.Body], error) {
		in.After, in.Before = after, ""
		return directory.ExportBodies.Do(ctx, s.app.Door, directory.ExportBodiesInput{ListBodiesInput: in})
	})
}

// bodyBulk is POST …/bodies/bulk.
func (s *Server) bodyBulk(w http.ResponseWriter, r *http.Request) error {
	in := directory.EditBodiesInput{Trash: r.PostFormValue("do") == "trash", Back: r.PostFormValue("do") == "restore"}
	if state := r.PostFormValue("state"); state != "" {
		in.State = &state
	}
	return selected(s, w, r, "bodies", directory.EditBodies, func(i [16]byte, version int64) {
		in.Items = append(in.Items, directory.BodyVersion{ID: i, Version: version})
	}, &in)
}

// selected runs a change of the ticked rows and leads back to the list.
func selected[In, Out any](s *Server, w http.ResponseWriter, r *http.Request, area string, op *operation.Operation[In, Out], each func(i [16]byte, version int64), in *In) error {
	ctx := r.Context()
	for _, value := range r.PostForm["id"] {
		i, version, err := parseVersioned[struct{}](value)
		if err != nil {
			return err
		}
		each(i, version)
	}
	back := returnTo(r, place(ctx, area))
	if len(r.PostForm["id"]) == 0 {
		http.Redirect(w, r, back, http.StatusSeeOther) // #nosec G710 -- returnTo stays on this site
		return nil
	}
	var receipt operation.Receipt
	if _, err := op.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, *in); err != nil {
		return err
	}
	return s.done(w, r, back, op.ID, receipt)
}

func number(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}
