package web_test

import (
	"net/http"
	"net/url"
	"testing"
)

func TestInvitation(t *testing.T) {
	d := openDoorstep(t)
	k := d.found(d.account("Ana Ruiz", "ana@example.org"), "Maple Valley")
	home := "/c/" + k.Slug + "/"

	path := d.invite(k, "Cleo", "cleo@example.org")
	g := d.guest()
	page := g.get(path, http.StatusOK)
	page.says(t, "invites you to Maple Valley", "table member", "cleo@example.org", "Who sees what")
	if page.header.Get("Referrer-Policy") != "no-referrer" {
		t.Error("the address is not kept")
	}
	g.post(path, http.StatusOK, "language", "es", "return", "").says(t, "Aceptar la invitación")
	page = g.post(path, http.StatusUnprocessableEntity, "name", "Cleo Ono", "password", "maple valley")
	page.says(t, "Cleo Ono")
	if got := g.post(path, http.StatusSeeOther, "name", "Cleo Ono", "password", goodPassword); got.to != home {
		t.Errorf("on to %s", got.to)
	}
	g.get(home, http.StatusOK)
	d.guest().get(path, http.StatusNotFound).says(t, "simply sign in")

	// Without a password the next page offers a passkey.
	path = d.invite(k, "Dan", "dan@example.org")
	if got := d.guest().post(path, http.StatusSeeOther, "name", "Dan"); got.to != "/account/welcome?next="+url.QueryEscape(home) {
		t.Errorf("on to %s", got.to)
	}

	// An account there already, and signed in with it.
	d.account("Eva Lind", "eva@example.org")
	path = d.invite(k, "Eva", "eva@example.org")
	d.guest().get(path, http.StatusOK).says(t, "already has an account here", "Accept and sign in")
	eva := d.entered("eva@example.org")
	page = eva.get(path, http.StatusOK)
	page.saysNot(t, "That is not you?")
	if got := eva.post(path, http.StatusSeeOther, "as", "current"); got.to != home {
		t.Errorf("on to %s", got.to)
	}
	eva.get(home, http.StatusOK)

	// Signed in as somebody else: a choice.
	d.account("Fay Gold", "fay@example.org")
	path = d.invite(k, "Fay", "fay.work@example.org")
	d.guest().post(path, http.StatusUnauthorized, "as", "current").says(t, "Accept the invitation")
	fay := d.entered("fay@example.org")
	fay.get(path, http.StatusOK).says(t, "You are signed in as Fay Gold", "Accept as Fay Gold", "That is not you?", "fay.work@example.org")
	fay.post(path, http.StatusSeeOther, "as", "current")
	fay.get(home, http.StatusOK)
	fay.get("/account", http.StatusOK).says(t, "Now: fay@example.org")
}
