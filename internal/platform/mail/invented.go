package mail

import (
	"context"
	"time"

	"commontable/internal/platform/i18n"
)

// Invented is what a message of kind t could tell, of people and things that are not
// there, in the language of ctx: for looking at words before they are sent. Link is where
// its buttons lead.
func Invented(ctx context.Context, t Template, collaborative, link string, now time.Time) Data {
	say := func(part string) string { return i18n.T(ctx, "mail.invented."+part) }
	starts := now.AddDate(0, 0, 9).In(i18n.Zone(ctx))
	starts = time.Date(starts.Year(), starts.Month(), starts.Day(), 9, 0, 0, 0, starts.Location())
	d := Data{Collaborative: collaborative, Recipient: say("reader"), Sender: say("sender"), Organization: say("organization"), Principles: 2, Until: now.AddDate(1, 0, 0).Format(time.DateOnly), Destroy: now.AddDate(1, 3, 0).Format(time.DateOnly),
		Link: link, Stop: link, Expires: now.AddDate(0, 0, 14), At: now}
	s := shapes[t]
	switch {
	case t == MeetingRecap:
		d.At, d.Body = now.AddDate(0, 0, -2), say("recap")
		d.Sections = []Section{{Heading: i18n.T(ctx, "recap.taken_on"), Lines: []Line{{Text: say("action")}}}}
	case s.meeting:
		d.At, d.Body = starts, say("purpose")
	}
	if s.meeting {
		d.Title, d.Ends, d.Place = say("meeting"), d.At.Add(90*time.Minute), say("place")
	}
	switch t {
	case PollAsk, PollRemind:
		d.Title = say("meeting")
	case SurveyAsk, SurveyRemind, SurveyStill:
		d.Title, d.Count = say("survey"), 8
	case DueDigest, ActionReminder:
		d.Count = 2
	case DueNudge:
		d.Body = say("word")
	}
	switch t {
	case DueDigest, DueNudge, ActionReminder:
		d.Sections = []Section{{Lines: []Line{{Text: say("action")}, {Text: say("action_too")}}}}
	}
	return d
}
