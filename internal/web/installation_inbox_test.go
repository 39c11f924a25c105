package web_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"commontable/internal/platform/mail/mailtest"
)

// The administrator names the mailbox, sees step by step whether it can be read, and what
// came of it; the password is never shown again.
func TestInboxPage(t *testing.T) {
	h := openSettled(t)
	_, in := h.administrator(t, "en")
	v := h.enter(t, in)
	says(t, v.see("/installation/mail", http.StatusOK), "What comes back")
	says(t, v.see("/installation/mail/inbox", http.StatusOK), "What comes back", "arrives there too")
	says(t, v.send("/installation/mail/inbox", http.StatusUnprocessableEntity, "version", "0", "address", "nobody", "host", "mail.example.org", "security", "tls", "username", "table", "password", "x"), "This is not a mail address.")
	v.send("/installation/mail/inbox/test", http.StatusConflict)
	s := mailtest.StartBox(t, mailtest.Options{}).Mailbox().Settings
	form := []string{"address", "table@example.org", "tagged", "true", "host", s.Host, "port", strconv.Itoa(s.Port), "security", string(s.Security), "username", s.Username, "extra_roots", s.ExtraRoots}
	v.send("/installation/mail/inbox", http.StatusSeeOther, append(form, "version", "0", "password", string(s.Password))...)
	pages := v.see("/installation/mail/inbox", http.StatusOK)
	says(t, pages, "Looked into last", "Not yet", "A password is kept")
	page := v.send("/installation/mail/inbox/test", http.StatusOK)
	says(t, page, "The mailbox can be read.", "The folder opened.", "The server accepted the user name and password.")
	pages += page
	v.send("/installation/mail/inbox", http.StatusSeeOther, append(form, "version", "1", "password", "wrong")...)
	page = v.send("/installation/mail/inbox/test", http.StatusOK)
	says(t, page, "The mailbox could not be read.", "The server refused the user name or the password.")
	pages += page
	// Another server does not get the password that is kept.
	form[5] = "imap.example.com"
	says(t, v.send("/installation/mail/inbox", http.StatusUnprocessableEntity, append(form, "version", "2")...), "type the password again")
	v.send("/installation/mail/inbox", http.StatusConflict, append(form, "version", "0", "password", "x")...)
	v.send("/installation/mail/inbox", http.StatusSeeOther, "off", "true", "version", "2")
	pages += v.see("/installation/mail/inbox", http.StatusOK)
	if strings.Contains(pages, string(s.Password)) {
		t.Error("a page shows the password")
	}
}
