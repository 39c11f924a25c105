package intake

import (
	"archive/zip"
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/xuri/excelize/v2"
)

// packed is an archive of these entries; name, content and so on.
func packed(t fatal, parts ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i := 0; i < len(parts); i += 2 {
		entry, err := w.Create(parts[i])
		if err == nil {
			_, err = entry.Write([]byte(parts[i+1]))
		}
		if err != nil {
			t.Fatalf("%v", err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatalf("%v", err)
	}
	return out.Bytes()
}

const (
	rootRelations = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	bookRelations = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="/xl/worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`
	book          = `<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="One" sheetId="1" r:id="r1"/></sheets></workbook>`
)

// rawBook is a workbook of one sheet with these rows, strings and formats, as XML.
func rawBook(t fatal, rows, texts, styles string) []byte {
	t.Helper()
	return packed(t, "[Content_Types].xml", "<Types/>", "_rels/.rels", rootRelations, "xl/_rels/workbook.xml.rels", bookRelations, "xl/workbook.xml", book,
		"xl/sharedStrings.xml", "<sst>"+texts+"</sst>", "xl/styles.xml", "<styleSheet>"+styles+"</styleSheet>",
		"xl/worksheets/sheet1.xml", "<worksheet><sheetData>"+rows+"</sheetData></worksheet>")
}

// made is a workbook made by change.
func made(t *testing.T, change func(f *excelize.File) error) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	if err := change(f); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestWorkbookValues(t *testing.T) {
	text := func(s string) *string { return &s }
	values := []struct {
		value  any
		format string
		want   string
	}{
		{"text", "", "text"},
		{"00123", "", "00123"},
		{123, "00000", "00123"},
		{123456789, "000-00-0000", "123-45-6789"},
		{2345678, "000-00-0000", "002-34-5678"},
		{int64(123456789012345), "", "123456789012345"},
		{1.5e-7, "", "0.00000015"},
		{0.30000000000000004, "", "0.30000000000000004"},
		{1.1, "0.00", "1.1"},
		{1234.5, "#,##0.00", "1234.5"},
		{0.07, "0%", "7%"},
		{0.7727, "0.00%", "77.27%"},
		{46331, "yyyy-mm-dd", "2026-11-05"},
		{46331, "d-mmm", "2026-11-05"},
		{46331, `[$-409]mmmm\ d\,\ yyyy;@`, "2026-11-05"},
		{46331.604166666664, "m/d/yy h:mm", "2026-11-05 14:30:00"},
		{0.604166666666667, "h:mm AM/PM", "14:30:00"},
		{1.5, "[h]:mm:ss", "36:00:00"},
		{59, "yyyy-mm-dd", "1900-02-28"},
		{61, "yyyy-mm-dd", "1900-03-01"},
		{46331, `0 "days"`, "46331"},
		{46331, `[Red]0.00`, "46331"},
		{-5, "yyyy-mm-dd", "-5"},
		{true, "", "true"},
		{false, "", "false"},
		{"line\none", "", "line\none"},
	}
	data := made(t, func(f *excelize.File) error {
		if err := f.SetSheetRow("Sheet1", "A1", &[]string{"What", "Value"}); err != nil {
			return err
		}
		for i, v := range values {
			cell, _ := excelize.CoordinatesToCellName(2, i+2)
			left, _ := excelize.CoordinatesToCellName(1, i+2)
			if err := f.SetCellValue("Sheet1", left, "value"); err != nil {
				return err
			}
			if err := f.SetCellValue("Sheet1", cell, v.value); err != nil {
				return err
			}
			if v.format != "" {
				style, err := f.NewStyle(&excelize.Style{CustomNumFmt: text(v.format)})
				if err != nil {
					return err
				}
				if err := f.SetCellStyle("Sheet1", cell, cell, style); err != nil {
					return err
				}
			}
		}
		return nil
	})
	f := opened(t, data, Options{Name: "a.xlsx"})
	defer f.Close()
	got := cellsOf(t, f.Tables[0])
	for i, v := range values {
		if got[i][1] != v.want {
			t.Errorf("%v as %s: %q, want %q", v.value, v.format, got[i][1], v.want)
		}
	}
}

func TestWorkbooks(t *testing.T) {
	set := func(f *excelize.File, sheet string, rows ...[]any) error {
		for i, row := range rows {
			cell, _ := excelize.CoordinatesToCellName(1, i+1)
			if err := f.SetSheetRow(sheet, cell, &row); err != nil {
				return err
			}
		}
		return nil
	}
	for _, c := range []struct {
		name        string
		make        func(f *excelize.File) error
		want, notes string
	}{
		{"several sheets, one hidden, one empty", func(f *excelize.File) error {
			for _, name := range []string{"People", "Nothing", "Old"} {
				if _, err := f.NewSheet(name); err != nil {
					return err
				}
			}
			if err := set(f, "Sheet1", []any{"a"}, []any{1}); err != nil {
				return err
			}
			if err := set(f, "People", []any{"Name"}, []any{"Ann"}); err != nil {
				return err
			}
			if err := set(f, "Old", []any{"Name"}, []any{"Bob"}); err != nil {
				return err
			}
			return f.SetSheetVisible("Old", false)
		}, "Sheet1: a / 1; People: Name / Ann; Old: Name / Bob", "hidden_sheet"},
		{"merged heads over two rows", func(f *excelize.File) error {
			if err := set(f, "Sheet1", []any{"Name", "Contact", nil, "Role"}, []any{nil, "Email", "Phone", nil}, []any{"Ann", "a@x.org", "555", "Chair"}, []any{"Bob", "b@x.org", "556", "Member"}); err != nil {
				return err
			}
			for _, m := range [][2]string{{"A1", "A2"}, {"B1", "C1"}, {"D1", "D2"}} {
				if err := f.MergeCell("Sheet1", m[0], m[1]); err != nil {
					return err
				}
			}
			return nil
		}, "Sheet1: Name|Contact / Email|Contact / Phone|Role / Ann|a@x.org|555|Chair / Bob|b@x.org|556|Member", ""},
		{"a title in merged cells", func(f *excelize.File) error {
			if err := set(f, "Sheet1", []any{"Members"}, nil, []any{"Name", "Email", "Phone"}, []any{"Ann", "a@x.org", "555"}); err != nil {
				return err
			}
			return f.MergeCell("Sheet1", "A1", "C1")
		}, "Sheet1: Name|Email|Phone / Ann|a@x.org|555", ""},
		{"formulas", func(f *excelize.File) error {
			if err := set(f, "Sheet1", []any{"a", "b"}, []any{1, 2}); err != nil {
				return err
			}
			return f.SetCellFormula("Sheet1", "B2", "A2*2")
		}, "Sheet1: a|b / 1|2", "formulas 1@2"},
		{"rich text", func(f *excelize.File) error {
			if err := set(f, "Sheet1", []any{"a"}); err != nil {
				return err
			}
			return f.SetCellRichText("Sheet1", "A2", []excelize.RichTextRun{{Text: "bold ", Font: &excelize.Font{Bold: true}}, {Text: "and plain"}})
		}, "Sheet1: a / bold and plain", ""},
		{"the calendar of 1904", func(f *excelize.File) error {
			date1904 := true
			if err := f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &date1904}); err != nil {
				return err
			}
			style, err := f.NewStyle(&excelize.Style{NumFmt: 14})
			if err != nil {
				return err
			}
			if err := set(f, "Sheet1", []any{"Day"}, []any{44869}); err != nil {
				return err
			}
			return f.SetCellStyle("Sheet1", "A2", "A2", style)
		}, "Sheet1: Day / 2026-11-05", ""},
		{"hidden rows", func(f *excelize.File) error {
			if err := set(f, "Sheet1", []any{"a"}, []any{1}, []any{2}); err != nil {
				return err
			}
			return f.SetRowVisible("Sheet1", 3, false)
		}, "Sheet1: a / 1 / 2", "hidden_rows 1@3"},
	} {
		f := opened(t, made(t, c.make), Options{Name: "a.xlsx"})
		var all []string
		notes := keys(f.Notes)
		for _, table := range f.Tables {
			all = append(all, table.Name+": "+told(t, table))
			notes += keys(table.Notes())
		}
		if got := strings.Join(all, "; "); got != c.want || notes != c.notes {
			t.Errorf("%s: %q %s, want %q %s", c.name, got, notes, c.want, c.notes)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
}

// What no library writes but programs do.
func TestWorkbookOddities(t *testing.T) {
	const texts = `<si><t>Name</t></si><si><r><t xml:space="preserve">rich </t></r><r><rPr><b/></rPr><t>text</t></r><rPh sb="0" eb="1"><t>spoken</t></rPh></si><si><t>a &amp; b &#233; <![CDATA[<c>]]></t></si>`
	for _, c := range []struct{ name, rows, want, notes string }{
		{"shared and inline strings", `<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c></row><row r="3"><c r="A3" t="s"><v>2</v></c></row><row r="4"><c r="A4" t="inlineStr"><is><t>in</t></is></c></row>`, "Name / rich text / a & b é <c> / in", ""},
		{"no references", `<row><c t="s"><v>0</v></c><c t="str"><v>Two</v></c></row><row><c><v>1</v></c><c><v>2.50</v></c></row>`, "Name|Two / 1|2.5", ""},
		{"gaps", `<row r="2"><c r="B2" t="s"><v>0</v></c><c r="D2" t="str"><v>Four</v></c></row><row r="9"><c r="D9"><v>1E+2</v></c></row>`, "(A)|Name|(C)|Four / |||100", ""},
		{"prefixes, comments and instructions", `<!-- x --><?x y?><x:row xmlns:x="u" r="1"><x:c t="s"><x:v>0</x:v></x:c></x:row><row r="2"><c t="b"><v>1</v></c></row>`, "Name / true", ""},
		{"errors and dates", `<row><c t="s"><v>0</v></c></row><row><c t="e"><v>#REF!</v></c></row><row><c t="d"><v>2026-11-05T14:30:00</v></c></row>`, "Name / #REF! / 2026-11-05 14:30:00", ""},
		{"a text that is not there", `<row><c t="s"><v>0</v></c><c t="str"><v>b</v></c></row><row><c t="s"><v>99</v></c><c><v>1</v></c></row>`, "Name|b / |1", "missing_text 1@2"},
		{"a formula without a result", `<row><c t="s"><v>0</v></c><c t="str"><v>b</v></c></row><row><c><f>1+1</f></c><c><v>1</v></c></row>`, "Name|b / |1", "formulas 1@2, formulas_without_value 1@2"},
		{"a format far to the right", `<row><c t="s"><v>0</v></c><c r="XFD1" s="1"/></row><row><c><v>1</v></c></row>`, "Name / 1", ""},
	} {
		f := opened(t, rawBook(t, c.rows, texts, ""), Options{Name: "a.xlsx"})
		if got := told(t, f.Tables[0]); got != c.want || keys(f.Tables[0].Notes()) != c.notes {
			t.Errorf("%s: %q %s, want %q %s", c.name, got, keys(f.Tables[0].Notes()), c.want, c.notes)
		}
	}
}

func sheetODS(t fatal, rows string) []byte {
	t.Helper()
	return packed(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "META-INF/manifest.xml", "<manifest/>", "content.xml",
		`<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:automatic-styles><style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style></office:automatic-styles><office:body><office:spreadsheet>`+rows+`</office:spreadsheet></office:body></office:document-content>`)
}

func TestODS(t *testing.T) {
	cell := func(s string) string {
		return `<table:table-cell office:value-type="string"><text:p>` + s + `</text:p></table:table-cell>`
	}
	row := func(cells ...string) string {
		return "<table:table-row>" + strings.Join(cells, "") + "</table:table-row>"
	}
	f := opened(t, sheetODS(t, `<table:table table:name="People">`+
		row(cell("Name"), cell("Value"), `<table:table-cell table:number-columns-repeated="16382"/>`)+
		`<table:table-header-rows>`+row(cell("a<text:s text:c=\"2\"/>b<text:line-break/>c<text:span>d</text:span>"), `<table:table-cell office:value-type="float" office:value="1.5E-7"><text:p>0</text:p></table:table-cell>`)+`</table:table-header-rows>`+
		row(cell("zeros"), `<table:table-cell office:value-type="float" office:value="123"><text:p>00123</text:p></table:table-cell>`)+
		row(cell("share"), `<table:table-cell office:value-type="percentage" office:value="0.07"><text:p>7 %</text:p></table:table-cell>`)+
		row(cell("day"), `<table:table-cell office:value-type="date" office:date-value="2026-11-05"><text:p>5 nov.</text:p></table:table-cell>`)+
		row(cell("moment"), `<table:table-cell office:value-type="date" office:date-value="2026-11-05T14:30:00.5"><text:p>x</text:p></table:table-cell>`)+
		row(cell("time"), `<table:table-cell office:value-type="time" office:time-value="PT26H30M00S"><text:p>x</text:p></table:table-cell>`)+
		row(cell("yes"), `<table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>WAHR</text:p></table:table-cell>`)+
		row(cell("sum"), `<table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"><office:annotation><text:p>comment</text:p></office:annotation><text:p>2</text:p></table:table-cell>`)+
		row(cell("covered"), `<table:covered-table-cell/>`, cell("third"))+
		`<table:table-row table:number-rows-repeated="2">`+cell("twice")+`</table:table-row>`+
		`<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>`+
		`</table:table><table:table table:name="Hidden" table:style-name="ta2">`+row(cell("Only"))+row(cell("x"))+`</table:table><table:table table:name="Empty"/>`), Options{Name: "a.ods"})
	if len(f.Tables) != 2 || f.Format != ODS || keys(f.Notes) != "hidden_sheet" || !f.Tables[1].Hidden {
		t.Fatalf("%d tables, %s", len(f.Tables), keys(f.Notes))
	}
	want := "Name|Value|(C) / a  b\ncd|0.00000015| / zeros|00123| / share|7%| / day|2026-11-05| / moment|2026-11-05 14:30:00| / time|26:30:00| / yes|true| / sum|2| / covered||third / twice|| / twice||"
	if got := told(t, f.Tables[0]); got != want {
		t.Errorf("%q\nwant %q", got, want)
	}
	if got := told(t, f.Tables[1]); got != "Only / x" {
		t.Errorf("%q", got)
	}
	if got := keys(f.Tables[0].Notes()); got != "formulas 1@9" {
		t.Errorf("notes %s", got)
	}
}

// Several passes over one table may go on at once.
func TestPassesMayOverlap(t *testing.T) {
	rows := strings.Repeat(`<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>`, 200)
	f := opened(t, rawBook(t, rows+`<row><c t="s"><v>2</v></c></row>`, "<si><t>a</t></si><si><t>b\x01</t></si><si><t>end</t></si>", ""), Options{})
	var passes sync.WaitGroup
	for range 4 {
		passes.Go(func() {
			n := 0
			for row, err := range f.Tables[0].Rows(context.Background()) {
				if err != nil || n < 199 && row.Cells[1] != "b" {
					t.Errorf("%v %v", row, err)
					return
				}
				n++
			}
			if n != 200 {
				t.Errorf("%d rows", n)
			}
		})
	}
	passes.Wait()
	if got := keys(f.Tables[0].Notes()); got != "control_removed 199@2" {
		t.Errorf("notes %s", got)
	}
}
