package web_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/installation"
	"commontable/internal/backbone/materials"
	"commontable/internal/platform/access"
	"commontable/internal/platform/mail/mailtest"
	"commontable/internal/testing/browser"
)

// brings sends a form with files: name and content of each, after the fields.
func (g *guest) brings(path string, status int, fields, files []string) shown {
	g.d.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for k := 0; k < len(fields); k += 2 {
		if err := form.WriteField(fields[k], fields[k+1]); err != nil {
			g.d.t.Fatal(err)
		}
	}
	for k := 0; k < len(files); k += 2 {
		w, err := form.CreateFormFile("file", files[k])
		if err == nil {
			_, err = io.WriteString(w, files[k+1])
		}
		if err != nil {
			g.d.t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		g.d.t.Fatal(err)
	}
	got := g.send(g.request(http.MethodPost, path, form.FormDataContentType(), body.String()))
	if got.status != status {
		g.d.t.Fatalf("POST %s: %d %s, want %d\n%s", path, got.status, got.to, status, got.body)
	}
	return got
}

// Staff bring files to a meeting, without scripts too; each is sent so that nothing of it
// runs here; and somebody invited reads by their link what is marked for them, and
// nothing else.
func TestMaterials(t *testing.T) {
	d, director, home, _, ctx := agreed(t)
	server := mailtest.Start(t, mailtest.Options{})
	mail := server.Settings()
	run(t, asSystem(), d.app, d.app.Installation.EditMail, installation.MailInput{Host: mail.Host, Port: int64(mail.Port), Security: string(mail.Security), From: mail.From, FromName: mail.FromName, Hello: mail.EHLO, ExtraRoots: mail.ExtraRoots})
	cleo := run(t, ctx, d.app, directory.CreatePerson, directory.PersonInput{GivenName: "Cleo", FamilyName: "Orr", Email: "cleo@example.org", Language: "en"})
	m := run(t, ctx, d.app, convening.CreateMeeting, convening.MeetingInput{Title: "Reading night", On: d.clock.Now().AddDate(0, 0, 9).Format("2006-01-02"), Starts: "18:00"})
	item := run(t, ctx, d.app, convening.AddItem, convening.ItemInput{MeetingID: m.ID, Title: "Budget"})
	run(t, ctx, d.app, convening.SetPerson, convening.PersonInput{MeetingID: m.ID, PersonID: cleo.ID, Invited: true})
	address := home + "meetings/" + m.ID.Short()

	director.get(address, http.StatusOK).says(t, "Nothing to read yet")
	director.brings(address+"/materials", http.StatusUnprocessableEntity, nil, nil).says(t, "Choose a file, or give an address.")
	director.brings(address+"/materials", http.StatusUnprocessableEntity, []string{"link", "http://plain.example"}, nil).says(t, "begins with https://", "http://plain.example")
	// The first is taken before the second is found wrong, and the page says so.
	director.brings(address+"/materials", http.StatusUnprocessableEntity, nil, []string{"minutes.txt", "We met.", "page.pdf", "<html><script>alert(1)</script>"}).says(t, "One file was added before", "“page.pdf” does not hold what .pdf promises")
	director.brings(address+"/materials", http.StatusSeeOther, []string{"title", "not for two", "item_id", item.ID.String(), "for_invited", "true"}, []string{"Bud“get\r\n .pdf", "%PDF-1.4 one", "hall.csv", "a,b\n"})
	director.brings(address+"/materials", http.StatusSeeOther, []string{"link", "https://data.example/report", "title", "Report"}, nil)
	all := run(t, ctx, d.app, materials.List, convening.MeetingPart{MeetingID: m.ID}).Items
	if len(all) != 4 || all[1].Item != "Budget" || !all[1].ForInvited || all[1].Title == "not for two" {
		t.Fatalf("%+v", all)
	}
	director.get(address, http.StatusOK).says(t, "minutes", "hall", "Report", "For everybody invited")
	director.get(address+"/print/agenda", http.StatusOK).says(t, "Materials", "https://data.example/report")
	one := address + "/materials/" + all[1].ID.Short()
	file := director.get(one+"/file/1", http.StatusOK)
	for name, want := range map[string]string{"Content-Type": "application/pdf", "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-cache", "Accept-Ranges": "bytes"} {
		if got := file.header.Get(name); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
	if policy := file.header.Get("Content-Security-Policy"); !strings.Contains(policy, "sandbox") || !strings.Contains(policy, "default-src 'none'") {
		t.Error(policy)
	}
	if got := file.header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment; ") || strings.ContainsAny(got, "\r\n“") {
		t.Error(got)
	}
	if got := director.get(one+"/file/1?show=1", http.StatusOK).header.Get("Content-Disposition"); !strings.HasPrefix(got, "inline; ") {
		t.Error(got)
	}
	text := address + "/materials/" + all[0].ID.Short()
	if got := director.get(text+"/file/1?show=1", http.StatusOK).header; !strings.HasPrefix(got.Get("Content-Disposition"), "attachment; ") || got.Get("Content-Type") != "application/octet-stream" {
		t.Errorf("a text: %v", got)
	}
	part := director.request(http.MethodGet, one+"/file/1", "", "")
	part.Header.Set("Range", "bytes=5-7")
	if got := director.send(part); got.status != http.StatusPartialContent || got.body != "1.4" {
		t.Errorf("a part: %d %q", got.status, got.body)
	}
	again := director.request(http.MethodGet, one+"/file/1", "", "")
	again.Header.Set("If-None-Match", file.header.Get("ETag"))
	if got := director.send(again); got.status != http.StatusNotModified {
		t.Errorf("again: %d", got.status)
	}
	director.get(one+"/file/2", http.StatusNotFound)
	director.get(address+"/materials/"+all[1].ID.Short()+"/file/0", http.StatusNotFound)

	director.brings(one+"/versions", http.StatusUnprocessableEntity, []string{"version", "1", "note", "kept"}, nil).says(t, "kept", "This is needed.")
	director.brings(one+"/versions", http.StatusSeeOther, []string{"version", "1", "note", "as decided"}, []string{"budget.pdf", "%PDF-1.4 two"})
	director.get(one, http.StatusOK).says(t, "as decided", "budget.pdf", "Withdraw")
	director.post(one+"/withdraw", http.StatusSeeOther, "version", "2", "number", "1")
	director.get(one+"/file/1", http.StatusNotFound)
	director.post(one, http.StatusUnprocessableEntity, "version", "3", "title", "").says(t, "This is needed.")
	director.post(one, http.StatusSeeOther, "version", "3", "title", "The budget", "for_invited", "true")

	director.post(address+"/invite", http.StatusSeeOther)
	d.work()
	reply := ""
	for _, letter := range server.Messages() {
		for _, link := range letter.Links() {
			if u, err := url.Parse(link); err == nil && letter.To[0] == "cleo@example.org" && strings.HasPrefix(u.Path, access.PathReply) {
				reply = u.Path
			}
		}
	}
	if reply == "" {
		t.Fatal("Cleo got no letter")
	}
	stranger := d.guest()
	page := stranger.get(reply, http.StatusOK)
	page.says(t, "The budget", "hall")
	if strings.Contains(page.body, "minutes") || strings.Contains(page.body, "data.example") {
		t.Error("the page shows what is not for everybody invited")
	}
	if got := stranger.get(reply+"/materials/"+all[1].ID.Short(), http.StatusOK); got.body != "%PDF-1.4 two" || got.header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("by link: %q", got.body)
	}
	stranger.get(reply+"/materials/"+all[0].ID.Short(), http.StatusNotFound)
	run(t, ctx, d.app, convening.SetPerson, convening.PersonInput{MeetingID: m.ID, PersonID: cleo.ID})
	stranger.get(reply+"/materials/"+all[1].ID.Short(), http.StatusNotFound)

	folder := t.TempDir()
	for name, content := range map[string]string{"one.txt": "one", "two.txt": "two"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b := browser.Open(t)
	plain := b.Page(t, browser.NoScript())
	plain.Visit(d.url + "/sign-in?next=" + address)
	signInOn(plain)
	plain.WaitText("Materials")
	plain.Click("text=Add materials")
	plain.Upload("input[type=file]", filepath.Join(folder, "one.txt"), filepath.Join(folder, "two.txt"))
	plain.Follow("form[enctype] button[type=submit]")
	plain.WaitText("two")
	excused := []browser.Excuse{
		browser.Arrow,
		{Rule: "color-contrast", Element: "<del>", Why: "seen on the screenshots: dark on the page’s own ground, struck through"},
		{Rule: "color-contrast", Element: "<ins>", Why: "seen on the screenshots: dark on the page’s own ground"},
	}
	laptop := b.Page(t)
	laptop.Visit(d.url + "/sign-in?next=" + one)
	signInOn(laptop)
	laptop.WaitText("Versions")
	laptop.Click("text=Add a new version")
	laptop.Axe(excused...)
	laptop.Screenshot("material")
	laptop.InDark(func() { laptop.Colours(excused...); laptop.Screenshot("material-dark") })
	laptop.Visit(d.url + address)
	laptop.Click("text=Add materials")
	laptop.Axe(excused...)
	laptop.Screenshot("meeting-materials")
	small := b.Page(t, browser.Phone())
	small.Visit(d.url + "/sign-in?next=" + one)
	signInOn(small)
	small.WaitText("Versions")
	small.Touch(append(excused, stuck...)...)
	small.Screenshot("material-small")
}
