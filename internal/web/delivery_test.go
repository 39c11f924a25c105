package web_test

import (
	"net/http"
	"path"
	"strings"
	"testing"

	"commontable/internal/backbone/commitments"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/due"
	"commontable/internal/backbone/materials"
	"commontable/internal/testing/browser"
)

// What was given is entered with what shows it, files and an address; more is brought to
// it later, read by those who see the pledge, and taken away. By a personal link an
// address comes along.
func TestEvidencePages(t *testing.T) {
	d, g, home, o, ctx := agreed(t)
	k := run(t, ctx, d.app, commitments.Create, commitments.Input{Kind: "cash", OrganizationID: o.ID, Text: "Snacks", Amount: 10_000, PledgedOn: "2026-01-01", BeginsOn: "2026-01-01", EndsOn: "2026-01-31"})
	record := home + "commitments/" + k.ID.Short()
	rosa := run(t, ctx, d.app, directory.CreatePerson, directory.PersonInput{GivenName: "Rosa", OrganizationID: o.ID, Represents: true})
	link := path.Base(run(t, ctx, d.app, d.app.Due.MakeLink, due.LinkInput{Owner: due.Owner{PersonID: rosa.ID}}).Address)
	c := d.guest()
	said := []string{"item", due.CommitmentItem, "id", k.ID.String(), "answer", due.AnswerGiven, "amount", "10"}
	c.get("/due/"+link, http.StatusOK).says(t, "Address of what shows it")
	c.post("/due/"+link, http.StatusUnprocessableEntity, append(said, "link", "http://plain.example")...).says(t, "begins with https://", "http://plain.example")
	c.post("/due/"+link, http.StatusOK, append(said, "text", "Paid in May", "link", "https://bank.example/statement")...)
	if all := run(t, ctx, d.app, commitments.ListDeliveries, commitments.CommitmentPart{CommitmentID: k.ID}).Items; len(all) != 1 {
		t.Fatalf("what was wrong was entered: %+v", all)
	}
	g.get(record, http.StatusOK).says(t, "Paid in May", `href="https://bank.example/statement"`)

	// What is wrong before anything is entered is told beside the form; afterwards, that it
	// was entered.
	g.brings(record+"/deliveries", http.StatusUnprocessableEntity, []string{"amount", "many"}, []string{"a.txt", "a"}).says(t, "Write a number", "many")
	g.brings(record+"/deliveries", http.StatusUnprocessableEntity, []string{"amount", "20"}, []string{"a.exe", "MZ"}).says(t, "no kind of file that is kept here")
	g.brings(record+"/deliveries", http.StatusUnprocessableEntity, []string{"amount", "20"}, []string{"a.pdf", "<html>"}).says(t, "What was given is on record", "does not hold what .pdf promises")
	to := g.brings(record+"/deliveries", http.StatusSeeOther, []string{"amount", "30", "evidence", "Receipt of the shop", "link", "https://photos.example/snacks"}, []string{"receipt one.pdf", "%PDF-1.4 one", "list.csv", "a,b\n"}).to
	g.get(to, http.StatusOK).says(t, "Receipt of the shop", "receipt one", "list", "photos.example/snacks")
	given := run(t, ctx, d.app, commitments.ListDeliveries, commitments.CommitmentPart{CommitmentID: k.ID}).Items
	last := given[len(given)-1]
	one := record + "/deliveries/" + last.ID.Short()
	g.get(one, http.StatusOK).says(t, "What shows it", "receipt one", "Seen by the backbone team and by whoever represents Harbor School")
	g.brings(one+"/evidence", http.StatusUnprocessableEntity, nil, nil).says(t, "Choose a file, or give an address.")
	g.brings(one+"/evidence", http.StatusUnprocessableEntity, nil, []string{"b.txt", "b", "b.pdf", "<html>"}).says(t, "One piece was added before")
	g.brings(one+"/evidence", http.StatusSeeOther, []string{"title", "The bill"}, []string{"bill.png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x10\x00\x00\x00\x10\x08\x02\x00\x00\x00\x90\x91\x68\x36"})
	all := run(t, ctx, d.app, materials.ListEvidence, commitments.CommitmentPart{CommitmentID: k.ID}).Items
	var receipt materials.Evidence
	for _, e := range all {
		if e.FileName == "receipt one.pdf" {
			receipt = e
		}
	}
	file := g.get(record+"/evidence/"+receipt.ID.Short()+"/file", http.StatusOK)
	if file.body != "%PDF-1.4 one" || !strings.HasPrefix(file.header.Get("Content-Disposition"), "attachment; ") || !strings.Contains(file.header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("%q %v", file.body, file.header)
	}
	d.guest().get(record+"/evidence/"+receipt.ID.Short()+"/file", http.StatusSeeOther)
	page := g.get(g.post(record+"/evidence/"+receipt.ID.Short()+"/trash", http.StatusSeeOther, "version", "1").to, http.StatusOK)
	page.says(t, "Moved to the trash", "Undo")
	page.saysNot(t, "receipt one.pdf", ">receipt one<")
	g.get(record+"/evidence/"+receipt.ID.Short()+"/file", http.StatusNotFound)
	g.get(g.post(record+"/evidence/"+receipt.ID.Short()+"/restore", http.StatusSeeOther, "version", "2").to, http.StatusOK).says(t, "receipt one")
	g.get(home+"commitments/"+k.ID.Short()+"/deliveries/"+k.ID.Short(), http.StatusNotFound)

	b := browser.Open(t)
	laptop := b.Page(t)
	laptop.Visit(d.url + "/sign-in?next=" + one)
	signInOn(laptop)
	laptop.WaitText("What shows it")
	laptop.Axe()
	laptop.Screenshot("delivery")
	laptop.InDark(func() { laptop.Colours(); laptop.Screenshot("delivery-dark") })
	laptop.Visit(d.url + record)
	laptop.Axe()
	laptop.Screenshot("commitment-evidence")
	small := b.Page(t, browser.Phone())
	small.Visit(d.url + "/sign-in?next=" + one)
	signInOn(small)
	small.WaitText("What shows it")
	small.Touch(stuck...)
	small.Screenshot("delivery-small")
	small.Visit(d.url + record)
	small.Touch(append([]browser.Excuse{{Rule: "color-contrast", Element: `class="btn bare"`, Why: "the cell has the page's own background, and is read once it is scrolled out from under the first column"}}, stuck...)...)
	small.Screenshot("commitment-evidence-small")
}
