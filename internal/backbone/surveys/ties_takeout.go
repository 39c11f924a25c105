package surveys

import (
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/archive"
	"commontable/internal/platform/store"
)

// What the network map draws leaves as it is drawn: by organization, without saying how
// many of its people answered, or ticked.

type tellerRow struct {
	ID             tellerID                 `json:"id"`
	WaveID         WaveID                   `json:"wave_id" ref:"survey-waves"`
	OrganizationID directory.OrganizationID `json:"organization_id" ref:"organizations" doc:"An organization that was asked."`
	Answered       bool                     `json:"answered" doc:"Whether this row says that somebody answered for it; another says that it was asked."`
	Since          string                   `json:"since,omitempty" format:"date" doc:"Of an evergreen wave: from when on that counts."`
}

var carriedTellers = archive.Kind[tellerRow]{
	Name: "survey-tellers", Tables: []string{"survey_tellers"},
	Read: func(r *archive.Reading, after tellerRow, limit int64) ([]tellerRow, error) {
		return store.Collect(r.Tx, archive.Scan[tellerRow], `SELECT id, wave_id, organization_id, answered, since FROM survey_tellers WHERE collaborative_id = $1 AND id > $2
			AND NOT EXISTS (SELECT 1 FROM survey_tellers AS earlier WHERE earlier.collaborative_id = $1 AND earlier.wave_id = survey_tellers.wave_id AND earlier.organization_id = survey_tellers.organization_id
				AND earlier.answered = survey_tellers.answered AND (earlier.since < survey_tellers.since OR earlier.since = survey_tellers.since AND earlier.id < survey_tellers.id)) ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []tellerRow) error {
		var records [][]any
		for _, t := range rows {
			records = append(records, archive.Values(&t))
		}
		return l.Tx.ExecRows(`INSERT INTO survey_tellers (collaborative_id, id, wave_id, organization_id, answered, since) VALUES ($1, $2, $3, $4, $5, $6)`, records)
	},
}

type tickRow struct {
	ID             tickID                   `json:"id"`
	TellerID       tellerID                 `json:"teller_id" ref:"survey-tellers" doc:"The organization for which it was ticked."`
	OrganizationID directory.OrganizationID `json:"organization_id" ref:"organizations" doc:"The organization that was ticked."`
	Since          string                   `json:"since,omitempty" format:"date" doc:"Of an evergreen wave: from when on it counts."`
	Until          string                   `json:"until,omitempty" format:"date" doc:"The first day on which it no longer counts."`
}

// carriedTies are the ticks of an organization, each once, all with the row that is
// carried of those that say that it answered.
var carriedTies = archive.Kind[tickRow]{
	Name: "survey-ties", Tables: []string{"survey_ties"},
	Read: func(r *archive.Reading, after tickRow, limit int64) ([]tickRow, error) {
		return store.Collect(r.Tx, archive.Scan[tickRow], `SELECT survey_ties.id, first.id, survey_ties.organization_id, survey_ties.since, survey_ties.until FROM survey_ties
			JOIN survey_tellers ON survey_tellers.collaborative_id = $1 AND survey_tellers.id = survey_ties.teller_id
			JOIN survey_tellers AS first ON first.collaborative_id = $1 AND first.wave_id = survey_tellers.wave_id AND first.organization_id = survey_tellers.organization_id AND first.answered = TRUE
			WHERE survey_ties.collaborative_id = $1 AND survey_ties.id > $2
			AND NOT EXISTS (SELECT 1 FROM survey_tellers AS earlier WHERE earlier.collaborative_id = $1 AND earlier.wave_id = first.wave_id AND earlier.organization_id = first.organization_id
				AND earlier.answered = TRUE AND (earlier.since < first.since OR earlier.since = first.since AND earlier.id < first.id))
			AND NOT EXISTS (SELECT 1 FROM survey_tellers AS other JOIN survey_ties AS same ON same.collaborative_id = $1 AND same.teller_id = other.id AND same.organization_id = survey_ties.organization_id
				AND same.since = survey_ties.since AND same.until = survey_ties.until AND same.id < survey_ties.id
				WHERE other.collaborative_id = $1 AND other.wave_id = first.wave_id AND other.organization_id = first.organization_id)
			ORDER BY survey_ties.id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []tickRow) error {
		var records [][]any
		for _, t := range rows {
			records = append(records, archive.Values(&t))
		}
		return l.Tx.ExecRows(`INSERT INTO survey_ties (collaborative_id, id, teller_id, organization_id, since, until) VALUES ($1, $2, $3, $4, $5, $6)`, records)
	},
}
