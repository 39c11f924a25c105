package web_test

import (
	"net/http"
	"strings"
	"testing"

	"commontable/internal/backbone/actions"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/due"
)

// The director says when letters go out; the backbone writes to some and sees who is
// not reached; a link of a reminder leads to one button, and looking changes nothing.
func TestLetterPages(t *testing.T) {
	d, g, home, o, ctx := agreed(t)
	g.get(home+"settings", http.StatusOK).says(t, "When letters go out")
	g.get(home+"settings/post", http.StatusOK).says(t, "Weekly letter", "Quiet hours", "Monday")
	rules := []string{"version", "0", "digest", "true", "digest_weekday", "1", "digest_hour", "8", "remind_hour", "9", "remind_before", "3", "remind_after", "1", "remind_again", "7", "reply_before", "3", "quiet", "true", "quiet_from", "20"}
	g.post(home+"settings/post", http.StatusUnprocessableEntity, append(rules, "quiet_until", "9")...).says(t, "This hour lies in the quiet hours.")
	g.get(g.post(home+"settings/post", http.StatusSeeOther, append(rules, "quiet_until", "7")...).to, http.StatusOK).says(t, "Saved when letters go out", "Undo")

	ana, err := directory.CreatePerson.Do(ctx, d.app.Door, directory.PersonInput{GivenName: "Ana", FamilyName: "Reed", Email: "ana.reed@example.org"})
	if err != nil {
		t.Fatal(err)
	}
	mute, err := directory.CreatePerson.Do(ctx, d.app.Door, directory.PersonInput{GivenName: "Mute", FamilyName: "Stone"})
	if err != nil {
		t.Fatal(err)
	}
	var a actions.Action
	for _, in := range []actions.Input{{Text: "Bring soup", OwnerPersonID: mute.ID}, {Text: "Call the mayor", OwnerPersonID: ana.ID}} {
		if a, err = actions.Create.Do(ctx, d.app.Door, in); err != nil {
			t.Fatal(err)
		}
	}
	g.get(home+"due", http.StatusOK).says(t, "Write to those chosen", "Call the mayor")
	chosen := []string{"id", "p" + ana.ID.String(), "id", "p" + mute.ID.String(), "id", "o" + o.ID.String()}
	g.post(home+"due/nudge", http.StatusOK, chosen...).says(t, "Ana Reed", "No e-mail address on record", "Nothing is due any more", "Your words")
	g.post(home+"due/nudge/send", http.StatusUnprocessableEntity, "id", "p"+mute.ID.String(), "message", "Hm").says(t, "This reaches none of those you chose.")
	g.get(g.post(home+"due/nudge/send", http.StatusSeeOther, "id", "p"+ana.ID.String(), "message", "Please look.").to, http.StatusOK).says(t, "The letters are on their way")
	g.post(home+"due/nudge", http.StatusOK, chosen...).says(t, "Has had a word from you today")

	link, err := d.app.Due.MakeLink.Do(ctx, d.app.Door, due.LinkInput{Owner: due.Owner{PersonID: ana.ID}})
	if err != nil {
		t.Fatal(err)
	}
	path := pathOf(t, link.Address)
	page := d.guest().get(path+"?item=action&id="+a.ID.String()+"&answer=done", http.StatusOK)
	if n := strings.Count(page.body, "Call the mayor"); n != 2 {
		t.Errorf("the action stands there %d times: once with its one button, once in the list", n)
	}
	d.guest().get(path+"?item=action&id="+a.ID.String()+"&answer=erase", http.StatusOK)
	if now, err := actions.Get.Do(ctx, d.app.Door, actions.Ref{ID: a.ID}); err != nil || now.State != actions.Open {
		t.Errorf("looking changed it: %+v %v", now, err)
	}
	d.guest().post(path, http.StatusOK, "item", "action", "id", a.ID.String(), "answer", "done").says(t, "Noted. Thank you.")
}
