package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/evaluation"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/access"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
	"commontable/internal/testing/browser"
)

type pulseAnswer struct {
	Wave   surveys.WaveID
	Person directory.PersonID
	Number int64
}

// answerPulse hands in what somebody answers, as their link would.
var answerPulse = operation.Define(operation.Operation[pulseAnswer, operation.None]{
	Definition: operation.Definition{ID: "survey-links.answer", Summary: "Hands in somebody's answers", BrowserOnly: "for this test", Secret: true},
	Run: func(c *operation.Call, in pulseAnswer) (none operation.None, err error) {
		c.Continue()
		return none, surveys.Respond(c, in.Wave, in.Person, func(surveys.View) []surveys.Given {
			return []surveys.Given{{Question: "open", Answer: surveys.Answer{Number: &in.Number}}}
		})
	},
})

// filed is a released survey of which there is a file for evaluators.
func filed(t *testing.T, d *doorstep, ctx context.Context) surveys.Wave {
	t.Helper()
	held := run(t, ctx, d.app, surveys.Bring, surveys.BringInput{Format: "json", File: `{"key":"small","version":1,"minutes":1,"title":{"en":"Small"},"sections":[{"key":"one","title":{"en":"One"},"questions":[
		{"key":"open","kind":"scale","text":{"en":"Open?"},"scale":{"from":1,"to":4}}]}]}`})
	w := run(t, ctx, d.app, surveys.Create, surveys.Input{InstrumentID: held.ID, Title: "Pulse of the autumn", ForEvaluator: true})
	var all []directory.PersonID
	for k := range 12 {
		all = append(all, run(t, ctx, d.app, directory.CreatePerson, directory.PersonInput{GivenName: fmt.Sprint("Person ", k)}).ID)
	}
	w = run(t, ctx, d.app, surveys.AddPeople, surveys.PeopleInput{WaveID: w.ID, People: all})
	w = run(t, ctx, d.app, surveys.Step, surveys.StepInput{ID: w.ID, Version: w.Version, State: surveys.Open})
	for k, p := range all {
		run(t, ctx, d.app, answerPulse, pulseAnswer{w.ID, p, int64(1 + k%4)})
	}
	w = run(t, ctx, d.app, surveys.Step, surveys.StepInput{ID: w.ID, Version: w.Version, State: surveys.Closed})
	return run(t, ctx, d.app, surveys.Step, surveys.StepInput{ID: w.ID, Version: w.Version, State: surveys.Released})
}

// evaluates gives somebody on record an account in the role of evaluator.
func evaluates(t *testing.T, d *doorstep, ctx context.Context, p directory.Person) {
	t.Helper()
	account := d.account(p.Name(), p.Email)
	if err := d.app.Store.WriteInstallation(context.Background(), func(tx *store.InstallationTx) error {
		return access.Grant(tx, d.clock.Now(), access.Membership{Account: account.ID, Collaborative: operation.CollaborativeFrom(ctx).ID, Person: p.ID, Roles: []operation.Role{operation.Evaluator}})
	}); err != nil {
		t.Fatal(err)
	}
}

// The director chooses somebody on record, sends the agreement, changes it, takes it back
// and sends it again; whoever has the link reads it in their language and signs once.
func TestEvaluatorPages(t *testing.T) {
	d, g, home, _, ctx := agreed(t)
	w := filed(t, d, ctx)
	for _, name := range []string{"Nora Lind", "Nora Lund"} {
		given, family, _ := strings.Cut(name, " ")
		run(t, ctx, d.app, directory.CreatePerson, directory.PersonInput{GivenName: given, FamilyName: family, Email: strings.ToLower(given+"."+family) + "@example.org"})
	}
	nobody := run(t, ctx, d.app, directory.CreatePerson, directory.PersonInput{GivenName: "Otto", FamilyName: "Orr"})
	until, destroy := d.clock.Now().AddDate(0, 2, 0).Format(time.DateOnly), d.clock.Now().AddDate(0, 4, 0).Format(time.DateOnly)
	g.get(home+"evaluators/new", http.StatusOK).says(t, "Signing needs no account", "Pulse of the autumn")
	purpose := "To see how trust grows"
	form := func(more ...string) []string {
		return append([]string{"organization", "Valley University", "purpose", purpose, "waves", w.ID.String(), "language", "fr", "valid_until", until, "destroy_by", destroy}, more...)
	}
	g.post(home+"evaluators", http.StatusUnprocessableEntity, form()...).says(t, "Evaluator: This is needed.")
	page := g.post(home+"evaluators", http.StatusUnprocessableEntity, form("person", "Nora")...)
	page.says(t, "Nora Lind", "Nora Lund")
	if page.hidden("person_for") != "Nora" {
		t.Error("the question forgets what it is about")
	}
	record, _, _ := strings.Cut(g.post(home+"evaluators", http.StatusSeeOther, form("person", "Otto Orr", "person_id", nobody.ID.String())...).to, "?")
	page = g.get(record, http.StatusOK)
	page.says(t, "needs an e-mail address on record")
	page.saysNot(t, "Send for signature")
	g.post(record+"/send", http.StatusUnprocessableEntity, "version", "1").says(t, "No e-mail address of the evaluator is on record")
	g.post(record, http.StatusSeeOther, form("version", "1", "person", "Nora Lind")...)
	g.get(record, http.StatusOK).says(t, "Send for signature", "Nora Lind")
	g.get(g.post(record+"/send", http.StatusSeeOther, "version", "2").to, http.StatusOK).says(t, "Agreement sent for signature", "Send again", "Take the link back", "Link works until", "Undo")
	first := d.mailed("nora.lind@example.org", access.PathEvaluator)

	// The evaluator, without an account, in the language of the letter; then in Spanish.
	c := d.guest()
	page = c.get(first, http.StatusOK)
	page.says(t, "Accord sur des fichiers d’enquête", "To see how trust grows", "Pulse of the autumn", "Je reçois des fichiers", `<html lang="fr"`)
	page.saysNot(t, "nora.lind@example.org", "<script>")
	if page.header.Get("Referrer-Policy") != "no-referrer" || page.header.Get("Cache-Control") != "no-store" || len(page.header.Values("Set-Cookie")) > 0 || page.hidden("read_in") != "fr" {
		t.Errorf("the address is not kept: %v", page.header)
	}
	page = c.post(first, http.StatusOK, "language", "es", "return", "")
	page.says(t, "Recibo archivos", "Firmar el acuerdo")
	if page.hidden("read_in") != "es" {
		t.Error("what is read and what is signed are not the same")
	}
	c.post(first, http.StatusUnprocessableEntity, "name", "", "agreed", "", "read_in", "es").says(t, "Marque que lo promete.")

	// What was changed, taken back, in the trash or sent anew says so, and nothing else.
	dead := func(link, why string) {
		t.Helper()
		page := c.get(link, http.StatusNotFound)
		page.says(t, "Este enlace ya no funciona", why)
		page.saysNot(t, "To see how trust grows", "Nora Lind", "Pulse of the autumn", "Recibo archivos")
		c.post(link, http.StatusNotFound, "name", "Nora", "agreed", "true", "read_in", "es").says(t, why)
	}
	purpose = "Another purpose"
	g.post(record, http.StatusSeeOther, form("version", "3", "person", "Nora Lind")...)
	g.get(record, http.StatusOK).says(t, "no longer works, because the agreement was changed")
	dead(first, "El acuerdo se cambió después de enviar este enlace")
	g.post(record+"/send", http.StatusSeeOther, "version", "4")
	dead(first, "Ana Ruiz le envió un enlace más nuevo")
	second := d.mailed("nora.lind@example.org", access.PathEvaluator)
	g.get(g.post(record+"/withdraw", http.StatusSeeOther, "version", "5").to, http.StatusOK).says(t, "Link to sign by taken back", "Send for signature")
	dead(second, "El acuerdo se retiró después de enviar este enlace")
	g.post(record+"/send", http.StatusSeeOther, "version", "6")
	third := d.mailed("nora.lind@example.org", access.PathEvaluator)
	g.post(record+"/trash", http.StatusSeeOther, "version", "7")
	dead(third, "El acuerdo se retiró después de enviar este enlace")
	g.post(record+"/restore", http.StatusSeeOther, "version", "8")
	g.post(record+"/send", http.StatusSeeOther, "version", "9")
	fourth := d.mailed("nora.lind@example.org", access.PathEvaluator)
	c.get(fourth, http.StatusOK)
	d.clock.Advance(31 * 24 * time.Hour)
	g = d.entered("ana@example.org")
	dead(fourth, "El enlace caducó antes de que se firmara el acuerdo")
	g.get(record, http.StatusOK).says(t, "The link that was sent has expired")
	g.post(record+"/send", http.StatusSeeOther, "version", "10")
	link := d.mailed("nora.lind@example.org", access.PathEvaluator)
	unknown := c.get(access.PathEvaluator+"ctl_"+strings.Repeat("A", 43), http.StatusNotFound)
	unknown.says(t, "no está completo")

	page = c.post(link, http.StatusOK, "name", "Nora Q. Lind", "agreed", "true", "read_in", "es")
	page.says(t, "Gracias. Firmado por Nora Q. Lind", "Recibo archivos", "Iniciar sesión para tomar los archivos", record)
	if page.header.Get("Referrer-Policy") != "no-referrer" || page.to != "" {
		t.Error("the address is not kept after signing")
	}
	page = c.post(link, http.StatusOK, "name", "Mallory", "agreed", "true", "read_in", "es")
	page.says(t, "Ya lo firmó Nora Q. Lind")
	page.saysNot(t, "Mallory")
	c.post(link, http.StatusOK, "language", "fr", "return", "").says(t, "Déjà signé par Nora Q. Lind", "Recibo archivos")
	c.post(link, http.StatusOK, "language", "es", "return", "")
	g.get(record, http.StatusOK).says(t, "In force", "Nora Q. Lind", "by personal link", "Agreement signed by link", `lang="es"`)

	// The link takes nothing: that needs the evaluator, signed in.
	c.post(home+"surveys/"+w.ID.Short()+"/evaluator-file", http.StatusUnauthorized)
	g.post(home+"surveys/"+w.ID.Short()+"/evaluator-file", http.StatusForbidden)

	// Past its last day nobody signs.
	over, _, _ := strings.Cut(g.post(home+"evaluators", http.StatusSeeOther, form("person", "Nora Lund")...).to, "?")
	g.post(over+"/send", http.StatusSeeOther, "version", "1")
	late := d.mailed("nora.lund@example.org", access.PathEvaluator)
	d.clock.Advance(40 * 24 * time.Hour)
	g = d.entered("ana@example.org")
	dead(late, "El último día de este acuerdo ya pasó")
	page = g.get(over, http.StatusOK)
	page.says(t, "Its last day is past")
	page.saysNot(t, "Send again")
}

// An evaluator signs on a phone by the link alone, and takes the file signed in.
func TestEvaluatorInABrowser(t *testing.T) {
	d, _, _, _, ctx := agreed(t)
	w := filed(t, d, ctx)
	nora := run(t, ctx, d.app, directory.CreatePerson, directory.PersonInput{GivenName: "Nora", FamilyName: "Lind", Email: "nora@example.org"})
	a := run(t, ctx, d.app, evaluation.Create, evaluation.Input{PersonID: nora.ID, Organization: "Valley University", Purpose: "To see how trust grows", Waves: []surveys.WaveID{w.ID}, Until: d.clock.Now().AddDate(0, 2, 0).Format(time.DateOnly), DestroyBy: d.clock.Now().AddDate(0, 4, 0).Format(time.DateOnly), Language: "en"})
	run(t, ctx, d.app, d.app.Evaluation.Send, evaluation.AtVersion{ID: a.ID, Version: a.Version})
	link := d.mailed("nora@example.org", access.PathEvaluator)
	b := browser.Open(t)
	phone := b.Page(t, browser.Phone(), browser.Dark())
	phone.Visit(d.url + link)
	phone.WaitText("I receive files of survey answers without names")
	phone.Touch()
	phone.Screenshot("evaluator-sign")
	phone.Fill("label=Your full name", "Nora Lind")
	phone.Check("[name=agreed]", true)
	phone.Follow("text=Sign the agreement")
	phone.WaitText("Thank you. Signed by Nora Lind")
	phone.Touch()
	phone.Screenshot("evaluator-signed")

	evaluates(t, d, ctx, nora)
	phone.Follow("text=Sign in to take the files")
	phone.Fill("#f-password-email", "nora@example.org")
	phone.Fill("#f-password", goodPassword)
	phone.Follow("form[action='/sign-in/password'] button[type=submit]")
	phone.WaitText("To see how trust grows")
	phone.Screenshot("evaluator-take")
	taken := func() int {
		return len(run(t, ctx, d.app, evaluation.ListTaken, evaluation.TakeInput{WaveID: w.ID}).Items)
	}
	if n := taken(); n != 0 {
		t.Errorf("taken %d times before it was asked for", n)
	}
	phone.Click("form[action$='/evaluator-file'] button")
	for until := time.Now().Add(5 * time.Second); taken() == 0 && time.Now().Before(until); {
		time.Sleep(50 * time.Millisecond)
	}
	if n := taken(); n != 1 {
		t.Errorf("taken %d times", n)
	}
}
