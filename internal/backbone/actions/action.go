package actions

import (
	"time"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/search"
)

// ID names an action.
type ID = id.Of[Action]

// The states of an action.
const (
	Open        = "open"
	Done        = "done"
	Dropped     = "dropped" // given up, with a reason
	CarriedOver = "carried" // to a later day, where it is an action of its own
)

// States lists them, by catalogue key "action_states.…".
var States = []string{Open, Done, Dropped, CarriedOver}

// noDay stands for no day in the order of lists: those without one come last.
const noDay = "9999-12-31"

// Action is something somebody promised to do.
type Action struct {
	ID                  ID                       `json:"id" audit:"-"`
	Text                string                   `json:"text" doc:"What is to be done."`
	Note                string                   `json:"note,omitempty"`
	OwnerPersonID       directory.PersonID       `json:"owner_person_id,omitempty" audit:"-" doc:"Who promised it: a person or an organization."`
	OwnerOrganizationID directory.OrganizationID `json:"owner_organization_id,omitempty" audit:"-"`
	Owner               string                   `json:"owner,omitempty" doc:"Their name; a name alone where they are not on record."`
	DueOn               string                   `json:"due_on,omitempty" doc:"The last day on which doing it keeps the word, YYYY-MM-DD; absent when none was set."`
	MeetingID           convening.MeetingID      `json:"meeting_id,omitempty" audit:"-" doc:"The meeting it was agreed in."`
	Meeting             string                   `json:"meeting,omitempty" audit:"-"`
	ItemID              convening.ItemID         `json:"item_id,omitempty" audit:"-" doc:"The agenda item it came from."`
	AgreedOn            string                   `json:"agreed_on" doc:"The day it was taken on."`
	GivenByID           directory.PersonID       `json:"given_by_id,omitempty" audit:"-"`
	GivenBy             string                   `json:"given_by,omitempty" audit:"-" doc:"Who wrote it down."`
	State               string                   `json:"state" doc:"open, done, dropped or carried."`
	EndedOn             string                   `json:"ended_on,omitempty" doc:"The day it was done, dropped or carried over."`
	EndedAt             *time.Time               `json:"ended_at,omitempty" audit:"-"`
	EndedBy             string                   `json:"ended_by,omitempty" audit:"-" doc:"Who said so."`
	Reason              string                   `json:"reason,omitempty" doc:"Why it was dropped."`
	CarriedFrom         ID                       `json:"carried_from,omitempty" audit:"-" doc:"The action this one goes on with."`
	CarriedTo           ID                       `json:"carried_to,omitempty" audit:"-" doc:"The action that goes on with this one."`
	// Disowned says that its owner told the backbone that it is not theirs.
	Disowned    bool       `json:"disowned,omitempty" doc:"Whether its owner says that it is not theirs."`
	DisownedAt  *time.Time `json:"disowned_at,omitempty" audit:"-"`
	DisownedWhy string     `json:"disowned_why,omitempty" doc:"What they said; only for those who may edit it."`
	Version     int64      `json:"version" audit:"-"`
	CreatedAt   time.Time  `json:"created_at" audit:"-"`
	UpdatedAt   time.Time  `json:"updated_at" audit:"-"`
	DeletedAt   *time.Time `json:"deleted_at,omitempty" audit:"-" doc:"When it was put in the trash."`
	// What whoever reads it may do with it; said of one action that is read, not of
	// those in a list.
	MayEdit   bool `json:"may_edit,omitempty" audit:"-" doc:"Whether you may change it; only when one action is read."`
	MaySettle bool `json:"may_settle,omitempty" audit:"-" doc:"Whether you may say what became of it; only when one action is read."`
}

// Subject is the action as the door sees it.
func (a Action) Subject() operation.Subject { return subject(a.ID) }

func subject(i ID) operation.Subject     { return operation.Subject{Kind: Kind, ID: i} }
func wordSubject(i ID) operation.Subject { return operation.Subject{Kind: wordKind, ID: i} }

// CurrentVersion is what REST makes an ETag of.
func (a Action) CurrentVersion() int64 { return a.Version }

// Title is the beginning of what is to be done.
func (a Action) Title() string {
	for k, r := range a.Text {
		if r == '\n' || k > 80 {
			return a.Text[:k]
		}
	}
	return a.Text
}

// Overdue says whether it is open and its day is over.
func (a Action) Overdue(today string) bool {
	return a.State == Open && a.DueOn != "" && a.DueOn < today
}

// dueOrder is where it stands in the order of lists.
func (a Action) dueOrder() string {
	if a.DueOn == "" {
		return noDay
	}
	return a.DueOn
}

// visibleTo leaves what the owner told the backbone to those who may edit it.
func (a Action) visibleTo(c *operation.Call) Action {
	if a.DisownedWhy != "" && !c.CanOn("actions.edit", a.Subject()) {
		a.DisownedWhy = ""
	}
	return a
}

// document is what search keeps of it. The note is not among it: when a person is
// erased, notes lose their name, and the index would keep it.
func (a Action) document() search.Document {
	return search.Document{Kind: Kind, ID: a.ID, Title: a.Title(), Detail: a.DueOn, Fields: []search.Field{{Rank: search.InOpen, Text: a.Text}}}
}

// Input is a new action. Whoever was without a connection gives it an id of their
// own, so that sending it twice notes it once.
type Input struct {
	ID                  ID                       `json:"id,omitempty" doc:"An id of your own (UUIDv7), so that sending it again changes nothing; made when absent."`
	Text                string                   `json:"text" required:"true" maxLength:"500" text:"lines"`
	Note                string                   `json:"note,omitempty" maxLength:"5000" text:"lines"`
	OwnerPersonID       directory.PersonID       `json:"owner_person_id,omitempty"`
	OwnerOrganizationID directory.OrganizationID `json:"owner_organization_id,omitempty"`
	Owner               string                   `json:"owner,omitempty" maxLength:"200" doc:"A name, where they are not on record."`
	DueOn               string                   `json:"due_on,omitempty" format:"date"`
	MeetingID           convening.MeetingID      `json:"meeting_id,omitempty"`
	ItemID              convening.ItemID         `json:"item_id,omitempty"`
	AgreedOn            string                   `json:"agreed_on,omitempty" format:"date" doc:"The meeting's day, or today, when absent."`
}

// Patch changes the fields that are given and leaves the others.
type Patch struct {
	ID                  ID                        `json:"id"`
	Version             int64                     `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	Text                *string                   `json:"text,omitempty" maxLength:"500" text:"lines"`
	Note                *string                   `json:"note,omitempty" maxLength:"5000" text:"lines"`
	OwnerPersonID       *directory.PersonID       `json:"owner_person_id,omitempty"`
	OwnerOrganizationID *directory.OrganizationID `json:"owner_organization_id,omitempty"`
	Owner               *string                   `json:"owner,omitempty" maxLength:"200"`
	DueOn               *string                   `json:"due_on,omitempty" format:"date"`
	AgreedOn            *string                   `json:"agreed_on,omitempty" format:"date"`
}

// Ref names an action.
type Ref struct {
	ID ID `json:"id"`
}

// Version names one version of an action, in an operation's input.
type Version struct {
	ID      ID    `json:"id"`
	Version int64 `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
}
