package sheets

import (
	"bytes"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

func open(t interface {
	Fatal(...any)
}, table Table) *excelize.File {
	var out bytes.Buffer
	if err := WriteXLSX(&out, table); err != nil {
		t.Fatal(err)
	}
	file, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestXLSXTypes(t *testing.T) {
	at := time.Date(2026, 11, 22, 8, 30, 0, 999, time.UTC)
	file := open(t, Table{
		Name:    "Open: items/due",
		Columns: []Column{{Title: "=text"}, {Title: "whole"}, {Title: "number"}, {Title: "day"}, {Title: "instant"}, {Title: "bool"}, {Title: "big", Width: 30}, {Title: "old"}},
		Zone:    time.FixedZone("Paris", 3600),
		Rows: FromRows([]Row{
			{Text("=1+1"), Whole(-5), Number(0.25), Day("2026-11-22"), Instant(at), Bool(true), Whole(exact + 1), Day("1899-12-31")},
			{Text("+1"), {}, Number(1), Day("later"), Instant(time.Time{}), Bool(false), Whole(exact), Day("1900-03-01")},
		}),
	})
	sheet := file.GetSheetName(0)
	if sheet != "Open- items-due" {
		t.Errorf("sheet %q", sheet)
	}
	for _, c := range []struct {
		cell, want string
		kind       excelize.CellType
	}{
		{"A1", "=text", excelize.CellTypeInlineString},
		{"A2", "=1+1", excelize.CellTypeInlineString},
		{"A3", "+1", excelize.CellTypeInlineString},
		{"B2", "-5", excelize.CellTypeUnset},
		{"C2", "0.25", excelize.CellTypeUnset},
		{"D2", "2026-11-22", excelize.CellTypeUnset},
		{"D3", "later", excelize.CellTypeInlineString},
		{"E2", "2026-11-22 09:30:00", excelize.CellTypeUnset},
		{"E3", "", excelize.CellTypeUnset},
		{"F2", "TRUE", excelize.CellTypeBool},
		{"F3", "FALSE", excelize.CellTypeBool},
		{"G2", strconv.Itoa(exact + 1), excelize.CellTypeInlineString},
		{"H2", "1899-12-31", excelize.CellTypeInlineString},
		{"H3", "1900-03-01", excelize.CellTypeUnset},
	} {
		got, err := file.GetCellValue(sheet, c.cell)
		if err != nil || got != c.want {
			t.Errorf("%s = %q, %v; want %q", c.cell, got, err, c.want)
		}
		if kind, _ := file.GetCellType(sheet, c.cell); kind != c.kind {
			t.Errorf("%s has type %v, want %v", c.cell, kind, c.kind)
		}
		if formula, _ := file.GetCellFormula(sheet, c.cell); formula != "" {
			t.Errorf("%s holds the formula %q", c.cell, formula)
		}
	}
	if raw, _ := file.GetCellValue(sheet, "D2", excelize.Options{RawCellValue: true}); raw != "46348" {
		t.Errorf("the day is stored as %q, want the serial number 46348", raw)
	}
	panes, err := file.GetPanes(sheet)
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("panes %+v, %v", panes, err)
	}
	if width, _ := file.GetColWidth(sheet, "G"); width != 30 {
		t.Errorf("width %v", width)
	}
}

func TestXLSXTextComesBackAsItWas(t *testing.T) {
	part := rapid.OneOf(rapid.StringN(0, 6, 24), rapid.SampledFrom([]string{
		"=", "'", "\n", "\t", "\r", " ", "<", "&", "]]>", "_x0041_", "_x", "\x01", "\x00", "\ufffe", "\xff", "😀",
	}))
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(part, 0, 4).Draw(t, "parts"), "")
		file := open(t, Table{Columns: []Column{{Title: "a"}}, Rows: FromRows([]Row{{Text(s)}})})
		got, err := file.GetCellValue(file.GetSheetName(0), "A2")
		if err != nil || got != printable(s) {
			t.Fatalf("%q came back as %q, %v", s, got, err)
		}
	})
}

func TestXLSXGoesOnOnAnotherSheet(t *testing.T) {
	defer func(limit int) { maxSheetRows = limit }(maxSheetRows)
	maxSheetRows = 4
	rows := make([]Row, 7)
	for i := range rows {
		rows[i] = Row{Whole(int64(i))}
	}
	file := open(t, Table{Name: strings.Repeat("é", 40), Columns: []Column{{Title: "n"}}, Rows: FromRows(rows)})
	var all []string
	for _, sheet := range file.GetSheetList() {
		if n := utf8.RuneCountInString(sheet); n > 31 {
			t.Errorf("sheet name of %d characters", n)
		}
		got, err := file.GetRows(sheet)
		if err != nil || got[0][0] != "n" {
			t.Fatalf("%s: %v, %v", sheet, got, err)
		}
		for _, row := range got[1:] {
			all = append(all, row[0])
		}
	}
	if got := strings.Join(all, " "); got != "0 1 2 3 4 5 6" {
		t.Errorf("rows %s", got)
	}
}

func TestSheetName(t *testing.T) {
	for in, want := range map[string]string{
		"": "Table", "''": "Table", "a:b/c": "a-b-c", "'quoted'": "quoted", "History": "Table", "\x00\n": "Table",
		"People 😀": "People -",
	} {
		if got := sheetName(in, 1); got != want {
			t.Errorf("sheetName(%q) = %q, want %q", in, got, want)
		}
	}
}

func BenchmarkWriteXLSX(b *testing.B) {
	benchmark(b, func(t Table) error { return WriteXLSX(discard{}, t) })
}
func BenchmarkWriteCSV(b *testing.B) {
	benchmark(b, func(t Table) error { return WriteCSV(discard{}, t) })
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

func benchmark(b *testing.B, write func(Table) error) {
	rows := make([]Row, 10000)
	for i := range rows {
		rows[i] = Row{Text("Riverbend Family Services"), Whole(int64(i)), Number(0.5), Day("2026-11-22"), Text("a, b")}
	}
	table := Table{Columns: make([]Column, 5), Rows: FromRows(rows)}
	b.ReportAllocs()
	for b.Loop() {
		if err := write(table); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(rows)), "ns/row")
}
