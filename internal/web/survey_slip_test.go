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

const wholePartners = `{"key":"whole","version":1,"minutes":3,"title":{"en":"Whole"},"sections":[
	{"key":"ties","title":{"en":"Whom you work with"},"questions":[{"key":"know","kind":"roster","text":{"en":"Whom do you work with?"},"scale":{"from":1,"to":4,"labels":{"1":{"en":"Not at all"},"4":{"en":"A great deal"}},"unsure":true},"roster":{"of":"organizations","ask":{"en":"Tick all you know."},"rate":[{"key":"reliable","text":{"en":"They keep their word"}}]}}]},
	{"key":"you","title":{"en":"You"},"questions":[
		{"key":"came","kind":"single","required":true,"text":{"en":"Did you come?"},"choices":[{"key":"yes","text":{"en":"Yes"}},{"key":"no","text":{"en":"No"}}]},
		{"key":"why","kind":"text","required":true,"most":200,"text":{"en":"Why not?"},"show_if":[{"question":"came","is":["no"]}]}]}]}`

// Two people answer anonymously on telephones: each takes a slip, answers on a page that
// knows nobody, loses nothing by closing it, and sees their answers once more at the end.
// Without scripts the page says why it needs them; the slip is given to one browser alone;
// and staff see how many slips were taken.
func TestAnsweringAnonymously(t *testing.T) {
	d, director, home, _, ctx := agreed(t)
	server := mailtest.Start(t, mailtest.Options{})
	m := server.Settings()
	run(t, asSystem(), d.app, d.app.Installation.EditMail, installation.MailInput{Host: m.Host, Port: int64(m.Port), Security: string(m.Security), From: m.From, FromName: m.FromName, Hello: m.EHLO, ExtraRoots: m.ExtraRoots})
	var people []directory.PersonID
	for name, at := range map[string]string{"Cleo": "Harbor Clinic", "Bo": "North Library"} {
		o := run(t, ctx, d.app, directory.CreateOrganization, directory.OrganizationInput{Name: at, Sector: "education"})
		people = append(people, run(t, ctx, d.app, directory.CreatePerson, directory.PersonInput{GivenName: name, Email: strings.ToLower(name) + "@example.org", Language: "en", OrganizationID: o.ID}).ID)
	}
	held := run(t, ctx, d.app, surveys.Bring, surveys.BringInput{Format: "json", File: wholePartners})
	director.post(home+"surveys", http.StatusSeeOther, "instrument_id", held.ID.String(), "title", "In confidence", "mode", "anonymous", "remind_every", "5", "remind_most", "2")
	w := run(t, ctx, d.app, surveys.List, surveys.ListInput{}).Items[0]
	w = run(t, ctx, d.app, surveys.AddPeople, surveys.PeopleInput{WaveID: w.ID, People: people})
	address := home + "surveys/" + w.ID.Short()
	director.get(address, http.StatusOK).says(t, "Anonymous", "Only 2 people are invited")
	w = run(t, ctx, d.app, surveys.Step, surveys.StepInput{ID: w.ID, Version: w.Version, State: surveys.Open})
	run(t, ctx, d.app, d.app.Surveys.Invite, surveys.InviteInput{ID: w.ID})
	d.work()
	links := map[string]string{}
	for _, one := range server.Messages() {
		for _, l := range one.Links() {
			if i := strings.Index(l, access.PathSurvey); i >= 0 {
				links[strings.ToLower(one.To[0])] = d.url + l[i:]
			}
		}
	}

	b := browser.Open(t)
	plain := b.Page(t, browser.Phone(), browser.NoScript())
	plain.Visit(links["cleo@example.org"])
	plain.WaitText("Your answers are not tied to you")
	plain.WaitText("Scripts are off in this browser")
	plain.Screenshot("slip-noscript")

	cleo := b.Page(t, browser.Phone())
	cleo.Tolerate("422") // what the browser says of answers that are sent back
	cleo.Visit(links["cleo@example.org"])
	cleo.WaitText("Take my slip and begin")
	cleo.Axe()
	cleo.Screenshot("slip-offer")
	cleo.Follow("button[data-take]")
	cleo.WaitText("Whom do you work with?")
	if at := cleo.URL(); !strings.Contains(at, access.PathSlip) || strings.Contains(at, "ctl_"+strings.Split(links["cleo@example.org"], "ctl_")[1]) {
		t.Errorf("the answering page is at %s", at)
	}
	cleo.WaitText("North Library")
	cleo.Check(`input[type=checkbox]`, true)
	cleo.WaitText("They keep their word")
	cleo.Check(`[data-rated] input[value="3"]`, true)
	cleo.Check(`input[value=no]`, true)
	cleo.WaitText("Why not?")
	cleo.Axe()
	cleo.Screenshot("slip-form")
	// Handed in without what is required: told at the question.
	cleo.Click("#survey button[type=submit]")
	cleo.WaitText("Please look at these questions again")
	cleo.WaitText("Please answer this question.")
	cleo.Axe()
	cleo.Screenshot("slip-faults")
	cleo.Fill("textarea", "It was too late in the day.")
	// Closed and opened again from the letter, everything is there still.
	cleo.Visit(links["cleo@example.org"])
	cleo.WaitText("Go on to the questions")
	cleo.Follow("button[data-take]")
	cleo.WaitText("Why not?")
	if text := cleo.Value("textarea"); text != "It was too late in the day." {
		t.Errorf("the draft is %q", text)
	}
	cleo.Offline(func() {
		cleo.Click("#survey button[type=submit]")
		cleo.WaitText("Nothing is lost")
	})
	cleo.Click("#survey button[type=submit]")
	cleo.WaitText("your answers are handed in")
	cleo.WaitText("It was too late in the day.")
	cleo.Axe()
	cleo.Screenshot("slip-done")
	cleo.Visit(links["cleo@example.org"])
	cleo.WaitText("Answers were handed in with this slip")

	// Another browser gets no second slip for Cleo, and one for Bo.
	bo := b.Page(t, browser.Phone(), browser.Dark())
	bo.Visit(links["cleo@example.org"])
	bo.WaitText("Your slip was taken on another device")
	bo.Visit(links["bo@example.org"])
	bo.Follow("button[data-take]")
	bo.WaitText("Did you come?")
	bo.Check(`input[value=yes]`, true)
	bo.Axe()
	bo.Click("#survey button[type=submit]")
	bo.WaitText("your answers are handed in")

	director.get(address, http.StatusOK).says(t, "2 of 2 have taken their slip", "Slips taken")
	w = run(t, ctx, d.app, surveys.Get, surveys.Ref{ID: w.ID})
	w = run(t, ctx, d.app, surveys.Step, surveys.StepInput{ID: w.ID, Version: w.Version, State: surveys.Closed})
	if w.Answered != 2 {
		t.Errorf("%d have answered", w.Answered)
	}
	director.get(address+"/answers", http.StatusForbidden)
	bo.Visit(links["bo@example.org"])
	bo.WaitText("This survey is closed")
}
