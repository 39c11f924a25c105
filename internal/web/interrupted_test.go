package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"commontable/internal/platform/access"
)

const longAbsence = 15 * 24 * time.Hour

// What was typed into a form comes back after the session has ended meanwhile.
func TestExpiredSessionGivesTheFormBack(t *testing.T) {
	d := openDoorstep(t)
	k := d.found(d.account("Ana Ruiz", "ana@example.org"), "Maple Valley")
	list := "/c/" + k.Slug + "/organizations"
	g := d.entered("ana@example.org")
	g.get(list+"/new", http.StatusOK)
	d.clock.Advance(longAbsence)

	about := "First line\r\nsecond “line” with é & <b>\r\n"
	page := g.post(list, http.StatusUnauthorized, "name", "Valley Health", "sector", "nonprofit", "status", "member", "about", about, "part", "funder", "part", "host")
	page.says(t, "You are no longer signed in", "Send again")
	if page.hidden("about") != about {
		t.Errorf("the form to send again holds %q", page.hidden("about"))
	}
	kept := page.hidden("kept")

	// A wrong password, then the right one: still there.
	page = g.post("/sign-in/password", http.StatusUnauthorized, "email", "ana@example.org", "password", "wrong", "kept", kept)
	if page.hidden("kept") != kept {
		t.Error("a wrong password loses the form")
	}
	page = g.post("/sign-in/password", http.StatusOK, "email", "ana@example.org", "password", goodPassword, "kept", kept)
	page.says(t, "Go on where you were", `action="`+list+`"`, `href="`+list+`/new"`)
	if page.hidden("about") != about || strings.Count(page.body, `name="part"`) != 2 {
		t.Errorf("the form came back as\n%s", page.body)
	}
	if got := g.post(list, http.StatusSeeOther, "name", page.hidden("name"), "sector", "nonprofit", "status", "member", "about", page.hidden("about")); !strings.Contains(got.to, "done=organizations.create") {
		t.Errorf("sent again: %s", got.to)
	}

	// With a link: sign in in another window, then send the form from the old one.
	d.clock.Advance(longAbsence)
	page = g.post(list, http.StatusUnauthorized, "name", "River Health")
	kept = page.hidden("kept")
	page = g.post("/sign-in", http.StatusOK, "email", "ana@example.org", "kept", kept)
	page.says(t, "Look in your mailbox", `action="`+list+`"`)
	if page.hidden("name") != "River Health" {
		t.Error("asking for a link loses the form")
	}
	// With a passkey its script comes here.
	g.post(d.mailed("ana@example.org", access.PathSignInLink), http.StatusSeeOther)
	g.post("/sign-in/continue", http.StatusOK, "kept", kept).says(t, "Go on where you were")
}

// Secrets and files are not carried about, and a form that lacks something is
// not sent again.
func TestSecretsAreNotKept(t *testing.T) {
	d := openDoorstep(t)
	k := d.found(d.account("Ana Ruiz", "ana@example.org"), "Maple Valley")
	g := d.entered("ana@example.org")
	d.clock.Advance(longAbsence)
	for name, value := range map[string]string{"password": "hunter2-canary", "smtp_password": "hunter2-canary", "secret": "hunter2-canary", "code": "hunter2-canary"} {
		page := g.post("/account/security/password", http.StatusUnauthorized, name, value, "note", "kept text")
		page.saysNot(t, "hunter2-canary", "Send again</button>")
		page.says(t, "Passwords, files and very long texts are not kept", "kept text")
		page = d.guest().post("/sign-in/password", http.StatusOK, "email", "ana@example.org", "password", goodPassword, "kept", page.hidden("kept"))
		page.says(t, "kept text")
		page.saysNot(t, `action="/account/security/password"`)
	}

	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if err := form.WriteField("name", "With a file"); err != nil {
		t.Fatal(err)
	}
	file, err := form.CreateFormFile("logo", "logo.svg")
	if err == nil {
		_, err = file.Write([]byte("<svg/>"))
	}
	if err != nil || form.Close() != nil {
		t.Fatal("the form cannot be written")
	}
	page := g.send(g.request(http.MethodPost, "/c/"+k.Slug+"/organizations", form.FormDataContentType(), body.String()))
	page.says(t, "With a file", "are not kept")

	page = g.post("/c/"+k.Slug+"/organizations", http.StatusUnauthorized, "name", "Long", "about", strings.Repeat("x", 300<<10))
	page.says(t, "are not kept")
	if len(page.body) > 100<<10 {
		t.Errorf("what is too long is kept: %d bytes", len(page.body))
	}
}

// What is carried along can lead nowhere but to a form of this site, and comes
// back only to whom it belongs.
func TestKeptFormsAreChecked(t *testing.T) {
	d := openDoorstep(t)
	d.account("Ana Ruiz", "ana@example.org")
	g := d.guest()
	for _, kept := range []string{`{"to":"https://evil.example/"}`, `{"to":"//evil.example"}`, `{"to":"javascript:alert(1)"}`, `{"to":"/sign-out"}`, `{"to":"/account","for":"somebody"}`, `{"to":1}`, `nonsense`} {
		got := g.post("/sign-in/password", http.StatusSeeOther, "email", "ana@example.org", "password", goodPassword, "kept", kept)
		if got.to != "/" {
			t.Errorf("%s leads to %s", kept, got.to)
		}
	}
	page := g.post("/sign-in/password", http.StatusOK, "email", "ana@example.org", "password", goodPassword, "kept", `{"to":"/account","from":"//evil.example"}`)
	page.saysNot(t, "evil.example")
}

// An old proof of identity is renewed on the way, and the form goes on.
func TestVerifyAgain(t *testing.T) {
	d := openDoorstep(t)
	d.account("Ana Ruiz", "ana@example.org")
	d.account("Ben Cole", "ben@example.org")
	g := d.entered("ana@example.org")
	g.get("/account/security/password", http.StatusOK)
	d.clock.Advance(20 * time.Minute)
	got := g.get("/account/security/password", http.StatusSeeOther)
	if got.to != "/account/verify?next="+url.QueryEscape("/account/security/password") {
		t.Fatalf("sent to %s", got.to)
	}
	page := g.get(got.to, http.StatusOK)
	page.says(t, "Is it you?", "You are signed in as ana@example.org")
	g.post("/sign-in/password", http.StatusUnauthorized, "email", "ana@example.org", "password", "wrong", "again", "true", "next", page.hidden("next")).says(t, "Is it you?", "do not match")

	page = g.post("/account/tokens", http.StatusForbidden, "name", "Sheet", "days", "30", "read_only", "true")
	page.says(t, "Is it you?", "What you were about to do is kept.")
	kept := page.hidden("kept")
	// Somebody else who proves to be somebody else does not get it.
	if other := d.guest().post("/sign-in/password", http.StatusSeeOther, "email", "ben@example.org", "password", goodPassword, "kept", kept); other.to != "/" {
		t.Errorf("another account goes on to %s", other.to)
	}
	page = g.post("/sign-in/password", http.StatusOK, "email", "ana@example.org", "password", goodPassword, "again", "true", "kept", kept)
	if page.hidden("name") != "Sheet" {
		t.Fatal("the form is lost")
	}
	g.post("/account/tokens", http.StatusCreated, "name", page.hidden("name"), "days", page.hidden("days"), "read_only", page.hidden("read_only")).says(t, "The token “Sheet”")

	// Without password or passkey a link does it.
	d.clock.Advance(20 * time.Minute)
	g.post("/account/security/password/remove", http.StatusForbidden)
	g.post("/sign-in/password", http.StatusSeeOther, "email", "ana@example.org", "password", goodPassword)
	g.post("/account/security/password/remove", http.StatusSeeOther)
	d.clock.Advance(20 * time.Minute)
	page = g.get("/account/verify?next=/account/security", http.StatusOK)
	page.says(t, "no password and no passkey")
	g.post("/sign-in", http.StatusOK, "email", page.hidden("email"), "next", page.hidden("next"))
	if got := g.post(d.mailed("ana@example.org", access.PathSignInLink), http.StatusSeeOther); got.to != "/account/security" {
		t.Errorf("the link leads to %s", got.to)
	}
}

// A collaborative that asks for two factors leads to proving or setting up the
// second, and then opens.
func TestSecondFactorNeeded(t *testing.T) {
	d := openDoorstep(t)
	a := d.account("Ana Ruiz", "ana@example.org")
	k := d.found(a, "Maple Valley")
	home := "/c/" + k.Slug + "/"
	g := d.entered("ana@example.org")
	g.get(home, http.StatusOK)
	d.requireSecondFactor(k.Slug)
	g.get(home, http.StatusForbidden).says(t, "A second step is needed here", "Set up a second step", "/account/security")
	page := g.post(home+"organizations", http.StatusForbidden, "name", "Valley Health")
	if page.hidden("name") != "Valley Health" {
		t.Error("the form is lost")
	}
	secret := g.enrol()
	g.get(home, http.StatusOK)

	// Signed in anew by one factor, where the account has two: the second is asked
	// for at once.
	d.clock.Advance(time.Minute)
	other := d.guest()
	got := other.post("/sign-in/password", http.StatusSeeOther, "email", "ana@example.org", "password", goodPassword, "next", home)
	if got.to != "/sign-in/second-step?next="+url.QueryEscape(home) {
		t.Fatalf("on to %s", got.to)
	}
	other.get(home, http.StatusSeeOther)
	if got := other.post("/sign-in/second-step", http.StatusSeeOther, "code", d.code(secret), "next", home); got.to != home {
		t.Errorf("on to %s", got.to)
	}
	other.get(home, http.StatusOK)
}
