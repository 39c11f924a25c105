package security_test

import (
	"strings"
	"testing"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/evaluation"
	"commontable/internal/backbone/letters"
	"commontable/internal/backbone/materials"
	"commontable/internal/backbone/polls"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/id"
)

// gathering is a meeting with one of everything it can have.
type gathering struct {
	meeting     convening.Meeting
	item        convening.Item
	preparation convening.Preparation
	capture     convening.Capture
	checklist   convening.Checklist
	series      convening.Series
	suppression letters.Suppression
	poll        polls.Poll
	instrument  surveys.Held
	wave        surveys.Wave
	released    surveys.Wave
	evaluation  evaluation.Agreement
	comment     surveys.Comment
	material    materials.Material
	upload      materials.Upload
}

func (s *site) gather(t *testing.T, at town, word string) (g gathering) {
	t.Helper()
	g.meeting = do(t, at.context, s.app, convening.CreateMeeting, convening.MeetingInput{BodyID: at.body.ID, Title: word + " meeting", Purpose: word, Place: word, Link: "https://" + word + ".example", On: "2099-03-05", Starts: "10:00"})
	g.item = do(t, at.context, s.app, convening.AddItem, convening.ItemInput{MeetingID: g.meeting.ID, Title: word, About: word, Interests: word, OwnerID: at.person.ID, Minutes: 10})
	g.preparation = do(t, at.context, s.app, convening.AddPreparation, convening.PreparationInput{MeetingID: g.meeting.ID, Text: word, Days: -7, AssigneeID: at.person.ID})
	g.capture = do(t, at.context, s.app, convening.AddCapture, convening.CaptureInput{MeetingID: g.meeting.ID, ItemID: g.item.ID, Text: word})
	g.checklist = do(t, at.context, s.app, convening.CreateChecklist, convening.ChecklistInput{Name: word, Items: []convening.ChecklistItem{{Text: word, Days: -3}}})
	g.series = do(t, at.context, s.app, convening.CreateSeries, convening.SeriesInput{BodyID: at.body.ID, Title: word, Purpose: word, Place: word, FirstOn: "2099-01-05", Starts: "10:00", Rule: "FREQ=YEARLY"})
	do(t, at.context, s.app, convening.SetPerson, convening.PersonInput{MeetingID: g.meeting.ID, PersonID: at.person.ID, Invited: true, Part: "notes"})
	g.suppression = do(t, at.context, s.app, letters.Add, letters.Input{Email: word + "@stopped.example", Detail: word})
	do(t, at.context, s.app, letters.EditText, letters.TextInput{TextRef: letters.TextRef{Kind: "due_nudge", Language: "en"}, Subject: word, Body: word + " {sender}"})
	g.poll = do(t, at.context, s.app, polls.Create, polls.Input{BodyID: at.body.ID, Title: word, Purpose: word, Place: word, Link: "https://" + word + ".example", Times: []string{"2099-03-05 10:00"}, People: []directory.PersonID{at.person.ID}})
	g.instrument = do(t, at.context, s.app, surveys.Bring, surveys.BringInput{Format: "csv", Key: "own", Title: word, File: surveys.Template})
	g.wave = do(t, at.context, s.app, surveys.Create, surveys.Input{InstrumentID: g.instrument.ID, Title: word, Mode: surveys.Named})
	g.released = s.answeredSurvey(t, at.context, word)
	g.evaluation = do(t, at.context, s.app, evaluation.Create, evaluation.Input{PersonID: at.person.ID, Organization: word, Purpose: word, Waves: []surveys.WaveID{g.released.ID}, Until: "2099-01-01", DestroyBy: "2099-02-01"})
	g.released = do(t, at.context, s.app, surveys.Step, surveys.StepInput{ID: g.released.ID, Version: g.released.Version, State: surveys.Released})
	g.comment = do(t, at.context, s.app, surveys.ListComments, surveys.Ref{ID: g.released.ID}).Items[0]
	g.wave = do(t, at.context, s.app, surveys.AddPeople, surveys.PeopleInput{WaveID: g.wave.ID, People: []directory.PersonID{at.person.ID}})
	g.upload = s.uploaded(t, at, g.meeting.ID, word+".txt", word)
	material, err := s.app.Materials.Create.Do(at.context, s.app.Door, materials.Input{MeetingID: g.meeting.ID, ItemID: g.item.ID, Title: word, Note: word, UploadID: g.upload.ID})
	if err != nil {
		t.Fatal(err)
	}
	g.material = material
	g.upload = s.uploaded(t, at, g.meeting.ID, word+".txt", word)
	return g
}

// named is the id that an address of REST means.
func (g gathering) named(path string) string {
	for part, i := range map[string]string{"/agenda/": g.item.ID.String(), "/preparations/": g.preparation.ID.String(), "/captures/": g.capture.ID.String(), "/checklists/": g.checklist.ID.String(), "/series/": g.series.ID.String(), "/suppressions/": g.suppression.ID.String(), "/polls/": g.poll.ID.String(), "/materials/": g.material.ID.String(), "/uploads/": g.upload.ID.String(), "/evaluator-agreements/": g.evaluation.ID.String(), "/survey-waves/": g.wave.ID.String(), "/survey-results/": g.released.ID.String(), "/survey-comments/": g.comment.ID.String(), "/survey-instruments/": g.instrument.ID.String()} {
		if strings.Contains(path, part) {
			return i
		}
	}
	return g.meeting.ID.String()
}

// meetingChanges are the changes of meetings, in an order in which each can be done.
func (s *site) meetingChanges(t *testing.T) []change {
	t.Helper()
	ctx, door := s.here.context, s.app.Door
	guest := do(t, ctx, s.app, directory.CreatePerson, directory.PersonInput{GivenName: "Meeting guest"})
	later := do(t, ctx, s.app, convening.CreateMeeting, convening.MeetingInput{Title: "Later", On: "2099-05-05", Starts: "10:00"})
	var m convening.Meeting
	var i convening.Item
	var p convening.Preparation
	var k convening.Capture
	var l convening.Checklist
	meeting := func(now convening.Meeting, err error) error {
		if err == nil {
			m = now
		}
		return err
	}
	item := func(now convening.Item, err error) error {
		if err == nil {
			i = now
		}
		return err
	}
	line := func(now convening.Preparation, err error) error {
		if err == nil {
			p = now
		}
		return err
	}
	note := func(now convening.Capture, err error) error {
		if err == nil {
			k = now
		}
		return err
	}
	list := func(now convening.Checklist, err error) error {
		if err == nil {
			l = now
		}
		return err
	}
	at := func() convening.MeetingVersion { return convening.MeetingVersion{ID: m.ID, Version: m.Version} }
	itemAt := func() convening.ItemVersion {
		return convening.ItemVersion{MeetingID: m.ID, ID: i.ID, Version: i.Version}
	}
	var x convening.Series
	again := func(now convening.Series, err error) error {
		if err == nil {
			x = now
		}
		return err
	}
	return []change{
		{"series.create", func() error {
			return again(convening.CreateSeries.Do(ctx, door, convening.SeriesInput{BodyID: s.here.body.ID, FirstOn: "2099-01-05", Starts: "10:00", Rule: "FREQ=MONTHLY;INTERVAL=6"}))
		}},
		{"series.edit", func() error {
			return again(convening.EditSeries.Do(ctx, door, convening.SeriesPatch{ID: x.ID, Version: x.Version, FirstOn: ptr("2099-01-06"), LastOn: ptr("2099-05-01")}))
		}},
		{"series.trash", func() error {
			return again(convening.TrashSeries.Do(ctx, door, convening.SeriesVersion{ID: x.ID, Version: x.Version}))
		}},
		{"series.restore", func() error {
			return again(convening.RestoreSeries.Do(ctx, door, convening.SeriesVersion{ID: x.ID, Version: x.Version}))
		}},
		{"series.extend", func() error { return again(convening.ExtendSeries.Do(ctx, door, convening.SeriesRef{ID: x.ID})) }},
		{"meetings.create", func() error {
			return meeting(convening.CreateMeeting.Do(ctx, door, convening.MeetingInput{BodyID: s.here.body.ID, On: "2099-04-05", Starts: "10:00"}))
		}},
		{"meetings.step", func() error {
			return meeting(convening.StepMeeting.Do(ctx, door, convening.StepInput{ID: m.ID, Version: m.Version, State: convening.AgendaSent}))
		}},
		{"meetings.edit-several", func() error {
			page, err := convening.EditSeveral.Do(ctx, door, convening.SeveralInput{Items: []convening.MeetingVersion{{ID: m.ID, Version: m.Version}}, Days: 7, Place: ptr("Hall")})
			if err == nil {
				m = page.Items[0]
			}
			return err
		}},
		{"meetings.trash", func() error { return meeting(convening.TrashMeeting.Do(ctx, door, at())) }},
		{"meetings.restore", func() error { return meeting(convening.RestoreMeeting.Do(ctx, door, at())) }},
		{"meetings.set-person", func() error {
			_, err := convening.SetPerson.Do(ctx, door, convening.PersonInput{MeetingID: m.ID, PersonID: guest.ID, Invited: true})
			return err
		}},
		{"meetings.reply", func() error {
			_, err := convening.Reply.Do(ctx, door, convening.ReplyInput{MeetingID: m.ID, PersonID: guest.ID, Reply: convening.ReplyYes})
			return err
		}},
		{"agenda.add", func() error {
			return item(convening.AddItem.Do(ctx, door, convening.ItemInput{MeetingID: m.ID, Title: "First"}))
		}},
		{"agenda.edit", func() error {
			return item(convening.EditItem.Do(ctx, door, convening.ItemPatch{MeetingID: m.ID, ID: i.ID, Version: i.Version, Title: ptr("One")}))
		}},
		{"agenda.order", func() error {
			_, err := convening.OrderItems.Do(ctx, door, convening.OrderInput{MeetingID: m.ID, Items: []convening.ItemID{i.ID}})
			return err
		}},
		{"agenda.trash", func() error { return item(convening.TrashItem.Do(ctx, door, itemAt())) }},
		{"agenda.restore", func() error { return item(convening.RestoreItem.Do(ctx, door, itemAt())) }},
		{"agenda.carry", func() error {
			_, err := convening.CarryItems.Do(ctx, door, convening.CarryInput{MeetingID: m.ID, ToID: later.ID})
			return err
		}},
		{"preparations.add", func() error {
			return line(convening.AddPreparation.Do(ctx, door, convening.PreparationInput{MeetingID: m.ID, Text: "Chairs", Days: -1}))
		}},
		{"preparations.edit", func() error {
			return line(convening.EditPreparation.Do(ctx, door, convening.PreparationPatch{MeetingID: m.ID, ID: p.ID, Version: p.Version, Done: ptr(true)}))
		}},
		// What is moved takes its preparations along.
		{"meetings.edit", func() error {
			return meeting(convening.EditMeeting.Do(ctx, door, convening.MeetingPatch{ID: m.ID, Version: m.Version, On: ptr("2099-04-06")}))
		}},
		{"preparations.trash", func() error {
			return line(convening.TrashPreparation.Do(ctx, door, convening.PreparationVersion{MeetingID: m.ID, ID: p.ID, Version: p.Version}))
		}},
		{"preparations.restore", func() error {
			return line(convening.RestorePreparation.Do(ctx, door, convening.PreparationVersion{MeetingID: m.ID, ID: p.ID, Version: p.Version}))
		}},
		{"captures.add", func() error {
			return note(convening.AddCapture.Do(ctx, door, convening.CaptureInput{MeetingID: m.ID, ID: id.New[convening.Capture](), Text: "Said"}))
		}},
		{"captures.edit", func() error {
			return note(convening.EditCapture.Do(ctx, door, convening.CapturePatch{MeetingID: m.ID, ID: k.ID, Version: k.Version, Kind: ptr("win")}))
		}},
		{"captures.trash", func() error {
			return note(convening.TrashCapture.Do(ctx, door, convening.CaptureVersion{MeetingID: m.ID, ID: k.ID, Version: k.Version}))
		}},
		{"captures.restore", func() error {
			return note(convening.RestoreCapture.Do(ctx, door, convening.CaptureVersion{MeetingID: m.ID, ID: k.ID, Version: k.Version}))
		}},
		{"checklists.create", func() error {
			return list(convening.CreateChecklist.Do(ctx, door, convening.ChecklistInput{Name: "Own", Items: []convening.ChecklistItem{{Text: "Coffee"}, {Text: "Tea", Days: -2}}}))
		}},
		{"checklists.edit", func() error {
			return list(convening.EditChecklist.Do(ctx, door, convening.ChecklistPatch{ID: l.ID, Version: l.Version, Name: ptr("Ours")}))
		}},
		{"preparations.use-checklist", func() error {
			_, err := convening.UseChecklist.Do(ctx, door, convening.UseInput{MeetingID: m.ID, ChecklistID: l.ID})
			return err
		}},
		{"checklists.trash", func() error {
			return list(convening.TrashChecklist.Do(ctx, door, convening.ChecklistVersion{ID: l.ID, Version: l.Version}))
		}},
		{"checklists.restore", func() error {
			return list(convening.RestoreChecklist.Do(ctx, door, convening.ChecklistVersion{ID: l.ID, Version: l.Version}))
		}},
	}
}
