package surveys

import (
	"commontable/internal/platform/archive"
	"commontable/internal/platform/store"
)

type releaseRow struct {
	ID         WaveID `json:"id" ref:"survey-waves" doc:"The wave."`
	ReleasedOn string `json:"released_on" format:"date"`
	Figures    stored `json:"figures" doc:"What it tells."`
}

var carriedReleases = archive.Kind[releaseRow]{
	Name: "survey-releases", Tables: []string{"survey_releases"},
	Read: func(r *archive.Reading, after releaseRow, limit int64) ([]releaseRow, error) {
		return store.Collect(r.Tx, archive.Scan[releaseRow], `SELECT id, released_on, figures FROM survey_releases WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []releaseRow) error {
		var records [][]any
		for _, r := range rows {
			records = append(records, archive.Values(&r))
		}
		return l.Tx.ExecRows(`INSERT INTO survey_releases (collaborative_id, id, released_on, figures) VALUES ($1, $2, $3, $4)`, records)
	},
}

type commentRow struct {
	ID       CommentID `json:"id"`
	WaveID   WaveID    `json:"wave_id" ref:"survey-waves"`
	Question string    `json:"question" maxLength:"40"`
	Text     string    `json:"text" text:"lines" maxLength:"5000"`
	Theme    string    `json:"theme,omitempty" maxLength:"80" doc:"What it is about."`
	Shown    bool      `json:"shown" doc:"Whether members may read it."`
}

var carriedComments = archive.Kind[commentRow]{
	Name: "survey-comments", Tables: []string{"survey_comments"},
	Read: func(r *archive.Reading, after commentRow, limit int64) ([]commentRow, error) {
		return store.Collect(r.Tx, archive.Scan[commentRow], `SELECT id, wave_id, question, text, theme, shown FROM survey_comments WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []commentRow) error {
		var records [][]any
		for _, m := range rows {
			records = append(records, archive.Values(&m))
		}
		return l.Tx.ExecRows(`INSERT INTO survey_comments (collaborative_id, version, id, wave_id, question, text, theme, shown) VALUES ($1, 1, $2, $3, $4, $5, $6, $7)`, records)
	},
}
