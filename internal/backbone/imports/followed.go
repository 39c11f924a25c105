package imports

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/outbound"
	"commontable/internal/platform/store"
)

// FollowedKind names a followed calendar as a subject.
const FollowedKind = "followed-calendar"

// FollowedID names a followed calendar.
type FollowedID = id.Of[Followed]

const (
	// mostFollowed bounds the calendars that one collaborative follows.
	mostFollowed = 50
	// followedEvery is how often a calendar is read; one that cannot be read is tried
	// again later and later, up to a day.
	followedEvery = 3 * time.Hour
	// sealedFollowed is what addresses are sealed for.
	sealedFollowed = "followed calendar"
)

// Followed is a calendar elsewhere, such as a partner's, that is read again and again. A
// version that says something new becomes an import like a file that somebody brought.
type Followed struct {
	ID       FollowedID       `json:"id" audit:"-"`
	Name     string           `json:"name"`
	Host     string           `json:"host" doc:"Where it lies. The rest of its address is a secret and is never shown again."`
	BodyID   directory.BodyID `json:"body_id,omitzero" audit:"-" doc:"Whose meetings it holds; their bodies are read from the events when absent."`
	Body     string           `json:"body,omitempty"`
	BySelf   bool             `json:"by_itself" doc:"Whether what is new is brought without asking, once somebody has looked at a first version."`
	By       string           `json:"by" audit:"-" doc:"By whose right it is read."`
	Problem  *Message         `json:"problem,omitempty" audit:"-" doc:"Why it could not be read the last time."`
	Failures int64            `json:"failures" audit:"-" doc:"How often in a row it could not be read."`
	ImportID ID               `json:"import_id,omitzero" audit:"-" doc:"The import that its newest version became."`
	Waits    bool             `json:"waits" audit:"-" doc:"Whether that import waits for somebody to look."`
	Gone     []Gone           `json:"gone,omitempty" audit:"-" doc:"Meetings to come that stand in it no more."`
	ReadAt   *time.Time       `json:"read_at,omitempty" audit:"-" doc:"When it was read the last time, with success or not."`
	NextAt   time.Time        `json:"next_at" audit:"-" doc:"When it is read again."`
	Version  int64            `json:"version" audit:"-"`

	agreed  bool
	account operation.AccountID
	address []byte // sealed
	known   outbound.Known
	digest  string
	reading int64
}

// CurrentVersion is what REST makes an ETag of.
func (f Followed) CurrentVersion() int64 { return f.Version }

// Subject is the calendar as the door sees it.
func (f Followed) Subject() operation.Subject { return operation.Subject{Kind: FollowedKind, ID: f.ID} }

// Gone is a meeting, or a series of them, whose event stands in its calendar no more. It is
// told and not called off: calendars leave out what they no longer show, too.
type Gone struct {
	UID       string              `json:"uid"`
	Title     string              `json:"title"`
	On        string              `json:"on,omitempty" doc:"The day of a single meeting."`
	SeriesID  convening.SeriesID  `json:"series_id,omitzero"`
	MeetingID convening.MeetingID `json:"meeting_id,omitzero"`
}

const followedText = `SELECT followed_calendars.id, followed_calendars.name, followed_calendars.host, followed_calendars.body_id, bodies.name, followed_calendars.by_itself, followed_calendars.by_name, followed_calendars.problem, followed_calendars.failures,
	followed_calendars.import_id, imports.state, followed_calendars.read_at, followed_calendars.next_at, followed_calendars.version, followed_calendars.agreed, followed_calendars.account_id, followed_calendars.address, followed_calendars.known,
	followed_calendars.digest, followed_calendars.reading
	FROM followed_calendars LEFT JOIN bodies ON bodies.collaborative_id = $1 AND bodies.id = followed_calendars.body_id LEFT JOIN imports ON imports.collaborative_id = $1 AND imports.id = followed_calendars.import_id
	WHERE followed_calendars.collaborative_id = $1`

func scanFollowed(row store.Row) (f Followed, err error) {
	var read time.Time
	var state string
	err = row.Scan(&f.ID, &f.Name, &f.Host, &f.BodyID, store.ScanText(&f.Body), &f.BySelf, &f.By, store.ScanJSON(&f.Problem), &f.Failures, &f.ImportID, store.ScanText(&state), store.ScanTime(&read), store.ScanTime(&f.NextAt), &f.Version,
		&f.agreed, &f.account, &f.address, store.ScanJSON(&f.known), &f.digest, &f.reading)
	f.ReadAt, f.Waits = some(read), state == Preview || state == Mapping || state == Choosing
	return f, err
}

func getFollowed(c *operation.Call, i FollowedID) (Followed, error) {
	f, err := store.One(c.Tx, scanFollowed, followedText+` AND followed_calendars.id = $2`, i)
	if errors.Is(err, store.ErrNotFound) {
		return f, operation.Missing()
	}
	return f, err
}

// followedBy is the calendar whose newest version an import is; ok is false for any other.
func followedBy(c *operation.Call, i ID) (f Followed, ok bool, err error) {
	f, err = store.One(c.Tx, scanFollowed, followedText+` AND followed_calendars.import_id = $2`, i)
	if errors.Is(err, store.ErrNotFound) {
		return f, false, nil
	}
	return f, err == nil, err
}

func insertFollowed(c *operation.Call, f Followed) error {
	_, err := c.Tx.Exec(`INSERT INTO followed_calendars (collaborative_id, id, name, host, address, body_id, by_itself, agreed, account_id, by_name, known, digest, reading, failures, next_at, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, FALSE, $8, $9, $10, '', 0, 0, $11, 1, $12, $12)`,
		f.ID, f.Name, f.Host, f.address, f.BodyID, f.BySelf, f.account, f.By, store.JSON(f.known), store.Micros(f.NextAt), store.Micros(c.Now))
	return err
}

// saveFollowed stores a calendar that was read in the same transaction. Its version counts
// what people changed: that it was read meanwhile is no reason to refuse somebody's edit.
func saveFollowed(c *operation.Call, f Followed) error {
	_, err := c.Tx.Exec(`UPDATE followed_calendars SET name = $3, host = $4, address = $5, body_id = $6, by_itself = $7, agreed = $8, account_id = $9, by_name = $10, known = $11, digest = $12, problem = $13, failures = $14, import_id = $15,
		read_at = $16, reading = $17, next_at = $18, version = $19, updated_at = $20 WHERE collaborative_id = $1 AND id = $2`,
		f.ID, f.Name, f.Host, f.address, f.BodyID, f.BySelf, f.agreed, f.account, f.By, store.JSON(f.known), f.digest, problem(f.Problem), f.Failures, f.ImportID,
		micros(f.ReadAt), f.reading, store.Micros(f.NextAt), f.Version, store.Micros(c.Now))
	return err
}

// hold notes which events a version of a calendar holds.
func hold(c *operation.Call, f Followed, uids []string) error {
	rows := make([][]any, len(uids))
	for k, uid := range uids {
		rows[k] = []any{f.ID, uid, f.reading}
	}
	if _, err := c.Tx.Exec(`DELETE FROM followed_events WHERE collaborative_id = $1 AND followed_id = $2 AND reading < $3 AND NOT EXISTS (SELECT 1 FROM brought_events
		WHERE brought_events.collaborative_id = $1 AND brought_events.uid = followed_events.uid)`, f.ID, f.reading); err != nil {
		return err
	}
	for some := range slices.Chunk(uids, pageRecords) {
		if _, err := c.Tx.Exec(`DELETE FROM followed_events WHERE collaborative_id = $1 AND followed_id = $2 AND uid IN ($3)`, f.ID, store.In(some)); err != nil {
			return err
		}
	}
	return c.Tx.ExecRows(`INSERT INTO followed_events (collaborative_id, followed_id, uid, reading) VALUES ($1, $2, $3, $4)`, rows)
}

// gone tells of each calendar which meetings to come stand in it no more, 200 at most.
func gone(c *operation.Call, all []Followed) error {
	type missing struct {
		followed FollowedID
		brought
	}
	found, err := store.Collect(c.Tx, func(row store.Row) (m missing, err error) {
		return m, row.Scan(&m.followed, &m.UID, &m.SeriesID, &m.MeetingID)
	}, `SELECT followed_events.followed_id, followed_events.uid, brought_events.series_id, brought_events.meeting_id FROM followed_calendars
		JOIN followed_events ON followed_events.collaborative_id = $1 AND followed_events.followed_id = followed_calendars.id AND followed_events.reading < followed_calendars.reading
		JOIN brought_events ON brought_events.collaborative_id = $1 AND brought_events.uid = followed_events.uid
		WHERE followed_calendars.collaborative_id = $1 LIMIT 200`)
	if err != nil {
		return err
	}
	today := c.Today()
	for _, m := range found {
		g, ahead, err := m.toCome(c, today)
		if err != nil {
			return err
		}
		for k := range all {
			if ahead && all[k].ID == m.followed {
				all[k].Gone = append(all[k].Gone, g)
			}
		}
	}
	return nil
}

// toCome says what an event became, and whether any of it is to come.
func (b brought) toCome(c *operation.Call, today string) (Gone, bool, error) {
	g := Gone{UID: b.UID, SeriesID: b.SeriesID, MeetingID: b.MeetingID}
	if !b.SeriesID.IsZero() {
		s, err := convening.SeriesOf(c, b.SeriesID)
		g.Title = s.Title
		return g, err == nil && s.DeletedAt == nil && (s.LastOn == "" || s.LastOn >= today), missingIsFine(err)
	}
	m, err := convening.MeetingOf(c, b.MeetingID)
	g.Title, g.On = cmp.Or(m.Title, m.Name()), m.On
	return g, err == nil && m.DeletedAt == nil && m.On >= today && !m.Happened() && m.State != convening.Cancelled, missingIsFine(err)
}

func missingIsFine(err error) error {
	if operation.KindOf(operation.Translate(err)) == operation.NotFound {
		return nil
	}
	return err
}
