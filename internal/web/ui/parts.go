package ui

import (
	"time"

	"github.com/a-h/templ"
)

// TagProps is a short label on a thing: its state, its sort.
type TagProps struct {
	Label string
	Kind  Kind
}

// NoticeProps is a message about what just happened or what to know.
type NoticeProps struct {
	Kind  Kind
	Title string
	Text  string
	// Undo, when set, offers to take the change back.
	Undo *Action
	// Links lead on from here.
	Links []Link
}

// MenuProps is a closed list of actions behind one word.
type MenuProps struct {
	Label string
	Icon  string
	// IconOnly keeps the label for assistive technology alone.
	IconOnly bool
	Actions  []Action
}

// EmptyProps says what belongs here and how to begin.
type EmptyProps struct {
	Title   string
	Text    string
	Actions []Action
}

// TabsProps is a row of links to the parts of one thing.
type TabsProps struct {
	// Label names the row for assistive technology; "Sections" when empty.
	Label string
	Links []Link
}

// PagerProps leads to the neighbours of a page in a longer list; an empty address leaves a link out.
type PagerProps struct {
	Previous string
	Next     string
}

// ProgressProps shows how far something long has come.
type ProgressProps struct {
	// ID names the element so that it can replace itself while polling.
	ID    string
	Label string
	Done  int64
	// Total is zero when it is not known.
	Total int64
	// Text says what is happening now.
	Text string
	// Poll answers with this component again, every two seconds, until it comes without Poll.
	Poll string
	// Cancel stops the work.
	Cancel *Action
}

// SecretProps shows a secret that will not be shown again.
type SecretProps struct {
	ID     string
	Label  string
	Secret string
	// Help says what it is for and where to keep it.
	Help string
}

// QRProps is a scannable code with the address it holds in words.
type QRProps struct {
	// Src is a data: address or a path of this site.
	Src  string
	Alt  string
	Text string
}

// DateControlProps chooses the day a page is shown as of.
type DateControlProps struct {
	Action string
	// Name of the query value; "as-of" when empty.
	Name string
	// Day is YYYY-MM-DD; empty means today.
	Day string
	// Text is Day in words; shown in the banner when Day is set.
	Text string
	// TodayHref leads back to the present.
	TodayHref string
	// Hidden keeps the other filters of the address.
	Hidden []Hidden
	Min    string
	Max    string
}

// Fact is one line of a record.
type Fact struct {
	Label string
	Value string
	Href  string
	Lang  string
	// Content replaces Value where a text is not enough.
	Content templ.Component
	// VisibleTo names who can see this when that is not everyone in the collaborative.
	VisibleTo string
	// Note is a quiet second line: since when, from which source.
	Note string
}

// FactsProps is a list of facts under an optional heading.
type FactsProps struct {
	Heading string
	Facts   []Fact
	// EditHref leads to the form for these facts.
	EditHref string
}

// Change is one field before and after.
type Change struct {
	Field  string
	Before string
	After  string
}

// Entry is one thing that happened.
type Entry struct {
	When time.Time
	// WhenText replaces the formatted When.
	WhenText string
	Who      string
	What     string
	Href     string
	Icon     string
	Changes  []Change
	Content  templ.Component
	Undo     *Action
}

// TimelineProps is what happened to a thing, newest first.
type TimelineProps struct {
	Heading string
	Entries []Entry
	// Older leads to earlier entries.
	Older string
	// EmptyText stands in for no entries.
	EmptyText string
}

// RecordProps sets facts beside a timeline; related things follow as children.
type RecordProps struct {
	Facts    templ.Component
	Timeline templ.Component
}

// Row is one line of a plain list: when, what, and a state.
type Row struct {
	When   string
	Title  string
	Href   string
	Lang   string
	Detail string
	Tag    *TagProps
	Action *Action
}

// PanelProps is a bordered area with a heading of level two or three.
type PanelProps struct {
	Heading string
	Detail  string
	Minor   bool
	Actions []Action
}

// ConflictField is one field that two people changed.
type ConflictField struct {
	Name   string
	Label  string
	Base   string
	Theirs string
	Yours  string
	// KeepTheirs preselects their value; yours is preselected otherwise, so that nothing typed is lost.
	KeepTheirs bool
	// Same says both agree, and offers no choice.
	Same bool
}

// ConflictProps shows a stale edit: what they saved beside what you typed.
//
// The form posts <Name> with your value and keep.<Name> with "yours" or "theirs".
type ConflictProps struct {
	Action string
	Title  string
	// By and When tell who saved first.
	By     string
	When   string
	Fields []ConflictField
	// Hidden carries the version the choice is based on.
	Hidden []Hidden
	Cancel Link
}

func primary(a Action) Action {
	if a.Kind == Plain {
		a.Kind = Main
	}
	return a
}

func (p ProgressProps) percent() int {
	if p.Total <= 0 {
		return 0
	}
	return int(min(100, max(0, p.Done*100/p.Total)))
}

// noticeIcon picks the shape that says the kind without colour.
func noticeIcon(kind Kind) string {
	switch kind {
	case Good:
		return "check"
	case Warn, Bad, Due:
		return "alert"
	default:
		return "info"
	}
}

func noticeRole(kind Kind) string {
	if kind == Bad {
		return "alert"
	}
	return "status"
}
