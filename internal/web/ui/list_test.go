package ui

import (
	"context"
	"fmt"
	"io"
	"testing"
)

// What a page of a list costs to write, without its frame.
func BenchmarkListOf50(b *testing.B) {
	p := ListProps{Caption: "People", Shown: 50, Total: 100_000, Selection: &Selection{Action: "/people/bulk"},
		Columns: []Column{{Label: "Name"}, {Label: "Organization"}, {Label: "Title"}, {Label: "E-mail"}, {Label: "Phone"}}}
	for n := range 50 {
		p.Rows = append(p.Rows, TableRow{ID: fmt.Sprint(n), Cells: []Cell{{Text: "Maria Whitcomb", Href: "/people/1"}, {Text: "North Side School", Href: "/organizations/1"},
			{Text: "Teacher"}, {Text: "maria@example.org", Href: "mailto:maria@example.org"}, {}}})
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := List(p).Render(context.Background(), io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
