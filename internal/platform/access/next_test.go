package access

import (
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSafeNext(t *testing.T) {
	for _, good := range []string{"/", "/north", "/north/people?q=ana&after=x#row-1", "/north/people/06f0?next=%2Fnorth", "/a-b_c.d/e"} {
		if got := SafeNext(good); got != good {
			t.Errorf("%q became %q", good, got)
		}
	}
	for _, bad := range []string{"", "north", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/%5Cevil.example", "/%5cevil.example",
		"/%2F/evil.example", "/%2fevil.example", "/%252Fevil.example", "https://evil.example", "https:evil.example", "javascript:alert(1)", "/\tevil", "/\n/evil.example", "/%0d%0aSet-Cookie:x", "/%0D",
		"/ /evil.example", "/\u2215evil.example", "/\uff0fevil.example", "/\u3002evil", "/@evil.example", "/user@evil.example", "/..//evil.example", "/../x", "/./x", "/.%2e/x",
		"/\u0000", "/%00", "//", "/a//b", " /north", "/\xff", "/%ff%", "http://user:pass@evil.example/", "/%40evil", "/" + strings.Repeat("a", maxNext)} {
		if got := SafeNext(bad); got != "/" {
			t.Errorf("%q is let through as %q", bad, got)
		}
	}
}

// Whatever is let through leads, by the rules browsers follow, to this site.
func TestSafeNextStaysHere(t *testing.T) {
	here, _ := url.Parse("https://table.example.org/sign-in")
	piece := rapid.SampledFrom([]string{"/", "//", "\\", "%5c", "%2f", "%252f", "@", ":", ".", "..", "%2e", "\t", "\n", "%0d", "evil.example", "https:", "javascript:", "a", "?", "#", "&",
		"\u3002", "\uff0f", "%", " ", "\x00", "user", "[::1]", "0x7f.1"})
	rapid.Check(t, func(t *rapid.T) {
		next := strings.Join(rapid.SliceOfN(piece, 0, 8).Draw(t, "pieces"), "")
		if rapid.Bool().Draw(t, "any") {
			next = rapid.String().Draw(t, "text")
		}
		got := SafeNext(next)
		// A browser drops tabs and line breaks and takes "\" for "/".
		read := strings.NewReplacer("\t", "", "\n", "", "\r", "", "\\", "/").Replace(strings.TrimSpace(got))
		u, err := here.Parse(read)
		if err != nil || u.Host != here.Host || u.Scheme != here.Scheme || u.User != nil || strings.HasPrefix(read, "//") || got == "" || got[0] != '/' {
			t.Fatalf("%q gives %q, which leads to %v", next, got, u)
		}
		if SafeNext(got) != got {
			t.Fatalf("%q is not let through twice", got)
		}
	})
}
