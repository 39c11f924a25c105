package journey_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

const restPlace = "Tamarack City, Millrace and Cedar Row"

// answer is what REST answered.
type answer struct {
	status int
	tag    string // ETag
	raw    string
	body   map[string]any
}

// ask sends a request; the path is that of the collaborative's part of the API
// unless it begins with /api. Headers are "Name: value"; any other text is the
// body.
func (v *visit) ask(token, method, path string, more ...string) answer {
	v.t.Helper()
	if !strings.HasPrefix(path, "/api/") {
		path = "/api/v1/collaboratives/tamarack-valley" + path
	}
	var body io.Reader = http.NoBody
	headers := http.Header{"Authorization": {"Bearer " + token}}
	for _, text := range more {
		if name, value, ok := strings.Cut(text, ": "); ok && !strings.HasPrefix(text, "{") {
			headers.Set(name, value)
		} else {
			body = bytes.NewReader([]byte(text))
			headers.Set("Content-Type", "application/json")
		}
	}
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.house.base+path, body)
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header = headers
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	out := answer{status: response.StatusCode, tag: response.Header.Get("ETag"), raw: string(raw)}
	if len(raw) > 0 && raw[0] == '{' {
		if err := json.Unmarshal(raw, &out.body); err != nil {
			v.t.Fatalf("%s %s: %v", method, path, err)
		}
	}
	return out
}

// must asks and fails the test unless the answer is one of success that says the
// texts.
func (v *visit) must(token, method, path string, texts []string, more ...string) answer {
	v.t.Helper()
	got := v.ask(token, method, path, more...)
	if got.status >= 300 {
		v.t.Fatalf("%s %s: %d %s", method, path, got.status, got.raw)
	}
	for _, text := range texts {
		if !strings.Contains(got.raw, text) {
			v.t.Errorf("%s %s does not say %q: %s", method, path, text, got.raw)
		}
	}
	return got
}

// id is the organization's id in its short form.
func (v *visit) id() string {
	_, id, _ := strings.Cut(v.organization, "/organizations/")
	return id
}

func (v *visit) restEdit() {
	v.must(v.token, "GET", "/search?q=libr", []string{"Tamarack Public Library"})
	there := "/organizations/" + v.id()
	got := v.must(v.token, "GET", there, []string{directorsText, newPhone})
	changed := v.must(v.token, "PATCH", there, []string{restPlace, directorsText}, "If-Match: "+got.tag, `{"place":"`+restPlace+`"}`)
	if changed.tag == "" || changed.tag == got.tag {
		v.t.Errorf("an edit leaves the tag %q as %q", got.tag, changed.tag)
	}
	stale := v.ask(v.token, "PATCH", there, "If-Match: "+got.tag, `{"place":"Nowhere"}`)
	if stale.status != http.StatusPreconditionFailed {
		v.t.Errorf("a stale edit gets %d %s", stale.status, stale.raw)
	}
	v.must(v.token, "GET", there, []string{restPlace})
	v.must(v.token, "GET", "/history/organization/"+v.id(), []string{restPlace, staffsText, directorsText, `"via":"token"`, `"via":"session"`})
}

func (v *visit) restDeleteAndRestore() {
	there := "/organizations/" + v.id()
	got := v.must(v.token, "GET", there, nil)
	gone := v.must(v.token, "DELETE", there, []string{`"deleted_at"`}, "If-Match: "+got.tag)
	if list := v.must(v.token, "GET", "/organizations?q=library", nil); strings.Contains(list.raw, "Tamarack Public Library") {
		v.t.Error("what is in the trash is still in the list")
	}
	back := v.must(v.token, "POST", there+"/restore", []string{restPlace}, "If-Match: "+gone.tag)
	if back.body["deleted_at"] != nil {
		v.t.Errorf("restored, and still deleted: %s", back.raw)
	}
}

func (v *visit) restLabel() {
	got := v.must(v.token, "GET", "", []string{firstLabel})
	v.must(v.token, "PATCH", "", []string{secondLabel}, "If-Match: "+got.tag, `{"labels":{"leadership_table":"`+secondLabel+`"}}`)
	v.labelIsEverywhere(secondLabel)
}

func (v *visit) restInvite() {
	person := v.must(v.token, "POST", "/people", nil, `{"given_name":"Jordan","family_name":"Ames","email":"jordan.ames@tamarack.example"}`)
	id, _ := person.body["id"].(string)
	v.must(v.token, "POST", "/invitations", []string{"jordan.ames@tamarack.example"}, `{"person":"`+id+`","roles":["table_member"],"language":"es"}`)
	v.must(v.token, "GET", "/invitations", []string{"jordan.ames@tamarack.example"})
	if got := v.letter("jordan.ames@tamarack.example"); !strings.Contains(got.Subject, "Ruth Adeyemi le invita") {
		v.t.Errorf("the invitation in Spanish has the subject %q", got.Subject)
	}
}

func (v *visit) restRevoke() {
	other := v.another(v.house.link("ruth.adeyemi@tamarack.example"))
	list := v.must(v.token, "GET", "/api/v1/account/sessions", []string{`"device"`})
	var sessions struct{ Items []struct{ ID, Begun string } }
	if err := json.Unmarshal([]byte(list.raw), &sessions); err != nil || len(sessions.Items) != 2 {
		v.t.Fatalf("sessions: %v: %s", err, list.raw)
	}
	newest := sessions.Items[0]
	if other := sessions.Items[1]; other.Begun > newest.Begun {
		newest = other
	}
	v.must(v.token, "DELETE", "/api/v1/account/sessions/"+newest.ID, nil)
	v.goToSettings(other)
	other.WaitURL("/sign-in")
	v.director.Visit(v.place("")) // the other session goes on
	v.reads(v.director, "Lately")
}

func (v *visit) restAudit() {
	v.must(v.token, "GET", "/history?limit=50", []string{"organizations.edit", "organizations.trash", "organizations.restore", "collaboratives.edit", "members.invite", "invitations.accept", firstLabel, secondLabel, restPlace})
	v.must(v.token, "GET", "/api/v1/account/history", []string{"account.revoke-session", "account.create-token", "sign-in.by-link"})
	v.must(v.administering, "GET", "/api/v1/history", []string{"mail-settings.edit", "mail-settings.test", "sign-in.by-passkey"})
	if got := v.ask(v.token, "GET", "/api/v1/history"); got.status != http.StatusForbidden {
		v.t.Errorf("the director reads the installation's log: %d", got.status)
	}
}
