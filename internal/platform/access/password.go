package access

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"

	"commontable/internal/platform/operation"
)

// argonParameters are the cost of one derivation. The current ones are the
// first choice of the OWASP Password Storage Cheat Sheet for Argon2id: 19 MiB,
// two passes, one lane.
type argonParameters struct {
	memory uint32 // KiB
	passes uint32
	lanes  uint8
}

var currentArgon = argonParameters{memory: 19 * 1024, passes: 2, lanes: 1}

const (
	argonSalt = 16
	argonKey  = 32
	// A stored hash that asks for more than these was not made here; deriving
	// by it could exhaust the machine.
	argonMostMemory = 256 * 1024
	argonMostPasses = 16
)

// hasher derives password hashes, a bounded number at once: each holds 19 MiB,
// and a crowd signing in must not exhaust the memory.
type hasher struct {
	cost    argonParameters
	slots   chan struct{}
	dummy   string
	patient time.Duration
}

func newHasher(cost argonParameters) *hasher {
	h := &hasher{cost: cost, slots: make(chan struct{}, max(2, runtime.NumCPU())), patient: 15 * time.Second}
	// The hash that an unknown account is checked against. Its password was
	// never anybody's, and its key is random, so that nothing matches it.
	h.dummy = format(cost, random(argonSalt), random(argonKey))
	return h
}

func random(n int) []byte {
	out := make([]byte, n)
	_, _ = rand.Read(out) // crypto/rand never fails: it ends the program instead
	return out
}

// hash derives what is stored of a password.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	salt := random(argonSalt)
	key, err := h.derive(ctx, password, salt, h.cost, argonKey)
	if err != nil {
		return "", err
	}
	return format(h.cost, salt, key), nil
}

// verify compares a password with a stored hash; an empty one costs the same
// and matches nothing. stale says that the hash was made at another cost and
// should be made anew.
func (h *hasher) verify(ctx context.Context, stored, password string) (matches, stale bool, err error) {
	if stored == "" {
		stored = h.dummy
	}
	p, salt, want, err := parse(stored)
	if err != nil {
		return false, false, err
	}
	got, err := h.derive(ctx, password, salt, p, uint32(len(want))) // #nosec G115 -- parse bounds the length
	if err != nil {
		return false, false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1 && stored != h.dummy, p != h.cost, nil
}

func (h *hasher) derive(ctx context.Context, password string, salt []byte, p argonParameters, length uint32) ([]byte, error) {
	wait := time.NewTimer(h.patient)
	defer wait.Stop()
	select {
	case h.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, &operation.Error{Kind: operation.Unavailable, Key: "errors.busy", Cause: ctx.Err(), RetryAfter: h.patient}
	case <-wait.C:
		return nil, &operation.Error{Kind: operation.Unavailable, Key: "errors.busy", RetryAfter: h.patient}
	}
	defer func() { <-h.slots }()
	return argon2.IDKey([]byte(password), salt, p.passes, p.memory, p.lanes, length), nil
}

// format writes a hash in the PHC string format.
func format(p argonParameters, salt, key []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.memory, p.passes, p.lanes, b64.EncodeToString(salt), b64.EncodeToString(key))
}

var errHashForm = fmt.Errorf("access: a stored password hash cannot be read")

func parse(stored string) (p argonParameters, salt, key []byte, err error) {
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return p, nil, nil, errHashForm
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.memory, &p.passes, &p.lanes); err != nil {
		return p, nil, nil, errHashForm
	}
	salt, saltErr := base64.RawStdEncoding.DecodeString(parts[4])
	key, keyErr := base64.RawStdEncoding.DecodeString(parts[5])
	if saltErr != nil || keyErr != nil || len(salt) < 8 || len(key) < 16 || len(key) > 64 ||
		p.memory < 8 || p.memory > argonMostMemory || p.passes < 1 || p.passes > argonMostPasses || p.lanes < 1 {
		return p, nil, nil, errHashForm
	}
	return p, salt, key, nil
}

// HashPassword derives what is stored of a password, for accounts made by a
// program. It does not judge the password.
func (s *Service) HashPassword(ctx context.Context, password string) (string, error) {
	return s.hasher.hash(ctx, password)
}
