package surveys_test

import (
	"context"
	"testing"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/operation"
	"commontable/internal/testing/house"
)

// Whoever answered an evergreen wave comes back by the same link, is asked about the
// roster alone, sees what is new on it, and is written to once a year if they did not
// look; saying that all is still true counts as looking.
func TestAnEvergreenWave(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		staff, door, ctx := h.As(operation.Staff), h.App.Door, context.Background()
		school := house.Do(t, h, staff, directory.CreateOrganization, directory.OrganizationInput{Name: "School"}).ID
		ana := house.Do(t, h, staff, directory.CreatePerson, directory.PersonInput{GivenName: "Ana", Email: "ana@example.org", OrganizationID: school}).ID
		bo := house.Do(t, h, staff, directory.CreatePerson, directory.PersonInput{GivenName: "Bo", Email: "bo@example.org", OrganizationID: school}).ID
		held := house.Do(t, h, staff, surveys.Bring, surveys.BringInput{Format: "json", File: roster})
		w := house.Do(t, h, staff, surveys.Create, surveys.Input{InstrumentID: held.ID, Mode: surveys.Confidential, Evergreen: true, AskAgain: 12})
		house.Do(t, h, staff, surveys.AddPeople, surveys.PeopleInput{WaveID: w.ID, People: []directory.PersonID{ana, bo}})
		house.Do(t, h, staff, surveys.Step, surveys.StepInput{ID: w.ID, Version: w.Version, State: surveys.Open})
		house.Do(t, h, staff, h.App.Surveys.Invite, surveys.InviteInput{ID: w.ID})
		link := secrets(t, h)["ana@example.org"]
		answer := func(secret, do string, given ...surveys.Given) (surveys.View, error) {
			_, view, err := h.App.Surveys.Answer(ctx, door, surveys.LinkSave{Secret: secret, Do: do, Answers: given})
			return view, err
		}
		came := surveys.Given{Question: "came", Answer: surveys.Answer{Choices: []string{"yes"}}}
		if _, err := answer(link, surveys.Submit, came); err != nil {
			t.Fatal(err)
		}
		keep := func(days int) surveys.Written {
			t.Helper()
			h.Clock.Set(h.Clock.Now().AddDate(0, 0, days))
			written, err := h.App.Surveys.Keep.Do(operation.WithCollaborative(operation.WithActor(ctx, operation.System()), h.Place), door, surveys.Ref{ID: w.ID})
			if err != nil {
				t.Fatal(err)
			}
			return written
		}
		if written := keep(200); written.Letters != 0 {
			t.Errorf("%d letters after 200 days", written.Letters)
		}
		// A new organization is asked about, and says so until it was seen.
		clinic := house.Do(t, h, staff, directory.CreateOrganization, directory.OrganizationInput{Name: "Clinic"}).ID
		cleo := house.Do(t, h, staff, directory.CreatePerson, directory.PersonInput{GivenName: "Cleo", OrganizationID: clinic}).ID
		house.Do(t, h, staff, surveys.AddPeople, surveys.PeopleInput{WaveID: w.ID, People: []directory.PersonID{cleo}})
		_, view, err := h.App.Surveys.Look(ctx, door, link)
		if err != nil || len(view.Roster) != 1 || !view.Roster[0].New || view.Roster[0].Name != "Clinic" {
			t.Fatalf("the roster is %+v %v", view.Roster, err)
		}
		for key, asks := range map[string]bool{"know": true, "came": false} {
			if q, _ := view.Instrument.Question(key); view.Asks(q) != asks {
				t.Errorf("%s is asked again: %v", key, !asks)
			}
		}
		if _, err := answer(link, surveys.Save, came); keys(err) != "answers errors.not_offered" {
			t.Errorf("what is not asked again is taken: %v", err)
		}
		if written := keep(166); written.Letters != 1 { // a year and a day after Ana answered; Bo never did
			t.Errorf("%d letters after a year, want Ana's", written.Letters)
		}
		if written := keep(1); written.Letters != 0 {
			t.Errorf("%d letters on the next day", written.Letters)
		}
		again := secrets(t, h)["ana@example.org"]
		if view, err = answer(again, surveys.Submit); err != nil || !view.Submitted {
			t.Errorf("still true: %+v %v", view, err)
		}
		if _, view, err = h.App.Surveys.Look(ctx, door, link); err != nil || view.Roster[0].New {
			t.Errorf("the first link, or what is new: %+v %v", view.Roster, err)
		}
		if written := keep(364); written.Letters != 0 {
			t.Errorf("%d letters before a year is over", written.Letters)
		}
		if written := keep(3); written.Letters != 1 {
			t.Errorf("%d letters a year later", written.Letters)
		}
	})
}
