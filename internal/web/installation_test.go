package web_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"commontable/internal/platform/access"
	"commontable/internal/platform/mail/mailtest"
)

// mailForm fills in the form of the mail settings for a test server.
func mailForm(s *mailtest.Server, version string) []string {
	m := s.Settings()
	return []string{"version", version, "host", m.Host, "port", strconv.Itoa(m.Port), "security", string(m.Security), "username", m.Username, "password", string(m.Password),
		"from", m.From, "from_name", m.FromName, "hello", m.EHLO, "extra_roots", m.ExtraRoots}
}

func TestMailSettingsPage(t *testing.T) {
	const password = "Zeisig-71-geheim"
	h := openSettled(t)
	_, in := h.administrator(t, "en")
	v := h.enter(t, in)
	says(t, v.see("/installation", http.StatusOK), "No mail leaves this installation")
	v.send("/installation/mail/test", http.StatusConflict, "to", "ana@example.org")

	server := mailtest.Start(t, mailtest.Options{Username: "table", Password: password})
	faulty := mailForm(server, "0")
	faulty[5] = "seventy thousand"
	page := v.send("/installation/mail", http.StatusUnprocessableEntity, faulty...)
	says(t, page, "table@example.org")
	pages := page
	v.send("/installation/mail", http.StatusSeeOther, mailForm(server, "0")...)
	page = v.see("/installation/mail", http.StatusOK)
	says(t, page, "A password is kept", "Send a test")
	pages += page + v.see("/installation", http.StatusOK)

	page = v.send("/installation/mail/test", http.StatusOK, "to", "ana@example.org")
	says(t, page, "The test message is on its way.", "Signing in to the server", "Works")
	server.Wait(t, 1)
	server.Script(mailtest.To, mailtest.Reply{Code: 550, Words: "unknown <i>mailbox</i>"})
	page = v.send("/installation/mail/test", http.StatusOK, "to", "ana@example.org")
	says(t, page, "could not be sent", "unknown &lt;i&gt;mailbox&lt;/i&gt;", "Not tried")
	pages += page
	pages += v.send("/installation/mail/test", http.StatusUnprocessableEntity, "to", "nobody")

	// Somebody else saved first: what was typed stays, and saying so again wins.
	overtaken := mailForm(server, "0")
	overtaken[15] = "The other table"
	page = v.send("/installation/mail", http.StatusConflict, overtaken...)
	says(t, page, "The other table", "Meanwhile someone else saved other settings", `name="version" value="1"`)
	pages += page
	elsewhere := mailForm(server, "1")
	elsewhere[3], elsewhere[11] = "smtp.example.com", ""
	page = v.send("/installation/mail", http.StatusUnprocessableEntity, elsewhere...)
	says(t, page, "type the password again")
	pages += page
	v.send("/installation/mail", http.StatusSeeOther, "off", "true", "version", "1")
	says(t, v.see("/installation/mail", http.StatusOK), "No mail leaves this installation")
	if strings.Contains(pages+h.log.String(), password) {
		t.Error("the password is on a page or in the log")
	}
}

func TestKeptMessagesPage(t *testing.T) {
	h := openSettled(t)
	a, in := h.administrator(t, "en")
	k := h.found(t, a, "Maple Valley")
	v := h.enter(t, in)
	says(t, v.see("/installation/outbox", http.StatusOK), "No messages")
	v.send("/c/"+k.Slug+"/settings/members/invite", http.StatusSeeOther, "name", "Luis Ortega", "email", "luis@example.org", "roles", "funder", "language", "en")
	secret := h.invitation(t)
	says(t, v.see("/installation/outbox", http.StatusOK), "For luis@example.org", h.pages.URL+access.PathInvitation+secret)
}

func TestAccountsPage(t *testing.T) {
	h := openSettled(t)
	_, in := h.administrator(t, "en")
	kim, kimIn := h.account(t, "Kim Lee", "kim@example.org", "en")
	v := h.enter(t, in)
	other := h.enter(t, kimIn)
	other.see("/", http.StatusOK)
	page := v.see("/installation/accounts", http.StatusOK)
	says(t, page, "ana@example.org", "kim@example.org")
	saysNot(t, v.see("/installation/accounts?email=ana", http.StatusOK), "kim@example.org")
	address := "/installation/accounts/" + kim.ID.Short() + "/"
	record := strings.TrimSuffix(address, "/") + "?address=kim%40example.org"
	says(t, page, record)
	says(t, v.see(record, http.StatusOK), "Kim Lee", "Disable", "Make administrator")
	v.see(strings.TrimSuffix(address, "/")+"?address=ana%40example.org", http.StatusNotFound)
	if to := v.send(address+"disable", http.StatusSeeOther, "return", record); !strings.HasPrefix(to, record) {
		t.Errorf("leads to %s", to)
	}
	says(t, v.see(record, http.StatusOK), "Disabled", "Enable")
	if status, page := other.do(http.MethodGet, "/?all=1", nil); status == http.StatusOK && strings.Contains(page, "Kim Lee") {
		t.Error("a disabled account is still signed in")
	}
	v.send(address+"enable", http.StatusSeeOther)
	v.send(address+"make_administrator", http.StatusSeeOther)
	says(t, v.see(record, http.StatusOK), "No longer administrator")
	other = h.enter(t, "")
	if status, _ := other.do(http.MethodPost, address+"disable", nil); status == http.StatusSeeOther {
		t.Error("the public may disable accounts")
	}
}
