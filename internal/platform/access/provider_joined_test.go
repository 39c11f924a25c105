package access

import (
	"context"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// What was joined is listed for its owner alone, and parting from it takes only
// that one way in away.
func TestJoinedProvidersAreListedAndRemoved(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		i := newIssuer(t)
		h.s, h.door = h.open(Config{Providers: []Provider{i.provider(false, false)}})
		h.account("ana@example.org")
		h.account("eve@example.org")
		ana := h.as(h.signIn("ana@example.org").Secret, "")
		eve := h.as(h.signIn("eve@example.org").Secret, "")
		list := func(ctx context.Context) []JoinedProvider {
			t.Helper()
			return must[[]JoinedProvider](t)(h.s.ListProviders.Do(ctx, h.door, operation.None{}))
		}
		remove := func(ctx context.Context, which JoinedID) error {
			_, err := h.s.RemoveProvider.Do(ctx, h.door, JoinedProviderInput{ID: which})
			return err
		}
		if got := list(ana); got == nil || len(got) != 0 {
			t.Errorf("before joining: %+v", got)
		}
		for _, subject := range []string{"7", "8"} {
			i.claims = jwt.MapClaims{"sub": subject, "email": "ana@work.example", "email_verified": true}
			must[SignedIn](t)(i.visit(h, ana))
		}
		got := list(ana)
		if len(got) != 2 || got[0].Name != "Example" || !got[0].Offered || got[0].Trusted || got[0].Email != "ana@work.example" || !got[0].Joined.Equal(h.clock.Now()) || got[0].ID == got[1].ID {
			t.Fatalf("joined: %+v", got)
		}
		if others := list(eve); len(others) != 0 {
			t.Errorf("somebody else sees %+v", others)
		}
		wants(t, remove(eve, got[0].ID), "errors.not_found")
		if err := remove(ana, got[0].ID); err != nil {
			t.Fatal(err)
		}
		wants(t, remove(ana, got[0].ID), "errors.not_found")
		if left := list(ana); len(left) != 1 || left[0].ID != got[1].ID {
			t.Errorf("left: %+v", left)
		}

		// A provider that is no longer offered can be parted from too, and a link
		// by mail is left as the way in.
		h.s, h.door = h.open(Config{})
		if left := list(ana); len(left) != 1 || left[0].Offered || left[0].Name == "" || left[0].ID != got[1].ID {
			t.Errorf("without the provider: %+v", left)
		}
		if err := remove(ana, got[1].ID); err != nil {
			t.Fatal(err)
		}
		h.s, h.door = h.open(Config{Providers: []Provider{i.provider(false, false)}})
		_, err := i.visit(h, from("192.0.2.1"))
		wants(t, err, "access.provider_unknown")
		if !h.alive(h.signIn("ana@example.org").Secret) {
			t.Error("no way in is left")
		}

		h.write(func(tx *store.InstallationTx) error {
			n, err := store.Value[int64](tx, `SELECT COUNT(*) FROM installation_audit WHERE operation = 'account.remove-provider' AND subject_kind = 'account'`)
			if n != 2 {
				t.Errorf("%d removals are written down", n)
			}
			return err
		})
		h.clock.Advance(operation.FreshFor + time.Second)
		wants(t, remove(ana, got[1].ID), "errors.verify_again")
	})
}
