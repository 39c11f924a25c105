package sample

import (
	"fmt"

	"commontable/internal/backbone/agreements"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

// agreementStory is how members came to sign what they agree on: first on paper,
// then anew whenever the principles changed, and lately some not yet.
var agreementStory = []chapter{
	{"signing for the first time", after(1, 150), (*teller).signAll},
	{"signing the second principles", after(5, 230), (*teller).signAll},
	{"signing the third principles", after(10, 160), (*teller).signAll},
	{"waiting for a signature", ago(17), (*teller).sendOne},
}

const transition = "Either side may leave with three months' notice. Work under way is handed over in that time, and figures shared until then stay shared."

// signAll has members sign on paper, the larger ones first; some of them never do.
func (t *teller) signAll() error {
	for i := range t.organizations {
		o := &t.organizations[i]
		if o.status != "member" || t.random.IntN(10) < 2 && !o.fixed || i >= 60 {
			continue
		}
		name := t.signatory(o.id)
		made, err := agreements.Create.Do(t.as(operation.Staff), &t.door, agreements.Input{OrganizationID: o.id, Transition: transition, TermMonths: 36, SignatoryName: name, SignatoryTitle: "For the board"})
		if err != nil {
			return fmt.Errorf("%s: %w", o.name, err)
		}
		if _, err := agreements.RecordSignature.Do(t.as(operation.Staff), &t.door, agreements.RecordInput{ID: made.ID, Version: made.Version, Name: name}); err != nil {
			return fmt.Errorf("%s: %w", o.name, err)
		}
	}
	return nil
}

// signatory is somebody of the organization, or a name where nobody is on record.
func (t *teller) signatory(o directory.OrganizationID) string {
	page, err := directory.ListPeople.Do(t.as(operation.Staff), &t.door, directory.ListPeopleInput{OrganizationID: o, Limit: 1})
	if err == nil && len(page.Items) > 0 {
		return page.Items[0].Name()
	}
	return pick(t.random, givenNames["en"]) + " " + pick(t.random, familyNames["en"])
}

// sendOne sends an agreement that has not been signed yet.
func (t *teller) sendOne() error {
	for i := len(t.organizations) - 1; i >= 0; i-- {
		o := &t.organizations[i]
		if o.status != "member" || i < 60 && t.scale.organizations > 60 {
			continue
		}
		made, err := agreements.Create.Do(t.as(operation.Staff), &t.door, agreements.Input{OrganizationID: o.id, Transition: transition, TermMonths: 24,
			SignatoryName: t.signatory(o.id), SignatoryEmail: "board@" + o.domain})
		if operation.KindOf(err) == operation.Invalid || operation.KindOf(err) == operation.Conflict {
			continue
		}
		if err != nil {
			return err
		}
		_, err = t.app.Agreements.Send.Do(t.as(operation.Staff), &t.door, agreements.AtVersion{ID: made.ID, Version: made.Version})
		return err
	}
	return nil
}
