package scorecard

import (
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

const assessmentColumns = `scorecard_assessments.id, scorecard_assessments.function, scorecard_assessments.level, scorecard_assessments.assessed_on, scorecard_assessments.why, scorecard_assessments.role,
	scorecard_assessments.corrects_id, scorecard_assessments.by_person_id, scorecard_assessments.by_name, people.given_name, people.family_name,
	(SELECT COUNT(*) FROM scorecard_assessments AS later WHERE later.collaborative_id = $1 AND later.corrects_id = scorecard_assessments.id AND later.deleted_at IS NULL),
	scorecard_assessments.version, scorecard_assessments.created_at, scorecard_assessments.updated_at, scorecard_assessments.deleted_at`

const assessmentTables = ` FROM scorecard_assessments LEFT JOIN people ON people.collaborative_id = $1 AND people.id = scorecard_assessments.by_person_id WHERE scorecard_assessments.collaborative_id = $1`

func scanAssessment(row store.Row) (Assessment, error) {
	var a Assessment
	var name directory.Person
	var corrected int64
	var deleted time.Time
	var role string
	err := row.Scan(&a.ID, &a.Function, &a.Level, &a.AssessedOn, &a.Why, &role, &a.CorrectsID, &a.ByID, &a.alone, store.ScanText(&name.GivenName), store.ScanText(&name.FamilyName), &corrected,
		&a.Version, store.ScanTime(&a.CreatedAt), store.ScanTime(&a.UpdatedAt), store.ScanTime(&deleted))
	a.Role, a.Corrected, a.DeletedAt, a.By = operation.Role(role), corrected > 0, operation.Instant(deleted), a.alone
	if !a.ByID.IsZero() {
		a.By = name.Name()
	}
	return a, err
}

func getAssessment(c *operation.Call, i AssessmentID) (Assessment, error) {
	return store.One(c.Tx, scanAssessment, `SELECT `+assessmentColumns+assessmentTables+` AND scorecard_assessments.id = $2`, i)
}

// assessmentsOf are all assessments of a function, withdrawn and corrected ones too, the
// earliest first.
func assessmentsOf(c *operation.Call, function string) ([]Assessment, error) {
	return store.Collect(c.Tx, scanAssessment, `SELECT `+assessmentColumns+assessmentTables+` AND scorecard_assessments.function = $2 ORDER BY scorecard_assessments.assessed_on, scorecard_assessments.id`, function)
}

// assessments are those of all functions, by function.
func assessments(c *operation.Call) (map[string][]Assessment, error) {
	out := map[string][]Assessment{}
	err := store.Each(c.Tx, func(row store.Row) error {
		a, err := scanAssessment(row)
		out[a.Function] = append(out[a.Function], a)
		return err
	}, `SELECT `+assessmentColumns+assessmentTables+` ORDER BY scorecard_assessments.function, scorecard_assessments.assessed_on, scorecard_assessments.id`)
	return out, err
}

func insertAssessment(c *operation.Call, a Assessment) error {
	_, err := c.Tx.Exec(`INSERT INTO scorecard_assessments (collaborative_id, id, function, level, assessed_on, why, role, corrects_id, by_person_id, by_name, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)`,
		a.ID, a.Function, a.Level, a.AssessedOn, a.Why, string(a.Role), a.CorrectsID, a.ByID, a.alone, a.Version, store.Micros(a.CreatedAt))
	return err
}

// moveAssessment stores that an assessment was withdrawn or brought back; nothing else of
// one ever changes.
func moveAssessment(c *operation.Call, _, a Assessment) error {
	return operation.Changed(c.Tx.Exec(`UPDATE scorecard_assessments SET version = $3, updated_at = $4, deleted_at = $5 WHERE collaborative_id = $1 AND id = $2 AND version = $3 - 1`,
		a.ID, a.Version, store.Micros(a.UpdatedAt), operation.DeletedMicros(a.DeletedAt)))
}
