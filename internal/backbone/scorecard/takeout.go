package scorecard

import (
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/materials"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/archive"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Carried is how the scorecard leaves an installation and enters another. Figures that are
// worked out are worked out there.
func Carried() []archive.Entity {
	return []archive.Entity{archive.Of(carriedAssessments), archive.Of(carriedEvidence)}
}

type assessmentRow struct {
	ID         AssessmentID       `json:"id"`
	Function   string             `json:"function" required:"true" maxLength:"40" doc:"One of the six by its name, or the id of an added one."`
	Level      int64              `json:"level" minimum:"1" maximum:"4"`
	AssessedOn string             `json:"assessed_on" required:"true" format:"date"`
	Why        string             `json:"why,omitempty" maxLength:"1000" text:"lines"`
	Role       string             `json:"role" required:"true" enum:"table_chair,evaluator,backbone_director" doc:"In which role they assessed."`
	CorrectsID AssessmentID       `json:"corrects_id,omitzero" ref:"scorecard-assessments" doc:"The one that it corrects."`
	ByPersonID directory.PersonID `json:"by_person_id,omitzero" ref:"people"`
	ByName     string             `json:"by_name,omitempty" maxLength:"400" doc:"Who assessed, where they are not on record."`
	CreatedAt  time.Time          `json:"created_at"`
	DeletedAt  *time.Time         `json:"deleted_at,omitempty" doc:"When it was withdrawn."`
}

var carriedAssessments = archive.Kind[assessmentRow]{
	Name: "scorecard-assessments", Tables: []string{"scorecard_assessments"},
	Title: func(a assessmentRow) string { return a.Function + " " + a.AssessedOn },
	Read: func(r *archive.Reading, after assessmentRow, limit int64) ([]assessmentRow, error) {
		return store.Collect(r.Tx, archive.Scan[assessmentRow], `SELECT id, function, level, assessed_on, why, role, corrects_id, by_person_id, by_name, created_at, deleted_at
			FROM scorecard_assessments WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []assessmentRow) error {
		var records [][]any
		var live []AssessmentID
		for _, a := range rows {
			if a.DeletedAt == nil {
				live = append(live, a.ID)
			}
			if correction, of := a.ID, a.CorrectsID; !of.IsZero() { // it may stand further down
				l.Afterwards(func() error {
					_, err := l.Tx.Exec(`UPDATE scorecard_assessments SET corrects_id = $3 WHERE collaborative_id = $1 AND id = $2`, correction, of)
					return err
				})
				a.CorrectsID = AssessmentID{}
			}
			records = append(records, archive.Values(&a, store.Micros(l.Now)))
		}
		if err := l.Tx.ExecRows(`INSERT INTO scorecard_assessments (collaborative_id, version, id, function, level, assessed_on, why, role, corrects_id, by_person_id, by_name, created_at, deleted_at, updated_at)
			VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`, records); err != nil {
			return err
		}
		return operation.CountAll(l.Tx, AssessmentKind, live)
	},
}

type evidenceRow struct {
	ID           EvidenceID         `json:"id"`
	Function     string             `json:"function" required:"true" maxLength:"40" doc:"One of the six by its name, or the id of an added one."`
	Kind         string             `json:"kind" required:"true" enum:"survey,count,document,story"`
	HappenedOn   string             `json:"happened_on" required:"true" format:"date"`
	Title        string             `json:"title,omitempty" maxLength:"200"`
	Note         string             `json:"note,omitempty" maxLength:"2000" text:"lines" doc:"What it shows; of a story, the story."`
	WaveID       surveys.WaveID     `json:"wave_id,omitzero" ref:"survey-waves"`
	Item         string             `json:"item,omitempty" maxLength:"120" doc:"A question, question/row, or factor:key of the wave's instrument."`
	Measure      string             `json:"measure,omitempty" enum:"meetings,at_table,presence,kept,time_given"`
	Period       string             `json:"period,omitempty" maxLength:"7"`
	Amount       string             `json:"amount,omitempty" maxLength:"40" doc:"A figure that was typed in."`
	Source       string             `json:"source,omitempty" maxLength:"300"`
	MaterialID   materials.ID       `json:"material_id,omitzero" ref:"materials"`
	Link         string             `json:"link,omitempty" maxLength:"1000" format:"url"`
	Alongside    string             `json:"alongside,omitempty" maxLength:"500" doc:"Who else had a part in what the story tells."`
	TellerID     directory.PersonID `json:"teller_id,omitzero" ref:"people" doc:"Whose story it is."`
	TellerName   string             `json:"teller_name,omitempty" maxLength:"200"`
	Consent      string             `json:"consent,omitempty" enum:"members,public" doc:"For whom they said it may be told."`
	ConsentedOn  string             `json:"consented_on,omitempty" format:"date"`
	ConsentUntil string             `json:"consent_until,omitempty" format:"date" doc:"Last day on which it may be told."`
	ByPersonID   directory.PersonID `json:"by_person_id,omitzero" ref:"people"`
	ByName       string             `json:"by_name,omitempty" maxLength:"400" doc:"Who added it, where they are not on record."`
	CreatedAt    time.Time          `json:"created_at"`
	DeletedAt    *time.Time         `json:"deleted_at,omitempty" doc:"When it was withdrawn."`
}

var carriedEvidence = archive.Kind[evidenceRow]{
	Name: "scorecard-evidence", Tables: []string{"scorecard_evidence"},
	Read: func(r *archive.Reading, after evidenceRow, limit int64) ([]evidenceRow, error) {
		return store.Collect(r.Tx, archive.Scan[evidenceRow], `SELECT id, function, kind, happened_on, title, note, wave_id, item, measure, period, amount, source, material_id, link, alongside,
			teller_id, teller_name, consent, consented_on, consent_until, by_person_id, by_name, created_at, deleted_at
			FROM scorecard_evidence WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []evidenceRow) error {
		var records [][]any
		var live []EvidenceID
		for n, e := range rows {
			if e.Link != "" && !materials.Secure(e.Link) {
				return &archive.RowFault{Row: n, Field: "link", Reason: "errors.material_https"}
			}
			if _, ok := periodOf(e.Period); e.Measure != "" && !ok {
				return &archive.RowFault{Row: n, Field: "period", Reason: "errors.scorecard_period"}
			}
			if e.DeletedAt == nil {
				live = append(live, e.ID)
			}
			records = append(records, archive.Values(&e, store.Micros(l.Now)))
		}
		if err := l.Tx.ExecRows(`INSERT INTO scorecard_evidence (collaborative_id, version, id, function, kind, happened_on, title, note, wave_id, item, measure, period, amount, source, material_id, link, alongside,
			teller_id, teller_name, consent, consented_on, consent_until, by_person_id, by_name, created_at, deleted_at, updated_at)
			VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)`, records); err != nil {
			return err
		}
		return operation.CountAll(l.Tx, EvidenceKind, live)
	},
}
