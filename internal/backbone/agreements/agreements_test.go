package agreements_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"commontable/internal/backbone/agreements"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

func TestAnAgreementIsSignedByLink(t *testing.T) {
	houses(t, func(t *testing.T, h *house) {
		o := h.organization("Harbor School")
		_, err := agreements.Create.Do(h.as(operation.Staff), h.app.Door, agreements.Input{OrganizationID: o.ID})
		wantFault(t, err, "principles", "agreements.no_principles")
		h.adopt("We listen.\n\nWe share what we find.")
		person := must[directory.Person](t)(directory.CreatePerson.Do(h.as(operation.Staff), h.app.Door, directory.PersonInput{GivenName: "Chloé", FamilyName: "Ono", Email: "chloe@example.org", Language: "fr", OrganizationID: o.ID, Title: "Principal"}))
		a := must[agreements.Agreement](t)(agreements.Create.Do(h.as(operation.Staff), h.app.Door, agreements.Input{OrganizationID: o.ID, SignatoryID: person.ID, Text: "We meet.", Transition: "Three months."}))
		if a.State != agreements.Draft || a.Principles != 1 || a.TermMonths != 36 || a.SignatoryName != "Chloé Ono" || a.SignatoryTitle != "Principal" || a.SignatoryEmail != "chloe@example.org" || a.Language != "fr" {
			t.Errorf("begun: %+v", a)
		}
		_, err = agreements.Create.Do(h.as(operation.Staff), h.app.Door, agreements.Input{OrganizationID: o.ID})
		wantFault(t, err, "organization_id", "agreements.already_open")

		a, secret := h.send(a)
		if a.State != agreements.Sent || a.SentBy != "Ana Ruiz" || !a.LinkExpires.Equal(h.clock.Now().Add(30*24*time.Hour)) {
			t.Errorf("sent: %+v", a)
		}
		kept, err := h.app.Post.Newest(context.Background())
		if err != nil || len(kept) != 1 || kept[0].To != "chloe@example.org" || !strings.Contains(kept[0].Subject, "convention de Harbor School") {
			t.Errorf("mailed: %+v, %v", kept, err)
		}
		view := h.look(secret)
		if view.State != agreements.LinkOpen || view.Principles.Body != "We listen.\n\nWe share what we find." || view.Agreement.Text != "We meet." || view.Newer != 0 || view.Agreement.SignatoryEmail != "" {
			t.Errorf("the link shows %+v", view)
		}
		_, _, err = h.app.Agreements.Sign(context.Background(), h.app.Door, agreements.SignInput{Secret: secret, Name: "Chloé"})
		wantFault(t, err, "agreed", "agreements.agreed_needed")
		_, err = h.sign(secret, " ")
		wantFault(t, err, "name", "errors.required")

		h.adopt("We listen twice.") // while they read
		if view = h.look(secret); view.Newer != 2 || view.Principles.Number != 1 {
			t.Errorf("a newer version is told of: %+v", view)
		}
		view, err = h.sign(secret, "Chloé Ono")
		if err != nil || !view.Fresh || view.State != agreements.LinkSigned {
			t.Fatalf("signed: %+v, %v", view, err)
		}
		a = h.get(a.ID)
		if a.State != agreements.Signed || a.SignedName != "Chloé Ono" || !a.SignedAt.Equal(h.clock.Now()) || a.From != "2026-05-14" || a.RenewalDue != "2029-05-14" || a.Principles != 1 || a.Newer != 2 || a.OnPaper {
			t.Errorf("on record: %+v", a)
		}
		h.work()
		kept, _ = h.app.Post.Newest(context.Background())
		if len(kept) != 2 || !strings.Contains(kept[0].Subject, "signée") {
			t.Errorf("confirmed: %+v", kept)
		}

		h.clock.Advance(time.Hour)
		view, err = h.sign(secret, "Somebody Else")
		if err != nil || view.Fresh || view.State != agreements.LinkSigned || view.Agreement.SignedName != "Chloé Ono" || view.Agreement.SignedAt.Equal(h.clock.Now()) {
			t.Errorf("signing twice: %+v, %v", view, err)
		}
		if again := h.get(a.ID); again.Version != a.Version {
			t.Error("signing twice changed something")
		}
		h.clock.Advance(31 * 24 * time.Hour)
		if view = h.look(secret); view.State != agreements.LinkSigned {
			t.Errorf("what was signed, after the link expired: %s", view.State)
		}
		history := must[operation.Page[operation.Entry]](t)(operation.RecordHistory.Do(h.as(operation.Director), h.app.Door, operation.RecordHistoryInput{Kind: agreements.Kind, ID: operation.EntryID(a.ID)})).Items
		if len(history) != 3 || history[0].Operation != "agreement-links.sign" || history[0].Actor != "Chloé Ono" || history[0].Via != operation.ViaLink || history[0].Undoable {
			t.Errorf("history: %+v", history)
		}
	})
}

// Of fifty who press the button at once one signs; all are told who did.
func TestSigningAtOnce(t *testing.T) {
	houses(t, func(t *testing.T, h *house) {
		h.adopt("We listen.")
		a, secret := h.send(h.draft("Harbor School"))
		var signing sync.WaitGroup
		fresh, names := make([]bool, 50), make([]string, 50)
		for n := range fresh {
			signing.Go(func() {
				view, err := h.sign(secret, fmt.Sprintf("Cleo %d", n))
				if err != nil || view.State != agreements.LinkSigned {
					t.Errorf("%d: %+v, %v", n, view, err)
				}
				fresh[n], names[n] = view.Fresh, view.Agreement.SignedName
			})
		}
		signing.Wait()
		first := -1
		for n := range fresh {
			if fresh[n] && first >= 0 {
				t.Errorf("%d and %d signed", first, n)
			}
			if fresh[n] {
				first = n
			}
			if names[n] != names[0] {
				t.Errorf("%d is told %q, another %q", n, names[n], names[0])
			}
		}
		now := h.get(a.ID)
		if first < 0 || now.SignedName != fmt.Sprintf("Cleo %d", first) || now.Version != a.Version+1 {
			t.Errorf("%d signed, on record %+v", first, now)
		}
		h.work()
		if kept, _ := h.app.Post.Newest(context.Background()); len(kept) != 2 {
			t.Errorf("%d letters, want the link and one confirmation", len(kept))
		}
	})
}

func TestALinkThatNoLongerServes(t *testing.T) {
	houses(t, func(t *testing.T, h *house) {
		h.adopt("We listen.")
		ctx, door := h.as(operation.Staff), h.app.Door
		serves := func(secret, want string) {
			t.Helper()
			view := h.look(secret)
			if view.State != want {
				t.Errorf("the link is %s, want %s", view.State, want)
			}
			if want != agreements.LinkOpen && (view.Agreement.Organization != "" || view.Principles.Body != "") {
				t.Errorf("a link that is %s tells %+v", want, view)
			}
			if want == agreements.LinkOpen {
				return
			}
			signed, err := h.sign(secret, "Cleo")
			if err != nil || signed.State != want || signed.Fresh {
				t.Errorf("a link that is %s signs: %+v, %v", want, signed, err)
			}
		}
		a, first := h.send(h.draft("Harbor School"))
		h.clock.Advance(time.Minute)
		a, second := h.send(a)
		serves(first, agreements.LinkReplaced)
		serves(second, agreements.LinkOpen)

		_, err := agreements.Edit.Do(ctx, door, agreements.Patch{ID: a.ID, Version: a.Version, Text: ptr("Other words")})
		wantFault(t, err, "", "agreements.no_edit")
		a = must[agreements.Agreement](t)(agreements.Withdraw.Do(ctx, door, agreements.AtVersion{ID: a.ID, Version: a.Version}))
		if a.State != agreements.Draft || a.LinkExpires != nil {
			t.Errorf("taken back: %+v", a)
		}
		serves(second, agreements.LinkWithdrawn)
		a = must[agreements.Agreement](t)(agreements.Edit.Do(ctx, door, agreements.Patch{ID: a.ID, Version: a.Version, Text: ptr("Other words")}))
		h.clock.Advance(time.Minute)
		a, third := h.send(a)
		serves(second, agreements.LinkReplaced)

		o := must[directory.Organization](t)(directory.GetOrganization.Do(ctx, door, directory.OrganizationRef{ID: a.OrganizationID}))
		o = must[directory.Organization](t)(directory.TrashOrganization.Do(ctx, door, directory.OrganizationVersion{ID: o.ID, Version: o.Version}))
		serves(third, agreements.LinkGone)
		_, err = h.app.Agreements.Send.Do(ctx, door, agreements.AtVersion{ID: a.ID, Version: a.Version})
		wantFault(t, err, "", "agreements.organization_gone")
		must[directory.Organization](t)(directory.RestoreOrganization.Do(ctx, door, directory.OrganizationVersion{ID: o.ID, Version: o.Version}))
		serves(third, agreements.LinkOpen)

		h.clock.Advance(30 * 24 * time.Hour)
		serves(third, agreements.LinkExpired)
		must[agreements.Agreement](t)(agreements.RecordSignature.Do(ctx, door, agreements.RecordInput{ID: a.ID, Version: a.Version, Name: "Cleo Ono", On: "2026-06-01"}))
		serves(third, agreements.LinkSettled)
		if err := h.app.Access.Sweep(context.Background()); err != nil {
			t.Fatal(err)
		}
		serves(third, agreements.LinkSettled) // remembered for a week
		h.clock.Advance(8 * 24 * time.Hour)
		if err := h.app.Access.Sweep(context.Background()); err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{third, "", "ctl_" + strings.Repeat("A", 43), first + "A"} {
			if _, _, err := h.app.Agreements.Look(context.Background(), door, secret); operation.KindOf(err) != operation.NotFound {
				t.Errorf("the secret %q: %v", secret, err)
			}
			if _, err := h.sign(secret, "Cleo"); secret != "" && operation.KindOf(err) != operation.NotFound {
				t.Errorf("signing with the secret %q: %v", secret, err)
			}
		}
	})
}

// A signature on paper, its correction, the renewal that takes its place, and the
// end.
func TestTheLifeOfAnAgreement(t *testing.T) {
	houses(t, func(t *testing.T, h *house) {
		h.adopt("We listen.")
		ctx, door := h.as(operation.Director), h.app.Door
		var receipt operation.Receipt
		takeBack := func() {
			t.Helper()
			must[operation.Entry](t)(operation.Undo.Do(ctx, door, operation.UndoInput{ID: receipt.Entry}))
		}
		noting := operation.WithReceipt(ctx, &receipt)
		a := h.draft("Harbor School")
		a = must[agreements.Agreement](t)(agreements.Edit.Do(noting, door, agreements.Patch{ID: a.ID, Version: a.Version, TermMonths: ptr(int64(24)), SignatoryTitle: ptr("Head")}))
		takeBack()
		if a = h.get(a.ID); a.TermMonths != 36 || a.SignatoryTitle != "Principal" {
			t.Errorf("an edit taken back: %+v", a)
		}
		_, err := agreements.RecordSignature.Do(ctx, door, agreements.RecordInput{ID: a.ID, Version: a.Version, Name: "Cleo", On: "2026-05-15"})
		wantFault(t, err, "on", "errors.day_ahead")
		a = must[agreements.Agreement](t)(agreements.RecordSignature.Do(noting, door, agreements.RecordInput{ID: a.ID, Version: a.Version, Name: "Cleo Ono", On: "2023-08-01"}))
		if a.State != agreements.Due || !a.OnPaper || a.RenewalDue != "2026-08-01" {
			t.Errorf("on paper: %+v", a)
		}
		takeBack()
		if a = h.get(a.ID); a.State != agreements.Draft || a.SignedName != "" || a.From != "" {
			t.Errorf("a signature taken back: %+v", a)
		}
		a = must[agreements.Agreement](t)(agreements.RecordSignature.Do(ctx, door, agreements.RecordInput{ID: a.ID, Version: a.Version, Name: "Cleo Ono", On: "2023-05-14"}))
		if a.State != agreements.Lapsed {
			t.Errorf("the day its term is over it is %s", a.State)
		}

		next := must[agreements.Agreement](t)(agreements.Renew.Do(ctx, door, agreements.Ref{ID: a.ID}))
		if next.State != agreements.Draft || next.OrganizationID != a.OrganizationID || next.SignatoryName != "Cleo Ono" || next.SignatoryEmail != "cleo@example.org" {
			t.Errorf("the renewal: %+v", next)
		}
		_, err = agreements.Renew.Do(ctx, door, agreements.Ref{ID: a.ID})
		wantFault(t, err, "organization_id", "agreements.already_open")
		_, err = agreements.RecordSignature.Do(ctx, door, agreements.RecordInput{ID: next.ID, Version: next.Version, Name: "Cleo Ono", On: "2020-01-01"})
		wantFault(t, err, "on", "errors.since_before")
		next = must[agreements.Agreement](t)(agreements.RecordSignature.Do(noting, door, agreements.RecordInput{ID: next.ID, Version: next.Version, Name: "Cleo Ono", On: "2026-05-01"}))
		if old := h.get(a.ID); old.State != agreements.Renewed || old.To != "2026-05-01" || next.State != agreements.Signed {
			t.Errorf("renewed: %+v by %+v", old, next)
		}
		takeBack()
		if old := h.get(a.ID); old.State != agreements.Lapsed || old.To != "" {
			t.Errorf("the renewal taken back: %+v", old)
		}
		next = h.get(next.ID)
		next = must[agreements.Agreement](t)(agreements.RecordSignature.Do(ctx, door, agreements.RecordInput{ID: next.ID, Version: next.Version, Name: "Cleo Ono"}))

		_, err = agreements.End.Do(ctx, door, agreements.EndInput{ID: next.ID, Version: next.Version, On: "2026-05-13"})
		wantFault(t, err, "on", "errors.ends_before_it_begins")
		ended := must[agreements.Agreement](t)(agreements.End.Do(noting, door, agreements.EndInput{ID: next.ID, Version: next.Version, Note: "They moved away."}))
		if ended.State != agreements.Ended || ended.To != "2026-05-14" || ended.EndNote != "They moved away." {
			t.Errorf("ended: %+v", ended)
		}
		_, err = agreements.End.Do(ctx, door, agreements.EndInput{ID: next.ID, Version: ended.Version})
		wantFault(t, err, "", "agreements.no_end")
		takeBack()
		if next = h.get(next.ID); next.State != agreements.Signed || next.EndNote != "" {
			t.Errorf("the end taken back: %+v", next)
		}
		_, err = agreements.Trash.Do(ctx, door, agreements.AtVersion{ID: next.ID, Version: next.Version})
		wantFault(t, err, "", "agreements.no_trash")

		draft := must[agreements.Agreement](t)(agreements.Renew.Do(noting, door, agreements.Ref{ID: next.ID}))
		takeBack()
		other := must[agreements.Agreement](t)(agreements.Renew.Do(ctx, door, agreements.Ref{ID: next.ID}))
		draft = h.get(draft.ID)
		_, err = agreements.Restore.Do(ctx, door, agreements.AtVersion{ID: draft.ID, Version: draft.Version})
		wantKind(t, err, operation.Conflict)
		must[agreements.Agreement](t)(agreements.Trash.Do(ctx, door, agreements.AtVersion{ID: other.ID, Version: other.Version}))
		must[agreements.Agreement](t)(agreements.Restore.Do(ctx, door, agreements.AtVersion{ID: draft.ID, Version: draft.Version}))
	})
}

func TestListsOfAgreements(t *testing.T) {
	houses(t, func(t *testing.T, h *house) {
		h.adopt("We listen.")
		ctx, door := h.as(operation.Staff), h.app.Door
		on := func(name, day string) agreements.Agreement {
			a := h.draft(name)
			return must[agreements.Agreement](t)(agreements.RecordSignature.Do(ctx, door, agreements.RecordInput{ID: a.ID, Version: a.Version, Name: "Cleo", On: day}))
		}
		h.draft("Élan")
		h.send(h.draft("Zoo"))
		h.clock.Advance(-time.Hour)
		h.send(h.draft("Arts"))
		h.clock.Advance(time.Hour)
		on("Lapsed", "2023-05-14")
		on("Last day of due", "2023-08-12")
		on("Not yet due", "2023-08-13")
		due := on("Due", "2023-05-15")
		gone := on("Bank", "2025-01-01")
		gone = must[agreements.Agreement](t)(agreements.End.Do(ctx, door, agreements.EndInput{ID: gone.ID, Version: gone.Version, On: "2026-01-01"}))
		names := func(ctx context.Context, in agreements.ListInput) string {
			t.Helper()
			var out []string
			for in.Limit = 2; ; {
				page := must[operation.Page[agreements.Agreement]](t)(agreements.List.Do(ctx, door, in))
				for _, a := range page.Items {
					out = append(out, a.Organization)
				}
				if in.After = page.Next; in.After == "" {
					return strings.Join(out, ", ")
				}
			}
		}
		for _, c := range []struct {
			role operation.Role
			in   agreements.ListInput
			want string
		}{
			{operation.Staff, agreements.ListInput{}, "Arts, Bank, Due, Élan, Lapsed, Last day of due, Not yet due, Zoo"},
			{operation.Staff, agreements.ListInput{State: agreements.Draft}, "Élan"},
			{operation.Staff, agreements.ListInput{State: agreements.Sent}, "Arts, Zoo"},
			{operation.Staff, agreements.ListInput{State: agreements.Signed}, "Due, Last day of due, Not yet due"},
			{operation.Staff, agreements.ListInput{State: agreements.Due}, "Due, Last day of due"},
			{operation.Staff, agreements.ListInput{State: agreements.Lapsed}, "Lapsed"},
			{operation.Staff, agreements.ListInput{State: agreements.Ended}, "Bank"},
			{operation.Staff, agreements.ListInput{AsOf: "2025-06-01"}, "Bank, Due, Lapsed, Last day of due, Not yet due"},
			{operation.Staff, agreements.ListInput{OrganizationID: due.OrganizationID}, "Due"},
			{operation.TableMember, agreements.ListInput{}, "Bank, Due, Lapsed, Last day of due, Not yet due"},
			{operation.TableMember, agreements.ListInput{State: agreements.Sent}, ""},
		} {
			if got := names(h.as(c.role), c.in); got != c.want {
				t.Errorf("%s, %+v: %s, want %s", c.role, c.in, got, c.want)
			}
		}
		o := must[directory.Organization](t)(directory.GetOrganization.Do(ctx, door, directory.OrganizationRef{ID: due.OrganizationID}))
		must[directory.Organization](t)(directory.EditOrganization.Do(ctx, door, directory.OrganizationPatch{ID: o.ID, Version: o.Version, Name: ptr("Yard")}))
		if got := names(ctx, agreements.ListInput{}); got != "Arts, Bank, Élan, Lapsed, Last day of due, Not yet due, Yard, Zoo" {
			t.Errorf("after a new name: %s", got)
		}
		seen := must[agreements.Agreement](t)(agreements.Get.Do(h.as(operation.Funder), door, agreements.Ref{ID: gone.ID}))
		if seen.SignatoryEmail != "" || seen.EndNote != "" || seen.SignedName != "Cleo" {
			t.Errorf("a funder sees %+v", seen)
		}
		_, err := agreements.Get.Do(h.as(operation.Funder), door, agreements.Ref{ID: h.draft("Secret").ID})
		wantKind(t, err, operation.NotFound)
		_, err = agreements.List.Do(h.as(operation.Funder), door, agreements.ListInput{Trash: true})
		wantKind(t, err, operation.Forbidden)
		page := must[operation.Page[agreements.Agreement]](t)(agreements.Export.Do(ctx, door, agreements.ExportInput{}))
		if len(page.Items) != 9 {
			t.Errorf("%d taken away", len(page.Items))
		}
	})
}

func TestWhoeverIsToSign(t *testing.T) {
	h := newHouse(t, "")
	h.adopt("We listen.")
	ctx, door := h.as(operation.Staff), h.app.Door
	person := func(name, email string) directory.Person {
		return must[directory.Person](t)(directory.CreatePerson.Do(ctx, door, directory.PersonInput{GivenName: name, Email: email}))
	}
	ana, ben := person("Ana", "ana.k@example.org"), person("Ben", "")
	a := must[agreements.Agreement](t)(agreements.Create.Do(ctx, door, agreements.Input{OrganizationID: h.organization("A").ID, SignatoryID: ana.ID}))
	a = must[agreements.Agreement](t)(agreements.Edit.Do(ctx, door, agreements.Patch{ID: a.ID, Version: a.Version, SignatoryID: &ben.ID, SignatoryName: ptr("Ana"), SignatoryEmail: ptr("ana.k@example.org")}))
	if a.SignatoryName != "Ben" || a.SignatoryEmail != "" {
		t.Errorf("another person signs: %+v", a)
	}
	_, err := h.app.Agreements.Send.Do(ctx, door, agreements.AtVersion{ID: a.ID, Version: a.Version})
	wantFault(t, err, "signatory_email", "errors.required")
	_, err = agreements.Edit.Do(ctx, door, agreements.Patch{ID: a.ID, Version: a.Version - 1, Text: ptr("x")})
	wantKind(t, err, operation.Conflict)
	_, err = agreements.Edit.Do(ctx, door, agreements.Patch{ID: a.ID, Version: a.Version, Principles: ptr(int64(7))})
	wantFault(t, err, "principles", "errors.not_offered")
	_, err = agreements.Create.Do(ctx, door, agreements.Input{})
	wantFault(t, err, "organization_id", "errors.required")
}

// The secret of a link stands neither in the database nor in the log, and guessing is counted by
// address.
func TestTheSecretIsKeptNowhere(t *testing.T) {
	h := newHouse(t, "")
	h.adopt("We listen.")
	_, secret := h.send(h.draft("Harbor School"))
	for range 100 {
		_, err := h.sign("ctl_"+strings.Repeat("B", 43), "Mallory")
		wantKind(t, err, operation.NotFound)
	}
	_, err := h.sign(secret, "Cleo")
	wantKind(t, err, operation.TooMany)
	h.clock.Advance(time.Minute)
	if view, err := h.sign(secret, "Cleo"); err != nil || !view.Fresh {
		t.Errorf("a minute later: %+v, %v", view, err)
	}
	if log := h.log.String(); strings.Contains(log, secret) || !strings.Contains(log, "no mail server") {
		t.Errorf("the log holds the secret, or nothing of the letter:\n%s", log)
	}
	files, err := filepath.Glob(filepath.Join(h.app.Config.DataDir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte(secret)) || bytes.Contains(content, []byte(strings.TrimPrefix(secret, "ctl_"))) {
			t.Errorf("%s holds the secret", file)
		}
	}
}
