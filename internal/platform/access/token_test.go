package access

import (
	"strings"
	"testing"
	"time"

	"commontable/internal/platform/operation"
)

func TestTokens(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		a := h.administrator("ana@example.org")
		north, south := h.collaborative("north", false), h.collaborative("south", false)
		h.member(a, north, operation.Director)
		h.member(a, south, operation.Staff)
		ctx := h.as(h.signIn("ana@example.org").Secret, "")

		all := must[NewToken](t)(h.s.CreateToken.Do(ctx, h.door, CreateTokenInput{Name: "all"}))
		one := must[NewToken](t)(h.s.CreateToken.Do(ctx, h.door, CreateTokenInput{Name: "one", ReadOnly: true, Collaborative: north.ID, Days: 30}))
		if !strings.HasPrefix(all.Secret, TokenPrefix) {
			t.Errorf("a token that cannot be recognised: %q", all.Secret)
		}
		_, err := h.s.CreateToken.Do(ctx, h.door, CreateTokenInput{Name: "foreign", Collaborative: operation.NewCollaborativeID()})
		wants(t, err, "errors.not_offered")

		actor, _, found, err := h.s.AuthenticateToken(t.Context(), all.Secret, "south")
		if err != nil || !actor.Has(operation.Staff) || !actor.Has(operation.Administrator) || actor.ReadOnly || actor.Via != operation.ViaToken || !actor.Verified.IsZero() || !found.Session.IsZero() {
			t.Errorf("%+v %+v %v", actor, found, err)
		}
		actor, _, _, err = h.s.AuthenticateToken(t.Context(), one.Secret, "north")
		if err != nil || !actor.Has(operation.Director) || actor.Has(operation.Administrator) || !actor.ReadOnly {
			t.Errorf("%+v %v", actor, err)
		}
		actor, _, found, err = h.s.AuthenticateToken(t.Context(), one.Secret, "south")
		if err != nil || len(actor.Roles) > 0 || found.Member {
			t.Errorf("a token for one collaborative reaches another: %+v %v", actor, err)
		}
		// A token cannot make another, however its bearer tries.
		actor, _, _, _ = h.s.AuthenticateToken(t.Context(), all.Secret, "")
		_, err = h.s.CreateToken.Do(operation.WithActor(t.Context(), actor), h.door, CreateTokenInput{Name: "child"})
		wants(t, err, "errors.verify_again")
		// Nor does a session secret serve as one, nor the other way round.
		if actor, _, _, _ := h.s.Authenticate(t.Context(), all.Secret, ""); actor.SignedIn() {
			t.Error("a token serves as a session")
		}

		h.clock.Advance(30 * 24 * time.Hour)
		if actor, _, found, _ := h.s.AuthenticateToken(t.Context(), one.Secret, "north"); actor.SignedIn() || !found.Dead {
			t.Error("an expired token lives")
		}
		if err := h.s.FlushSeen(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx = h.as(h.signIn("ana@example.org").Secret, "")
		list := must[[]Token](t)(h.s.ListTokens.Do(ctx, h.door, operation.None{}))
		if len(list) != 2 || list[0].Used == nil && list[1].Used == nil {
			t.Errorf("%+v", list)
		}
		if _, err := h.s.RevokeToken.Do(ctx, h.door, TokenInput{all.ID}); err != nil {
			t.Fatal(err)
		}
		if actor, _, _, _ := h.s.AuthenticateToken(t.Context(), all.Secret, ""); actor.SignedIn() {
			t.Error("a revoked token lives")
		}
	})
}

func TestTokenOfOneFactorStaysOutsideWhereTwoAreAsked(t *testing.T) {
	h := newHouse(t, "sqlite")
	a := h.account("ana@example.org")
	h.member(a, h.collaborative("north", true), operation.Director)
	weak := must[NewToken](t)(h.s.CreateToken.Do(h.as(h.signIn("ana@example.org").Secret, ""), h.door, CreateTokenInput{Name: "weak"}))
	if actor, _, found, _ := h.s.AuthenticateToken(t.Context(), weak.Secret, "north"); len(actor.Roles) > 0 || !found.NeedsSecondFactor {
		t.Errorf("%+v", actor)
	}
	strong := must[NewToken](t)(h.s.IssueToken.Do(operation.WithActor(t.Context(), operation.System()), h.door,
		IssueTokenInput{Email: "ana@example.org", CreateTokenInput: CreateTokenInput{Name: "strong"}}))
	if actor, _, _, _ := h.s.AuthenticateToken(t.Context(), strong.Secret, "north"); !actor.Has(operation.Director) {
		t.Errorf("%+v", actor)
	}
}
