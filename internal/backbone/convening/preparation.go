package convening

import (
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// PreparationID names something to be done for a meeting.
type PreparationID = id.Of[Preparation]

// Tags say what kind of task a preparation is, by catalogue key
// "preparation_tags.…".
var Tags = []string{"strategic", "logistical"}

// Preparation is one thing to be done before or after a meeting. Its day follows
// the meeting when that moves.
type Preparation struct {
	ID         PreparationID      `json:"id" audit:"-"`
	MeetingID  MeetingID          `json:"meeting_id" audit:"-"`
	Text       string             `json:"text"`
	Tag        string             `json:"tag,omitempty" doc:"strategic or logistical."`
	Days       int64              `json:"days" doc:"How many days after the meeting it is due; negative before it."`
	DueOn      string             `json:"due_on" audit:"-"`
	AssigneeID directory.PersonID `json:"assignee_id,omitempty" audit:"-"`
	Assignee   string             `json:"assignee,omitempty"`
	DoneAt     *time.Time         `json:"done_at,omitempty" doc:"When it was done; absent while it is not."`
	DoneBy     string             `json:"done_by,omitempty"`
	Version    int64              `json:"version" audit:"-"`
	CreatedAt  time.Time          `json:"created_at" audit:"-"`
	UpdatedAt  time.Time          `json:"updated_at" audit:"-"`
	DeletedAt  *time.Time         `json:"deleted_at,omitempty" audit:"-"`

	meeting string // its name, where preparations of several are listed
}

// CurrentVersion is what REST makes an ETag of.
func (p Preparation) CurrentVersion() int64 { return p.Version }

// Meeting is the title of the meeting it is for.
func (p Preparation) Meeting() string { return p.meeting }

// PreparationInput is something new to be done.
type PreparationInput struct {
	MeetingID  MeetingID          `json:"meeting_id"`
	Text       string             `json:"text" required:"true" maxLength:"300"`
	Tag        string             `json:"tag,omitempty" enum:"strategic,logistical"`
	Days       int64              `json:"days,omitempty" minimum:"-365" maximum:"365" doc:"Days after the meeting; negative before it."`
	AssigneeID directory.PersonID `json:"assignee_id,omitempty"`
}

// PreparationPatch changes the fields that are given and leaves the others.
type PreparationPatch struct {
	MeetingID  MeetingID           `json:"meeting_id"`
	ID         PreparationID       `json:"id"`
	Version    int64               `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	Text       *string             `json:"text,omitempty" maxLength:"300"`
	Tag        *string             `json:"tag,omitempty" enum:"strategic,logistical"`
	Days       *int64              `json:"days,omitempty" minimum:"-365" maximum:"365"`
	AssigneeID *directory.PersonID `json:"assignee_id,omitempty"`
	Done       *bool               `json:"done,omitempty"`
}

// PreparationVersion names one version of a preparation.
type PreparationVersion struct {
	MeetingID MeetingID     `json:"meeting_id"`
	ID        PreparationID `json:"id"`
	Version   int64         `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
}

const preparationColumns = `preparations.id, preparations.meeting_id, preparations.text, preparations.tag, preparations.days, preparations.due_on, preparations.assignee_id,
	people.given_name, people.family_name, preparations.done_at, preparations.done_by, preparations.version, preparations.created_at, preparations.updated_at, preparations.deleted_at, meetings.title`

const preparationTables = ` FROM preparations JOIN meetings ON meetings.collaborative_id = $1 AND meetings.id = preparations.meeting_id
	LEFT JOIN people ON people.collaborative_id = $1 AND people.id = preparations.assignee_id WHERE preparations.collaborative_id = $1`

func scanPreparation(row store.Row) (Preparation, error) {
	var p Preparation
	var name directory.Person
	var done, deleted time.Time
	err := row.Scan(&p.ID, &p.MeetingID, &p.Text, &p.Tag, &p.Days, &p.DueOn, &p.AssigneeID, store.ScanText(&name.GivenName), store.ScanText(&name.FamilyName),
		store.ScanTime(&done), &p.DoneBy, &p.Version, store.ScanTime(&p.CreatedAt), store.ScanTime(&p.UpdatedAt), store.ScanTime(&deleted), &p.meeting)
	p.Assignee, p.DoneAt, p.DeletedAt = name.Name(), operation.Instant(done), operation.Instant(deleted)
	return p, err
}

func getPreparation(c *operation.Call, i PreparationID) (Preparation, error) {
	return store.One(c.Tx, scanPreparation, `SELECT `+preparationColumns+preparationTables+` AND preparations.id = $2`, i)
}

func insertPreparation(c *operation.Call, p Preparation) error {
	_, err := c.Tx.Exec(`INSERT INTO preparations (collaborative_id, id, meeting_id, text, tag, days, due_on, assignee_id, done_at, done_by, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)`,
		p.ID, p.MeetingID, p.Text, p.Tag, p.Days, p.DueOn, p.AssigneeID, operation.DeletedMicros(p.DoneAt), p.DoneBy, p.Version, store.Micros(p.CreatedAt))
	return err
}

func updatePreparation(c *operation.Call, _, p Preparation) error {
	return operation.Changed(c.Tx.Exec(`UPDATE preparations SET text = $3, tag = $4, days = $5, due_on = $6, assignee_id = $7, done_at = $8, done_by = $9, version = $10, updated_at = $11, deleted_at = $12
		WHERE collaborative_id = $1 AND id = $2 AND version = $10 - 1`,
		p.ID, p.Text, p.Tag, p.Days, p.DueOn, p.AssigneeID, operation.DeletedMicros(p.DoneAt), p.DoneBy, p.Version, store.Micros(p.UpdatedAt), operation.DeletedMicros(p.DeletedAt)))
}

// movePreparations lets the days of what is to be done follow a meeting.
func movePreparations(c *operation.Call, m Meeting) error {
	all, err := store.Collect(c.Tx, scanPreparation, `SELECT `+preparationColumns+preparationTables+` AND preparations.meeting_id = $2`, m.ID)
	for _, p := range all {
		if err == nil {
			_, err = c.Tx.Exec(`UPDATE preparations SET due_on = $3 WHERE collaborative_id = $1 AND id = $2`, p.ID, dayAfter(m.On, p.Days))
		}
	}
	return err
}

// dayAfter is so many days after a day, or before it.
func dayAfter(day string, n int64) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day // validated before
	}
	return t.AddDate(0, 0, int(n)).Format(time.DateOnly)
}
