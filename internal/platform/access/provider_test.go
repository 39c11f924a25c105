package access

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/golang-jwt/jwt/v5"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// issuer is an OpenID Connect provider for tests. It gives whoever asks the
// claims it was told to.
type issuer struct {
	t      testing.TB
	server *httptest.Server
	key    *rsa.PrivateKey

	claims    jwt.MapClaims
	challenge string // of the code last asked for
	nonce     string
}

func newIssuer(t testing.TB) *issuer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	i := &issuer{t: t, key: key}
	mux := http.NewServeMux()
	answer := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(v)
	}
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{"issuer": i.server.URL, "authorization_endpoint": i.server.URL + "/authorize", "token_endpoint": i.server.URL + "/token",
			"jwks_uri": i.server.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &key.PublicKey, KeyID: "k", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
		if r.PostFormValue("code") != "code" || base64.RawURLEncoding.EncodeToString(sum[:]) != i.challenge {
			http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
			return
		}
		now := time.Now()
		claims := jwt.MapClaims{"iss": i.server.URL, "aud": "client", "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(), "nonce": i.nonce}
		for k, v := range i.claims {
			claims[k] = v
		}
		token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
		token.Header["kid"] = "k"
		signed, err := token.SignedString(i.key)
		if err != nil {
			t.Error(err)
		}
		answer(w, map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": signed})
	})
	i.server = httptest.NewServer(mux)
	t.Cleanup(i.server.Close)
	return i
}

func (i *issuer) provider(trust, second bool) Provider {
	return Provider{ID: "example", Name: "Example", Issuer: i.server.URL, ClientID: "client", ClientSecret: "hush", TrustEmail: trust, SecondFactor: second}
}

// visit is what the browser does: it goes to the provider and comes back.
func (i *issuer) visit(h *house, ctx context.Context) (SignedIn, error) {
	i.t.Helper()
	address, ceremony, err := h.s.BeginProvider(ctx, "example", "/north")
	if err != nil {
		i.t.Fatal(err)
	}
	state := i.follow(address)
	return h.s.FinishProvider(ctx, h.door, "example", ceremony, state, "code")
}

func (i *issuer) follow(address string) (state string) {
	i.t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		i.t.Fatal(err)
	}
	q := u.Query()
	if q.Get("redirect_uri") != "https://table.example.org/sign-in/provider/example" || q.Get("code_challenge_method") != "S256" || q.Get("response_type") != "code" {
		i.t.Errorf("asked for %v", q)
	}
	i.challenge, i.nonce = q.Get("code_challenge"), q.Get("nonce")
	return q.Get("state")
}

func TestProvider(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		i := newIssuer(t)
		h.s, h.door = h.open(Config{Providers: []Provider{i.provider(true, false)}})
		a := h.account("ana@example.org")

		i.claims = jwt.MapClaims{"sub": "1", "email": "ana@example.org", "email_verified": false}
		_, err := i.visit(h, from("192.0.2.1"))
		wants(t, err, "access.provider_unknown") // an address nobody verified joins nothing
		i.claims = jwt.MapClaims{"sub": "2", "email": "nobody@example.org", "email_verified": true}
		_, err = i.visit(h, from("192.0.2.1"))
		wants(t, err, "access.provider_unknown")

		i.claims = jwt.MapClaims{"sub": "3", "email": "ANA@example.org", "email_verified": true}
		out := must[SignedIn](t)(i.visit(h, from("192.0.2.1")))
		if out.Account.ID != a.ID || out.Next != "/north" || !h.alive(out.Secret) {
			t.Errorf("%+v", out)
		}
		// From then on the subject counts, whatever the address says.
		i.claims = jwt.MapClaims{"sub": "3", "email": "changed@example.org"}
		if out := must[SignedIn](t)(i.visit(h, from("192.0.2.1"))); out.Account.ID != a.ID {
			t.Errorf("%+v", out)
		}
	})
}

func TestProviderThatIsNotTrustedJoinsOnlyWhoIsSignedIn(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		i := newIssuer(t)
		h.s, h.door = h.open(Config{Providers: []Provider{i.provider(false, false)}})
		a := h.account("ana@example.org")
		h.account("eve@example.org")
		i.claims = jwt.MapClaims{"sub": "7", "email": "ana@example.org", "email_verified": true}
		_, err := i.visit(h, from("192.0.2.1"))
		wants(t, err, "access.provider_unknown")

		secret := h.signIn("ana@example.org").Secret
		if out := must[SignedIn](t)(i.visit(h, h.as(secret, ""))); out.Secret != "" || !h.alive(secret) {
			t.Errorf("joining signed in anew: %+v", out)
		}
		if out := must[SignedIn](t)(i.visit(h, from("192.0.2.1"))); out.Account.ID != a.ID {
			t.Errorf("%+v", out)
		}
		_, err = i.visit(h, h.as(h.signIn("eve@example.org").Secret, ""))
		wants(t, err, "access.provider_taken")
		h.clock.Advance(operation.FreshFor + time.Second)
		_, err = i.visit(h, h.as(secret, ""))
		wants(t, err, "errors.verify_again")
	})
}

func TestProviderAnswersAreChecked(t *testing.T) {
	h := newHouse(t, "sqlite")
	i := newIssuer(t)
	h.s, h.door = h.open(Config{Providers: []Provider{i.provider(true, false)}})
	h.account("ana@example.org")
	good := jwt.MapClaims{"sub": "3", "email": "ana@example.org", "email_verified": true}
	ctx := from("192.0.2.1")

	for name, spoil := range map[string]func(){
		"another nonce":    func() { i.nonce = "x" },
		"another audience": func() { i.claims["aud"] = "somebody" },
		"another issuer":   func() { i.claims["iss"] = "https://evil.example" },
		"expired":          func() { i.claims["exp"] = time.Now().Add(-time.Hour).Unix() },
		"another key":      func() { i.key, _ = rsa.GenerateKey(rand.Reader, 2048) },
		"another verifier": func() { i.challenge = "x" },
	} {
		i.claims = jwt.MapClaims{}
		for k, v := range good {
			i.claims[k] = v
		}
		address, ceremony, err := h.s.BeginProvider(ctx, "example", "")
		if err != nil {
			t.Fatal(err)
		}
		state, key := i.follow(address), i.key
		spoil()
		if _, err := h.s.FinishProvider(ctx, h.door, "example", ceremony, state, "code"); operation.KindOf(err) != operation.Unauthenticated {
			t.Errorf("%s: %v", name, err)
		}
		i.key = key
	}

	i.claims = good
	address, ceremony, err := h.s.BeginProvider(ctx, "example", "")
	if err != nil {
		t.Fatal(err)
	}
	state := i.follow(address)
	for _, bad := range [][3]string{{ceremony, "x", "code"}, {ceremony, state, ""}, {"x", state, "code"}, {"", "", ""}} {
		_, err := h.s.FinishProvider(ctx, h.door, "example", bad[0], bad[1], bad[2])
		wants(t, err, "access.begin_again")
	}
	if _, err := h.s.FinishProvider(ctx, h.door, "example", ceremony, state, "code"); err != nil {
		t.Fatal(err)
	}
	_, err = h.s.FinishProvider(ctx, h.door, "example", ceremony, state, "code")
	wants(t, err, "access.begin_again")
	_, _, err = h.s.BeginProvider(ctx, "other", "")
	wants(t, err, "errors.not_found")
}

// Where the account asks for two factors, a provider's word is one, unless the
// provider itself asks for two. Half a sign-in joins nothing.
func TestProviderIsOneFactor(t *testing.T) {
	h := newHouse(t, "sqlite")
	i := newIssuer(t)
	h.account("ana@example.org")
	h.enrol("ana@example.org")
	i.claims = jwt.MapClaims{"sub": "3", "email": "ana@example.org", "email_verified": true}
	h.s, h.door = h.open(Config{Providers: []Provider{i.provider(true, false)}})
	if out := must[SignedIn](t)(i.visit(h, from("192.0.2.1"))); !out.SecondStepPending() || out.Secret != "" {
		t.Errorf("%+v", out)
	}
	h.write(func(tx *store.InstallationTx) error {
		n, err := store.Value[int64](tx, `SELECT COUNT(*) FROM identities`)
		if n != 0 {
			t.Error("half a sign-in joined the identity")
		}
		return err
	})
	h.s, h.door = h.open(Config{Providers: []Provider{i.provider(true, true)}})
	if out := must[SignedIn](t)(i.visit(h, from("192.0.2.1"))); out.SecondStepPending() {
		t.Errorf("%+v", out)
	}
}

func TestProviderThatIsDownIsSaidSo(t *testing.T) {
	h := newHouse(t, "sqlite")
	i := newIssuer(t)
	h.s, h.door = h.open(Config{Providers: []Provider{i.provider(true, false)}})
	i.server.Close()
	_, _, err := h.s.BeginProvider(from("192.0.2.1"), "example", "")
	wants(t, err, "access.provider_unavailable")
}

func TestProviderMustBeReachedOverTLS(t *testing.T) {
	h := newHouse(t, "sqlite")
	base, _ := url.Parse("https://table.example.org")
	for _, p := range []Provider{{ID: "x", Name: "X", Issuer: "http://idp.example", ClientID: "c"}, {ID: "X y", Name: "X", Issuer: "https://idp.example", ClientID: "c"}, {ID: "x", Issuer: "https://idp.example", ClientID: "c"}} {
		if _, err := New(Config{Store: h.store, Key: h.key, BaseURL: base, Providers: []Provider{p}}); err == nil {
			t.Errorf("%+v is taken", p)
		}
	}
}
