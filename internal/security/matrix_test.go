package security_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web"
)

// openPages are the pages whose reader need not be signed in. Every other page
// must send strangers away.
var openPages = regexp.MustCompile(`^/(sign-in|sign-out|set-up|invitation|agreement|evaluator|here|pledge|due|calendar|reply|poll|survey|slip|unsubscribe|account/language|account/confirm|assets)(/|$)`)

// address puts a town's records into a page's pattern. It fails on a pattern
// whose records nobody has told it: a new page must say here what it shows.
func address(t *testing.T, pattern, slug string, records town, accounts string) string {
	t.Helper()
	out := strings.TrimSuffix(strings.Replace(pattern, "{collaborative}", slug, 1), "{$}")
	for marker, value := range map[string]string{
		"/organizations/{id}":           "/organizations/" + records.organization.ID.Short(),
		"/people/{id}":                  "/people/" + records.person.ID.Short(),
		"/bodies/{id}":                  "/bodies/" + records.body.ID.Short(),
		"/seats/{id}":                   "/seats/" + records.seat.ID.Short(),
		"/terms/{term}":                 "/terms/" + records.seat.Terms[0].ID.Short(),
		"/functions/{id}":               "/functions/" + records.function.Key,
		"/holdings/{id}":                "/holdings/" + records.holding.ID.Short(),
		"/agreements/{id}":              "/agreements/" + records.agreement.ID.Short(),
		"/settings/fields/{id}":         "/settings/fields/" + records.field.ID.Short(),
		"/touches/{id}":                 "/touches/" + records.touch.ID.Short(),
		"/ties/{id}":                    "/ties/" + records.tie.ID.Short(),
		"/views/{id}":                   "/views/" + records.view.ID.Short(),
		"/actions/{id}":                 "/actions/" + records.promised.action.ID.Short(),
		"/commitments/{id}":             "/commitments/" + records.promised.commitment.ID.Short(),
		"/deliveries/{delivery}":        "/deliveries/" + records.promised.delivery.ID.Short(),
		"/evidence/{evidence}":          "/evidence/" + records.promised.evidence.ID.Short(),
		"/pledge-links/{id}":            "/pledge-links/" + records.promised.link.ID.Short(),
		"/meetings/{id}":                "/meetings/" + records.gathering.meeting.ID.Short(),
		"/agenda/{item}":                "/agenda/" + records.gathering.item.ID.Short(),
		"/preparations/{line}":          "/preparations/" + records.gathering.preparation.ID.Short(),
		"/captures/{capture}":           "/captures/" + records.gathering.capture.ID.Short(),
		"/materials/{material}":         "/materials/" + records.gathering.material.ID.Short(),
		"/{graph}":                      "/network.gexf",
		"/file/{number}":                "/file/1",
		"/people/{person}":              "/people/" + records.person.ID.Short(),
		"/print/{sheet}":                "/print/agenda",
		"/word/{sheet}":                 "/word/agenda",
		"/functions/{function}":         "/functions/" + records.function.Key,
		"/scorecard/assessments/{id}":   "/scorecard/assessments/" + records.assessed.ID.Short(),
		"/scorecard/evidence/{id}":      "/scorecard/evidence/" + records.evidence.ID.Short(),
		"/polls/{id}":                   "/polls/" + records.gathering.poll.ID.Short(),
		"/instruments/{id}":             "/instruments/" + records.gathering.instrument.ID.Short(),
		"/surveys/{id}":                 "/surveys/" + records.gathering.wave.ID.Short(),
		"/evaluators/{id}":              "/evaluators/" + records.gathering.evaluation.ID.Short(),
		"/survey-results/{id}":          "/survey-results/" + records.gathering.released.ID.Short(),
		"/comments/{comment}":           "/comments/" + records.gathering.comment.ID.Short(),
		"/series/{id}":                  "/series/" + records.gathering.series.ID.Short(),
		"/calendar/{id}":                "/calendar/" + id.New[struct{}]().Short(),
		"/followed-calendars/{id}":      "/followed-calendars/" + records.followed.ID.Short(),
		"/settings/letters/{id}":        "/settings/letters/" + records.gathering.suppression.ID.Short(),
		"/letter-texts/{kind}":          "/letter-texts/due_nudge",
		"/{language}":                   "/en",
		"/checklists/{id}":              "/checklists/" + records.gathering.checklist.ID.Short(),
		"/affiliations/{affiliation}":   "/affiliations/" + records.affiliation.ID.Short(),
		"/settings/members/{id}":        "/settings/members/" + records.member.Short(),
		"/settings/invitations/{id}":    "/settings/invitations/" + records.invitation,
		"/imports/{id}":                 "/imports/" + records.file.Short(),
		"/mappings/{fingerprint}":       "/mappings/" + records.mapping,
		"/settings/takeouts/{id}":       "/settings/takeouts/" + records.takeout.Short(),
		"/settings/jobs/{id}":           "/settings/jobs/" + id.New[struct{}]().Short(),
		"/installation/jobs/{id}":       "/installation/jobs/" + id.New[struct{}]().Short(),
		"/history/{id}":                 "/history/" + records.entry.Short(),
		"/installation/accounts/{id}":   "/installation/accounts/" + accounts,
		"/settings/principles/{number}": "/settings/principles/1",
		"/attendance/{entry}":           "/attendance/" + records.entered.Short(),
		"/here/{code}":                  "/here/2222222222",
		"/{secret}":                     "/" + strings.Repeat("A", 43),
		"/sign-in/provider/{id}":        "/sign-in/provider/none",
		"/{provider}":                   "/none",
		"/account/passkeys/{id}":        "/account/passkeys/" + id.New[struct{}]().Short(),
		"/account/providers/{id}":       "/account/providers/" + id.New[struct{}]().Short(),
		"/account/sessions/{id}":        "/account/sessions/" + id.New[struct{}]().Short(),
		"/account/tokens/{id}":          "/account/tokens/" + id.New[struct{}]().Short(),
	} {
		out = strings.Replace(out, marker, value, 1)
	}
	if strings.Contains(out, "{") {
		t.Errorf("%s: the matrix does not know this record", pattern)
	}
	return out
}

// verdict is what the permission table says of a page and a role.
func (s *site) verdict(route web.Route, a operation.Actor) (allowed, all bool) {
	allowed, all = true, true
	for _, op := range route.Operations {
		allowed = allowed && s.app.Door.Permissions.Allows(op, a)
		all = all && s.app.Door.Permissions.AllowsAll(op, a)
	}
	return allowed, all
}

// Every page in every role: what the table refuses is refused and changes
// nothing; what it allows is not refused.
func TestEveryPageInEveryRole(t *testing.T) {
	s := newSite(t)
	for _, c := range append(s.callers, s.admin) {
		before := s.fingerprint(t)
		for _, route := range s.web.Routes() {
			within := strings.HasPrefix(route.Pattern, "/c/")
			if within && c.name == s.admin.name || !within && !strings.HasPrefix(route.Pattern, "/installation") {
				continue // the administrator founded the place and is its director; accounts' pages have tests of their own
			}
			allowed, all := s.verdict(route, c.actor)
			if all {
				continue
			}
			got := s.send(c.browse(route.Method, address(t, route.Pattern, s.here.slug, s.here, id.New[struct{}]().Short()), url.Values{"version": {"1"}, "name": {"x"}}))
			switch {
			case !allowed && got.status != http.StatusForbidden && got.status != http.StatusNotFound:
				t.Errorf("%s may not %s %s but got %d", c.name, route.Method, route.Pattern, got.status)
			case route.Method == http.MethodPost && got.status < 400:
				t.Errorf("%s, who has no relation to it, may not %s %s but got %d", c.name, route.Method, route.Pattern, got.status)
			}
		}
		if s.fingerprint(t) != before {
			t.Errorf("what %s was refused changed something", c.name)
		}
		for _, route := range s.web.Routes() {
			if _, all := s.verdict(route, c.actor); !all || !strings.HasPrefix(route.Pattern, "/c/") || route.Method != http.MethodGet {
				continue
			}
			got := s.send(c.browse(route.Method, address(t, route.Pattern, s.here.slug, s.here, ""), nil))
			if got.status != http.StatusOK {
				t.Errorf("%s may %s %s but got %d", c.name, route.Method, route.Pattern, got.status)
			}
			if strings.Contains(got.body, canary) {
				t.Errorf("%s sees the other collaborative at %s", c.name, route.Pattern)
			}
			if strings.Contains(got.body, private) && !c.actor.Has(operation.Director) {
				t.Errorf("%s reads at %s what was told in confidence", c.name, route.Pattern)
			}
		}
	}
}

// A stranger learns nothing but where to sign in.
func TestStrangersAreSentToSignIn(t *testing.T) {
	s := newSite(t)
	before := s.fingerprint(t)
	for _, route := range s.web.Routes() {
		if openPages.MatchString(strings.TrimSuffix(route.Pattern, "{$}")) {
			continue
		}
		for _, slug := range []string{s.here.slug, "no-such-place"} {
			got := s.send(caller{}.browse(route.Method, address(t, route.Pattern, slug, s.here, id.New[struct{}]().Short()), url.Values{"version": {"1"}}))
			redirected := got.status == http.StatusSeeOther && strings.HasPrefix(got.header.Get("Location"), "/sign-in")
			if !redirected && got.status != http.StatusUnauthorized {
				t.Errorf("%s %s with %s: %d %s", route.Method, route.Pattern, slug, got.status, got.header.Get("Location"))
			}
		}
	}
	if s.fingerprint(t) != before {
		t.Error("a stranger changed something")
	}
}

// allows says whether the permission table lets somebody do all that a page does.
func allows(s *site, route web.Route, a operation.Actor) bool {
	_, all := s.verdict(route, a)
	return all
}

// The other collaborative and its records do not exist, for any page and any
// method, and are untouched afterwards.
func TestOtherCollaborativesDoNotExist(t *testing.T) {
	s := newSite(t)
	director := s.callers[0]
	before := s.fingerprint(t, "audit_entries")
	missing := s.send(director.browse("GET", "/c/no-such-place/", nil))
	if missing.status != http.StatusNotFound {
		t.Fatalf("a place that does not exist: %d", missing.status)
	}
	for _, route := range s.web.Routes() {
		if !strings.HasPrefix(route.Pattern, "/c/") {
			continue
		}
		form := url.Values{"version": {"1"}, "name": {"x"}, "id": {s.there.organization.ID.Short() + ".1"}, "do": {"trash"}}
		got := s.send(director.browse(route.Method, address(t, route.Pattern, s.there.slug, s.there, ""), form))
		if got.status != http.StatusNotFound || got.body != missing.body {
			t.Errorf("%s %s of the other collaborative: %d, or another answer than for none", route.Method, route.Pattern, got.status)
		}
		if !strings.Contains(route.Pattern, "{id}") && !strings.HasSuffix(route.Pattern, "/bulk") {
			continue
		}
		got = s.send(director.browse(route.Method, address(t, route.Pattern, s.here.slug, s.there, ""), form))
		refused := got.status == http.StatusForbidden && !allows(s, route, director.actor) // whatever record it is
		if got.status != http.StatusNotFound && !refused {
			t.Errorf("%s %s with the other's record: %d", route.Method, route.Pattern, got.status)
		}
		if strings.Contains(got.body, canary) {
			t.Errorf("%s %s tells of the other collaborative", route.Method, route.Pattern)
		}
	}
	if s.fingerprint(t, "audit_entries") != before {
		t.Error("something was changed")
	}
}

// Reading changes nothing.
func TestReadingChangesNothing(t *testing.T) {
	s := newSite(t)
	before := s.fingerprint(t, "audit_entries") // downloads leave their mark there
	for _, c := range s.callers {
		for _, route := range s.web.Routes() {
			if route.Method == http.MethodGet && strings.HasPrefix(route.Pattern, "/c/") {
				s.send(c.browse("GET", address(t, route.Pattern, s.here.slug, s.here, ""), nil))
			}
		}
	}
	if s.fingerprint(t, "audit_entries") != before {
		t.Error("a GET changed something")
	}
}

// No page accepts a change that another site's page sent, whatever its disguise.
func TestOtherSitesCannotPost(t *testing.T) {
	s := newSite(t)
	director := s.callers[0]
	before := s.fingerprint(t)
	for _, route := range s.web.Routes() {
		if route.Method != http.MethodPost {
			continue
		}
		to := address(t, route.Pattern, s.here.slug, s.here, id.New[struct{}]().Short())
		for name, disguise := range map[string]func(r *http.Request){
			"cross-site":   func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
			"same-site":    func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-site") },
			"other origin": func(r *http.Request) { r.Header.Del("Sec-Fetch-Site"); r.Header.Set("Origin", "https://evil.example") },
			"null origin":  func(r *http.Request) { r.Header.Del("Sec-Fetch-Site"); r.Header.Set("Origin", "null") },
		} {
			r := director.browse("POST", to, url.Values{"version": {"1"}, "name": {"x"}})
			disguise(r)
			if got := s.send(r); got.status != http.StatusForbidden {
				t.Errorf("%s with %s: %d", route.Pattern, name, got.status)
			}
		}
	}
	if s.fingerprint(t) != before {
		t.Error("another site changed something")
	}
}

// Every operation in REST, in every role, on this collaborative and the other.
func TestEveryOperationOverREST(t *testing.T) {
	s := newSite(t)
	ids := func(records town, kind string) string {
		switch {
		case strings.Contains(kind, "/attendance/"):
			return records.entered.String()
		case strings.HasPrefix(kind, "/actions/"):
			return records.promised.action.ID.String()
		case strings.Contains(kind, "/deliveries/"):
			return records.promised.delivery.ID.String()
		case strings.HasPrefix(kind, "/commitments/") && strings.Contains(kind, "/evidence/"):
			return records.promised.evidence.ID.String()
		case strings.HasPrefix(kind, "/commitments/") && strings.Contains(kind, "/uploads/"):
			return records.promised.upload.ID.String()
		case strings.HasPrefix(kind, "/commitments/"):
			return records.promised.commitment.ID.String()
		case strings.HasPrefix(kind, "/scorecard/assessments/"):
			return records.assessed.ID.String()
		case strings.HasPrefix(kind, "/scorecard/evidence/"):
			return records.evidence.ID.String()
		case strings.HasPrefix(kind, "/pledge-links/"):
			return records.promised.link.ID.String()
		case strings.HasPrefix(kind, "/meetings/"), strings.HasPrefix(kind, "/checklists/"), strings.HasPrefix(kind, "/series/"), strings.HasPrefix(kind, "/suppressions/"), strings.HasPrefix(kind, "/polls/"), strings.HasPrefix(kind, "/survey-waves/"), strings.HasPrefix(kind, "/survey-instruments/"), strings.HasPrefix(kind, "/survey-results/"), strings.HasPrefix(kind, "/survey-comments/"), strings.HasPrefix(kind, "/evaluator-agreements/"):
			return records.gathering.named(kind)
		case strings.HasPrefix(kind, "/organizations/"):
			return records.organization.ID.String()
		case strings.HasPrefix(kind, "/people/"):
			return records.person.ID.String()
		case strings.HasPrefix(kind, "/bodies/"):
			return records.body.ID.String()
		case strings.HasPrefix(kind, "/seats/"):
			return records.seat.ID.String()
		case strings.HasPrefix(kind, "/functions/holdings/"):
			return records.holding.ID.String()
		case strings.HasPrefix(kind, "/agreements/"):
			return records.agreement.ID.String()
		case strings.HasPrefix(kind, "/fields/"):
			return records.field.ID.String()
		case strings.HasPrefix(kind, "/touches/"):
			return records.touch.ID.String()
		case strings.HasPrefix(kind, "/ties/"):
			return records.tie.ID.String()
		case strings.HasPrefix(kind, "/followed-calendars/"):
			return records.followed.ID.String()
		case strings.HasPrefix(kind, "/imports/"):
			return records.file.String()
		case strings.HasPrefix(kind, "/views/"):
			return records.view.ID.String()
		case strings.HasPrefix(kind, "/history/organization"), strings.HasPrefix(kind, "/history/"):
			return records.entry.String()
		}
		return id.New[struct{}]().String()
	}
	fill := func(p string, records town) string {
		p = strings.Replace(p, "{kind}", "organization", 1)
		p = strings.Replace(p, "{commitment_id}", records.promised.commitment.ID.String(), 1)
		p = strings.Replace(p, "{delivery_id}", records.promised.delivery.ID.String(), 1)
		p = strings.Replace(p, "{meeting_id}", records.gathering.meeting.ID.String(), 1)
		p = strings.Replace(p, "{wave_id}", records.gathering.wave.ID.String(), 1)
		p = strings.Replace(p, "{poll_id}", records.gathering.poll.ID.String(), 1)
		p = strings.Replace(p, "{organization_id}", records.organization.ID.String(), 1)
		p = strings.Replace(p, "{person_id}", records.person.ID.String(), 1)
		p = strings.Replace(p, "{person}", records.member.String(), 1)
		p = strings.Replace(p, "{number}", "1", 1)
		p = strings.Replace(p, "{function}", records.function.Key, 1)
		p = strings.Replace(p, "{fingerprint}", records.mapping, 1)
		return strings.Replace(p, "{id}", ids(records, p), 1)
	}
	before := s.fingerprint(t, "audit_entries")
	for _, op := range s.app.Door.Registry.Sorted() {
		def := op.Describe()
		if def.Method == "" || def.Scope != operation.InCollaborative {
			continue
		}
		body := ""
		if def.Method != http.MethodGet && def.Method != http.MethodDelete {
			body = `{}`
		}
		for _, c := range append(s.callers, s.admin, caller{name: "stranger"}) {
			if c.name == s.admin.name {
				continue
			}
			allowed := s.app.Door.Permissions.Allows(def.ID, c.actor)
			if !allowed {
				got := s.send(c.call(def.Method, "/api/v1/collaboratives/"+s.here.slug+fill(def.Path, s.here), body))
				want := got.status == http.StatusForbidden || got.status == http.StatusNotFound || c.token == "" && got.status == http.StatusUnauthorized
				if !want {
					t.Errorf("%s as %s: %d %s", def.ID, c.name, got.status, got.body)
				}
			}
			got := s.send(c.call(def.Method, "/api/v1/collaboratives/"+s.there.slug+fill(def.Path, s.there), body))
			if got.status != http.StatusNotFound && !(c.token == "" && got.status == http.StatusUnauthorized) {
				t.Errorf("%s of the other collaborative as %s: %d", def.ID, c.name, got.status)
			}
			if strings.Contains(got.body, canary) {
				t.Errorf("%s tells %s of the other collaborative", def.ID, c.name)
			}
		}
		director := s.callers[0]
		if strings.Contains(def.Path, "{") && def.Method == http.MethodGet && !strings.Contains(def.Path, "{number}") {
			got := s.send(director.call(def.Method, "/api/v1/collaboratives/"+s.here.slug+fill(def.Path, s.there)+query(def.ID), body))
			empty := got.status == http.StatusOK && !strings.Contains(got.body, canary) && strings.Contains(got.body, `"items":[]`)
			if got.status != http.StatusNotFound && !empty {
				t.Errorf("%s with the other's record: %d %s", def.ID, got.status, got.body)
			}
		}
		if def.Method == http.MethodGet && !strings.Contains(def.Path, "{") {
			got := s.send(director.call(def.Method, "/api/v1/collaboratives/"+s.here.slug+strings.TrimSuffix(def.Path, "/")+query(def.ID), ""))
			if got.status != http.StatusOK || strings.Contains(got.body, canary) {
				t.Errorf("%s as director: %d, or it tells of the other collaborative", def.ID, got.status)
			}
			if !json.Valid([]byte(got.body)) {
				t.Errorf("%s answers no JSON", def.ID)
			}
		}
	}
	if s.fingerprint(t, "audit_entries") != before {
		t.Error("something was changed")
	}
}

// query is what an operation needs to be asked at all.
func query(op string) string {
	switch op {
	case "search.find":
		return "?q=" + canary
	case "tags.list", "fields.list":
		return "?kind=person"
	case "imports.fields", "imports.guess":
		return "?kind=people"
	case "network-map.change":
		return "?before=2020-01-01"
	case "views.list":
		return "?area=people"
	}
	return ""
}

// The table is complete: every operation has a row, every row an operation or a
// right, and whoever may change a thing may see it.
func TestPermissionTable(t *testing.T) {
	s := newSite(t)
	table := s.app.Door.Permissions
	rights := map[string]bool{"people.see-contacts": true, "organizations.see-notes": true, "people.see-private": true, "ties.see-people": true, "views.share": true, "meetings.see-replies": true}
	for _, op := range s.app.Door.Registry.Sorted() {
		if _, ok := table[op.Describe().ID]; !ok {
			t.Errorf("%s has no row", op.Describe().ID)
		}
	}
	for _, op := range table.Operations() {
		if s.app.Door.Registry[op] == nil && !rights[op] {
			t.Errorf("%s is no operation", op)
		}
		noun, verb, _ := strings.Cut(op, ".")
		for i, grant := range table[op] {
			switch grant {
			case operation.OwnOrg, operation.OwnGroup, operation.Themselves:
				if any := s.app.Door.Registry[op]; !rights[op] && (any == nil || !any.HasSubject()) {
					t.Errorf("%s is granted on one's own but has no subject", op)
				}
			}
			seen, ok := table[noun+".get"]
			if op := s.app.Door.Registry[op]; op != nil && op.Describe().Scope == operation.OnInstallation {
				ok = false
			}
			if op := s.app.Door.Registry[op]; op != nil && op.Describe().ReadOnly {
				ok = false // whoever reads by it sees what it shows
			}
			if ok && verb != "get" && grant != operation.Never && seen[i] == operation.Never && operation.Roles[i] != operation.Administrator {
				t.Errorf("%s may %s without seeing it", operation.Roles[i], op)
			}
			if operation.Roles[i] == operation.Funder && grant != operation.Never && table[op][3] == operation.Never {
				t.Errorf("a funder may %s, which a table member may not", op)
			}
		}
	}
}
