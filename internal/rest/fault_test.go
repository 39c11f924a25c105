package rest

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"commontable/internal/platform/access"
	"commontable/internal/platform/operation"
)

// troubled finds nobody: the database is away, or there is a mistake of ours.
type troubled struct{ panics bool }

func (c troubled) AuthenticateToken(context.Context, string, string) (operation.Actor, operation.Collaborative, access.Found, error) {
	if c.panics {
		panic("a mistake with canary-secret in it")
	}
	return operation.Actor{}, operation.Collaborative{}, access.Found{}, errors.New("canary-secret: no such host")
}

func (c troubled) Collaborative(context.Context, string) (operation.Collaborative, error) {
	return operation.Collaborative{}, errors.New("canary-secret: no such host")
}

func TestTroubleIsToldWithoutDetails(t *testing.T) {
	h := newHouse(t)
	for _, c := range []struct {
		callers troubled
		status  int
	}{{troubled{}, http.StatusServiceUnavailable}, {troubled{panics: true}, http.StatusInternalServerError}} {
		handler := newServer(h.app, c.callers, h.app.Access.Limiter).Handler()
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, h.request(call{as: "funder", method: "GET", path: "/people"}))
		if w.Code != c.status || strings.Contains(w.Body.String(), "canary") || !strings.Contains(w.Body.String(), `"request":"`) || w.Header().Get("Content-Security-Policy") == "" {
			t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
		}
		if c.status == http.StatusServiceUnavailable && w.Header().Get("Retry-After") != "5" {
			t.Errorf("Retry-After is %q", w.Header().Get("Retry-After"))
		}
	}
}

func TestTokensThatAreNoGoodAreLimited(t *testing.T) {
	h := newHouse(t)
	bad := call{method: "GET", path: "/people", headers: []string{"Authorization: Bearer ct_" + strings.Repeat("A", 43)}}
	var last *httptest.ResponseRecorder
	tries := 0
	for last = h.do(bad); last.Code == http.StatusUnauthorized && tries < 500; last = h.do(bad) {
		tries++
	}
	if last.Code != http.StatusTooManyRequests || last.Header().Get("Retry-After") == "" || int64(tries) != limitBadTokens.Burst {
		t.Errorf("after %d tries: %d %s", tries, last.Code, last.Body)
	}
	if w := h.do(call{as: "funder", method: "GET", path: "/people"}); w.Code != http.StatusOK {
		t.Errorf("a good token from the same network: %d", w.Code)
	}
	h.clock.Advance(time.Hour)
	if w := h.do(bad); w.Code != http.StatusUnauthorized {
		t.Errorf("an hour later: %d", w.Code)
	}
}

func TestNetworksAreWhatLimitsCount(t *testing.T) {
	for address, want := range map[string]string{"192.0.2.7": "192.0.2.7", "::ffff:192.0.2.7": "192.0.2.7", "2001:db8:1:2:3::4": "2001:db8:1:2::/64"} {
		if got := networkOf(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s counts as %s, want %s", address, got, want)
		}
	}
}

// Two edits of one version: one of them wins, and the other is shown what won.
func TestConcurrentEditsLoseNothing(t *testing.T) {
	h := newHouse(t)
	org := h.organization("Harbor School", "")
	var group sync.WaitGroup
	results := make([]int, 8)
	for i := range results {
		group.Go(func() {
			w := h.do(call{as: "backbone_staff", method: "PATCH", path: "/organizations/" + org.ID.String(), body: `{"place":"Pier ` + sprint(i) + `"}`, headers: []string{`If-Match: "v1"`}})
			results[i] = w.Code
		})
	}
	group.Wait()
	won := 0
	for _, status := range results {
		switch status {
		case http.StatusOK:
			won++
		case http.StatusPreconditionFailed:
		default:
			t.Errorf("status %d", status)
		}
	}
	if won != 1 {
		t.Errorf("%d edits of one version went through", won)
	}
}

// The same key from many at once makes one record.
func TestConcurrentRepetitionsRunOnce(t *testing.T) {
	h := newHouse(t)
	var group sync.WaitGroup
	places := make([]string, 8)
	for i := range places {
		group.Go(func() {
			w := h.do(call{as: "backbone_staff", method: "POST", path: "/organizations", body: `{"name":"Once"}`, headers: []string{"Idempotency-Key: one"}})
			places[i] = w.Header().Get("Location")
		})
	}
	group.Wait()
	for _, place := range places {
		if place == "" || place != places[0] {
			t.Fatalf("places: %q", places)
		}
	}
	made := h.must(call{as: "backbone_staff", method: "GET", path: places[0]})
	if made["name"] != "Once" {
		t.Errorf("%v", made)
	}
}

// The pages of a list, followed by their links, are the whole list in order.
func TestLinksLeadThroughAList(t *testing.T) {
	h := newHouse(t)
	var names []string
	for next := "/people?limit=4"; next != ""; {
		w := h.do(call{as: "funder", method: "GET", path: next})
		for _, item := range object(t, w)["items"].([]any) {
			names = append(names, item.(map[string]any)["given_name"].(string))
		}
		next = ""
		for _, line := range w.Header().Values("Link") {
			if address, ok := strings.CutSuffix(line, `>; rel="next"`); ok {
				next = strings.TrimPrefix(address, "<")
			}
		}
	}
	if len(names) != len(operation.MembershipRoles) {
		t.Errorf("%d names: %q", len(names), names)
	}
}
