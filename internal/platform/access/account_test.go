package access

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
)

func TestUpdateAccount(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		h.account("ana@example.org")
		ctx := h.as(h.signIn("ana@example.org").Secret, "")
		name, language, unknown, empty := "Ana L.", "es", "xx", "  "
		if _, err := h.s.UpdateAccount.Do(ctx, h.door, UpdateAccountInput{Name: &name}); err != nil {
			t.Fatal(err)
		}
		a := must[Account](t)(h.s.UpdateAccount.Do(ctx, h.door, UpdateAccountInput{Language: &language}))
		if a.Name != name || a.Language != language || a.Version != 3 {
			t.Errorf("%+v", a)
		}
		_, err := h.s.UpdateAccount.Do(ctx, h.door, UpdateAccountInput{Language: &unknown})
		wants(t, err, "errors.not_offered")
		_, err = h.s.UpdateAccount.Do(ctx, h.door, UpdateAccountInput{Name: &empty})
		wants(t, err, "errors.required")
		_, err = h.s.ShowAccount.Do(from("192.0.2.1"), h.door, operation.None{})
		wants(t, err, "errors.sign_in")
	})
}

func TestChangeEmail(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		a := h.account("ana@example.org")
		h.account("eve@example.org")
		ctx := h.as(h.signIn("ana@example.org").Secret, "")
		_, err := h.s.ChangeEmail.Do(ctx, h.door, ChangeEmailInput{Email: "Ana@Example.org"})
		wants(t, err, "access.email_same")
		_, err = h.s.ChangeEmail.Do(ctx, h.door, ChangeEmailInput{Email: "not an address"})
		wants(t, err, "errors.not_an_email")
		for _, email := range []string{"first@example.org", "second@example.org"} {
			if _, err := h.s.ChangeEmail.Do(ctx, h.door, ChangeEmailInput{Email: email}); err != nil {
				t.Fatal(err)
			}
		}
		if err := h.s.RequestLink(from("192.0.2.1"), h.door, "ana@example.org", ""); err != nil {
			t.Fatal(err)
		}
		letters := h.letters()
		if len(letters) != 3 || letters[0].To != "first@example.org" || letters[0].Template != mail.EmailChangeConfirm {
			t.Fatalf("%+v", letters)
		}
		_, err = h.s.ConfirmEmail(from("192.0.2.1"), h.door, secretOf(t, letters[0]))
		wants(t, err, "access.link_dead") // only the latest counts
		if view, err := h.s.LookConfirmEmail(t.Context(), secretOf(t, letters[1])); err != nil || view.Email != "second@example.org" {
			t.Errorf("%+v %v", view, err)
		}
		changed := must[Account](t)(h.s.ConfirmEmail(from("192.0.2.1"), h.door, secretOf(t, letters[1])))
		if changed.ID != a.ID || changed.Email != "second@example.org" {
			t.Errorf("%+v", changed)
		}
		// The link on its way to the old mailbox is dead, and its owner is told.
		_, err = h.s.RedeemLink(from("192.0.2.1"), h.door, secretOf(t, letters[2]))
		wants(t, err, "access.link_dead")
		if told := h.letters(); len(told) != 1 || told[0].To != "ana@example.org" || told[0].Template != mail.EmailChanged {
			t.Errorf("%+v", told)
		}
		// To an address that has an account nothing different is said at first.
		if _, err := h.s.ChangeEmail.Do(ctx, h.door, ChangeEmailInput{Email: "eve@example.org"}); err != nil {
			t.Fatal(err)
		}
		_, err = h.s.ConfirmEmail(from("192.0.2.1"), h.door, secretOf(t, h.letters()[0]))
		wants(t, err, "access.email_taken")
	})
}

func TestRemovingThePasswordLeavesTheMailbox(t *testing.T) {
	h := newHouse(t, "sqlite")
	h.account("ana@example.org")
	secret := h.signIn("ana@example.org").Secret
	a := must[Account](t)(h.s.RemovePassword.Do(h.as(secret, ""), h.door, operation.None{}))
	if a.Password || !h.alive(secret) {
		t.Errorf("%+v", a)
	}
	if _, err := h.s.SignInWithPassword(from("192.0.2.1"), h.door, PasswordInput{Email: "ana@example.org", Password: goodPassword}); err == nil {
		t.Error("the removed password lets in")
	}
}

func TestSetPasswordKnowsTheAccountsOwnWords(t *testing.T) {
	h := newHouse(t, "sqlite")
	a := h.account("rosalind@example.org")
	h.member(a, h.collaborative("riverside", false), operation.Staff)
	ctx := h.as(h.signIn("rosalind@example.org").Secret, "")
	for _, bad := range []string{"Rosalind2026!", "riverside-2026"} {
		_, err := h.s.SetPassword.Do(ctx, h.door, SetPasswordInput{Password: bad})
		wants(t, err, "access.password_own")
	}
	_, err := h.s.SetPassword.Do(ctx, h.door, SetPasswordInput{Password: "sunshine2026"})
	wants(t, err, "access.password_common")
}

func TestSetUp(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		old := must[string](t)(h.s.SetUpLink(t.Context(), h.door))
		link := must[string](t)(h.s.SetUpLink(t.Context(), h.door))
		if !strings.HasPrefix(link, "https://table.example.org/set-up/ctl_") {
			t.Error(link)
		}
		secret := func(link string) string { return link[strings.LastIndexByte(link, '/')+1:] }
		if err := h.s.LookSetUp(t.Context(), secret(old)); err == nil {
			t.Error("an older link serves beside the newer")
		}
		in := SetUpInput{Secret: secret(link), Name: "Dora", Email: "dora@example.org", Language: "es", Password: "dora2026dora"}
		_, err := h.s.CompleteSetUp(from("192.0.2.1"), h.door, in)
		wants(t, err, "access.password_own")
		in.Password = goodPassword
		var won atomic.Int64
		var first SignedIn
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if out, err := h.s.CompleteSetUp(from("192.0.2.1"), h.door, in); err == nil {
					won.Add(1)
					first = out
				}
			})
		}
		all.Wait()
		if won.Load() != 1 {
			t.Fatalf("%d first accounts", won.Load())
		}
		actor, _, found, _ := h.s.Authenticate(t.Context(), first.Secret, "")
		if !actor.Has(operation.Administrator) || found.Language != "es" || !first.New {
			t.Errorf("%+v", actor)
		}
		if link := must[string](t)(h.s.SetUpLink(t.Context(), h.door)); link != "" {
			t.Errorf("a set-up link for an installation in use: %s", link)
		}
		_, err = h.s.CompleteSetUp(from("192.0.2.1"), h.door, in)
		wants(t, err, "access.link_dead")
		_, err = h.s.makeSetUp.Do(h.as(first.Secret, ""), h.door, operation.None{})
		wants(t, err, "errors.forbidden")
	})
}

func TestAdministration(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		root := h.administrator("root@example.org")
		ana := h.account("ana@example.org")
		ctx := h.as(h.signIn("root@example.org").Secret, "")
		_, err := h.s.ListAccounts.Do(h.as(h.signIn("ana@example.org").Secret, ""), h.door, ListAccountsInput{})
		wants(t, err, "errors.forbidden")

		made := must[Account](t)(h.s.CreateAccount.Do(ctx, h.door, CreateAccountInput{Name: "Bo", Email: "bo@example.org"}))
		_, err = h.s.CreateAccount.Do(ctx, h.door, CreateAccountInput{Name: "Bo", Email: "BO@example.org"})
		wants(t, err, "access.email_taken")
		page := must[operation.Page[Account]](t)(h.s.ListAccounts.Do(ctx, h.door, ListAccountsInput{Limit: 2}))
		rest := must[operation.Page[Account]](t)(h.s.ListAccounts.Do(ctx, h.door, ListAccountsInput{Limit: 2, After: page.Next}))
		if len(page.Items) != 2 || page.Items[0].ID != ana.ID || page.Items[1].ID != made.ID || len(rest.Items) != 1 || rest.Items[0].ID != root.ID {
			t.Errorf("%+v %+v", page, rest)
		}
		if some := must[operation.Page[Account]](t)(h.s.ListAccounts.Do(ctx, h.door, ListAccountsInput{Email: "bo"})); len(some.Items) != 1 {
			t.Errorf("%+v", some)
		}
		_, err = h.s.DisableAccount.Do(ctx, h.door, AccountInput{root.ID})
		wants(t, err, "access.last_administrator")
		_, err = h.s.SetAdministrator.Do(ctx, h.door, SetAdministratorInput{ID: root.ID})
		wants(t, err, "access.last_administrator")
		if _, err := h.s.SetAdministrator.Do(ctx, h.door, SetAdministratorInput{ID: ana.ID, Administrator: true}); err != nil {
			t.Fatal(err)
		}
		disabled := must[Account](t)(h.s.DisableAccount.Do(ctx, h.door, AccountInput{made.ID}))
		enabled := must[Account](t)(h.s.EnableAccount.Do(ctx, h.door, AccountInput{made.ID}))
		if disabled.Disabled == nil || enabled.Disabled != nil {
			t.Errorf("%+v %+v", disabled, enabled)
		}

		h.enrol("ana@example.org")
		reset := must[Account](t)(h.s.ResetSecondFactor.Do(h.as(h.signIn("root@example.org").Secret, ""), h.door, AccountInput{ana.ID}))
		if reset.HasSecondFactor() || reset.SecondFactor || h.signIn("ana@example.org").SecondStepPending() {
			t.Errorf("%+v", reset)
		}

		// Letting oneself in as somebody else is for the machine's own command line.
		_, err = h.s.IssueLink.Do(ctx, h.door, IssueLinkInput{Email: "ana@example.org", Minutes: 5})
		wants(t, err, "errors.forbidden")
		_, err = h.s.IssueToken.Do(ctx, h.door, IssueTokenInput{Email: "ana@example.org", CreateTokenInput: CreateTokenInput{Name: "t"}})
		wants(t, err, "errors.forbidden")
		system := operation.WithActor(t.Context(), operation.System())
		issued := must[IssuedLink](t)(h.s.IssueLink.Do(system, h.door, IssueLinkInput{Email: "ana@example.org", Minutes: 60, Next: "/north"}))
		h.clock.Advance(59 * time.Minute)
		if out := must[SignedIn](t)(h.s.RedeemLink(from("192.0.2.1"), h.door, issued.Link[strings.LastIndexByte(issued.Link, '/')+1:])); out.Account.ID != ana.ID || out.Next != "/north" {
			t.Errorf("%+v", out)
		}
		_, err = h.s.IssueLink.Do(system, h.door, IssueLinkInput{Email: "nobody@example.org", Minutes: 5})
		wants(t, err, "access.no_account")
	})
}
