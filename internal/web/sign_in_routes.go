package web

import "commontable/internal/platform/access"

// accessRoutes are the pages of signing in, setting up, invitations and one's
// own account.
func (s *Server) accessRoutes() []Route {
	byLink := []string{"sign-in.request-link"}
	return []Route{
		{"GET", "/sign-in", byLink, s.signIn},
		{"POST", "/sign-in", byLink, s.signInRequestLink},
		{"POST", "/sign-in/password", []string{"sign-in.by-password"}, s.signInPassword},
		{"GET", access.PathSignInLink + "{secret}", []string{"sign-in.by-link"}, s.signInLink},
		{"POST", access.PathSignInLink + "{secret}", []string{"sign-in.by-link"}, s.signInRedeemLink},
		{"GET", "/sign-in/second-step", []string{"sign-in.second-step"}, s.signInSecondStep},
		{"POST", "/sign-in/second-step", []string{"sign-in.second-step"}, s.signInSecondStepCheck},
		{"POST", "/sign-in/passkey/begin", []string{"sign-in.by-passkey"}, s.asJSON(s.signInPasskeyBegin)},
		{"POST", "/sign-in/passkey/finish", []string{"sign-in.by-passkey"}, s.asJSON(s.signInPasskeyFinish)},
		{"POST", access.PathProvider + "{provider}", []string{"sign-in.by-provider"}, s.signInProviderBegin},
		{"GET", access.PathProvider + "{provider}", []string{"sign-in.by-provider"}, s.signInProviderReturn},
		{"POST", "/sign-in/continue", []string{"account.show"}, s.signInContinue},
		{"POST", "/sign-out", []string{"account.sign-out"}, s.signOut},

		{"GET", access.PathSetUp + "{secret}", []string{"set-up.complete"}, s.setUp},
		{"POST", access.PathSetUp + "{secret}", []string{"set-up.complete"}, s.setUpComplete},
		{"GET", setUpCollaborativePath, []string{"collaboratives.create"}, s.setUpCollaborative},
		{"POST", setUpCollaborativePath, []string{"collaboratives.create"}, s.setUpCollaborativeCreate},

		{"GET", access.PathInvitation + "{secret}", []string{"invitations.accept"}, s.invitation},
		{"POST", access.PathInvitation + "{secret}", []string{"invitations.accept"}, s.invitationAccept},

		{"GET", "/account", []string{"account.show", "account.list-collaboratives"}, s.accountOverview},
		{"POST", "/account", []string{"account.update"}, s.accountSave},
		{"POST", "/account/language", []string{"account.update"}, s.language},
		{"POST", "/account/email", []string{"account.change-email"}, s.accountEmail},
		{"GET", access.PathConfirmEmail + "{secret}", []string{"account.confirm-email"}, s.accountConfirm},
		{"POST", access.PathConfirmEmail + "{secret}", []string{"account.confirm-email"}, s.accountConfirmEmail},
		{"GET", "/account/verify", []string{"account.show"}, s.accountVerify},
		{"GET", "/account/welcome", []string{"account.show"}, s.accountWelcome},

		{"GET", accountSecurityPath, []string{"account.show", "account.list-passkeys", "account.list-providers"}, s.accountSecurity},
		{"GET", accountPasswordPath, []string{"account.set-password"}, s.accountPassword},
		{"POST", accountPasswordPath, []string{"account.set-password"}, s.accountPasswordSet},
		{"POST", accountPasswordPath + "/remove", []string{"account.remove-password"}, s.accountPasswordRemove},
		{"GET", accountCodesPath, []string{"account.begin-codes"}, s.accountCodes},
		{"POST", accountCodesPath, []string{"account.confirm-codes"}, s.accountCodesConfirm},
		{"POST", accountCodesPath + "/remove", []string{"account.remove-codes"}, s.accountCodesRemove},
		{"POST", accountSecurityPath + "/recovery-codes", []string{"account.new-recovery-codes"}, s.accountRecoveryCodes},
		{"POST", accountSecurityPath + "/second-step", []string{"account.ask-second-factor"}, s.accountSecondStep},

		{"POST", "/account/passkeys/begin", []string{"account.begin-passkey"}, s.asJSON(s.accountPasskeyBegin)},
		{"POST", "/account/passkeys/finish", []string{"account.add-passkey"}, s.asJSON(s.accountPasskeyFinish)},
		{"GET", "/account/passkeys/{id}", []string{"account.list-passkeys"}, s.accountPasskey},
		{"POST", "/account/passkeys/{id}", []string{"account.rename-passkey"}, s.accountPasskeyRename},
		{"POST", "/account/passkeys/{id}/remove", []string{"account.remove-passkey"}, s.accountPasskeyRemove},

		{"POST", "/account/providers/{id}/remove", []string{"account.remove-provider"}, s.accountProviderRemove},

		{"GET", "/account/sessions", []string{"account.list-sessions"}, s.accountSessions},
		{"POST", "/account/sessions/end-others", []string{"account.sign-out-elsewhere"}, s.accountSessionsEndOthers},
		{"POST", "/account/sessions/{id}/end", []string{"account.revoke-session"}, s.accountSessionEnd},

		{"GET", "/account/tokens", []string{"account.list-tokens"}, s.accountTokens},
		{"POST", "/account/tokens", []string{"account.create-token"}, s.accountTokenCreate},
		{"POST", "/account/tokens/{id}/revoke", []string{"account.revoke-token"}, s.accountTokenRevoke},
	}
}

// openToAll are the pages that answer a visitor although the operation they run is
// for people who are signed in: the language of the pages can be chosen, and
// signing out twice does no harm.
var openToAll = map[string]bool{"POST /account/language": true, "POST /sign-out": true}

// Public says whether a page answers a visitor who is not signed in. Otherwise
// that follows from its operations.
func (r Route) Public() bool { return openToAll[r.Method+" "+r.Pattern] }
