package i18n

import (
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// MaxCollationKey is the largest length of a CollationKey in bytes.
const MaxCollationKey = 400

// maxCollated bounds the text a CollationKey is made from, in bytes: names that agree in so many
// characters are ordered by what the caller sorts by next.
const maxCollated = 200

// collators keeps collators for reuse, by language: making one costs more than using it, and one must
// not be used by two goroutines at a time.
var collators sync.Map // of string to *sync.Pool of *collator

type collator struct {
	collator *collate.Collator
	buffer   collate.Buffer
}

// CollationKey returns bytes that put names into the order people of language lang expect when they are
// compared byte by byte: accents and case matter only between names that are otherwise equal, numbers
// count by value ("Room 2" before "Room 10"), Spanish ñ follows n. It is binary, at most MaxCollationKey
// bytes, and belongs in a BLOB or BYTEA column; two names may share one key, so sort by id after it. An
// unknown language is ordered as the Default.
//
// Keys made by different versions of x/text do not mix: rebuild them after an update of that module.
func CollationKey(lang, s string) []byte {
	if !Known(lang) {
		lang = Default
	}
	pool, ok := collators.Load(lang)
	if !ok {
		pool, _ = collators.LoadOrStore(lang, &sync.Pool{New: func() any {
			return &collator{collator: collate.New(language.MustParse(lang), collate.Numeric)}
		}})
	}
	c := pool.(*sync.Pool).Get().(*collator)
	defer pool.(*sync.Pool).Put(c)
	c.buffer.Reset()
	key := c.collator.KeyFromString(&c.buffer, clip(CleanLine(clip(s, 4*maxCollated)), maxCollated))
	if len(key) > MaxCollationKey {
		key = key[:MaxCollationKey]
	}
	out := make([]byte, len(key))
	copy(out, key)
	return out
}
