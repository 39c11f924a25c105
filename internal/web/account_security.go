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

// accountSecurity is GET /account/security: how someone proves who they are.
func (s *Server) accountSecurity(w http.ResponseWriter, r *http.Request) error {
	return s.securityPage(w, r, http.StatusOK, nil)
}

func (s *Server) securityPage(w http.ResponseWriter, r *http.Request, status int, notices []ui.NoticeProps) error {
	r, err := s.atHome(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	a, err := s.app.Access.ShowAccount.Do(ctx, s.app.Door, operation.None{})
	if err != nil {
		return err
	}
	keys, err := s.app.Access.ListPasskeys.Do(ctx, s.app.Door, operation.None{})
	if err != nil {
		return err
	}
	joined, err := s.app.Access.ListProviders.Do(ctx, s.app.Door, operation.None{})
	if err != nil {
		return err
	}
	props := ui.PageProps{Title: i18n.T(ctx, "account.security"), Lede: i18n.T(ctx, "account.security_lede", i18n.Args{"Email": a.Email}), Notices: notices}
	panels := []templ.Component{s.passkeyPanel(r, keys), passwordPanel(ctx, a), secondStepPanel(ctx, a)}
	if p := s.providerPanel(ctx, joined); p != nil {
		panels = append(panels, p)
	}
	return s.accountPage(w, r, status, props, with(ui.Grid(), panels...))
}

func passwordPanel(ctx context.Context, a access.Account) templ.Component {
	if !a.Password {
		return ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "signin.password"), Detail: i18n.T(ctx, "account.password_none"),
			Actions: []ui.Action{{Label: i18n.T(ctx, "account.set_password"), Href: accountPasswordPath, Kind: ui.Quiet}}})
	}
	return ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "signin.password"), Detail: i18n.T(ctx, "account.password_there"), Actions: []ui.Action{
		{Label: i18n.T(ctx, "account.change_password"), Href: accountPasswordPath, Kind: ui.Quiet},
		{Label: i18n.T(ctx, "account.remove_password"), Href: accountPasswordPath + "/remove", Post: true, Kind: ui.Bare, Confirm: i18n.T(ctx, "account.remove_password_sure")},
	}})
}

// secondStepPanel says whether signing in asks for a second step. Where a code
// app is set up it always does; with passkeys alone their owner chooses.
func secondStepPanel(ctx context.Context, a access.Account) templ.Component {
	p := ui.PanelProps{Heading: i18n.T(ctx, "account.second_step"), Detail: i18n.T(ctx, "account.second_step_why")}
	var state string
	ask := ui.Action{Href: accountSecurityPath + "/second-step", Post: true, Kind: ui.Quiet}
	switch {
	case a.Codes:
		state = i18n.T(ctx, "account.second_step_codes")
		p.Actions = append(p.Actions, ui.Action{Label: i18n.T(ctx, "account.remove_codes"), Href: accountCodesPath + "/remove", Post: true, Kind: ui.Bare, Confirm: i18n.T(ctx, "account.remove_codes_sure")})
	case a.SecondFactor:
		state = i18n.T(ctx, "account.second_step_passkey")
		ask.Label, ask.Hidden = i18n.T(ctx, "account.second_step_off"), []ui.Hidden{{Name: "always", Value: "false"}}
		p.Actions = append(p.Actions, ask)
	default:
		state = i18n.T(ctx, "account.second_step_none")
		if a.Passkeys > 0 {
			ask.Label, ask.Hidden = i18n.T(ctx, "account.second_step_on"), []ui.Hidden{{Name: "always", Value: "true"}}
			p.Actions = append(p.Actions, ask)
		}
	}
	if !a.Codes {
		p.Actions = append([]ui.Action{{Label: i18n.T(ctx, "account.set_codes"), Href: accountCodesPath, Kind: ui.Quiet}}, p.Actions...)
	}
	lines := []templ.Component{plain(state)}
	if a.SecondFactor {
		lines = append(lines, plain(i18n.T(ctx, "account.recovery_left", i18n.Args{"Count": int(a.RecoveryCodes)})))
		p.Actions = append([]ui.Action{{Label: i18n.T(ctx, "account.new_recovery"), Href: accountSecurityPath + "/recovery-codes", Post: true, Kind: ui.Quiet,
			Confirm: i18n.T(ctx, "account.new_recovery_sure")}}, p.Actions...)
	}
	return with(ui.Panel(p), lines...)
}

// accountSecondStep is POST /account/security/second-step.
func (s *Server) accountSecondStep(w http.ResponseWriter, r *http.Request) error {
	always := r.PostFormValue("always") == "true"
	out, err := s.app.Access.AskSecondFactor.Do(r.Context(), s.app.Door, access.AskSecondFactorInput{Always: always})
	if err != nil {
		return s.securityFailed(w, r, err)
	}
	if always {
		return s.recoveryPage(w, r, out)
	}
	return s.done(w, r, accountSecurityPath, "account.ask-second-factor", operation.Receipt{})
}
