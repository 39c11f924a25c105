package web

import (
	"net/http"
	"strings"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/sheets"
)

// coverageTable finds the table of the address, and the day it tells of.
func (s *Server) coverageTable(r *http.Request) (directory.CoverageTable, string, error) {
	c, err := directory.GetCoverage.Do(r.Context(), s.app.Door, directory.CoverageInput{AsOf: r.FormValue("as-of")})
	if err != nil {
		return directory.CoverageTable{}, "", err
	}
	scope, dimension := r.FormValue("scope"), r.FormValue("dimension")
	for _, t := range c.Tables {
		if scope == "" || t.Scope == scope && t.Dimension == dimension {
			return t, c.Day, nil
		}
	}
	return directory.CoverageTable{}, "", operation.Missing()
}

// coverageName is what a file of coverage is called.
func coverageName(r *http.Request, t directory.CoverageTable, day, ext string) string {
	return sheets.AttachmentName(strings.Join([]string{operation.CollaborativeFrom(r.Context()).Slug, "coverage", t.Scope, t.Dimension, day}, "-"), ext)
}

// coverageDrawing is GET …/coverage/chart.svg: the drawing of one table.
func (s *Server) coverageDrawing(w http.ResponseWriter, r *http.Request) error {
	t, day, err := s.coverageTable(r)
	if err != nil {
		return err
	}
	if len(t.Rows) == 0 {
		return operation.Missing() // nothing is drawn of nobody, nor of what is kept back
	}
	w.Header().Set("Content-Type", "image/svg+xml; charset=utf-8")
	w.Header().Set("Content-Disposition", coverageName(r, t, day, "svg"))
	_, err = w.Write([]byte(coverageBars(r.Context(), t).SVG())) // #nosec G705 -- the chart escapes every text in it
	return err
}

// coverageFile is GET …/coverage/table.csv: the figures of one table.
func (s *Server) coverageFile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	t, day, err := s.coverageTable(r)
	if err != nil {
		return err
	}
	if len(t.Rows) == 0 {
		return operation.Missing()
	}
	table := sheets.Table{Name: coverageTitle(ctx, t)}
	for _, head := range coverageHeads(ctx, t) {
		table.Columns = append(table.Columns, sheets.Column{Title: head})
	}
	var rows []sheets.Row
	for _, row := range t.Rows {
		cells := sheets.Row{sheets.Text(coverageValue(ctx, t.Dimension, row.Value)), sheets.Whole(row.Count), sheets.Text(percent(ctx, row.Share)), sheets.Text(""), sheets.Text("")}
		if t.Dimension == directory.LivedDimension {
			cells[1] = sheets.Text("")
		}
		if row.Target > 0 {
			cells[3], cells[4] = sheets.Text(percent(ctx, row.Target)), sheets.Whole(row.Gap)
		}
		if row.Target > 0 && t.Dimension == directory.LivedDimension {
			cells[4] = sheets.Text(percent(ctx, row.Gap)) // of which no number is told
		}
		rows = append(rows, cells)
	}
	table.Rows = sheets.FromRows(rows)
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", coverageName(r, t, day, "csv"))
	return sheets.WriteCSV(w, table)
}
