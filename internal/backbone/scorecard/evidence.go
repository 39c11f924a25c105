package scorecard

import (
	"cmp"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/materials"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// EvidenceKind names a piece of evidence as a subject.
const EvidenceKind = "scorecard-evidence"

// EvidenceID names a piece of evidence.
type EvidenceID = id.Of[Evidence]

// The kinds of evidence, by catalogue key "scorecard_kinds.…".
const (
	SurveyItem = "survey"
	Count      = "count"
	Document   = "document"
	Story      = "story"
)

// Kinds lists them.
var Kinds = []string{SurveyItem, Count, Document, Story}

// For whom a story may be told, by catalogue key "scorecard_consents.…".
const (
	Members = "members"
	Anybody = "public"
)

// Consents lists them.
var Consents = []string{Members, Anybody}

// Evidence is one thing that speaks for how far a function has come.
type Evidence struct {
	ID         EvidenceID `json:"id" audit:"-"`
	Function   string     `json:"function" doc:"One of the six, or the key of an added one."`
	Kind       string     `json:"kind" doc:"survey, count, document or story."`
	HappenedOn string     `json:"happened_on" doc:"The day it is of, YYYY-MM-DD."`
	Title      string     `json:"title,omitempty"`
	Note       string     `json:"note,omitempty" doc:"What it shows; of a story, the story."`
	// Of a survey item.
	WaveID surveys.WaveID `json:"wave_id,omitempty" audit:"-"`
	Item   string         `json:"item,omitempty" doc:"A question, question/row, or factor:key of the wave's instrument."`
	// Of a count: a measure of the program with its period, or an amount with its source.
	Measure string `json:"measure,omitempty" doc:"meetings, at_table, presence, kept or time_given; absent of a figure that was typed in."`
	Period  string `json:"period,omitempty" doc:"A year or a quarter: 2026, or 2026-Q2."`
	Amount  string `json:"amount,omitempty" doc:"A figure that was typed in."`
	Source  string `json:"source,omitempty" doc:"Where it is from."`
	// Of a document: a material of a meeting, or an address.
	MaterialID materials.ID `json:"material_id,omitempty" audit:"-"`
	Link       string       `json:"link,omitempty"`
	// Of a story.
	Alongside    string             `json:"alongside,omitempty" doc:"Who else had a part in what it tells."`
	TellerID     directory.PersonID `json:"teller_id,omitempty" audit:"-"`
	TellerName   string             `json:"teller_name,omitempty" audit:"-" doc:"The name by which they are told of, where it is not that of their record."`
	Teller       string             `json:"teller,omitempty" doc:"Whose story it is."`
	Consent      string             `json:"consent,omitempty" doc:"For whom it may be told: members, or public."`
	ConsentedOn  string             `json:"consented_on,omitempty" doc:"When they said so."`
	ConsentUntil string             `json:"consent_until,omitempty" doc:"Last day on which it may be told; absent when they named none."`

	ByID      directory.PersonID `json:"by_id,omitempty" audit:"-"`
	By        string             `json:"by" audit:"-" doc:"Who added it; empty of somebody who was erased."`
	Told      *Told              `json:"told,omitempty" audit:"-" doc:"What it tells now."`
	Version   int64              `json:"version" audit:"-"`
	CreatedAt time.Time          `json:"created_at" audit:"-"`
	UpdatedAt time.Time          `json:"updated_at" audit:"-"`
	DeletedAt *time.Time         `json:"deleted_at,omitempty" audit:"-" doc:"When it was withdrawn."`

	alone string // who added it, where they are not on record
}

// Subject is the evidence as the door sees it.
func (e Evidence) Subject() operation.Subject {
	return operation.Subject{Kind: EvidenceKind, ID: e.ID}
}

// CurrentVersion is what REST makes an ETag of.
func (e Evidence) CurrentVersion() int64 { return e.Version }

// Name is what it is called in the log.
func (e Evidence) Name() string {
	return cmp.Or(e.Title, e.Measure, e.Item, e.Link, e.Kind)
}

// hushed says whether the consent to tell a story has run out.
func (e Evidence) hushed(today string) bool {
	return e.Kind == Story && e.ConsentUntil != "" && e.ConsentUntil < today
}

// EvidenceInput is a new piece of evidence. What does not belong to its kind is left out.
type EvidenceInput struct {
	Function     string             `json:"function" required:"true" maxLength:"40" doc:"One of the six, or the key of an added one."`
	Kind         string             `json:"kind" required:"true" enum:"survey,count,document,story"`
	HappenedOn   string             `json:"happened_on,omitempty" format:"date" doc:"The day it is of. Needed of a story; today when absent. A survey item is of the day of its release, a measure of the end of its period."`
	Title        string             `json:"title,omitempty" maxLength:"200" doc:"Needed of a figure that is typed in: what is counted."`
	Note         string             `json:"note,omitempty" maxLength:"2000" text:"lines" doc:"What it shows; of a story, the story."`
	WaveID       surveys.WaveID     `json:"wave_id,omitempty" doc:"A released wave."`
	Item         string             `json:"item,omitempty" maxLength:"120" doc:"A question, question/row, or factor:key of its instrument."`
	Measure      string             `json:"measure,omitempty" enum:"meetings,at_table,presence,kept,time_given" doc:"A figure that is worked out; absent where one is typed in."`
	Period       string             `json:"period,omitempty" maxLength:"7" doc:"Of a measure: a year or a quarter, 2026 or 2026-Q2."`
	Amount       string             `json:"amount,omitempty" maxLength:"40" doc:"The figure that is typed in."`
	Source       string             `json:"source,omitempty" maxLength:"300" doc:"Where it is from."`
	MaterialID   materials.ID       `json:"material_id,omitempty" doc:"A material of a meeting."`
	Link         string             `json:"link,omitempty" maxLength:"1000" format:"url" doc:"An address that begins with https://."`
	Alongside    string             `json:"alongside,omitempty" maxLength:"500" doc:"Who else had a part in what the story tells."`
	TellerID     directory.PersonID `json:"teller_id,omitempty" doc:"Whose story it is."`
	TellerName   string             `json:"teller_name,omitempty" maxLength:"200" doc:"Whose it is, where they are not on record or want another name."`
	Consent      string             `json:"consent,omitempty" enum:"members,public" doc:"For whom they said it may be told."`
	ConsentedOn  string             `json:"consented_on,omitempty" format:"date" doc:"When they said so."`
	ConsentUntil string             `json:"consent_until,omitempty" format:"date" doc:"Last day on which it may be told."`
}

// EvidencePatch changes the fields that are given and leaves the others.
type EvidencePatch struct {
	ID           EvidenceID          `json:"id"`
	Version      int64               `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	HappenedOn   *string             `json:"happened_on,omitempty" format:"date"`
	Title        *string             `json:"title,omitempty" maxLength:"200"`
	Note         *string             `json:"note,omitempty" maxLength:"2000" text:"lines"`
	Amount       *string             `json:"amount,omitempty" maxLength:"40"`
	Source       *string             `json:"source,omitempty" maxLength:"300"`
	Link         *string             `json:"link,omitempty" maxLength:"1000" format:"url"`
	Alongside    *string             `json:"alongside,omitempty" maxLength:"500"`
	TellerID     *directory.PersonID `json:"teller_id,omitempty"`
	TellerName   *string             `json:"teller_name,omitempty" maxLength:"200"`
	Consent      *string             `json:"consent,omitempty" enum:"members,public"`
	ConsentedOn  *string             `json:"consented_on,omitempty" format:"date"`
	ConsentUntil *string             `json:"consent_until,omitempty" format:"date"`
}

// EvidenceRef names a piece of evidence.
type EvidenceRef struct {
	ID EvidenceID `json:"id"`
}

// EvidenceVersion names one version of a piece of evidence.
type EvidenceVersion struct {
	ID      EvidenceID `json:"id"`
	Version int64      `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
}
