package resemblance

import (
	"slices"
	"strings"
)

// title is a name of an organization taken apart.
type title struct {
	words    []string // in their one form, without small words and legal forms
	raw      []string // the same words as written, folded
	legal    []string // the legal forms set aside
	numbers  []string
	kinds    []kind
	short    string   // the name itself, when it may be an acronym
	acronyms []string // what its initials spell
}

// joined is the title in one piece, so that "Open JS" and "OpenJS" are equal.
func (t title) joined() string { return strings.Join(t.words, "") }

// namesOf are the names in a field that may hold several: with a short form or a
// former name in brackets, or behind "doing business as".
func namesOf(s string) []string {
	rest, inside := aside(s[:min(len(s), 8*maxText)])
	out := append([]string{rest}, inside...)
	for _, sign := range []string{" dba ", " d/b/a ", " aka ", " a/k/a ", " fka ", " f/k/a "} {
		if i := strings.Index(strings.ToLower(out[0]), sign); i > 0 && i+len(sign) < len(out[0]) {
			out = append(out, out[0][i+len(sign):])
			out[0] = out[0][:i]
		}
	}
	return out
}

// former introduces another name.
var former = setOf(`fka aka dba formerly former ex anciennement antes formalmente exp`)

// titleOf takes a name apart.
func titleOf(name string) title {
	var t title
	var tokens []string
	for _, w := range foldedWords(joinDotted(strings.ReplaceAll(name, "&", " and "))) {
		w = plainC(w)
		if legalForms[w] {
			tokens = append(tokens, w)
			continue
		}
		tokens = append(tokens, splitDigits(w)...)
	}
	for len(tokens) > 1 && former[tokens[0]] {
		tokens = tokens[1:]
	}
	end := len(tokens)
	for end > 1 && (legalForms[tokens[end-1]] || smallWords[tokens[end-1]]) {
		end--
	}
	if onlySmall(tokens[:end]) { // "The Co." is a name after all
		end = len(tokens)
	}
	for _, w := range tokens[end:] {
		if legalForms[w] {
			t.legal = append(t.legal, w)
		}
	}
	tokens = tokens[:end]
	all, most := "", ""
	for _, w := range tokens {
		first := string([]rune(w)[:1])
		if digits(w) {
			first = w
		}
		all += first
		if smallWords[w] && len(tokens) > 1 && !onlySmall(tokens) {
			continue
		}
		most += first
		one := canonical(w)
		t.raw = append(t.raw, w)
		t.words = append(t.words, one)
		if digits(one) {
			t.numbers = append(t.numbers, one)
		}
		if k, ok := kinds[one]; ok && !slices.Contains(t.kinds, k) {
			t.kinds = append(t.kinds, k)
		}
	}
	slices.Sort(t.numbers)
	if n := len(t.numbers); len(t.words) == 1+n && len(t.raw[0]) >= 2 && len(t.raw[0]) <= 7 && !digits(t.raw[0]) {
		t.short = strings.Join(t.raw, "") // RHC, TL190
	}
	if len(t.words) >= 2 {
		for _, s := range []string{most, all} {
			if len(s) >= 2 && len(s) <= 10 && !slices.Contains(t.acronyms, s) {
				t.acronyms = append(t.acronyms, s)
			}
		}
	}
	return t
}

func onlySmall(words []string) bool {
	for _, w := range words {
		if !smallWords[w] {
			return false
		}
	}
	return true
}

// canonical is the one form of a folded word: numbers in digits without leading
// zeros, short and foreign forms by the table, plurals without their s.
func canonical(w string) string {
	if n, ok := numberWords[w]; ok {
		return n
	}
	if digits(w) {
		if n := strings.TrimLeft(w, "0"); n != "" {
			return n
		}
		return "0"
	}
	for _, ending := range []string{"st", "nd", "rd", "th"} {
		if n, ok := strings.CutSuffix(w, ending); ok && digits(n) {
			return n
		}
	}
	if one, ok := canonicalWords[w]; ok {
		return one
	}
	if len(w) > 3 && w[len(w)-1] == 's' && !strings.ContainsRune("suij", rune(w[len(w)-2])) {
		w = w[:len(w)-1]
		if one, ok := canonicalWords[w]; ok {
			return one
		}
	}
	return w
}

func digits(w string) bool {
	for i := range len(w) {
		if w[i] < '0' || w[i] > '9' {
			return false
		}
	}
	return w != ""
}

// splitDigits parts PS12 into the letters and the number; ordinals stay whole.
func splitDigits(w string) []string {
	if canonical(w) != w && digits(canonical(w)) {
		return []string{w}
	}
	var out []string
	begin := 0
	for i := 1; i < len(w); i++ {
		if digits(w[i-1:i]) != digits(w[i:i+1]) {
			out = append(out, w[begin:i])
			begin = i
		}
	}
	return append(out, w[begin:])
}
