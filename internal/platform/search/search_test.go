package search_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/search"
	"commontable/internal/platform/store"
	"commontable/internal/schema"
	"commontable/internal/testing/migrated"
)

func open(t *testing.T) (*store.Store, store.Collaborative) {
	t.Helper()
	s, err := store.Open(context.Background(), store.Config{Path: migrated.File(t), Migrations: schema.Files})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	here := store.Collaborative{1}
	if err := s.WriteInstallation(context.Background(), func(tx *store.InstallationTx) error {
		_, err := tx.Exec(`INSERT INTO collaboratives (id, slug, name, place, population, purpose, zone, language, languages, phase, labels, survey_minimum, people_minimum, require_second_factor, version, created_at, updated_at)
			VALUES ($1, 'here', 'Here', '', '', '', 'UTC', 'en', '[]', '', '{}', 5, 11, FALSE, 1, 0, 0)`, here[:])
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return s, here
}

// The index answers like a reading of every document: put, replaced and removed
// in any order, each question finds exactly the documents that hold, for every
// word asked, a word beginning so within reach.
func TestIndexAgreesWithReadingEverything(t *testing.T) {
	s, here := open(t)
	vocabulary := []string{"north", "northside", "nor", "école", "ecole", "Niños", "nino", "x", "união", "parents", "12", "a b"}
	rapid.Check(t, func(rt *rapid.T) {
		docs := map[byte]search.Document{}
		err := s.Write(context.Background(), here, func(tx *store.Tx) error {
			for range rapid.IntRange(1, 12).Draw(rt, "steps") {
				n := byte(rapid.IntRange(1, 5).Draw(rt, "doc"))
				if rapid.Bool().Draw(rt, "remove") {
					delete(docs, n)
					if err := search.Remove(tx, "thing", [16]byte{n}); err != nil {
						return err
					}
					continue
				}
				words := rapid.SliceOfN(rapid.SampledFrom(vocabulary), 1, 4)
				d := search.Document{Kind: "thing", ID: [16]byte{n}, Title: strings.Join(words.Draw(rt, "title"), " "), Detail: "detail",
					Fields: []search.Field{{Rank: search.InOpen, Text: strings.Join(words.Draw(rt, "open"), " ")}, {Rank: search.InGuarded, Text: strings.Join(words.Draw(rt, "guarded"), " ")}}}
				docs[n] = d
				if err := search.Put(tx, d); err != nil {
					return err
				}
			}
			for range 5 {
				question := rapid.SliceOfN(rapid.SampledFrom([]string{"no", "north", "nort", "ecol", "nin", "x", "pare", "uniao", "1", "b"}), 1, 2).Draw(rt, "question")
				reach := rapid.SampledFrom([]search.Rank{search.InTitle, search.InOpen, search.InGuarded}).Draw(rt, "reach")
				found, err := search.Find(tx, search.Query{Text: strings.Join(question, " "), Kinds: []string{"thing"}, Reach: reach, Limit: 50})
				if err != nil {
					return err
				}
				var got, want []string
				for _, h := range found.Hits {
					got = append(got, fmt.Sprint(h.ID[0]))
				}
				for n, d := range docs {
					if holds(d, question, reach) {
						want = append(want, fmt.Sprint(n))
					}
				}
				slices.Sort(got)
				slices.Sort(want)
				if !slices.Equal(got, want) {
					rt.Fatalf("%q with reach %d finds %v, want %v in %+v", question, reach, got, want, docs)
				}
			}
			return errUndo
		})
		if err != nil && !errors.Is(err, errUndo) {
			rt.Fatal(err)
		}
	})
}

var errUndo = errors.New("leave nothing behind")

func holds(d search.Document, question []string, reach search.Rank) bool {
	var words []string
	for _, f := range append(d.Fields, search.Field{Rank: search.InTitle, Text: d.Title}) {
		if f.Rank <= reach {
			words = append(words, i18n.Words(f.Text)...)
		}
	}
	for _, q := range question {
		if !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, q) }) {
			return false
		}
	}
	return true
}

// A word that thousands bear is answered from a bounded look, and says that
// there is more.
func TestCommonWordsAreBounded(t *testing.T) {
	s, here := open(t)
	if err := s.Write(context.Background(), here, func(tx *store.Tx) error {
		for n := range 1500 {
			if err := search.Put(tx, search.Document{Kind: "thing", ID: [16]byte{byte(n >> 8), byte(n), 1}, Title: fmt.Sprintf("Maria %04d", n)}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Read(context.Background(), here, func(tx *store.Tx) error {
		for text, want := range map[string]struct {
			hits int
			more bool
		}{"maria": {20, true}, "maria 0777": {1, false}, "1444 mar": {1, false}, "mar 1444 maria": {1, false}, "1499": {1, false}} {
			found, err := search.Find(tx, search.Query{Text: text, Kinds: []string{"thing"}, Reach: search.InOpen, Limit: 20})
			if err != nil {
				return err
			}
			if len(found.Hits) != want.hits || text == "maria" && !found.More {
				t.Errorf("%q: %d hits, more %v", text, len(found.Hits), found.More)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
