package web_test

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/platform/access"
	"commontable/internal/platform/operation"
)

// requireSecondFactor makes a collaborative ask for two factors.
func (d *doorstep) requireSecondFactor(slug string) {
	d.t.Helper()
	place, err := d.app.Access.Collaborative(context.Background(), slug)
	if err != nil {
		d.t.Fatal(err)
	}
	ctx := operation.WithCollaborative(asSystem(), place)
	now := run(d.t, ctx, d.app, collaborative.Get, operation.None{})
	yes := true
	run(d.t, ctx, d.app, collaborative.Edit, collaborative.EditInput{Version: now.Version, RequireSecondFactor: &yes})
}

var secretInWords = regexp.MustCompile(`<figcaption><code[^>]*>([A-Z2-7 ]+)</code>`)

// enrol sets up a code app and gives its secret.
func (g *guest) enrol() string {
	g.d.t.Helper()
	page := g.get("/account/security/code-app", http.StatusOK)
	secret := secretInWords.FindStringSubmatch(page.body)
	if secret == nil || !strings.Contains(page.body, `src="data:image/png;base64,`) {
		g.d.t.Fatalf("no secret, or no picture of it:\n%s", page.body)
	}
	g.post("/account/security/code-app", http.StatusOK, "ticket", page.hidden("ticket"), "code", g.d.code(secret[1])).says(g.d.t, "Your recovery codes")
	return secret[1]
}

func TestAccountOverview(t *testing.T) {
	d := openDoorstep(t)
	d.found(d.account("Ana Ruiz", "ana@example.org"), "Maple Valley")
	g := d.entered("ana@example.org")
	g.get("/account", http.StatusOK).says(t, "Ana Ruiz", "Maple Valley", "Now: ana@example.org", "/account/security", "/account/sessions", "/account/tokens")
	g.post("/account", http.StatusUnprocessableEntity, "name", "", "language", "en").says(t, "Your name: This is needed.")
	g.post("/account", http.StatusSeeOther, "name", "Ana R. Ruiz", "language", "fr")
	g.get("/account?done=account.update", http.StatusOK).says(t, "Ana R. Ruiz", "Votre compte")
}

func TestAccountEmail(t *testing.T) {
	d := openDoorstep(t)
	d.account("Ana Ruiz", "ana@example.org")
	d.account("Ben Cole", "ben@example.org")
	g := d.entered("ana@example.org")
	g.post("/account/email", http.StatusUnprocessableEntity, "email", "nonsense").says(t, "This is not an e-mail address.", `value="nonsense"`)
	if got := g.post("/account/email", http.StatusSeeOther, "email", "ruiz@example.org"); strings.Contains(got.to, "ruiz") {
		t.Errorf("the address stands in %s", got.to)
	}
	g.get("/account?sent=1", http.StatusOK).says(t, "A link is on its way to the new address.", "Now: ana@example.org")
	path := d.mailed("ruiz@example.org", access.PathConfirmEmail)
	d.guest().get(path, http.StatusOK).says(t, "Your account will use ruiz@example.org")
	g.get("/account", http.StatusOK).says(t, "Now: ana@example.org") // looking confirms nothing
	page := d.guest().post(path, http.StatusOK)
	page.says(t, "The new address is in use")
	if page.header.Get("Referrer-Policy") != "no-referrer" {
		t.Error("the address of the page is not kept")
	}
	d.guest().post(path, http.StatusNotFound)
	d.guest().post("/sign-in/password", http.StatusUnauthorized, "email", "ana@example.org", "password", goodPassword)
	d.entered("ruiz@example.org")

	// Who has an address shows only to who owns it.
	g.post("/account/email", http.StatusSeeOther, "email", "ben@example.org")
	d.guest().post(d.mailed("ben@example.org", access.PathConfirmEmail), http.StatusConflict).says(t, "Another account uses this address.")
}

func TestAccountPassword(t *testing.T) {
	d := openDoorstep(t)
	d.account("Ana Ruiz", "ana@example.org")
	g, elsewhere := d.entered("ana@example.org"), d.entered("ana@example.org")
	page := g.post("/account/security/password", http.StatusUnprocessableEntity, "password", "password1234")
	page.says(t, "too easy to guess")
	page.saysNot(t, "password1234")
	g.post("/account/security/password", http.StatusSeeOther, "password", "quiet harbour lamp 9")
	elsewhere.get("/account", http.StatusSeeOther)
	g.get("/account/security?done=account.set-password", http.StatusOK).says(t, "Password set", "A password is set.")
	if got := g.post("/account/security/password", http.StatusSeeOther, "password", "another quiet lamp", "next", "//evil.example"); got.to != "/account/security?done=account.set-password" {
		t.Errorf("on to %s", got.to)
	}
	g.post("/account/security/password/remove", http.StatusSeeOther)
	g.get("/account/security", http.StatusOK).says(t, "None is set, and none is needed.")
}

func TestAccountCodes(t *testing.T) {
	d := openDoorstep(t)
	d.account("Ana Ruiz", "ana@example.org")
	g := d.entered("ana@example.org")
	page := g.get("/account/security/code-app", http.StatusOK)
	page = g.post("/account/security/code-app", http.StatusUnprocessableEntity, "ticket", page.hidden("ticket"), "code", "000000")
	page.says(t, "This code is not right", "Begin again with a new secret")
	if page.hidden("ticket") == "" {
		t.Error("a wrong code ends the attempt")
	}
	secret := g.enrol()
	g.get("/account/security", http.StatusOK).says(t, "Signing in asks for a code of your app.", "10 recovery codes are left.")

	d.clock.Advance(time.Minute)
	other := d.guest()
	other.get("/sign-in/second-step", http.StatusSeeOther) // nothing begun
	other.post("/sign-in/password", http.StatusSeeOther, "email", "ana@example.org", "password", goodPassword)
	other.get("/sign-in/second-step", http.StatusOK).says(t, "One more step")
	other.post("/sign-in/second-step", http.StatusUnprocessableEntity, "code", "").says(t, "This is needed.")
	other.post("/sign-in/second-step", http.StatusUnprocessableEntity, "code", "123456").says(t, "This code is not right")
	other.get("/account", http.StatusSeeOther)
	other.post("/sign-in/second-step", http.StatusSeeOther, "code", d.code(secret), "next", "//evil.example")
	other.get("/account", http.StatusOK)

	// A recovery code does it too, once; the form of an expired session survives.
	codes := regexp.MustCompile(`<li><code[^>]*>([a-z0-9-]{19})</code>`).FindAllStringSubmatch(other.post("/account/security/recovery-codes", http.StatusOK).body, -1)
	if len(codes) != 10 {
		t.Fatalf("%d recovery codes", len(codes))
	}
	kept := `{"to":"/account","fields":[["name","Ana Later"],["language","en"]]}`
	third := d.guest()
	page = third.post("/sign-in/password", http.StatusOK, "email", "ana@example.org", "password", goodPassword, "kept", kept)
	page.says(t, "One more step")
	page = third.post("/sign-in/second-step", http.StatusOK, "code", codes[0][1], "kept", page.hidden("kept"))
	page.says(t, "Go on where you were")
	third.post("/account", http.StatusSeeOther, "name", page.hidden("name"), "language", "en")

	again := d.guest()
	again.post("/sign-in/password", http.StatusSeeOther, "email", "ana@example.org", "password", goodPassword)
	again.post("/sign-in/second-step", http.StatusUnprocessableEntity, "code", codes[0][1])
	d.clock.Advance(20 * time.Minute) // the first step has grown old
	again.post("/sign-in/second-step", http.StatusConflict, "code", codes[1][1]).says(t, "took too long", "Send me a link")

	third.post("/sign-in/password", http.StatusSeeOther, "email", "ana@example.org", "password", goodPassword)
	third.post("/sign-in/second-step", http.StatusSeeOther, "code", codes[2][1])
	third.post("/account/security/code-app/remove", http.StatusSeeOther)
	third.post("/account/security/recovery-codes", http.StatusConflict).says(t, "Set up a code app or a passkey first.")
	d.entered("ana@example.org").get("/account", http.StatusOK)
}

func TestAccountSessions(t *testing.T) {
	d := openDoorstep(t)
	d.found(d.account("Ana Ruiz", "ana@example.org"), "Maple Valley")
	g, phone, tablet := d.entered("ana@example.org"), d.entered("ana@example.org"), d.entered("ana@example.org")
	page := g.get("/account/sessions", http.StatusOK)
	page.says(t, "this device", "with a password", "America/Chicago", "127.0.0.1")
	ends := regexp.MustCompile(`action="(/account/sessions/[^"]+/end)"`).FindAllStringSubmatch(page.body, -1)
	if len(ends) != 2 {
		t.Fatalf("%d sessions can be ended", len(ends))
	}
	d.account("Ben Cole", "ben@example.org")
	d.entered("ben@example.org").post(ends[0][1], http.StatusNotFound)
	g.post(ends[0][1], http.StatusSeeOther)
	out := 0
	for _, device := range []*guest{phone, tablet} {
		if device.send(device.request(http.MethodGet, "/account", "", "")).status == http.StatusSeeOther {
			out++
		}
	}
	if out != 1 {
		t.Errorf("%d devices are signed out, not 1", out)
	}
	g.post("/account/sessions/end-others", http.StatusSeeOther)
	phone.get("/account", http.StatusSeeOther)
	tablet.get("/account", http.StatusSeeOther)
	page = g.get("/account/sessions?done=account.sign-out-elsewhere", http.StatusOK)
	page.says(t, "Signed out everywhere else")
	page.saysNot(t, "/account/sessions/end-others")
	g.post("/account/sessions/nonsense/end", http.StatusNotFound)
}

func TestAccountTokens(t *testing.T) {
	d := openDoorstep(t)
	k := d.found(d.account("Ana Ruiz", "ana@example.org"), "Maple Valley")
	g := d.entered("ana@example.org")
	g.get("/account/tokens", http.StatusOK).says(t, "You have none.", "Maple Valley", "365 days")
	g.post("/account/tokens", http.StatusUnprocessableEntity, "name", "", "days", "30").says(t, "This is needed.")
	g.post("/account/tokens", http.StatusUnprocessableEntity, "name", "x", "days", "many").says(t, "Choose one of the values offered.")
	g.post("/account/tokens", http.StatusUnprocessableEntity, "name", "x", "days", "30", "collaborative", "none").says(t, "Choose one of the values offered.")
	page := g.post("/account/tokens", http.StatusCreated, "name", "Spreadsheet", "days", "30", "read_only", "true", "collaborative", k.ID.Short())
	secret := regexp.MustCompile(`ct_[A-Za-z0-9_-]{43}`).FindString(page.body)
	if secret == "" || page.header.Get("Cache-Control") != "no-store" {
		t.Fatal("the token is not shown, or may be stored")
	}
	actor, _, found, err := d.app.Access.AuthenticateToken(context.Background(), secret, k.Slug)
	if err != nil || !found.Member || !actor.ReadOnly {
		t.Fatalf("the token is %+v, %v", actor, err)
	}
	page = g.get("/account/tokens", http.StatusOK)
	page.saysNot(t, secret)
	page.says(t, "Spreadsheet", "reads only", "never used")
	revoke := regexp.MustCompile(`action="(/account/tokens/[^"]+/revoke)"`).FindStringSubmatch(page.body)
	g.post(revoke[1], http.StatusSeeOther)
	if actor, _, _, _ := d.app.Access.AuthenticateToken(context.Background(), secret, k.Slug); actor.SignedIn() {
		t.Error("the token still lets someone in")
	}
	g.post(revoke[1], http.StatusNotFound)
}
