package search

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/store"
)

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
