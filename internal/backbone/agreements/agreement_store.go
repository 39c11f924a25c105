package agreements

import (
	"errors"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

const columns = `agreements.id, agreements.organization_id, organizations.name, organizations.deleted_at IS NOT NULL, agreements.organization_sort_key, agreements.principles,
	agreements.state, agreements.text, agreements.transition, agreements.term_months, agreements.signatory_id, agreements.signatory_name, agreements.signatory_title,
	agreements.signatory_email, agreements.language, agreements.link_id, agreements.link_expires, agreements.sent_at, agreements.sent_by, agreements.signed_name,
	agreements.signed_at, agreements.on_paper, agreements.valid_from, agreements.renewal_due, agreements.valid_to, agreements.end_note,
	agreements.version, agreements.created_at, agreements.updated_at, agreements.deleted_at`

const tables = ` FROM agreements JOIN organizations ON organizations.collaborative_id = $1 AND organizations.id = agreements.organization_id WHERE agreements.collaborative_id = $1`

// scanOn reads a row as it stands on a day.
func scanOn(day string) func(store.Row) (Agreement, error) {
	return func(row store.Row) (Agreement, error) {
		var a Agreement
		var expires, sent, signed, deleted time.Time
		err := row.Scan(&a.ID, &a.OrganizationID, &a.Organization, &a.OrganizationGone, &a.sortKey, &a.Principles, &a.stored, &a.Text, &a.Transition, &a.TermMonths,
			&a.SignatoryID, &a.SignatoryName, &a.SignatoryTitle, &a.SignatoryEmail, &a.Language, &a.link, store.ScanTime(&expires), store.ScanTime(&sent), &a.SentBy,
			&a.SignedName, store.ScanTime(&signed), &a.OnPaper, store.ScanText(&a.From), store.ScanText(&a.RenewalDue), store.ScanText(&a.To), &a.EndNote,
			&a.Version, store.ScanTime(&a.CreatedAt), store.ScanTime(&a.UpdatedAt), store.ScanTime(&deleted))
		a.LinkExpires, a.SentAt, a.SignedAt, a.DeletedAt = instant(expires), instant(sent), instant(signed), instant(deleted)
		a.State = a.stateOn(day)
		return a, err
	}
}

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func micros(t *time.Time) any {
	if t == nil {
		return nil
	}
	return store.Micros(*t)
}

func get(c *operation.Call, i ID) (Agreement, error) {
	return store.One(c.Tx, scanOn(c.Today()), `SELECT `+columns+tables+` AND agreements.id = $2`, i)
}

// errOpen is the answer where an organization would have two agreements waiting.
func errOpen() error { return operation.Refuse(operation.Conflict, "agreements.already_open") }

func insert(c *operation.Call, a Agreement) error {
	_, err := c.Tx.Exec(`INSERT INTO agreements (collaborative_id, id, organization_id, organization_sort_key, principles, state, text, transition, term_months,
		signatory_id, signatory_name, signatory_title, signatory_email, language, sent_by, signed_name, on_paper, end_note, version, created_at, updated_at)
		VALUES ($1, $2, $3, (SELECT sort_key FROM organizations WHERE collaborative_id = $1 AND id = $3), $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', '', FALSE, '', $14, $15, $15)`,
		a.ID, a.OrganizationID, a.Principles, a.stored, a.Text, a.Transition, a.TermMonths, a.SignatoryID, a.SignatoryName, a.SignatoryTitle, a.SignatoryEmail, a.Language,
		a.Version, store.Micros(a.CreatedAt))
	if errors.Is(err, store.ErrUnique) {
		return operation.InvalidField("organization_id", "agreements.already_open")
	}
	return err
}

func update(c *operation.Call, a Agreement) error {
	n, err := c.Tx.Exec(`UPDATE agreements SET principles = $3, state = $4, text = $5, transition = $6, term_months = $7, signatory_id = $8, signatory_name = $9,
		signatory_title = $10, signatory_email = $11, language = $12, link_id = $13, link_expires = $14, sent_at = $15, sent_by = $16, signed_name = $17, signed_at = $18,
		on_paper = $19, valid_from = $20, renewal_due = $21, valid_to = $22, end_note = $23, version = $24, updated_at = $25, deleted_at = $26
		WHERE collaborative_id = $1 AND id = $2 AND version = $24 - 1`,
		a.ID, a.Principles, a.stored, a.Text, a.Transition, a.TermMonths, a.SignatoryID, a.SignatoryName, a.SignatoryTitle, a.SignatoryEmail, a.Language, a.link,
		micros(a.LinkExpires), micros(a.SentAt), a.SentBy, a.SignedName, micros(a.SignedAt), a.OnPaper, store.Text(a.From), store.Text(a.RenewalDue), store.Text(a.To), a.EndNote,
		a.Version, store.Micros(a.UpdatedAt), micros(a.DeletedAt))
	if errors.Is(err, store.ErrUnique) {
		return errOpen()
	}
	if err == nil && n == 0 {
		return operation.Stale(nil)
	}
	return err
}

// inForce are the agreements of an organization that are signed and neither
// renewed nor ended: one, or none.
func inForce(c *operation.Call, organization directory.OrganizationID, without ID) ([]Agreement, error) {
	return store.Collect(c.Tx, scanOn(c.Today()), `SELECT `+columns+tables+` AND agreements.organization_id = $2 AND agreements.state = 'signed' AND agreements.deleted_at IS NULL AND agreements.id <> $3`,
		organization, without)
}

// renewedOn are the agreements of an organization that one which began on a day
// took the place of.
func renewedOn(c *operation.Call, organization directory.OrganizationID, day string) ([]Agreement, error) {
	return store.Collect(c.Tx, scanOn(c.Today()), `SELECT `+columns+tables+` AND agreements.organization_id = $2 AND agreements.state = 'renewed' AND agreements.valid_to = $3`, organization, day)
}
