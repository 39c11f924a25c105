package materials_test

import (
	"context"
	"io"
	"testing"

	"commontable/internal/backbone/commitments"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/materials"
	"commontable/internal/backbone/scorecard"
	"commontable/internal/platform/operation"
	"commontable/internal/testing/house"
)

// given is something an organization gave, which waits to be confirmed.
type given struct {
	*house.House
	commitment commitments.Commitment
	delivery   commitments.Delivery
	ana        directory.PersonID // represents the organization
	bo         directory.PersonID // represents another
}

func gave(t *testing.T, test func(t *testing.T, g *given)) {
	house.Each(t, func(t *testing.T, h *house.House) {
		g := &given{House: h}
		clinic, school := h.Organization(t, "Clinic"), h.Organization(t, "School")
		person := func(name string, of directory.OrganizationID) directory.PersonID {
			return house.Do(t, h, h.As(operation.Staff), directory.CreatePerson, directory.PersonInput{GivenName: name, OrganizationID: of, Represents: true}).ID
		}
		g.ana, g.bo = person("Ana", clinic), person("Bo", school)
		g.commitment = house.Do(t, h, h.As(operation.Staff), commitments.Create, commitments.Input{Kind: "time", OrganizationID: clinic, Text: "Reading fair", Amount: 600})
		g.delivery = house.Do(t, h, h.AsPerson(operation.Representative, g.ana), commitments.AddDelivery, commitments.DeliveryInput{CommitmentID: g.commitment.ID, Amount: 200})
		test(t, g)
	})
}

func (g *given) bring(ctx context.Context, name, content string) (materials.Evidence, error) {
	u, err := g.App.Materials.BeginEvidence.Do(ctx, g.App.Door, materials.BeginEvidence{CommitmentID: g.commitment.ID, FileName: name, Size: int64(len(content))})
	if err == nil {
		u, err = g.App.Materials.AddEvidencePart.Do(ctx, g.App.Door, materials.EvidencePart{CommitmentID: g.commitment.ID, ID: u.ID, Content: []byte(content), Last: true})
	}
	if err != nil {
		return materials.Evidence{}, err
	}
	return g.App.Materials.AddEvidence.Do(ctx, g.App.Door, materials.EvidenceInput{CommitmentID: g.commitment.ID, DeliveryID: g.delivery.ID, UploadID: u.ID})
}

func (g *given) listed(t *testing.T) []materials.Evidence {
	t.Helper()
	return house.Do(t, g.House, g.As(operation.Staff), materials.ListEvidence, commitments.CommitmentPart{CommitmentID: g.commitment.ID}).Items
}

// Whoever sees a delivery brings what shows it and reads it: the organization's own and
// the backbone. Nobody else does, and a funder no more than others.
func TestWhoSeesEvidence(t *testing.T) {
	gave(t, func(t *testing.T, g *given) {
		staff, ana, bo := g.As(operation.Staff), g.AsPerson(operation.Representative, g.ana), g.AsPerson(operation.Representative, g.bo)
		receipt, err := g.bring(ana, "receipt of may.pdf", "%PDF-1.4 receipt")
		if err != nil || receipt.Title != "receipt of may" || receipt.MediaType != "application/pdf" || receipt.ByID != g.ana || receipt.By != "Ana" {
			t.Fatalf("%+v %v", receipt, err)
		}
		link := house.Do(t, g.House, staff, g.App.Materials.AddEvidence.Operation, materials.EvidenceInput{CommitmentID: g.commitment.ID, DeliveryID: g.delivery.ID, Title: "Photographs", Link: "https://photos.example/fair"})
		if all := g.listed(t); len(all) != 2 || all[0].ID != receipt.ID || all[1].ID != link.ID || all[1].Link != "https://photos.example/fair" {
			t.Errorf("listed: %+v", all)
		}
		ref := materials.EvidenceRef{CommitmentID: g.commitment.ID, ID: receipt.ID}
		for _, who := range []context.Context{staff, ana} {
			o := house.Do(t, g.House, who, g.App.Materials.ReadEvidence, ref)
			raw, err := io.ReadAll(o.Content)
			if _ = o.Content.Close(); err != nil || string(raw) != "%PDF-1.4 receipt" {
				t.Errorf("%q %v", raw, err)
			}
			if page := house.Do(t, g.House, who, g.App.Materials.DownloadEvidence, materials.EvidenceDownload{CommitmentID: g.commitment.ID, ID: receipt.ID}); string(page.Items[0].Content) != "%PDF-1.4 receipt" || page.Next != "" {
				t.Errorf("%+v", page)
			}
		}
		for name, who := range map[string]context.Context{"another organization": bo, "a funder": g.As(operation.Funder), "a member": g.As(operation.TableMember), "an evaluator": g.As(operation.Evaluator)} {
			if _, err := materials.ListEvidence.Do(who, g.App.Door, commitments.CommitmentPart{CommitmentID: g.commitment.ID}); operation.KindOf(err) != operation.Forbidden && operation.KindOf(err) != operation.NotFound {
				t.Errorf("%s lists: %v", name, err)
			}
			if _, err := g.App.Materials.ReadEvidence.Do(who, g.App.Door, ref); operation.KindOf(err) != operation.Forbidden && operation.KindOf(err) != operation.NotFound {
				t.Errorf("%s reads: %v", name, err)
			}
			if _, err := g.bring(who, "x.txt", "x"); err == nil {
				t.Errorf("%s brings", name)
			}
		}
		// It is no material of a meeting, for nobody.
		m := meeting(t, g.House)
		if _, err := materials.Get.Do(staff, g.App.Door, materials.Ref{MeetingID: m.ID, ID: receipt.ID}); operation.KindOf(err) != operation.NotFound {
			t.Errorf("read as a material: %v", err)
		}
		if _, err := materials.Get.Do(staff, g.App.Door, materials.Ref{MeetingID: convening.MeetingID{}, ID: receipt.ID}); err == nil {
			t.Errorf("read as a material of nothing: %v", err)
		}
		if sources := house.Do(t, g.House, g.As(operation.Director), scorecard.GetSources, scorecard.SourcesInput{}); len(sources.Materials) != 0 {
			t.Errorf("the scorecard offers it: %+v", sources.Materials)
		}
		// Nor is a file for one commitment evidence for another, or for a meeting.
		u := house.Do(t, g.House, staff, g.App.Materials.BeginEvidence, materials.BeginEvidence{CommitmentID: g.commitment.ID, FileName: "a.txt"})
		house.Do(t, g.House, staff, g.App.Materials.AddEvidencePart, materials.EvidencePart{CommitmentID: g.commitment.ID, ID: u.ID, Content: []byte("a"), Last: true})
		if _, err := g.App.Materials.Create.Do(staff, g.App.Door, materials.Input{MeetingID: m.ID, UploadID: u.ID}); fault(err) != "errors.material_no_upload" {
			t.Errorf("a file for a commitment became a material: %v", err)
		}
	})
}

// Until it is confirmed whoever brought it can take it away again; afterwards the
// backbone alone. What is in the trash is read by nobody, goes and comes with its
// delivery, and every step can be taken back.
func TestEvidenceComesAndGoes(t *testing.T) {
	gave(t, func(t *testing.T, g *given) {
		staff, ana := g.As(operation.Staff), g.AsPerson(operation.Representative, g.ana)
		e, err := g.bring(ana, "list.csv", "name\nRosa\n")
		if err != nil {
			t.Fatal(err)
		}
		at := func(e materials.Evidence) materials.EvidenceVersion {
			return materials.EvidenceVersion{CommitmentID: g.commitment.ID, ID: e.ID, Version: e.Version}
		}
		var receipt operation.Receipt
		e = house.Do(t, g.House, operation.WithReceipt(ana, &receipt), materials.TrashEvidence, at(e))
		for _, who := range []context.Context{ana, staff} {
			if _, err := g.App.Materials.ReadEvidence.Do(who, g.App.Door, materials.EvidenceRef{CommitmentID: g.commitment.ID, ID: e.ID}); operation.KindOf(err) != operation.NotFound {
				t.Errorf("read from the trash: %v", err)
			}
		}
		g.Undo(t, receipt)
		if all := g.listed(t); len(all) != 1 || all[0].ID != e.ID {
			t.Fatalf("brought back: %+v", all)
		}
		e = g.listed(t)[0]
		d := house.Do(t, g.House, staff, commitments.ConfirmDelivery, commitments.ConfirmDeliveryInput{CommitmentID: g.commitment.ID, ID: g.delivery.ID, Version: 1})
		if _, err := materials.TrashEvidence.Do(ana, g.App.Door, at(e)); fault(err) != "errors.evidence_confirmed" {
			t.Errorf("what is confirmed lost what it rests on: %v", err)
		}
		more, err := g.bring(ana, "more.txt", "more")
		if err != nil {
			t.Errorf("more for what is confirmed: %v", err)
		}
		house.Do(t, g.House, staff, materials.TrashEvidence, at(more))
		gone := house.Do(t, g.House, operation.WithReceipt(staff, &receipt), commitments.TrashDelivery, commitments.DeliveryVersion{CommitmentID: g.commitment.ID, ID: d.ID, Version: d.Version})
		if all := g.listed(t); len(all) != 0 {
			t.Errorf("evidence of what was removed: %+v", all)
		}
		if _, err := g.App.Materials.ReadEvidence.Do(staff, g.App.Door, materials.EvidenceRef{CommitmentID: g.commitment.ID, ID: e.ID}); operation.KindOf(err) != operation.NotFound {
			t.Errorf("read beside what was removed: %v", err)
		}
		if _, err := g.bring(staff, "late.txt", "late"); operation.KindOf(err) != operation.NotFound {
			t.Errorf("evidence of what was removed was taken: %v", err)
		}
		house.Do(t, g.House, staff, commitments.RestoreDelivery, commitments.DeliveryVersion{CommitmentID: g.commitment.ID, ID: gone.ID, Version: gone.Version})
		if all := g.listed(t); len(all) != 1 || all[0].FileName != "list.csv" {
			t.Errorf("restored: %+v", all)
		}
		history := house.Do(t, g.House, staff, operation.RecordHistory, operation.RecordHistoryInput{Kind: materials.EvidenceKind, ID: operation.EntryID(e.ID)})
		if len(history.Items) != 3 || history.Items[2].Operation != "delivery-evidence.add" {
			t.Errorf("history: %+v", history.Items)
		}
	})
}

// What is wrong with it is said, and nothing is kept.
func TestEvidenceIsAFileOrAnAddress(t *testing.T) {
	gave(t, func(t *testing.T, g *given) {
		staff := g.As(operation.Staff)
		for name, c := range map[string]struct {
			in   materials.EvidenceInput
			want string
		}{
			"nothing":       {materials.EvidenceInput{}, "errors.material_nothing"},
			"plain http":    {materials.EvidenceInput{Link: "http://photos.example"}, "errors.material_https"},
			"an old upload": {materials.EvidenceInput{UploadID: materials.UploadID(g.ana)}, "errors.material_no_upload"},
			"both":          {materials.EvidenceInput{UploadID: materials.UploadID(g.ana), Link: "https://photos.example"}, "errors.evidence_both"},
		} {
			c.in.CommitmentID, c.in.DeliveryID = g.commitment.ID, g.delivery.ID
			if _, err := g.App.Materials.AddEvidence.Do(staff, g.App.Door, c.in); fault(err) != c.want {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := g.bring(staff, "receipt.pdf", "<html>"); fault(err) != "errors.material_not_what" {
			t.Errorf("no PDF: %v", err)
		}
		if _, err := g.bring(staff, "receipt.exe", "MZ"); fault(err) != "errors.material_kind" {
			t.Errorf("a program: %v", err)
		}
		for n := range 21 {
			_, err := g.bring(staff, "a.txt", "a")
			if n < 20 && err != nil || n == 20 && fault(err) != "errors.too_many_items" {
				t.Fatalf("number %d: %v", n, err)
			}
		}
		if len(g.listed(t)) != 20 {
			t.Error("not all were kept")
		}
	})
}

// When two organizations turn out to be one, evidence goes where the pledge goes; and an
// erased person is no longer named beside what they brought.
func TestEvidenceAndRecords(t *testing.T) {
	gave(t, func(t *testing.T, g *given) {
		director := g.As(operation.Director)
		if _, err := g.bring(g.AsPerson(operation.Representative, g.ana), "receipt.txt", "paid"); err != nil {
			t.Fatal(err)
		}
		house.Do(t, g.House, director, g.App.Materials.AddEvidence.Operation, materials.EvidenceInput{CommitmentID: g.commitment.ID, DeliveryID: g.delivery.ID, Title: "Ana at the fair", Link: "https://photos.example/fair"})
		kept := house.Do(t, g.House, director, directory.CreateOrganization, directory.OrganizationInput{Name: "Clinic of the valley"})
		house.Do(t, g.House, director, directory.MergeOrganizations, directory.OrganizationMerge{ID: kept.ID, Version: kept.Version, MergeID: g.commitment.OrganizationID, MergeVersion: 1})
		if k := house.Do(t, g.House, director, commitments.Get, commitments.Ref{ID: g.commitment.ID}); k.OrganizationID != kept.ID || len(g.listed(t)) != 2 {
			t.Errorf("merged: %+v", k)
		}
		cleo := house.Do(t, g.House, director, directory.CreatePerson, directory.PersonInput{GivenName: "Ana", FamilyName: "Cleo"})
		p := house.Do(t, g.House, director, directory.GetPerson, directory.PersonRef{ID: g.ana})
		house.Do(t, g.House, director, directory.MergePeople, directory.PersonMerge{ID: cleo.ID, Version: cleo.Version, MergeID: p.ID, MergeVersion: p.Version})
		if all := g.listed(t); all[0].By != "Ana Cleo" {
			t.Errorf("merged: %+v", all[0])
		}
		cleo = house.Do(t, g.House, director, directory.GetPerson, directory.PersonRef{ID: cleo.ID})
		house.Do(t, g.House, director, directory.ErasePerson, directory.Erase{ID: cleo.ID, Version: cleo.Version, Name: cleo.Name()})
		all := g.listed(t)
		if len(all) != 2 || all[0].By == "Ana Cleo" || all[0].FileName != "receipt.txt" || all[1].Title == "Ana at the fair" {
			t.Errorf("erased: %+v", all)
		}
	})
}
