package security_test

import (
	"context"
	"testing"

	"commontable/internal/backbone/actions"
	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/commitments"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/due"
	"commontable/internal/backbone/materials"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// promised is one of everything that can be promised.
type promised struct {
	action     actions.Action
	commitment commitments.Commitment
	delivery   commitments.Delivery
	evidence   materials.Evidence
	upload     materials.Upload // of evidence that was not added yet
	link       commitments.Link
}

func (s *site) promise(t *testing.T, at town, word string) (p promised) {
	t.Helper()
	p.action = do(t, at.context, s.app, actions.Create, actions.Input{Text: word, Note: word, OwnerPersonID: at.person.ID, DueOn: "2099-01-01", MeetingID: at.gathering.meeting.ID})
	do(t, at.context, s.app, actions.Create, actions.Input{Text: word, OwnerOrganizationID: at.organization.ID, AgreedOn: "2026-01-01", DueOn: "2026-01-10"})
	p.commitment = do(t, at.context, s.app, commitments.Create, commitments.Input{Kind: "time", OrganizationID: at.organization.ID, PersonID: at.person.ID, Text: word, Note: word, Source: word, Amount: 600, Rate: 3000, PledgedOn: "2026-01-01", EndsOn: "2026-01-31"})
	p.delivery = do(t, at.context, s.app, commitments.AddDelivery, commitments.DeliveryInput{CommitmentID: p.commitment.ID, Amount: 500, Evidence: word, Source: commitments.FromMeeting, Unconfirmed: true})
	u := s.broughtEvidence(t, at, p.commitment.ID, word+".txt", word)
	var err error
	if p.evidence, err = s.app.Materials.AddEvidence.Do(at.context, s.app.Door, materials.EvidenceInput{CommitmentID: p.commitment.ID, DeliveryID: p.delivery.ID, Title: word, UploadID: u.ID}); err != nil {
		t.Fatal(err)
	}
	p.upload = s.broughtEvidence(t, at, p.commitment.ID, word+".txt", word)
	p.link = do(t, at.context, s.app, s.app.Commitments.MakeLink, commitments.LinkInput{OrganizationID: at.organization.ID, Person: word})
	do(t, at.context, s.app, s.app.Due.MakeLink, due.LinkInput{Owner: due.Owner{OrganizationID: at.organization.ID}})
	return p
}

// broughtEvidence is a file that was brought and not added yet.
func (s *site) broughtEvidence(t *testing.T, at town, k commitments.ID, name, content string) materials.Upload {
	t.Helper()
	u := do(t, at.context, s.app, s.app.Materials.BeginEvidence, materials.BeginEvidence{CommitmentID: k, FileName: name})
	return do(t, at.context, s.app, s.app.Materials.AddEvidencePart, materials.EvidencePart{CommitmentID: k, ID: u.ID, Content: []byte(content), Last: true})
}

// promiseChanges are the changes of promises, in an order in which each can be done.
func (s *site) promiseChanges(t *testing.T) []change {
	t.Helper()
	ctx, door := s.here.context, s.app.Door
	guest := do(t, ctx, s.app, directory.CreatePerson, directory.PersonInput{GivenName: "Promising guest"})
	giver := do(t, ctx, s.app, directory.CreateOrganization, directory.OrganizationInput{Name: "Promising organization"})
	m := do(t, ctx, s.app, convening.CreateMeeting, convening.MeetingInput{Title: "Promising", On: "2099-05-05", Starts: "10:00"})
	answering := operation.WithActor(ctx, operation.Actor{Account: operation.NewAccountID(), Person: guest.ID, Name: "Promising guest", Roles: []operation.Role{operation.TableMember}, Via: operation.ViaSession})
	do(t, ctx, s.app, actions.Create, actions.Input{Text: "uncounted", OwnerPersonID: guest.ID, DueOn: "2099-01-02"})
	if err := s.app.Store.Write(context.Background(), operation.CollaborativeFrom(ctx).ID, func(tx *store.Tx) error {
		_, err := tx.Exec(`DELETE FROM participation_actions WHERE collaborative_id = $1`) // as an older program left them
		return err
	}); err != nil {
		t.Fatal(err)
	}
	theirs := do(t, ctx, s.app, actions.Create, actions.Input{Text: "theirs", OwnerPersonID: guest.ID})
	var a actions.Action
	var k commitments.Commitment
	var d commitments.Delivery
	var l commitments.Link
	var u materials.Upload
	var e materials.Evidence
	shown := func(now materials.Evidence, err error) error {
		if err == nil {
			e = now
		}
		return err
	}
	action := func(now actions.Action, err error) error {
		if err == nil {
			a = now
		}
		return err
	}
	commitment := func(now commitments.Commitment, err error) error {
		if err == nil {
			k = now
		}
		return err
	}
	delivery := func(now commitments.Delivery, err error) error {
		if err == nil {
			d = now
		}
		return err
	}
	amount := int64(200)
	return []change{
		{"actions.create", func() error {
			return action(actions.Create.Do(ctx, door, actions.Input{Text: "Call", OwnerPersonID: guest.ID, MeetingID: m.ID, DueOn: "2099-01-01"}))
		}},
		{"actions.edit", func() error {
			return action(actions.Edit.Do(ctx, door, actions.Patch{ID: a.ID, Version: a.Version, Text: ptr("Call again"), OwnerOrganizationID: &giver.ID}))
		}},
		{"actions.disown", func() error {
			return action(actions.Disown.Do(ctx, door, actions.DisownInput{ID: a.ID, Version: a.Version, Why: "not ours"}))
		}},
		{"participation.count-actions", func() error {
			_, err := attendance.CountActions.Do(s.programHere(), door, operation.None{})
			return err
		}},
		{"actions.settle", func() error {
			return action(actions.Settle.Do(ctx, door, actions.SettleInput{ID: a.ID, Version: a.Version, State: actions.CarriedOver, DueOn: "2099-02-01"}))
		}},
		{"actions.trash", func() error {
			return action(actions.Trash.Do(ctx, door, actions.Version{ID: a.ID, Version: a.Version}))
		}},
		{"actions.restore", func() error {
			return action(actions.Restore.Do(ctx, door, actions.Version{ID: a.ID, Version: a.Version}))
		}},
		{"actions.edit-several", func() error {
			page, err := actions.EditSeveral.Do(ctx, door, actions.SeveralInput{Items: []actions.Version{{ID: a.ID, Version: a.Version}}, DueOn: ptr("2099-03-01")})
			if err == nil {
				a = page.Items[0]
			}
			return err
		}},
		{"due.answer", func() error {
			_, err := s.app.Due.Answer.Do(answering, door, due.AnswerInput{Kind: due.ActionItem, ID: due.ItemID(theirs.ID), Answer: due.AnswerDone})
			return err
		}},
		{"due-links.make", func() error {
			_, err := s.app.Due.MakeLink.Do(ctx, door, due.LinkInput{Owner: due.Owner{PersonID: guest.ID}})
			return err
		}},
		{"due-links.reset", func() error {
			_, err := s.app.Due.ResetLinks.Do(ctx, door, due.Owner{PersonID: guest.ID})
			return err
		}},
		{"commitments.create", func() error {
			return commitment(commitments.Create.Do(ctx, door, commitments.Input{Kind: "cash", OrganizationID: giver.ID, PersonID: guest.ID, Amount: 1000, Unconfirmed: true}))
		}},
		{"commitments.edit", func() error {
			return commitment(commitments.Edit.Do(ctx, door, commitments.Patch{ID: k.ID, Version: k.Version, Note: ptr("hm")}))
		}},
		{"commitments.confirm", func() error {
			return commitment(commitments.Confirm.Do(ctx, door, commitments.ConfirmInput{ID: k.ID, Version: k.Version}))
		}},
		{"deliveries.add", func() error {
			return delivery(commitments.AddDelivery.Do(ctx, door, commitments.DeliveryInput{CommitmentID: k.ID, Amount: 100, Unconfirmed: true}))
		}},
		{"deliveries.edit", func() error {
			return delivery(commitments.EditDelivery.Do(ctx, door, commitments.DeliveryPatch{CommitmentID: k.ID, ID: d.ID, Version: d.Version, Amount: &amount}))
		}},
		{"deliveries.confirm", func() error {
			return delivery(commitments.ConfirmDelivery.Do(ctx, door, commitments.ConfirmDeliveryInput{CommitmentID: k.ID, ID: d.ID, Version: d.Version}))
		}},
		{"delivery-evidence.begin-upload", func() (err error) {
			u, err = s.app.Materials.BeginEvidence.Do(ctx, door, materials.BeginEvidence{CommitmentID: k.ID, FileName: "a.txt"})
			return err
		}},
		{"delivery-evidence.add-part", func() error {
			_, err := s.app.Materials.AddEvidencePart.Do(ctx, door, materials.EvidencePart{CommitmentID: k.ID, ID: u.ID, Content: []byte("a"), Last: true})
			return err
		}},
		{"delivery-evidence.add", func() error {
			return shown(s.app.Materials.AddEvidence.Do(ctx, door, materials.EvidenceInput{CommitmentID: k.ID, DeliveryID: d.ID, UploadID: u.ID}))
		}},
		{"delivery-evidence.trash", func() error {
			return shown(materials.TrashEvidence.Do(ctx, door, materials.EvidenceVersion{CommitmentID: k.ID, ID: e.ID, Version: e.Version}))
		}},
		{"delivery-evidence.restore", func() error {
			return shown(materials.RestoreEvidence.Do(ctx, door, materials.EvidenceVersion{CommitmentID: k.ID, ID: e.ID, Version: e.Version}))
		}},
		{"deliveries.trash", func() error {
			return delivery(commitments.TrashDelivery.Do(ctx, door, commitments.DeliveryVersion{CommitmentID: k.ID, ID: d.ID, Version: d.Version}))
		}},
		{"deliveries.restore", func() error {
			return delivery(commitments.RestoreDelivery.Do(ctx, door, commitments.DeliveryVersion{CommitmentID: k.ID, ID: d.ID, Version: d.Version}))
		}},
		{"commitments.settle", func() error {
			return commitment(commitments.Settle.Do(ctx, door, commitments.SettleInput{ID: k.ID, Version: k.Version, State: commitments.Withdrawn, Reason: "moved"}))
		}},
		{"commitments.trash", func() error {
			return commitment(commitments.Trash.Do(ctx, door, commitments.AtVersion{ID: k.ID, Version: k.Version}))
		}},
		{"commitments.restore", func() error {
			return commitment(commitments.Restore.Do(ctx, door, commitments.AtVersion{ID: k.ID, Version: k.Version}))
		}},
		{"commitments.edit-several", func() error {
			page, err := commitments.EditSeveral.Do(ctx, door, commitments.SeveralInput{Items: []commitments.AtVersion{{ID: k.ID, Version: k.Version}}, EndsOn: ptr("2027-03-01")})
			if err == nil {
				k = page.Items[0]
			}
			return err
		}},
		{"pledge-links.make", func() (err error) {
			l, err = s.app.Commitments.MakeLink.Do(ctx, door, commitments.LinkInput{OrganizationID: giver.ID, PersonID: guest.ID})
			return err
		}},
		{"pledge-links.revoke", func() error {
			_, err := commitments.RevokeLink.Do(ctx, door, commitments.LinkRef{ID: l.ID})
			return err
		}},
	}
}
