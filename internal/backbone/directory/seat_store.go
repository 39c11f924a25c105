package directory

import (
	"slices"
	"time"

	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

const seatColumns = `seats.id, seats.body_id, bodies.name, seats.position, seats.role, seats.voting, seats.purpose, seats.sector, seats.organization_id, organizations.name,
	seats.term_months, seats.valid_from, seats.valid_to, seats.version, seats.created_at, seats.updated_at, seats.deleted_at, seats.body_sort_key`

const seatTables = ` FROM seats JOIN bodies ON bodies.collaborative_id = $1 AND bodies.id = seats.body_id
	LEFT JOIN organizations ON organizations.collaborative_id = $1 AND organizations.id = seats.organization_id WHERE seats.collaborative_id = $1`

func scanSeat(row store.Row) (Seat, error) {
	var s Seat
	var deleted time.Time
	err := row.Scan(&s.ID, &s.BodyID, &s.Body, &s.Position, &s.Role, &s.Voting, &s.Purpose, &s.Sector, &s.OrganizationID, store.ScanText(&s.Organization),
		&s.TermMonths, &s.From, store.ScanText(&s.To), &s.Version, store.ScanTime(&s.CreatedAt), store.ScanTime(&s.UpdatedAt), store.ScanTime(&deleted), &s.bodySortKey)
	s.DeletedAt = operation.Instant(deleted)
	return s, err
}

// getSeat reads a seat with all its terms, and who holds it today.
func getSeat(c *operation.Call, i SeatID) (Seat, error) {
	s, err := store.One(c.Tx, scanSeat, `SELECT `+seatColumns+seatTables+` AND seats.id = $2`, i)
	if err != nil {
		return s, err
	}
	s.Terms, err = store.Collect(c.Tx, scanTerm, `SELECT `+termColumns+termTables+` AND seat_terms.seat_id = $2 ORDER BY seat_terms.valid_from`, i)
	s.holding(c.Today())
	return s, err
}

const termColumns = `seat_terms.id, seat_terms.seat_id, seat_terms.body_id, bodies.name, seats.role, seats.voting, seats.purpose, seat_terms.person_id, people.given_name, people.family_name,
	seat_terms.organization_id, organizations.name, seat_terms.alternate_id, alternates.given_name, alternates.family_name, seat_terms.valid_from, seat_terms.term_ends, seat_terms.valid_to`

const termTables = ` FROM seat_terms JOIN seats ON seats.collaborative_id = $1 AND seats.id = seat_terms.seat_id
	JOIN bodies ON bodies.collaborative_id = $1 AND bodies.id = seat_terms.body_id
	JOIN people ON people.collaborative_id = $1 AND people.id = seat_terms.person_id
	LEFT JOIN people AS alternates ON alternates.collaborative_id = $1 AND alternates.id = seat_terms.alternate_id
	LEFT JOIN organizations ON organizations.collaborative_id = $1 AND organizations.id = seat_terms.organization_id WHERE seat_terms.collaborative_id = $1`

func scanTerm(row store.Row) (Term, error) {
	var t Term
	var person, alternate Person
	err := row.Scan(&t.ID, &t.SeatID, &t.BodyID, &t.Body, &t.Role, &t.Voting, &t.Purpose, &t.PersonID, &person.GivenName, &person.FamilyName,
		&t.OrganizationID, store.ScanText(&t.Organization), &t.AlternateID, store.ScanText(&alternate.GivenName), store.ScanText(&alternate.FamilyName),
		&t.From, store.ScanText(&t.Ends), store.ScanText(&t.To))
	t.Person, t.Alternate = person.Name(), alternate.Name()
	return t, err
}

// attachTerms gives each seat whoever holds it on a day, and its state.
func attachTerms(c *operation.Call, seats []Seat, day string) error {
	ids := make([]SeatID, len(seats))
	at := make(map[SeatID]*Seat, len(seats))
	for i := range seats {
		ids[i], at[seats[i].ID] = seats[i].ID, &seats[i]
	}
	if len(ids) == 0 {
		return nil
	}
	err := store.Each(c.Tx, func(row store.Row) error {
		t, err := scanTerm(row)
		if s := at[t.SeatID]; err == nil && s != nil {
			s.Term = &t
		}
		return err
	}, `SELECT `+termColumns+termTables+` AND seat_terms.seat_id IN ($2) AND seats.id = seat_terms.seat_id
		AND seat_terms.valid_from = (SELECT MAX(last.valid_from) FROM seat_terms AS last WHERE last.collaborative_id = $1 AND last.seat_id = seats.id AND last.valid_from <= $3)
		AND (seat_terms.valid_to IS NULL OR seat_terms.valid_to > $3)`, store.In(ids), day)
	for i := range seats {
		seats[i].State = seats[i].stateOn(day)
	}
	return err
}

func insertSeat(c *operation.Call, s Seat) error {
	if _, err := c.Tx.Exec(`INSERT INTO seats (collaborative_id, id, body_id, body_sort_key, position, role, voting, purpose, sector, organization_id, term_months, valid_from, valid_to, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)`,
		s.ID, s.BodyID, s.bodySortKey, s.Position, s.Role, s.Voting, s.Purpose, s.Sector, s.OrganizationID, s.TermMonths, s.From, store.Text(s.To), s.Version, store.Micros(s.CreatedAt)); err != nil {
		return err
	}
	return insertTerms(c, s)
}

// updateSeat stores the seat and, when they changed, its terms.
func updateSeat(c *operation.Call, before, s Seat) error {
	if err := operation.Changed(c.Tx.Exec(`UPDATE seats SET position = $3, role = $4, voting = $5, purpose = $6, sector = $7, organization_id = $8, term_months = $9, valid_from = $10, valid_to = $11,
		version = $12, updated_at = $13, deleted_at = $14 WHERE collaborative_id = $1 AND id = $2 AND version = $12 - 1`,
		s.ID, s.Position, s.Role, s.Voting, s.Purpose, s.Sector, s.OrganizationID, s.TermMonths, s.From, store.Text(s.To), s.Version, store.Micros(s.UpdatedAt), operation.DeletedMicros(s.DeletedAt))); err != nil {
		return err
	}
	if len(operation.Diff(seatTerms{before.Terms}, seatTerms{s.Terms})) == 0 {
		return nil
	}
	if _, err := c.Tx.Exec(`DELETE FROM seat_terms WHERE collaborative_id = $1 AND seat_id = $2`, s.ID); err != nil {
		return err
	}
	return insertTerms(c, s)
}

// seatTerms wraps terms to be compared.
type seatTerms struct {
	Terms []Term `json:"terms"`
}

func insertTerms(c *operation.Call, s Seat) error {
	for i := range s.Terms {
		t := &s.Terms[i]
		if t.ID.IsZero() {
			t.ID = id.New[Term]()
		}
		if _, err := c.Tx.Exec(`INSERT INTO seat_terms (collaborative_id, seat_id, valid_from, id, body_id, person_id, organization_id, alternate_id, term_ends, valid_to)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			s.ID, t.From, t.ID, s.BodyID, t.PersonID, t.OrganizationID, t.AlternateID, store.Text(t.Ends), store.Text(t.To)); err != nil {
			return err
		}
	}
	return nil
}

// HeldOn are the seats of a body that somebody holds on a day, in their order. It
// checks no permission: it is for operations of packages above, which do.
func HeldOn(c *operation.Call, body BodyID, day string) ([]Seat, error) {
	all, err := store.Collect(c.Tx, scanSeat, `SELECT `+seatColumns+seatTables+` AND seats.body_id = $2 AND seats.deleted_at IS NULL
		AND seats.valid_from <= $3 AND (seats.valid_to IS NULL OR seats.valid_to > $3) ORDER BY seats.position, seats.id`, body, day)
	if err != nil {
		return nil, err
	}
	if err := attachTerms(c, all, day); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(s Seat) bool { return s.Term == nil }), nil
}
