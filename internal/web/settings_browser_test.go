package web_test

import (
	"net/http"
	"strings"
	"testing"

	"commontable/internal/testing/browser"
)

// stuck is what axe cannot decide in tables whose first column stays in view:
// there cells slide under it on a narrow screen.
var stuck = func() []browser.Excuse {
	var out []browser.Excuse
	for _, element := range []string{`class="tag`, `class="who`, `[scope="col"]`, "<td", `td:nth-child`} {
		out = append(out, browser.Excuse{Rule: "color-contrast", Element: element, Why: "the cell has the page's own background, and is read once it is scrolled out from under the first column"})
	}
	return append(out, browser.Excuse{Rule: "color-contrast", Element: "<span>", Why: "the bar of a phone lies over a long table, on a background of its own; looked at on the screenshots"})
}()

// Every page of the settings and of the installation is looked at on a laptop in
// light and on a phone in dark, the pages unlike each other in the other two ways
// as well, in the three languages, and judged by axe.
func TestSettingsOnScreen(t *testing.T) {
	b := browser.Open(t)
	looks := []struct {
		name, language string
		some           bool // only every fourth page
		judge          func(*browser.Page, ...browser.Excuse)
		options        []browser.Option
	}{
		{"laptop", "en", false, (*browser.Page).Axe, []browser.Option{browser.Laptop()}},
		{"laptop-dark", "fr", true, (*browser.Page).Glance, []browser.Option{browser.Laptop(), browser.Dark()}},
		{"phone", "es", true, (*browser.Page).Glance, []browser.Option{browser.Phone()}},
		{"phone-dark", "fr", false, (*browser.Page).Touch, []browser.Option{browser.Phone(), browser.Dark()}},
	}
	for _, look := range looks {
		t.Run(look.name, func(t *testing.T) {
			h := openSettled(t)
			a, in := h.administrator(t, look.language)
			k := h.found(t, a, "Maple Valley")
			h.found(t, a, "Cedar County Early Childhood Partnership")
			h.account(t, "Kim Lee", "kim.lee.of.the.very.long.address@neighbourhood-partnership.example.org", "en")
			v := h.enter(t, in)
			base := "/c/" + k.Slug + "/settings"
			v.send(base+"/principles", http.StatusSeeOther, "newest", "0", "adopted_on", "2026-01-15", "body", "We listen first.\n\nWe share credit.")
			v.send(base+"/principles", http.StatusSeeOther, "newest", "1", "adopted_on", "2026-03-02", "body", "We listen first, most of all to those who live it.\n\nWe share credit and data.\n\nWe leave nobody out of a decision that is about them.")
			v.send(base+"/facts", http.StatusSeeOther, "version", "1", "name", "Maple Valley", "place", "Maple County", "population", "Children from birth to eight and their families",
				"purpose", "Every child in the valley reads with joy by the age of eight.", "zone", "America/New_York", "phase", "organize_for_impact", "language", "en", "languages", "en", "languages", "es")
			v.send(base+"/members/invite", http.StatusSeeOther, "name", "Luis Ortega", "email", "luis@example.org", "roles", "backbone_staff", "roles", "organization_representative", "language", "es")
			if _, err := h.app.Worker.Work(t.Context()); err != nil {
				t.Fatal(err)
			}
			page := b.Page(t, look.options...)
			page.Visit(h.signInAgain(t, "ana@example.org"))
			for n, path := range []string{base, base + "/facts", base + "/labels", base + "/rules", base + "/principles", base + "/principles/new", base + "/members", base + "/members/invite",
				base + "/members/" + h.person(t, k, a).Short(), base + "/jobs", "/?all=1", "/installation", "/installation/mail", "/installation/outbox", "/installation/collaboratives",
				"/installation/collaboratives/new", "/installation/accounts", "/installation/jobs"} {
				if look.some && n%4 != 2 {
					continue
				}
				page.Visit(h.pages.URL + path)
				var excused []browser.Excuse
				if page.Count(".scroll table") > 0 {
					excused = stuck
				}
				look.judge(page, excused...)
				name, _, _ := strings.Cut(strings.ReplaceAll(strings.TrimPrefix(path, base), "/", "-"), "?")
				if n == 8 {
					name = "-member" // whose address holds an id
				}
				page.Screenshot("settings" + name)
			}
		})
	}
}
