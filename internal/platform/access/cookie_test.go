package access

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestCookies(t *testing.T) {
	h := newHouse(t, "sqlite")
	h.account("ana@example.org")
	in := h.signIn("ana@example.org")
	w := httptest.NewRecorder()
	h.s.SetSession(w, in)
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	for _, c := range w.Result().Cookies() {
		if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			t.Errorf("%s", c)
		}
		if c.MaxAge >= 0 {
			r.AddCookie(c)
		}
	}
	if h.s.SessionSecret(r) != in.Secret || h.s.DeviceMark(r) != in.Device || h.s.Ticket(r) != "" || h.s.Ceremony(r) != "" {
		t.Error("what was written is not read back")
	}
	w = httptest.NewRecorder()
	h.s.ClearSession(w)
	for _, c := range w.Result().Cookies() {
		if c.MaxAge >= 0 || c.Value != "" {
			t.Errorf("not taken away: %s", c)
		}
	}
	// A session cookie under the plain name, which a neighbour could plant, is
	// not looked at where there is TLS.
	r = httptest.NewRequest(http.MethodGet, "/", nil)
	r.AddCookie(&http.Cookie{Name: sessionCookie, Value: in.Secret})
	if h.s.SessionSecret(r) != "" {
		t.Error("a planted cookie is believed")
	}

	u, _ := url.Parse("http://127.0.0.1:8080")
	s, _ := h.open(Config{BaseURL: u})
	w = httptest.NewRecorder()
	s.SetSession(w, in)
	for _, c := range w.Result().Cookies() {
		if c.Secure || strings.HasPrefix(c.Name, "__") || !c.HttpOnly {
			t.Errorf("without TLS: %s", c)
		}
	}
	w = httptest.NewRecorder()
	s.SetTicket(w, "t")
	s.SetCeremony(w, "c")
	s.SetCeremony(w, "")
	s.SetSecret(w, "s")
	if n := len(w.Result().Cookies()); n != 4 {
		t.Errorf("%d cookies", n)
	}
}

// Tickets must fit into a cookie with all they may carry.
func TestTicketsFitIntoCookies(t *testing.T) {
	h := newHouse(t, "sqlite")
	offer := must[PasskeyOffer](t)(h.s.BeginPasskeySignIn(from("192.0.2.1")))
	long, err := h.s.issue(forProvider, Account{}, providerBody{Provider: strings.Repeat("p", 40), State: text(random(32)), Nonce: text(random(32)), Verifier: text(random(32)), Next: "/" + strings.Repeat("n", maxNext-1)})
	if err != nil {
		t.Fatal(err)
	}
	for name, ticket := range map[string]string{"passkey": offer.Ticket, "provider": long} {
		if len(ticket) > 3500 {
			t.Errorf("%s: %d bytes", name, len(ticket))
		}
	}
}
