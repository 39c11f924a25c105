package mail_test

import (
	"errors"
	"maps"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"commontable/internal/platform/i18n"
	ours "commontable/internal/platform/mail"
	"commontable/internal/platform/mail/mailtest"
)

var (
	at       = time.Date(2026, 11, 22, 8, 30, 0, 0, time.UTC)
	settings = ours.Settings{Host: "mail.example.org", Security: ours.TLS, From: "table@example.org", FromName: "Commontable"}
	plain    = ours.Message{ID: "m-1", To: "ana@example.org", Subject: "Hello", Text: "Hi"}
)

func TestComposeMinimal(t *testing.T) {
	raw, err := ours.Compose(settings, plain, at)
	if err != nil {
		t.Fatal(err)
	}
	got, err := mailtest.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	for header, want := range map[string]string{
		"Message-Id": "<m-1@example.org>", "Date": "Sun, 22 Nov 2026 08:30:00 +0000",
		"From": `"Commontable" <table@example.org>`, "To": "<ana@example.org>", "Subject": "Hello",
	} {
		if got.Header.Get(header) != want {
			t.Errorf("%s: %q, want %q", header, got.Header.Get(header), want)
		}
	}
	if got.Text != "Hi" || got.HTML != "" {
		t.Errorf("text %q, html %q", got.Text, got.HTML)
	}
}

// breakers are what somebody would type to break out of a header, an address or a body.
var breakers = []string{"\r\n", "\n", "\r", "a\rb", "\x00", "\n.\n", "\r\n.\r\n", "\nBcc: x@evil.test", "=?utf-8?q?=0ABcc:?=",
	"=?", "?=", ">", "<", "\"", "\\", "\\é", ",", ";", ":", "@", " ", "é", "😀", "\u2028", "\u202e", "\xff", "\t", "\x1b[0m", "> SIZE=1"}

// hostile draws text made of breakers and other things.
func hostile() *rapid.Generator[string] {
	part := rapid.OneOf(rapid.SampledFrom(breakers), rapid.StringN(0, 12, 48), rapid.StringMatching(`[a-z ]{0,90}`))
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(part, 0, 4).Draw(t, "parts"), "")
	})
}

// fields put text into each part of a message that can hold what people type.
var fields = []func(m *ours.Message, s string){
	func(m *ours.Message, s string) { m.Subject = s },
	func(m *ours.Message, s string) { m.ToName = s },
	func(m *ours.Message, s string) { m.FromName = s },
	func(m *ours.Message, s string) { m.Text = "x" + s },
	func(m *ours.Message, s string) { m.HTML = s },
	func(m *ours.Message, s string) { m.ReplyTo = s + "@example.org" },
	func(m *ours.Message, s string) { m.Headers = map[string]string{"List-Unsubscribe": s} },
	func(m *ours.Message, s string) { m.ID = s },
}

// Whatever is typed, the message is either refused with a Fault or has exactly the headers it should and
// the words it was given.
func TestHeadersCannotBeInjected(t *testing.T) {
	for _, s := range breakers {
		for _, set := range fields {
			m := plain
			set(&m, s)
			checkComposed(t, m)
			m = plain
			set(&m, "a"+s+"b")
			checkComposed(t, m)
		}
	}
	accepted := 0
	rapid.Check(t, func(t *rapid.T) {
		m := plain
		for _, set := range rapid.SliceOfDistinct(rapid.IntRange(0, len(fields)-1), rapid.ID).Draw(t, "fields") {
			fields[set](&m, hostile().Draw(t, "typed"))
		}
		if checkComposed(t, m) {
			accepted++
		}
	})
	if accepted == 0 {
		t.Error("no message was accepted: the test is blind")
	}
}

type fatal interface{ Fatalf(string, ...any) }

// checkComposed composes m and reports whether it was accepted.
func checkComposed(t fatal, m ours.Message) bool {
	raw, err := ours.Compose(settings, m, at)
	if err != nil {
		if fault := (*ours.Fault)(nil); !errors.As(err, &fault) || !ours.IsPermanent(err) {
			t.Fatalf("not a fault: %v", err)
		}
		return false
	}
	checkMessage(t, m, raw)
	return true
}

func checkMessage(t fatal, m ours.Message, raw []byte) {
	got, err := mailtest.Parse(raw)
	if err != nil {
		t.Fatalf("cannot be parsed: %v\n%s", err, raw)
	}
	want := []string{"Content-Type", "Date", "From", "Message-Id", "Mime-Version", "Subject", "To"}
	if m.HTML == "" {
		want = append(want, "Content-Transfer-Encoding")
	}
	if m.ReplyTo != "" {
		want = append(want, "Reply-To")
	}
	for name := range m.Headers {
		want = append(want, name)
	}
	slices.Sort(want)
	if have := slices.Sorted(maps.Keys(got.Header)); !slices.Equal(have, want) {
		t.Fatalf("headers %q, want %q\n%s", have, want, raw)
	}
	for name, values := range got.Header {
		if len(values) != 1 {
			t.Fatalf("%s stands %d times", name, len(values))
		}
	}
	if got.Subject != i18n.CleanLine(m.Subject) {
		t.Fatalf("subject %q, want %q", got.Subject, m.Subject)
	}
	if to, err := mail.ParseAddress(got.Header.Get("To")); err != nil || to.Name != shownName(m.ToName) || to.Address != m.To {
		t.Fatalf("to %+v, %v; want %q", to, err, m.ToName)
	}
	if name := shownName(m.FromName); name != "" {
		if from, err := mail.ParseAddress(got.Header.Get("From")); err != nil || from.Name != name {
			t.Fatalf("from %+v, %v; want %q", from, err, name)
		}
	}
	lines := strings.NewReplacer("\r\n", "\n", "\r", "\n")
	if got.Text != lines.Replace(m.Text) || got.HTML != lines.Replace(m.HTML) {
		t.Fatalf("text %q, html %q; want %q, %q", got.Text, got.HTML, m.Text, m.HTML)
	}
	for line := range strings.SplitSeq(string(raw), "\r\n") {
		if strings.ContainsAny(line, "\r\n\x00") || len(line) > 998 {
			t.Fatalf("line %q", line)
		}
	}
}

func TestAddresses(t *testing.T) {
	for in, want := range map[string]string{
		"ana@example.org": "ana@example.org", " Ana.B+x@Example.ORG ": "Ana.B+x@example.org",
		"josé@example.org": "", "ana@exámple.org": "ana@xn--exmple-qta.org", "ana@例え.テスト": "ana@xn--r8jz45g.xn--zckzah",
		"root@localhost": "root@localhost", "o'neil@example.org": "o'neil@example.org",
		"": "", "ana": "", "@example.org": "", "ana@": "", "a@b@example.org": "", "ana@example": "", "ana@[127.0.0.1]": "",
		"ana@127.0.0.1": "", ".ana@example.org": "", "ana..b@example.org": "", `"ana b"@example.org`: "", "ana b@example.org": "",
		"Ana <ana@example.org>": "", "ana@example.org> SIZE=1": "", "ana@example.org SIZE=1": "", "ana@example.org,bo@example.org": "",
		"ana@example.org\r\nRCPT TO:<x@evil.test>": "", "ana\n@example.org": "", "ana@example.org\x00": "", "ana@exa mple.org": "",
		"ana@-example.org": "", "ana@example..org": "", "ana@" + strings.Repeat("a", 64) + ".org": "",
		strings.Repeat("a", 65) + "@example.org": "", "a@" + strings.Repeat("abcdefgh.", 30) + "org": "", "ana@exa_mple.org": "",
		"ana(comment)@example.org": "", "=?utf-8?q?x?=@example.org": "=?utf-8?q?x?=@example.org", "\xff@example.org": "",
	} {
		got, err := ours.CheckAddress("To", in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("CheckAddress(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
}

// An independent parser must see one bare address, the same, in everything that is accepted.
func FuzzCheckAddress(f *testing.F) {
	for _, seed := range []string{"ana@example.org", "ana@exámple.org", "a@b> SIZE=1", "a@\u200b.org", "ａ@ｂ.org"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := ours.CheckAddress("To", s)
		if err != nil {
			return
		}
		parsed, err := mail.ParseAddress("<" + got + ">")
		if err != nil || parsed.Address != got || len(got) > 254 || strings.ContainsFunc(got, unicode.IsControl) || strings.ContainsAny(got, " <>\"\\(),:;[]") {
			t.Fatalf("%q accepted as %q, which net/mail reads as %v, %v", s, got, parsed, err)
		}
		if again, err := ours.CheckAddress("To", got); err != nil || again != got {
			t.Fatalf("%q is not stable: %q, %v", got, again, err)
		}
		for i := range len(got) {
			if got[i] >= utf8.RuneSelf {
				t.Fatalf("%q is not ASCII", got)
			}
		}
	})
}

func TestFaultsNameTheField(t *testing.T) {
	for field, change := range map[string]func(*ours.Message){
		"ID":               func(m *ours.Message) { m.ID = "" },
		"To":               func(m *ours.Message) { m.To = "nobody" },
		"From":             func(m *ours.Message) { m.From = "nobody" },
		"FromName":         func(m *ours.Message) { m.FromName = "a\nb" },
		"ToName":           func(m *ours.Message) { m.ToName = strings.Repeat("é", 121) },
		"ReplyTo":          func(m *ours.Message) { m.ReplyTo = "a@b@c" },
		"Subject":          func(m *ours.Message) { m.Subject = " " },
		"Text":             func(m *ours.Message) { m.Text = "" },
		"HTML":             func(m *ours.Message) { m.HTML = strings.Repeat("x", ours.MaxBody+1) },
		"Headers":          func(m *ours.Message) { m.Headers = map[string]string{"Bcc": "x@example.org"} },
		"List-Unsubscribe": func(m *ours.Message) { m.Headers = map[string]string{"List-Unsubscribe": "<https://a>\r\nBcc: x@y"} },
	} {
		m := plain
		change(&m)
		_, err := ours.Compose(settings, m, at)
		if fault := (*ours.Fault)(nil); !errors.As(err, &fault) || fault.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func shownName(name string) string { return strings.ReplaceAll(i18n.CleanLine(name), `\`, "/") }
