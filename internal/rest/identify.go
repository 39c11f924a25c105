package rest

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
)

// identify finds who is calling, from the bearer token alone: a cookie means
// nothing here, so that no other site can make a browser call us.
func (s *Server) identify(w http.ResponseWriter, r *http.Request, rt *route) (*http.Request, error) {
	client := access.Client{Address: access.ClientAddress(r, s.app.Config.TrustedProxies), Agent: r.UserAgent()}
	ctx := access.WithClient(r.Context(), client)
	slug := ""
	if rt.inSlug {
		slug = r.PathValue(slugPlaceholder)
	}
	bearer, shown := bearerOf(r.Header)
	if !shown {
		return s.identifyPublic(r.WithContext(ctx), rt, slug)
	}
	actor, collaborative, found, err := s.callers.AuthenticateToken(ctx, bearer, slug)
	if err != nil {
		return r, s.unreachable(ctx, err)
	}
	if !actor.SignedIn() {
		return r.WithContext(ctx), s.refuseToken(ctx, w, client)
	}
	if r.Header.Get("Accept-Language") == "" && found.Language != "" {
		ctx = i18n.With(ctx, found.Language)
	}
	ctx = operation.WithActor(ctx, actor)
	if !rt.inSlug {
		return r.WithContext(ctx), nil
	}
	// To those who do not belong to it a collaborative does not exist, and
	// whether it does must not show, neither by the answer nor by its time.
	if !found.Member || collaborative.ID.IsZero() {
		s.app.Log.WarnContext(ctx, "operation refused", "operation", rt.def.ID, "account", actor.Account.String(), "collaborative", logged(slug),
			"reason", "not_a_member", "request", operation.RequestFrom(ctx))
		return r.WithContext(ctx), operation.Missing()
	}
	if found.NeedsSecondFactor {
		return r.WithContext(ctx), operation.Refuse(operation.Forbidden, "errors.second_factor_needed")
	}
	if collaborative.Zone != nil {
		ctx = i18n.WithZone(ctx, collaborative.Zone)
	}
	return r.WithContext(operation.WithCollaborative(ctx, collaborative)), nil
}

// identifyPublic lets callers without a token through to what is open to
// everyone. They are told to prove who they are before a collaborative is even
// looked for.
func (s *Server) identifyPublic(r *http.Request, rt *route, slug string) (*http.Request, error) {
	if !rt.public {
		return r, operation.Refuse(operation.Unauthenticated, "errors.sign_in")
	}
	if !rt.inSlug {
		return r, nil
	}
	collaborative, err := s.callers.Collaborative(r.Context(), slug)
	if err != nil {
		return r, s.unreachable(r.Context(), err)
	}
	if collaborative.ID.IsZero() {
		return r, operation.Missing()
	}
	return r.WithContext(operation.WithCollaborative(r.Context(), collaborative)), nil
}

// unreachable is the answer when it cannot be found out who is calling: nobody
// is let in.
func (s *Server) unreachable(ctx context.Context, err error) error {
	s.app.Log.ErrorContext(ctx, "callers cannot be identified", "request", operation.RequestFrom(ctx), "error", err)
	return &operation.Error{Kind: operation.Unavailable, Key: "errors.unavailable", Cause: err, RetryAfter: 5 * time.Second}
}

// bearerOf reads the Authorization header; shown says whether there is one. A
// header of another kind, or several, hold a token that is no good.
func bearerOf(h http.Header) (bearer string, shown bool) {
	lines := h["Authorization"]
	if len(lines) != 1 {
		return "", len(lines) > 0
	}
	scheme, rest, _ := strings.Cut(lines[0], " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return "", true
	}
	return strings.TrimSpace(rest), true
}

// limitBadTokens is how often one network may show tokens that are no good. A
// token cannot be guessed; but a program that has lost its own and goes on
// trying should not cost more than a look into memory.
var limitBadTokens = access.Rule{Name: "token-address", Burst: 100, Every: 6 * time.Second, Lease: 10}

// refuseToken answers a token that is no good, or no good any more. Good tokens
// from the same network are not touched by the limit.
func (s *Server) refuseToken(ctx context.Context, w http.ResponseWriter, client access.Client) error {
	w.Header().Set("Www-Authenticate", challenge+`, error="invalid_token"`)
	network, now := networkOf(client.Address), s.app.Config.Clock.Now()
	if until := s.turnedAway.until(network); until.After(now) {
		return &operation.Error{Kind: operation.TooMany, Key: "rest.too_many_tokens", RetryAfter: until.Sub(now)}
	}
	err := s.limiter.Take(ctx, limitBadTokens, network)
	if err == nil {
		s.app.Log.WarnContext(ctx, "token refused", "address", network, "request", operation.RequestFrom(ctx))
		return &refusal{problem: problemOf[operation.Unauthenticated], key: "rest.token_bad"}
	}
	var e *operation.Error
	if errors.As(err, &e) && e.Kind == operation.TooMany {
		s.turnedAway.note(network, now.Add(e.RetryAfter), now)
		return &operation.Error{Kind: operation.TooMany, Key: "rest.too_many_tokens", RetryAfter: e.RetryAfter, Cause: err}
	}
	return err
}

// networkOf is what limits count: an address, or the /64 an IPv6 customer is
// given.
func networkOf(a netip.Addr) string {
	if a = a.Unmap().WithZone(""); a.Is6() {
		network, _ := a.Prefix(64) // 64 bits always fit
		return network.String()
	}
	return a.String()
}

// turnedAway remembers networks that used up their tries, so that the database
// is not asked again at each further one.
type turnedAway struct {
	mu   sync.Mutex
	ends map[string]time.Time
}

// maxTurnedAway bounds the memory; beyond it the database is asked again.
const maxTurnedAway = 10_000

func (t *turnedAway) until(network string) time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.ends[network]
}

func (t *turnedAway) note(network string, until, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.ends) >= maxTurnedAway {
		for have, end := range t.ends {
			if end.Before(now) {
				delete(t.ends, have)
			}
		}
	}
	if t.ends == nil {
		t.ends = map[string]time.Time{}
	}
	if len(t.ends) < maxTurnedAway {
		t.ends[network] = until
	}
}

// languages remembers what Accept-Language headers mean: there are few, and
// reading one costs more than the rest of a request outside the door.
type languages struct {
	mu    sync.RWMutex
	known map[string]string
}

const maxLanguages = 1000

func (l *languages) of(header string) string {
	if header == "" {
		return i18n.Default
	}
	l.mu.RLock()
	language, ok := l.known[header]
	l.mu.RUnlock()
	if ok {
		return language
	}
	language = i18n.Match(header)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.known == nil || len(l.known) >= maxLanguages {
		l.known = map[string]string{}
	}
	if len(header) <= maxFieldName {
		l.known[header] = language
	}
	return language
}

// logged bounds what a caller can put into the log.
func logged(text string) string {
	if len(text) > maxFieldName {
		return strings.ToValidUTF8(text[:maxFieldName], "")
	}
	return text
}
