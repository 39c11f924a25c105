package commitments_test

import (
	"testing"

	"commontable/internal/backbone/commitments"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/testing/house"
)

// table is a house with two organizations, the first with somebody who represents it.
type table struct {
	*house.House
	clinic, school directory.OrganizationID
	ana            directory.PersonID
}

func tables(t *testing.T, test func(t *testing.T, h *table)) {
	house.Each(t, func(t *testing.T, h *house.House) {
		at := &table{House: h, clinic: h.Organization(t, "Clinic"), school: h.Organization(t, "School")}
		at.ana = h.Person(t, "Ana", at.clinic)
		test(t, at)
	})
}

func (h *table) get(t *testing.T, i commitments.ID) commitments.Commitment {
	t.Helper()
	return house.Do(t, h.House, h.As(operation.Staff), commitments.Get, commitments.Ref{ID: i})
}

// What was given decides the state, until somebody says otherwise; every step can be
// taken back.
func TestWhatBecomesOfACommitment(t *testing.T) {
	tables(t, func(t *testing.T, h *table) {
		staff := h.As(operation.Staff)
		k := house.Do(t, h.House, staff, commitments.Create, commitments.Input{Kind: "time", OrganizationID: h.clinic, PersonID: h.ana, Text: "Reading fair", Amount: 600, Rate: 3350, Source: "Independent Sector 2026"})
		if k.State != commitments.Pledged || k.Value != 20100 || k.Valuation != commitments.HoursTimesRate || k.Currency != "USD" || k.Person != "Ana" || k.BeginsOn != "2026-05-14" || k.EndsOn != "2026-12-31" || k.ConfirmedAt == nil {
			t.Errorf("pledged %+v", k)
		}
		give := func(amount int64) commitments.Delivery {
			return house.Do(t, h.House, staff, commitments.AddDelivery, commitments.DeliveryInput{CommitmentID: k.ID, Amount: amount, Evidence: "Sign-in sheet"})
		}
		first := give(500)
		if now := h.get(t, k.ID); now.State != commitments.PartDelivered || now.Delivered != 500 || now.Version != k.Version {
			t.Errorf("after 5 hours %+v", now)
		}
		second := give(100)
		if now := h.get(t, k.ID); now.State != commitments.Fulfilled {
			t.Errorf("after all hours %+v", now)
		}
		house.Do(t, h.House, staff, commitments.TrashDelivery, commitments.DeliveryVersion{CommitmentID: k.ID, ID: second.ID, Version: 1})
		amount := int64(250)
		var receipt operation.Receipt
		house.Do(t, h.House, operation.WithReceipt(staff, &receipt), commitments.EditDelivery, commitments.DeliveryPatch{CommitmentID: k.ID, ID: first.ID, Version: 1, Amount: &amount})
		if now := h.get(t, k.ID); now.State != commitments.PartDelivered || now.Delivered != 250 || now.Left() != 350 {
			t.Errorf("after a correction %+v", now)
		}
		h.Undo(t, receipt)
		_, err := commitments.Settle.Do(staff, h.App.Door, commitments.SettleInput{ID: k.ID, Version: 1, State: commitments.Withdrawn})
		house.WantFault(t, err, "reason", "errors.required")
		house.Do(t, h.House, operation.WithReceipt(staff, &receipt), commitments.Settle, commitments.SettleInput{ID: k.ID, Version: 1, State: commitments.Withdrawn, Reason: "Moved away"})
		if now := h.get(t, k.ID); now.State != commitments.Withdrawn || now.WithdrawnOn != "2026-05-14" {
			t.Errorf("withdrawn %+v", now)
		}
		h.Undo(t, receipt)
		if now := h.get(t, k.ID); now.State != commitments.PartDelivered || now.Delivered != 500 || now.WithdrawnOn != "" || now.Reason != "" {
			t.Errorf("after all was taken back %+v", now)
		}
	})
}

func TestRulesOfACommitment(t *testing.T) {
	tables(t, func(t *testing.T, h *table) {
		staff := h.As(operation.Staff)
		for field, in := range map[string]commitments.Input{
			"amount":          {Kind: "cash", OrganizationID: h.clinic},
			"text":            {Kind: "leadership", OrganizationID: h.clinic},
			"rate":            {Kind: "cash", OrganizationID: h.clinic, Amount: 1, Rate: 1},
			"ends_on":         {Kind: "cash", OrganizationID: h.clinic, Amount: 1, BeginsOn: "2026-02-01", EndsOn: "2026-01-31"},
			"pledged_on":      {Kind: "cash", OrganizationID: h.clinic, Amount: 1, PledgedOn: "2026-05-15"},
			"organization_id": {Kind: "cash", Amount: 1},
		} {
			_, err := commitments.Create.Do(staff, h.App.Door, in)
			house.WantKind(t, err, operation.Invalid)
			if err == nil {
				t.Error(field, "passed")
			}
		}
		_, err := commitments.Create.Do(staff, h.App.Door, commitments.Input{Kind: "cash", OrganizationID: h.clinic, Amount: 1, BeginsOn: "2026-01-01", EndsOn: "2100-01-01"})
		house.WantFault(t, err, "ends_on", "errors.commitment_too_long")
		lead := house.Do(t, h.House, staff, commitments.Create, commitments.Input{Kind: "leadership", OrganizationID: h.clinic, Text: "Chairs the attendance group"})
		_, err = commitments.AddDelivery.Do(staff, h.App.Door, commitments.DeliveryInput{CommitmentID: lead.ID, Amount: 100, Evidence: "x"})
		house.WantFault(t, err, "amount", "errors.leadership_amount")
		house.Do(t, h.House, staff, commitments.AddDelivery, commitments.DeliveryInput{CommitmentID: lead.ID, Evidence: "Chaired in March"})
		if now := h.get(t, lead.ID); now.State != commitments.PartDelivered {
			t.Errorf("leadership %+v", now)
		}
	})
}

// An organization sees and pledges for itself alone; what it enters waits for the
// backbone, and nobody confirms what they entered.
func TestAnOrganizationsOwnCommitments(t *testing.T) {
	tables(t, func(t *testing.T, h *table) {
		staff, ana := h.As(operation.Staff), h.AsPerson(operation.Representative, h.ana)
		others := house.Do(t, h.House, staff, commitments.Create, commitments.Input{Kind: "cash", OrganizationID: h.school, Amount: 100000})
		for name, err := range map[string]error{
			"all":        second(commitments.List.Do(ana, h.App.Door, commitments.ListInput{})),
			"another's":  second(commitments.List.Do(ana, h.App.Door, commitments.ListInput{OrganizationID: h.school})),
			"one":        second(commitments.Get.Do(ana, h.App.Door, commitments.Ref{ID: others.ID})),
			"deliveries": second(commitments.ListDeliveries.Do(ana, h.App.Door, commitments.CommitmentPart{CommitmentID: others.ID})),
			"export":     second(commitments.Export.Do(ana, h.App.Door, commitments.ExportInput{})),
			"pledge":     second(commitments.Create.Do(ana, h.App.Door, commitments.Input{Kind: "cash", OrganizationID: h.school, Amount: 1})),
			"totals":     second(commitments.GetTotals.Do(ana, h.App.Door, commitments.TotalsInput{OrganizationID: h.school})),
			"chair":      second(commitments.List.Do(h.As(operation.TableChair), h.App.Door, commitments.ListInput{})),
			"funder":     second(commitments.Get.Do(h.As(operation.Funder), h.App.Door, commitments.Ref{ID: others.ID})),
		} {
			if kind := operation.KindOf(err); kind != operation.Forbidden && kind != operation.NotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
		k := house.Do(t, h.House, ana, commitments.Create, commitments.Input{Kind: "in_kind", OrganizationID: h.clinic, Amount: 50000, Text: "Rooms"})
		if k.ConfirmedAt != nil {
			t.Error("an organization's own pledge counts at once")
		}
		if waiting := house.Do(t, h.House, staff, commitments.List, commitments.ListInput{Unconfirmed: true}); len(waiting.Items) != 1 {
			t.Errorf("waiting: %+v", waiting)
		}
		k = house.Do(t, h.House, staff, commitments.Confirm, commitments.ConfirmInput{ID: k.ID, Version: k.Version})
		d := house.Do(t, h.House, ana, commitments.AddDelivery, commitments.DeliveryInput{CommitmentID: k.ID, Amount: 50000, Evidence: "Rooms in April"})
		if now := h.get(t, k.ID); d.ConfirmedAt != nil || now.Delivered != 0 || now.State != commitments.Pledged {
			t.Errorf("unconfirmed: %+v of %+v", d, now)
		}
		_, err := commitments.ConfirmDelivery.Do(ana, h.App.Door, commitments.ConfirmDeliveryInput{CommitmentID: k.ID, ID: d.ID, Version: 1})
		house.WantKind(t, err, operation.Forbidden)
		house.Do(t, h.House, staff, commitments.ConfirmDelivery, commitments.ConfirmDeliveryInput{CommitmentID: k.ID, ID: d.ID, Version: 1})
		if now := h.get(t, k.ID); now.State != commitments.Fulfilled {
			t.Errorf("confirmed: %+v", now)
		}
		// What a meeting shows is the organization's to confirm.
		hours := house.Do(t, h.House, staff, commitments.Create, commitments.Input{Kind: "time", OrganizationID: h.clinic, Amount: 600})
		offered := house.Do(t, h.House, staff, commitments.AddDelivery, commitments.DeliveryInput{CommitmentID: hours.ID, Amount: 500, Source: commitments.FromMeeting, Unconfirmed: true})
		five := int64(450)
		house.Do(t, h.House, ana, commitments.ConfirmDelivery, commitments.ConfirmDeliveryInput{CommitmentID: hours.ID, ID: offered.ID, Version: 1, Amount: &five})
		if now := h.get(t, hours.ID); now.Delivered != 450 {
			t.Errorf("hours %+v", now)
		}
		_, err = commitments.AddDelivery.Do(ana, h.App.Door, commitments.DeliveryInput{CommitmentID: hours.ID, Amount: 100, Source: commitments.FromMeeting})
		house.WantKind(t, err, operation.Forbidden)
	})
}

func second[T any](_ T, err error) error { return err }
