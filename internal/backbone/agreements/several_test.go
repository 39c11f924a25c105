package agreements_test

import (
	"errors"
	"fmt"
	"testing"

	"commontable/internal/backbone/agreements"
	"commontable/internal/platform/operation"
)

// Several agreements change, are sent, taken back and thrown away at once or not
// at all; what stopped it is named.
func TestSeveralAgreementsAtOnce(t *testing.T) {
	houses(t, func(t *testing.T, h *house) {
		h.adopt("We share what we know.")
		ctx := h.as(operation.Staff)
		one, two := h.draft("Clinic"), h.draft("School")
		look := func() string {
			out := ""
			for _, i := range []agreements.ID{one.ID, two.ID} {
				a := h.get(i)
				out += fmt.Sprint(a.State, " ", a.TermMonths, " ", a.DeletedAt != nil, "; ")
			}
			return out
		}
		at := func() (out []agreements.AtVersion) {
			for _, i := range []agreements.ID{one.ID, two.ID} {
				out = append(out, agreements.AtVersion{ID: i, Version: h.get(i).Version})
			}
			return out
		}
		var receipt operation.Receipt
		do := func(in agreements.SeveralInput, want string) {
			t.Helper()
			in.Items = at()
			must[operation.Page[agreements.Agreement]](t)(h.app.Agreements.EditSeveral.Do(operation.WithReceipt(ctx, &receipt), h.app.Door, in))
			if got := look(); got != want {
				t.Errorf("%+v: %s, want %s", in, got, want)
			}
		}
		back := func(want string) {
			t.Helper()
			must[operation.Entry](t)(operation.Undo.Do(ctx, h.app.Door, operation.UndoInput{ID: receipt.Entry}))
			if got := look(); got != want {
				t.Errorf("taken back: %s, want %s", got, want)
			}
		}
		const drafts = "draft 36 false; draft 36 false; "
		must[agreements.Agreement](t)(agreements.Edit.Do(ctx, h.app.Door, agreements.Patch{ID: two.ID, Version: 1, TermMonths: ptr(int64(24))}))
		do(agreements.SeveralInput{TermMonths: ptr(int64(24))}, "draft 24 false; draft 24 false; ")
		// That one of them had this term already leaves the other's trace alone.
		log := must[operation.Page[operation.Entry]](t)(operation.ListHistory.Do(ctx, h.app.Door, operation.ListHistoryInput{Limit: 1}))
		if log.Items[0].Operation != "agreements.edit-several" || log.Items[0].Title != "Clinic" {
			t.Errorf("the log says %+v", log.Items[0])
		}
		back("draft 36 false; draft 24 false; ")
		do(agreements.SeveralInput{TermMonths: ptr(int64(36))}, drafts)
		do(agreements.SeveralInput{Send: true}, "sent 36 false; sent 36 false; ")
		back(drafts)
		do(agreements.SeveralInput{Send: true}, "sent 36 false; sent 36 false; ")
		secret := h.newestLink()
		do(agreements.SeveralInput{Withdraw: true}, drafts)
		if receipt.Undoable {
			t.Error("ended links cannot serve again")
		}
		if view := h.look(secret); view.State != "withdrawn" {
			t.Errorf("the link of what was taken back: %+v", view)
		}
		do(agreements.SeveralInput{Trash: true}, "draft 36 true; draft 36 true; ")
		back(drafts)

		two, _ = h.send(h.get(two.ID))
		before := look()
		_, err := h.app.Agreements.EditSeveral.Do(ctx, h.app.Door, agreements.SeveralInput{Items: at(), Trash: true})
		var e *operation.Error
		if !errors.As(err, &e) || len(e.Faults) != 2 || e.Faults[0].Args["Organization"] != "School" || e.Faults[1].Key != "agreements.no_trash" {
			t.Errorf("one that was sent: %v", err)
		}
		if look() != before {
			t.Errorf("half was done: %s", look())
		}
		_, err = h.app.Agreements.EditSeveral.Do(h.as(operation.TableChair), h.app.Door, agreements.SeveralInput{Items: at(), Send: true})
		wantKind(t, err, operation.Forbidden)
	})
}
