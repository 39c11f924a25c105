// Package evaluation keeps the agreements with evaluators: which files of which surveys
// they may take, what for, until when, and what they promise; and every file they took. It
// stands on the surveys, which make the files.
package evaluation

import (
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/access"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// Kind names an agreement with an evaluator as a subject.
const Kind = "evaluator-agreement"

// ID names an agreement with an evaluator.
type ID = id.Of[Agreement]

// The states of an agreement. Expired follows from the day; the others are stored.
const (
	Waiting = "waiting" // for the evaluator's signature
	InForce = "in_force"
	Expired = "expired"
	Ended   = "ended"
)

// States lists them, by catalogue key "evaluator_states.…".
var States = []string{Waiting, InForce, Expired, Ended}

// Agreement is what an evaluator promises, and what they may take for it.
type Agreement struct {
	ID           ID                 `json:"id" audit:"-"`
	PersonID     directory.PersonID `json:"person_id" audit:"-"`
	Person       string             `json:"person" doc:"The evaluator."`
	Organization string             `json:"organization,omitempty" doc:"For whom they evaluate, which may be on no record here."`
	Purpose      string             `json:"purpose" doc:"What the files are for."`
	Waves        []Wave             `json:"waves" doc:"The survey waves of which they may take the file."`
	Terms        int64              `json:"terms" doc:"The version of the terms; 0 for those that come with the program."`
	Language     string             `json:"language" doc:"In which the terms are signed."`
	Text         string             `json:"text" doc:"The terms, word by word."`
	Until        string             `json:"valid_until" doc:"Last day on which files may be taken."`
	DestroyBy    string             `json:"destroy_by" doc:"Day by which every copy is to be destroyed."`
	State        string             `json:"state" doc:"waiting (for the signature), in_force, expired or ended."`
	SignedName   string             `json:"signed_name,omitempty" doc:"The name as the evaluator signed."`
	SignedOn     string             `json:"signed_on,omitempty"`
	SignedAt     *time.Time         `json:"signed_at,omitempty" audit:"-" doc:"When it was signed; unknown of the first that were."`
	ByLink       bool               `json:"by_link" audit:"-" doc:"Whether it was signed by a personal link, and not signed in."`
	SentAt       *time.Time         `json:"sent_at,omitempty" audit:"-" doc:"When a link to sign by was sent last; only for the backbone."`
	SentBy       string             `json:"sent_by,omitempty" audit:"-" doc:"Who sent it."`
	LinkExpires  *time.Time         `json:"link_expires,omitempty" audit:"-" doc:"Until when that link can be used; absent when there is none."`
	EndedOn      string             `json:"ended_on,omitempty"`
	EndNote      string             `json:"end_note,omitempty" doc:"Why it was ended; only for the backbone."`
	Version      int64              `json:"version" audit:"-"`
	CreatedAt    time.Time          `json:"created_at" audit:"-"`
	UpdatedAt    time.Time          `json:"updated_at" audit:"-"`
	DeletedAt    *time.Time         `json:"deleted_at,omitempty" audit:"-" doc:"When it was put in the trash."`
	// MayEdit, MaySend and MaySign are what whoever reads it can do; MayTake that files can
	// be taken.
	MayEdit bool `json:"may_edit,omitempty" audit:"-" doc:"Whether you may change it; only when one agreement is read."`
	MaySend bool `json:"may_send,omitempty" audit:"-" doc:"Whether you may send a link to sign by; only when one agreement is read."`
	MaySign bool `json:"may_sign,omitempty" audit:"-" doc:"Whether you are to sign it; only when one agreement is read."`
	MayTake bool `json:"may_take,omitempty" audit:"-" doc:"Whether you may take the files; only when one agreement is read."`

	names   []AgreedWave
	texts   map[string]string // the terms by language, as they stand until it is signed
	link    access.LinkID
	address string // the evaluator's
	gone    bool   // whether the evaluator is in the trash, or erased
}

// Wave is a survey wave that an agreement names.
type Wave struct {
	surveys.Fileable
}

// AgreedWave is how an agreement keeps a wave.
type AgreedWave struct {
	WaveID surveys.WaveID `json:"wave_id" ref:"survey-waves"`
}

// Subject is the agreement as the door sees it.
func (a Agreement) Subject() operation.Subject { return operation.Subject{Kind: Kind, ID: a.ID} }

// CurrentVersion is what REST makes an ETag of.
func (a Agreement) CurrentVersion() int64 { return a.Version }

// Title names the evaluator and for whom they evaluate.
func (a Agreement) Title() string {
	switch {
	case a.Person == "":
		return a.Organization
	case a.Organization == "":
		return a.Person
	}
	return a.Person + " · " + a.Organization
}

// on is the agreement as it stands on a day.
func (a Agreement) on(day string) Agreement {
	if a.State == InForce && a.Until < day {
		a.State = Expired
	}
	return a
}

// past says whether its last day is over, whatever its state.
func (a Agreement) past(day string) bool { return a.Until < day }

// concluded says whether somebody has signed, whatever became of it.
func (a Agreement) concluded() bool { return a.State != Waiting }

// withoutLink is the agreement with nothing sent: it cannot be signed by link.
func (a Agreement) withoutLink() Agreement {
	a.link, a.LinkExpires, a.SentAt, a.SentBy = access.LinkID{}, nil, nil, ""
	return a
}

// In is the text of the terms for a reader of a language, and the language it is in. What
// is signed stays in the language it was signed in.
func (a Agreement) In(language string) (text, in string) {
	if text := a.texts[language]; text != "" && !a.concluded() {
		return text, language
	}
	return a.Text, a.Language
}

// covers says whether an agreement names a wave.
func (a Agreement) covers(w surveys.WaveID) bool {
	for _, named := range a.names {
		if named.WaveID == w {
			return true
		}
	}
	return false
}

// record is what the audit log compares.
type record struct {
	State        string   `json:"evaluator_state"`
	Person       string   `json:"person"`
	Organization string   `json:"organization"`
	Purpose      string   `json:"purpose"`
	Waves        []string `json:"waves"`
	Terms        int64    `json:"terms"`
	Language     string   `json:"language"`
	Until        string   `json:"valid_until"`
	DestroyBy    string   `json:"destroy_by"`
	SignedName   string   `json:"signed_name"`
	EndNote      string   `json:"end_note"`
}

func (a Agreement) recorded() record {
	r := record{State: a.State, Person: a.Person, Organization: a.Organization, Purpose: a.Purpose, Waves: []string{}, Terms: a.Terms, Language: a.Language, Until: a.Until, DestroyBy: a.DestroyBy, SignedName: a.SignedName, EndNote: a.EndNote}
	for _, w := range a.Waves {
		r.Waves = append(r.Waves, w.Title)
	}
	return r
}

// Input is a new agreement.
type Input struct {
	PersonID     directory.PersonID `json:"person_id" doc:"The evaluator; they sign in with an account of theirs."`
	Organization string             `json:"organization,omitempty" maxLength:"200"`
	Purpose      string             `json:"purpose" required:"true" maxLength:"2000" text:"lines"`
	Waves        []surveys.WaveID   `json:"waves" maxItems:"50"`
	Language     string             `json:"language,omitempty" enum:"en,fr,es" doc:"The collaborative's when absent."`
	Until        string             `json:"valid_until" required:"true" format:"date"`
	DestroyBy    string             `json:"destroy_by" required:"true" format:"date"`
}

// Patch changes the fields that are given, of an agreement that waits for its signature.
type Patch struct {
	ID           ID                  `json:"id"`
	Version      int64               `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	PersonID     *directory.PersonID `json:"person_id,omitempty"`
	Organization *string             `json:"organization,omitempty" maxLength:"200"`
	Purpose      *string             `json:"purpose,omitempty" maxLength:"2000" text:"lines"`
	Waves        *[]surveys.WaveID   `json:"waves,omitempty" maxItems:"50"`
	Language     *string             `json:"language,omitempty" enum:"en,fr,es"`
	Until        *string             `json:"valid_until,omitempty" format:"date"`
	DestroyBy    *string             `json:"destroy_by,omitempty" format:"date"`
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
