package commitments_test

import (
	"context"
	"path"
	"strings"
	"testing"
	"time"

	"commontable/internal/backbone/commitments"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/testing/house"
)

func (h *table) look(t *testing.T, secret string) commitments.PledgeView {
	t.Helper()
	place, view, err := h.App.Commitments.Look(context.Background(), h.App.Door, secret)
	if err != nil || place.ID != h.Place.ID {
		t.Fatalf("%+v: %v", place, err)
	}
	return view
}

// Somebody without an account pledges for their organization; the pledge waits for
// the backbone and counts nowhere before.
func TestPledgeByLink(t *testing.T) {
	tables(t, func(t *testing.T, h *table) {
		staff := h.As(operation.Staff)
		link := house.Do(t, h.House, staff, h.App.Commitments.MakeLink, commitments.LinkInput{OrganizationID: h.clinic, PersonID: h.ana})
		secret := path.Base(link.Address)
		if !strings.Contains(link.Address, "/pledge/") || link.Language != "en" {
			t.Errorf("made %+v", link)
		}
		if view := h.look(t, secret); view.State != commitments.LinkOpen || view.Organization != "Clinic" || view.Person != "Ana" {
			t.Errorf("open: %+v", view)
		}
		_, view, err := h.App.Commitments.Pledge(context.Background(), h.App.Door, commitments.PledgeInput{Secret: secret, Kind: "time", Text: "Tutors", Amount: 4000})
		if err != nil || view.Made == nil {
			t.Fatalf("%+v, %v", view, err)
		}
		k := h.get(t, view.Made.ID)
		if k.ConfirmedAt != nil || k.OrganizationID != h.clinic || k.PersonID != h.ana || k.PledgedBy != "Ana" {
			t.Errorf("pledged %+v", k)
		}
		if rows := house.Do(t, h.House, staff, commitments.GetTotals, commitments.TotalsInput{}).Rows; len(rows) != 0 {
			t.Errorf("an unconfirmed pledge counts: %+v", rows)
		}
		history := house.Do(t, h.House, staff, operation.RecordHistory, operation.RecordHistoryInput{Kind: commitments.Kind, ID: operation.EntryID(k.ID)})
		if len(history.Items) != 1 || history.Items[0].Actor != "Ana" || history.Items[0].Via != operation.ViaLink {
			t.Errorf("the log: %+v", history.Items)
		}
		_, _, err = h.App.Commitments.Pledge(context.Background(), h.App.Door, commitments.PledgeInput{Secret: secret, Kind: "time"})
		house.WantFault(t, err, "amount", "errors.required")
		if seen := house.Do(t, h.House, staff, h.listLinks(), commitments.ListLinksInput{}); len(seen.Items) != 1 || seen.Items[0].Pledges != 1 || seen.Items[0].Address != "" {
			t.Errorf("the list of links: %+v", seen.Items)
		}
	})
}

func (h *table) listLinks() *operation.Operation[commitments.ListLinksInput, operation.Page[commitments.Link]] {
	return commitments.ListLinks
}

// A link that was revoked, has expired or was guessed opens nothing and records
// nothing; nor does one of another collaborative or another task.
func TestPledgeLinksEnd(t *testing.T) {
	tables(t, func(t *testing.T, h *table) {
		staff := h.As(operation.Staff)
		make := func() (commitments.Link, string) {
			link := house.Do(t, h.House, staff, h.App.Commitments.MakeLink, commitments.LinkInput{OrganizationID: h.school, Person: "Bo", Days: 7})
			return link, path.Base(link.Address)
		}
		try := func(secret, state string) {
			t.Helper()
			view := h.look(t, secret)
			if view.State != state || view.Organization != "" || view.Person != "" {
				t.Errorf("%s: %+v", state, view)
			}
			_, view, err := h.App.Commitments.Pledge(context.Background(), h.App.Door, commitments.PledgeInput{Secret: secret, Kind: "cash", Amount: 100})
			if err != nil || view.Made != nil {
				t.Errorf("%s pledged: %+v, %v", state, view, err)
			}
		}
		link, revoked := make()
		house.Do(t, h.House, staff, commitments.RevokeLink, commitments.LinkRef{ID: link.ID})
		try(revoked, commitments.LinkRevoked)
		_, expired := make()
		_, orphan := make()
		o := house.Do(t, h.House, staff, directory.GetOrganization, directory.OrganizationRef{ID: h.school})
		house.Do(t, h.House, staff, directory.TrashOrganization, directory.OrganizationVersion{ID: o.ID, Version: o.Version})
		try(orphan, commitments.LinkGone)
		h.Clock.Advance(7 * 24 * time.Hour)
		try(expired, commitments.LinkExpired)
		guessed := revoked[:len(revoked)-3] + "AAA"
		if _, _, err := h.App.Commitments.Pledge(context.Background(), h.App.Door, commitments.PledgeInput{Secret: guessed, Kind: "cash", Amount: 100}); operation.KindOf(err) != operation.NotFound {
			t.Errorf("guessed: %v", err)
		}
		if all := house.Do(t, h.House, staff, commitments.List, commitments.ListInput{}); len(all.Items) != 0 {
			t.Errorf("something was pledged: %+v", all.Items)
		}
	})
}
