package convening

import (
	"time"

	"commontable/internal/platform/calendar"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

const (
	// plannedAhead is how many days of a series are made into meetings.
	plannedAhead = 366
	// mostPlanned bounds how many meetings one change of a series makes: every
	// working day of a year.
	mostPlanned = 400
)

// slot is one time of a series.
type slot struct {
	on string // the day the rule gives it
	at time.Time
	// other is what it is instead of what the series says, nil where it is that.
	other *Exception
}

// slots are the times of a series from a day to a year from today.
func (s Series) slots(c *operation.Call, from string) ([]slot, string, error) {
	rule, err := s.calendar()
	if err != nil {
		return nil, "", err
	}
	to := max(dayAfter(c.Today(), plannedAhead), dayAfter(s.FirstOn, plannedAhead))
	if s.LastOn != "" && dayAfter(s.LastOn, 1) < to {
		to = dayAfter(s.LastOn, 1)
	}
	begin, err := time.ParseInLocation(time.DateOnly, from, rule.Zone)
	if err != nil {
		return nil, "", err
	}
	end, err := time.ParseInLocation(time.DateOnly, to, rule.Zone)
	if err != nil {
		return nil, "", err
	}
	if !begin.Before(end) {
		return nil, to, nil
	}
	times, more, err := rule.Between(begin, end, mostPlanned)
	if err != nil {
		return nil, "", operation.InvalidField("rule", "errors.series_rule")
	}
	if more {
		return nil, "", operation.InvalidField("rule", "errors.series_too_many", map[string]any{"Maximum": mostPlanned})
	}
	var out []slot
	for _, o := range times {
		y, m, d := o.Original.Date()
		out = append(out, slot{on: calendar.On(y, m, d).String()[:len(time.DateOnly)], at: o.Start})
	}
	out, err = s.excepted(out, rule, from, to)
	return out, to, err
}

// fill makes a meeting of a series what the series says, at one of its times.
func (s Series) fill(m Meeting, at slot) Meeting {
	m.BodyID, m.Body, m.Title, m.Purpose, m.Mode, m.Place, m.Link, m.Zone = s.BodyID, s.Body, s.Title, s.Purpose, s.Mode, s.Place, s.Link, s.Zone
	m.SeriesOn, m.StartsAt, m.EndsAt = at.on, at.at.UTC(), at.at.Add(time.Duration(s.Minutes)*time.Minute).UTC()
	if at.other != nil {
		m = s.except(m, at)
	}
	m.local()
	return m
}

// plan makes the meetings of a series from a day on that are not there; what was put
// in the trash stays there.
func plan(c *operation.Call, s *Series, from string) error {
	times, to, err := s.slots(c, from)
	if err != nil {
		return err
	}
	there, err := store.Collect(c.Tx, func(row store.Row) (on string, err error) { return on, row.Scan(&on) },
		`SELECT series_on FROM meetings WHERE collaborative_id = $1 AND series_id = $2 AND series_on >= $3 ORDER BY series_on`, s.ID, from)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, on := range there {
		known[on] = true
	}
	for _, at := range times {
		if known[at.on] {
			continue
		}
		m := s.fill(Meeting{ID: id.New[Meeting](), SeriesID: s.ID, State: Planned, Version: 1, CreatedAt: c.Now, UpdatedAt: c.Now}, at)
		if err := insertMeeting(c, m); err != nil {
			return err
		}
		if err := operation.Count(c.Tx, MeetingKind, m.ID, 1); err != nil {
			return err
		}
	}
	s.PlannedTo = max(s.PlannedTo, to)
	return nil
}

// meetingsAhead are the meetings of a series that are to come, in the order of its
// times.
func meetingsAhead(c *operation.Call, s Series) ([]Meeting, error) {
	all, err := store.Collect(c.Tx, scanMeeting, `SELECT `+meetingColumns+meetingTables+` AND meetings.series_id = $2 AND meetings.series_on >= $3 ORDER BY meetings.series_on`, s.ID, dayAfter(c.Today(), -1))
	if err != nil {
		return nil, err
	}
	out := all[:0]
	for _, m := range all {
		if m.DeletedAt == nil && !m.Happened() && m.StartsAt.After(c.Now) {
			out = append(out, m)
		}
	}
	return out, nil
}

// drop puts a meeting that its series no longer has in the trash, and frees its
// place in the series.
func drop(c *operation.Call, m Meeting) error {
	after, now := m, c.Now
	after.SeriesOn, after.DeletedAt, after.Version, after.UpdatedAt = "", &now, m.Version+1, now
	if err := updateMeeting(c, m, after); err != nil {
		return err
	}
	c.Changed(m.Subject(), m.Name(), after.Version, nil, nil)
	return operation.Count(c.Tx, MeetingKind, m.ID, -1)
}

// SeriesThatWait are the series whose meetings are made for less than eleven months
// ahead and go on, at most 200.
func SeriesThatWait(tx *store.Tx, now time.Time) ([]SeriesID, error) {
	return store.Collect(tx, func(row store.Row) (i SeriesID, err error) { return i, row.Scan(&i) },
		`SELECT id FROM meeting_series WHERE collaborative_id = $1 AND planned_to < $2 AND (last_on IS NULL OR last_on >= planned_to) AND deleted_at IS NULL ORDER BY planned_to, id LIMIT 200`,
		now.AddDate(0, 11, 0).Format(time.DateOnly))
}
