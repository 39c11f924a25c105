package web

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"commontable/internal/backbone/commitments"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// pledgeLinkList is GET …/pledge-links: the links that were made, and the form for
// another.
func (s *Server) pledgeLinkList(w http.ResponseWriter, r *http.Request) error {
	return s.pledgeLinkPage(w, r, http.StatusOK, url.Values{}, nil, faults{}, nil)
}

func (s *Server) pledgeLinkPage(w http.ResponseWriter, r *http.Request, status int, values url.Values, choice *ui.FieldProps, f faults, made *commitments.Link) error {
	ctx := r.Context()
	t := func(key string) string { return i18n.T(ctx, "commitments.field_"+key) }
	page, err := commitments.ListLinks.Do(ctx, s.app.Door, commitments.ListLinksInput{After: r.URL.Query().Get("after")})
	if err != nil {
		return err
	}
	organizations, err := s.organizationOptions(ctx, values.Get("organization_id"))
	if err != nil {
		return err
	}
	fields := []ui.FieldProps{{Kind: ui.Select, Name: "organization_id", Label: t("organization"), Required: true, Blank: i18n.T(ctx, "list.none"), Options: organizations},
		s.personLookup(ctx, values, "given_by", t("person"), "")}
	if choice != nil {
		fields = append(fields, *choice)
	}
	fields = f.mark(filled(append(fields, ui.FieldProps{Name: "person", Label: t("person_name"), MaxLength: 200, Autocomplete: "off"}), values))
	form := ui.FormProps{Action: place(ctx, "pledge-links"), Errors: f.explain(fields), Submit: i18n.T(ctx, "commitments.make_link")}
	if choice != nil {
		form.Hidden = []ui.Hidden{{Name: "given_by_for", Value: values.Get("given_by")}}
	}
	var parts []templ.Component
	if made != nil {
		s.keepAddress(w)
		parts = append(parts, ui.SecretOnce(ui.SecretProps{ID: "pledge-link", Label: i18n.T(ctx, "commitments.link_of", i18n.Args{"Name": made.Person, "Organization": made.Organization}), Secret: made.Address, Help: i18n.T(ctx, "commitments.link_help")}))
	}
	parts = append(parts, with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "commitments.make_link")}), with(ui.Form(form), formFields(fields))))
	if len(page.Items) > 0 {
		table := ui.TableProps{ID: "pledge-links", Caption: i18n.T(ctx, "commitments.links"), Columns: []ui.Column{{Label: t("organization")}, {Label: t("person")}, {Label: t("expires_at")}, {Label: t("pledges")}, {Label: i18n.T(ctx, "list.actions"), HideLabel: true}}}
		now := s.app.Config.Clock.Now()
		for _, l := range page.Items {
			row := ui.TableRow{Cells: []ui.Cell{{Text: l.Organization}, {Text: named(ctx, l.Person)}, {Text: i18n.ShortDate(ctx, l.ExpiresAt)}, {Text: i18n.Number(ctx, l.Pledges)}, {}}}
			switch {
			case l.RevokedAt != nil:
				row.Muted = true
				row.Cells[4] = ui.Cell{Text: i18n.T(ctx, "commitments.revoked")}
			case now.Before(l.ExpiresAt):
				row.Cells[4] = ui.Cell{Content: ui.Button(ui.Action{Label: i18n.T(ctx, "commitments.revoke"), Href: place(ctx, "pledge-links/"+l.ID.Short()+"/revoke"), Post: true, Kind: ui.Quiet})}
			default:
				row.Muted = true
			}
			table.Rows = append(table.Rows, row)
		}
		parts = append(parts, with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "commitments.links")}), ui.Table(table)))
	}
	if page.Next != "" {
		parts = append(parts, ui.Pager(ui.PagerProps{Next: query(r.URL, "after", page.Next)}))
	}
	props := ui.PageProps{Title: i18n.T(ctx, "commitments.links"), Lede: i18n.T(ctx, "commitments.links_lede"), Crumbs: commitmentCrumbs(ctx)}
	return s.show(w, r, status, "bodies", props, parts...)
}

// pledgeLinkMake is POST …/pledge-links. The page is shown at once, with the link: it
// is told this once and kept nowhere.
func (s *Server) pledgeLinkMake(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	organization, _ := id.Parse[directory.Organization](v.Get("organization_id")) // the operation says that one is needed
	person, choice, err := s.personChoice(ctx, v, "given_by")
	var made commitments.Link
	if err == nil {
		made, err = s.app.Commitments.MakeLink.Do(ctx, s.app.Door, commitments.LinkInput{OrganizationID: organization, PersonID: person, Person: v.Get("person")})
	}
	if f, ok := faultsOf(ctx, renamed(err, "person_id", "given_by")); ok {
		return s.pledgeLinkPage(w, r, http.StatusUnprocessableEntity, v, choice, f, nil)
	}
	if err != nil {
		return err
	}
	return s.pledgeLinkPage(w, r, http.StatusOK, url.Values{}, nil, faults{}, &made)
}

// pledgeLinkRevoke is POST …/pledge-links/{id}/revoke.
func (s *Server) pledgeLinkRevoke(w http.ResponseWriter, r *http.Request) error {
	i, err := pathID[commitments.Link](r)
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	if _, err := commitments.RevokeLink.Do(operation.WithReceipt(r.Context(), &receipt), s.app.Door, commitments.LinkRef{ID: i}); err != nil {
		return err
	}
	return s.done(w, r, place(r.Context(), "pledge-links"), "pledge-links.revoke", receipt)
}

// pledgePage is GET /pledge/{secret}. It needs no account and no scripts, and looking
// changes nothing.
func (s *Server) pledgePage(w http.ResponseWriter, r *http.Request) error {
	return s.pledgeAgain(w, r, http.StatusOK, url.Values{"kind": {commitments.TimeKind}}, nil)
}

// pledgeAgain shows the page anew; fault is what was wrong with the form.
func (s *Server) pledgeAgain(w http.ResponseWriter, r *http.Request, status int, values url.Values, fault error) error {
	c, view, err := s.app.Commitments.Look(r.Context(), s.app.Door, r.PathValue("secret"))
	if err != nil {
		return s.agreementDead(w, r, err)
	}
	return s.pledgeShow(w, r, status, c, view, values, fault)
}

// pledgeMade is POST /pledge/{secret}.
func (s *Server) pledgeMade(w http.ResponseWriter, r *http.Request) error {
	if again, ok := s.chosenLanguage(w, r); ok {
		return s.pledgePage(w, again)
	}
	ctx, v := r.Context(), r.PostForm
	amount, err := hundredths(v.Get("amount"), "amount")
	if err != nil {
		return s.pledgeAgain(w, r, http.StatusUnprocessableEntity, v, err)
	}
	c, view, err := s.app.Commitments.Pledge(ctx, s.app.Door, commitments.PledgeInput{Secret: r.PathValue("secret"), Kind: v.Get("kind"), Text: v.Get("text"), Amount: amount, Note: v.Get("note"),
		BeginsOn: v.Get("begins_on"), EndsOn: v.Get("ends_on")})
	if _, ok := faultsOf(ctx, err); ok {
		return s.pledgeAgain(w, r, http.StatusUnprocessableEntity, v, err)
	}
	if err != nil {
		return s.agreementDead(w, r, err)
	}
	return s.pledgeShow(w, r, http.StatusOK, c, view, v, nil)
}

func (s *Server) pledgeShow(w http.ResponseWriter, r *http.Request, status int, c operation.Collaborative, view commitments.PledgeView, values url.Values, fault error) error {
	r = s.inTheirLanguage(r, view.Language)
	ctx := i18n.WithZone(r.Context(), c.Zone)
	r = r.WithContext(ctx)
	if view.State != commitments.LinkOpen {
		props := ui.TaskProps{Title: i18n.T(ctx, "signin.link_dead"), Collaborative: c.Name, Privacy: i18n.T(ctx, "commitments.link_"+view.State, i18n.Args{"Collaborative": c.Name})}
		return s.showTask(w, r, http.StatusNotFound, props)
	}
	props := ui.TaskProps{Title: i18n.T(ctx, "commitments.pledge_for", i18n.Args{"Organization": view.Organization}), Collaborative: c.Name, Privacy: i18n.T(ctx, "commitments.pledge_seen", i18n.Args{"Name": view.Person})}
	if view.Made != nil {
		k := view.Made
		props.Title = i18n.T(ctx, "commitments.thanks")
		props.Privacy = i18n.T(ctx, "commitments.thanks_text")
		facts := []ui.Fact{{Label: i18n.T(ctx, "commitments.field_kind"), Value: i18n.T(ctx, "commitment_kinds."+k.Kind)}, {Label: i18n.T(ctx, "commitments.field_text"), Content: prose(k.Text)},
			{Label: i18n.T(ctx, "commitments.field_amount"), Value: amountText(ctx, k.Kind, k.Amount, k.Currency)}, {Label: i18n.T(ctx, "commitments.field_period"), Value: civilDay(ctx, k.BeginsOn) + " – " + civilDay(ctx, k.EndsOn)}}
		return s.showTask(w, r, status, props, ui.Facts(ui.FactsProps{Facts: facts}), acts([]ui.Action{{Label: i18n.T(ctx, "commitments.pledge_more"), Href: r.URL.EscapedPath(), Kind: ui.Quiet}}))
	}
	f, _ := faultsOf(ctx, fault) // in the language of the page
	fields := append([]ui.FieldProps{{Kind: ui.Radios, Name: "kind", Label: i18n.T(ctx, "commitments.field_kind"), Options: options(ctx, "commitment_kinds.", commitments.Kinds), Required: true}}, pledgeFields(ctx, view.Currency)...)
	fields = f.mark(filled(append(fields, ui.FieldProps{Kind: ui.TextArea, Name: "note", Label: i18n.T(ctx, "commitments.field_note"), Rows: 2, MaxLength: 2000}), values))
	form := ui.FormProps{Action: r.URL.EscapedPath(), Errors: f.explain(fields), Submit: i18n.T(ctx, "commitments.pledge")}
	return s.showTask(w, r, status, props, with(ui.Form(form), formFields(fields)))
}
