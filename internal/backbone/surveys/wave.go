package surveys

import (
	"slices"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// The kinds of subject.
const (
	Kind           = "survey-wave"
	InstrumentKind = "survey-instrument"
)

// WaveID names a wave; InstrumentID an edition of an instrument.
type (
	WaveID       = id.Of[Wave]
	InstrumentID = id.Of[Held]
)

// The modes of a wave: who can know who answered what.
const (
	Named        = "named"        // the backbone's staff read answers with names
	Confidential = "confidential" // the program knows, and no person is shown
	Anonymous    = "anonymous"    // the program does not know
)

// Modes lists those that can be chosen, by catalogue key "survey_modes.…".
var Modes = []string{Named, Confidential, Anonymous}

// The states of a wave.
const (
	Draft    = "draft"
	Open     = "open"
	Closed   = "closed"
	Released = "released"
)

// States lists them, by catalogue key "survey_states.…".
var States = []string{Draft, Open, Closed, Released}

// next are the states that may follow one. What was released stays so: a figure that was
// seen cannot be taken back, and the difference to a second one would tell of single
// answers.
var next = map[string][]string{Draft: {Open}, Open: {Closed, Draft}, Closed: {Open, Released}}

// Follows says whether a state may follow another.
func Follows(from, to string) bool { return slices.Contains(next[from], to) }

const (
	mostInvited = 5000
	mostRoster  = 800
)

// Wave is an instrument asked of some people at one time.
type Wave struct {
	ID            WaveID     `json:"id" audit:"-"`
	Title         string     `json:"title"`
	InstrumentKey string     `json:"instrument_key" doc:"Which instrument it asks."`
	Edition       int64      `json:"edition" doc:"Which edition of it."`
	Instrument    string     `json:"instrument,omitempty" audit:"-" doc:"The instrument's title, in your language where it has it."`
	Languages     []string   `json:"languages" doc:"In which it is asked."`
	Mode          string     `json:"mode" doc:"named, confidential or anonymous."`
	OpensOn       string     `json:"opens_on,omitempty" doc:"First day on which answers are taken; absent when it is the day it is opened."`
	ClosesOn      string     `json:"closes_on,omitempty" doc:"Last day, as those invited are told; absent when it is closed by hand."`
	GraceDays     int64      `json:"grace_days" doc:"For how many days after that late answers are taken."`
	RemindEvery   int64      `json:"remind_every" doc:"Days between letters to those who have not answered; 0 writes none by itself."`
	RemindMost    int64      `json:"remind_most" doc:"How many reminders one person gets at most."`
	ClosedOn      string     `json:"closed_on,omitempty" audit:"-" doc:"The day on which it was closed."`
	Drawn         bool       `json:"drawn" audit:"-" doc:"Whether the network map draws, once it is released, which organizations were ticked by which; those asked are told before they answer."`
	FollowsID     WaveID     `json:"follows_id,omitempty" audit:"-" doc:"The earlier wave it is compared with."`
	Evergreen     bool       `json:"evergreen,omitempty" doc:"Whether it stays open, and whoever answered comes back to change whom they ticked and how they rated."`
	AskAgain      int64      `json:"ask_again,omitempty" doc:"Of an evergreen wave: after how many months whoever answered is asked whether that is still true; 0 asks nobody."`
	SnapshotOf    WaveID     `json:"snapshot_of,omitempty" audit:"-" doc:"The evergreen wave whose figures it is."`
	ForEvaluator  bool       `json:"for_evaluator" doc:"Whether a de-identified file may go to an evaluator under an agreement; everybody who answers is told."`
	State         string     `json:"state" doc:"draft, open, closed or released."`
	Invited       int64      `json:"invited" audit:"-" doc:"How many are invited."`
	Answered      int64      `json:"answered" audit:"-" doc:"How many of them have answered; of an anonymous wave that is open, how many were given a slip to answer with."`
	Version       int64      `json:"version" audit:"-"`
	CreatedAt     time.Time  `json:"created_at" audit:"-"`
	UpdatedAt     time.Time  `json:"updated_at" audit:"-"`
	DeletedAt     *time.Time `json:"deleted_at,omitempty" audit:"-" doc:"When it was put in the trash."`
	// What one wave that is read tells beside.
	Progress []Progress     `json:"progress,omitempty" audit:"-" doc:"How many of whom have answered; only when one wave is read."`
	People   []Invitee      `json:"people,omitempty" audit:"-" doc:"Who is invited; only when one wave is read."`
	File     *EvaluatorFile `json:"file,omitempty" audit:"-" doc:"What became of the file for evaluators; only when one wave is read."`
	// Thin warns of an anonymous wave.
	Thin bool `json:"thin,omitempty" audit:"-" doc:"Whether so few are invited to an anonymous wave that answers could be guessed; only when one wave is read."`
	// Cuts is by what figures can be told.
	Cuts    []string `json:"cuts,omitempty" audit:"-" doc:"By what its figures can be told once they are released; only when one wave is read that is closed."`
	MayEdit bool     `json:"may_edit,omitempty" audit:"-" doc:"Whether you may change it; only when one wave is read."`

	content Instrument
}

// Subject is the wave as the door sees it.
func (w Wave) Subject() operation.Subject { return subject(w.ID) }

func subject(i WaveID) operation.Subject { return operation.Subject{Kind: Kind, ID: i} }

// CurrentVersion is what REST makes an ETag of.
func (w Wave) CurrentVersion() int64 { return w.Version }

// Name is the wave's title.
func (w Wave) Name() string { return w.Title }

// Marked says whether its instrument has ticks that are to be drawn on the network map.
func (w *Wave) Marked() bool {
	_, marked := w.content.drawn()
	return marked
}

// draws says whether the network map draws who ticked whom. In an anonymous wave nobody
// knows whose a tick is.
func (w *Wave) draws() bool {
	return w.Marked() && w.Mode != Anonymous
}

// tell names the instrument in the reader's language, and says what is drawn.
func (w *Wave) tell(c *operation.Call) {
	w.Drawn = w.draws()
	w.Instrument = w.content.Title.In(i18n.Language(c.Context()), c.Collaborative.Language)
}

// lastDay is the last day on which answers are taken, with the grace; "" for no end.
func (w Wave) lastDay() string {
	day, err := time.Parse(time.DateOnly, w.ClosesOn)
	if err != nil {
		return ""
	}
	return day.AddDate(0, 0, int(w.GraceDays)).Format(time.DateOnly)
}

// takes says whether answers are taken on a day.
func (w Wave) takes(today string) bool {
	return w.State == Open && w.DeletedAt == nil && w.OpensOn <= today && (w.ClosesOn == "" || today <= w.lastDay())
}

// Invitee is somebody who is invited. Whether they answered is told to nobody.
type Invitee struct {
	PersonID       directory.PersonID       `json:"person_id"`
	Person         string                   `json:"person"`
	OrganizationID directory.OrganizationID `json:"organization_id,omitempty" doc:"Whom they belonged to when the wave was opened."`
	Organization   string                   `json:"organization,omitempty"`
	Sector         string                   `json:"sector,omitempty"`
	Bodies         []InBody                 `json:"bodies,omitempty" doc:"In which groups they held a seat then."`
	Kinds          []string                 `json:"kinds,omitempty" doc:"What kinds of organization it was then."`
	MemberBand     string                   `json:"member_band,omitempty" doc:"For how many years it had been a member then: 0, 1, 3 or 6, and more up to the next; absent where it was none."`

	id       id.Of[inviteeRow]
	wave     WaveID
	declined string // the day on which they said they would rather not
	letters  int64
	told     string // the day of the last letter
	gone     bool   // the person lies in the trash
}

type inviteeRow struct{}

// InBody is a seat somebody held when the wave was opened.
type InBody struct {
	BodyID directory.BodyID `json:"body_id"`
	Body   string           `json:"body"`
	Role   string           `json:"role"`
}

// Entry is an organization or a person that a roster question asks about.
type Entry struct {
	Key            string // its id in answers
	PersonID       directory.PersonID
	OrganizationID directory.OrganizationID
	Name           string
	Sector         string
	Added          string // the day on which it was added to an evergreen wave; empty from the beginning
	New            bool   // added since whoever looks kept their answers last
}

// Of says which roster it is in.
func (e Entry) Of() string {
	if e.PersonID.IsZero() {
		return OfOrganizations
	}
	return OfPeople
}

// Progress is how many of an organization's people have answered, or were given a slip
// where answers are anonymous. The small ones stand
// together in the last line, which has no organization.
type Progress struct {
	Organization string `json:"organization,omitempty" doc:"Absent for those too small to stand alone, taken together."`
	Invited      int64  `json:"invited"`
	Answered     int64  `json:"answered"`
}

// progress counts by organization. Whoever has fewer people invited than the minimum is
// counted with the other small ones, and with the smallest that is not where those are
// still too few: what is left of the total would tell of them.
func progress(people []Invitee, answered map[id.Of[inviteeRow]]bool, minimum int64) []Progress {
	counts := map[string]*Progress{}
	for _, p := range people {
		at := p.OrganizationID.String()
		if counts[at] == nil {
			counts[at] = &Progress{Organization: p.Organization}
		}
		counts[at].Invited++
		if answered[p.id] {
			counts[at].Answered++
		}
	}
	var out []Progress
	for _, p := range counts {
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b Progress) int {
		if a.Invited != b.Invited {
			return int(b.Invited - a.Invited)
		}
		if a.Organization < b.Organization {
			return -1
		}
		return 1
	})
	shown := len(out)
	var rest Progress
	for shown > 0 && (out[shown-1].Invited < minimum || out[shown-1].Organization == "" || rest.Invited > 0 && rest.Invited < minimum) {
		shown--
		rest.Invited, rest.Answered = rest.Invited+out[shown].Invited, rest.Answered+out[shown].Answered
	}
	out = slices.Clone(out[:shown])
	slices.SortFunc(out, func(a, b Progress) int {
		if a.Organization < b.Organization {
			return -1
		}
		return 1
	})
	if rest.Invited > 0 && shown > 0 {
		out = append(out, rest)
	}
	return out
}
