package mail_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"commontable/internal/platform/i18n"
	ours "commontable/internal/platform/mail"
	"commontable/internal/platform/mail/mailtest"
)

const polyglot = `"><img src=x onerror=alert(1)>'{{.Link}}{{range}}</title><a href="https://evil.test">x</a>`

func full() ours.Data {
	return ours.Data{
		Collaborative: "Riverbend Together", Recipient: "Ana Núñez", Sender: "Bo Chen", NewAddress: "ana@new.example.org", Organization: "Harbor School", Principles: 3, Until: "2029-05-14", Destroy: "2029-08-14",
		Device: "Firefox on Windows", Link: "https://table.example.org/s/abc?x=1&y=2", Expires: at.Add(24 * time.Hour), At: at,
		Title: "Leadership table", Ends: at.Add(90 * time.Minute), Place: "Library", Body: "First.\n\nSecond.", Count: 2,
		Sections: []ours.Section{{Heading: "Harbor School", Lines: []ours.Line{{Text: "Call", Links: []ours.Link{{Label: "Done", Address: "https://table.example.org/s/abc?x=1&y=2"}}}}}},
	}
}

func TestEveryTemplateInEveryLanguage(t *testing.T) {
	subjects := map[string]string{}
	for _, lang := range i18n.Languages() {
		for _, template := range ours.Templates() {
			ctx := i18n.With(context.Background(), lang)
			subject, text, page, err := ours.Render(ctx, template, full())
			if err != nil {
				t.Errorf("%s %s: %v", lang, template, err)
				continue
			}
			if other, taken := subjects[subject]; taken {
				t.Errorf("%s %s has the subject of %s: %q", lang, template, other, subject)
			}
			subjects[subject] = lang + " " + string(template)
			if strings.Contains(subject+text+page, "mail.") || strings.Contains(subject+text+page, "{{") {
				t.Errorf("%s %s holds a key or a placeholder:\n%s\n%s", lang, template, subject, text)
			}
			if !strings.Contains(page, `<html lang="`+lang+`" dir="ltr">`) || !strings.Contains(text, "Ana Núñez") {
				t.Errorf("%s %s: language or greeting is missing", lang, template)
			}
			if _, err := ours.Compose(settings, ours.Message{ID: "m", To: "ana@example.org", Subject: subject, Text: text, HTML: page}, at); err != nil {
				t.Errorf("%s %s: %v", lang, template, err)
			}
			for _, link := range (mailtest.Received{Text: text}).Links() {
				if link != full().Link {
					t.Errorf("%s %s: link %q", lang, template, link)
				}
			}
		}
	}
}

func TestRenderSaysWhoAndWhenInTheZone(t *testing.T) {
	ctx := i18n.WithZone(i18n.With(context.Background(), "fr"), time.FixedZone("CET", 3600))
	subject, text, _, err := ours.Render(ctx, ours.Invitation, full())
	if err != nil || subject != "Bo Chen vous invite à rejoindre Riverbend Together" {
		t.Errorf("%q, %v", subject, err)
	}
	if want := "lundi 23\u00a0novembre 2026 à 9\u00a0h\u00a030 (CET)"; !strings.Contains(text, want) {
		t.Errorf("%q is not in\n%s", want, text)
	}
}

func TestRenderRefusesWhatIsMissing(t *testing.T) {
	for name, change := range map[string]func(*ours.Data){
		"no link": func(d *ours.Data) { d.Link = "" }, "script": func(d *ours.Data) { d.Link = "javascript:alert(1)" },
		"relative": func(d *ours.Data) { d.Link = "/s/abc" }, "somebody": func(d *ours.Data) { d.Link = "https://user:pass@example.org/" },
		"line": func(d *ours.Data) { d.Link = "https://example.org/\r\nx" }, "no sender": func(d *ours.Data) { d.Sender = "" },
		"no place": func(d *ours.Data) { d.Collaborative = "" }, "no end": func(d *ours.Data) { d.Expires = time.Time{} },
	} {
		d := full()
		change(&d)
		if _, _, _, err := ours.Render(t.Context(), ours.Invitation, d); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, _, _, err := ours.Render(t.Context(), "../secrets", full()); err == nil {
		t.Error("an unknown template was rendered")
	}
}

// Names are words, whatever they hold: the page keeps its elements and gets no further link, the text
// keeps its one link, the subject stays one line that Compose accepts or refuses as a Fault.
func TestNamesStayWords(t *testing.T) {
	shape := func(page string) (out []string, links []string) {
		tokens := html.NewTokenizer(strings.NewReader(page))
		for {
			switch tokens.Next() {
			case html.ErrorToken:
				return out, links
			case html.StartTagToken, html.SelfClosingTagToken:
				token := tokens.Token()
				keys := token.Data
				for _, a := range token.Attr {
					keys += " " + a.Key
					if a.Key == "href" || a.Key == "src" {
						links = append(links, a.Val)
					}
				}
				out = append(out, keys)
			}
		}
	}
	_, _, neutral, err := ours.Render(t.Context(), ours.Invitation, full())
	if err != nil {
		t.Fatal(err)
	}
	want, _ := shape(neutral)
	part := rapid.OneOf(hostile(), rapid.SampledFrom([]string{polyglot, "https://evil.test", "www.evil.test", "HTTP://x", "::////", "hthttp://tp://"}))
	rapid.Check(t, func(t *rapid.T) {
		d := full()
		d.Sender = "B" + part.Draw(t, "sender")
		d.Collaborative = "C" + part.Draw(t, "collaborative")
		d.Recipient = part.Draw(t, "recipient")
		subject, text, page, err := ours.Render(context.Background(), ours.Invitation, d)
		if err != nil {
			t.Fatal(err)
		}
		got, links := shape(page)
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Fatalf("elements changed:\n%s", page)
		}
		for _, link := range links {
			if link != d.Link {
				t.Fatalf("link to %q", link)
			}
		}
		for _, link := range (mailtest.Received{Text: text}).Links() {
			if link != d.Link {
				t.Fatalf("text links to %q", link)
			}
		}
		if strings.ContainsAny(subject, "\r\n") {
			t.Fatalf("subject %q", subject)
		}
	})
}
