package web_test

import (
	"net/http"
	"strings"
	"testing"

	"commontable/internal/platform/access"
	"commontable/internal/platform/mail/mailtest"
)

// invitation is the link in the newest message that was kept.
func (h *settled) invitation(t *testing.T) string {
	t.Helper()
	if _, err := h.app.Worker.Work(t.Context()); err != nil {
		t.Fatal(err)
	}
	kept, err := h.app.Post.Newest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range kept {
		for _, link := range m.Links {
			if _, secret, ok := strings.Cut(link, access.PathInvitation); ok {
				return secret
			}
		}
	}
	t.Fatal("no invitation was kept")
	return ""
}

func TestMembersArePagesOfTheDirector(t *testing.T) {
	h := openSettled(t)
	a, in := h.administrator(t, "en")
	k := h.found(t, a, "Maple Valley")
	v := h.enter(t, in)
	base := "/c/" + k.Slug + "/settings/"

	page := v.send(base+"members/invite", http.StatusUnprocessableEntity, "name", "Luis Ortega", "email", "no address")
	says(t, page, "Luis Ortega", "Tick at least one role.", "This is not an e-mail address")
	says(t, v.see("/c/"+k.Slug+"/people", http.StatusOK), "1 of 1") // nobody was added for a faulty form
	v.send(base+"members/invite", http.StatusSeeOther, "name", "Luis Ortega", "email", "luis@example.org", "roles", "backbone_staff", "roles", "evaluator", "language", "es")
	page = v.see(base+"members", http.StatusOK)
	says(t, page, "Luis Ortega", "luis@example.org", "Backbone staff, Evaluator", "Sent by Ana Ruiz", "Send again", "Take back")

	// The same address again is the same person, however it is written.
	v.send(base+"members/invite", http.StatusSeeOther, "name", "L. Ortega", "email", "Luis@Example.org", "roles", "backbone_staff", "language", "es")
	says(t, v.see("/c/"+k.Slug+"/people", http.StatusOK), "2 of 2")

	// He accepts and sees what his roles open.
	if _, err := h.app.Access.AcceptInvitation(t.Context(), h.app.Door, access.AcceptInput{Secret: h.invitation(t), Name: "Luis Ortega", Language: "en", Password: "three herons over the weir"}); err != nil {
		t.Fatal(err)
	}
	page = v.see(base+"members", http.StatusOK)
	says(t, page, "Nobody has an invitation waiting.")
	at := strings.Index(page, "Luis Ortega")
	href := page[strings.LastIndex(page[:at], `href="`)+len(`href="`):]
	member := href[:strings.Index(href, `"`)]
	page = v.see(member, http.StatusOK)
	says(t, page, "Roles now: Backbone staff", `name="version" value="1"`)
	saysNot(t, page, "disabled>")

	v.send(member, http.StatusUnprocessableEntity, "version", "1")
	v.send(member, http.StatusSeeOther, "version", "1", "roles", "table_chair", "roles", "backbone_director")
	page = v.send(member, http.StatusConflict, "version", "1", "roles", "funder")
	says(t, page, "Roles now: Backbone director, Leadership table chair", `name="version" value="2"`)

	// Now there are two directors, so the first may go; the second may not.
	own := base + "members/" + h.person(t, k, a).Short()
	v.send(own+"/remove", http.StatusSeeOther)
	v.see(base+"members", http.StatusNotFound)
}

func TestTheLastDirectorStays(t *testing.T) {
	h := openSettled(t)
	a, in := h.administrator(t, "en")
	k := h.found(t, a, "Maple Valley")
	v := h.enter(t, in)
	own := "/c/" + k.Slug + "/settings/members/" + h.person(t, k, a).Short()
	for _, page := range []string{v.send(own+"/remove", http.StatusConflict), v.send(own, http.StatusConflict, "version", "1", "roles", "funder")} {
		says(t, page, "The collaborative needs a backbone director")
	}
	says(t, v.see(own, http.StatusOK), "Roles now: Backbone director")
}

func TestInvitationsEnd(t *testing.T) {
	h := openSettled(t)
	a, in := h.administrator(t, "en")
	k := h.found(t, a, "Maple Valley")
	v := h.enter(t, in)
	base := "/c/" + k.Slug + "/settings/"
	v.send(base+"members/invite", http.StatusSeeOther, "name", "Luis Ortega", "email", "luis@example.org", "roles", "funder", "language", "en")
	action := func(name string) string {
		page := v.see(base+"members", http.StatusOK)
		end := strings.Index(page, "/"+name+`"`)
		return page[strings.LastIndex(page[:end], `"`)+1:end] + "/" + name
	}
	first := h.invitation(t)
	v.send(action("resend"), http.StatusSeeOther)
	second := h.invitation(t)
	if _, err := h.app.Access.LookInvitation(t.Context(), first); err == nil || first == second {
		t.Error("the first link still serves")
	}
	v.send(action("revoke"), http.StatusSeeOther)
	if _, err := h.app.Access.LookInvitation(t.Context(), second); err == nil {
		t.Error("a link that was taken back still serves")
	}
	says(t, v.see(base+"members", http.StatusOK), "Nobody has an invitation waiting.")
}

// A failed message is seen on the page of the queue and tried again from there.
func TestFailedWorkIsTriedAgain(t *testing.T) {
	h := openSettled(t)
	a, in := h.administrator(t, "en")
	k := h.found(t, a, "Maple Valley")
	v := h.enter(t, in)
	server := mailtest.Start(t, mailtest.Options{})
	server.Script(mailtest.To, mailtest.Reply{Code: 550, Words: "mailbox <b>full</b>"})
	v.send("/installation/mail", http.StatusSeeOther, mailForm(server, "0")...)
	base := "/c/" + k.Slug + "/settings/"
	v.send(base+"members/invite", http.StatusSeeOther, "name", "Luis Ortega", "email", "luis@example.org", "roles", "funder", "language", "es")
	says(t, v.see(base+"jobs", http.StatusOK), "Send a mail", "Waiting")
	if _, err := h.app.Worker.Work(t.Context()); err != nil {
		t.Fatal(err)
	}
	page := v.see(base+"jobs?state=failed", http.StatusOK)
	says(t, page, "Failed", "mailbox &lt;b&gt;full&lt;/b&gt;", "Try again")
	says(t, v.see("/installation", http.StatusOK), "1 message could not be sent.")
	end := strings.Index(page, `/retry"`)
	v.send(page[strings.LastIndex(page[:end], `"`)+1:end]+"/retry", http.StatusSeeOther)
	if _, err := h.app.Worker.Work(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := server.Messages()
	if len(got) != 1 || got[0].To[0] != "luis@example.org" || !strings.Contains(got[0].Subject, "Ana Ruiz") {
		t.Errorf("received %+v", got)
	}
	says(t, v.see(base+"jobs", http.StatusOK), "Done")
}

// A sign-in link belongs to no collaborative: that it could not be sent is told
// to the administrator, who reads why, without the address or the link, and
// tries again.
func TestFailedSignInLinksAreTriedAgain(t *testing.T) {
	h := openSettled(t)
	a, in := h.administrator(t, "en")
	k := h.found(t, a, "Maple Valley")
	h.account(t, "Kim Lee", "kim@example.org", "en")
	v := h.enter(t, in)
	server := mailtest.Start(t, mailtest.Options{})
	server.Script(mailtest.To, mailtest.Reply{Code: 550, Words: "mailbox kim@example.org is full"})
	v.send("/installation/mail", http.StatusSeeOther, mailForm(server, "0")...)
	if err := h.app.Access.RequestLink(t.Context(), h.app.Door, "kim@example.org", "/"); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the request first, then the letter
		if _, err := h.app.Worker.Work(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	says(t, v.see("/installation", http.StatusOK), "1 message outside the collaboratives could not be sent", `href="/installation/jobs?state=failed"`)
	saysNot(t, v.see("/installation", http.StatusOK), "of its collaborative")
	page := v.see("/installation/jobs?state=failed", http.StatusOK)
	says(t, page, "Send a mail", "Failed", "mailbox …@example.org is full", "Try again")
	saysNot(t, page, "kim@example.org", access.PathSignInLink)
	says(t, v.see("/installation/jobs", http.StatusOK), "Answer a request for a sign-in link")
	saysNot(t, v.see("/c/"+k.Slug+"/settings/jobs", http.StatusOK), "Send a mail")

	end := strings.Index(page, `/retry"`)
	retry := page[strings.LastIndex(page[:end], `"`)+1:end] + "/retry"
	v.send("/c/"+k.Slug+"/settings/jobs/"+strings.TrimPrefix(retry, "/installation/jobs/"), http.StatusNotFound)
	if to := v.send(retry, http.StatusSeeOther); !strings.HasPrefix(to, "/installation/jobs?done=jobs.retry-installation") {
		t.Errorf("leads to %s", to)
	}
	if _, err := h.app.Worker.Work(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := server.Messages(); len(got) != 1 || got[0].To[0] != "kim@example.org" {
		t.Errorf("received %+v", got)
	}
	saysNot(t, v.see("/installation", http.StatusOK), "could not be sent")
}
