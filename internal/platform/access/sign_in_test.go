package access

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

func TestEveryFailureToSignInLooksTheSame(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		h.account("ana@example.org")
		disabled := h.account("off@example.org")
		bare := h.account("bare@example.org")
		h.write(func(tx *store.InstallationTx) error {
			if _, err := tx.Exec(`UPDATE accounts SET disabled_at = 1 WHERE id = $1`, disabled.ID); err != nil {
				return err
			}
			_, err := tx.Exec(`UPDATE accounts SET password_hash = NULL WHERE id = $1`, bare.ID)
			return err
		})
		tries := []PasswordInput{
			{Email: "ana@example.org", Password: "wrong wrong wrong"},
			{Email: "nobody@example.org", Password: goodPassword},
			{Email: "off@example.org", Password: goodPassword},
			{Email: "bare@example.org", Password: goodPassword},
			{Email: "bare@example.org", Password: ""},
			{Email: "", Password: ""},
			{Email: "ana@example.org", Password: strings.Repeat("x", maxPassword+1)},
		}
		for _, try := range tries {
			out, err := h.s.SignInWithPassword(from("192.0.2.1"), h.door, try)
			if err == nil || err.Error() != errSignIn.Error() || out.Secret != "" || out.Device != "" || out.Ticket != "" {
				t.Errorf("%q: %+v %v", try.Email, out, err)
			}
		}
	})
}

func TestPasswordsAreTakenExactly(t *testing.T) {
	h := newHouse(t, "sqlite")
	long := strings.Repeat("é😀x ", 250) // 1,000 characters, 2,250 bytes
	for i, password := range []string{long, " spaces around ", "Großbuchstaben", "e\u0301clair e\u0301clair", "tab\tand\nline"} {
		email := fmt.Sprintf("p%d@example.org", i)
		hash := must[string](t)(h.s.HashPassword(t.Context(), password))
		h.write(func(tx *store.InstallationTx) error {
			_, err := CreateAccount(tx, h.clock.Now(), NewAccount{Name: "P", Email: email, Language: "en", PasswordHash: hash})
			return err
		})
		for _, wrong := range []string{password[:len(password)-1], strings.ToUpper(password), strings.TrimSpace(password) + "\u200b", password + " ", "\u00e9clair \u00e9clair", password[:72%len(password)]} {
			if wrong == password {
				continue
			}
			if _, err := h.s.SignInWithPassword(from(fmt.Sprintf("192.0.2.%d", i+1)), h.door, PasswordInput{Email: email, Password: wrong}); err == nil {
				t.Errorf("%q lets in for %q", wrong, password)
			}
		}
		if _, err := h.s.SignInWithPassword(from("198.51.100.7"), h.door, PasswordInput{Email: strings.ToUpper(email), Password: password}); err != nil {
			t.Errorf("%q: %v", password, err)
		}
		h.clock.Advance(time.Hour)
	}
}

func TestOldHashesAreMadeAnewAtSignIn(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		a := h.account("ana@example.org")
		weak := argonParameters{memory: 64, passes: 1, lanes: 1}
		salt := random(argonSalt)
		key, err := h.s.hasher.derive(t.Context(), goodPassword, salt, weak, argonKey)
		if err != nil {
			t.Fatal(err)
		}
		h.write(func(tx *store.InstallationTx) error {
			_, err := tx.Exec(`UPDATE accounts SET password_hash = $2 WHERE id = $1`, a.ID, format(weak, salt, key))
			return err
		})
		h.signIn("ana@example.org")
		var now string
		h.write(func(tx *store.InstallationTx) (err error) {
			now, err = store.Value[string](tx, `SELECT password_hash FROM accounts WHERE id = $1`, a.ID)
			return err
		})
		if p, _, _, err := parse(now); err != nil || p != cheapArgon {
			t.Errorf("still %s", now)
		}
		h.signIn("ana@example.org")
	})
}

func TestSignInByLink(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		a := h.account("ana@example.org")
		for _, email := range []string{"Ana@Example.org", "nobody@example.org"} {
			if err := h.s.RequestLink(from("192.0.2.1"), h.door, email, "//evil.example"); err != nil {
				t.Fatal(err)
			}
		}
		letters := h.letters()
		if len(letters) != 1 || letters[0].Template != mail.SignInLink || letters[0].To != "ana@example.org" || !strings.HasPrefix(letters[0].Data.Link, "https://table.example.org/sign-in/link/ctl_") {
			t.Fatalf("%+v", letters)
		}
		secret := secretOf(t, letters[0])
		for range 3 { // as a mail scanner does
			view, err := h.s.LookSignInLink(t.Context(), secret)
			if err != nil || view.Email != "ana@example.org" {
				t.Fatalf("%+v %v", view, err)
			}
		}
		out := must[SignedIn](t)(h.s.RedeemLink(from("203.0.113.9"), h.door, secret))
		if out.Account.ID != a.ID || out.Next != "/" || !h.alive(out.Secret) {
			t.Errorf("%+v", out)
		}
		_, err := h.s.RedeemLink(from("203.0.113.9"), h.door, secret)
		wants(t, err, "access.link_dead")

		if err := h.s.RequestLink(from("192.0.2.1"), h.door, "ana@example.org", "/north"); err != nil {
			t.Fatal(err)
		}
		secret = secretOf(t, h.letters()[0])
		h.clock.Advance(signInLinkFor)
		_, err = h.s.RedeemLink(from("203.0.113.9"), h.door, secret)
		wants(t, err, "access.link_dead")
		for _, secret := range []string{"", "x", linkPrefix, linkPrefix + strings.Repeat("A", 43)} {
			_, err = h.s.RedeemLink(from("203.0.113.9"), h.door, secret)
			if operation.KindOf(err) != operation.NotFound && operation.KindOf(err) != operation.Invalid {
				t.Errorf("%q: %v", secret, err)
			}
		}
	})
}

// A link made for one purpose serves no other.
func TestLinksServeOnePurpose(t *testing.T) {
	h := newHouse(t, "sqlite")
	h.account("ana@example.org")
	if err := h.s.RequestLink(from("192.0.2.1"), h.door, "ana@example.org", ""); err != nil {
		t.Fatal(err)
	}
	secret := secretOf(t, h.letters()[0])
	if _, err := h.s.ConfirmEmail(from("192.0.2.1"), h.door, secret); err == nil {
		t.Error("a sign-in link confirms an address")
	}
	if _, err := h.s.AcceptInvitation(from("192.0.2.1"), h.door, AcceptInput{Secret: secret}); err == nil {
		t.Error("a sign-in link accepts an invitation")
	}
	if _, err := h.s.CompleteSetUp(from("192.0.2.1"), h.door, SetUpInput{Secret: secret, Name: "E", Email: "e@example.org"}); err == nil {
		t.Error("a sign-in link sets up")
	}
	if _, err := h.s.RedeemLink(from("192.0.2.1"), h.door, secret); err != nil {
		t.Error(err)
	}
}

// Of two redemptions at once exactly one succeeds, a thousand times.
func TestOneOfTwoRedemptionsSucceeds(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		const rounds = 1000
		a := h.account("ana@example.org")
		for round := range rounds {
			var secret string
			h.write(func(tx *store.InstallationTx) (err error) {
				secret, _, err = h.s.makeSignInLink(tx, h.clock.Now(), a, "", time.Minute)
				return err
			})
			var won atomic.Int64
			var both sync.WaitGroup
			for range 2 {
				both.Go(func() {
					_, err := h.s.redeemLink.Do(from("192.0.2.1"), h.door, secretInput{secret})
					if err == nil {
						won.Add(1)
					} else if operation.KindOf(err) != operation.NotFound {
						t.Errorf("round %d: %v", round, err)
					}
				})
			}
			both.Wait()
			if won.Load() != 1 {
				t.Fatalf("round %d: %d redemptions succeeded", round, won.Load())
			}
		}
	})
}

func TestOwnerHearsOfNewDevicesOnly(t *testing.T) {
	h := newHouse(t, "sqlite")
	h.account("ana@example.org")
	first := h.signIn("ana@example.org")
	if got := h.letters(); len(got) != 0 {
		t.Errorf("a letter about the first sign-in ever: %+v", got)
	}
	known := from("192.0.2.10")
	client := ClientFrom(known)
	client.Device = first.Device
	if _, err := h.s.SignInWithPassword(WithClient(known, client), h.door, PasswordInput{Email: "ana@example.org", Password: goodPassword}); err != nil {
		t.Fatal(err)
	}
	if got := h.letters(); len(got) != 0 {
		t.Errorf("a letter about a known browser: %+v", got)
	}
	client.Device = strings.Replace(first.Device, first.Device[:4], "AAAA", 1)
	if _, err := h.s.SignInWithPassword(WithClient(known, client), h.door, PasswordInput{Email: "ana@example.org", Password: goodPassword}); err != nil {
		t.Fatal(err)
	}
	if got := h.letters(); len(got) != 1 || got[0].Template != mail.NewSignIn || got[0].Data.Device != "Firefox on Linux" {
		t.Errorf("%+v", got)
	}
}

func TestDeviceRemembersFiveAccounts(t *testing.T) {
	h := newHouse(t, "sqlite")
	var accounts []operation.AccountID
	client := Client{Device: "junk.." + strings.Repeat("A", 22) + "." + strings.Repeat("x", 5000)}
	for range 7 {
		accounts = append(accounts, operation.NewAccountID())
		client.Device = h.s.remember(client, accounts[len(accounts)-1])
	}
	if len(client.Device) > maxDeviceMarks*23 {
		t.Errorf("%d bytes", len(client.Device))
	}
	for i, a := range accounts {
		if known := h.s.knows(client, a); known != (i >= 2) {
			t.Errorf("account %d known: %v", i, known)
		}
	}
}

func TestDisablingEndsTokensAndLinksToo(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		a := h.account("ana@example.org")
		h.administrator("root@example.org")
		token := must[NewToken](t)(h.s.CreateToken.Do(h.as(h.signIn("ana@example.org").Secret, ""), h.door, CreateTokenInput{Name: "t"}))
		if err := h.s.RequestLink(from("192.0.2.1"), h.door, "ana@example.org", ""); err != nil {
			t.Fatal(err)
		}
		link := secretOf(t, h.letters()[0])
		if _, err := h.s.DisableAccount.Do(h.as(h.signIn("root@example.org").Secret, ""), h.door, AccountInput{a.ID}); err != nil {
			t.Fatal(err)
		}
		if actor, _, _, _ := h.s.AuthenticateToken(t.Context(), token.Secret, ""); actor.SignedIn() {
			t.Error("the token lives")
		}
		if _, err := h.s.RedeemLink(from("192.0.2.1"), h.door, link); err == nil {
			t.Error("the link lives")
		}
		if err := h.s.RequestLink(from("192.0.2.1"), h.door, "ana@example.org", ""); err != nil || len(h.letters()) != 0 {
			t.Error("a disabled account is written to")
		}
	})
}

func TestPasswordChangeEndsTheRest(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		h.account("ana@example.org")
		here, there := h.signIn("ana@example.org").Secret, h.signIn("ana@example.org").Secret
		token := must[NewToken](t)(h.s.CreateToken.Do(h.as(here, ""), h.door, CreateTokenInput{Name: "t"}))
		h.letters()
		const fresh = "another velvet anchor 48"
		if _, err := h.s.SetPassword.Do(h.as(here, ""), h.door, SetPasswordInput{Password: fresh}); err != nil {
			t.Fatal(err)
		}
		if !h.alive(here) || h.alive(there) {
			t.Error("the wrong sessions ended")
		}
		if actor, _, _, _ := h.s.AuthenticateToken(t.Context(), token.Secret, ""); actor.SignedIn() {
			t.Error("the token lives")
		}
		if got := h.letters(); len(got) != 1 || got[0].Template != mail.PasswordChanged {
			t.Errorf("%+v", got)
		}
		if _, err := h.s.SignInWithPassword(from("192.0.2.1"), h.door, PasswordInput{Email: "ana@example.org", Password: goodPassword}); err == nil {
			t.Error("the old password lets in")
		}
		if _, err := h.s.SignInWithPassword(from("192.0.2.1"), h.door, PasswordInput{Email: "ana@example.org", Password: fresh}); err != nil {
			t.Error(err)
		}
	})
}
