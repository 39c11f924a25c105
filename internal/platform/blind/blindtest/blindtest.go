// Package blindtest does in tests what a browser does to get and spend a token.
package blindtest

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"testing"

	"github.com/cloudflare/circl/blindsign/blindrsa"

	"commontable/internal/platform/blind"
)

// Slip is a token on its way.
type Slip struct {
	client blindrsa.Client
	state  blindrsa.State
	token  []byte

	// Blinded is what is sent to be signed; Token and Signature are what is shown later.
	Blinded, Token, Signature string
}

// Draw draws a token and blinds it for a public key, a JSON Web Key.
func Draw(t testing.TB, key string) *Slip {
	t.Helper()
	var jwk struct{ N, E string }
	if err := json.Unmarshal([]byte(key), &jwk); err != nil {
		t.Fatalf("the key %q: %v", key, err)
	}
	number := func(text string) *big.Int {
		raw, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		return new(big.Int).SetBytes(raw)
	}
	client, err := blindrsa.NewClient(blindrsa.SHA384PSSDeterministic, &rsa.PublicKey{N: number(jwk.N), E: int(number(jwk.E).Int64())})
	if err != nil {
		t.Fatal(err)
	}
	s := &Slip{client: client, token: make([]byte, blind.Size)}
	_, _ = rand.Read(s.token)
	prepared, err := client.Prepare(rand.Reader, s.token)
	var blinded []byte
	if err == nil {
		blinded, s.state, err = client.Blind(rand.Reader, prepared)
	}
	if err != nil {
		t.Fatal(err)
	}
	s.Blinded, s.Token = base64.RawURLEncoding.EncodeToString(blinded), base64.RawURLEncoding.EncodeToString(s.token)
	return s
}

// Signed takes the answer.
func (s *Slip) Signed(t testing.TB, signed string) {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(signed)
	if err != nil {
		t.Fatal(err)
	}
	signature, err := s.client.Finalize(s.state, raw)
	if err != nil {
		t.Fatal(err)
	}
	s.Signature = base64.RawURLEncoding.EncodeToString(signature)
}
