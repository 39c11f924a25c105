package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// resemblanceRoutes are the pages about records that resemble each other.
func (s *Server) resemblanceRoutes() []Route {
	const c = "/c/{collaborative}"
	return []Route{
		{"GET", c + "/resemblances", []string{"resemblances.list", "resemblances.progress"}, s.resemblanceList},
		{"GET", c + "/resemblances/progress", []string{"resemblances.progress"}, s.resemblanceProgress},
		{"POST", c + "/resemblances/search", []string{"resemblances.search"}, s.resemblanceSearch},
		{"POST", c + "/resemblances/decide", []string{"resemblances.decide"}, s.resemblanceDecide},
	}
}

// kindAreas are the areas of the kinds that are compared.
var kindAreas = map[string]string{directory.OrganizationKind: "organizations", directory.PersonKind: "people"}

// resemblanceList is GET …/resemblances: pairs that may be the same.
func (s *Server) resemblanceList(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	in := directory.ListResemblancesInput{Kind: directory.PersonKind, Decision: q.Get("decision"), After: q.Get("after"), Before: q.Get("before"), Limit: 25}
	if q.Get("kind") == directory.OrganizationKind {
		in.Kind = directory.OrganizationKind
	}
	page, err := directory.ListResemblances.Do(ctx, s.app.Door, in)
	if err != nil {
		return err
	}
	progress, running, err := s.searchProgress(ctx)
	if err != nil {
		return err
	}
	props := ui.PageProps{Title: i18n.T(ctx, "resemblance.title"), Lede: i18n.T(ctx, "resemblance.lede"),
		Crumbs: []ui.Link{{Label: i18n.T(ctx, kindAreas[in.Kind]+".title"), Href: place(ctx, kindAreas[in.Kind])}}}
	for _, kind := range []string{directory.PersonKind, directory.OrganizationKind} {
		props.Tabs = append(props.Tabs, ui.Link{Label: i18n.T(ctx, kindAreas[kind]+".title"), Href: place(ctx, "resemblances?kind="+kind), Current: kind == in.Kind})
	}
	if !running && s.may(ctx, "resemblances.search") {
		props.Primary = &ui.Action{Label: i18n.T(ctx, "resemblance.search"), Href: place(ctx, "resemblances/search"), Post: true, Hidden: []ui.Hidden{{Name: "kind", Value: in.Kind}}}
	}
	if in.Decision == directory.DifferentDecision {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "resemblance.show_open"), Href: place(ctx, "resemblances?kind="+in.Kind)})
	} else {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "resemblance.show_different"), Href: place(ctx, "resemblances?kind="+in.Kind+"&decision=different")})
	}
	parts := []templ.Component{progress}
	for _, pair := range page.Items {
		parts = append(parts, s.pairPanel(ctx, pair))
	}
	if len(page.Items) == 0 {
		parts = append(parts, ui.Empty(ui.EmptyProps{Title: i18n.T(ctx, "resemblance.none"), Text: i18n.T(ctx, "resemblance.none_text")}))
	}
	pager := ui.PagerProps{}
	if page.Next != "" {
		pager.Next = query(r.URL, "after", page.Next, "before", "")
	}
	if page.Previous != "" {
		pager.Previous = query(r.URL, "before", page.Previous, "after", "")
	}
	return s.show(w, r, http.StatusOK, "organizations", props, append(parts, ui.Pager(pager))...)
}

// pairPanel is one pair with its reasons and what can be done about it.
func (s *Server) pairPanel(ctx context.Context, pair directory.Resemblance) templ.Component {
	address := place(ctx, kindAreas[pair.Kind]+"/"+pair.First.ID.Short()+"/merge?with="+pair.Second.ID.Short())
	panel := ui.PanelProps{Heading: pair.First.Name + " · " + pair.Second.Name, Detail: i18n.T(ctx, likelihood(pair))}
	if s.may(ctx, kindAreas[pair.Kind]+".merge") {
		panel.Actions = append(panel.Actions, ui.Action{Label: i18n.T(ctx, "resemblance.compare"), Href: address, Kind: ui.Quiet})
	}
	if s.may(ctx, "resemblances.decide") {
		panel.Actions = append(panel.Actions, decideAction(ctx, pair))
	}
	var rows []ui.Row
	for _, one := range []directory.Alike{pair.First, pair.Second} {
		rows = append(rows, ui.Row{Title: one.Name, Detail: one.Detail, Href: place(ctx, kindAreas[pair.Kind]+"/"+one.ID.Short())})
	}
	return with(ui.Panel(panel), ui.Rows(rows), reasonList(reasonTexts(ctx, pair.Reasons)))
}

func likelihood(pair directory.Resemblance) string {
	if pair.Certain {
		return "resemblance.certain"
	}
	return "resemblance.likely"
}

// decideAction says that two records are not the same, or asks again.
func decideAction(ctx context.Context, pair directory.Resemblance) ui.Action {
	a := ui.Action{Label: i18n.T(ctx, "resemblance.different"), Href: place(ctx, "resemblances/decide"), Post: true, Kind: ui.Quiet}
	decision := directory.DifferentDecision
	if pair.Decision == directory.DifferentDecision {
		a.Label, decision = i18n.T(ctx, "resemblance.ask_again"), directory.OpenDecision
	}
	a.Hidden = []ui.Hidden{{Name: "kind", Value: pair.Kind}, {Name: "first", Value: pair.First.ID.String()}, {Name: "second", Value: pair.Second.ID.String()}, {Name: "decision", Value: decision}}
	return a
}

// reasonTexts are reasons in words.
func reasonTexts(ctx context.Context, reasons []directory.AlikeReason) []string {
	out := make([]string, len(reasons))
	for i, r := range reasons {
		args := i18n.Args{"First": "", "Second": "", "All": strings.Join(r.Args, ", ")}
		if len(r.Args) > 0 {
			args["First"] = r.Args[0]
		}
		if len(r.Args) > 1 {
			args["Second"] = r.Args[1]
		}
		for _, side := range []string{"First", "Second"} {
			if args[side] == "" {
				args[side] = i18n.T(ctx, "ui.not_given")
			}
		}
		out[i] = i18n.T(ctx, "resemblance.reason_"+r.Code, args)
	}
	return out
}

// searchProgress shows how the search stands, as long as it runs.
func (s *Server) searchProgress(ctx context.Context) (c templ.Component, running bool, err error) {
	runs, err := directory.ResemblanceProgress.Do(ctx, s.app.Door, operation.None{})
	if err != nil || len(runs.Items) == 0 {
		return templ.NopComponent, false, err
	}
	now := s.app.Config.Clock.Now()
	p := ui.ProgressProps{ID: "search-progress", Label: i18n.T(ctx, "resemblance.searching"), Poll: place(ctx, "resemblances/progress")}
	var found int64
	for _, run := range runs.Items {
		p.Done, p.Total, found = p.Done+run.Done, p.Total+run.Total, found+run.Found
		running = running || run.Running(now)
	}
	p.Text = i18n.T(ctx, "resemblance.found", i18n.Args{"Count": found})
	if running {
		return ui.Progress(p), true, nil
	}
	last := slices.MaxFunc(runs.Items, func(a, b directory.RunOfKind) int { return a.AskedAt.Compare(b.AskedAt) })
	return muted(i18n.T(ctx, "resemblance.last", i18n.Args{"When": i18n.DateTime(ctx, last.AskedAt), "Found": p.Text})), false, nil
}

// resemblanceProgress is GET …/resemblances/progress, the fragment that replaces
// itself until the search has ended.
func (s *Server) resemblanceProgress(w http.ResponseWriter, r *http.Request) error {
	progress, running, err := s.searchProgress(r.Context())
	if err != nil {
		return err
	}
	if !running {
		w.Header().Set("HX-Refresh", "true")
	}
	s.render(w, r, http.StatusOK, progress)
	return nil
}

// resemblanceSearch is POST …/resemblances/search.
func (s *Server) resemblanceSearch(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var receipt operation.Receipt
	if _, err := directory.SearchResemblances.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, operation.None{}); err != nil {
		return err
	}
	kind := directory.PersonKind
	if r.PostFormValue("kind") == directory.OrganizationKind {
		kind = directory.OrganizationKind
	}
	return s.done(w, r, place(ctx, "resemblances?kind="+kind), "resemblances.search", receipt)
}

// resemblanceDecide is POST …/resemblances/decide.
func (s *Server) resemblanceDecide(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	in := directory.Decide{Kind: r.PostFormValue("kind"), Decision: r.PostFormValue("decision")}
	for name, to := range map[string]*directory.RecordID{"first": &in.First, "second": &in.Second} {
		i, err := id.Parse[struct{}](r.PostFormValue(name))
		if err != nil {
			return operation.Missing()
		}
		*to = directory.RecordID(i)
	}
	var receipt operation.Receipt
	if _, err := directory.DecideResemblance.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in); err != nil {
		return err
	}
	return s.done(w, r, returnTo(r, place(ctx, "resemblances?kind="+in.Kind)), "resemblances.decide", receipt)
}

// alikePanel shows on a record's page what looks like it; nothing when nothing
// does, or when the reader may not ask.
func (s *Server) alikePanel(ctx context.Context, kind string, i [16]byte) (templ.Component, error) {
	if !s.may(ctx, "resemblances.find") {
		return templ.NopComponent, nil
	}
	found, err := directory.FindAlike.Do(ctx, s.app.Door, directory.FindInput{Kind: kind, ID: i})
	if operation.KindOf(err) == operation.TooMany {
		return templ.NopComponent, nil // the page itself is worth more than the hint
	}
	if err != nil || len(found.Items) == 0 {
		return templ.NopComponent, err
	}
	address := place(ctx, kindAreas[kind]+"/")
	var rows []ui.Row
	for _, pair := range found.Items {
		row := ui.Row{Title: pair.Second.Name, Detail: strings.Join(reasonTexts(ctx, pair.Reasons), " · "), Href: address + pair.Second.ID.Short()}
		if s.may(ctx, kindAreas[kind]+".merge") {
			row.Action = &ui.Action{Label: i18n.T(ctx, "resemblance.compare"), Href: address + pair.First.ID.Short() + "/merge?with=" + pair.Second.ID.Short(), Kind: ui.Quiet}
		}
		rows = append(rows, row)
	}
	return with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "resemblance.looks_like")}), ui.Rows(rows)), nil
}

// alikeNotices warn, before a record is added, that one like it is there.
func (s *Server) alikeNotices(ctx context.Context, in directory.FindInput) ([]ui.NoticeProps, error) {
	if !s.may(ctx, "resemblances.find") {
		return nil, nil
	}
	found, err := directory.FindAlike.Do(ctx, s.app.Door, in)
	switch operation.KindOf(err) {
	case operation.Invalid, operation.TooMany:
		return nil, nil // adding says what is wrong
	}
	if err != nil || len(found.Items) == 0 {
		return nil, err
	}
	n := ui.NoticeProps{Kind: ui.Due, Title: i18n.T(ctx, "resemblance.is_there"), Text: i18n.T(ctx, "resemblance.is_there_text")}
	for _, pair := range found.Items {
		label := pair.Second.Name
		if pair.Second.Detail != "" {
			label += " · " + pair.Second.Detail
		}
		n.Links = append(n.Links, ui.Link{Label: label, Href: place(ctx, kindAreas[in.Kind]+"/"+pair.Second.ID.Short())})
	}
	return []ui.NoticeProps{n}, nil
}

func alikePersonInput(values url.Values) directory.FindInput {
	return directory.FindInput{Kind: directory.PersonKind, GivenName: values.Get("given_name"), FamilyName: values.Get("family_name"), Email: values.Get("email"), Phone: values.Get("phone")}
}

func alikeOrganizationInput(values url.Values) directory.FindInput {
	return directory.FindInput{Kind: directory.OrganizationKind, Name: values.Get("name"), Email: values.Get("email"), Phone: values.Get("phone"), Website: link(values.Get("website"))}
}
