package evaluation

import (
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/archive"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Carried is how agreements with evaluators leave an installation and enter another, with
// the terms and a note of every file that was taken. Links for signing stay behind: one
// that is needed still is sent anew. The files stay too: whoever opens an
// archive has signed nothing.
func Carried() []archive.Entity {
	return []archive.Entity{archive.Of(carriedTerms), archive.Of(carriedAgreements), archive.Of(carriedDownloads)}
}

type termsRow struct {
	ID        TermsID           `json:"id"`
	Number    int64             `json:"number" minimum:"1"`
	Texts     map[string]string `json:"texts" maxLength:"20000" text:"lines" doc:"By language."`
	ByName    string            `json:"by_name,omitempty" maxLength:"400" doc:"Who adopted them."`
	AdoptedAt time.Time         `json:"adopted_at"`
}

var carriedTerms = archive.Kind[termsRow]{
	Name: "evaluator-terms", Tables: []string{"evaluator_terms"},
	Read: func(r *archive.Reading, after termsRow, limit int64) ([]termsRow, error) {
		return store.Collect(r.Tx, archive.Scan[termsRow], `SELECT id, number, texts, by_name, adopted_at FROM evaluator_terms WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []termsRow) error {
		var records [][]any
		for _, t := range rows {
			records = append(records, archive.Values(&t))
		}
		return l.Tx.ExecRows(`INSERT INTO evaluator_terms (collaborative_id, id, number, texts, by_name, adopted_at) VALUES ($1, $2, $3, $4, $5, $6)`, records)
	},
}

type agreementRow struct {
	ID           ID                 `json:"id"`
	PersonID     directory.PersonID `json:"person_id" ref:"people" doc:"The evaluator."`
	Organization string             `json:"organization,omitempty" maxLength:"200"`
	Purpose      string             `json:"purpose,omitempty" maxLength:"2000" text:"lines"`
	Waves        []AgreedWave       `json:"waves" maxItems:"50" doc:"The survey waves of which they may take the file."`
	Terms        int64              `json:"terms" minimum:"0" doc:"The version of the terms."`
	Language     string             `json:"language" maxLength:"10"`
	Text         string             `json:"text,omitempty" maxLength:"20000" text:"lines" doc:"The terms, word by word."`
	Until        string             `json:"valid_until" required:"true" format:"date"`
	DestroyBy    string             `json:"destroy_by" required:"true" format:"date"`
	State        string             `json:"state" required:"true" enum:"waiting,in_force,ended"`
	SignedName   string             `json:"signed_name,omitempty" maxLength:"400"`
	SignedOn     string             `json:"signed_on,omitempty" format:"date"`
	SignedAt     *time.Time         `json:"signed_at,omitempty"`
	ByLink       bool               `json:"by_link" doc:"Whether it was signed by a personal link."`
	SentAt       *time.Time         `json:"sent_at,omitempty" doc:"When a link to sign by was sent last; links stay behind."`
	SentBy       string             `json:"sent_by,omitempty" maxLength:"500"`
	Texts        map[string]string  `json:"texts,omitempty" maxLength:"20000" text:"lines" doc:"The terms by language, as they stood when it was written."`
	EndedOn      string             `json:"ended_on,omitempty" format:"date"`
	EndNote      string             `json:"end_note,omitempty" maxLength:"2000" text:"lines"`
	CreatedAt    time.Time          `json:"created_at"`
	DeletedAt    *time.Time         `json:"deleted_at,omitempty" doc:"When it was put in the trash."`
}

var carriedAgreements = archive.Kind[agreementRow]{
	Name: "evaluator-agreements", Tables: []string{"evaluator_agreements"},
	Read: func(r *archive.Reading, after agreementRow, limit int64) ([]agreementRow, error) {
		return store.Collect(r.Tx, archive.Scan[agreementRow], `SELECT id, person_id, organization, purpose, waves, terms, language, text, valid_until, destroy_by, state, signed_name, signed_on, signed_at, by_link, sent_at, sent_by, texts, ended_on, end_note, created_at, deleted_at
			FROM evaluator_agreements WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []agreementRow) error {
		var records [][]any
		var live []ID
		for _, a := range rows {
			if a.DeletedAt == nil {
				live = append(live, a.ID)
			}
			records = append(records, archive.Values(&a, store.Micros(l.Now)))
		}
		if err := l.Tx.ExecRows(`INSERT INTO evaluator_agreements (collaborative_id, version, id, person_id, organization, purpose, waves, terms, language, text, valid_until, destroy_by, state, signed_name, signed_on, signed_at, by_link, sent_at, sent_by, texts, ended_on, end_note, created_at, deleted_at, updated_at)
			VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)`, records); err != nil {
			return err
		}
		return operation.CountAll(l.Tx, Kind, live)
	},
}

type downloadRow struct {
	ID          id.Of[Taken]   `json:"id"`
	WaveID      surveys.WaveID `json:"wave_id" ref:"survey-waves"`
	AgreementID ID             `json:"agreement_id" ref:"evaluator-agreements" doc:"Under which agreement the file was taken."`
	TakenAt     time.Time      `json:"taken_at"`
}

var carriedDownloads = archive.Kind[downloadRow]{
	Name: "evaluator-downloads", Tables: []string{"evaluator_downloads"},
	Read: func(r *archive.Reading, after downloadRow, limit int64) ([]downloadRow, error) {
		return store.Collect(r.Tx, archive.Scan[downloadRow], `SELECT id, wave_id, agreement_id, taken_at FROM evaluator_downloads WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []downloadRow) error {
		var records [][]any
		for _, d := range rows {
			records = append(records, archive.Values(&d))
		}
		return l.Tx.ExecRows(`INSERT INTO evaluator_downloads (collaborative_id, id, wave_id, agreement_id, taken_at) VALUES ($1, $2, $3, $4, $5)`, records)
	},
}
