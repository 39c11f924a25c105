package blind_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"testing"

	"github.com/cloudflare/circl/blindsign/blindrsa"

	"commontable/internal/platform/blind"
)

// person is what a browser does, by the library's client.
type person struct {
	token   []byte
	blinded []byte
	client  blindrsa.Client
	state   blindrsa.State
}

func public(t *testing.T, k blind.Key) *rsa.PublicKey {
	var jwk struct{ N, E string }
	if err := json.Unmarshal([]byte(k.Public()), &jwk); err != nil {
		t.Fatal(err)
	}
	number := func(text string) *big.Int {
		raw, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		return new(big.Int).SetBytes(raw)
	}
	return &rsa.PublicKey{N: number(jwk.N), E: int(number(jwk.E).Int64())}
}

func ask(t *testing.T, k blind.Key) (p person) {
	var err error
	if p.client, err = blindrsa.NewClient(blindrsa.SHA384PSSDeterministic, public(t, k)); err != nil {
		t.Fatal(err)
	}
	p.token = make([]byte, blind.Size)
	_, _ = rand.Read(p.token)
	prepared, err := p.client.Prepare(rand.Reader, p.token)
	if err == nil {
		p.blinded, p.state, err = p.client.Blind(rand.Reader, prepared)
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestToken(t *testing.T) {
	made, err := blind.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	kept, err := made.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	k, err := blind.Unmarshal(kept)
	if err != nil {
		t.Fatal(err)
	}
	p := ask(t, k)
	signed, err := k.Sign(p.blinded)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := k.Sign(p.blinded); err != nil || !bytes.Equal(again, signed) {
		t.Error("the same blinded token gets another answer")
	}
	signature, err := p.client.Finalize(p.state, signed)
	if err != nil {
		t.Fatal(err)
	}
	mark, err := k.Spend(p.token, signature)
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := k.Spend(p.token, signature); !bytes.Equal(mark, again) {
		t.Error("a token has two marks")
	}
	for what, seen := range map[string][]byte{"the blinded token": p.blinded, "the answer": signed} {
		if bytes.Contains(seen, p.token) || bytes.Contains(seen, mark) || bytes.Equal(seen, signature) {
			t.Errorf("%s holds what is shown later", what)
		}
	}
	other, err := blind.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	strange := bytes.Clone(p.token)
	strange[0] ^= 1
	for what, spend := range map[string]func() ([]byte, error){
		"another wave's key":    func() ([]byte, error) { return other.Spend(p.token, signature) },
		"another token":         func() ([]byte, error) { return k.Spend(strange, signature) },
		"a longer token":        func() ([]byte, error) { return k.Spend(append(bytes.Clone(p.token), 0), signature) },
		"no signature":          func() ([]byte, error) { return k.Spend(p.token, nil) },
		"the blinded signature": func() ([]byte, error) { return k.Spend(p.token, signed) },
	} {
		if _, err := spend(); !errors.Is(err, blind.ErrToken) {
			t.Errorf("%s is taken: %v", what, err)
		}
	}
}

// The library signs by the modulus as a whole: an independent way to the same bytes.
func TestSignAsTheLibrary(t *testing.T) {
	k, err := blind.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := k.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(raw)
	if err != nil {
		t.Fatal(err)
	}
	private := parsed.(*rsa.PrivateKey)
	edge := func(n *big.Int) []byte { return n.FillBytes(make([]byte, blind.Bits/8)) }
	cases := [][]byte{edge(new(big.Int)), edge(big.NewInt(1)), edge(private.Primes[0]), edge(private.Primes[1]), edge(new(big.Int).Sub(private.N, big.NewInt(1)))}
	for range 20 {
		n, err := rand.Int(rand.Reader, private.N)
		if err != nil {
			t.Fatal(err)
		}
		cases = append(cases, edge(n))
	}
	for _, blinded := range cases {
		want, err := blindrsa.NewSigner(private).BlindSign(blinded)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := k.Sign(blinded); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%x… is signed otherwise (%v)", blinded[:8], err)
		}
	}
}

func TestSignHostile(t *testing.T) {
	k, err := blind.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	whole := bytes.Repeat([]byte{0xff}, blind.Bits/8) // not below the modulus
	for _, blinded := range [][]byte{nil, {1}, whole, append(whole, 1)} {
		if _, err := k.Sign(blinded); !errors.Is(err, blind.ErrToken) {
			t.Errorf("%d bytes: %v", len(blinded), err)
		}
	}
	for _, data := range [][]byte{nil, []byte("key")} {
		if _, err := blind.Unmarshal(data); err == nil {
			t.Errorf("%q is read as a key", data)
		}
	}
}
