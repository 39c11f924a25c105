package web_test

import (
	"context"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"commontable/internal/app"
	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/access"
	"commontable/internal/platform/clock"
	"commontable/internal/platform/operation"
	"commontable/internal/testing/migrated"
	"commontable/internal/web"
)

// doorstep is a running installation for the tests of signing in, with a clock
// that moves only when told.
type doorstep struct {
	t     testing.TB
	app   *app.App
	clock *clock.Fake
	url   string
}

const goodPassword = "velvet anchor 47 thimble"

func openDoorstep(t testing.TB, change ...func(*app.Config)) *doorstep {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	_, port, _ := strings.Cut(server.Listener.Addr().String(), ":")
	base := &url.URL{Scheme: "http", Host: "localhost:" + port} // passkeys want a name
	d := &doorstep{t: t, clock: clock.Fixed(time.Now().UTC().Truncate(time.Second)), url: base.String()}
	config := app.Config{DataDir: migrated.Folder(t), BaseURL: base, Clock: d.clock, Log: slog.New(slog.DiscardHandler)}
	for _, c := range change {
		c(&config)
	}
	var err error
	if d.app, err = app.Open(context.Background(), config); err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = web.New(d.app).Handler()
	server.Start()
	t.Cleanup(func() {
		server.Close()
		if err := d.app.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func asSystem() context.Context {
	return operation.WithActor(context.Background(), operation.System())
}

func run[In, Out any](t testing.TB, ctx context.Context, a *app.App, op interface {
	Do(ctx context.Context, door *operation.Door, in In) (Out, error)
}, in In) Out {
	t.Helper()
	out, err := op.Do(ctx, a.Door, in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// account makes an account and gives it goodPassword.
func (d *doorstep) account(name, email string) access.Account {
	d.t.Helper()
	a := run(d.t, asSystem(), d.app, d.app.Access.CreateAccount, access.CreateAccountInput{Name: name, Email: email, Language: "en"})
	as := operation.WithActor(context.Background(), operation.Actor{Account: a.ID, Name: a.Name, Email: a.Email, Via: operation.ViaSession, Verified: d.clock.Now()})
	return run(d.t, as, d.app, d.app.Access.SetPassword, access.SetPasswordInput{Password: goodPassword})
}

// found makes a collaborative with the account as its director.
func (d *doorstep) found(a access.Account, name string) collaborative.Collaborative {
	d.t.Helper()
	as := operation.Actor{Account: a.ID, Name: a.Name, Email: a.Email, Roles: []operation.Role{operation.Administrator}, Via: operation.ViaSession}
	return run(d.t, operation.WithActor(context.Background(), as), d.app, collaborative.Create, collaborative.CreateInput{Name: name, Zone: "America/Chicago"})
}

// today is the day in the zone of the collaboratives it founds, where it is still the day
// before while the world's clock is past midnight.
func (d *doorstep) today() string {
	zone, err := time.LoadLocation("America/Chicago")
	if err != nil {
		d.t.Fatal(err)
	}
	return d.clock.Now().In(zone).Format(time.DateOnly)
}

// invite invites someone to a collaborative and gives the address of the link.
func (d *doorstep) invite(k collaborative.Collaborative, name, email string) string {
	d.t.Helper()
	place, err := d.app.Access.Collaborative(context.Background(), k.Slug)
	if err != nil {
		d.t.Fatal(err)
	}
	ctx := operation.WithCollaborative(asSystem(), place)
	p := run(d.t, ctx, d.app, directory.CreatePerson, directory.PersonInput{GivenName: name, Email: email})
	run(d.t, ctx, d.app, d.app.Access.Invite, access.InviteInput{Person: p.ID, Roles: []operation.Role{operation.TableMember}})
	return d.mailed(email, access.PathInvitation)
}

// mailed does the waiting work and gives the path of the newest link of that
// kind in a message to the address.
func (d *doorstep) mailed(to, kind string) string {
	d.t.Helper()
	d.work()
	kept, err := d.app.Post.Newest(context.Background())
	if err != nil {
		d.t.Fatal(err)
	}
	for _, m := range kept {
		for _, link := range m.Links {
			if path := strings.TrimPrefix(link, d.url); m.To == to && strings.HasPrefix(path, kind) {
				return path
			}
		}
	}
	d.t.Fatalf("no link %s… was sent to %s", kind, to)
	return ""
}

func (d *doorstep) work() {
	d.t.Helper()
	for {
		n, err := d.app.Worker.Work(context.Background())
		if err != nil {
			d.t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

// code is what a code app shows now.
func (d *doorstep) code(secret string) string {
	d.t.Helper()
	code, err := totp.GenerateCode(strings.ReplaceAll(secret, " ", ""), d.clock.Now())
	if err != nil {
		d.t.Fatal(err)
	}
	return code
}

// guest is a browser without a screen that follows no redirect by itself.
type guest struct {
	d      *doorstep
	client *http.Client
	from   string // the page it is on
}

// shown is an answer.
type shown struct {
	status int
	header http.Header
	to     string // where it redirects
	body   string
}

func (d *doorstep) guest() *guest {
	jar, err := cookiejar.New(nil)
	if err != nil {
		d.t.Fatal(err)
	}
	return &guest{d: d, client: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// entered is a guest who has signed in with goodPassword.
func (d *doorstep) entered(email string) *guest {
	d.t.Helper()
	g := d.guest()
	g.post("/sign-in/password", http.StatusSeeOther, "email", email, "password", goodPassword)
	return g
}

func (g *guest) send(r *http.Request) shown {
	g.d.t.Helper()
	if g.from != "" {
		r.Header.Set("Referer", g.d.url+g.from)
	}
	answer, err := g.client.Do(r)
	if err != nil {
		g.d.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		g.d.t.Fatal(err)
	}
	return shown{answer.StatusCode, answer.Header, answer.Header.Get("Location"), string(body)}
}

func (g *guest) request(method, path, kind, body string) *http.Request {
	g.d.t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, g.d.url+path, strings.NewReader(body))
	if err != nil {
		g.d.t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	return r
}

// get reads a page.
func (g *guest) get(path string, status int) shown {
	g.d.t.Helper()
	got := g.send(g.request(http.MethodGet, path, "", ""))
	if got.status != status {
		g.d.t.Fatalf("GET %s: %d %s, want %d\n%s", path, got.status, got.to, status, got.body)
	}
	g.from = path
	return got
}

// post sends a form.
func (g *guest) post(path string, status int, pairs ...string) shown {
	g.d.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	got := g.send(g.request(http.MethodPost, path, "application/x-www-form-urlencoded", form.Encode()))
	if got.status != status {
		g.d.t.Fatalf("POST %s: %d %s, want %d\n%s", path, got.status, got.to, status, got.body)
	}
	return got
}

// cookie is the value of a cookie the guest holds.
func (g *guest) cookie(name string) string {
	u, _ := url.Parse(g.d.url) // was parsed before
	for _, c := range g.client.Jar.Cookies(u) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// hidden is the value of a hidden field of a page.
func (s shown) hidden(name string) string {
	found := regexp.MustCompile(`<input type="hidden" name="` + regexp.QuoteMeta(name) + `" value="([^"]*)"`).FindStringSubmatch(s.body)
	if found == nil {
		return ""
	}
	return html.UnescapeString(found[1])
}

// says checks what a page says.
func (s shown) says(t testing.TB, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(html.UnescapeString(s.body), text) {
			t.Errorf("the page does not say %q:\n%s", text, s.body)
		}
	}
}

func (s shown) saysNot(t testing.TB, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(html.UnescapeString(s.body), text) {
			t.Errorf("the page says %q", text)
		}
	}
}
