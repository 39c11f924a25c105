package surveys

import (
	"cmp"
	"slices"

	"commontable/internal/analysis/disclosure"
	"commontable/internal/analysis/survey"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// EvaluatorFile is what became of the de-identified file of a wave.
type EvaluatorFile struct {
	MadeOn  string `json:"made_on"`
	Why     string `json:"why,omitempty" doc:"Why there is none: too_few answers, or alike ones throughout; absent when there is one."`
	Answers int64  `json:"answers" doc:"How many rows it has, one for each who answered."`
	Columns int64  `json:"columns" doc:"How many columns of answers stand in it."`
	Held    int64  `json:"held" doc:"How many are held back, since they would tell of somebody; its codebook says which and why."`
}

// keepFile keeps the file of a wave that is released, or why there is none.
func keepFile(c *operation.Call, w Wave, f evaluatorFile, answers int64) error {
	content := []byte{}
	given, held := f.given()
	if f.why == "" {
		var err error
		if content, err = f.zip(w.Title, w.Languages); err != nil {
			return err
		}
	}
	_, err := c.Tx.Exec(`INSERT INTO survey_files (collaborative_id, id, made_on, why, answers, columns_given, columns_held, content) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		w.ID, c.Today(), string(f.why), answers, given, held, content)
	return err
}

const fileColumns = `made_on, why, answers, columns_given, columns_held`

func scanFile(row store.Row) (f EvaluatorFile, err error) {
	return f, row.Scan(&f.MadeOn, &f.Why, &f.Answers, &f.Columns, &f.Held)
}

// fileOf is what became of the file of a wave; store.ErrNotFound where none was to be made.
func fileOf(c *operation.Call, w WaveID) (EvaluatorFile, error) {
	return store.One(c.Tx, scanFile, `SELECT `+fileColumns+` FROM survey_files WHERE collaborative_id = $1 AND id = $2`, w)
}

// Fileable is a wave of which a file may go to an evaluator.
type Fileable struct {
	ID    WaveID         `json:"wave_id"`
	Title string         `json:"title"`
	State string         `json:"state" doc:"draft, open, closed or released."`
	File  *EvaluatorFile `json:"file,omitempty" doc:"What became of its file, once it is released."`
}

// FileableWaves are the waves of which a file may go to an evaluator, the newest first. It
// checks no permission: it is for operations of packages above, which do.
func FileableWaves(c *operation.Call) ([]Fileable, error) {
	list, err := store.Collect(c.Tx, func(row store.Row) (f Fileable, err error) {
		var made string
		var e EvaluatorFile
		if err = row.Scan(&f.ID, &f.Title, &f.State, store.ScanText(&made), store.ScanText(&e.Why), &e.Answers, &e.Columns, &e.Held); made != "" {
			e.MadeOn, f.File = made, &e
		}
		return f, err
	}, `SELECT survey_waves.id, survey_waves.title, survey_waves.state, survey_files.made_on, survey_files.why, COALESCE(survey_files.answers, 0), COALESCE(survey_files.columns_given, 0), COALESCE(survey_files.columns_held, 0)
		FROM survey_waves LEFT JOIN survey_files ON survey_files.collaborative_id = $1 AND survey_files.id = survey_waves.id
		WHERE survey_waves.collaborative_id = $1 AND survey_waves.for_evaluator = TRUE AND survey_waves.deleted_at IS NULL`)
	slices.SortFunc(list, func(a, b Fileable) int { return cmp.Compare(b.ID.String(), a.ID.String()) })
	return list, err
}

// FileContent is the file of a wave as it was made; store.ErrNotFound where there is none,
// or the wave lies in the trash. It checks no permission.
func FileContent(c *operation.Call, w WaveID) ([]byte, error) {
	return store.Value[[]byte](c.Tx, `SELECT survey_files.content FROM survey_files
		JOIN survey_waves ON survey_waves.collaborative_id = $1 AND survey_waves.id = survey_files.id AND survey_waves.deleted_at IS NULL
		WHERE survey_files.collaborative_id = $1 AND survey_files.id = $2 AND survey_files.why = ''`, w)
}

// LeastRows is how many answers a file has at least, where the collaborative asks for no
// more.
func LeastRows() int { return disclosure.ClassLeast(survey.Usual.Spread) }
