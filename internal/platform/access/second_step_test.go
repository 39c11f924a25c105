package access

import (
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"commontable/internal/platform/operation"
)

// codeAt is what an app would show.
func codeAt(t testing.TB, secret string, at time.Time) string {
	t.Helper()
	return must[string](t)(hotp.GenerateCodeCustom(secret, uint64(at.Unix()/30), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}))
}

// enrol sets a code app up for whoever signs in with the address.
func (h *house) enrol(email string) (secret string, recovery []string) {
	h.t.Helper()
	ctx := h.as(h.signIn(email).Secret, "")
	offer := must[CodesOffer](h.t)(h.s.BeginCodes.Do(ctx, h.door, operation.None{}))
	codes := must[RecoveryCodes](h.t)(h.s.ConfirmCodes.Do(ctx, h.door, ConfirmCodesInput{Ticket: offer.Ticket, Code: codeAt(h.t, offer.Secret, h.clock.Now())}))
	h.clock.Advance(time.Minute)
	return offer.Secret, codes.Codes
}

func TestCodeApp(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		h.account("ana@example.org")
		before := h.signIn("ana@example.org").Secret
		here := h.signIn("ana@example.org").Secret
		ctx := h.as(here, "")
		offer := must[CodesOffer](t)(h.s.BeginCodes.Do(ctx, h.door, operation.None{}))
		if !strings.HasPrefix(offer.URI, "otpauth://totp/Valley%20Table:ana@example.org?") || !strings.Contains(offer.URI, "secret="+offer.Secret) || !strings.Contains(offer.URI, "issuer=Valley%20Table") || len(offer.Secret) != 32 {
			t.Errorf("%+v", offer)
		}
		_, err := h.s.ConfirmCodes.Do(ctx, h.door, ConfirmCodesInput{Ticket: offer.Ticket, Code: "000000"})
		wants(t, err, "access.code_wrong")
		codes := must[RecoveryCodes](t)(h.s.ConfirmCodes.Do(ctx, h.door, ConfirmCodesInput{Ticket: offer.Ticket, Code: codeAt(t, offer.Secret, h.clock.Now())}))
		if len(codes.Codes) != recoveryCodes || h.alive(before) {
			t.Errorf("%d recovery codes; the session of one factor lives: %v", len(codes.Codes), h.alive(before))
		}
		if _, _, found, _ := h.s.Authenticate(t.Context(), here, ""); !found.SecondFactor || !found.Renew {
			t.Errorf("%+v", found)
		}

		first := h.signIn("ana@example.org")
		if !first.SecondStepPending() || first.Secret != "" {
			t.Fatalf("a password alone lets in: %+v", first)
		}
		// The code that set the app up is used up.
		_, err = h.s.SecondStep(from("192.0.2.1"), h.door, first.Ticket, codeAt(t, offer.Secret, h.clock.Now()))
		wants(t, err, "access.code_wrong")
		code := codeAt(t, offer.Secret, h.clock.Now().Add(30*time.Second))
		done := must[SignedIn](t)(h.s.SecondStep(from("192.0.2.1"), h.door, first.Ticket, code[:3]+" "+code[3:]))
		if _, _, found, _ := h.s.Authenticate(t.Context(), done.Secret, ""); !found.SecondFactor {
			t.Error("two factors are not remembered")
		}
		// Neither the ticket nor the code serves again.
		_, err = h.s.SecondStep(from("192.0.2.1"), h.door, first.Ticket, codeAt(t, offer.Secret, h.clock.Now().Add(60*time.Second)))
		wants(t, err, "access.begin_again")
		_, err = h.s.SecondStep(from("192.0.2.1"), h.door, h.signIn("ana@example.org").Ticket, code)
		wants(t, err, "access.code_wrong")
	})
}

func TestCodesOfOtherTimesAreRefused(t *testing.T) {
	h := newHouse(t, "sqlite")
	h.account("ana@example.org")
	secret, _ := h.enrol("ana@example.org")
	h.clock.Advance(time.Hour)
	for _, off := range []time.Duration{-90 * time.Second, -60 * time.Second, 60 * time.Second, 90 * time.Second} {
		_, err := h.s.SecondStep(from("192.0.2.1"), h.door, h.signIn("ana@example.org").Ticket, codeAt(t, secret, h.clock.Now().Add(off)))
		wants(t, err, "access.code_wrong")
	}
	h.clock.Advance(time.Hour)
	for _, off := range []time.Duration{-30 * time.Second, 0, 30 * time.Second} {
		if _, err := h.s.SecondStep(from("192.0.2.1"), h.door, h.signIn("ana@example.org").Ticket, codeAt(t, secret, h.clock.Now().Add(off))); err != nil {
			t.Errorf("%v: %v", off, err)
		}
	}
}

func TestCodeAttemptsAreLimited(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		h.account("ana@example.org")
		secret, recovery := h.enrol("ana@example.org")
		ticket := h.signIn("ana@example.org").Ticket
		n := attempts(t, 50, func(int) error {
			_, err := h.s.SecondStep(from("192.0.2.1"), h.door, ticket, "000000")
			return err
		})
		if int64(n) != limitCodeAccount.Burst {
			t.Errorf("%d attempts", n)
		}
		// Beginning again gives no more attempts, nor does another address.
		_, err := h.s.SecondStep(from("198.51.100.1"), h.door, h.signIn("ana@example.org").Ticket, codeAt(t, secret, h.clock.Now()))
		wants(t, err, "access.too_many")
		// Recovery codes have a limit of their own, so the owner is not shut out.
		if _, err := h.s.SecondStep(from("198.51.100.1"), h.door, h.signIn("ana@example.org").Ticket, recovery[0]); err != nil {
			t.Error(err)
		}
	})
}

func TestRecoveryCodesServeOnce(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		h.account("ana@example.org")
		_, recovery := h.enrol("ana@example.org")
		done := must[SignedIn](t)(h.s.SecondStep(from("192.0.2.1"), h.door, h.signIn("ana@example.org").Ticket, strings.ToUpper(strings.ReplaceAll(recovery[3], "-", " "))))
		a := must[Account](t)(h.s.ShowAccount.Do(h.as(done.Secret, ""), h.door, operation.None{}))
		if a.RecoveryCodes != recoveryCodes-1 || !a.Codes || !a.SecondFactor {
			t.Errorf("%+v", a)
		}
		_, err := h.s.SecondStep(from("192.0.2.1"), h.door, h.signIn("ana@example.org").Ticket, recovery[3])
		wants(t, err, "access.code_wrong")
		fresh := must[RecoveryCodes](t)(h.s.NewRecoveryCodes.Do(h.as(done.Secret, ""), h.door, operation.None{}))
		_, err = h.s.SecondStep(from("192.0.2.1"), h.door, h.signIn("ana@example.org").Ticket, recovery[4])
		wants(t, err, "access.code_wrong")
		if _, err := h.s.SecondStep(from("192.0.2.1"), h.door, h.signIn("ana@example.org").Ticket, fresh.Codes[0]); err != nil {
			t.Error(err)
		}
	})
}

// A mailbox is not enough where a second factor is asked: neither a sign-in
// link nor what can be done after one goes round it.
func TestLinkDoesNotGoRoundTheSecondFactor(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		h.account("ana@example.org")
		h.enrol("ana@example.org")
		if err := h.s.RequestLink(from("192.0.2.1"), h.door, "ana@example.org", ""); err != nil {
			t.Fatal(err)
		}
		letters := h.letters()
		out := must[SignedIn](t)(h.s.RedeemLink(from("192.0.2.1"), h.door, secretOf(t, letters[len(letters)-1])))
		if !out.SecondStepPending() || out.Secret != "" {
			t.Errorf("%+v", out)
		}
	})
}

// Where a collaborative asks for two factors, someone in by one may set up a
// first second factor, but not one more beside it.
func TestOneFactorCannotReplaceTheSecond(t *testing.T) {
	h := newHouse(t, "sqlite")
	a := h.account("ana@example.org")
	h.member(a, h.collaborative("north", true), operation.TableMember)
	key := newAuthenticator(t)
	h.addPasskey(h.as(h.signIn("ana@example.org").Secret, ""), key)

	weak := h.as(h.signIn("ana@example.org").Secret, "")
	_, err := h.s.BeginCodes.Do(weak, h.door, operation.None{})
	wants(t, err, "access.second_factor_first")
	_, err = h.s.BeginPasskey.Do(weak, h.door, operation.None{})
	wants(t, err, "access.second_factor_first")
	keys := must[[]Passkey](t)(h.s.ListPasskeys.Do(weak, h.door, operation.None{}))
	_, err = h.s.RemovePasskey.Do(weak, h.door, PasskeyInput{keys[0].ID})
	wants(t, err, "access.second_factor_first")
	_, err = h.s.RemoveProvider.Do(weak, h.door, JoinedProviderInput{newID[JoinedID]()})
	wants(t, err, "access.second_factor_first")
	_, err = h.s.CreateToken.Do(weak, h.door, CreateTokenInput{Name: "t"})
	wants(t, err, "access.second_factor_first")
	_, err = h.s.ChangeEmail.Do(weak, h.door, ChangeEmailInput{Email: "new@example.org"})
	wants(t, err, "access.second_factor_first")

	strong := h.as(must[SignedIn](t)(h.withPasskey(key, "")).Secret, "")
	if _, err := h.s.BeginCodes.Do(strong, h.door, operation.None{}); err != nil {
		t.Error(err)
	}
}

func TestRemovingTheLastSecondFactorStopsAskingForIt(t *testing.T) {
	h := newHouse(t, "sqlite")
	h.account("ana@example.org")
	secret, _ := h.enrol("ana@example.org")
	done := must[SignedIn](t)(h.s.SecondStep(from("192.0.2.1"), h.door, h.signIn("ana@example.org").Ticket, codeAt(t, secret, h.clock.Now())))
	a := must[Account](t)(h.s.RemoveCodes.Do(h.as(done.Secret, ""), h.door, operation.None{}))
	if a.Codes || a.SecondFactor || a.RecoveryCodes != 0 {
		t.Errorf("%+v", a)
	}
	if h.signIn("ana@example.org").SecondStepPending() {
		t.Error("asks for what is not there")
	}
}
