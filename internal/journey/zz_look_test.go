package journey_test

import (
	"strings"
	"testing"

	"commontable/internal/testing/browser"
)

func TestLookCuts(t *testing.T) {
	h := demonstrate(t)
	b := browser.Open(t)
	v := &visit{t: t, house: h}
	for n, p := range []*browser.Page{b.Page(t, browser.Phone()), b.Page(t)} {
		if n == 0 {
			p.Visit(h.links["Backbone director"])
			p.Follow("text=Sign in")
		} else {
			p.Visit(h.links["Leadership table chair"])
			p.Follow("text=Sign in")
		}
		if n == 0 {
			v.speak(p, "fr")
		}
		p.Visit(v.place("survey-results"))
		p.Screenshot("list")
		p.Follow(`#surveys tbody tr:nth-child(2) a`)
		at, _, _ := strings.Cut(p.URL(), "?")
		p.Screenshot("everybody")
		for _, by := range []string{"sector", "years", "body"} {
			p.Visit(at + "?by=" + by)
			p.Screenshot("by-" + by)
			t.Log(p.Text("main"))
		}
	}
}
