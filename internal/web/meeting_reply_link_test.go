package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/installation"
	"commontable/internal/platform/access"
	"commontable/internal/platform/mail/mailtest"
	"commontable/internal/testing/browser"
)

// Somebody without an account answers on a telephone from a letter that came
// through a mail server; the one who prepares the meeting sees it.
func TestReplyFromALetterOnAPhone(t *testing.T) {
	d, director, home, _, ctx := agreed(t)
	server := mailtest.Start(t, mailtest.Options{})
	m := server.Settings()
	run(t, asSystem(), d.app, d.app.Installation.EditMail, installation.MailInput{Host: m.Host, Port: int64(m.Port), Security: string(m.Security), From: m.From, FromName: m.FromName, Hello: m.EHLO, ExtraRoots: m.ExtraRoots})
	cleo := run(t, ctx, d.app, directory.CreatePerson, directory.PersonInput{GivenName: "Cleo", FamilyName: "Orr", Email: "cleo@example.org", Language: "en"})
	day := d.clock.Now().AddDate(0, 0, 9).Format("2006-01-02")
	meeting := run(t, ctx, d.app, convening.CreateMeeting, convening.MeetingInput{Title: "Reading night", On: day, Starts: "18:00", Mode: "hybrid", Place: "Library", Purpose: "Choose a goal."})
	run(t, ctx, d.app, convening.SetPerson, convening.PersonInput{MeetingID: meeting.ID, PersonID: cleo.ID, Invited: true})
	director.get(home+"meetings/"+meeting.ID.Short(), http.StatusOK).says(t, "Send invitations", "Add to Google Calendar")
	director.post(home+"meetings/"+meeting.ID.Short()+"/invite", http.StatusSeeOther)
	d.work()
	var letters []mailtest.Received
	for _, one := range server.Messages() { // beside what the director is told of signing in
		if one.To[0] == "cleo@example.org" {
			letters = append(letters, one)
		}
	}
	if len(letters) != 1 {
		t.Fatalf("%d letters", len(letters))
	}
	reply, stop := "", ""
	for _, link := range letters[0].Links() {
		u, err := url.Parse(link)
		switch {
		case err != nil:
			t.Fatal(err)
		case strings.HasPrefix(u.Path, access.PathReply):
			reply = u.Path
		case strings.HasPrefix(u.Path, access.PathStop):
			stop = u.Path
		}
	}
	b := browser.Open(t)
	phone := b.Page(t, browser.Phone(), browser.NoScript())
	phone.Visit(d.url + reply)
	phone.WaitText("Cleo, will you come?")
	phone.Screenshot("reply-noscript")
	phone.Follow("text=I cannot come")
	phone.WaitText("your answer: does not come")
	dark := b.Page(t, browser.Phone(), browser.Dark())
	dark.Visit(d.url + reply)
	dark.Axe()
	dark.Click("text=Somebody else comes instead")
	dark.Fill("label=Who comes instead", "Zed Ali")
	dark.Follow("text=They come instead")
	dark.WaitText("Zed Ali comes instead")
	dark.Axe()
	dark.Screenshot("reply-alternate")
	director.get(home+"meetings/"+meeting.ID.Short(), http.StatusOK).says(t, "Zed Ali comes instead")
	dark.Visit(d.url + stop)
	dark.WaitText("End these messages?")
	dark.Axe()
	dark.Screenshot("letters-stop")
	d.guest().post(stop, http.StatusOK, "List-Unsubscribe", "One-Click").says(t, "You get no more letters about meetings")
	director.get(home+"settings/letters", http.StatusOK).says(t, "cleo@example.org", "ended by the reader")

	// The calendar of whoever is signed in.
	page := director.post(home+"calendar", http.StatusCreated, "scope", "everything")
	page.says(t, "webcal://", "Replace the address")
	_, address, _ := strings.Cut(page.body, access.PathFeed)
	address, _, _ = strings.Cut(address, ".ics")
	feed := d.guest().get(access.PathFeed+address+".ics", http.StatusOK)
	feed.says(t, "BEGIN:VCALENDAR", "SUMMARY:Reading night", "TZID:America/Chicago")
	if strings.Contains(director.get(home+"calendar", http.StatusOK).body, address) {
		t.Error("an address is shown in answer to a GET")
	}
	d.guest().get(access.PathFeed+"ctl_"+strings.Repeat("A", 43)+".ics", http.StatusNotFound)
	director.get(home+"meetings/"+meeting.ID.Short()+"/calendar.ics", http.StatusOK).says(t, "BEGIN:VEVENT")
	laptop := b.Page(t)
	laptop.Visit(d.url + "/sign-in?next=" + home + "calendar")
	signInOn(laptop)
	laptop.WaitText("Make the address")
	laptop.Axe()
	laptop.Screenshot("calendar-feeds")
	laptop.Visit(d.url + home + "settings/letters")
	laptop.Axe()
	laptop.Screenshot("settings-letters")
}
