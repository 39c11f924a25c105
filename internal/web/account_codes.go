package web

import (
	"encoding/base64"
	"errors"
	"net/http"
	"strings"

	"github.com/a-h/templ"
	"rsc.io/qr"

	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

const accountCodesPath = "/account/security/code-app"

// accountCodes is GET /account/security/code-app: it offers a secret to a code
// app. Nothing is stored before a code proves that the app has it.
func (s *Server) accountCodes(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := s.fresh(r); err != nil {
		return err
	}
	offer, err := s.app.Access.BeginCodes.Do(ctx, s.app.Door, operation.None{})
	if err != nil {
		return s.securityFailed(w, r, err)
	}
	picture, err := qr.Encode(offer.URI, qr.M)
	if err != nil {
		return err
	}
	src := "data:image/png;base64," + base64.StdEncoding.EncodeToString(picture.PNG())
	first := with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "account.codes_scan"), Detail: i18n.T(ctx, "account.codes_scan_text")}),
		ui.QR(ui.QRProps{Src: src, Alt: i18n.T(ctx, "account.codes_picture"), Text: inFours(offer.Secret)}),
		muted(i18n.T(ctx, "account.codes_by_hand")))
	second := with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "account.codes_prove"), Detail: i18n.T(ctx, "account.codes_prove_text")}), codesForm(r, offer.Ticket, faults{}))
	props := ui.PageProps{Title: i18n.T(ctx, "account.set_codes"), Lede: i18n.T(ctx, "account.codes_lede"), Crumbs: securityCrumbs(r)}
	return s.accountPage(w, r, http.StatusOK, props, with(ui.Grid(), first, second))
}

func codesForm(r *http.Request, ticket string, f faults) templ.Component {
	ctx := r.Context()
	fields := f.mark([]ui.FieldProps{{Name: "code", Label: i18n.T(ctx, "account.code"), Required: true, Size: "short", MaxLength: 10, InputMode: "numeric", Autocomplete: "one-time-code"}})
	form := ui.FormProps{Action: accountCodesPath, Hidden: []ui.Hidden{{Name: "ticket", Value: ticket}}, Submit: i18n.T(ctx, "account.codes_use"), Unguarded: true,
		Errors: f.explain(fields), Cancel: ui.Link{Href: accountSecurityPath}}
	return with(ui.Form(form), formFields(fields))
}

// inFours writes a secret so that it can be typed without getting lost.
func inFours(secret string) string {
	var groups []string
	for len(secret) > 4 {
		groups, secret = append(groups, secret[:4]), secret[4:]
	}
	return strings.Join(append(groups, secret), " ")
}

// accountCodesConfirm is POST /account/security/code-app. After a wrong code it
// asks for the next one: the app has the secret, or the way back leads to a new
// one.
func (s *Server) accountCodesConfirm(w http.ResponseWriter, r *http.Request) error {
	ctx, ticket := r.Context(), r.PostFormValue("ticket")
	out, err := s.app.Access.ConfirmCodes.Do(ctx, s.app.Door, access.ConfirmCodesInput{Ticket: ticket, Code: r.PostFormValue("code")})
	if f, ok := faultsOf(ctx, err); ok {
		props := ui.PageProps{Title: i18n.T(ctx, "account.set_codes"), Lede: i18n.T(ctx, "account.codes_again"), Crumbs: securityCrumbs(r)}
		return s.accountPage(w, r, http.StatusUnprocessableEntity, props, codesForm(r, ticket, f), acts([]ui.Action{{Label: i18n.T(ctx, "account.codes_restart"), Href: accountCodesPath, Kind: ui.Bare}}))
	}
	if err != nil {
		return s.securityFailed(w, r, err)
	}
	return s.recoveryPage(w, r, out)
}

// accountCodesRemove is POST /account/security/code-app/remove.
func (s *Server) accountCodesRemove(w http.ResponseWriter, r *http.Request) error {
	_, err := s.app.Access.RemoveCodes.Do(r.Context(), s.app.Door, operation.None{})
	if errors.Is(err, &operation.Error{Kind: operation.NotFound}) {
		err = nil // already removed, which was what was wanted
	}
	if err != nil {
		return s.securityFailed(w, r, err)
	}
	return s.done(w, r, accountSecurityPath, "account.remove-codes", operation.Receipt{})
}

// accountRecoveryCodes is POST /account/security/recovery-codes.
func (s *Server) accountRecoveryCodes(w http.ResponseWriter, r *http.Request) error {
	out, err := s.app.Access.NewRecoveryCodes.Do(r.Context(), s.app.Door, operation.None{})
	if err != nil {
		return s.securityFailed(w, r, err)
	}
	return s.recoveryPage(w, r, out)
}

// recoveryPage shows recovery codes, this once. It answers the POST itself: no
// address leads to them.
func (s *Server) recoveryPage(w http.ResponseWriter, r *http.Request, out access.RecoveryCodes) error {
	ctx := r.Context()
	props := ui.PageProps{Title: i18n.T(ctx, "account.recovery"), Lede: i18n.T(ctx, "account.recovery_text"), Crumbs: securityCrumbs(r),
		Notices: []ui.NoticeProps{{Kind: ui.Warn, Text: i18n.T(ctx, "ui.shown_once")}}}
	panel := ui.PanelProps{Actions: []ui.Action{{Label: i18n.T(ctx, "account.recovery_kept"), Href: accountSecurityPath, Kind: ui.Main}}}
	return s.accountPage(w, r, http.StatusOK, props, with(ui.Panel(panel), codeList(out.Codes)))
}
