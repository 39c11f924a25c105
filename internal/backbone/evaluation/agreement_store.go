package evaluation

import (
	"slices"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

const columns = `evaluator_agreements.id, evaluator_agreements.person_id, people.given_name, people.family_name, evaluator_agreements.organization, evaluator_agreements.purpose, evaluator_agreements.waves,
	evaluator_agreements.terms, evaluator_agreements.language, evaluator_agreements.text, evaluator_agreements.valid_until, evaluator_agreements.destroy_by, evaluator_agreements.state, evaluator_agreements.signed_name,
	evaluator_agreements.signed_on, evaluator_agreements.signed_at, evaluator_agreements.by_link, evaluator_agreements.link_id, evaluator_agreements.link_expires, evaluator_agreements.sent_at, evaluator_agreements.sent_by,
	evaluator_agreements.texts, people.email, people.deleted_at IS NOT NULL, evaluator_agreements.ended_on, evaluator_agreements.end_note, evaluator_agreements.version, evaluator_agreements.created_at, evaluator_agreements.updated_at, evaluator_agreements.deleted_at`

const tables = ` FROM evaluator_agreements JOIN people ON people.collaborative_id = $1 AND people.id = evaluator_agreements.person_id WHERE evaluator_agreements.collaborative_id = $1`

// scanOn reads a row as it stands on a day.
func scanOn(day string) func(store.Row) (Agreement, error) {
	return func(row store.Row) (Agreement, error) {
		var a Agreement
		var name directory.Person
		var signed, expires, sent, deleted time.Time
		err := row.Scan(&a.ID, &a.PersonID, &name.GivenName, &name.FamilyName, &a.Organization, &a.Purpose, store.ScanJSON(&a.names), &a.Terms, &a.Language, &a.Text, &a.Until, &a.DestroyBy, &a.State, &a.SignedName,
			&a.SignedOn, store.ScanTime(&signed), &a.ByLink, &a.link, store.ScanTime(&expires), store.ScanTime(&sent), &a.SentBy, store.ScanJSON(&a.texts), &a.address, &a.gone, &a.EndedOn, &a.EndNote, &a.Version, store.ScanTime(&a.CreatedAt), store.ScanTime(&a.UpdatedAt), store.ScanTime(&deleted))
		a.Person, a.DeletedAt = name.Name(), operation.Instant(deleted)
		a.SignedAt, a.LinkExpires, a.SentAt = operation.Instant(signed), operation.Instant(expires), operation.Instant(sent)
		return a.on(day), err
	}
}

// get reads one agreement with its waves.
func get(c *operation.Call, i ID) (Agreement, error) {
	a, err := store.One(c.Tx, scanOn(c.Today()), `SELECT `+columns+tables+` AND evaluator_agreements.id = $2`, i)
	if err != nil {
		return a, err
	}
	list := []Agreement{a}
	err = fill(c, list)
	return list[0], err
}

// fill adds what became of the waves of some agreements.
func fill(c *operation.Call, list []Agreement) error {
	if len(list) == 0 {
		return nil
	}
	all, err := surveys.FileableWaves(c)
	for n, a := range list {
		waves := []Wave{}
		for _, w := range all {
			if a.covers(w.ID) {
				waves = append(waves, Wave{w})
			}
		}
		list[n].Waves = waves // #nosec G602 -- n ranges over list
	}
	return err
}

func named(waves []surveys.WaveID) (out []AgreedWave) {
	out = []AgreedWave{}
	for _, w := range waves {
		if !slices.Contains(out, AgreedWave{w}) {
			out = append(out, AgreedWave{w})
		}
	}
	return out
}

func insert(c *operation.Call, a Agreement) error {
	_, err := c.Tx.Exec(`INSERT INTO evaluator_agreements (collaborative_id, id, person_id, organization, purpose, waves, terms, language, text, valid_until, destroy_by, state, signed_name, signed_on, ended_on, end_note, version, created_at, updated_at, texts)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $18, $19)`,
		a.ID, a.PersonID, a.Organization, a.Purpose, store.JSON(a.names), a.Terms, a.Language, a.Text, a.Until, a.DestroyBy, a.State, a.SignedName, a.SignedOn, a.EndedOn, a.EndNote, a.Version, store.Micros(a.CreatedAt), store.JSON(a.texts))
	return err
}

// update stores an agreement. Waiting, in force and ended alone are ever changed, so the
// state is the stored one. What is put in the trash can no longer be signed by link, also
// when it comes out again.
func update(c *operation.Call, _, a Agreement) error {
	if a.DeletedAt != nil {
		a = a.withoutLink()
	}
	return operation.Changed(c.Tx.Exec(`UPDATE evaluator_agreements SET person_id = $3, organization = $4, purpose = $5, waves = $6, terms = $7, language = $8, text = $9, valid_until = $10, destroy_by = $11, state = $12,
		signed_name = $13, signed_on = $14, ended_on = $15, end_note = $16, version = $17, updated_at = $18, deleted_at = $19, signed_at = $20, by_link = $21, link_id = $22, link_expires = $23, sent_at = $24, sent_by = $25, texts = $26 WHERE collaborative_id = $1 AND id = $2 AND version = $17 - 1`,
		a.ID, a.PersonID, a.Organization, a.Purpose, store.JSON(a.names), a.Terms, a.Language, a.Text, a.Until, a.DestroyBy, a.State, a.SignedName, a.SignedOn, a.EndedOn, a.EndNote, a.Version,
		store.Micros(a.UpdatedAt), operation.DeletedMicros(a.DeletedAt), operation.DeletedMicros(a.SignedAt), a.ByLink, a.link, operation.DeletedMicros(a.LinkExpires), operation.DeletedMicros(a.SentAt), a.SentBy, store.JSON(a.texts)))
}

// OfPerson are the agreements of a person, whoever asks: it is for an operation of another
// capability, which checks who may.
func OfPerson(c *operation.Call, person directory.PersonID) ([]Agreement, error) {
	list, err := store.Collect(c.Tx, scanOn(c.Today()), `SELECT `+columns+tables+` AND evaluator_agreements.person_id = $2 AND evaluator_agreements.deleted_at IS NULL ORDER BY evaluator_agreements.id`, person)
	if err != nil {
		return nil, err
	}
	return list, fill(c, list)
}
