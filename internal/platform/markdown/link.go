package markdown

import (
	"net/mail"
	"net/url"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// longestLink bounds an address.
const longestLink = 1000

// leads says whether an address is one a letter may lead to: a page of the web, or a
// mail address, and nothing hidden in it.
func leads(address string) bool {
	if len(address) > longestLink || strings.ContainsAny(address, " \t\r\n<>\"{}\\`") {
		return false
	}
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	switch u.Scheme {
	case "http", "https":
		return u.Hostname() != "" && u.User == nil
	case "mailto":
		to, err := mail.ParseAddress(u.Opaque)
		return err == nil && to.Address == u.Opaque && u.RawQuery == ""
	}
	return false
}

// address is what a reader takes for an address of the web or of mail.
var address = regexp.MustCompile(`(?i)(?:https?:/*)?(?:[^\s/@<>()]+@)?((?:[\pL\pN](?:[\pL\pN-]*[\pL\pN])?\.)+\pL{2,})`)

// poses says whether words show an address that a link does not lead to.
func poses(shown, target string) bool {
	u, err := url.Parse(target)
	if err != nil {
		return true
	}
	host := u.Hostname()
	if u.Scheme == "mailto" {
		_, host, _ = strings.Cut(u.Opaque, "@")
	}
	host = bare(host)
	for _, found := range address.FindAllStringSubmatch(shown, -1) {
		if other := bare(found[1]); other != host && !strings.HasSuffix(host, "."+other) {
			return true
		}
	}
	return false
}

func bare(host string) string { return strings.TrimPrefix(strings.ToLower(host), "www.") }

func (r *reader) link(n *ast.Link, depth int) {
	target := string(n.Destination)
	begin := len(r.tokens)
	r.within(n, depth, token{tag: "a", href: target})
	shown := ""
	for _, t := range r.tokens[begin:] {
		if t.kind == words {
			shown += t.text
		}
	}
	switch {
	case !leads(target):
		r.fault(BadLink, target, "")
	case poses(shown, target):
		r.fault(PosingLink, shown, target)
	}
}
