// Package agreements keeps the membership agreements: which version of the
// guiding principles an organization accepted, who signed for it and how, for
// how long, and when it is due again. A renewal is an agreement of its own.
package agreements

import (
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/access"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// Kind names an agreement as a subject.
const Kind = "agreement"

// The operations that also decide what somebody sees.
const (
	editOperation    = "agreements.edit"
	restoreOperation = "agreements.restore"
)

// ID names an agreement.
type ID = id.Of[Agreement]

// Agreement is what one organization signs, or signed.
type Agreement struct {
	ID             ID                       `json:"id"`
	OrganizationID directory.OrganizationID `json:"organization_id"`
	Organization   string                   `json:"organization" doc:"The organization's name today."`
	// OrganizationGone says that the organization is in the trash.
	OrganizationGone bool   `json:"organization_gone,omitempty" doc:"Whether the organization is in the trash."`
	Principles       int64  `json:"principles" doc:"The version of the guiding principles it is about."`
	Newer            int64  `json:"newer_principles,omitempty" doc:"The newest version, where one was adopted since; only a single record has it."`
	State            string `json:"state" doc:"draft, sent, signed (in force), due (in force, to be renewed within 90 days), lapsed (the term is over), renewed or ended."`
	Text             string `json:"text" doc:"What both sides agree on beside the principles."`
	Transition       string `json:"transition" doc:"What holds when the organization leaves or the term ends."`
	TermMonths       int64  `json:"term_months"`
	// The signatory is a person on record, or only a name.
	SignatoryID    operation.PersonID `json:"signatory_id,omitempty"`
	SignatoryName  string             `json:"signatory_name"`
	SignatoryTitle string             `json:"signatory_title"`
	SignatoryEmail string             `json:"signatory_email,omitempty" doc:"Only for those who may see contact details."`
	Language       string             `json:"language" doc:"The language of the letter and of the page that is signed."`
	SentAt         *time.Time         `json:"sent_at,omitempty"`
	SentBy         string             `json:"sent_by,omitempty"`
	LinkExpires    *time.Time         `json:"link_expires,omitempty" doc:"Until when the link that was sent can be used; absent when there is none."`
	SignedName     string             `json:"signed_name,omitempty" doc:"The name as it was signed."`
	SignedAt       *time.Time         `json:"signed_at,omitempty" doc:"When it was signed by link, or recorded as signed on paper."`
	OnPaper        bool               `json:"on_paper" doc:"Whether it was signed on paper."`
	From           string             `json:"valid_from,omitempty" doc:"First day it holds, YYYY-MM-DD."`
	RenewalDue     string             `json:"renewal_due,omitempty" doc:"The day its term is over."`
	To             string             `json:"valid_to,omitempty" doc:"First day it no longer held; absent while it does."`
	EndNote        string             `json:"end_note,omitempty" doc:"Why it was ended; only for the backbone."`
	Version        int64              `json:"version"`
	CreatedAt      time.Time          `json:"created_at"`
	UpdatedAt      time.Time          `json:"updated_at"`
	DeletedAt      *time.Time         `json:"deleted_at,omitempty" doc:"When it was put in the trash."`

	stored  string // the state without what follows from the day
	link    access.LinkID
	sortKey []byte // of the row read, for the cursor of a list
}

// The states. Due and lapsed follow from the day; the others are stored.
const (
	Draft   = "draft"
	Sent    = "sent"
	Signed  = "signed"
	Due     = "due"
	Lapsed  = "lapsed"
	Renewed = "renewed"
	Ended   = "ended"
)

// States lists them in order.
var States = []string{Draft, Sent, Signed, Due, Lapsed, Renewed, Ended}

// DueDays is how long before its term is over an agreement is due for renewal.
const DueDays = 90

// LinkFor is how long a link serves for signing.
const LinkFor = 30 * 24 * time.Hour

// DefaultTermMonths is the usual length of a term: three years.
const DefaultTermMonths = 36

// soon is the last day that counts as soon from a day on.
func soon(day string) string {
	return after(day, func(t time.Time) time.Time { return t.AddDate(0, 0, DueDays) })
}

// termEnds is the day a term that began on a day is over. A term that began on
// the 31st ends on the last day of a shorter month.
func termEnds(from string, months int64) string {
	return after(from, func(t time.Time) time.Time {
		first := time.Date(t.Year(), t.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
		last := first.AddDate(0, 1, -1).Day()
		return first.AddDate(0, 0, min(t.Day(), last)-1)
	})
}

func after(day string, move func(time.Time) time.Time) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day // validated before
	}
	return move(t).Format(time.DateOnly)
}

// stateOn is the state on a day.
func (a Agreement) stateOn(day string) string {
	held := a.From != "" && a.From <= day && (a.To == "" || a.To > day)
	switch {
	case !held:
		return a.stored
	case a.RenewalDue <= day:
		return Lapsed
	case a.RenewalDue <= soon(day):
		return Due
	}
	return Signed
}

// concluded says whether somebody has signed, whatever became of it.
func (a Agreement) concluded() bool { return a.stored != Draft && a.stored != Sent }

// Subject is the agreement as the door sees it.
func (a Agreement) Subject() operation.Subject { return operation.Subject{Kind: Kind, ID: a.ID} }

// CurrentVersion is what REST makes an ETag of.
func (a Agreement) CurrentVersion() int64 { return a.Version }

// visibleTo is the agreement with only what the actor may see.
func (a Agreement) visibleTo(c *operation.Call) Agreement {
	if !c.Can(directory.SeeContacts) {
		a.SignatoryEmail = ""
	}
	if !c.Can(editOperation) {
		a.EndNote, a.SentBy, a.SentAt, a.LinkExpires = "", "", nil, nil
	}
	return a
}

// record is what the audit log compares. The link is not among it.
type record struct {
	State          string `json:"agreement_state"`
	Principles     int64  `json:"principles"`
	Text           string `json:"text"`
	Transition     string `json:"transition"`
	TermMonths     int64  `json:"term_months"`
	SignatoryName  string `json:"signatory_name"`
	SignatoryTitle string `json:"signatory_title"`
	SignatoryEmail string `json:"signatory_email"`
	Language       string `json:"language"`
	SignedName     string `json:"signed_name"`
	OnPaper        bool   `json:"on_paper"`
	From           string `json:"valid_from"`
	RenewalDue     string `json:"renewal_due"`
	To             string `json:"valid_to"`
	EndNote        string `json:"end_note"`
}

func (a Agreement) recorded() record {
	return record{a.stored, a.Principles, a.Text, a.Transition, a.TermMonths, a.SignatoryName, a.SignatoryTitle, a.SignatoryEmail, a.Language,
		a.SignedName, a.OnPaper, a.From, a.RenewalDue, a.To, a.EndNote}
}

// Input is a new agreement.
type Input struct {
	OrganizationID directory.OrganizationID `json:"organization_id"`
	Principles     int64                    `json:"principles,omitempty" minimum:"0" doc:"The version of the guiding principles; the newest when absent."`
	Text           string                   `json:"text,omitempty" text:"lines" maxLength:"20000"`
	Transition     string                   `json:"transition,omitempty" text:"lines" maxLength:"5000"`
	TermMonths     int64                    `json:"term_months,omitempty" minimum:"0" maximum:"240" doc:"36 when absent."`
	SignatoryID    operation.PersonID       `json:"signatory_id,omitempty" doc:"A person on record; what is left empty below is theirs."`
	SignatoryName  string                   `json:"signatory_name,omitempty" maxLength:"200"`
	SignatoryTitle string                   `json:"signatory_title,omitempty"`
	SignatoryEmail string                   `json:"signatory_email,omitempty" maxLength:"254" format:"email"`
	Language       string                   `json:"language,omitempty" enum:"en,fr,es" doc:"The signatory's own when absent."`
}

// Patch changes the given fields of a draft.
type Patch struct {
	ID             ID                  `json:"id"`
	Version        int64               `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	Principles     *int64              `json:"principles,omitempty" minimum:"1"`
	Text           *string             `json:"text,omitempty" text:"lines" maxLength:"20000"`
	Transition     *string             `json:"transition,omitempty" text:"lines" maxLength:"5000"`
	TermMonths     *int64              `json:"term_months,omitempty" minimum:"1" maximum:"240"`
	SignatoryID    *operation.PersonID `json:"signatory_id,omitempty" doc:"A person on record; what is empty below becomes theirs."`
	SignatoryName  *string             `json:"signatory_name,omitempty" maxLength:"200"`
	SignatoryTitle *string             `json:"signatory_title,omitempty"`
	SignatoryEmail *string             `json:"signatory_email,omitempty" maxLength:"254" format:"email"`
	Language       *string             `json:"language,omitempty" enum:"en,fr,es"`
}

// Ref names an agreement.
type Ref struct {
	ID ID `json:"id"`
}

// AtVersion names one version of an agreement.
type AtVersion struct {
	ID      ID    `json:"id"`
	Version int64 `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
}
