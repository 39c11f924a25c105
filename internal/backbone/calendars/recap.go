package calendars

import (
	"context"
	"strings"
	"time"

	"commontable/internal/backbone/actions"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/letters"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
)

// What a letter tells beside a recap: so many decisions, and so many actions.
const recapLines = 50

// comeOf is what came of a meeting beside the words of its recap.
type comeOf struct {
	decided []string // those the recap does not tell in the same words
	actions []actions.Action
	next    *convening.Meeting // of the same group, or of the same series
}

// cameOf reads what came of a meeting.
func cameOf(c *operation.Call, m convening.Meeting) (comeOf, error) {
	var out comeOf
	noted, err := convening.ListCaptures.WithinAsProgram(c, convening.MeetingPart{MeetingID: m.ID})
	if err != nil {
		return out, err
	}
	for _, k := range noted.Items {
		if k.Kind == convening.DecisionKind && !strings.Contains(m.Recap, k.Text) && len(out.decided) < recapLines {
			out.decided = append(out.decided, k.Text)
		}
	}
	taken, err := actions.List.WithinAsProgram(c, actions.ListInput{MeetingID: m.ID, Limit: recapLines})
	if err != nil {
		return out, err
	}
	for _, a := range taken.Items {
		if a.State != actions.Dropped && !a.Disowned {
			out.actions = append(out.actions, a)
		}
	}
	if m.BodyID.IsZero() && m.SeriesID.IsZero() {
		return out, nil
	}
	ask := convening.ListMeetingsInput{BodyID: m.BodyID, From: max(m.On, c.Today()), Sort: "starts", Limit: 10}
	if m.BodyID.IsZero() {
		ask.SeriesID = m.SeriesID
	}
	coming, err := convening.ListMeetings.WithinAsProgram(c, ask)
	if err != nil {
		return out, err
	}
	for _, n := range coming.Items {
		if n.ID != m.ID && n.State != convening.Cancelled && n.StartsAt.After(m.EndsAt) && n.StartsAt.After(c.Now) {
			out.next = &n
			break
		}
	}
	return out, nil
}

// sections are what came of a meeting in the reader's language.
func (o comeOf) sections(c *operation.Call, r letters.Reader) []mail.Section {
	ctx := r.Context(c)
	var out []mail.Section
	add := func(key string, lines []mail.Line) {
		if len(lines) > 0 {
			out = append(out, mail.Section{Heading: i18n.T(ctx, key), Lines: lines})
		}
	}
	var decided, taken, next []mail.Line
	for _, text := range o.decided {
		decided = append(decided, mail.Line{Text: text})
	}
	for _, a := range o.actions {
		taken = append(taken, mail.Line{Text: takenOn(ctx, a)})
	}
	if n := o.next; n != nil {
		there := ctx
		if zone, err := time.LoadLocation(n.Zone); err == nil {
			there = i18n.WithZone(ctx, zone)
		}
		args := i18n.Args{"Title": n.Title, "Day": i18n.CivilDate(ctx, n.On), "Time": i18n.Clock(there, n.StartsAt), "Place": n.Place}
		key := "recap.next_line"
		if n.Place == "" {
			key = "recap.next_line_anywhere"
		}
		next = append(next, mail.Line{Text: i18n.T(ctx, key, args)})
	}
	add("recap.decided", decided)
	add("recap.taken_on", taken)
	add("recap.next", next)
	return out
}

// takenOn is an action in one line: who does what by when.
func takenOn(ctx context.Context, a actions.Action) string {
	text := a.Text
	if a.Owner != "" {
		text = i18n.T(ctx, "recap.owner", i18n.Args{"Owner": a.Owner, "Title": a.Text})
	}
	if a.DueOn != "" {
		text = i18n.T(ctx, "recap.by", i18n.Args{"Text": text, "Date": i18n.CivilDate(ctx, a.DueOn)})
	}
	return text
}
