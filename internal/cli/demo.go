package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"commontable/internal/app"
	"commontable/internal/backbone/collaborative"
	"commontable/internal/cli/front"
	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/sample"
)

type demoCommand struct {
	Addr string `help:"Address to listen on; of this machine only." default:"127.0.0.1:8080"`
	Data string `help:"Folder to keep the demonstration in; a temporary one, removed at the end, when absent." type:"path" placeholder:"DIR"`
	Seed uint64 `help:"Another number tells another story." default:"1"`
	Size string `help:"small, medium or large: 30, 120 or 1,000 organizations with 150, 900 or 100,000 people." enum:"small,medium,large" default:"medium"`
	// The log is for those who look under the hood.
	LogLevel string `help:"debug, info, warn or error." enum:"debug,info,warn,error" default:"error"`
}

// demoMark is the file by which a folder is known to hold a demonstration.
const demoMark = "demonstration"

// linkMinutes is how long the printed links serve: a week, the longest there is.
const linkMinutes = 7 * 24 * 60

// Run builds the sample, prints the ways in and serves.
func (c demoCommand) Run(ctx context.Context, t *terminal) (err error) {
	name, _, err := host(c.Addr)
	if err != nil || !loopback(name) {
		return misused("demo serves this machine only, since anyone who reaches it can sign in as anyone: use an --addr like 127.0.0.1:8080")
	}
	base, err := localURL(c.Addr, false)
	if err != nil {
		return err
	}
	folder, remove, err := c.folder()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	cfg, err := installation{Data: folder, BaseURL: base}.config("", false)
	if err != nil {
		return err
	}
	cfg.Key, cfg.Demo, cfg.Log = "", true, logger(t, "text", c.LogLevel)
	a, err := app.Open(ctx, cfg)
	if err != nil {
		return err
	}
	told, err := c.build(ctx, t, a)
	if err != nil {
		return errors.Join(err, a.Close())
	}
	d := &demonstration{app: a, cast: told.Cast}
	s := server{app: a, listener: front.Listener{Address: c.Addr, Log: cfg.Log},
		extra: map[string]http.Handler{"GET /demo": http.HandlerFunc(d.page), "POST /demo": http.HandlerFunc(d.enter)},
		began: func(ctx context.Context, _ net.Addr) error { return d.introduce(ctx, t) }}
	return s.run(ctx)
}

// folder makes or recognizes the demonstration's folder. A folder that holds a
// real installation is refused: the sample must not get into it, nor its
// accounts onto a page where anyone can be anyone.
func (c demoCommand) folder() (path string, remove func() error, err error) {
	keep := func() error { return nil }
	if c.Data == "" {
		path, err = os.MkdirTemp("", "commontable-demo-")
		return path, func() error { return os.RemoveAll(path) }, err
	}
	mark := filepath.Join(c.Data, demoMark)
	if _, err := os.Stat(mark); err == nil {
		return c.Data, keep, nil
	}
	if entries, err := os.ReadDir(c.Data); err == nil && len(entries) > 0 {
		return "", keep, fmt.Errorf("%s holds something else than a demonstration; choose an empty folder", c.Data)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", keep, err
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return "", keep, err
	}
	return c.Data, keep, os.WriteFile(mark, []byte("This folder holds a demonstration of Commontable. Everything in it is invented.\n"), 0o600)
}

func (c demoCommand) build(ctx context.Context, t *terminal, a *app.App) (sample.Result, error) {
	began, last := time.Now(), time.Now()
	return sample.Build(ctx, a, sample.Options{Seed: c.Seed, Size: sample.Size(c.Size), Progress: func(done float64) {
		if time.Since(began) > time.Second && time.Since(last) > 2*time.Second {
			last = time.Now()
			t.hint("telling the sample's twelve years … %.0f %%", done*100)
		}
	}})
}

// demonstration is the page on which anyone can be anyone. It exists only in
// this command, which serves this machine only.
type demonstration struct {
	app  *app.App
	cast []sample.Player
}

// introduce prints the ways in.
func (d *demonstration) introduce(ctx context.Context, t *terminal) error {
	ctx = i18n.With(ctx, "en")
	t.say("A sample collaborative is ready. Everything in it is invented.\n\nChoose who you are:  %s\n\nor open one of these links, each of which signs in once:\n", d.app.Config.BaseURL.JoinPath("demo"))
	for _, p := range d.cast {
		link, err := d.link(ctx, p)
		if err != nil {
			return err
		}
		t.say("  %-28s %-20s %s", collaborative.RoleLabel(ctx, p.Role), p.Name, link.Link)
	}
	t.say("\nCtrl-C ends the demonstration.")
	return nil
}

// link signs one of the cast in and leads to the table, or the administrator to
// the installation.
func (d *demonstration) link(ctx context.Context, p sample.Player) (access.IssuedLink, error) {
	next := "/c/" + sample.Slug + "/"
	if p.Role == operation.Administrator {
		next = ""
	}
	return d.app.Access.IssueLink.Do(operation.WithActor(ctx, operation.System()), d.app.Door, access.IssueLinkInput{Email: p.Email, Minutes: linkMinutes, Next: next})
}

// enter makes a fresh link for one of the cast and leads there.
func (d *demonstration) enter(w http.ResponseWriter, r *http.Request) {
	if err := http.NewCrossOriginProtection().Check(r); err != nil {
		http.Error(w, "Another site sent this.", http.StatusForbidden)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 1<<10)
	email := r.PostFormValue("email")
	for _, p := range d.cast {
		if p.Email != email {
			continue
		}
		link, err := d.link(r.Context(), p)
		if err != nil {
			d.app.Log.ErrorContext(r.Context(), "no link for the demonstration", "error", err)
			http.Error(w, "The sample does not answer; see the log.", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		http.Redirect(w, r, link.Link, http.StatusSeeOther)
		return
	}
	http.Error(w, "Nobody in the sample has this address.", http.StatusNotFound)
}
