package surveys

import (
	"cmp"
	"slices"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

const columns = `id, title, instrument_key, edition, content, languages, mode, opens_on, closes_on, grace_days, remind_every, remind_most, follows_id, evergreen, ask_again, snapshot_of, for_evaluator, state, closed_on, version, created_at, updated_at, deleted_at`

func scan(row store.Row) (Wave, error) {
	var w Wave
	var deleted time.Time
	err := row.Scan(&w.ID, &w.Title, &w.InstrumentKey, &w.Edition, store.ScanJSON(&w.content), store.ScanJSON(&w.Languages), &w.Mode, &w.OpensOn, &w.ClosesOn, &w.GraceDays, &w.RemindEvery, &w.RemindMost,
		&w.FollowsID, &w.Evergreen, &w.AskAgain, &w.SnapshotOf, &w.ForEvaluator, &w.State, &w.ClosedOn, &w.Version, store.ScanTime(&w.CreatedAt), store.ScanTime(&w.UpdatedAt), store.ScanTime(&deleted))
	w.DeletedAt = operation.Instant(deleted)
	return w, err
}

func get(c *operation.Call, i WaveID) (Wave, error) {
	w, err := store.One(c.Tx, scan, `SELECT `+columns+` FROM survey_waves WHERE collaborative_id = $1 AND id = $2`, i)
	w.tell(c)
	return w, err
}

func insert(c *operation.Call, w Wave) error {
	_, err := c.Tx.Exec(`INSERT INTO survey_waves (collaborative_id, id, title, instrument_key, edition, content, languages, mode, opens_on, closes_on, grace_days, remind_every, remind_most, follows_id, evergreen, ask_again, snapshot_of, for_evaluator, state, closed_on, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $22)`,
		w.ID, w.Title, w.InstrumentKey, w.Edition, store.JSON(w.content), store.JSON(w.Languages), w.Mode, w.OpensOn, w.ClosesOn, w.GraceDays, w.RemindEvery, w.RemindMost, w.FollowsID, w.Evergreen, w.AskAgain, w.SnapshotOf, w.ForEvaluator, w.State, w.ClosedOn, w.Version, store.Micros(w.CreatedAt))
	return err
}

func update(c *operation.Call, _, w Wave) error {
	return operation.Changed(c.Tx.Exec(`UPDATE survey_waves SET title = $3, instrument_key = $4, edition = $5, content = $6, languages = $7, mode = $8, opens_on = $9, closes_on = $10, grace_days = $11, remind_every = $12,
		remind_most = $13, follows_id = $14, state = $15, version = $16, updated_at = $17, deleted_at = $18, closed_on = $19, evergreen = $20, ask_again = $21, for_evaluator = $22 WHERE collaborative_id = $1 AND id = $2 AND version = $16 - 1`,
		w.ID, w.Title, w.InstrumentKey, w.Edition, store.JSON(w.content), store.JSON(w.Languages), w.Mode, w.OpensOn, w.ClosesOn, w.GraceDays, w.RemindEvery, w.RemindMost, w.FollowsID, w.State, w.Version,
		store.Micros(w.UpdatedAt), operation.DeletedMicros(w.DeletedAt), w.ClosedOn, w.Evergreen, w.AskAgain, w.ForEvaluator))
}

const inviteeText = `SELECT survey_invitees.id, survey_invitees.wave_id, survey_invitees.person_id, people.given_name, people.family_name, people.deleted_at, survey_invitees.organization_id, survey_invitees.organization, survey_invitees.sector,
	survey_invitees.bodies, survey_invitees.kinds, survey_invitees.member_band, survey_invitees.declined_on, survey_invitees.letters, survey_invitees.told_on FROM survey_invitees
	JOIN people ON people.collaborative_id = $1 AND people.id = survey_invitees.person_id WHERE survey_invitees.collaborative_id = $1`

func scanInvitee(row store.Row) (Invitee, error) {
	var v Invitee
	var name directory.Person
	var gone time.Time
	err := row.Scan(&v.id, &v.wave, &v.PersonID, &name.GivenName, &name.FamilyName, store.ScanTime(&gone), &v.OrganizationID, &v.Organization, &v.Sector, store.ScanJSON(&v.Bodies), store.ScanJSON(&v.Kinds), &v.MemberBand, &v.declined, &v.letters, &v.told)
	v.Person, v.gone = name.Name(), !gone.IsZero()
	return v, err
}

// invited are those invited to a wave, in the order of their names.
func invited(c *operation.Call, w WaveID) ([]Invitee, error) {
	all, err := store.Collect(c.Tx, scanInvitee, inviteeText+` AND survey_invitees.wave_id = $2`, w)
	slices.SortFunc(all, func(a, b Invitee) int {
		return cmp.Or(cmp.Compare(a.Person, b.Person), cmp.Compare(a.id.String(), b.id.String()))
	})
	return all, err
}

// answeredOf are those invited who have handed in their answers, or were given a slip to
// do so. It serves counts and reminders, and is shown to nobody.
func answeredOf(c *operation.Call, w Wave) (map[id.Of[inviteeRow]]bool, error) {
	out := map[id.Of[inviteeRow]]bool{}
	add := func(row store.Row) error {
		var i id.Of[inviteeRow]
		err := row.Scan(&i)
		out[i] = true
		return err
	}
	if w.Mode == Anonymous {
		return out, store.Each(c.Tx, add, `SELECT survey_invitees.id FROM survey_invitees
			JOIN survey_tokens_issued ON survey_tokens_issued.collaborative_id = $1 AND survey_tokens_issued.invitee_id = survey_invitees.id
			WHERE survey_invitees.collaborative_id = $1 AND survey_invitees.wave_id = $2 AND survey_tokens_issued.given = TRUE`, w.ID)
	}
	return out, store.Each(c.Tx, add, `SELECT survey_identities.invitee_id FROM survey_responses JOIN survey_identities ON survey_identities.collaborative_id = $1 AND survey_identities.response_id = survey_responses.id
		WHERE survey_responses.collaborative_id = $1 AND survey_responses.wave_id = $2 AND survey_responses.submitted = TRUE`, w.ID)
}

// count fills in how many are invited to some waves, and how many have answered.
func count(c *operation.Call, list []Wave) error {
	at, ids := map[WaveID]int{}, make([]WaveID, len(list))
	var hidden []WaveID // those of which slips are counted
	for k, w := range list {
		if at[w.ID], ids[k] = k, w.ID; w.Mode == Anonymous && w.State == Open {
			hidden = append(hidden, w.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	into := func(field func(*Wave) *int64) func(store.Row) error {
		return func(row store.Row) error {
			var i WaveID
			var n int64
			err := row.Scan(&i, &n)
			*field(&list[at[i]]) = n
			return err
		}
	}
	if err := store.Each(c.Tx, into(func(w *Wave) *int64 { return &w.Invited }),
		`SELECT wave_id, COUNT(*) FROM survey_invitees WHERE collaborative_id = $1 AND wave_id IN ($2) GROUP BY wave_id`, store.In(ids)); err != nil {
		return err
	}
	if len(hidden) > 0 {
		if err := store.Each(c.Tx, into(func(w *Wave) *int64 { return &w.Answered }), `SELECT survey_invitees.wave_id, COUNT(*) FROM survey_invitees
			JOIN survey_tokens_issued ON survey_tokens_issued.collaborative_id = $1 AND survey_tokens_issued.invitee_id = survey_invitees.id
			WHERE survey_invitees.collaborative_id = $1 AND survey_invitees.wave_id IN ($2) AND survey_tokens_issued.given = TRUE GROUP BY survey_invitees.wave_id`, store.In(hidden)); err != nil {
			return err
		}
	}
	return store.Each(c.Tx, into(func(w *Wave) *int64 { return &w.Answered }),
		`SELECT wave_id, COUNT(*) FROM survey_responses WHERE collaborative_id = $1 AND wave_id IN ($2) AND submitted = TRUE GROUP BY wave_id`, store.In(ids))
}

// rosterOf is the roster of a wave by the keys of its entries, in the order of names.
func rosterOf(c *operation.Call, w WaveID) ([]Entry, error) {
	all, err := store.Collect(c.Tx, func(row store.Row) (e Entry, err error) {
		var i id.Of[Entry]
		err = row.Scan(&i, &e.PersonID, &e.OrganizationID, &e.Name, &e.Sector, &e.Added)
		e.Key = i.Short()
		return e, err
	}, `SELECT id, person_id, organization_id, name, sector, added_on FROM survey_roster WHERE collaborative_id = $1 AND wave_id = $2`, w)
	slices.SortFunc(all, func(a, b Entry) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Key, b.Key)) })
	return all, err
}

// surveyMinimum is how many answers a figure needs at least in the collaborative.
func surveyMinimum(c *operation.Call) (int64, error) {
	return store.Value[int64](c.Installation, `SELECT survey_minimum FROM collaboratives WHERE id = $1`, c.Collaborative.ID)
}
