package scorecard

import (
	"slices"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// AssessmentKind names an assessment as a subject.
const AssessmentKind = "scorecard-assessment"

// AssessmentID names an assessment.
type AssessmentID = id.Of[Assessment]

// Assessment is how far a function had come on a day, as somebody judged it.
type Assessment struct {
	ID         AssessmentID       `json:"id" audit:"-"`
	Function   string             `json:"function" doc:"One of the six, or the key of an added one."`
	Level      int64              `json:"level" doc:"1 begun, 2 taking shape, 3 working, 4 strong."`
	AssessedOn string             `json:"assessed_on" doc:"The day it holds from, YYYY-MM-DD."`
	Why        string             `json:"why"`
	Role       operation.Role     `json:"role" doc:"In which role they assessed: table_chair, evaluator or backbone_director."`
	ByID       directory.PersonID `json:"by_id,omitempty" audit:"-"`
	By         string             `json:"by" doc:"Who assessed; empty of somebody who was erased."`
	CorrectsID AssessmentID       `json:"corrects_id,omitempty" audit:"-" doc:"The one that this one corrects."`
	Corrected  bool               `json:"corrected,omitempty" audit:"-" doc:"Whether another one corrects it."`
	MayCorrect bool               `json:"may_correct,omitempty" audit:"-" doc:"Whether you may correct or withdraw it."`
	Version    int64              `json:"version" audit:"-"`
	CreatedAt  time.Time          `json:"created_at" audit:"-"`
	UpdatedAt  time.Time          `json:"updated_at" audit:"-"`
	DeletedAt  *time.Time         `json:"deleted_at,omitempty" audit:"-" doc:"When it was withdrawn."`

	alone string // who assessed, where they are not on record
}

// Subject is the assessment as the door sees it.
func (a Assessment) Subject() operation.Subject {
	return operation.Subject{Kind: AssessmentKind, ID: a.ID}
}

// CurrentVersion is what REST makes an ETag of.
func (a Assessment) CurrentVersion() int64 { return a.Version }

// stands says whether it counts on a day: it was made by then, and is neither withdrawn
// nor corrected.
func (a Assessment) stands(day string) bool {
	return a.DeletedAt == nil && !a.Corrected && a.AssessedOn <= day
}

// own says whether the actor may correct or withdraw it: whoever made it, and whoever
// holds the role in which it was made. So the backbone cannot take back what somebody
// else said of it.
func (a Assessment) own(who operation.Actor) bool {
	return who.Via == operation.ViaSystem || !a.ByID.IsZero() && a.ByID == who.Person || who.Has(a.Role)
}

// AssessmentInput is a new assessment.
type AssessmentInput struct {
	Function   string       `json:"function" required:"true" maxLength:"40" doc:"One of the six, or the key of an added one."`
	Level      int64        `json:"level" required:"true" minimum:"1" maximum:"4" doc:"1 begun, 2 taking shape, 3 working, 4 strong."`
	AssessedOn string       `json:"assessed_on,omitempty" format:"date" doc:"The day it holds from; today when absent."`
	Why        string       `json:"why" required:"true" maxLength:"1000" text:"lines" doc:"Shortly, what speaks for this level."`
	Role       string       `json:"role,omitempty" enum:"table_chair,evaluator,backbone_director" doc:"In which of your roles; the first you have when absent."`
	CorrectsID AssessmentID `json:"corrects_id,omitempty" doc:"The assessment of the same function that it corrects."`
}

// AssessmentRef names an assessment.
type AssessmentRef struct {
	ID AssessmentID `json:"id"`
}

// AssessmentVersion names one version of an assessment.
type AssessmentVersion struct {
	ID      AssessmentID `json:"id"`
	Version int64        `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
}

// RolesOf are the roles in which somebody may assess. What the program itself does, it
// does for the director.
func RolesOf(who operation.Actor) (out []operation.Role) {
	for _, r := range Assessors {
		if who.Has(r) {
			out = append(out, r)
		}
	}
	if len(out) == 0 && who.Via == operation.ViaSystem {
		out = append(out, operation.Director)
	}
	return out
}

// current is the assessment of a function that counts on a day; the later one of two of
// the same day.
func current(list []Assessment, day string) (out *Assessment) {
	for n := range list {
		if list[n].stands(day) && (out == nil || list[n].AssessedOn >= out.AssessedOn) {
			out = &list[n]
		}
	}
	return out
}

// Year is the level at the end of a year, or on the day asked about in that year.
type Year struct {
	Year  string `json:"year"`
	Level int64  `json:"level" doc:"Of the last assessment made in that year."`
}

// years are the levels by year in which something was assessed, the earliest first.
func years(list []Assessment, day string) []Year {
	out := []Year{}
	for _, a := range list {
		if !a.stands(day) {
			continue
		}
		year := a.AssessedOn[:4]
		at := slices.IndexFunc(out, func(y Year) bool { return y.Year == year })
		if at < 0 {
			at, out = len(out), append(out, Year{Year: year})
		}
		out[at].Level = a.Level
	}
	return out
}
