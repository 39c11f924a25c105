package convening

import (
	"slices"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// replan gives the meetings to come the times and words of a changed series. Where the
// rule stays, each meeting keeps its day; where it changes, they take the new days in
// their order, so that each keeps its agenda and its answers. One that was changed by
// itself keeps its own time and words and only its place in the order, unless an
// exception says otherwise of its day now; what is too many is dropped, what is missing
// made.
func replan(c *operation.Call, before Series, s *Series) error {
	ahead, err := meetingsAhead(c, before)
	if err != nil {
		return err
	}
	times, to, err := s.slots(c, c.Today())
	if err != nil {
		return err
	}
	times = slices.DeleteFunc(times, func(at slot) bool { return !at.at.After(c.Now) })
	// Places are given up first: two meetings may change theirs.
	if _, err := c.Tx.Exec(`UPDATE meetings SET series_on = NULL WHERE collaborative_id = $1 AND series_id = $2 AND series_on >= $3 AND deleted_at IS NULL AND starts_at > $4`,
		s.ID, dayAfter(c.Today(), -1), store.Micros(c.Now)); err != nil {
		return err
	}
	taken, err := store.Collect(c.Tx, func(row store.Row) (on string, err error) { return on, row.Scan(&on) },
		`SELECT series_on FROM meetings WHERE collaborative_id = $1 AND series_id = $2 AND series_on >= $3 ORDER BY series_on`, s.ID, dayAfter(c.Today(), -1))
	if err != nil {
		return err
	}
	// A place is taken where its meeting was put in the trash, or took place early.
	times = slices.DeleteFunc(times, func(at slot) bool { return slices.Contains(taken, at.on) })
	keep := before.Rule == s.Rule && before.FirstOn == s.FirstOn
	for n, m := range ahead {
		var at *slot
		switch {
		case keep:
			if k := slices.IndexFunc(times, func(at slot) bool { return at.on == m.SeriesOn }); k >= 0 {
				at = &times[k]
			}
		case n < len(times):
			at = &times[n]
		}
		if err := s.place(c, before, m, at, keep); err != nil {
			return err
		}
	}
	s.PlannedTo = max(s.PlannedTo, to)
	return plan(c, s, c.Today())
}

// place gives a meeting one of the times of its changed series, or drops it where there
// is none for it.
func (s Series) place(c *operation.Call, before Series, m Meeting, at *slot, keep bool) error {
	was := before.exceptionOf(m.SeriesOn)
	if at == nil {
		if !m.apart || was.What != "" || s.exceptionOf(m.SeriesOn).What == NoMeeting {
			return drop(c, m)
		}
		return nil
	}
	after := m
	// What an exception made of a meeting, another one may make otherwise.
	if said := s.exceptionOf(at.on); keep && said != was || !keep && was.What != "" {
		if after.apart = false; was.What == CalledOff && after.State == Cancelled {
			after.State, after.Reason = Planned, ""
		}
	}
	if after.apart || after.State == Cancelled {
		after.SeriesOn = at.on
	} else {
		after = s.fill(after, *at)
	}
	if after.shown() != m.shown() || after.State != m.State {
		after.Sequence++
	} else if after.SeriesOn == m.SeriesOn && after.BodyID == m.BodyID && after.Mode == m.Mode && after.apart == m.apart {
		_, err := c.Tx.Exec(`UPDATE meetings SET series_on = $3 WHERE collaborative_id = $1 AND id = $2`, m.ID, m.SeriesOn)
		return err // nothing of it changed
	}
	after.Version, after.UpdatedAt = m.Version+1, c.Now
	if err := updateMeeting(c, m, after); err != nil {
		return err
	}
	c.Changed(m.Subject(), after.Name(), after.Version, m, after)
	return nil
}
