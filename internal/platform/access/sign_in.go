package access

import (
	"context"
	"time"

	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
)

// SignedIn is the outcome of a way in. Service.SetSession writes it to the
// browser.
type SignedIn struct {
	Account Account
	// Secret goes into the session cookie; "" while a second step is to come.
	Secret  string
	Expires time.Time
	// Device goes into the device cookie.
	Device string
	// Ticket is what the second step needs; "" when there is none to come.
	Ticket string
	// Next is where to go on, a path of this site.
	Next string
	// New says that the account has just been made: offer to set up a passkey
	// or a password.
	New bool
	// Collaborative is the slug of the collaborative an invitation led into.
	Collaborative string
}

// SecondStepPending says whether a second factor must be proved first.
func (i SignedIn) SecondStepPending() bool { return i.Ticket != "" }

// signInOperations are the ways in. They are unexported because each is the
// last part of a method that first counts attempts and does the slow work.
type signInOperations struct {
	requestLink  *operation.Operation[linkRequest, operation.None]
	sendLink     *operation.Operation[linkRequest, operation.None]
	redeemLink   *operation.Operation[secretInput, SignedIn]
	byPassword   *operation.Operation[passwordProof, SignedIn]
	byPasskey    *operation.Operation[passkeyProof, SignedIn]
	byProvider   *operation.Operation[providerProof, SignedIn]
	secondStep   *operation.Operation[codeInput, SignedIn]
	makeSetUp    *operation.Operation[operation.None, string]
	setUp        *operation.Operation[setUpProof, SignedIn]
	confirmEmail *operation.Operation[secretInput, Account]
}

// secretInput is the secret of a link.
type secretInput struct {
	Secret string `json:"secret" required:"true" text:"raw"`
}

func (o signInOperations) list() []operation.Any {
	return []operation.Any{o.requestLink, o.sendLink, o.redeemLink, o.byPassword, o.byPasskey, o.byProvider, o.secondStep, o.makeSetUp, o.setUp, o.confirmEmail}
}

const setsCookie = "it sets the browser's cookies; programs use tokens"

func newSignInOperations(s *Service) signInOperations {
	way := func(id, summary string) operation.Definition {
		return operation.Definition{ID: id, Summary: summary, Scope: operation.OnInstallation, BrowserOnly: setsCookie, Secret: true}
	}
	return signInOperations{
		requestLink:  operation.Define(operation.Operation[linkRequest, operation.None]{Definition: way("sign-in.request-link", "Asks for a sign-in link by mail"), Run: s.runRequestLink}),
		sendLink:     operation.Define(operation.Operation[linkRequest, operation.None]{Definition: way("sign-in.send-link", "Sends the sign-in link that was asked for"), Run: s.runSendLink}),
		redeemLink:   operation.Define(operation.Operation[secretInput, SignedIn]{Definition: way("sign-in.by-link", "Signs in with a link from a mail"), Run: s.runRedeemLink}),
		byPassword:   operation.Define(operation.Operation[passwordProof, SignedIn]{Definition: way("sign-in.by-password", "Signs in with a password"), Run: s.runByPassword}),
		byPasskey:    operation.Define(operation.Operation[passkeyProof, SignedIn]{Definition: way("sign-in.by-passkey", "Signs in with a passkey"), Run: s.runByPasskey}),
		byProvider:   operation.Define(operation.Operation[providerProof, SignedIn]{Definition: way("sign-in.by-provider", "Signs in through an OpenID Connect provider"), Run: s.runByProvider}),
		secondStep:   operation.Define(operation.Operation[codeInput, SignedIn]{Definition: way("sign-in.second-step", "Completes signing in with a second factor"), Run: s.runSecondStep}),
		makeSetUp:    operation.Define(operation.Operation[operation.None, string]{Definition: way("set-up.link", "Makes the one-time link that sets an empty installation up"), Run: s.runMakeSetUp}),
		setUp:        operation.Define(operation.Operation[setUpProof, SignedIn]{Definition: way("set-up.complete", "Makes the first account, of an administrator"), Run: s.runSetUp}),
		confirmEmail: operation.Define(operation.Operation[secretInput, Account]{Definition: way("account.confirm-email", "Confirms an account's new mail address"), Run: s.runConfirmEmail}),
	}
}

// errSignIn is the answer whenever signing in fails, whatever the reason.
var errSignIn = operation.Refuse(operation.Unauthenticated, "access.sign_in_failed")

// enter ends every way in: for an account that asks for two factors and proved
// one, with a ticket for the second step; otherwise with a session.
func (s *Service) enter(c *operation.Call, a Account, method Method, provedTwo bool, next string) (SignedIn, error) {
	if a.Disabled != nil {
		return SignedIn{}, errSignIn
	}
	out := SignedIn{Account: a, Next: SafeNext(next)}
	if a.SecondFactor && a.HasSecondFactor() && !provedTwo {
		var err error
		out.Ticket, err = s.issue(forSecondStep, a, secondStepBody{Method: method, Next: out.Next})
		return out, err
	}
	var err error
	if out.Secret, out.Expires, err = s.begin(c, a.ID, method, provedTwo); err != nil {
		return SignedIn{}, err
	}
	client := ClientFrom(c.Context())
	if !s.knows(client, a.ID) && a.SignedIn != nil {
		sendTo(c, a, mail.NewSignIn, mail.Data{Device: DeviceName(in(c.Context(), a), client.agent()), At: c.Now, Link: s.link("/account/sessions")})
	}
	out.Device = s.remember(client, a.ID)
	c.Actor.Account, c.Actor.Name, c.Actor.Email, c.Actor.Via = a.ID, a.Name, a.Email, operation.ViaSession
	c.Changed(a.subject(), a.Name, a.Version, nil, struct {
		Method       Method `json:"method"`
		SecondFactor bool   `json:"second_factor"`
	}{method, provedTwo})
	return out, nil
}

// enterOnly is enter for an operation that does nothing else. Half a sign-in is
// none: it is the second step that goes into the audit log.
func (s *Service) enterOnly(c *operation.Call, a Account, method Method, next string) (SignedIn, error) {
	out, err := s.enter(c, a, method, false, next)
	if out.SecondStepPending() {
		c.Continue()
	}
	return out, err
}

// entered tells the log how a way in ended.
func (s *Service) entered(ctx context.Context, method Method, out SignedIn, err error) (SignedIn, error) {
	switch {
	case err != nil:
		s.event(ctx, "sign_in_failed", how(method), reason(err))
	case out.SecondStepPending():
		s.event(ctx, "sign_in_second_step", how(method), about(out.Account.ID))
	default:
		s.event(ctx, "signed_in", how(method), about(out.Account.ID))
	}
	return out, err
}
