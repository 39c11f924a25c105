package access

import (
	"net/http"
	"time"
)

// The cookies. Over TLS their names begin with __Host-, which browsers accept
// only from this host, for all its paths, and over TLS: a neighbour on the same
// domain cannot plant one.
const (
	sessionCookie = "commontable"
	deviceCookie  = "commontable_device" // which accounts this browser has signed in to
	ticketCookie  = "commontable_ticket" // a sign-in that is under way
	hostPrefix    = "__Host-"
)

// deviceFor is how long a browser is remembered as known.
const deviceFor = 365 * 24 * time.Hour

// secure says whether people reach the installation over TLS.
func (s *Service) secure() bool { return s.cfg.BaseURL.Scheme == "https" }

func (s *Service) cookieName(name string) string {
	if s.secure() {
		return hostPrefix + name
	}
	return name
}

// cookie makes a cookie that scripts cannot read and other sites cannot send
// along with a POST. Lax, not Strict: a link in a mail must find its reader
// signed in.
func (s *Service) cookie(name, value string, life time.Duration) *http.Cookie {
	return &http.Cookie{Name: s.cookieName(name), Value: value, Path: "/", MaxAge: int(life / time.Second), // #nosec G124 -- Secure wherever there is TLS
		Secure: s.secure(), HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

func (s *Service) readCookie(r *http.Request, name string) string {
	// Of two cookies of one name a planted one may come first; __Host- makes
	// that impossible, and without TLS there is nothing to defend.
	c, err := r.Cookie(s.cookieName(name))
	if err != nil {
		return ""
	}
	return c.Value
}

// SessionSecret is what the request's session cookie says.
func (s *Service) SessionSecret(r *http.Request) string { return s.readCookie(r, sessionCookie) }

// DeviceMark is what the request's device cookie says, for Client.Device.
func (s *Service) DeviceMark(r *http.Request) string { return s.readCookie(r, deviceCookie) }

// Ticket is the sign-in that is under way in the request's browser, or "".
func (s *Service) Ticket(r *http.Request) string { return s.readCookie(r, ticketCookie) }

// SetSession writes the cookies of a sign-in: the session and the browser's
// mark, or the ticket of the step that is still to come.
func (s *Service) SetSession(w http.ResponseWriter, in SignedIn) {
	if in.Secret != "" {
		s.SetSecret(w, in.Secret)
	}
	if in.Device != "" {
		http.SetCookie(w, s.cookie(deviceCookie, in.Device, deviceFor))
	}
	s.SetTicket(w, in.Ticket)
}

// SetSecret writes the session cookie alone, after Renew.
func (s *Service) SetSecret(w http.ResponseWriter, secret string) {
	http.SetCookie(w, s.cookie(sessionCookie, secret, s.cfg.Absolute))
}

// SetTicket writes the ticket cookie, or takes it away when the ticket is "".
func (s *Service) SetTicket(w http.ResponseWriter, ticket string) {
	if ticket == "" {
		http.SetCookie(w, s.cookie(ticketCookie, "", -time.Second))
		return
	}
	http.SetCookie(w, s.cookie(ticketCookie, ticket, ticketFor))
}

// ClearSession takes the session cookie away. The answer to signing out should
// carry Clear-Site-Data as well.
func (s *Service) ClearSession(w http.ResponseWriter) {
	http.SetCookie(w, s.cookie(sessionCookie, "", -time.Second))
	http.SetCookie(w, s.cookie(ticketCookie, "", -time.Second))
}

// ceremonyCookie holds what a passkey or a provider must bring back. It is
// apart from the ticket, so that someone at the second step can try a passkey
// and go back to typing a code.
const ceremonyCookie = "commontable_ceremony"

// Ceremony is the passkey or provider exchange under way in the request's
// browser, or "".
func (s *Service) Ceremony(r *http.Request) string { return s.readCookie(r, ceremonyCookie) }

// SetCeremony writes it, or takes it away when the ticket is "".
func (s *Service) SetCeremony(w http.ResponseWriter, ticket string) {
	if ticket == "" {
		http.SetCookie(w, s.cookie(ceremonyCookie, "", -time.Second))
		return
	}
	http.SetCookie(w, s.cookie(ceremonyCookie, ticket, ticketFor))
}
