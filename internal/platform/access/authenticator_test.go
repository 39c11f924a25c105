package access

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"

	"github.com/fxamacker/cbor/v2"

	"commontable/internal/platform/operation"
)

// authenticator is a passkey in software: it does what a phone or a key does,
// and for tests can do it wrong.
type authenticator struct {
	t       testing.TB
	id      []byte
	key     *ecdsa.PrivateKey
	handle  []byte // the user handle given at creation
	counter uint32

	origin   string
	host     string
	unproved bool // leaves the user-verified flag away
}

func newAuthenticator(t testing.TB) *authenticator {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &authenticator{t: t, id: random(32), key: key, origin: "https://table.example.org", host: "table.example.org"}
}

func (a *authenticator) client(kind, challenge string) []byte {
	raw, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": a.origin, "crossOrigin": false})
	if err != nil {
		a.t.Fatal(err)
	}
	return raw
}

// data is the authenticator data of WebAuthn, section 6.1.
func (a *authenticator) data(attested []byte) []byte {
	host := sha256.Sum256([]byte(a.host))
	flags := byte(0x01 | 0x04) // present, verified
	if a.unproved {
		flags = 0x01
	}
	if attested != nil {
		flags |= 0x40
	}
	a.counter++
	out := append(host[:], flags)
	out = binary.BigEndian.AppendUint32(out, a.counter)
	return append(out, attested...)
}

func (a *authenticator) create(options json.RawMessage) []byte {
	a.t.Helper()
	var asked struct {
		Challenge string `json:"challenge"`
		User      struct {
			ID string `json:"id"`
		} `json:"user"`
	}
	if err := json.Unmarshal(options, &asked); err != nil {
		a.t.Fatal(err)
	}
	var err error
	if a.handle, err = base64.RawURLEncoding.DecodeString(asked.User.ID); err != nil {
		a.t.Fatal(err)
	}
	point, err := a.key.PublicKey.Bytes() // 0x04, x, y
	if err != nil {
		a.t.Fatal(err)
	}
	public, err := cbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})
	if err != nil {
		a.t.Fatal(err)
	}
	attested := append(make([]byte, 16), 0, byte(len(a.id)))
	attested = append(append(attested, a.id...), public...)
	object, err := cbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": a.data(attested)})
	if err != nil {
		a.t.Fatal(err)
	}
	return a.answer(map[string]any{"attestationObject": text(object), "clientDataJSON": text(a.client("webauthn.create", asked.Challenge)), "transports": []string{"internal"}})
}

func (a *authenticator) get(options json.RawMessage) []byte {
	a.t.Helper()
	var asked struct {
		Challenge string `json:"challenge"`
	}
	if err := json.Unmarshal(options, &asked); err != nil {
		a.t.Fatal(err)
	}
	client, data := a.client("webauthn.get", asked.Challenge), a.data(nil)
	hash := sha256.Sum256(client)
	digest := sha256.Sum256(append(append([]byte(nil), data...), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, a.key, digest[:])
	if err != nil {
		a.t.Fatal(err)
	}
	return a.answer(map[string]any{"authenticatorData": text(data), "clientDataJSON": text(client), "signature": text(signature), "userHandle": text(a.handle)})
}

func (a *authenticator) answer(response map[string]any) []byte {
	raw, err := json.Marshal(map[string]any{"id": text(a.id), "rawId": text(a.id), "type": "public-key", "response": response, "clientExtensionResults": map[string]any{}})
	if err != nil {
		a.t.Fatal(err)
	}
	return raw
}

// addPasskey makes a passkey for whoever the context is of.
func (h *house) addPasskey(ctx context.Context, key *authenticator) Passkey {
	h.t.Helper()
	offer := must[PasskeyOffer](h.t)(h.s.BeginPasskey.Do(ctx, h.door, operation.None{}))
	return must[Passkey](h.t)(h.s.AddPasskey.Do(ctx, h.door, AddPasskeyInput{Ticket: offer.Ticket, Response: key.create(offer.Options)}))
}

// withPasskey signs in with a passkey.
func (h *house) withPasskey(key *authenticator, next string) (SignedIn, error) {
	h.t.Helper()
	offer := must[PasskeyOffer](h.t)(h.s.BeginPasskeySignIn(from("192.0.2.1")))
	return h.s.FinishPasskey(from("192.0.2.1"), h.door, offer.Ticket, key.get(offer.Options), next)
}
