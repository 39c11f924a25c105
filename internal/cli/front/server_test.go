package front

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Requests that two servers could read differently are refused and the
// connection is closed.
func TestAmbiguousRequests(t *testing.T) {
	f, _ := house(t)
	ctx, cancel := context.WithCancel(context.Background())
	at := make(chan net.Addr, 1)
	done := make(chan error, 1)
	go func() {
		done <- Serve(ctx, Listener{Address: "127.0.0.1:0", Log: f.Log}, f.Handler(), func(a net.Addr) { at <- a }, f.Drain)
	}()
	address := (<-at).String()
	const head = "POST /short HTTP/1.1\r\nHost: localhost\r\n"
	for name, raw := range map[string]string{
		"two lengths":         head + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
		"length and chunks":   head + "Content-Length: 3\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
		"unknown encoding":    head + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
		"folded header":       head + " folded: yes\r\n\r\n",
		"space before colon":  head + "Content-Length : 3\r\n\r\nabc",
		"two hosts":           "GET /short HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
		"no host":             "GET /short HTTP/1.1\r\n\r\n",
		"bad chunk":           head + "Transfer-Encoding: chunked\r\n\r\nZZ\r\nabc\r\n0\r\n\r\n",
		"huge header":         head + "X: " + strings.Repeat("a", 64<<10) + "\r\n\r\n",
		"control in a header": head + "X: a\x00b\r\n\r\n",
	} {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
		_, _ = io.WriteString(conn, raw)
		reader := bufio.NewReader(conn)
		response, err := http.ReadResponse(reader, nil)
		switch {
		case err != nil: // closed without a word
		case response.StatusCode < 400 && name != "bad chunk": // that one is found when the body is read
			t.Errorf("%s: %s", name, response.Status)
		}
		_ = conn.Close()
	}
	// With both a length and chunks, what follows is nobody's request.
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	_, _ = io.WriteString(conn, head+"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /c/smuggled/people HTTP/1.1\r\nHost: localhost\r\n\r\n")
	all, _ := io.ReadAll(conn)
	if n := strings.Count(string(all), "HTTP/1.1 "); n != 1 || strings.Contains(string(all), "Ana") {
		t.Errorf("%d answers to one ambiguous request", n)
	}
	_ = conn.Close()
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// Requests under way are finished before the server ends.
func TestShutdownFinishes(t *testing.T) {
	f, _ := house(t)
	begun, release := make(chan struct{}), make(chan struct{})
	f.Extra = map[string]http.Handler{"GET /slow": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(begun)
		<-release
		_, _ = io.WriteString(w, "done")
	})}
	ctx, cancel := context.WithCancel(context.Background())
	at := make(chan net.Addr, 1)
	ended := make(chan error, 1)
	go func() {
		ended <- Serve(ctx, Listener{Address: "127.0.0.1:0", Log: f.Log}, f.Handler(), func(a net.Addr) { at <- a }, f.Drain)
	}()
	address := (<-at).String()
	answer := make(chan string, 1)
	go func() {
		response, err := http.Get("http://" + address + "/slow")
		if err != nil {
			answer <- err.Error()
			return
		}
		defer response.Body.Close()
		body, _ := io.ReadAll(response.Body)
		answer <- string(body)
	}()
	<-begun
	cancel()
	time.Sleep(50 * time.Millisecond)
	if _, err := net.DialTimeout("tcp", address, time.Second); err == nil {
		t.Error("new connections are accepted while shutting down")
	}
	close(release)
	if got := <-answer; got != "done" {
		t.Errorf("the request under way got %q", got)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
