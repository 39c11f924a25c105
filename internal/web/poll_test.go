package web_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/due"
	"commontable/internal/backbone/installation"
	"commontable/internal/backbone/polls"
	"commontable/internal/platform/access"
	"commontable/internal/platform/mail/mailtest"
	"commontable/internal/testing/browser"
)

// A director proposes times, somebody without an account answers on a telephone
// without scripts from a letter that came through a mail server, and the time that is
// chosen is a meeting.
func TestFindingATime(t *testing.T) {
	d, director, home, _, ctx := agreed(t)
	server := mailtest.Start(t, mailtest.Options{})
	m := server.Settings()
	run(t, asSystem(), d.app, d.app.Installation.EditMail, installation.MailInput{Host: m.Host, Port: int64(m.Port), Security: string(m.Security), From: m.From, FromName: m.FromName, Hello: m.EHLO, ExtraRoots: m.ExtraRoots})
	body := run(t, ctx, d.app, directory.CreateBody, directory.BodyInput{Name: "Reading group", Kind: "working_group", Since: "2020-01-01"})
	for _, name := range []string{"Cleo", "Bo"} {
		p := run(t, ctx, d.app, directory.CreatePerson, directory.PersonInput{GivenName: name, FamilyName: "Orr", Email: name + "@example.org", Language: "en"})
		run(t, ctx, d.app, directory.CreateSeat, directory.SeatInput{BodyID: body.ID, Role: "member", From: "2020-01-01", Terms: []directory.TermInput{{PersonID: p.ID, From: "2020-01-01"}}})
	}
	day := func(n int) string { return d.clock.Now().AddDate(0, 0, n).Format("2006-01-02") }
	director.get(home+"polls/new", http.StatusOK).says(t, "Find a time", "Day 1")
	director.post(home+"polls", http.StatusUnprocessableEntity, "body_id", body.ID.String(), "times", "18:00", "zone", "America/Chicago", "minutes", "90").says(t, "Day 1")
	director.post(home+"polls", http.StatusSeeOther, "body_id", body.ID.String(), "day_1", day(9), "day_2", day(11), "times", "9:30, 18:00", "zone", "America/Chicago", "minutes", "90")
	address := home + "polls/" + run(t, ctx, d.app, polls.List, polls.ListInput{}).Items[0].ID.Short()
	director.get(address, http.StatusOK).says(t, "Reading group", "0 of 2 have answered", "Mail the question", "Order: first the times")
	director.post(address+"/ask", http.StatusSeeOther)
	d.work()
	link := ""
	for _, one := range server.Messages() {
		for _, l := range one.Links() {
			if i := strings.Index(l, access.PathPoll); one.To[0] == "Cleo@example.org" && i >= 0 {
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
	phone.WaitText("Cleo, which times suit you?")
	phone.Screenshot("poll-noscript")
	phone.Check("form fieldset:nth-of-type(1) input[value=no]", true)
	phone.Check("form fieldset:nth-of-type(2) input[value=yes]", true)
	phone.Check("form fieldset:nth-of-type(4) input[value=maybe]", true)
	phone.Follow("text=Send my answers")
	phone.WaitText("your answers are recorded")
	dark := b.Page(t, browser.Phone(), browser.Dark())
	dark.Visit(d.url + link)
	dark.WaitText("1 yes, 0 if need be")
	dark.Touch()
	dark.Screenshot("poll-dark")
	dark.Fill("label=Your time zone", "Europe/Paris")
	dark.Follow("text=Show the times in this zone")
	dark.WaitText("your time")

	laptop := b.Page(t)
	laptop.Visit(d.url + "/sign-in?next=" + address)
	signInOn(laptop)
	laptop.WaitText("Who can come when")
	laptop.Axe()
	laptop.Screenshot("poll")
	laptop.InDark(func() { laptop.Screenshot("poll-dark") })
	for _, page := range []string{home + "polls", home + "polls/new", address + "/choose"} {
		laptop.Visit(d.url + page)
		laptop.Axe()
		laptop.Screenshot("poll-" + page[strings.LastIndex(page, "/")+1:])
	}
	small := b.Page(t, browser.Phone())
	small.Visit(d.url + "/sign-in?next=" + address)
	signInOn(small)
	small.WaitText("Who can come when")
	small.Fits()
	small.Screenshot("poll-small")

	director.get(address, http.StatusOK).says(t, "1 of 2 have answered", "Cleo Orr", "If need be")
	page := director.get(address+"/choose?time="+day(9)+"+18:00", http.StatusOK)
	page.says(t, "Plan the meeting and invite")
	director.post(address+"/choose", http.StatusSeeOther, "version", "1", "time", day(9)+" 18:00")
	d.work()
	meetings := run(t, ctx, d.app, convening.ListMeetings, convening.ListMeetingsInput{BodyID: body.ID})
	if len(meetings.Items) != 1 || meetings.Items[0].Starts != "18:00" || meetings.Items[0].On != day(9) {
		t.Errorf("the meeting is %+v", meetings.Items)
	}
	dark.Visit(d.url + link)
	dark.WaitText("A time was chosen")

	// The list of meetings moves those that are ticked.
	laptop.Visit(d.url + home + "meetings")
	laptop.Check("tbody input[type=checkbox]", true)
	laptop.WaitText("Move by days")
	laptop.Axe()
	laptop.Screenshot("meetings-several")
	small.Visit(d.url + home + "meetings")
	small.Check("tbody input[type=checkbox]", true)
	small.WaitText("Move by days")
	small.Fits()
	small.Screenshot("meetings-several-small")
	one := meetings.Items[0]
	director.post(home+"meetings/bulk", http.StatusSeeOther, "id", one.ID.Short()+"."+strconv.FormatInt(one.Version, 10), "do", "edit", "set_days", "7", "set_place", "Hall")
	one = run(t, ctx, d.app, convening.GetMeeting, convening.MeetingRef{ID: one.ID})
	if one.On != day(16) || one.Place != "Hall" || one.Starts != "18:00" {
		t.Errorf("moved by a week: %+v", one)
	}
}

// What the pages of polls show is taken away as a file, and a poll that waits for an
// answer is answered on the page of what is due, on a phone without scripts.
func TestPollsTakenAwayAndDue(t *testing.T) {
	d, director, home, _, ctx := agreed(t)
	cleo := run(t, ctx, d.app, directory.CreatePerson, directory.PersonInput{GivenName: "Cleo", FamilyName: "Orr", Email: "cleo@example.org", Language: "en"})
	bo := run(t, ctx, d.app, directory.CreatePerson, directory.PersonInput{GivenName: "=Bo"})
	day := func(n int) string { return d.clock.Now().AddDate(0, 0, n).Format("2006-01-02") }
	p := run(t, ctx, d.app, polls.Create, polls.Input{Title: "Budget evening", Zone: "America/Chicago", Place: "Library", Times: []string{day(9) + " 18:00", day(11) + " 18:00"}, People: []directory.PersonID{cleo.ID, bo.ID}})
	other := run(t, ctx, d.app, polls.Create, polls.Input{Title: "Another evening", Zone: "Europe/Paris", Times: []string{day(9) + " 18:00"}, People: []directory.PersonID{cleo.ID}})
	director.get(home+"due?kind=poll", http.StatusOK).says(t, "Finding a time", "Budget evening", "Another evening", "polls/"+p.ID.Short())
	link := run(t, ctx, d.app, d.app.Due.MakeLink, due.LinkInput{Owner: due.Owner{PersonID: cleo.ID}}).Address
	link = link[strings.Index(link, "/due/"):]
	c := d.guest()
	c.get(link, http.StatusOK).says(t, "Budget evening", "2 times are proposed", "Another evening", "1 time is proposed", "Europe/Paris time")
	said := []string{"item", "poll", "id", p.ID.String(), "answer", "times"}
	c.post(link, http.StatusUnprocessableEntity, said...).says(t, "This is needed.")

	b := browser.Open(t)
	phone := b.Page(t, browser.Phone(), browser.NoScript())
	phone.Visit(d.url + link)
	phone.WaitText("Budget evening")
	phone.Screenshot("due-poll-noscript")
	phone.Check(`input[name="time `+day(11)+` 18:00"][value=yes]`, true)
	phone.Follow("text=Say which suit me")
	dark := b.Page(t, browser.Phone(), browser.Dark())
	dark.Visit(d.url + link)
	dark.WaitText("waiting")
	dark.Touch()
	dark.Screenshot("due-poll-dark")
	if now := run(t, ctx, d.app, polls.Get, polls.Ref{ID: p.ID}); now.Answered+run(t, ctx, d.app, polls.Get, polls.Ref{ID: other.ID}).Answered != 1 {
		t.Errorf("answered: %+v", now)
	}
	c.post(link, http.StatusOK, append(said, "time "+day(9)+" 18:00", "no", "time "+day(11)+" 18:00", "maybe")...)

	director.get(home+"polls", http.StatusOK).says(t, "polls/export.csv", "polls/export.xlsx")
	director.get(home+"polls/export.csv", http.StatusOK).says(t, "Budget evening", "Another evening", "of 2 have answered")
	file := director.get(home+"polls/"+p.ID.Short()+"/answers.csv", http.StatusOK)
	file.says(t, "Cleo Orr", "If need be", day(9)+" 18:00", "'=Bo")
	if got := file.header.Get("Content-Type"); !strings.HasPrefix(got, "text/csv") {
		t.Error(got)
	}
	director.get(home+"polls/"+p.ID.Short(), http.StatusOK).says(t, "Answers as CSV", "answers.xlsx")
	director.get(home+"polls/"+p.ID.Short()+"/answers.xlsx", http.StatusOK)
	d.guest().get(home+"polls/"+p.ID.Short()+"/answers.csv", http.StatusSeeOther)
}
