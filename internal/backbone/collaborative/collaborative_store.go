package collaborative

import (
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

const columns = `id, slug, name, place, population, purpose, zone, language, languages, phase, labels,
	survey_minimum, people_minimum, require_second_factor, currency, version, created_at, updated_at`

func scan(row store.Row) (Collaborative, error) {
	k := Collaborative{Labels: map[string]string{}}
	err := row.Scan(&k.ID, &k.Slug, &k.Name, &k.Place, &k.Population, &k.Purpose, &k.Zone, &k.Language, store.ScanJSON(&k.Languages), &k.Phase, store.ScanJSON(&k.Labels),
		&k.SurveyMinimum, &k.PeopleMinimum, &k.RequireSecondFactor, &k.Currency, &k.Version, store.ScanTime(&k.CreatedAt), store.ScanTime(&k.UpdatedAt))
	return k, err
}

// current reads the collaborative of the call.
func current(c *operation.Call) (Collaborative, error) {
	return store.One(c.Installation, scan, `SELECT `+columns+` FROM collaboratives WHERE id = $1`, c.Collaborative.ID)
}

func insert(c *operation.Call, k Collaborative) error {
	_, err := c.Installation.Exec(`INSERT INTO collaboratives (`+columns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17)`,
		k.ID, k.Slug, k.Name, k.Place, k.Population, k.Purpose, k.Zone, k.Language, store.JSON(k.Languages), k.Phase, store.JSON(k.Labels),
		k.SurveyMinimum, k.PeopleMinimum, k.RequireSecondFactor, k.Currency, k.Version, store.Micros(k.CreatedAt))
	return err
}

// update stores k over version k.Version-1, which was read in the same
// transaction.
func update(c *operation.Call, k Collaborative) error {
	n, err := c.Installation.Exec(`UPDATE collaboratives SET name = $2, place = $3, population = $4, purpose = $5, zone = $6, language = $7, languages = $8, phase = $9,
		labels = $10, survey_minimum = $11, people_minimum = $12, require_second_factor = $13, currency = $14, version = $15, updated_at = $16 WHERE id = $1 AND version = $15 - 1`,
		k.ID, k.Name, k.Place, k.Population, k.Purpose, k.Zone, k.Language, store.JSON(k.Languages), k.Phase,
		store.JSON(k.Labels), k.SurveyMinimum, k.PeopleMinimum, k.RequireSecondFactor, k.Currency, k.Version, store.Micros(k.UpdatedAt))
	if err == nil && n == 0 {
		err = operation.Stale(nil)
	}
	return err
}
