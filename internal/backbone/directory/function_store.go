package directory

import (
	"errors"
	"slices"
	"time"

	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

const functionColumns = `id, name, about, version, created_at, updated_at, deleted_at`

// addedFunction is a function a collaborative added, as stored.
type addedFunction struct {
	Function
	id        FunctionID
	createdAt time.Time
	updatedAt time.Time
	deletedAt *time.Time
}

func scanFunction(row store.Row) (addedFunction, error) {
	var f addedFunction
	var deleted time.Time
	err := row.Scan(&f.id, &f.Name, &f.About, &f.Version, store.ScanTime(&f.createdAt), store.ScanTime(&f.updatedAt), store.ScanTime(&deleted))
	f.Key, f.Holdings, f.deletedAt = f.id.Short(), []Holding{}, operation.Instant(deleted)
	return f, err
}

func getFunction(c *operation.Call, i FunctionID) (addedFunction, error) {
	return store.One(c.Tx, scanFunction, `SELECT `+functionColumns+` FROM backbone_functions WHERE collaborative_id = $1 AND id = $2`, i)
}

// knownFunction checks that a key names one of the six or an added one.
func knownFunction(c *operation.Call, key string) error {
	if slices.Contains(SixFunctions, key) {
		return nil
	}
	i, err := id.Parse[Function](key)
	if err != nil {
		return operation.InvalidField("function", "errors.not_offered")
	}
	f, err := getFunction(c, i)
	if errors.Is(err, store.ErrNotFound) || err == nil && f.deletedAt != nil {
		return operation.InvalidField("function", "errors.not_offered")
	}
	return err
}

const holdingColumns = `function_holdings.id, function_holdings.function, function_holdings.organization_id, organizations.name, function_holdings.body_id, bodies.name,
	function_holdings.share, function_holdings.note, function_holdings.valid_from, function_holdings.valid_to, function_holdings.version, function_holdings.created_at, function_holdings.updated_at`

const holdingTables = ` FROM function_holdings LEFT JOIN organizations ON organizations.collaborative_id = $1 AND organizations.id = function_holdings.organization_id
	LEFT JOIN bodies ON bodies.collaborative_id = $1 AND bodies.id = function_holdings.body_id WHERE function_holdings.collaborative_id = $1`

func scanHolding(row store.Row) (Holding, error) {
	var h Holding
	var body string
	err := row.Scan(&h.ID, &h.Function, &h.OrganizationID, store.ScanText(&h.Holder), &h.BodyID, store.ScanText(&body), &h.Share, &h.Note, &h.From, store.ScanText(&h.To),
		&h.Version, store.ScanTime(&h.CreatedAt), store.ScanTime(&h.UpdatedAt))
	if h.Holder == "" {
		h.Holder = body
	}
	return h, err
}

// holdingsOn are all holdings, or those of one day.
func holdingsOn(c *operation.Call, day string) ([]Holding, error) {
	q := store.Select(`SELECT ` + holdingColumns + holdingTables)
	if day != "" {
		q.Where(`function_holdings.valid_from <= ? AND (function_holdings.valid_to IS NULL OR function_holdings.valid_to > ?)`, day, day)
	}
	q.Add(` ORDER BY function_holdings.function, function_holdings.valid_from, function_holdings.id`)
	text, args := q.SQL()
	return store.Collect(c.Tx, scanHolding, text, args...)
}

func liveHolding(c *operation.Call, i HoldingID, version int64) (Holding, error) {
	h, err := store.One(c.Tx, scanHolding, `SELECT `+holdingColumns+holdingTables+` AND function_holdings.id = $2`, i)
	if err == nil && h.Version != version {
		err = operation.Stale(h)
	}
	return h, err
}

// holderName checks whoever is to perform a function.
func holderName(c *operation.Call, h Holding) (string, error) {
	if !h.BodyID.IsZero() {
		b, err := liveBody(c, "body_id", h.BodyID)
		return b.Name, err
	}
	return organizationName(c, h.OrganizationID)
}

func insertHolding(c *operation.Call, h Holding) error {
	_, err := c.Tx.Exec(`INSERT INTO function_holdings (collaborative_id, id, function, organization_id, body_id, share, note, valid_from, valid_to, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)`,
		h.ID, h.Function, h.OrganizationID, h.BodyID, h.Share, h.Note, h.From, store.Text(h.To), h.Version, store.Micros(h.CreatedAt))
	return err
}

func updateHolding(c *operation.Call, h Holding) error {
	return operation.Changed(c.Tx.Exec(`UPDATE function_holdings SET share = $3, note = $4, valid_from = $5, valid_to = $6, version = $7, updated_at = $8
		WHERE collaborative_id = $1 AND id = $2 AND version = $7 - 1`, h.ID, h.Share, h.Note, h.From, store.Text(h.To), h.Version, store.Micros(h.UpdatedAt)))
}

func deleteHolding(c *operation.Call, i HoldingID) error {
	_, err := c.Tx.Exec(`DELETE FROM function_holdings WHERE collaborative_id = $1 AND id = $2`, i)
	return err
}
