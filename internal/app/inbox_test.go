package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/installation"
	"commontable/internal/backbone/letters"
	"commontable/internal/platform/mail/mailtest"
	"commontable/internal/platform/operation"
)

// boxed is a room whose mail comes back to a mailbox.
type boxed struct {
	*room
	box *mailtest.Box
}

func openBoxed(t *testing.T) *boxed {
	t.Helper()
	b := &boxed{openRoom(t), mailtest.StartBox(t, mailtest.Options{})}
	s := b.box.Mailbox().Settings
	do(t, b.admin(t), b.office, b.Installation.EditInbox, installation.InboxInput{Host: s.Host, Port: int64(s.Port), Security: string(s.Security), Username: s.Username, Password: string(s.Password), ExtraRoots: s.ExtraRoots,
		Address: "table@example.org", Tagged: true})
	return b
}

func (b *boxed) admin(t *testing.T) context.Context {
	return operation.WithActor(t.Context(), operation.System())
}

// read looks into the mailbox.
func (b *boxed) read(t *testing.T) {
	t.Helper()
	if err := b.ReadInbox(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (b *boxed) stopped(t *testing.T) []letters.Suppression {
	t.Helper()
	return do(t, b.ctx, b.office, letters.List, letters.ListInput{}).Items
}

func (b *boxed) reply(t *testing.T, m convening.MeetingID) string {
	t.Helper()
	for _, e := range do(t, b.ctx, b.office, convening.ListPeople, convening.MeetingPart{MeetingID: m}).Items {
		if e.PersonID == b.bo.ID {
			return e.Reply
		}
	}
	return "nobody"
}

func (b *boxed) invited(t *testing.T) (convening.Meeting, mailtest.Received) {
	t.Helper()
	m := do(t, b.ctx, b.office, convening.CreateMeeting, convening.MeetingInput{BodyID: b.body.ID, Title: "Soup", On: "2026-11-30", Starts: "09:00"})
	do(t, b.ctx, b.office, b.Calendars.Invite, convening.MeetingRef{ID: m.ID})
	got := b.settle(t)
	if len(got) != 1 {
		t.Fatalf("%d invitations", len(got))
	}
	return m, got[0]
}

// report is a report on delivery as mail servers write it.
func report(to, recipient, status, header string) string {
	return strings.ReplaceAll(fmt.Sprintf("From: MAILER-DAEMON@mx.example.net\nTo: %s\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\nContent-Type: text/plain\n\nSorry.\n--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n\nFinal-Recipient: rfc822; %s\nAction: failed\nStatus: %s\nDiagnostic-Code: smtp; 550 no such user\n\n--x\nContent-Type: text/rfc822-headers\n\n%s\n--x--\n", to, recipient, status, header), "\n", "\r\n")
}

// A letter that comes back ends the letters to that address: by the link that stands in
// its header, or by the address it came back to; a forged report ends none.
func TestBouncesAreRead(t *testing.T) {
	b := openBoxed(t)
	_, letter := b.invited(t)
	if !strings.HasPrefix(letter.From, "table+b") || !strings.HasSuffix(letter.From, "@example.org") {
		t.Fatalf("it comes back to %q", letter.From)
	}
	now := b.clock.Now()
	stop := "List-Unsubscribe: " + letter.Header.Get("List-Unsubscribe")
	for what, raw := range map[string]string{
		"no proof":            report("table@example.org", "bo@example.org", "5.1.1", "To: bo@example.org"),
		"a guessed address":   report("table+baaaaaaaaaaaaaaaa@example.org", "bo@example.org", "5.1.1", "To: bo@example.org"),
		"a guessed link":      report("table@example.org", "bo@example.org", "5.1.1", "List-Unsubscribe: <https://table.example/unsubscribe/AAAAAAAA>"),
		"proof for another":   report(letter.From, "eve@example.org", "5.1.1", "To: eve@example.org"),
		"a full mailbox":      report(letter.From, "bo@example.org", "5.2.2", stop),
		"refused for content": report(letter.From, "bo@example.org", "5.7.1", stop),
		"somebody's words":    "From: bo@example.org\r\nTo: " + letter.From + "\r\n\r\nI am away.",
	} {
		b.box.Deliver(t, raw, now)
		b.read(t)
		if got := b.stopped(t); len(got) != 0 {
			t.Fatalf("%s: %+v", what, got)
		}
	}
	b.box.Deliver(t, report(letter.From, "bo@example.org", "5.1.1", "Subject: x"), now)
	b.read(t)
	got := b.stopped(t)
	if len(got) != 1 || got[0].Email != "bo@example.org" || got[0].Reason != letters.Bounced || !strings.Contains(got[0].Detail, "5.1.1 550 no such user") || len(got[0].Reach) != 0 {
		t.Fatalf("by the address: %+v", got)
	}
	// Whoever lets letters go there again is not overruled by the same report, though the
	// mailbox is numbered anew or was not noted as read.
	do(t, b.ctx, b.office, letters.Remove, letters.Ref{ID: got[0].ID})
	b.box.Empty(t)
	b.box.Deliver(t, report(letter.From, "bo@example.org", "5.1.1", "Subject: x"), now)
	b.read(t)
	if got := b.stopped(t); len(got) != 0 {
		t.Errorf("the same report counts twice: %+v", got)
	}
	b.box.Deliver(t, report("table@example.org", "bo.chen@forwarded.example", "5.1.10", stop), now)
	b.read(t)
	if got := b.stopped(t); len(got) != 1 || got[0].Email != "bo@example.org" {
		t.Errorf("by the link, passed on elsewhere: %+v", got)
	}
	if marked, all := b.box.Seen(t); marked != 0 || all != 2 {
		t.Errorf("%d of %d are marked", marked, all)
	}
	look := do(t, b.admin(t), b.office, b.Installation.ShowInbox, operation.None{})
	if look.Looked.Bounces != 2 || look.Looked.Said != "" || look.Looked.At.IsZero() || look.PasswordSet != true {
		t.Errorf("%+v", look)
	}
}

func TestComplaintsAreRead(t *testing.T) {
	b := openBoxed(t)
	_, letter := b.invited(t)
	raw := func(header string) string {
		return strings.ReplaceAll("From: abuse@provider.example\nTo: table@example.org\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=feedback-report; boundary=x\n\n--x\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\n\n--x\nContent-Type: message/rfc822\n\n"+header+"\nSubject: x\n\nx\n--x--\n", "\n", "\r\n")
	}
	b.box.Deliver(t, raw("To: bo@example.org"), b.clock.Now())
	b.read(t)
	if got := b.stopped(t); len(got) != 0 {
		t.Errorf("forged: %+v", got)
	}
	b.box.Deliver(t, raw("List-Unsubscribe: "+letter.Header.Get("List-Unsubscribe")), b.clock.Now())
	b.read(t)
	if got := b.stopped(t); len(got) != 1 || got[0].Reason != letters.Complained {
		t.Errorf("%+v", got)
	}
}

// answerTo is what a calendar program sends when somebody answers an invitation.
func answerTo(to, uid, attendee, reply string, sequence int64, stamp time.Time) string {
	return strings.ReplaceAll(fmt.Sprintf("From: %[3]s\nTo: %[1]s\nMIME-Version: 1.0\nContent-Type: text/calendar; method=REPLY\n\nBEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//x//EN\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:%[2]s\nSEQUENCE:%[5]d\nDTSTAMP:%[6]s\nDTSTART:20261130T150000Z\nATTENDEE;PARTSTAT=%[4]s:mailto:%[3]s\nORGANIZER:mailto:%[1]s\nEND:VEVENT\nEND:VCALENDAR\n", to, uid, attendee, reply, sequence, stamp.UTC().Format("20060102T150405Z")), "\n", "\r\n")
}

// An answer from somebody's calendar counts for them, at their own invitation alone: a
// forged, an old or a foreign one changes nothing.
func TestAnswersByMailAreRead(t *testing.T) {
	b := openBoxed(t)
	m, letter := b.invited(t)
	file, _ := told(t, letter)
	organizer := file.Events[0].Organizer.Address
	if !strings.HasPrefix(organizer, "table+r") {
		t.Fatalf("the organizer is %q", organizer)
	}
	other, _ := b.invited(t)
	now := b.clock.Now()
	uid := m.ID.String()
	deliver := func(raw string) string {
		t.Helper()
		b.box.Deliver(t, raw, now)
		b.read(t)
		return b.reply(t, m.ID)
	}
	for what, raw := range map[string]string{
		"no proof":             answerTo("table@example.org", uid, "bo@example.org", "ACCEPTED", 0, now),
		"a guessed address":    answerTo("table+raaaaaaaaaaaaaaaa@example.org", uid, "bo@example.org", "ACCEPTED", 0, now),
		"for somebody else":    answerTo(organizer, uid, "eve@example.org", "ACCEPTED", 0, now),
		"of another meeting":   answerTo(organizer, other.ID.String(), "bo@example.org", "ACCEPTED", 0, now),
		"the mark of a bounce": answerTo(letter.From, uid, "bo@example.org", "ACCEPTED", 0, now),
		"perhaps":              answerTo(organizer, uid, "bo@example.org", "TENTATIVE", 0, now),
		"nothing known":        answerTo(organizer, "x"+uid, "bo@example.org", "ACCEPTED", 0, now),
	} {
		if got := deliver(raw); got != "" || b.reply(t, other.ID) != "" {
			t.Fatalf("%s: %q", what, got)
		}
	}
	if got := deliver(answerTo(organizer, uid, "BO@example.org", "ACCEPTED", m.Sequence, now)); got != convening.ReplyYes {
		t.Fatalf("accepted: %q", got)
	}
	if got := deliver(answerTo(organizer, uid, "bo@example.org", "DECLINED", m.Sequence, now.Add(time.Second))); got != convening.ReplyNo {
		t.Errorf("declined later: %q", got)
	}
	if got := deliver(answerTo(organizer, uid, "bo@example.org", "ACCEPTED", m.Sequence, now.Add(-time.Minute))); got != convening.ReplyNo {
		t.Errorf("an answer that came late: %q", got)
	}
	// What they say on the page afterwards is not undone by reading the mailbox again.
	do(t, b.ctx, b.office, convening.Reply, convening.ReplyInput{MeetingID: m.ID, PersonID: b.bo.ID, Reply: convening.ReplyYes})
	b.box.Empty(t)
	if got := deliver(answerTo(organizer, uid, "bo@example.org", "DECLINED", m.Sequence, now.Add(time.Second))); got != convening.ReplyYes {
		t.Errorf("read once more: %q", got)
	}
	// The meeting moves: an answer to where it was counts for nothing.
	starts := "10:00"
	now2 := do(t, b.ctx, b.office, convening.GetMeeting, convening.MeetingRef{ID: m.ID})
	moved := do(t, b.ctx, b.office, convening.EditMeeting, convening.MeetingPatch{ID: m.ID, Version: now2.Version, Starts: &starts})
	b.settle(t)
	b.clock.Advance(time.Hour)
	now = b.clock.Now()
	before := b.reply(t, m.ID)
	if got := deliver(answerTo(organizer, uid, "bo@example.org", "DECLINED", moved.Sequence-1, now)); got != before {
		t.Errorf("to where it was: %q after %q", got, before)
	}
	if got := deliver(answerTo(organizer, uid, "bo@example.org", "DECLINED", moved.Sequence, now)); got != convening.ReplyNo {
		t.Errorf("to where it is: %q", got)
	}
	history := do(t, b.ctx, b.office, operation.RecordHistory, operation.RecordHistoryInput{Kind: convening.MeetingKind, ID: operation.EntryID(m.ID), Limit: 20})
	if first := history.Items[0]; first.Actor != "Bo Chen" || first.Via != operation.ViaLink {
		t.Errorf("the history says %s by %s %s", first.Operation, first.Actor, first.Via)
	}
}

// A server that does not let mail come back elsewhere gets the letter all the same, and
// one that refuses a recipient at once ends the letters to it.
func TestRefusalsAtOnce(t *testing.T) {
	b := openBoxed(t)
	b.smtp.Script(mailtest.From, mailtest.Reply{Code: 553, Words: "sender not owned"})
	if _, letter := b.invited(t); letter.From != "table@example.org" && strings.Contains(letter.From, "+b") {
		t.Errorf("it comes back to %q", letter.From)
	}
	b.smtp.Script(mailtest.To, mailtest.Reply{Code: 550, Words: "no such user"})
	m := do(t, b.ctx, b.office, convening.CreateMeeting, convening.MeetingInput{BodyID: b.body.ID, Title: "Bread", On: "2026-12-01", Starts: "09:00"})
	do(t, b.ctx, b.office, b.Calendars.Invite, convening.MeetingRef{ID: m.ID})
	b.settle(t)
	if got := b.stopped(t); len(got) != 1 || got[0].Reason != letters.Bounced {
		t.Errorf("%+v", got)
	}
}

// A mailbox that cannot be read is told of on the settings page, and read once it can be.
func TestAMailboxThatCannotBeRead(t *testing.T) {
	b := openBoxed(t)
	in := installation.InboxInput{Version: 1, Host: "127.0.0.1", Port: 1, Security: "none", Username: "table", Password: "x", Address: "table@example.org"}
	do(t, b.admin(t), b.office, b.Installation.EditInbox, in)
	if err := b.ReadInbox(t.Context()); err == nil {
		t.Error("no error")
	}
	if look := do(t, b.admin(t), b.office, b.Installation.ShowInbox, operation.None{}); look.Looked.Said == "" {
		t.Errorf("%+v", look.Looked)
	}
	in.Version, in.Off = 2, true
	do(t, b.admin(t), b.office, b.Installation.EditInbox, in)
	if err := b.ReadInbox(t.Context()); err != nil {
		t.Error(err)
	}
	in = installation.InboxInput{Version: 3, Host: "mail.example.org", Username: "table", Address: "a\r\nb@example.org"}
	var e *operation.Error
	if _, err := b.Installation.EditInbox.Do(b.admin(t), b.Door, in); !errors.As(err, &e) || e.Faults[0].Field != "address" {
		t.Errorf("%v", err)
	}
}
