package rest

import (
	"net/http"
	"strings"
	"testing"
)

// An agreement over REST from its beginning to its end. Signing has no place
// here: whoever holds the link signs on a page.
func TestAgreementScenario(t *testing.T) {
	h := newHouse(t)
	org := h.organization("Harbor School", "")
	d := readDocument(t, h.server.jsonText)
	var made string
	for _, s := range []scenario{
		{name: "before there are principles", call: call{as: "backbone_staff", method: "POST", path: "/agreements", body: `{"organization_id":"{org}"}`}, status: 422, has: []string{`"field":"principles"`, "agreements.no_principles"}},
		{name: "principles", call: call{as: "backbone_director", method: "POST", path: "/principles", body: `{"body":"We listen.","newest":0}`}, status: 200},
		{name: "a draft", call: call{as: "backbone_staff", method: "POST", path: "/agreements", body: `{"organization_id":"{org}","signatory_name":"Cleo Ono","signatory_email":"cleo@example.org","transition":"Three months.","term_months":24}`}, status: 201,
			has: []string{`"state":"draft"`, `"principles":1`, `"term_months":24`, `"language":"en"`, `"organization":"Harbor School"`}, header: []string{"Location", `ETag: "v1"`}},
		{name: "a second one", call: call{as: "backbone_staff", method: "POST", path: "/agreements", body: `{"organization_id":"{org}"}`}, status: 422, has: []string{"agreements.already_open"}},
		{name: "what is wrong", call: call{as: "backbone_staff", method: "POST", path: "/agreements", body: `{"organization_id":"{org}","term_months":241,"signatory_email":"x","language":"de","state":"signed","valid_from":"2020-01-01"}`}, status: 422,
			has: []string{`"field":"state"`, `"field":"valid_from"`}},
		{name: "a table member may not begin one", call: call{as: "table_member", method: "POST", path: "/agreements", body: `{"organization_id":"{org}"}`}, status: 403},
		{name: "nor see a draft", call: call{as: "table_member", method: "GET", path: "/agreements/{made}"}, status: 404},
		{name: "nor in the list", call: call{as: "table_member", method: "GET", path: "/agreements"}, status: 200, has: []string{`"items":[]`}},
		{name: "an edit", call: call{as: "backbone_staff", method: "PATCH", path: "/agreements/{made}", body: `{"text":"We meet."}`, headers: []string{`If-Match: "v1"`}}, status: 200, has: []string{`"text":"We meet."`}, header: []string{`ETag: "v2"`}},
		{name: "a stale edit", call: call{as: "backbone_staff", method: "PATCH", path: "/agreements/{made}", body: `{"text":"We sing."}`, headers: []string{`If-Match: "v1"`}}, status: 412, has: []string{`"current":{`, "We meet."}},
		{name: "sent", call: call{as: "backbone_staff", method: "POST", path: "/agreements/{made}/send", headers: []string{`If-Match: "v2"`}}, status: 200, has: []string{`"state":"sent"`, `"link_expires":"2026-12-22T09:00:00Z"`}, hasNot: []string{"ctl_", "/agreement/"}},
		{name: "no edit of what was sent", call: call{as: "backbone_staff", method: "PATCH", path: "/agreements/{made}", body: `{"text":"We sing."}`, headers: []string{`If-Match: "v3"`}}, status: 422, has: []string{"agreements.no_edit"}},
		{name: "taken back", call: call{as: "backbone_staff", method: "POST", path: "/agreements/{made}/withdraw", headers: []string{`If-Match: "v3"`}}, status: 200, has: []string{`"state":"draft"`}},
		{name: "on paper", call: call{as: "backbone_staff", method: "POST", path: "/agreements/{made}/signature", body: `{"name":"Cleo Ono","on":"2026-11-01"}`, headers: []string{`If-Match: "v4"`}}, status: 200,
			has: []string{`"state":"signed"`, `"valid_from":"2026-11-01"`, `"renewal_due":"2028-11-01"`, `"on_paper":true`}},
		{name: "a funder sees who signed", call: call{as: "funder", method: "GET", path: "/agreements/{made}"}, status: 200, has: []string{`"signed_name":"Cleo Ono"`}, hasNot: []string{"cleo@example.org", "sent_by"}},
		{name: "by organization", call: call{as: "funder", method: "GET", path: "/agreements?organization_id={org}&state=signed"}, status: 200, has: []string{`"items":[{`}},
		{name: "no such state", call: call{as: "funder", method: "GET", path: "/agreements?state=great"}, status: 422},
		{name: "taken away", call: call{as: "evaluator", method: "POST", path: "/agreements/export", body: "{}"}, status: 200, has: []string{`"items":[{`}, hasNot: []string{"cleo@example.org"}},
		{name: "ended", call: call{as: "backbone_director", method: "POST", path: "/agreements/{made}/end", body: `{"note":"Moved away."}`, headers: []string{`If-Match: "v5"`}}, status: 200, has: []string{`"state":"ended"`, `"valid_to":"2026-11-22"`, "Moved away."}},
		{name: "and resumed", call: call{as: "backbone_director", method: "POST", path: "/agreements/{made}/resume", headers: []string{`If-Match: "v6"`}}, status: 200, has: []string{`"state":"signed"`}},
		{name: "the renewal", call: call{as: "backbone_staff", method: "POST", path: "/agreements/{made}/renew"}, status: 200, has: []string{`"state":"draft"`, `"signatory_name":"Cleo Ono"`}},
		{name: "not the trash for what was signed", call: call{as: "backbone_staff", method: "DELETE", path: "/agreements/{made}?version=7"}, status: 422, has: []string{"agreements.no_trash"}},
		{name: "the signature taken back while a draft waits", call: call{as: "backbone_staff", method: "DELETE", path: "/agreements/{made}/signature?version=7"}, status: 409, has: []string{"already"}},
		{name: "signing is no part of REST", call: call{as: "backbone_staff", method: "POST", path: "/agreements/{made}/sign"}, status: 404},
		{name: "another collaborative", call: call{as: "coast", method: "GET", path: "/api/v1/collaboratives/coast/agreements/{made}"}, status: 404},
	} {
		t.Run(s.name, func(t *testing.T) {
			c, fill := s.call, strings.NewReplacer("{org}", org.ID.String(), "{made}", made)
			c.path, c.body = fill.Replace(c.path), fill.Replace(c.body)
			w := h.do(c)
			if w.Code != s.status {
				t.Fatalf("status %d, want %d\n%.1500s", w.Code, s.status, w.Body)
			}
			if made == "" && w.Code == http.StatusCreated && c.path == "/agreements" {
				_, rest, _ := strings.Cut(w.Body.String(), `"id":"`)
				made, _, _ = strings.Cut(rest, `"`)
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
