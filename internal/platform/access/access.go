// Package access keeps accounts and decides who is calling: sessions, tokens,
// links, passwords, passkeys, second factors, invitations and memberships.
//
// Accounts belong to the installation; in each collaborative an account is one
// person with roles. Whatever changes an account is an operation and goes
// through the door. What must happen outside a transaction (deriving a key from
// a password takes tens of milliseconds, asking a sign-in provider takes
// longer) is done by a method of Service, which then runs the operation.
//
// Secrets are handed out once and kept only as hashes. Nothing here keeps an
// answer between requests, so that a revocation holds from the next request on,
// whichever process serves it.
package access

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"

	"commontable/internal/platform/clock"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

type (
	sessionNoun struct{}
	tokenNoun   struct{}
	passkeyNoun struct{}
	linkNoun    struct{}
)

// SessionID names a session for its owner; it lets nobody in.
type SessionID = id.Of[sessionNoun]

// TokenID names a token for its owner; it lets nobody in.
type TokenID = id.Of[tokenNoun]

// PasskeyID names a passkey.
type PasskeyID = id.Of[passkeyNoun]

// LinkID names a link sent by mail, such as an invitation; it lets nobody in.
type LinkID = id.Of[linkNoun]

// Config is what the installation decides.
type Config struct {
	Store *store.Store
	Clock clock.Clock  // clock.System when nil
	Log   *slog.Logger // slog.Default when nil
	Key   Key
	// BaseURL is where people reach the installation. Every link is made from
	// it and never from a request, which anybody can forge.
	BaseURL *url.URL
	// Name is the installation's name, shown by passkey and code apps.
	Name string
	// Idle and Absolute end a session that was not used for that long, or is
	// that old: 14 and 90 days when 0.
	Idle, Absolute time.Duration
	// Providers are the OpenID Connect providers people may sign in with.
	Providers []Provider
	// Client talks to the providers; one with a time-out when nil.
	Client *http.Client
	// Person tells the name and address of a person of the call's
	// collaborative, so that an invitation can be checked against them. Access
	// knows no people by itself.
	Person func(c *operation.Call, person operation.PersonID) (Card, error)
}

// Card is a person's name and mail address.
type Card struct{ Name, Email string }

const (
	defaultIdle     = 14 * 24 * time.Hour
	defaultAbsolute = 90 * 24 * time.Hour
)

// Service is access as the rest of the program sees it. It is safe for
// concurrent use.
type Service struct {
	Limiter *Limiter

	cfg       Config
	sealer    *Sealer
	hasher    *hasher
	webauthn  *webauthn.WebAuthn // nil where the base URL allows no passkeys
	providers []*provider
	seen      seen
	places    sync.Map // collaborative id and version → operation.Collaborative

	accountOperations
	credentialOperations
	sessionOperations
	signInOperations
	tokenOperations
	memberOperations
	invitationOperations
	administrationOperations
}

// New checks the configuration and defines the operations.
func New(cfg Config) (*Service, error) {
	if cfg.Store == nil || cfg.Key.IsZero() {
		return nil, errors.New("access: a store and an installation key are needed")
	}
	if cfg.BaseURL == nil || cfg.BaseURL.Host == "" || cfg.BaseURL.Scheme != "https" && cfg.BaseURL.Scheme != "http" {
		return nil, errors.New("access: the base URL must be an absolute http or https address")
	}
	if cfg.Clock == nil {
		cfg.Clock = clock.System
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Idle <= 0 {
		cfg.Idle = defaultIdle
	}
	if cfg.Absolute <= 0 {
		cfg.Absolute = defaultAbsolute
	}
	if cfg.Name == "" {
		cfg.Name = "Commontable"
	}
	if cfg.Client == nil {
		cfg.Client = providerClient()
	}
	s := &Service{cfg: cfg, sealer: NewSealer(cfg.Key), hasher: newHasher(currentArgon)}
	s.Limiter = NewLimiter(cfg.Store, cfg.Clock, s.sealer)
	var err error
	if s.webauthn, err = newWebAuthn(cfg); err != nil {
		return nil, err
	}
	if s.providers, err = newProviders(cfg); err != nil {
		return nil, err
	}
	s.accountOperations = newAccountOperations(s)
	s.credentialOperations = newCredentialOperations(s)
	s.sessionOperations = newSessionOperations(s)
	s.signInOperations = newSignInOperations(s)
	s.tokenOperations = newTokenOperations(s)
	s.memberOperations = newMemberOperations(s)
	s.invitationOperations = newInvitationOperations(s)
	s.administrationOperations = newAdministrationOperations(s)
	return s, nil
}

// Operations lists everything for the registry.
func (s *Service) Operations() []operation.Any {
	var out []operation.Any
	for _, group := range [][]operation.Any{
		s.accountOperations.list(), s.credentialOperations.list(), s.sessionOperations.list(), s.signInOperations.list(),
		s.tokenOperations.list(), s.memberOperations.list(), s.invitationOperations.list(), s.administrationOperations.list(),
	} {
		out = append(out, group...)
	}
	return out
}

// Sealer is the door's keeper of sealed values.
func (s *Service) Sealer() *Sealer { return s.sealer }

// link is an address of this installation.
func (s *Service) link(path string) string { return s.cfg.BaseURL.JoinPath(path).String() }

func (s *Service) now() time.Time { return s.cfg.Clock.Now().UTC().Truncate(time.Microsecond) }
