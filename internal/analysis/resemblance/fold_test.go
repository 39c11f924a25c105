package resemblance

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

var awkward = []string{
	"", " ", "\xff\xfe", "é", "e\u0301", "ﷺ", "ǅ", "İ", "ẞ", "\u202eabc", "a\u200bb", "a\r\nb\u2028c", "\x00a", "Ⅷ ½ ²", "한국어", "會議", "नमस्ते", "👩‍👩‍👧",
	strings.Repeat("\u0300", 3000), strings.Repeat("ﷺ", 500), strings.Repeat("a ", 3000), "c\u0327\u0327", "ç ,̧", "()", "(", `"`, "«»", ",", ", ,", "Jr.", "de la", "S.A.", "...", "A.B.C", "12", "1st",
	"de", "(((", "@", "a@b", "@b.c", "x@gmail.com", "+@gmail.com", "http://", "http:///", "://@:", "https://[::1]/", "00000000", "+", "ext 5",
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"Ana  Núñez": "ana nunez", "O’Brien-Smith, Jr.": "obrien smith jr", "Straße": "strasse", "Ælfrøđ Łódź": "aelfrod lodz", "L'École": "lecole",
		"François": "françois", "FRANC\u0327OIS": "françois", "ﬁn": "fin", "Ｆｕｌｌ": "full", "co\u00adop": "coop", "—": "", "\xffa\xfe": "a",
		"Дмитрий Щербаков": "dmitrii shcherbakov", "Наталья": "natalya", "Юлия Жукова": "yuliya zhukova", "Γιώργος Παπαδόπουλος": "giorgos papadopoylos", "會議": "會議",
	} {
		if got := fold(in); got != want {
			t.Errorf("fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, seed := range awkward {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		folded := fold(s)
		if again := fold(folded); again != folded {
			t.Errorf("%q folds to %q and that to %q", s, folded, again)
		}
		if len(folded) > maxText || !utf8.ValidString(folded) || strings.Contains(folded, "  ") || strings.TrimSpace(folded) != folded {
			t.Errorf("%q", folded)
		}
		for _, r := range folded {
			if r != ' ' && !unicode.IsLetter(r) && !unicode.IsNumber(r) {
				t.Errorf("%q holds %U", folded, r)
			}
		}
	})
}

// FuzzReading reads whatever a file may hold as every kind of detail.
func FuzzReading(f *testing.F) {
	for i, seed := range awkward {
		f.Add(seed, awkward[len(awkward)-1-i])
	}
	f.Fuzz(func(t *testing.T, s, u string) {
		list := []string{s, u, s + u}
		people := NewPersonIndex([]Person{{Key{1}, s, u, list, list, list, 0}, {Key{2}, u, s, list, list, list, 1970}})
		for m := range people.Pairs {
			if !(m.Score >= LikelyFrom && m.Score <= 1) {
				t.Errorf("%+v", m)
			}
		}
		organizations := NewOrganizationIndex([]Organization{{Key{1}, []string{s, u}, list, list, list, u}, {Key{2}, []string{u}, list, list, list, s}})
		for m := range organizations.Pairs {
			if !(m.Score >= LikelyFrom && m.Score <= 1) {
				t.Errorf("%+v", m)
			}
		}
	})
}

func TestJoinDotted(t *testing.T) {
	for in, want := range map[string]string{
		"Igalia, S.L": "Igalia, SL", "Igalia S.L.": "Igalia SL", "A.C.G.C. Public School District": "ACGC Public School District", "P.S. 12": "PS 12",
		"St. Paul": "St. Paul", "J. Smith": "J. Smith", "Sentry.io": "Sentry.io", "U.S.A. Swim": "USA Swim", "Ed. Dist.": "Ed. Dist.",
	} {
		if got := joinDotted(in); got != want {
			t.Errorf("joinDotted(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestWordsThatSoundAlike(t *testing.T) {
	for _, pair := range [][2]string{
		{"vazquez", "basques"}, {"gonzalez", "gonsales"}, {"philippe", "filipe"}, {"quiroga", "kiroga"}, {"françois", "fransois"}, {"francois", "frankois"},
		{"munoz", "mugnoz"}, {"castillo", "castiyo"}, {"miller", "miler"}, {"hernandez", "ernandes"}, {"jimenez", "gimenes"}, {"ximena", "jimena"},
		{"schmidt", "shmit"}, {"thompson", "tompson"}, {"knight", "nite"}, {"wright", "rite"}, {"walker", "valker"}, {"meyer", "meier"}, {"cohen", "kohen"},
		{"zuniga", "suniga"}, {"catherine", "katrin"}, {"marcque", "mark"}, {"guillermo", "guilermo"}, {"stephen", "stefan"},
	} {
		a, b := newVocabulary().read(pair[0]), newVocabulary().read(pair[1])
		if !a.sameSound(b) || !b.sameSound(a) {
			t.Errorf("%s (%q, %q) and %s (%q, %q)", pair[0], a.sound, a.other, pair[1], b.sound, b.other)
		}
	}
	for _, pair := range [][2]string{{"smith", "jones"}, {"garcia", "lopez"}, {"martin", "morris"}, {"brown", "braun1"}, {"lincoln", "london"}} {
		if newVocabulary().read(pair[0]).sameSound(newVocabulary().read(pair[1])) {
			t.Errorf("%v sound alike", pair)
		}
	}
}

func TestWordsOfOneForm(t *testing.T) {
	for _, same := range [][]string{
		{"Uni. Bergen", "Univ. of Bergen", "University of Bergen", "Universidad de Bergen"},
		{"St. Mary's Hospital", "Saint Mary Hosp.", "The Saint Marys Hospital, Inc."},
		{"Dept. of Health", "Department of Health", "Departamento de Salud"}, {"P.S. 012", "PS 12", "ps12"}, {"First Baptist Church", "1st Baptist Church"},
		{"Igalia", "Igalia S.L.", "Igalia, S.L", "IGALIA, S.A. de C.V."}, {"Boys & Girls Club", "Boys and Girls Clubs"}, {"Lincoln Elem. Sch.", "Lincoln Elementary School"},
	} {
		for _, name := range same[1:] {
			if a, b := titleOf(same[0]).joined(), titleOf(name).joined(); a != b {
				t.Errorf("%s is %q, %s is %q", same[0], a, name, b)
			}
		}
	}
	for _, name := range []string{"The Co.", "The A", "Inc.", "Of", "&", "S.A."} {
		if titleOf(name).joined() == "" && strings.ContainsFunc(name, unicode.IsLetter) {
			t.Errorf("nothing is left of %q", name)
		}
	}
}

func TestNamesAreTakenApart(t *testing.T) {
	for _, c := range []struct{ given, family, wantGiven, wantFamily, generation string }{
		{"John", "Smith", "john", "smith", ""},
		{"", "Smith, John", "john", "smith", ""},
		{"John Smith", "", "john", "smith", ""},
		{"", "John Smith, Jr.", "john", "smith", "2"},
		{"", "Smith, John, Jr.", "john", "smith", "2"},
		{"John", "Smith III", "john", "smith", "3"},
		{"John", "Smith, PhD", "john", "smith", ""},
		{"Sr. Juan", "Pérez", "juan", "perez", ""},
		{"Juan", "Pérez Sr.", "juan", "perez", "1"},
		{"", "María de la Cruz", "maria", "cruz", ""},
		{"María", "García y López", "maria", "garcia lopez", ""},
		{"Dr. Ana", "van der Berg", "ana", "berg", ""},
		{"Mary", "O Brien", "mary", "obrien", ""},
		{"Mary", "Mc Donald", "mary", "mcdonald", ""},
		{"Anh", "Le", "anh", "le", ""},
		{"Benholtean (Babak)", "Zealje", "benholtean", "zealje", ""},
		{"Mary", "Jones (née Smith)", "mary", "jones smith", ""},
		{"Kraldriox", "", "", "kraldriox", ""},
		{"", "", "", "", ""},
	} {
		n := nameOf(c.given, c.family)
		if got := plainC(strings.Join(n.given, " ")); got != c.wantGiven || plainC(strings.Join(n.family, " ")) != c.wantFamily || n.generation != c.generation {
			t.Errorf("%q, %q: %q, %q, %q", c.given, c.family, n.given, n.family, n.generation)
		}
	}
}

func TestNicknamesAreFolded(t *testing.T) {
	for name := range nicknames {
		if fold(name) != name || strings.Contains(name, " ") {
			t.Errorf("%q", name)
		}
	}
	for word, one := range canonicalWords {
		if fold(word) != word || canonical(one) != one {
			t.Errorf("%q stands for %q, and that for %q", word, one, canonical(one))
		}
	}
	for word := range genericWords {
		if canonical(word) != word {
			t.Errorf("%q is compared as %q", word, canonical(word))
		}
	}
	for word := range kinds {
		if canonical(word) != word {
			t.Errorf("%q is compared as %q", word, canonical(word))
		}
	}
}

func TestContactsAreRead(t *testing.T) {
	for in, want := range map[string]string{
		"Ana.Lopez+news@GMail.com": "analopez@gmail.com", "a.b@googlemail.com": "ab@gmail.com", " mailto:A.B+x@Example.org": "a.b+x@example.org",
		"nobody": "", "@x.org": "", "a@b": "", "a b@x.org": "", "...@gmail.com": "", "ana@bücher.example": "ana@xn--bcher-kva.example",
	} {
		if got, _ := addressOf(in); got.full != want {
			t.Errorf("addressOf(%q) = %q, want %q", in, got.full, want)
		}
	}
	for in, want := range map[string]string{
		"https://www.riverbend.org/about": "riverbend.org", "riverbend.org": "riverbend.org", "http://lincoln.riverbend.k12.mn.us:8080": "riverbend.k12.mn.us",
		"https://riverbend.blogspot.com/": "riverbend.blogspot.com", "https://www.facebook.com/RiverbendHealth/": "facebook.com/riverbendhealth",
		"https://facebook.com/groups/77": "", "https://gmail.com": "", "https://linktr.ee/rhc1": "linktr.ee/rhc1", "n/a": "", "": "", "user@host.org/x": "host.org",
	} {
		if got := siteOf(in); got != want {
			t.Errorf("siteOf(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"(612) 555-0123": "6125550123", "+1 612 555 0123 ext. 4": "6125550123", "612.555.0123x12": "6125550123", "555-0123": "5550123", "06 12 34 56 78": "612345678",
		"+33 6 12 34 56 78": "3612345678", "000-0000": "", "123": "", "": "", "999 9999": "",
	} {
		if got := phoneOf(in); got != want {
			t.Errorf("phoneOf(%q) = %q, want %q", in, got, want)
		}
	}
	if n, same := samePhone("612345678", "3612345678"); !same || n != 9 {
		t.Errorf("a number with and without its country: %d, %v", n, same)
	}
	if _, same := samePhone("6125550123", "6515550123"); same {
		t.Error("two area codes are one number")
	}
}

// near lists the words one slip away, over a small alphabet.
func near(w string) []string {
	var out []string
	const letters = "abc"
	for i := range len(w) + 1 {
		for _, c := range letters {
			out = append(out, w[:i]+string(c)+w[i:])
			if i < len(w) {
				out = append(out, w[:i]+string(c)+w[i+1:])
			}
		}
		if i < len(w) {
			out = append(out, w[:i]+w[i+1:])
		}
		if i+1 < len(w) {
			out = append(out, w[:i]+w[i+1:i+2]+w[i:i+1]+w[i+2:])
		}
	}
	return out
}

func TestDistanceIsTheFewestSlips(t *testing.T) {
	for _, from := range []string{"", "a", "ab", "abc", "abca", "ccab"} {
		// Breadth first, through words up to two letters longer.
		steps := map[string]int{from: 0}
		queue := []string{from}
		for len(queue) > 0 {
			w := queue[0]
			queue = queue[1:]
			for _, n := range near(w) {
				if _, seen := steps[n]; !seen && len(n) <= len(from)+2 {
					steps[n] = steps[w] + 1
					queue = append(queue, n)
				}
			}
		}
		for to, want := range steps {
			if got := distance(from, to); got != want {
				t.Fatalf("from %q to %q: %d, want %d", from, to, got, want)
			}
		}
	}
}

func TestDistanceOfPublishedExamples(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"ca", "abc", 2}, {"kitten", "sitting", 3}, {"saturday", "sunday", 3}, {"a cat", "an abct", 3}, {"specter", "spectre", 1}, {"núñez", "nuñez", 1}} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("%q, %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestDistanceIsAMetric(t *testing.T) {
	word := rapid.StringMatching(`[abc]{0,7}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := word.Draw(t, "a"), word.Draw(t, "b"), word.Draw(t, "c")
		if distance(a, b) != distance(b, a) || distance(a, c) > distance(a, b)+distance(b, c) || (distance(a, b) == 0) != (a == b) {
			t.Errorf("%q %q %q", a, b, c)
		}
		if s := oneSlip(a, b); (s != noSlip) != (distance(a, b) == 1) {
			t.Errorf("%q, %q: slip %d, distance %d", a, b, s, distance(a, b))
		}
		if s := slipOf(a, b, letterMask(a), letterMask(b)); s != slipOf(b, a, letterMask(b), letterMask(a)) || s != noSlip && distance(a, b) > 2 {
			t.Errorf("%q, %q: slip %d", a, b, s)
		}
	})
}
