package web_test

import (
	"testing"

	"commontable/internal/backbone/directory"
	"commontable/internal/testing/browser"
)

// On a phone the open tab is in view, and a row stands in line with the first line
// of a name that takes two.
func TestListOnAPhone(t *testing.T) {
	d, _, home, _, ctx := agreed(t)
	o := run(t, ctx, d.app, directory.CreateOrganization, directory.OrganizationInput{Name: "Harbor and Hillside Elementary School for the Whole Valley"})
	run(t, ctx, d.app, directory.CreateTouch, directory.TouchInput{OrganizationID: o.ID, About: "The budget", Channel: "phone"})
	p := browser.Open(t).Page(t, browser.Phone())
	p.Visit(d.url + "/sign-in?next=" + home + "touches")
	signInOn(p)
	p.WaitText("The budget")
	if !browser.Eval[bool](p, `(() => { const t = document.querySelector(".tabs"); return t.scrollWidth > t.clientWidth })()`) {
		t.Fatal("all tabs fit: the test looks at nothing")
	}
	const inView = `(() => { const t = document.querySelector(".tabs").getBoundingClientRect(), a = document.querySelector(".tabs [aria-current]").getBoundingClientRect(); return a.left >= t.left - 1 && a.right <= t.right + 1 })()`
	if !browser.Eval[bool](p, inView) {
		t.Error("the open tab is out of view")
	}
	const lines = `((selector) => { const r = document.createRange(); r.selectNodeContents(document.querySelector(selector)); return [...r.getClientRects()].map((l) => l.bottom) })`
	name, day := browser.Eval[[]float64](p, lines+`("tbody th a")`), browser.Eval[[]float64](p, lines+`("tbody th + td")`)
	if len(name) < 2 {
		t.Fatal("the name takes one line: the test looks at nothing")
	}
	if apart := name[0] - day[0]; apart < -3 || apart > 3 {
		t.Errorf("the row stands %.0f pixels off the first line of the name", apart)
	}
}
