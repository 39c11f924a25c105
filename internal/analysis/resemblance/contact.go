package resemblance

import (
	"slices"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// address is an e-mail address in the form in which two spellings of one are
// equal.
type address struct {
	full   string
	before uint16 // how long the local part is
	behind uint16 // how long the registered domain is, 0 at a public provider
	role   bool   // an office reads it and not one person: info@, office@
}

// local is what stands before the @, without what a plus adds.
func (a address) local() string { return a.full[:a.before] }

// host is the registered domain, "" at a public provider.
func (a address) host() string { return a.full[len(a.full)-int(a.behind):] }

// addressOf reads an e-mail address; false when it is none. Capitals count
// nowhere. Dots and what follows a plus are dropped only at gmail.com and
// googlemail.com, whose mailboxes do not know them; elsewhere they may tell two
// people apart.
func addressOf(s string) (address, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	s = strings.TrimPrefix(s, "mailto:")
	at := strings.LastIndexByte(s, '@')
	if at < 1 || len(s) > 254 || strings.ContainsAny(s, " \t\r\n<>,;") {
		return address{}, false
	}
	local, host := s[:at], asciiHost(s[at+1:])
	if !strings.Contains(host, ".") {
		return address{}, false
	}
	bare, _, _ := strings.Cut(local, "+")
	if host == "gmail.com" || host == "googlemail.com" {
		host = "gmail.com"
		local = strings.ReplaceAll(bare, ".", "")
		bare = local
		if local == "" {
			return address{}, false
		}
	}
	// bare begins the address, and the domain somebody registered ends it.
	a := address{full: local + "@" + host, before: uint16(len(bare)), behind: uint16(len(domainOf(host)))}
	a.role = roleMailboxes[strings.Trim(bare, "0123456789.-_")]
	return a, true
}

func addressesOf(list []string) []address {
	var out []address
	for _, s := range list[:min(len(list), maxList)] {
		if a, ok := addressOf(s); ok && !slices.ContainsFunc(out, func(o address) bool { return o.full == a.full }) {
			out = append(out, a)
		}
	}
	return out
}

// asciiHost is a host name in its ASCII form, in lower case.
func asciiHost(host string) string {
	host = strings.ToLower(strings.Trim(host, "."))
	if i := strings.LastIndexByte(host, ':'); i >= 0 {
		host = host[:i]
	}
	if len(host) > 253 { // no host, and Punycode takes the square of its length
		return ""
	}
	if ascii, err := idna.Lookup.ToASCII(host); err == nil {
		return ascii
	}
	return host
}

// domainOf is the domain somebody registered for themselves: the part below a
// public suffix. It is "" for providers and hosts that serve everybody, and for
// what is no domain. On suffixes under which everybody may have a place of their
// own (blogspot.com, k12.mn.us) it is that place.
func domainOf(host string) string {
	if publicMail[host] {
		return ""
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil || sharedHosts[domain] || publicMail[domain] {
		return ""
	}
	return domain
}

// siteOf is what tells the website from others: its domain, or for a page with
// a service that gives each customer one, the service and the page's name.
func siteOf(website string) string {
	s := strings.ToLower(strings.TrimSpace(website[:min(len(website), 2000)]))
	if _, rest, ok := strings.Cut(s, "://"); ok {
		s = rest
	}
	s, _, _ = strings.Cut(s, "?")
	s, _, _ = strings.Cut(s, "#")
	host, path, _ := strings.Cut(s, "/")
	if _, after, ok := strings.Cut(host, "@"); ok {
		host = after
	}
	host = asciiHost(host)
	if domain := domainOf(host); domain != "" {
		return domain
	}
	service, err := publicsuffix.EffectiveTLDPlusOne(host)
	page, _, _ := strings.Cut(path, "/")
	if err != nil || !profileHosts[service] || len(page) < 4 || genericPages[page] {
		return ""
	}
	return service + "/" + page
}

// phoneOf is the digits by which a number is compared: at most the last ten,
// without the zeros of trunk and exchange at the beginning and without an
// extension. It is "" for fewer than seven digits and for numbers such as
// 000-0000 that fill a form.
func phoneOf(s string) string {
	var digits []byte
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits = append(digits, byte(r))
		case len(digits) >= 7 && (r == 'x' || r == 'X' || r == 'e' || r == 'E' || r == '#' || r == 'p' || r == ';' || r == ','):
			return tail(digits)
		}
		if i > 60 {
			break
		}
	}
	return tail(digits)
}

func tail(digits []byte) string {
	s := strings.TrimLeft(string(digits), "0")
	if len(s) < phoneTail || strings.Trim(s[len(s)-phoneTail:], s[len(s)-1:]) == "" {
		return ""
	}
	return s[max(0, len(s)-10):]
}

// phoneTail is the number of digits that two numbers must share at the least: a
// subscriber's number without area code.
const phoneTail = 7

func phonesOf(list []string) []string {
	var out []string
	for _, s := range list[:min(len(list), maxList)] {
		if p := phoneOf(s); p != "" && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// samePhone compares two numbers by the digits both have; false below seven.
// Seven to nine may be one number written with and without its area or country.
func samePhone(a, b string) (digits int, same bool) {
	n := min(len(a), len(b))
	return n, n >= phoneTail && a[len(a)-n:] == b[len(b)-n:]
}
