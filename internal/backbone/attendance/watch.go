package attendance

import (
	"slices"

	"commontable/internal/backbone/actions"
	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Watch counts anew what a run changed: attendance, meetings, actions, the terms of
// seats, rules of presence, whom people belong to, and records that became one. It
// implements operation.Watcher, and keeps the summaries of docs/decisions/0030 current.
func Watch(c *operation.Call, changed []operation.Subject) error {
	ids := map[string][][16]byte{}
	for _, s := range changed {
		ids[s.Kind] = append(ids[s.Kind], s.ID)
	}
	t := &touched{c: c, days: map[bodyDay]bool{}}
	if len(ids[collaborative.Kind]) > 0 {
		if err := t.brought(); err != nil {
			return err
		}
	}
	if len(ids[directory.OrganizationKind]) > 0 || len(ids[directory.PersonKind]) > 0 {
		if err := t.joined(); err != nil {
			return err
		}
	}
	for _, step := range []struct {
		kind string
		note func([][16]byte) error
	}{
		{convening.MeetingKind, t.meetings}, {convening.MeetingKind, t.agreedIn}, {actions.Kind, t.actions}, {directory.PersonKind, t.promisedBy}, {Kind, t.entries}, {directory.SeatKind, t.seats}, {RuleKind, t.bodies},
	} {
		for part := range slices.Chunk(ids[step.kind], mostAtOnce) {
			if err := step.note(part); err != nil {
				return err
			}
		}
	}
	if len(t.days) == 0 {
		return nil
	}
	// Once for all who check in at a door in one commit: their day is counted from all its
	// records, so that counting it for each would do the same again and again.
	days := make([]any, 0, len(t.days))
	for d := range t.days {
		days = append(days, d)
	}
	return c.Tx.BeforeCommit("participation", days, func(days []any) error {
		again := make(map[bodyDay]bool, len(days))
		for _, d := range days {
			again[d.(bodyDay)] = true
		}
		return recount(c, again)
	})
}

// touched gathers the days to be counted anew.
type touched struct {
	c    *operation.Call
	days map[bodyDay]bool
}

func (t *touched) day(row store.Row) error {
	var d bodyDay
	err := scanBody(row, &d.Body, &d.On)
	t.days[d] = true
	return err
}

// scanBody reads a body that is sixteen zeros for none, and what follows.
func scanBody(row store.Row, body *directory.BodyID, more ...any) error {
	return row.Scan(append([]any{body}, more...)...)
}

func list(ids [][16]byte) store.List {
	out := make([][]byte, len(ids))
	for i := range ids {
		out[i] = ids[i][:]
	}
	return store.In(out)
}

// meetings notes where meetings were counted and where they are to be.
func (t *touched) meetings(ids [][16]byte) error {
	was, is := map[MeetingID]bodyDay{}, map[MeetingID]bodyDay{}
	scan := func(into map[MeetingID]bodyDay) func(store.Row) error {
		return func(row store.Row) error {
			var i MeetingID
			var d bodyDay
			err := row.Scan(&i, &d.Body, &d.On)
			into[i] = d
			return err
		}
	}
	if err := store.Each(t.c.Tx, scan(was), `SELECT meeting_id, body_id, held_on FROM participation_meetings WHERE collaborative_id = $1 AND meeting_id IN ($2)`, list(ids)); err != nil {
		return err
	}
	if err := store.Each(t.c.Tx, scan(is), `SELECT id, body_id, held_on FROM meetings WHERE collaborative_id = $1 AND id IN ($2) AND deleted_at IS NULL AND state IN ('held', 'recap_sent', 'closed')`, list(ids)); err != nil {
		return err
	}
	for _, raw := range ids {
		i := MeetingID(raw)
		before, counted := was[i]
		after, counts := is[i]
		if counted {
			t.days[before] = true
		}
		if counts {
			t.days[after] = true
		}
		var err error
		switch {
		case counts && !(counted && before == after):
			_, err = t.c.Tx.Exec(`INSERT INTO participation_meetings (collaborative_id, meeting_id, body_id, held_on) VALUES ($1, $2, $3, $4)
				ON CONFLICT (collaborative_id, meeting_id) DO UPDATE SET body_id = excluded.body_id, held_on = excluded.held_on`, i, after.Body[:], after.On)
		case counted && !counts:
			_, err = t.c.Tx.Exec(`DELETE FROM participation_meetings WHERE collaborative_id = $1 AND meeting_id = $2`, i)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// entries notes the days of attendance that changed.
func (t *touched) entries(ids [][16]byte) error {
	return store.Each(t.c.Tx, t.day, `SELECT participation_meetings.body_id, participation_meetings.held_on FROM attendances
		JOIN participation_meetings ON participation_meetings.collaborative_id = $1 AND participation_meetings.meeting_id = attendances.meeting_id
		WHERE attendances.collaborative_id = $1 AND attendances.id IN ($2)`, list(ids))
}

// bodies notes all days of bodies, whose rule changed.
func (t *touched) bodies(ids [][16]byte) error {
	for _, i := range ids {
		if err := t.between(directory.BodyID(i), "", ""); err != nil {
			return err
		}
	}
	return nil
}

// between notes the days of a body that something is counted on, from a first day
// up to the day before another; "" is without an end.
func (t *touched) between(body directory.BodyID, from, until string) error {
	if until == "" {
		until = "9999-99"
	}
	return store.Each(t.c.Tx, t.day, `SELECT body_id, held_on FROM participation_meetings WHERE collaborative_id = $1 AND body_id = $2 AND held_on >= $3 AND held_on < $4
		UNION SELECT body_id, counts_on FROM participation_actions WHERE collaborative_id = $1 AND body_id = $2 AND counts_on >= $3 AND counts_on < $4`, body[:], from, until)
}

// seats notes the days on which others hold seats than did when they were counted.
func (t *touched) seats(ids [][16]byte) error {
	for _, raw := range ids {
		if err := t.seat(directory.SeatID(raw)); err != nil {
			return err
		}
	}
	return nil
}

// joined notes the days of records that became one in this run, or two again.
func (t *touched) joined() error {
	all, err := directory.JoinedNow(t.c)
	if err != nil {
		return err
	}
	for _, j := range all {
		if err := t.promisedByJoined(j); err != nil {
			return err
		}
		for _, i := range j.Pair {
			text := `SELECT participation_meetings.body_id, participation_meetings.held_on FROM attendances
				JOIN participation_meetings ON participation_meetings.collaborative_id = $1 AND participation_meetings.meeting_id = attendances.meeting_id
				WHERE attendances.collaborative_id = $1 AND attendances.organization_id = $2`
			if j.Kind == directory.PersonKind {
				text = `SELECT participation_meetings.body_id, participation_meetings.held_on FROM attendances
				JOIN participation_meetings ON participation_meetings.collaborative_id = $1 AND participation_meetings.meeting_id = attendances.meeting_id
				WHERE attendances.collaborative_id = $1 AND attendances.person_id = $2`
			}
			if err := store.Each(t.c.Tx, t.day, text, i[:]); err != nil {
				return err
			}
			seats, err := directory.SeatsHeldBy(t.c, j.Kind, i)
			if err != nil {
				return err
			}
			for _, s := range seats {
				if err := t.seat(s); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// brought counts a collaborative for the first time that came with an archive,
// which does not hold what is worked out from it.
func (t *touched) brought() error {
	counted, err := store.Collect(t.c.Tx, func(row store.Row) (i MeetingID, err error) { return i, row.Scan(&i) }, `SELECT meeting_id FROM participation_meetings WHERE collaborative_id = $1
		UNION SELECT action_id FROM participation_actions WHERE collaborative_id = $1 LIMIT 1`)
	if err != nil || len(counted) > 0 {
		return err
	}
	for _, step := range []struct {
		text string
		note func([][16]byte) error
	}{
		{`SELECT id FROM seats WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT 500`, t.seats},
		{`SELECT id FROM meetings WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT 500`, t.meetings},
		{`SELECT id FROM actions WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT 500`, t.actions},
	} {
		after := [16]byte{}
		for {
			ids, err := store.Collect(t.c.Tx, func(row store.Row) (i [16]byte, err error) {
				var found MeetingID
				err = row.Scan(&found)
				return found, err
			}, step.text, after[:])
			if err != nil {
				return err
			}
			if len(ids) == 0 {
				break
			}
			if err := step.note(ids); err != nil {
				return err
			}
			after = ids[len(ids)-1]
		}
	}
	return nil
}
