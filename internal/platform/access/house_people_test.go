package access

import (
	"context"
	"net/netip"
	"strings"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

const goodPassword = "velvet anchor 47 thimble"

// account makes an account with goodPassword.
func (h *house) account(email string) Account {
	h.t.Helper()
	hash, err := h.s.HashPassword(context.Background(), goodPassword)
	if err != nil {
		h.t.Fatal(err)
	}
	var a Account
	h.write(func(tx *store.InstallationTx) (err error) {
		name, _, _ := strings.Cut(email, "@")
		a, err = CreateAccount(tx, h.clock.Now(), NewAccount{Name: name, Email: email, Language: "en", PasswordHash: hash})
		return err
	})
	return a
}

func (h *house) administrator(email string) Account {
	h.t.Helper()
	a := h.account(email)
	h.write(func(tx *store.InstallationTx) error {
		_, err := tx.Exec(`UPDATE accounts SET administrator = TRUE WHERE id = $1`, a.ID)
		return err
	})
	return a
}

// collaborative makes a collaborative.
func (h *house) collaborative(slug string, requireSecondFactor bool) operation.Collaborative {
	h.t.Helper()
	id := operation.NewCollaborativeID()
	h.write(func(tx *store.InstallationTx) error {
		_, err := tx.Exec(`INSERT INTO collaboratives (id, slug, name, place, population, purpose, zone, language, languages, phase, labels, survey_minimum, people_minimum,
			require_second_factor, version, created_at, updated_at) VALUES ($1, $2, $3, '', '', '', 'America/Chicago', 'en', '["en"]', 'forming', '{"table":"Steering group"}', 5, 10, $4, 1, 0, 0)`,
			id, slug, strings.ToUpper(slug), requireSecondFactor)
		return err
	})
	c, err := h.s.Collaborative(context.Background(), slug)
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

func (h *house) member(a Account, c operation.Collaborative, roles ...operation.Role) operation.PersonID {
	h.t.Helper()
	person := operation.NewPersonID()
	h.write(func(tx *store.InstallationTx) error {
		return Grant(tx, h.clock.Now(), Membership{a.ID, c.ID, person, roles})
	})
	return person
}

// from is the context of a request from an address without a session.
func from(address string) context.Context {
	return WithClient(context.Background(), Client{Address: netip.MustParseAddr(address), Agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"})
}

// as is the context of a request with a session in a collaborative; slug may be
// empty.
func (h *house) as(secret, slug string) context.Context {
	h.t.Helper()
	actor, where, _, err := h.s.Authenticate(context.Background(), secret, slug)
	if err != nil {
		h.t.Fatal(err)
	}
	ctx := operation.WithActor(from("192.0.2.10"), actor)
	if slug != "" {
		ctx = operation.WithCollaborative(ctx, where)
	}
	return ctx
}

// signIn signs in by password.
func (h *house) signIn(email string) SignedIn {
	h.t.Helper()
	out, err := h.s.SignInWithPassword(from("192.0.2.10"), h.door, PasswordInput{Email: email, Password: goodPassword})
	if err != nil {
		h.t.Fatal(err)
	}
	return out
}

// alive says whether a session secret still lets its bearer in.
func (h *house) alive(secret string) bool {
	h.t.Helper()
	actor, _, _, err := h.s.Authenticate(context.Background(), secret, "")
	if err != nil {
		h.t.Fatal(err)
	}
	return actor.SignedIn()
}

// setHash gives an account a stored hash as it is.
func (h *house) setHash(email, hash string) {
	h.t.Helper()
	h.write(func(tx *store.InstallationTx) error {
		_, err := tx.Exec(`UPDATE accounts SET password_hash = $2 WHERE email_key = $1`, EmailKey(email), hash)
		return err
	})
}

// accountID finds an account by its address.
func (h *house) accountID(email string) operation.AccountID {
	h.t.Helper()
	var a Account
	if err := h.store.ReadInstallation(context.Background(), func(tx *store.InstallationTx) (err error) {
		a, err = FindAccount(tx, email)
		return err
	}); err != nil {
		h.t.Fatal(err)
	}
	return a.ID
}
