package commitments

import (
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

const columns = `commitments.id, commitments.kind, commitments.organization_id, organizations.name, commitments.person_id, people.given_name, people.family_name, commitments.person_name,
	commitments.text, commitments.amount, commitments.rate, commitments.source, commitments.note, commitments.pledged_on, commitments.begins_on, commitments.ends_on, commitments.state,
	commitments.delivered, commitments.deliveries, commitments.fulfilled_on, commitments.withdrawn_on, commitments.reason, commitments.confirmed_at, commitments.confirmed_by,
	commitments.pledged_by, commitments.version, commitments.created_at, commitments.updated_at, commitments.deleted_at`

const tables = ` FROM commitments JOIN organizations ON organizations.collaborative_id = $1 AND organizations.id = commitments.organization_id
	LEFT JOIN people ON people.collaborative_id = $1 AND people.id = commitments.person_id WHERE commitments.collaborative_id = $1`

func scan(row store.Row) (Commitment, error) {
	var k Commitment
	var person directory.Person
	var confirmed, deleted time.Time
	err := row.Scan(&k.ID, &k.Kind, &k.OrganizationID, &k.Organization, &k.PersonID, store.ScanText(&person.GivenName), store.ScanText(&person.FamilyName), &k.Person,
		&k.Text, &k.Amount, &k.Rate, &k.Source, &k.Note, &k.PledgedOn, &k.BeginsOn, &k.EndsOn, &k.State,
		&k.Delivered, &k.Deliveries, store.ScanText(&k.FulfilledOn), store.ScanText(&k.WithdrawnOn), &k.Reason, store.ScanTime(&confirmed), &k.ConfirmedBy,
		&k.PledgedBy, &k.Version, store.ScanTime(&k.CreatedAt), store.ScanTime(&k.UpdatedAt), store.ScanTime(&deleted))
	if !k.PersonID.IsZero() {
		k.Person = person.Name()
	}
	k.ConfirmedAt, k.DeletedAt = operation.Instant(confirmed), operation.Instant(deleted)
	k.valued()
	return k, err
}

func get(c *operation.Call, i ID) (Commitment, error) {
	k, err := store.One(c.Tx, scan, `SELECT `+columns+tables+` AND commitments.id = $2`, i)
	if err != nil {
		return k, err
	}
	k.Currency, err = currency(c)
	return k, err
}

// currency is what the collaborative counts money in.
func currency(c *operation.Call) (string, error) {
	return store.Value[string](c.Installation, `SELECT currency FROM collaboratives WHERE id = $1`, c.Collaborative.ID)
}

// nameAlone is a person's name as it is stored: only where no record gives it.
func nameAlone(i directory.PersonID, name string) string {
	if !i.IsZero() {
		return ""
	}
	return name
}

func insert(c *operation.Call, k Commitment) error {
	_, err := c.Tx.Exec(`INSERT INTO commitments (collaborative_id, id, kind, organization_id, person_id, person_name, text, amount, rate, source, note, pledged_on, begins_on, ends_on, state,
		delivered, deliveries, reason, confirmed_at, confirmed_by, pledged_by, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 0, 0, '', $16, $17, $18, $19, $20, $20)`,
		k.ID, k.Kind, k.OrganizationID, k.PersonID, nameAlone(k.PersonID, k.Person), k.Text, k.Amount, k.Rate, k.Source, k.Note, k.PledgedOn, k.BeginsOn, k.EndsOn, k.derived(),
		operation.DeletedMicros(k.ConfirmedAt), k.ConfirmedBy, k.PledgedBy, k.Version, store.Micros(k.CreatedAt))
	return err
}

func update(c *operation.Call, _, k Commitment) error {
	return operation.Changed(c.Tx.Exec(`UPDATE commitments SET organization_id = $3, person_id = $4, person_name = $5, text = $6, amount = $7, rate = $8, source = $9, note = $10, pledged_on = $11,
		begins_on = $12, ends_on = $13, state = $14, fulfilled_on = $15, withdrawn_on = $16, reason = $17, confirmed_at = $18, confirmed_by = $19, version = $20, updated_at = $21, deleted_at = $22
		WHERE collaborative_id = $1 AND id = $2 AND version = $20 - 1`,
		k.ID, k.OrganizationID, k.PersonID, nameAlone(k.PersonID, k.Person), k.Text, k.Amount, k.Rate, k.Source, k.Note, k.PledgedOn,
		k.BeginsOn, k.EndsOn, k.derived(), store.Text(k.FulfilledOn), store.Text(k.WithdrawnOn), k.Reason, operation.DeletedMicros(k.ConfirmedAt), k.ConfirmedBy,
		k.Version, store.Micros(k.UpdatedAt), operation.DeletedMicros(k.DeletedAt)))
}

// recount works out what of a commitment was delivered. It is no change of the
// record that a form could overwrite, and leaves its version alone.
func recount(c *operation.Call, i ID) error {
	type sum struct{ delivered, deliveries int64 }
	s, err := store.One(c.Tx, func(row store.Row) (s sum, err error) { return s, row.Scan(&s.delivered, &s.deliveries) },
		`SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT), COUNT(*) FROM deliveries WHERE collaborative_id = $1 AND commitment_id = $2 AND deleted_at IS NULL AND confirmed_at IS NOT NULL`, i)
	if err != nil {
		return err
	}
	k, err := get(c, i)
	if err != nil {
		return err
	}
	k.Delivered, k.Deliveries = s.delivered, s.deliveries
	_, err = c.Tx.Exec(`UPDATE commitments SET delivered = $3, deliveries = $4, state = $5 WHERE collaborative_id = $1 AND id = $2`, i, k.Delivered, k.Deliveries, k.derived())
	return err
}

// OfPerson are all commitments for which a person gave the word, whoever asks: it is
// for an operation of another capability, which checks who may.
func OfPerson(c *operation.Call, person directory.PersonID) ([]Commitment, error) {
	return store.Collect(c.Tx, scan, `SELECT `+columns+tables+` AND commitments.person_id = $2 ORDER BY commitments.ends_on, commitments.id`, person)
}
