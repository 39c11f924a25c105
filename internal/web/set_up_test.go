package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestSetUp(t *testing.T) {
	d := openDoorstep(t)
	link := func() string {
		t.Helper()
		l, err := d.app.Access.SetUpLink(context.Background(), d.app.Door)
		if err != nil || l == "" {
			t.Fatalf("no link: %v", err)
		}
		return strings.TrimPrefix(l, d.url)
	}
	old, path := link(), link()
	g := d.guest()
	g.get(old, http.StatusNotFound).says(t, "start the program again")
	g.get(path, http.StatusOK).says(t, "Step 1 of 2")
	page := g.post(path, http.StatusUnprocessableEntity, "name", "Dee Director", "email", "dee@example.org", "password", "short")
	page.says(t, "Dee Director", "at least 10 characters")
	page.saysNot(t, `value="short"`)
	g.post(path, http.StatusOK, "language", "fr", "return", "").says(t, "Étape 1 sur 2")
	if got := g.post(path, http.StatusSeeOther, "name", "Dee Director", "email", "dee@example.org"); got.to != "/account/welcome?next="+url.QueryEscape("/set-up/collaborative") {
		t.Fatalf("on to %s", got.to)
	}
	d.guest().get(path, http.StatusNotFound)
	g.get("/account/welcome?next=/set-up/collaborative", http.StatusOK).says(t, "Créer une clé d’accès", `href="/set-up/collaborative"`)
	g.get("/set-up/collaborative", http.StatusOK).says(t, "Étape 2 sur 2", "America/Chicago")
	g.post("/set-up/collaborative", http.StatusUnprocessableEntity, "name", "Maple Valley", "language", "en").says(t, "Maple Valley")
	got := g.post("/set-up/collaborative", http.StatusSeeOther, "name", "Maple Valley", "place", "Maple County", "zone", "America/Chicago", "language", "en")
	if got.to != "/c/maple-valley/" {
		t.Fatalf("on to %s", got.to)
	}
	g.get(got.to, http.StatusOK).says(t, "Maple Valley")
	if l, err := d.app.Access.SetUpLink(context.Background(), d.app.Door); l != "" || err != nil {
		t.Errorf("there is still a link: %q %v", l, err)
	}
	d.account("Ben Cole", "ben@example.org")
	d.entered("ben@example.org").get("/set-up/collaborative", http.StatusForbidden)
}
