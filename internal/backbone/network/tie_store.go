package network

import (
	"strings"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

const columns = `ties.id, ties.from_organization_id, ties.from_person_id, from_organization.name, from_person.given_name, from_person.family_name,
	ties.to_organization_id, ties.to_person_id, to_organization.name, to_person.given_name, to_person.family_name, ties.type, ties.direction,
	COALESCE(ties.strength, -1), ties.layer, ties.about, ties.valid_from, ties.valid_to, ties.version, ties.created_at, ties.updated_at, ties.deleted_at`

const tables = ` FROM ties LEFT JOIN organizations AS from_organization ON from_organization.collaborative_id = $1 AND from_organization.id = ties.from_organization_id
	LEFT JOIN people AS from_person ON from_person.collaborative_id = $1 AND from_person.id = ties.from_person_id
	LEFT JOIN organizations AS to_organization ON to_organization.collaborative_id = $1 AND to_organization.id = ties.to_organization_id
	LEFT JOIN people AS to_person ON to_person.collaborative_id = $1 AND to_person.id = ties.to_person_id WHERE ties.collaborative_id = $1`

func scan(row store.Row) (Tie, error) {
	var t Tie
	var from, to struct{ organization, given, family string }
	var deleted time.Time
	err := row.Scan(&t.ID, &t.FromOrganizationID, &t.FromPersonID, store.ScanText(&from.organization), store.ScanText(&from.given), store.ScanText(&from.family),
		&t.ToOrganizationID, &t.ToPersonID, store.ScanText(&to.organization), store.ScanText(&to.given), store.ScanText(&to.family), &t.Type, &t.Direction,
		&t.Strength, &t.Layer, &t.About, store.ScanText(&t.From), store.ScanText(&t.To), &t.Version, store.ScanTime(&t.CreatedAt), store.ScanTime(&t.UpdatedAt), store.ScanTime(&deleted))
	t.FromName = from.organization + strings.TrimSpace(from.given+" "+from.family)
	t.ToName = to.organization + strings.TrimSpace(to.given+" "+to.family)
	if !deleted.IsZero() {
		t.DeletedAt = &deleted
	}
	return t, err
}

func get(c *operation.Call, i ID) (Tie, error) {
	return store.One(c.Tx, scan, `SELECT `+columns+tables+` AND ties.id = $2`, i)
}

// TypeKey is what two spellings of a type share; what folding leaves nothing of is
// compared as it is.
func TypeKey(text string) string {
	if key := i18n.FoldKey(text); key != "" {
		return key
	}
	return text
}

func strength(n int64) any {
	if n < 0 {
		return nil
	}
	return n
}

func micros(t *time.Time) any {
	if t == nil {
		return nil
	}
	return store.Micros(*t)
}

func insert(c *operation.Call, t Tie) error {
	_, err := c.Tx.Exec(`INSERT INTO ties (collaborative_id, id, from_organization_id, from_person_id, to_organization_id, to_person_id, type, type_key, direction, strength, layer, about,
		valid_from, valid_to, version, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16)`,
		t.ID, t.FromOrganizationID, t.FromPersonID, t.ToOrganizationID, t.ToPersonID, t.Type, TypeKey(t.Type), t.Direction, strength(t.Strength), t.Layer, t.About,
		store.Text(t.From), store.Text(t.To), t.Version, store.Micros(t.CreatedAt))
	return err
}

func update(c *operation.Call, t Tie) error {
	n, err := c.Tx.Exec(`UPDATE ties SET from_organization_id = $3, from_person_id = $4, to_organization_id = $5, to_person_id = $6, type = $7, type_key = $8, direction = $9, strength = $10,
		layer = $11, about = $12, valid_from = $13, valid_to = $14, version = $15, updated_at = $16, deleted_at = $17 WHERE collaborative_id = $1 AND id = $2 AND version = $15 - 1`,
		t.ID, t.FromOrganizationID, t.FromPersonID, t.ToOrganizationID, t.ToPersonID, t.Type, TypeKey(t.Type), t.Direction, strength(t.Strength),
		t.Layer, t.About, store.Text(t.From), store.Text(t.To), t.Version, store.Micros(t.UpdatedAt), micros(t.DeletedAt))
	if err == nil && n == 0 {
		return operation.Stale(nil)
	}
	return err
}

// between are the ties of a type between two records, whichever is named first,
// that are not in the trash.
func between(c *operation.Call, t Tie) ([]Tie, error) {
	var out []Tie
	for _, side := range [2][2]directory.RecordID{{t.Start(), t.End()}, {t.End(), t.Start()}} {
		for _, text := range []struct{ sql string }{
			{`SELECT ` + columns + tables + ` AND ties.from_organization_id = $2 AND (ties.to_organization_id = $3 OR ties.to_person_id = $3) AND ties.type_key = $4 AND ties.deleted_at IS NULL`},
			{`SELECT ` + columns + tables + ` AND ties.from_person_id = $2 AND (ties.to_organization_id = $3 OR ties.to_person_id = $3) AND ties.type_key = $4 AND ties.deleted_at IS NULL`},
		} {
			found, err := store.Collect(c.Tx, scan, text.sql, side[0], side[1], TypeKey(t.Type))
			if err != nil {
				return nil, err
			}
			out = append(out, found...)
		}
	}
	return out, nil
}

// Each calls fn for every tie that is not in the trash. It checks no permission: it
// is for operations of packages above, which do.
func Each(c *operation.Call, fn func(Tie)) error {
	return store.Each(c.Tx, func(row store.Row) error {
		t, err := scan(row)
		if err == nil {
			fn(t)
		}
		return err
	}, `SELECT `+columns+tables+` AND ties.deleted_at IS NULL`)
}

// OfPerson are all ties of a person, whoever asks: it is for an operation of
// another capability, which checks who may.
func OfPerson(c *operation.Call, person directory.PersonID) ([]Tie, error) {
	out, err := store.Collect(c.Tx, scan, `SELECT `+columns+tables+` AND ties.from_person_id = $2 ORDER BY ties.id`, person)
	if err != nil {
		return nil, err
	}
	into, err := store.Collect(c.Tx, scan, `SELECT `+columns+tables+` AND ties.to_person_id = $2 ORDER BY ties.id`, person)
	return append(out, into...), err
}
