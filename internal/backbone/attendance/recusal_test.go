package attendance_test

import (
	"slices"
	"strings"
	"testing"

	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/takeout"
	"commontable/internal/platform/operation"
)

// Whoever is recused from an item is there all the same; the quorum says who is left to
// decide the item, and everything can be taken back.
func TestRecusals(t *testing.T) {
	houses(t, func(t *testing.T, h *house) {
		m := h.meeting()
		item := must[convening.Item](t)(convening.AddItem.Do(h.director(), h.app.Door, convening.ItemInput{MeetingID: m.ID, Title: "Grant to the school", Goal: "decide"}))
		other := must[convening.Item](t)(convening.AddItem.Do(h.director(), h.app.Door, convening.ItemInput{MeetingID: m.ID, Title: "Calendar"}))
		dana := h.record(attendance.Input{MeetingID: m.ID, PersonID: h.dana})
		hana := h.record(attendance.Input{MeetingID: m.ID, Name: "Hana"})
		part := attendance.MeetingPart{MeetingID: m.ID}
		quorum := func() attendance.Quorum {
			t.Helper()
			return must[attendance.Quorum](t)(attendance.GetQuorum.Do(h.director(), h.app.Door, part))
		}
		without := quorum()
		if without.Present == 0 || len(without.Items) != 0 {
			t.Fatalf("before anybody is recused: %+v", without)
		}
		var receipt operation.Receipt
		set := func(in attendance.RecuseInput) []attendance.Recusal {
			t.Helper()
			in.MeetingID = m.ID
			return must[operation.Page[attendance.Recusal]](t)(attendance.Recuse.Do(operation.WithReceipt(h.director(), &receipt), h.app.Door, in)).Items
		}
		if all := set(attendance.RecuseInput{ItemID: item.ID, Recuse: []attendance.ID{dana.ID, hana.ID, dana.ID}}); len(all) != 2 {
			t.Fatalf("recused %+v", all)
		}
		q := quorum()
		if len(q.Items) != 1 || q.Items[0].Title != "Grant to the school" || !slices.Contains(q.Items[0].Recused, "Hana") || len(q.Items[0].Recused) != 2 {
			t.Fatalf("items %+v", q.Items)
		}
		if q.Present != without.Present || q.Met != without.Met || q.Items[0].Present != q.Present-1 || q.Items[0].Met != (q.Items[0].Present >= q.Needed) {
			t.Errorf("%+v, before %+v", q, without)
		}
		// Again changes nothing; another item is another matter.
		set(attendance.RecuseInput{ItemID: item.ID, Recuse: []attendance.ID{dana.ID}})
		set(attendance.RecuseInput{ItemID: other.ID, Recuse: []attendance.ID{dana.ID}})
		if all := must[operation.Page[attendance.Recusal]](t)(attendance.Recusals.Do(h.director(), h.app.Door, part)).Items; len(all) != 3 || all[2].ItemID != other.ID {
			t.Errorf("listed %+v", all)
		}
		// Whoever is recused reads of it among what is on record about them, and of nobody else's.
		asked := operation.ActorFrom(h.director())
		asked.Verified = h.app.Config.Clock.Now()
		own := must[takeout.OwnData](t)(h.app.Takeouts.OwnData.Do(operation.WithActor(h.director(), asked), h.app.Door, takeout.OwnDataInput{ID: h.dana}))
		if all := own.Recusals; len(all) != 2 || all[0].Item != "Grant to the school" || all[0].Meeting != m.Title || all[0].On != m.On || all[1].ItemID != other.ID {
			t.Errorf("told about themselves: %+v", all)
		}
		must[operation.Entry](t)(operation.Undo.Do(h.director(), h.app.Door, operation.UndoInput{ID: receipt.Entry}))
		if q = quorum(); len(q.Items) != 1 {
			t.Errorf("after taking back %+v", q.Items)
		}
		// Taken out of the ledger and entered anew, they are recused still, and come back.
		must[attendance.Attendance](t)(attendance.Trash.Do(h.director(), h.app.Door, attendance.AtVersion{MeetingID: m.ID, ID: dana.ID, Version: dana.Version}))
		if q = quorum(); len(q.Items) != 1 || len(q.Items[0].Recused) != 1 {
			t.Errorf("recused though away: %+v", q.Items)
		}
		_, err := attendance.Recuse.Do(h.director(), h.app.Door, attendance.RecuseInput{MeetingID: m.ID, ItemID: item.ID, Recuse: []attendance.ID{dana.ID}})
		wantKind(t, err, operation.NotFound)
		dana = h.record(attendance.Input{MeetingID: m.ID, PersonID: h.dana})
		if q = quorum(); len(q.Items[0].Recused) != 2 {
			t.Errorf("entered anew, and not recused: %+v", q.Items)
		}
		if all := set(attendance.RecuseInput{ItemID: item.ID, Return: []attendance.ID{dana.ID}}); len(all) != 1 || all[0].Name != "Hana" {
			t.Errorf("left recused %+v", all)
		}
		must[operation.Entry](t)(operation.Undo.Do(h.director(), h.app.Door, operation.UndoInput{ID: receipt.Entry}))
		if q = quorum(); len(q.Items[0].Recused) != 2 {
			t.Errorf("taken back, and not recused: %+v", q.Items)
		}
		// Others than those who prepare the meeting read of it in the recap alone.
		_, err = attendance.Recusals.Do(operation.WithActor(operation.WithCollaborative(t.Context(), h.place), operation.Actor{Account: operation.NewAccountID(), Name: "X",
			Person: h.eli, Roles: []operation.Role{operation.Funder}, Via: operation.ViaSession}), h.app.Door, part)
		wantKind(t, err, operation.Forbidden)
		// An item or an entry of another meeting is none of this one.
		elsewhere := h.meeting()
		theirs := h.record(attendance.Input{MeetingID: elsewhere.ID, PersonID: h.dana})
		_, err = attendance.Recuse.Do(h.director(), h.app.Door, attendance.RecuseInput{MeetingID: m.ID, ItemID: item.ID, Recuse: []attendance.ID{theirs.ID}})
		wantKind(t, err, operation.NotFound)
		if _, err = attendance.Recuse.Do(h.director(), h.app.Door, attendance.RecuseInput{MeetingID: elsewhere.ID, ItemID: item.ID, Recuse: []attendance.ID{theirs.ID}}); err == nil {
			t.Error("recused from an item of another meeting")
		}
		// Two records of one person that become one: who was recused under either is.
		twin := must[directory.Person](t)(directory.CreatePerson.Do(h.director(), h.app.Door, directory.PersonInput{GivenName: "Dana", FamilyName: "Twin"}))
		double := h.record(attendance.Input{MeetingID: m.ID, PersonID: twin.ID})
		set(attendance.RecuseInput{ItemID: other.ID, Recuse: []attendance.ID{double.ID}})
		kept := must[directory.Person](t)(directory.GetPerson.Do(h.director(), h.app.Door, directory.PersonRef{ID: h.dana}))
		must[directory.Person](t)(directory.MergePeople.Do(h.director(), h.app.Door, directory.PersonMerge{ID: kept.ID, Version: kept.Version, MergeID: twin.ID, MergeVersion: twin.Version}))
		q = quorum()
		if at := slices.IndexFunc(q.Items, func(i attendance.QuorumItem) bool { return i.ItemID == other.ID }); at < 0 || len(q.Items[at].Recused) != 1 {
			t.Errorf("after a merge %+v", q.Items)
		}
		// The history names the item beside the people.
		var changes []operation.FieldChange
		page := must[operation.Page[operation.Entry]](t)(operation.ListHistory.Do(h.director(), h.app.Door, operation.ListHistoryInput{}))
		for _, e := range page.Items {
			changes = append(changes, e.Fields...)
		}
		if !slices.ContainsFunc(changes, func(f operation.FieldChange) bool {
			return f.Field == "recused" && strings.Contains(string(f.After), "Grant to the school: ")
		}) {
			t.Errorf("history %+v", changes)
		}
		// In the trash the meeting keeps them, for those who may bring it back.
		now := must[convening.Meeting](t)(convening.GetMeeting.Do(h.director(), h.app.Door, convening.MeetingRef{ID: m.ID}))
		must[convening.Meeting](t)(convening.TrashMeeting.Do(h.director(), h.app.Door, convening.MeetingVersion{ID: m.ID, Version: now.Version}))
		if all := must[operation.Page[attendance.Recusal]](t)(attendance.Recusals.Do(h.director(), h.app.Door, part)).Items; len(all) == 0 {
			t.Error("a meeting in the trash lost its recusals")
		}
	})
}
