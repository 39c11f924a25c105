package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/sheets"
	"commontable/internal/web/ui"
)

// column is one column of a list of T: how it looks on the page and in a file.
type column[T any] struct {
	key   string // in the address and, with the list's area, in the catalogue
	label string // of a field the collaborative added; the catalogue's otherwise
	sort  string // the sort value of the operation; "" when it cannot be sorted by
	extra bool   // not shown unless chosen
	cell  func(T) ui.Cell
	sheet func(T) sheets.Cell
}

// listing is what the lists of organizations, people and the rest share: chosen
// columns, sorting, paging, chips, downloads. Everything lives in the address.
type listing[T any] struct {
	area    string // catalogue area, such as "organizations"
	path    string // page address
	columns []column[T]
	id      func(T) string // value of the selection box; nil when rows cannot be selected
	filters []ui.FieldProps
}

// idColumn names a record in a file, so that the file can be brought back and
// every row finds the record it came from.
func idColumn[T any](ctx context.Context, id func(T) string) column[T] {
	return column[T]{key: "id", label: i18n.T(ctx, "import.field_id"), extra: true,
		cell: func(t T) ui.Cell { return ui.Cell{Text: id(t)} }, sheet: func(t T) sheets.Cell { return sheets.Text(id(t)) }}
}

// label is the heading of a column.
func (l listing[T]) label(ctx context.Context, c column[T]) string {
	if c.label != "" {
		return c.label
	}
	return i18n.T(ctx, l.area+".field_"+c.key)
}

// chosen are the columns to show: those the address names, or the standard ones.
// The first always stays, since it names the row.
func (l listing[T]) chosen(r *http.Request) []column[T] {
	wanted := r.URL.Query()["columns"]
	var out []column[T]
	for i, c := range l.columns {
		if i == 0 || len(wanted) == 0 && !c.extra || slices.Contains(wanted, c.key) {
			out = append(out, c)
		}
	}
	return out
}

// props fills in a list for a page of items.
func (l listing[T]) props(r *http.Request, page operation.Page[T]) ui.ListProps {
	ctx, q := r.Context(), r.URL.Query()
	columns := l.chosen(r)
	p := ui.ListProps{
		Caption: i18n.T(ctx, l.area+".title"), Shown: int64(len(page.Items)), Total: page.Total,
		CSV: query(&url.URL{Path: l.path + "/export.csv", RawQuery: r.URL.RawQuery}, "after", "", "before", ""),
	}
	p.XLSX = strings.Replace(p.CSV, "/export.csv", "/export.xlsx", 1)
	sorted := q.Get("sort")
	for _, c := range columns {
		head := ui.Column{Label: l.label(ctx, c)}
		if c.sort != "" {
			head.SortHref = query(r.URL, "sort", c.sort, "after", "", "before", "")
			if sorted == c.sort || sorted == "" && c.sort == l.columns[0].sort {
				head.Sorted, head.SortHref = ui.Ascending, query(r.URL, "sort", "-"+c.sort, "after", "", "before", "")
			} else if sorted == "-"+c.sort {
				head.Sorted = ui.Descending
			}
		}
		p.Columns = append(p.Columns, head)
	}
	for _, item := range page.Items {
		row := ui.TableRow{}
		if l.id != nil {
			row.ID = l.id(item)
		}
		for _, c := range columns {
			row.Cells = append(row.Cells, c.cell(item))
		}
		p.Rows = append(p.Rows, row)
	}
	l.filter(r, &p)
	l.choice(r, &p, columns)
	if page.Next != "" {
		p.Next = query(r.URL, "after", page.Next, "before", "")
	}
	if page.Previous != "" {
		p.Previous = query(r.URL, "before", page.Previous, "after", "")
	}
	if p.Total < 0 { // how many there are is not known, or not of those that are shown
		more := ""
		if q.Get("after") != "" || q.Get("before") != "" || p.Next != "" || p.Previous != "" {
			more = "_more"
		}
		p.CountText = i18n.T(ctx, "list.found"+more, i18n.Args{"Count": int(p.Shown)})
	}
	return p
}

// filter shows the filter form and a chip for every filter in force.
func (l listing[T]) filter(r *http.Request, p *ui.ListProps) {
	ctx, q := r.Context(), r.URL.Query()
	if len(l.filters) == 0 {
		return
	}
	f := &ui.FilterProps{Action: l.path, Hidden: hiddenFor(q, "sort", "columns", "trash", "as-of")}
	for _, field := range l.filters {
		field.Value = q.Get(field.Name)
		f.Fields = append(f.Fields, field)
		if field.Value == "" {
			continue
		}
		text := field.Value
		for _, o := range field.Options {
			if o.Value == field.Value {
				text = o.Label
			}
		}
		p.Chips = append(p.Chips, ui.Chip{Label: field.Label, Value: text, RemoveHref: query(r.URL, field.Name, "", "after", "", "before", "")})
	}
	if q.Get("trash") != "" {
		p.Chips = append(p.Chips, ui.Chip{Label: i18n.T(ctx, "list.in_trash"), RemoveHref: query(r.URL, "trash", "", "after", "", "before", "")})
	}
	p.Filter = f
	if len(p.Chips) > 0 {
		p.ClearHref, p.Total = l.path, -1
	}
}

// choice shows which columns there are.
func (l listing[T]) choice(r *http.Request, p *ui.ListProps, chosen []column[T]) {
	c := &ui.ColumnChoice{Action: l.path, Hidden: hiddenExcept(r.URL.Query(), append([]string{"columns", "after", "before"}, passingParameters...)...)}
	for _, col := range l.columns[1:] {
		c.Options = append(c.Options, ui.Option{Value: col.key, Label: l.label(r.Context(), col)})
	}
	for _, col := range chosen {
		c.Chosen = append(c.Chosen, col.key)
	}
	p.Choice = c
}

// hiddenFor carries the named parameters along in a form.
func hiddenFor(q url.Values, names ...string) []ui.Hidden {
	var out []ui.Hidden
	for _, name := range names {
		for _, value := range q[name] {
			out = append(out, ui.Hidden{Name: name, Value: value})
		}
	}
	return out
}

func hiddenExcept(q url.Values, without ...string) []ui.Hidden {
	var names []string
	for name := range q {
		if !slices.Contains(without, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return hiddenFor(q, names...)
}

// download writes the chosen columns of a list as a file, page by page. The
// first page is read before anything is sent, so that a refusal is still a page.
func (l listing[T]) download(s *Server, w http.ResponseWriter, r *http.Request, read func(ctx context.Context, after string) (operation.Page[T], error)) error {
	ctx := r.Context()
	first, err := read(ctx, "")
	if err != nil {
		return err
	}
	columns := l.chosen(r)
	table := sheets.Table{Name: i18n.T(ctx, l.area+".title"), Zone: i18n.Zone(ctx)}
	for _, c := range columns {
		table.Columns = append(table.Columns, sheets.Column{Title: l.label(ctx, c)})
	}
	table.Rows = func(yield func(sheets.Row, error) bool) {
		page := first
		for {
			for _, item := range page.Items {
				row := make(sheets.Row, len(columns))
				for i, c := range columns {
					row[i] = c.sheet(item)
				}
				if !yield(row, nil) {
					return
				}
			}
			if page.Next == "" {
				return
			}
			// Who asks is found out anew for every page: a role that is taken
			// away ends the download.
			again, err := s.identify(w, r)
			if err == nil {
				page, err = read(again.Context(), page.Next)
			}
			if err != nil {
				yield(nil, err)
				return
			}
		}
	}
	return s.attach(w, r, operation.CollaborativeFrom(ctx).Slug+"-"+l.area, table)
}

// attach answers with a table as a file: CSV, or XLSX where the address says so.
func (s *Server) attach(w http.ResponseWriter, r *http.Request, name string, table sheets.Table) (err error) {
	if strings.HasSuffix(r.URL.Path, ".xlsx") {
		w.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
		w.Header().Set("Content-Disposition", sheets.AttachmentName(name, "xlsx"))
		err = sheets.WriteXLSX(w, table)
	} else {
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		w.Header().Set("Content-Disposition", sheets.AttachmentName(name, "csv"))
		err = sheets.WriteCSV(w, table)
	}
	if err != nil {
		// The head has been sent; cutting the connection is the one way left to
		// keep half a file from passing for a whole one.
		s.app.Log.WarnContext(r.Context(), "a download broke off", "page", r.Pattern, "error", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}
