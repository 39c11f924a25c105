package directory

import (
	"errors"
	"time"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/search"
	"commontable/internal/platform/store"
)

// What follows checks no permission: it is for operations of packages above,
// which do.

// ActiveTerm is the days on which somebody holds a seat, clipped to the days there
// is the seat, and for whom: the organization of the term, or of the seat.
type ActiveTerm struct {
	SeatID         SeatID         `json:"-"`
	PersonID       PersonID       `json:"person"`
	OrganizationID OrganizationID `json:"organization"`
	From           string         `json:"from"`
	To             string         `json:"to,omitempty"`
}

const activeTermColumns = `seat_terms.seat_id, seat_terms.person_id, COALESCE(seat_terms.organization_id, seats.organization_id), seat_terms.valid_from, seat_terms.valid_to, seats.valid_from, seats.valid_to`

func scanActiveTerm(row store.Row) (ActiveTerm, error) {
	var t ActiveTerm
	var from, to string
	err := row.Scan(&t.SeatID, &t.PersonID, &t.OrganizationID, &t.From, store.ScanText(&t.To), &from, store.ScanText(&to))
	t.From = max(t.From, from)
	if t.To == "" || to != "" && to < t.To {
		t.To = to
	}
	return t, err
}

// TermsOn are the terms in the seats of a body that run on a day.
func TermsOn(c *operation.Call, body BodyID, day string) ([]ActiveTerm, error) {
	return store.Collect(c.Tx, scanActiveTerm, `SELECT `+activeTermColumns+` FROM seats JOIN seat_terms ON seat_terms.collaborative_id = $1 AND seat_terms.seat_id = seats.id
		WHERE seats.collaborative_id = $1 AND seats.body_id = $2 AND seats.deleted_at IS NULL AND seats.valid_from <= $3 AND (seats.valid_to IS NULL OR seats.valid_to > $3)
		AND seat_terms.valid_from <= $3 AND (seat_terms.valid_to IS NULL OR seat_terms.valid_to > $3) ORDER BY seats.position, seats.id`, body, day)
}

// TermOn is the term in a seat of a body that somebody has on a day, or that they are
// the alternate of; standsIn tells which. ok is false for neither.
func TermOn(c *operation.Call, body BodyID, day string, person PersonID) (t ActiveTerm, standsIn, ok bool, err error) {
	own, err := store.Collect(c.Tx, scanActiveTerm, `SELECT `+activeTermColumns+` FROM seat_terms JOIN seats ON seats.collaborative_id = $1 AND seats.id = seat_terms.seat_id
		WHERE seat_terms.collaborative_id = $1 AND seat_terms.person_id = $4 AND seat_terms.body_id = $2 AND seats.deleted_at IS NULL AND seats.valid_from <= $3 AND (seats.valid_to IS NULL OR seats.valid_to > $3)
		AND seat_terms.valid_from <= $3 AND (seat_terms.valid_to IS NULL OR seat_terms.valid_to > $3) ORDER BY seat_terms.valid_from, seat_terms.id`, body, day, person)
	if err != nil || len(own) > 0 {
		if len(own) > 0 {
			t = own[0]
		}
		return t, false, len(own) > 0, err
	}
	others, err := store.Collect(c.Tx, scanActiveTerm, `SELECT `+activeTermColumns+` FROM seat_terms JOIN seats ON seats.collaborative_id = $1 AND seats.id = seat_terms.seat_id
		WHERE seat_terms.collaborative_id = $1 AND seat_terms.alternate_id = $4 AND seat_terms.body_id = $2 AND seats.deleted_at IS NULL AND seats.valid_from <= $3 AND (seats.valid_to IS NULL OR seats.valid_to > $3)
		AND seat_terms.valid_from <= $3 AND (seat_terms.valid_to IS NULL OR seat_terms.valid_to > $3) ORDER BY seat_terms.valid_from, seat_terms.id`, body, day, person)
	if len(others) > 0 {
		t = others[0]
	}
	return t, len(others) > 0, len(others) > 0, err
}

// TermsOfSeat are all terms of a seat, none of one in the trash, and whose seat it
// is. The body is zero for a seat that does not exist any more.
func TermsOfSeat(c *operation.Call, seat SeatID) (BodyID, []ActiveTerm, error) {
	var body BodyID
	body, err := store.Value[BodyID](c.Tx, `SELECT body_id FROM seats WHERE collaborative_id = $1 AND id = $2`, seat)
	if errors.Is(err, store.ErrNotFound) {
		return body, nil, nil
	}
	if err != nil {
		return body, nil, err
	}
	terms, err := store.Collect(c.Tx, scanActiveTerm, `SELECT `+activeTermColumns+` FROM seats JOIN seat_terms ON seat_terms.collaborative_id = $1 AND seat_terms.seat_id = seats.id
		WHERE seats.collaborative_id = $1 AND seats.id = $2 AND seats.deleted_at IS NULL ORDER BY seat_terms.valid_from`, seat)
	return body, terms, err
}

// Joined are two records that became one in this very run, or two again.
type Joined struct {
	Kind  string
	Pair  [2][16]byte
	Apart bool
}

// JoinedNow are the merges that this run made or took back.
func JoinedNow(c *operation.Call) ([]Joined, error) {
	now := store.Micros(c.Now)
	made, err := store.Collect(c.Tx, scanJoined(false), `SELECT kind, kept_id, merged_id FROM merges WHERE collaborative_id = $1 AND at = $2 ORDER BY id`, now)
	if err != nil {
		return nil, err
	}
	undone, err := store.Collect(c.Tx, scanJoined(true), `SELECT kind, kept_id, merged_id FROM merges WHERE collaborative_id = $1 AND undone_at = $2 ORDER BY id`, now)
	return append(made, undone...), err
}

func scanJoined(apart bool) func(store.Row) (Joined, error) {
	return func(row store.Row) (Joined, error) {
		j := Joined{Apart: apart}
		var kept, merged PersonID
		err := row.Scan(&j.Kind, &kept, &merged)
		j.Pair = [2][16]byte{kept, merged}
		return j, err
	}
}

// SeatsHeldBy are the seats that somebody, or somebody for an organization, holds
// or ever held, and those of the organization. One may come several times.
func SeatsHeldBy(c *operation.Call, kind string, i [16]byte) ([]SeatID, error) {
	scan := func(row store.Row) (s SeatID, err error) { return s, row.Scan(&s) }
	if kind == PersonKind {
		return store.Collect(c.Tx, scan, `SELECT seat_id FROM seat_terms WHERE collaborative_id = $1 AND person_id = $2`, i[:])
	}
	held, err := store.Collect(c.Tx, scan, `SELECT seat_id FROM seat_terms WHERE collaborative_id = $1 AND organization_id = $2`, i[:])
	if err != nil {
		return nil, err
	}
	own, err := store.Collect(c.Tx, scan, `SELECT id FROM seats WHERE collaborative_id = $1 AND organization_id = $2`, i[:])
	return append(held, own...), err
}

// AffiliatedOn is the organization somebody belongs to on a day: the one they
// speak for, or else the newest; zero when there is none.
func AffiliatedOn(c *operation.Call, person PersonID, day string) (OrganizationID, error) {
	i, err := store.Value[OrganizationID](c.Tx, `SELECT organization_id FROM affiliations WHERE collaborative_id = $1 AND person_id = $2 AND valid_from <= $3
		AND (valid_to IS NULL OR valid_to > $3) ORDER BY represents DESC, valid_from DESC, id DESC LIMIT 1`, person, day)
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return i, err
}

// AllAffiliatedOn is AffiliatedOn of several people; who belongs to none is left out.
func AllAffiliatedOn(c *operation.Call, people []PersonID, day string) (map[PersonID]OrganizationID, error) {
	out := map[PersonID]OrganizationID{}
	return out, store.Each(c.Tx, func(row store.Row) error {
		var person PersonID
		var organization OrganizationID
		err := row.Scan(&person, &organization)
		if _, better := out[person]; !better {
			out[person] = organization
		}
		return err
	}, `SELECT person_id, organization_id FROM affiliations WHERE collaborative_id = $1 AND person_id IN ($2) AND valid_from <= $3
		AND (valid_to IS NULL OR valid_to > $3) ORDER BY represents DESC, valid_from DESC, id DESC`, store.In(people), day)
}

// OrganizationNamed is the one organization that is called so, in whatever spelling
// of capitals and accents; zero when none is, or several are.
func OrganizationNamed(c *operation.Call, name string) (OrganizationID, error) {
	found, err := search.Find(c.Tx, search.Query{Text: name, Kinds: []string{OrganizationKind}, Reach: search.InOpen, Limit: 50})
	if err != nil {
		return OrganizationID{}, err
	}
	var same []search.Hit
	for _, hit := range found.Hits {
		if foldedName(hit.Title) == foldedName(name) {
			same = append(same, hit)
		}
	}
	if len(same) != 1 {
		return OrganizationID{}, nil
	}
	return same[0].ID, nil
}

// PersonName is what somebody is called, and whether they are on record and not in
// the trash.
func PersonName(c *operation.Call, i PersonID) (name string, live bool, err error) {
	return nameOf(store.One(c.Tx, func(row store.Row) (n named, err error) {
		var p Person
		err = row.Scan(&p.GivenName, &p.FamilyName, store.ScanTime(&n.deleted))
		n.name = p.Name()
		return n, err
	}, `SELECT given_name, family_name, deleted_at FROM people WHERE collaborative_id = $1 AND id = $2`, i))
}

// NamesOfPeople are the names of several people; those in the trash are left out.
func NamesOfPeople(c *operation.Call, people []PersonID) (map[PersonID]string, error) {
	out := map[PersonID]string{}
	return out, store.Each(c.Tx, func(row store.Row) error {
		var p Person
		err := row.Scan(&p.ID, &p.GivenName, &p.FamilyName)
		out[p.ID] = p.Name()
		return err
	}, `SELECT id, given_name, family_name FROM people WHERE collaborative_id = $1 AND id IN ($2) AND deleted_at IS NULL`, store.In(people))
}

// NamesOfOrganizations is the same of organizations.
func NamesOfOrganizations(c *operation.Call, organizations []OrganizationID) (map[OrganizationID]string, error) {
	out := map[OrganizationID]string{}
	return out, store.Each(c.Tx, func(row store.Row) error {
		var o NamedOrganization
		err := row.Scan(&o.ID, &o.Name)
		out[o.ID] = o.Name
		return err
	}, `SELECT id, name FROM organizations WHERE collaborative_id = $1 AND id IN ($2) AND deleted_at IS NULL`, store.In(organizations))
}

// OrganizationName is what an organization is called, and whether it is on record and
// not in the trash.
func OrganizationName(c *operation.Call, i OrganizationID) (name string, live bool, err error) {
	return nameOf(store.One(c.Tx, func(row store.Row) (n named, err error) { return n, row.Scan(&n.name, store.ScanTime(&n.deleted)) },
		`SELECT name, deleted_at FROM organizations WHERE collaborative_id = $1 AND id = $2`, i))
}

type named struct {
	name    string
	deleted time.Time
}

func nameOf(n named, err error) (string, bool, error) {
	if errors.Is(err, store.ErrNotFound) {
		return "", false, nil
	}
	return n.name, err == nil && n.deleted.IsZero(), err
}

// NamedOrganization is an organization by its name alone.
type NamedOrganization struct {
	ID   OrganizationID
	Name string
}

// OrganizationNames are all organizations that are not in the trash.
func OrganizationNames(c *operation.Call) ([]NamedOrganization, error) {
	return store.Collect(c.Tx, func(row store.Row) (o NamedOrganization, err error) { return o, row.Scan(&o.ID, &o.Name) },
		`SELECT id, name FROM organizations WHERE collaborative_id = $1 AND deleted_at IS NULL`)
}
