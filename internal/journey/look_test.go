package journey_test

import (
	"testing"

	"commontable/internal/testing/browser"
)

func TestLook(t *testing.T) {
	h := demonstrate(t)
	b := browser.Open(t)
	for _, look := range []struct {
		name      string
		o         []browser.Option
		lang, who string
	}{{"laptop", []browser.Option{browser.Laptop()}, "en", "Backbone director"}, {"phone", []browser.Option{browser.Phone(), browser.Dark()}, "es", "Leadership table chair"}, {"laptop-dark", []browser.Option{browser.Laptop(), browser.Dark()}, "fr", "Community member"}} {
		v := &visit{t: t, house: h}
		p := b.Page(t, look.o...)
		p.Visit(h.links[look.who])
		p.Follow("text=Sign in")
		v.speak(p, look.lang)
		for _, at := range [][2]string{{"told", "network-map?layer=told"}, {"all", "network-map"}} {
			p.Visit(v.place(at[1]))
			p.Wait("network-map.moving .map-canvas canvas")
			p.Touch(excusesFor(p)...)
			p.Fits()
			p.Screenshot("look-" + at[0] + "-" + look.name)
			if at[0] == "told" {
				p.PDF("look-" + at[0] + "-" + look.name)
			}
		}
		p.Visit(v.place("network-map?layer=told"))
		p.Follow("a[href*='before=']")
		p.Touch(excusesFor(p)...)
		p.Fits()
		p.Screenshot("look-change-" + look.name)
		if look.lang == "en" {
			p.Visit(v.place("surveys/new"))
			p.Screenshot("look-new-" + look.name)
		}
	}
}
