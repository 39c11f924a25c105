package app

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"commontable/internal/backbone/actions"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/due"
	"commontable/internal/backbone/letters"
	"commontable/internal/backbone/post"
	"commontable/internal/platform/access"
	"commontable/internal/platform/mail/mailtest"
)

// rule changes the rules of the room's collaborative.
func (r *room) rule(t *testing.T, patch letters.RulesPatch) letters.Rules {
	t.Helper()
	patch.Version = do(t, r.ctx, r.office, letters.GetRules, struct{}{}).Version
	return do(t, r.ctx, r.office, letters.EditRules, patch)
}

// at sets the clock to a local time in Chicago, and lets the housekeeping look.
func (r *room) at(t *testing.T, local string) []mailtest.Received {
	t.Helper()
	zone, err := time.LoadLocation("America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	to, err := time.ParseInLocation("2006-01-02 15:04", local, zone)
	if err != nil {
		t.Fatal(err)
	}
	r.clock.Advance(to.Sub(r.clock.Now()))
	if err := r.startLetters(t.Context(), r.clock.Now()); err != nil {
		t.Fatal(err)
	}
	return r.settle(t)
}

func whom(list []mailtest.Received) []string {
	var out []string
	for _, m := range list {
		out = append(out, m.To[0])
	}
	slices.Sort(out)
	return out
}

func ptr[T any](v T) *T { return &v }

// Once a week, at its hour in the collaborative's zone, everyone from whom something
// is due gets one letter with all of it, and nobody else.
func TestTheWeeklyLetter(t *testing.T) {
	r := openRoom(t) // a Sunday, 9:00 in Chicago
	school := do(t, r.ctx, r.office, directory.CreateOrganization, directory.OrganizationInput{Name: "Harbor School"})
	dee := do(t, r.ctx, r.office, directory.CreatePerson, directory.PersonInput{GivenName: "Dee", FamilyName: "Ray", Email: "dee@example.org", Language: "fr"})
	do(t, r.ctx, r.office, directory.SetAffiliations, directory.PersonAffiliations{ID: dee.ID, Version: dee.Version, Affiliations: []directory.AffiliationInput{{OrganizationID: school.ID, Represents: true, From: "2020-01-01"}}})
	eli := do(t, r.ctx, r.office, directory.CreatePerson, directory.PersonInput{GivenName: "Eli", FamilyName: "Fox", Email: "eli@example.org"})
	do(t, r.ctx, r.office, directory.CreatePerson, directory.PersonInput{GivenName: "Idle", Email: "idle@example.org"})
	for _, in := range []actions.Input{{Text: "Call the mayor", OwnerPersonID: dee.ID, DueOn: "2026-11-30"}, {Text: "Count the chairs", OwnerOrganizationID: school.ID, DueOn: "2026-11-20", AgreedOn: "2026-11-01"},
		{Text: "Bring soup", OwnerPersonID: eli.ID}, {Text: "Write the plan", OwnerPersonID: r.bo.ID, DueOn: "2026-12-24"}} {
		do(t, r.ctx, r.office, actions.Create, in)
	}
	do(t, r.ctx, r.office, letters.Add, letters.Input{Email: "eli@example.org", Reach: []string{letters.Digests}})
	if got := r.at(t, "2026-11-22 10:00"); len(got) != 0 {
		t.Fatalf("%d letters before anybody asked for them", len(got))
	}
	r.rule(t, letters.RulesPatch{Digest: ptr(true), DigestWeekday: ptr(int64(time.Monday)), DigestHour: ptr(int64(8))})
	if got := r.at(t, "2026-11-23 07:59"); len(got) != 0 {
		t.Errorf("%d letters before the hour", len(got))
	}
	got := r.at(t, "2026-11-23 08:00")
	if want := []string{"bo@example.org", "dee@example.org"}; !slices.Equal(whom(got), want) {
		t.Fatalf("written to %v, want %v", whom(got), want)
	}
	for _, m := range got {
		if m.To[0] == "dee@example.org" {
			if !strings.Contains(m.Subject, "2 choses vous") || !strings.Contains(m.Text, "Call the mayor (pour le ") || !strings.Contains(m.Text, "Harbor School\n\n- Count the chairs (était pour le ") {
				t.Errorf("%s\n%s", m.Subject, m.Text)
			}
			if !strings.Contains(m.Header.Get("List-Unsubscribe"), access.PathStop) || m.Header.Get("List-Unsubscribe-Post") == "" {
				t.Errorf("headers %v", m.Header)
			}
			_, view, err := r.Due.Look(t.Context(), r.Door, secretOf(t, m, access.PathDue))
			if err != nil || view.State != due.LinkOpen || len(view.Sections) != 2 {
				t.Errorf("the link: %+v %v", view, err)
			}
			stop := secretOf(t, m, access.PathStop)
			if what, err := r.Letters.Look(t.Context(), stop); err != nil || what.Kind != letters.Digests {
				t.Errorf("the link to end them: %+v %v", what, err)
			}
		}
	}
	for _, local := range []string{"2026-11-23 08:02", "2026-11-24 08:00", "2026-11-29 23:00"} {
		if got := r.at(t, local); len(got) != 0 {
			t.Errorf("%s: %d letters more", local, len(got))
		}
	}
	// Another day is chosen: not twice in one week.
	r.rule(t, letters.RulesPatch{DigestWeekday: ptr(int64(time.Sunday)), DigestHour: ptr(int64(23))})
	r.rule(t, letters.RulesPatch{DigestWeekday: ptr(int64(time.Monday)), DigestHour: ptr(int64(8))})
	if got := r.at(t, "2026-12-01 12:00"); len(got) != 2 { // a day late: the program did not run
		t.Errorf("%d letters in the next week", len(got))
	}
}

// Letters of the program wait until the quiet hours are over; what somebody waits for
// does not.
func TestQuietHours(t *testing.T) {
	r := openRoom(t)
	r.rule(t, letters.RulesPatch{Quiet: ptr(true), QuietFrom: ptr(int64(20)), QuietUntil: ptr(int64(7))})
	r.at(t, "2026-11-22 21:00")
	far := do(t, r.ctx, r.office, convening.CreateMeeting, convening.MeetingInput{BodyID: r.body.ID, Title: "Next week", On: "2026-11-30", Starts: "09:00"})
	near := do(t, r.ctx, r.office, convening.CreateMeeting, convening.MeetingInput{BodyID: r.body.ID, Title: "Tomorrow", On: "2026-11-23", Starts: "08:00"})
	do(t, r.ctx, r.office, r.Calendars.Invite, convening.MeetingRef{ID: far.ID})
	do(t, r.ctx, r.office, r.Calendars.Invite, convening.MeetingRef{ID: near.ID})
	r.post(t, letter("ana@example.org"))
	got := r.settle(t)
	if len(got) != 2 || !slices.Equal(whom(got), []string{"ana@example.org", "bo@example.org"}) {
		t.Fatalf("in the night: %v", whom(got))
	}
	if got := r.at(t, "2026-11-23 06:59"); len(got) != 0 {
		t.Errorf("before seven: %d", len(got))
	}
	if got := r.at(t, "2026-11-23 07:00"); len(got) != 1 || !strings.Contains(got[0].Subject, "Next week") {
		t.Errorf("at seven: %v", got)
	}
	for _, line := range r.states(t) {
		if !strings.HasPrefix(line, "done 1") {
			t.Errorf("waiting counts as no attempt: %q", line)
		}
	}
}

// Actions are reminded of before and after their day, each stage once, with links
// that lead to a button; never after they are done, even when the letter waited.
func TestReminders(t *testing.T) {
	r := openRoom(t)
	r.rule(t, letters.RulesPatch{Reminders: ptr(true), RemindHour: ptr(int64(9))})
	a := do(t, r.ctx, r.office, actions.Create, actions.Input{Text: "Call the mayor", OwnerPersonID: r.bo.ID, DueOn: "2026-11-27"})
	b := do(t, r.ctx, r.office, actions.Create, actions.Input{Text: "Bring soup", OwnerPersonID: r.bo.ID, DueOn: "2026-11-27"})
	do(t, r.ctx, r.office, actions.Create, actions.Input{Text: "Of years ago", OwnerPersonID: r.bo.ID, DueOn: "2024-01-01", AgreedOn: "2023-12-01"})
	count := map[string]int{}
	for day := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC); day.Before(time.Date(2026, 12, 20, 0, 0, 0, 0, time.UTC)); day = day.AddDate(0, 0, 1) {
		on := day.Format(time.DateOnly)
		if on == "2026-11-28" {
			do(t, r.ctx, r.office, actions.Settle, actions.SettleInput{ID: b.ID, Version: b.Version, State: actions.Done})
		}
		for _, m := range append(r.at(t, on+" 09:00"), r.at(t, on+" 15:00")...) {
			for text := range map[string]bool{"Call the mayor": true, "Bring soup": true, "Of years ago": true} {
				if strings.Contains(m.Text, text) {
					count[text+" "+on]++
				}
			}
			if on == "2026-11-24" {
				var answers []string
				for _, link := range m.Links() {
					if u, err := url.Parse(link); err == nil && u.Query().Get("id") == a.ID.String() {
						answers = append(answers, u.Query().Get("answer"))
					}
				}
				if !slices.Equal(answers, []string{"done", "not_yet", "not_mine"}) {
					t.Errorf("links for %v in\n%s", answers, m.Text)
				}
			}
		}
	}
	want := map[string]int{"Call the mayor 2026-11-24": 1, "Bring soup 2026-11-24": 1, "Call the mayor 2026-11-28": 1, "Call the mayor 2026-12-04": 1}
	if len(count) != len(want) {
		t.Errorf("reminded of %v, want %v", count, want)
	}
	for key, n := range want {
		if count[key] != n {
			t.Errorf("%s: %d times", key, count[key])
		}
	}
}

// A reminder that waits while the mail server is down is not sent of what is done
// meanwhile.
func TestNobodyIsRemindedOfWhatIsDone(t *testing.T) {
	r := openRoom(t)
	r.rule(t, letters.RulesPatch{Reminders: ptr(true), RemindHour: ptr(int64(9))})
	a := do(t, r.ctx, r.office, actions.Create, actions.Input{Text: "Call the mayor", OwnerPersonID: r.bo.ID, DueOn: "2026-11-24"})
	do(t, r.ctx, r.office, actions.Create, actions.Input{Text: "Bring soup", OwnerPersonID: r.bo.ID, DueOn: "2026-11-24"})
	r.smtp.Script(mailtest.From, mailtest.Reply{Code: 451, Words: "later"})
	if got := r.at(t, "2026-11-23 09:00"); len(got) != 0 {
		t.Fatalf("%d letters through a server that takes none", len(got))
	}
	do(t, r.ctx, r.office, actions.Settle, actions.SettleInput{ID: a.ID, Version: a.Version, State: actions.Done})
	got := r.at(t, "2026-11-23 10:00")
	if len(got) != 1 || strings.Contains(got[0].Text, "Call the mayor") || !strings.Contains(got[0].Text, "Bring soup") {
		t.Errorf("%d letters: %v", len(got), got)
	}
}

// Whoever was invited and has not answered is asked once, some days before.
func TestAnAnswerIsAskedForOnce(t *testing.T) {
	r := openRoom(t)
	r.rule(t, letters.RulesPatch{Reminders: ptr(true), RemindHour: ptr(int64(9)), ReplyBefore: ptr(int64(3))})
	m := do(t, r.ctx, r.office, convening.CreateMeeting, convening.MeetingInput{BodyID: r.body.ID, Title: "Retreat", On: "2026-12-01", Starts: "09:00"})
	do(t, r.ctx, r.office, r.Calendars.Invite, convening.MeetingRef{ID: m.ID})
	r.settle(t)
	seen := 0
	for _, day := range []string{"2026-11-26", "2026-11-27", "2026-11-28", "2026-11-29", "2026-11-30"} {
		for _, got := range r.at(t, day+" 09:00") {
			seen++
			if day < "2026-11-28" || !strings.Contains(got.Subject, "Retreat") {
				t.Errorf("%s: %s", day, got.Subject)
			}
			if _, view, err := r.Calendars.Look(t.Context(), r.Door, secretOf(t, got, access.PathReply)); err != nil || view.Name != "Bo" {
				t.Errorf("the link: %+v %v", view, err)
			}
		}
	}
	if seen != 1 {
		t.Errorf("asked %d times", seen)
	}
}

// A word from the backbone goes to each who is reached once a day, and the others are
// named with the reason.
func TestANudge(t *testing.T) {
	r := openRoom(t)
	lone := do(t, r.ctx, r.office, directory.CreateOrganization, directory.OrganizationInput{Name: "Alone"})
	mute := do(t, r.ctx, r.office, directory.CreatePerson, directory.PersonInput{GivenName: "Mute"})
	free := do(t, r.ctx, r.office, directory.CreatePerson, directory.PersonInput{GivenName: "Free", Email: "free@example.org"})
	for _, in := range []actions.Input{{Text: "Call", OwnerPersonID: r.bo.ID}, {Text: "Look", OwnerOrganizationID: lone.ID}, {Text: "Say", OwnerPersonID: mute.ID}} {
		do(t, r.ctx, r.office, actions.Create, in)
	}
	in := post.NudgeInput{Owners: []due.Owner{{PersonID: r.bo.ID}, {OrganizationID: lone.ID}, {PersonID: mute.ID}, {PersonID: free.ID}, {PersonID: r.bo.ID}}, Message: "Please look.\n\nThank you."}
	out := do(t, r.ctx, r.office, r.Reminders.Nudge, in)
	var why []string
	for _, p := range out.People {
		why = append(why, p.Why)
	}
	if want := []string{"", post.Nobody, letters.NoAddress, post.NothingDue}; !slices.Equal(why, want) || out.Letters != 1 {
		t.Errorf("%q, want %q, %d letters", why, want, out.Letters)
	}
	got := r.settle(t)
	if len(got) != 1 || got[0].To[0] != "bo@example.org" || !strings.Contains(got[0].Text, "Please look.\n\nThank you.\n\n- Call\n") {
		t.Fatalf("%v", got)
	}
	if _, err := r.Reminders.Nudge.Do(r.ctx, r.Door, in); err == nil {
		t.Error("twice on one day")
	}
	if got := r.settle(t); len(got) != 0 {
		t.Errorf("%d letters more", len(got))
	}
}
