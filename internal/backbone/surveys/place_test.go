package surveys_test

import (
	"context"
	"fmt"
	"testing"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/operation"
	"commontable/internal/testing/house"
)

// Once figures are released, the link that asked somebody tells them how the
// organization was rated that they represent today, and nobody else's link does.
func TestPlaceByLink(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		staff, door := h.As(operation.Staff), h.App.Door
		var all []directory.PersonID
		person := func(name string, of directory.OrganizationID, represents bool) {
			p := house.Do(t, h, staff, directory.CreatePerson, directory.PersonInput{GivenName: name, Email: name + "@example.org", OrganizationID: of, Represents: represents})
			all = append(all, p.ID)
		}
		for n := range 6 {
			of := h.Organization(t, fmt.Sprintf("Organization %d", n))
			person(fmt.Sprintf("rep%d", n), of, true)
			if n == 0 {
				person("colleague", of, false)
			}
		}
		held := house.Do(t, h, staff, surveys.Bring, surveys.BringInput{Format: "json", File: roster})
		w := house.Do(t, h, staff, surveys.Create, surveys.Input{InstrumentID: held.ID, Mode: surveys.Confidential})
		w = house.Do(t, h, staff, surveys.AddPeople, surveys.PeopleInput{WaveID: w.ID, People: all})
		w = house.Do(t, h, staff, surveys.Step, surveys.StepInput{ID: w.ID, Version: w.Version, State: surveys.Open})
		house.Do(t, h, staff, h.App.Surveys.Invite, surveys.InviteInput{ID: w.ID})
		links := secrets(t, h)
		look := func(name string) surveys.View {
			t.Helper()
			_, view, err := h.App.Surveys.Look(context.Background(), door, links[name+"@example.org"])
			if err != nil {
				t.Fatal(err)
			}
			return view
		}
		for n := range 6 {
			known := map[string]map[string]*int64{}
			for _, e := range look(fmt.Sprintf("rep%d", n)).Roster {
				known[e.Key] = map[string]*int64{"trust": number(3)}
			}
			if _, view, err := h.App.Surveys.Answer(context.Background(), door, surveys.LinkSave{Secret: links[fmt.Sprintf("rep%d@example.org", n)], Do: surveys.Submit, Answers: []surveys.Given{
				{Question: "know", Answer: surveys.Answer{Known: known}}, {Question: "came", Answer: surveys.Answer{Choices: []string{"yes"}}}}}); err != nil || !view.Submitted {
				t.Fatalf("answered: %+v %v", view, err)
			}
		}
		w = house.Do(t, h, staff, surveys.Get, surveys.Ref{ID: w.ID})
		w = house.Do(t, h, staff, surveys.Step, surveys.StepInput{ID: w.ID, Version: w.Version, State: surveys.Closed})
		if view := look("rep0"); view.Released || len(view.Places) != 0 {
			t.Errorf("told before the release: %+v", view.Places)
		}
		house.Do(t, h, staff, surveys.Step, surveys.StepInput{ID: w.ID, Version: w.Version, State: surveys.Released})
		view := look("rep0")
		if !view.Released || view.Least != 5 || len(view.Places) != 1 || view.Places[0].Organization != "Organization 0" {
			t.Fatalf("released: %v, %d, %+v", view.Released, view.Least, view.Places)
		}
		if told := view.Places[0].Questions[0].Items[0].All; !told.Told() || told.Mean.Value != 3 || told.N != 5 {
			t.Errorf("rated by five others: %+v", told)
		}
		if view := look("colleague"); len(view.Places) != 0 || view.Submitted {
			t.Errorf("told to somebody who does not represent it: %+v", view.Places)
		}
		// Whoever represents it no longer is told no longer.
		p := house.Do(t, h, staff, directory.GetPerson, directory.PersonRef{ID: all[0]})
		at := p.Affiliations[0]
		house.Do(t, h, staff, directory.SetAffiliations, directory.PersonAffiliations{ID: p.ID, Version: p.Version, Affiliations: []directory.AffiliationInput{
			{ID: at.ID, OrganizationID: at.OrganizationID, Represents: true, From: "2020-01-01", To: "2026-01-01"}}})
		if view := look("rep0"); len(view.Places) != 0 || !view.Submitted {
			t.Errorf("told after they left: %+v", view.Places)
		}
	})
}
