package surveys

import (
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/archive"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Carried is how surveys leave an installation and enter another. Of confidential waves
// the answers stay behind, and who gave them: whoever opens an archive could read both.
func Carried() []archive.Entity {
	return []archive.Entity{archive.Of(carriedInstruments), archive.Of(carriedWaves), archive.Of(carriedInvitees), archive.Of(carriedRoster), archive.Of(carriedResponses), archive.Of(carriedAnswers), archive.Of(carriedReleases), archive.Of(carriedComments), archive.Of(carriedTellers), archive.Of(carriedTies)}
}

type instrumentRow struct {
	ID        InstrumentID `json:"id"`
	Key       string       `json:"key" required:"true" maxLength:"40"`
	Edition   int64        `json:"edition" minimum:"1" maximum:"100000"`
	Content   Instrument   `json:"content" doc:"The instrument itself."`
	CreatedAt time.Time    `json:"created_at"`
	DeletedAt *time.Time   `json:"deleted_at,omitempty" doc:"When it was put in the trash."`
}

var carriedInstruments = archive.Kind[instrumentRow]{
	Name: "survey-instruments", Tables: []string{"survey_instruments"},
	Read: func(r *archive.Reading, after instrumentRow, limit int64) ([]instrumentRow, error) {
		return store.Collect(r.Tx, archive.Scan[instrumentRow], `SELECT id, instrument_key, edition, content, created_at, deleted_at FROM survey_instruments WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []instrumentRow) error {
		var records [][]any
		var live []InstrumentID
		for _, i := range rows {
			if err := sound(i.Content); err != nil {
				return err
			}
			if i.DeletedAt == nil {
				live = append(live, i.ID)
			}
			records = append(records, archive.Values(&i, store.Micros(l.Now)))
		}
		if err := l.Tx.ExecRows(`INSERT INTO survey_instruments (collaborative_id, version, id, instrument_key, edition, content, created_at, deleted_at, updated_at) VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8)`, records); err != nil {
			return err
		}
		return operation.CountAll(l.Tx, InstrumentKind, live)
	},
}

// sound refuses an instrument with a fault: an archive may have been changed by hand.
func sound(i Instrument) error {
	var faults operation.Faults
	i.check("content", &faults)
	return faults.Err()
}

type waveRow struct {
	ID           WaveID     `json:"id"`
	Title        string     `json:"title" required:"true"`
	Key          string     `json:"instrument_key" required:"true" maxLength:"40"`
	Edition      int64      `json:"edition" minimum:"1" maximum:"100000"`
	Content      Instrument `json:"content" doc:"The instrument as it was asked."`
	Languages    []string   `json:"languages" maxItems:"10"`
	Mode         string     `json:"mode" required:"true" enum:"named,confidential,anonymous"`
	OpensOn      string     `json:"opens_on,omitempty" format:"date"`
	ClosesOn     string     `json:"closes_on,omitempty" format:"date"`
	GraceDays    int64      `json:"grace_days" minimum:"0" maximum:"60"`
	RemindEvery  int64      `json:"remind_every" minimum:"0" maximum:"60"`
	RemindMost   int64      `json:"remind_most" minimum:"0" maximum:"10"`
	FollowsID    WaveID     `json:"follows_id,omitzero" ref:"survey-waves" doc:"The earlier wave it is compared with."`
	ForEvaluator bool       `json:"for_evaluator,omitempty" doc:"Whether a de-identified file may go to an evaluator."`
	State        string     `json:"state" required:"true" enum:"draft,open,closed,released"`
	Evergreen    bool       `json:"evergreen,omitempty" doc:"Whether it stays open."`
	AskAgain     int64      `json:"ask_again,omitempty" minimum:"0" maximum:"60"`
	SnapshotOf   WaveID     `json:"snapshot_of,omitzero" ref:"survey-waves" doc:"The evergreen wave whose figures it is."`
	ClosedOn     string     `json:"closed_on,omitempty" format:"date" doc:"The day on which it was closed."`
	CreatedAt    time.Time  `json:"created_at"`
	DeletedAt    *time.Time `json:"deleted_at,omitempty" doc:"When it was put in the trash."`
}

var carriedWaves = archive.Kind[waveRow]{
	Name: "survey-waves", Tables: []string{"survey_waves"},
	Read: func(r *archive.Reading, after waveRow, limit int64) ([]waveRow, error) {
		return store.Collect(r.Tx, archive.Scan[waveRow], `SELECT id, title, instrument_key, edition, content, languages, mode, opens_on, closes_on, grace_days, remind_every, remind_most, follows_id, for_evaluator, state, evergreen, ask_again, snapshot_of, closed_on, created_at, deleted_at
			FROM survey_waves WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []waveRow) error {
		var records [][]any
		var live []WaveID
		for _, w := range rows {
			if err := sound(w.Content); err != nil {
				return err
			}
			if w.DeletedAt == nil {
				live = append(live, w.ID)
			}
			records = append(records, archive.Values(&w, store.Micros(l.Now)))
		}
		if err := l.Tx.ExecRows(`INSERT INTO survey_waves (collaborative_id, version, id, title, instrument_key, edition, content, languages, mode, opens_on, closes_on, grace_days, remind_every, remind_most, follows_id, for_evaluator, state, evergreen, ask_again, snapshot_of, closed_on, created_at, deleted_at, updated_at)
			VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`, records); err != nil {
			return err
		}
		return operation.CountAll(l.Tx, Kind, live)
	},
}

type carriedInvitee struct {
	ID             inviteeID                `json:"id"`
	WaveID         WaveID                   `json:"wave_id" ref:"survey-waves"`
	PersonID       directory.PersonID       `json:"person_id" ref:"people"`
	OrganizationID directory.OrganizationID `json:"organization_id,omitzero" ref:"organizations" doc:"Whom they belonged to when the wave was opened."`
	Organization   string                   `json:"organization,omitempty" maxLength:"400"`
	Sector         string                   `json:"sector,omitempty"`
	Bodies         []InBody                 `json:"bodies" maxItems:"500" doc:"In which groups they held a seat then."`
	Kinds          []string                 `json:"kinds,omitempty" maxItems:"20" maxLength:"80" doc:"What kinds of organization it was then."`
	MemberBand     string                   `json:"member_band,omitempty" enum:"0,1,3,6" doc:"For how many years it had been a member then, and more up to the next."`
}

var carriedInvitees = archive.Kind[carriedInvitee]{
	Name: "survey-invitees", Tables: []string{"survey_invitees"},
	Read: func(r *archive.Reading, after carriedInvitee, limit int64) ([]carriedInvitee, error) {
		return store.Collect(r.Tx, archive.Scan[carriedInvitee], `SELECT id, wave_id, person_id, organization_id, organization, sector, bodies, kinds, member_band FROM survey_invitees WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []carriedInvitee) error {
		var records [][]any
		for _, v := range rows {
			records = append(records, archive.Values(&v))
		}
		return l.Tx.ExecRows(`INSERT INTO survey_invitees (collaborative_id, declined_on, letters, told_on, id, wave_id, person_id, organization_id, organization, sector, bodies, kinds, member_band) VALUES ($1, '', 0, '', $2, $3, $4, $5, $6, $7, $8, $9, $10)`, records)
	},
}

type rosterRow struct {
	ID             id.Of[Entry]             `json:"id"`
	WaveID         WaveID                   `json:"wave_id" ref:"survey-waves"`
	PersonID       directory.PersonID       `json:"person_id,omitzero" ref:"people"`
	OrganizationID directory.OrganizationID `json:"organization_id,omitzero" ref:"organizations"`
	Name           string                   `json:"name" maxLength:"400"`
	Sector         string                   `json:"sector,omitempty"`
	AddedOn        string                   `json:"added_on,omitempty" format:"date" doc:"The day on which it was added to an evergreen wave."`
}

var carriedRoster = archive.Kind[rosterRow]{
	Name: "survey-roster", Tables: []string{"survey_roster"},
	Read: func(r *archive.Reading, after rosterRow, limit int64) ([]rosterRow, error) {
		return store.Collect(r.Tx, archive.Scan[rosterRow], `SELECT id, wave_id, person_id, organization_id, name, sector, added_on FROM survey_roster WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []rosterRow) error {
		var records [][]any
		for _, e := range rows {
			records = append(records, archive.Values(&e))
		}
		return l.Tx.ExecRows(`INSERT INTO survey_roster (collaborative_id, id, wave_id, person_id, organization_id, name, sector, added_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, records)
	},
}

// responseRow is a response of a named wave with whose it is.
type responseRow struct {
	ID        responseID `json:"id"`
	WaveID    WaveID     `json:"wave_id" ref:"survey-waves"`
	InviteeID inviteeID  `json:"invitee_id" ref:"survey-invitees" doc:"Whose it is."`
	Submitted bool       `json:"submitted" doc:"Whether it was handed in."`
	SavedOn   string     `json:"saved_on" format:"date" doc:"The day it was kept last."`
}

var carriedResponses = archive.Kind[responseRow]{
	Name: "survey-responses", Tables: []string{"survey_responses", "survey_identities"},
	Read: func(r *archive.Reading, after responseRow, limit int64) ([]responseRow, error) {
		return store.Collect(r.Tx, archive.Scan[responseRow], `SELECT survey_responses.id, survey_responses.wave_id, survey_identities.invitee_id, survey_responses.submitted, survey_responses.saved_on FROM survey_responses
			JOIN survey_identities ON survey_identities.collaborative_id = $1 AND survey_identities.response_id = survey_responses.id
			JOIN survey_waves ON survey_waves.collaborative_id = $1 AND survey_waves.id = survey_responses.wave_id AND survey_waves.mode = 'named'
			WHERE survey_responses.collaborative_id = $1 AND survey_responses.id > $2 ORDER BY survey_responses.id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []responseRow) error {
		var records, identities [][]any
		for _, r := range rows {
			records = append(records, []any{r.ID, r.WaveID, r.Submitted, r.SavedOn})
			identities = append(identities, []any{r.InviteeID, r.ID})
		}
		if err := l.Tx.ExecRows(`INSERT INTO survey_responses (collaborative_id, id, wave_id, submitted, saved_on) VALUES ($1, $2, $3, $4, $5)`, records); err != nil {
			return err
		}
		return l.Tx.ExecRows(`INSERT INTO survey_identities (collaborative_id, invitee_id, response_id) VALUES ($1, $2, $3)`, identities)
	},
}

// answersRow are all answers of one response.
type answersRow struct {
	ID      responseID        `json:"id" ref:"survey-responses" doc:"The response."`
	Answers map[string]Answer `json:"answers" doc:"By question."`
}

var carriedAnswers = archive.Kind[answersRow]{
	Name: "survey-answers", Tables: []string{"survey_answers"},
	Read: func(r *archive.Reading, after answersRow, limit int64) ([]answersRow, error) {
		list, err := store.Collect(r.Tx, func(row store.Row) (a answersRow, err error) {
			a.Answers = map[string]Answer{}
			return a, row.Scan(&a.ID)
		}, `SELECT survey_responses.id FROM survey_responses
			JOIN survey_waves ON survey_waves.collaborative_id = $1 AND survey_waves.id = survey_responses.wave_id AND survey_waves.mode = 'named'
			WHERE survey_responses.collaborative_id = $1 AND survey_responses.id > $2 ORDER BY survey_responses.id LIMIT $3`, after.ID[:], limit)
		for k := range list {
			if err == nil {
				err = store.Each(r.Tx, func(row store.Row) error {
					var question string
					var a Answer
					err := row.Scan(&question, store.ScanJSON(&a))
					list[k].Answers[question] = a
					return err
				}, `SELECT question, answer FROM survey_answers WHERE collaborative_id = $1 AND response_id = $2`, list[k].ID)
			}
		}
		return list, err
	},
	Write: func(l *archive.Loading, rows []answersRow) error {
		var records [][]any
		for _, r := range rows {
			for question, a := range r.Answers {
				records = append(records, []any{r.ID, question, store.JSON(a)})
			}
		}
		return l.Tx.ExecRows(`INSERT INTO survey_answers (collaborative_id, response_id, question, answer) VALUES ($1, $2, $3, $4)`, records)
	},
}

// OwnAnswers are what somebody answered to a named survey.
type OwnAnswers struct {
	Survey  string            `json:"survey"`
	Answers map[string]Answer `json:"answers"`
}

// OfPerson are the named surveys somebody answered. What they answered to others is not
// among it: it is read by nobody, and they see it by their own link alone. It checks no
// permission: it is for what is told to the person themselves.
func OfPerson(c *operation.Call, person directory.PersonID) ([]OwnAnswers, error) {
	type found struct {
		title    string
		response responseID
	}
	list, err := store.Collect(c.Tx, func(row store.Row) (f found, err error) { return f, row.Scan(&f.title, &f.response) },
		`SELECT survey_waves.title, survey_identities.response_id FROM survey_invitees
		JOIN survey_waves ON survey_waves.collaborative_id = $1 AND survey_waves.id = survey_invitees.wave_id AND survey_waves.mode = 'named'
		JOIN survey_identities ON survey_identities.collaborative_id = $1 AND survey_identities.invitee_id = survey_invitees.id
		WHERE survey_invitees.collaborative_id = $1 AND survey_invitees.person_id = $2 ORDER BY survey_invitees.id LIMIT 1000`, person)
	if err != nil {
		return nil, err
	}
	var out []OwnAnswers
	for _, f := range list {
		answers, err := answersOf(c, f.response)
		if err != nil {
			return nil, err
		}
		out = append(out, OwnAnswers{f.title, answers})
	}
	return out, nil
}
