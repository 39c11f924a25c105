package intake

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"testing"
	"time"

	"commontable/internal/platform/sheets"
)

// contacts is a table of n rows of twelve columns as a list of members has them.
func contacts(n int) sheets.Table {
	var columns []sheets.Column
	for _, name := range []string{"Id", "First Name", "Last Name", "Email", "Phone", "Organization", "Title", "Street", "City", "ZIP", "Joined", "Hours"} {
		columns = append(columns, sheets.Column{Title: name})
	}
	return sheets.Table{Name: "Contacts", Columns: columns, Rows: func(yield func(sheets.Row, error) bool) {
		day := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
		for i := range n {
			if !yield(sheets.Row{
				sheets.Whole(int64(i)), sheets.Text(fmt.Sprintf("Given%d", i%977)), sheets.Text(fmt.Sprintf("Fámily, %d", i)), sheets.Text(fmt.Sprintf("person%d@example.org", i)),
				sheets.Text(fmt.Sprintf("612-555-%04d", i%10000)), sheets.Text("Riverbend Family Services"), sheets.Text("Director"), sheets.Text(fmt.Sprintf("%d Main Street", i)),
				sheets.Text("Riverbend"), sheets.Text(fmt.Sprintf("%05d", i%99999)), sheets.Day(day.AddDate(0, 0, i%2000).Format(time.DateOnly)), sheets.Number(float64(i) / 8),
			}, nil) {
				return
			}
		}
	}}
}

func BenchmarkCSV(b *testing.B)  { benchmark(b, sheets.WriteCSV) }
func BenchmarkXLSX(b *testing.B) { benchmark(b, sheets.WriteXLSX) }

func benchmark(b *testing.B, write func(w io.Writer, t sheets.Table) error) {
	const rows = 100_000
	var out bytes.Buffer
	if err := write(&out, contacts(rows)); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(out.Len()))
	b.ReportAllocs()
	for b.Loop() {
		f, err := Open(context.Background(), bytes.NewReader(out.Bytes()), int64(out.Len()), Options{})
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for _, err := range f.Tables[0].Rows(context.Background()) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != rows {
			b.Fatal(n)
		}
		f.Close()
	}
	b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
}
