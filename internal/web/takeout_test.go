package web_test

import (
	"archive/zip"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"commontable/internal/backbone/takeout"
)

var takeoutAddress = regexp.MustCompile(`href="(/c/[a-z-]+/settings/takeouts/[0-9a-v]{26}/download)"`)

// A director makes a file with everything, follows it, downloads it and deletes it;
// a passphrase that is too short is said beside its field.
func TestTakeoutOnPages(t *testing.T) {
	h := openSettled(t)
	ana, in := h.administrator(t, "en")
	k := h.found(t, ana, "Maple Valley")
	at := "/c/" + k.Slug + "/settings/takeouts"
	v := h.enter(t, in)
	says(t, v.see("/c/"+k.Slug+"/settings", http.StatusOK), "Take everything away")
	says(t, v.see(at, http.StatusOK), "No file yet", "A lost passphrase cannot be recovered by anyone", "With what people told in confidence", "Every month")
	says(t, v.send(at, http.StatusUnprocessableEntity, "passphrase", "short"), "Use at least 12 characters")
	v.send(at, http.StatusSeeOther, "include_history", "true")
	says(t, v.see(at, http.StatusOK), "Making the file", "waiting", "Stop", at+"/progress")
	says(t, v.see(at+"/progress", http.StatusOK), "Making the file")
	if _, err := h.app.Worker.Work(t.Context()); err != nil {
		t.Fatal(err)
	}
	page := v.see(at, http.StatusOK)
	says(t, page, "ready", "Download", "Ana Ruiz")
	saysNot(t, page, "Making the file")
	address := takeoutAddress.FindStringSubmatch(page)
	if address == nil {
		t.Fatalf("no way to the file\n%s", page)
	}
	file := v.see(address[1], http.StatusOK)
	z, err := zip.NewReader(strings.NewReader(file), int64(len(file)))
	if err != nil || len(z.File) < 30 {
		t.Fatalf("the file is no takeout: %v", err)
	}
	says(t, v.see("/c/"+k.Slug+"/settings/history", http.StatusOK), "Takeout begun", "Takeout downloaded")
	v.send(strings.Replace(address[1], "/download", "/delete", 1), http.StatusSeeOther)
	v.see(address[1], http.StatusNotFound)

	v.send(at+"/schedule", http.StatusSeeOther, "every", takeout.Weekly, "keep", "3", "passphrase", "three horses in the rain", "include_history", "true")
	says(t, v.see(at, http.StatusOK), "The next one is made on", "A passphrase is set", `value="3"`)
	v.send(at+"/schedule", http.StatusSeeOther, "every", takeout.Never)
	saysNot(t, v.see(at, http.StatusOK), "The next one is made on")
}

// Somebody takes away what is on record about them, their card, and the network.
func TestOwnDataCardsAndNetworkOnPages(t *testing.T) {
	h := openSettled(t)
	ana, in := h.administrator(t, "en")
	k := h.found(t, ana, "Maple Valley")
	at := "/c/" + k.Slug
	v := h.enter(t, in)
	v.send(at+"/organizations", http.StatusSeeOther, "name", "Riverbend")
	v.send(at+"/bodies", http.StatusSeeOther, "name", "The Table", "kind", "leadership_table")
	person := at + "/people/" + h.person(t, k, ana).Short()
	says(t, v.see("/account", http.StatusOK), "Download my data", person+"/own-data")
	says(t, v.see(person, http.StatusOK), person+"/own-data", person+"/card.vcf")

	file := v.see(person+"/own-data", http.StatusOK)
	z, err := zip.NewReader(strings.NewReader(file), int64(len(file)))
	if err != nil || len(z.File) != 2 {
		t.Fatalf("the file is no answer: %v", err)
	}
	texts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		texts[f.Name] = string(raw)
	}
	says(t, texts["README.txt"], "This is everything that Maple Valley has on record about Ana Ruiz")
	if !json.Valid([]byte(texts["data.json"])) || !strings.Contains(texts["data.json"], "ana@example.org") {
		t.Errorf("data.json = %s", texts["data.json"])
	}

	for _, path := range []string{person + "/card.vcf", at + "/people/export.vcf"} {
		says(t, v.see(path, http.StatusOK), "BEGIN:VCARD\r\nVERSION:4.0\r\n", "ana@example.org", "END:VCARD\r\n")
	}
	says(t, v.see(at+"/people", http.StatusOK), "/people/export.vcf")
	says(t, v.see(at+"/role-map", http.StatusOK), "Download as a network", "/role-map/network.gexf")
	for _, name := range []string{"network.graphml", "network.gexf"} {
		text := v.see(at+"/role-map/"+name, http.StatusOK)
		says(t, text, "Riverbend")
		if err := xml.Unmarshal([]byte(text), new(struct{ XMLName xml.Name })); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	says(t, v.see(at+"/role-map/kumu.json", http.StatusOK), `"elements"`, "Riverbend")
	v.see(at+"/role-map/kumu.zip", http.StatusOK)
	v.see(at+"/role-map/kumu.json?as-of=yesterday", http.StatusUnprocessableEntity)
}
