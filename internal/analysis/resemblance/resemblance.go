// Package resemblance decides how likely two records are the same person or
// the same organization, and says why in codes that the caller puts into words.
//
// It is pure: no input, no output, no clock, no chance. The formula, its source
// and its limits are told in docs/decisions/0020-resemblance.md.
//
// An Index is built once from all records and then never changes, so any number
// of goroutines may ask it at the same time.
package resemblance

import "bytes"

// Key names a record; it is opaque, and its order is the order of results. The
// zero key names nothing.
type Key [16]byte

// Person is what is compared of a person. Every field may be empty.
type Person struct {
	Key Key
	// Given and Family are the names as written. Both may stand in one of them,
	// "Given Family" or "Family, Given".
	Given, Family string
	Emails        []string
	Phones        []string
	// Organizations are the names of those they work with or for, in any spelling.
	Organizations []string
	// Born is the year of birth, 0 when not known.
	Born int
}

// Organization is what is compared of an organization. Every field may be
// empty.
type Organization struct {
	Key Key
	// Names holds the name first, then former names, short forms and names in
	// other languages; the best of them counts.
	Names    []string
	Websites []string
	Emails   []string
	Phones   []string
	// Place is a town, neighborhood or district, in free words.
	Place string
}

// Band is what to do about a pair.
type Band int

// The bands, from nothing to do to nothing to ask.
const (
	None    Band = iota // not the same, as far as one can tell
	Likely              // ask somebody
	Certain             // the same, without asking
)

// String is the band's name in English, for logs and tests.
func (b Band) String() string { return [...]string{"none", "likely", "certain"}[b] }

// The bands begin at these scores. A score is a probability: of the pairs just at
// CertainFrom one in twenty is expected to be wrong, which makes less than one in
// a hundred of the whole band, since most lie far above; a test measures it. Of the pairs
// just at LikelyFrom one in four is expected to be right: a person asked in vain
// loses a moment, a double never found misleads for years.
const (
	CertainFrom = 0.95
	LikelyFrom  = 0.25
)

// The highest scores of pairs that something speaks against.
const (
	askCeiling   = 0.94 // at most Likely
	blockCeiling = 0.05 // None
)

// BandOf is the band a score falls into.
func BandOf(score float64) Band {
	switch {
	case score >= CertainFrom:
		return Certain
	case score >= LikelyFrom:
		return Likely
	}
	return None
}

// Match is two records and how likely they are the same.
type Match struct {
	// A and B are the keys: the smaller first in pairs of one index, the record
	// asked about first when it was compared with an index.
	A, B Key
	// Score is a probability, 0 to 1.
	Score float64
	Band  Band
	// Reasons say what spoke for it and against it, the weightiest kinds first:
	// contact details, names, what the record belongs to, objections.
	Reasons []Reason
}

func (k Key) zero() bool { return k == Key{} }

func (k Key) compare(other Key) int { return bytes.Compare(k[:], other[:]) }
