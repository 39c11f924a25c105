package rest

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"commontable/internal/app"
	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/access"
	"commontable/internal/platform/clock"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
	"commontable/internal/testing/migrated"
)

var begun = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// house is an installation with two collaboratives, "valley" and "coast", and a
// token for everyone who matters.
type house struct {
	t       testing.TB
	app     *app.App
	server  *Server
	handler http.Handler
	clock   *clock.Fake
	// tokens are by role in valley; "coast" is a director there and nobody in
	// valley, "reader" a director's token that may only read.
	tokens map[string]string
	people map[string]operation.PersonID
	system operation.Collaborative
}

const slug = "valley"

func newHouse(t testing.TB) *house {
	t.Helper()
	h := &house{t: t, clock: clock.Fixed(begun), tokens: map[string]string{}, people: map[string]operation.PersonID{}}
	address, _ := url.Parse("https://table.example.org")
	var err error
	h.app, err = app.Open(t.Context(), app.Config{DataDir: migrated.Folder(t), BaseURL: address, Clock: h.clock, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.app.Close() })
	h.server = New(h.app)
	h.handler = h.server.Handler()
	valley, coast := h.makeCollaborative("Valley"), h.makeCollaborative("Coast")
	h.system = valley
	for _, role := range operation.MembershipRoles {
		h.addMember(valley, string(role), role)
	}
	h.addMember(coast, "coast", operation.Director)
	h.tokens["reader"] = h.issueToken("backbone_director", true)
	h.write(func(tx *store.InstallationTx) error {
		_, err := access.CreateAccount(tx, begun, access.NewAccount{Name: "Ada", Email: "administrator@example.org", Language: "en", Administrator: true})
		return err
	})
	h.tokens["installation_administrator"] = h.issueToken("administrator", false)
	return h
}

func (h *house) write(work func(tx *store.InstallationTx) error) {
	h.t.Helper()
	if err := h.app.Store.WriteInstallation(h.t.Context(), work); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) makeCollaborative(name string) operation.Collaborative {
	h.t.Helper()
	ctx := operation.WithActor(h.t.Context(), operation.System())
	made, err := collaborative.Create.Do(ctx, h.app.Door, collaborative.CreateInput{Name: name})
	if err != nil {
		h.t.Fatal(err)
	}
	return operation.Collaborative{ID: made.ID, Slug: made.Slug, Name: name, Zone: time.UTC}
}

// addMember makes an account <name>@example.org, its person and its token.
func (h *house) addMember(c operation.Collaborative, name string, roles ...operation.Role) {
	h.t.Helper()
	ctx := operation.WithCollaborative(operation.WithActor(h.t.Context(), operation.System()), c)
	person, err := directory.CreatePerson.Do(ctx, h.app.Door, directory.PersonInput{GivenName: name, Email: "private-" + name + "@example.org", Phone: "555-" + name, Notes: "note on " + name})
	if err != nil {
		h.t.Fatal(err)
	}
	h.people[name] = person.ID
	h.write(func(tx *store.InstallationTx) error {
		account, err := access.CreateAccount(tx, begun, access.NewAccount{Name: name, Email: name + "@example.org", Language: "en"})
		if err != nil {
			return err
		}
		return access.Grant(tx, begun, access.Membership{Account: account.ID, Collaborative: c.ID, Person: person.ID, Roles: roles})
	})
	h.tokens[name] = h.issueToken(name, false)
}

func (h *house) issueToken(name string, readOnly bool) string {
	h.t.Helper()
	ctx := operation.WithActor(h.t.Context(), operation.System())
	made, err := h.app.Access.IssueToken.Do(ctx, h.app.Door, access.IssueTokenInput{Email: name + "@example.org", CreateTokenInput: access.CreateTokenInput{Name: "test", ReadOnly: readOnly}})
	if err != nil {
		h.t.Fatal(err)
	}
	return made.Secret
}

// organization adds one as the system.
func (h *house) organization(name, notes string) directory.Organization {
	h.t.Helper()
	ctx := operation.WithCollaborative(operation.WithActor(h.t.Context(), operation.System()), h.system)
	o, err := directory.CreateOrganization.Do(ctx, h.app.Door, directory.OrganizationInput{Name: name, Notes: notes})
	if err != nil {
		h.t.Fatal(err)
	}
	return o
}

// call is a request: "GET /organizations" is below valley, and a path that
// begins with /api stands as it is.
type call struct {
	as      string // whose token; "" for none
	method  string
	path    string
	body    string
	headers []string // "Name: value"
}

func (h *house) request(c call) *http.Request {
	path := c.path
	if !strings.HasPrefix(path, "/api") {
		path = "/api/v1/collaboratives/" + slug + path
	}
	var body io.Reader
	if c.body != "" {
		body = strings.NewReader(c.body)
	}
	r := httptest.NewRequest(c.method, path, body)
	if c.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.as != "" {
		r.Header.Set("Authorization", "Bearer "+h.tokens[c.as])
	}
	for _, line := range c.headers {
		name, value, _ := strings.Cut(line, ": ")
		if value == "" {
			r.Header.Del(name)
			continue
		}
		r.Header.Add(name, value)
	}
	return r
}

func (h *house) do(c call) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, h.request(c))
	return w
}

// must runs a call that has to succeed and reads its answer.
func (h *house) must(c call) map[string]any {
	h.t.Helper()
	w := h.do(c)
	if w.Code >= 300 {
		h.t.Fatalf("%s %s as %s: %d\n%s", c.method, c.path, c.as, w.Code, w.Body)
	}
	return object(h.t, w)
}

func object(t testing.TB, w *httptest.ResponseRecorder) map[string]any {
	t.Helper()
	var out map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil && w.Body.Len() > 0 {
		t.Fatalf("the answer is no JSON object: %v\n%s", err, w.Body)
	}
	return out
}

func sprint(v any) string { return fmt.Sprint(v) }
