package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"commontable/internal/app"
	"commontable/internal/platform/access"
	"commontable/internal/testing/browser"
)

// Someone is invited, accepts with a passkey, and comes back with it.
func TestInvitationWithAPasskeyInABrowser(t *testing.T) {
	d := openDoorstep(t)
	k := d.found(d.account("Ana Ruiz", "ana@example.org"), "Maple Valley")
	link := d.invite(k, "Cleo", "cleo@example.org")

	page := browser.Open(t).Page(t, browser.Phone())
	device := page.Authenticator()
	page.Visit(d.url + link)
	page.WaitText("invites you to Maple Valley")
	page.Fill("label=Your name", "Cleo Ono")
	page.Follow("text=Accept the invitation")
	page.Click("text=Make a passkey")
	page.WaitURL("/c/" + k.Slug + "/")
	page.WaitText("Maple Valley")
	if device.Count() != 1 {
		t.Errorf("the device keeps %d passkeys", device.Count())
	}

	page.Click(".account summary")
	page.Follow("text=Sign out")
	page.WaitText("You are signed out.")
	page.Click("text=Use a passkey")
	page.WaitURL("/c/" + k.Slug + "/") // one collaborative is home

	// A device that does not recognize its owner gets nobody in, and says so.
	page.Click(".account summary")
	page.Follow("text=Sign out")
	device.Verifies(false)
	page.Click("text=Use a passkey")
	page.WaitText("Nothing happened: the passkey was not confirmed.")
}

// Two devices: one ends the other's session from the list.
func TestSessionIsRevokedInABrowser(t *testing.T) {
	d := openDoorstep(t)
	d.account("Ana Ruiz", "ana@example.org")
	b := browser.Open(t)
	laptop, phone := b.Page(t), b.Page(t, browser.Phone())
	for _, page := range []*browser.Page{laptop, phone} {
		page.Visit(d.url + "/sign-in?next=/account/sessions")
		page.Fill("#f-password-email", "ana@example.org")
		page.Fill("label=Password", goodPassword)
		page.Press("Enter")
		page.WaitText("this device")
	}
	laptop.Visit(d.url + "/account/sessions")
	laptop.Follow(".rows button")
	laptop.WaitText("Device signed out")
	phone.Visit(d.url + "/account")
	phone.WaitURL("/sign-in")
}

// A code app is set up and asked for.
func TestCodeAppInABrowser(t *testing.T) {
	d := openDoorstep(t)
	d.account("Ana Ruiz", "ana@example.org")
	page := browser.Open(t).Page(t)
	page.Visit(d.url + "/sign-in?next=/account/security")
	signInOn(page)
	page.Follow("text=Set up a code app")
	secret := page.Text("figcaption code")
	page.Fill("label=Code of six digits", "000000")
	page.Tolerate("422")
	page.Follow("text=Use this app")
	page.WaitText("This code is not right")
	page.Fill("label=Code of six digits", d.code(secret))
	page.Follow("text=Use this app")
	page.WaitText("Your recovery codes")
	recovery := page.Texts("ol.numbered code")
	page.Follow("text=I have kept them")
	page.WaitText("10 recovery codes are left.")

	d.clock.Advance(time.Minute)
	page.Click(".account summary")
	page.Follow("text=Sign out")
	signInOn(page)
	page.WaitText("One more step")
	page.Fill("label=Code", d.code(secret))
	page.Follow("text=Go on")
	page.Click(".account summary")
	page.Follow("text=Sign out")
	signInOn(page)
	page.Fill("label=Code", recovery[0])
	page.Follow("text=Go on")
	page.Visit(d.url + "/account/security")
	page.WaitText("9 recovery codes are left.")
}

// signInOn fills the password form of the page shown.
func signInOn(page *browser.Page) {
	page.Fill("#f-password-email", "ana@example.org")
	page.Fill("#f-password", goodPassword)
	page.Follow("form[action='/sign-in/password'] button[type=submit]")
}

// A long text is typed, the session ends meanwhile, and nothing is lost: by
// password, by passkey, and by a link opened in another window.
func TestExpiredSessionInABrowser(t *testing.T) {
	d := openDoorstep(t)
	k := d.found(d.account("Ana Ruiz", "ana@example.org"), "Maple Valley")
	list := d.url + "/c/" + k.Slug + "/organizations"
	page := browser.Open(t).Page(t)
	page.Tolerate("401")
	page.Authenticator()
	page.Visit(d.url + "/sign-in?next=/account/security")
	signInOn(page)
	page.Click("text=Add a passkey")
	page.WaitText("Passkey added")

	lose := func(name string) {
		page.Visit(list + "/new")
		page.Fill("label=Name", name)
		d.clock.Advance(longAbsence)
		page.Follow("text=Save")
		page.WaitText("You are no longer signed in")
	}
	lose("By Password")
	signInOn(page)
	page.WaitText("Go on where you were")
	page.Follow("text=Send it now")
	page.WaitText("By Password")
	page.WaitText("Organization added")

	lose("By Passkey")
	page.Click("text=Use a passkey")
	page.WaitText("Go on where you were")
	page.Follow("text=Send it now")
	page.WaitText("Organization added")

	lose("By Link")
	page.Fill("#f-email", "ana@example.org")
	page.Follow("text=Send me a link")
	page.WaitText("Look in your mailbox")
	// The other window of the same browser shares its cookies.
	link := d.mailed("ana@example.org", access.PathSignInLink)
	browser.Eval[bool](page, `fetch("`+link+`", {method: "POST", redirect: "manual", headers: {"Content-Type": "application/x-www-form-urlencoded"}, body: ""}).then(() => true)`)
	page.Follow("text=Send again")
	page.WaitText("By Link")
	page.WaitText("Organization added")
}

// Everything but passkeys works without scripts.
func TestSignInWithoutScripts(t *testing.T) {
	d := openDoorstep(t)
	k := d.found(d.account("Ana Ruiz", "ana@example.org"), "Maple Valley")
	page := browser.Open(t).Page(t, browser.NoScript(), browser.Phone())
	page.Visit(d.url + "/c/" + k.Slug + "/")
	page.Fill("#f-email", "ana@example.org")
	page.Follow("text=Send me a link")
	page.WaitText("Look in your mailbox")
	page.Visit(d.url + d.mailed("ana@example.org", access.PathSignInLink))
	page.WaitText("You will be signed in as ana@example.org")
	page.Follow("main button")
	page.WaitURL("/c/" + k.Slug + "/")
	if n := page.Count("passkey-get"); n != 0 {
		t.Errorf("%d passkey buttons that cannot work", n)
	}
	page.Visit(d.url + "/account")
	page.Click(".account summary")
	page.Follow(".account button[lang=es]")
	page.WaitText("Su cuenta")
}

// Every page of signing in and of the account, on a laptop and a phone, light
// and dark, in the three languages, judged by axe.
func TestAccessOnScreen(t *testing.T) {
	b := browser.Open(t)
	for _, look := range []struct {
		name, language string
		judge          func(*browser.Page, ...browser.Excuse)
		options        []browser.Option
	}{
		{"laptop", "en", (*browser.Page).Axe, []browser.Option{browser.Laptop()}},
		{"laptop-dark", "fr", (*browser.Page).Glance, []browser.Option{browser.Laptop(), browser.Dark()}},
		{"phone", "es", (*browser.Page).Touch, []browser.Option{browser.Phone()}},
		{"phone-dark", "en", (*browser.Page).Glance, []browser.Option{browser.Phone(), browser.Dark()}},
	} {
		t.Run(look.name, func(t *testing.T) {
			there := providerFor(t, "ana@example.org")
			d := openDoorstep(t, func(c *app.Config) {
				c.Providers = []access.Provider{{ID: "valley-id", Name: "Valley ID", Issuer: there.URL, ClientID: "us", ClientSecret: "hush"}}
			})
			page := b.Page(t, append(look.options, browser.Language(look.language))...)
			see := func(name, path string) {
				t.Helper()
				if path != "" {
					page.Status(d.url + path)
				}
				// axe cannot tell what lies behind a tag's small text; its colours are
				// held to their contrast by the tests of the assets.
				look.judge(page, browser.Excuse{Rule: "color-contrast", Element: "tag ok", Why: "seen on the screenshots: nothing lies over it"})
				page.Screenshot("access-" + look.name + "-" + name)
			}
			d.screens(page, look.language, see)
		})
	}
}

// screens leads a page through all that can be seen of signing in.
func (d *doorstep) screens(page *browser.Page, language string, see func(name, path string)) {
	for _, status := range []string{"401", "403", "404", "409", "422", "429"} {
		page.Tolerate("status of " + status)
	}
	link, err := d.app.Access.SetUpLink(context.Background(), d.app.Door)
	if err != nil {
		d.t.Fatal(err)
	}
	see("set-up", strings.TrimPrefix(link, d.url))
	page.Follow("main .acts button")
	see("set-up-faults", "")
	page.Fill("#f-name", "Dee Director")
	page.Fill("#f-email", "dee@example.org")
	page.Follow("main .acts button")
	see("welcome", "")
	see("set-up-collaborative", "/set-up/collaborative")
	page.Click(".brand a")

	a := d.account("Ana Ruiz", "ana@example.org")
	k := d.found(a, "Maple Valley Cradle to Career Partnership")
	path := d.invite(k, "Cleo", "cleo@example.org")
	see("invitation-as-another", path)
	g := d.guest()
	g.post("/sign-in", http.StatusOK, "email", "ana@example.org")
	see("link-as-another", d.mailed("ana@example.org", access.PathSignInLink))
	page.Visit(d.url + "/account")
	page.Click(".account summary")
	page.Follow(".account form[action='/sign-out'] button")
	see("signed-out", "")
	see("invitation", path)
	see("link-dead", access.PathSignInLink+"none")
	see("sign-in", "/sign-in")
	page.Follow("form[action='/sign-in'] button[type=submit]")
	see("sign-in-faults", "")
	page.Fill("#f-email", "ana@example.org")
	page.Follow("form[action='/sign-in'] button[type=submit]")
	see("sent", "")
	link = d.mailed("ana@example.org", access.PathSignInLink)
	see("link", link)

	page.Visit(d.url + "/sign-in?next=/account")
	signInOn(page)
	d.accountScreens(page, language, k.Slug, see)
}

// accountScreens goes on through the account of whoever has just signed in.
func (d *doorstep) accountScreens(page *browser.Page, language, slug string, see func(name, path string)) {
	page.Click(".account summary")
	page.Follow(".account button[lang=" + language + "]")
	page.Authenticator()
	see("account", "/account")
	page.Visit(d.url + "/account/security")
	page.Click("passkey-create button")
	page.WaitURL("done=account.add-passkey")
	see("security", "/account/security")
	page.Follow(".rows a")
	see("passkey", "")
	see("password", "/account/security/password")
	page.Fill("#f-password", "password1234")
	page.Follow("main form .acts button")
	see("password-faults", "")
	see("code-app", "/account/security/code-app")
	secret := page.Text("figcaption code")
	page.Fill("#f-code", "000000")
	page.Follow("main form .acts button")
	see("code-app-faults", "")
	page.Fill("#f-code", d.code(secret))
	page.Follow("main form .acts button")
	see("recovery-codes", "")
	see("security-full", "/account/security")
	see("sessions", "/account/sessions")
	see("tokens", "/account/tokens")
	page.Fill("#f-name", "Spreadsheet of the data team")
	page.Follow("main form .acts button")
	see("token-made", "")

	d.clock.Advance(time.Hour)
	see("verify", "/account/verify?next=/account/security")
	page.Visit(d.url + "/account/tokens")
	page.Fill("#f-name", "Another")
	page.Follow("main .form .acts button")
	see("verify-kept", "")
	page.Fill("#f-password", goodPassword)
	page.Follow("form[action='/sign-in/password'] button[type=submit]")
	see("second-step", "")
	page.Fill("#f-code", d.code(secret))
	page.Follow("main .form .acts button")
	see("continue", "")
	page.Follow("main .form .acts button")

	page.Visit(d.url + "/c/" + slug + "/organizations/new")
	page.Fill("#f-name", "Valley Health")
	d.clock.Advance(longAbsence)
	page.Follow("main .form .acts button")
	see("session-ended", "")
}
