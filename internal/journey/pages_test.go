package journey_test

import (
	"slices"
	"strings"
	"time"

	"commontable/internal/platform/access"
	"commontable/internal/platform/mail/mailtest"
	"commontable/internal/testing/browser"
)

// The words the two people write at the same time, and the two new names of the
// leadership table.
const (
	directorsText = "Six branches since this autumn, and the bookmobile comes to Millrace on Tuesdays."
	staffsText    = "Five branches. The summer reading campaign reached 1,900 children."
	newPlace      = "Tamarack City and Millrace"
	newPhone      = "555-0142"
	firstLabel    = "Stewardship circle"
	secondLabel   = "Valley council"
)

// enter opens a link that signs in and confirms it.
func (v *visit) enter(p *browser.Page, link string) {
	v.t.Helper()
	p.Visit(link)
	v.reads(p, "Sign in on this device?")
	v.see(p, "sign-in-link")
	p.Follow("text=Sign in")
}

func (v *visit) signIn() {
	v.enter(v.director, v.house.links["Backbone director"])
	v.reads(v.director, "Ruth Adeyemi")
	v.director.Visit(v.house.base + "/") // the demonstration's link leads on at once
	v.reads(v.director, "Your collaboratives")
	v.see(v.director, "your-collaboratives")
	v.director.Follow("text=Open Tamarack Valley Cradle to Career")
	v.reads(v.director, "30 on record", "150 on record")
	v.see(v.director, "home")

	v.enter(v.staff, v.house.links["Backbone staff"])
	v.reads(v.staff, "30 on record") // one collaborative is home
	v.enter(v.administrator, v.house.links["Installation administrator"])
	v.reads(v.administrator, "No collaborative yet")
	v.see(v.administrator, "no-collaborative-yet")
}

// find types half a word and chooses among what is offered: by arrow keys on the
// laptop, by finger on the phone.
func (v *visit) find() {
	p := v.director
	look := func() {
		if v.touch {
			p.Click("label=Search")
		} else {
			p.Press("/")
			if !p.HasFocus("label=Search") {
				v.t.Error("the key / does not lead to the search")
			}
		}
		p.Type("libr")
		p.WaitText("Search everywhere for “libr”")
	}
	look()
	offered := p.Texts("[role=option]")
	if !strings.HasPrefix(offered[0], "Tamarack Public Library") {
		v.t.Errorf("half a word offers %q", offered)
	}
	v.see(p, "suggestions")
	if v.judge {
		p.Reload()
		look()
	}
	if v.touch {
		p.Click("#suggestion-0")
	} else {
		p.Press("ArrowDown", "Enter")
	}
	p.WaitURL("/organizations/")
	v.reads(p, "Tamarack Public Library", "Five branches and a bookmobile.")
	v.organization = p.URL()
	v.see(p, "organization")
}

func (v *visit) editTogether() {
	d, s := v.director, v.staff
	d.Follow("text=Edit")
	v.see(d, "organization-edit")
	d.Fill("label=About", directorsText)
	d.Fill("label=Place", newPlace)

	s.Visit(v.organization + "/edit")
	s.Fill("label=About", staffsText)
	s.Fill("label=Phone", newPhone)
	s.Follow("text=Save")
	v.reads(s, "Organization changed", staffsText)

	d.Tolerate("409")
	d.Follow("text=Save")
	v.reads(d, "Somebody else changed this while you were editing", "Daniel Whitcombe saved first", directorsText, staffsText, newPlace, newPhone, "Five branches and a bookmobile.")
	v.see(d, "conflict")
	d.Check("input[name='keep.about'][value=yours]", true)
	d.Follow("text=Save this choice")
	v.reads(d, "Organization changed", directorsText, newPlace, newPhone)
	v.see(d, "organization-changed")
}

func (v *visit) readHistory() {
	d := v.director
	d.Visit(v.organization)
	entries := d.Texts(".timeline li")
	for n, want := range [][]string{{"Organization changed", "Ruth Adeyemi", staffsText, directorsText, newPlace}, {"Organization changed", "Daniel Whitcombe", "Five branches and a bookmobile.", staffsText, newPhone}} {
		for _, text := range want {
			if len(entries) <= n || !strings.Contains(entries[n], text) {
				v.t.Errorf("entry %d of the history lacks %q: %q", n, text, entries)
			}
		}
	}
}

// deleteAndRestore takes both ways back: Undo at once, and later from the trash.
func (v *visit) deleteAndRestore() {
	d := v.director
	trash := func() {
		d.Click(".head .acts summary")
		d.Follow("text=Move to trash")
		v.reads(d, "Organization moved to the trash", "In the trash since")
	}
	d.Visit(v.organization)
	trash()
	v.see(d, "organization-in-trash")
	d.Follow("text=Undo")
	v.reads(d, "Change taken back", directorsText)
	d.WaitGone("text=Restore")

	trash()
	d.Visit(v.place("organizations?q=library"))
	if strings.Contains(d.Text("main"), "Tamarack Public Library") {
		v.t.Error("what is in the trash is still in the list")
	}
	d.Visit(v.place("organizations"))
	v.see(d, "organizations")
	d.Click(".head .acts summary")
	d.Follow("text=Show the trash")
	v.reads(d, "Tamarack Public Library")
	v.see(d, "trash")
	d.Follow("text=Tamarack Public Library")
	d.Follow("text=Restore")
	v.reads(d, "Organization restored", directorsText)
}

// labelled are the pages that name a part of the collaborative or a role.
var labelled = []string{"settings/members", "settings/members/invite", "settings/labels"}

// goToSettings takes the way there, which on a phone lies behind More.
func (v *visit) goToSettings(p *browser.Page) {
	if v.touch {
		p.Click(".nav button.more")
	}
	p.Follow("text=Settings")
}

func (v *visit) changeLabel() {
	d := v.director
	v.goToSettings(d)
	v.see(d, "settings")
	d.Follow("text=Change words")
	d.Fill("label=The leadership table", firstLabel)
	d.Follow("text=Show the examples with these words")
	v.reads(d, firstLabel+" chair, "+firstLabel+" member")
	v.see(d, "labels")
	d.Follow("text=Save")
	v.reads(d, "Settings changed")
	v.labelIsEverywhere(firstLabel)
}

// labelIsEverywhere visits every page that shows the label.
func (v *visit) labelIsEverywhere(label string) {
	v.t.Helper()
	d := v.director
	for _, path := range labelled {
		d.Visit(v.place(path))
		v.reads(d, label+" chair", label+" member")
		v.oldWordIsGone(d)
		v.see(d, strings.ReplaceAll(path, "/", "-"))
	}
	d.Visit(v.place("settings/members"))
	d.Follow("text=Marisol Quintero")
	v.reads(d, "Roles now: "+label+" chair")
	v.oldWordIsGone(d)
	v.see(d, "member")
	d.Visit(v.place("settings/history"))
	v.reads(d, "Settings changed", label)
}

func (v *visit) oldWordIsGone(p *browser.Page) {
	v.t.Helper()
	if text := p.Text("body"); strings.Contains(text, "Leadership table") {
		v.t.Errorf("%s still says “Leadership table”", p.URL())
	}
}

func (v *visit) setUpMail() {
	a := v.administrator
	a.Click(".account summary")
	a.Follow("text=Installation")
	v.see(a, "installation")
	a.Follow("text=Mail settings")
	s := v.post.Settings()
	a.Fill("label=Server", s.Host)
	a.Fill("label=Port", "1")
	a.Fill("label=Sender’s address", "table@tamarack.example")
	a.Fill("label=Sender’s name", "Tamarack Valley")
	a.Fill("label=Further trusted certificates", s.ExtraRoots)
	a.Follow("text=Save")
	v.reads(a, "Mail settings saved")
	v.see(a, "mail-settings")
	a.Fill("label=Send it to", "priya.raman@tamarack.example")
	a.Follow("text=Send the test")
	v.reads(a, "The test message could not be sent.", "Failed", "Not tried")
	v.see(a, "mail-test-failed")

	a.Fill("label=Port", itoa(s.Port))
	a.Fill("label=User name", s.Username)
	a.Fill("label=Password", string(s.Password))
	a.Follow("#mail button.main")
	v.reads(a, "Mail settings saved")
	a.Fill("label=Send it to", "priya.raman@tamarack.example")
	a.Follow("text=Send the test")
	v.reads(a, "The test message is on its way.")
	v.see(a, "mail-test-passed")
	if got := v.letter("priya.raman@tamarack.example"); !got.Secure || got.User != "table" {
		v.t.Errorf("the test message came as %+v", got)
	}
}

func (v *visit) invite() {
	d, c := v.director, v.colleague
	d.Visit(v.place("settings/members"))
	d.Follow("text=Invite someone")
	d.Fill("label=Name", "Noor Haddad")
	d.Fill("label=E-mail", "noor.haddad@tamarack.example")
	d.Check("label="+firstLabel+" member", true)
	d.Follow("text=Send the invitation")
	v.reads(d, "Invitation sent", "noor.haddad@tamarack.example · "+firstLabel+" member")
	v.see(d, "members-invited")

	got := v.letter("noor.haddad@tamarack.example")
	if !strings.Contains(got.Subject, "Ruth Adeyemi") {
		v.t.Errorf("the invitation has the subject %q", got.Subject)
	}
	at := slices.IndexFunc(got.Links(), func(link string) bool { return strings.Contains(link, access.PathInvitation) })
	if at < 0 {
		v.t.Fatalf("the invitation has no link:\n%s", got.Text)
	}
	v.device = c.Authenticator()
	c.Visit(got.Links()[at])
	v.reads(c, "Ruth Adeyemi invites you to Tamarack Valley Cradle to Career", firstLabel+" member")
	v.see(c, "invitation")
	c.Follow("text=Accept the invitation")
	v.see(c, "welcome")
	c.Click("text=Make a passkey")
	c.WaitURL("/c/tamarack-valley/")
	v.see(c, "home-of-a-member")

	c.Click(".account summary")
	c.Follow("text=Sign out")
	v.reads(c, "You are signed out.")
	v.see(c, "signed-out")
	v.enterByPasskey()
}

// letter waits for the first message to an address.
func (v *visit) letter(to string) mailtest.Received {
	v.t.Helper()
	for begun := time.Now(); time.Since(begun) < 20*time.Second; time.Sleep(20 * time.Millisecond) {
		for _, m := range v.post.Messages() {
			if slices.Equal(m.To, []string{to}) {
				return m
			}
		}
	}
	v.t.Fatalf("nothing came for %s", to)
	return mailtest.Received{}
}

// enterByPasskey signs the colleague in with the passkey alone, from the page
// that is shown.
func (v *visit) enterByPasskey() {
	v.t.Helper()
	v.colleague.Click("text=Use a passkey")
	v.colleague.WaitURL("/c/tamarack-valley/")
	v.reads(v.colleague, "Tamarack Valley Cradle to Career")
	if n := v.device.Count(); n != 1 {
		v.t.Errorf("the device keeps %d passkeys", n)
	}
}
