package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"commontable/internal/backbone/commitments"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/sheets"
	"commontable/internal/web/ui"
)

// commitmentRoutes are the pages of commitments, and the one that a link to pledge
// leads to.
func (s *Server) commitmentRoutes() []Route {
	const list, links = "/c/{collaborative}/commitments", "/c/{collaborative}/pledge-links"
	get := []string{"commitments.get"}
	return []Route{
		{"GET", list, []string{"commitment-totals.get"}, s.commitmentList},
		{"GET", list + "/totals", []string{"commitment-totals.get"}, s.commitmentTotals},
		{"GET", list + "/new", []string{"commitments.create"}, s.commitmentNew},
		{"GET", list + "/export.csv", []string{"commitments.export"}, s.commitmentExport},
		{"GET", list + "/export.xlsx", []string{"commitments.export"}, s.commitmentExport},
		{"POST", list, []string{"commitments.create"}, s.commitmentCreate},
		{"POST", list + "/bulk", []string{"commitments.edit-several"}, s.commitmentBulk},
		{"GET", list + "/{id}", append(get, "deliveries.list", "delivery-evidence.list"), s.commitmentRecord},
		{"GET", list + "/{id}/edit", append(get, "commitments.edit"), s.commitmentEdit},
		{"POST", list + "/{id}", append(get, "commitments.edit"), s.commitmentSave},
		{"POST", list + "/{id}/confirm", append(get, "commitments.confirm"), s.commitmentConfirm},
		{"GET", list + "/{id}/end", append(get, "commitments.settle"), s.commitmentEnd},
		{"POST", list + "/{id}/state", append(get, "commitments.settle"), s.commitmentSettle},
		{"POST", list + "/{id}/trash", []string{"commitments.trash"}, s.commitmentTrash},
		{"POST", list + "/{id}/restore", []string{"commitments.restore"}, s.commitmentRestore},

		{"GET", links, []string{"pledge-links.list"}, s.pledgeLinkList},
		{"POST", links, []string{"pledge-links.make"}, s.pledgeLinkMake},
		{"POST", links + "/{id}/revoke", []string{"pledge-links.revoke"}, s.pledgeLinkRevoke},

		{"GET", "/pledge/{secret}", []string{"pledge-links.open"}, s.pledgePage},
		{"POST", "/pledge/{secret}", []string{"pledge-links.pledge"}, s.pledgeMade},
	}
}

var commitmentStateKinds = map[string]ui.Kind{commitments.Fulfilled: ui.Good, commitments.Withdrawn: ui.Warn}

func commitmentAddress(ctx context.Context, i commitments.ID, rest string) string {
	return place(ctx, "commitments/"+i.Short()+rest)
}

func commitmentListInput(r *http.Request) commitments.ListInput {
	q := r.URL.Query()
	organization, _ := id.Parse[directory.Organization](q.Get("organization")) // none means all
	return commitments.ListInput{OrganizationID: organization, Kind: q.Get("kind"), State: q.Get("state"), From: q.Get("from"), To: q.Get("to"), Unconfirmed: q.Get("which") == "unconfirmed",
		Trash: q.Get("trash") != "", After: q.Get("after"), Before: q.Get("before")}
}

func commitmentTags(ctx context.Context, k commitments.Commitment) []ui.TagProps {
	tags := []ui.TagProps{{Label: i18n.T(ctx, "commitment_states."+k.State), Kind: commitmentStateKinds[k.State]}}
	if k.ConfirmedAt == nil {
		tags = append(tags, ui.TagProps{Label: i18n.T(ctx, "commitments.unconfirmed"), Kind: ui.Due})
	}
	return tags
}

// commitmentListing is how commitments look as a list.
func (s *Server) commitmentListing(ctx context.Context) listing[commitments.Commitment] {
	type commitment = commitments.Commitment
	plain := func(key string, extra bool, get func(commitment) string) column[commitment] {
		return column[commitment]{key: key, extra: extra, cell: func(k commitment) ui.Cell { return ui.Cell{Text: get(k)} }, sheet: func(k commitment) sheets.Cell { return sheets.Text(get(k)) }}
	}
	day := func(key string, get func(commitment) string) column[commitment] {
		return column[commitment]{key: key, cell: func(k commitment) ui.Cell { return ui.Cell{Text: civilDay(ctx, get(k))} }, sheet: func(k commitment) sheets.Cell { return sheets.Text(get(k)) }}
	}
	amount := func(key string, extra bool, kind func(commitment) string, get func(commitment) int64) column[commitment] {
		return column[commitment]{key: key, extra: extra, cell: func(k commitment) ui.Cell { return ui.Cell{Text: amountText(ctx, kind(k), get(k), k.Currency)} },
			sheet: func(k commitment) sheets.Cell { return sheets.Text(amountTyped(get(k))) }}
	}
	own := func(k commitment) string { return k.Kind }
	return listing[commitment]{area: "commitments", path: place(ctx, "commitments"), id: func(k commitment) string { return versioned(k.ID.Short(), k.Version) },
		columns: []column[commitment]{
			{key: "organization", sheet: func(k commitment) sheets.Cell { return sheets.Text(k.Organization) },
				cell: func(k commitment) ui.Cell {
					return ui.Cell{Text: k.Organization, Href: commitmentAddress(ctx, k.ID, "")}
				}},
			plain("kind", false, func(k commitment) string { return i18n.T(ctx, "commitment_kinds."+k.Kind) }),
			plain("text", false, func(k commitment) string { return firstLine(k.Text) }),
			amount("amount", false, own, func(k commitment) int64 { return k.Amount }),
			amount("delivered", false, own, func(k commitment) int64 { return k.Delivered }),
			day("ends_on", func(k commitment) string { return k.EndsOn }),
			{key: "state", sheet: func(k commitment) sheets.Cell { return sheets.Text(i18n.T(ctx, "commitment_states."+k.State)) }, cell: func(k commitment) ui.Cell { return ui.Cell{Tags: commitmentTags(ctx, k)} }},
			plain("person", true, func(k commitment) string { return k.Person }),
			plain("begins_on", true, func(k commitment) string { return k.BeginsOn }),
			plain("pledged_on", true, func(k commitment) string { return k.PledgedOn }),
			amount("value", true, func(commitment) string { return commitments.CashKind }, func(k commitment) int64 { return k.Value }),
			plain("currency", true, func(k commitment) string { return k.Currency }),
			plain("source", true, func(k commitment) string { return k.Source }),
			idColumn(ctx, func(k commitment) string { return k.ID.String() }),
		}}
}

// commitmentList is GET …/commitments: all of them for the backbone, the totals for
// everyone else.
func (s *Server) commitmentList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if !s.mayAll(ctx, "commitments.list") {
		return s.commitmentTotals(w, r)
	}
	in := commitmentListInput(r)
	page, err := commitments.List.Do(ctx, s.app.Door, in)
	if err != nil {
		return err
	}
	organizations, err := s.organizationOptions(ctx, r.URL.Query().Get("organization"))
	if err != nil {
		return err
	}
	l := s.commitmentListing(ctx)
	l.filters = []ui.FieldProps{
		{Kind: ui.Select, Name: "which", Label: i18n.T(ctx, "commitments.field_which"), Blank: i18n.T(ctx, "list.any"), Options: []ui.Option{{Value: "unconfirmed", Label: i18n.T(ctx, "commitments.unconfirmed")}}},
		{Kind: ui.Select, Name: "kind", Label: i18n.T(ctx, "commitments.field_kind"), Blank: i18n.T(ctx, "list.any"), Options: options(ctx, "commitment_kinds.", commitments.Kinds)},
		{Kind: ui.Select, Name: "state", Label: i18n.T(ctx, "commitments.field_state"), Blank: i18n.T(ctx, "list.any"), Options: options(ctx, "commitment_states.", commitments.States)},
		{Kind: ui.Select, Name: "organization", Label: i18n.T(ctx, "commitments.field_organization"), Blank: i18n.T(ctx, "list.any"), Options: organizations},
		{Kind: ui.Date, Name: "from", Label: i18n.T(ctx, "commitments.field_from")},
		{Kind: ui.Date, Name: "to", Label: i18n.T(ctx, "commitments.field_to")},
	}
	if !s.may(ctx, "commitments.edit-several") {
		l.id = nil
	}
	list := l.props(r, page)
	if list.Views, err = s.savedViews(r, "commitments"); err != nil {
		return err
	}
	props := ui.PageProps{Title: i18n.T(ctx, "commitments.title"), Lede: i18n.T(ctx, "commitments.lede"), Tabs: s.groupTabs(ctx, "commitments"),
		Primary: &ui.Action{Label: i18n.T(ctx, "commitments.add"), Href: place(ctx, "commitments/new"), Icon: "plus"},
		Menu: []ui.Action{{Label: i18n.T(ctx, "commitments.totals"), Href: place(ctx, "commitments/totals")},
			{Label: i18n.T(ctx, "commitments.links"), Href: place(ctx, "pledge-links"), Icon: "mail"}}}
	if !in.Trash {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "list.show_trash"), Href: place(ctx, "commitments?trash=1"), Icon: "trash"})
	}
	if l.id != nil {
		list.Selection = bulkActions(ctx, "commitments", in.Trash, []ui.BulkAction{{Label: i18n.T(ctx, "commitments.confirm"), Name: "do", Value: "confirm"}})
	}
	if len(page.Items) == 0 {
		list.Empty = emptyList(ctx, "commitments", len(list.Chips) > 0, props.Primary)
	}
	return s.show(w, r, http.StatusOK, "bodies", props, ui.List(list))
}

// commitmentExport is GET …/commitments/export.csv and .xlsx.
func (s *Server) commitmentExport(w http.ResponseWriter, r *http.Request) error {
	in := commitmentListInput(r)
	return s.commitmentListing(r.Context()).download(s, w, r, func(ctx context.Context, after string) (operation.Page[commitments.Commitment], error) {
		in.After, in.Before = after, ""
		return commitments.Export.Do(ctx, s.app.Door, commitments.ExportInput{ListInput: in})
	})
}

// commitmentBulk is POST …/commitments/bulk.
func (s *Server) commitmentBulk(w http.ResponseWriter, r *http.Request) error {
	do := r.PostFormValue("do")
	in := commitments.SeveralInput{Trash: do == "trash", Back: do == "restore", Confirm: do == "confirm"}
	return selected(s, w, r, "commitments", commitments.EditSeveral, func(i [16]byte, version int64) {
		in.Items = append(in.Items, commitments.AtVersion{ID: i, Version: version})
	}, &in)
}

// commitmentTotals is GET …/commitments/totals.
func (s *Server) commitmentTotals(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	in := commitments.TotalsInput{Period: q.Get("period")}
	all := s.mayAll(ctx, "commitments.list")
	if all {
		in.AsOf = q.Get("as-of")
	}
	t, err := commitments.GetTotals.Do(ctx, s.app.Door, in)
	if err != nil {
		return err
	}
	props := ui.PageProps{Title: i18n.T(ctx, "commitments.totals"), Lede: i18n.T(ctx, "commitments.totals_lede"), Tabs: s.groupTabs(ctx, "commitments")}
	if all {
		props.Crumbs = []ui.Link{{Label: i18n.T(ctx, "commitments.title"), Href: place(ctx, "commitments")}}
		props.AsOf = s.asOf(r, "commitments/totals")
	}
	if in.Period == commitments.Quarterly {
		props.Menu = []ui.Action{{Label: i18n.T(ctx, "commitments.by_year"), Href: query(r.URL, "period", "")}}
	} else {
		props.Menu = []ui.Action{{Label: i18n.T(ctx, "commitments.by_quarter"), Href: query(r.URL, "period", commitments.Quarterly)}}
	}
	if len(t.Rows) == 0 {
		return s.show(w, r, http.StatusOK, "bodies", props, muted(i18n.T(ctx, "commitments.no_totals")))
	}
	var parts []templ.Component
	for _, kind := range commitments.Kinds {
		if table, any := totalsTable(ctx, t, kind); any {
			parts = append(parts, with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "commitment_kinds."+kind)}), ui.Table(table)))
		}
	}
	parts = append(parts, muted(i18n.T(ctx, "commitments.formulas")))
	if t.Least > 0 {
		parts = append(parts, muted(i18n.T(ctx, "commitments.disclosed", i18n.Args{"Count": int(t.Least)})))
	}
	return s.show(w, r, http.StatusOK, "bodies", props, with(stack(), parts...))
}

// totalsTable is one kind's figures by period.
func totalsTable(ctx context.Context, t commitments.Totals, kind string) (ui.TableProps, bool) {
	h := func(key string) ui.Column { return ui.Column{Label: i18n.T(ctx, "commitments.total_"+key)} }
	table := ui.TableProps{ID: "totals-" + kind, Caption: i18n.T(ctx, "commitment_kinds."+kind),
		Columns: []ui.Column{h("period"), h("pledged"), h("due"), h("delivered"), h("follow_through"), h("givers"), h("top_three"), h("effective")}}
	for _, row := range t.Rows {
		if row.Kind != kind {
			continue
		}
		cells := []ui.Cell{{Text: row.Period}}
		if row.Hidden {
			cells = append(cells, ui.Cell{Text: i18n.T(ctx, "commitments.hidden")}, ui.Cell{}, ui.Cell{}, ui.Cell{}, ui.Cell{}, ui.Cell{}, ui.Cell{})
			table.Rows = append(table.Rows, ui.TableRow{Cells: cells})
			continue
		}
		amount := func(n int64) ui.Cell {
			if kind == commitments.LeadershipKind {
				return ui.Cell{Text: i18n.Number(ctx, n)}
			}
			return ui.Cell{Text: amountText(ctx, kind, n, t.Currency)}
		}
		share := func(f float64) ui.Cell {
			if f < 0 {
				return ui.Cell{Text: "–"}
			}
			return ui.Cell{Text: i18n.Percent(ctx, f)}
		}
		cells = append(cells, amount(row.Pledged), amount(row.Due), amount(row.Delivered), share(row.FollowThrough), ui.Cell{Text: strconv.FormatInt(row.Givers, 10)},
			share(row.DeliveredTopThree), ui.Cell{Text: i18n.Decimal(ctx, row.DeliveredEffect, 1)})
		table.Rows = append(table.Rows, ui.TableRow{Cells: cells})
	}
	return table, len(table.Rows) > 0
}

// commitmentRows are commitments as lines.
func commitmentRows(ctx context.Context, list []commitments.Commitment, whose bool) []ui.Row {
	var rows []ui.Row
	for _, k := range list {
		tags := commitmentTags(ctx, k)
		row := ui.Row{When: i18n.ShortCivilDate(ctx, k.EndsOn), Title: or(firstLine(k.Text), i18n.T(ctx, "commitment_kinds."+k.Kind)), Href: commitmentAddress(ctx, k.ID, ""),
			Detail: dotted(i18n.T(ctx, "commitment_kinds."+k.Kind), amountText(ctx, k.Kind, k.Amount, k.Currency)), Tag: &tags[len(tags)-1]}
		if whose {
			row.Detail = dotted(k.Organization, row.Detail)
		}
		rows = append(rows, row)
	}
	return rows
}

// commitmentsOf are the commitments of an organization, for its page: for the
// backbone, and for those who represent it.
func (s *Server) commitmentsOf(r *http.Request, organization directory.OrganizationID) (templ.Component, error) {
	ctx := r.Context()
	if organization.IsZero() || !s.may(ctx, "commitments.list") {
		return templ.NopComponent, nil
	}
	page, err := commitments.List.Do(ctx, s.app.Door, commitments.ListInput{OrganizationID: organization, From: s.today(ctx), Limit: 8})
	if operation.KindOf(err) == operation.Forbidden {
		return templ.NopComponent, nil // another organization's
	}
	if err != nil {
		return nil, err
	}
	panel := ui.PanelProps{Heading: i18n.T(ctx, "commitments.title"), Actions: []ui.Action{{Label: i18n.T(ctx, "commitments.add"), Href: place(ctx, "commitments/new?organization="+organization.Short()), Kind: ui.Quiet}}}
	if s.mayAll(ctx, "commitments.list") {
		panel.Actions = append(panel.Actions, ui.Action{Label: i18n.T(ctx, "commitments.all"), Href: place(ctx, "commitments?organization="+organization.String()), Kind: ui.Quiet})
	}
	return with(ui.Panel(panel), rowsOr(commitmentRows(ctx, page.Items, false), i18n.T(ctx, "commitments.none_here"))), nil
}

// pledgesToDo are the pledges that wait for the backbone to confirm them, for Home.
func (s *Server) pledgesToDo(ctx context.Context) (templ.Component, error) {
	if !s.mayAll(ctx, "commitments.confirm") {
		return nil, nil
	}
	page, err := commitments.List.Do(ctx, s.app.Door, commitments.ListInput{Unconfirmed: true, Limit: 6})
	if err != nil || len(page.Items) == 0 {
		return nil, err
	}
	panel := ui.PanelProps{Heading: i18n.T(ctx, "home.pledges"), Actions: []ui.Action{{Label: i18n.T(ctx, "commitments.all"), Href: place(ctx, "commitments?"+url.Values{"which": {"unconfirmed"}}.Encode()), Kind: ui.Quiet}}}
	return with(ui.Panel(panel), ui.Rows(commitmentRows(ctx, page.Items, true))), nil
}
