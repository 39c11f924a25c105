package access

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
	"commontable/internal/testing/postgres"
)

// Letters hold all that their templates need.
func TestLettersCanBeWritten(t *testing.T) {
	h := newHouse(t, "sqlite")
	director, _, _, person, _ := invitingHouse(h)
	if _, err := h.s.Invite.Do(h.as(director, "north"), h.door, InviteInput{Person: person, Roles: []operation.Role{operation.TableMember}}); err != nil {
		t.Fatal(err)
	}
	h.signIn("dir@example.org")
	ctx := h.as(h.signIn("dir@example.org").Secret, "")
	if _, err := h.s.ChangeEmail.Do(ctx, h.door, ChangeEmailInput{Email: "new@example.org"}); err != nil {
		t.Fatal(err)
	}
	if err := h.s.RequestLink(from("192.0.2.1"), h.door, "dir@example.org", ""); err != nil {
		t.Fatal(err)
	}
	letters := h.letters()
	for _, l := range letters {
		if l.Template == mail.EmailChangeConfirm {
			if _, err := h.s.ConfirmEmail(from("192.0.2.1"), h.door, secretOf(t, l)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := h.s.SetPassword.Do(ctx, h.door, SetPasswordInput{Password: "another velvet anchor 48"}); err != nil {
		t.Fatal(err)
	}
	letters = append(letters, h.letters()...)
	seen := map[mail.Template]bool{}
	for _, l := range letters {
		seen[l.Template] = true
		if _, _, _, err := mail.Render(in(t.Context(), Account{Language: l.Language}), l.Template, l.Data); err != nil {
			t.Errorf("%s: %v", l.Template, err)
		}
	}
	for _, template := range []mail.Template{mail.SignInLink, mail.Invitation, mail.PasswordChanged, mail.EmailChangeConfirm, mail.NewSignIn, mail.EmailChanged} {
		if !seen[template] {
			t.Errorf("no %s was sent", template)
		}
	}
}

// No statement scans a table or sorts in a temporary tree.
func TestEveryStatementHasItsIndex(t *testing.T) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) { everyStatementHasItsIndex(t, newHouse(t, engine)) })
	}
}

func everyStatementHasItsIndex(t *testing.T, h *house) {
	director, _, c, person, _ := invitingHouse(h)
	root := h.administrator("root@example.org")
	a := h.account("ana@example.org")
	h.member(a, c, operation.Staff)
	ctx, system := h.as(director, "north"), operation.WithActor(t.Context(), operation.System())
	admin := h.as(h.signIn("root@example.org").Secret, "")
	sent := must[Invitation](t)(h.s.Invite.Do(ctx, h.door, InviteInput{Person: person, Roles: []operation.Role{operation.TableMember}}))
	_, _ = h.s.Invite.Do(ctx, h.door, InviteInput{Person: person, Roles: []operation.Role{operation.TableMember}})
	_, _ = h.s.RevokeInvitation.Do(ctx, h.door, InvitationInput{sent.ID})
	for _, op := range h.s.Operations() {
		// Most refuse an empty input only after having asked the database.
		d := op.Describe()
		c := ctx
		if strings.HasPrefix(d.ID, "accounts.") {
			c = admin
		}
		if op == operation.Any(h.s.AddPasskey) || op == operation.Any(h.s.ConfirmCodes) {
			continue
		}
		runEmpty(c, h, op)
	}
	_, _ = h.s.SetAdministrator.Do(admin, h.door, SetAdministratorInput{ID: root.ID})
	_, _ = h.s.DisableAccount.Do(admin, h.door, AccountInput{a.ID})
	_, _ = h.s.ListAccounts.Do(admin, h.door, ListAccountsInput{Email: "a", Limit: 1})
	_, _ = h.s.SetUpLink(system, h.door)
	_ = h.s.Sweep(t.Context())
	_ = h.s.FlushSeen(t.Context())
	_, _, _, _ = h.s.AuthenticateToken(t.Context(), TokenPrefix+text(random(32)), "north")
	_, _, _, _ = h.s.Authenticate(t.Context(), sessionPrefix+text(random(32)), "north")

	if h.database != "" {
		postgres.Start(t).Enlarge(t, h.database)
	}
	for _, s := range h.store.Statements() {
		if s.Tenant || strings.Contains(s.SQL, "jobs") || !strings.HasPrefix(s.SQL, "SELECT") && !strings.HasPrefix(s.SQL, "DELETE") && !strings.HasPrefix(s.SQL, "UPDATE") {
			continue
		}
		plan, err := h.store.Explain(t.Context(), store.Collaborative{}, s)
		if err != nil {
			t.Errorf("%v: %s", err, s.SQL)
			continue
		}
		for _, step := range append(plan.Whole, plan.Sorts...) {
			t.Errorf("%s\n\t%s\n\t%s", step, strings.Join(plan.Steps, "\n\t"), s.SQL)
		}
	}
}

// runEmpty runs an operation on the zero value of its input, for the statements
// it makes.
func runEmpty(ctx context.Context, h *house, op operation.Any) {
	_, _ = op.DoAny(ctx, h.door, reflect.New(op.InputType()).Interface())
}
