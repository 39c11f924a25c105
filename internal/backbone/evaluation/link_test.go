package evaluation_test

import (
	"context"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/evaluation"
	"commontable/internal/backbone/installation"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/access"
	"commontable/internal/platform/operation"
	"commontable/internal/testing/house"
)

// signing is a house with an agreement that somebody with an address is to sign.
type signing struct {
	*house.House
	t        *testing.T
	director context.Context
	wave     surveys.Wave
	nora     directory.Person
	a        evaluation.Agreement
}

func toSign(t *testing.T, h *house.House) *signing {
	t.Helper()
	g := &signing{House: h, t: t, director: h.As(operation.Director), wave: released(t, h, 12, true)}
	g.nora = house.Do(t, h, g.director, directory.CreatePerson, directory.PersonInput{GivenName: "Nora", FamilyName: "Lind", Email: "nora@example.org"})
	g.a = house.Do(t, h, g.director, evaluation.Create, evaluation.Input{PersonID: g.nora.ID, Organization: "Valley University", Purpose: "To see how trust grows", Waves: []surveys.WaveID{g.wave.ID},
		Until: "2026-12-31", DestroyBy: "2027-03-31", Language: "fr"})
	return g
}

func (g *signing) letters() []installation.KeptMessage {
	g.t.Helper()
	for n := 1; n > 0; {
		var err error
		if n, err = g.App.Worker.Work(context.Background()); err != nil {
			g.t.Fatal(err)
		}
	}
	return house.Must[[]installation.KeptMessage](g.t)(g.App.Post.Newest(context.Background()))
}

// send sends the agreement and gives the secret of the link.
func (g *signing) send() string {
	g.t.Helper()
	g.Clock.Advance(time.Minute)
	g.a = house.Do(g.t, g.House, g.director, g.App.Evaluation.Send, evaluation.AtVersion{ID: g.a.ID, Version: g.a.Version})
	for _, m := range g.letters() {
		for _, link := range m.Links {
			if strings.Contains(link, access.PathEvaluator) {
				return path.Base(link)
			}
		}
	}
	g.t.Fatal("no link was mailed")
	return ""
}

func (g *signing) look(secret string) evaluation.LinkView {
	g.t.Helper()
	_, view, err := g.App.Evaluation.Look(context.Background(), g.App.Door, secret)
	if err != nil {
		g.t.Fatal(err)
	}
	return view
}

// sign signs as a stranger with nothing but the link.
func (g *signing) sign(secret, name, readIn string) (evaluation.LinkView, error) {
	_, view, err := g.App.Evaluation.SignByLink(context.Background(), g.App.Door, evaluation.LinkSignInput{Secret: secret, Name: name, Agreed: true, ReadIn: readIn})
	return view, err
}

func (g *signing) take(role operation.Role) error {
	_, err := evaluation.Take.Do(g.AsPerson(role, g.nora.ID), g.App.Door, evaluation.TakeInput{WaveID: g.wave.ID})
	return err
}

// The evaluator reads and signs by a link, without an account; the file is taken signed in.
func TestEvaluatorSignsByLink(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		g := toSign(t, h)
		if !g.a.MaySend || g.a.SentAt != nil {
			t.Errorf("before it is sent: %+v", g.a)
		}
		_, err := h.App.Evaluation.Send.Do(h.As(operation.Staff), h.App.Door, evaluation.AtVersion{ID: g.a.ID, Version: g.a.Version})
		house.WantKind(t, err, operation.Forbidden)
		secret := g.send()
		if g.a.State != evaluation.Waiting || g.a.SentBy != "Ana Ruiz" || !g.a.LinkExpires.Equal(h.Clock.Now().Add(30*24*time.Hour)) {
			t.Errorf("sent: %+v", g.a)
		}
		kept := g.letters()
		if len(kept) != 1 || kept[0].To != "nora@example.org" || !strings.Contains(kept[0].Subject, "Maple Valley : accord sur des fichiers d’enquête à signer") || !strings.Contains(kept[0].Text, "Ana Ruiz vous demande") {
			t.Errorf("mailed: %+v", kept)
		}
		own := house.Do(t, h, h.AsPerson(operation.Evaluator, g.nora.ID), evaluation.Get, evaluation.Ref{ID: g.a.ID})
		if own.SentBy != "" || own.SentAt != nil || own.LinkExpires != nil || !own.MaySign || own.MaySend {
			t.Errorf("the evaluator is told more than they need: %+v", own)
		}

		// The page shows what was written, in the language of the reader, whatever is adopted meanwhile.
		view := g.look(secret)
		french, in := view.Agreement.In("fr")
		english, _ := view.Agreement.In("en")
		if view.State != evaluation.LinkOpen || view.Agreement.Purpose != "To see how trust grows" || len(view.Agreement.Waves) != 1 || in != "fr" || !strings.Contains(french, "Je reçois") || !strings.Contains(english, "I receive") {
			t.Errorf("the link shows %+v", view)
		}
		house.Do(t, h, g.director, evaluation.AdoptTerms, evaluation.AdoptInput{En: "Our own words"})
		_, _, err = h.App.Evaluation.SignByLink(context.Background(), h.App.Door, evaluation.LinkSignInput{Secret: secret, Name: "Nora", ReadIn: "en"})
		house.WantFault(t, err, "agreed", "errors.evaluator_agreed")
		_, err = g.sign(secret, " ", "en")
		house.WantFault(t, err, "name", "errors.required")
		_, err = g.sign(secret, "Nora", "de")
		house.WantFault(t, err, "read_in", "errors.not_offered")
		house.WantKind(t, g.take(operation.Evaluator), operation.Forbidden) // is not signed

		view, err = g.sign(secret, "Nora Q. Lind", "en")
		if err != nil || !view.Fresh || view.State != evaluation.LinkSigned {
			t.Fatalf("signed: %+v, %v", view, err)
		}
		a := house.Do(t, h, g.director, evaluation.Get, evaluation.Ref{ID: g.a.ID})
		if a.State != evaluation.InForce || a.SignedName != "Nora Q. Lind" || !a.SignedAt.Equal(h.Clock.Now()) || a.SignedOn != "2026-05-14" || !a.ByLink || a.Language != "en" || a.Text != english {
			t.Errorf("on record: %+v", a)
		}
		if text, in := a.In("fr"); text != english || in != "en" {
			t.Error("what was signed is shown in another language")
		}
		kept = g.letters()
		if len(kept) != 2 || kept[0].To != "nora@example.org" || !strings.Contains(kept[0].Text, "December 31, 2026") || !strings.Contains(kept[0].Text, "March 31, 2027") || len(kept[0].Links) != 0 {
			t.Errorf("confirmed: %+v", kept)
		}

		// Once: whoever holds the link is told who signed.
		h.Clock.Advance(time.Hour)
		view, err = g.sign(secret, "Somebody Else", "en")
		if err != nil || view.Fresh || view.State != evaluation.LinkSigned || view.Agreement.SignedName != "Nora Q. Lind" {
			t.Errorf("signing twice: %+v, %v", view, err)
		}
		if again := house.Do(t, h, g.director, evaluation.Get, evaluation.Ref{ID: a.ID}); again.Version != a.Version {
			t.Error("signing twice changed something")
		}
		history := house.Do(t, h, g.director, operation.RecordHistory, operation.RecordHistoryInput{Kind: evaluation.Kind, ID: operation.EntryID(a.ID)}).Items
		if len(history) != 3 || history[0].Operation != "evaluator-links.sign" || history[0].Actor != "Nora Q. Lind" || history[0].Via != operation.ViaLink || history[1].Operation != "evaluator-agreements.send" || history[0].Undoable {
			t.Errorf("history: %+v", history)
		}

		// The link takes nothing: that needs the evaluator, signed in and in their role.
		_, err = evaluation.Take.Do(operation.WithCollaborative(context.Background(), h.Place), h.App.Door, evaluation.TakeInput{WaveID: g.wave.ID})
		if err == nil {
			t.Error("a file was taken without signing in")
		}
		house.WantKind(t, g.take(operation.Director), operation.Forbidden)
		if err := g.take(operation.Evaluator); err != nil {
			t.Error(err)
		}
		house.Do(t, h, g.director, evaluation.End, evaluation.EndInput{ID: a.ID, Version: a.Version, Note: "Left"})
		if view := g.look(secret); view.State != evaluation.LinkSigned || view.Agreement.State != evaluation.Ended || view.Agreement.EndNote != "" {
			t.Errorf("what was signed, once it is ended: %+v", view)
		}
	})
}

// Of many who press the button at once one signs; all are told who did.
func TestEvaluatorSignsOnce(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		g := toSign(t, h)
		secret := g.send()
		var at sync.WaitGroup
		fresh, names := make([]bool, 20), make([]string, 20)
		for n := range fresh {
			at.Go(func() {
				view, err := g.sign(secret, "Nora "+string(rune('A'+n)), "en")
				if err != nil || view.State != evaluation.LinkSigned {
					t.Errorf("%d: %+v, %v", n, view, err)
				}
				fresh[n], names[n] = view.Fresh, view.Agreement.SignedName
			})
		}
		at.Wait()
		slices.Sort(names)
		if n := len(slices.DeleteFunc(fresh, func(yes bool) bool { return !yes })); n != 1 || names[0] != names[19] {
			t.Errorf("%d signed; they are told %q", n, names)
		}
		if kept := g.letters(); len(kept) != 2 {
			t.Errorf("%d letters, want the link and one confirmation", len(kept))
		}
	})
}

// A link that no longer serves says why, and nothing of what it asked to sign.
func TestEvaluatorLinkThatNoLongerServes(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		g := toSign(t, h)
		at := func() evaluation.AtVersion { return evaluation.AtVersion{ID: g.a.ID, Version: g.a.Version} }
		serves := func(secret, want string) {
			t.Helper()
			view := g.look(secret)
			if view.State != want {
				t.Errorf("the link is %s, want %s", view.State, want)
			}
			if want == evaluation.LinkOpen {
				return
			}
			bare := view.Agreement
			bare.SentBy, bare.Language = "", ""
			if bare.Person != "" || bare.Purpose != "" || bare.Text != "" || bare.SignedName != "" || !bare.ID.IsZero() || len(bare.Waves) != 0 {
				t.Errorf("a link that is %s tells %+v", want, view)
			}
			if signed, err := g.sign(secret, "Nora", "en"); err != nil || signed.State != want || signed.Fresh {
				t.Errorf("a link that is %s signs: %+v, %v", want, signed, err)
			}
		}
		_, err := evaluation.Withdraw.Do(g.director, h.App.Door, at())
		house.WantFault(t, err, "id", "errors.evaluator_not_sent")
		first := g.send()
		second := g.send()
		serves(first, evaluation.LinkReplaced)
		serves(second, evaluation.LinkOpen)

		// Any change ends it: it asked to sign something else. So does another person of the same name.
		g.a = house.Do(t, h, g.director, evaluation.Edit, evaluation.Patch{ID: g.a.ID, Version: g.a.Version, Purpose: new("To see how trust grows")})
		serves(second, evaluation.LinkOpen) // nothing was changed
		g.a = house.Do(t, h, g.director, evaluation.Edit, evaluation.Patch{ID: g.a.ID, Version: g.a.Version, Purpose: new("Another purpose")})
		if g.a.LinkExpires != nil || g.a.SentAt == nil || !g.a.MaySend {
			t.Errorf("changed: %+v", g.a)
		}
		serves(second, evaluation.LinkChanged)
		third := g.send()
		serves(second, evaluation.LinkReplaced)
		namesake := house.Do(t, h, g.director, directory.CreatePerson, directory.PersonInput{GivenName: "Nora", FamilyName: "Lind", Email: "other.nora@example.org"})
		g.a = house.Do(t, h, g.director, evaluation.Edit, evaluation.Patch{ID: g.a.ID, Version: g.a.Version, PersonID: &namesake.ID})
		serves(third, evaluation.LinkChanged)
		if g.a.PersonID != namesake.ID {
			t.Error("another person of the same name is not taken over")
		}
		g.a = house.Do(t, h, g.director, evaluation.Edit, evaluation.Patch{ID: g.a.ID, Version: g.a.Version, PersonID: &g.nora.ID})

		fourth := g.send()
		g.a = house.Do(t, h, g.director, evaluation.Withdraw, at())
		if g.a.LinkExpires != nil || g.a.SentAt != nil {
			t.Errorf("taken back: %+v", g.a)
		}
		serves(fourth, evaluation.LinkWithdrawn)
		fifth := g.send()
		g.a = house.Do(t, h, g.director, evaluation.Trash, at())
		serves(fifth, evaluation.LinkWithdrawn)
		_, err = h.App.Evaluation.Send.Do(g.director, h.App.Door, at())
		house.WantKind(t, err, operation.NotFound)
		g.a = house.Do(t, h, g.director, evaluation.Restore, at())
		if g.a.LinkExpires != nil || g.a.SentAt != nil {
			t.Errorf("restored: %+v", g.a)
		}
		serves(fifth, evaluation.LinkWithdrawn)

		sixth := g.send()
		g.nora = house.Do(t, h, g.director, directory.TrashPerson, directory.PersonVersion{ID: g.nora.ID, Version: g.nora.Version})
		serves(sixth, evaluation.LinkGone)
		_, err = h.App.Evaluation.Send.Do(g.director, h.App.Door, at())
		house.WantFault(t, err, "person_id", "errors.no_such_person")
		g.nora = house.Do(t, h, g.director, directory.RestorePerson, directory.PersonVersion{ID: g.nora.ID, Version: g.nora.Version})
		serves(sixth, evaluation.LinkOpen)
		h.Clock.Advance(30 * 24 * time.Hour)
		serves(sixth, evaluation.LinkExpired)

		// A link never outlives the agreement, whose last day counts in full.
		g.a = house.Do(t, h, g.director, evaluation.Edit, evaluation.Patch{ID: g.a.ID, Version: g.a.Version, Until: new("2026-06-15")})
		seventh := g.send()
		if !g.a.LinkExpires.Equal(time.Date(2026, 6, 16, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("expires %s", g.a.LinkExpires)
		}
		h.Clock.Set(time.Date(2026, 6, 15, 23, 59, 0, 0, time.UTC))
		serves(seventh, evaluation.LinkOpen)
		h.Clock.Set(time.Date(2026, 6, 16, 0, 1, 0, 0, time.UTC))
		serves(seventh, evaluation.LinkOver)
		_, err = h.App.Evaluation.Send.Do(g.director, h.App.Door, at())
		house.WantFault(t, err, "valid_until", "errors.evaluator_past")
		if own := house.Do(t, h, h.AsPerson(operation.Evaluator, g.nora.ID), evaluation.Get, evaluation.Ref{ID: g.a.ID}); own.MaySign || own.State != evaluation.Waiting {
			t.Errorf("past its last day: %+v", own)
		}

		// Signed signed in, a link that was sent has nothing left to do.
		g.a = house.Do(t, h, g.director, evaluation.Edit, evaluation.Patch{ID: g.a.ID, Version: g.a.Version, Until: new("2026-12-31")})
		eighth := g.send()
		g.a = house.Do(t, h, h.AsPerson(operation.Evaluator, g.nora.ID), evaluation.Sign, evaluation.SignInput{ID: g.a.ID, Version: g.a.Version, Name: "Nora Lind", Agreed: true})
		serves(eighth, evaluation.LinkSettled)
		if g.a.ByLink || !g.a.SignedAt.Equal(h.Clock.Now()) || g.a.Language != "fr" {
			t.Errorf("signed signed in: %+v", g.a)
		}
		if kept := g.letters(); !strings.Contains(kept[0].Subject, "signé") || kept[0].To != "nora@example.org" {
			t.Errorf("confirmed: %+v", kept[0])
		}

		// A secret that is wrong, swept or of another task gets the same answer.
		h.Clock.Advance(40 * 24 * time.Hour)
		if err := h.App.Access.Sweep(context.Background()); err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{eighth, "ctl_" + strings.Repeat("A", 43), eighth + "A", "x"} {
			_, _, looked := h.App.Evaluation.Look(context.Background(), h.App.Door, secret)
			_, signed := g.sign(secret, "Nora", "en")
			for _, err := range []error{looked, signed} {
				if operation.KindOf(err) != operation.NotFound || !strings.Contains(err.Error(), "access.link_dead") {
					t.Errorf("the secret %q: %v", secret, err)
				}
			}
		}
	})
}

// Without an address nothing is sent, and what was sent to somebody who is erased opens
// nothing.
func TestEvaluatorLinkAndThePerson(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		g := toSign(t, h)
		g.send()
		g.a = house.Do(t, h, g.director, evaluation.Edit, evaluation.Patch{ID: g.a.ID, Version: g.a.Version, PersonID: new(h.Person(t, "Otto", directory.OrganizationID{}))})
		_, err := h.App.Evaluation.Send.Do(g.director, h.App.Door, evaluation.AtVersion{ID: g.a.ID, Version: g.a.Version})
		house.WantFault(t, err, "person_id", "errors.evaluator_no_address")
		if g.a.MaySend {
			t.Error("may be sent to nobody")
		}
		g.a = house.Do(t, h, g.director, evaluation.Edit, evaluation.Patch{ID: g.a.ID, Version: g.a.Version, PersonID: &g.nora.ID})
		secret := g.send()
		house.Do(t, h, g.director, directory.ErasePerson, directory.Erase{ID: g.nora.ID, Version: g.nora.Version, Name: g.nora.Name()})
		if view := g.look(secret); view.State != evaluation.LinkGone || view.Agreement.Person != "" {
			t.Errorf("after they were erased: %+v", view)
		}
		if view, err := g.sign(secret, "Nora", "en"); err != nil || view.Fresh {
			t.Errorf("signed by somebody erased: %+v, %v", view, err)
		}
	})
}
