package surveys

import (
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// CommentKind is the kind of subject.
const CommentKind = "survey-comment"

// CommentID names a comment.
type CommentID = id.Of[Comment]

// Comment is what somebody wrote in a wave. Nothing says who, or what else they answered.
type Comment struct {
	ID       CommentID `json:"id" audit:"-"`
	WaveID   WaveID    `json:"wave_id" audit:"-"`
	Question string    `json:"question" audit:"-"`
	Text     string    `json:"text" audit:"-"`
	Theme    string    `json:"theme,omitempty" doc:"What it is about, in the words of whoever read it."`
	Shown    bool      `json:"shown" doc:"Whether members may read it."`
	Version  int64     `json:"version" audit:"-"`
}

func (m Comment) subject() operation.Subject { return operation.Subject{Kind: CommentKind, ID: m.ID} }

// CurrentVersion is what REST makes an ETag of.
func (m Comment) CurrentVersion() int64 { return m.Version }

const commentColumns = `id, wave_id, question, text, theme, shown, version`

func scanComment(row store.Row) (m Comment, err error) {
	return m, row.Scan(&m.ID, &m.WaveID, &m.Question, store.ScanText(&m.Text), &m.Theme, &m.Shown, &m.Version)
}

// ListComments reads what was written: all of it for those who look it through, and what
// they show for everybody else.
var ListComments = operation.Define(operation.Operation[Ref, operation.Page[Comment]]{
	Definition: operation.Definition{ID: "survey-comments.list", Summary: "Lists what was written in a released survey wave, as far as you may read it", ReadOnly: true, Method: "GET", Path: "/survey-results/{id}/comments"},
	Run: func(c *operation.Call, in Ref) (operation.Page[Comment], error) {
		out := operation.Page[Comment]{Items: []Comment{}, Total: -1}
		w, err := releasedWave(c, in.ID)
		if err != nil {
			return out, err
		}
		all := c.Can("survey-comments.edit")
		return out, store.Each(c.Tx, func(row store.Row) error {
			m, err := scanComment(row)
			if all || m.Shown {
				out.Items = append(out.Items, m)
			}
			return err
		}, `SELECT `+commentColumns+` FROM survey_comments WHERE collaborative_id = $1 AND wave_id = $2 ORDER BY id`, w.ID)
	},
})

// CommentPatch says what a comment is about, and whether members may read it.
type CommentPatch struct {
	ID      CommentID `json:"id"`
	Version int64     `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	Theme   *string   `json:"theme,omitempty" maxLength:"80"`
	Shown   *bool     `json:"shown,omitempty"`
}

// EditComment sorts a comment.
var EditComment = operation.Define(operation.Operation[CommentPatch, Comment]{
	Definition: operation.Definition{ID: "survey-comments.edit", Summary: "Says what a comment is about, and whether members may read it", Method: "PATCH", Path: "/survey-comments/{id}"},
	Run: func(c *operation.Call, in CommentPatch) (Comment, error) {
		before, err := store.One(c.Tx, scanComment, `SELECT `+commentColumns+` FROM survey_comments WHERE collaborative_id = $1 AND id = $2`, in.ID)
		if err != nil {
			return before, err
		}
		w, err := releasedWave(c, before.WaveID)
		if err != nil {
			return before, err
		}
		if before.Version != in.Version {
			return before, operation.Stale(before)
		}
		after := before
		if in.Theme != nil {
			after.Theme = *in.Theme
		}
		if in.Shown != nil {
			after.Shown = *in.Shown
		}
		after.Version++
		if err := operation.Changed(c.Tx.Exec(`UPDATE survey_comments SET theme = $3, shown = $4, version = $5 WHERE collaborative_id = $1 AND id = $2 AND version = $5 - 1`, after.ID, after.Theme, after.Shown, after.Version)); err != nil {
			return before, err
		}
		c.Changed(after.subject(), w.Title, after.Version, before, after)
		c.UndoWith("survey-comments.edit", CommentPatch{ID: after.ID, Version: after.Version, Theme: &before.Theme, Shown: &before.Shown})
		return after, nil
	},
})
