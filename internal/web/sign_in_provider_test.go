package web_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"commontable/internal/app"
	"commontable/internal/platform/access"
)

// providerFor is an OpenID Connect provider at which somebody with that address
// is always signed in.
func providerFor(t testing.TB, email string) *httptest.Server {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: key, KeyID: "one"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var server *httptest.Server
	var nonce string
	answer := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(v)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{"issuer": server.URL, "authorization_endpoint": server.URL + "/authorize", "token_endpoint": server.URL + "/token", "jwks_uri": server.URL + "/keys"})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &key.PublicKey, KeyID: "one", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("GET /authorize", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		nonce = q.Get("nonce")
		http.Redirect(w, r, q.Get("redirect_uri")+"?"+url.Values{"code": {"once"}, "state": {q.Get("state")}}.Encode(), http.StatusFound)
	})
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, _ *http.Request) {
		now := time.Now()
		claims, err := json.Marshal(map[string]any{"iss": server.URL, "aud": "us", "sub": "7", "email": email, "email_verified": true, "nonce": nonce, "iat": now.Unix(), "exp": now.Add(time.Minute).Unix()})
		if err != nil {
			t.Error(err)
		}
		signed, err := signer.Sign(claims)
		if err != nil {
			t.Error(err)
			return
		}
		compact, err := signed.CompactSerialize()
		if err != nil {
			t.Error(err)
		}
		answer(w, map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": compact})
	})
	server = httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

// Through a provider and back: no form leads off the site, the state counts, and
// nothing of the exchange stands in an address afterwards.
func TestSignInThroughAProvider(t *testing.T) {
	there := providerFor(t, "ana@example.org")
	d := openDoorstep(t, func(c *app.Config) {
		c.Providers = []access.Provider{{ID: "valley-id", Name: "Valley ID", Issuer: there.URL, ClientID: "us", ClientSecret: "hush", TrustEmail: true}}
	})
	d.account("Ana Ruiz", "ana@example.org")
	g := d.guest()
	g.get("/sign-in", http.StatusOK).says(t, "Go on with Valley ID")
	begin := func(g *guest) string {
		t.Helper()
		page := g.post("/sign-in/provider/valley-id", http.StatusOK, "next", "/account/tokens")
		_, address, ok := strings.Cut(page.header.Get("Refresh"), "url=")
		if !ok || !strings.HasPrefix(address, there.URL) {
			t.Fatalf("the page goes on to %q", page.header.Get("Refresh"))
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		back := g.send(r)
		return strings.TrimPrefix(back.to, d.url)
	}
	back := begin(g)
	d.guest().get(back, http.StatusConflict).says(t, "begun in another window") // somebody else's browser
	g.get(strings.Replace(back, "state=", "state=x", 1), http.StatusConflict)
	back = begin(g)
	if got := g.get(back, http.StatusSeeOther); got.to != "/account/tokens" || got.header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("on to %s", got.to)
	}
	g.get("/account/tokens", http.StatusOK)
	d.guest().get("/sign-in/provider/none?state=a&code=b", http.StatusNotFound)

	// Signed in another way, one joins it; for that the proof must be fresh.
	other := d.entered("ana@example.org")
	other.get("/account/security", http.StatusOK).says(t, "Join Valley ID")
	d.clock.Advance(time.Hour)
	other.post("/sign-in/provider/valley-id", http.StatusForbidden).says(t, "Is it you?")
	other.post("/sign-in/password", http.StatusSeeOther, "email", "ana@example.org", "password", goodPassword)
	other.get(begin(other), http.StatusConflict).says(t, "already joined")

	// What was joined is listed and can be removed, after a proof of identity.
	page := other.get("/account/security", http.StatusOK)
	page.says(t, "Joined on", "ana@example.org")
	remove := regexp.MustCompile(`/account/providers/[0-9a-v]{26}/remove`).FindString(page.body)
	if remove == "" {
		t.Fatal("there is nothing to remove a joined provider with")
	}
	d.clock.Advance(time.Hour)
	other.post(remove, http.StatusForbidden).says(t, "Is it you?")
	other.post("/sign-in/password", http.StatusSeeOther, "email", "ana@example.org", "password", goodPassword)
	if got := other.post(remove, http.StatusSeeOther); !strings.HasPrefix(got.to, "/account/security?done=account.remove-provider") {
		t.Errorf("on to %s", got.to)
	}
	other.get("/account/security", http.StatusOK).saysNot(t, "Joined on")
	other.post(remove, http.StatusNotFound)
}
