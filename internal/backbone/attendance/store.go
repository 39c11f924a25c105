package attendance

import (
	"time"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

const columns = `attendances.id, attendances.meeting_id, attendances.person_id, people.given_name, people.family_name, attendances.name, attendances.organization_id, organizations.name,
	attendances.organization_name, attendances.seat_id, attendances.presence, attendances.source, attendances.joined_at, attendances.left_at, attendances.minutes, attendances.engagement,
	attendances.turns, attendances.email, attendances.consented_at, attendances.version, attendances.created_at, attendances.updated_at, attendances.deleted_at`

const tables = ` FROM attendances LEFT JOIN people ON people.collaborative_id = $1 AND people.id = attendances.person_id
	LEFT JOIN organizations ON organizations.collaborative_id = $1 AND organizations.id = attendances.organization_id WHERE attendances.collaborative_id = $1`

func scan(row store.Row) (Attendance, error) {
	var a Attendance
	err := scanMore(row, &a)
	return a, err
}

func scanMore(row store.Row, a *Attendance, more ...any) error {
	var person directory.Person
	var joined, left, consented, deleted time.Time
	err := row.Scan(append([]any{&a.ID, &a.MeetingID, &a.PersonID, store.ScanText(&person.GivenName), store.ScanText(&person.FamilyName), &a.GivenName, &a.OrganizationID, store.ScanText(&a.Organization),
		&a.organizationName, &a.standsIn, &a.Presence, &a.Source, store.ScanTime(&joined), store.ScanTime(&left), &a.Minutes, &a.Engagement,
		&a.Turns, &a.Email, store.ScanTime(&consented), &a.Version, store.ScanTime(&a.CreatedAt), store.ScanTime(&a.UpdatedAt), store.ScanTime(&deleted)}, more...)...)
	a.JoinedAt, a.LeftAt, a.ConsentedAt, a.DeletedAt = operation.Instant(joined), operation.Instant(left), operation.Instant(consented), operation.Instant(deleted)
	a.SeatID, a.Alternate = a.standsIn, !a.standsIn.IsZero()
	a.named(person.Name())
	return err
}

// named says what they are called, given the name of the person.
func (a *Attendance) named(person string) {
	if a.Guest() {
		a.Name, a.GivenName = a.GivenName, ""
	} else {
		a.Name = person
		if a.GivenName == person {
			a.GivenName = ""
		}
	}
	if a.OrganizationID.IsZero() {
		a.Organization = a.organizationName
	}
}

func get(c *operation.Call, i ID) (Attendance, error) {
	return store.One(c.Tx, scan, `SELECT `+columns+tables+` AND attendances.id = $2`, i)
}

// values are the columns an edit may change, in the order of the statements below.
func (a Attendance) values() []any {
	name := a.GivenName
	if a.Guest() {
		name = a.Name
	}
	organization := a.organizationName
	if !a.OrganizationID.IsZero() {
		organization = ""
	}
	return []any{a.PersonID, store.Text(a.guestKey()), name, a.OrganizationID, organization, a.standsIn, a.Presence, operation.DeletedMicros(a.JoinedAt), operation.DeletedMicros(a.LeftAt),
		a.Minutes, a.Engagement, a.Turns, a.Email, operation.DeletedMicros(a.ConsentedAt)}
}

const insertion = `INSERT INTO attendances (collaborative_id, id, meeting_id, source, version, created_at, updated_at, person_id, guest_key, name, organization_id, organization_name, seat_id, presence,
		joined_at, left_at, minutes, engagement, turns, email, consented_at) VALUES ($1, $2, $3, $4, 1, $5, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`

// insert stores an entry. It says false when somebody entered the same person or
// guest before.
func insert(c *operation.Call, a Attendance) (bool, error) {
	n, err := c.Tx.Exec(insertion+` ON CONFLICT DO NOTHING`,
		append([]any{a.ID, a.MeetingID, a.Source, store.Micros(a.CreatedAt)}, a.values()...)...)
	return n > 0, err
}

func update(c *operation.Call, _, a Attendance) error {
	return operation.Changed(c.Tx.Exec(`UPDATE attendances SET version = $3, updated_at = $4, deleted_at = $5, person_id = $6, guest_key = $7, name = $8, organization_id = $9, organization_name = $10,
		seat_id = $11, presence = $12, joined_at = $13, left_at = $14, minutes = $15, engagement = $16, turns = $17, email = $18, consented_at = $19
		WHERE collaborative_id = $1 AND id = $2 AND version = $3 - 1`,
		append([]any{a.ID, a.Version, store.Micros(a.UpdatedAt), operation.DeletedMicros(a.DeletedAt)}, a.values()...)...))
}

// entered is the live entry of the same person or guest, if there is one.
func entered(c *operation.Call, a Attendance) (Attendance, bool, error) {
	var found []Attendance
	var err error
	if a.Guest() {
		found, err = store.Collect(c.Tx, scan, `SELECT `+columns+tables+` AND attendances.meeting_id = $2 AND attendances.guest_key = $3 AND attendances.deleted_at IS NULL`, a.MeetingID, a.guestKey())
	} else {
		found, err = store.Collect(c.Tx, scan, `SELECT `+columns+tables+` AND attendances.meeting_id = $2 AND attendances.person_id = $3 AND attendances.deleted_at IS NULL`, a.MeetingID, a.PersonID)
	}
	if err != nil || len(found) == 0 {
		return Attendance{}, false, err
	}
	return found[0], true, nil
}

// ledger are the live entries of a meeting in the order they were made, with the
// seats their people hold on its day.
func ledger(c *operation.Call, m convening.Meeting) ([]Attendance, error) {
	all, err := store.Collect(c.Tx, scan, `SELECT `+columns+tables+` AND attendances.meeting_id = $2 AND attendances.deleted_at IS NULL ORDER BY attendances.id`, m.ID)
	if err != nil {
		return nil, err
	}
	return all, seated(c, m, all)
}

// seated adds to entries of a meeting what follows from its body: the seats, and
// whether being there so long counts.
func seated(c *operation.Call, m convening.Meeting, all []Attendance) error {
	var percent int64
	own, seats := map[directory.PersonID]directory.Seat{}, map[directory.SeatID]directory.Seat{}
	if !m.BodyID.IsZero() && len(all) > 0 {
		held, err := directory.HeldOn(c, m.BodyID, m.On)
		if err != nil {
			return err
		}
		for _, s := range held {
			seats[s.ID] = s
			if first, twice := own[s.Term.PersonID]; !twice || s.Voting && !first.Voting {
				own[s.Term.PersonID] = s
			}
		}
		if percent, err = percentOf(c, m.BodyID); err != nil {
			return err
		}
	}
	for k := range all {
		a := &all[k]
		a.Counts = counts(a.Minutes, m.Minutes, percent)
		seat, ok := seats[a.standsIn]
		if !ok && !a.Guest() && !a.Alternate {
			seat, ok = own[a.PersonID]
		}
		if ok {
			a.Alternate = a.Alternate && seat.Term.PersonID != a.PersonID // nobody stands in for themselves
			a.SeatID, a.Seat, a.Voting = seat.ID, seat.Role, seat.Voting
		}
	}
	return nil
}

// guestsAt is how many guests are in the ledger of a meeting.
func guestsAt(c *operation.Call, m MeetingID) (int64, error) {
	return store.Value[int64](c.Tx, `SELECT COUNT(*) FROM attendances WHERE collaborative_id = $1 AND meeting_id = $2 AND guest_key IS NOT NULL AND deleted_at IS NULL`, m)
}
