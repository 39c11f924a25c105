package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"commontable/internal/backbone/actions"
	"commontable/internal/backbone/commitments"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/due"
	"commontable/internal/testing/browser"
)

// pathOf is the path of a link.
func pathOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Path
}

// The backbone notes an action and says what became of it; a pledge is recorded, made
// by link, confirmed and given.
func TestPromisePages(t *testing.T) {
	d, g, home, o, ctx := agreed(t)
	g.get(home+"actions", http.StatusOK).says(t, "No actions yet", "Add an action")
	g.post(home+"actions", http.StatusUnprocessableEntity, "text", "", "owner_organization_id", o.ID.String()).says(t, "This is needed.")
	to := g.post(home+"actions", http.StatusSeeOther, "text", "Lend chairs", "owner_organization_id", o.ID.String(), "due_on", d.clock.Now().Add(48*time.Hour).Format(time.DateOnly)).to
	record, _, _ := strings.Cut(to, "?")
	g.get(to, http.StatusOK).says(t, "Action added", "Undo", "Harbor School", "Carry over")
	g.post(record+"/state", http.StatusUnprocessableEntity, "version", "1", "state", "dropped").says(t, "This is needed.")
	g.get(record+"/end?state=carried", http.StatusOK).says(t, "To that day")
	g.get(g.post(record+"/state", http.StatusSeeOther, "version", "1", "state", "done").to, http.StatusOK).says(t, "What became of the action was noted", "Open again")
	g.get(home+"organizations/"+o.ID.Short(), http.StatusOK).says(t, "Nothing is open.", "No commitment that goes on.")

	g.get(home+"commitments/new?organization="+o.ID.Short(), http.StatusOK).says(t, "Record a commitment", "Gift in kind", "USD")
	g.post(home+"commitments", http.StatusUnprocessableEntity, "organization_id", o.ID.String(), "kind", "time", "amount", "many").says(t, "Write a number", "many")
	to = g.post(home+"commitments", http.StatusSeeOther, "organization_id", o.ID.String(), "kind", "time", "amount", "6.5", "text", "Reading fair", "rate", "33.49").to
	record, _, _ = strings.Cut(to, "?")
	g.get(to, http.StatusOK).says(t, "6.50 h", "217.69 USD", "hours × the value of an hour", "Enter what was given")
	g.get(g.post(record+"/deliveries", http.StatusSeeOther, "amount", "5", "evidence", "Sign-in sheet").to, http.StatusOK).says(t, "Partly given", "5 h", "Sign-in sheet")
	g.get(home+"commitments/totals", http.StatusOK).says(t, "Follow-through", "5 h")

	page := g.post(home+"pledge-links", http.StatusOK, "organization_id", o.ID.String(), "person", "Cleo Ono")
	page.says(t, "Link of Cleo Ono for Harbor School", "/pledge/")
	link := page.body[strings.Index(page.body, "/pledge/"):]
	link = link[:strings.IndexAny(link, `"<& `)]
	c := d.guest()
	page = c.get(link, http.StatusOK)
	page.says(t, "What Harbor School will give", "You pledge as Cleo Ono.")
	page.saysNot(t, "Reading fair", "Lend chairs", "<script>")
	if page.header.Get("Referrer-Policy") != "no-referrer" || page.header.Get("Cache-Control") != "no-store" {
		t.Errorf("the address is not kept: %v", page.header)
	}
	c.post(link, http.StatusUnprocessableEntity, "kind", "cash", "amount", "").says(t, "This is needed.")
	c.post(link, http.StatusOK, "kind", "cash", "amount", "1,250.50").says(t, "Thank you for your word", "1,250.50 USD")
	g.get(home, http.StatusOK).says(t, "Pledges to confirm")
	waiting := run(t, ctx, d.app, commitments.List, commitments.ListInput{Unconfirmed: true}).Items[0]
	g.get(g.post(home+"commitments/"+waiting.ID.Short()+"/confirm", http.StatusSeeOther, "version", "1").to, http.StatusOK).says(t, "Commitment confirmed")
	g.get(home, http.StatusOK).saysNot(t, "Pledges to confirm")
	g.get(home+"commitments/export.csv", http.StatusOK).says(t, "Harbor School", "1250.50")
	g.get(home+"due/mine", http.StatusOK).says(t, "Nothing is due.")
}

// On a phone, without an account: an action is done by link, without scripts; a pledge
// is made by link. The backbone makes the links and sees what came.
func TestPromisesInABrowser(t *testing.T) {
	d, _, home, o, ctx := agreed(t)
	rosa := run(t, ctx, d.app, directory.CreatePerson, directory.PersonInput{GivenName: "Rosa", OrganizationID: o.ID, Represents: true})
	a := run(t, ctx, d.app, actions.Create, actions.Input{Text: "Call the school", OwnerPersonID: rosa.ID})
	run(t, ctx, d.app, actions.Create, actions.Input{Text: "Lend chairs", OwnerOrganizationID: o.ID})
	k := run(t, ctx, d.app, commitments.Create, commitments.Input{Kind: "time", OrganizationID: o.ID, Text: "Reading fair", Amount: 600})
	run(t, ctx, d.app, commitments.AddDelivery, commitments.DeliveryInput{CommitmentID: k.ID, Amount: 500, Source: commitments.FromMeeting, Unconfirmed: true})
	mine := pathOf(t, run(t, ctx, d.app, d.app.Due.MakeLink, due.LinkInput{Owner: due.Owner{PersonID: rosa.ID}}).Address)
	pledge := pathOf(t, run(t, ctx, d.app, d.app.Commitments.MakeLink, commitments.LinkInput{OrganizationID: o.ID, PersonID: rosa.ID}).Address)

	b := browser.Open(t)
	phone := b.Page(t, browser.Phone(), browser.NoScript())
	phone.Visit(d.url + mine)
	phone.WaitText("Hello Rosa, 3 things are waiting")
	phone.Screenshot("due-noscript")
	phone.Follow("text=Done")
	phone.WaitText("Noted. Thank you.")
	if now := run(t, ctx, d.app, actions.Get, actions.Ref{ID: a.ID}); now.State != actions.Done || now.EndedBy != "Rosa" {
		t.Errorf("done on the phone: %+v", now)
	}
	dark := b.Page(t, browser.Phone(), browser.Dark())
	dark.Visit(d.url + mine)
	dark.WaitText("Hello Rosa, 2 things are waiting")
	dark.Axe()
	dark.Screenshot("due")
	dark.Follow("text=Confirm")
	dark.WaitText("Noted. Thank you.")
	dark.Axe()
	if now := run(t, ctx, d.app, commitments.Get, commitments.Ref{ID: k.ID}); now.Delivered != 500 {
		t.Errorf("confirmed on the phone: %+v", now)
	}
	dark.Visit(d.url + pledge)
	dark.WaitText("What Harbor School will give")
	dark.Axe()
	dark.Screenshot("pledge")
	dark.Fill("[name=amount]", "12")
	dark.Follow("text=Pledge")
	dark.WaitText("Thank you for your word")
	dark.Axe()

	laptop := b.Page(t)
	laptop.Visit(d.url + "/sign-in?next=" + home + "due")
	signInOn(laptop)
	laptop.WaitText("Lend chairs")
	for name, path := range map[string]string{"mirror": "due", "mine": "due/mine", "actions": "actions", "action": "actions/" + a.ID.Short(), "commitments": "commitments", "commitment": "commitments/" + k.ID.Short(), "totals": "commitments/totals", "pledge-links": "pledge-links"} {
		laptop.Visit(d.url + home + path)
		if laptop.Count(".scroll table") > 0 {
			laptop.Axe(stuck...)
		} else {
			laptop.Axe(browser.Arrow)
		}
		laptop.Screenshot("promise-" + name)
	}
}
