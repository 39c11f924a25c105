package markdown_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"commontable/internal/platform/markdown"
)

func known(name string) bool { return name == "title" || name == "name" }

func filled(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

func TestBothForms(t *testing.T) {
	for source, want := range map[string][2]string{
		"Dear {name},\n\nplease *come* to **{title}**.\nBest": {
			"<p>Dear A &amp; B,</p>\n<p>please <em>come</em> to <strong>&lt;b&gt;*x*</strong>.<br>\nBest</p>\n", "Dear A & B,\n\nplease come to <b>*x*.\nBest"},
		"# Bring\n\n- soup\n- bread\n  1. rye\n  2. white\n\nThanks": {
			"<h2>Bring</h2>\n<ul><li>soup</li>\n<li>bread<ol><li>rye</li>\n<li>white</li>\n</ol>\n</li>\n</ul>\n<p>Thanks</p>\n", "Bring\n\n- soup\n- bread\n  1. rye\n  2. white\n\nThanks"},
		"[our page](https://table.example/a?b=1&c=2) <https://table.example> <a@b.example>": {
			`<p><a href="https://table.example/a?b=1&amp;c=2">our page</a> <a href="https://table.example">https://table.example</a> <a href="mailto:a@b.example">a@b.example</a></p>` + "\n",
			"our page <https://table.example/a?b=1&c=2> https://table.example a@b.example"},
		"<script>alert(1)</script> `code` &lt; \\{x\\} 2 < 3": {
			"<p>&lt;script&gt;alert(1)&lt;/script&gt; `code` &amp;lt; {x} 2 &lt; 3</p>\n", "<script>alert(1)</script> `code` &lt; {x} 2 < 3"},
		"[www.table.example](https://table.example/x) [table.example](https://my.table.example)": {
			`<p><a href="https://table.example/x">www.table.example</a> <a href="https://my.table.example">table.example</a></p>` + "\n",
			"www.table.example <https://table.example/x> table.example <https://my.table.example>"},
	} {
		text, faults := markdown.Parse(source, known)
		if len(faults) > 0 {
			t.Errorf("%q: %v", source, faults)
			continue
		}
		fill := filled(map[string]string{"name": "A & B", "title": "<b>*x*"})
		if got := text.HTML(nil, fill); got != want[0] {
			t.Errorf("%q\n got %q\nwant %q", source, got, want[0])
		}
		if got := text.Plain(fill); got != want[1] {
			t.Errorf("%q\n got %q\nwant %q", source, got, want[1])
		}
	}
}

func TestFaultsSayWhere(t *testing.T) {
	for source, want := range map[string]string{
		"One\n\nTwo {who}":                     "3 unknown_name who",
		"a { b":                                "1 lone_brace {",
		"a } b":                                "1 lone_brace }",
		"{{name}}":                             "1 lone_brace {",
		"\n[x](javascript:alert(1))":           "2 bad_link javascript:alert(1)",
		"[x](/relative)":                       "1 bad_link /relative",
		"[x](https://user:pass@evil.example)":  "1 bad_link https://user:pass@evil.example",
		"[x](https://evil.example/{name})":     "1 bad_link https://evil.example/{name}",
		"![x](https://evil.example/pixel.gif)": "1 bad_link https://evil.example/pixel.gif",
		"[https://bank.example](https://evil.example)":                       "1 posing_link https://bank.example",
		"[**bank.example**/login](https://evil.example)":                     "1 posing_link bank.example/login",
		"[help@bank.example](mailto:me@evil.example)":                        "1 posing_link help@bank.example",
		"[bank.example](https://bank.example.evil.example)":                  "1 posing_link bank.example",
		"[x](mailto:a@b.example?bcc=c@d.example)":                            "1 bad_link mailto:a@b.example?bcc=c@d.example",
		strings.Repeat("- ", 40) + "deep":                                    "1 too_deep ",
		strings.Repeat("x", markdown.MaxSource+1):                            "1 too_long ",
		"[xn](https://аррӏе.example) [apple.example](https://аррӏе.example)": "1 posing_link apple.example",
	} {
		_, faults := markdown.Parse(source, known)
		if len(faults) == 0 {
			t.Errorf("%.60q: no fault", source)
			continue
		}
		f := faults[0]
		if got := string(rune('0'+f.Line)) + " " + f.Reason + " " + f.Name; got != want {
			t.Errorf("%.60q: %q, want %q", source, got, want)
		}
	}
}

// Whatever is typed, only elements of our own come out, and links lead where they may.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"# a\n\n- b\n- {name}", "[a](https://b.example \"t\")", "<b onclick=x>*a*</b>", "![a](x)", "***a*", "[a][b]\n\n[b]: javascript:x", "1. a\n\n   b\n2. c", "\\", "{", "a\\\nb"} {
		f.Add(seed, "<i>")
	}
	elements := []string{"p", "h2", "ul", "ol", "li", "em", "strong", "a", "br"}
	f.Fuzz(func(t *testing.T, source, value string) {
		text, faults := markdown.Parse(source, known)
		if (text == nil) != (len(faults) > 0) {
			t.Fatal("a text with faults, or none without")
		}
		if text == nil {
			return
		}
		fill := func(string) string { return value }
		_ = text.Plain(fill)
		tokens := html.NewTokenizer(strings.NewReader(text.HTML(nil, fill)))
		for {
			switch tokens.Next() {
			case html.ErrorToken:
				return
			case html.StartTagToken, html.SelfClosingTagToken:
				tag := tokens.Token()
				if !slices.Contains(elements, tag.Data) {
					t.Fatalf("%q made <%s>", source, tag.Data)
				}
				for _, a := range tag.Attr {
					if !(tag.Data == "a" && a.Key == "href" && (strings.HasPrefix(a.Val, "http") || strings.HasPrefix(a.Val, "mailto:"))) && !(tag.Data == "ol" && a.Key == "start") {
						t.Fatalf("%q made %s=%q", source, a.Key, a.Val)
					}
				}
			case html.CommentToken, html.DoctypeToken:
				t.Fatalf("%q made a comment", source)
			}
		}
	})
}
