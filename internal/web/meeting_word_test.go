package web_test

import (
	"archive/zip"
	"io"
	"net/http"
	"strings"
	"testing"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
)

// Each printed sheet comes as a document for Word with the same content; what is typed
// stays text, and nobody gets by it what the sheet does not show them.
func TestSheetsForWord(t *testing.T) {
	d, director, home, _, ctx := agreed(t)
	cleo := run(t, ctx, d.app, directory.CreatePerson, directory.PersonInput{GivenName: "Cleo", FamilyName: "Orr"})
	day := d.clock.Now().AddDate(0, 0, -2).Format("2006-01-02")
	m := run(t, ctx, d.app, convening.CreateMeeting, convening.MeetingInput{Title: "Reading night", On: day, Starts: "18:00", Purpose: "Choose <a> goal.", Held: true})
	run(t, ctx, d.app, convening.SetPerson, convening.PersonInput{MeetingID: m.ID, PersonID: cleo.ID, Invited: true})
	i := run(t, ctx, d.app, convening.AddItem, convening.ItemInput{MeetingID: m.ID, Title: "Figures", Minutes: 20, About: "What we found."})
	run(t, ctx, d.app, convening.AddCapture, convening.CaptureInput{MeetingID: m.ID, ItemID: i.ID, Kind: "decision", Text: "We read <more>"})
	address := home + "meetings/" + m.ID.Short()
	director.get(address+"/print/agenda", http.StatusOK).says(t, "/word/agenda")
	for sheet, want := range map[string][]string{"agenda": {"Reading night", "Choose &lt;a&gt; goal.", "Figures", "What we found."}, "minutes": {"Figures", "We read &lt;more&gt;"}, "brief": {"We read &lt;more&gt;"}, "sign-in": {"Cleo Orr", "<w:tblHeader/>"}} {
		got := director.get(address+"/word/"+sheet, http.StatusOK)
		z, err := zip.NewReader(strings.NewReader(got.body), int64(len(got.body)))
		if err != nil {
			t.Fatalf("%s: %v", sheet, err)
		}
		f, err := z.Open("word/document.xml")
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !strings.Contains(string(text), w) {
				t.Errorf("%s lacks %q", sheet, w)
			}
		}
	}
	director.get(address+"/word/recap", http.StatusNotFound)
	director.get(address+"/word/anything", http.StatusNotFound)
}
