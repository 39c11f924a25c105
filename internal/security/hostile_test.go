package security_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/access"
	"commontable/internal/platform/operation"
)

// Every answer, errors and files included, carries the headers that keep a
// browser safe, and nobody else's scripts may read it.
func TestHeadersOnEveryAnswer(t *testing.T) {
	s := newSite(t)
	director := s.callers[0]
	for name, r := range map[string]*http.Request{
		"page":           director.browse("GET", "/c/"+s.here.slug+"/organizations", nil),
		"missing":        director.browse("GET", "/c/"+s.here.slug+"/organizations/nothing", nil),
		"unknown":        director.browse("GET", "/no/such/page", nil),
		"refused":        s.callers[4].browse("GET", "/c/"+s.here.slug+"/settings/history", nil),
		"stranger":       caller{}.browse("GET", "/c/"+s.here.slug+"/", nil),
		"sign-in":        caller{}.browse("GET", "/sign-in", nil),
		"download":       director.browse("GET", "/c/"+s.here.slug+"/organizations/export.csv", nil),
		"style sheet":    caller{}.browse("GET", styleSheet(t, s), nil),
		"missing asset":  caller{}.browse("GET", "/assets/none.css", nil),
		"REST":           director.call("GET", "/api/v1/collaboratives/"+s.here.slug+"/organizations", ""),
		"REST refused":   caller{}.call("GET", "/api/v1/collaboratives/"+s.here.slug+"/organizations", ""),
		"REST missing":   director.call("GET", "/api/v1/none", ""),
		"REST docs":      caller{}.call("GET", "/api/v1/docs", ""),
		"wrong method":   director.browse("DELETE", "/c/"+s.here.slug+"/organizations", nil),
		"malformed form": malformed(director, s),
	} {
		got := s.send(r)
		for header, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'", "Referrer-Policy": ""} {
			if have := got.header.Get(header); have == "" || !strings.Contains(have, want) {
				t.Errorf("%s (%d): %s is %q", name, got.status, header, have)
			}
		}
		csp := got.header.Get("Content-Security-Policy")
		if !strings.Contains(csp, "frame-ancestors 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q", name, csp)
		}
		if got.header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: other origins may read it", name)
		}
		kind := got.header.Get("Content-Type")
		if got.body != "" && (kind == "" || strings.HasPrefix(kind, "text/") && !strings.Contains(kind, "charset=utf-8")) {
			t.Errorf("%s: content type %q", name, kind)
		}
		if !strings.Contains(name, "sheet") && !strings.Contains(got.header.Get("Cache-Control"), "no-store") && got.status == 200 && name != "REST docs" {
			t.Errorf("%s may be kept by caches: %q", name, got.header.Get("Cache-Control"))
		}
		if got.status >= 500 {
			t.Errorf("%s: %d", name, got.status)
		}
	}
}

func styleSheet(t *testing.T, s *site) string {
	t.Helper()
	page := s.send(caller{}.browse("GET", "/sign-in", nil)).body
	_, rest, ok := strings.Cut(page, `href="/assets/app`)
	if !ok {
		t.Fatal("the sign-in page has no style sheet")
	}
	name, _, _ := strings.Cut(rest, `"`)
	return "/assets/app" + name
}

func malformed(c caller, s *site) *http.Request {
	r := c.browse("POST", "/c/"+s.here.slug+"/organizations", nil)
	r.Header.Set("Content-Type", "text/plain")
	return r
}

// nasty are the texts that have broken programs before.
var nasty = []string{
	"'", "\"", "\\", "%", "_", "' OR '1'='1", "1; DROP TABLE people; --", "\x00", "\xff\xfe", "a\x00b", strings.Repeat("A", 65_000), "𝒳\u202e\u0000", "../../etc/passwd",
	"${7*7}", "{{7*7}}", "%0d%0aSet-Cookie: a=b", "\r\nX: y", "-1", "1e308", "NaN", "9223372036854775808", "0000-00-00", "null", "[]", "{}",
}

// No parameter of any page or operation brings the program down or past its
// rules: the answer is a page or a refusal, never a failure of ours.
func TestNastyTextEverywhere(t *testing.T) {
	s := newSite(t)
	director := s.callers[0]
	api := "/api/v1/collaboratives/" + s.here.slug
	for _, text := range nasty {
		q := url.QueryEscape(text)
		for _, r := range []*http.Request{
			director.browse("GET", "/c/"+s.here.slug+"/organizations?q="+q+"&sector="+q+"&status="+q+"&part="+q+"&sort="+q+"&columns="+q, nil),
			director.browse("GET", "/c/"+s.here.slug+"/organizations?q="+q, nil),
			director.browse("GET", "/c/"+s.here.slug+"/people?after="+q, nil),
			director.browse("GET", "/c/"+s.here.slug+"/people?before="+q, nil),
			director.browse("GET", "/c/"+s.here.slug+"/people?organization="+q, nil),
			director.browse("GET", "/c/"+s.here.slug+"/search?q="+q, nil),
			director.browse("GET", "/c/"+s.here.slug+"/search/suggest?q="+q, nil),
			director.browse("GET", "/c/"+s.here.slug+"/organizations/"+url.PathEscape(text), nil),
			director.browse("GET", "/c/"+url.PathEscape(text)+"/organizations", nil),
			director.browse("GET", "/c/"+s.here.slug+"/?done="+q+"&entry="+q, nil),
			director.browse("GET", "/sign-in?next="+q, nil),
			director.browse("GET", "/sign-in/link/"+url.PathEscape(text), nil),
			director.browse("POST", "/c/"+s.here.slug+"/organizations", url.Values{"name": {text}, "sector": {text}, "website": {text}, "email": {text}, "about": {text}}),
			director.browse("POST", "/c/"+s.here.slug+"/organizations", url.Values{"name": {text}, "about": {text}, "notes": {text}}),
			director.browse("POST", "/c/"+s.here.slug+"/people", url.Values{"given_name": {text}, "organization_id": {text}}),
			director.browse("POST", "/c/"+s.here.slug+"/organizations/bulk", url.Values{"id": {text, text + "." + text}, "status": {text}}),
			director.browse("POST", "/c/"+s.here.slug+"/history/"+url.PathEscape(text)+"/undo", url.Values{"return": {text}}),
			director.browse("POST", "/c/"+s.here.slug+"/settings/labels", url.Values{"leadership_table": {text}, "version": {text}}),
			director.browse("POST", "/account/language", url.Values{"language": {text}, "return": {text}}),
			director.call("GET", api+"/organizations?q="+q+"&limit="+q, ""),
			director.call("GET", api+"/people?after="+q, ""),
			director.call("GET", api+"/people/"+url.PathEscape(text), ""),
			director.call("GET", api+"/search?q="+q, ""),
			director.call("POST", api+"/organizations", fmt.Sprintf(`{"name":%q}`, strings.ToValidUTF8(text, "?"))),
			director.call("POST", api+"/organizations", text),
		} {
			got := s.send(r)
			if got.status >= 500 {
				t.Errorf("%s %s with %.20q: %d %.200s", r.Method, r.URL.Path, text, got.status, got.body)
			}
			if to := got.header.Get("Location"); to != "" && (!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.HasPrefix(to, "/\\")) {
				t.Errorf("%s %s with %.20q leads to %q", r.Method, r.URL.Path, text, to)
			}
		}
	}
}

// Whatever is stored in a text shows as text: the page with a hostile record has
// the same elements and attributes as the page with a harmless one.
func TestStoredTextStaysText(t *testing.T) {
	const polyglot = `"><script>alert(1)</script><img src=x onerror=alert(2)>'"--></style></title></textarea><svg onload=alert(3)> javascript:alert(4) {{7*7}}` + "\u2028"
	s := newSite(t)
	director := s.callers[0]
	for n := range 60 { // so that every list has further pages, before and after
		do(t, s.here.context, s.app, directory.CreateOrganization, directory.OrganizationInput{Name: fmt.Sprintf("zz %d", n)})
	}
	make := func(text string) (string, string) {
		o := do(t, s.here.context, s.app, directory.CreateOrganization, directory.OrganizationInput{Name: text, OtherNames: []string{text + "2"}, Place: text, About: text, Notes: text, Phone: text[:min(50, len(text))]})
		p := do(t, s.here.context, s.app, directory.CreatePerson, directory.PersonInput{GivenName: text[:min(100, len(text))], FamilyName: text[:min(100, len(text))], Notes: text, Title: text, OrganizationID: o.ID, Represents: true})
		return o.ID.Short(), p.ID.Short()
	}
	o1, p1 := make("alert 1 " + strings.Repeat("harmless ", 20)[:len(polyglot)-13])
	var pages [2][]string
	pages[0] = visit(s, director, o1, p1)
	for _, i := range []struct{ kind, short string }{{"organizations", o1}, {"people", p1}} {
		got := s.send(director.browse("POST", "/c/"+s.here.slug+"/"+i.kind+"/"+i.short+"/trash", url.Values{"version": {"1"}}))
		if got.status != http.StatusSeeOther {
			t.Fatalf("trash: %d", got.status)
		}
	}
	o2, p2 := make(polyglot)
	pages[1] = visit(s, director, o2, p2)
	for i := range pages[0] {
		harmless, hostile := shape(t, pages[0][i]), shape(t, pages[1][i])
		for _, element := range hostile {
			if !slices.Contains(harmless, element) {
				t.Errorf("page %d has %s, which the harmless one has not", i, element)
			}
		}
	}
}

func visit(s *site, c caller, organization, person string) []string {
	place := "/c/" + s.here.slug
	var out []string
	for _, address := range []string{"/organizations", "/organizations/" + organization, "/organizations/" + organization + "/edit", "/people", "/people/" + person, "/people/" + person + "/edit",
		"/search?q=harmless", "/search?q=alert", "/search/suggest?q=alert", "/settings/history", "/"} {
		out = append(out, s.send(c.browse("GET", place+address, nil)).body)
	}
	return out
}

// shape lists the distinct elements of a page with their attributes' names, and
// the schemes of its links.
func shape(t *testing.T, page string) []string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		element := n.Data
		for _, a := range n.Attr {
			element += " " + a.Key
			if a.Key == "href" || a.Key == "src" || a.Key == "action" {
				scheme, _, found := strings.Cut(a.Val, ":")
				if found && !strings.Contains(scheme, "/") && !strings.Contains(scheme, "?") {
					element += "=" + scheme
				}
			}
		}
		if !slices.Contains(out, element) {
			out = append(out, element)
		}
	}
	return out
}

// Requests on which a proxy and we might disagree are refused before they reach
// a page.
func TestAmbiguousRequestsAreRefused(t *testing.T) {
	s := newSite(t)
	server := httptest.NewServer(s.handler)
	defer server.Close()
	for name, raw := range map[string]string{
		"two lengths":        "POST /sign-in HTTP/1.1\r\nHost: localhost:8080\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
		"length and chunks":  "POST /sign-in HTTP/1.1\r\nHost: localhost:8080\r\nContent-Length: 5\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
		"space before colon": "GET /sign-in HTTP/1.1\r\nHost : localhost:8080\r\n\r\n",
		"bad chunk":          "POST /sign-in HTTP/1.1\r\nHost: localhost:8080\r\nTransfer-Encoding: chunked\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
		"no host":            "GET /sign-in HTTP/1.1\r\n\r\n",
		"two hosts":          "GET /sign-in HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
		"nul in header":      "GET /sign-in HTTP/1.1\r\nHost: localhost:8080\r\nX-A: b\x00c\r\n\r\n",
		"trace":              "TRACE /sign-in HTTP/1.1\r\nHost: localhost:8080\r\n\r\n",
	} {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if err := conn.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Write([]byte(raw)); err != nil {
			t.Fatal(err)
		}
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err == nil && response.StatusCode < 400 {
			t.Errorf("%s: %d", name, response.StatusCode)
		}
		if err == nil && response.StatusCode >= 500 && response.StatusCode != http.StatusNotImplemented {
			t.Errorf("%s: %d", name, response.StatusCode)
		}
		_ = conn.Close() // its work is done
	}
}

// Headers in which anybody can write who they are change nothing unless a
// configured proxy wrote them.
func TestForwardedHeadersAreIgnored(t *testing.T) {
	s := newSite(t)
	for _, header := range []string{"X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "X-Real-Ip", "X-Original-Url", "X-Rewrite-Url"} {
		r := caller{}.browse("GET", "/sign-in", nil)
		plain := s.send(r).body
		r = caller{}.browse("GET", "/sign-in", nil)
		r.Header.Set(header, "evil.example")
		if got := s.send(r); got.body != plain || strings.Contains(got.body, "evil.example") {
			t.Errorf("%s changes the page", header)
		}
	}
}

// A role that is taken away is gone at the very next request of an open session.
func TestRevocationIsImmediate(t *testing.T) {
	s := newSite(t)
	staff := s.callers[1]
	page := "/c/" + s.here.slug + "/settings/history"
	if got := s.send(staff.browse("GET", page, nil)); got.status != http.StatusOK {
		t.Fatalf("before: %d", got.status)
	}
	member := do(t, s.here.context, s.app, s.app.Access.ShowMember, memberOf(staff))
	do(t, s.here.context, s.app, s.app.Access.SetRoles, rolesOf(staff, member.Version, operation.CommunityMember))
	if got := s.send(staff.browse("GET", page, nil)); got.status != http.StatusForbidden {
		t.Errorf("after another role: %d", got.status)
	}
	do(t, s.here.context, s.app, s.app.Access.EndMembership, memberOf(staff))
	if got := s.send(staff.browse("GET", "/c/"+s.here.slug+"/", nil)); got.status != http.StatusNotFound {
		t.Errorf("after leaving: %d", got.status)
	}
	if got := s.send(staff.call("GET", "/api/v1/collaboratives/"+s.here.slug+"/organizations", "")); got.status != http.StatusNotFound {
		t.Errorf("their token after leaving: %d", got.status)
	}
}

func memberOf(c caller) access.MemberInput { return access.MemberInput{Person: c.actor.Person} }

func rolesOf(c caller, version int64, roles ...operation.Role) access.SetRolesInput {
	return access.SetRolesInput{Person: c.actor.Person, Roles: roles, Version: version}
}

// Whoever searches or downloads without end is asked to wait, and others are not.
func TestSearchesAndDownloadsAreLimited(t *testing.T) {
	s := newSite(t)
	for address, most := range map[string]int{"/search?q=plain": 260, "/organizations/export.csv": 45} {
		limited := false
		for range most {
			got := s.send(s.callers[0].browse("GET", "/c/"+s.here.slug+address, nil))
			if limited = got.status == http.StatusTooManyRequests; limited {
				if got.header.Get("Retry-After") == "" {
					t.Errorf("%s does not say when to come back", address)
				}
				break
			}
		}
		if !limited {
			t.Errorf("%s was answered %d times in a row", address, most)
		}
		if got := s.send(s.callers[1].browse("GET", "/c/"+s.here.slug+address, nil)); got.status != http.StatusOK {
			t.Errorf("%s for somebody else: %d", address, got.status)
		}
	}
}

// A download cannot be gone on with that was never begun, nor with somebody
// else's place in it.
func TestDownloadsBeginAtTheBeginning(t *testing.T) {
	s := newSite(t)
	c := operation.CollaborativeFrom(s.here.context)
	for range 3 {
		do(t, s.here.context, s.app, directory.CreatePerson, directory.PersonInput{GivenName: "x"})
	}
	list := do(t, s.here.context, s.app, directory.ListPeople, directory.ListPeopleInput{Limit: 1})
	director := operation.WithActor(operation.WithCollaborative(t.Context(), c), s.callers[0].actor)
	_, err := directory.ExportPeople.Do(director, s.app.Door, directory.ExportPeopleInput{ListPeopleInput: directory.ListPeopleInput{After: list.Next}})
	if operation.KindOf(err) != operation.Invalid {
		t.Errorf("a cursor of a list: %v", err)
	}
}

// Someone may take back their own change and nobody else's, and sees nothing
// that was noted about them.
func TestUndoIsOnesOwn(t *testing.T) {
	s := newSite(t)
	c := operation.CollaborativeFrom(s.here.context)
	self := s.callers[6]
	ctx := operation.WithActor(operation.WithCollaborative(t.Context(), c), self.actor)
	var theirs, own operation.Receipt
	p := do(t, operation.WithReceipt(s.here.context, &theirs), s.app, directory.EditPerson, directory.PersonPatch{ID: self.actor.Person, Version: 1, Notes: ptr(canary)})
	if _, err := operation.RecordHistory.Do(ctx, s.app.Door, operation.RecordHistoryInput{Kind: "person", ID: operation.EntryID(p.ID)}); operation.KindOf(err) != operation.Forbidden {
		t.Errorf("their own history: %v", err)
	}
	if _, err := operation.Undo.Do(ctx, s.app.Door, operation.UndoInput{ID: theirs.Entry}); operation.KindOf(err) != operation.NotFound {
		t.Errorf("undoing the backbone's note: %v", err)
	}
	do(t, operation.WithReceipt(ctx, &own), s.app, directory.EditPerson, directory.PersonPatch{ID: self.actor.Person, Version: 2, Phone: ptr("555 0123")})
	entry := do(t, ctx, s.app, operation.Undo, operation.UndoInput{ID: own.Entry})
	if len(entry.Fields) != 0 {
		t.Errorf("the undone entry shows %v", entry.Fields)
	}
}
