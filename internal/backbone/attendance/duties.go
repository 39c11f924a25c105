package attendance

import (
	"errors"
	"slices"

	"commontable/internal/analysis/day"
	"commontable/internal/analysis/participation"
	"commontable/internal/backbone/actions"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// duty is an action and whose it is, for follow-through.
type duty struct {
	organization directory.OrganizationID
	seat         directory.SeatID
	action       participation.Action
}

// readDuties are the actions of a body that count on a day. What a person promised
// counts for the seat they hold in the body on that day and for whom they hold it,
// and otherwise for the organization they belong to.
func readDuties(c *operation.Call, body directory.BodyID, on string, terms []directory.ActiveTerm) ([]duty, error) {
	return store.Collect(c.Tx, func(row store.Row) (d duty, err error) {
		var person directory.PersonID
		var a promise
		if err := row.Scan(&person, &d.organization, &a.agreed, store.ScanText(&a.due), &a.state, store.ScanText(&a.ended)); err != nil {
			return d, err
		}
		if held := slices.IndexFunc(terms, func(t directory.ActiveTerm) bool { return t.PersonID == person }); held >= 0 && !person.IsZero() {
			d.seat, d.organization = terms[held].SeatID, terms[held].OrganizationID
		}
		d.action, err = a.action()
		return d, err
	}, `SELECT participation_actions.person_id, participation_actions.organization_id, actions.agreed_on, actions.due_on, actions.state, actions.ended_on
		FROM participation_actions JOIN actions ON actions.collaborative_id = $1 AND actions.id = participation_actions.action_id
		WHERE participation_actions.collaborative_id = $1 AND participation_actions.body_id = $2 AND participation_actions.counts_on = $3 ORDER BY participation_actions.action_id`, body[:], on)
}

// promise is what follow-through asks of an action.
type promise struct{ agreed, due, state, ended string }

var endings = map[string]participation.Ending{actions.Open: participation.Open, actions.Done: participation.Done, actions.Dropped: participation.Dropped, actions.CarriedOver: participation.Carried}

func (p promise) action() (participation.Action, error) {
	a := participation.Action{End: endings[p.state], Dated: p.due != ""}
	var wrong [3]error
	a.Agreed, wrong[0] = day.Parse(p.agreed)
	if a.Dated {
		a.Due, wrong[1] = day.Parse(p.due)
	}
	if p.ended != "" {
		a.On, wrong[2] = day.Parse(p.ended)
	}
	return a, errors.Join(wrong[:]...)
}

// countedAction is where an action is counted, and for whom.
type countedAction struct {
	at           bodyDay
	person       directory.PersonID
	organization directory.OrganizationID
}

// actions notes where actions were counted and where they are to be.
func (t *touched) actions(ids [][16]byte) error {
	was, is := map[actions.ID]countedAction{}, map[actions.ID]countedAction{}
	if err := store.Each(t.c.Tx, func(row store.Row) error {
		var i actions.ID
		var a countedAction
		err := row.Scan(&i, &a.at.Body, &a.at.On, &a.person, &a.organization)
		was[i] = a
		return err
	}, `SELECT action_id, body_id, counts_on, person_id, organization_id FROM participation_actions WHERE collaborative_id = $1 AND action_id IN ($2)`, list(ids)); err != nil {
		return err
	}
	if err := store.Each(t.c.Tx, func(row store.Row) error {
		var i actions.ID
		var a countedAction
		var p promise
		if err := row.Scan(&i, &a.at.Body, &a.person, &a.organization, &p.agreed, store.ScanText(&p.due), &p.state, store.ScanText(&p.ended)); err != nil {
			return err
		}
		of, err := p.action()
		if err != nil {
			return err
		}
		if on, counts := of.Day(); counts {
			a.at.On = on.String()
			is[i] = a
		}
		return nil
	}, `SELECT actions.id, meetings.body_id, actions.owner_person_id, actions.owner_organization_id, actions.agreed_on, actions.due_on, actions.state, actions.ended_on
		FROM actions LEFT JOIN meetings ON meetings.collaborative_id = $1 AND meetings.id = actions.meeting_id
		WHERE actions.collaborative_id = $1 AND actions.id IN ($2) AND actions.deleted_at IS NULL AND actions.due_on IS NOT NULL
		AND (actions.owner_person_id IS NOT NULL OR actions.owner_organization_id IS NOT NULL)`, list(ids)); err != nil {
		return err
	}
	for _, raw := range ids {
		i := actions.ID(raw)
		before, counted := was[i]
		after, counts := is[i]
		if counted {
			t.days[before.at] = true
		}
		var err error
		if counts {
			t.days[after.at] = true
			if !after.person.IsZero() {
				if after.organization, err = directory.AffiliatedOn(t.c, after.person, after.at.On); err != nil {
					return err
				}
			}
		}
		switch {
		case counts && !(counted && before == after):
			_, err = t.c.Tx.Exec(`INSERT INTO participation_actions (collaborative_id, action_id, body_id, counts_on, person_id, organization_id) VALUES ($1, $2, $3, $4, $5, $6)
				ON CONFLICT (collaborative_id, action_id) DO UPDATE SET body_id = excluded.body_id, counts_on = excluded.counts_on, person_id = excluded.person_id, organization_id = excluded.organization_id`,
				i, after.at.Body[:], after.at.On, after.person, after.organization)
		case counted && !counts:
			_, err = t.c.Tx.Exec(`DELETE FROM participation_actions WHERE collaborative_id = $1 AND action_id = $2`, i)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// all notes actions that were read, in portions.
func (t *touched) all(ids [][16]byte, err error) error {
	if err != nil {
		return err
	}
	for part := range slices.Chunk(ids, mostAtOnce) {
		if err := t.actions(part); err != nil {
			return err
		}
	}
	return nil
}

func scanID(row store.Row) (i [16]byte, err error) {
	var found actions.ID
	err = row.Scan(&found)
	return found, err
}

// agreedIn notes the actions of meetings, whose body may be another.
func (t *touched) agreedIn(ids [][16]byte) error {
	return t.all(store.Collect(t.c.Tx, scanID, `SELECT id FROM actions WHERE collaborative_id = $1 AND meeting_id IN ($2)`, list(ids)))
}

// promisedBy notes the actions of people who belong elsewhere on the day than when
// they were counted.
func (t *touched) promisedBy(ids [][16]byte) error {
	type row struct {
		id           [16]byte
		person       directory.PersonID
		on           string
		organization directory.OrganizationID
	}
	rows, err := store.Collect(t.c.Tx, func(r store.Row) (x row, err error) {
		var i actions.ID
		err = r.Scan(&i, &x.person, &x.on, &x.organization)
		x.id = i
		return x, err
	}, `SELECT action_id, person_id, counts_on, organization_id FROM participation_actions WHERE collaborative_id = $1 AND person_id IN ($2)`, list(ids))
	if err != nil {
		return err
	}
	var moved [][16]byte
	for _, x := range rows {
		now, err := directory.AffiliatedOn(t.c, x.person, x.on)
		if err != nil {
			return err
		}
		if now != x.organization {
			moved = append(moved, x.id)
		}
	}
	return t.all(moved, nil)
}

// promisedByJoined notes the actions of two records that became one, or two again.
func (t *touched) promisedByJoined(j directory.Joined) error {
	pair := list([][16]byte{j.Pair[0], j.Pair[1]})
	if j.Kind == directory.PersonKind {
		if err := t.all(store.Collect(t.c.Tx, scanID, `SELECT id FROM actions WHERE collaborative_id = $1 AND owner_person_id IN ($2)`, pair)); err != nil {
			return err
		}
		return t.all(store.Collect(t.c.Tx, scanID, `SELECT action_id FROM participation_actions WHERE collaborative_id = $1 AND person_id IN ($2)`, pair))
	}
	// Those who belong to either may belong more to it now than to where they were
	// counted, or less.
	people, err := store.Collect(t.c.Tx, scanID, `SELECT DISTINCT participation_actions.person_id FROM affiliations
		JOIN participation_actions ON participation_actions.collaborative_id = $1 AND participation_actions.person_id = affiliations.person_id
		WHERE affiliations.collaborative_id = $1 AND affiliations.organization_id IN ($2)`, pair)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(people, mostAtOnce) {
		if err := t.promisedBy(part); err != nil {
			return err
		}
	}
	if err := t.all(store.Collect(t.c.Tx, scanID, `SELECT id FROM actions WHERE collaborative_id = $1 AND owner_organization_id IN ($2)`, pair)); err != nil {
		return err
	}
	return t.all(store.Collect(t.c.Tx, scanID, `SELECT action_id FROM participation_actions WHERE collaborative_id = $1 AND organization_id IN ($2)`, pair))
}

// ActionsUncounted says whether actions wait to be counted that an older program or
// an older backup brought.
func ActionsUncounted(tx *store.Tx) (bool, error) {
	rows, err := store.Collect(tx, func(row store.Row) (i actions.ID, err error) { return i, row.Scan(&i) }, uncounted+` LIMIT 1`)
	return len(rows) > 0, err
}

const uncounted = `SELECT actions.id FROM actions LEFT JOIN participation_actions ON participation_actions.collaborative_id = $1 AND participation_actions.action_id = actions.id
	WHERE actions.collaborative_id = $1 AND actions.deleted_at IS NULL AND actions.due_on IS NOT NULL AND participation_actions.action_id IS NULL
	AND (actions.owner_person_id IS NOT NULL OR actions.owner_organization_id IS NOT NULL)
	AND NOT (actions.state IN ('dropped', 'carried') AND actions.ended_on <= actions.due_on)`

// CountActions counts actions that an older program or an older backup brought.
var CountActions = operation.Define(operation.Operation[operation.None, operation.None]{
	Definition: operation.Definition{ID: "participation.count-actions", Summary: "Counts action items that were not counted yet", BrowserOnly: "the program does it by itself"},
	Run: func(c *operation.Call, _ operation.None) (operation.None, error) {
		t := &touched{c: c, days: map[bodyDay]bool{}}
		c.Continue()
		if err := t.all(store.Collect(c.Tx, scanID, uncounted+` ORDER BY actions.id LIMIT 500`)); err != nil {
			return operation.None{}, err
		}
		return operation.None{}, recount(c, t.days)
	},
})
