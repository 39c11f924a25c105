// Package outbound fetches what lies at an address that somebody typed, such as a calendar
// that is read again and again. Whoever types an address must not reach, through this
// program, what only the machine it runs on can reach: the address that a name was
// resolved to is looked at when the connection is made, for every hop of a redirect anew,
// so that neither spellings of numbers nor names whose answer changes get around it.
package outbound

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Fault is why an address was not fetched, one of a closed list. What the other side
// answered is never part of it.
type Fault string

// The faults.
const (
	BadAddress  Fault = "bad_address" // no address of the web, or one with a name and password in it
	NotAllowed  Fault = "not_allowed" // it leads to this machine or into its network
	Unreachable Fault = "unreachable" // nobody answers, or not in time
	NeedsSignIn Fault = "needs_sign_in"
	NotThere    Fault = "not_there" // it says that there is nothing (any more)
	Refused     Fault = "refused"   // any other answer that is not the content
	TooLarge    Fault = "too_large"
)

// Faults lists them, for words.
var Faults = []Fault{BadAddress, NotAllowed, Unreachable, NeedsSignIn, NotThere, Refused, TooLarge}

// Error implements error.
func (f Fault) Error() string { return "outbound: " + string(f) }

// The limits of one fetch.
const (
	connectTimeout = 10 * time.Second
	totalTimeout   = time.Minute
	mostHops       = 5
	mostHeader     = 64 << 10
	mostAddress    = 2000
)

// Client fetches.
type Client struct {
	http *http.Client
	most int64
}

// New makes a client that takes in at most so many bytes. Allowed are networks that are not
// public and may be reached all the same, as the operator decides.
func New(most int64, allowed []netip.Prefix) *Client {
	dialer := net.Dialer{Timeout: connectTimeout, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || !Public(at.Addr()) && !within(allowed, at.Addr().Unmap()) {
			return NotAllowed
		}
		return nil
	}}
	return &Client{most: most, http: &http.Client{
		Timeout: totalTimeout,
		// A proxy of the environment would resolve the name itself, out of our sight.
		Transport: &http.Transport{Proxy: nil, DialContext: dialer.DialContext, TLSHandshakeTimeout: connectTimeout, ResponseHeaderTimeout: 30 * time.Second,
			MaxResponseHeaderBytes: mostHeader, DisableKeepAlives: true, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}},
		CheckRedirect: func(next *http.Request, before []*http.Request) error {
			if len(before) >= mostHops || before[len(before)-1].URL.Scheme == "https" && next.URL.Scheme != "https" {
				return Refused
			}
			next.Header.Del("Referer") // the address holds a secret
			_, err := Address(next.URL.String())
			return err
		},
	}}
}

// Address reads an address somebody typed. It takes webcal, which calendar programs write
// for https; the error is BadAddress.
func Address(text string) (*url.URL, error) {
	text = strings.TrimSpace(text)
	for _, scheme := range []string{"webcal://", "webcals://"} {
		if len(text) > len(scheme) && strings.EqualFold(text[:len(scheme)], scheme) {
			text = "https://" + text[len(scheme):]
		}
	}
	u, err := url.Parse(text)
	if err != nil || len(text) > mostAddress || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || u.Opaque != "" || !usual(u.Port()) {
		return nil, BadAddress
	}
	u.Fragment = ""
	return u, nil
}

// usual says whether the web is spoken at a port: not at those of mail, databases and the
// like, which take a request for commands of their own.
func usual(port string) bool {
	if port == "" {
		return true
	}
	n, err := strconv.ParseUint(port, 10, 16)
	return err == nil && (n == 80 || n == 443 || n >= 1024 && n != 3306 && n != 5432 && n != 6379 && n != 11211)
}

// Known is what a fetch before gave, to be told that nothing changed since.
type Known struct{ ETag, Modified string }

// Answer is what lies at an address.
type Answer struct {
	Unchanged bool // since what was known; there is no content then
	Content   []byte
	Known
}

// Get fetches what lies at an address. The error is a Fault, or the context's.
func (c *Client) Get(ctx context.Context, address string, known Known) (Answer, error) {
	u, err := Address(address)
	if err != nil {
		return Answer{}, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), http.NoBody)
	if err != nil {
		return Answer{}, BadAddress
	}
	request.Header.Set("User-Agent", "Commontable")
	if known.ETag != "" {
		request.Header.Set("If-None-Match", known.ETag)
	}
	if known.Modified != "" {
		request.Header.Set("If-Modified-Since", known.Modified)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return Answer{}, faultOf(ctx, err)
	}
	defer response.Body.Close()
	if fault := faultOfStatus(response.StatusCode); fault != "" {
		return Answer{}, fault
	}
	if response.StatusCode == http.StatusNotModified {
		return Answer{Unchanged: true, Known: known}, nil
	}
	// Measured after decompression: a small file can be a large one.
	content, err := io.ReadAll(io.LimitReader(response.Body, c.most+1))
	switch {
	case err != nil:
		return Answer{}, faultOf(ctx, err)
	case int64(len(content)) > c.most:
		return Answer{}, TooLarge
	}
	return Answer{Content: content, Known: Known{ETag: short(response.Header.Get("ETag")), Modified: short(response.Header.Get("Last-Modified"))}}, nil
}

// short leaves out a header that nobody writes in earnest.
func short(header string) string {
	if len(header) > 500 {
		return ""
	}
	return header
}

func faultOfStatus(status int) Fault {
	switch status {
	case http.StatusOK, http.StatusNotModified:
		return ""
	case http.StatusUnauthorized, http.StatusForbidden:
		return NeedsSignIn
	case http.StatusNotFound, http.StatusGone:
		return NotThere
	}
	return Refused
}

// faultOf tells what happened on the way without telling more.
func faultOf(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if fault, ok := errors.AsType[Fault](err); ok {
		return fault
	}
	return Unreachable
}
