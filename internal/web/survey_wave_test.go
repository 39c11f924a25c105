package web_test

import (
	"bytes"
	"context"
	"fmt"
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

// asked is who a wave is sent to: eight people of five organizations, of whom the last two
// never answer, and so nobody of one of the organizations.
var asked = []struct{ name, at string }{{"Ada", "Harbor Clinic"}, {"Bea", "Harbor Clinic"}, {"Cleo", "North Library"}, {"Dee", "North Library"}, {"Eli", "School District"}, {"Fay", "Valley Fund"}, {"Gus", "Valley Fund"}, {"Hal", "Riverside Church"}}

// waveHouse is a collaborative with those people in a group, and a mail server.
type waveHouse struct {
	*doorstep
	ctx     context.Context
	home    string
	mail    *mailtest.Server
	body    directory.Body
	someone []directory.Person
}

// A whole wave, by those who take part in it: planned from the instrument that comes with
// the program, invited by mail, answered on telephones by six people of four
// organizations, one after a reminder that goes to those alone who have not answered;
// closed and released; what may be told is told with its n, and what may not be says why;
// compared with the wave before, drawn on the network map with who is silent, taken away
// as GEXF, and printed.
func TestAWholeWave(t *testing.T) {
	d, _, home, _, ctx := agreed(t)
	h := &waveHouse{doorstep: d, ctx: ctx, home: home, mail: mailtest.Start(t, mailtest.Options{})}
	m := h.mail.Settings()
	run(t, asSystem(), d.app, d.app.Installation.EditMail, installation.MailInput{Host: m.Host, Port: int64(m.Port), Security: string(m.Security), From: m.From, FromName: m.FromName, Hello: m.EHLO, ExtraRoots: m.ExtraRoots})
	h.gather(t)
	h.yearBefore(t)
	director := d.entered("ana@example.org")
	seen := len(h.mail.Messages())

	b := browser.Open(t)
	laptop := b.Page(t)
	laptop.Visit(d.url + "/sign-in?next=" + home + "surveys/new")
	signInOn(laptop)
	laptop.WaitText("Plan a survey")
	laptop.Fill("label=Instrument", browser.Eval[string](laptop, `[...document.querySelectorAll("[name=instrument_id] option")].find(o => o.text.startsWith("Trust and value between partners")).text`))
	laptop.Fill("label=Title", "Trust this year")
	laptop.Fill("label=Compare with", browser.Eval[string](laptop, `[...document.querySelectorAll("[name=follows_id] option")].find(o => o.text.startsWith("Trust last year")).text`))
	laptop.Follow("text=Save")
	laptop.WaitText("Nobody is invited yet")
	laptop.Click("text=Invite a group")
	laptop.Fill("label=Group", "Reading group")
	laptop.Follow("#invite-body button[type=submit]")
	laptop.WaitText("Gus Orr")
	laptop.Follow("text=Open the survey")
	laptop.WaitText("0 of 8 have answered")
	address, _, _ := strings.Cut(laptop.URL(), "?")
	laptop.Follow("text=Mail the invitations")
	laptop.WaitText("8 letters are on their way")
	d.work()
	links := h.links(t, seen)
	if len(links) != 8 {
		t.Fatalf("letters went to %d people", len(links))
	}

	// Everybody is asked on a telephone.
	for k, who := range asked[:5] {
		p := b.Page(t, browser.Phone())
		h.answer(t, p, links[who.name], k)
		if k == 0 {
			p.Screenshot("wave-handed-in")
		}
		p.Close()
	}
	laptop.Reload()
	laptop.WaitText("5 of 8 have answered")
	if body := director.get(strings.TrimPrefix(address, d.url), http.StatusOK).body; strings.Contains(body, "Bea Orr</a></td><td>answered") {
		t.Error("it is shown who has answered")
	}
	seen = len(h.mail.Messages())
	d.clock.Advance(26 * time.Hour)
	laptop.Click(".head .acts summary")
	laptop.Follow("text=Remind those who have not answered")
	laptop.WaitText("3 letters are on their way")
	d.work()
	var reminded []string
	for name := range h.links(t, seen) {
		reminded = append(reminded, name)
	}
	slices.Sort(reminded)
	if !slices.Equal(reminded, []string{"Fay", "Gus", "Hal"}) {
		t.Errorf("reminded were %q", reminded)
	}
	late := b.Page(t, browser.Phone(), browser.Dark())
	h.answer(t, late, links["Fay"], 5)

	laptop.Reload()
	laptop.WaitText("6 of 8 have answered")
	laptop.Click(".head .acts summary")
	laptop.Follow("text=Close the survey")
	laptop.WaitText("Release the figures")
	late.Visit(d.url + links["Gus"])
	late.WaitText("closed")
	late.Axe()
	laptop.WaitText("By what figures are told")
	laptop.Axe(browser.Arrow)
	laptop.Screenshot("wave-release")
	laptop.Click("text=Years of membership")
	laptop.Tolerate("a dialog opened")
	laptop.Follow("text=Release the figures")
	laptop.WaitText("Read the figures")
	laptop.Follow("text=Read the figures")
	laptop.WaitText("6 of 8")
	laptop.Screenshot("wave-results")
	// What may be told is told, with its n and beside the wave before; what may not says why.
	laptop.Click("text=Show as a table")
	for _, told := range []string{"compared with “Trust last year”", "Trust 3.50", "83 % 24 +1.00", "How far have we come toward what we set out to do? 3.00 – 6 – – – – +1.00 +1.00",
		"Less than a year Too few answers to tell", "Comments are read only where at least eight people wrote one", "A mean stands for at least 5 answers, a spread for at least 8", "is told together with another"} {
		laptop.WaitText(told)
	}
	results, _, _ := strings.Cut(strings.TrimPrefix(laptop.URL(), d.url), "?")
	// Six people are too few to be told of by groups: the pages of both cuts say so.
	laptop.Follow(`.tabs a[href$="by=sector"]`)
	laptop.WaitText("Told instead: Everybody.")
	laptop.Screenshot("wave-results-by")
	for _, path := range []string{results, results + "?by=years", results + "/results.csv"} {
		page := director.get(path, http.StatusOK)
		for _, who := range asked {
			page.saysNot(t, who.name+" Orr", who.at)
		}
	}
	laptop.AsPrinted(func() { laptop.Screenshot("wave-results-printed") })
	if !bytes.HasPrefix(laptop.PDF("wave-results"), []byte("%PDF")) {
		t.Error("the page cannot be printed")
	}
	// The link that asked tells a representative how the others rated their organization,
	// beside what they answered, and nobody else.
	late.Visit(d.url + links["Fay"])
	late.WaitText("How your organization was rated")
	late.WaitText("Valley Fund")
	late.Touch(stuck...)
	late.Screenshot("wave-place")
	late.Visit(d.url + links["Bea"])
	late.WaitText("Your answers")
	if strings.Contains(late.Text("main"), "How your organization was rated") {
		t.Error("told to somebody who does not represent the organization")
	}
	// The network map draws who ticked whom, and of which organization nobody answered.
	laptop.Visit(d.url + home + "network-map?layer=told")
	for _, told := range []string{"Somebody answered for 4 of the 5 organizations", "Tied pairs of all possible. Larger networks are thinner by nature. 100.0 % 100.0 % 100.0 %", "60.0 % 100.0 % 60.0 % to 100.0 %", "asked, nobody answered"} {
		laptop.WaitText(told)
	}
	laptop.AsPrinted(func() { laptop.Screenshot("wave-map-printed") })
	laptop.Screenshot("wave-map")
	graph := director.get(home+"network-map/network.gexf?layer=told", http.StatusOK).body
	// Each of the four ticked the four others: six pairs told both ways, and four that one told.
	if edges, answered := strings.Count(graph, "<edge "), strings.Count(graph, `for="answer" value="answered"`); edges != 10 || answered != 4 || !strings.Contains(graph, "nobody answered") {
		t.Errorf("GEXF has %d ties, and %d organizations that answered:\n%s", edges, answered, graph)
	}
	laptop.Follow("text=Compare with the survey before")
	laptop.WaitText("Among the 4 organizations that answered both, of the 5 that were asked both times")
	laptop.WaitText("0 new, 0 lost, 12 kept")
	laptop.Screenshot("wave-map-change")
	phone := b.Page(t, browser.Phone())
	phone.Visit(d.url + "/sign-in?next=" + results)
	signInOn(phone)
	phone.WaitText("compared with “Trust last year”")
	phone.Fits()
	phone.Screenshot("wave-results")
}

func (h *waveHouse) gather(t *testing.T) {
	t.Helper()
	h.body = run(t, h.ctx, h.app, directory.CreateBody, directory.BodyInput{Name: "Reading group", Kind: "working_group", Since: "2020-01-01"})
	sectors := map[string]string{"Harbor Clinic": "health", "North Library": "education", "School District": "education", "Valley Fund": "philanthropy", "Riverside Church": "faith"}
	at := map[string]directory.Organization{}
	for _, who := range asked {
		represents := at[who.at].ID.IsZero() // the first of each organization
		if represents {
			at[who.at] = run(t, h.ctx, h.app, directory.CreateOrganization, directory.OrganizationInput{Name: who.at, Sector: sectors[who.at], Status: "member"})
		}
		p := run(t, h.ctx, h.app, directory.CreatePerson, directory.PersonInput{GivenName: who.name, FamilyName: "Orr", Email: who.name + "@example.org", Language: "en", OrganizationID: at[who.at].ID, Represents: represents})
		run(t, h.ctx, h.app, directory.CreateSeat, directory.SeatInput{BodyID: h.body.ID, Role: "member", From: "2020-01-01", Terms: []directory.TermInput{{PersonID: p.ID, From: "2020-01-01"}}})
		h.someone = append(h.someone, p)
	}
}

// links are the personal links in the letters after the first so many, by whom they went to.
func (h *waveHouse) links(t *testing.T, after int) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, one := range h.mail.Messages()[after:] {
		for _, l := range one.Links() {
			name, _, _ := strings.Cut(one.To[0], "@")
			if i := strings.Index(l, access.PathSurvey); i >= 0 && out[name] == "" {
				out[name] = l[i:]
			}
		}
	}
	return out
}

// yearBefore is the wave of a year ago, that all but Gus answered.
func (h *waveHouse) yearBefore(t *testing.T) {
	t.Helper()
	held := run(t, h.ctx, h.app, surveys.ListInstruments, surveys.ListInstrumentsInput{}).Items
	at := slices.IndexFunc(held, func(x surveys.Held) bool { return x.Key == "partner-trust" })
	w := run(t, h.ctx, h.app, surveys.Create, surveys.Input{InstrumentID: held[at].ID, Title: "Trust last year", Mode: surveys.Confidential})
	w = run(t, h.ctx, h.app, surveys.AddPeople, surveys.PeopleInput{WaveID: w.ID, Bodies: []directory.BodyID{h.body.ID}})
	w = run(t, h.ctx, h.app, surveys.Step, surveys.StepInput{ID: w.ID, Version: w.Version, State: surveys.Open})
	run(t, h.ctx, h.app, h.app.Surveys.Invite, surveys.InviteInput{ID: w.ID})
	h.work()
	links := h.links(t, 0)
	delete(links, "Gus")
	delete(links, "Hal")
	h.tickAll(t, links, func(string, string) bool { return true })
	w = run(t, h.ctx, h.app, surveys.Get, surveys.Ref{ID: w.ID})
	w = run(t, h.ctx, h.app, surveys.Step, surveys.StepInput{ID: w.ID, Version: w.Version, State: surveys.Closed})
	run(t, h.ctx, h.app, surveys.Step, surveys.StepInput{ID: w.ID, Version: w.Version, State: surveys.Released})
	h.clock.Advance(365 * 24 * time.Hour)
}

// answer goes through the survey on a page: ticks every organization, rates each, and
// hands in.
func (h *waveHouse) answer(t *testing.T, p *browser.Page, link string, k int) {
	t.Helper()
	p.Visit(h.url + link)
	p.WaitText("How long has your organization taken part")
	p.Check("input[value=over_3]", true)
	p.Follow("text=Save and go on")
	p.WaitText("Which organizations has yours worked with")
	for _, key := range browser.Eval[[]string](p, `[...document.querySelectorAll("form#survey input[type=checkbox]")].map(i => i.value)`) {
		p.Check(fmt.Sprintf("form#survey input[value=%q]", key), true)
	}
	if k == 1 {
		p.Axe()
		p.Screenshot("wave-roster")
	}
	p.Follow("text=Save and go on")
	for p.Count(`form#survey input[type=radio][name^="a.partners."]`) > 0 {
		names := browser.Eval[[]string](p, `[...new Set([...document.querySelectorAll("form#survey input[type=radio]")].map(i => i.name))]`)
		for n, name := range names {
			p.Check(fmt.Sprintf("form#survey input[name=%q][value=\"%d\"]", name, 3+(k+n)%2), true)
		}
		if k == 1 {
			p.Fits()
			p.Screenshot("wave-ratings")
		}
		p.Follow("text=Save and go on")
	}
	p.WaitText("How far have we come")
	p.Check(fmt.Sprintf("form#survey input[value=\"%d\"]", 2+k%3), true)
	p.Follow("text=Save and go on")
	p.WaitText("Look them over")
	p.Follow("text=Hand in my answers")
	p.WaitText("your answers are handed in")
}
