package sample

import (
	"bytes"
	"fmt"

	"commontable/internal/backbone/commitments"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/materials"
	"commontable/internal/platform/document"
	"commontable/internal/platform/operation"
)

// bringMaterials gives a meeting what its agenda speaks of: figures in two versions, a
// proposal for Word, and an address.
func (t *teller) bringMaterials(m convening.MeetingID, items []convening.ItemID) error {
	staff, service := t.as(operation.Staff), t.app.Materials
	upload := func(name string, content []byte) (materials.UploadID, error) {
		u, err := service.Begin.Do(staff, &t.door, materials.BeginInput{MeetingID: m, FileName: name, Size: int64(len(content))})
		if err == nil {
			u, err = service.AddPart.Do(staff, &t.door, materials.PartInput{MeetingID: m, ID: u.ID, Content: content, Last: true})
		}
		return u.ID, err
	}
	add := func(name string, content []byte, in materials.Input) (made materials.Material, err error) {
		in.MeetingID = m
		if name != "" {
			if in.UploadID, err = upload(name, content); err != nil {
				return made, err
			}
		}
		return service.Create.Do(staff, &t.door, in)
	}
	const first, second = "branch,year,at grade level\nEast side,last year,33\nEast side,this year,33\nAll,last year,41\n", "branch,year,at grade level\nEast side,last year,33\nEast side,this year,33\nAll,last year,41\nAll,this year,46\n"
	figures, err := add("reading figures.csv", []byte(first), materials.Input{ItemID: items[1], Title: "Third-grade reading by branch", ForInvited: true})
	if err != nil {
		return err
	}
	u, err := upload("reading figures.csv", []byte(second))
	if err != nil {
		return err
	}
	if _, err := service.AddVersion.Do(staff, &t.door, materials.VersionInput{MeetingID: m, ID: figures.ID, Version: figures.Version, UploadID: u, Note: "With this year’s total"}); err != nil {
		return err
	}
	var proposal bytes.Buffer
	d := document.New("What the campaign should reach by June", "en")
	d.Text("By June 52 of 100 third-graders read at grade level, and the east side closes half of its gap. This page says what it would take, and whom we should ask.")
	d.List([]string{"Reading hours in all five branches, three evenings a week", "Interpreters at every evening for families", "One conversation with each family that stopped coming"})
	if err := d.Write(&proposal, t.clock.Now()); err != nil {
		return err
	}
	if _, err := add("campaign proposal.docx", proposal.Bytes(), materials.Input{ItemID: items[2], ForInvited: true}); err != nil {
		return err
	}
	_, err = add("", nil, materials.Input{ItemID: items[3], Title: "Summer places of the district", Link: "https://www.example.org/summer"})
	return err
}

// mostShown is of how much that was given the sample keeps what shows it.
const mostShown = 6

// showGiven brings what shows that something was given: a receipt of money, and a page
// that tells of a gift in kind.
func (t *teller) showGiven(k commitments.Commitment, d commitments.Delivery) error {
	staff, service := t.as(operation.Staff), t.app.Materials
	in := materials.EvidenceInput{CommitmentID: k.ID, DeliveryID: d.ID}
	switch {
	case t.shown >= mostShown:
		return nil
	case k.Kind == commitments.CashKind:
		u, err := service.BeginEvidence.Do(staff, &t.door, materials.BeginEvidence{CommitmentID: k.ID, FileName: "receipt.txt"})
		if err == nil {
			receipt := fmt.Sprintf("Received from %s on %s, with thanks.\n", k.Organization, d.On)
			u, err = service.AddEvidencePart.Do(staff, &t.door, materials.EvidencePart{CommitmentID: k.ID, ID: u.ID, Content: []byte(receipt), Last: true})
		}
		if err != nil {
			return err
		}
		in.Title, in.UploadID = "Receipt of the fiscal sponsor", u.ID
	case k.Kind == commitments.InKindKind:
		in.Title, in.Link = "Photographs of the evening", "https://www.example.org/photographs"
	default:
		return nil
	}
	t.shown++
	_, err := service.AddEvidence.Do(staff, &t.door, in)
	return err
}
