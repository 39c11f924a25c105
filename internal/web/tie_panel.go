package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/network"
	"commontable/internal/platform/i18n"
	"commontable/internal/web/ui"
)

// tiePanel is how an organization or a person is tied to others, with a day as it
// was then. add names the record to a new tie; it is empty where none can be added.
func (s *Server) tiePanel(ctx context.Context, in network.ListInput, add url.Values) (templ.Component, error) {
	if !s.may(ctx, "ties.list") || !in.PersonID.IsZero() && !s.may(ctx, directory.SeePersonTies) {
		return templ.NopComponent, nil
	}
	in.Limit = 20
	page, err := network.List.Do(ctx, s.app.Door, in)
	if err != nil {
		return nil, err
	}
	panel := ui.PanelProps{Heading: i18n.T(ctx, "ties.title")}
	if len(add) > 0 && s.may(ctx, "ties.create") {
		panel.Actions = []ui.Action{{Label: i18n.T(ctx, "ties.add"), Href: place(ctx, "ties/new?"+add.Encode()), Kind: ui.Quiet}}
	}
	if page.Next != "" && !in.OrganizationID.IsZero() {
		panel.Actions = append(panel.Actions, ui.Action{Label: i18n.T(ctx, "ties.all"), Href: place(ctx, "ties?organization="+in.OrganizationID.String()), Kind: ui.Quiet})
	}
	if len(page.Items) == 0 {
		return with(ui.Panel(panel), muted(i18n.T(ctx, "ties.none_here"))), nil
	}
	var rows []ui.Row
	for _, t := range page.Items {
		rows = append(rows, ui.Row{Title: t.Title(), Href: place(ctx, "ties/"+t.ID.Short()), Detail: dotted(t.Type, tieStrength(t), tieSpan(ctx, t))})
	}
	return with(ui.Panel(panel), ui.Rows(rows)), nil
}

// tieRecord is GET …/ties/{id}.
func (s *Server) tieRecord(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	x, err := s.tie(r)
	if err != nil {
		return err
	}
	timeline, err := s.timeline(r, "ties", network.Kind, x.ID)
	if err != nil {
		return err
	}
	address := place(ctx, "ties/"+x.ID.Short())
	t := func(key string) string { return i18n.T(ctx, "ties.field_"+key) }
	version := []ui.Hidden{{Name: "version", Value: number(x.Version)}}
	props := ui.PageProps{Title: x.Title(), Lede: x.Type, Crumbs: tieCrumbs(ctx)}
	switch {
	case x.DeletedAt != nil:
		props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Warn, Text: i18n.T(ctx, "list.is_in_trash", i18n.Args{"When": i18n.DateTime(ctx, *x.DeletedAt)})})
		props.Primary = &ui.Action{Label: i18n.T(ctx, "list.restore"), Href: address + "/restore", Post: true, Hidden: version, Icon: "undo"}
	case s.may(ctx, "ties.edit"):
		props.Primary = &ui.Action{Label: i18n.T(ctx, "list.edit"), Href: address + "/edit"}
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "list.trash"), Href: address + "/trash", Post: true, Hidden: version, Icon: "trash"})
	}
	facts := []ui.Fact{tieEnd(ctx, t("from"), x.FromOrganizationID, x.FromPersonID, x.FromName), tieEnd(ctx, t("to"), x.ToOrganizationID, x.ToPersonID, x.ToName),
		{Label: t("type"), Value: x.Type}, {Label: t("direction"), Value: i18n.T(ctx, "tie_directions."+x.Direction)}, {Label: t("strength"), Value: tieStrength(x)},
		{Label: t("valid_from"), Value: civilDay(ctx, x.From)}, {Label: t("valid_to"), Value: civilDay(ctx, x.To)},
		{Label: t("layer"), Value: i18n.T(ctx, "tie_layers."+x.Layer)}, {Label: t("about"), Content: prose(x.About)}}
	return s.show(w, r, http.StatusOK, "organizations", props, ui.Record(ui.RecordProps{Facts: ui.Facts(ui.FactsProps{Heading: i18n.T(ctx, "list.facts"), Facts: facts}), Timeline: timeline}))
}

// tieEnd is one end of a tie, with the way to its page.
func tieEnd(ctx context.Context, label string, o directory.OrganizationID, p directory.PersonID, name string) ui.Fact {
	if o.IsZero() {
		return ui.Fact{Label: label, Value: named(ctx, name), Href: place(ctx, "people/"+p.Short())}
	}
	return ui.Fact{Label: label, Value: name, Href: place(ctx, "organizations/"+o.Short())}
}
