package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/due"
	"commontable/internal/backbone/polls"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// dueRoutes are the pages of what is due: from whoever is signed in, from everybody,
// and the one that a personal link leads to.
func (s *Server) dueRoutes() []Route {
	const list = "/c/{collaborative}/due"
	return []Route{
		{"GET", list, []string{"due.list"}, s.dueList},
		{"GET", list + "/mine", []string{"due.mine"}, s.dueMine},
		{"POST", list + "/answer", []string{"due.answer"}, s.dueAnswer},
		{"POST", list + "/link", []string{"due.list", "due-links.make"}, s.dueLinkMake},
		{"POST", list + "/reset", []string{"due-links.reset"}, s.dueLinkReset},

		{"GET", "/due/{secret}", []string{"due-links.open"}, s.duePage},
		{"POST", "/due/{secret}", []string{"due-links.answer"}, s.dueAnswered},
	}
}

// dueOwner is the owner that an address or a form names.
func dueOwner(v url.Values) due.Owner {
	person, _ := id.Parse[directory.Person](v.Get("person")) // none means everybody
	organization, _ := id.Parse[directory.Organization](v.Get("organization"))
	return due.Owner{PersonID: directory.PersonID(person), OrganizationID: organization}
}

// dueList is GET …/due: who is due what, the longest due first.
func (s *Server) dueList(w http.ResponseWriter, r *http.Request) error {
	return s.dueListPage(w, r, nil)
}

func (s *Server) dueListPage(w http.ResponseWriter, r *http.Request, made *due.Link) error {
	ctx, q := r.Context(), r.URL.Query()
	who := dueOwner(q)
	page, err := s.app.Due.List.Do(ctx, s.app.Door, due.ListInput{Kind: q.Get("kind"), PersonID: who.PersonID, OrganizationID: who.OrganizationID, After: q.Get("after")})
	if err != nil {
		return err
	}
	t := func(key string) string { return i18n.T(ctx, "due.field_"+key) }
	list := ui.ListProps{Caption: i18n.T(ctx, "due.title"), Shown: int64(len(page.Items)), Total: page.Total,
		Columns: []ui.Column{{Label: t("name")}, {Label: t("item")}, {Label: t("kind")}, {Label: t("since")}, {Label: t("on")}, {Label: i18n.T(ctx, "list.actions"), HideLabel: true}}}
	kind := ui.FieldProps{Kind: ui.Select, Name: "kind", Label: t("kind"), Blank: i18n.T(ctx, "list.any"), Options: options(ctx, "due_kinds.", slices.Concat(due.Kinds, []string{surveys.DueItem, polls.DueItem})), Value: q.Get("kind")}
	list.Filter = &ui.FilterProps{Action: place(ctx, "due"), Fields: []ui.FieldProps{kind}}
	if kind.Value != "" {
		list.Chips = append(list.Chips, ui.Chip{Label: kind.Label, Value: i18n.T(ctx, "due_kinds."+kind.Value), RemoveHref: query(r.URL, "kind", "", "after", "")})
	}
	if who != (due.Owner{}) && len(page.Items) > 0 {
		list.Chips = append(list.Chips, ui.Chip{Label: t("name"), Value: page.Items[0].Name, RemoveHref: query(r.URL, "person", "", "organization", "", "after", "")})
	}
	if len(list.Chips) > 0 {
		list.ClearHref = place(ctx, "due")
	}
	today := s.today(ctx)
	for _, o := range page.Items {
		list.Rows = append(list.Rows, dueRow(ctx, o, today))
	}
	if s.may(ctx, "nudges.send") {
		list.Selection = &ui.Selection{Action: place(ctx, "due/nudge"), Actions: []ui.BulkAction{{Label: i18n.T(ctx, "post.nudge"), Icon: "mail"}}}
	}
	if page.Next != "" {
		list.Next = query(r.URL, "after", page.Next)
	}
	if len(page.Items) == 0 {
		list.Empty = &ui.EmptyProps{Title: i18n.T(ctx, "due.empty"), Text: i18n.T(ctx, "due.empty_text")}
	}
	props := ui.PageProps{Title: i18n.T(ctx, "due.title"), Lede: i18n.T(ctx, "due.lede"), Tabs: s.groupTabs(ctx, "due")}
	var parts []templ.Component
	if made != nil {
		s.keepAddress(w)
		parts = append(parts, ui.SecretOnce(ui.SecretProps{ID: "due-link", Label: i18n.T(ctx, "due.link_of", i18n.Args{"Name": made.Name}), Secret: made.Address,
			Help: i18n.T(ctx, "due.link_help", i18n.Args{"Date": moment(ctx, made.ExpiresAt)})}))
	}
	return s.show(w, r, http.StatusOK, "bodies", props, append(parts, ui.List(list))...)
}

// dueRow is one thing that is due from somebody.
func dueRow(ctx context.Context, o due.Owed, today string) ui.TableRow {
	name := ui.Cell{Text: named(ctx, o.Name), Href: place(ctx, "people/"+o.PersonID.Short())}
	hidden := []ui.Hidden{{Name: "person", Value: o.PersonID.String()}}
	if !o.OrganizationID.IsZero() {
		name = ui.Cell{Text: o.Name, Href: place(ctx, "organizations/"+o.OrganizationID.Short())}
		hidden = []ui.Hidden{{Name: "organization", Value: o.OrganizationID.String()}}
	}
	item := ui.Cell{Text: dueTitle(ctx, o.Item)}
	switch i := o.Item; i.Kind {
	case due.MeetingItem:
		item.Href = place(ctx, "meetings/"+i.ID.Short())
	case due.ActionItem:
		item.Href = place(ctx, "actions/"+i.ID.Short())
	case due.CommitmentItem:
		item.Href = place(ctx, "commitments/"+i.ID.Short())
	case due.AgreementItem:
		item.Href = place(ctx, "agreements/"+i.ID.Short())
	case polls.DueItem:
		item.Href = place(ctx, "polls/"+i.ID.Short())
	}
	if o.Item.State == "disowned" {
		item.Tags = []ui.TagProps{{Label: i18n.T(ctx, "actions.disowned"), Kind: ui.Warn}}
	}
	on := ui.Cell{Text: civilDay(ctx, o.Item.On)}
	if o.Item.On != "" && o.Item.On < today {
		on.Tags = []ui.TagProps{{Label: i18n.T(ctx, "actions.overdue"), Kind: ui.Due}}
	}
	menu := ui.Menu(ui.MenuProps{Label: i18n.T(ctx, "list.actions"), Icon: "more", IconOnly: true, Actions: []ui.Action{
		{Label: i18n.T(ctx, "due.make_link"), Href: place(ctx, "due/link"), Post: true, Hidden: hidden, Icon: "mail"},
		{Label: i18n.T(ctx, "due.reset_links"), Href: place(ctx, "due/reset"), Post: true, Hidden: hidden, Icon: "x", Confirm: i18n.T(ctx, "due.reset_sure")}}})
	return ui.TableRow{ID: ownerValue(o.Owner), Label: dotted(name.Text, item.Text), Cells: []ui.Cell{name, item, {Text: i18n.T(ctx, "due_kinds."+o.Item.Kind)}, {Text: civilDay(ctx, o.Item.Since)}, on, {Content: menu}}}
}

// dueTitle is what something due is called.
func dueTitle(ctx context.Context, i due.Item) string {
	switch i.Kind {
	case due.AgreementItem:
		return i18n.T(ctx, "due.agreement_"+i.State)
	case due.DeliveryItem, due.CommitmentItem:
		return or(firstLine(i.Title), i18n.T(ctx, "commitment_kinds."+i.CommitmentKind))
	}
	return i.Title
}

// dueLinkMake is POST …/due/link. The page is shown at once, with the link: it is told
// this once and kept nowhere.
func (s *Server) dueLinkMake(w http.ResponseWriter, r *http.Request) error {
	made, err := s.app.Due.MakeLink.Do(r.Context(), s.app.Door, due.LinkInput{Owner: dueOwner(r.PostForm)})
	if err != nil {
		return err
	}
	return s.dueListPage(w, r, &made)
}

// dueLinkReset is POST …/due/reset.
func (s *Server) dueLinkReset(w http.ResponseWriter, r *http.Request) error {
	var receipt operation.Receipt
	if _, err := s.app.Due.ResetLinks.Do(operation.WithReceipt(r.Context(), &receipt), s.app.Door, dueOwner(r.PostForm)); err != nil {
		return err
	}
	return s.done(w, r, place(r.Context(), "due"), "due-links.reset", receipt)
}
