package web_test

import (
	"net/http"
	"strings"
	"testing"

	"commontable/internal/testing/browser"
)

// The backbone words its letters in three languages beside one another, sees what each
// looks like while typing, tries it, and goes back to our text.
func TestLetterTexts(t *testing.T) {
	d, g, home, _, _ := agreed(t)
	texts, one := home+"settings/letter-texts", home+"settings/letter-texts/survey_ask"
	g.get(home+"settings", http.StatusOK).says(t, "What letters say")
	g.get(texts, http.StatusOK).says(t, "Invitation to a survey", "Weekly letter")
	g.get(texts+"/sign_in_link", http.StatusNotFound)
	g.get(one, http.StatusOK).says(t, "English", "French", "Spanish", "{title}", "who can read what you answer", "Our text", "Send a test to me")
	g.post(one+"/en", http.StatusUnprocessableEntity, "version", "0", "subject", "Hi", "body", "Hello\n\n{titel}").says(t, "Line 3: this letter knows no titel", "{collaborative}")
	g.post(one+"/en", http.StatusUnprocessableEntity, "version", "0", "subject", "Hi", "body", "{sender} {title} [bank.example](https://evil.example)").says(t, "the link shows bank.example and leads to https://evil.example")
	g.post(one+"/xx", http.StatusNotFound, "version", "0", "subject", "Hi", "body", "{sender} {title}")
	look := g.post(one+"/en", http.StatusOK, "step", "preview", "version", "0", "subject", "Hi {name}", "body", "**{sender}** asks <b>: {title}")
	look.says(t, "Hi Ana Reed")
	if !strings.Contains(look.body, "<strong>Bo Chen</strong> asks &lt;b&gt;") {
		t.Error("what was typed is an element of the page, or is not shown")
	}
	g.post(one+"/en", http.StatusOK, "step", "test", "version", "0", "subject", "Hi {name}", "body", "{sender} asks: {title}").says(t, "on its way to ana@example.org")
	saved := g.post(one+"/en", http.StatusSeeOther, "version", "0", "subject", "Hi {name}", "body", "{sender} asks: {title}\r\n\r\nThanks").to
	g.get(saved, http.StatusOK).says(t, "Saved what the letter says", "Undo", "Your words, changed on", "Back to our text")
	g.get(texts, http.StatusOK).says(t, "Your words: English")
	g.post(one+"/en", http.StatusConflict, "version", "0", "subject", "Mine", "body", "{sender} {title}").says(t, "Mine")
	g.get(home+"settings/history", http.StatusOK).says(t, "Invitation to a survey · English", "Thanks")
	g.post(one+"/en", http.StatusSeeOther, "step", "reset", "version", "1", "subject", "x", "body", "x")
	if page := g.get(one, http.StatusOK); strings.Contains(page.body, "Back to our text") {
		t.Error("our text can be gone back to from our text")
	}

	b := browser.Open(t)
	laptop := b.Page(t)
	laptop.Visit(d.url + "/sign-in?next=" + one)
	signInOn(laptop)
	laptop.Fill("#body-en", "We would *love* to hear of {title} from you.\n\n- soup\n- {sender}")
	laptop.WaitText("We would love to hear of")
	laptop.Fill("#body-en", "We {miss} you.")
	laptop.WaitText("this letter knows no miss")
	laptop.Fill("#body-en", "We would *love* to hear of {title} from you, says {sender}.")
	laptop.WaitText("says Bo Chen")
	laptop.Axe()
	laptop.Screenshot("letter-texts-laptop")
	laptop.Follow("#text-en button[type=submit]")
	laptop.WaitText("Saved what the letter says")
	for name, p := range map[string]*browser.Page{"phone": b.Page(t, browser.Phone()), "dark": b.Page(t, browser.Dark()), "plain": b.Page(t, browser.NoScript())} {
		p.Visit(d.url + "/sign-in?next=" + one)
		signInOn(p)
		switch name {
		case "phone":
			p.Touch()
		case "dark":
			p.Glance()
		case "plain": // without scripts a button shows the letter
			p.Fill("#body-fr", "Venez, dit {sender}, pour {title}.")
			p.Follow("#text-fr button[value=preview]")
			p.WaitText("Venez, dit Paul Girard")
		}
		p.Screenshot("letter-texts-" + name)
	}
}
