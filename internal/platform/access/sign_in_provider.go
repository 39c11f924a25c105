package access

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// providerBody is what is remembered while someone is at the provider.
type providerBody struct {
	Provider string `json:"p"`
	State    string `json:"s"`
	Nonce    string `json:"n"`
	Verifier string `json:"v"`
	Next     string `json:"x"`
}

// providerProof is an identity that a provider vouched for.
type providerProof struct {
	ticket   ticket
	identity identity
	provider Provider
	next     string
}

// errProvider is the answer when the provider's word is not good enough.
var errProvider = operation.Refuse(operation.Unauthenticated, "access.provider_failed")

// BeginProvider gives the address of the provider to send someone to, and the
// ticket for the ceremony cookie. For someone signed in, what comes back is
// joined to their account instead of signing in.
func (s *Service) BeginProvider(ctx context.Context, id, next string) (address, ceremony string, err error) {
	p, err := s.provider(id)
	if err != nil {
		return "", "", err
	}
	if err := s.Limiter.Take(ctx, limitCeremonyAddress, ClientFrom(ctx).network()); err != nil {
		return "", "", err
	}
	_, config, err := p.discover(oidc.ClientContext(ctx, s.cfg.Client))
	if err != nil {
		return "", "", err
	}
	body := providerBody{Provider: id, State: text(random(32)), Nonce: text(random(32)), Verifier: oauth2.GenerateVerifier(), Next: SafeNext(next)}
	actor := operation.ActorFrom(ctx)
	ceremony, err = s.issue(forProvider, Account{ID: actor.Account}, body)
	return config.AuthCodeURL(body.State, oidc.Nonce(body.Nonce), oauth2.S256ChallengeOption(body.Verifier)), ceremony, err
}

func text(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

// FinishProvider goes on with what the provider sent back: it signs in, or
// joins the identity to the account of whoever began signed in.
func (s *Service) FinishProvider(ctx context.Context, door *operation.Door, id, ceremony, state, code string) (SignedIn, error) {
	p, err := s.provider(id)
	if err != nil {
		return SignedIn{}, err
	}
	if err := s.Limiter.Take(ctx, limitCeremonyAddress, ClientFrom(ctx).network()); err != nil {
		return SignedIn{}, err
	}
	var body providerBody
	t, err := s.read(forProvider, ceremony, &body)
	if err != nil {
		return SignedIn{}, err
	}
	if body.Provider != id || subtle.ConstantTimeCompare([]byte(body.State), []byte(state)) != 1 || code == "" {
		return s.entered(ctx, ByProvider, SignedIn{}, errTicket)
	}
	who, err := p.exchange(oidc.ClientContext(ctx, s.cfg.Client), code, body)
	if err != nil {
		if operation.KindOf(err) == operation.Internal {
			err = refuse(errProvider, err)
		}
		return s.entered(ctx, ByProvider, SignedIn{}, err)
	}
	out, err := s.byProvider.Do(ctx, door, providerProof{ticket: t, identity: who, provider: p.Provider, next: body.Next})
	return s.entered(ctx, ByProvider, out, err)
}

func (s *Service) runByProvider(c *operation.Call, in providerProof) (SignedIn, error) {
	if in.identity.subject == "" {
		return SignedIn{}, errProvider
	}
	if err := in.ticket.spend(c); err != nil {
		return SignedIn{}, err
	}
	if !in.ticket.Account.IsZero() {
		return s.joinIdentity(c, in)
	}
	account, err := optional(store.Value[operation.AccountID](c.Installation, `SELECT account_id FROM identities WHERE issuer = $1 AND subject = $2`,
		in.identity.issuer, in.identity.subject))
	if err != nil {
		return SignedIn{}, err
	}
	var a Account
	if account.IsZero() {
		// An address that nobody has verified is only a claim: whoever registers
		// it at a provider must not get the account that bears it here.
		if !in.provider.TrustEmail || !in.identity.verified || in.identity.email == "" {
			return SignedIn{}, operation.Refuse(operation.Unauthenticated, "access.provider_unknown")
		}
		a, err = FindAccount(c.Installation, in.identity.email)
	} else {
		a, err = findAccount(c.Installation, account)
	}
	if errors.Is(err, store.ErrNotFound) || err == nil && a.Disabled != nil {
		return SignedIn{}, operation.Refuse(operation.Unauthenticated, "access.provider_unknown")
	}
	if err != nil {
		return SignedIn{}, err
	}
	out, err := s.enter(c, a, ByProvider, in.provider.SecondFactor, in.next)
	// Joined for good only once signing in is complete: half a sign-in must
	// leave nothing behind.
	if out.SecondStepPending() {
		c.Continue()
	} else if err == nil && account.IsZero() {
		err = addIdentity(c, a, in.identity)
	}
	return out, err
}

// joinIdentity adds a way in for someone who is signed in and has proved it
// lately. They stay signed in as they are.
func (s *Service) joinIdentity(c *operation.Call, in providerProof) (SignedIn, error) {
	if c.Actor.Account != in.ticket.Account {
		return SignedIn{}, errTicket
	}
	if c.Now.Sub(c.Actor.Verified) > operation.FreshFor {
		return SignedIn{}, operation.Refuse(operation.Forbidden, "errors.verify_again")
	}
	a, err := s.strong(c)
	if err != nil {
		return SignedIn{}, err
	}
	err = addIdentity(c, a, in.identity)
	if errors.Is(err, store.ErrUnique) {
		err = operation.Refuse(operation.Conflict, "access.provider_taken")
	}
	return SignedIn{Account: a, Next: SafeNext(in.next)}, err
}

func addIdentity(c *operation.Call, a Account, who identity) error {
	_, err := c.Installation.Exec(`INSERT INTO identities (issuer, subject, account_id, email, created_at) VALUES ($1, $2, $3, $4, $5)`,
		who.issuer, who.subject, a.ID, who.email, store.Micros(c.Now))
	c.Changed(a.subject(), a.Name, a.Version, nil, joinedTo(who.issuer))
	return err
}
