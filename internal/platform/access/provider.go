package access

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"sync"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"commontable/internal/platform/operation"
)

// Provider is an OpenID Connect provider that people may sign in with. It is
// set up by whoever runs the installation.
type Provider struct {
	ID           string // in addresses: letters, digits and hyphens
	Name         string // on the button
	Issuer       string
	ClientID     string
	ClientSecret string
	// TrustEmail says that the issuer's word for who owns an address is good
	// enough to find an account by it at the first sign-in. Set it only for an
	// issuer that verifies addresses and never gives one to somebody else.
	TrustEmail bool
	// SecondFactor says that the issuer asks everyone for two factors, so that
	// none need be asked here.
	SecondFactor bool
}

// PathProvider is where providers send people back to, followed by the
// provider's id. The page there posts what it was given to FinishProvider.
const PathProvider = "/sign-in/provider/"

// provider is a Provider with what was learnt of it when it was first used.
type provider struct {
	Provider
	redirect string

	mu    sync.Mutex
	known *oidc.Provider
}

var providerID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

func newProviders(cfg Config) ([]*provider, error) {
	var out []*provider
	for _, p := range cfg.Providers {
		issuer, err := url.Parse(p.Issuer)
		// Without TLS anybody on the way could be the provider; on this machine
		// there is nobody on the way.
		local := err == nil && issuer.Scheme == "http" && (issuer.Hostname() == "localhost" || issuer.Hostname() == "127.0.0.1")
		if err != nil || issuer.Scheme != "https" && !local {
			return nil, fmt.Errorf("access: the issuer of provider %q must be an https address", p.ID)
		}
		if !providerID.MatchString(p.ID) || p.ClientID == "" || p.Name == "" {
			return nil, fmt.Errorf("access: provider %q needs an id of small letters, digits and hyphens, a name and a client id", p.ID)
		}
		out = append(out, &provider{Provider: p, redirect: cfg.BaseURL.JoinPath(PathProvider, p.ID).String()})
	}
	return out, nil
}

// ProviderChoice is a provider as the sign-in page shows it.
type ProviderChoice struct{ ID, Name string }

// Providers lists the ways to sign in through somebody else.
func (s *Service) Providers() []ProviderChoice {
	var out []ProviderChoice
	for _, p := range s.providers {
		out = append(out, ProviderChoice{p.ID, p.Name})
	}
	return out
}

func (s *Service) provider(id string) (*provider, error) {
	for _, p := range s.providers {
		if p.ID == id {
			return p, nil
		}
	}
	return nil, operation.Missing()
}

// discover learns the provider's addresses and keys, once it has answered; until
// then every attempt tries again.
func (p *provider) discover(ctx context.Context) (*oidc.Provider, *oauth2.Config, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known == nil {
		known, err := oidc.NewProvider(ctx, p.Issuer)
		if err != nil {
			return nil, nil, &operation.Error{Kind: operation.Unavailable, Key: "access.provider_unavailable", Args: map[string]any{"Name": p.Name}, Cause: err}
		}
		p.known = known
	}
	return p.known, &oauth2.Config{ClientID: p.ClientID, ClientSecret: p.ClientSecret, Endpoint: p.known.Endpoint(), RedirectURL: p.redirect,
		Scopes: []string{oidc.ScopeOpenID, "email", "profile"}}, nil
}

// identity is what a provider says about who signed in.
type identity struct {
	issuer, subject, email string
	verified               bool
}

var errNonce = errors.New("access: the provider answered somebody else's request")

// exchange trades the code for an identity and checks that it is the answer to
// our question.
func (p *provider) exchange(ctx context.Context, code string, body providerBody) (identity, error) {
	known, config, err := p.discover(ctx)
	if err != nil {
		return identity{}, err
	}
	tokens, err := config.Exchange(ctx, code, oauth2.VerifierOption(body.Verifier))
	if err != nil {
		return identity{}, err
	}
	raw, _ := tokens.Extra("id_token").(string)
	checked, err := known.VerifierContext(ctx, &oidc.Config{ClientID: p.ClientID}).Verify(ctx, raw)
	if err != nil {
		return identity{}, err
	}
	if checked.Nonce != body.Nonce || checked.Subject == "" {
		return identity{}, errNonce
	}
	var claims struct {
		Email    string `json:"email"`
		Verified any    `json:"email_verified"` // some write it as text
	}
	if err := checked.Claims(&claims); err != nil {
		return identity{}, err
	}
	verified := claims.Verified == true || claims.Verified == "true"
	return identity{checked.Issuer, checked.Subject, claims.Email, verified}, nil
}
