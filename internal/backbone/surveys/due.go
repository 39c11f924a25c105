package surveys

import (
	"time"

	"commontable/internal/backbone/due"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// DueItem is the kind of what is due: an answer to a survey.
const DueItem = "survey"

// Source tells what answers are due. Of a confidential or anonymous wave only those learn it who are
// to answer: from the rest of the list everybody would see who has.
type Source struct{}

// Kinds implements due.Source.
func (Source) Kinds() []string { return []string{DueItem} }

const dueText = `SELECT survey_waves.id, survey_waves.title, survey_waves.created_at, survey_waves.opens_on, survey_waves.closes_on, survey_waves.state, survey_waves.grace_days, survey_invitees.person_id FROM survey_waves
	JOIN survey_invitees ON survey_invitees.collaborative_id = $1 AND survey_invitees.wave_id = survey_waves.id AND survey_invitees.declined_on = ''
	LEFT JOIN survey_identities ON survey_identities.collaborative_id = $1 AND survey_identities.invitee_id = survey_invitees.id
	LEFT JOIN survey_tokens_issued ON survey_tokens_issued.collaborative_id = $1 AND survey_tokens_issued.invitee_id = survey_invitees.id
	LEFT JOIN survey_responses ON survey_responses.collaborative_id = $1 AND survey_responses.id = survey_identities.response_id
	WHERE survey_waves.collaborative_id = $1 AND survey_waves.state = 'open' AND survey_waves.deleted_at IS NULL AND COALESCE(survey_responses.submitted, FALSE) = FALSE AND COALESCE(survey_tokens_issued.given, FALSE) = FALSE`

func dueItem(c *operation.Call, fn func(due.Owner, due.Item)) func(store.Row) error {
	return func(row store.Row) error {
		var w Wave
		var who due.Owner
		if err := row.Scan(&w.ID, &w.Title, store.ScanTime(&w.CreatedAt), &w.OpensOn, &w.ClosesOn, &w.State, &w.GraceDays, &who.PersonID); err != nil {
			return err
		}
		if !w.takes(c.Today()) {
			return nil
		}
		i := due.Item{Kind: DueItem, ID: due.ItemID(w.ID), Title: w.Title, Since: w.OpensOn, On: w.ClosesOn, Answers: []string{}}
		if i.Since == "" {
			i.Since = w.CreatedAt.Format(time.DateOnly)
		}
		fn(who, i)
		return nil
	}
}

func duePerson(c *operation.Call, who due.Owner, mode string) (out []due.Item, err error) {
	if who.PersonID.IsZero() {
		return nil, nil
	}
	err = store.Each(c.Tx, dueItem(c, func(_ due.Owner, i due.Item) { out = append(out, i) }), dueText+` AND survey_invitees.person_id = $2 AND survey_waves.mode = $3`, who.PersonID, mode)
	return out, err
}

// Of implements due.Source: of named waves.
func (Source) Of(c *operation.Call, who due.Owner) ([]due.Item, error) {
	return duePerson(c, who, Named)
}

// Confided implements due.Confider: of confidential and anonymous waves, to the person
// themselves.
func (Source) Confided(c *operation.Call, who due.Owner) ([]due.Item, error) {
	out, err := duePerson(c, who, Confidential)
	if err != nil {
		return nil, err
	}
	more, err := duePerson(c, who, Anonymous)
	return append(out, more...), err
}

// Each implements due.Source: of named waves.
func (Source) Each(c *operation.Call, fn func(due.Owner, due.Item)) error {
	return store.Each(c.Tx, dueItem(c, fn), dueText+` AND survey_waves.mode = $2 ORDER BY survey_waves.created_at LIMIT 5000`, Named)
}

// Answer implements due.Source: a survey is answered by the link in its letter.
func (Source) Answer(*operation.Call, due.Owner, string, due.ItemID, due.Answer) error {
	return operation.InvalidField("answer", "errors.not_offered")
}
