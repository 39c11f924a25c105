package access

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Found is what authentication learnt beside the actor and the collaborative.
type Found struct {
	// Session is the session's id; zero for a token and for the public.
	Session SessionID
	// Language is the account's.
	Language string
	// Member says whether the account takes part in the collaborative.
	Member bool
	// SecondFactor says whether the session or token proved two factors.
	SecondFactor bool
	// NeedsSecondFactor says that the collaborative asks for two factors and
	// only one was proved. The actor's person and roles are withheld until then:
	// lead them to prove or to set up a second factor.
	NeedsSecondFactor bool
	// Renew asks for a fresh session secret, because the account's roles have
	// changed: call Service.Renew and set the cookie it gives.
	Renew bool
	// Dead says that a secret was shown which is no longer good, so that a
	// browser can be told to forget it.
	Dead bool
}

// renewGrace is how long a session's previous secret still serves after it was
// renewed, for requests that were already under way.
const renewGrace = time.Minute

// placeColumns and the joins below are shared by sessions and tokens. The one
// statement finds who calls, where, and as whom. The collaborative is read only
// for its members, and a membership is looked for even where there is no such
// collaborative (no account's id is one), so that the time does not tell others
// whether there is.
const (
	placeColumns = `c.id, c.slug, c.name, c.zone, c.language, c.labels, c.version, c.require_second_factor`
	placeJoin    = ` LEFT JOIN memberships m ON m.account_id = a.id AND m.ended_at IS NULL AND m.collaborative_id = COALESCE((SELECT id FROM collaboratives WHERE slug = $2), a.id)
		LEFT JOIN collaboratives c ON c.id = m.collaborative_id`

	sessionLookup = `SELECT a.id, a.name, a.email, a.language, a.administrator, m.person_id, m.roles, s.second_factor, ` + placeColumns + `,
		s.id, s.token_hash, s.verified_at, s.seen_at, s.expires_at, s.renew
		FROM sessions s JOIN accounts a ON a.id = s.account_id AND a.disabled_at IS NULL` + placeJoin

	bySession  = sessionLookup + ` WHERE s.token_hash = $1`
	byPrevious = sessionLookup + ` WHERE s.previous_hash = $1 AND s.rotated_at > $3`

	byToken = `SELECT a.id, a.name, a.email, a.language, a.administrator, m.person_id, m.roles, t.second_factor, ` + placeColumns + `,
		t.read_only, t.collaborative_id, t.expires_at, t.used_at
		FROM tokens t JOIN accounts a ON a.id = t.account_id AND a.disabled_at IS NULL` + placeJoin + ` WHERE t.token_hash = $1`

	byPlace = `SELECT ` + placeColumns + ` FROM collaboratives c WHERE c.slug = $1`
)

// caller is one row of the lookups.
type caller struct {
	account       operation.AccountID
	name, email   string
	language      string
	administrator bool
	person        operation.PersonID
	roles         []operation.Role
	secondFactor  bool
	place         place

	session                SessionID
	hash                   []byte // of the session's present secret
	verified, seen, expiry time.Time
	renew                  bool

	readOnly bool
	only     operation.CollaborativeID // the one collaborative a token is for
}

func (c *caller) common() []any {
	return append([]any{&c.account, &c.name, &c.email, &c.language, &c.administrator, &c.person, store.ScanJSON(&c.roles), &c.secondFactor}, c.place.columns()...)
}

func scanSession(row store.Row) (caller, error) {
	var c caller
	err := row.Scan(append(c.common(), &c.session, &c.hash, store.ScanTime(&c.verified), store.ScanTime(&c.seen), store.ScanTime(&c.expiry), &c.renew)...)
	return c, err
}

func scanToken(row store.Row) (caller, error) {
	var c caller
	err := row.Scan(append(c.common(), &c.readOnly, &c.only, store.ScanTime(&c.expiry), store.ScanTime(&c.seen))...)
	return c, err
}

// place is a collaborative as the lookups read it.
type place struct {
	id                         operation.CollaborativeID
	slug, name, zone, language string
	labels                     rawText
	version                    sql.NullInt64
	requireSecondFactor        sql.NullBool
}

func (p *place) columns() []any {
	return []any{&p.id, store.ScanText(&p.slug), store.ScanText(&p.name), store.ScanText(&p.zone), store.ScanText(&p.language), &p.labels, &p.version, &p.requireSecondFactor}
}

// Authenticate finds who a session cookie belongs to and who they are in the
// collaborative of that slug; both may be empty. A collaborative that they do not
// take part in is not given. A cookie that is no good makes
// the caller the public, not an error: public pages stay readable. The error is
// the store's.
func (s *Service) Authenticate(ctx context.Context, cookie, slug string) (operation.Actor, operation.Collaborative, Found, error) {
	if !isSecret(sessionPrefix, cookie) {
		return s.public(ctx, slug, cookie != "")
	}
	hash, now := hashSecret(cookie), s.now()
	c, err := look(ctx, s, scanSession, bySession, hash, slug)
	if errors.Is(err, store.ErrNotFound) {
		c, err = look(ctx, s, scanSession, byPrevious, hash, slug, store.Micros(now.Add(-renewGrace)))
		c.renew = false
	}
	if errors.Is(err, store.ErrNotFound) || err == nil && s.sessionEnded(c, now) {
		return s.public(ctx, slug, true)
	}
	if err != nil {
		return operation.Actor{}, operation.Collaborative{}, Found{}, err
	}
	actor, where, found := s.admit(c, operation.ViaSession, c.hash)
	actor.Verified = c.verified
	found.Session, found.Renew = c.session, c.renew
	if now.Sub(c.seen) >= seenEvery {
		s.seen.note(sessionsSeen, c.hash, now)
	}
	return actor, where, found, nil
}

// look reads one row with one statement.
func look[T any](ctx context.Context, s *Service, scan func(store.Row) (T, error), text string, args ...any) (out T, err error) {
	err = s.cfg.Store.LookInstallation(ctx, func(tx *store.InstallationTx) error {
		out, err = store.One(tx, scan, text, args...)
		return err
	})
	return out, err
}

// sessionEnded says whether a session was unused too long or has lived out its
// time.
func (s *Service) sessionEnded(c caller, now time.Time) bool {
	return !now.Before(c.expiry) || now.Sub(c.seen) >= s.cfg.Idle
}

// AuthenticateToken finds who a bearer token belongs to. A token for one
// collaborative shows no other: there its bearer is nobody.
func (s *Service) AuthenticateToken(ctx context.Context, bearer, slug string) (operation.Actor, operation.Collaborative, Found, error) {
	if !isSecret(TokenPrefix, bearer) {
		return s.public(ctx, slug, true)
	}
	hash, now := hashSecret(bearer), s.now()
	c, err := look(ctx, s, scanToken, byToken, hash, slug)
	if errors.Is(err, store.ErrNotFound) || err == nil && !c.expiry.IsZero() && !now.Before(c.expiry) {
		return s.public(ctx, slug, true)
	}
	if err != nil {
		return operation.Actor{}, operation.Collaborative{}, Found{}, err
	}
	if !c.only.IsZero() {
		c.administrator = false // a token for one collaborative reaches nothing beyond it
		if c.only != c.place.id {
			c.person, c.roles = operation.PersonID{}, nil
		}
	}
	actor, where, found := s.admit(c, operation.ViaToken, hash)
	actor.ReadOnly = c.readOnly
	if now.Sub(c.seen) >= seenEvery {
		s.seen.note(tokensSeen, hash, now)
	}
	return actor, where, found, nil
}

// admit makes the actor. Where the collaborative asks for two factors, one
// proves nothing there.
func (s *Service) admit(c caller, via operation.Via, hash []byte) (operation.Actor, operation.Collaborative, Found) {
	found := Found{Language: c.language, Member: !c.person.IsZero(), SecondFactor: c.secondFactor}
	actor := operation.Actor{Account: c.account, Name: c.name, Email: c.email, Via: via, Credential: hash}
	if found.Member && c.place.requireSecondFactor.Bool && !c.secondFactor {
		found.NeedsSecondFactor = true
	} else if found.Member {
		actor.Person, actor.Roles = c.person, withinMembership(c.roles)
	}
	if c.administrator {
		actor.Roles = append(actor.Roles, operation.Administrator)
	}
	return actor, s.collaborative(c.place), found
}

// withinMembership keeps what a membership may give, should a row say more.
func withinMembership(roles []operation.Role) []operation.Role {
	return slices.DeleteFunc(roles, func(r operation.Role) bool { return !slices.Contains(operation.MembershipRoles, r) })
}

// public is the answer for nobody in particular.
func (s *Service) public(ctx context.Context, slug string, dead bool) (operation.Actor, operation.Collaborative, Found, error) {
	where, err := s.Collaborative(ctx, slug)
	return operation.Actor{}, where, Found{Dead: dead}, err
}

// Collaborative finds a collaborative by its slug; its ID is zero when there is
// none.
func (s *Service) Collaborative(ctx context.Context, slug string) (operation.Collaborative, error) {
	if slug == "" {
		return operation.Collaborative{}, nil
	}
	p, err := look(ctx, s, func(row store.Row) (p place, err error) { return p, row.Scan(p.columns()...) }, byPlace, slug)
	if errors.Is(err, store.ErrNotFound) {
		return operation.Collaborative{}, nil
	}
	return s.collaborative(p), err
}

// placeKey names one state of a collaborative, which never changes.
type placeKey struct {
	id      operation.CollaborativeID
	version int64
	slug    string
	name    string
}

// collaborative makes the door's view of a collaborative. Reading its labels
// and zone is costly beside everything else here, so it is done once for each
// version of the row.
func (s *Service) collaborative(p place) operation.Collaborative {
	if p.id.IsZero() {
		return operation.Collaborative{}
	}
	key := placeKey{p.id, p.version.Int64, p.slug, p.name}
	if known, ok := s.places.Load(p.id); ok && known.(knownPlace).key == key {
		return known.(knownPlace).value
	}
	out := operation.Collaborative{ID: p.id, Slug: p.slug, Name: p.name, Language: p.language, Labels: map[string]string{}}
	if err := p.labels.into(&out.Labels); err != nil {
		s.cfg.Log.Error("access: the labels of a collaborative cannot be read", "collaborative", p.slug, "error", err)
	}
	zone, err := time.LoadLocation(p.zone)
	if err != nil {
		zone = time.UTC
	}
	out.Zone = zone
	s.places.Store(p.id, knownPlace{key, out})
	return out
}

type knownPlace struct {
	key   placeKey
	value operation.Collaborative
}
