package i18n_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"commontable/internal/platform/i18n"
)

var awkward = []string{
	"", " ", "Ana  Núñez", "\xff\xfe", "é", "e\u0301", "ﷺ", "ǅ", "İ", "ẞ", "ΣΑΣ", "\u202eabc", "a\u200bb", "a\r\nb\u2028c", "\x00a\x1b[0m",
	"Ⅷ ½ ²", "한국어", "會議", "नमस्ते", "👩‍👩‍👧", strings.Repeat("\u0300", 3000), strings.Repeat("ﷺ", 500), "1 23 456", "\ufeffa", "\u00a0:\u202f!",
	strings.Repeat("a ", 30000), "ϓ", "ᾀ", "\u1e9b\u0323", "ｶﾞ", "\U000e0041",
}

func TestFoldKey(t *testing.T) {
	for in, want := range map[string]string{
		"Ana  Núñez": "ana nunez", "O’Brien-Smith, Jr.": "o brien smith jr", "STRASSE": "strasse", "Straße": "strasse", "Ælfrøđ Łódź": "aelfrod lodz",
		"L’École": "l ecole", "İstanbul ıı": "istanbul ii", "ΣΑΣ σας": "σασ σασ", "Ｆｕｌｌ": "full", "ﬁn": "fin", "co\u00adop": "coop",
		"  (x)  ": "x", "No. 10 ½": "no 10 1 2", "\xffa\xfe": "a", "—": "", "Þór": "thor", "a\tb\nc": "a b c",
	} {
		if got := i18n.FoldKey(in); got != want {
			t.Errorf("FoldKey(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFoldKeyIsShortAndKeepsItsBeginning(t *testing.T) {
	if got := i18n.FoldKey(strings.Repeat("é", 5000)); got != strings.Repeat("e", i18n.MaxFoldKey) {
		t.Errorf("%d bytes", len(got))
	}
	if got := i18n.FoldKey(strings.Repeat("\u0300", 5000) + "é"); got != "e" {
		t.Errorf("what folds to nothing hides the rest: %q", got)
	}
}

func FuzzFold(f *testing.F) {
	for _, seed := range awkward {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		key := i18n.FoldKey(s)
		if again := i18n.FoldKey(key); again != key {
			t.Errorf("%q folds to %q and that to %q", s, key, again)
		}
		if len(key) > i18n.MaxFoldKey || !utf8.ValidString(key) || strings.Contains(key, "  ") || strings.TrimSpace(key) != key {
			t.Errorf("key %q", key)
		}
		for _, r := range key {
			if r != ' ' && !unicode.IsLetter(r) && !unicode.IsNumber(r) || unicode.IsMark(r) {
				t.Errorf("key %q holds %U", key, r)
			}
		}
		if composed := i18n.FoldKey(norm.NFC.String(s)); utf8.ValidString(s) && len(key) < i18n.MaxFoldKey-64 && composed != key {
			t.Errorf("the composed form of %q folds to %q, not %q", s, composed, key)
		}
		words := i18n.Words(s)
		if len(words) > i18n.MaxWords {
			t.Errorf("%d words", len(words))
		}
		for _, word := range words {
			if word == "" || len(word) > 64 || strings.Contains(word, " ") || i18n.FoldKey(word) != word {
				t.Errorf("word %q", word)
			}
		}
		stems := i18n.Stems(s)
		if len(stems) > 4 || len(words) > 0 && (len(stems) == 0 || stems[0] != i18n.Words(words[0])[0]) {
			t.Errorf("stems %q of %q", stems, words)
		}
		for i, stem := range stems {
			if stem == "" || len(stem) > 80 || slices.Contains(stems[:i], stem) {
				t.Errorf("stems %q", stems)
			}
		}
	})
}

func FuzzClean(f *testing.F) {
	for _, seed := range awkward {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for name, clean := range map[string]func(string) string{"CleanLine": i18n.CleanLine, "CleanText": i18n.CleanText} {
			got := clean(s)
			if again := clean(got); again != got {
				t.Errorf("%s(%q) is %q, then %q", name, s, got, again)
			}
			if !utf8.ValidString(got) || !norm.NFC.IsNormalString(got) || len(got) > 4*len(s)+4 {
				t.Errorf("%s(%q) is %q", name, s, got)
			}
			for _, r := range got {
				if unicode.IsControl(r) && (name == "CleanLine" || r != '\n' && r != '\t') || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
					t.Errorf("%s(%q) keeps %U", name, s, r)
				}
			}
		}
		if line := i18n.CleanLine(s); strings.TrimSpace(line) != line || strings.Contains(line, "  ") {
			t.Errorf("CleanLine(%q) is %q", s, line)
		}
	})
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"  Ana \t Núñez \n": "Ana Núñez", "a\u202eb\u2066c": "abc", "Qui\u202f?": "Qui\u202f?", "a \u00a0 b": "a b", "\x00\x1b[0m": "[0m",
		"e\u0301": "é", "a\xffb": "a\ufffdb", "a\u2028b": "a b", "\ufeffa": "a", "👩‍👩‍👧": "👩‍👩‍👧", "": "",
	} {
		if got := i18n.CleanLine(in); got != want {
			t.Errorf("CleanLine(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"\n\na  \r\n\r\n  b\tc\r\x00": "a\n\n  b\tc", "a\u2028b": "a\nb", " \n ": "", "\u202ex": "x", "- one\n- two\n": "- one\n- two",
	} {
		if got := i18n.CleanText(in); got != want {
			t.Errorf("CleanText(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCollationOrder(t *testing.T) {
	for lang, names := range map[string][]string{
		"en": {"", "2 Rivers", "10 Rivers", "Åberg", "Adams", "adams", "Ádams", "de la Cruz", "Delacroix", "Room 2", "Room 10", "Zhou", "Ørsted", "Жук", "會議"},
		"es": {"nación", "nutria", "ñandú", "oso"},
		"fr": {"cote", "coté", "côte", "côté", "œuf", "ouvrir"},
	} {
		want := slices.Clone(names)
		if lang == "en" {
			// Where x/text puts letters of other alphabets and ø is its business; the rest is fixed.
			want = []string{"", "2 Rivers", "10 Rivers", "adams", "Adams", "Ádams", "de la Cruz", "Delacroix", "Room 2", "Room 10", "Zhou", "Жук", "會議"}
		}
		got := slices.Clone(want)
		slices.Reverse(got)
		slices.SortStableFunc(got, func(a, b string) int { return bytes.Compare(i18n.CollationKey(lang, a), i18n.CollationKey(lang, b)) })
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}

func FuzzCollationKey(f *testing.F) {
	for _, seed := range awkward {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, lang := range append(i18n.Languages(), "xx") {
			key := i18n.CollationKey(lang, s)
			if len(key) > i18n.MaxCollationKey {
				t.Errorf("%d bytes for %q", len(key), s)
			}
			if !bytes.Equal(key, i18n.CollationKey(lang, s)) || !bytes.Equal(key, i18n.CollationKey(lang, " "+s+"\n")) {
				t.Errorf("the key of %q is not stable", s)
			}
		}
	})
}

func TestCollationKeysFromManyGoroutines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		want := i18n.CollationKey("fr", s)
		done := make(chan []byte)
		for range 4 {
			go func() { done <- i18n.CollationKey("fr", s) }()
		}
		for range 4 {
			if got := <-done; !bytes.Equal(got, want) {
				t.Errorf("%q: %x, want %x", s, got, want)
			}
		}
	})
}

func TestStems(t *testing.T) {
	shares := func(a, b string) bool {
		return slices.ContainsFunc(i18n.Stems(a), func(s string) bool { return slices.Contains(i18n.Stems(b), s) })
	}
	for _, pair := range [][2]string{{"meeting", "meetings"}, {"Réunions", "réunion"}, {"reuniones", "REUNIÓN"}, {"organisations", "organisation"}, {"compromisos", "compromiso"}} {
		if !shares(pair[0], pair[1]) {
			t.Errorf("%q %q and %q %q share no stem", pair[0], i18n.Stems(pair[0]), pair[1], i18n.Stems(pair[1]))
		}
	}
	if shares("meeting", "harvest") {
		t.Error("unlike words share a stem")
	}
	if got := i18n.Stems("--"); got != nil {
		t.Errorf("stems of nothing: %q", got)
	}
	if got := i18n.Stems("Meetings"); got[0] != "meetings" {
		t.Errorf("the word itself is not first: %q", got)
	}
}

func BenchmarkFoldKey(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_ = i18n.FoldKey("Association des Écoles de la Rivière")
	}
}

func BenchmarkCollationKey(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_ = i18n.CollationKey("fr", "Association des Écoles de la Rivière")
	}
}

func BenchmarkStems(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_ = i18n.Stems("organisations")
	}
}

func BenchmarkCleanLine(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_ = i18n.CleanLine("Association des Écoles  de la Rivière ")
	}
}
