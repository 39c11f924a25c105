package rest

import (
	"net/http"
	"strings"
	"testing"
)

// scenario is one request and what its answer must be. Each runs in the same
// house after the ones before it; {org} stands for the id of an organization,
// {self} for the caller's own person.
type scenario struct {
	name string
	call
	status int
	has    []string
	hasNot []string
	// header lines the answer has: "Name: value", or "Name" when any will do.
	header []string
}

const missing = "01999999-0000-7000-8000-000000000000"

// big is a body beyond the limit.
var big = `{"name":"` + strings.Repeat("x", maxBody) + `"}`

var scenarios = []scenario{
	{name: "a list of organizations", call: call{as: "table_member", method: "GET", path: "/organizations"}, status: 200, has: []string{`"items":[{`, `"name":"Harbor School"`, `"total":2`}, hasNot: []string{"canary", `"notes"`, "null"}},
	{name: "the backbone sees notes", call: call{as: "backbone_staff", method: "GET", path: "/organizations"}, status: 200, has: []string{"canary"}},
	{name: "the first page leads to the next", call: call{as: "funder", method: "GET", path: "/organizations?limit=1"}, status: 200, has: []string{`"next":"`}, header: []string{"Link"}},
	{name: "an empty list is no null", call: call{as: "funder", method: "GET", path: "/organizations?sector=faith"}, status: 200, has: []string{`"items":[]`}},
	{name: "one organization", call: call{as: "evaluator", method: "GET", path: "/organizations/{org}"}, status: 200, has: []string{`"name":"Harbor School"`}, hasNot: []string{"canary"}, header: []string{`ETag: "v1"`, "Content-Type: application/json; charset=utf-8", "Cache-Control: no-store", "X-Content-Type-Options: nosniff"}},
	{name: "by its short id", call: call{as: "evaluator", method: "GET", path: "/organizations/{short}"}, status: 200, has: []string{`"name":"Harbor School"`}},
	{name: "a tag of what one has is not heeded", call: call{as: "evaluator", method: "GET", path: "/organizations/{org}", headers: []string{`If-None-Match: "v1"`}}, status: 200},
	{name: "only the head", call: call{as: "evaluator", method: "HEAD", path: "/organizations/{org}"}, status: 200, header: []string{`ETag: "v1"`, "Content-Length"}},

	{name: "no token", call: call{method: "GET", path: "/organizations"}, status: 401, has: []string{`"type":"/api/v1/problems/unauthenticated"`, `"request":"`}, header: []string{`WWW-Authenticate: Bearer realm="commontable"`, "Content-Type: application/problem+json; charset=utf-8", "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'"}},
	{name: "no token, no such collaborative", call: call{method: "GET", path: "/api/v1/collaboratives/nowhere/organizations"}, status: 401},
	{name: "a token that is no good", call: call{method: "GET", path: "/organizations", headers: []string{"Authorization: Bearer ct_nothing"}}, status: 401, header: []string{`WWW-Authenticate: Bearer realm="commontable", error="invalid_token"`}},
	{name: "another scheme", call: call{method: "GET", path: "/organizations", headers: []string{"Authorization: Basic eDp5"}}, status: 401},
	{name: "a cookie is nobody", call: call{method: "GET", path: "/organizations", headers: []string{"Cookie: __Host-ct_session=cts_x"}}, status: 401},
	{name: "not a member", call: call{as: "coast", method: "GET", path: "/organizations"}, status: 404, has: []string{"not-found"}},
	{name: "an administrator is no member", call: call{as: "installation_administrator", method: "GET", path: "/organizations"}, status: 404},
	{name: "no such collaborative", call: call{as: "backbone_director", method: "GET", path: "/api/v1/collaboratives/nowhere/organizations"}, status: 404},
	{name: "not allowed, and the body is not even read", call: call{as: "table_member", method: "POST", path: "/organizations", body: `{"nme":`}, status: 403, has: []string{`problems/forbidden"`}},
	{name: "a token that may only read", call: call{as: "reader", method: "POST", path: "/organizations", body: `{"name":"X"}`}, status: 403},
	{name: "it reads", call: call{as: "reader", method: "GET", path: "/organizations"}, status: 200},
	{name: "in French", call: call{as: "funder", method: "GET", path: "/organizations/" + missing, headers: []string{"Accept-Language: fr-CA"}}, status: 404, has: []string{"Rien ici"}},

	{name: "create", call: call{as: "backbone_staff", method: "POST", path: "/organizations", body: `{"name":" New   School ","sector":"education"}`}, status: 201, has: []string{`"name":"New School"`, `"status":"member"`}, header: []string{"Location", `ETag: "v1"`}},
	{name: "every fault with its field", call: call{as: "backbone_staff", method: "POST", path: "/organizations", body: `{"nme":"x","name":5,"funder":"yes","other_names":"a","sector":null}`}, status: 422,
		has: []string{`{"field":"nme","detail":"There is no such field here.","key":"rest.unknown_field"}`, `"field":"name"`, `"field":"funder"`, `"field":"other_names"`, `"key":"rest.null"`, `problems/invalid"`}},
	{name: "the door's faults", call: call{as: "backbone_staff", method: "POST", path: "/organizations", body: `{"email":"nobody","sector":"space"}`}, status: 422, has: []string{`"key":"errors.required"`, `"key":"errors.not_an_email"`, `"key":"errors.not_offered"`}},
	{name: "a key given twice", call: call{as: "backbone_staff", method: "POST", path: "/organizations", body: `{"name":"a","name":"b"}`}, status: 422, has: []string{"rest.given_twice"}},
	{name: "another case is another field", call: call{as: "backbone_staff", method: "POST", path: "/organizations", body: `{"Name":"a"}`}, status: 422, has: []string{"rest.unknown_field"}},
	{name: "a list in which one is wrong", call: call{as: "backbone_staff", method: "POST", path: "/organizations", body: `{"name":"a","other_names":["b",3]}`}, status: 422, has: []string{`"field":"other_names.1"`}},
	{name: "text after the end", call: call{as: "backbone_staff", method: "POST", path: "/organizations", body: `{"name":"a"} x`}, status: 400, has: []string{`problems/malformed"`}},
	{name: "not JSON", call: call{as: "backbone_staff", method: "POST", path: "/organizations", body: `{"name":NaN}`}, status: 400},
	{name: "deep", call: call{as: "backbone_staff", method: "POST", path: "/organizations", body: strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000)}, status: 400},
	{name: "not an object", call: call{as: "backbone_staff", method: "POST", path: "/organizations", body: `["name"]`}, status: 422},
	{name: "broken UTF-8", call: call{as: "backbone_staff", method: "POST", path: "/organizations", body: "{\"name\":\"a\xff\"}"}, status: 400},
	{name: "half a surrogate", call: call{as: "backbone_staff", method: "POST", path: "/organizations", body: `{"name":"a\ud800b"}`}, status: 400},
	{name: "a NUL", call: call{as: "backbone_staff", method: "POST", path: "/organizations", body: `{"name":"a\u0000b"}`}, status: 422, has: []string{"errors.not_text"}},
	{name: "too large", call: call{as: "backbone_staff", method: "POST", path: "/organizations", body: big}, status: 413, has: []string{`problems/too-large"`}},
	{name: "plain text", call: call{as: "backbone_staff", method: "POST", path: "/organizations", body: `{"name":"a"}`, headers: []string{"Content-Type: ", "Content-Type: text/plain"}}, status: 415},
	{name: "no content type", call: call{as: "backbone_staff", method: "POST", path: "/organizations", body: `{"name":"a"}`, headers: []string{"Content-Type: "}}, status: 415},
	{name: "another charset", call: call{as: "backbone_staff", method: "POST", path: "/organizations", body: `{"name":"a"}`, headers: []string{"Content-Type: ", "Content-Type: application/json; charset=latin1"}}, status: 415},
	{name: "mass assignment", call: call{as: "backbone_staff", method: "POST", path: "/organizations", body: `{"name":"a","id":"` + missing + `","version":9,"collaborative_id":"x","created_at":"2020-01-01T00:00:00Z","deleted_at":null}`}, status: 422,
		has: []string{`"field":"id"`, `"field":"version"`, `"field":"collaborative_id"`, `"field":"created_at"`, `"field":"deleted_at"`}},
	{name: "a body on GET", call: call{as: "backbone_staff", method: "GET", path: "/organizations", body: `{}`}, status: 400},
	{name: "a query on POST", call: call{as: "backbone_staff", method: "POST", path: "/organizations?name=x", body: `{"name":"y"}`}, status: 422, has: []string{"rest.unknown_parameter"}},

	{name: "an unknown parameter", call: call{as: "funder", method: "GET", path: "/organizations?sort=name&colour=red"}, status: 422, has: []string{`"field":"colour"`}},
	{name: "a parameter twice", call: call{as: "funder", method: "GET", path: "/organizations?sort=name&sort=-name"}, status: 422, has: []string{"rest.given_twice"}},
	{name: "a limit that is no number", call: call{as: "funder", method: "GET", path: "/organizations?limit=NaN"}, status: 422, has: []string{"rest.want_whole_number"}},
	{name: "a huge limit", call: call{as: "funder", method: "GET", path: "/organizations?limit=1e308"}, status: 422},
	{name: "a negative limit", call: call{as: "funder", method: "GET", path: "/organizations?limit=-1"}, status: 422, has: []string{"errors.minimum"}},
	{name: "a large limit", call: call{as: "funder", method: "GET", path: "/organizations?limit=99999999999999999999"}, status: 422},
	{name: "neither true nor false", call: call{as: "backbone_staff", method: "GET", path: "/organizations?trash=1"}, status: 422, has: []string{"rest.want_true_or_false"}},
	{name: "a forged cursor", call: call{as: "funder", method: "GET", path: "/organizations?after=abc"}, status: 422, has: []string{"errors.bad_cursor"}},
	{name: "a query that cannot be read", call: call{as: "funder", method: "GET", path: "/organizations?q=%zz"}, status: 400},
	{name: "broken UTF-8 in the query", call: call{as: "funder", method: "GET", path: "/organizations?q=%ff"}, status: 400},
	{name: "a NUL in the query", call: call{as: "funder", method: "GET", path: "/organizations?q=%00"}, status: 422},
	{name: "an id that is none, in the query", call: call{as: "funder", method: "GET", path: "/people?organization_id=x"}, status: 422, has: []string{"rest.want_id"}},
	{name: "an id that is none, in the path", call: call{as: "funder", method: "GET", path: "/organizations/x"}, status: 404},
	{name: "no such organization", call: call{as: "funder", method: "GET", path: "/organizations/" + missing}, status: 404},

	{name: "an edit without a version", call: call{as: "backbone_staff", method: "PATCH", path: "/organizations/{org}", body: `{"place":"Pier 4"}`}, status: 428, has: []string{`problems/version-needed"`}},
	{name: "an edit with a version that is none", call: call{as: "backbone_staff", method: "PATCH", path: "/organizations/{org}", body: `{"place":"Pier 4"}`, headers: []string{"If-Match: *"}}, status: 422, has: []string{`"field":"If-Match"`}},
	{name: "an edit whose versions differ", call: call{as: "backbone_staff", method: "PATCH", path: "/organizations/{org}", body: `{"place":"Pier 4","version":2}`, headers: []string{`If-Match: "v1"`}}, status: 422},
	{name: "an edit", call: call{as: "backbone_staff", method: "PATCH", path: "/organizations/{org}", body: `{"place":"Pier 4"}`, headers: []string{`If-Match: "v1"`}}, status: 200, has: []string{`"place":"Pier 4"`, `"version":2`}, header: []string{`ETag: "v2"`}},
	{name: "an edit of what is no longer there", call: call{as: "backbone_staff", method: "PATCH", path: "/organizations/{org}", body: `{"place":"Pier 5"}`, headers: []string{`If-Match: "v1"`}}, status: 412, has: []string{`problems/stale"`, `"current":{`, `"place":"Pier 4"`}, header: []string{`ETag: "v2"`}},
	{name: "an edit with the version in the body", call: call{as: "backbone_staff", method: "PATCH", path: "/organizations/{org}", body: `{"place":"Pier 6","version":2}`}, status: 200, has: []string{`"version":3`}},
	{name: "trash", call: call{as: "backbone_staff", method: "DELETE", path: "/organizations/{org}?version=3"}, status: 200, has: []string{`"deleted_at":"2026-11-22T09:00:00Z"`}},
	{name: "in the trash", call: call{as: "funder", method: "GET", path: "/organizations/{org}"}, status: 404},
	{name: "restore", call: call{as: "backbone_staff", method: "POST", path: "/organizations/{org}/restore", headers: []string{`If-Match: "v4"`}}, status: 200, has: []string{`"version":5`}},

	{name: "a key", call: call{as: "backbone_staff", method: "POST", path: "/organizations", body: `{"name":"Once"}`, headers: []string{"Idempotency-Key: k 1"}}, status: 201, has: []string{"Once"}},
	{name: "the same again", call: call{as: "backbone_staff", method: "POST", path: "/organizations", body: `{"name":"Once"}`, headers: []string{"Idempotency-Key: k 1"}}, status: 201, has: []string{"Once"}, header: []string{"Idempotent-Replayed: true", "Location"}},
	{name: "the key for something else", call: call{as: "backbone_staff", method: "POST", path: "/organizations", body: `{"name":"Twice"}`, headers: []string{"Idempotency-Key: k 1"}}, status: 409},
	{name: "once it is", call: call{as: "backbone_staff", method: "GET", path: "/organizations?q=once"}, status: 200, has: []string{`"items":[{`}, hasNot: []string{"},{"}},
	{name: "a key that is too long", call: call{as: "backbone_staff", method: "POST", path: "/organizations", body: `{"name":"Y"}`, headers: []string{"Idempotency-Key: " + strings.Repeat("k", 201)}}, status: 422, has: []string{"Idempotency-Key"}},
	{name: "a key that is no ASCII", call: call{as: "backbone_staff", method: "POST", path: "/organizations", body: `{"name":"Y"}`, headers: []string{"Idempotency-Key: clé"}}, status: 422},
	{name: "a key without effect", call: call{as: "installation_administrator", method: "POST", path: "/api/v1/collaboratives", body: `{"name":"Y"}`, headers: []string{"Idempotency-Key: k"}}, status: 422, has: []string{"rest.key_without_effect"}},

	{name: "one's own entry", call: call{as: "funder", method: "PATCH", path: "/people/{self}", body: `{"phone":"1"}`, headers: []string{`If-Match: "v1"`}}, status: 200, has: []string{`"phone":"1"`}},
	{name: "somebody else's", call: call{as: "evaluator", method: "PATCH", path: "/people/{funder}", body: `{"phone":"1"}`, headers: []string{`If-Match: "v2"`}}, status: 403},
	{name: "sessions are a list in an object", call: call{as: "funder", method: "GET", path: "/api/v1/account/sessions"}, status: 200, has: []string{`{"items":[]}`}},
	{name: "one's collaboratives", call: call{as: "funder", method: "GET", path: "/api/v1/collaboratives"}, status: 200, has: []string{"Valley"}, hasNot: []string{"Coast"}},
	{name: "none of it without a token", call: call{method: "GET", path: "/api/v1/collaboratives"}, status: 401},
	{name: "a new collaborative", call: call{as: "installation_administrator", method: "POST", path: "/api/v1/collaboratives", body: `{"name":"Hills"}`}, status: 201, header: []string{"Location: /api/v1/collaboratives/hills"}},
	{name: "the collaborative itself", call: call{as: "funder", method: "GET", path: ""}, status: 200, has: []string{`"name":"Valley"`}},

	{name: "no such path", call: call{as: "funder", method: "GET", path: "/nothing"}, status: 404, has: []string{"not-found"}},
	{name: "no such method", call: call{as: "funder", method: "PUT", path: "/organizations"}, status: 405, header: []string{"Allow: GET, HEAD, POST"}, has: []string{"method-not-allowed"}},
	{name: "TRACE", call: call{method: "TRACE", path: "/organizations"}, status: 405, header: []string{"Allow"}},
	{name: "OPTIONS", call: call{method: "OPTIONS", path: "/organizations", headers: []string{"Origin: https://evil.example", "Access-Control-Request-Method: POST"}}, status: 405, header: []string{"Allow"}},
	{name: "a method nobody knows", call: call{method: "BREW", path: "/organizations"}, status: 405},
	{name: "a slash too many", call: call{as: "funder", method: "GET", path: "/organizations/"}, status: 404},
	{name: "up and down", call: call{as: "funder", method: "GET", path: "/organizations/../people"}, status: 404},
	{name: "two slashes", call: call{as: "funder", method: "GET", path: "//organizations"}, status: 404},
	{name: "a slash in disguise", call: call{as: "funder", method: "GET", path: "/organizations/%2e%2e%2fpeople"}, status: 404},

	{name: "the document", call: call{method: "GET", path: "/api/v1/openapi.json"}, status: 200, has: []string{`"openapi":"3.1.0"`}, header: []string{"Content-Type: application/vnd.oai.openapi+json; charset=utf-8"}},
	{name: "the document in YAML", call: call{method: "GET", path: "/api/v1/openapi.yaml"}, status: 200, has: []string{"openapi: 3.1.0"}},
	{name: "the documentation", call: call{method: "GET", path: "/api/v1/docs"}, status: 200, has: []string{`<h2 lang="en">organizations</h2>`, "curl", "organizations.edit-several"}, hasNot: []string{"https://unpkg", "<style", "onclick", " style="}, header: []string{"Content-Type: text/html; charset=utf-8"}},
	{name: "the documentation in Spanish", call: call{method: "GET", path: "/api/v1/docs", headers: []string{"Accept-Language: es"}}, status: 200, has: []string{"Respuesta:"}},
	{name: "a problem's page", call: call{method: "GET", path: "/api/v1/problems/stale"}, status: 200, has: []string{"412"}},
	{name: "no such problem", call: call{method: "GET", path: "/api/v1/problems/none"}, status: 404},
}

func TestScenarios(t *testing.T) {
	h := newHouse(t)
	org := h.organization("Harbor School", "canary of the notes")
	h.organization("Hillside Clinic", "")
	d := readDocument(t, h.server.jsonText)
	for _, s := range scenarios {
		t.Run(s.name, func(t *testing.T) {
			c := s.call
			c.path = strings.NewReplacer("{org}", org.ID.String(), "{short}", org.ID.Short(), "{self}", h.people[c.as].String(), "{funder}", h.people["funder"].String()).Replace(c.path)
			w := h.do(c)
			if w.Code != s.status {
				t.Fatalf("status %d, want %d\n%.1500s", w.Code, s.status, w.Body)
			}
			for _, text := range s.has {
				if !strings.Contains(w.Body.String(), text) {
					t.Errorf("no %q in\n%.1500s", text, w.Body)
				}
			}
			for _, text := range s.hasNot {
				if strings.Contains(w.Body.String(), text) {
					t.Errorf("%q in\n%.1500s", text, w.Body)
				}
			}
			for _, line := range s.header {
				name, value, _ := strings.Cut(line, ": ")
				if got := w.Header().Get(name); got == "" || value != "" && got != value {
					t.Errorf("header %s is %q, want %q", name, got, value)
				}
			}
			checkAnswer(t, d, h, c, w.Code, w.Header(), w.Body.Bytes())
		})
	}
}

// checkAnswer holds for every answer: the headers are there, none opens the
// answer to other origins, and the body is what the document says it is.
func checkAnswer(t *testing.T, d document, h *house, c call, status int, header http.Header, body []byte) {
	t.Helper()
	for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cache-Control", "Strict-Transport-Security"} {
		if header.Get(name) == "" {
			t.Errorf("no %s", name)
		}
	}
	for name := range header {
		if strings.HasPrefix(name, "Access-Control-") || name == "Set-Cookie" {
			t.Errorf("%s: %s", name, header.Get(name))
		}
	}
	if status >= 500 {
		t.Errorf("status %d", status)
	}
	if c.method == http.MethodHead || status == http.StatusNoContent {
		if len(body) > 0 {
			t.Errorf("a body where none belongs: %s", body)
		}
		return
	}
	if status >= 400 {
		checkSchema(t, d, map[string]any{"$ref": schemaPrefix + problemSchema}, body)
		return
	}
	r := h.request(c)
	_, pattern := h.server.mux.Handler(r)
	method, path, _ := strings.Cut(pattern, " ")
	if op, ok := d.Paths[path][strings.ToLower(method)]; ok {
		answer := op.Responses[sprint(status)]
		checkSchema(t, d, answer.Content["application/json"].Schema, body)
	}
}
