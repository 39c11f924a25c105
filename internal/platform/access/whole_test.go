package access

import (
	"errors"
	"testing"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Accepting an invitation makes an account, a membership and a session, or none
// of them: a fault at any of its statements leaves the link good and nobody new.
func TestAcceptanceIsWholeOrNothing(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		director, _, c, person, _ := invitingHouse(h)
		must[Invitation](t)(h.s.Invite.Do(h.as(director, "north"), h.door, InviteInput{Person: person, Roles: []operation.Role{operation.TableMember}}))
		secret := secretOf(t, h.letters()[0])
		counts := func() (out [5]int64) {
			if err := h.store.ReadInstallation(t.Context(), func(tx *store.InstallationTx) error {
				return store.Each(tx, func(row store.Row) error { return row.Scan(&out[0], &out[1], &out[2], &out[3], &out[4]) },
					`SELECT (SELECT COUNT(*) FROM accounts), (SELECT COUNT(*) FROM memberships WHERE collaborative_id = $1), (SELECT COUNT(*) FROM sessions),
					(SELECT COUNT(*) FROM installation_audit), (SELECT COUNT(*) FROM links)`, c.ID)
			}); err != nil {
				t.Fatal(err)
			}
			return out
		}
		fault := errors.New("a fault of the test")
		before := counts()
		for at := 1; ; at++ {
			seen, where := 0, ""
			h.store.FailWith(func(text string) error {
				if seen++; seen == at {
					where = text
					return fault
				}
				return nil
			})
			_, err := h.s.accept.Do(operation.WithCollaborative(from("192.0.2.1"), c), h.door, acceptProof{AcceptInput: AcceptInput{Secret: secret}})
			h.store.FailWith(nil)
			if where == "" {
				if err != nil || seen < 8 || counts() == before {
					t.Errorf("undisturbed, with %d statements: %v, %v", seen, err, counts())
				}
				return
			}
			if err == nil || counts() != before {
				t.Fatalf("statement %d (%s): %v, %v and not %v", at, where, err, counts(), before)
			}
		}
	})
}
