package polls

import (
	"time"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/archive"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Carried is how polls leave an installation and enter another. Links serve where
// they were made.
func Carried() []archive.Entity {
	return []archive.Entity{archive.Of(carriedPolls), archive.Of(carriedPeople)}
}

type pollRow struct {
	ID         ID                  `json:"id"`
	BodyID     directory.BodyID    `json:"body_id,omitzero" ref:"bodies"`
	Title      string              `json:"title" required:"true"`
	Purpose    string              `json:"purpose,omitempty" text:"lines"`
	Mode       string              `json:"mode" required:"true" enum:"in_person,online,hybrid"`
	Place      string              `json:"place,omitempty" maxLength:"300"`
	Link       string              `json:"link,omitempty" maxLength:"1000"`
	Zone       string              `json:"zone" required:"true" doc:"Of the proposed times."`
	Minutes    int64               `json:"minutes" minimum:"1" maximum:"2880"`
	Times      []string            `json:"times" maxItems:"60" doc:"The proposed times, YYYY-MM-DD HH:MM."`
	NamesShown bool                `json:"names_shown" doc:"Whether those asked see who answered what."`
	State      string              `json:"state" required:"true" enum:"open,closed,decided"`
	Chosen     string              `json:"chosen,omitempty" maxLength:"16" doc:"The time that was chosen."`
	MeetingID  convening.MeetingID `json:"meeting_id,omitzero" ref:"meetings" doc:"The meeting that came of it."`
	CreatedAt  time.Time           `json:"created_at"`
	DeletedAt  *time.Time          `json:"deleted_at,omitempty" doc:"When it was put in the trash."`
}

var carriedPolls = archive.Kind[pollRow]{
	Name: "polls", Tables: []string{"polls"},
	Read: func(r *archive.Reading, after pollRow, limit int64) ([]pollRow, error) {
		return store.Collect(r.Tx, archive.Scan[pollRow], `SELECT id, body_id, title, purpose, mode, place, link, zone, minutes, times, names_shown, state, chosen, meeting_id, created_at, deleted_at
			FROM polls WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []pollRow) error {
		var records [][]any
		var live []ID
		for _, p := range rows {
			if p.DeletedAt == nil {
				live = append(live, p.ID)
			}
			records = append(records, archive.Values(&p, store.Micros(l.Now)))
		}
		if err := l.Tx.ExecRows(`INSERT INTO polls (collaborative_id, version, id, body_id, title, purpose, mode, place, link, zone, minutes, times, names_shown, state, chosen, meeting_id, created_at, deleted_at, updated_at)
			VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`, records); err != nil {
			return err
		}
		return operation.CountAll(l.Tx, Kind, live)
	},
}

type askedRow struct {
	ID         id.Of[personRow]   `json:"id"`
	PollID     ID                 `json:"poll_id" ref:"polls"`
	PersonID   directory.PersonID `json:"person_id" ref:"people"`
	Asked      bool               `json:"asked"`
	Required   bool               `json:"required" doc:"Whether the meeting needs them."`
	Answers    map[string]string  `json:"answers" maxItems:"60" doc:"yes, maybe or no for a time."`
	AnsweredAt *time.Time         `json:"answered_at,omitempty"`
	Zone       string             `json:"zone,omitempty" doc:"In which they look at the times."`
	Letters    int64              `json:"letters" minimum:"0" maximum:"1000000000" doc:"How many letters they got."`
	ToldAt     *time.Time         `json:"told_at,omitempty"`
}

var carriedPeople = archive.Kind[askedRow]{
	Name: "poll-people", Tables: []string{"poll_people"},
	Read: func(r *archive.Reading, after askedRow, limit int64) ([]askedRow, error) {
		return store.Collect(r.Tx, archive.Scan[askedRow], `SELECT id, poll_id, person_id, asked, required, answers, answered_at, zone, letters, told_at
			FROM poll_people WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []askedRow) error {
		var records [][]any
		for _, a := range rows {
			records = append(records, archive.Values(&a))
		}
		return l.Tx.ExecRows(`INSERT INTO poll_people (collaborative_id, id, poll_id, person_id, asked, required, answers, answered_at, zone, letters, told_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, records)
	},
}

// OwnAnswer is what somebody answered to a poll.
type OwnAnswer struct {
	Poll       string            `json:"poll"`
	Answers    map[string]string `json:"answers,omitempty"`
	AnsweredAt *time.Time        `json:"answered_at,omitempty"`
}

// OfPerson are the polls in which somebody is asked, with what they answered. It
// checks no permission: it is for what is told to the person themselves.
func OfPerson(c *operation.Call, person directory.PersonID) ([]OwnAnswer, error) {
	return store.Collect(c.Tx, func(row store.Row) (o OwnAnswer, err error) {
		var answered time.Time
		err = row.Scan(&o.Poll, store.ScanJSON(&o.Answers), store.ScanTime(&answered))
		o.AnsweredAt = operation.Instant(answered)
		return o, err
	}, `SELECT polls.title, poll_people.answers, poll_people.answered_at FROM poll_people JOIN polls ON polls.collaborative_id = $1 AND polls.id = poll_people.poll_id
		WHERE poll_people.collaborative_id = $1 AND poll_people.person_id = $2 AND poll_people.asked = TRUE ORDER BY poll_people.id LIMIT 5000`, person)
}
