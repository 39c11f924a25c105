package directory

import (
	"bytes"
	"cmp"
	"slices"

	"commontable/internal/analysis/resemblance"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// What those who compare or bring many records at once read. None of it checks a
// permission: it is for operations of packages above, which do.

// Known is a record that others are compared with.
type Known[R any] struct {
	// Compared is what analysis/resemblance looks at.
	Compared   R
	Name       string
	OtherNames []string // they find it as well
}

// EachKnownPerson calls fn for every person who is not in the trash, in the order
// of their ids.
func EachKnownPerson(c *operation.Call, fn func(Known[resemblance.Person])) error {
	names := map[OrganizationID][]string{} // by whichever name a file calls it
	if err := store.Each(c.Tx, func(row store.Row) error {
		var i OrganizationID
		var name string
		var others []string
		err := row.Scan(&i, &name, store.ScanJSON(&others))
		names[i] = append(others, name)
		return err
	}, `SELECT id, name, other_names FROM organizations WHERE collaborative_id = $1`); err != nil {
		return err
	}
	// A map of a hundred thousand short lists would take ten times the room.
	type work struct {
		person       PersonID
		organization OrganizationID
	}
	var works []work
	if err := store.Each(c.Tx, func(row store.Row) error {
		var w work
		err := row.Scan(&w.person, &w.organization)
		works = append(works, w)
		return err
	}, `SELECT person_id, organization_id FROM affiliations WHERE collaborative_id = $1`); err != nil {
		return err
	}
	byPerson := func(w work, i PersonID) int { return bytes.Compare(w.person[:], i[:]) }
	slices.SortStableFunc(works, func(a, b work) int { return byPerson(a, b.person) })
	return store.Each(c.Tx, func(row store.Row) error {
		var p Person
		if err := row.Scan(&p.ID, &p.GivenName, &p.FamilyName, &p.Email, &p.Phone, store.ScanJSON(&p.OtherEmails), store.ScanJSON(&p.OtherNames)); err != nil {
			return err
		}
		var organizations []string
		at, _ := slices.BinarySearchFunc(works, p.ID, byPerson)
		for ; at < len(works) && works[at].person == p.ID; at++ {
			organizations = append(organizations, names[works[at].organization]...)
		}
		fn(Known[resemblance.Person]{Compared: comparedPerson(p, p.OtherEmails, organizations), Name: p.Name(), OtherNames: p.OtherNames})
		return nil
	}, `SELECT id, given_name, family_name, email, phone, other_emails, other_names FROM people WHERE collaborative_id = $1 AND deleted_at IS NULL AND erased_at IS NULL ORDER BY id`)
}

// EachKnownOrganization calls fn for every organization that is not in the trash,
// in the order of their ids.
func EachKnownOrganization(c *operation.Call, fn func(Known[resemblance.Organization])) error {
	return store.Each(c.Tx, func(row store.Row) error {
		o, err := scanOrganization(row)
		if err == nil {
			fn(Known[resemblance.Organization]{Compared: comparedOrganization(o), Name: o.Name, OtherNames: o.OtherNames})
		}
		return err
	}, `SELECT `+organizationColumns+` FROM organizations WHERE collaborative_id = $1 AND deleted_at IS NULL ORDER BY id`)
}

// EachBody calls fn for every body that is not in the trash.
func EachBody(c *operation.Call, fn func(Body)) error {
	return store.Each(c.Tx, func(row store.Row) error {
		b, err := scanBody(row)
		if err == nil {
			fn(b)
		}
		return err
	}, `SELECT `+bodyColumns+` FROM bodies WHERE collaborative_id = $1 AND deleted_at IS NULL`)
}

// PeopleNamed are some people, each with the affiliations that hold today; those
// in the trash are left out.
func PeopleNamed(c *operation.Call, ids []PersonID) ([]Person, error) {
	people, err := store.Collect(c.Tx, scanPerson, `SELECT `+personColumns+` FROM people WHERE collaborative_id = $1 AND id IN ($2) AND deleted_at IS NULL`, store.In(ids))
	if err != nil || len(people) == 0 {
		return people, err
	}
	at := map[PersonID]*Person{}
	for i := range people {
		at[people[i].ID] = &people[i]
	}
	if err := store.Each(c.Tx, func(row store.Row) error {
		a, err := scanAffiliation(row)
		if p := at[a.PersonID]; err == nil && p != nil {
			p.Affiliations = append(p.Affiliations, a)
			if p.Affiliation == nil || newestFirst(a, *p.Affiliation) < 0 {
				p.Affiliation = &a
			}
		}
		return err
	}, `SELECT `+affiliationColumns+` FROM affiliations JOIN organizations ON organizations.collaborative_id = $1 AND organizations.id = affiliations.organization_id
		WHERE affiliations.collaborative_id = $1 AND affiliations.person_id IN ($2) AND valid_from <= $3 AND (valid_to IS NULL OR valid_to > $3)`,
		store.In(ids), c.Today()); err != nil {
		return people, err
	}
	for i := range people {
		slices.SortFunc(people[i].Affiliations, func(a, b Affiliation) int {
			return cmp.Or(cmp.Compare(a.ValidFrom, b.ValidFrom), bytes.Compare(a.ID[:], b.ID[:]))
		})
	}
	return people, attachPersonTags(c, people)
}

// OrganizationsNamed are some organizations; those in the trash are left out.
func OrganizationsNamed(c *operation.Call, ids []OrganizationID) ([]Organization, error) {
	all, err := store.Collect(c.Tx, scanOrganization, `SELECT `+organizationColumns+` FROM organizations WHERE collaborative_id = $1 AND id IN ($2) AND deleted_at IS NULL`, store.In(ids))
	if err != nil {
		return all, err
	}
	return all, attachOrganizationTags(c, all)
}

// BodiesNamed are some bodies; those in the trash are left out.
func BodiesNamed(c *operation.Call, ids []BodyID) ([]Body, error) {
	return store.Collect(c.Tx, scanBody, `SELECT `+bodyColumns+` FROM bodies WHERE collaborative_id = $1 AND id IN ($2) AND deleted_at IS NULL`, store.In(ids))
}

// TermsIn are every term of the seats of some bodies, with the seat's role.
func TermsIn(c *operation.Call, bodies []BodyID) ([]Term, error) {
	if len(bodies) == 0 {
		return nil, nil
	}
	return store.Collect(c.Tx, scanTerm, `SELECT `+termColumns+termTables+` AND seat_terms.body_id IN ($2) AND seats.deleted_at IS NULL`, store.In(bodies))
}

// Settle brings a value of a field into the form it is stored in, or says what is
// wrong with it: the key of a message.
func (f Field) Settle(value string) (settled, fault string) { return f.settle(value, "") }

// EachTouch calls fn for every entry of the relationship log that is not in the
// trash.
func EachTouch(c *operation.Call, fn func(Touch)) error {
	return store.Each(c.Tx, func(row store.Row) error {
		t, err := scanTouch(row)
		if err == nil {
			fn(t)
		}
		return err
	}, `SELECT `+touchColumns+touchTables+` AND touches.deleted_at IS NULL`)
}

// EachSeat calls fn for every seat that is not in the trash, without its terms.
func EachSeat(c *operation.Call, fn func(Seat)) error {
	return store.Each(c.Tx, func(row store.Row) error {
		s, err := scanSeat(row)
		if err == nil {
			fn(s)
		}
		return err
	}, `SELECT `+seatColumns+seatTables+` AND seats.deleted_at IS NULL`)
}
