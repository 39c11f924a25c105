package directory

import (
	"time"

	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/search"
)

// BodyKind names a body as a subject.
const BodyKind = "body"

// BodyID names a body.
type BodyID = id.Of[Body]

// Body is a group that meets and decides: the leadership table, an executive
// committee, a working group.
type Body struct {
	ID       BodyID `json:"id" audit:"-"`
	Name     string `json:"name"`
	Kind     string `json:"kind"`
	ParentID BodyID `json:"parent_id,omitempty" audit:"-" doc:"The body it reports to; absent for none."`
	Parent   string `json:"parent,omitempty" doc:"That body's name."`
	State    string `json:"state"`
	Purpose  string `json:"purpose"`
	Charter  string `json:"charter" doc:"What it may do, how it is composed, how it works."`
	// A quorum is a number of voting seats or a percentage of the filled ones; 0 means none.
	Quorum         int64  `json:"quorum"`
	QuorumUnit     string `json:"quorum_unit"`
	DecisionMethod string `json:"decision_method" doc:"How it decides unless it says otherwise."`
	Cadence        string `json:"cadence" doc:"How often it meets."`
	// Seats and Filled are how many seats there are on the day asked about and
	// how many of them somebody holds; Voting and VotingFilled the same of those
	// with a vote.
	Seats        int64      `json:"seats" audit:"-"`
	Filled       int64      `json:"filled" audit:"-"`
	Voting       int64      `json:"voting" audit:"-"`
	VotingFilled int64      `json:"voting_filled" audit:"-"`
	History      []Period   `json:"history,omitempty" audit:"-" doc:"Every state with its days, the oldest first; only a single record has it."`
	Version      int64      `json:"version" audit:"-"`
	CreatedAt    time.Time  `json:"created_at" audit:"-"`
	UpdatedAt    time.Time  `json:"updated_at" audit:"-"`
	DeletedAt    *time.Time `json:"deleted_at,omitempty" audit:"-" doc:"When it was put in the trash."`

	sortKey []byte // of the row read, for the cursor of a list
}

// BodyKinds are the types a body may be of. The first three carry this place's
// own words; the others have standard ones.
var BodyKinds = []string{"leadership_table", "executive_committee", "working_group", "advisory_group", "community_group", "task_force", "board", "other"}

// BodyStates are the states of a body, in the order it goes through them.
var BodyStates = []string{"proposed", "chartered", "active", "paused", "closed"}

// DecisionMethods are the ways a body decides.
var DecisionMethods = []string{"consensus", "consent", "majority", "supermajority", "delegated"}

// Cadences are how often a body meets.
var Cadences = []string{"weekly", "every_two_weeks", "monthly", "every_two_months", "quarterly", "twice_a_year", "yearly", "as_needed"}

// QuorumUnits are what a quorum counts: voting seats, or per cent of those filled.
var QuorumUnits = []string{"seats", "percent"}

// Subject is the body as the door sees it.
func (b Body) Subject() operation.Subject { return bodySubject(b.ID) }

func bodySubject(i BodyID) operation.Subject { return operation.Subject{Kind: BodyKind, ID: i} }

// CurrentVersion is what REST makes an ETag of.
func (b Body) CurrentVersion() int64 { return b.Version }

// BodyInput is a new body.
type BodyInput struct {
	Name           string `json:"name" required:"true" maxLength:"200"`
	Kind           string `json:"kind,omitempty" enum:"leadership_table,executive_committee,working_group,advisory_group,community_group,task_force,board,other" doc:"working_group when absent."`
	ParentID       BodyID `json:"parent_id,omitempty" doc:"The body it reports to."`
	State          string `json:"state,omitempty" enum:"proposed,chartered,active,paused,closed" doc:"active when absent."`
	Since          string `json:"since,omitempty" format:"date" doc:"The day its state began; today when absent."`
	Purpose        string `json:"purpose,omitempty" maxLength:"2000" text:"lines"`
	Charter        string `json:"charter,omitempty" maxLength:"20000" text:"lines"`
	Quorum         int64  `json:"quorum,omitempty" minimum:"0" maximum:"1000"`
	QuorumUnit     string `json:"quorum_unit,omitempty" enum:"seats,percent" doc:"seats when absent."`
	DecisionMethod string `json:"decision_method,omitempty" enum:"consensus,consent,majority,supermajority,delegated"`
	Cadence        string `json:"cadence,omitempty" enum:"weekly,every_two_weeks,monthly,every_two_months,quarterly,twice_a_year,yearly,as_needed"`
}

// BodyPatch changes the fields that are given and leaves the others.
type BodyPatch struct {
	ID             BodyID  `json:"id"`
	Version        int64   `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	Name           *string `json:"name,omitempty" maxLength:"200"`
	Kind           *string `json:"kind,omitempty" enum:"leadership_table,executive_committee,working_group,advisory_group,community_group,task_force,board,other"`
	ParentID       *BodyID `json:"parent_id,omitempty"`
	State          *string `json:"state,omitempty" enum:"proposed,chartered,active,paused,closed"`
	Since          string  `json:"since,omitempty" format:"date" doc:"The day a new state began; today when absent."`
	Purpose        *string `json:"purpose,omitempty" maxLength:"2000" text:"lines"`
	Charter        *string `json:"charter,omitempty" maxLength:"20000" text:"lines"`
	Quorum         *int64  `json:"quorum,omitempty" minimum:"0" maximum:"1000"`
	QuorumUnit     *string `json:"quorum_unit,omitempty" enum:"seats,percent"`
	DecisionMethod *string `json:"decision_method,omitempty" enum:"consensus,consent,majority,supermajority,delegated"`
	Cadence        *string `json:"cadence,omitempty" enum:"weekly,every_two_weeks,monthly,every_two_months,quarterly,twice_a_year,yearly,as_needed"`
}

// checkQuorum refuses a share above the whole.
func checkQuorum(quorum int64, unit string) error {
	if unit == "percent" && quorum > 100 {
		return operation.InvalidField("quorum", "errors.maximum", map[string]any{"Maximum": 100})
	}
	return nil
}

// tidy gives a body its defaults.
func (b *Body) tidy() {
	if b.Kind == "" {
		b.Kind = "working_group"
	}
	if b.State == "" {
		b.State = "active"
	}
	if b.QuorumUnit == "" {
		b.QuorumUnit = "seats"
	}
}

// document is what search keeps of it.
func (b Body) document() search.Document {
	return search.Document{Kind: BodyKind, ID: b.ID, Title: b.Name, Fields: []search.Field{
		{Rank: search.InOpen, Text: b.Purpose},
		{Rank: search.InOpen, Text: b.Charter},
	}}
}
