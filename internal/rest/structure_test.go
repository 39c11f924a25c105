package rest

import (
	"fmt"
	"net/http"
	"testing"
)

// The structure of a table over REST: a body, a seat, who holds it, the seats as
// of a day, who performs the backbone, the role map, and taking a change back.
func TestStructureOverREST(t *testing.T) {
	h := newHouse(t)
	staff := func(method, path, body string, headers ...string) map[string]any {
		t.Helper()
		return h.must(call{as: "backbone_staff", method: method, path: path, body: body, headers: headers})
	}
	org := h.organization("Harbor School", "")
	body := staff("POST", "/bodies", `{"name":"Harbor table","kind":"leadership_table","since":"2015-01-01","quorum":60,"quorum_unit":"percent"}`)
	seat := staff("POST", "/seats", fmt.Sprintf(`{"body_id":%q,"role":"chair","voting":true,"purpose":"Schools","term_months":24,"valid_from":"2016-01-01"}`, body["id"]))
	if seat["state"] != "vacant" {
		t.Errorf("a new seat is %v", seat["state"])
	}
	person := staff("POST", "/people", `{"given_name":"Ana","family_name":"Ruiz"}`)
	at := "/seats/" + seat["id"].(string)
	held := staff("POST", at+"/fill", fmt.Sprintf(`{"person_id":%q,"organization_id":%q,"valid_from":"2017-05-01"}`, person["id"], org.ID), `If-Match: "v1"`)
	if term := held["term"].(map[string]any); term["person"] != "Ana Ruiz" || term["organization"] != "Harbor School" || term["term_ends"] != "2019-05-01" {
		t.Errorf("filled: %v", term)
	}
	if w := h.do(call{as: "backbone_staff", method: "POST", path: at + "/fill", body: fmt.Sprintf(`{"person_id":%q,"valid_from":"2017-01-01"}`, person["id"]), headers: []string{`If-Match: "v1"`}}); w.Code != http.StatusPreconditionFailed {
		t.Errorf("a stale fill: %d %s", w.Code, w.Body)
	}
	for day, want := range map[string]string{"2015-06-01": "", "2016-06-01": "vacant", "2018-01-01": "Ana Ruiz"} {
		page := h.must(call{as: "table_member", method: "GET", path: "/seats?as_of=" + day})
		got := ""
		for _, item := range page["items"].([]any) {
			x := item.(map[string]any)
			if got = x["state"].(string); x["term"] != nil {
				got = x["term"].(map[string]any)["person"].(string)
			}
		}
		if got != want {
			t.Errorf("on %s: %q, want %q", day, got, want)
		}
	}
	staff("POST", "/functions/holdings", fmt.Sprintf(`{"function":"guide_vision","organization_id":%q,"share":80,"valid_from":"2016-01-01"}`, org.ID))
	m := h.must(call{as: "funder", method: "GET", path: "/role-map?as_of=2018-01-01"})
	if entities := m["entities"].([]any); len(entities) != 1 || len(entities[0].(map[string]any)["hats"].([]any)) != 3 {
		t.Errorf("the role map: %v", m["entities"])
	}
	history := staff("GET", "/history?kind=seat&id="+seat["id"].(string), "")
	staff("POST", "/history/"+history["items"].([]any)[0].(map[string]any)["id"].(string)+"/undo", "")
	if now := staff("GET", at, ""); now["state"] != "vacant" || now["version"] != 3.0 {
		t.Errorf("taken back: %v", now)
	}
	if w := h.do(call{as: "table_member", method: "POST", path: "/bodies", body: `{"name":"x"}`}); w.Code != http.StatusForbidden {
		t.Errorf("a member adds a body: %d", w.Code)
	}
}
