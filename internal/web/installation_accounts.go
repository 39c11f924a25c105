package web

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// installationAccounts is GET /installation/accounts, by address; ?email= is the
// beginning of one.
func (s *Server) installationAccounts(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	page, err := s.app.Access.ListAccounts.Do(ctx, s.app.Door, access.ListAccountsInput{Email: q.Get("email"), After: q.Get("after"), Before: q.Get("before")})
	if err != nil {
		return err
	}
	props := ui.PageProps{Title: i18n.T(ctx, "installation.accounts"), Lede: i18n.T(ctx, "installation.accounts_lede"), Crumbs: installationCrumbs(ctx)}
	list := ui.ListProps{Caption: props.Title, Shown: int64(len(page.Items)), Total: -1, CountText: i18n.T(ctx, "installation.accounts_count", i18n.Args{"Count": len(page.Items)}),
		Columns: []ui.Column{{Label: i18n.T(ctx, "members.field_email")}, {Label: i18n.T(ctx, "members.field_name")}, {Label: i18n.T(ctx, "members.field_signed_in")},
			{Label: i18n.T(ctx, "installation.second_step")}, {Label: i18n.T(ctx, "installation.account_actions"), HideLabel: true}},
		Filter: &ui.FilterProps{Action: "/installation/accounts", Fields: []ui.FieldProps{{Name: "email", Label: i18n.T(ctx, "installation.address_begins"), Value: q.Get("email"), MaxLength: 254, Autocomplete: "off"}}}}
	if q.Get("email") != "" {
		list.Chips = []ui.Chip{{Label: i18n.T(ctx, "installation.address_begins"), Value: q.Get("email"), RemoveHref: "/installation/accounts"}}
	}
	for _, a := range page.Items {
		list.Rows = append(list.Rows, accountRow(ctx, a))
	}
	if page.Next != "" {
		list.Next = query(r.URL, "after", page.Next, "before", "")
	}
	if page.Previous != "" {
		list.Previous = query(r.URL, "before", page.Previous, "after", "")
	}
	if len(page.Items) == 0 {
		list.Empty = &ui.EmptyProps{Title: i18n.T(ctx, "list.nothing_found"), Text: i18n.T(ctx, "list.nothing_found_text")}
	}
	return s.show(w, r, http.StatusOK, "", props, ui.List(list))
}

func accountRow(ctx context.Context, a access.Account) ui.TableRow {
	address := ui.Cell{Text: a.Email}
	if a.Administrator {
		address.Tags = append(address.Tags, ui.TagProps{Label: i18n.T(ctx, "installation.administrator"), Kind: ui.Due})
	}
	if a.Disabled != nil {
		address.Tags = append(address.Tags, ui.TagProps{Label: i18n.T(ctx, "members.disabled"), Kind: ui.Warn})
	}
	last, second := i18n.T(ctx, "members.never"), i18n.T(ctx, "list.no")
	if a.SignedIn != nil {
		last = i18n.ShortDateTime(ctx, *a.SignedIn)
	}
	if a.HasSecondFactor() {
		second = i18n.T(ctx, "list.yes")
	}
	return ui.TableRow{Muted: a.Disabled != nil, Label: a.Email, Cells: []ui.Cell{address, {Text: a.Name}, {Text: last}, {Text: second}, {Content: accountMenu(ctx, a)}}}
}

// accountMenu is what the administrator can do about an account; not about their
// own, which has pages of its own.
func accountMenu(ctx context.Context, a access.Account) templ.Component {
	if a.ID == operation.ActorFrom(ctx).Account {
		return ui.Menu(ui.MenuProps{})
	}
	do := func(action, icon string, kind ui.Kind) ui.Action {
		return ui.Action{Label: i18n.T(ctx, "installation.account_"+action), Detail: i18n.T(ctx, "installation.account_"+action+"_detail"), Icon: icon, Kind: kind, Post: true,
			Href: "/installation/accounts/" + a.ID.Short() + "/" + action}
	}
	first := do("disable", "", ui.Bad)
	if a.Disabled != nil {
		first = do("enable", "", ui.Plain)
	}
	rights := do("make_administrator", "", ui.Plain)
	if a.Administrator {
		rights = do("unmake_administrator", "", ui.Plain)
	}
	actions := []ui.Action{first, rights}
	if a.HasSecondFactor() {
		reset := do("reset_second_factor", "", ui.Bad)
		reset.Confirm = i18n.T(ctx, "installation.account_reset_confirm", i18n.Args{"Email": a.Email})
		actions = append(actions, reset)
	}
	return ui.Menu(ui.MenuProps{Label: i18n.T(ctx, "installation.actions_for", i18n.Args{"Email": a.Email}), Icon: "more", IconOnly: true, Actions: actions})
}

// installationAccountDo is POST /installation/accounts/{id}/… for one action.
func (s *Server) installationAccountDo(op string, run func(ctx context.Context, i operation.AccountID) error) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		i, err := pathID[struct{}](r)
		if err != nil {
			return err
		}
		var receipt operation.Receipt
		if err := run(operation.WithReceipt(r.Context(), &receipt), operation.AccountID(i)); err != nil {
			return err
		}
		return s.done(w, r, returnTo(r, "/installation/accounts"), op, receipt)
	}
}

// onAccount runs an operation that only names an account.
func (s *Server) onAccount(op *operation.Operation[access.AccountInput, access.Account]) handler {
	return s.installationAccountDo(op.ID, func(ctx context.Context, i operation.AccountID) error {
		_, err := op.Do(ctx, s.app.Door, access.AccountInput{ID: i})
		return err
	})
}

// makeAdministrator gives or takes the administration of the installation.
func (s *Server) makeAdministrator(yes bool) handler {
	return s.installationAccountDo("accounts.set-administrator", func(ctx context.Context, i operation.AccountID) error {
		_, err := s.app.Access.SetAdministrator.Do(ctx, s.app.Door, access.SetAdministratorInput{ID: i, Administrator: yes})
		return err
	})
}
