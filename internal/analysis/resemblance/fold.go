package resemblance

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// What is longer is no name but data; the rest is not looked at.
const (
	maxText  = 400 // bytes of one folded text
	maxWord  = 40  // bytes of one word
	maxWords = 16  // words of one name
	maxList  = 8   // names, addresses or numbers of one record
)

// fold reduces a text to lower-case Latin letters, digits and single spaces:
// accents go, ligatures and letters such as ß and ø are written out, Cyrillic
// and Greek are transliterated, apostrophes join what they stand between
// (O'Brien is one word), every other sign parts words. Letters of further
// scripts stay as they are. Only ç is kept, because it tells how a word sounds;
// see plainC. Folding again changes nothing.
//
// platform/i18n folds much the same way for searching, but this floor may not
// import it, and a search wants O'Brien in two words.
func fold(s string) string {
	if len(s) > 8*maxText { // what folds to nothing must not hide what follows it for long
		s = s[:8*maxText]
	}
	s = strings.ToValidUTF8(s, " ")
	out := make([]byte, 0, min(len(s)+8, maxText))
	space := false
	var iter norm.Iter
	iter.InitString(norm.NFKD, s)
	for !iter.Done() {
		for rest := iter.Next(); len(rest) > 0; {
			r, size := utf8.DecodeRune(rest)
			rest = rest[size:]
			if r == cedilla && !space && len(out) > 0 && out[len(out)-1] == 'c' {
				out = append(out[:len(out)-1], "ç"...)
				continue
			}
			if unicode.IsMark(r) || joins(r) || silent(r) {
				continue
			}
			letters := foldRune(r)
			if letters == "" {
				space = len(out) > 0
				continue
			}
			need := len(letters)
			if space {
				need++
			}
			if len(out)+need >= maxText { // a cedilla may follow
				return string(out)
			}
			if space {
				out = append(out, ' ')
				space = false
			}
			out = append(out, letters...)
		}
	}
	return string(out)
}

const cedilla = 0x327

// plainC is a folded text without its cedillas.
func plainC(s string) string { return strings.ReplaceAll(s, "ç", "c") }

// joins are the signs that vanish without parting the word they stand in.
func joins(r rune) bool {
	switch r {
	case '\'', '’', '‘', 'ʼ', 'ʹ', 'ʺ', '`', '´', 0x200b, 0x200c, 0x200d, 0x2060, 0xfeff, 0x00ad, 0x034f:
		return true
	}
	return false
}

// spelled are Latin letters that Unicode does not take apart, in the spelling
// people use without them.
var spelled = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ħ': "h", 'ı': "i", 'ĸ': "k", 'ŋ': "n", 'ŧ': "t",
	'ƀ': "b", 'ɓ': "b", 'ɗ': "d", 'ƙ': "k", 'ɨ': "i", 'ʉ': "u", 'ɛ': "e", 'ɔ': "o", 'ə': "a",
}

// foldRune is what one letter or digit becomes, "" for what parts words.
func foldRune(r rune) string {
	if r < utf8.RuneSelf {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return ascii[r : r+1]
		case r >= 'A' && r <= 'Z':
			return ascii[r+32 : r+33]
		}
		return ""
	}
	if !unicode.IsLetter(r) && !unicode.IsNumber(r) {
		return ""
	}
	r = unicode.ToLower(r)
	if s, ok := spelled[r]; ok {
		return s
	}
	if s, ok := latin[r]; ok {
		return s
	}
	return string(r)
}

// ascii lets foldRune return single letters without allocating.
var ascii = func() string {
	var b [utf8.RuneSelf]byte
	for i := range b {
		b[i] = byte(i)
	}
	return string(b[:])
}()

// foldedWords are the words of a folded text, with cedillas, within the limits.
func foldedWords(s string) []string {
	var out []string
	for w := range strings.FieldsSeq(fold(s)) {
		if len(out) == maxWords {
			break
		}
		out = append(out, clip(w))
	}
	return out
}

// clip cuts a word to maxWord bytes without splitting a letter.
func clip(w string) string {
	if len(w) <= maxWord {
		return w
	}
	n := maxWord
	for n > 0 && !utf8.RuneStart(w[n]) {
		n--
	}
	return w[:n]
}

// joinDotted takes the dots out of abbreviations such as S.A. and U.S.A, which
// otherwise fall apart into letters. In names of people the letters are
// initials and stay apart.
func joinDotted(s string) string {
	if !strings.Contains(s, ".") {
		return s
	}
	r := []rune(s)
	out := make([]rune, 0, len(r))
	for i := 0; i < len(r); {
		end, letters := i, 0
		if i == 0 || !unicode.IsLetter(r[i-1]) && !unicode.IsMark(r[i-1]) {
			for end+1 < len(r) && unicode.IsLetter(r[end]) && r[end+1] == '.' {
				end += 2
				letters++
			}
		}
		if letters >= 1 && end < len(r) && unicode.IsLetter(r[end]) && (end+1 == len(r) || !unicode.IsLetter(r[end+1]) && !unicode.IsMark(r[end+1])) {
			end++ // the last dot is often left out
			letters++
		}
		if letters < 2 {
			out = append(out, r[i])
			i++
			continue
		}
		for _, c := range r[i:end] {
			if c != '.' {
				out = append(out, c)
			}
		}
		i = end
	}
	return string(out)
}
