package access

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// Every secret the installation hands out begins with letters that say what it
// is, so that one that strays into a log or a repository can be recognised.
const (
	TokenPrefix   = "ct_"  // for programs
	sessionPrefix = "cts_" // in the session cookie
	linkPrefix    = "ctl_" // in a link sent by mail
)

// secretBytes is the strength of every secret: 256 bits.
const secretBytes = 32

// newSecret returns a fresh secret and the hash by which the store knows it.
func newSecret(prefix string) (secret string, hash []byte) {
	raw := make([]byte, secretBytes)
	_, _ = rand.Read(raw) // crypto/rand never fails: it ends the program instead
	secret = prefix + base64.RawURLEncoding.EncodeToString(raw)
	return secret, hashSecret(secret)
}

// hashSecret is what is stored of a secret. A plain hash suffices: 256 random
// bits cannot be guessed, however fast the guessing.
func hashSecret(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// isSecret says whether a text could be a secret of this kind; anything else
// need not trouble the database.
func isSecret(prefix, s string) bool {
	rest, ok := strings.CutPrefix(s, prefix)
	if !ok || len(rest) != base64.RawURLEncoding.EncodedLen(secretBytes) {
		return false
	}
	_, err := base64.RawURLEncoding.DecodeString(rest)
	return err == nil
}
