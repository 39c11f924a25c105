package web

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// passkeyPanel lists passkeys and makes another.
func (s *Server) passkeyPanel(r *http.Request, keys []access.Passkey) templ.Component {
	ctx := r.Context()
	panel := ui.PanelProps{Heading: i18n.T(ctx, "account.passkeys"), Detail: i18n.T(ctx, "account.passkey_why")}
	var rows []ui.Row
	for _, k := range keys {
		detail := i18n.T(ctx, "account.passkey_made", i18n.Args{"Date": i18n.Date(ctx, k.Created)})
		if k.Used != nil {
			detail += " · " + i18n.T(ctx, "account.last_used", i18n.Args{"When": i18n.Relative(ctx, s.app.Config.Clock.Now(), *k.Used)})
		}
		if k.Synced {
			detail += " · " + i18n.T(ctx, "account.passkey_synced")
		}
		rows = append(rows, ui.Row{Title: k.Name, Href: "/account/passkeys/" + k.ID.Short(), Detail: detail})
	}
	var body []templ.Component
	if len(rows) > 0 {
		body = append(body, ui.Rows(rows))
	}
	switch {
	case !s.app.Access.PasskeysOffered():
		panel.Detail = i18n.T(ctx, "access.passkeys_unavailable")
	case s.fresh(r) != nil:
		// The script that makes a passkey cannot lead to a proof of identity first.
		panel.Actions = []ui.Action{{Label: i18n.T(ctx, "account.passkey_add"), Href: withNext("/account/verify", accountSecurityPath), Icon: "key", Kind: ui.Quiet}}
	default:
		body = append(body, ui.PasskeyCreate(ui.PasskeyProps{Label: i18n.T(ctx, "account.passkey_add"), Begin: "/account/passkeys/begin", Finish: "/account/passkeys/finish"}))
	}
	return with(ui.Panel(panel), with(stack(), body...))
}

// accountPasskeyBegin is POST /account/passkeys/begin.
func (s *Server) accountPasskeyBegin(w http.ResponseWriter, r *http.Request) (any, error) {
	offer, err := s.app.Access.BeginPasskey.Do(r.Context(), s.app.Door, operation.None{})
	if err != nil {
		return nil, err
	}
	s.app.Access.SetCeremony(w, offer.Ticket)
	return offer.Options, nil
}

// accountPasskeyFinish is POST /account/passkeys/finish.
func (s *Server) accountPasskeyFinish(w http.ResponseWriter, r *http.Request) (any, error) {
	raw, err := jsonBody(r)
	if err != nil {
		return nil, err
	}
	_, err = s.app.Access.AddPasskey.Do(r.Context(), s.app.Door, access.AddPasskeyInput{Ticket: s.app.Access.Ceremony(r), Response: raw})
	s.app.Access.SetCeremony(w, "")
	if err != nil {
		return nil, err
	}
	if next := r.URL.Query().Get("next"); next != "" {
		return location{access.SafeNext(next)}, nil
	}
	return location{accountSecurityPath + "?done=account.add-passkey"}, nil
}

// passkeyOf finds one of the passkeys of whoever is signed in.
func (s *Server) passkeyOf(r *http.Request) (access.Passkey, error) {
	keys, err := s.app.Access.ListPasskeys.Do(r.Context(), s.app.Door, operation.None{})
	if err != nil {
		return access.Passkey{}, err
	}
	for _, k := range keys {
		if k.ID.Short() == r.PathValue("id") {
			return k, nil
		}
	}
	return access.Passkey{}, operation.Missing()
}

// accountPasskey is GET /account/passkeys/{id}.
func (s *Server) accountPasskey(w http.ResponseWriter, r *http.Request) error {
	k, err := s.passkeyOf(r)
	if err != nil {
		return err
	}
	return s.passkeyPage(w, r, http.StatusOK, k, url.Values{"name": {k.Name}}, faults{})
}

func (s *Server) passkeyPage(w http.ResponseWriter, r *http.Request, status int, k access.Passkey, values url.Values, f faults) error {
	ctx := r.Context()
	fields := f.mark([]ui.FieldProps{{Name: "name", Label: i18n.T(ctx, "account.passkey_name"), Value: values.Get("name"), Required: true, MaxLength: 80, Autocomplete: "off"}})
	address := "/account/passkeys/" + k.ID.Short()
	props := ui.PageProps{Title: k.Name, Crumbs: securityCrumbs(r), Menu: []ui.Action{
		{Label: i18n.T(ctx, "account.passkey_remove"), Href: address + "/remove", Post: true, Kind: ui.Bad, Confirm: i18n.T(ctx, "account.passkey_remove_sure")}}}
	form := ui.FormProps{Action: address, Errors: f.explain(fields), Cancel: ui.Link{Href: accountSecurityPath}}
	return s.accountPage(w, r, status, props, with(ui.Form(form), formFields(fields)))
}

// accountPasskeyRename is POST /account/passkeys/{id}.
func (s *Server) accountPasskeyRename(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	k, err := s.passkeyOf(r)
	if err != nil {
		return err
	}
	_, err = s.app.Access.RenamePasskey.Do(ctx, s.app.Door, access.RenamePasskeyInput{ID: k.ID, Name: r.PostFormValue("name")})
	if f, ok := faultsOf(ctx, err); ok {
		return s.passkeyPage(w, r, http.StatusUnprocessableEntity, k, r.PostForm, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, accountSecurityPath, "account.rename-passkey", operation.Receipt{})
}

// accountPasskeyRemove is POST /account/passkeys/{id}/remove.
func (s *Server) accountPasskeyRemove(w http.ResponseWriter, r *http.Request) error {
	k, err := s.passkeyOf(r)
	if err != nil {
		return err
	}
	if _, err := s.app.Access.RemovePasskey.Do(r.Context(), s.app.Door, access.PasskeyInput{ID: k.ID}); err != nil {
		return s.securityFailed(w, r, err)
	}
	return s.done(w, r, accountSecurityPath, "account.remove-passkey", operation.Receipt{})
}
