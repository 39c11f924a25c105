package i18n

import (
	"slices"

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
	forms := []string{words[0]}
	for _, stem := range stemmers {
		form := FoldKey(safely(stem, words[0]))
		if form != "" && !slices.Contains(forms, form) {
			forms = append(forms, form)
		}
	}
	return forms
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
