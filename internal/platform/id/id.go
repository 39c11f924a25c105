// Package id makes and writes identifiers: UUIDv7 values (or random ones) with one Go type per
// noun, so that a person's id cannot be passed where an organization's is
// wanted.
package id

import (
	"database/sql/driver"
	"encoding/base32"
	"encoding/hex"
	"fmt"

	"github.com/google/uuid"
)

// Of is the id of one Noun. The zero value means "none" and is stored as NULL.
type Of[Noun any] [16]byte

// New returns a fresh, time-ordered id (UUIDv7, RFC 9562).
func New[Noun any]() Of[Noun] {
	return Of[Noun](uuid.Must(uuid.NewV7()))
}

// Random returns a fresh id that tells nothing of when it was made (UUIDv4, RFC 9562):
// for rows whose order must not be that of their making.
func Random[Noun any]() Of[Noun] {
	return Of[Noun](uuid.Must(uuid.NewRandom()))
}

// short is RFC 4648 "extended hex" in lower case: it keeps the order of the
// bytes, has no look-alike punctuation and is safe in a URL.
var short = base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)

// shortLength is the length of a short id in characters.
const shortLength = 26

// Parse reads either form: the canonical UUID (36 characters) or the short
// form used in URLs (26 characters).
func Parse[Noun any](s string) (Of[Noun], error) {
	var out Of[Noun]
	switch len(s) {
	case shortLength:
		raw, err := short.DecodeString(s)
		// A 26th character carries two unused bits; requiring the text to be
		// what Short would write leaves exactly one spelling per id.
		if err != nil || short.EncodeToString(raw) != s {
			return out, fmt.Errorf("id: %q is not an id", s)
		}
		copy(out[:], raw)
		return out, nil
	case 36:
		u, err := uuid.Parse(s)
		if err != nil {
			return out, fmt.Errorf("id: %q is not an id", s)
		}
		return Of[Noun](u), nil
	}
	return out, fmt.Errorf("id: an id has 26 or 36 characters, not %d", len(s))
}

// IsZero says whether there is no id.
func (i Of[Noun]) IsZero() bool { return i == Of[Noun]{} }

// String is the canonical UUID form, or "" for the zero value.
func (i Of[Noun]) String() string {
	if i.IsZero() {
		return ""
	}
	return uuid.UUID(i).String()
}

// Short is the form for URLs: 26 lower-case characters.
func (i Of[Noun]) Short() string { return short.EncodeToString(i[:]) }

// Hex is 32 hexadecimal digits, the form PostgreSQL's row-level security reads.
func (i Of[Noun]) Hex() string { return hex.EncodeToString(i[:]) }

// MarshalText writes the canonical form.
func (i Of[Noun]) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// UnmarshalText reads either form; empty text is the zero value.
func (i *Of[Noun]) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*i = Of[Noun]{}
		return nil
	}
	parsed, err := Parse[Noun](string(text))
	if err != nil {
		return err
	}
	*i = parsed
	return nil
}

// Value stores the 16 bytes, or NULL for the zero value.
func (i Of[Noun]) Value() (driver.Value, error) {
	if i.IsZero() {
		return nil, nil
	}
	return i[:], nil
}

// Scan reads what Value wrote.
func (i *Of[Noun]) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*i = Of[Noun]{}
		return nil
	case []byte:
		if len(v) == len(i) {
			copy(i[:], v)
			return nil
		}
	}
	return fmt.Errorf("id: cannot read an id from %T", src)
}
