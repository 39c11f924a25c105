package imports

import (
	"iter"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

// Values are what is given of one record, by field. Several values of a field
// stand in lines of their own. A value of a field that refers to another record
// of the file is "#" and that record's number until it has an id.
type Values map[string]string

// FieldType says how the text of a cell is read.
type FieldType string

// The types of fields.
const (
	TextType   FieldType = "text"
	LinesType  FieldType = "lines"
	EmailType  FieldType = "email"
	LinkType   FieldType = "link"
	DateType   FieldType = "date"
	YesNoType  FieldType = "yes_no"
	NumberType FieldType = "number"
	ChoiceType FieldType = "choice"
)

// Field is something a kind of record can be given from a file.
type Field struct {
	ID   string    `json:"id"`
	Type FieldType `json:"type"`
	// Label is its name: a message of the catalogue, or the label itself of a
	// field of the collaborative's own.
	Label string `json:"label"`
	Own   bool   `json:"own,omitempty" doc:"Whether it is a field the collaborative added."`
	Many  bool   `json:"many,omitempty" doc:"Whether one cell may hold several values."`
	// Refers is the kind of record it names, "" for none.
	Refers string `json:"refers,omitempty"`
	// Choices are the values of a choice with the words that stand for each,
	// folded.
	Choices func() map[string][]string `json:"-"`
	// Most is how many characters it may have.
	Most int `json:"-"`
	// Guarded says that a file never changes it once it says something: what
	// somebody decided stays decided.
	Guarded bool `json:"-"`
	// Once says that it matters only when a record is made, such as the first day
	// of a seat.
	Once bool `json:"-"`
	// Fixable says that every row of a file may well have the same value, which
	// the file then does not say.
	Fixable bool `json:"fixable,omitempty"`
	// Timed says that it holds times, which its kind reads as a report writes them.
	Timed bool `json:"-"`
	// Passing says that a value every row gets holds for this file alone.
	Passing bool `json:"-"`
	// Also are further names of it in the catalogue: headings of our own lists.
	Also []string `json:"-"`
	// Named are values for which a place may have words of its own.
	Named []string `json:"-"`
	// Read brings text into the form that is stored, where its type alone does
	// not say how; it returns the key of a message for what it cannot read.
	Read func(text string) (value, fault string) `json:"-"`
	// Aliases are headings that mean it, folded, in three languages.
	Aliases []string `json:"-"`
	// own is the collaborative's field behind it.
	own *directory.Field
}

// several says whether more than one column may go into the field: one that takes
// several values or lines, a wish that holds when any column says so, and the
// telephone, of which programs have many and we keep the first.
func (f Field) several() bool {
	return f.Many || f.Type == LinesType || f.Guarded || f.ID == "phone"
}

// Role is a record that a row names beside its own: the organization of a
// person, the body of a seat.
type Role struct {
	// Kind is what it is; Field is where the row's own record refers to it.
	Kind, Field string
	// Take makes what the row says of it, nil when it says nothing. Others holds
	// the references already made for the row, by field.
	Take func(row Values, others map[string]string) Values
	// Alone says that a row is about this record and none of the file's own kind;
	// nil never does.
	Alone func(row Values) bool
}

// Kind is a sort of record that the rows of a file can become.
type Kind struct {
	ID string
	// Needs are the operations an actor must be able to run to bring it.
	Needs []string
	// Owner is the kind of record whose own fields belong to it, "" for none.
	Owner string
	// Waits says that it can be read, checked and previewed but not yet loaded.
	Waits bool
	Roles []Role
	// Fields lists what can be given, without the collaborative's own.
	Fields []Field
	// Tidy completes what a row says: a full name becomes given and family name.
	Tidy func(v Values)
	// Check says what is wrong with a row as a whole, by field.
	Check func(v Values) []Fault
	// Split parts what a row says into what it says of each of several records; nil
	// where a row is about one.
	Split func(v Values) []Values
	// Sorts reads what is needed to tell of which kind the records are that a row
	// names, where the row leaves that open. The function it returns puts their
	// names where the roles look for them.
	Sorts func(c *operation.Call) (func(v Values), error)
	// Beside says that files name such records but are never about them.
	Beside bool
	// Ready looks through the rows before they become records. The function it
	// returns completes what a row says, as Tidy does, by what the others say, and
	// says what is wrong with it; it finds the number of the row under "_line".
	Ready func(c *operation.Call, i Import, rows func(func(v Values)) error) (func(v Values) []Fault, error)
	// Told says what a person should know of the planned records before anything is
	// written.
	Told func(c *operation.Call, i Import) ([]Message, error)
	// Title is what the record is called in lists.
	Title func(v Values) string
	// Keys are what makes two rows of a file, or a row and a record, certainly
	// the same, the surest first; the last is also what decisions are remembered
	// by. A key has its sort in front: "email:…", "name:…".
	Keys func(v Values) []string
	// Matcher reads what is there to compare with.
	Matcher func(c *operation.Call) (Matcher, error)
	// Current is what records have now, by id, for comparing and showing.
	Current func(c *operation.Call, ids []TargetID) (map[TargetID]Current, error)
	// Detail is what tells a record from others of its name; nil tells nothing.
	Detail func(now Current) string
	// Soften changes what a row says of a record that was matched: a name spelled
	// otherwise becomes another name and does not replace the one that is there,
	// unless the match is sure. Nil changes nothing.
	Soften func(given Values, now Current, sure bool)
	// Create adds a record and returns its id, title and version.
	Create func(c *operation.Call, v Values) (Written, error)
	// CreateSeveral adds the new records of a page at once, before any other is changed,
	// and answers in their order; nil where Create adds one after another.
	CreateSeveral func(c *operation.Call, all []Values) ([]Written, error)
	// Update changes a record; change holds the fields that change.
	Update func(c *operation.Call, target TargetID, change Values) (Written, error)
	// Page is how many records one transaction writes; 0 is pageWrites. It is for
	// records that take many rows each.
	Page int
	// Noted is told of every record that was written, with all the file says of it;
	// nil where nothing beside the record is kept.
	Noted func(c *operation.Call, given Values, target TargetID) error
	// Undo takes back exactly what was done to a record.
	Undo directory.Reversible
}

// Current is a record as it is.
type Current struct {
	Title   string
	Version int64
	Values  Values
	// Shown says how values that are not words of their own are shown, such as
	// the name of an organization for its id.
	Shown map[string]string
}

// Written is a record after it was written.
type Written struct {
	ID      TargetID
	Title   string
	Version int64
}

// Match is what a record of the file was found to be.
type Match struct {
	// Rule says why, as the last part of a key "import.rule_…".
	Rule  string `json:"rule"`
	Score int64  `json:"score,omitempty" doc:"How likely it is the same, in thousandths; 0 where a rule decided."`
	// Candidates are what it may be, the likeliest first.
	Candidates []Candidate `json:"candidates,omitempty"`
}

// Candidate is a record it may be the same as.
type Candidate struct {
	// Target is the record; Record is a number instead where it is another
	// record of the file.
	Target TargetID `json:"target,omitempty"`
	Record int64    `json:"record,omitempty"`
	Title  string   `json:"title"`
	Detail string   `json:"detail,omitempty"`
	Score  int64    `json:"score,omitempty"`
	// Reasons are codes with their words; see analysis/resemblance.
	Reasons []Reason `json:"reasons,omitempty"`
}

// Reason is one thing that speaks for or against two records being the same.
type Reason struct {
	Code string   `json:"code"`
	Args []string `json:"args,omitempty"`
}

// Asked is a record of the file to be matched.
type Asked struct {
	Record int64
	Given  Values
	Keys   []string
	// Beside says that rows only name it, beside records of their own.
	Beside bool
}

// Found is the answer: an existing record, several it may be, or neither.
type Found struct {
	Target TargetID
	Match  Match
}

// Matcher finds records among those that are there. It holds them in memory and
// never changes.
type Matcher interface {
	// Find answers for each of several records, in order. What a candidate is
	// called may be left to be read from the kind's Current and Detail.
	Find(asked []Asked) []Found
	// Alike finds pairs among the records of the file themselves, the earlier
	// one first.
	Alike(asked iter.Seq[Asked]) []Pair
}

// Pair is two records of the file that are, or may be, the same.
type Pair struct {
	First, Second int64
	Certain       bool
	Score         int64
	Reasons       []Reason
}

// Fault is what is wrong with a cell.
type Fault struct {
	// Column is the place of the column, -1 when the row as a whole is meant;
	// Field is the field it was to fill.
	Column int            `json:"column"`
	Field  string         `json:"field,omitempty"`
	Key    string         `json:"key"`
	Args   map[string]any `json:"args,omitempty"`
}

// Change is a field before and after.
type Change struct {
	Field string `json:"field"`
	Old   string `json:"old"`
	New   string `json:"new"`
	// Value is what is stored, where New is only how it is shown.
	Value string `json:"value,omitempty"`
}
