package web_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"commontable/internal/app"
	"commontable/internal/backbone/collaborative"
	"commontable/internal/platform/access"
	"commontable/internal/platform/clock"
	"commontable/internal/platform/operation"
	"commontable/internal/testing/migrated"
	"commontable/internal/web"
)

// settled is a running installation with a collaborative whose settings are
// tried.
type settled struct {
	app   *app.App
	pages *httptest.Server
	log   *settledLog
}

type settledLog struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *settledLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *settledLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// openSettled starts an installation. Its worker runs only when a test says so.
func openSettled(t *testing.T) *settled {
	t.Helper()
	h := &settled{log: &settledLog{}}
	listener := httptest.NewUnstartedServer(nil)
	base := &url.URL{Scheme: "http", Host: listener.Listener.Addr().String()}
	var err error
	h.app, err = app.Open(t.Context(), app.Config{DataDir: migrated.Folder(t), BaseURL: base, Clock: clock.System, Log: slog.New(slog.NewTextHandler(h.log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/", web.New(h.app).Handler())
	// The sign-in pages have tests of their own; here one gets in directly.
	mux.HandleFunc("GET /test-in/{secret}", func(w http.ResponseWriter, r *http.Request) {
		in, err := h.app.Access.RedeemLink(r.Context(), h.app.Door, r.PathValue("secret"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		h.app.Access.SetSecret(w, in.Secret)
	})
	listener.Config.Handler = mux
	listener.Start()
	h.pages = listener
	t.Cleanup(func() {
		listener.Close()
		if err := h.app.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

func system(ctx context.Context) context.Context { return operation.WithActor(ctx, operation.System()) }

// account makes an account and gives the address that signs it in.
func (h *settled) account(t *testing.T, name, email, language string) (access.Account, string) {
	t.Helper()
	ctx := system(t.Context())
	a, err := h.app.Access.CreateAccount.Do(ctx, h.app.Door, access.CreateAccountInput{Name: name, Email: email, Language: language})
	if err != nil {
		t.Fatal(err)
	}
	link, err := h.app.Access.IssueLink.Do(ctx, h.app.Door, access.IssueLinkInput{Email: email, Minutes: 60})
	if err != nil {
		t.Fatal(err)
	}
	_, secret, _ := strings.Cut(link.Link, access.PathSignInLink)
	return a, h.pages.URL + "/test-in/" + secret
}

// administrator is account for someone who administers the installation.
func (h *settled) administrator(t *testing.T, language string) (access.Account, string) {
	t.Helper()
	a, in := h.account(t, "Ana Ruiz", "ana@example.org", language)
	if _, err := h.app.Access.SetAdministrator.Do(system(t.Context()), h.app.Door, access.SetAdministratorInput{ID: a.ID, Administrator: true}); err != nil {
		t.Fatal(err)
	}
	return a, in
}

// found makes a collaborative with the account as its director.
func (h *settled) found(t *testing.T, a access.Account, name string) collaborative.Collaborative {
	t.Helper()
	ctx := operation.WithActor(t.Context(), operation.Actor{Account: a.ID, Name: a.Name, Email: a.Email, Roles: []operation.Role{operation.Administrator}, Via: operation.ViaSession})
	k, err := collaborative.Create.Do(ctx, h.app.Door, collaborative.CreateInput{Name: name, Place: "Maple County", Zone: "America/New_York"})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// visitor is a browser without a screen.
type visitor struct {
	t    *testing.T
	h    *settled
	http *http.Client
}

// enter signs a visitor in; in is "" for the public.
func (h *settled) enter(t *testing.T, in string) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{t: t, h: h, http: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	if in != "" {
		if status, body := v.do(http.MethodGet, strings.TrimPrefix(in, h.pages.URL), nil); status != http.StatusOK {
			t.Fatalf("signing in: %d %s", status, body)
		}
	}
	return v
}

func (v *visitor) do(method, path string, form url.Values) (int, string) {
	v.t.Helper()
	request, err := http.NewRequestWithContext(v.t.Context(), method, v.h.pages.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	answer, err := v.http.Do(request)
	if err != nil {
		v.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	if to := answer.Header.Get("Location"); to != "" {
		return answer.StatusCode, to
	}
	return answer.StatusCode, string(body)
}

// see reads a page and checks its status.
func (v *visitor) see(path string, status int) string {
	v.t.Helper()
	got, body := v.do(http.MethodGet, path, nil)
	if got != status {
		v.t.Fatalf("GET %s: %d, want %d\n%s", path, got, status, body)
	}
	return body
}

// send posts a form and checks the status; after a redirect the answer is where
// it leads.
func (v *visitor) send(path string, status int, pairs ...string) string {
	v.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	got, body := v.do(http.MethodPost, path, form)
	if got != status {
		v.t.Fatalf("POST %s %v: %d, want %d\n%s", path, pairs, got, status, body)
	}
	return body
}

// says checks what a page says.
func says(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			t.Errorf("the page does not say %q\n%s", text, page)
		}
	}
}

func saysNot(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(page, text) {
			t.Errorf("the page says %q", text)
		}
	}
}

// bareKey finds a message's key where its words should stand.
var bareKey = regexp.MustCompile(`>\s*(settings|labels|roles|phases|principles|members|invitations|jobs|installation|languages|done|nav|people|organizations)\.[a-z_.-]+\s*<`)

// person is who an account is in a collaborative.
func (h *settled) person(t *testing.T, k collaborative.Collaborative, a access.Account) operation.PersonID {
	t.Helper()
	ctx := operation.WithCollaborative(system(t.Context()), operation.Collaborative{ID: k.ID, Slug: k.Slug, Name: k.Name, Language: k.Language})
	page, err := h.app.Access.ListMembers.Do(ctx, h.app.Door, access.ListMembersInput{})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range page.Items {
		if m.Account == a.ID {
			return m.Person
		}
	}
	t.Fatalf("%s is no member", a.Email)
	return operation.PersonID{}
}

// signInAgain is another address that signs an account in.
func (h *settled) signInAgain(t *testing.T, email string) string {
	t.Helper()
	link, err := h.app.Access.IssueLink.Do(system(t.Context()), h.app.Door, access.IssueLinkInput{Email: email, Minutes: 60})
	if err != nil {
		t.Fatal(err)
	}
	_, secret, _ := strings.Cut(link.Link, access.PathSignInLink)
	return h.pages.URL + "/test-in/" + secret
}
