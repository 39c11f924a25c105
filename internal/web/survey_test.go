package web_test

import (
	"net/http"
	"strings"
	"testing"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/installation"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/access"
	"commontable/internal/platform/mail/mailtest"
	"commontable/internal/testing/browser"
)

// partners is an instrument with a roster and a question on a condition.
const partners = `{"key":"partners","version":1,"minutes":3,"title":{"en":"Partners"},"sections":[
	{"key":"ties","title":{"en":"Whom you work with"},"questions":[{"key":"know","kind":"roster","text":{"en":"Whom do you work with?"},"scale":{"from":1,"to":4,"labels":{"1":{"en":"Not at all"},"4":{"en":"A great deal"}},"unsure":true},"roster":{"of":"organizations","ask":{"en":"Tick all you know."},"rate":[{"key":"reliable","text":{"en":"They keep their word"}}]}}]},
	{"key":"you","title":{"en":"You"},"questions":[
		{"key":"came","kind":"single","required":true,"text":{"en":"Did you come?"},"choices":[{"key":"yes","text":{"en":"Yes"}},{"key":"no","text":{"en":"No"}}]},
		{"key":"more","kind":"text","most":200,"text":{"en":"What else?"}}]}]}`

// A director brings an instrument, invites a group and opens the survey; somebody without
// an account answers on a telephone without scripts, goes on on another device, hands it
// in and sees their own answers; the director sees counts and nobody's answers.
func TestAnsweringASurvey(t *testing.T) {
	d, director, home, _, ctx := agreed(t)
	server := mailtest.Start(t, mailtest.Options{})
	m := server.Settings()
	run(t, asSystem(), d.app, d.app.Installation.EditMail, installation.MailInput{Host: m.Host, Port: int64(m.Port), Security: string(m.Security), From: m.From, FromName: m.FromName, Hello: m.EHLO, ExtraRoots: m.ExtraRoots})
	body := run(t, ctx, d.app, directory.CreateBody, directory.BodyInput{Name: "Reading group", Kind: "working_group", Since: "2020-01-01"})
	for name, at := range map[string]string{"Cleo": "Harbor Clinic", "Bo": "North Library"} {
		o := run(t, ctx, d.app, directory.CreateOrganization, directory.OrganizationInput{Name: at, Sector: "education"})
		p := run(t, ctx, d.app, directory.CreatePerson, directory.PersonInput{GivenName: name, FamilyName: "Orr", Email: name + "@example.org", Language: "en", OrganizationID: o.ID})
		run(t, ctx, d.app, directory.CreateSeat, directory.SeatInput{BodyID: body.ID, Role: "member", From: "2020-01-01", Terms: []directory.TermInput{{PersonID: p.ID, From: "2020-01-01"}}})
	}
	director.get(home+"instruments", http.StatusOK).says(t, "Meeting pulse", "Shipped")
	director.post(home+"instruments", http.StatusUnprocessableEntity, "format", "json", "file", `{"key":"x"}`).says(t, "the text is missing")
	director.post(home+"instruments", http.StatusSeeOther, "format", "json", "file", partners)
	held := run(t, ctx, d.app, surveys.ListInstruments, surveys.ListInstrumentsInput{}).Items
	own := held[len(held)-1]
	director.get(home+"surveys/new", http.StatusOK).says(t, "Plan a survey", "Partners")
	director.post(home+"surveys", http.StatusSeeOther, "instrument_id", own.ID.String(), "title", "Yearly survey", "mode", "confidential", "remind_every", "5", "remind_most", "2")
	address := home + "surveys/" + run(t, ctx, d.app, surveys.List, surveys.ListInput{}).Items[0].ID.Short()
	director.post(address+"/state", http.StatusUnprocessableEntity, "version", "1", "state", "open").says(t, "Nobody is invited yet")
	director.post(address+"/people", http.StatusSeeOther, "body", body.ID.String())
	director.post(address+"/state", http.StatusSeeOther, "version", "1", "state", "open")
	director.get(address, http.StatusOK).says(t, "Cleo Orr", "Harbor Clinic", "0 of 2 have answered", "Mail the invitations")
	director.post(address+"/invite", http.StatusSeeOther)
	d.work()
	link := ""
	for _, one := range server.Messages() {
		for _, l := range one.Links() {
			if i := strings.Index(l, access.PathSurvey); one.To[0] == "Cleo@example.org" && i >= 0 {
				link = l[i:]
			}
		}
	}
	if link == "" {
		t.Fatal("Cleo got no letter")
	}
	b := browser.Open(t)
	phone := b.Page(t, browser.Phone(), browser.NoScript())
	phone.Visit(d.url + link)
	phone.WaitText("Nobody reads your answers one by one")
	phone.WaitText("Whom do you work with?")
	phone.Screenshot("survey-noscript")
	phone.Check("form#survey input[type=checkbox]", true)
	phone.Follow("text=Save and go on")
	phone.WaitText("They keep their word")
	phone.Check(`form#survey input[value="3"]`, true)
	phone.Follow("text=Save and go on")
	phone.WaitText("Did you come?")

	// On another device everything is there still.
	dark := b.Page(t, browser.Phone(), browser.Dark())
	dark.Visit(d.url + link + "?page=2")
	dark.WaitText("North Library")
	dark.Touch()
	dark.Screenshot("survey-dark")
	dark.Visit(d.url + link + "?page=3")
	dark.WaitText("Did you come?")
	dark.Fits()

	phone.Check("form#survey input[value=yes]", true)
	phone.Follow("text=Save and go on")
	phone.WaitText("Look them over")
	phone.Screenshot("survey-check")
	phone.Follow("text=Hand in my answers")
	phone.WaitText("your answers are handed in")
	dark.Visit(d.url + link)
	dark.WaitText("North Library (They keep their word: 3)")
	dark.Axe()
	dark.Screenshot("survey-done")

	director.get(address, http.StatusOK).says(t, "1 of 2 have answered")
	laptop := b.Page(t)
	laptop.Visit(d.url + "/sign-in?next=" + address)
	signInOn(laptop)
	for _, page := range []string{address, home + "surveys", home + "surveys/new", home + "instruments"} {
		laptop.Visit(d.url + page)
		if page == address {
			laptop.Axe(browser.Arrow)
		} else {
			laptop.Axe()
		}
		laptop.Screenshot("survey-" + page[strings.LastIndex(page, "/")+1:])
	}
}

// In a named survey staff read who answered what, on a page; in a confidential one nobody
// does.
func TestNamedAnswersArePages(t *testing.T) {
	d, director, home, _, ctx := agreed(t)
	server := mailtest.Start(t, mailtest.Options{})
	m := server.Settings()
	run(t, asSystem(), d.app, d.app.Installation.EditMail, installation.MailInput{Host: m.Host, Port: int64(m.Port), Security: string(m.Security), From: m.From, FromName: m.FromName, Hello: m.EHLO, ExtraRoots: m.ExtraRoots})
	p := run(t, ctx, d.app, directory.CreatePerson, directory.PersonInput{GivenName: "Cleo", FamilyName: "Orr", Email: "cleo@example.org", Language: "en"})
	held := run(t, ctx, d.app, surveys.Bring, surveys.BringInput{Format: "json", File: partners})
	wave := func(mode string) surveys.Wave {
		w := run(t, ctx, d.app, surveys.Create, surveys.Input{InstrumentID: held.ID, Title: mode, Mode: mode})
		w = run(t, ctx, d.app, surveys.AddPeople, surveys.PeopleInput{WaveID: w.ID, People: []directory.PersonID{p.ID}})
		w = run(t, ctx, d.app, surveys.Step, surveys.StepInput{ID: w.ID, Version: w.Version, State: surveys.Open})
		run(t, ctx, d.app, d.app.Surveys.Invite, surveys.InviteInput{ID: w.ID})
		d.work()
		return w
	}
	named := wave(surveys.Named)
	answers := home + "surveys/" + named.ID.Short() + "/answers"
	director.get(answers, http.StatusOK).says(t, "No answers yet")
	link := ""
	for _, l := range server.Messages()[len(server.Messages())-1].Links() {
		if i := strings.Index(l, access.PathSurvey); i >= 0 {
			link = l[i+len(access.PathSurvey):]
		}
	}
	given := []surveys.Given{{Question: "came", Answer: surveys.Answer{Choices: []string{"yes"}}}, {Question: "more", Answer: surveys.Answer{Text: "We met <twice>."}}}
	if _, view, err := d.app.Surveys.Answer(ctx, d.app.Door, surveys.LinkSave{Secret: link, Do: surveys.Submit, Answers: given}); err != nil || !view.Submitted {
		t.Fatalf("%v %v", view.Submitted, err)
	}
	list := director.get(answers, http.StatusOK)
	list.says(t, "Cleo Orr")
	list.saysNot(t, "We met")
	director.get(answers+"?person="+p.ID.Short(), http.StatusOK).says(t, "Did you come?", "Yes", "We met <twice>.")
	director.get(home+"surveys/"+named.ID.Short(), http.StatusOK).says(t, "Who answered what")
	secret := wave(surveys.Confidential)
	director.get(home+"surveys/"+secret.ID.Short(), http.StatusOK).saysNot(t, "Who answered what")
	director.get(home+"surveys/"+secret.ID.Short()+"/answers", http.StatusForbidden)
}
