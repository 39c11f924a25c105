package intake

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"commontable/internal/platform/sheets"
)

// small are limits under which a fuzz test cannot use much.
var small = Limits{Bytes: 1 << 20, Rows: 2000, Columns: 100, Cells: 20_000, CellBytes: 4096, RowBytes: 16384, Tables: 20, Entries: 50, Unpacked: 4 << 20}

// check opens data and reads everything, and holds what is promised about tables and rows.
func check(t *testing.T, data []byte, o Options) {
	t.Helper()
	o.Limits = small
	f, err := Open(context.Background(), bytes.NewReader(data), int64(len(data)), o)
	var refusal *Refusal
	if err != nil {
		if !errors.As(err, &refusal) || !strings.HasPrefix(refusal.Key, "intake.") {
			t.Fatalf("no refusal: %v", err)
		}
		return
	}
	if len(f.Tables) == 0 || f.Format == "" {
		t.Fatalf("a file of nothing: %+v", f)
	}
	for _, table := range f.Tables {
		names := map[string]bool{}
		for _, name := range table.Header {
			if name == "" || names[name] {
				t.Fatalf("the name %q among %q", name, table.Header)
			}
			names[name] = true
		}
		last := int64(0)
		for row, err := range table.Rows(context.Background()) {
			if err != nil {
				if !errors.As(err, &refusal) {
					t.Fatalf("no refusal: %v", err)
				}
				break
			}
			if row.Number <= last || row.Number < table.FirstRow || len(row.Cells) < len(table.Header) {
				t.Fatalf("row %d after %d: %q under %q", row.Number, last, row.Cells, table.Header)
			}
			last = row.Number
			for _, cell := range row.Cells {
				if !utf8.ValidString(cell) || strings.TrimSpace(cell) != cell || strings.ContainsFunc(cell, func(r rune) bool { return unwanted(r) != "" || r == '\r' }) {
					t.Fatalf("the cell %q", cell)
				}
			}
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func FuzzText(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n", "sep=;\na;b\n", "\"a\"\"\",b\r\n\"x\ny\",\"\\\"\"\n", "\xff\xfea\x00,\x00", "a\rb\r", "Jos\xe9;\xe8\n", "Contact,,\na,b,c\n1,2,3\n", "\ufeff\"", "[x", accents} {
		f.Add([]byte(seed), byte(0))
	}
	f.Fuzz(func(t *testing.T, data []byte, choice byte) {
		o := Options{Encoding: []string{"", "", "", "utf-8", "windows-1252", "macintosh", "utf-16le", "shift_jis"}[choice%8], Delimiter: []rune{0, ',', ';', 'é'}[choice/8%4]}
		check(t, data, o)
	})
}

// Text that was written by encoding/csv's rules is read as it says, given the separator.
func FuzzCSVAgainstOurReader(f *testing.F) {
	f.Add("a,b\n\"x\"\"y\",\"1\n2\"\n")
	f.Add("a,\"\"\r\nb,c\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		var want [][]string
		for row, err := range sheets.ReadCSV(strings.NewReader(text)) {
			if err != nil {
				return // not strictly CSV
			}
			want = append(want, row)
		}
		if strings.Contains(text, "\ufeff") || strings.Count(text, "\r") != strings.Count(text, "\r\n") {
			return
		}
		var got [][]string
		d := dialect{separator: ","}
		for row, err := range d.rows(strings.NewReader(text), &pass{limits: DefaultLimits}) {
			if err != nil {
				t.Fatal(err)
			}
			if row.Cells != nil {
				for i, cell := range row.Cells {
					row.Cells[i] = sheets.Unneutralise(cell)
				}
				got = append(got, row.Cells)
			}
		}
		if len(got) != len(want) {
			t.Fatalf("%q, want %q", got, want)
		}
		for i := range got {
			if strings.Join(got[i], "\x00") != strings.Join(want[i], "\x00") {
				t.Fatalf("%q, want %q", got[i], want[i])
			}
		}
	})
}

func FuzzJSON(f *testing.F) {
	for _, seed := range []string{`[{"a":1}]`, `{"a":[{"b":[1,{"c":2}]}],"d":{"e":[["x"],[1]]}}`, "{\"a\":1}\n{\"b\":2}\n", `[{"a":1},`, `{"":{"":1}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) { check(t, data, Options{}) })
}

func FuzzCards(f *testing.F) {
	for _, seed := range []string{"FN:Ann\nEND:VCARD", "N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:a=E9=\nb;c\nTEL;HOME:1", "item1.ADR;TYPE=\"a:b\":;;x\\;y;z\n  folded", "AGENT:\nBEGIN:VCARD\nEND:VCARD\nBEGIN:VCARD", "PHOTO:\n AAAA\nFN:x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, lines string) { check(t, []byte("BEGIN:VCARD\n"+lines), Options{}) })
}

func FuzzSheet(f *testing.F) {
	f.Add(`<row r="1"><c r="A1" t="s"><v>0</v></c></row>`, `<si><t>a</t></si>`, `<numFmts><numFmt numFmtId="170" formatCode="d-mmm"/></numFmts><cellXfs><xf numFmtId="170"/><xf numFmtId="9"/></cellXfs>`)
	f.Add(`<row><c t="inlineStr"><is><t>_x000D_</t></is></c><c s="1"><f>1</f><v>1E5</v></c></row><row r="1048576" hidden="1"><c r="ZZ1"><v>-1</v></c></row>`, `<si><r><t>a</t></r><rPh><t>b</t></rPh></si>`, `<cellXfs><xf numFmtId="14"/></cellXfs>`)
	f.Fuzz(func(t *testing.T, rows, texts, styles string) { check(t, rawBook(t, rows, texts, styles), Options{}) })
}

func FuzzODS(f *testing.F) {
	f.Add(`<table:table table:name="a"><table:table-row table:number-rows-repeated="3"><table:table-cell office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell></table:table-row></table:table>`)
	f.Add(`<table name="x"><table-row><table-cell number-columns-repeated="7"><p>a<s c="3"/><tab/></p><p>b</p></table-cell><covered-table-cell/></table-row></table>`)
	f.Fuzz(func(t *testing.T, rows string) { check(t, sheetODS(t, rows), Options{}) })
}

func FuzzArchive(f *testing.F) {
	f.Add(packed(f, "a.csv", "a,b\n1,2\n"))
	f.Add(rawBook(f, `<row><c t="s"><v>0</v></c></row>`, `<si><t>a</t></si>`, ""))
	f.Add(sheetODS(f, `<table:table><table:table-row/></table:table>`))
	f.Add(container("EncryptedPackage"))
	f.Fuzz(func(t *testing.T, data []byte) { check(t, data, Options{}) })
}

// What the standard library takes for XML without a DOCTYPE, our reader takes as well, and sees the same.
func FuzzMarkup(f *testing.F) {
	for _, seed := range []string{`<a x="1>2">t&amp;&#65;<b/><![CDATA[<]]></a>`, "<?xml version=\"1.0\"?><!-- - --><x:a\n y='\"'></x:a >", "<a>\r\n</a>"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		want, ok := standardMarkup(text)
		m := newMarkup(strings.NewReader(text), DefaultLimits)
		var got strings.Builder
		for {
			what, err := m.next()
			if err != nil {
				if ok {
					t.Fatalf("%q: %v, want %q", text, err, want)
				}
				return
			}
			if what == markDone {
				break
			}
			switch what {
			case markStart:
				got.WriteString("<" + string(m.name) + ">")
			case markEnd:
				got.WriteString("</" + string(m.name) + ">")
			case markText:
				got.Write(m.text)
			}
		}
		if ok && got.String() != want {
			t.Fatalf("%q: %q, want %q", text, got.String(), want)
		}
	})
}

// standardMarkup is what encoding/xml sees; ok is false for what it refuses, and for what we need not take.
func standardMarkup(text string) (string, bool) {
	d := xml.NewDecoder(strings.NewReader(text))
	var out strings.Builder
	depth := 0
	for {
		token, err := d.Token() // unlike RawToken it looks at the nesting
		if errors.Is(err, io.EOF) {
			return out.String(), depth == 0
		}
		if err != nil {
			return "", false
		}
		switch v := token.(type) {
		case xml.StartElement:
			depth++
			if strings.ContainsFunc(v.Name.Local+v.Name.Space, unicode.IsSpace) || depth > 90 {
				return "", false
			}
			out.WriteString("<" + v.Name.Local + ">")
		case xml.EndElement:
			if depth--; depth < 0 {
				return "", false
			}
			out.WriteString("</" + v.Name.Local + ">")
		case xml.CharData:
			if depth == 0 && strings.TrimSpace(string(v)) != "" {
				return "", false
			}
			if depth > 0 {
				out.Write(v)
			}
		case xml.Directive:
			return "", false
		case xml.ProcInst:
			if v.Target == "xml" && bytes.Contains(v.Inst, []byte("encoding")) {
				return "", false
			}
		}
	}
}
