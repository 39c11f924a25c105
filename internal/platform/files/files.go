// Package files keeps the bytes of files that people bring. Content is named by the
// SHA-256 of what it holds, and every place keeps its own, so that nobody learns from
// one place what another has. What the bytes are called and who may read them stands
// in the record; here are only bytes.
//
// The order that keeps both together is: bytes first, then the row that names them.
// A row therefore never names what is not there; bytes that no row names are swept
// after a day.
package files

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"time"
)

// Why content is not taken or not given.
var (
	ErrTooLarge = errors.New("files: larger than allowed")
	ErrMissing  = errors.New("files: no such content")
	ErrDamaged  = errors.New("files: the content is not what it was")
)

// Place names whose content it is; nothing is shared between two.
type Place [16]byte

// Hash is the SHA-256 of content, by which it is named.
type Hash [32]byte

// String is the hash in hexadecimal digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// ParseHash reads what String wrote.
func ParseHash(s string) (h Hash, ok bool) {
	raw, err := hex.DecodeString(s)
	return Hash(append(raw, make([]byte, len(h))...)[:len(h)]), err == nil && len(raw) == len(h)
}

// Stored is content that is kept.
type Stored struct {
	Hash Hash
	Size int64 // in bytes
}

// Content is kept content opened for reading. It was verified when it was opened.
type Content interface {
	io.ReadSeekCloser
	io.ReaderAt
	// Size is its length in bytes.
	Size() int64
}

// Store keeps content. All methods may be called at once, from several processes.
type Store interface {
	// Put keeps what it reads, at most so many bytes, and answers when it is safe from
	// a power cut. Content that is there already is kept once, and counts as wanted
	// again. It fails with ErrTooLarge beyond the limit, and keeps nothing then.
	Put(ctx context.Context, place Place, in io.Reader, most int64) (Stored, error)
	// Open reads content. It fails with ErrMissing, and with ErrDamaged when the bytes
	// do not have the hash they are kept under.
	Open(ctx context.Context, place Place, hash Hash) (Content, error)
	// Has says whether content is there, without looking into it.
	Has(ctx context.Context, place Place, hash Hash) (bool, error)
	// Sweep removes content that nobody wants and nobody wanted since a moment, and
	// says how much of it there was. wanted is asked about a portion at a time. What is
	// kept anew while it runs stays.
	Sweep(ctx context.Context, place Place, since time.Time, wanted func([]Hash) (map[Hash]bool, error)) (int, error)
	// Places lists who has content.
	Places(ctx context.Context) ([]Place, error)
}
