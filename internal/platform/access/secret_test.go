package access

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

func TestSecretsAreLongDistinctAndRecognisable(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		secret, hash := newSecret(TokenPrefix)
		if seen[secret] || !isSecret(TokenPrefix, secret) || isSecret(sessionPrefix, secret) || len(hash) != 32 || len(secret) != len(TokenPrefix)+43 {
			t.Fatalf("%q", secret)
		}
		seen[secret] = true
	}
}

func TestSealer(t *testing.T) {
	s, other := NewSealer(NewKey()), NewSealer(NewKey())
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		sealed, err := s.Seal("mail", plain)
		if err != nil {
			t.Fatal(err)
		}
		again, _ := s.Seal("mail", plain)
		if bytes.Equal(sealed, again) {
			t.Fatal("two seals of one value are equal")
		}
		if opened, err := s.Open("mail", sealed); err != nil || !bytes.Equal(opened, plain) {
			t.Fatalf("%v %v", opened, err)
		}
		if _, err := s.Open("codes", sealed); !errors.Is(err, errSealed) {
			t.Fatal("opens for another purpose")
		}
		if _, err := other.Open("mail", sealed); !errors.Is(err, errSealed) {
			t.Fatal("opens with another key")
		}
		at := rapid.IntRange(0, len(sealed)-1).Draw(t, "at")
		sealed[at] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if _, err := s.Open("mail", sealed); !errors.Is(err, errSealed) {
			t.Fatal("opens though changed")
		}
		if _, err := s.Open("mail", sealed[:at]); !errors.Is(err, errSealed) {
			t.Fatal("opens though cut")
		}
	})
	if bytes.Equal(s.Mark("a", "x"), s.Mark("b", "x")) || !bytes.Equal(s.Mark("a", "x"), s.Mark("a", "x")) {
		t.Error("marks do not depend on purpose and value alone")
	}
}

func TestKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	var all sync.WaitGroup
	keys := make([]Key, 8)
	for i := range keys {
		all.Go(func() {
			var err error
			if keys[i], err = LoadKey(path); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, k := range keys {
		if k != keys[0] || k.IsZero() {
			t.Fatal("programs that start at once have different keys")
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v %v", info.Mode(), err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".key-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadKey(path); !errors.Is(err, errKeyOpen) {
		t.Errorf("a key that everybody can read is taken: %v", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadKey(path); !errors.Is(err, errKeyForm) {
		t.Errorf("a damaged key is taken: %v", err)
	}
	if _, err := LoadKey(filepath.Join(path, "none")); err == nil || errors.Is(err, fs.ErrExist) {
		t.Errorf("%v", err)
	}
}

func TestKeyHidesItself(t *testing.T) {
	k, err := ParseKey(strings.Repeat("ab", 32))
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"%v", "%s", "%+v", "%#v", "%q"} {
		if got := fmt.Sprintf(format, k); strings.Contains(strings.ToLower(got), "ab") || strings.Contains(got, "171") {
			t.Errorf("%s shows %s", format, got)
		}
	}
	for _, bad := range []string{"", "x", strings.Repeat("0", 64), strings.Repeat("ab", 31)} {
		if _, err := ParseKey(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
