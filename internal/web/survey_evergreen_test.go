package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/installation"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/access"
	"commontable/internal/platform/mail/mailtest"
	"commontable/internal/testing/browser"
)

// A survey that stays open, by one who comes back: on a telephone, by the link of the first
// letter, asked about ties alone, they take one back. The director releases a snapshot while
// the survey stays open, and from the next month on the map draws the tie no more.
func TestAWaveThatStaysOpen(t *testing.T) {
	d, _, home, _, ctx := agreed(t)
	h := &waveHouse{doorstep: d, ctx: ctx, home: home, mail: mailtest.Start(t, mailtest.Options{})}
	m := h.mail.Settings()
	run(t, asSystem(), d.app, d.app.Installation.EditMail, installation.MailInput{Host: m.Host, Port: int64(m.Port), Security: string(m.Security), From: m.From, FromName: m.FromName, Hello: m.EHLO, ExtraRoots: m.ExtraRoots})
	h.gather(t)
	held := run(t, ctx, d.app, surveys.ListInstruments, surveys.ListInstrumentsInput{}).Items
	trust := held[slices.IndexFunc(held, func(x surveys.Held) bool { return x.Key == "partner-trust" })].ID
	w := run(t, ctx, d.app, surveys.Create, surveys.Input{InstrumentID: trust, Title: "Whom we work with", Mode: surveys.Named, Evergreen: true, AskAgain: 12})
	w = run(t, ctx, d.app, surveys.AddPeople, surveys.PeopleInput{WaveID: w.ID, Bodies: []directory.BodyID{h.body.ID}})
	w = run(t, ctx, d.app, surveys.Step, surveys.StepInput{ID: w.ID, Version: w.Version, State: surveys.Open})
	run(t, ctx, d.app, d.app.Surveys.Invite, surveys.InviteInput{ID: w.ID})
	d.work()
	links := h.links(t, 0)
	// One of each of the five organizations answers, and of the pair of which Fay takes her
	// tick back the other side never ticked.
	delete(links, "Gus")
	h.tickAll(t, links, func(from, to string) bool { return from != "North Library" || to != "Valley Fund" })
	d.clock.Advance(70 * 24 * time.Hour)
	director := d.entered("ana@example.org")
	ties := func() int {
		return strings.Count(director.get(home+"network-map/network.gexf?layer=told", http.StatusOK).body, "<edge ")
	}
	before := ties()

	b := browser.Open(t)
	phone := b.Page(t, browser.Phone())
	phone.Visit(d.url + links["Fay"])
	phone.WaitText("This survey stays open")
	phone.Follow("text=Change my answers")
	phone.WaitText("Which organizations has yours worked with")
	if strings.Contains(phone.Text("main"), "How long has your organization taken part") {
		t.Error("what has nothing to do with ties is asked again")
	}
	library := browser.Eval[string](phone, `[...document.querySelectorAll("form#survey label")].find(l => l.textContent.includes("North Library")).querySelector("input").value`)
	phone.Check(`form#survey input[value="`+library+`"]`, false)
	phone.Axe()
	phone.Fits()
	phone.Screenshot("evergreen-ticks")
	phone.Follow("text=Save and go on")
	for phone.Count("form#survey") > 0 {
		phone.Follow("text=Save and go on")
	}
	phone.WaitText("That is still true")
	if strings.Contains(phone.Text("main"), "North Library") {
		t.Error("the tie that was taken back stands among the answers")
	}
	phone.Screenshot("evergreen-changed")

	if now := ties(); before == 0 || now != before {
		t.Errorf("%d ties on the day of the change, and %d before: it shows who changed what", now, before)
	}
	laptop := b.Page(t)
	laptop.Visit(d.url + "/sign-in?next=" + home + "surveys/" + w.ID.Short())
	signInOn(laptop)
	laptop.WaitText("7 of 8 have answered")
	laptop.Click(".head .acts summary")
	laptop.Tolerate("a dialog opened")
	laptop.Follow("text=Release a snapshot")
	laptop.WaitText("Read the figures")
	laptop.Follow("text=Read the figures")
	laptop.WaitText("7 of 8")
	laptop.Screenshot("evergreen-snapshot")
	if got := run(t, ctx, d.app, surveys.Get, surveys.Ref{ID: w.ID}); got.State != surveys.Open {
		t.Errorf("after a snapshot the survey is %s", got.State)
	}
	d.clock.Advance(32 * 24 * time.Hour)
	director = d.entered("ana@example.org") // whoever was signed in is so no more
	if now := ties(); now != before-1 {
		t.Errorf("%d ties in the next month, %d before", now, before)
	}
	laptop.Visit(d.url + "/sign-in?next=" + home + "network-map")
	signInOn(laptop)
	laptop.WaitText("North Library")
	laptop.Screenshot("evergreen-map")
}

// tickAll has those of whom there is a link tick organizations and rate each.
func (h *waveHouse) tickAll(t *testing.T, links map[string]string, ticks func(from, to string) bool) {
	t.Helper()
	for k, who := range asked {
		if links[who.name] == "" {
			continue
		}
		secret := links[who.name][len(access.PathSurvey):]
		_, view, err := h.app.Surveys.Look(h.ctx, h.app.Door, secret)
		if err != nil {
			t.Fatal(err)
		}
		q, _ := view.Instrument.Question("partners")
		known := map[string]map[string]*int64{}
		for _, e := range view.Entries(q) {
			if !ticks(who.at, e.Name) {
				continue
			}
			known[e.Key] = map[string]*int64{}
			for n, rate := range q.Roster.Rate {
				known[e.Key][rate.Key] = new(int64(2 + (k+n)%2))
			}
		}
		if _, view, err = h.app.Surveys.Answer(h.ctx, h.app.Door, surveys.LinkSave{Secret: secret, Do: surveys.Submit, Answers: []surveys.Given{{Question: "partners", Answer: surveys.Answer{Known: known}}, {Question: "success", Answer: surveys.Answer{Number: new(int64(1 + k%3))}}}}); err != nil || !view.Submitted {
			t.Fatalf("%s: %v", who.name, err)
		}
	}
}
