package mail_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"commontable/internal/platform/i18n"
	ours "commontable/internal/platform/mail"
	"commontable/internal/platform/mail/mailtest"
)

// Our own text, written as a collaborative would write it, says the same as ours does.
func TestOurWordsSayWhatWeSay(t *testing.T) {
	for _, lang := range i18n.Languages() {
		ctx := i18n.With(context.Background(), lang)
		for _, template := range ours.Worded() {
			own, err := ours.NewOwn(template, ours.OurWords(ctx, template))
			if err != nil {
				t.Errorf("%s %s: %v", lang, template, err)
				continue
			}
			want, err := ours.Lay(ctx, template, full(), nil)
			got, err2 := ours.Lay(ctx, template, full(), own)
			if err != nil || err2 != nil || got.Subject != want.Subject || got.Plain() != want.Plain() {
				t.Errorf("%s %s: %v %v\n%s\n%s\n%s\n%s", lang, template, err, err2, got.Subject, got.Plain(), want.Subject, want.Plain())
			}
		}
	}
}

// Whatever somebody writes, a letter says who sends it, tells what it is about, leads to
// the personal link, says why it came and how to end such letters, and what its reader
// has to know stays.
func TestWhatCannotBeEditedAway(t *testing.T) {
	ctx := i18n.With(context.Background(), "en")
	for _, template := range ours.Worded() {
		words := ours.Words{Subject: "x", Body: "y"}
		for _, v := range ours.Variables(template) {
			if v.Needed {
				words.Body += " {" + v.Name + "}"
			}
		}
		own, err := ours.NewOwn(template, words)
		if err != nil {
			t.Fatalf("%s: %v", template, err)
		}
		d := full()
		d.Stop = "https://table.example.org/unsubscribe/abc"
		sheet, err := ours.Lay(ctx, template, d, own)
		plain, err2 := ours.Lay(ctx, template, d, nil)
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		page, err := sheet.HTML()
		if err != nil {
			t.Fatal(err)
		}
		must := []string{"Riverbend Together", "Ana Núñez", plain.Why, d.Stop}
		if plain.Button != "" {
			must = append(must, d.Link)
		}
		switch template {
		case ours.SurveyAsk, ours.SurveyRemind:
			must = append(must, "who can read what you answer")
		case ours.Invitation, ours.AgreementSign, ours.EvaluatorSign:
			must = append(must, "for you alone")
		case ours.MeetingInvitation, ours.MeetingChanged, ours.MeetingCancelled:
			must = append(must, "Library", "Leadership table")
		}
		for _, part := range must {
			if !strings.Contains(sheet.Plain(), part) || !strings.Contains(html.UnescapeString(page), part) {
				t.Errorf("%s lost %q:\n%s", template, part, sheet.Plain())
			}
		}
	}
}

func TestWordsAreRefusedWithWhere(t *testing.T) {
	for _, c := range []struct{ subject, body, field, key string }{
		{"", "Come to {title}", "subject", "mail.fault.subject_missing"},
		{"Come\r\nBcc: all@example.org", "{title}", "subject", "mail.fault.control"},
		{"=?utf-8?q?x?=", "{title}", "subject", "mail.fault.encoded"},
		{"{titel}", "{title}", "subject", "mail.words.unknown_name"},
		{"{title", "{title}", "subject", "mail.words.lone_brace"},
		{"title}", "{title}", "subject", "mail.words.lone_brace"},
		{"{.Link}", "{title}", "subject", "mail.words.unknown_name"},
		{strings.Repeat("x", 201), "{title}", "subject", "mail.fault.too_long"},
		{"Come", "", "body", "mail.fault.text_missing"},
		{"Come", "please", "body", "mail.words.missing"},
		{"Come", "{title} {count}", "body", "mail.words.unknown_name"},
		{"Come", "{title} [bank.example](https://evil.example)", "body", "mail.words.posing_link"},
		{"Come", "{title} ![](https://evil.example/p.gif)", "body", "mail.words.bad_link"},
		{"Come", "{title}\x00", "body", "mail.fault.control"},
		{"Come", "{title}" + strings.Repeat("x", 8000), "body", "mail.fault.too_long"},
	} {
		_, err := ours.NewOwn(ours.MeetingInvitation, ours.Words{Subject: c.subject, Body: c.body})
		var f *ours.Fault
		if !errors.As(err, &f) || f.Field != c.field || f.Key != c.key {
			t.Errorf("%.40q %.40q: %v, want %s %s", c.subject, c.body, err, c.field, c.key)
		}
	}
	if _, err := ours.NewOwn(ours.MeetingInvitation, ours.Words{Subject: "{title}", Body: "Come"}); err != nil {
		t.Errorf("named in the subject: %v", err)
	}
	if _, err := ours.NewOwn(ours.SignInLink, ours.Words{Subject: "x", Body: "y"}); err == nil {
		t.Error("the text of a sign-in link can be changed")
	}
	for _, template := range []ours.Template{ours.SignInLink, ours.PasswordChanged, ours.EmailChanged, ours.NewSignIn, ours.TestMessage} {
		if slices.Contains(ours.Worded(), template) {
			t.Errorf("%s is no letter of a collaborative", template)
		}
	}
}

// Values that people typed stay words within own words too: no element, no link, no
// further line in the subject, and the message is composed.
func TestValuesStayWordsInOwnWords(t *testing.T) {
	own, err := ours.NewOwn(ours.PollAsk, ours.Words{Subject: "{sender}: {title}", Body: "# {title}\n\n- *{sender}*\n\n[{name}](https://table.example.org/page)"})
	if err != nil {
		t.Fatal(err)
	}
	part := rapid.OneOf(hostile(), rapid.SampledFrom([]string{polyglot, "https://evil.test", "{title}", "**x**", "[x](https://evil.test)"}))
	rapid.Check(t, func(t *rapid.T) {
		d := full()
		d.Sender, d.Title, d.Recipient = "B"+part.Draw(t, "sender"), "T"+part.Draw(t, "title"), part.Draw(t, "name")
		sheet, err := ours.Lay(context.Background(), ours.PollAsk, d, own)
		if err != nil {
			t.Fatal(err)
		}
		page, err := sheet.HTML()
		if err != nil {
			t.Fatal(err)
		}
		tokens := html.NewTokenizer(strings.NewReader(page))
		for more := true; more; {
			switch tokens.Next() {
			case html.ErrorToken:
				more = false
			case html.StartTagToken, html.SelfClosingTagToken:
				token := tokens.Token()
				for _, a := range token.Attr {
					if strings.HasPrefix(a.Key, "on") || token.Data == "script" || token.Data == "img" {
						t.Fatalf("<%s %s>", token.Data, a.Key)
					}
					if a.Key == "href" && a.Val != d.Link && a.Val != "https://table.example.org/page" {
						t.Fatalf("link to %q", a.Val)
					}
				}
			}
		}
		for _, link := range (mailtest.Received{Text: sheet.Plain()}).Links() {
			if link != d.Link && link != "https://table.example.org/page" {
				t.Fatalf("text links to %q", link)
			}
		}
		if strings.ContainsAny(sheet.Subject, "\r\n") {
			t.Fatalf("subject %q", sheet.Subject)
		}
		if _, err := ours.Compose(settings, ours.Message{ID: "m", To: "ana@example.org", Subject: ours.Plain(sheet.Subject), Text: sheet.Plain(), HTML: page}, at); err != nil {
			t.Fatal(err)
		}
	})
}
