// Package journey_test walks through the running program as people do, from the
// first link a director opens to the day a backup must bring everything back: in
// a real browser, with a real mail server, on both engines.
package journey_test

import (
	"slices"
	"testing"
	"time"

	"commontable/internal/platform/mail/mailtest"
	"commontable/internal/testing/browser"
)

// journey is what a person who has never seen the program can do in it.
var journey = []struct {
	title string
	do    func(*visit)
}{
	{"start the demonstration and sign in from the printed link", (*visit).signIn},
	{"find an organization by half a word", (*visit).find},
	{"edit it while someone else edits it, and lose neither text", (*visit).editTogether},
	{"see both in its history", (*visit).readHistory},
	{"delete it and bring it back", (*visit).deleteAndRestore},
	{"change a label and see it everywhere", (*visit).changeLabel},
	{"set up a mail server and send a test", (*visit).setUpMail},
	{"invite a colleague, who accepts with a passkey and comes back with it", (*visit).invite},
	{"switch to Spanish", (*visit).switchToSpanish},
	{"revoke a session", (*visit).revokeSession},
	{"find all of it in the audit log", (*visit).readAuditLogs},
	{"make a token", (*visit).makeToken},
	{"with it, find and edit the organization over REST; a stale edit is refused", (*visit).restEdit},
	{"over REST, delete it and bring it back", (*visit).restDeleteAndRestore},
	{"over REST, change the label", (*visit).restLabel},
	{"over REST, invite someone", (*visit).restInvite},
	{"over REST, revoke a session", (*visit).restRevoke},
	{"over REST, find all of it in the audit logs", (*visit).restAudit},
	{"back up, wipe, restore", (*visit).backupAndRestore},
	{"find everything back", (*visit).everythingIsBack},
}

// visit is one walk through an installation.
type visit struct {
	t     *testing.T
	house *house
	post  *mailtest.Server
	judge bool // whether pages are judged by axe and kept as pictures
	touch bool
	now   string // the step under way

	director, staff, administrator, colleague *browser.Page
	device                                    *browser.Authenticator // the colleague's

	organization         string // address of what is worked on
	file                 string // the file that is brought
	token, administering string // secrets of tokens: the director's, the administrator's
	seen                 map[string]bool
	open                 func() *browser.Page // opens a further browser
}

func TestJourney(t *testing.T) {
	for _, place := range []struct {
		name  string
		look  browser.Option
		touch bool
		open  func(*testing.T) *house
		judge bool
	}{
		{"on a laptop", browser.Laptop(), false, onSQLite, true},
		{"on a phone", browser.Phone(), true, onSQLite, true},
		{"with two processes on PostgreSQL", browser.Laptop(), false, twoOnPostgres, false},
	} {
		t.Run(place.name, func(t *testing.T) {
			t.Parallel()
			b := browser.Open(t)
			v := &visit{t: t, judge: place.judge, touch: place.touch, seen: map[string]bool{},
				post: mailtest.Start(t, mailtest.Options{Username: "table", Password: "a password for the post"})}
			t.Cleanup(func() {
				if t.Failed() {
					t.Logf("it failed at: %s", v.now)
				}
			})
			v.director, v.staff, v.administrator, v.colleague = b.Page(t, place.look), b.Page(t, place.look), b.Page(t, place.look), b.Page(t, place.look)
			v.open = func() *browser.Page { return b.Page(t, place.look) }
			v.now = "open the house"
			v.house = place.open(t)
			for _, step := range journey {
				v.now = step.title
				began := time.Now()
				step.do(v)
				t.Logf("%5.1f s  %s", time.Since(began).Seconds(), step.title)
			}
		})
	}
}

// marks is what axe does not measure: signs that say nothing by themselves and
// are hidden from screen readers, and the line beside a history's entries.
var marks = []browser.Excuse{
	browser.Arrow,
	{Rule: "color-contrast", Element: `aria-hidden="true">↑`, Why: "the arrow of a sorted column, whose order the head tells screen readers"},
	{Rule: "color-contrast", Element: `aria-hidden="true">↓`, Why: "the arrow of a sorted column, whose order the head tells screen readers"},
	{Rule: "color-contrast", Element: "<text ", Why: "axe does not look into drawings; TestChartTextIsLegible does"},
	{Rule: "color-contrast", Element: "> del", Why: "the pseudo element is the dot in the margin; the text lies on the page's own ground"},
	{Rule: "color-contrast", Element: "> ins", Why: "the pseudo element is the dot in the margin; the text lies on the page's own ground"},
	{Rule: "color-contrast", Element: `<span class="text`, Why: "axe does not decide on inline text that wraps in a narrow column; a wide screen judges the same text"},
}

// slides is what axe cannot decide in a box on a narrow screen whose content is cut
// off at its edge until it is scrolled: a wide table, a row of tabs. The same page
// is judged on a wide screen too.
var slides = func() []browser.Excuse {
	var out []browser.Excuse
	for _, element := range []string{`class="tag`, `class="who`, `[scope="col"]`, `aria-current="page"`, "<td", "td:nth-child", ".quiet <button", "li:nth-child", "a[href$=", ".inline-form", `.bare[type="submit"]`} {
		out = append(out, browser.Excuse{Rule: "color-contrast", Element: element, Why: "it is cut off at the edge of its box and read once it has been scrolled"})
	}
	return out
}()

// covered is what axe cannot decide while suggestions lie over a page that is
// judged without them elsewhere.
var covered = []browser.Excuse{
	{Rule: "color-contrast", Element: "h1 <h1", Why: "the open suggestions lie over it"},
	{Rule: "color-contrast", Element: ".lede", Why: "the open suggestions lie over it"},
	{Rule: "color-contrast", Element: ".panel", Why: "the open suggestions lie over it"},
	{Rule: "color-contrast", Element: `class="help"`, Why: "the open suggestions lie over it"},
	{Rule: "color-contrast", Element: "<label ", Why: "the open suggestions lie over it"},
	{Rule: "color-contrast", Element: "<small>", Why: "it lies on the suggestions, which lie over the page"},
}

// excusesFor are the excuses a page may need, by what is on it.
func excusesFor(p *browser.Page) []browser.Excuse {
	excuses := marks
	if p.Count("[role=option]") > 0 {
		excuses = slices.Concat(excuses, covered)
	}
	if p.Count(".scroll, .tabs") > 0 {
		excuses = slices.Concat(excuses, slides)
	}
	return excuses
}

// see judges a page the first time it is met and keeps pictures of it, in light
// and dark. The laptop takes the walk of the keyboard and judges the colours of both
// schemes, the phone looks at the width of a magnified page.
func (v *visit) see(p *browser.Page, name string) {
	v.t.Helper()
	if !v.judge || v.seen[name] {
		return
	}
	v.seen[name] = true
	excuses := excusesFor(p)
	p.Screenshot("journey-" + name)
	if v.touch {
		p.Touch(excuses...)
	} else {
		p.Screen(excuses...)
		p.Keyboard(excuses...)
	}
	p.InDark(func() {
		if !v.touch {
			p.Colours(excuses...)
		}
		p.Screenshot("journey-" + name)
	})
}

// reads fails the test for every text the page does not show.
func (v *visit) reads(p *browser.Page, texts ...string) {
	v.t.Helper()
	for _, text := range texts {
		p.WaitText(text)
	}
}

// place is an address within the sample's collaborative.
func (v *visit) place(path string) string { return v.house.base + "/c/tamarack-valley/" + path }
