package app

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/letters"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
)

// A letter says what the collaborative wrote in its reader's language, and ours in the
// others; it says ours again after going back, and what was said stays in the history.
func TestOwnWordsGoOut(t *testing.T) {
	r := openRoom(t)
	ref := letters.TextRef{Kind: string(mail.MeetingInvitation), Language: "en"}
	edited := do(t, r.ctx, r.office, letters.EditText, letters.TextInput{TextRef: ref, Subject: "Soup and {title}", Body: "Dear {name},\n\nwe cook on **{day}**. See [how](https://table.example/soup)."})
	meet := func(title string) convening.Meeting {
		m := do(t, r.ctx, r.office, convening.CreateMeeting, convening.MeetingInput{BodyID: r.body.ID, Title: title, On: "2026-11-30", Starts: "09:00"})
		do(t, r.ctx, r.office, r.Calendars.Invite, convening.MeetingRef{ID: m.ID})
		return m
	}
	meet("<b>Stew</b>")
	got := r.settle(t)
	if len(got) != 1 || got[0].Subject != "Soup and <b>Stew</b>" || !strings.Contains(got[0].Text, "Dear Bo Chen,") || !strings.Contains(got[0].HTML, `we cook on <strong>`) ||
		!strings.Contains(got[0].HTML, `<a href="https://table.example/soup"`) || !strings.Contains(got[0].Text, "/reply/") || !strings.Contains(got[0].Text, "/unsubscribe/") {
		t.Errorf("%+v", got)
	}
	bo := do(t, r.ctx, r.office, directory.GetPerson, directory.PersonRef{ID: r.bo.ID})
	french := "fr"
	do(t, r.ctx, r.office, directory.EditPerson, directory.PersonPatch{ID: bo.ID, Version: bo.Version, Language: &french})
	meet("Stew")
	if got := r.settle(t); len(got) != 1 || !strings.Contains(got[0].Text, "vous invite") {
		t.Errorf("in French: %+v", got)
	}
	english := "en"
	bo = do(t, r.ctx, r.office, directory.GetPerson, directory.PersonRef{ID: r.bo.ID})
	do(t, r.ctx, r.office, directory.EditPerson, directory.PersonPatch{ID: bo.ID, Version: bo.Version, Language: &english})
	back := do(t, r.ctx, r.office, letters.ResetText, letters.TextVersion{TextRef: ref, Version: edited.Version})
	if back.Own || !strings.Contains(back.Body, "invites you") {
		t.Errorf("back to ours: %+v", back)
	}
	meet("Bread")
	if got := r.settle(t); len(got) != 1 || !strings.Contains(got[0].Text, "invites you: Bread") {
		t.Errorf("after going back: %+v", got)
	}
	history := do(t, r.ctx, r.office, operation.RecordHistory, operation.RecordHistoryInput{Kind: letters.TextKind, ID: operation.EntryID(edited.ID), Limit: 10})
	if len(history.Items) != 2 || !strings.Contains(fmt.Sprintf("%s", history.Items[1].Fields), "we cook on") || !strings.Contains(fmt.Sprintf("%s", history.Items[0].Fields), "we cook on") {
		t.Errorf("history: %+v", history.Items)
	}
	do(t, r.ctx, r.office, operation.Undo, operation.UndoInput{ID: history.Items[0].ID})
	again := do(t, r.ctx, r.office, letters.GetTexts, letters.TextKindRef{Kind: ref.Kind})
	if again.Texts[0].Body != edited.Body || again.Texts[0].Version != 3 {
		t.Errorf("taken back: %+v", again.Texts[0])
	}
	if _, err := letters.EditText.Do(r.ctx, r.Door, letters.TextInput{TextRef: ref, Version: 1, Subject: "x {title}", Body: "y"}); operation.KindOf(err) != operation.Conflict {
		t.Errorf("past each other: %v", err)
	}
}

// Trying a text sends it to whoever tries it, to nobody else and at any hour.
func TestATextIsTried(t *testing.T) {
	r := openRoom(t)
	rules := do(t, r.ctx, r.office, letters.GetRules, operation.None{})
	hour := func(h int64) *int64 { return &h }
	yes := true
	now := r.clock.Now().In(r.place.Zone)
	do(t, r.ctx, r.office, letters.EditRules, letters.RulesPatch{Version: rules.Version, Quiet: &yes, QuietFrom: hour(int64(now.Hour())), QuietUntil: hour(int64(now.Add(2 * time.Hour).Hour()))})
	in := letters.PreviewInput{TextRef: letters.TextRef{Kind: string(mail.SurveyAsk), Language: "es"}, Subject: "Hola {name}", Body: "{sender} pregunta: {title}"}
	if _, err := letters.TestText.Do(r.ctx, r.Door, in); operation.KindOf(err) != operation.Conflict {
		t.Errorf("nobody to send it to: %v", err)
	}
	me := operation.WithActor(r.ctx, operation.Actor{Account: r.account, Name: "Ana Ruiz", Email: "ana@example.org", Roles: []operation.Role{operation.Director}, Via: operation.ViaSession})
	do(t, me, r.office, letters.TestText, in)
	got := r.settle(t)
	if len(got) != 1 || got[0].To[0] != "ana@example.org" || got[0].Subject != "Hola Ana Torres" || !strings.Contains(got[0].Text, "quién puede leer sus respuestas") {
		t.Errorf("%+v", got)
	}
}
