package intake

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"commontable/internal/platform/sheets"
)

// fatal is what a *testing.T and a *rapid.T have in common.
type fatal interface {
	Helper()
	Fatalf(format string, args ...any)
}

// opened opens data, which must be taken.
func opened(t fatal, data []byte, o Options) *File {
	t.Helper()
	f, err := Open(context.Background(), bytes.NewReader(data), int64(len(data)), o)
	if err != nil {
		t.Fatalf("%s: %v", o.Name, err)
	}
	return f
}

// cellsOf are the cells of all rows of a table.
func cellsOf(t fatal, table *Table) (out [][]string) {
	t.Helper()
	for row, err := range table.Rows(context.Background()) {
		if err != nil {
			t.Fatalf("%s: %v", table.Name, err)
		}
		out = append(out, row.Cells)
	}
	return out
}

// What we wrote ourselves comes back, whatever stands in it, but for what a cell never holds.
func TestWhatWasWrittenComesBack(t *testing.T) {
	part := rapid.OneOf(rapid.StringN(0, 6, 24), rapid.SampledFrom([]string{
		"a", "é", "1", "=", "'", "\n", "\r\n", "\t", " ", `"`, ",", ";", "|", "_x0041_", "=\"", `\"`, "<&>", "]]>", "\x00", "\u202e", "😀",
	}))
	text := rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(part, 0, 4).Draw(t, "parts"), "") })
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.IntRange(2, 5).Draw(t, "columns")
		table := sheets.Table{Name: "People"}
		for i := range columns {
			table.Columns = append(table.Columns, sheets.Column{Title: "Column " + columnLetters(i)})
		}
		var rows []sheets.Row
		var want [][]string
		for range rapid.IntRange(1, 8).Draw(t, "rows") {
			row, cells := sheets.Row{sheets.Text("x")}, []string{"x"} // blank rows do not come back
			for range columns - 1 {
				s := text.Draw(t, "cell")
				row = append(row, sheets.Text(s))
				cells = append(cells, (&pass{}).cell(s, 0))
			}
			rows = append(rows, row)
			want = append(want, cells)
		}
		table.Rows = sheets.FromRows(rows)
		var out bytes.Buffer
		var err error
		if rapid.Bool().Draw(t, "xlsx") {
			err = sheets.WriteXLSX(&out, table)
		} else {
			err = sheets.CSV{BOM: rapid.Bool().Draw(t, "bom"), Separator: rapid.SampledFrom([]byte(",;\t|")).Draw(t, "separator")}.Write(&out, table)
		}
		if err != nil {
			t.Fatal(err)
		}
		f := opened(t, out.Bytes(), Options{})
		defer f.Close()
		if got := cellsOf(t, f.Tables[0]); !slices.EqualFunc(got, want, slices.Equal) {
			t.Fatalf("got\n%q\nwant\n%q\nfrom %q", got, want, out.String())
		}
	})
}
