package outbound_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"commontable/internal/platform/outbound"
)

var here = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

// The addresses of this machine and its network are not public however they are written;
// addresses of the internet are.
func TestPublic(t *testing.T) {
	for text, want := range map[string]bool{
		"127.0.0.1": false, "0.0.0.0": false, "10.1.2.3": false, "172.31.0.1": false, "192.168.1.1": false, "169.254.169.254": false, "100.64.0.1": false, "100.127.255.255": false,
		"198.19.0.1": false, "224.0.0.1": false, "255.255.255.255": false, "::": false, "::1": false, "::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "::127.0.0.1": false, "fe80::1": false, "fe80::1%eth0": false,
		"fc00::1": false, "fd12:3456::1": false, "ff02::1": false, "64:ff9b::7f00:1": false, "64:ff9b::a9fe:a9fe": false, "64:ff9b:1::1": false, "2002:7f00:1::": false, "2001:0:7f00:1::": false, "2001:db8::1": false, "100::1": false,
		"8.8.8.8": true, "100.128.0.1": true, "172.32.0.1": true, "2606:4700::1111": true, "64:ff9b::808:808": true, "::ffff:8.8.8.8": true, "2a00:1450:4001::200e": true,
	} {
		if got := outbound.Public(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s: public %v, want %v", text, got, want)
		}
	}
}

func TestAddress(t *testing.T) {
	for text, want := range map[string]string{
		" https://calendar.example/a.ics?key=1#x ": "https://calendar.example/a.ics?key=1", "webcal://calendar.example/a.ics": "https://calendar.example/a.ics", "WEBCAL://calendar.example/": "https://calendar.example/",
		"http://calendar.example:8080/a": "http://calendar.example:8080/a",
		"file:///etc/passwd":             "", "gopher://calendar.example/": "", "https://user:secret@calendar.example/": "", "https://calendar.example@10.0.0.1/": "", "https:///a": "", "https://calendar.example:25/": "", "https://calendar.example:6379/": "",
		"calendar.example/a.ics": "", "https:calendar.example": "", "": "", "https://calendar.example/" + strings.Repeat("a", 2000): "", "https://calendar.example\n/": "",
	} {
		u, err := outbound.Address(text)
		switch {
		case want == "" && !errors.Is(err, outbound.BadAddress):
			t.Errorf("%q: %v, %v, and should be refused", text, u, err)
		case want != "" && (err != nil || u.String() != want):
			t.Errorf("%q: %v, %v; want %s", text, u, err, want)
		}
	}
}

// What lies on this machine is not fetched: by no spelling of its address, by no name that
// leads to it, and by no redirect.
func TestNothingOfThisMachineIsFetched(t *testing.T) {
	asked := 0
	inside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { asked++; fmt.Fprint(w, "secret") }))
	defer inside.Close()
	port := inside.URL[strings.LastIndexByte(inside.URL, ':'):]
	client := outbound.New(1<<20, nil)
	for _, host := range []string{"127.0.0.1", "localhost", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::]", "LOCALHOST.", "①②⑦.⓪.⓪.①"} {
		_, err := client.Get(context.Background(), "http://"+host+port+"/", outbound.Known{})
		if !errors.Is(err, outbound.NotAllowed) && !errors.Is(err, outbound.Unreachable) && !errors.Is(err, outbound.BadAddress) {
			t.Errorf("%s: %v", host, err)
		}
	}
	if asked > 0 {
		t.Fatalf("the machine was asked %d times", asked)
	}
	// A server that may be reached leads to one that may not: the second stands at another
	// address of this machine, which is not among the allowed.
	outside := httptest.NewServer(http.RedirectHandler("http://127.0.0.1"+port+"/", http.StatusFound))
	defer outside.Close()
	only := outbound.New(1<<20, []netip.Prefix{netip.MustParsePrefix("127.0.0.2/32")})
	if _, err := only.Get(context.Background(), outside.URL, outbound.Known{}); !errors.Is(err, outbound.NotAllowed) {
		t.Errorf("an address that is not allowed: %v", err)
	}
	second := httptest.NewUnstartedServer(http.RedirectHandler("http://127.0.0.1"+port+"/", http.StatusFound))
	second.Listener.Close()
	second.Listener = listen(t, "127.0.0.2:0")
	second.Start()
	defer second.Close()
	if _, err := only.Get(context.Background(), second.URL, outbound.Known{}); !errors.Is(err, outbound.NotAllowed) || asked > 0 {
		t.Errorf("a redirect into the machine: %v, asked %d times", err, asked)
	}
}

// A fetch ends: by size, also of what is small until it is unpacked, and by the number of
// redirects; and it says in one word what it met.
func TestFetch(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(bytes.Repeat([]byte("a"), 5000))
	_ = z.Close()
	mux := http.NewServeMux()
	mux.HandleFunc("/there", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"1"`)
		if r.Header.Get("If-None-Match") == `"1"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		if r.Header.Get("Referer") != "" || r.Header.Get("Authorization") != "" {
			t.Error("a header tells where the request came from")
		}
		fmt.Fprint(w, "content")
	})
	mux.Handle("/moved", http.RedirectHandler("/there", http.StatusMovedPermanently))
	mux.Handle("/round", http.RedirectHandler("/round", http.StatusFound))
	mux.Handle("/smuggled", http.RedirectHandler("http://user:word@127.0.0.1/", http.StatusFound))
	mux.Handle("/mail", http.RedirectHandler("http://127.0.0.1:25/", http.StatusFound))
	mux.HandleFunc("/large", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 2000)) })
	mux.HandleFunc("/packed", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(packed.Bytes())
	})
	mux.HandleFunc("/closed", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	mux.HandleFunc("/broken", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
	mux.HandleFunc("/part", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		fmt.Fprint(w, "half")
	})
	mux.HandleFunc("/slow", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	s := httptest.NewServer(mux)
	defer s.Close()
	client := outbound.New(1000, here)
	for path, want := range map[string]error{"/there": nil, "/moved": nil, "/round": outbound.Refused, "/smuggled": outbound.BadAddress, "/mail": outbound.BadAddress, "/large": outbound.TooLarge, "/packed": outbound.TooLarge, "/closed": outbound.NeedsSignIn,
		"/broken": outbound.Refused, "/part": outbound.Unreachable, "/none": outbound.NotThere} {
		got, err := client.Get(context.Background(), s.URL+path, outbound.Known{})
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", path, err, want)
		}
		if want == nil && (string(got.Content) != "content" || got.ETag != `"1"`) {
			t.Errorf("%s: %+v", path, got)
		}
	}
	if again, err := client.Get(context.Background(), s.URL+"/there", outbound.Known{ETag: `"1"`}); err != nil || !again.Unchanged {
		t.Errorf("what is known already: %+v, %v", again, err)
	}
	short, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, err := client.Get(short, s.URL+"/slow", outbound.Known{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a server that never answers: %v", err)
	}
}
func listen(t *testing.T, at string) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", at)
	if err != nil {
		t.Fatal(err)
	}
	return l
}
