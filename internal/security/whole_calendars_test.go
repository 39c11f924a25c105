package security_test

import (
	"context"
	"testing"
	"time"

	"commontable/internal/backbone/actions"
	"commontable/internal/backbone/calendars"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/due"
	"commontable/internal/backbone/letters"
	"commontable/internal/backbone/post"
	"commontable/internal/platform/operation"
)

// calendarChanges are the changes of feeds, letters of meetings and addresses
// without letters, in an order in which each can be done.
func (s *site) calendarChanges(t *testing.T) []change {
	t.Helper()
	ctx, door := s.here.context, s.app.Door
	// Feeds belong to an account.
	actor := s.callers[0].actor
	mine := operation.WithActor(ctx, actor)
	guest := do(t, ctx, s.app, directory.CreatePerson, directory.PersonInput{GivenName: "Invited", Email: "invited@mail.example"})
	m := do(t, ctx, s.app, convening.CreateMeeting, convening.MeetingInput{Title: "With letters", On: "2099-06-05", Starts: "10:00"})
	do(t, ctx, s.app, convening.SetPerson, convening.PersonInput{MeetingID: m.ID, PersonID: guest.ID, Invited: true})
	do(t, ctx, s.app, actions.Create, actions.Input{Text: "Promised", OwnerPersonID: guest.ID, DueOn: "2026-01-06", AgreedOn: "2026-01-01"})
	var feed calendars.Feed
	var stopped letters.Suppression
	var text letters.Text
	return []change{
		{"calendar-feeds.make", func() (err error) {
			feed, err = s.app.Calendars.MakeFeed.Do(mine, door, calendars.FeedInput{Scope: calendars.OfBody, BodyID: s.here.body.ID})
			return err
		}},
		{"calendar-feeds.end", func() error {
			_, err := s.app.Calendars.EndFeed.Do(mine, door, calendars.FeedRef{ID: feed.ID})
			return err
		}},
		{"meetings.invite", func() error {
			_, err := s.app.Calendars.Invite.Do(ctx, door, convening.MeetingRef{ID: m.ID})
			return err
		}},
		{"meeting-answers.receive", func() error {
			_, err := s.app.Calendars.Receive.Do(s.programHere(), door, calendars.MailedAnswer{MeetingID: m.ID, Email: "invited@mail.example", Reply: "yes", Sequence: 99, Stamp: time.Now()})
			return err
		}},
		{"meetings.tell", func() error {
			_, err := s.app.Calendars.Tell.Do(s.programHere(), door, convening.MeetingRef{ID: m.ID})
			return err
		}},
		{"post-rules.edit", func() error {
			yes := true
			rules, err := letters.GetRules.Do(ctx, door, operation.None{})
			if err == nil {
				_, err = letters.EditRules.Do(ctx, door, letters.RulesPatch{Version: rules.Version, Digest: &yes, Reminders: &yes})
			}
			return err
		}},
		{"digests.write", func() error {
			_, err := s.app.Reminders.WriteDigests.Do(s.programHere(), door, post.PortionInput{On: "2026-01-05"})
			return err
		}},
		{"reminders.write", func() error {
			_, err := s.app.Reminders.WriteReminders.Do(s.programHere(), door, post.PortionInput{On: "2026-01-05"})
			return err
		}},
		{"nudges.send", func() error {
			_, err := s.app.Reminders.Nudge.Do(ctx, door, post.NudgeInput{Owners: []due.Owner{{PersonID: guest.ID}}, Message: "Please."})
			return err
		}},
		{"letter-texts.edit", func() (err error) {
			text, err = letters.EditText.Do(ctx, door, letters.TextInput{TextRef: letters.TextRef{Kind: "due_digest", Language: "en"}, Subject: "What waits", Body: "Please look."})
			return err
		}},
		{"letter-texts.reset", func() error {
			_, err := letters.ResetText.Do(ctx, door, letters.TextVersion{TextRef: letters.TextRef{Kind: "due_digest", Language: "en"}, Version: text.Version})
			return err
		}},
		{"letter-texts.test", func() error {
			program := operation.System() // whose letters count against no limit
			program.Email = "tries@mail.example"
			_, err := letters.TestText.Do(operation.WithActor(ctx, program), door, letters.PreviewInput{TextRef: letters.TextRef{Kind: "due_digest", Language: "en"}, Subject: "What waits", Body: "Please look."})
			return err
		}},
		{"suppressions.add", func() (err error) {
			stopped, err = letters.Add.Do(ctx, door, letters.Input{Email: "nobody@mail.example"})
			return err
		}},
		{"suppressions.remove", func() error {
			_, err := letters.Remove.Do(ctx, door, letters.Ref{ID: stopped.ID})
			return err
		}},
	}
}

// programHere is the program itself, in the first collaborative.
func (s *site) programHere() context.Context {
	return operation.WithActor(s.here.context, operation.System())
}
