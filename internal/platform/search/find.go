package search

import (
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
	// together bounds how many entries are read for each of several words; see
	// alone for a word by itself. A word borne by more records than that is not a
	// way to find one; a second word, or more letters, is. The bounds keep the
	// commonest word nearly as quick as the rarest.
	together       = 500
	doubtsMost     = 100 // records whose own words are read to settle a doubt
	maxQueryWords  = 8
	maxSearchLimit = 500
)

// alone is how many entries are read for a word by itself: enough to choose the
// best from, since they come best first but for longer words in titles.
func (q Query) alone() int { return max(60, min(3*q.Limit, maxSearchLimit)) }

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
	if len(words) == 1 {
		if hits, all, err := rare(tx, q, words[0]); all || err != nil {
			return Result{Hits: hits}, err
		}
	}
	found, more, err := matches(tx, q, words)
	if err != nil {
		return Result{}, err
	}
	slices.SortStableFunc(found, better)
	if len(found) > q.Limit {
		found, more = found[:q.Limit], true
	}
	hits, err := documents(tx, found)
	return Result{Hits: hits, More: more}, err
}

// few is how many entries a word may have for its records to be read along with
// them.
const few = 10

// rare answers a word that few records hold, as most questions are once a few
// letters stand, in one statement. all is false when there are more, or when
// stems have to be looked for as well.
func rare(tx *store.Tx, q Query, word string) (hits []Hit, all bool, err error) {
	for _, stem := range i18n.Stems(word) {
		if len(stem) >= minStem && !strings.HasPrefix(stem, word) {
			return nil, false, nil
		}
	}
	type entry struct {
		match
		Hit
	}
	list, err := store.Collect(tx, func(row store.Row) (entry, error) {
		var e entry
		var held string
		var id []byte
		err := row.Scan(&held, &e.rank, &e.kind, &id, &e.Title, &e.Detail)
		copy(e.id[:], id)
		e.inner = held != word
		e.Kind, e.ID = e.kind, e.id
		return e, err
	}, `SELECT search_words.word, search_words.rank, search_words.kind, search_words.record_id, search_documents.title, search_documents.detail
		FROM search_words JOIN search_documents ON search_documents.collaborative_id = $1 AND search_documents.kind = search_words.kind AND search_documents.record_id = search_words.record_id
		WHERE search_words.collaborative_id = $1 AND search_words.word >= $2 AND search_words.word < $3 AND search_words.rank <= $4 AND search_words.kind IN ($5)
		ORDER BY search_words.word, search_words.rank, search_words.kind LIMIT $6`,
		word, word+"\U0010FFFF", int64(q.Reach), store.In(q.Kinds), int64(few))
	if err != nil || len(list) == few {
		return nil, false, err
	}
	slices.SortStableFunc(list, func(a, b entry) int { return better(a.match, b.match) })
	for _, e := range list {
		if slices.ContainsFunc(hits, func(h Hit) bool { return h.Kind == e.Kind && h.ID == e.ID }) {
			continue
		}
		if len(hits) == q.Limit {
			return nil, false, nil // then it must be said that there are more
		}
		hits = append(hits, e.Hit)
	}
	return hits, true, nil
}

// better orders matches: titles before other texts, whole words before
// beginnings.
func better(a, b match) int {
	return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(truth(a.inner), truth(b.inner)))
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
		phrase, full, err := beginning(tx, q, cut(strings.Join(words, " ")), q.alone())
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
		list, full, err := withStems(tx, q, words[0], q.alone())
		add(list)
		return found, more || full, err
	}
	both, full, err := holdingAll(tx, q, words)
	add(both)
	return found, more || full, err
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
		prefix, prefix+"\U0010FFFF", int64(q.Reach), store.In(q.Kinds), int64(most))
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
