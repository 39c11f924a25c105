// Package blind signs tokens that it does not see, by RSA blind signatures (RFC 9474,
// RSABSSA-SHA384-PSS-Deterministic), so that whoever shows a token later can be known to
// have been given one and not to be any one of those who were.
//
// The browser draws a token of Size random bytes, blinds it, and sends only the blinded
// form to Sign. From the answer it works out a signature of the token itself, which
// Spend checks. What Sign has seen fits every token alike, whoever computes however long:
// the blinding factor is as random as the token. What this does not prevent: whoever has
// the key can make tokens of their own, and times, addresses and answers themselves may
// tell what the token does not.
package blind

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
)

// Size is how many bytes a token has, and Bits the length of the key.
const (
	Size = 32
	Bits = 2048
)

// ErrToken says that a token, a signature or a blinded token is none of this key's.
var ErrToken = errors.New("blind: not a token of this key")

var errFault = errors.New("blind: the signature does not fit what was signed")

// Key signs the tokens of one purpose. Each purpose has its own, or tokens of one could
// be spent in another.
type Key struct{ private *rsa.PrivateKey }

// NewKey makes a key; it takes some hundred milliseconds.
func NewKey() (Key, error) {
	private, err := rsa.GenerateKey(rand.Reader, Bits)
	return Key{private}, err
}

// Marshal gives the key as bytes, which are secret.
func (k Key) Marshal() ([]byte, error) { return x509.MarshalPKCS8PrivateKey(k.private) }

// Unmarshal reads what Marshal gave.
func Unmarshal(data []byte) (Key, error) {
	parsed, err := x509.ParsePKCS8PrivateKey(data)
	if err != nil {
		return Key{}, fmt.Errorf("blind: key: %w", err)
	}
	private, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return Key{}, fmt.Errorf("blind: a key of the kind %T", parsed)
	}
	if len(private.Primes) != 2 || private.N.BitLen() != Bits {
		return Key{}, fmt.Errorf("blind: a key of %d bits and %d primes", private.N.BitLen(), len(private.Primes))
	}
	return Key{private}, nil
}

// Public is the public half as a JSON Web Key, which browsers read.
func (k Key) Public() string {
	text := base64.RawURLEncoding.EncodeToString
	out, err := json.Marshal(map[string]any{
		"kty": "RSA", "alg": "PS384", "ext": true, "key_ops": []string{"verify"},
		"n": text(k.private.N.Bytes()), "e": text(big.NewInt(int64(k.private.E)).Bytes()),
	})
	if err != nil {
		panic(err) // strings and a constant
	}
	return string(out)
}

// Sign signs a blinded token. The same blinded token gets the same answer, so it may be
// asked for again when an answer was lost. ErrToken stands for bytes that are none.
func (k Key) Sign(blinded []byte) ([]byte, error) {
	if len(blinded) != k.private.Size() {
		return nil, ErrToken
	}
	return k.power(blinded)
}

// Spend checks the signature of a token and gives the mark by which it is known to be
// spent. ErrToken stands for a signature that does not fit.
func (k Key) Spend(token, signature []byte) (mark []byte, err error) {
	if len(token) != Size {
		return nil, ErrToken
	}
	digest := sha512.Sum384(token)
	if rsa.VerifyPSS(&k.private.PublicKey, crypto.SHA384, digest[:], signature, &rsa.PSSOptions{SaltLength: crypto.SHA384.Size()}) != nil {
		return nil, ErrToken
	}
	sum := sha256.Sum256(token)
	return sum[:], nil
}
