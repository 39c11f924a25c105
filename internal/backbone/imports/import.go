// Package imports brings files into the record: whatever table people have, read
// row by row, compared with what is there, shown before anything changes, and
// taken back whole when it was a mistake.
//
// An import goes through states. Its file is received in parts and read into
// rows; somebody says what the columns mean; the rows are planned into records,
// each once, and every record is matched with what is there; what would change
// is shown, doubts are decided and bad cells mended; then the records are written
// in batches, through the same operations that pages use. The wizard, the
// command line and REST run the same operations, and background work runs the
// long parts, so an import can be left and returned to.
//
// It stands above the capabilities whose records it brings: a new kind of record
// is one more entry of the list in kinds.go.
package imports

import (
	"slices"
	"time"

	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// Kind names an import as a subject.
const ImportKind = "import"

// ID names an import.
type ID = id.Of[Import]

// TargetID names a record of any kind.
type TargetID = operation.EntryID

// The states of an import.
const (
	Receiving = "receiving" // parts of the file are still coming
	Reading   = "reading"   // background: the file becomes rows
	Choosing  = "choosing"  // the file holds several tables; somebody says which
	Mapping   = "mapping"   // somebody says what the columns mean
	Planning  = "planning"  // background: rows become records and are matched
	Preview   = "preview"   // somebody looks, decides and mends
	Running   = "running"   // background: records are written
	Done      = "done"
	Undoing   = "undoing" // background: the import is taken back
	Undone    = "undone"
	Cancelled = "cancelled"
	Failed    = "failed" // Problem says why
)

// States lists them, for words.
var States = []string{Receiving, Reading, Choosing, Mapping, Planning, Preview, Running, Done, Undoing, Undone, Cancelled, Failed}

// working are the states in which background work goes on by itself.
var working = []string{Reading, Planning, Running, Undoing}

// The actions planned for a record, and what became of it.
const (
	Create    = "create"
	Update    = "update"
	Unchanged = "unchanged"
	Doubt     = "doubt" // likely one that is there; somebody has to say
	Skip      = "skip"  // somebody said to leave it out
	Bad       = "error"
	Same      = "same" // the same as another record of the file
)

// Actions lists them, for words.
var Actions = []string{Create, Update, Unchanged, Doubt, Skip, Bad, Same}

// Import is one file on its way into the record.
type Import struct {
	ID           ID       `json:"id"`
	Kind         string   `json:"kind" doc:"What its rows become; empty until that is known."`
	State        string   `json:"state"`
	FileName     string   `json:"file_name"`
	Size         int64    `json:"size" doc:"Of the file, in bytes."`
	Received     int64    `json:"received" doc:"Parts of the file that have arrived."`
	File         File     `json:"file"`
	Plan         Plan     `json:"plan"`
	Counts       Counts   `json:"counts"`
	Done         int64    `json:"done" doc:"How far the present step has come."`
	Total        int64    `json:"total" doc:"How far it has to go; 0 when that is not known."`
	Problem      *Message `json:"problem,omitempty" doc:"Why it stopped."`
	worker       ID       // a pass of background work, named by an id of its own
	workingUntil time.Time
	// Account is on whose behalf background work goes on.
	Account    operation.AccountID `json:"-"`
	By         string              `json:"by" doc:"Who brought it."`
	Version    int64               `json:"version"`
	CreatedAt  time.Time           `json:"created_at"`
	UpdatedAt  time.Time           `json:"updated_at"`
	BeganAt    *time.Time          `json:"began_at,omitempty" doc:"When the present step began."`
	FinishedAt *time.Time          `json:"finished_at,omitempty"`
}

// CurrentVersion is what REST makes an ETag of.
func (i Import) CurrentVersion() int64 { return i.Version }

// Subject is the import as the door sees it.
func (i Import) Subject() operation.Subject { return operation.Subject{Kind: ImportKind, ID: i.ID} }

// Working says whether background work goes on with it by itself.
func (i Import) Working() bool { return slices.Contains(working, i.State) }

// Open says whether its plan can still change.
func (i Import) Open() bool {
	return slices.Contains([]string{Choosing, Mapping, Preview}, i.State)
}

// Message is a message of the catalogue with its arguments.
type Message struct {
	Key  string         `json:"key"`
	Args map[string]any `json:"args,omitempty"`
}

// File is what was found in the file.
type File struct {
	Format   string  `json:"format,omitempty" doc:"csv, tsv, xlsx, ods, zip, json, vcard or icalendar."`
	Encoding string  `json:"encoding,omitempty"`
	Sure     bool    `json:"sure,omitempty" doc:"Whether there is no doubt about the encoding."`
	Source   string  `json:"source,omitempty" doc:"The program it was recognised to come from; empty for none in particular."`
	Tables   []Table `json:"tables,omitempty"`
	// Head is what the file says of all its rows, by field, in a table of its own:
	// the title and the hour of the meeting a report is about.
	Head  map[string]string `json:"head,omitempty" doc:"What the file says of all its rows, by field."`
	Notes []Message         `json:"notes,omitempty"`
	// Columns are those of the chosen tables.
	Columns []Column `json:"columns,omitempty"`
	Rows    int64    `json:"rows,omitempty"`
}

// Table is one table of the file.
type Table struct {
	Name       string   `json:"name"`
	Columns    []string `json:"columns"`
	HeaderRow  int64    `json:"header_row,omitempty" doc:"The row in which the names of its columns begin; 0 where no row holds them."`
	HeaderRows int      `json:"header_rows,omitempty" doc:"How many rows they take."`
}

// Column is one column of the chosen table.
type Column struct {
	Name     string   `json:"name"`
	Filled   int64    `json:"filled" doc:"Rows with something in it."`
	Samples  []string `json:"samples,omitempty" doc:"A few different values."`
	Longest  int      `json:"longest" doc:"Characters of the longest value."`
	Findings []Damage `json:"findings,omitempty" doc:"What a spreadsheet did to it."`
}

// Damage is one way in which values of a column were spoiled, and the rules by
// which they can be mended.
type Damage struct {
	Kind     string   `json:"kind"`
	Count    int64    `json:"count"`
	Lost     int64    `json:"lost,omitempty" doc:"How many of them no rule can mend."`
	Examples []string `json:"examples,omitempty"`
	Rules    []string `json:"rules,omitempty" doc:"The rules somebody can choose from."`
}

// Plan is how the file is to be read: chosen by somebody, or offered.
type Plan struct {
	Tables []int `json:"tables,omitempty" doc:"Which tables, by their place in the file; those with the same columns, or of one program, are read as one."`
	// Fields holds the field each column goes into, by the column's place: a
	// field's id, "new:" and a label for a new field of the collaborative's own,
	// or "" to leave the column out.
	Fields []string `json:"fields,omitempty" maxItems:"16384"`
	// Rules holds the rule by which a column's values are mended, by place.
	Rules map[string]string `json:"rules,omitempty" maxItems:"1000"`
	// Fixed are values every row gets, by field, such as the body of its seats.
	Fixed map[string]string `json:"fixed,omitempty" maxItems:"100"`
	// Clear says that an empty cell empties the field.
	Clear bool `json:"clear,omitempty" doc:"Empty cells empty the field; otherwise they leave the old value."`
	// Replace are values to be read as others, by the column's place: what
	// somebody mended once for every row.
	Replace map[string]map[string]string `json:"replace,omitempty"`
	// Encoding and Delimiter are how somebody said a text file is to be read;
	// empty where that was found out.
	Encoding  string `json:"encoding,omitempty"`
	Delimiter string `json:"delimiter,omitempty"`
	// HeaderRow and HeaderRows are where somebody said that the names of the
	// columns stand; HeaderRow is 0 where that was found out.
	HeaderRow  int64 `json:"header_row,omitempty"`
	HeaderRows int   `json:"header_rows,omitempty"`
	// Mapping is the name the plan is saved under for the next file.
	Mapping string `json:"mapping,omitempty"`
	// Saved says that the plan comes from an earlier file with these columns.
	Saved bool `json:"saved,omitempty"`
	// Made are the fields of the collaborative's own that were added for new
	// columns: their keys by label.
	Made map[string]string `json:"made,omitempty"`
}

// Counts are rows and records by what is to happen to them.
type Counts struct {
	Rows     int64            `json:"rows"`
	BadRows  int64            `json:"bad_rows" doc:"Rows with a cell that cannot be taken."`
	Actions  map[string]int64 `json:"actions,omitempty" doc:"Records of the file by action."`
	Beside   map[string]int64 `json:"beside,omitempty" doc:"Records it names beside its own that will be created, by kind."`
	Spare    map[string]int64 `json:"spare,omitempty" doc:"Values that a record has no room for beside its first, by field: they stay in the file."`
	Doubts   int64            `json:"doubts" doc:"Records somebody has to decide about."`
	Applied  int64            `json:"applied" doc:"Records created or changed."`
	Refused  int64            `json:"refused" doc:"Records that could not be written after all."`
	Undone   int64            `json:"undone" doc:"Changes taken back."`
	LeftOver int64            `json:"left_over" doc:"Changes left alone when it was taken back, since somebody changed the record later."`
}
