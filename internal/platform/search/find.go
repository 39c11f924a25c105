package search

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/store"
)

// Query is a question to the index.
type Query struct {
	Text  string
	Kinds []string // at least one; what the asker may see at all
	// Reach is the last rank the asker may find by: InOpen for most, InGuarded
	// for those who may read contact details.
	Reach Rank
	Limit int // at most 500
}

// Hit is one record found.
type Hit struct {
	Kind   string
	ID     [16]byte
	Title  string
	Detail string
}

// Result is the best hits and whether there were more than the index looked at
// or the limit let through.
type Result struct {
	Hits []Hit
	More bool
}

const (
	// alone and together bound how many entries are read for a word that stands
	// alone, and for each of several. A word borne by more records than that is
	// not a way to find one; a second word, or more letters, is. The bounds keep
	// the commonest word nearly as quick as the rarest.
	alone          = 300
	together       = 500
	doubtsMost     = 100 // records whose own words are read to settle a doubt
	maxQueryWords  = 8
	maxSearchLimit = 500
)

type record struct {
	kind string
	id   [16]byte
}

// match is how well a record answers: smaller is better, compared in order.
type match struct {
	record
	rank  Rank
	inner bool // the word only begins with what was asked
}

// Find answers a question. A question without letters or digits finds nothing.
func Find(tx *store.Tx, q Query) (Result, error) {
	words := i18n.Words(q.Text)
	if len(words) == 0 || len(q.Kinds) == 0 {
		return Result{}, nil
	}
	words = words[:min(len(words), maxQueryWords)]
	if q.Limit <= 0 || q.Limit > maxSearchLimit {
		q.Limit = maxSearchLimit
	}
	found, more, err := matches(tx, q, words)
	if err != nil {
		return Result{}, err
	}
	slices.SortStableFunc(found, func(a, b match) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(truth(a.inner), truth(b.inner)))
	})
	if len(found) > q.Limit {
		found, more = found[:q.Limit], true
	}
	hits, err := documents(tx, found)
	return Result{Hits: hits, More: more}, err
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// matches finds the records that hold every word: those in which the question
// stands as a phrase in the title first, then those that hold each word.
func matches(tx *store.Tx, q Query, words []string) (found []match, more bool, err error) {
	seen := map[record]bool{}
	add := func(list []match) {
		for _, m := range list {
			if !seen[m.record] {
				seen[m.record] = true
				found = append(found, m)
			}
		}
	}
	if len(words) > 1 {
		phrase, full, err := beginning(tx, q, cut(strings.Join(words, " ")), alone)
		if err != nil {
			return nil, false, err
		}
		add(phrase)
		if len(found) >= q.Limit {
			return found, true, nil // nothing can come before these
		}
		more = full
	}
	if len(words) == 1 {
		list, full, err := withStems(tx, q, words[0], alone)
		add(list)
		return found, more || full, err
	}
	both, full, err := holdingAll(tx, q, words)
	add(both)
	return found, more || full, err
}

// answers are the records found by one word of a question. When there were more
// than were read, a record that is not among them may still hold the word.
type answers struct {
	word string
	list map[record]match
	full bool
}

// holdingAll finds the records that hold every word: those found by the rarest
// word, as far as the other words' answers, or their own words, confirm it.
func holdingAll(tx *store.Tx, q Query, words []string) ([]match, bool, error) {
	sets := make([]answers, len(words))
	for i, word := range words {
		list, full, err := withStems(tx, q, word, together)
		if err != nil {
			return nil, false, err
		}
		sets[i] = answers{word, make(map[record]match, len(list)), full}
		for _, m := range list {
			sets[i].list[m.record] = m
		}
	}
	slices.SortFunc(sets, func(a, b answers) int {
		return cmp.Or(cmp.Compare(truth(a.full), truth(b.full)), cmp.Compare(len(a.list), len(b.list)))
	})
	rarest := sets[0]
	var both, doubtful []match
	for key, m := range rarest.list {
		sure, possible := true, true
		for _, other := range sets[1:] {
			o, ok := other.list[key]
			sure, possible = sure && ok, possible && (ok || other.full)
			m.rank = max(m.rank, o.rank)
			m.inner = m.inner || o.inner
		}
		if sure {
			both = append(both, m)
		} else if possible {
			doubtful = append(doubtful, m)
		}
	}
	more := rarest.full || len(doubtful) > doubtsMost
	slices.SortFunc(doubtful, byID) // maps have no order; answers should
	confirmed, err := confirm(tx, q, doubtful[:min(len(doubtful), doubtsMost)], words)
	both = append(both, confirmed...)
	slices.SortFunc(both, byID)
	return both, more, err
}

func byID(a, b match) int { return bytes.Compare(a.id[:], b.id[:]) }

// confirm keeps the records whose own words, within reach, hold every word.
func confirm(tx *store.Tx, q Query, doubtful []match, words []string) ([]match, error) {
	byKind := map[string][][]byte{}
	at := make(map[record]match, len(doubtful))
	for _, m := range doubtful {
		byKind[m.kind] = append(byKind[m.kind], m.id[:])
		at[m.record] = m
	}
	var out []match
	for kind, ids := range byKind {
		err := store.Each(tx, func(row store.Row) error {
			var id []byte
			var kept map[string]Rank
			if err := row.Scan(&id, store.ScanJSON(&kept)); err != nil {
				return err
			}
			m := at[record{kind, [16]byte(id)}]
			if holdsAll(kept, q.Reach, words) {
				m.inner = true
				out = append(out, m)
			}
			return nil
		}, `SELECT record_id, words FROM search_documents WHERE collaborative_id = $1 AND kind = $2 AND record_id IN ($3)`, kind, store.In(ids))
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func holdsAll(kept map[string]Rank, reach Rank, words []string) bool {
	for _, word := range words {
		beginnings := append([]string{word}, i18n.Stems(word)...)
		found := false
		for have, rank := range kept {
			found = found || rank <= reach && slices.ContainsFunc(beginnings, func(b string) bool {
				return (b == word || len(b) >= minStem) && strings.HasPrefix(have, b)
			})
		}
		if !found {
			return false
		}
	}
	return true
}

// withStems finds the records that hold a word beginning as asked, or one with
// the same stem in any of the languages.
func withStems(tx *store.Tx, q Query, word string, most int) ([]match, bool, error) {
	found, more, err := beginning(tx, q, word, most)
	if err != nil || more {
		return found, more, err
	}
	seen := make(map[record]bool, len(found))
	for _, m := range found {
		seen[m.record] = true
	}
	for _, stem := range i18n.Stems(word) {
		if len(stem) < minStem || strings.HasPrefix(stem, word) {
			continue // what it finds was found already
		}
		list, full, err := beginning(tx, q, stem, most)
		if err != nil {
			return nil, false, err
		}
		more = more || full
		for _, m := range list {
			if !seen[m.record] {
				seen[m.record] = true
				m.inner = true
				found = append(found, m)
			}
		}
	}
	return found, more, nil
}

// beginning reads the entries whose word begins with prefix, the exact word
// first because it sorts first, titles before other texts within a word.
func beginning(tx *store.Tx, q Query, prefix string, most int) ([]match, bool, error) {
	kinds := make([]any, len(q.Kinds))
	for i, k := range q.Kinds {
		kinds[i] = k
	}
	list, err := store.Collect(tx, func(row store.Row) (match, error) {
		var m match
		var word string
		var id []byte
		err := row.Scan(&word, &m.rank, &m.kind, &id)
		copy(m.id[:], id)
		m.inner = word != prefix
		return m, err
	}, `SELECT word, rank, kind, record_id FROM search_words WHERE collaborative_id = $1 AND word >= $2 AND word < $3 AND rank <= $4 AND kind IN ($5)
		ORDER BY word, rank, kind LIMIT $6`,
		prefix, prefix+"\U0010FFFF", int64(q.Reach), store.List(kinds), int64(most))
	if err != nil {
		return nil, false, err
	}
	full := len(list) == most
	seen := make(map[record]bool, len(list))
	out := list[:0]
	for _, m := range list {
		if !seen[m.record] {
			seen[m.record] = true
			out = append(out, m)
		}
	}
	return out, full, nil
}

// documents loads what to show of the hits, in the order of the hits.
func documents(tx *store.Tx, found []match) ([]Hit, error) {
	byKind := map[string][][]byte{}
	for _, m := range found {
		byKind[m.kind] = append(byKind[m.kind], m.id[:])
	}
	loaded := make(map[record]Hit, len(found))
	for kind, ids := range byKind {
		err := store.Each(tx, func(row store.Row) error {
			hit := Hit{Kind: kind}
			var id []byte
			if err := row.Scan(&id, &hit.Title, &hit.Detail); err != nil {
				return err
			}
			copy(hit.ID[:], id)
			loaded[record{kind, hit.ID}] = hit
			return nil
		}, `SELECT record_id, title, detail FROM search_documents WHERE collaborative_id = $1 AND kind = $2 AND record_id IN ($3)`, kind, store.In(ids))
		if err != nil {
			return nil, err
		}
	}
	hits := make([]Hit, 0, len(found))
	for _, m := range found {
		if hit, ok := loaded[m.record]; ok {
			hits = append(hits, hit)
		}
	}
	return hits, nil
}
