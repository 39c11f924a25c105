package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"commontable/internal/platform/access"
)

// A link by mail: looking does not use it up, whoever looks; the button does.
func TestSignInByLink(t *testing.T) {
	d := openDoorstep(t)
	k := d.found(d.account("Ana Ruiz", "ana@example.org"), "Maple Valley")
	home := "/c/" + k.Slug + "/"

	g := d.guest()
	if got := g.get(home, http.StatusSeeOther); got.to != "/sign-in?next="+url.QueryEscape(home) {
		t.Fatalf("a stranger is sent to %s", got.to)
	}
	g.get("/sign-in?next="+url.QueryEscape(home), http.StatusOK).says(t, "Send me a link", "No mail server is set up", "Français", "Español")
	g.post("/sign-in", http.StatusOK, "email", "ana@example.org", "next", home).says(t, "Look in your mailbox")

	path := d.mailed("ana@example.org", access.PathSignInLink)
	for range 2 { // a scanner opens it first
		page := d.guest().get(path, http.StatusOK)
		page.says(t, "You will be signed in as ana@example.org at localhost")
		if page.header.Get("Referrer-Policy") != "no-referrer" || page.header.Get("Cache-Control") != "no-store" {
			t.Errorf("the address is not kept: %v", page.header)
		}
		if len(page.header.Values("Set-Cookie")) > 0 {
			t.Error("looking sets a cookie")
		}
	}
	if status := g.send(g.request(http.MethodHead, path, "", "")).status; status != http.StatusOK {
		t.Errorf("HEAD of a link: %d", status)
	}
	got := g.post(path, http.StatusSeeOther)
	if got.to != home || strings.Contains(got.to, "ctl_") {
		t.Errorf("signed in, on to %s", got.to)
	}
	g.get(home, http.StatusOK)
	page := d.guest().post(path, http.StatusNotFound)
	page.says(t, "This link no longer works")
	if page.header.Get("Referrer-Policy") != "no-referrer" {
		t.Error("the address of a dead link is not kept")
	}
}

// Whether an address has an account shows in nothing.
func TestSignInTellsNobodyWhoHasAnAccount(t *testing.T) {
	d := openDoorstep(t)
	d.account("Ana Ruiz", "ana@example.org")
	same := func(path string, pairs ...string) {
		t.Helper()
		var answers []shown
		for _, email := range []string{"ana@example.org", "eva@example.org"} {
			g := d.guest()
			got := g.send(g.request(http.MethodPost, path, "application/x-www-form-urlencoded", url.Values{"email": {email}, "password": pairs}.Encode()))
			got.body = strings.ReplaceAll(got.body, email, "x@example.org")
			got.header.Del("Date")
			got.header.Del("Content-Length")
			answers = append(answers, got)
		}
		if answers[0].status != answers[1].status || answers[0].body != answers[1].body {
			t.Errorf("%s answers differently: %d and %d", path, answers[0].status, answers[1].status)
		}
		for name, values := range answers[0].header {
			if strings.Join(values, " ") != strings.Join(answers[1].header[name], " ") {
				t.Errorf("%s differs in %s: %v and %v", path, name, values, answers[1].header[name])
			}
		}
	}
	same("/sign-in")
	same("/sign-in/password", "wrong password entirely")
}

func TestSignInByPassword(t *testing.T) {
	d := openDoorstep(t)
	d.account("Ana Ruiz", "ana@example.org")
	g := d.guest()
	g.post("/sign-in/password", http.StatusUnprocessableEntity, "email", "", "password", "").says(t, "This is needed.")
	page := g.post("/sign-in/password", http.StatusUnauthorized, "email", "ana@example.org", "password", "not this one", "next", "/account")
	page.says(t, "do not match", "ana@example.org")
	page.saysNot(t, "not this one")
	if got := g.post("/sign-in/password", http.StatusSeeOther, "email", "ANA@example.org", "password", goodPassword, "next", "/account"); got.to != "/account" {
		t.Errorf("signed in, on to %s", got.to)
	}
	g.get("/account", http.StatusOK).says(t, "Ana Ruiz")
	// Someone signed in has no use for the page.
	if got := g.get("/sign-in?next=/account/tokens", http.StatusSeeOther); got.to != "/account/tokens" {
		t.Errorf("the page leads to %s", got.to)
	}

	guesser := d.guest()
	for range 9 { // and one above
		guesser.post("/sign-in/password", http.StatusUnauthorized, "email", "ana@example.org", "password", "guess")
	}
	page = guesser.post("/sign-in/password", http.StatusTooManyRequests, "email", "ana@example.org", "password", goodPassword)
	page.says(t, "Try again in 3 minutes.")
	if page.header.Get("Retry-After") == "" {
		t.Error("programs are not told when to come back")
	}
	d.clock.Advance(4 * time.Minute)
	guesser.post("/sign-in/password", http.StatusSeeOther, "email", "ana@example.org", "password", goodPassword)
}

// A secret planted in a browser before signing in is worth nothing after it.
func TestSignInRenewsTheSession(t *testing.T) {
	d := openDoorstep(t)
	d.account("Ana Ruiz", "ana@example.org")
	d.account("Mallory", "mallory@example.org")
	mallory := d.entered("mallory@example.org")
	planted := mallory.cookie("commontable")
	victim := d.guest()
	u, err := url.Parse(d.url)
	if err != nil {
		t.Fatal(err)
	}
	victim.client.Jar.SetCookies(u, []*http.Cookie{{Name: "commontable", Value: planted, Path: "/"}})
	got := victim.post("/sign-in/password", http.StatusSeeOther, "email", "ana@example.org", "password", goodPassword)
	cookie := strings.Join(got.header.Values("Set-Cookie"), "\n")
	if victim.cookie("commontable") == planted || !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax") {
		t.Errorf("cookies: %s", cookie)
	}
	mallory.get("/account", http.StatusSeeOther) // the planted session has ended
}

// However it is written, "next" leads nowhere but to this site.
func TestSignInLeadsNowhereElse(t *testing.T) {
	d := openDoorstep(t)
	d.account("Ana Ruiz", "ana@example.org")
	g := d.entered("ana@example.org")
	for _, next := range []string{"//evil.example", `/\evil.example`, "https://evil.example/", "/%0d%0aLocation:%20https://evil.example", `\\evil.example`, "/%2f%2fevil.example",
		"/\tevil", "javascript:alert(1)", "/@evil.example", "//user@evil.example/", "/。。/evil", " //evil.example", "/..//evil.example"} {
		for name, got := range map[string]shown{
			"the page":     g.get("/sign-in?next="+url.QueryEscape(next), http.StatusSeeOther),
			"the password": d.guest().post("/sign-in/password", http.StatusSeeOther, "email", "ana@example.org", "password", goodPassword, "next", next),
			"the language": g.post("/account/language", http.StatusSeeOther, "language", "en", "return", next),
		} {
			if got.to != "/" {
				t.Errorf("%s leads %q to %q", name, next, got.to)
			}
		}
		if page := g.get("/account/welcome?next="+url.QueryEscape(next), http.StatusOK); strings.Contains(page.body, "evil") && !strings.Contains(next, "evil.example") {
			t.Errorf("the welcome page offers %q", next)
		}
	}
}

func TestSignOut(t *testing.T) {
	d := openDoorstep(t)
	d.account("Ana Ruiz", "ana@example.org")
	g := d.entered("ana@example.org")
	secret := g.cookie("commontable")
	got := g.post("/sign-out", http.StatusSeeOther)
	if got.to != "/sign-in?out=1" || got.header.Get("Clear-Site-Data") != `"cache", "storage"` {
		t.Errorf("signed out: %v", got.header)
	}
	g.get("/sign-in?out=1", http.StatusOK).says(t, "You are signed out.")
	if g.cookie("commontable") != "" {
		t.Error("the browser keeps the session")
	}
	u, _ := url.Parse(d.url) // was parsed before
	g.client.Jar.SetCookies(u, []*http.Cookie{{Name: "commontable", Value: secret, Path: "/"}})
	g.get("/account", http.StatusSeeOther)
	g.post("/sign-out", http.StatusSeeOther) // once more does no harm
}

// Other sites cannot sign anybody in or out, nor leave a form to be sent after
// the next sign-in.
func TestOtherSitesCannotUseTheDoor(t *testing.T) {
	d := openDoorstep(t)
	k := d.found(d.account("Ana Ruiz", "ana@example.org"), "Maple Valley")
	g := d.guest()
	for _, path := range []string{"/sign-in", "/sign-in/password", "/sign-out", "/sign-in/passkey/begin", "/sign-in/continue", "/c/" + k.Slug + "/organizations"} {
		r := g.request(http.MethodPost, path, "application/x-www-form-urlencoded", url.Values{"name": {"Planted"}, "email": {"ana@example.org"}, "password": {goodPassword}}.Encode())
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		got := g.send(r)
		if got.status != http.StatusForbidden || strings.Contains(got.body, "Planted") {
			t.Errorf("%s takes what another site sends: %d", path, got.status)
		}
	}
}

func TestSignInPasskeyAnswersInWords(t *testing.T) {
	d := openDoorstep(t)
	g := d.guest()
	begin := g.post("/sign-in/passkey/begin", http.StatusOK)
	if begin.header.Get("Content-Type") != "application/json; charset=utf-8" || !strings.Contains(begin.body, `"challenge"`) {
		t.Errorf("begin: %s", begin.body)
	}
	got := g.send(g.request(http.MethodPost, "/sign-in/passkey/finish", "application/json", `{"id":"x"}`))
	if got.status != http.StatusUnauthorized || !strings.Contains(got.body, `{"detail":"This passkey could not be used.`) {
		t.Errorf("finish: %d %s", got.status, got.body)
	}
	got = g.send(g.request(http.MethodPost, "/sign-in/passkey/finish", "application/x-www-form-urlencoded", `{}`))
	if got.status != http.StatusUnprocessableEntity {
		t.Errorf("finish with a form: %d", got.status)
	}
}

// The language can be chosen before signing in, and on a page whose address
// holds a secret without a redirect that repeats it.
func TestLanguageOfVisitors(t *testing.T) {
	d := openDoorstep(t)
	d.account("Ana Ruiz", "ana@example.org")
	g := d.guest()
	if got := g.post("/account/language", http.StatusSeeOther, "language", "fr", "return", "/sign-in?next=%2Faccount"); got.to != "/sign-in?next=%2Faccount" {
		t.Errorf("back to %s", got.to)
	}
	g.get("/sign-in", http.StatusOK).says(t, "M’envoyer un lien")
	g.post("/account/language", http.StatusUnprocessableEntity, "language", "xx")

	d.guest().post("/sign-in", http.StatusOK, "email", "ana@example.org")
	path := d.mailed("ana@example.org", access.PathSignInLink)
	page := g.post(path, http.StatusOK, "language", "es", "return", "")
	page.says(t, "¿Iniciar sesión en este dispositivo?")
	if page.to != "" {
		t.Error("choosing the language repeats the address")
	}
	g.post(path, http.StatusSeeOther)
	g.get("/account", http.StatusOK).says(t, "Your account") // the account's own language counts
	g.post("/account/language", http.StatusSeeOther, "language", "es", "return", "/account")
	g.get("/account", http.StatusOK).says(t, "Su cuenta")
}
