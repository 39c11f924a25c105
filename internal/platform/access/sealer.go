package access

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"

	"golang.org/x/crypto/chacha20poly1305"
)

// sealVersion begins every sealed value, so that another cipher can follow.
const sealVersion = 1

// errSealed is the answer to a value that is damaged, forged, or sealed under
// another key or for another purpose. They are not told apart.
var errSealed = errors.New("access: the sealed value cannot be opened with this installation's key")

// Sealer encrypts small secrets with XChaCha20-Poly1305 under a key of their
// purpose, derived from the installation's key. It is safe for concurrent use
// and is the door's operation.Sealer.
type Sealer struct{ key Key }

// NewSealer seals under an installation's key.
func NewSealer(key Key) *Sealer { return &Sealer{key} }

// Seal encrypts a value for one purpose. Two seals of one value differ.
func (s *Sealer) Seal(purpose string, plain []byte) ([]byte, error) {
	aead, err := chacha20poly1305.NewX(s.derive("seal " + purpose))
	if err != nil {
		return nil, err
	}
	out := make([]byte, 1+chacha20poly1305.NonceSizeX, 1+chacha20poly1305.NonceSizeX+len(plain)+chacha20poly1305.Overhead)
	out[0] = sealVersion
	_, _ = rand.Read(out[1:]) // crypto/rand never fails: it ends the program instead
	return aead.Seal(out, out[1:], plain, out[:1]), nil
}

// Open decrypts what Seal made for the same purpose.
func (s *Sealer) Open(purpose string, sealed []byte) ([]byte, error) {
	if len(sealed) < 1+chacha20poly1305.NonceSizeX+chacha20poly1305.Overhead || sealed[0] != sealVersion {
		return nil, errSealed
	}
	aead, err := chacha20poly1305.NewX(s.derive("seal " + purpose))
	if err != nil {
		return nil, err
	}
	nonce := sealed[1 : 1+chacha20poly1305.NonceSizeX]
	plain, err := aead.Open(nil, nonce, sealed[1+chacha20poly1305.NonceSizeX:], sealed[:1])
	if err != nil {
		return nil, errSealed
	}
	return plain, nil
}

// Mark is a keyed hash of a value for one purpose: the same value always gives
// the same mark, and without the installation's key nobody can tell from a mark
// what it stands for.
func (s *Sealer) Mark(purpose, value string) []byte {
	mac := hmac.New(sha256.New, s.derive("mark "+purpose))
	_, _ = mac.Write([]byte(value)) // a hash takes every write
	return mac.Sum(nil)
}

// derive makes the key of one purpose.
func (s *Sealer) derive(purpose string) []byte {
	key, err := hkdf.Key(sha256.New, s.key[:], nil, "commontable "+purpose, chacha20poly1305.KeySize)
	if err != nil {
		panic(err) // only a length beyond what HKDF can give
	}
	return key
}
