package i18n

import (
	"hash/maphash"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/kljensen/snowball/english"
	"github.com/kljensen/snowball/french"
	"github.com/kljensen/snowball/spanish"
)

var stemmers = []func(word string, stopWords bool) string{english.Stem, french.Stem, spanish.Stem}

// Stems returns the forms under which a word is found: the folded word itself first, then what is left
// of it without its endings in each language, each form once. Text and question are both stemmed this
// way, so that a search finds "meeting" by "meetings" whatever language either is written in. The word
// is folded before it is stemmed; what folds to nothing has no stems, and of several words only the
// first counts.
func Stems(word string) []string {
	words := Words(clip(word, 4*maxWord))
	if len(words) == 0 {
		return nil
	}
	if strings.ContainsAny(words[0], "0123456789") { // a number or a code, which has no ending
		return words[:1]
	}
	return slices.Clone(stemmed.of(words[0]))
}

// stemsOf are the forms of a folded word.
func stemsOf(word string) []string {
	forms := []string{word}
	for _, stem := range stemmers {
		form := FoldKey(safely(stem, word))
		if form != "" && !slices.Contains(forms, form) {
			forms = append(forms, form)
		}
	}
	return forms
}

// stems remembers the forms of words met before: the names and common words of a list come again and
// again, and taking the endings off in three languages costs more than all else about a word. A word
// takes the place of another one that falls on the same place.
type stems [1 << 12]atomic.Pointer[forms]

type forms struct {
	word string
	all  []string
}

var (
	stemmed  stems
	scramble = maphash.MakeSeed()
)

func (s *stems) of(word string) []string {
	place := &s[maphash.String(scramble, word)%uint64(len(s))]
	if have := place.Load(); have != nil && have.word == word {
		return have.all
	}
	all := stemsOf(strings.Clone(word)) // not part of a whole text, which would stay as well
	place.Store(&forms{all[0], all})
	return all
}

// safely stems a word and gives it back unchanged should the stemmer panic: what it is given comes from
// the network, and a failed ending is no reason to fail a request.
func safely(stem func(string, bool) string, word string) (out string) {
	defer func() {
		if recover() != nil {
			out = word
		}
	}()
	return stem(word, true)
}
