package access

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

func TestAuthenticateFindsWhoWhereAndAsWhom(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		a := h.account("ana@example.org")
		north := h.collaborative("north", false)
		h.collaborative("south", false)
		person := h.member(a, north, operation.Director, operation.TableMember)
		in := h.signIn("ana@example.org")

		actor, where, found, err := h.s.Authenticate(t.Context(), in.Secret, "north")
		if err != nil {
			t.Fatal(err)
		}
		if actor.Account != a.ID || actor.Person != person || actor.Via != operation.ViaSession || !actor.Verified.Equal(begun) || actor.ReadOnly {
			t.Errorf("actor: %+v", actor)
		}
		if !slices.Equal(actor.Roles, []operation.Role{operation.Director, operation.TableMember}) {
			t.Errorf("roles: %v", actor.Roles)
		}
		if where.ID != north.ID || where.Name != "NORTH" || where.Zone.String() != "America/Chicago" || where.Labels["table"] != "Steering group" {
			t.Errorf("collaborative: %+v", where)
		}
		if !found.Member || found.NeedsSecondFactor || found.Dead || found.Language != "en" || found.Session.IsZero() {
			t.Errorf("found: %+v", found)
		}

		actor, where, found, err = h.s.Authenticate(t.Context(), in.Secret, "south")
		if err != nil || !where.ID.IsZero() || found.Member || len(actor.Roles) > 0 || !actor.Person.IsZero() || actor.Account != a.ID {
			t.Errorf("in a collaborative of others: %+v %+v %v", actor, found, err)
		}
		_, where, _, err = h.s.Authenticate(t.Context(), in.Secret, "nowhere")
		if err != nil || !where.ID.IsZero() {
			t.Errorf("in no collaborative: %+v %v", where, err)
		}
		for _, cookie := range []string{"x", sessionPrefix, in.Secret + "A", in.Secret[:len(in.Secret)-1] + "_", strings.Replace(in.Secret, sessionPrefix, TokenPrefix, 1)} {
			actor, where, found, err := h.s.Authenticate(t.Context(), cookie, "north")
			if err != nil || actor.SignedIn() || !found.Dead || where.ID != north.ID {
				t.Errorf("cookie %q: %+v %+v %v", cookie, actor, found, err)
			}
		}
		if _, _, found, _ := h.s.Authenticate(t.Context(), "", "north"); found.Dead {
			t.Error("nobody is not a dead session")
		}
	})
}

func TestLabelsFollowTheCollaborativesVersion(t *testing.T) {
	h := newHouse(t, "sqlite")
	c := h.collaborative("north", false)
	h.write(func(tx *store.InstallationTx) error {
		_, err := tx.Exec(`UPDATE collaboratives SET labels = '{"table":"Council"}', zone = 'Nowhere/Never', version = 2 WHERE id = $1`, c.ID)
		return err
	})
	c, err := h.s.Collaborative(t.Context(), "north")
	if err != nil || c.Labels["table"] != "Council" || c.Zone != time.UTC {
		t.Errorf("%+v %v", c, err)
	}
}

func TestSessionEndsWhenIdleOrOld(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		h.account("ana@example.org")
		idle := h.signIn("ana@example.org").Secret
		h.clock.Advance(defaultIdle - time.Second)
		if !h.alive(idle) {
			t.Error("ended before it was idle long enough")
		}
		if err := h.s.FlushSeen(t.Context()); err != nil {
			t.Fatal(err)
		}
		h.clock.Advance(defaultIdle)
		if h.alive(idle) {
			t.Error("lives though idle")
		}

		old := h.signIn("ana@example.org").Secret
		for range 12 {
			h.clock.Advance(7 * 24 * time.Hour)
			if !h.alive(old) {
				t.Fatal("ended though used")
			}
			if err := h.s.FlushSeen(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		h.clock.Advance(6*24*time.Hour - time.Second)
		if !h.alive(old) {
			t.Error("ended a second too early")
		}
		h.clock.Advance(time.Second)
		if h.alive(old) {
			t.Error("lives beyond its absolute time")
		}
		h.clock.Advance(time.Second)
		if err := h.s.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		h.clock.Set(begun)
		if h.alive(old) || h.alive(idle) {
			t.Error("a swept session came back")
		}
	})
}

func TestSeenIsWrittenSeldom(t *testing.T) {
	h := newHouse(t, "sqlite")
	h.account("ana@example.org")
	secret := h.signIn("ana@example.org").Secret
	h.alive(secret)
	if len(h.s.seen.take()[sessionsSeen]) != 0 {
		t.Error("noted right after sign-in")
	}
	h.clock.Advance(seenEvery)
	h.alive(secret)
	h.alive(secret)
	if len(h.s.seen.take()[sessionsSeen]) != 1 {
		t.Error("not noted after five minutes")
	}
}

// A secret planted in the browser before signing in must be worth nothing after.
func TestSigningInEndsThePlantedSession(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		h.account("ana@example.org")
		h.account("eve@example.org")
		planted := h.signIn("eve@example.org").Secret
		out, err := h.s.SignInWithPassword(h.as(planted, ""), h.door, PasswordInput{Email: "ana@example.org", Password: goodPassword})
		if err != nil {
			t.Fatal(err)
		}
		if out.Secret == planted || h.alive(planted) || !h.alive(out.Secret) {
			t.Error("the planted session lives")
		}
	})
}

func TestRevocationHoldsFromTheNextRequest(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		other, door := h.open(Config{}) // another process
		a := h.account("ana@example.org")
		ways := map[string]func(ctx context.Context, id SessionID) error{
			"sign out": func(ctx context.Context, _ SessionID) error {
				_, err := other.SignOut.Do(ctx, door, operation.None{})
				return err
			},
			"revoke": func(ctx context.Context, id SessionID) error {
				_, err := other.RevokeSession.Do(ctx, door, SessionInput{id})
				return err
			},
			"everywhere": func(ctx context.Context, _ SessionID) error {
				_, err := other.SignOutAll.Do(ctx, door, operation.None{})
				return err
			},
			"disable": func(context.Context, SessionID) error {
				_, err := other.DisableAccount.Do(operation.WithActor(t.Context(), operation.System()), door, AccountInput{a.ID})
				return err
			},
		}
		for name, way := range ways {
			h.write(func(tx *store.InstallationTx) error {
				_, err := tx.Exec(`UPDATE accounts SET disabled_at = NULL WHERE id = $1`, a.ID)
				return err
			})
			secret := h.signIn("ana@example.org").Secret
			_, _, found, err := h.s.Authenticate(t.Context(), secret, "")
			if err != nil || !h.alive(secret) {
				t.Fatal(err)
			}
			if err := way(h.as(secret, ""), found.Session); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if h.alive(secret) {
				t.Errorf("%s: the session lives", name)
			}
		}
	})
}

func TestSessionsAreOnesOwn(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		h.account("ana@example.org")
		h.account("eve@example.org")
		one, two, eve := h.signIn("ana@example.org").Secret, h.signIn("ana@example.org").Secret, h.signIn("eve@example.org").Secret
		list := must[[]Session](t)(h.s.ListSessions.Do(h.as(one, ""), h.door, operation.None{}))
		if len(list) != 2 || list[0].Current == list[1].Current || list[0].Device != "Firefox on Linux" || list[0].Address != "192.0.2.10" {
			t.Fatalf("%+v", list)
		}
		for _, s := range list {
			_, err := h.s.RevokeSession.Do(h.as(eve, ""), h.door, SessionInput{s.ID})
			wants(t, err, "errors.not_found")
		}
		ended := must[Ended](t)(h.s.SignOutElsewhere.Do(h.as(one, ""), h.door, operation.None{}))
		if ended.Sessions != 1 || !h.alive(one) || h.alive(two) || !h.alive(eve) {
			t.Error("signing out elsewhere ended the wrong sessions")
		}
	})
}

func TestRenewedSessionKeepsItsOldSecretForRequestsUnderWay(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		a := h.account("ana@example.org")
		c := h.collaborative("north", false)
		director := h.account("dir@example.org")
		h.member(director, c, operation.Director)
		person := h.member(a, c, operation.TableMember)
		secret := h.signIn("ana@example.org").Secret

		_, err := h.s.SetRoles.Do(h.as(h.signIn("dir@example.org").Secret, "north"), h.door, SetRolesInput{Person: person, Roles: []operation.Role{operation.Staff}})
		if err != nil {
			t.Fatal(err)
		}
		actor, _, found, err := h.s.Authenticate(t.Context(), secret, "north")
		if err != nil || !found.Renew || !actor.Has(operation.Staff) || actor.Has(operation.TableMember) {
			t.Fatalf("the new role does not hold at once: %+v %+v %v", actor, found, err)
		}
		if h.clock.Now().Sub(actor.Verified) < operation.FreshFor {
			t.Error("a proof given before the role changed still counts")
		}
		fresh := must[string](t)(h.s.Renew(t.Context(), secret))
		if again := must[string](t)(h.s.Renew(t.Context(), secret)); fresh == "" || again != "" {
			t.Errorf("renewed %q, then %q", fresh, again)
		}
		if !h.alive(fresh) || !h.alive(secret) {
			t.Error("a secret died too early")
		}
		// A request under way with the old secret is still of the same session.
		if old, _, _, _ := h.s.Authenticate(t.Context(), secret, ""); string(old.Credential) != string(hashSecret(fresh)) {
			t.Error("the old secret stands for another session")
		}
		if _, _, found, _ := h.s.Authenticate(t.Context(), fresh, ""); found.Renew {
			t.Error("asks to be renewed again")
		}
		h.clock.Advance(renewGrace)
		if !h.alive(fresh) || h.alive(secret) {
			t.Error("the old secret outlived its grace")
		}
	})
}

func TestCollaborativeMayAskForTwoFactors(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		a := h.account("ana@example.org")
		c := h.collaborative("north", true)
		h.member(a, c, operation.Director)
		secret := h.signIn("ana@example.org").Secret
		actor, _, found, err := h.s.Authenticate(t.Context(), secret, "north")
		if err != nil || !found.NeedsSecondFactor || !found.Member || len(actor.Roles) > 0 || !actor.Person.IsZero() {
			t.Fatalf("one factor is enough: %+v %+v %v", actor, found, err)
		}
		h.write(func(tx *store.InstallationTx) error {
			_, err := tx.Exec(`UPDATE sessions SET second_factor = TRUE WHERE token_hash = $1`, hashSecret(secret))
			return err
		})
		actor, _, found, err = h.s.Authenticate(t.Context(), secret, "north")
		if err != nil || found.NeedsSecondFactor || !actor.Has(operation.Director) {
			t.Fatalf("two factors are not enough: %+v %+v %v", actor, found, err)
		}
	})
}

func TestFreshOperationsWantAFreshProof(t *testing.T) {
	h := newHouse(t, "sqlite")
	h.account("ana@example.org")
	secret := h.signIn("ana@example.org").Secret
	h.clock.Advance(operation.FreshFor + time.Second)
	_, err := h.s.SetPassword.Do(h.as(secret, ""), h.door, SetPasswordInput{Password: "another velvet anchor 48"})
	wants(t, err, "errors.verify_again")
	// Proving it again is signing in again: a new secret in place of the old.
	out, err := h.s.SignInWithPassword(h.as(secret, ""), h.door, PasswordInput{Email: "ana@example.org", Password: goodPassword})
	if err != nil || h.alive(secret) {
		t.Fatalf("not rotated: %v", err)
	}
	if _, err := h.s.SetPassword.Do(h.as(out.Secret, ""), h.door, SetPasswordInput{Password: "another velvet anchor 48"}); err != nil {
		t.Fatal(err)
	}
}
