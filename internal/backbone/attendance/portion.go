package attendance

import (
	"errors"
	"fmt"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// portion is what is on record of those who are entered together, read for all of
// them at once, and the rows that are written at the end. A report of a hundred people
// asks for their seats once and not a hundred times. Without one everything is asked
// for the one who is entered.
type portion struct {
	terms         []directory.ActiveTerm
	people        map[directory.PersonID]string // of those not in the trash
	belongs       map[directory.PersonID]directory.OrganizationID
	organizations map[directory.OrganizationID]string
	called        map[string]directory.OrganizationID
	there         map[directory.PersonID]Attendance
	guests        map[string]Attendance
	n             int64
	rows          [][]any
	added         []ID
}

// portionOf reads what there is of those about to be entered.
func portionOf(c *operation.Call, m convening.Meeting, items []Input) (*portion, error) {
	p := &portion{called: map[string]directory.OrganizationID{}, there: map[directory.PersonID]Attendance{}, guests: map[string]Attendance{}}
	var people []directory.PersonID
	var organizations []directory.OrganizationID
	guests := false
	for _, in := range items {
		if in.PersonID.IsZero() {
			guests = true
		} else {
			people = append(people, in.PersonID)
		}
		if !in.OrganizationID.IsZero() {
			organizations = append(organizations, in.OrganizationID)
		}
	}
	var err error
	if p.people, err = directory.NamesOfPeople(c, people); err != nil {
		return p, err
	}
	if p.belongs, err = directory.AllAffiliatedOn(c, people, m.On); err != nil {
		return p, err
	}
	if !m.BodyID.IsZero() {
		if p.terms, err = directory.TermsOn(c, m.BodyID, m.On); err != nil {
			return p, err
		}
	}
	for _, o := range p.belongs {
		organizations = append(organizations, o)
	}
	for _, t := range p.terms {
		if !t.OrganizationID.IsZero() {
			organizations = append(organizations, t.OrganizationID)
		}
	}
	if p.organizations, err = directory.NamesOfOrganizations(c, organizations); err != nil {
		return p, err
	}
	in, err := store.Collect(c.Tx, scan, `SELECT `+columns+tables+` AND attendances.meeting_id = $2 AND attendances.person_id IN ($3) AND attendances.deleted_at IS NULL`, m.ID, store.In(people))
	if err != nil {
		return p, err
	}
	if guests {
		// By the key they were entered under, as entered asks for it: their organization
		// may be called otherwise since.
		if err := store.Each(c.Tx, func(row store.Row) error {
			var a Attendance
			var key string
			err := scanMore(row, &a, &key)
			p.guests[key] = a
			return err
		}, `SELECT `+columns+`, attendances.guest_key`+tables+` AND attendances.meeting_id = $2 AND attendances.guest_key IS NOT NULL AND attendances.deleted_at IS NULL`, m.ID); err != nil {
			return p, err
		}
	}
	for _, a := range in {
		p.there[a.PersonID] = a
	}
	p.n, err = liveAt(c, m.ID)
	return p, err
}

func (p *portion) remember(a Attendance) {
	if a.Guest() {
		p.guests[a.guestKey()] = a
	} else {
		p.there[a.PersonID] = a
	}
}

func (p *portion) person(c *operation.Call, i directory.PersonID) (name string, live bool, err error) {
	if p != nil {
		if name, live = p.people[i]; live {
			return name, true, nil
		}
	}
	return directory.PersonName(c, i)
}

func (p *portion) organization(c *operation.Call, i directory.OrganizationID) (name string, live bool, err error) {
	if p != nil {
		if name, live = p.organizations[i]; live {
			return name, true, nil
		}
	}
	return directory.OrganizationName(c, i)
}

func (p *portion) organizationNamed(c *operation.Call, name string) (directory.OrganizationID, error) {
	if p == nil {
		return directory.OrganizationNamed(c, name)
	}
	found, asked := p.called[name]
	if asked {
		return found, nil
	}
	found, err := directory.OrganizationNamed(c, name)
	p.called[name] = found
	return found, err
}

func (p *portion) termsOn(c *operation.Call, m convening.Meeting) ([]directory.ActiveTerm, error) {
	if p != nil {
		return p.terms, nil
	}
	return directory.TermsOn(c, m.BodyID, m.On)
}

func (p *portion) affiliatedOn(c *operation.Call, m convening.Meeting, i directory.PersonID) (directory.OrganizationID, error) {
	if p != nil {
		return p.belongs[i], nil
	}
	return directory.AffiliatedOn(c, i, m.On)
}

// entered is the live entry of the same person or guest, one of this portion included.
func (p *portion) entered(c *operation.Call, a Attendance) (was Attendance, in bool, err error) {
	if p == nil {
		return entered(c, a)
	}
	if a.Guest() {
		was, in = p.guests[a.guestKey()]
	} else {
		was, in = p.there[a.PersonID]
	}
	was.fresh = false
	return was, in, nil
}

func (p *portion) count(c *operation.Call, m MeetingID) (int64, error) {
	if p != nil {
		return p.n, nil
	}
	return liveAt(c, m)
}

// add stores an entry; in a portion, when it is written. It says false when somebody
// else entered them before.
func (p *portion) add(c *operation.Call, a Attendance) (bool, error) {
	if p == nil {
		if ok, err := insert(c, a); err != nil || !ok {
			return false, err
		}
		return true, operation.Count(c.Tx, Kind, a.ID, 1)
	}
	p.rows = append(p.rows, append([]any{a.ID, a.MeetingID, a.Source, store.Micros(a.CreatedAt)}, a.values()...))
	p.added = append(p.added, a.ID)
	p.remember(a)
	p.n++
	return true, nil
}

// write stores the entries of a portion. Whoever was entered by somebody else since
// the portion was read makes it stale: tried again it finds them in.
func (p *portion) write(c *operation.Call) error {
	if err := c.Tx.ExecRows(insertion, p.rows); errors.Is(err, store.ErrUnique) {
		return fmt.Errorf("%w: %w", store.ErrStale, err)
	} else if err != nil {
		return err
	}
	return operation.CountAll(c.Tx, Kind, p.added)
}

// liveAt is how many are in the ledger of a meeting.
func liveAt(c *operation.Call, m MeetingID) (int64, error) {
	return store.Value[int64](c.Tx, `SELECT COUNT(*) FROM attendances WHERE collaborative_id = $1 AND meeting_id = $2 AND deleted_at IS NULL`, m)
}
