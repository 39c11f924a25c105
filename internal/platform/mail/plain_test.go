package mail

import (
	"strings"
	"testing"
)

// A name that looks like an encoded word reaches its owner as it was typed, but
// for a blank.
func TestPlainWordsAreNotDecoded(t *testing.T) {
	for _, words := range []string{"=?utf-8?q?=41na?=", "Ana =?x", "=?=?=?", "Ana Ruiz"} {
		plain := Plain(words)
		if err := checkWords("ToName", plain, MaxName); err != nil {
			t.Errorf("%q is refused: %v", plain, err)
		}
		if strings.ReplaceAll(plain, " ", "") != strings.ReplaceAll(words, " ", "") {
			t.Errorf("%q became %q", words, plain)
		}
	}
}
