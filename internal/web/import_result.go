package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"commontable/internal/backbone/imports"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/sheets"
	"commontable/internal/web/ui"
)

// importResult shows what an import did, every record it touched, the rows that
// were not written, and the way back.
func (s *Server) importResult(r *http.Request, props *ui.PageProps, i imports.Import) ([]templ.Component, error) {
	ctx := r.Context()
	if i.State == imports.Receiving {
		return []templ.Component{muted(i18n.T(ctx, "import.receiving"))}, nil
	}
	address := importAddress(ctx, i)
	facts := []ui.Fact{{Label: i18n.T(ctx, "import.what"), Value: kindLabel(ctx, i.Kind)}, {Label: i18n.T(ctx, "import.rows"), Value: i18n.Number(ctx, i.Counts.Rows)},
		{Label: i18n.T(ctx, "import.written"), Value: i18n.Number(ctx, i.Counts.Applied)}, {Label: i18n.T(ctx, "import.by"), Value: i.By}}
	if i.FinishedAt != nil {
		facts = append(facts, ui.Fact{Label: i18n.T(ctx, "import.when"), Value: i18n.DateTime(ctx, *i.FinishedAt)})
	}
	if failed := i.Counts.BadRows + i.Counts.Refused + i.Counts.Doubts; failed > 0 && i.State == imports.Done {
		facts = append(facts, ui.Fact{Label: i18n.T(ctx, "import.not_written"), Value: i18n.Number(ctx, failed), Note: i18n.T(ctx, "import.not_written_note")})
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "import.failures_csv"), Href: address + "/failures.csv", Icon: "download"}, ui.Action{Label: i18n.T(ctx, "import.failures_xlsx"), Href: address + "/failures.xlsx", Icon: "download"})
	}
	if i.State == imports.Done {
		facts = append(facts, s.spareFacts(ctx, i)...)
	}
	if i.State == imports.Undone {
		facts = append(facts, ui.Fact{Label: i18n.T(ctx, "import.taken_back"), Value: i18n.Number(ctx, i.Counts.Undone-i.Counts.LeftOver)})
		if i.Counts.LeftOver > 0 {
			facts = append(facts, ui.Fact{Label: i18n.T(ctx, "import.left_alone"), Value: i18n.Number(ctx, i.Counts.LeftOver), Note: i18n.T(ctx, "import.left_alone_note")})
		}
	}
	parts := []templ.Component{ui.Facts(ui.FactsProps{Heading: i18n.T(ctx, "import.result"), Facts: facts})}
	if i.State == imports.Done && i.Counts.Applied > 0 && s.may(ctx, "imports.undo") {
		parts = append(parts, acts([]ui.Action{{Label: i18n.T(ctx, "import.undo"), Href: address + "/undo", Post: true, Icon: "undo", Confirm: i18n.T(ctx, "import.undo_sure")}}))
	}
	touched, err := s.importTouched(r, i)
	return append(parts, touched...), err
}

// importTouched lists every record the import created or changed.
func (s *Server) importTouched(r *http.Request, i imports.Import) ([]templ.Component, error) {
	ctx, q := r.Context(), r.URL.Query()
	page, err := imports.ListChanges.Do(ctx, s.app.Door, imports.ListChangesInput{ID: i.ID, Left: q.Get("left") != "", After: q.Get("after"), Before: q.Get("before")})
	if err != nil || len(page.Items) == 0 {
		return nil, err
	}
	table := ui.TableProps{Caption: i18n.T(ctx, "import.touched"), ShowCaption: true, Columns: []ui.Column{{Label: i18n.T(ctx, "import.record")}, {Label: i18n.T(ctx, "import.record_kind")}, {Label: i18n.T(ctx, "import.did")}}}
	for _, c := range page.Items {
		row := ui.TableRow{Cells: []ui.Cell{{Text: c.Title}, {Text: kindLabel(ctx, c.Kind)}, {Text: didText(ctx, c)}}}
		if !c.Undone || c.Left != nil {
			row.Cells[0].Href = recordAddress(ctx, c.Kind, c.Target)
		}
		table.Rows = append(table.Rows, row)
	}
	return []templ.Component{ui.Table(table), pagerOf(r, page.Next, page.Previous)}, nil
}

// didText is what the import did to a record, and what became of that.
func didText(ctx context.Context, c imports.DoneChange) string {
	text := i18n.T(ctx, "import.did_update")
	if c.Made {
		text = i18n.T(ctx, "import.did_create")
	}
	switch {
	case c.Left != nil && len(c.Left.Fields) > 0:
		return text + " · " + i18n.T(ctx, "import.left_fields", i18n.Args{"Fields": strings.Join(historyFields(ctx, c.Kind, c.Left.Fields), ", ")})
	case c.Left != nil:
		return text + " · " + i18n.T(ctx, "import.kept") + " " + i18n.T(ctx, c.Left.Reason)
	case c.Undone:
		return text + " · " + i18n.T(ctx, "import.did_undo")
	}
	return text
}

// historyFields are fields of a record as its history names them.
func historyFields(ctx context.Context, kind string, fields []string) []string {
	out := make([]string, len(fields))
	for i, field := range fields {
		key := kind + ".field_" + field
		if out[i] = i18n.T(ctx, key); out[i] == key {
			out[i] = field
		}
	}
	return out
}

// importFailures is GET …/imports/{id}/failures.csv and .xlsx: the rows that were
// not written as they stood in the file, with the reason in a last column. Mended,
// the file can be brought again.
func (s *Server) importFailures(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	i, err := s.theImport(r)
	if err != nil {
		return err
	}
	first, err := imports.ListFailures.Do(ctx, s.app.Door, imports.FailuresInput{ID: i.ID})
	if err != nil {
		return err
	}
	table := sheets.Table{Name: i18n.T(ctx, "import.not_written"), Zone: i18n.Zone(ctx)}
	for _, c := range i.File.Columns {
		table.Columns = append(table.Columns, sheets.Column{Title: c.Name})
	}
	table.Columns = append(table.Columns, sheets.Column{Title: i18n.T(ctx, "import.reason")})
	table.Rows = func(yield func(sheets.Row, error) bool) {
		page := first
		for {
			for _, f := range page.Items {
				row := make(sheets.Row, len(table.Columns))
				for k := range min(len(f.Cells), len(row)-1) {
					row[k] = sheets.Text(f.Cells[k])
				}
				var reasons []string
				for _, reason := range f.Reasons {
					text := said(ctx, reason)
					for _, of := range []string{"Column", "Record"} {
						if name, _ := reason.Args[of].(string); name != "" {
							text = name + ": " + text
						}
					}
					reasons = append(reasons, text)
				}
				row[len(row)-1] = sheets.Text(strings.Join(reasons, " · "))
				if !yield(row, nil) {
					return
				}
			}
			if page.Next == "" {
				return
			}
			again, err := s.identify(w, r)
			if err == nil {
				page, err = imports.ListFailures.Do(again.Context(), s.app.Door, imports.FailuresInput{ID: i.ID, After: page.Next})
			}
			if err != nil {
				yield(nil, err)
				return
			}
		}
	}
	return s.attach(w, r, i.FileName, table)
}
