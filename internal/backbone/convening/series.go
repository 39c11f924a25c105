package convening

import (
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/calendar"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// SeriesID names a series of meetings.
type SeriesID = id.Of[Series]

// Series is a meeting that comes again by a rule, in local time. Its meetings are
// records of their own, made a year ahead; one that is changed by itself stays as it
// was changed.
type Series struct {
	ID      SeriesID         `json:"id" audit:"-"`
	BodyID  directory.BodyID `json:"body_id,omitempty" audit:"-"`
	Body    string           `json:"body,omitempty"`
	Title   string           `json:"title"`
	Purpose string           `json:"purpose,omitempty"`
	Mode    string           `json:"mode" doc:"in_person, online or hybrid."`
	Place   string           `json:"place,omitempty"`
	Link    string           `json:"link,omitempty"`
	Zone    string           `json:"zone" doc:"The time zone whose clocks it follows."`
	FirstOn string           `json:"first_on" doc:"The day of the first meeting."`
	Starts  string           `json:"starts" doc:"Local time, HH:MM."`
	Minutes int64            `json:"minutes"`
	Rule    string           `json:"rule" doc:"How it comes again, as an RRULE of RFC 5545."`
	LastOn  string           `json:"last_on,omitempty" doc:"The day after which there are no more; absent while that is open."`
	// Exceptions are the days on which it is other than its rule.
	Exceptions []Exception `json:"exceptions,omitempty" doc:"The days on which it is other than its rule."`
	PlannedTo  string      `json:"planned_to" audit:"-" doc:"The day to which its meetings have been made."`
	Version    int64       `json:"version" audit:"-"`
	CreatedAt  time.Time   `json:"created_at" audit:"-"`
	UpdatedAt  time.Time   `json:"updated_at" audit:"-"`
	DeletedAt  *time.Time  `json:"deleted_at,omitempty" audit:"-"`
}

// CurrentVersion is what REST makes an ETag of.
func (s Series) CurrentVersion() int64 { return s.Version }

// start is when the first meeting begins, on the clocks of the series.
func (s Series) start() (calendar.Wall, error) {
	at, err := time.Parse("2006-01-02 15:04", s.FirstOn+" "+s.Starts)
	if err != nil {
		return 0, operation.InvalidField("starts", "errors.clock_time")
	}
	return calendar.WallOf(at), nil
}

// calendar is the series as the calendar works it out.
func (s Series) calendar() (calendar.Series, error) {
	zone := calendar.Zone(s.Zone)
	if zone == nil {
		return calendar.Series{}, operation.InvalidField("zone", "errors.no_such_zone")
	}
	start, err := s.start()
	if err != nil {
		return calendar.Series{}, err
	}
	rule, err := calendar.ParseRule(s.Rule, zone)
	if err != nil {
		return calendar.Series{}, operation.InvalidField("rule", "errors.series_rule")
	}
	out := calendar.Series{Start: start, Zone: zone, Length: time.Duration(s.Minutes) * time.Minute, Rule: &rule}
	if err := out.Check(); err != nil {
		return out, operation.InvalidField("rule", "errors.series_rule")
	}
	return out, nil
}

// Saying is the rule in the parts a sentence about it needs.
func (s Series) Saying() (calendar.Saying, error) {
	c, err := s.calendar()
	if err != nil {
		return calendar.Saying{}, err
	}
	return c.Rule.Say(c.Start), nil
}

// SeriesInput is a new series.
type SeriesInput struct {
	BodyID     directory.BodyID `json:"body_id,omitempty" doc:"Whose meetings they are."`
	Title      string           `json:"title,omitempty" maxLength:"200" doc:"The body's name when absent."`
	Purpose    string           `json:"purpose,omitempty" maxLength:"2000" text:"lines"`
	Mode       string           `json:"mode,omitempty" enum:"in_person,online,hybrid" doc:"in_person when absent."`
	Place      string           `json:"place,omitempty" maxLength:"300"`
	Link       string           `json:"link,omitempty" maxLength:"1000" format:"url"`
	Zone       string           `json:"zone,omitempty" maxLength:"60" doc:"The collaborative's when absent."`
	FirstOn    string           `json:"first_on" required:"true" format:"date"`
	Starts     string           `json:"starts" required:"true" maxLength:"5" doc:"Local time, HH:MM."`
	Minutes    int64            `json:"minutes,omitempty" minimum:"0" maximum:"2880" doc:"60 when absent."`
	Rule       string           `json:"rule" required:"true" maxLength:"1000" doc:"RRULE of RFC 5545, such as FREQ=MONTHLY;BYDAY=2TU."`
	LastOn     string           `json:"last_on,omitempty" format:"date"`
	Exceptions []Exception      `json:"exceptions,omitempty" maxItems:"300" doc:"The days on which it is other than its rule."`
	// From leaves out what is over of a series that goes on for long already.
	From string `json:"from,omitempty" format:"date" doc:"The day from which its meetings are made; the first one when absent."`
}

// SeriesPatch changes the fields that are given, for the meetings that are to come.
type SeriesPatch struct {
	ID         SeriesID          `json:"id"`
	Version    int64             `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	BodyID     *directory.BodyID `json:"body_id,omitempty"`
	Title      *string           `json:"title,omitempty" maxLength:"200"`
	Purpose    *string           `json:"purpose,omitempty" maxLength:"2000" text:"lines"`
	Mode       *string           `json:"mode,omitempty" enum:"in_person,online,hybrid"`
	Place      *string           `json:"place,omitempty" maxLength:"300"`
	Link       *string           `json:"link,omitempty" maxLength:"1000" format:"url"`
	Zone       *string           `json:"zone,omitempty" maxLength:"60"`
	FirstOn    *string           `json:"first_on,omitempty" format:"date"`
	Starts     *string           `json:"starts,omitempty" maxLength:"5"`
	Minutes    *int64            `json:"minutes,omitempty" minimum:"1" maximum:"2880"`
	Rule       *string           `json:"rule,omitempty" maxLength:"1000"`
	LastOn     *string           `json:"last_on,omitempty" format:"date" doc:"Empty opens the end again."`
	Exceptions *[]Exception      `json:"exceptions,omitempty" maxItems:"300"`
}

// SeriesRef names a series.
type SeriesRef struct {
	ID SeriesID `json:"id"`
}

// SeriesVersion names one version of a series.
type SeriesVersion struct {
	ID      SeriesID `json:"id"`
	Version int64    `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
}

const seriesText = `SELECT meeting_series.id, meeting_series.body_id, bodies.name, meeting_series.title, meeting_series.purpose, meeting_series.mode, meeting_series.place, meeting_series.link, meeting_series.zone,
	meeting_series.first_on, meeting_series.starts, meeting_series.minutes, meeting_series.rule, meeting_series.last_on, meeting_series.exceptions, meeting_series.planned_to, meeting_series.version, meeting_series.created_at,
	meeting_series.updated_at, meeting_series.deleted_at
	FROM meeting_series LEFT JOIN bodies ON bodies.collaborative_id = $1 AND bodies.id = meeting_series.body_id WHERE meeting_series.collaborative_id = $1`

func scanSeries(row store.Row) (Series, error) {
	var s Series
	var deleted time.Time
	err := row.Scan(&s.ID, &s.BodyID, store.ScanText(&s.Body), &s.Title, &s.Purpose, &s.Mode, &s.Place, &s.Link, &s.Zone, &s.FirstOn, &s.Starts, &s.Minutes, &s.Rule, store.ScanText(&s.LastOn), store.ScanJSON(&s.Exceptions), &s.PlannedTo,
		&s.Version, store.ScanTime(&s.CreatedAt), store.ScanTime(&s.UpdatedAt), store.ScanTime(&deleted))
	s.DeletedAt = operation.Instant(deleted)
	return s, err
}

func getSeries(c *operation.Call, i SeriesID) (Series, error) {
	return store.One(c.Tx, scanSeries, seriesText+` AND meeting_series.id = $2`, i)
}

func insertSeries(c *operation.Call, s Series) error {
	_, err := c.Tx.Exec(`INSERT INTO meeting_series (collaborative_id, id, body_id, title, sort_key, purpose, mode, place, link, zone, first_on, starts, minutes, rule, last_on, planned_to, version, created_at, updated_at, exceptions)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $18, $19)`,
		s.ID, s.BodyID, s.Title, i18n.CollationKey(c.Collaborative.Language, s.Title), s.Purpose, s.Mode, s.Place, s.Link, s.Zone, s.FirstOn, s.Starts, s.Minutes, s.Rule, store.Text(s.LastOn), s.PlannedTo,
		s.Version, store.Micros(s.CreatedAt), s.exceptionsJSON())
	return err
}

func updateSeries(c *operation.Call, _, s Series) error {
	return operation.Changed(c.Tx.Exec(`UPDATE meeting_series SET body_id = $3, title = $4, sort_key = $5, purpose = $6, mode = $7, place = $8, link = $9, zone = $10, first_on = $11, starts = $12, minutes = $13,
		rule = $14, last_on = $15, planned_to = $16, version = $17, updated_at = $18, deleted_at = $19, exceptions = $20 WHERE collaborative_id = $1 AND id = $2 AND version = $17 - 1`,
		s.ID, s.BodyID, s.Title, i18n.CollationKey(c.Collaborative.Language, s.Title), s.Purpose, s.Mode, s.Place, s.Link, s.Zone, s.FirstOn, s.Starts, s.Minutes, s.Rule, store.Text(s.LastOn), s.PlannedTo,
		s.Version, store.Micros(s.UpdatedAt), operation.DeletedMicros(s.DeletedAt), s.exceptionsJSON()))
}
