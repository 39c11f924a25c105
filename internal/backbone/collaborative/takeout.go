package collaborative

import (
	"errors"
	"slices"
	"time"

	"commontable/internal/platform/archive"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Carried is how the collaborative itself and its principles leave an installation
// and enter another, before everything that belongs to them.
func Carried() []archive.Entity {
	return []archive.Entity{archive.Of(carriedSelf), archive.Of(carriedPrinciples)}
}

// CarriedIn is the collaborative of an archive as the door will know it. What it
// says is checked when it is put back.
func CarriedIn(a *archive.Archive) (operation.Collaborative, error) {
	k, err := archive.First[carriedCollaborative](a, archive.Of(carriedSelf))
	return Collaborative{ID: k.ID, Slug: k.Slug, Name: k.Name, Zone: k.Zone, Language: k.Language, Labels: k.Labels}.door(), err
}

type carriedCollaborative struct {
	ID                  ID                `json:"id"`
	Slug                string            `json:"slug" required:"true" maxLength:"60" doc:"Its name in addresses."`
	Name                string            `json:"name" required:"true" maxLength:"120"`
	Place               string            `json:"place,omitempty"`
	Population          string            `json:"population,omitempty" maxLength:"500"`
	Purpose             string            `json:"purpose,omitempty" maxLength:"2000" text:"lines"`
	Zone                string            `json:"zone" required:"true" maxLength:"60" doc:"Time zone, such as America/New_York."`
	Language            string            `json:"language" required:"true" enum:"en,fr,es"`
	Languages           []string          `json:"languages,omitempty" maxItems:"10" enum:"en,fr,es"`
	Phase               string            `json:"phase" required:"true" enum:"assess_readiness,initiate_action,organize_for_impact,begin_implementation,sustain_impact"`
	Labels              map[string]string `json:"labels,omitempty" maxLength:"60" doc:"This place's own words, by label."`
	SurveyMinimum       int64             `json:"survey_minimum" minimum:"3" maximum:"100"`
	PeopleMinimum       int64             `json:"people_minimum" minimum:"5" maximum:"100"`
	RequireSecondFactor bool              `json:"require_second_factor"`
	CreatedAt           time.Time         `json:"created_at"`
	Currency            string            `json:"currency,omitempty" enum:"USD,CAD,MXN,EUR,GBP,CHF,AUD,NZD" doc:"What money is counted in; USD when absent."`
}

// fault is what struct tags cannot say, as a field and a message.
func (k carriedCollaborative) fault() (field, reason string) {
	var faults operation.Faults
	checkSlug(k.Slug, &faults)
	var refused *operation.Error
	if errors.As(faults.Err(), &refused) {
		return "slug", refused.Faults[0].Key
	}
	if !knownZone(k.Zone) {
		return "zone", "settings.no_such_zone"
	}
	for label := range k.Labels {
		if !slices.Contains(LabelKeys, label) {
			return "labels", "errors.not_offered"
		}
	}
	return "", ""
}

var carriedSelf = archive.Kind[carriedCollaborative]{
	Name: "collaborative", Tables: []string{"collaboratives"},
	Read: func(r *archive.Reading, after carriedCollaborative, _ int64) ([]carriedCollaborative, error) {
		if !after.ID.IsZero() {
			return nil, nil
		}
		return store.Collect(r.Installation, archive.Scan[carriedCollaborative], `SELECT id, slug, name, place, population, purpose, zone, language, languages, phase, labels,
			survey_minimum, people_minimum, require_second_factor, created_at, currency FROM collaboratives WHERE id = $1`, r.Collaborative.ID)
	},
	Write: func(l *archive.Loading, rows []carriedCollaborative) error {
		for i, k := range rows {
			if field, reason := k.fault(); field != "" {
				return &archive.RowFault{Row: i, Field: field, Reason: reason}
			}
			if i > 0 || k.ID != l.Collaborative.ID {
				return &archive.RowFault{Row: i, Field: "id", Reason: "takeout.one_collaborative"}
			}
			if k.Currency == "" {
				k.Currency = Currencies[0]
			}
			if _, err := l.Installation.Exec(`INSERT INTO collaboratives (id, slug, name, place, population, purpose, zone, language, languages, phase, labels,
				survey_minimum, people_minimum, require_second_factor, created_at, currency, version, updated_at)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1, $17)`, archive.Values(&k, store.Micros(l.Now))...); err != nil {
				return err
			}
		}
		return nil
	},
}

type carriedPrinciple struct {
	ID        PrinciplesID `json:"id"`
	Number    int64        `json:"number" minimum:"1" doc:"1 for the first version."`
	Body      string       `json:"body" required:"true" maxLength:"20000" text:"lines"`
	AdoptedOn string       `json:"adopted_on" required:"true" format:"date"`
	CreatedAt time.Time    `json:"created_at"`
}

var carriedPrinciples = archive.Kind[carriedPrinciple]{
	Name: "principles", Tables: []string{"principles"},
	Read: func(r *archive.Reading, after carriedPrinciple, limit int64) ([]carriedPrinciple, error) {
		return store.Collect(r.Tx, archive.Scan[carriedPrinciple], `SELECT id, number, body, adopted_on, created_at FROM principles WHERE collaborative_id = $1 AND number > $2 ORDER BY number LIMIT $3`, after.Number, limit)
	},
	Write: func(l *archive.Loading, rows []carriedPrinciple) error {
		var records [][]any
		for _, p := range rows {
			records = append(records, archive.Values(&p))
		}
		return l.Tx.ExecRows(`INSERT INTO principles (collaborative_id, id, number, body, adopted_on, created_at) VALUES ($1, $2, $3, $4, $5, $6)`, records)
	},
}

// Taken says whether an installation already has a collaborative with this id or
// this name in addresses.
func Taken(c *operation.Call, i ID, slug string) (bool, error) {
	n, err := store.Value[int64](c.Installation, `SELECT COUNT(*) FROM collaboratives WHERE id = $1 OR slug = $2`, i, slug)
	return n > 0, err
}
