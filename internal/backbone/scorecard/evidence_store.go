package scorecard

import (
	"strings"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

const evidenceColumns = `scorecard_evidence.id, scorecard_evidence.function, scorecard_evidence.kind, scorecard_evidence.happened_on, scorecard_evidence.title, scorecard_evidence.note,
	scorecard_evidence.wave_id, scorecard_evidence.item, scorecard_evidence.measure, scorecard_evidence.period, scorecard_evidence.amount, scorecard_evidence.source, scorecard_evidence.material_id,
	scorecard_evidence.link, scorecard_evidence.alongside, scorecard_evidence.teller_id, scorecard_evidence.teller_name, teller.given_name, teller.family_name, scorecard_evidence.consent,
	scorecard_evidence.consented_on, scorecard_evidence.consent_until, scorecard_evidence.by_person_id, scorecard_evidence.by_name, people.given_name, people.family_name,
	scorecard_evidence.version, scorecard_evidence.created_at, scorecard_evidence.updated_at, scorecard_evidence.deleted_at`

const evidenceTables = ` FROM scorecard_evidence LEFT JOIN people ON people.collaborative_id = $1 AND people.id = scorecard_evidence.by_person_id
	LEFT JOIN people AS teller ON teller.collaborative_id = $1 AND teller.id = scorecard_evidence.teller_id WHERE scorecard_evidence.collaborative_id = $1`

func scanEvidence(row store.Row) (Evidence, error) {
	var e Evidence
	var by directory.Person
	var given, family string
	var deleted time.Time
	err := row.Scan(&e.ID, &e.Function, &e.Kind, &e.HappenedOn, &e.Title, &e.Note, &e.WaveID, &e.Item, &e.Measure, &e.Period, &e.Amount, &e.Source, &e.MaterialID, &e.Link, &e.Alongside,
		&e.TellerID, &e.TellerName, store.ScanText(&given), store.ScanText(&family), &e.Consent, &e.ConsentedOn, &e.ConsentUntil, &e.ByID, &e.alone, store.ScanText(&by.GivenName), store.ScanText(&by.FamilyName),
		&e.Version, store.ScanTime(&e.CreatedAt), store.ScanTime(&e.UpdatedAt), store.ScanTime(&deleted))
	e.By, e.Teller, e.DeletedAt = e.alone, e.TellerName, operation.Instant(deleted)
	if !e.ByID.IsZero() {
		e.By = by.Name()
	}
	if e.Teller == "" {
		e.Teller = strings.TrimSpace(given + " " + family)
	}
	return e, err
}

func getEvidence(c *operation.Call, i EvidenceID) (Evidence, error) {
	return store.One(c.Tx, scanEvidence, `SELECT `+evidenceColumns+evidenceTables+` AND scorecard_evidence.id = $2`, i)
}

// evidenceOf is all evidence of a function, withdrawn too, the oldest first.
func evidenceOf(c *operation.Call, function string) ([]Evidence, error) {
	return store.Collect(c.Tx, scanEvidence, `SELECT `+evidenceColumns+evidenceTables+` AND scorecard_evidence.function = $2 ORDER BY scorecard_evidence.happened_on, scorecard_evidence.id`, function)
}

// evidenceBy is the evidence of all functions that was not withdrawn, by function.
func evidenceBy(c *operation.Call) (map[string][]Evidence, error) {
	out := map[string][]Evidence{}
	err := store.Each(c.Tx, func(row store.Row) error {
		e, err := scanEvidence(row)
		out[e.Function] = append(out[e.Function], e)
		return err
	}, `SELECT `+evidenceColumns+evidenceTables+` AND scorecard_evidence.deleted_at IS NULL ORDER BY scorecard_evidence.function, scorecard_evidence.happened_on, scorecard_evidence.id`)
	return out, err
}

func insertEvidence(c *operation.Call, e Evidence) error {
	_, err := c.Tx.Exec(`INSERT INTO scorecard_evidence (collaborative_id, id, function, kind, happened_on, title, note, wave_id, item, measure, period, amount, source, material_id, link, alongside,
		teller_id, teller_name, consent, consented_on, consent_until, by_person_id, by_name, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $25)`,
		e.ID, e.Function, e.Kind, e.HappenedOn, e.Title, e.Note, e.WaveID, e.Item, e.Measure, e.Period, e.Amount, e.Source, e.MaterialID, e.Link, e.Alongside,
		e.TellerID, e.TellerName, e.Consent, e.ConsentedOn, e.ConsentUntil, e.ByID, e.alone, e.Version, store.Micros(e.CreatedAt))
	return err
}

func updateEvidence(c *operation.Call, _, e Evidence) error {
	return operation.Changed(c.Tx.Exec(`UPDATE scorecard_evidence SET happened_on = $3, title = $4, note = $5, amount = $6, source = $7, link = $8, alongside = $9, teller_id = $10, teller_name = $11,
		consent = $12, consented_on = $13, consent_until = $14, version = $15, updated_at = $16, deleted_at = $17 WHERE collaborative_id = $1 AND id = $2 AND version = $15 - 1`,
		e.ID, e.HappenedOn, e.Title, e.Note, e.Amount, e.Source, e.Link, e.Alongside, e.TellerID, e.TellerName, e.Consent, e.ConsentedOn, e.ConsentUntil,
		e.Version, store.Micros(e.UpdatedAt), operation.DeletedMicros(e.DeletedAt)))
}
