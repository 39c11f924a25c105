// Package search finds records by the words in them.
//
// It is an inverted index in one ordinary table that begins with the
// collaborative, so that a search costs nothing for other collaboratives' data,
// tells nothing about it, and works the same on both engines and inside the
// transaction that changed the record. Words are folded (accents, case) and
// stored with their stems in English, French and Spanish; every word of a
// question is matched as the beginning of a stored word.
package search

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/store"
)

// Rank says where a word stands in a record and so who may find it by it.
type Rank int64

// The ranks, best first.
const (
	InTitle    Rank = 0 // the record's name
	InOpen     Rank = 1 // what everyone who sees the record may read
	InGuarded  Rank = 2 // contact details and notes, for those who may see them
	maxWords        = 400
	minStem         = 4 // shorter stems, as beginnings, would match too much
	phraseMost      = 80
)

// Field is one text of a record.
type Field struct {
	Rank Rank
	Text string
}

// Document is what the index keeps of one record.
type Document struct {
	Kind   string
	ID     [16]byte
	Title  string
	Detail string // one line under the title in results, readable to everyone who sees the record
	Fields []Field
}

// Put makes a record findable, replacing what was kept of it before. Most
// records are new, so what was kept is looked for only where something was.
func Put(tx *store.Tx, d Document) error {
	fresh := d.words()
	added, err := tx.Exec(`INSERT INTO search_documents (collaborative_id, kind, record_id, title, detail, words) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (collaborative_id, kind, record_id) DO NOTHING`,
		d.Kind, d.ID[:], d.Title, d.Detail, store.JSON(fresh))
	if err != nil {
		return err
	}
	var old map[string]Rank
	if added == 0 {
		if old, err = replace(tx, d, fresh); err != nil {
			return err
		}
	}
	rows := make([][]any, 0, len(fresh))
	for _, word := range slices.Sorted(maps.Keys(fresh)) {
		rank := fresh[word]
		if have, ok := old[word]; !ok || have != rank {
			rows = append(rows, []any{word, int64(rank), d.Kind, d.ID[:]})
		}
	}
	return tx.ExecRowsLater(`INSERT INTO search_words (collaborative_id, word, rank, kind, record_id) VALUES ($1, $2, $3, $4, $5)`, rows)
}

// replace writes a document over the one that is kept and removes the words that
// no longer stand in it. It returns the words that were kept.
func replace(tx *store.Tx, d Document, fresh map[string]Rank) (map[string]Rank, error) {
	if err := tx.WriteHeld(); err != nil { // it may be of this very record
		return nil, err
	}
	old, err := kept(tx, d.Kind, d.ID)
	if err != nil {
		return nil, err
	}
	if _, err := tx.Exec(`UPDATE search_documents SET title = $4, detail = $5, words = $6 WHERE collaborative_id = $1 AND kind = $2 AND record_id = $3`,
		d.Kind, d.ID[:], d.Title, d.Detail, store.JSON(fresh)); err != nil {
		return nil, err
	}
	for word, rank := range old {
		if have, ok := fresh[word]; ok && have == rank {
			continue
		}
		if err := removeWord(tx, d.Kind, d.ID, word, rank); err != nil {
			return nil, err
		}
	}
	return old, nil
}

// Remove forgets a record.
func Remove(tx *store.Tx, kind string, id [16]byte) error {
	if err := tx.WriteHeld(); err != nil {
		return err
	}
	old, err := kept(tx, kind, id)
	if err != nil {
		return err
	}
	for word, rank := range old {
		if err := removeWord(tx, kind, id, word, rank); err != nil {
			return err
		}
	}
	_, err = tx.Exec(`DELETE FROM search_documents WHERE collaborative_id = $1 AND kind = $2 AND record_id = $3`, kind, id[:])
	return err
}

func removeWord(tx *store.Tx, kind string, id [16]byte, word string, rank Rank) error {
	_, err := tx.Exec(`DELETE FROM search_words WHERE collaborative_id = $1 AND word = $2 AND rank = $3 AND kind = $4 AND record_id = $5`,
		word, int64(rank), kind, id[:])
	return err
}

// kept is the words the index holds of a record, nil when it holds none.
func kept(tx *store.Tx, kind string, id [16]byte) (map[string]Rank, error) {
	words, err := store.One(tx, func(row store.Row) (w map[string]Rank, err error) { return w, row.Scan(store.ScanJSON(&w)) },
		`SELECT words FROM search_documents WHERE collaborative_id = $1 AND kind = $2 AND record_id = $3`, kind, id[:])
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return words, err
}

// words is every word and stem of the document with its best rank. The title
// also stands as a whole, and from each of its words on, so that "north side
// pa" finds "North Side Parents Union" among thousands of norths.
func (d Document) words() map[string]Rank {
	out := map[string]Rank{}
	put := func(word string, rank Rank) {
		if have, ok := out[word]; word != "" && (!ok || rank < have) && (ok || len(out) < maxWords) {
			out[word] = rank
		}
	}
	title := i18n.Words(d.Title)
	for i := range title {
		if i < len(title)-1 {
			put(cut(strings.Join(title[i:], " ")), InTitle)
		}
	}
	if len(title) == 2 { // a person, most often: also family name first
		put(cut(title[1]+" "+title[0]), InTitle)
	}
	fields := append([]Field{{InTitle, d.Title}}, d.Fields...)
	slices.SortStableFunc(fields, func(a, b Field) int { return int(a.Rank - b.Rank) })
	for _, field := range fields {
		for _, word := range i18n.Words(field.Text) {
			put(word, field.Rank)
			for _, stem := range i18n.Stems(word) {
				// A stem that begins the word is found through the word.
				if len(stem) >= minStem && !strings.HasPrefix(word, stem) {
					put(stem, field.Rank)
				}
			}
		}
	}
	return out
}

// cut bounds a phrase at a character.
func cut(phrase string) string {
	if len(phrase) <= phraseMost {
		return phrase
	}
	return strings.ToValidUTF8(phrase[:phraseMost], "")
}
