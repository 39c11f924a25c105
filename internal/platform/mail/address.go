package mail

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// Limits of RFC 5321, section 4.5.3.1: a path has 256 octets, two of them the angle brackets.
const (
	maxAddress = 254
	maxLocal   = 64
)

// CheckAddress checks one mail address and returns it as it goes to the server: trimmed of spaces
// around it, a domain in other letters written in ASCII (xn--…) and in lower case. Accepted are the
// addresses people have: a local part of ASCII letters, digits and the signs of RFC 5322 atext joined
// by single dots, and a domain name. Quoted local parts, comments, address literals such as [192.0.2.1]
// and anything after the address are refused with a Fault for field.
func CheckAddress(field, address string) (string, error) {
	if !utf8.ValidString(address) || strings.ContainsFunc(address, unicode.IsControl) {
		return "", fault(field, "mail.fault.control")
	}
	address = strings.TrimSpace(address)
	if address == "" {
		return "", fault(field, "mail.fault.address_missing")
	}
	if len(address) > maxAddress {
		return "", tooLong(field, maxAddress)
	}
	local, domain, found := strings.Cut(address, "@")
	if !found || local == "" || domain == "" {
		return "", fault(field, "mail.fault.address_form")
	}
	if len(local) > maxLocal {
		return "", tooLong(field, maxLocal)
	}
	for atom := range strings.SplitSeq(local, ".") {
		if atom == "" {
			return "", fault(field, "mail.fault.address_form")
		}
		for _, r := range atom {
			if r >= utf8.RuneSelf {
				return "", fault(field, "mail.fault.address_letters")
			}
			if !isAtext(byte(r)) {
				return "", fault(field, "mail.fault.address_form")
			}
		}
	}
	ascii, err := checkDomain(domain)
	if err != nil {
		return "", fault(field, "mail.fault.address_domain")
	}
	if len(local)+1+len(ascii) > maxAddress {
		return "", tooLong(field, maxAddress)
	}
	return local + "@" + ascii, nil
}

// domains maps a domain as typed to the ASCII form used on the wire, by the rules of UTS #46 for looking
// up names, with the length limits of DNS.
var domains = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.VerifyDNSLength(true), idna.StrictDomainName(true))

var errDomain = errors.New("no domain that takes mail")

func checkDomain(domain string) (string, error) {
	ascii, err := domains.ToASCII(domain)
	if err != nil {
		return "", err
	}
	last := ascii[strings.LastIndexByte(ascii, '.')+1:]
	if ascii != "localhost" && (last == ascii || strings.Trim(last, "0123456789") == "") {
		// One label, or an address in digits, is no domain that takes mail.
		return "", errDomain
	}
	return ascii, nil
}

// isAtext reports whether c may stand in an atom of RFC 5322, section 3.2.3.
func isAtext(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
		strings.IndexByte("!#$%&'*+-/=?^_`{|}~", c) >= 0
}

// Domain returns the part of an address after its last "@".
func Domain(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }
