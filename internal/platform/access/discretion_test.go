package access

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"commontable/internal/platform/store"
)

// Nothing that lets somebody in may be found in the logs, in the audit log, or
// in the bytes of the database.
func TestSecretsAreNowhereToBeFound(t *testing.T) {
	h := newHouse(t, "sqlite")
	const canary = "canary wharf 47 thimble"
	secrets := map[string]string{"password": canary, "typed into the address field": "canary-in-the-wrong-field"}
	_, _ = h.s.SignInWithPassword(from("192.0.2.1"), h.door, PasswordInput{Email: secrets["typed into the address field"], Password: canary})
	h.account("ana@example.org")
	in := h.signIn("ana@example.org")
	secrets["session"] = in.Secret
	ctx := h.as(in.Secret, "")
	secrets["token"] = must[NewToken](t)(h.s.CreateToken.Do(ctx, h.door, CreateTokenInput{Name: "t"})).Secret
	if err := h.s.RequestLink(from("192.0.2.1"), h.door, "ana@example.org", ""); err != nil {
		t.Fatal(err)
	}
	secrets["link"] = secretOf(t, h.letters()[0]) // taken from the queue, which seals what it holds
	code, recovery := h.enrol("ana@example.org")
	secrets["code app"], secrets["recovery"] = code, recovery[0]
	ctx = h.as(must[SignedIn](t)(h.s.SecondStep(from("192.0.2.1"), h.door, h.signIn("ana@example.org").Ticket, codeAt(t, code, h.clock.Now()))).Secret, "")
	if _, err := h.s.SetPassword.Do(ctx, h.door, SetPasswordInput{Password: canary}); err != nil {
		t.Fatal(err)
	}
	if err := h.store.Close(); err != nil {
		t.Fatal(err)
	}
	h.closed = true

	files, err := filepath.Glob(h.path + "*")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	places := map[string]string{"log": h.log.String()}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		places[filepath.Base(f)] = string(raw)
	}
	for what, secret := range secrets {
		for where, content := range places {
			if what == "link" && where != "log" {
				continue // these tests' queue is plain
			}
			for _, spelling := range []string{secret, strings.ReplaceAll(secret, "-", ""), strings.TrimPrefix(secret, linkPrefix)} {
				if strings.Contains(content, spelling) {
					t.Errorf("the %s is in the %s", what, where)
				}
			}
		}
	}
	if !strings.Contains(places["log"], `"event":"signed_in"`) || !strings.Contains(places["log"], `"event":"sign_in_failed"`) {
		t.Error("sign-ins leave no record")
	}
}

// What comes from outside cannot write lines of its own into the log.
func TestLogLinesCannotBeForged(t *testing.T) {
	h := newHouse(t, "sqlite")
	ctx := WithClient(from("192.0.2.1"), Client{Agent: "x\r\n{\"event\":\"forged\"}\x1b[31m\u202e" + strings.Repeat("y", 5000)})
	_, _ = h.s.SignInWithPassword(ctx, h.door, PasswordInput{Email: "a\n{\"event\":\"forged\"}", Password: "x"})
	for line := range strings.SplitSeq(h.log.String(), "\n") {
		if strings.HasPrefix(line, `{"event":"forged"`) || strings.ContainsAny(line, "\x1b\u202e\r") || len(line) > 2000 {
			t.Errorf("%q", line)
		}
	}
}

// Every secret comes from crypto/rand.
func TestNoWeakRandomness(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(f, "_test.go") && strings.Contains(string(raw), `"math/rand`) {
			t.Errorf("%s uses math/rand", f)
		}
	}
}

// Every change of an account leaves exactly the entries it should.
func TestAccountChangesAreAudited(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		a := h.account("ana@example.org")
		ctx := h.as(h.signIn("ana@example.org").Secret, "")
		name := "Ana L."
		if _, err := h.s.UpdateAccount.Do(ctx, h.door, UpdateAccountInput{Name: &name}); err != nil {
			t.Fatal(err)
		}
		if _, err := h.s.SetPassword.Do(ctx, h.door, SetPasswordInput{Password: "another velvet anchor 48"}); err != nil {
			t.Fatal(err)
		}
		type entry struct{ operation, fields string }
		var got []entry
		h.write(func(tx *store.InstallationTx) (err error) {
			got, err = store.Collect(tx, func(row store.Row) (e entry, err error) {
				return e, row.Scan(&e.operation, store.ScanText(&e.fields))
			}, `SELECT operation, fields FROM installation_audit WHERE account_id = $1 ORDER BY id`, a.ID)
			return err
		})
		want := []string{"sign-in.by-password", "account.update", "account.set-password"}
		for i, e := range got {
			if i < len(want) && e.operation != want[i] {
				t.Errorf("%d: %+v", i, e)
			}
			if strings.Contains(e.fields, "velvet") || strings.Contains(e.fields, "argon2id") {
				t.Errorf("a secret in %+v", e)
			}
		}
		if len(got) < 3 || !strings.Contains(got[1].fields, `Ana L.`) || !strings.Contains(got[0].fields, `password`) {
			t.Errorf("%+v", got)
		}
	})
}
