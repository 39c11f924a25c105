package resemblance

import (
	"math"
	"unicode/utf8"
)

// word is a word of a name with all that comparing it again and again needs.
// The words of an index are made once and shared.
type word struct {
	text    string // folded, without cedillas
	mask    uint32
	initial string
	single  bool   // one letter: an initial
	sound   string // first reading
	other   string // second reading, "" when it is the first
	nick    []nickID
	tally   *tally
}

// tally counts how many records of the index bear a word in a role.
type tally struct {
	given, family, name int
}

// role is the part of a record a word stands in.
type role int

const (
	asGiven role = iota
	asFamily
	asName // of an organization
)

func (t *tally) in(r role) int {
	if t == nil {
		return 0
	}
	return [...]int{t.given, t.family, t.name}[r]
}

// vocabulary makes words, and keeps those of an index.
type vocabulary struct {
	words   map[string]*word // by folded text with cedillas
	tallies map[string]*tally
	nicks   map[nickID]int // how many bear a name of the family of nicknames
	records int
}

func newVocabulary() *vocabulary {
	return &vocabulary{words: map[string]*word{}, tallies: map[string]*tally{}, nicks: map[nickID]int{}}
}

// learn is the word of a record of the index, kept for the others.
func (v *vocabulary) learn(folded string) *word {
	w := v.words[folded]
	if w == nil {
		w = v.read(folded)
		if w.tally == nil {
			w.tally = &tally{}
			v.tallies[w.text] = w.tally
		}
		v.words[folded] = w
	}
	return w
}

// read is a word without changing the vocabulary.
func (v *vocabulary) read(folded string) *word {
	if w := v.words[folded]; w != nil {
		return w
	}
	w := &word{text: plainC(folded)}
	w.mask = letterMask(w.text)
	r, size := utf8.DecodeRuneInString(w.text)
	w.initial, w.single = w.text[:size], size == len(w.text) && r > '9'
	w.sound, w.other = sounds(folded)
	w.nick = nicknames[w.text]
	w.tally = v.tallies[w.text]
	return w
}

// mark tells a word from others of the same text and another sound, which a
// cedilla makes.
func (w *word) mark() string { return w.text + "," + w.sound + "," + w.other }

func (w *word) sameSound(o *word) bool {
	return w.sound == o.sound || w.other != "" && (w.other == o.sound || w.other == o.other) || o.other != "" && o.other == w.sound
}

// minSound keeps sounds of one or two letters from meaning anything: Lee, Lou
// and Leo are three names.
const minSound = 3

// floorSize is added to the number of records, so that in a list of ten a name
// borne once is not taken for one that every tenth person bears: names come from
// a world of more people than the list.
const floorSize = 300

// size is how many records chance has to be reckoned with.
func (v *vocabulary) size() float64 { return float64(v.records + floorSize) }

// rarity is how many bits it says that two records agree in something that count
// records of the index have: the binary logarithm of size over those others that
// have it too. The two compared are not counted, and one that nobody else has
// counts as if one other had it in part: alone is what is believed of the
// unseen, in records, between 0 and 1.
func (v *vocabulary) rarity(count int, alone float64) float64 {
	return math.Log2(v.size() / (float64(max(0, count-2)) + alone))
}

// prior is the evidence there is before anything was compared: that a record has
// a double among size others, and in a list that nobody has cleaned one in four
// has.
func (v *vocabulary) prior() float64 { return -math.Log2(v.size()) - 2 }

// probability turns bits of evidence into a score (the logistic function to
// the base 2).
func probability(bits float64) float64 { return 1 / (1 + math.Exp2(-bits)) }

// established tells whether the rarer of two spellings is borne by so many that
// it is a name of its own and no slip. Slips of a frequent name are frequent too:
// up to one in fifty is believed.
func (v *vocabulary) established(most, least int) bool {
	return least > 3+v.records/10000+most/50
}

// block is a blocking key: records that share one are compared.
type block uint32

// blockOf hashes a kind of blocking key and its parts. Two keys of one hash only
// mean a comparison too many.
func blockOf(kind byte, parts ...string) block {
	h := hashOf(kind, parts...)
	return block(h ^ h>>32)
}

func hashOf(kind byte, parts ...string) uint64 {
	const offset, prime = 14695981039346656037, 1099511628211 // FNV-1a
	h := (uint64(offset) ^ uint64(kind)) * prime
	for _, p := range parts {
		for i := range len(p) {
			h = (h ^ uint64(p[i])) * prime
		}
		h = (h ^ 0xff) * prime
	}
	return h
}

// bearers counts how many records of the index bear a detail, by its hash: two
// details of a million share one with a chance of about 10^-8, and then pass for
// less rare than they are.
type bearers map[uint64]int32

func (b bearers) add(detail string) { b[hashOf(0, detail)]++ }

func (b bearers) of(detail string) int { return int(b[hashOf(0, detail)]) }
