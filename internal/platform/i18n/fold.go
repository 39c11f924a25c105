package i18n

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxFoldKey is the largest length of a FoldKey in bytes. It keeps index entries small on every engine.
const MaxFoldKey = 400

// MaxWords is the largest number of words that Words returns for one text.
const MaxWords = 20000

// maxWord is the largest length of a word in bytes; what is longer is no word but data.
const maxWord = 64

// FoldKey reduces s to what two spellings of one name share: accents and letter case are gone, ligatures
// and letters such as ß, æ, ø and ł are written out, everything that is neither letter nor digit is a
// space, spaces are single. The result is at most MaxFoldKey bytes, cut at a character; folding it again
// changes nothing.
func FoldKey(s string) string {
	// The longest compatibility expansion is 18 characters, but what folds to nothing must not hide
	// what follows it: read generously more than can be needed and stop when the key is full.
	return fold(s, MaxFoldKey)
}

// fold is FoldKey with at most limit bytes of result.
func fold(s string, limit int) string {
	if len(s) <= limit && foldedASCII(s) {
		return s
	}
	s = strings.ToValidUTF8(s, " ")
	var out strings.Builder
	out.Grow(min(len(s), limit))
	space := false
	var iter norm.Iter
	iter.InitString(norm.NFKD, s)
	for !iter.Done() {
		for rest := iter.Next(); len(rest) > 0; {
			r, size := utf8.DecodeRune(rest)
			rest = rest[size:]
			if unicode.IsMark(r) || invisible(r) {
				continue
			}
			letters := foldRune(r)
			if letters == "" {
				space = out.Len() > 0
				continue
			}
			need := len(letters)
			if space {
				need++
			}
			if out.Len()+need > limit {
				return out.String()
			}
			if space {
				out.WriteByte(' ')
				space = false
			}
			out.WriteString(letters)
		}
	}
	return out.String()
}

// invisible characters vanish without parting the word they stand in.
func invisible(r rune) bool {
	switch r {
	case 0x200b, 0x200c, 0x200d, 0x2060, 0xfeff, 0x00ad, 0x034f:
		return true
	}
	return false
}

// spelled are letters that Unicode does not take apart, in the spelling people use without them.
var spelled = map[rune]string{
	'ß': "ss", 'ẞ': "ss", 'æ': "ae", 'Æ': "ae", 'œ': "oe", 'Œ': "oe", 'ø': "o", 'Ø': "o",
	'ł': "l", 'Ł': "l", 'đ': "d", 'Đ': "d", 'ð': "d", 'Ð': "d", 'þ': "th", 'Þ': "th",
	'ħ': "h", 'Ħ': "h", 'ı': "i", 'ĸ': "k", 'ŋ': "n", 'Ŋ': "n", 'ŧ': "t", 'Ŧ': "t",
	'ƀ': "b", 'Ƀ': "b", 'ɓ': "b", 'Ɓ': "b", 'ɗ': "d", 'Ɗ': "d", 'ƙ': "k", 'Ƙ': "k",
	'ɨ': "i", 'Ɨ': "i", 'ʉ': "u", 'Ʉ': "u", 'ɛ': "e", 'Ɛ': "e", 'ɔ': "o", 'Ɔ': "o",
	'ς': "σ",
}

// foldRune returns the letters r stands for in a key, or "" when it stands for a space.
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
	if s, ok := spelled[r]; ok {
		return s
	}
	if !unicode.IsLetter(r) && !unicode.IsNumber(r) {
		return ""
	}
	lower := unicode.ToLower(r)
	if s, ok := spelled[lower]; ok {
		return s
	}
	return string(lower)
}

// ascii lets foldRune return single letters without allocating.
var ascii = func() string {
	var b [utf8.RuneSelf]byte
	for i := range b {
		b[i] = byte(i)
	}
	return string(b[:])
}()

// foldedASCII reports whether s is its own fold.
func foldedASCII(s string) bool {
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
		case c == ' ' && i > 0 && i < len(s)-1 && s[i-1] != ' ':
		default:
			return false
		}
	}
	return true
}

// Words returns the folded words of s in order, repeated words repeated: at most MaxWords, each at most
// 64 bytes.
func Words(s string) []string {
	folded := fold(s, MaxWords*(maxWord+1))
	if folded == "" {
		return nil
	}
	words := make([]string, 0, min(strings.Count(folded, " ")+1, MaxWords))
	for word := range strings.SplitSeq(folded, " ") {
		if len(words) == MaxWords {
			break
		}
		words = append(words, clip(word, maxWord))
	}
	return words
}

// clip cuts s to at most limit bytes without splitting a character.
func clip(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}
