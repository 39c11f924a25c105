package security_test

import (
	"context"
	"net/http"
	netmail "net/mail"
	"net/url"
	"slices"
	"strings"
	"testing"

	"commontable/internal/backbone/agreements"
	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/installation"
	"commontable/internal/platform/access"
	"commontable/internal/platform/clock"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/mail/mailtest"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// mailed makes the installation's mail go to a test server.
func (s *site) mailed(t *testing.T) *mailtest.Server {
	t.Helper()
	s.app.Worker.Together = nil // one letter after the other, so that they can be compared
	server := mailtest.Start(t, mailtest.Options{})
	m := server.Settings()
	do(t, s.system(), s.app, s.app.Installation.EditMail, installation.MailInput{Host: m.Host, Port: int64(m.Port), Security: string(m.Security), From: m.From, FromName: m.FromName, Hello: m.EHLO, ExtraRoots: m.ExtraRoots})
	return server
}

// work does what waits, and what that asks for in turn.
func (s *site) work(t *testing.T) {
	t.Helper()
	for {
		n, err := s.app.Worker.Work(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

// correspondence is every kind of mail the program sends, caused by somebody
// called name in a collaborative called name, by way of the pages. The addresses
// begin with prefix. It returns one message of each kind and who was to get it.
func (s *site) correspondence(t *testing.T, server *mailtest.Server, name, prefix string, join func(caller)) (got []mailtest.Received, to []string) {
	t.Helper()
	own, fresh, guest := prefix+"@example.org", prefix+".new@example.org", prefix+".guest@example.org"
	c := s.accountAt(t, name, own, true)
	made, err := collaborative.Create.Do(operation.WithActor(context.Background(), c.actor), s.app.Door, collaborative.CreateInput{Name: name, Zone: "UTC"})
	if err != nil {
		t.Fatal(err)
	}
	if join != nil {
		join(c)
	}
	// expect sends a form and waits for the one message it causes.
	expect := func(recipient string, r *http.Request) mailtest.Received {
		t.Helper()
		before := len(server.Messages())
		if a := s.send(r); a.status >= 400 {
			t.Fatalf("%s: %d %s", r.URL.Path, a.status, a.body)
		}
		s.work(t)
		fresh := server.Messages()[before:]
		if len(fresh) != 1 {
			t.Fatalf("%s caused %d messages", r.URL.Path, len(fresh))
		}
		got, to = append(got, fresh[0]), append(to, recipient)
		return fresh[0]
	}
	const password = "velvet anchor 47 thimble"
	expect(guest, c.browse("POST", "/c/"+made.Slug+"/settings/members/invite", url.Values{"name": {name}, "email": {guest}, "roles": {"funder"}, "language": {"en"}}))
	expect(own, caller{}.browse("POST", "/sign-in", url.Values{"email": {own}}))
	expect(own, c.browse("POST", "/account/security/password", url.Values{"password": {password}}))
	elsewhere := caller{}.browse("POST", "/sign-in/password", url.Values{"email": {own}, "password": {password}})
	elsewhere.Header.Set("User-Agent", name)
	expect(own, elsewhere)
	letter := expect(fresh, c.browse("POST", "/account/email", url.Values{"email": {fresh}}))
	_, secret, ok := strings.Cut(strings.Join(letter.Links(), " "), access.PathConfirmEmail)
	if !ok {
		t.Fatalf("no link to confirm an address: %q", letter.Links())
	}
	expect(own, caller{}.browse("POST", access.PathConfirmEmail+secret, nil))
	expect(guest, c.browse("POST", "/installation/mail/test", url.Values{"to": {guest}}))

	place, err := s.app.Access.Collaborative(context.Background(), made.Slug)
	if err != nil {
		t.Fatal(err)
	}
	there := operation.WithCollaborative(s.system(), place)
	do(t, there, s.app, collaborative.AdoptPrinciples, collaborative.AdoptInput{Body: name})
	o := do(t, there, s.app, directory.CreateOrganization, directory.OrganizationInput{Name: name})
	a := do(t, there, s.app, agreements.Create, agreements.Input{OrganizationID: o.ID, SignatoryName: name, SignatoryEmail: guest})
	letter = expect(guest, c.browse("POST", "/c/"+made.Slug+"/agreements/"+a.ID.Short()+"/send", url.Values{"version": {"1"}}))
	if _, secret, ok = strings.Cut(strings.Join(letter.Links(), " "), access.PathAgreement); !ok {
		t.Fatalf("no link to sign by: %q", letter.Links())
	}
	expect(guest, caller{}.browse("POST", access.PathAgreement+secret, url.Values{"name": {name}, "agreed": {"true"}}))

	before := len(server.Messages())
	if a := s.send(c.browse("POST", "/c/"+made.Slug+"/settings/takeouts/schedule", url.Values{"every": {"weekly"}})); a.status >= 400 {
		t.Fatalf("the schedule: %d %s", a.status, a.body)
	}
	if err := s.app.Takeouts.Sweep(context.Background(), place.ID, s.app.Config.Clock.Now().AddDate(0, 0, 8)); err != nil {
		t.Fatal(err)
	}
	s.app.Worker.Clock = clock.Fixed(s.app.Config.Clock.Now().AddDate(0, 0, 8))
	s.work(t)
	s.app.Worker.Clock = s.app.Config.Clock
	if ready := server.Messages()[before:]; len(ready) == 1 {
		got, to = append(got, ready[0]), append(to, fresh)
	} else {
		t.Fatalf("a takeout by itself caused %d messages", len(ready))
	}

	letters, reader := s.meetingLetters(t, server, there, name, guest)
	got = append(got, letters...)
	for range letters {
		to = append(to, reader)
	}

	for _, m := range s.dueLetters(t, server, there, name, guest) {
		got, to = append(got, m), append(to, guest)
	}

	for _, m := range s.pollLetters(t, server, there, name, guest) {
		got, to = append(got, m), append(to, guest)
	}

	for _, m := range s.surveyLetters(t, server, there, name, guest) {
		got, to = append(got, m), append(to, guest)
	}

	for _, m := range s.evaluatorLetters(t, server, there, name, guest) {
		got, to = append(got, m), append(to, guest)
	}

	var subjects []string
	for _, m := range got {
		if !slices.Contains(subjects, m.Subject) {
			subjects = append(subjects, m.Subject)
		}
	}
	if len(subjects) != len(mail.Templates()) {
		t.Errorf("%d kinds of mail out of %d were looked at: %q", len(subjects), len(mail.Templates()), subjects)
	}
	return got, to
}

// Mail sent for one collaborative, to whomever, also to somebody who takes part
// in both, holds nothing of the other.
func TestMailTellsNothingOfOtherCollaboratives(t *testing.T) {
	s := newSite(t)
	server := s.mailed(t)
	s.work(t) // the invitations of both places, and the agreements to sign
	seen := 0
	for _, m := range server.Messages() {
		if theirs := strings.HasPrefix(m.To[0], canary); holdsCanary(m) != theirs {
			t.Errorf("the mail to %s holds the canary: %v", m.To[0], !theirs)
		} else if theirs {
			seen++
		}
	}
	if seen != 2 {
		t.Errorf("%d mails of the other collaborative: the test is blind", seen)
	}
	there := operation.CollaborativeFrom(s.there.context)
	got, _ := s.correspondence(t, server, "Cedar Grove", "ana", func(c caller) {
		p := do(t, s.there.context, s.app, directory.CreatePerson, directory.PersonInput{GivenName: canary, FamilyName: "both"})
		if err := s.app.Store.WriteInstallation(context.Background(), func(tx *store.InstallationTx) error {
			return access.Grant(tx, s.app.Config.Clock.Now(), access.Membership{Account: c.actor.Account, Collaborative: there.ID, Person: p.ID, Roles: []operation.Role{operation.Director}})
		}); err != nil {
			t.Fatal(err)
		}
	})
	for _, m := range got {
		if holdsCanary(m) {
			t.Errorf("the mail %q to %s tells of the other collaborative:\n%s", m.Subject, m.To, m.Raw)
		}
	}
}

// holdsCanary looks at a message as it was sent and as it is read.
func holdsCanary(m mailtest.Received) bool {
	all := string(m.Raw) + m.Subject + m.Text + m.HTML
	for _, values := range m.Header {
		all += strings.Join(values, " ")
	}
	return strings.Contains(strings.ToLower(all), canary)
}

// Whatever a person or a collaborative is called, a mail has the headers, the
// one recipient, the elements and the links it has for a harmless name.
func TestStoredTextStaysTextInMail(t *testing.T) {
	s := newSite(t)
	server := s.mailed(t)
	s.work(t)
	harmless, _ := s.correspondence(t, server, "Cedar Grove", "ana", nil)
	for prefix, name := range map[string]string{
		"markup": `alert"><img src=x onerror=alert(2)>'--></title><svg onload=alert(3)>`,
		"lines":  "alert\r\nBcc: eve@evil.example\r\n\r\n.\r\nMAIL FROM:<eve@evil.example>",
		"lists":  "alert <eve@evil.example>, \"Eve\" <eve@evil.example>;",
		"links":  "alert https://evil.example www.evil.example\u2028\u202e javascript:alert(4)",
	} {
		got, to := s.correspondence(t, server, name, prefix, nil)
		for i := range got {
			likeHarmless(t, got[i], harmless[i], to[i])
		}
		if told := slices.IndexFunc(got, func(m mailtest.Received) bool { return strings.Contains(m.Text, "alert") }); told < 0 {
			t.Errorf("no mail holds the hostile name of %s: the test is blind", prefix)
		}
	}

	// What a mail program would decode into other words arrives as it was typed.
	s.accountAt(t, "alert =?utf-8?q?Bcc:_eve?=", "words@example.org", false)
	before := len(server.Messages())
	s.send(caller{}.browse("POST", "/sign-in", url.Values{"email": {"words@example.org"}}))
	s.work(t)
	sent := server.Messages()[before:]
	if len(sent) != 1 {
		t.Fatalf("%d mails", len(sent))
	}
	likeHarmless(t, sent[0], harmless[0], "words@example.org")
	if list, err := netmail.ParseAddressList(sent[0].Header.Get("To")); err != nil || !strings.Contains(list[0].Name, "utf-8?q?Bcc:_eve?=") {
		t.Errorf("the name was decoded: %v, %v", list, err)
	}
}

// likeHarmless compares a mail with the same one about a harmless name.
func likeHarmless(t *testing.T, m, harmless mailtest.Received, to string) {
	t.Helper()
	if len(m.To) != 1 || m.To[0] != to || m.From != harmless.From {
		t.Errorf("%q went from %s to %q, want %s", m.Subject, m.From, m.To, to)
	}
	list, err := netmail.ParseAddressList(m.Header.Get("To"))
	if err != nil || len(list) != 1 || list[0].Address != to {
		t.Errorf("%q names as its recipients %v, %v", m.Subject, list, err)
	}
	for name, values := range m.Header {
		if len(values) != 1 || harmless.Header[name] == nil {
			t.Errorf("%q has a header %s: %q", m.Subject, name, values)
		}
	}
	if strings.ContainsAny(m.Subject, "\r\n\x00\u2028\u202e") {
		t.Errorf("subject %q", m.Subject)
	}
	plain := shape(t, harmless.HTML)
	for _, element := range shape(t, m.HTML) {
		if !slices.Contains(plain, element) {
			t.Errorf("%q has %s, which the harmless one has not", m.Subject, element)
		}
	}
	for _, link := range m.Links() {
		if !strings.HasPrefix(link, "http://localhost:8080/") {
			t.Errorf("%q links to %s", m.Subject, link)
		}
	}
}
