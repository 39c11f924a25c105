package cli

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus/collectors"

	"commontable/internal/app"
	"commontable/internal/cli/front"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
	"commontable/internal/rest"
	"commontable/internal/web"
)

type serveCommand struct {
	installation
	Addr         string        `help:"Address to listen on." default:"127.0.0.1:8080"`
	TrustedProxy []string      `help:"Address or network of a proxy that may say who a request came from." placeholder:"CIDR"`
	Reach        []string      `help:"Address or network that is not public and from which calendars may be fetched all the same, such as a calendar server of your own." placeholder:"CIDR"`
	TLSCert      string        `help:"Certificate file (PEM) to serve https with; a renewed one is taken up by itself." name:"tls-cert" type:"path" placeholder:"FILE"`
	TLSKey       string        `help:"Key file (PEM) of the certificate." name:"tls-key" type:"path" placeholder:"FILE"`
	OIDCFile     string        `help:"File with OpenID Connect providers; see the administrator's guide." name:"oidc-file" type:"path" placeholder:"FILE"`
	FileMB       int64         `help:"How large a file of a meeting may be, in megabytes." name:"file-mb" default:"25" placeholder:"MB"`
	FilesMB      int64         `help:"How large all files of one collaborative may be together, in megabytes." name:"files-mb" default:"2048" placeholder:"MB"`
	MetricsAddr  string        `help:"Address to serve /metrics on, for monitoring; nowhere when absent." placeholder:"ADDR"`
	Drain        time.Duration `help:"How long /readyz says no before the server stops accepting, so that a load balancer notices." default:"0s"`
	LogFormat    string        `help:"text or json." enum:"text,json" default:"text"`
	LogLevel     string        `help:"debug, info, warn or error." enum:"debug,info,warn,error" default:"info"`
}

// loopback says whether a host can be reached from this machine only.
func loopback(name string) bool { return front.Loopback(name) }

// Run serves until a signal ends it.
func (c serveCommand) Run(ctx context.Context, t *terminal) error {
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return misused("--tls-cert and --tls-key are needed together")
	}
	cfg, err := c.config(c.Addr, c.TLSCert != "")
	if err != nil {
		return err
	}
	cfg.Log = logger(t, c.LogFormat, c.LogLevel)
	if c.FileMB < 1 || c.FileMB > 1024 || c.FilesMB < c.FileMB || c.FilesMB > 1<<30 {
		return misused("--file-mb must be from 1 to 1024, and --files-mb no less")
	}
	cfg.MostFile, cfg.MostRoom = c.FileMB<<20, c.FilesMB<<20
	if cfg.TrustedProxies, err = networks("--trusted-proxy", c.TrustedProxy); err != nil {
		return err
	}
	if cfg.Reach, err = networks("--reach", c.Reach); err != nil {
		return err
	}
	if cfg.Providers, err = providers(c.OIDCFile); err != nil {
		return err
	}
	a, err := app.Open(ctx, cfg)
	if err != nil {
		return err
	}
	c.warn(cfg)
	s := server{app: a, listener: front.Listener{Address: c.Addr, Cert: c.TLSCert, KeyFile: c.TLSKey, Log: cfg.Log}, metrics: c.MetricsAddr, drain: c.Drain,
		began: func(ctx context.Context, at net.Addr) error {
			cfg.Log.Info("listening", "address", at.String(), "base_url", cfg.BaseURL.String(), "database", a.Store.Engine(), "version", version().Version)
			return offerSetUp(ctx, a, t)
		}}
	return s.run(ctx)
}

// warn says what an operator should know and may have overlooked.
func (c serveCommand) warn(cfg app.Config) {
	if name, _, err := host(c.Addr); err == nil && !loopback(name) && cfg.BaseURL.Scheme != "https" {
		cfg.Log.Warn("the server can be reached from other machines without encryption: passwords and sessions can be read on the way. Put a proxy with TLS in front, or use --tls-cert and --tls-key, and give an https --base-url")
	}
	if name, _, err := host(c.MetricsAddr); c.MetricsAddr != "" && err == nil && !loopback(name) {
		cfg.Log.Warn("/metrics can be reached from other machines and asks nobody who they are; see that only monitoring can", "address", c.MetricsAddr)
	}
	if c.Database != "" && strings.Contains(c.Database, "@") && passwordInArguments(c.Database) {
		cfg.Log.Warn("the database password stands on the command line, where every user of this machine can read it; use COMMONTABLE_DATABASE or a password file (PGPASSFILE)")
	}
}

// offerSetUp prints the link that sets up an empty installation.
func offerSetUp(ctx context.Context, a *app.App, t *terminal) error {
	link, err := a.Access.SetUpLink(operation.WithActor(ctx, operation.System()), a.Door)
	if err != nil || link == "" {
		return err
	}
	t.say("This installation is empty. Whoever opens this link first becomes its administrator; it works once and for a day:\n\n    %s\n", link)
	return nil
}

// server runs an app with everything around it.
type server struct {
	app      *app.App
	listener front.Listener
	metrics  string
	drain    time.Duration
	extra    map[string]http.Handler
	began    func(ctx context.Context, at net.Addr) error
}

// run serves until ctx ends and closes the app.
func (s server) run(ctx context.Context) (err error) {
	a := s.app
	defer func() { err = errors.Join(err, a.Close()) }()
	f := &front.Front{Pages: web.New(a).Handler(), API: rest.New(a).Handler(), Extra: s.extra, BaseURL: a.Config.BaseURL, Log: a.Log, Metrics: a.Metrics,
		Ready: func(ctx context.Context) error { return answers(ctx, a.Store) }}
	a.Metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	handler := f.Handler()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if s.metrics != "" {
		watched := make(chan struct{})
		defer func() { cancel(nil); <-watched }()
		go func() {
			defer close(watched)
			l := front.Listener{Address: s.metrics, Log: a.Log}
			if err := front.Serve(ctx, l, front.Metrics(a.Metrics), func(at net.Addr) { a.Log.Info("serving /metrics", "address", at.String()) }, func() {}); err != nil {
				cancel(stopped{err})
			}
		}()
	}
	a.Start()
	err = front.Serve(ctx, s.listener, handler, func(at net.Addr) {
		// Whoever ends the program in its first moment still gets the links.
		if err := s.began(context.WithoutCancel(ctx), at); err != nil {
			cancel(stopped{err})
		}
	}, func() {
		f.Drain()
		a.Log.Info("shutting down")
		time.Sleep(s.drain)
	})
	// A signal is a cause too, and no failure.
	var why stopped
	if err == nil && errors.As(context.Cause(ctx), &why) {
		err = why.error
	}
	return err
}

// stopped is a failure beside the main listener that ends the server.
type stopped struct{ error }

// answers asks the database the smallest question.
func answers(ctx context.Context, s *store.Store) error {
	return s.ReadInstallation(ctx, func(tx *store.InstallationTx) error {
		_, err := store.Value[int64](tx, `SELECT 1`)
		return err
	})
}

func logger(t *terminal, format, level string) *slog.Logger {
	var at slog.Level
	_ = at.UnmarshalText([]byte(level)) // one of the four the flag takes
	options := &slog.HandlerOptions{Level: at}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(t.err, options))
	}
	return slog.New(slog.NewTextHandler(t.err, options))
}
