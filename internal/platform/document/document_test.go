package document_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"commontable/internal/platform/document"
)

// element is any XML element, read by the library and not by the writer's own means.
type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []element  `xml:",any"`
}

func (e element) attr(name string) string {
	for _, a := range e.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// all are the elements of a name, at any depth, in order.
func (e element) all(name string) (out []element) {
	for _, c := range e.Children {
		if c.XMLName.Local == name {
			out = append(out, c)
		}
		out = append(out, c.all(name)...)
	}
	return out
}

func (e element) text() string {
	out := ""
	for _, t := range e.all("t") {
		out += t.Text
	}
	return out
}

// parts reads a document back; every part must be well-formed.
func parts(t testing.TB, d *document.Document) map[string]element {
	t.Helper()
	var raw bytes.Buffer
	if err := d.Write(&raw, time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(raw.Bytes()), int64(raw.Len()))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]element{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err := errors.Join(err, r.Close()); err != nil {
			t.Fatal(err)
		}
		var e element
		if err := xml.Unmarshal(text, &e); err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		out[f.Name] = e
	}
	return out
}

// What is written is read back in its order, with what Word needs to open it: a type
// for every part, every relation leading somewhere, every style and list that the body
// names defined.
func TestADocumentIsWhole(t *testing.T) {
	d := document.New("Agenda", "fr")
	d.Lead("jeudi 3 décembre")
	d.Text("First.\n\nSecond,\nin two lines.")
	d.Heading(1, "Décisions")
	d.List([]string{"One", "Two"})
	d.Numbered([]string{"Item"}, func(int) { d.Text("below") })
	d.Numbered([]string{"Other"}, nil)
	d.Table("Signatures", []string{"Name", "Signature"}, [][]string{{"Ana"}, {"Bo", ""}})
	read := parts(t, d)
	body := read["word/document.xml"]
	var texts []string
	for _, p := range body.all("p") {
		texts = append(texts, p.text())
	}
	if want := []string{"Agenda", "jeudi 3 décembre", "First.", "Second,in two lines.", "Décisions", "One", "Two", "Item", "below", "Other", "Name", "Signature", "Ana", "", "Bo", "", ""}; !slices.Equal(texts, want) {
		t.Errorf("read back %q", texts)
	}
	if len(body.all("br")) != 1 || len(body.all("tblHeader")) != 1 || body.all("tblCaption")[0].attr("val") != "Signatures" {
		t.Error("a line break, a head of a table or its caption is lost")
	}
	for _, row := range body.all("tr") {
		if len(row.all("tc")) != 2 {
			t.Errorf("a row has %d cells", len(row.all("tc")))
		}
	}
	styles := map[string]bool{}
	for _, s := range read["word/styles.xml"].all("style") {
		styles[s.attr("styleId")] = true
	}
	for _, s := range append(body.all("pStyle"), body.all("tblStyle")...) {
		if !styles[s.attr("val")] {
			t.Errorf("the style %s is not defined", s.attr("val"))
		}
	}
	lists := map[string]bool{}
	for _, n := range read["word/numbering.xml"].all("num") {
		lists[n.attr("numId")] = true
	}
	used := map[string]bool{}
	for _, n := range body.all("numId") {
		used[n.attr("val")] = true
		if !lists[n.attr("val")] {
			t.Errorf("the list %s is not defined", n.attr("val"))
		}
	}
	if len(used) != 3 {
		t.Errorf("bullets and two counted lists are %v", used)
	}
	typed := map[string]bool{}
	for _, o := range read["[Content_Types].xml"].all("Override") {
		typed[strings.TrimPrefix(o.attr("PartName"), "/")] = true
	}
	for name := range read {
		if !typed[name] && !strings.HasSuffix(name, ".rels") && name != "[Content_Types].xml" {
			t.Errorf("%s has no type", name)
		}
	}
	for from, folder := range map[string]string{"_rels/.rels": "", "word/_rels/document.xml.rels": "word/"} {
		for _, r := range read[from].all("Relationship") {
			if _, there := read[folder+r.attr("Target")]; !there {
				t.Errorf("%s leads to %s, which is not there", from, r.attr("Target"))
			}
		}
	}
	if lang := read["word/styles.xml"].all("lang"); len(lang) != 1 || lang[0].attr("val") != "fr" || read["docProps/core.xml"].all("language")[0].Text != "fr" {
		t.Error("the language is lost")
	}
}

// Whatever somebody typed stays text: no markup, no control characters, no marks that
// turn the direction of what follows; and Arabic runs its own way.
func TestHostileText(t *testing.T) {
	d := document.New(`</w:t><w:script/>&"'`, "en")
	d.Text("a\x00b\x0bc\u202ed\ufffee\xff ]]> <!--")
	d.Text("جدول الأعمال")
	d.Table(`"><x/>`, []string{"القائمة"}, [][]string{{"<b>"}})
	body := parts(t, d)["word/document.xml"]
	texts := body.all("p")
	if texts[0].text() != `</w:t><w:script/>&"'` || texts[1].text() != "abcde ]]> <!--" || len(body.all("script"))+len(body.all("x")) > 0 {
		t.Errorf("read back %q and %q", texts[0].text(), texts[1].text())
	}
	if len(texts[1].all("bidi")) != 0 || len(texts[2].all("bidi")) != 1 || len(texts[2].all("rtl")) != 1 || len(body.all("bidiVisual")) != 1 {
		t.Error("the direction of Arabic is lost")
	}
}

func FuzzText(f *testing.F) {
	f.Add("a\n\nb\x00<", "fr")
	f.Fuzz(func(t *testing.T, text, language string) {
		d := document.New(text, language)
		d.Text(text)
		d.List(strings.Split(text, "\n"))
		d.Table(text, []string{text, language}, [][]string{{text}})
		parts(t, d)
	})
}
