package front

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// The limits on a connection. Reading is bounded so that nobody holds a
// connection by sending slowly; writing leaves time for a large export on a
// slow line.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 60 * time.Second
	writeTimeout  = 5 * time.Minute
	idleTimeout   = 2 * time.Minute
	maxHeader     = 32 << 10
	// finishWithin is how long requests under way may take once the program
	// was asked to end.
	finishWithin = 15 * time.Second
)

// Listener is where a server listens and how.
type Listener struct {
	Address       string
	Cert, KeyFile string // PEM files for TLS; both or neither
	Log           *slog.Logger
}

// Serve answers on a listener until the context ends, then stops accepting,
// waits for requests under way, and returns. listening is told the address once
// it is open.
func Serve(ctx context.Context, l Listener, h http.Handler, listening func(net.Addr), drain func()) error {
	socket, err := net.Listen("tcp", l.Address)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(l.Log.Handler(), slog.LevelDebug)}
	if l.Cert != "" {
		certificates := &certificates{cert: l.Cert, key: l.KeyFile, log: l.Log}
		if _, err := certificates.get(nil); err != nil {
			return errors.Join(fmt.Errorf("the TLS certificate cannot be used: %w", err), socket.Close())
		}
		server.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: certificates.get}
	}
	ended := make(chan error, 1)
	go func() {
		if l.Cert != "" {
			ended <- server.ServeTLS(socket, "", "")
		} else {
			ended <- server.Serve(socket)
		}
	}()
	listening(socket.Addr())
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	drain()
	finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishWithin)
	defer cancel()
	if err := server.Shutdown(finish); err != nil {
		l.Log.Warn("requests were still running and are broken off", "waited", finishWithin)
		return server.Close()
	}
	return nil
}

// certificates reads the certificate again when its file changes, so that a
// renewed one is used without a restart.
type certificates struct {
	cert, key string
	log       *slog.Logger

	mu      sync.Mutex
	looked  time.Time
	changed time.Time
	current *tls.Certificate
}

const lookAgain = time.Minute

func (c *certificates) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current != nil && time.Since(c.looked) < lookAgain {
		return c.current, nil
	}
	c.looked = time.Now()
	info, err := os.Stat(c.cert)
	if err == nil && c.current != nil && info.ModTime().Equal(c.changed) {
		return c.current, nil
	}
	fresh, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		if c.current != nil {
			c.log.Error("the renewed TLS certificate cannot be used; the old one stays", "error", err)
			return c.current, nil
		}
		return nil, err
	}
	c.current = &fresh
	if info != nil {
		c.changed = info.ModTime()
	}
	return c.current, nil
}

// Metrics serves what was measured, in the format of Prometheus. It belongs on a
// listener of its own: figures about use are nobody else's business.
func Metrics(registry *prometheus.Registry) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	return mux
}
