package web

import (
	"context"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"commontable/internal/backbone/agreements"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/sheets"
	"commontable/internal/web/ui"
)

var agreementStateKinds = map[string]ui.Kind{agreements.Signed: ui.Good, agreements.Sent: ui.Warn, agreements.Due: ui.Warn, agreements.Lapsed: ui.Due}

func agreementTag(ctx context.Context, a agreements.Agreement) ui.TagProps {
	return ui.TagProps{Label: i18n.T(ctx, "agreement_states."+a.State), Kind: agreementStateKinds[a.State]}
}

// signatory is who signed, or who is to sign.
func signatory(a agreements.Agreement) string {
	if a.SignedName != "" {
		return a.SignedName
	}
	return a.SignatoryName
}

// civilDay is a day in words, or nothing.
func civilDay(ctx context.Context, day string) string {
	if day == "" {
		return ""
	}
	return i18n.ShortCivilDate(ctx, day)
}

// moment is an instant in words, or nothing.
func moment(ctx context.Context, t *time.Time) string {
	if t == nil {
		return ""
	}
	return i18n.DateTime(ctx, *t)
}

// agreementListing is how a list of agreements looks.
func (s *Server) agreementListing(ctx context.Context) listing[agreements.Agreement] {
	type agreement = agreements.Agreement
	plain := func(key string, extra bool, get func(agreement) string) column[agreement] {
		return column[agreement]{key: key, extra: extra, cell: func(a agreement) ui.Cell { return ui.Cell{Text: get(a)} },
			sheet: func(a agreement) sheets.Cell { return sheets.Text(get(a)) }}
	}
	day := func(key string, extra bool, get func(agreement) string) column[agreement] {
		return column[agreement]{key: key, extra: extra, cell: func(a agreement) ui.Cell { return ui.Cell{Text: civilDay(ctx, get(a))} },
			sheet: func(a agreement) sheets.Cell { return sheets.Text(get(a)) }}
	}
	state := func(a agreement) string { return i18n.T(ctx, "agreement_states."+a.State) }
	columns := []column[agreement]{
		{key: "organization", sheet: func(a agreement) sheets.Cell { return sheets.Text(a.Organization) },
			cell: func(a agreement) ui.Cell {
				return ui.Cell{Text: a.Organization, Href: place(ctx, "agreements/"+a.ID.Short())}
			}},
		{key: "agreement_state", sheet: func(a agreement) sheets.Cell { return sheets.Text(state(a)) },
			cell: func(a agreement) ui.Cell { return ui.Cell{Tags: []ui.TagProps{agreementTag(ctx, a)}} }},
		{key: "signatory", sheet: func(a agreement) sheets.Cell { return sheets.Text(signatory(a)) },
			cell: func(a agreement) ui.Cell { return ui.Cell{Text: signatory(a), Detail: a.SignatoryTitle} }},
		plain("principles", false, func(a agreement) string { return principlesTitle(ctx, a.Principles) }),
		day("valid_from", false, func(a agreement) string { return a.From }),
		day("renewal_due", false, func(a agreement) string { return a.RenewalDue }),
		day("valid_to", true, func(a agreement) string { return a.To }),
		plain("term_months", true, func(a agreement) string {
			return i18n.T(ctx, "agreements.months", i18n.Args{"Count": int(a.TermMonths)})
		}),
		plain("signatory_title", true, func(a agreement) string { return a.SignatoryTitle }),
		plain("on_paper", true, func(a agreement) string { return yesNo(ctx, a.OnPaper) }),
		plain("signed_at", true, func(a agreement) string { return moment(ctx, a.SignedAt) }),
	}
	states := agreements.States
	if s.may(ctx, "agreements.edit") {
		columns = append(columns, plain("sent_at", true, func(a agreement) string { return moment(ctx, a.SentAt) }))
	} else {
		states = states[2:] // the others see what was signed
	}
	return listing[agreement]{area: "agreements", path: place(ctx, "agreements"), columns: columns, id: func(a agreement) string { return versioned(a.ID.Short(), a.Version) }, filters: []ui.FieldProps{
		{Kind: ui.Select, Name: "state", Label: i18n.T(ctx, "agreements.field_agreement_state"), Blank: i18n.T(ctx, "list.any"), Options: options(ctx, "agreement_states.", states)}}}
}

func agreementListInput(r *http.Request) agreements.ListInput {
	q := r.URL.Query()
	organization, _ := id.Parse[directory.Organization](q.Get("organization")) // none means all
	return agreements.ListInput{OrganizationID: organization, State: q.Get("state"), AsOf: q.Get("as-of"), Trash: q.Get("trash") != "", After: q.Get("after"), Before: q.Get("before")}
}

// agreementList is GET …/agreements.
func (s *Server) agreementList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	in := agreementListInput(r)
	page, err := agreements.List.Do(ctx, s.app.Door, in)
	if err != nil {
		return err
	}
	l := s.agreementListing(ctx)
	if !s.may(ctx, "agreements.edit-several") || in.AsOf != "" {
		l.id = nil
	}
	list := l.props(r, page)
	if list.Views, err = s.savedViews(r, "agreements"); err != nil {
		return err
	}
	if list.CountText == "" {
		more := ""
		if in.After != "" || in.Before != "" || page.Next != "" {
			more = "_more"
		}
		list.CountText = i18n.T(ctx, "list.found"+more, i18n.Args{"Count": len(page.Items)})
	}
	if !s.may(ctx, "agreements.export") {
		list.CSV, list.XLSX = "", ""
	}
	props := ui.PageProps{Title: i18n.T(ctx, "agreements.title"), Lede: i18n.T(ctx, "agreements.lede"), Tabs: s.peopleTabs(ctx, "agreements"), AsOf: s.asOf(r, "agreements")}
	if s.may(ctx, "agreements.create") && in.AsOf == "" {
		props.Primary = &ui.Action{Label: i18n.T(ctx, "agreements.add"), Href: place(ctx, "agreements/new"), Icon: "plus"}
	}
	if s.may(ctx, "agreements.restore") && !in.Trash {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "list.show_trash"), Href: place(ctx, "agreements?trash=1"), Icon: "trash"})
	}
	if l.id != nil {
		list.Selection = agreementSelection(ctx, in.Trash)
	}
	if len(page.Items) == 0 {
		list.Empty = emptyList(ctx, "agreements", len(list.Chips) > 0 || in.AsOf != "", props.Primary)
	}
	return s.show(w, r, http.StatusOK, "organizations", props, ui.List(list))
}

// agreementSelection is what can be done with the selected agreements. Letters
// that were sent cannot be called back, so that asks.
func agreementSelection(ctx context.Context, trash bool) *ui.Selection {
	sel := bulkActions(ctx, "agreements", trash, []ui.BulkAction{
		{Label: i18n.T(ctx, "agreements.set_term"), Name: "do", Value: "term"},
		{Label: i18n.T(ctx, "agreements.send"), Name: "do", Value: "send", Icon: "mail", Confirm: i18n.T(ctx, "agreements.send_several_sure")},
		{Label: i18n.T(ctx, "agreements.withdraw"), Name: "do", Value: "withdraw", Icon: "undo", Confirm: i18n.T(ctx, "agreements.withdraw_several_sure")}})
	if !trash {
		sel.Fields = []ui.FieldProps{{Kind: ui.Number, ID: "bulk-term", Name: "term_months", Label: i18n.T(ctx, "agreements.field_term_months"), Help: i18n.T(ctx, "agreements.help_term_several"), Min: "1", Max: "240", Size: "short", InputMode: "numeric"}}
	}
	return sel
}

// agreementBulk is POST …/agreements/bulk.
func (s *Server) agreementBulk(w http.ResponseWriter, r *http.Request) error {
	do := r.PostFormValue("do")
	in := agreements.SeveralInput{Send: do == "send", Withdraw: do == "withdraw", Trash: do == "trash", Back: do == "restore"}
	if do == "term" {
		months := whole(r.PostFormValue("term_months"))
		in.TermMonths = &months
	}
	return selected(s, w, r, "agreements", s.app.Agreements.EditSeveral, func(i [16]byte, version int64) {
		in.Items = append(in.Items, agreements.AtVersion{ID: i, Version: version})
	}, &in)
}

// agreementExport is GET …/agreements/export.csv and .xlsx.
func (s *Server) agreementExport(w http.ResponseWriter, r *http.Request) error {
	in := agreementListInput(r)
	return s.agreementListing(r.Context()).download(s, w, r, func(ctx context.Context, after string) (operation.Page[agreements.Agreement], error) {
		in.After, in.Before = after, ""
		return agreements.Export.Do(ctx, s.app.Door, agreements.ExportInput{ListInput: in})
	})
}

// organizationAgreements are the agreements of an organization, the newest first;
// with a day, those that held on it.
func (s *Server) organizationAgreements(ctx context.Context, o directory.Organization, day string) (templ.Component, error) {
	if !s.may(ctx, "agreements.list") {
		return templ.NopComponent, nil
	}
	page, err := agreements.List.Do(ctx, s.app.Door, agreements.ListInput{OrganizationID: o.ID, AsOf: day, Limit: 20})
	if err != nil {
		return nil, err
	}
	panel := ui.PanelProps{Heading: i18n.T(ctx, "agreements.title")}
	if s.may(ctx, "agreements.create") && o.DeletedAt == nil && day == "" {
		panel.Actions = []ui.Action{{Label: i18n.T(ctx, "agreements.add"), Href: place(ctx, "agreements/new?organization="+o.ID.Short()), Kind: ui.Quiet}}
	}
	if page.Next != "" {
		panel.Actions = append(panel.Actions, ui.Action{Label: i18n.T(ctx, "agreements.all"), Href: place(ctx, "agreements?organization="+o.ID.Short()), Kind: ui.Quiet})
	}
	if len(page.Items) == 0 {
		return with(ui.Panel(panel), muted(i18n.T(ctx, "agreements.none_here"))), nil
	}
	var rows []ui.Row
	for _, a := range page.Items {
		tag := agreementTag(ctx, a)
		rows = append(rows, ui.Row{Title: principlesTitle(ctx, a.Principles), Href: place(ctx, "agreements/"+a.ID.Short()), Detail: dotted(signatory(a), agreementSpan(ctx, a)), Tag: &tag})
	}
	return with(ui.Panel(panel), ui.Rows(rows)), nil
}

// agreementSpan is how long an agreement holds, held, or is meant to hold.
func agreementSpan(ctx context.Context, a agreements.Agreement) string {
	switch {
	case a.From == "":
		return ""
	case a.To != "":
		return spanText(ctx, a.From, a.To)
	}
	return spanText(ctx, a.From, a.RenewalDue)
}

// waitingDays is after how long an agreement that nobody signed is shown to the
// backbone.
const waitingDays = 14

// agreementsToDo is what the backbone has to see to: agreements whose term is
// over or soon will be, and those that wait for a signature.
func (s *Server) agreementsToDo(ctx context.Context, most int64) ([]templ.Component, error) {
	if !s.may(ctx, "agreements.send") {
		return nil, nil
	}
	now := s.app.Config.Clock.Now()
	panel := ui.PanelProps{Heading: i18n.T(ctx, "home.agreements")}
	var rows []ui.Row
	for _, state := range []string{agreements.Lapsed, agreements.Due, agreements.Sent} {
		page, err := agreements.List.Do(ctx, s.app.Door, agreements.ListInput{State: state, Limit: most})
		if err != nil {
			return nil, err
		}
		for _, a := range page.Items {
			tag := agreementTag(ctx, a)
			row := ui.Row{When: civilShort(ctx, a.RenewalDue), Title: a.Organization, Href: place(ctx, "agreements/"+a.ID.Short()), Tag: &tag}
			switch {
			case state != agreements.Sent:
				row.Detail = i18n.T(ctx, "home.renewal_"+state, i18n.Args{"Date": civilDay(ctx, a.RenewalDue)})
			case a.SentAt == nil || now.Sub(*a.SentAt) < waitingDays*24*time.Hour:
				continue
			default:
				days := int(now.Sub(*a.SentAt) / (24 * time.Hour))
				row.When, row.Detail = i18n.ShortDate(ctx, *a.SentAt), i18n.T(ctx, "home.unsigned", i18n.Args{"Name": a.SignatoryName, "Count": days})
			}
			rows = append(rows, row)
		}
		if page.Next != "" {
			panel.Actions = append(panel.Actions, ui.Action{Label: i18n.T(ctx, "home.all_agreements_"+state), Href: place(ctx, "agreements?state="+state), Kind: ui.Quiet})
		}
	}
	if len(rows) == 0 {
		return nil, nil
	}
	return []templ.Component{with(ui.Panel(panel), ui.Rows(rows))}, nil
}

func civilShort(ctx context.Context, day string) string {
	if day == "" {
		return ""
	}
	return i18n.ShortCivilDate(ctx, day)
}
