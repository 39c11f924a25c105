package access

import (
	"net/url"
	"testing"
	"time"

	"commontable/internal/platform/operation"
)

func TestPasskey(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		a := h.account("ana@example.org")
		ctx := h.as(h.signIn("ana@example.org").Secret, "")
		key := newAuthenticator(t)
		made := h.addPasskey(ctx, key)
		if made.Name != "Firefox on Linux" || made.Synced {
			t.Errorf("%+v", made)
		}
		out := must[SignedIn](t)(h.withPasskey(key, "/north"))
		actor, _, found, err := h.s.Authenticate(t.Context(), out.Secret, "")
		if err != nil || actor.Account != a.ID || !found.SecondFactor || out.Next != "/north" {
			t.Errorf("%+v %+v %v", actor, found, err)
		}
		list := must[[]Passkey](t)(h.s.ListPasskeys.Do(ctx, h.door, operation.None{}))
		if len(list) != 1 || list[0].Used == nil {
			t.Errorf("%+v", list)
		}
		renamed := must[Passkey](t)(h.s.RenamePasskey.Do(ctx, h.door, RenamePasskeyInput{ID: made.ID, Name: "Blue key"}))
		if renamed.Name != "Blue key" {
			t.Errorf("%+v", renamed)
		}
		h.account("eve@example.org")
		eve := h.as(h.signIn("eve@example.org").Secret, "")
		_, err = h.s.RenamePasskey.Do(eve, h.door, RenamePasskeyInput{ID: made.ID, Name: "Mine"})
		wants(t, err, "errors.not_found")
		_, err = h.s.RemovePasskey.Do(eve, h.door, PasskeyInput{made.ID})
		wants(t, err, "errors.not_found")
		if _, err := h.s.RemovePasskey.Do(ctx, h.door, PasskeyInput{made.ID}); err != nil {
			t.Fatal(err)
		}
		_, err = h.withPasskey(key, "")
		wants(t, err, "access.passkey_failed")
	})
}

func TestPasskeyAnswersAreChecked(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		h.account("ana@example.org")
		eve := h.account("eve@example.org")
		key := newAuthenticator(t)
		h.addPasskey(h.as(h.signIn("ana@example.org").Secret, ""), key)

		offer := must[PasskeyOffer](t)(h.s.BeginPasskeySignIn(from("192.0.2.1")))
		answer := key.get(offer.Options)
		if _, err := h.s.FinishPasskey(from("192.0.2.1"), h.door, offer.Ticket, answer, ""); err != nil {
			t.Fatal(err)
		}
		_, err := h.s.FinishPasskey(from("192.0.2.1"), h.door, offer.Ticket, answer, "")
		wants(t, err, "access.begin_again") // replayed
		other := must[PasskeyOffer](t)(h.s.BeginPasskeySignIn(from("192.0.2.1")))
		_, err = h.s.FinishPasskey(from("192.0.2.1"), h.door, other.Ticket, answer, "")
		wants(t, err, "access.passkey_failed") // answers another challenge

		for name, spoil := range map[string]func(*authenticator){
			"another origin":       func(a *authenticator) { a.origin = "https://table.example.org.evil.example" },
			"another host":         func(a *authenticator) { a.host = "evil.example" },
			"no user verification": func(a *authenticator) { a.unproved = true },
			"another key":          func(a *authenticator) { a.key = newAuthenticator(t).key },
			"another owner":        func(a *authenticator) { a.handle = eve.ID[:] },
			"no owner":             func(a *authenticator) { a.handle = nil },
			"a counter set back":   func(a *authenticator) { a.counter = 0 },
		} {
			bad := *key
			spoil(&bad)
			if _, err := h.withPasskey(&bad, ""); operation.KindOf(err) != operation.Unauthenticated {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, junk := range []string{"", "{}", "[]", "null", `{"id":"x"}`} {
			offer := must[PasskeyOffer](t)(h.s.BeginPasskeySignIn(from("192.0.2.1")))
			if _, err := h.s.FinishPasskey(from("192.0.2.1"), h.door, offer.Ticket, []byte(junk), ""); operation.KindOf(err) != operation.Unauthenticated {
				t.Errorf("%q: %v", junk, err)
			}
		}
		late := must[PasskeyOffer](t)(h.s.BeginPasskeySignIn(from("192.0.2.1")))
		h.clock.Advance(ticketFor)
		_, err = h.s.FinishPasskey(from("192.0.2.1"), h.door, late.Ticket, key.get(late.Options), "")
		wants(t, err, "access.begin_again")
	})
}

func TestPasskeyCompletesTheSecondStep(t *testing.T) {
	h := newHouse(t, "sqlite")
	h.account("ana@example.org")
	key := newAuthenticator(t)
	ctx := h.as(h.signIn("ana@example.org").Secret, "")
	h.addPasskey(ctx, key)
	codes := must[RecoveryCodes](t)(h.s.AskSecondFactor.Do(ctx, h.door, AskSecondFactorInput{Always: true}))
	if len(codes.Codes) != recoveryCodes {
		t.Errorf("%+v", codes)
	}
	if first := h.signIn("ana@example.org"); !first.SecondStepPending() {
		t.Error("a password alone lets in")
	}
	if out := must[SignedIn](t)(h.withPasskey(key, "")); out.Secret == "" {
		t.Errorf("%+v", out)
	}
}

// A ticket to make a passkey serves the account it was issued to.
func TestPasskeyTicketIsBoundToItsAccount(t *testing.T) {
	h := newHouse(t, "sqlite")
	h.account("ana@example.org")
	h.account("eve@example.org")
	ana, eve := h.as(h.signIn("ana@example.org").Secret, ""), h.as(h.signIn("eve@example.org").Secret, "")
	key := newAuthenticator(t)
	offer := must[PasskeyOffer](t)(h.s.BeginPasskey.Do(eve, h.door, operation.None{}))
	_, err := h.s.AddPasskey.Do(ana, h.door, AddPasskeyInput{Ticket: offer.Ticket, Response: key.create(offer.Options)})
	wants(t, err, "access.begin_again")
	sign := must[PasskeyOffer](t)(h.s.BeginPasskeySignIn(from("192.0.2.1")))
	_, err = h.s.AddPasskey.Do(ana, h.door, AddPasskeyInput{Ticket: sign.Ticket, Response: key.create(offer.Options)})
	wants(t, err, "access.begin_again")
}

func TestPasskeysNeedADomainAndTLS(t *testing.T) {
	h := newHouse(t, "sqlite")
	for base, want := range map[string]bool{"https://table.example.org": true, "https://table.example.org:8443": true, "http://localhost:8080": true,
		"http://127.0.0.1:8080": false, "https://[::1]:8080": false, "http://table.example.org": false} {
		u, _ := url.Parse(base)
		s, _ := h.open(Config{BaseURL: u})
		if s.PasskeysOffered() != want {
			t.Errorf("%s: %v", base, !want)
		}
		if !want {
			_, err := s.BeginPasskeySignIn(from("192.0.2.1"))
			wants(t, err, "access.passkeys_unavailable")
		}
	}
}

func TestSessionByPasskeyEndsLikeAnyOther(t *testing.T) {
	h := newHouse(t, "sqlite")
	h.account("ana@example.org")
	key := newAuthenticator(t)
	h.addPasskey(h.as(h.signIn("ana@example.org").Secret, ""), key)
	out := must[SignedIn](t)(h.withPasskey(key, ""))
	h.clock.Advance(defaultIdle + time.Hour)
	if h.alive(out.Secret) {
		t.Error("lives though idle")
	}
}
