package front

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

// house is a front with a few pages behind it, and what it logs.
func house(t *testing.T) (*Front, *bytes.Buffer) {
	t.Helper()
	pages := http.NewServeMux()
	pages.HandleFunc("GET /c/{collaborative}/people", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		body := strings.Repeat("<li>Ana Ruiz</li>", 400)
		w.Header().Set("Content-Length", fmt.Sprint(len(body)))
		_, _ = io.WriteString(w, body)
	})
	pages.HandleFunc("/short", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Length", "5")
		_, _ = io.WriteString(w, "short")
	})
	pages.HandleFunc("/image", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/png")
		_, _ = w.Write(make([]byte, 5000))
	})
	pages.HandleFunc("POST /secret", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, strings.Repeat("secret ", 1000))
	})
	pages.HandleFunc("/broken", func(http.ResponseWriter, *http.Request) { panic("the secret reason") })
	pages.HandleFunc("/half", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, strings.Repeat("half of it ", 1000))
		panic("later")
	})
	var log bytes.Buffer
	return &Front{Pages: pages, BaseURL: &url.URL{Scheme: "https", Host: "table.example.org"}, Ready: func(context.Context) error { return nil },
		Log: slog.New(slog.NewTextHandler(&log, nil)), Metrics: prometheus.NewRegistry()}, &log
}

func ask(h http.Handler, method, target, host string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, nil)
	r.Host = host
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestOnlyOurNamesAreAnswered(t *testing.T) {
	f, _ := house(t)
	h := f.Handler()
	for host, want := range map[string]int{
		"table.example.org": 200, "TABLE.example.org": 200, "table.example.org:443": 200, "localhost:8080": 200, "127.0.0.1": 200, "[::1]:8080": 200,
		"evil.example": 421, "table.example.org.evil.example": 421, "": 421, "10.0.0.1": 421, "table.example.org:8443": 421, "localhost.evil.example": 421, "127.0.0.1.evil.example": 421,
	} {
		if got := ask(h, "GET", "/short", host).Code; got != want {
			t.Errorf("Host %q: %d, want %d", host, got, want)
		}
		if got := ask(h, "GET", "/healthz", host).Code; got != 200 {
			t.Errorf("health for Host %q: %d", host, got)
		}
	}
	for _, method := range []string{"TRACE", "CONNECT"} {
		if got := ask(h, method, "/short", "localhost").Code; got != 405 {
			t.Errorf("%s: %d", method, got)
		}
	}
}

func TestCompression(t *testing.T) {
	f, _ := house(t)
	h := f.Handler()
	for _, c := range []struct {
		method, target, accept string
		want                   bool
	}{
		{"GET", "/c/x/people", "gzip, br", true}, {"GET", "/c/x/people", "", false}, {"GET", "/c/x/people", "gzip;q=0", false}, {"GET", "/c/x/people", "br, gzip; q=0.5", true},
		{"GET", "/short", "gzip", false}, {"GET", "/image", "gzip", false}, {"POST", "/secret", "gzip", false}, {"HEAD", "/c/x/people", "gzip", false},
	} {
		w := ask(h, c.method, c.target, "localhost", "Accept-Encoding", c.accept)
		if got := w.Header().Get("Content-Encoding") == "gzip"; got != c.want {
			t.Errorf("%s %s with %q: compressed %v", c.method, c.target, c.accept, got)
			continue
		}
		if c.want {
			unpacked, err := gzip.NewReader(w.Body)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(unpacked)
			if err != nil || !strings.Contains(string(body), "Ana Ruiz") || w.Header().Get("Content-Length") != "" || w.Header().Get("Vary") == "" {
				t.Errorf("%s: %v, headers %v", c.target, err, w.Header())
			}
		}
	}
	// The same page twice does not have the same length, so that a length says
	// little about a letter more or less.
	lengths := map[int]bool{}
	for range 40 {
		lengths[ask(h, "GET", "/c/x/people", "localhost", "Accept-Encoding", "gzip").Body.Len()] = true
	}
	if len(lengths) < 10 {
		t.Errorf("only %d lengths in 40 answers", len(lengths))
	}
}

func TestPanicsAreAnswered(t *testing.T) {
	f, log := house(t)
	h := f.Handler()
	w := ask(h, "GET", "/broken", "localhost")
	if id := w.Header().Get(RequestHeader); w.Code != 500 || strings.Contains(w.Body.String(), "secret") || id == "" || !strings.Contains(w.Body.String(), id) || !strings.Contains(log.String(), id) {
		t.Errorf("%d %s\n%s", w.Code, w.Body, log)
	}
	if !strings.Contains(log.String(), "the secret reason") {
		t.Error("the log does not tell why")
	}
	if w := ask(h, "GET", "/short", "localhost"); w.Code != 200 {
		t.Errorf("the next request: %d", w.Code)
	}
	// Half an answer is broken off, not made to look whole.
	server := httptest.NewServer(h)
	defer server.Close()
	response, err := http.Get(server.URL + "/half")
	if err == nil {
		_, err = io.ReadAll(response.Body)
		_ = response.Body.Close()
	}
	if err == nil {
		t.Error("half an answer arrived as if it were whole")
	}
}

// The log tells the route and neither what was searched nor whose link it was.
func TestLogHoldsNothingPersonal(t *testing.T) {
	f, log := house(t)
	ask(f.Handler(), "GET", "/c/tamarack/people?q=Ana+Ruiz", "localhost", "X-Request-Id", "forged\nlevel=ERROR", "User-Agent", "someone's browser", "X-Forwarded-For", "203.0.113.9")
	line := log.String()
	for _, secret := range []string{"Ana", "Ruiz", "tamarack", "forged", "browser", "203.0.113.9", "192.0.2.1"} {
		if strings.Contains(line, secret) {
			t.Errorf("the log says %q: %s", secret, line)
		}
	}
	if !strings.Contains(line, "route=/c/{collaborative}/people") || !strings.Contains(line, "status=200") || strings.Count(line, "\n") != 1 {
		t.Errorf("the log: %s", line)
	}
}

func TestReadiness(t *testing.T) {
	f, _ := house(t)
	fails := false
	f.Ready = func(context.Context) error {
		if fails {
			return errors.New("no database at 10.1.2.3")
		}
		return nil
	}
	h := f.Handler()
	if w := ask(h, "GET", "/readyz", "x"); w.Code != 200 {
		t.Errorf("%d", w.Code)
	}
	fails = true
	if w := ask(h, "GET", "/readyz", "x"); w.Code != 503 || strings.Contains(w.Body.String(), "10.1") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	fails = false
	f.Drain()
	if w := ask(h, "GET", "/readyz", "x"); w.Code != 503 {
		t.Errorf("while draining: %d", w.Code)
	}
}

func TestMetricsStandApart(t *testing.T) {
	f, _ := house(t)
	h := f.Handler()
	ask(h, "GET", "/c/tamarack/people?q=Ana", "localhost")
	if w := ask(h, "GET", "/metrics", "localhost"); w.Code == 200 {
		t.Error("/metrics is served to everyone")
	}
	w := ask(Metrics(f.Metrics), "GET", "/metrics", "localhost")
	if !strings.Contains(w.Body.String(), `commontable_request_seconds_count{method="GET",route="/c/{collaborative}/people",status="2xx"} 1`) || strings.Contains(w.Body.String(), "Ana") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func BenchmarkCompression(b *testing.B) {
	f, _ := house(&testing.T{})
	f.Log = slog.New(slog.DiscardHandler)
	h := f.Handler()
	for _, accept := range []string{"identity", "gzip"} {
		b.Run(accept, func(b *testing.B) {
			for b.Loop() {
				ask(h, "GET", "/c/x/people", "localhost", "Accept-Encoding", accept)
			}
		})
	}
}
