package intake

import (
	"bytes"
	"encoding/csv"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"commontable/internal/platform/sheets"
)

// realFiles is the folder of real files beside the repository. Excerpts of them stand in on a checkout without
// it.
func realFiles(t *testing.T) string {
	t.Helper()
	const shared = "../../../../shared/data"
	if _, err := os.Stat(shared); err == nil {
		return shared
	}
	return "testdata/real"
}

// Every real file is read in full and as encoding/csv reads it, and its first rows come back from our own
// CSV and XLSX.
func TestRealFiles(t *testing.T) {
	files := 0
	err := filepath.WalkDir(realFiles(t), func(name string, entry fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".csv" {
			return err
		}
		files++
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		want, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
		if err != nil {
			return err
		}
		for _, row := range want {
			for i := range row {
				row[i] = strings.TrimSpace(row[i])
			}
		}
		f := opened(t, data, Options{Name: name})
		if len(f.Tables) != 1 || f.Format != CSV || !f.Sure || len(f.Notes) > 0 {
			t.Errorf("%s: %d tables, %s, %s", name, len(f.Tables), f.Format, keys(f.Notes))
		}
		table := f.Tables[0]
		got := append([][]string{table.Header}, cellsOf(t, table)...)
		if !slices.EqualFunc(got, want, slices.Equal) || table.HeaderRows != 1 || len(table.Notes()) > 0 {
			t.Errorf("%s: %d rows of %d, header %q", name, len(got), len(want), table.Header)
		}
		want = want[:min(len(want), 1000)] // enough to be different, and soon done
		for ending, write := range map[string]func(*bytes.Buffer, sheets.Table) error{
			"csv":  func(w *bytes.Buffer, s sheets.Table) error { return sheets.CSV{Separator: ';', BOM: true}.Write(w, s) },
			"xlsx": func(w *bytes.Buffer, s sheets.Table) error { return sheets.WriteXLSX(w, s) },
		} {
			var out bytes.Buffer
			if err := write(&out, asSheet(want)); err != nil {
				return err
			}
			back := opened(t, out.Bytes(), Options{Name: "a." + ending})
			again := append([][]string{back.Tables[0].Header}, cellsOf(t, back.Tables[0])...)
			if !slices.EqualFunc(again, want, slices.Equal) {
				t.Errorf("%s does not come back as %s", name, ending)
			}
			if err := back.Close(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || files < 6 {
		t.Errorf("%d files, %v", files, err)
	}
}

// asSheet is a table of text whose first row names the columns.
func asSheet(rows [][]string) sheets.Table {
	table := sheets.Table{Name: "Real"}
	for _, title := range rows[0] {
		table.Columns = append(table.Columns, sheets.Column{Title: title})
	}
	table.Rows = func(yield func(sheets.Row, error) bool) {
		for _, cells := range rows[1:] {
			var row sheets.Row
			for _, c := range cells {
				row = append(row, sheets.Text(c))
			}
			if !yield(row, nil) {
				return
			}
		}
	}
	return table
}
