package access

import (
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"commontable/internal/platform/operation"
)

// The length of a password, in characters. There is no rule about kinds of
// characters: they make passwords harder to remember, not to guess.
const (
	minPassword = 10
	maxPassword = 1000
)

// commonPasswords holds, in ascending order, the first four bytes of the
// SHA-256 of each of the 30,000 passwords found most often in breaches, as
// counted for the zxcvbn estimator, and of what is left of them when digits and
// signs at the ends are taken away. A made-up password is mistaken for one of
// them once in a hundred thousand.
//
//go:embed common_passwords.bin
var commonPasswords string

func isCommon(word string) bool {
	sum := sha256.Sum256([]byte(word))
	want := binary.BigEndian.Uint32(sum[:4])
	n := len(commonPasswords) / 4
	at := sort.Search(n, func(i int) bool { return binary.BigEndian.Uint32([]byte(commonPasswords[4*i:4*i+4])) >= want })
	return at < n && binary.BigEndian.Uint32([]byte(commonPasswords[4*at:4*at+4])) == want
}

// CheckPassword says what is wrong with a new password, as the key of a
// message, or "". The account's own words (its address, its owner's name, the
// collaborative's name) and the product's must not be most of it.
func CheckPassword(password string, own ...string) (key string) {
	n := utf8.RuneCountInString(password)
	switch {
	case !utf8.ValidString(password):
		return "errors.not_text"
	case n < minPassword:
		return "access.password_short"
	case n > maxPassword:
		return "access.password_long"
	}
	lower := strings.ToLower(password)
	if isCommon(lower) || isMonotonous(lower) {
		return "access.password_common"
	}
	plain := unleet(lower)
	if core := bare(lower); core != "" && (isCommon(core) || isCommon(unleet(core))) || isCommon(bare(plain)) {
		return "access.password_common"
	}
	for _, whole := range []string{lower, bare(lower)} {
		if unit := repeated(whole); unit != "" && (isCommon(unit) || len(unit) < 4) {
			return "access.password_common"
		}
	}
	// A known word may be part of a password, but what is added to it must be
	// more than a year and a sign.
	for _, word := range ownWords(own) {
		if strings.Contains(lower, word) && isThin(strings.ReplaceAll(lower, word, "")) ||
			strings.Contains(plain, word) && isThin(strings.ReplaceAll(plain, word, "")) {
			return "access.password_own"
		}
	}
	return ""
}

// checkPassword reports a bad password as a fault of the field.
func checkPassword(faults *operation.Faults, field, password string, own ...string) {
	if key := CheckPassword(password, own...); key != "" {
		faults.Add(field, key, map[string]any{"Least": minPassword, "Most": maxPassword})
	}
}

// thinLetters is how many characters other than digits and signs must be left
// when a known word is taken out of a password.
const thinLetters = 6

func isThin(rest string) bool {
	letters := 0
	for _, r := range rest {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return letters < thinLetters
}

// productWords are what people who sign in here think of first.
var productWords = []string{"commontable", "common table", "commonagenda", "collective", "collaborative", "backbone", "password", "passwort", "motdepasse", "contraseña", "contrasena"}

// ownWords are the words of at least four letters in what is known of the
// account, and the product's.
func ownWords(own []string) []string {
	words := append([]string(nil), productWords...)
	for _, text := range own {
		text = strings.ToLower(strings.TrimSpace(text))
		local, _, _ := strings.Cut(text, "@")
		for _, word := range append([]string{text, local}, strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })...) {
			if utf8.RuneCountInString(word) >= 4 {
				words = append(words, word)
			}
		}
	}
	return words
}

// bare takes digits and signs off both ends.
func bare(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
}

var leet = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "@", "a", "5", "s", "$", "s", "7", "t", "!", "i", "8", "b", "9", "g")

func unleet(s string) string { return leet.Replace(s) }

// repeated is the shortest piece that s is nothing but repetitions of, or "".
func repeated(s string) string {
	for n := 1; n <= len(s)/2; n++ {
		if len(s)%n == 0 && strings.Repeat(s[:n], len(s)/n) == s {
			return s[:n]
		}
	}
	return ""
}

// rows are what fingers run along.
var rows = []string{"abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiop", "asdfghjkl", "zxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn", "qwertzuiop", "1qaz2wsx3edc4rfv5tgb6yhn7ujm"}

// isMonotonous says whether a password is made of few characters or of runs
// along the alphabet, the digits or a row of keys.
func isMonotonous(s string) bool {
	distinct := map[rune]bool{}
	for _, r := range s {
		distinct[r] = true
	}
	if len(distinct) < 5 {
		return true
	}
	left := s
	for _, row := range rows {
		for n := len(row); n >= 4; n-- {
			for at := 0; at+n <= len(row); at++ {
				left = strings.ReplaceAll(left, row[at:at+n], "")
				left = strings.ReplaceAll(left, reversed(row[at:at+n]), "")
			}
		}
	}
	return utf8.RuneCountInString(left) < 4
}

func reversed(s string) string {
	b := []byte(s)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}
