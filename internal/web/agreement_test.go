package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"commontable/internal/backbone/agreements"
	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/access"
	"commontable/internal/platform/operation"
	"commontable/internal/testing/browser"
)

// agreed is a collaborative with principles, an organization and its director
// signed in.
func agreed(t *testing.T) (d *doorstep, director *guest, home string, o directory.Organization, ctx context.Context) {
	t.Helper()
	d = openDoorstep(t)
	k := d.found(d.account("Ana Ruiz", "ana@example.org"), "Maple Valley")
	place, err := d.app.Access.Collaborative(context.Background(), k.Slug)
	if err != nil {
		t.Fatal(err)
	}
	ctx = operation.WithCollaborative(asSystem(), place)
	run(t, ctx, d.app, collaborative.AdoptPrinciples, collaborative.AdoptInput{Body: "We listen first.\n\nWe share what we find."})
	o = run(t, ctx, d.app, directory.CreateOrganization, directory.OrganizationInput{Name: "Harbor School"})
	return d, d.entered("ana@example.org"), "/c/" + k.Slug + "/", o, ctx
}

func TestAgreementPages(t *testing.T) {
	d, g, home, o, ctx := agreed(t)
	g.get(home+"agreements", http.StatusOK).says(t, "No agreements yet", "Begin an agreement", `aria-current="page"`)
	g.get(home+"organizations/"+o.ID.Short(), http.StatusOK).says(t, "No agreement on record.", "/agreements/new?organization="+o.ID.Short())
	g.get(home+"agreements/new?organization="+o.ID.Short(), http.StatusOK).says(t, "Version 1", "Transition clause", `value="36"`)
	g.post(home+"agreements", http.StatusUnprocessableEntity, "principles", "1", "term_months", "36", "signatory_email", "nobody").says(t, "Organization: This is needed.", "nobody")
	for _, name := range []string{"Cleo Ono", "Cleo Orr"} {
		given, family, _ := strings.Cut(name, " ")
		run(t, ctx, d.app, directory.CreatePerson, directory.PersonInput{GivenName: given, FamilyName: family, Email: "cleo." + strings.ToLower(family) + "@example.org", Language: "es"})
	}
	page := g.post(home+"agreements", http.StatusUnprocessableEntity, "organization_id", o.ID.String(), "principles", "1", "term_months", "24", "signatory", "Cleo", "text", "We meet.")
	page.says(t, "Cleo Ono", "Cleo Orr")
	if page.hidden("signatory_for") != "Cleo" {
		t.Error("the question forgets what it is about")
	}
	_, picked, _ := strings.Cut(page.body[:strings.Index(page.body, "Cleo Orr")], `name="signatory_id"`)
	picked = picked[strings.LastIndex(picked, `value="`)+7:]
	picked = picked[:strings.Index(picked, `"`)]
	to := g.post(home+"agreements", http.StatusSeeOther, "organization_id", o.ID.String(), "principles", "1", "term_months", "24", "signatory", "Cleo", "signatory_for", "Cleo", "signatory_id", picked, "text", "We meet.\n\nWe pay.").to
	record, _, _ := strings.Cut(to, "?")
	page = g.get(to, http.StatusOK)
	page.says(t, "Agreement begun", "Undo", "Send for signature", "24 months", "cleo.orr@example.org", "We listen first.", "We pay.", "Draft")

	// Two people edit the draft.
	g.get(record+"/edit", http.StatusOK).says(t, "Cleo Orr")
	one := record[strings.LastIndex(record, "/")+1:]
	g.get(home+"agreements", http.StatusOK).says(t, "agreements/bulk", "Set the term", "1 found")
	g.post(home+"agreements/bulk", http.StatusUnprocessableEntity, "id", one+".1", "do", "withdraw").says(t, "because of the agreement with Harbor School", "nothing to take back")
	g.post(record, http.StatusSeeOther, "version", "1", "principles", "1", "term_months", "36", "signatory", "Cleo Orr", "signatory_id", picked, "signatory_name", "Cleo Orr", "signatory_email", "cleo.orr@example.org", "text", "We meet.", "transition", "Three months.", "language", "es")
	g.post(record, http.StatusConflict, "version", "1", "principles", "1", "term_months", "12", "signatory", "Cleo Orr", "signatory_id", picked, "text", "We sing.", "language", "es").says(t, "We sing.", "We meet.", "Three months.")

	g.get(g.post(record+"/send", http.StatusSeeOther, "version", "2").to, http.StatusOK).says(t, "Agreement sent for signature", "Waiting for signature", "Send again", "Link works until")
	g.get(record+"/edit", http.StatusOK).says(t, "Take it back before changing it")
	first := d.mailed("cleo.orr@example.org", access.PathAgreement)
	g.get(home, http.StatusOK).saysNot(t, "Agreements that need someone")
	d.clock.Advance(13 * 24 * time.Hour)
	g = d.entered("ana@example.org")
	g.get(home, http.StatusOK).saysNot(t, "Agreements that need someone")
	d.clock.Advance(24 * time.Hour)
	g.get(home, http.StatusOK).says(t, "Agreements that need someone", "Harbor School", "Cleo Orr has not signed for 14 days")
	g.post(record+"/send", http.StatusSeeOther, "version", "3")
	link := d.mailed("cleo.orr@example.org", access.PathAgreement)
	if link == first {
		t.Fatal("the same link twice")
	}

	// The signatory, without an account, in Spanish; then in French.
	c := d.guest()
	c.get(first, http.StatusNotFound).says(t, "le envió un enlace más nuevo")
	page = c.get(link, http.StatusOK)
	page.says(t, "Acuerdo de membresía de Harbor School", "We listen first.", "We share what we find.", "Three months.", "Solo el equipo de coordinación ve su correo", `<html lang="es"`)
	page.saysNot(t, "cleo.orr@example.org", "<script>")
	if page.header.Get("Referrer-Policy") != "no-referrer" || page.header.Get("Cache-Control") != "no-store" || len(page.header.Values("Set-Cookie")) > 0 {
		t.Errorf("the address is not kept: %v", page.header)
	}
	c.post(link, http.StatusUnprocessableEntity, "name", "", "agreed", "").says(t, "Confirme que firma por la organización.", `<html lang="es"`)
	c.post(link, http.StatusOK, "language", "fr", "return", "").says(t, "Signer la convention", "Français")
	c.get(link, http.StatusOK).says(t, "Signer la convention")
	run(t, ctx, d.app, collaborative.AdoptPrinciples, collaborative.AdoptInput{Body: "We listen twice.", Newest: 1})
	page = c.get(link, http.StatusOK)
	page.says(t, "La version 2 des principes directeurs a été adoptée", "We listen first.")
	page.saysNot(t, "We listen twice.")
	page = c.post(link, http.StatusOK, "name", "Cleo Q. Orr", "agreed", "true")
	page.says(t, "Merci. Signée par Cleo Q. Orr", "Version 1", "We share what we find.")
	if page.header.Get("Referrer-Policy") != "no-referrer" || page.to != "" {
		t.Error("the address is not kept after signing")
	}
	c.post(link, http.StatusOK, "name", "Mallory", "agreed", "true").says(t, "Déjà signée par Cleo Q. Orr")
	c.get(link, http.StatusOK).says(t, "Déjà signée par Cleo Q. Orr")
	c.get(access.PathAgreement+"ctl_"+strings.Repeat("A", 43), http.StatusNotFound).says(t, "n’est pas complet")

	page = g.get(record, http.StatusOK)
	page.says(t, "In force", "Cleo Q. Orr", "Prepare the renewal", "by personal link", "Version 2 of the guiding principles has been adopted since; this agreement is about version 1", "Agreement signed by link")
	g.get(home+"organizations/"+o.ID.Short(), http.StatusOK).says(t, "In force", "Cleo Q. Orr")
	g.get(home+"agreements?state=signed", http.StatusOK).says(t, "Harbor School", "Cleo Q. Orr")
	g.get(home+"agreements/export.csv?columns=on_paper", http.StatusOK).says(t, "Harbor School")
	g.get(home, http.StatusOK).saysNot(t, "Agreements that need someone")

	// The end of the term comes near, and a renewal takes its place.
	d.clock.Advance(1000 * 24 * time.Hour)
	g = d.entered("ana@example.org")
	g.get(home, http.StatusOK).saysNot(t, "Agreements that need someone")
	d.clock.Advance(30 * 24 * time.Hour)
	g = d.entered("ana@example.org")
	g.get(home, http.StatusOK).says(t, "to be renewed by", "Renewal due")
	renewal, _, _ := strings.Cut(g.post(record+"/renew", http.StatusSeeOther).to, "?")
	g.get(renewal, http.StatusOK).says(t, "Draft", "Version 2", "Three months.")
	g.get(renewal+"/paper", http.StatusOK).says(t, "Record a signature on paper", "Cleo Orr")
	g.post(renewal+"/paper", http.StatusUnprocessableEntity, "version", "1", "name", "", "on", "2001-01-01").says(t, "This is needed.")
	g.get(g.post(renewal+"/paper", http.StatusSeeOther, "version", "1", "name", "Cleo Orr", "on", d.today()).to, http.StatusOK).says(t, "Signature on paper recorded", "on paper, recorded", "Take back the signature on paper")
	g.get(record, http.StatusOK).says(t, "Renewed")
	g.get(record+"/end", http.StatusOK).says(t, "not in force")
	g.get(renewal+"/end", http.StatusOK).says(t, "The transition clause says: “Three months.”")
	g.get(g.post(renewal+"/end", http.StatusSeeOther, "version", "2", "on", d.today(), "note", "Moved away.").to, http.StatusOK).says(t, "Agreement ended", "Moved away.", "Take the end back")
}

// Before there are principles there is nothing to accept.
func TestAgreementNeedsPrinciples(t *testing.T) {
	d := openDoorstep(t)
	k := d.found(d.account("Ana Ruiz", "ana@example.org"), "Maple Valley")
	d.entered("ana@example.org").get("/c/"+k.Slug+"/agreements/new", http.StatusOK).says(t, "Adopt a first version", "/settings/principles/new")
}

// An agreement is signed on a phone, with and without scripts, and looks right on
// paper; the pages of the backbone are looked at too.
func TestAgreementInABrowser(t *testing.T) {
	d, _, home, o, ctx := agreed(t)
	a := run(t, ctx, d.app, agreements.Create, agreements.Input{OrganizationID: o.ID, SignatoryName: "Cleo Ono", SignatoryTitle: "Principal", SignatoryEmail: "cleo@example.org",
		Text: "We meet every month.", Transition: "Three months before, in writing."})
	run(t, ctx, d.app, d.app.Agreements.Send, agreements.AtVersion{ID: a.ID, Version: a.Version})
	link := d.mailed("cleo@example.org", access.PathAgreement)
	b := browser.Open(t)
	phone := b.Page(t, browser.Phone(), browser.NoScript())
	phone.Visit(d.url + link)
	phone.WaitText("Membership agreement of Harbor School")
	phone.Screenshot("agreement-sign-noscript")
	dark := b.Page(t, browser.Phone(), browser.Dark())
	dark.Visit(d.url + link)
	dark.Axe()
	dark.Screenshot("agreement-sign")
	dark.Fill("label=Your full name", "Cleo Ono")
	dark.Check("[name=agreed]", true)
	dark.Follow("text=Sign the agreement")
	dark.WaitText("Thank you. Signed by Cleo Ono")
	dark.Axe()
	dark.Screenshot("agreement-signed")
	dark.AsPrinted(func() { dark.Screenshot("agreement-printed") })
	phone.Reload()
	phone.WaitText("Already signed by Cleo Ono")

	laptop := b.Page(t)
	laptop.Visit(d.url + "/sign-in?next=" + home + "agreements")
	signInOn(laptop)
	laptop.WaitText("In force")
	for name, path := range map[string]string{"list": "", "new": "/new", "record": "/" + a.ID.Short(), "end": "/" + a.ID.Short() + "/end"} {
		laptop.Visit(d.url + home + "agreements" + path)
		if laptop.Count(".scroll table") > 0 {
			laptop.Axe(stuck...)
		} else {
			laptop.Axe(browser.Arrow)
		}
		laptop.Screenshot("agreement-" + name)
	}
}
