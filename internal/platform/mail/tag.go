package mail

import (
	"encoding/base32"
	"strings"
)

// TagLength is how long a tag is: a letter that says what for, and a mark of 80 bits,
// which nobody guesses by sending mail.
const TagLength = 1 + 16

var tagLetters = base32.StdEncoding.WithPadding(base32.NoPadding)

// Tag makes a tag of a mark: small letters and digits, since some mail servers make all
// letters small.
func Tag(what byte, mark []byte) string {
	return strings.ToLower(string(what) + tagLetters.EncodeToString(mark[:10]))
}

// WithTag puts a tag into an address: table+tag@example.org.
func WithTag(address, tag string) string {
	local, domain, _ := strings.Cut(address, "@")
	return local + "+" + tag + "@" + domain
}

// TagsOf are the tags of those of some addresses that are address with a tag.
func TagsOf(address string, addresses []string) []string {
	local, domain, _ := strings.Cut(strings.ToLower(address), "@")
	var out []string
	for _, one := range addresses {
		rest, ok := strings.CutPrefix(strings.ToLower(one), local+"+")
		tag, ok2 := strings.CutSuffix(rest, "@"+domain)
		if ok && ok2 && len(tag) == TagLength {
			out = append(out, tag)
		}
	}
	return out
}
