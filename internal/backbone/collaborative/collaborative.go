// Package collaborative holds the collaborative itself: its name and place, its
// own words for the parts of its structure, its guiding principles, and the
// rules it has given itself about privacy and signing in.
package collaborative

import (
	"time"

	"commontable/internal/platform/operation"
)

// Kind names a collaborative as the subject of an operation.
const Kind = "collaborative"

// ID names a collaborative.
type ID = operation.CollaborativeID

// Phases are the five phases of collective work, in order.
var Phases = []string{"assess_readiness", "initiate_action", "organize_for_impact", "begin_implementation", "sustain_impact"}

// The least that privacy rules may ask for, and what they ask for at first. A
// survey answer counts among at least so many; a figure about people is shown
// only when at least so many stand behind it.
const (
	LeastSurveyMinimum   = 3
	LeastPeopleMinimum   = 5
	defaultSurveyMinimum = 5
	defaultPeopleMinimum = 11
)

// Currencies are those that money can be counted in. All of them have hundredths.
var Currencies = []string{"USD", "CAD", "MXN", "EUR", "GBP", "CHF", "AUD", "NZD"}

// Collaborative is the whole set of members who pursue one common agenda.
type Collaborative struct {
	ID         ID       `json:"id" audit:"-"`
	Slug       string   `json:"slug" audit:"-" doc:"Its name in addresses; it never changes."`
	Name       string   `json:"name"`
	Place      string   `json:"place"`
	Population string   `json:"population" doc:"Whom it works for."`
	Purpose    string   `json:"purpose"`
	Zone       string   `json:"zone" doc:"Time zone, such as America/New_York."`
	Language   string   `json:"language" doc:"The language used where nobody chose another: en, fr or es."`
	Languages  []string `json:"languages" doc:"The languages it works in."`
	Phase      string   `json:"phase"`
	// Labels holds only this place's own words; what is missing has the
	// standard word of the reader's language. The audit log records them one by
	// one; see recorded.
	Labels              map[string]string `json:"labels" audit:"-" doc:"This place's own words by label; what is missing has the standard word."`
	SurveyMinimum       int64             `json:"survey_minimum" doc:"Survey results are shown for groups of at least so many answers."`
	PeopleMinimum       int64             `json:"people_minimum" doc:"Figures about people are shown for groups of at least so many."`
	RequireSecondFactor bool              `json:"require_second_factor" doc:"Whether signing in here asks for a second step."`
	Currency            string            `json:"currency" doc:"What money is counted in, such as USD."`
	Version             int64             `json:"version" audit:"-"`
	CreatedAt           time.Time         `json:"created_at" audit:"-"`
	UpdatedAt           time.Time         `json:"updated_at" audit:"-"`
}

// Subject is the collaborative as the door sees it.
func (k Collaborative) Subject() operation.Subject { return operation.Subject{Kind: Kind, ID: k.ID} }

// CurrentVersion is what REST makes an ETag of.
func (k Collaborative) CurrentVersion() int64 { return k.Version }

// door is the collaborative as the door and the pages know it.
func (k Collaborative) door() operation.Collaborative {
	zone, err := time.LoadLocation(k.Zone)
	if err != nil {
		zone = time.UTC // validated before it was stored; another machine may know fewer zones
	}
	return operation.Collaborative{ID: k.ID, Slug: k.Slug, Name: k.Name, Zone: zone, Language: k.Language, Labels: k.Labels}
}

// Operations lists everything this package can do.
func Operations() []operation.Any {
	return []operation.Any{Get, Edit, Create, List, ListPrinciples, GetPrinciples, AdoptPrinciples}
}
