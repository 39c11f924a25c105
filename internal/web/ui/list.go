package ui

import (
	"github.com/a-h/templ"
)

// Sorting is the direction a column is sorted in, in the words of aria-sort.
type Sorting string

// The directions; Unsorted is the default.
const (
	Unsorted   Sorting = ""
	Ascending  Sorting = "ascending"
	Descending Sorting = "descending"
)

// Column is one column of a table. The first column stays in view when the table scrolls.
type Column struct {
	Label string
	// SortHref sorts by this column; a column without it cannot be sorted.
	SortHref string
	Sorted   Sorting
	// Numeric sets figures to the end edge with tabular numerals.
	Numeric bool
	// HideLabel keeps the label for assistive technology alone.
	HideLabel bool
}

// Cell is one cell of a row.
type Cell struct {
	Text string
	Href string
	Lang string
	// Detail is a quiet second line.
	Detail string
	Tags   []TagProps
	// Content replaces Text where a text is not enough.
	Content templ.Component
	// Edit opens a one-field form in place.
	Edit *InlineEdit
}

// InlineEdit changes one field of a row without leaving the list.
type InlineEdit struct {
	Action string
	Field  FieldProps
	Hidden []Hidden
}

// TableRow is one row; its first cell names it.
type TableRow struct {
	// ID is the value its selection box sends.
	ID    string
	Cells []Cell
	// Muted sets the row back: archived, past.
	Muted bool
	// Label names the row for its selection box; the first cell's text when empty.
	Label string
}

// TableProps is a table without the tools of a list.
type TableProps struct {
	// ID prefixes the ids inside; "table" when empty.
	ID string
	// Caption names the table; seen only by assistive technology unless ShowCaption is set.
	Caption     string
	ShowCaption bool
	Columns     []Column
	Rows        []TableRow
	// Foot is a totals row.
	Foot []Cell
	// selectName is set by List.
	selectName string
	selectForm string
}

// Chip is one filter in force; its link takes it away.
type Chip struct {
	Label      string
	Value      string
	RemoveHref string
}

// FilterProps is the filter form of a list: a GET form, so that filters live in the address.
type FilterProps struct {
	Action string
	Hidden []Hidden
	Fields []FieldProps
	// Open shows the fields from the start.
	Open bool
}

// ColumnChoice is the form that chooses which columns to show; it sends Name once per column.
type ColumnChoice struct {
	Action  string
	Name    string // "columns" when empty
	Options []Option
	Chosen  []string
	Hidden  []Hidden
}

// SavedViews is the menu of named filters.
type SavedViews struct {
	Views []Link
	// SaveAction receives POST name=…; no form is offered when empty.
	SaveAction string
	Hidden     []Hidden
	// Share is the label of a box that offers the view to others; there is none when empty.
	Share string
	// Delete forgets the current view.
	Delete *Action
}

// BulkAction is one thing to do with the selected rows.
type BulkAction struct {
	Label string
	// Action receives POST id=… for each selected row; Selection.Action when empty.
	Action  string
	Name    string
	Value   string
	Kind    Kind
	Icon    string
	Confirm string
}

// Selection makes rows selectable.
type Selection struct {
	Action  string
	Name    string // "id" when empty
	Hidden  []Hidden
	Actions []BulkAction
	// Fields are asked for beside the actions, such as the tag to give.
	Fields []FieldProps
	// AllText and AllName offer to act on every row of the filter, not only those shown: a checkbox AllName=true.
	AllText string
	AllName string
}

// ListProps is a table with everything around it.
type ListProps struct {
	ID      string
	Caption string
	Columns []Column
	Rows    []TableRow
	Foot    []Cell

	Chips     []Chip
	ClearHref string
	Filter    *FilterProps
	Choice    *ColumnChoice
	Views     *SavedViews
	Selection *Selection

	// Shown and Total make the "n of N" line; CountText replaces it.
	Shown     int64
	Total     int64
	CountText string

	Previous string
	Next     string
	// CSV and XLSX lead to downloads of exactly what is shown, VCard to the contact cards of people.
	CSV   string
	XLSX  string
	VCard string

	// Empty is shown instead of the table when there are no rows.
	Empty *EmptyProps
}

func (p TableProps) id() string {
	return or(p.ID, "table")
}

func (p ListProps) id() string {
	return or(p.ID, "list")
}

func (p ListProps) table() TableProps {
	t := TableProps{ID: p.id() + "-table", Caption: p.Caption, Columns: p.Columns, Rows: p.Rows, Foot: p.Foot}
	if p.Selection != nil {
		t.selectName = or(p.Selection.Name, "id")
		t.selectForm = p.selectForm()
	}
	return t
}

func (p ListProps) selectForm() string {
	return p.id() + "-select"
}

func (r TableRow) label() string {
	if r.Label == "" && len(r.Cells) > 0 {
		return r.Cells[0].Text
	}
	return r.Label
}

// plain says whether a cell is words and nothing else.
func (c Cell) plain() bool {
	return c.Text != "" && c.Href == "" && c.Detail == "" && c.Content == nil && c.Edit == nil && len(c.Tags) == 0
}

func (p TableProps) numeric(i int) bool {
	return i < len(p.Columns) && p.Columns[i].Numeric
}

func sortAttr(s Sorting) templ.Attributes {
	return attrs("aria-sort", string(s))
}

func sortIcon(s Sorting) string {
	if s == Ascending {
		return "↑"
	}
	if s == Descending {
		return "↓"
	}
	return ""
}

func (c Chip) text() string {
	if c.Value == "" {
		return c.Label
	}
	return c.Label + " " + c.Value
}
