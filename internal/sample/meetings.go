package sample

import (
	"fmt"
	"math"
	"slices"
	"time"

	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

// meetingStory is how the groups met: every quarter what took place in it, and at
// the end what is planned.
func meetingStory() []chapter {
	var out []chapter
	for year := range storyYears + 1 { // of the last as much as is over
		for quarter := range 4 {
			if year == 0 && quarter == 0 {
				continue // nobody has a seat yet
			}
			out = append(out, chapter{fmt.Sprintf("meetings of year %d, quarter %d", year, quarter+1), after(year, 91*(quarter+1)-1), (*teller).quarterOfMeetings})
		}
	}
	return append(out, chapter{"meetings of the last weeks", ago(14), (*teller).quarterOfMeetings}, chapter{"a meeting worth remembering", ago(9), (*teller).lastMeeting}, chapter{"what is planned", ago(3), (*teller).plannedMeetings})
}

// rhythm is when a group meets: the nth weekday of every so many months.
type rhythm struct {
	months  int
	nth     int
	weekday time.Weekday
	starts  string
	minutes int64
}

// rhythmOf is the rhythm of a group, the same through all its years.
func (t *teller) rhythmOf(name string) rhythm {
	switch name {
	case tableName:
		return rhythm{2, 2, time.Tuesday, "09:00", 120}
	case executiveName:
		return rhythm{1, 1, time.Thursday, "12:00", 60}
	}
	names := t.groups()
	k := slices.Index(names, name)
	return rhythm{1, 1 + k%4, []time.Weekday{time.Monday, time.Wednesday, time.Thursday}[k%3], []string{"15:30", "10:00", "17:00"}[k%3], 90}
}

// groups are the names of all bodies so far, in order.
func (t *teller) groups() []string {
	var out []string
	for name := range t.bodies {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// day is the nth weekday of a month.
func (r rhythm) day(year int, month time.Month) time.Time {
	first := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
	ahead := (int(r.weekday) - int(first.Weekday()) + 7) % 7
	return first.AddDate(0, 0, ahead+7*(r.nth-1))
}

var meetingPlaces = []string{"Riverside library, community room", "School district office", "Tamarack community college, room 204", "Harbor street clinic", "Online"}

var meetingPurposes = []string{"Look at the figures together and agree on what to try next.", "Hear what families said, and change what does not work.", "Divide the work of the coming months.", "Decide what to ask of the table.", ""}

// quarterOfMeetings records what took place in the last 91 days, or since it was told.
func (t *teller) quarterOfMeetings() error {
	until := t.clock.Now()
	from := until.AddDate(0, 0, -91)
	if t.metUntil.After(from) {
		from = t.metUntil
	}
	t.metUntil = until.AddDate(0, 0, -1)
	if t.options.Size == Small && until.Before(t.today.AddDate(-3, 0, 0)) {
		return nil // a small place kept no list before
	}
	for _, name := range t.groups() {
		if t.closed[name] {
			continue
		}
		r := t.rhythmOf(name)
		for month := time.Date(from.Year(), from.Month(), 1, 0, 0, 0, 0, time.UTC); month.Before(until); month = month.AddDate(0, 1, 0) {
			day := r.day(month.Year(), month.Month())
			if day.Before(from) || !day.Before(until.AddDate(0, 0, -1)) || r.months > 1 && int(month.Month())%r.months != 0 || month.Month() == time.July {
				continue // in July nobody meets
			}
			if err := t.heldMeeting(name, r, day); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *teller) heldMeeting(name string, r rhythm, day time.Time) error {
	in := convening.MeetingInput{BodyID: t.bodies[name].id, Purpose: pick(t.random, meetingPurposes), Place: pick(t.random, meetingPlaces), On: day.Format(time.DateOnly), Starts: r.starts, Minutes: r.minutes, Held: true}
	if in.Place == "Online" || day.Year() == 2020 || day.Year() == 2021 {
		in.Place, in.Mode, in.Link = "", "online", "https://meet.example/tamarack"
	}
	made, err := convening.CreateMeeting.Do(t.as(operation.Staff), &t.door, in)
	if operation.KindOf(err) == operation.Forbidden || operation.KindOf(err) == operation.NotFound {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s on %s: %w", name, in.On, err)
	}
	return t.attend(made)
}

// reliability is how likely an organization is to come to a meeting, between 0 and 1:
// its own habit, which drifts from year to year, lower in hard winters.
func (t *teller) reliability(o directory.OrganizationID, on time.Time) float64 {
	habit := 0.62 + 0.36*float64(o[15])/255
	drift := 0.12 * math.Sin(float64(on.Year()*12+int(on.Month()))/9+float64(o[14])/20)
	if on.Month() == time.December || on.Month() == time.January {
		drift -= 0.08
	}
	if on.Year() == 2020 {
		drift -= 0.12
	}
	if fading := o[13] < 16 && t.today.Sub(on) < 200*24*time.Hour; fading {
		drift -= 0.55 // something has happened there lately
	}
	return min(0.99, max(0.03, habit+drift))
}

// attend enters who came to a meeting: most of those who were expected, now and then
// an alternate, and whoever had something to say.
func (t *teller) attend(m convening.Meeting) error {
	expected, err := convening.ListPeople.Do(t.as(operation.Staff), &t.door, convening.MeetingPart{MeetingID: m.ID})
	if err != nil {
		return err
	}
	in := attendance.SeveralInput{MeetingID: m.ID}
	var came []attendee
	for _, e := range expected.Items {
		comes := t.random.Float64() < t.reliability(e.OrganizationID, m.StartsAt)
		instead := t.random.Float64() < 0.25
		entry := attendance.Input{MeetingID: m.ID, PersonID: e.PersonID, Source: "list"}
		switch {
		case comes:
		case instead && !e.StandInID.IsZero():
			entry.PersonID, entry.SeatID, entry.OrganizationID = e.StandInID, e.SeatID, e.OrganizationID
		default:
			continue
		}
		if m.StartsAt.After(t.today.AddDate(-4, 0, 0)) { // voices have been noted for four years
			turns, level := int64(t.random.IntN(5)), int64(1)
			if turns > 1 {
				level = 2 + int64(t.random.IntN(3))
			}
			entry.Turns, entry.Engagement = &turns, &level
		}
		in.Items = append(in.Items, entry)
		came = append(came, attendee{entry.PersonID, e.OrganizationID})
	}
	if len(in.Items) == 0 {
		return nil
	}
	_, err = attendance.RecordSeveral.Do(t.as(operation.Staff), &t.door, in)
	if err != nil {
		return fmt.Errorf("attendance of %s: %w", m.Name(), err)
	}
	t.met = append(t.met, gathering{m, came})
	return nil
}

// lastMeeting is one of the table's, with everything a meeting can have.
func (t *teller) lastMeeting() error {
	day := t.clock.Now().AddDate(0, 0, -3)
	staff := t.as(operation.Staff)
	m, err := convening.CreateMeeting.Do(staff, &t.door, convening.MeetingInput{BodyID: t.bodies[tableName].id, Title: "Leadership table", Purpose: "Agree on what the reading campaign should reach by June, and on who asks the families.",
		Place: meetingPlaces[0], On: day.Format(time.DateOnly), Starts: "09:00", Minutes: 120, Held: true})
	if err != nil {
		return err
	}
	if _, err := convening.UseChecklist.Do(staff, &t.door, convening.UseInput{MeetingID: m.ID}); err != nil {
		return err
	}
	if _, err := convening.CreateChecklist.Do(staff, &t.door, convening.ChecklistInput{Name: "Working group evening", Items: []convening.ChecklistItem{
		{Text: "Ask the chair what the evening is for", Days: -10, Tag: "strategic"}, {Text: "Book interpreters and child care", Days: -7, Tag: "logistical"},
		{Text: "Bring coffee", Tag: "logistical"}, {Text: "Write to whoever could not come", Days: 2, Tag: "strategic"}}}); err != nil {
		return err
	}
	var items []convening.ItemID
	for _, item := range []convening.ItemInput{
		{Title: "Welcome, and what we agreed last time", Goal: "inform", Minutes: 10, Owner: "Marisol Quintero"},
		{Title: "Third-grade reading: the new figures", Goal: "discuss", Minutes: 35, About: "What changed since last year, where, and for whom."},
		{Title: "What the campaign should reach by June", Goal: "decide", Minutes: 45, Interests: "The library system runs the campaign and will not vote."},
		{Title: "Summer places for siblings", Goal: "discuss", Minutes: 30},
	} {
		item.MeetingID = m.ID
		made, err := convening.AddItem.Do(staff, &t.door, item)
		if err != nil {
			return err
		}
		state := convening.ItemDone
		if len(items) == 3 {
			state = convening.ItemOpen
		}
		if _, err := convening.EditItem.Do(staff, &t.door, convening.ItemPatch{MeetingID: m.ID, ID: made.ID, Version: made.Version, State: &state}); err != nil {
			return err
		}
		items = append(items, made.ID)
	}
	for _, note := range []struct {
		item int
		kind string
		text string
	}{
		{1, "note", "Reading at grade level rose from 41 to 46 percent; the east side did not move."},
		{1, "win", "All five branches now lend without fines."},
		{2, "decision", "By June 52 percent read at grade level, and the east side closes half its gap."},
		{2, "note", "Families should be asked in their own language, and paid for their time."},
		{2, "question", "Can the table free 4,000 dollars for interpreters before spring?"},
	} {
		t.later(4 * time.Minute)
		if _, err := convening.AddCapture.Do(staff, &t.door, convening.CaptureInput{MeetingID: m.ID, ItemID: items[note.item], Kind: note.kind, Text: note.text}); err != nil {
			return err
		}
	}
	recap := "Decided\n– By June 52 percent read at grade level, and the east side closes half its gap.\n\nWhat went well\n– All five branches now lend without fines.\n\nStill open\n– Summer places for siblings"
	if m, err = convening.EditMeeting.Do(staff, &t.door, convening.MeetingPatch{ID: m.ID, Version: m.Version, Recap: &recap}); err != nil {
		return err
	}
	if m, err = convening.StepMeeting.Do(staff, &t.door, convening.StepInput{ID: m.ID, Version: m.Version, State: convening.RecapSent}); err != nil {
		return err
	}
	if err := t.bringMaterials(m.ID, items); err != nil {
		return err
	}
	return t.attend(m)
}

// plannedMeetings are the series of every group that still meets.
func (t *teller) plannedMeetings() error {
	codes := [7]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}
	for _, name := range t.groups() {
		if t.closed[name] {
			continue
		}
		r := t.rhythmOf(name)
		month := time.Date(t.today.Year(), t.today.Month(), 1, 0, 0, 0, 0, time.UTC)
		first := r.day(month.Year(), month.Month())
		for !first.After(t.today) || r.months > 1 && int(first.Month())%r.months != 0 {
			month = month.AddDate(0, 1, 0)
			first = r.day(month.Year(), month.Month())
		}
		rule := fmt.Sprintf("FREQ=MONTHLY;BYDAY=%d%s", r.nth, codes[r.weekday])
		if r.months > 1 {
			rule = fmt.Sprintf("FREQ=MONTHLY;INTERVAL=%d;BYDAY=%d%s", r.months, r.nth, codes[r.weekday])
		}
		if _, err := convening.CreateSeries.Do(t.as(operation.Staff), &t.door, convening.SeriesInput{BodyID: t.bodies[name].id, Place: meetingPlaces[0], FirstOn: first.Format(time.DateOnly), Starts: r.starts,
			Minutes: r.minutes, Rule: rule}); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}
