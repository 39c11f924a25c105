package commitments_test

import (
	"slices"
	"testing"

	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/commitments"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/testing/house"
)

// What a meeting shows of the time an organization gave is offered once, follows the
// ledger until somebody confirms it, and stays then with what the ledger shows beside it.
func TestHoursOffered(t *testing.T) {
	tables(t, func(t *testing.T, h *table) {
		staff := h.As(operation.Staff)
		cleo, dan := h.Person(t, "Cleo", h.clinic), h.Person(t, "Dan", h.school)
		k := house.Do(t, h.House, staff, commitments.Create, commitments.Input{Kind: "time", OrganizationID: h.clinic, Text: "A year at the table", Amount: 4000, BeginsOn: "2026-01-01"})
		house.Do(t, h.House, staff, commitments.Create, commitments.Input{Kind: "cash", OrganizationID: h.school, Text: "Rent", Amount: 4000, BeginsOn: "2026-01-01"})
		m := house.Do(t, h.House, staff, convening.CreateMeeting, convening.MeetingInput{Title: "Table", On: "2026-05-04", Starts: "09:00", Minutes: 90})
		here := func(person directory.PersonID, organization directory.OrganizationID) attendance.Attendance {
			t.Helper()
			return house.Do(t, h.House, staff, attendance.Record, attendance.Input{MeetingID: m.ID, PersonID: person, OrganizationID: organization})
		}
		here(h.ana, h.clinic)
		here(dan, h.school)
		given := func() []commitments.Delivery {
			t.Helper()
			return house.Do(t, h.House, staff, commitments.ListDeliveries, commitments.CommitmentPart{CommitmentID: k.ID}).Items
		}
		if got := given(); len(got) != 0 {
			t.Fatalf("offered before it took place: %+v", got)
		}
		var receipt operation.Receipt
		m = house.Do(t, h.House, operation.WithReceipt(staff, &receipt), convening.StepMeeting, convening.StepInput{ID: m.ID, Version: m.Version, State: convening.Held})
		is := func(amount, offered int64, confirmed bool) commitments.Delivery {
			t.Helper()
			got := given()
			if len(got) != 1 || got[0].Amount != amount || got[0].Offered == nil || *got[0].Offered != offered || (got[0].ConfirmedAt != nil) != confirmed || got[0].Source != commitments.FromMeeting || got[0].On != "2026-05-04" {
				t.Fatalf("offered are %+v, not %d", got, amount)
			}
			return got[0]
		}
		is(150, 150, false)
		if now := h.get(t, k.ID); now.Delivered != 0 || now.State != commitments.Pledged {
			t.Errorf("counted before it was confirmed: %+v", now)
		}
		second := here(cleo, h.clinic)
		is(300, 300, false)
		// The step is taken back, and done again: the offer goes, and comes once.
		h.Undo(t, receipt)
		if got := given(); len(got) != 0 {
			t.Errorf("of a meeting that did not take place %+v", got)
		}
		m = house.Do(t, h.House, staff, convening.GetMeeting, convening.MeetingRef{ID: m.ID})
		house.Do(t, h.House, staff, convening.StepMeeting, convening.StepInput{ID: m.ID, Version: m.Version, State: convening.Held})
		offer := is(300, 300, false)
		house.Do(t, h.House, staff, commitments.ConfirmDelivery, commitments.ConfirmDeliveryInput{CommitmentID: k.ID, ID: offer.ID, Version: offer.Version})
		house.Do(t, h.House, staff, attendance.Trash, attendance.AtVersion{MeetingID: m.ID, ID: second.ID, Version: second.Version})
		confirmed := is(300, 150, true)
		if now := h.get(t, k.ID); now.Delivered != 300 {
			t.Errorf("what was confirmed changed: %+v", now)
		}
		// What somebody took away is not offered again.
		house.Do(t, h.House, staff, commitments.TrashDelivery, commitments.DeliveryVersion{CommitmentID: k.ID, ID: confirmed.ID, Version: confirmed.Version})
		here(cleo, h.clinic)
		if got := given(); len(got) != 0 {
			t.Errorf("offered again: %+v", got)
		}
	})
}

// Hours of meetings that were held before the pledge was made are offered when it is made
// or confirmed, and follow its period until somebody confirms them.
func TestHoursOfferedForEarlierMeetings(t *testing.T) {
	tables(t, func(t *testing.T, h *table) {
		staff := h.As(operation.Staff)
		for _, on := range []string{"2025-11-03", "2026-02-02", "2026-04-06"} {
			m := house.Do(t, h.House, staff, convening.CreateMeeting, convening.MeetingInput{Title: "Table", On: on, Starts: "09:00", Minutes: 60, Held: true})
			house.Do(t, h.House, staff, attendance.Record, attendance.Input{MeetingID: m.ID, PersonID: h.ana, OrganizationID: h.clinic})
		}
		pledge := func(in commitments.Input) commitments.Commitment {
			t.Helper()
			in.Kind, in.OrganizationID, in.Text, in.Amount, in.PledgedOn = "time", h.clinic, "At the table", 4000, "2026-05-01"
			return house.Do(t, h.House, staff, commitments.Create, in)
		}
		is := func(k commitments.Commitment, days ...string) []commitments.Delivery {
			t.Helper()
			got := house.Do(t, h.House, staff, commitments.ListDeliveries, commitments.CommitmentPart{CommitmentID: k.ID}).Items
			var on []string
			for _, d := range got {
				on = append(on, d.On)
				if d.Amount != 100 || d.Offered == nil || d.Source != commitments.FromMeeting {
					t.Errorf("offered: %+v", d)
				}
			}
			if !slices.Equal(on, days) {
				t.Fatalf("offered for %q, want %q", on, days)
			}
			return got
		}
		k := pledge(commitments.Input{BeginsOn: "2026-01-01", EndsOn: "2026-12-31", Unconfirmed: true})
		is(k) // nobody took it for a pledge yet
		k = house.Do(t, h.House, staff, commitments.Confirm, commitments.ConfirmInput{ID: k.ID, Version: k.Version})
		first := is(k, "2026-02-02", "2026-04-06")[0]
		is(pledge(commitments.Input{BeginsOn: "2026-01-01", EndsOn: "2026-12-31"})) // once for a meeting

		begins := "2025-10-01"
		var receipt operation.Receipt
		k = house.Do(t, h.House, operation.WithReceipt(staff, &receipt), commitments.Edit, commitments.Patch{ID: k.ID, Version: k.Version, BeginsOn: &begins})
		is(k, "2025-11-03", "2026-02-02", "2026-04-06")
		h.Undo(t, receipt)
		is(k, "2026-02-02", "2026-04-06")

		// What is confirmed stays, wherever the period goes.
		house.Do(t, h.House, staff, commitments.ConfirmDelivery, commitments.ConfirmDeliveryInput{CommitmentID: k.ID, ID: first.ID, Version: first.Version})
		k = h.get(t, k.ID)
		begins = "2026-04-01"
		k = house.Do(t, h.House, staff, commitments.Edit, commitments.Patch{ID: k.ID, Version: k.Version, BeginsOn: &begins})
		is(k, "2026-02-02", "2026-04-06")
		begins = "2026-05-01"
		k = house.Do(t, h.House, staff, commitments.Edit, commitments.Patch{ID: k.ID, Version: k.Version, BeginsOn: &begins})
		is(k, "2026-02-02")
	})
}
