package rest

import (
	"net/http"
	"strings"
	"testing"
)

// Who was at a meeting, over REST. Checking oneself in has no place here: whoever is
// in the room does it on a page.
func TestAttendanceScenario(t *testing.T) {
	h := newHouse(t)
	org := h.organization("Harbor School", "")
	d := readDocument(t, h.server.jsonText)
	var meeting, entry string
	for _, s := range []scenario{
		{name: "a meeting that took place", call: call{as: "backbone_staff", method: "POST", path: "/meetings", body: `{"title":"Kick-off","on":"2026-01-05","starts":"10:00","held":true}`}, status: 201},
		{name: "a guest", call: call{as: "backbone_staff", method: "POST", path: "/meetings/{meeting}/attendance", body: `{"name":"Hana Holm","organization":"harbor school","turns":0}`}, status: 200,
			has: []string{`"source":"rest"`, `"presence":"here"`, `"organization_id":"{org}"`, `"organization":"Harbor School"`, `"turns":0`, `"counts":true`}, hasNot: []string{`"minutes"`}},
		{name: "the same again", call: call{as: "backbone_staff", method: "POST", path: "/meetings/{meeting}/attendance", body: `{"name":"Hana Holm","organization":"Harbor School"}`}, status: 200, has: []string{`"id":"{entry}"`}},
		{name: "what is wrong", call: call{as: "backbone_staff", method: "POST", path: "/meetings/{meeting}/attendance", body: `{"presence":"asleep","engagement":9}`}, status: 422, has: []string{`"field":"presence"`, `"field":"engagement"`}},
		{name: "nobody claims to have checked in", call: call{as: "backbone_staff", method: "POST", path: "/meetings/{meeting}/attendance", body: `{"name":"Ivo","source":"self"}`}, status: 422},
		{name: "several", call: call{as: "backbone_staff", method: "POST", path: "/meetings/{meeting}/attendance/several", body: `{"items":[{"name":"Ivo"},{"name":"Jo","presence":"online"}]}`}, status: 200, has: []string{`"Ivo"`, `"online"`}},
		{name: "the list", call: call{as: "backbone_staff", method: "GET", path: "/meetings/{meeting}/attendance"}, status: 200, has: []string{`"total":3`, "Hana Holm"}},
		{name: "how many", call: call{as: "backbone_staff", method: "GET", path: "/meetings/{meeting}/attendance/quorum"}, status: 200, has: []string{`"here":2`, `"online":1`, `"guests":3`, `"met":true`}},
		{name: "not for members", call: call{as: "table_member", method: "GET", path: "/meetings/{meeting}/attendance"}, status: 403},
		{name: "nor for funders", call: call{as: "funder", method: "GET", path: "/meetings/{meeting}/attendance"}, status: 403},
		{name: "an edit", call: call{as: "backbone_staff", method: "PATCH", path: "/meetings/{meeting}/attendance/{entry}", body: `{"minutes":45,"turns":-1}`, headers: []string{`If-Match: "v1"`}}, status: 200, has: []string{`"minutes":45`}, hasNot: []string{`"turns"`}},
		{name: "a stale edit", call: call{as: "backbone_staff", method: "PATCH", path: "/meetings/{meeting}/attendance/{entry}", body: `{"minutes":1}`, headers: []string{`If-Match: "v1"`}}, status: 412},
		{name: "of the organization", call: call{as: "backbone_staff", method: "GET", path: "/organizations/{org}/attendance"}, status: 200, has: []string{`"meeting":"Kick-off"`, `"on":"2026-01-05"`}},
		{name: "a door", call: call{as: "backbone_staff", method: "PUT", path: "/meetings/{meeting}/door", body: `{"minutes_before":30}`}, status: 200, has: []string{`"minutes_before":30`, `"minutes_after":60`, "/here/"}},
		{name: "not for members either", call: call{as: "table_member", method: "GET", path: "/meetings/{meeting}/door"}, status: 403},
		{name: "closed", call: call{as: "backbone_staff", method: "DELETE", path: "/meetings/{meeting}/door"}, status: 200, hasNot: []string{`"code"`}},
		{name: "an unknown personal code", call: call{as: "backbone_staff", method: "POST", path: "/meetings/{meeting}/attendance/scan", body: `{"code":"2222222222"}`}, status: 422, has: []string{"attendance.code_unknown"}},
		{name: "was not there", call: call{as: "backbone_staff", method: "DELETE", path: "/meetings/{meeting}/attendance/{entry}?version=2"}, status: 200, has: []string{`"deleted_at"`}},
		{name: "was there after all", call: call{as: "backbone_staff", method: "POST", path: "/meetings/{meeting}/attendance/{entry}/restore", headers: []string{`If-Match: "v3"`}}, status: 200},
		{name: "another collaborative", call: call{as: "coast", method: "GET", path: "/api/v1/collaboratives/coast/meetings/{meeting}/attendance"}, status: 404},
	} {
		t.Run(s.name, func(t *testing.T) {
			c, fill := s.call, strings.NewReplacer("{org}", org.ID.String(), "{meeting}", meeting, "{entry}", entry)
			c.path, c.body = fill.Replace(c.path), fill.Replace(c.body)
			w := h.do(c)
			if w.Code != s.status {
				t.Fatalf("status %d, want %d\n%.1500s", w.Code, s.status, w.Body)
			}
			if c.method == http.MethodPost && w.Code < 300 && entry == "" {
				_, rest, _ := strings.Cut(w.Body.String(), `"id":"`)
				made, _, _ := strings.Cut(rest, `"`)
				if meeting == "" {
					meeting = made
				} else {
					entry = made
				}
			}
			for _, text := range s.has {
				if text = fill.Replace(text); !strings.Contains(w.Body.String(), text) {
					t.Errorf("no %q in\n%.1500s", text, w.Body)
				}
			}
			for _, text := range s.hasNot {
				if strings.Contains(w.Body.String(), text) {
					t.Errorf("%q in\n%.1500s", text, w.Body)
				}
			}
			checkAnswer(t, d, h, c, w.Code, w.Header(), w.Body.Bytes())
		})
	}
}
