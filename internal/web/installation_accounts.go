package web

import (
	"context"
	"net/http"
	"net/url"

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
		Columns: []ui.Column{{Label: i18n.T(ctx, "members.field_email")}, {Label: i18n.T(ctx, "members.field_signed_in")}, {Label: i18n.T(ctx, "installation.second_step")}},
		Filter:  &ui.FilterProps{Action: "/installation/accounts", Fields: []ui.FieldProps{{Name: "email", Label: i18n.T(ctx, "installation.address_begins"), Value: q.Get("email"), MaxLength: 254, Autocomplete: "off"}}}}
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
	last, second := i18n.T(ctx, "members.never"), i18n.T(ctx, "list.no")
	if a.SignedIn != nil {
		last = i18n.ShortDateTime(ctx, *a.SignedIn)
	}
	if a.HasSecondFactor() {
		second = i18n.T(ctx, "list.yes")
	}
	address := ui.Cell{Text: a.Email, Detail: a.Name, Href: "/installation/accounts/" + a.ID.Short() + "?" + url.Values{"address": {a.Email}}.Encode(), Tags: accountTags(ctx, a)}
	return ui.TableRow{Muted: a.Disabled != nil, Cells: []ui.Cell{address, {Text: last}, {Text: second}}}
}

func accountTags(ctx context.Context, a access.Account) []ui.TagProps {
	var out []ui.TagProps
	if a.Administrator {
		out = append(out, ui.TagProps{Label: i18n.T(ctx, "installation.administrator"), Kind: ui.Due})
	}
	if a.Disabled != nil {
		out = append(out, ui.TagProps{Label: i18n.T(ctx, "members.disabled"), Kind: ui.Warn})
	}
	return out
}

// installationAccount is GET /installation/accounts/{id}: what is known of one
// account and what can be done about it. Accounts are found by their address,
// which the link names beside the id.
func (s *Server) installationAccount(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	i, err := pathID[struct{}](r)
	if err != nil {
		return err
	}
	page, err := s.app.Access.ListAccounts.Do(ctx, s.app.Door, access.ListAccountsInput{Email: r.URL.Query().Get("address"), Limit: 200})
	if err != nil {
		return err
	}
	for _, a := range page.Items {
		if a.ID == operation.AccountID(i) {
			return s.accountRecord(w, r, a)
		}
	}
	return operation.Missing()
}

func (s *Server) accountRecord(w http.ResponseWriter, r *http.Request, a access.Account) error {
	ctx := r.Context()
	row := accountRow(ctx, a)
	props := ui.PageProps{Title: a.Email, HeadingTags: accountTags(ctx, a), Crumbs: append(installationCrumbs(ctx), ui.Link{Label: i18n.T(ctx, "installation.accounts"), Href: "/installation/accounts"})}
	facts := ui.Facts(ui.FactsProps{Facts: []ui.Fact{
		{Label: i18n.T(ctx, "members.field_name"), Value: a.Name},
		{Label: i18n.T(ctx, "installation.account_since"), Value: i18n.Date(ctx, a.Created)},
		{Label: i18n.T(ctx, "members.field_signed_in"), Value: row.Cells[1].Text},
		{Label: i18n.T(ctx, "installation.second_step"), Value: row.Cells[2].Text},
	}})
	return s.show(w, r, http.StatusOK, "", props, facts, with(ui.Grid(), accountActions(ctx, r, a)...))
}

// accountActions are what the administrator can do about an account, each with
// what it brings about; nothing about their own, which has pages of its own.
func accountActions(ctx context.Context, r *http.Request, a access.Account) []templ.Component {
	if a.ID == operation.ActorFrom(ctx).Account {
		return nil
	}
	names := []string{"disable"}
	if a.Disabled != nil {
		names[0] = "enable"
	}
	if a.Administrator {
		names = append(names, "unmake_administrator")
	} else {
		names = append(names, "make_administrator")
	}
	if a.HasSecondFactor() {
		names = append(names, "reset_second_factor")
	}
	var out []templ.Component
	for _, name := range names {
		do := ui.Action{Label: i18n.T(ctx, "installation.account_"+name), Kind: ui.Quiet, Post: true, Href: "/installation/accounts/" + a.ID.Short() + "/" + name,
			Hidden: []ui.Hidden{{Name: "return", Value: r.URL.RequestURI()}}}
		if name == "reset_second_factor" {
			do.Confirm = i18n.T(ctx, "installation.account_reset_confirm", i18n.Args{"Email": a.Email})
		}
		out = append(out, ui.Panel(ui.PanelProps{Detail: i18n.T(ctx, "installation.account_"+name+"_detail"), Actions: []ui.Action{do}}))
	}
	return out
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
