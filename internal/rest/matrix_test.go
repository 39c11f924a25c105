package rest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

// Every route, as every role, in one's own collaborative, in another's and in
// one that does not exist, from the routes the mux holds. Who may not do a
// thing is told so whatever they send, and strangers are told nothing.
func TestEveryRouteAsEveryRole(t *testing.T) {
	h := newHouse(t)
	callers := append([]operation.Role{}, operation.Roles[:12]...)
	for _, rt := range h.server.routes {
		path := placeholder.ReplaceAllString(strings.Replace(rt.path, "{collaborative}", slug, 1), missing)
		t.Run(rt.def.ID, func(t *testing.T) {
			if w := h.do(call{method: rt.def.Method, path: path}); w.Code != http.StatusUnauthorized && !rt.public {
				t.Errorf("the public: %d %s", w.Code, w.Body)
			}
			for _, role := range callers {
				actor := operation.Actor{Account: operation.NewAccountID(), Roles: []operation.Role{role}}
				if !rt.inSlug && role != operation.Administrator {
					actor.Roles = nil // roles are held in a collaborative only
				}
				w := h.do(call{as: string(role), method: rt.def.Method, path: path})
				if rt.inSlug && role == operation.Administrator {
					if w.Code != http.StatusNotFound {
						t.Errorf("%s: %d %s", role, w.Code, w.Body)
					}
					continue
				}
				if allowed := h.app.Door.Permissions.Allows(rt.def.ID, actor); !allowed && w.Code != http.StatusForbidden || w.Code >= 500 || w.Code == http.StatusUnauthorized {
					t.Errorf("%s, allowed %v: %d %s", role, allowed, w.Code, w.Body)
				}
			}
			if !rt.inSlug {
				return
			}
			elsewhere := strings.Replace(path, "/"+slug, "/coast", 1)
			nowhere := strings.Replace(path, "/"+slug, "/nowhere", 1)
			for _, role := range callers {
				first, second := h.do(call{as: string(role), method: rt.def.Method, path: elsewhere}), h.do(call{as: string(role), method: rt.def.Method, path: nowhere})
				if first.Code != http.StatusNotFound || anonymous(first) != anonymous(second) {
					t.Errorf("%s elsewhere: %s\nnowhere: %s", role, anonymous(first), anonymous(second))
				}
			}
			if !rt.def.ReadOnly {
				w := h.do(call{as: "reader", method: rt.def.Method, path: path})
				if w.Code != http.StatusForbidden {
					t.Errorf("a token that may only read: %d %s", w.Code, w.Body)
				}
			}
		})
	}
}

var requestID = regexp.MustCompile(`"request":"[A-Z0-9]+"`)

// anonymous is an answer without the id that is its own.
func anonymous(w *httptest.ResponseRecorder) string {
	return fmt.Sprint(w.Code, w.Header(), requestID.ReplaceAllString(w.Body.String(), ""))
}

// wellFormed are bodies of operations that refuse an empty one before they look
// for the record.
var wellFormed = map[string]string{
	"organizations.correct-history": `{"fact":"status","periods":[{"value":"member","valid_from":"2020-01-01"}]}`,
	"organizations.merge":           `{"merge_id":"01900000-0000-7000-8000-000000000001","merge_version":1}`,
}

// A record of another collaborative is not found under one's own, whatever the
// method, and is untouched afterwards.
func TestRecordsOfOthersAreNotFound(t *testing.T) {
	h := newHouse(t)
	org := h.organization("Harbor School", "")
	for _, rt := range h.server.routes {
		if !strings.HasPrefix(rt.def.ID, "organizations.") || len(rt.placeholders) == 0 {
			continue
		}
		path := strings.NewReplacer("{collaborative}", "coast", "{id}", org.ID.String()).Replace(rt.path)
		c := call{as: "coast", method: rt.def.Method, path: path, headers: []string{`If-Match: "v1"`}, body: wellFormed[rt.def.ID]}
		theirs := h.do(c)
		c.path = strings.Replace(path, org.ID.String(), missing, 1)
		nobodys := h.do(c)
		if theirs.Code != http.StatusNotFound || anonymous(theirs) != anonymous(nobodys) {
			t.Errorf("%s: %s\n%s", rt.def.ID, anonymous(theirs), anonymous(nobodys))
		}
	}
	bulk := h.do(call{as: "coast", method: "POST", path: "/api/v1/collaboratives/coast/organizations/bulk", body: `{"items":[{"id":"` + org.ID.String() + `","version":1}],"status":"left"}`})
	if bulk.Code != http.StatusNotFound {
		t.Errorf("several: %d %s", bulk.Code, bulk.Body)
	}
	if now := h.must(call{as: "backbone_staff", method: "GET", path: "/organizations/" + org.ID.String()}); now["version"] != 1.0 || now["status"] != "member" {
		t.Errorf("changed from elsewhere: %v", now)
	}
}

// Each role sees of people and organizations only the fields it may see, in
// lists, records, search, exports and after an edit of its own.
func TestEachRoleSeesItsFieldsOnly(t *testing.T) {
	h := newHouse(t)
	org := h.organization("Harbor School", "note on Harbor School")
	for _, role := range operation.MembershipRoles {
		as := string(role)
		actor := operation.Actor{Roles: []operation.Role{role}}
		contacts, notes := h.app.Door.Permissions.AllowsAll(directory.SeeContacts, actor), h.app.Door.Permissions.AllowsAll(directory.SeeNotes, actor)
		person := "funder"
		if role == operation.Funder {
			person = "evaluator"
		}
		for _, c := range []call{
			{as: as, method: "GET", path: "/people?limit=200"},
			{as: as, method: "GET", path: "/people/" + h.people[person].String()},
			{as: as, method: "GET", path: "/search?q=" + person},
			{as: as, method: "GET", path: "/search?q=private-" + person},
			{as: as, method: "GET", path: "/organizations"},
			{as: as, method: "GET", path: "/organizations/" + org.ID.String()},
			{as: as, method: "GET", path: "/history"},
			{as: as, method: "GET", path: "/history/organization/" + org.ID.String()},
			{as: as, method: "POST", path: "/people/export", body: "{}"},
			{as: as, method: "POST", path: "/organizations/export", body: "{}"},
		} {
			w := h.do(c)
			text := w.Body.String()
			if !contacts && (strings.Contains(text, "private-"+person) || strings.Contains(text, "555-"+person)) {
				t.Errorf("%s sees contact details by %s %s: %s", role, c.method, c.path, text)
			}
			if !notes && strings.Contains(text, "note on ") {
				t.Errorf("%s sees notes by %s %s: %s", role, c.method, c.path, text)
			}
			if c.path == "/people?limit=200" && w.Code == 200 && contacts != strings.Contains(text, "private-"+person) {
				t.Errorf("%s: contact details %v: %s", role, contacts, text)
			}
		}
	}
}

func TestSecondFactorIsAskedFor(t *testing.T) {
	h := newHouse(t)
	h.write(func(tx *store.InstallationTx) error {
		if _, err := tx.Exec(`UPDATE tokens SET second_factor = FALSE`); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE collaboratives SET require_second_factor = TRUE, version = version + 1 WHERE slug = $1`, slug)
		return err
	})
	w := h.do(call{as: "backbone_director", method: "GET", path: "/people"})
	if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "problems/second-factor-needed") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := h.do(call{as: "coast", method: "GET", path: "/people"}); w.Code != http.StatusNotFound {
		t.Errorf("a stranger learns that the collaborative exists: %d", w.Code)
	}
}

// A withdrawn role is withdrawn at the next request.
func TestRevocationHoldsAtOnce(t *testing.T) {
	h := newHouse(t)
	list := call{as: "table_member", method: "GET", path: "/people"}
	h.must(list)
	h.write(func(tx *store.InstallationTx) error {
		_, err := tx.Exec(`UPDATE memberships SET ended_at = 1 WHERE person_id = $1`, h.people["table_member"])
		return err
	})
	if w := h.do(list); w.Code != http.StatusNotFound {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
