package sheets_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"commontable/internal/platform/sheets"
)

func columns(titles ...string) []sheets.Column {
	out := make([]sheets.Column, len(titles))
	for i, title := range titles {
		out[i] = sheets.Column{Title: title}
	}
	return out
}

func texts(rows [][]string) []sheets.Row {
	out := make([]sheets.Row, len(rows))
	for i, row := range rows {
		for _, s := range row {
			out[i] = append(out[i], sheets.Text(s))
		}
	}
	return out
}

func readAll(t interface{ Fatalf(string, ...any) }, c sheets.CSV, data []byte) [][]string {
	var rows [][]string
	for row, err := range c.Read(bytes.NewReader(data)) {
		if err != nil {
			t.Fatalf("read back: %v\n%q", err, data)
		}
		rows = append(rows, row)
	}
	return rows
}

// awkward draws text made of what CSV and spreadsheets stumble over.
func awkward() *rapid.Generator[string] {
	part := rapid.OneOf(
		rapid.SampledFrom([]string{"=", "+", "-", "@", "\t", "\r", "\n", "\r\n", "\x00", "'", "''", `"`, `""`, ",", ";",
			" ", "\u00a0", "＝", "＋", "－", "＠", "\ufeff", "\u200b", "|", "−", "a", "1", "é", "\xff"}),
		rapid.StringN(0, 4, 16))
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(part, 0, 5).Draw(t, "parts"), "")
	})
}

func TestCSVComesBackAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(1, 4).Draw(t, "width")
		line := rapid.SliceOfN(awkward(), width, width)
		titles := line.Draw(t, "titles")
		rows := rapid.SliceOfN(line, 0, 4).Draw(t, "rows")
		choices := sheets.CSV{
			BOM:       rapid.Bool().Draw(t, "bom"),
			Separator: rapid.SampledFrom([]byte{0, ',', ';', '\t'}).Draw(t, "separator"),
		}
		var out bytes.Buffer
		if err := choices.Write(&out, sheets.Table{Columns: columns(titles...), Rows: sheets.FromRows(texts(rows))}); err != nil {
			t.Fatal(err)
		}
		want := append([][]string{titles}, rows...)
		if diff := cmp.Diff(want, readAll(t, choices, out.Bytes())); diff != "" {
			t.Fatalf("not the same (-want +got):\n%s\n%q", diff, out.String())
		}
	})
}

// What is written must mean the same to a reader that is not ours, and no cell may begin with a sign.
func TestCSVForAnotherReader(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		row := rapid.SliceOfN(awkward(), 2, 2).Draw(t, "row")
		var out bytes.Buffer
		table := sheets.Table{Columns: columns("a", "b"), Rows: sheets.FromRows(texts([][]string{row}))}
		if err := sheets.WriteCSV(&out, table); err != nil {
			t.Fatal(err)
		}
		got, err := csv.NewReader(&out).ReadAll()
		if err != nil || len(got) != 2 {
			t.Fatalf("encoding/csv: %v, %d rows", err, len(got))
		}
		for i, field := range got[1] {
			// encoding/csv gives CRLF within a cell back as LF.
			want := strings.ReplaceAll(sheets.Neutralise(row[i]), "\r\n", "\n")
			if field != want {
				t.Fatalf("cell %q, want %q", field, want)
			}
			if strings.HasPrefix(field, "\t") || strings.HasPrefix(field, "\r") || strings.HasPrefix(field, "\n") || strings.HasPrefix(field, "\x00") {
				t.Fatalf("cell %q begins with a control character", field)
			}
			if trimmed := strings.Trim(field, " \u00a0\u200b\ufeff\t\r\n\x00"); trimmed != "" && strings.ContainsRune("=+-@＝＋－＠−", []rune(trimmed)[0]) {
				t.Fatalf("cell %q can be run", field)
			}
		}
	})
}

func TestNeutralise(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "a": "a", "'": "'", "'tis": "'tis", "''": "''", "a=1": "a=1", "1-2": "1-2",
		"=1": "'=1", "'=1": "''=1", "''=1": "'''=1", "+33 1": "'+33 1", "-5": "'-5", "@home": "'@home",
		"\t=1": "'\t=1", "\rx": "'\rx", "\nx": "'\nx", "\x00x": "'\x00x", "＝1": "'＝1", "﹢1": "'﹢1", "⁼1": "'⁼1",
		" =1": "' =1", "\u00a0@x": "'\u00a0@x", "\u200b=1": "'\u200b=1", "−1": "'−1", " a": " a", "\xff=": "\xff=",
	} {
		if got := sheets.Neutralise(in); got != want {
			t.Errorf("Neutralise(%q) = %q, want %q", in, got, want)
		}
		if got := sheets.Unneutralise(want); got != in {
			t.Errorf("Unneutralise(%q) = %q, want %q", want, got, in)
		}
	}
	if got := sheets.Unneutralise("=1"); got != "=1" {
		t.Errorf("a foreign formula became %q", got)
	}
}

func FuzzNeutralise(f *testing.F) {
	for _, seed := range []string{"=1", "'=1", "'tis", " @", "＝", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := sheets.Unneutralise(sheets.Neutralise(s)); got != s {
			t.Errorf("%q came back as %q", s, got)
		}
	})
}

func FuzzReadCSV(f *testing.F) {
	for _, seed := range []string{"a,b\r\n1,2\r\n", "\"a\"\"b\",\"\r\n\"\n", "\ufeff,\n\n,", "\"", "a\"b", "\"a\"b", "\"a\"\rb"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		total := 0
		for row, err := range sheets.ReadCSV(bytes.NewReader(data)) {
			if err != nil {
				return
			}
			for _, field := range row {
				total += len(field)
			}
		}
		if total > len(data) {
			t.Errorf("%d bytes of cells from %d bytes", total, len(data))
		}
	})
}

func TestCSVTypes(t *testing.T) {
	at := time.Date(2026, 11, 22, 8, 30, 0, 0, time.UTC)
	var out bytes.Buffer
	err := sheets.CSV{BOM: true}.Write(&out, sheets.Table{
		Columns: columns("text", "whole", "number", "day", "instant", "bool", "none", "short"),
		Zone:    time.FixedZone("Paris", 3600),
		Rows: sheets.FromRows([]sheets.Row{
			{sheets.Text("a,b"), sheets.Whole(-5), sheets.Number(-0.25), sheets.Day("2026-11-22"), sheets.Instant(at), sheets.Bool(true), {}},
			{sheets.Text(""), sheets.Whole(0), sheets.Number(1e21), sheets.Day("=soon"), sheets.Instant(time.Time{}), sheets.Bool(false)},
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := "\ufefftext,whole,number,day,instant,bool,none,short\r\n" +
		"\"a,b\",-5,-0.25,2026-11-22,2026-11-22T09:30:00+01:00,true,,\r\n" +
		",0,1e+21,'=soon,,false,,\r\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}

func TestCSVErrors(t *testing.T) {
	failure := errors.New("the database went away")
	broken := func(yield func(sheets.Row, error) bool) {
		if yield(sheets.Row{sheets.Text("a")}, nil) {
			yield(nil, failure)
		}
	}
	if err := sheets.WriteCSV(&bytes.Buffer{}, sheets.Table{Columns: columns("a"), Rows: broken}); !errors.Is(err, failure) {
		t.Errorf("error of the rows became %v", err)
	}
	if err := sheets.WriteXLSX(&bytes.Buffer{}, sheets.Table{Columns: columns("a"), Rows: broken}); !errors.Is(err, failure) {
		t.Errorf("error of the rows became %v", err)
	}
	wide := sheets.FromRows([]sheets.Row{{sheets.Text("a"), sheets.Text("b")}})
	for name, write := range map[string]func(sheets.Table) error{
		"csv":  func(t sheets.Table) error { return sheets.WriteCSV(&bytes.Buffer{}, t) },
		"xlsx": func(t sheets.Table) error { return sheets.WriteXLSX(&bytes.Buffer{}, t) },
	} {
		if err := write(sheets.Table{Columns: columns("a"), Rows: wide}); err == nil || !strings.Contains(err.Error(), "row 2") {
			t.Errorf("%s: a row too wide: %v", name, err)
		}
	}
	endless := func(yield func(sheets.Row, error) bool) {
		for yield(sheets.Row{sheets.Text(strings.Repeat("x", 1000))}, nil) {
		}
	}
	if err := sheets.WriteCSV(fullDisk{}, sheets.Table{Columns: columns("a"), Rows: endless}); !errors.Is(err, errFull) {
		t.Errorf("error of the writer became %v", err)
	}
}

var errFull = errors.New("no space left")

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

func TestReadCSVErrorsNameTheLine(t *testing.T) {
	for in, want := range map[string]string{
		"a\nb\"c\n":                         "line 2: a quotation mark",
		"a\r\n\"b\"c\n":                     "line 2: after a closing",
		"a\n\"b\n\n":                        "line 4: a quotation mark is never closed",
		strings.Repeat("x", 1<<20+1):        "line 1: a cell",
		strings.Repeat(",", 16384):          "line 1: a row",
		"\"" + strings.Repeat("x", 1<<20+1): "line 1: a cell",
	} {
		var last error
		for _, err := range sheets.ReadCSV(strings.NewReader(in)) {
			last = err
		}
		if last == nil || !strings.Contains(last.Error(), want) {
			t.Errorf("%.20q: %v, want %q", in, last, want)
		}
	}
}

func TestReadCSVAccepts(t *testing.T) {
	got := readAll(t, sheets.CSV{}, []byte("\ufeffa,b\n\n1,\"x\r\ny\"\r\n,\n\"\"\nlast,line"))
	want := [][]string{{"a", "b"}, {"1", "x\r\ny"}, {"", ""}, {""}, {"last", "line"}}
	if !slices.EqualFunc(got, want, slices.Equal[[]string]) {
		t.Errorf("got %q, want %q", got, want)
	}
}
