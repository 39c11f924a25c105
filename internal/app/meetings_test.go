package app

import (
	"bytes"
	"context"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/url"
	"path"
	"strings"
	"testing"
	"time"

	"commontable/internal/backbone/actions"
	"commontable/internal/backbone/calendars"
	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/letters"
	"commontable/internal/platform/access"
	"commontable/internal/platform/calendar"
	"commontable/internal/platform/mail/mailtest"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
	"commontable/internal/testing/migrated"
)

// room is an office with a mail server and a collaborative in Chicago whose
// leadership table Bo sits at.
type room struct {
	*office
	smtp    *mailtest.Server
	ctx     context.Context
	place   operation.Collaborative
	account operation.AccountID
	body    directory.Body
	bo      directory.Person
}

func openRoom(t testing.TB) *room {
	t.Helper()
	o := openOffice(t, migrated.Folder(t))
	r := &room{office: o, smtp: mailtest.Start(t, mailtest.Options{})}
	o.server(t, r.smtp, 0)
	system := operation.WithActor(t.Context(), operation.System())
	do(t, system, o, o.Access.CreateAccount, access.CreateAccountInput{Email: "ana@example.org", Name: "Ana Ruiz"})
	account := do(t, system, o, o.Access.IssueLink, access.IssueLinkInput{Email: "ana@example.org", Minutes: 10})
	in, err := o.Access.RedeemLink(t.Context(), o.Door, path.Base(account.Link))
	if err != nil {
		t.Fatal(err)
	}
	actor, _, _, err := o.Access.Authenticate(t.Context(), in.Secret, "")
	if err != nil {
		t.Fatal(err)
	}
	actor.Roles = append(actor.Roles, operation.Administrator)
	made, err := collaborative.Create.Do(operation.WithActor(t.Context(), actor), o.Door, collaborative.CreateInput{Name: "Maple Valley", Zone: "America/Chicago"})
	if err != nil {
		t.Fatal(err)
	}
	r.account = actor.Account
	if r.place, err = o.Access.Collaborative(t.Context(), made.Slug); err != nil {
		t.Fatal(err)
	}
	r.ctx = operation.WithCollaborative(system, r.place)
	r.body = do(t, r.ctx, o, directory.CreateBody, directory.BodyInput{Name: "Leadership table", Kind: "leadership_table", Since: "2020-01-01"})
	r.bo = do(t, r.ctx, o, directory.CreatePerson, directory.PersonInput{GivenName: "Bo", FamilyName: "Chen", Email: "bo@example.org", Language: "en"})
	cleo := do(t, r.ctx, o, directory.CreatePerson, directory.PersonInput{GivenName: "Cleo", FamilyName: "Orr"})
	do(t, r.ctx, o, directory.CreateSeat, directory.SeatInput{BodyID: r.body.ID, Role: "member", Voting: true, From: "2020-01-01",
		Terms: []directory.TermInput{{PersonID: r.bo.ID, AlternateID: cleo.ID, From: "2020-01-01"}}})
	return r
}

func do[In, Out any](t testing.TB, ctx context.Context, o *office, op *operation.Operation[In, Out], in In) Out {
	t.Helper()
	out, err := op.Do(ctx, o.Door, in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// settle works until nothing waits and returns the messages that came of it.
func (r *room) settle(t *testing.T) []mailtest.Received {
	t.Helper()
	before := len(r.smtp.Messages())
	for r.work(t) > 0 {
	}
	return r.smtp.Messages()[before:]
}

// told is the calendar part of a message, and its method as the type says it.
func told(t *testing.T, m mailtest.Received) (calendar.File, string) {
	t.Helper()
	whole, err := mail.ReadMessage(bytes.NewReader(m.Raw))
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(whole.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := multipart.NewReader(whole.Body, params["boundary"])
	for {
		p, err := parts.NextRawPart()
		if err != nil {
			t.Fatalf("no calendar in the message: %v", err)
		}
		kind, params, _ := mime.ParseMediaType(p.Header.Get("Content-Type"))
		if kind != "text/calendar" {
			continue
		}
		raw, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		file, err := calendar.Read(bytes.NewReader(raw), nil)
		if err != nil || len(file.Events) != 1 || len(file.Faults) > 0 {
			t.Fatalf("%v %+v", err, file.Faults)
		}
		if !strings.Contains(string(raw), "BEGIN:VTIMEZONE") {
			t.Error("the zone is not defined")
		}
		return file, params["method"]
	}
}

// Whoever is expected gets one invitation, one letter for each change and one when
// it is called off, however often the work is done; the calendar knows them for one
// event.
func TestMeetingsAreToldOnce(t *testing.T) {
	r := openRoom(t)
	// The clocks change between the two days: local time stays.
	m := do(t, r.ctx, r.office, convening.CreateMeeting, convening.MeetingInput{BodyID: r.body.ID, On: "2027-03-09", Starts: "09:00", Minutes: 90, Place: "Library; room 2, first floor", Purpose: "Choose a goal."})
	if got := r.settle(t); len(got) != 0 {
		t.Fatalf("a plan alone caused %d letters", len(got))
	}
	m = do(t, r.ctx, r.office, convening.StepMeeting, convening.StepInput{ID: m.ID, Version: m.Version, State: convening.AgendaSent})
	got := r.settle(t)
	if len(got) != 1 || got[0].To[0] != "bo@example.org" {
		t.Fatalf("letters: %v", got)
	}
	first, method := told(t, got[0])
	e := first.Events[0]
	if method != "REQUEST" || first.Method != calendar.Request || e.UID != m.ID.String() || e.Start != calendar.At(2027, 3, 9, 9, 0, 0) || e.Zone.String() != "America/Chicago" ||
		e.Location != "Library; room 2, first floor" || len(e.Attendees) != 1 || e.Attendees[0].Address != "bo@example.org" || e.Organizer == nil || !e.Attendees[0].RSVP {
		t.Errorf("%s %+v", method, e)
	}
	if h := got[0].Header; h.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" || !strings.Contains(h.Get("List-Unsubscribe"), access.PathStop) {
		t.Errorf("headers: %v", h)
	}
	for range 3 {
		do(t, r.ctx, r.office, r.Calendars.Invite, convening.MeetingRef{ID: m.ID})
		do(t, r.ctx, r.office, r.Calendars.Tell, convening.MeetingRef{ID: m.ID})
	}
	if again := r.settle(t); len(again) != 0 {
		t.Errorf("told again: %d letters", len(again))
	}
	day := "2027-03-16"
	m = do(t, r.ctx, r.office, convening.EditMeeting, convening.MeetingPatch{ID: m.ID, Version: m.Version, On: &day})
	got = r.settle(t)
	if len(got) != 1 {
		t.Fatalf("moved: %d letters", len(got))
	}
	second, method := told(t, got[0])
	if now := second.Events[0]; method != "REQUEST" || now.UID != e.UID || now.Sequence <= e.Sequence || now.Start != calendar.At(2027, 3, 16, 9, 0, 0) ||
		!now.Start.In(now.Zone).Equal(time.Date(2027, 3, 16, 14, 0, 0, 0, time.UTC)) || !e.Start.In(e.Zone).Equal(time.Date(2027, 3, 9, 15, 0, 0, 0, time.UTC)) {
		t.Errorf("moved: %+v", now)
	}
	do(t, r.ctx, r.office, convening.StepMeeting, convening.StepInput{ID: m.ID, Version: m.Version, State: convening.Cancelled, Reason: "Snow."})
	got = r.settle(t)
	if len(got) != 1 {
		t.Fatalf("cancelled: %d letters", len(got))
	}
	third, method := told(t, got[0])
	if now := third.Events[0]; method != "CANCEL" || now.Status != calendar.Cancelled || now.Sequence <= second.Events[0].Sequence || !strings.Contains(got[0].Text, "Snow.") {
		t.Errorf("cancelled: %s %+v %s", method, now, got[0].Text)
	}
}

// Whoever is asked no longer is told so; whoever wants no letters gets none; the
// recap goes to everyone once.
func TestWhoIsTold(t *testing.T) {
	r := openRoom(t)
	guest := do(t, r.ctx, r.office, directory.CreatePerson, directory.PersonInput{GivenName: "Dee", FamilyName: "Ray", Email: "dee@example.org"})
	no := do(t, r.ctx, r.office, directory.CreatePerson, directory.PersonInput{GivenName: "Eli", FamilyName: "Fox", Email: "eli@example.org"})
	do(t, r.ctx, r.office, letters.Add, letters.Input{Email: "ELI@example.org"})
	m := do(t, r.ctx, r.office, convening.CreateMeeting, convening.MeetingInput{BodyID: r.body.ID, On: "2026-11-23", Starts: "09:00"})
	for _, p := range []directory.PersonID{guest.ID, no.ID} {
		do(t, r.ctx, r.office, convening.SetPerson, convening.PersonInput{MeetingID: m.ID, PersonID: p, Invited: true})
	}
	out := do(t, r.ctx, r.office, r.Calendars.Invite, convening.MeetingRef{ID: m.ID})
	if out.Letters != 2 || out.Stopped != 1 {
		t.Errorf("%+v", out)
	}
	if got := r.settle(t); len(got) != 2 {
		t.Fatalf("%d letters", len(got))
	}
	do(t, r.ctx, r.office, convening.SetPerson, convening.PersonInput{MeetingID: m.ID, PersonID: guest.ID})
	got := r.settle(t)
	if len(got) != 1 || got[0].To[0] != "dee@example.org" {
		t.Fatalf("taken out: %v", got)
	}
	if _, method := told(t, got[0]); method != "CANCEL" {
		t.Errorf("taken out by %s", method)
	}
	r.clock.Advance(48 * time.Hour)
	recap := "We chose reading.\n\nBo writes it up."
	m = do(t, r.ctx, r.office, convening.GetMeeting, convening.MeetingRef{ID: m.ID})
	m = do(t, r.ctx, r.office, convening.EditMeeting, convening.MeetingPatch{ID: m.ID, Version: m.Version, Recap: &recap})
	m = do(t, r.ctx, r.office, convening.StepMeeting, convening.StepInput{ID: m.ID, Version: m.Version, State: convening.Held})
	for kind, text := range map[string]string{"decision": "The branch opens on Sundays.", "note": "A long talk about parking."} {
		do(t, r.ctx, r.office, convening.AddCapture, convening.CaptureInput{MeetingID: m.ID, Kind: kind, Text: text})
	}
	do(t, r.ctx, r.office, convening.AddCapture, convening.CaptureInput{MeetingID: m.ID, Kind: "decision", Text: "We chose reading."})
	do(t, r.ctx, r.office, actions.Create, actions.Input{MeetingID: m.ID, Text: "Ask the town for keys", OwnerPersonID: r.bo.ID, DueOn: "2026-12-10"})
	do(t, r.ctx, r.office, convening.CreateMeeting, convening.MeetingInput{BodyID: r.body.ID, On: "2026-12-14", Starts: "09:00", Title: "Second look", Place: "Library"})
	m = do(t, r.ctx, r.office, convening.StepMeeting, convening.StepInput{ID: m.ID, Version: m.Version, State: convening.RecapSent})
	got = r.settle(t)
	if len(got) != 1 || got[0].To[0] != "bo@example.org" || !strings.Contains(got[0].Text, "We chose reading.\n\nBo writes it up.") {
		t.Fatalf("recap: %v", got)
	}
	for _, want := range []string{"Decided\n\n- The branch opens on Sundays.\n", "Who does what\n\n- Bo ", ": Ask the town for keys (by Thursday, December 10, 2026)\n", "The next meeting\n\n- Second look, ", "December 14, 2026, 9:00 AM, Library"} {
		if !strings.Contains(got[0].Text, want) {
			t.Errorf("the recap does not tell %q:\n%s", want, got[0].Text)
		}
	}
	if strings.Count(got[0].Text, "We chose reading.") != 1 || strings.Contains(got[0].Text, "parking") {
		t.Errorf("the recap tells too much:\n%s", got[0].Text)
	}
	m = do(t, r.ctx, r.office, convening.StepMeeting, convening.StepInput{ID: m.ID, Version: m.Version, State: convening.Held})
	do(t, r.ctx, r.office, convening.StepMeeting, convening.StepInput{ID: m.ID, Version: m.Version, State: convening.RecapSent})
	if again := r.settle(t); len(again) != 0 {
		t.Errorf("the recap came again: %d", len(again))
	}
}

// secretOf is the secret of the link in a letter that leads to a path.
func secretOf(t *testing.T, m mailtest.Received, to string) string {
	t.Helper()
	for _, link := range m.Links() {
		if u, err := url.Parse(link); err == nil && strings.HasPrefix(u.Path, to) {
			return path.Base(u.Path)
		}
	}
	t.Fatalf("no link to %s: %v", to, m.Links())
	return ""
}

// A personal link answers for its person until the meeting, the last answer counts,
// and it tells nobody more than their first name.
func TestReplyByLink(t *testing.T) {
	r := openRoom(t)
	m := do(t, r.ctx, r.office, convening.CreateMeeting, convening.MeetingInput{BodyID: r.body.ID, On: "2026-11-30", Starts: "09:00"})
	do(t, r.ctx, r.office, r.Calendars.Invite, convening.MeetingRef{ID: m.ID})
	secret := secretOf(t, r.settle(t)[0], access.PathReply)
	public := t.Context()
	_, view, err := r.Calendars.Look(public, r.Door, secret)
	if err != nil || view.State != calendars.ReplyOpen || view.Name != "Bo" || view.StandIn != "Cleo Orr" {
		t.Fatalf("%+v %v", view, err)
	}
	if _, _, err := r.Calendars.Answer(public, r.Door, calendars.AnswerInput{Secret: secret, Reply: "online"}); operation.KindOf(err) != operation.Invalid {
		t.Errorf("online at a meeting in person: %v", err)
	}
	for _, one := range []struct {
		in   calendars.AnswerInput
		want string
	}{{calendars.AnswerInput{Reply: "no"}, ""}, {calendars.AnswerInput{Reply: "alternate", StandIn: true}, "Cleo Orr"}, {calendars.AnswerInput{Reply: "alternate", Alternate: "Zed Ali"}, "Zed Ali"}, {calendars.AnswerInput{Reply: "yes"}, ""}} {
		one.in.Secret = secret
		_, view, err := r.Calendars.Answer(public, r.Door, one.in)
		if err != nil || !view.Fresh || view.Reply != one.in.Reply || view.Alternate != one.want {
			t.Errorf("%+v: %+v %v", one.in, view, err)
		}
		people := do(t, r.ctx, r.office, convening.ListPeople, convening.MeetingPart{MeetingID: m.ID})
		if e := people.Items[0]; e.Reply != one.in.Reply || e.Alternate != one.want {
			t.Errorf("recorded: %+v", e)
		}
	}
	history := do(t, r.ctx, r.office, operation.ListHistory, operation.ListHistoryInput{Limit: 1})
	if h := history.Items[0]; h.Operation != "meeting-links.reply" || h.Via != operation.ViaLink || h.Actor != "Bo Chen" {
		t.Errorf("the log: %+v", h)
	}
	if _, _, err := r.Calendars.Look(public, r.Door, "ctl_"+strings.Repeat("A", 43)); operation.KindOf(err) != operation.NotFound {
		t.Errorf("a guess: %v", err)
	}
	r.clock.Advance(9 * 24 * time.Hour)
	_, view, err = r.Calendars.Answer(public, r.Door, calendars.AnswerInput{Secret: secret, Reply: "no"})
	if err != nil || view.State != calendars.ReplyOver || view.Fresh {
		t.Errorf("after the meeting: %+v %v", view, err)
	}
}

// Whoever ends the letters by their link gets no more, not even those on their way;
// an address that the server refuses for good is remembered.
func TestLettersEnd(t *testing.T) {
	r := openRoom(t)
	m := do(t, r.ctx, r.office, convening.CreateMeeting, convening.MeetingInput{BodyID: r.body.ID, On: "2026-11-30", Starts: "09:00"})
	do(t, r.ctx, r.office, r.Calendars.Invite, convening.MeetingRef{ID: m.ID})
	secret := secretOf(t, r.settle(t)[0], access.PathStop)
	starts := "10:00"
	m = do(t, r.ctx, r.office, convening.EditMeeting, convening.MeetingPatch{ID: m.ID, Version: m.Version, Starts: &starts})
	do(t, r.ctx, r.office, r.Calendars.Tell, convening.MeetingRef{ID: m.ID}) // the letter waits
	for range 2 {
		if _, err := r.Letters.Stop(t.Context(), r.Door, secret, false); err != nil {
			t.Fatal(err)
		}
	}
	if got := r.settle(t); len(got) != 0 {
		t.Errorf("%d letters to whoever ended them", len(got))
	}
	list := do(t, r.ctx, r.office, letters.List, letters.ListInput{})
	if len(list.Items) != 1 || list.Items[0].Reason != letters.Unsubscribed || list.Items[0].Email != "bo@example.org" {
		t.Errorf("%+v", list.Items)
	}
	if _, err := r.Letters.Stop(t.Context(), r.Door, secret[:len(secret)-2]+"AA", false); operation.KindOf(err) != operation.NotFound {
		t.Errorf("a forged link: %v", err)
	}

	do(t, r.ctx, r.office, letters.Remove, letters.Ref{ID: list.Items[0].ID})
	r.smtp.Script(mailtest.To, mailtest.Reply{Code: 550, Words: "no such mailbox"})
	do(t, r.ctx, r.office, convening.StepMeeting, convening.StepInput{ID: m.ID, Version: m.Version, State: convening.Cancelled})
	r.settle(t)
	list = do(t, r.ctx, r.office, letters.List, letters.ListInput{})
	if len(list.Items) != 1 || list.Items[0].Reason != letters.Bounced || !strings.Contains(list.Items[0].Detail, "no such mailbox") {
		t.Errorf("refused: %+v", list.Items)
	}
}

// A feed shows what its owner may see, the cancelled as cancelled, and ends when it
// is replaced, ended, or its owner's password changes.
func TestFeeds(t *testing.T) {
	r := openRoom(t)
	acting, err := r.Access.Acting(t.Context(), r.account, r.place.ID)
	if err != nil {
		t.Fatal(err)
	}
	me := operation.ActorFrom(acting).Person
	theirs := do(t, r.ctx, r.office, convening.CreateMeeting, convening.MeetingInput{BodyID: r.body.ID, On: "2026-11-30", Starts: "09:00"})
	mine := do(t, r.ctx, r.office, convening.CreateMeeting, convening.MeetingInput{Title: "With Ana; and, others", On: "2026-12-01", Starts: "09:00"})
	do(t, r.ctx, r.office, convening.SetPerson, convening.PersonInput{MeetingID: mine.ID, PersonID: me, Invited: true})
	read := func(f calendars.Feed) (calendar.File, string, error) {
		feed, err := r.Calendars.Open(t.Context(), r.Door, strings.TrimSuffix(path.Base(f.Address), ".ics"))
		if err != nil {
			return calendar.File{}, "", err
		}
		var out bytes.Buffer
		if err := feed.Write(&out); err != nil {
			t.Fatal(err)
		}
		file, err := calendar.Read(&out, nil)
		if len(file.Faults) > 0 {
			t.Errorf("%+v", file.Faults)
		}
		return file, feed.Tag, err
	}
	all := do(t, acting, r.office, r.Calendars.MakeFeed, calendars.FeedInput{Scope: calendars.All})
	own := do(t, acting, r.office, r.Calendars.MakeFeed, calendars.FeedInput{Scope: calendars.Mine})
	body := do(t, acting, r.office, r.Calendars.MakeFeed, calendars.FeedInput{Scope: calendars.OfBody, BodyID: r.body.ID})
	for _, one := range []struct {
		feed calendars.Feed
		want []convening.Meeting
	}{{all, []convening.Meeting{theirs, mine}}, {own, []convening.Meeting{mine}}, {body, []convening.Meeting{theirs}}} {
		file, _, err := read(one.feed)
		if err != nil || len(file.Events) != len(one.want) {
			t.Fatalf("%s: %d events, %v", one.feed.Scope, len(file.Events), err)
		}
		for k, m := range one.want {
			if e := file.Events[k]; e.UID != m.ID.String() || e.Summary != m.Title || e.Start.String() != m.On+"T09:00:00" || e.Zone.String() != "America/Chicago" {
				t.Errorf("%s: %+v", one.feed.Scope, e)
			}
		}
	}
	_, before, _ := read(body)
	if _, again, _ := read(body); again != before {
		t.Error("the tag changed by itself")
	}
	do(t, r.ctx, r.office, convening.StepMeeting, convening.StepInput{ID: theirs.ID, Version: theirs.Version, State: convening.Cancelled})
	file, after, _ := read(body)
	if after == before || file.Events[0].Status != calendar.Cancelled {
		t.Errorf("cancelled: %+v", file.Events[0])
	}

	fresh := do(t, acting, r.office, r.Calendars.MakeFeed, calendars.FeedInput{Scope: calendars.All})
	if _, _, err := read(all); operation.KindOf(err) != operation.NotFound {
		t.Errorf("the replaced address: %v", err)
	}
	if _, _, err := read(fresh); err != nil {
		t.Errorf("the new address: %v", err)
	}
	do(t, acting, r.office, r.Calendars.EndFeed, calendars.FeedRef{ID: body.ID})
	if _, _, err := read(body); operation.KindOf(err) != operation.NotFound {
		t.Errorf("the ended address: %v", err)
	}
	if err := r.Store.WriteInstallation(t.Context(), func(tx *store.InstallationTx) error {
		_, err := tx.Exec(`UPDATE memberships SET ended_at = 1 WHERE account_id = $1`, r.account)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := read(fresh); err == nil {
		t.Error("it serves whoever takes part no more")
	}
	if strings.Contains(r.log.String(), path.Base(fresh.Address)) {
		t.Error("the log holds the address")
	}
}

func BenchmarkFeedOf2000(b *testing.B) {
	r := openRoom(b)
	acting, err := r.Access.Acting(b.Context(), r.account, r.place.ID)
	if err != nil {
		b.Fatal(err)
	}
	feed, err := r.Calendars.MakeFeed.Do(acting, r.Door, calendars.FeedInput{Scope: calendars.All})
	if err != nil {
		b.Fatal(err)
	}
	for n := range 2000 {
		in := convening.MeetingInput{BodyID: r.body.ID, On: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n%700).Format(time.DateOnly), Starts: "09:00", Place: "Riverside library", Link: "https://meet.example.org/abc",
			Purpose: strings.Repeat("What is to be decided, and why. ", 10)}
		if _, err := convening.CreateMeeting.Do(r.ctx, r.Door, in); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		feed, err := r.Calendars.Open(b.Context(), r.Door, strings.TrimSuffix(path.Base(feed.Address), ".ics"))
		if err != nil {
			b.Fatal(err)
		}
		var out bytes.Buffer
		if err := feed.Write(&out); err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(out.Len()))
	}
}
