package access

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
)

// Key is the installation's own secret, from which the keys of all purposes are
// derived. It shows itself in no log and no error.
type Key [32]byte

// String hides the key.
func (Key) String() string { return "•••" }

// GoString hides the key.
func (Key) GoString() string { return "•••" }

// LogValue hides the key.
func (Key) LogValue() slog.Value { return slog.StringValue("•••") }

// IsZero says whether there is no key.
func (k Key) IsZero() bool { return k == Key{} }

// The ways a key can be unusable.
var (
	errKeyForm = errors.New("access: an installation key is 32 bytes, written as 64 hexadecimal digits or in base64")
	errKeyOpen = errors.New("access: the key file can be read or changed by others; give it mode 0600")
)

// NewKey makes a key.
func NewKey() Key {
	var k Key
	_, _ = rand.Read(k[:]) // crypto/rand never fails: it ends the program instead
	return k
}

// ParseKey reads a key from text, such as an environment variable: 64
// hexadecimal digits or base64.
func ParseKey(text string) (Key, error) {
	text = strings.TrimSpace(text)
	for _, decode := range []func(string) ([]byte, error){
		hex.DecodeString, base64.StdEncoding.DecodeString, base64.RawURLEncoding.DecodeString, base64.URLEncoding.DecodeString,
	} {
		if raw, err := decode(text); err == nil && len(raw) == len(Key{}) && Key(raw) != (Key{}) {
			return Key(raw), nil
		}
	}
	return Key{}, errKeyForm
}

// LoadKey reads the key file, making it at the first start. The file is written
// whole under another name first, so that of two programs starting at once both
// end with the same key.
func LoadKey(path string) (Key, error) {
	key, err := readKey(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	if err := writeKey(path, NewKey()); err != nil {
		return Key{}, fmt.Errorf("access: making the key file: %w", err)
	}
	return readKey(path)
}

func readKey(path string) (Key, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Key{}, fmt.Errorf("access: reading the key file: %w", err)
	}
	if info.Mode().Perm()&0o037 != 0 {
		return Key{}, fmt.Errorf("%w: %s", errKeyOpen, path)
	}
	raw, err := os.ReadFile(path) // #nosec G304 -- the operator names the data folder
	if err != nil {
		return Key{}, fmt.Errorf("access: reading the key file: %w", err)
	}
	key, err := ParseKey(string(raw))
	if err != nil {
		return Key{}, fmt.Errorf("%w: %s", err, path)
	}
	return key, nil
}

func writeKey(path string, key Key) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".key-*") // made with mode 0600
	if err != nil {
		return err
	}
	_, err = f.WriteString(hex.EncodeToString(key[:]) + "\n")
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		// A link fails when the name is taken: whoever came first made the key.
		if err = os.Link(f.Name(), path); errors.Is(err, fs.ErrExist) {
			err = nil
		}
	}
	return errors.Join(err, os.Remove(f.Name()), syncFolder(filepath.Dir(path)))
}

// syncFolder makes a new name in a folder durable: a key lost to a power cut
// would make everything sealed with it unreadable.
func syncFolder(path string) error {
	d, err := os.Open(path) // #nosec G304 -- the operator names the data folder
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
