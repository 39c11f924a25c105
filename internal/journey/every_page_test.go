package journey_test

import (
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"commontable/internal/app"
	"commontable/internal/testing/browser"
	"commontable/internal/web"
)

// elsewhere are the addresses that are no page of the director's, by what their
// pattern contains, and why.
var elsewhere = map[string]string{
	"/export.":                 "a download",
	"/suggest":                 "a part of a page, which the journey looks at",
	"/chart.svg":               "a download",
	"/card.vcf":                "a download",
	"/own-data":                "a download",
	"/role-map/":               "downloads",
	"/network-map/":            "downloads, and what the browser's own map is drawn from",
	"/imports/{id}":            "an import on its way, which a journey of its own looks at",
	"/takeouts/{id}/download":  "a download",
	"/takeouts/progress":       "a part of a page, which asks for itself while a file is made",
	"/resemblances/progress":   "a part of a page, which asks for itself while a search runs",
	"/installation":            "for administrators, whom the director is not among; the journey goes there as one",
	"{secret}":                 "a link sent to somebody, which the journey opens",
	"/sign-in":                 "for people who are not signed in",
	"/set-up/collaborative":    "for the first administrator of an empty installation",
	"/table.csv":               "a download",
	"/captures":                "a part of the run mode, which a journey of its own looks at",
	"/presence":                "a part of the run mode, which a journey of its own looks at",
	"/calendar.ics":            "a download",
	"/word/":                   "a download",
	"/trend.":                  "a download",
	"/follow-through.":         "a download",
	"/stays.":                  "a download",
	"/met.":                    "a download",
	"{code}":                   "for whoever stands at a door, which the tests of attendance open",
	"/surveys/{id}/edit":       "the sample's are released, which cannot be changed; the test of answering a survey looks at it",
	"/surveys/{id}/answers":    "the sample asks in confidence; the test of a named survey looks at it",
	"/results.csv":             "a download",
	"/results.xlsx":            "a download",
	"/factors.svg":             "a download",
	"/materials/{material}":    "the test of materials looks at them",
	"/instruments/":            "a download",
	"/deliveries/{delivery}":   "the test of evidence looks at it",
	"/evidence/{evidence}":     "a download",
	"/followed-calendars/{id}": "the sample follows none; the test of following a calendar looks at it",
	"/polls/{id}/choose":       "for one of its times; the test of finding a time looks at it",
	"/answers.":                "a download",
}

// pages are the addresses of all pages the director can open, with the sample's
// records in them.
func pages(t *testing.T, p *browser.Page, h *house) []string {
	t.Helper()
	a, err := app.Open(t.Context(), app.Config{DataDir: t.TempDir(), BaseURL: &url.URL{Scheme: "http", Host: "localhost"}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	base := h.base + "/c/tamarack-valley"
	person := first(p, base+"/people?q=Beaulieu", "tbody th a")
	seat := first(p, base+"/seats?state=filled", "tbody th a")
	meeting := first(p, base+"/meetings?which=past", "tbody th a")
	poll := first(p, base+"/polls?state=open", "tbody th a")
	records := strings.NewReplacer(
		"/meetings/{id}", "/meetings/"+meeting,
		"{item}", first(p, base+"/meetings/"+meeting, `a[href*="/agenda/"]`),
		"{line}", first(p, base+"/meetings/"+meeting, `a[href*="/preparations/"]`),
		"/polls/{id}/people/{person}", "/polls/"+poll+"/people/"+first(p, base+"/polls/"+poll, `#answers tbody th a`),
		"/polls/{id}", "/polls/"+poll,
		"/people/{person}", "/people/"+first(p, base+"/meetings/"+meeting, `#expected a[href*="/meetings/"]`),
		"{entry}", first(p, base+"/meetings/"+meeting+"/attendance", `a[href*="/attendance/"]`),
		"{sheet}", "agenda",
		"/series/{id}", "/series/"+first(p, base+"/series", ".rows a"),
		"/checklists/{id}", "/checklists/"+first(p, base+"/checklists", ".rows a"),
		"/settings/fields/{id}", "/settings/fields/"+first(p, base+"/settings/fields", `a[href*="/settings/fields/"]:not([href*="/new"])`),
		"/actions/{id}", "/actions/"+first(p, base+"/actions", "tbody th a"),
		"/commitments/{id}", "/commitments/"+first(p, base+"/commitments", "tbody th a"),
		"/surveys/{id}", "/surveys/"+first(p, base+"/surveys", "tbody th a"),
		"/evaluators/{id}", "/evaluators/"+first(p, base+"/evaluators", "tbody th a"),
		"/survey-results/{id}", "/survey-results/"+first(p, base+"/survey-results", "tbody th a"),
		"/touches/{id}", "/touches/"+first(p, base+"/touches", "tbody th a"),
		"/ties/{id}", "/ties/"+first(p, base+"/ties", "tbody th a"),
		"/people/{id}/affiliations/{affiliation}", "/people/"+person+"/affiliations/"+first(p, base+"/people/"+person, `a[href*="/affiliations/"]:not([href*="/new"])`),
		"/agreements/{id}", "/agreements/"+first(p, base+"/agreements", "tbody th a"),
		"/bodies/{id}", "/bodies/"+first(p, base+"/bodies", "tbody th a"),
		"{term}", first(p, base+"/seats/"+seat, `#terms a[href*="/terms/"]`),
		"/seats/{id}", "/seats/"+seat,
		"/functions/{id}/edit", "/functions/"+within(p, base+"/functions", `a[href*="/functions/"][href$="/edit"]`, "/functions/", "/edit")+"/edit",
		"/holdings/{id}", "/holdings/"+first(p, base+"/functions", `a[href*="/holdings/"]:not([href*="/new"])`),
		"/organizations/{id}", "/organizations/"+first(p, base+"/organizations?q=library", "tbody th a"),
		"/people/{id}", "/people/"+first(p, base+"/people", "tbody th a"),
		"/members/{id}", "/members/"+first(p, base+"/settings/members", "tbody th a"),
		"/passkeys/{id}", "/passkeys/"+first(p, h.base+"/account/security", ".rows a"),
		"/letter-texts/{kind}", "/letter-texts/due_nudge",
		"{function}", "guide_vision",
		"/scorecard/evidence/{id}", "/scorecard/evidence/"+first(p, base+"/scorecard/functions/guide_vision", `a[href*="/scorecard/evidence/"]`),
		"{number}", "1", "{collaborative}", "tamarack-valley", "{$}", "")
	var out []string
	for _, route := range web.New(a).Routes() {
		if route.Method == "GET" && !isElsewhere(route.Pattern) {
			out = append(out, records.Replace(route.Pattern))
		}
	}
	return append(out, "/c/tamarack-valley/organizations?trash=1", "/c/tamarack-valley/organizations?q=nothing+like+it", "/c/tamarack-valley/search?q=tamarack", "/?all=1")
}

func isElsewhere(pattern string) bool {
	for part := range elsewhere {
		if strings.Contains(pattern, part) {
			return true
		}
	}
	return false
}

// first is the last part of the address the first such link leads to.
func first(p *browser.Page, address, selector string) string {
	p.Visit(address)
	href := p.Attribute(selector, "href")
	return href[strings.LastIndex(href, "/")+1:]
}

// within is the part between two others of the address the first such link leads to.
func within(p *browser.Page, address, selector, before, after string) string {
	p.Visit(address)
	_, rest, _ := strings.Cut(p.Attribute(selector, "href"), before)
	part, _, _ := strings.Cut(rest, after)
	return part
}

// Every page the director can open is judged by axe on a laptop in light, and its
// colours, names, targets and width on a phone in dark. In the other languages it must
// at least fit the screen: in both at the width of a magnified page, where words have
// the least room, and on the laptop in French, whose are the longest.
// The walk of the keyboard is left to the journeys, which take it on the pages where
// something is done.
func TestEveryPage(t *testing.T) {
	for _, one := range []struct {
		name      string
		look      []browser.Option
		judge     func(*browser.Page, ...browser.Excuse)
		narrow    browser.Option
		languages []string
	}{
		{"laptop in light", []browser.Option{browser.Laptop()}, (*browser.Page).Screen, browser.Laptop(), []string{"fr"}},
		{"phone in dark", []browser.Option{browser.Phone(), browser.Dark()}, (*browser.Page).Glance, browser.Magnified(), []string{"fr", "es"}},
	} {
		t.Run(one.name, func(t *testing.T) {
			t.Parallel()
			h := demonstrate(t)
			v := &visit{t: t, house: h}
			p := browser.Open(t).Page(t, one.look...)
			p.Authenticator()
			p.Visit(h.links["Backbone director"])
			p.Follow("text=Sign in")
			p.Visit(h.base + "/account/security")
			p.Click("text=Add a passkey")
			p.WaitText("Passkey added")
			list := pages(t, p, h)
			for _, address := range list {
				p.Visit(h.base + address)
				one.judge(p, excusesFor(p)...)
			}
			p.On(one.narrow)
			for _, language := range one.languages {
				v.speak(p, language)
				for _, address := range list {
					p.Visit(h.base + address)
					if got := p.Attribute("html", "lang"); got != language {
						t.Errorf("%s is in %q instead of %q", address, got, language)
					}
					p.FitsScreen()
				}
			}
		})
	}
}

// firstPageLimit is what a phone on a slow line can take, in bytes as sent.
const firstPageLimit = 100_000

func TestWeightOfTheFirstPage(t *testing.T) {
	h := demonstrate(t)
	p := browser.Open(t).Page(t, browser.Phone())
	p.Visit(h.links["Backbone director"])
	p.Follow("text=Sign in")
	p.Visit(h.base + "/c/tamarack-valley/")
	type part struct {
		Name  string
		Bytes int
	}
	// Sizes of bodies as sent, also of what the sign-in page had loaded before;
	// the heads of the answers are reckoned at half a kilobyte each.
	parts := browser.Eval[[]part](p, `(await document.fonts.ready, [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].map((e) => ({ Name: e.name, Bytes: e.encodedBodySize + 500 })))`)
	total := 0
	for _, one := range parts {
		total += one.Bytes
		t.Logf("%7d  %s", one.Bytes, strings.TrimPrefix(one.Name, h.base))
		if one.Bytes == 500 {
			t.Errorf("%s has no size", one.Name)
		}
	}
	t.Logf("%7d  together", total)
	if len(parts) < 4 || total > firstPageLimit {
		t.Errorf("the first page is %d bytes in %d parts, and should be at most %d", total, len(parts), firstPageLimit)
	}
}
