package journey_test

import (
	"strconv"
	"strings"

	"commontable/internal/testing/browser"
)

func itoa(n int) string { return strconv.Itoa(n) }

// speak chooses the language of the pages from the menu.
func (v *visit) speak(p *browser.Page, code string) {
	v.t.Helper()
	p.Click(".account summary")
	p.Follow(".account button[lang=" + code + "]")
	if got := p.Attribute("html", "lang"); got != code {
		v.t.Errorf("the page says it is in %q", got)
	}
}

func (v *visit) switchToSpanish() {
	d := v.director
	d.Visit(v.place("organizations"))
	v.speak(d, "es")
	v.reads(d, "Organizaciones", "Personas", "Grupos y reuniones")
	v.see(d, "organizations-es")
	d.Visit(v.organization)
	v.reads(d, "Organización modificada", directorsText)
	v.see(d, "organization-es")
	v.speak(d, "en")
}

func (v *visit) revokeSession() {
	d := v.director
	other := v.another(v.house.link("ruth.adeyemi@tamarack.example"))
	d.Click(".account summary")
	d.Follow("text=Your account")
	v.see(d, "account")
	d.Follow("text=Devices")
	v.see(d, "sessions")
	d.Follow("main .rows button")
	v.reads(d, "Device signed out")
	if n := d.Count("main .rows li"); n != 1 {
		v.t.Errorf("%d sessions are left", n)
	}
	v.goToSettings(other)
	other.WaitURL("/sign-in")
	v.see(other, "sign-in")
}

// another opens a further browser that the link signs in.
func (v *visit) another(link string) *browser.Page {
	v.t.Helper()
	p := v.open()
	v.enter(p, link)
	p.Visit(v.place(""))
	return p
}

func (v *visit) readAuditLogs() {
	d, a := v.director, v.administrator
	d.Visit(v.place("settings"))
	d.Follow("text=See all changes")
	v.reads(d, "Who did what", "Organization changed: Tamarack Public Library", staffsText, directorsText, "Organization moved to the trash", "Change taken back", "Organization restored",
		"Settings changed", firstLabel, "Invitation sent", "Invitation accepted", "Noor Haddad")
	v.see(d, "who-did-what")
	d.Click(".head .acts summary")
	d.Follow("text=What your own account did")
	v.reads(d, "Signed in by link", "Device signed out", "Account changed")
	v.see(d, "what-my-account-did")
	a.Visit(v.house.base + "/installation")
	a.Follow("text=See what was done")
	v.reads(a, "Mail settings saved", "Mail settings tested", "Priya Raman", "Signed in by link", "Signed in with a passkey")
	v.see(a, "installation-history")
}

func (v *visit) makeToken() {
	d := v.director
	d.Click(".account summary")
	d.Follow("text=Your account")
	d.Follow("text=Tokens")
	v.see(d, "tokens")
	d.Fill("label=Name", "The board’s spreadsheet")
	d.Check("label=It may only read", false)
	d.Follow("text=Make the token")
	v.token = strings.TrimSpace(d.Text("#token"))
	v.see(d, "token-made")
	v.administering = v.house.command("token", "create", "--person", "priya.raman@tamarack.example", "--name", "Monitoring", "--days", "1")
}

// backupAndRestore backs up while everyone works, loses everything, and comes
// back from the backup and the key.
func (v *visit) backupAndRestore() {
	file := v.house.backup()
	v.house.stopAll()
	v.house.wipe()
	v.house.restore(file)
	v.house.serve()
}

func (v *visit) everythingIsBack() {
	d, c := v.director, v.colleague
	// Sessions are not brought back: one ended since the backup must not live again.
	for _, p := range []*browser.Page{d, c} {
		p.Visit(v.place(""))
		p.WaitURL("/sign-in")
	}
	v.enterByPasskey()
	v.enter(d, v.house.link("ruth.adeyemi@tamarack.example"))
	d.Visit(v.organization)
	v.reads(d, "Tamarack Public Library", restPlace)
	entries := strings.Join(d.Texts(".timeline li"), "\n")
	for _, text := range []string{staffsText, directorsText, newPhone, restPlace, "Daniel Whitcombe", "Organization moved to the trash", "Organization restored", "Organization added"} {
		if !strings.Contains(entries, text) {
			v.t.Errorf("the history came back without %q", text)
		}
	}
	v.labelIsEverywhere(secondLabel)
	d.Visit(v.place("settings/members"))
	v.reads(d, "Noor Haddad", "jordan.ames@tamarack.example")
	d.Fill("label=Search", "libr")
	d.Wait("#suggestion-0")
	v.enter(v.administrator, v.house.link("priya.raman@tamarack.example"))
	v.administrator.Visit(v.house.base + "/installation/mail")
	v.administrator.Fill("label=Send it to", "priya.raman@tamarack.example")
	v.administrator.Follow("text=Send the test")
	v.reads(v.administrator, "The test message is on its way.") // so the kept password can still be read
	if got := v.ask(v.token, "GET", "/organizations/"+v.id()); got.status != 200 {
		v.t.Errorf("the token gets %d", got.status)
	}
}
