package convening

import (
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/archive"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/search"
	"commontable/internal/platform/store"
)

// Carried is how meetings leave an installation and enter another.
func Carried() []archive.Entity {
	return []archive.Entity{archive.Of(carriedSeries), archive.Of(carriedMeetings), archive.Of(carriedItems), archive.Of(carriedPeople), archive.Of(carriedChecklists),
		archive.Of(carriedPreparations), archive.Of(carriedCaptures)}
}

type seriesRow struct {
	ID         SeriesID         `json:"id"`
	BodyID     directory.BodyID `json:"body_id,omitzero" ref:"bodies"`
	Title      string           `json:"title" required:"true"`
	Purpose    string           `json:"purpose,omitempty" text:"lines"`
	Mode       string           `json:"mode" required:"true" enum:"in_person,online,hybrid"`
	Place      string           `json:"place,omitempty" maxLength:"300"`
	Link       string           `json:"link,omitempty" maxLength:"1000"`
	Zone       string           `json:"zone" required:"true"`
	FirstOn    string           `json:"first_on" required:"true" format:"date"`
	Starts     string           `json:"starts" required:"true" maxLength:"5" doc:"Local time, HH:MM."`
	Minutes    int64            `json:"minutes" minimum:"1" maximum:"2880"`
	Rule       string           `json:"rule" required:"true" maxLength:"1000" doc:"RRULE of RFC 5545."`
	LastOn     string           `json:"last_on,omitempty" null:"true" format:"date"`
	Exceptions []Exception      `json:"exceptions,omitempty" maxItems:"300" doc:"The days on which it is other than its rule."`
	PlannedTo  string           `json:"planned_to" required:"true" format:"date" doc:"The day to which its meetings have been made."`
	CreatedAt  time.Time        `json:"created_at"`
	DeletedAt  *time.Time       `json:"deleted_at,omitempty" doc:"When it was put in the trash."`
}

var carriedSeries = archive.Kind[seriesRow]{
	Name: "meeting-series", Tables: []string{"meeting_series"},
	Read: func(r *archive.Reading, after seriesRow, limit int64) ([]seriesRow, error) {
		return store.Collect(r.Tx, archive.Scan[seriesRow], `SELECT id, body_id, title, purpose, mode, place, link, zone, first_on, starts, minutes, rule, last_on, exceptions, planned_to, created_at, deleted_at
			FROM meeting_series WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []seriesRow) error {
		var records [][]any
		for _, s := range rows {
			records = append(records, archive.Values(&s, i18n.CollationKey(l.Collaborative.Language, s.Title), store.Micros(l.Now)))
		}
		return l.Tx.ExecRows(`INSERT INTO meeting_series (collaborative_id, version, id, body_id, title, purpose, mode, place, link, zone, first_on, starts, minutes, rule, last_on, exceptions, planned_to, created_at, deleted_at, sort_key, updated_at)
			VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`, records)
	},
}

type meetingRow struct {
	ID           MeetingID        `json:"id"`
	BodyID       directory.BodyID `json:"body_id,omitzero" ref:"bodies"`
	SeriesID     SeriesID         `json:"series_id,omitzero" ref:"meeting-series"`
	SeriesOn     string           `json:"series_on,omitempty" null:"true" format:"date" doc:"The day the series gave it."`
	Apart        bool             `json:"apart" doc:"Whether it was changed since its series made it."`
	Title        string           `json:"title" required:"true"`
	Purpose      string           `json:"purpose,omitempty" text:"lines"`
	State        string           `json:"state" required:"true" enum:"planned,agenda_sent,held,recap_sent,closed,cancelled"`
	Mode         string           `json:"mode" required:"true" enum:"in_person,online,hybrid"`
	Place        string           `json:"place,omitempty" maxLength:"300"`
	Link         string           `json:"link,omitempty" maxLength:"1000"`
	Zone         string           `json:"zone" required:"true"`
	StartsAt     time.Time        `json:"starts_at"`
	EndsAt       time.Time        `json:"ends_at"`
	HeldOn       string           `json:"held_on" required:"true" format:"date" doc:"The day it begins in its time zone."`
	Sequence     int64            `json:"sequence" minimum:"0" maximum:"1000000000"`
	Reason       string           `json:"reason,omitempty" maxLength:"500" doc:"Why it was cancelled."`
	Recap        string           `json:"recap,omitempty" text:"lines" maxLength:"20000"`
	AgendaSentAt *time.Time       `json:"agenda_sent_at,omitempty"`
	RecapSentAt  *time.Time       `json:"recap_sent_at,omitempty"`
	CreatedAt    time.Time        `json:"created_at"`
	DeletedAt    *time.Time       `json:"deleted_at,omitempty" doc:"When it was put in the trash."`
}

var carriedMeetings = archive.Kind[meetingRow]{
	Name: "meetings", Tables: []string{"meetings"},
	Read: func(r *archive.Reading, after meetingRow, limit int64) ([]meetingRow, error) {
		return store.Collect(r.Tx, archive.Scan[meetingRow], `SELECT id, body_id, series_id, series_on, apart, title, purpose, state, mode, place, link, zone, starts_at, ends_at, held_on, sequence,
			reason, recap, agenda_sent_at, recap_sent_at, created_at, deleted_at FROM meetings WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []meetingRow) error {
		var records [][]any
		var live []MeetingID
		for _, m := range rows {
			if m.DeletedAt == nil {
				live = append(live, m.ID)
				found := Meeting{ID: m.ID, Title: m.Title, Purpose: m.Purpose, On: m.HeldOn, Place: m.Place, Recap: m.Recap, RecapSentAt: m.RecapSentAt}
				if err := search.Put(l.Tx, found.document()); err != nil {
					return err
				}
			}
			records = append(records, archive.Values(&m, store.Micros(l.Now)))
		}
		if err := l.Tx.ExecRows(`INSERT INTO meetings (collaborative_id, version, id, body_id, series_id, series_on, apart, title, purpose, state, mode, place, link, zone, starts_at, ends_at, held_on, sequence,
			reason, recap, agenda_sent_at, recap_sent_at, created_at, deleted_at, updated_at)
			VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)`, records); err != nil {
			return err
		}
		return operation.CountAll(l.Tx, MeetingKind, live)
	},
}

type itemRow struct {
	ID          ItemID             `json:"id"`
	MeetingID   MeetingID          `json:"meeting_id" ref:"meetings"`
	Position    int64              `json:"position" minimum:"0" maximum:"1000000"`
	Title       string             `json:"title" required:"true"`
	Goal        string             `json:"goal" required:"true" enum:"inform,discuss,decide"`
	Minutes     int64              `json:"minutes" minimum:"0" maximum:"600"`
	OwnerID     directory.PersonID `json:"owner_id,omitzero" ref:"people"`
	OwnerName   string             `json:"owner_name,omitempty" doc:"Who brings it, where they are not on record."`
	About       string             `json:"about,omitempty" text:"lines"`
	Interests   string             `json:"interests,omitempty" text:"lines"`
	State       string             `json:"state" required:"true" enum:"open,done,carried"`
	CarriedFrom ItemID             `json:"carried_from,omitzero" doc:"The item of an earlier meeting it goes on with."`
	CreatedAt   time.Time          `json:"created_at"`
	DeletedAt   *time.Time         `json:"deleted_at,omitempty"`
}

var carriedItems = archive.Kind[itemRow]{
	Name: "agenda-items", Tables: []string{"agenda_items"},
	Read: func(r *archive.Reading, after itemRow, limit int64) ([]itemRow, error) {
		return store.Collect(r.Tx, archive.Scan[itemRow], `SELECT id, meeting_id, position, title, goal, minutes, owner_id, owner_name, about, interests, state, carried_from, created_at, deleted_at
			FROM agenda_items WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []itemRow) error {
		var records [][]any
		var live []ItemID
		for _, i := range rows {
			if i.DeletedAt == nil {
				live = append(live, i.ID)
			}
			records = append(records, archive.Values(&i, store.Micros(l.Now)))
		}
		if err := l.Tx.ExecRows(`INSERT INTO agenda_items (collaborative_id, version, id, meeting_id, position, title, goal, minutes, owner_id, owner_name, about, interests, state, carried_from, created_at, deleted_at, updated_at)
			VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`, records); err != nil {
			return err
		}
		return operation.CountAll(l.Tx, ItemKind, live)
	},
}

type askedRow struct {
	ID          id.Of[personRow]   `json:"id"`
	MeetingID   MeetingID          `json:"meeting_id" ref:"meetings"`
	PersonID    directory.PersonID `json:"person_id" ref:"people"`
	Invited     bool               `json:"invited" doc:"Whether they were asked beside those who hold seats."`
	Part        string             `json:"part,omitempty" enum:"facilitator,notes,time,greeter"`
	Reply       string             `json:"reply,omitempty" enum:"yes,online,alternate,no"`
	RepliedAt   *time.Time         `json:"replied_at,omitempty"`
	AlternateID directory.PersonID `json:"alternate_id,omitzero" ref:"people" doc:"Who came instead."`
	Alternate   string             `json:"alternate_name,omitempty" maxLength:"120" doc:"Who came instead, where they were not on record."`
}

var carriedPeople = archive.Kind[askedRow]{
	Name: "meeting-people", Tables: []string{"meeting_people"},
	Read: func(r *archive.Reading, after askedRow, limit int64) ([]askedRow, error) {
		return store.Collect(r.Tx, archive.Scan[askedRow], `SELECT id, meeting_id, person_id, invited, part, reply, replied_at, alternate_id, alternate_name
			FROM meeting_people WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []askedRow) error {
		var records [][]any
		for _, a := range rows {
			records = append(records, archive.Values(&a))
		}
		return l.Tx.ExecRows(`INSERT INTO meeting_people (collaborative_id, id, meeting_id, person_id, invited, part, reply, replied_at, alternate_id, alternate_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, records)
	},
}

type checklistRow struct {
	ID        ChecklistID     `json:"id"`
	Name      string          `json:"name" required:"true" maxLength:"120"`
	Items     []ChecklistItem `json:"items" maxItems:"100"`
	CreatedAt time.Time       `json:"created_at"`
	DeletedAt *time.Time      `json:"deleted_at,omitempty"`
}

var carriedChecklists = archive.Kind[checklistRow]{
	Name: "checklists", Tables: []string{"checklists"},
	Read: func(r *archive.Reading, after checklistRow, limit int64) ([]checklistRow, error) {
		return store.Collect(r.Tx, archive.Scan[checklistRow], `SELECT id, name, items, created_at, deleted_at FROM checklists WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []checklistRow) error {
		var records [][]any
		var live []ChecklistID
		for _, c := range rows {
			if c.DeletedAt == nil {
				live = append(live, c.ID)
			}
			records = append(records, archive.Values(&c, i18n.CollationKey(l.Collaborative.Language, c.Name), store.Micros(l.Now)))
		}
		if err := l.Tx.ExecRows(`INSERT INTO checklists (collaborative_id, version, id, name, items, created_at, deleted_at, sort_key, updated_at) VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8)`, records); err != nil {
			return err
		}
		return operation.CountAll(l.Tx, ChecklistKind, live)
	},
}

type preparationRow struct {
	ID         PreparationID      `json:"id"`
	MeetingID  MeetingID          `json:"meeting_id" ref:"meetings"`
	Text       string             `json:"text" required:"true" maxLength:"300"`
	Tag        string             `json:"tag,omitempty" enum:"strategic,logistical"`
	Days       int64              `json:"days" minimum:"-365" maximum:"365" doc:"Days after the meeting; negative before it."`
	DueOn      string             `json:"due_on" required:"true" format:"date"`
	AssigneeID directory.PersonID `json:"assignee_id,omitzero" ref:"people"`
	DoneAt     *time.Time         `json:"done_at,omitempty"`
	DoneBy     string             `json:"done_by,omitempty"`
	CreatedAt  time.Time          `json:"created_at"`
	DeletedAt  *time.Time         `json:"deleted_at,omitempty"`
}

var carriedPreparations = archive.Kind[preparationRow]{
	Name: "preparations", Tables: []string{"preparations"},
	Read: func(r *archive.Reading, after preparationRow, limit int64) ([]preparationRow, error) {
		return store.Collect(r.Tx, archive.Scan[preparationRow], `SELECT id, meeting_id, text, tag, days, due_on, assignee_id, done_at, done_by, created_at, deleted_at
			FROM preparations WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []preparationRow) error {
		var records [][]any
		var live []PreparationID
		for _, p := range rows {
			if p.DeletedAt == nil {
				live = append(live, p.ID)
			}
			records = append(records, archive.Values(&p, store.Micros(l.Now)))
		}
		if err := l.Tx.ExecRows(`INSERT INTO preparations (collaborative_id, version, id, meeting_id, text, tag, days, due_on, assignee_id, done_at, done_by, created_at, deleted_at, updated_at)
			VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`, records); err != nil {
			return err
		}
		return operation.CountAll(l.Tx, PreparationKind, live)
	},
}

type captureRow struct {
	ID         CaptureID          `json:"id"`
	MeetingID  MeetingID          `json:"meeting_id" ref:"meetings"`
	ItemID     ItemID             `json:"item_id,omitzero" ref:"agenda-items"`
	Kind       string             `json:"kind" required:"true" enum:"note,decision,win,question"`
	Text       string             `json:"text" required:"true" text:"lines" maxLength:"5000"`
	ByPersonID directory.PersonID `json:"by_person_id,omitzero" ref:"people"`
	ByName     string             `json:"by_name,omitempty" doc:"Who noted it, where they are not on record."`
	CreatedAt  time.Time          `json:"created_at"`
	DeletedAt  *time.Time         `json:"deleted_at,omitempty"`
}

var carriedCaptures = archive.Kind[captureRow]{
	Name: "captures", Tables: []string{"captures"},
	Read: func(r *archive.Reading, after captureRow, limit int64) ([]captureRow, error) {
		return store.Collect(r.Tx, archive.Scan[captureRow], `SELECT id, meeting_id, item_id, kind, text, by_person_id, by_name, created_at, deleted_at
			FROM captures WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
	},
	Write: func(l *archive.Loading, rows []captureRow) error {
		var records [][]any
		var live []CaptureID
		for _, k := range rows {
			if k.DeletedAt == nil {
				live = append(live, k.ID)
			}
			records = append(records, archive.Values(&k, store.Micros(l.Now)))
		}
		if err := l.Tx.ExecRows(`INSERT INTO captures (collaborative_id, version, id, meeting_id, item_id, kind, text, by_person_id, by_name, created_at, deleted_at, updated_at)
			VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, records); err != nil {
			return err
		}
		return operation.CountAll(l.Tx, CaptureKind, live)
	},
}
