package directory_test

import (
	"fmt"
	"strings"
	"testing"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

func TestRelationshipLog(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Staff)
		o := must[directory.Organization](t)(directory.CreateOrganization.Do(ctx, at.door, directory.OrganizationInput{Name: "Clinic"}))
		p := must[directory.Person](t)(directory.CreatePerson.Do(ctx, at.door, directory.PersonInput{GivenName: "Omar", OrganizationID: o.ID}))
		first := must[directory.Touch](t)(directory.CreateTouch.Do(ctx, at.door, directory.TouchInput{PersonID: p.ID, About: "budget", NextOn: "2026-05-20"}))
		if first.Organization != "Clinic" || first.ByName != "Ana Ruiz" || first.On != "2026-05-14" {
			t.Errorf("recorded %+v", first)
		}
		must[directory.Touch](t)(directory.CreateTouch.Do(ctx, at.door, directory.TouchInput{OrganizationID: o.ID, On: "2026-01-02", NextOn: "2026-05-01"}))
		must[directory.Touch](t)(directory.CreateTouch.Do(ctx, at.door, directory.TouchInput{OrganizationID: o.ID, On: "2026-02-02", NextOn: "2026-09-01"}))
		count := func(in directory.ListTouchesInput, want int) {
			t.Helper()
			in.Limit = 1
			n := 0
			for {
				page := must[operation.Page[directory.Touch]](t)(directory.ListTouches.Do(ctx, at.door, in))
				n += len(page.Items)
				if in.After = page.Next; in.After == "" {
					break
				}
			}
			if n != want {
				t.Errorf("%+v: %d, want %d", in, n, want)
			}
		}
		count(directory.ListTouchesInput{}, 3)
		count(directory.ListTouchesInput{OrganizationID: o.ID}, 3)
		count(directory.ListTouchesInput{PersonID: p.ID}, 1)
		count(directory.ListTouchesInput{Due: "any"}, 3)
		count(directory.ListTouchesInput{Due: "soon"}, 2)
		count(directory.ListTouchesInput{Due: "overdue"}, 1)
		var receipt operation.Receipt
		done := must[directory.Touch](t)(directory.SettleTouch.Do(operation.WithReceipt(ctx, &receipt), at.door, directory.TouchVersion{ID: first.ID, Version: 1}))
		count(directory.ListTouchesInput{Due: "soon"}, 1)
		must[operation.Entry](t)(operation.Undo.Do(ctx, at.door, operation.UndoInput{ID: receipt.Entry}))
		count(directory.ListTouchesInput{Due: "soon"}, 2)
		must[directory.Touch](t)(directory.TrashTouch.Do(ctx, at.door, directory.TouchVersion{ID: first.ID, Version: done.Version + 1}))
		count(directory.ListTouchesInput{}, 2)
		count(directory.ListTouchesInput{Trash: true}, 1)
		for _, bad := range []directory.TouchInput{{}, {OrganizationID: o.ID, On: "2027-01-01"}, {OrganizationID: o.ID, NextOn: "2020-01-01"}, {PersonID: operation.NewPersonID()}} {
			_, err := directory.CreateTouch.Do(ctx, at.door, bad)
			wantKind(t, err, operation.Invalid)
		}
		_, err := directory.ListTouches.Do(at.as(operation.TableChair), at.door, directory.ListTouchesInput{})
		wantKind(t, err, operation.Forbidden)
	})
}

// Several entries change at once or not at all, and come back as they were, also
// where who was in touch was only a name.
func TestSeveralTouchesAtOnce(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Staff)
		o := must[directory.Organization](t)(directory.CreateOrganization.Do(ctx, at.door, directory.OrganizationInput{Name: "Clinic"}))
		bo := must[directory.Person](t)(directory.CreatePerson.Do(ctx, at.door, directory.PersonInput{GivenName: "Bo"}))
		due := must[directory.Touch](t)(directory.CreateTouch.Do(ctx, at.door, directory.TouchInput{OrganizationID: o.ID, Channel: "email", NextOn: "2026-05-20"}))
		plain := must[directory.Touch](t)(directory.CreateTouch.Do(ctx, at.door, directory.TouchInput{OrganizationID: o.ID}))
		look := func() string {
			out := ""
			for _, i := range []directory.TouchID{due.ID, plain.ID} {
				x := must[directory.Touch](t)(directory.GetTouch.Do(ctx, at.door, directory.TouchRef{ID: i}))
				out += fmt.Sprint(x.ByName, " ", x.ByPersonID.IsZero(), " ", x.Channel, " ", x.Settled, " ", x.DeletedAt != nil, "; ")
			}
			return out
		}
		before := look()
		items := []directory.TouchVersion{{ID: due.ID, Version: 1}, {ID: plain.ID, Version: 1}}
		_, err := directory.EditTouches.Do(ctx, at.door, directory.EditTouchesInput{Items: []directory.TouchVersion{items[0], {ID: plain.ID, Version: 9}}, Channel: ptr("phone")})
		wantKind(t, err, operation.Conflict)
		if look() != before {
			t.Errorf("half was done: %s", look())
		}
		var receipt operation.Receipt
		page := must[operation.Page[directory.Touch]](t)(directory.EditTouches.Do(operation.WithReceipt(ctx, &receipt), at.door, directory.EditTouchesInput{Items: items, ByPersonID: &bo.ID, Channel: ptr("phone"), Settled: ptr(true)}))
		if got := look(); got != "Bo false phone true false; Bo false phone false false; " {
			t.Errorf("changed: %s", got)
		}
		must[operation.Entry](t)(operation.Undo.Do(ctx, at.door, operation.UndoInput{ID: receipt.Entry}))
		if look() != before {
			t.Errorf("taken back: %s, was %s", look(), before)
		}
		items = nil
		for _, x := range page.Items {
			items = append(items, directory.TouchVersion{ID: x.ID, Version: x.Version + 1})
		}
		must[operation.Page[directory.Touch]](t)(directory.EditTouches.Do(operation.WithReceipt(ctx, &receipt), at.door, directory.EditTouchesInput{Items: items, Trash: true}))
		if got := look(); strings.Count(got, "true; ") != 2 {
			t.Errorf("in the trash: %s", got)
		}
		must[operation.Entry](t)(operation.Undo.Do(ctx, at.door, operation.UndoInput{ID: receipt.Entry}))
		if look() != before {
			t.Errorf("restored: %s, was %s", look(), before)
		}
		taken := must[operation.Page[directory.Touch]](t)(directory.ExportTouches.Do(ctx, at.door, directory.ExportTouchesInput{}))
		if len(taken.Items) != 2 {
			t.Errorf("%d to take away", len(taken.Items))
		}
		_, err = directory.ExportTouches.Do(at.as(operation.TableChair), at.door, directory.ExportTouchesInput{})
		wantKind(t, err, operation.Forbidden)
	})
}

func TestSavedViews(t *testing.T) {
	tables(t, func(t *testing.T, at *table) {
		staff, member := at.as(operation.Staff), at.as(operation.TableMember)
		names := func(who int) string {
			ctx := staff
			if who == 1 {
				ctx = member
			}
			out := ""
			for _, v := range must[directory.ViewList](t)(directory.ListViews.Do(ctx, at.door, directory.ViewArea{Area: "people"})).Items {
				out += v.Name + "=" + v.Query + " "
			}
			return out
		}
		var receipt operation.Receipt
		shared := must[directory.View](t)(directory.SaveView.Do(staff, at.door, directory.ViewInput{Area: "people", Name: "Parents", Query: "tag=parent&sort=-name&columns=email&columns=title", Shared: true}))
		must[directory.View](t)(directory.SaveView.Do(operation.WithReceipt(member, &receipt), at.door, directory.ViewInput{Area: "people", Name: "Mine", Query: "q=omar"}))
		if got := names(0); got != "Parents=columns=email&columns=title&sort=-name&tag=parent " {
			t.Errorf("staff is offered %s", got)
		}
		if got := names(1); got != "Parents=columns=email&columns=title&sort=-name&tag=parent Mine=q=omar " {
			t.Errorf("a member is offered %s", got)
		}
		_, err := directory.SaveView.Do(member, at.door, directory.ViewInput{Area: "people", Name: "All", Shared: true})
		wantKind(t, err, operation.Forbidden)
		_, err = directory.DeleteView.Do(member, at.door, directory.ViewRef{ID: shared.ID})
		wantKind(t, err, operation.Forbidden)
		for _, bad := range []string{"done=x", "return=//evil.example", "sort=a&sort=b", "%zz", "status=member"} {
			_, err := directory.SaveView.Do(member, at.door, directory.ViewInput{Area: "people", Name: "Bad", Query: bad})
			wantKind(t, err, operation.Invalid)
		}
		// One's own view of the same name is replaced, and comes back.
		must[directory.View](t)(directory.SaveView.Do(operation.WithReceipt(member, &receipt), at.door, directory.ViewInput{Area: "people", Name: "MINE", Query: "q=lena"}))
		if got := names(1); got != "Parents=columns=email&columns=title&sort=-name&tag=parent MINE=q=lena " {
			t.Errorf("replaced: %s", got)
		}
		must[operation.Entry](t)(operation.Undo.Do(member, at.door, operation.UndoInput{ID: receipt.Entry}))
		if got := names(1); got != "Parents=columns=email&columns=title&sort=-name&tag=parent Mine=q=omar " {
			t.Errorf("taken back: %s", got)
		}
		must[operation.None](t)(directory.DeleteView.Do(operation.WithReceipt(staff, &receipt), at.door, directory.ViewRef{ID: shared.ID}))
		must[operation.Entry](t)(operation.Undo.Do(staff, at.door, operation.UndoInput{ID: receipt.Entry}))
		if got := names(1); got != "Mine=q=omar Parents=columns=email&columns=title&sort=-name&tag=parent " {
			t.Errorf("shared again: %s", got)
		}
	})
}
