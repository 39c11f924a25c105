package directory

import (
	"errors"
	"slices"
	"time"

	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/search"
	"commontable/internal/platform/store"
)

const personColumns = `people.id, people.given_name, people.family_name, people.email, people.phone, people.language, people.notes,
	people.other_names, people.other_emails, people.channel, people.access_needs, people.lived_experience, people.custom, people.no_mailings,
	people.version, people.created_at, people.updated_at, people.deleted_at, people.sort_key`

func scanPerson(row store.Row) (Person, error) {
	var p Person
	var deleted time.Time
	err := row.Scan(&p.ID, &p.GivenName, &p.FamilyName, &p.Email, &p.Phone, &p.Language, &p.Notes,
		store.ScanJSON(&p.OtherNames), store.ScanJSON(&p.OtherEmails), &p.Channel, &p.AccessNeeds, &p.LivedExperience, store.ScanJSON(&p.Custom), &p.NoMailings,
		&p.Version, store.ScanTime(&p.CreatedAt), store.ScanTime(&p.UpdatedAt), store.ScanTime(&deleted), &p.sortKey)
	if !deleted.IsZero() {
		p.DeletedAt = &deleted
	}
	if len(p.OtherEmails) == 0 {
		p.OtherEmails = nil
	}
	if len(p.Custom) == 0 {
		p.Custom = nil
	}
	return p, err
}

// getPerson reads a person with tags and the affiliation that holds today.
func getPerson(c *operation.Call, i PersonID) (Person, error) {
	p, err := store.One(c.Tx, scanPerson, `SELECT `+personColumns+` FROM people WHERE collaborative_id = $1 AND id = $2`, i)
	if err != nil {
		return p, err
	}
	people := []Person{p}
	if err := attachAffiliations(c, people, c.Today()); err != nil {
		return p, err
	}
	if err := attachPersonTags(c, people); err != nil {
		return p, err
	}
	people[0].shown, err = shownKeys(c, PersonKind, len(p.Custom))
	return people[0], err
}

func attachPersonTags(c *operation.Call, people []Person) error {
	ids := make([]PersonID, len(people))
	for i, p := range people {
		ids[i] = p.ID
	}
	tags, err := tagsOf(c, PersonKind, ids)
	for i := range people {
		people[i].Tags = tags[people[i].ID]
	}
	return err
}

const affiliationColumns = `affiliations.id, affiliations.person_id, affiliations.organization_id, organizations.name, affiliations.title,
	affiliations.represents, affiliations.valid_from, affiliations.valid_to`

func scanAffiliation(row store.Row) (Affiliation, error) {
	var a Affiliation
	err := row.Scan(&a.ID, &a.PersonID, &a.OrganizationID, &a.Organization, &a.Title, &a.Represents, &a.ValidFrom, store.ScanText(&a.ValidTo))
	return a, err
}

// attachAffiliations gives each person the affiliation that holds on a day; of
// several the one that began last.
func attachAffiliations(c *operation.Call, people []Person, day string) error {
	if len(people) == 0 {
		return nil
	}
	ids := make([]PersonID, len(people))
	at := make(map[PersonID]*Person, len(people))
	for i := range people {
		ids[i] = people[i].ID
		at[people[i].ID] = &people[i]
	}
	return store.Each(c.Tx, func(row store.Row) error {
		a, err := scanAffiliation(row)
		if p := at[a.PersonID]; err == nil && (p.Affiliation == nil || newestFirst(a, *p.Affiliation) < 0) {
			p.Affiliation = &a
		}
		return err
	}, `SELECT `+affiliationColumns+` FROM affiliations JOIN organizations ON organizations.collaborative_id = $1 AND organizations.id = affiliations.organization_id
		WHERE affiliations.collaborative_id = $1 AND affiliations.person_id IN ($2) AND valid_from <= $3 AND (valid_to IS NULL OR valid_to > $3)`,
		store.In(ids), day)
}

func insertPerson(c *operation.Call, p Person) error {
	_, err := c.Tx.Exec(`INSERT INTO people (collaborative_id, id, given_name, family_name, sort_key, email, email_key, phone, language, notes, version, created_at, updated_at,
		other_names, other_emails, channel, access_needs, lived_experience, custom, no_mailings)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13, $14, $15, $16, $17, $18, $19)`,
		p.ID, p.GivenName, p.FamilyName, sortKey(c, p.SortName()), p.Email, emailKey(p.Email), p.Phone, p.Language, p.Notes, p.Version, store.Micros(p.CreatedAt),
		list(p.OtherNames), list(p.OtherEmails), p.Channel, p.AccessNeeds, p.LivedExperience, mapping(p.Custom), p.NoMailings)
	if err != nil {
		return err
	}
	if err := saveEmails(c, Person{}, p); err != nil {
		return err
	}
	if err := saveTags(c.Tx, PersonKind, p.ID, sortKey(c, p.SortName()), nil, p.Tags, false); err != nil {
		return err
	}
	if p.Affiliation != nil {
		if err := insertAffiliation(c, p, *p.Affiliation); err != nil {
			return err
		}
	}
	return putPerson(c, p)
}

// putPerson makes a person findable, also by what stands in the collaborative's
// own open fields.
func putPerson(c *operation.Call, p Person) error {
	d := p.document()
	own, err := customText(c, PersonKind, p.Custom)
	if err != nil {
		return err
	}
	d.Fields = append(d.Fields, own...)
	return search.Put(c.Tx, d)
}

// saveEmails keeps the addresses by which a person is found in step.
func saveEmails(c *operation.Call, before, after Person) error {
	if slices.Equal(before.emails(), after.emails()) {
		return nil
	}
	if len(before.emails()) > 0 {
		if _, err := c.Tx.Exec(`DELETE FROM person_emails WHERE collaborative_id = $1 AND person_id = $2`, after.ID); err != nil {
			return err
		}
	}
	var rows [][]any
	for _, email := range distinct(after.emails(), "") {
		rows = append(rows, []any{emailKey(email), after.ID})
	}
	return c.Tx.ExecRows(`INSERT INTO person_emails (collaborative_id, email_key, person_id) VALUES ($1, $2, $3)`, rows)
}

// withEmail are the people who have an address.
func withEmail(c *operation.Call, email string) ([]PersonID, error) {
	return store.Collect(c.Tx, func(row store.Row) (i PersonID, err error) { return i, row.Scan(&i) },
		`SELECT person_id FROM person_emails WHERE collaborative_id = $1 AND email_key = $2 LIMIT 500`, emailKey(email))
}

// list and mapping are what JSON columns hold of absent values.
func list(texts []string) any {
	if texts == nil {
		texts = []string{}
	}
	return store.JSON(texts)
}

func mapping(values map[string]string) any {
	if values == nil {
		values = map[string]string{}
	}
	return store.JSON(values)
}

func insertAffiliation(c *operation.Call, p Person, a Affiliation) error {
	_, err := c.Tx.Exec(`INSERT INTO affiliations (collaborative_id, id, person_id, organization_id, title, represents, valid_from, valid_to, person_sort_key)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, a.ID, p.ID, a.OrganizationID, a.Title, a.Represents, a.ValidFrom, store.Text(a.ValidTo), sortKey(c, p.SortName()))
	return err
}

// updatePerson stores after over before, which was read in this transaction.
func updatePerson(c *operation.Call, before, after Person) error {
	key := sortKey(c, after.SortName())
	err := operation.Changed(c.Tx.Exec(`UPDATE people SET given_name = $3, family_name = $4, sort_key = $5, email = $6, email_key = $7, phone = $8, language = $9, notes = $10,
		version = $11, updated_at = $12, deleted_at = $13, other_names = $14, other_emails = $15, channel = $16, access_needs = $17, lived_experience = $18, custom = $19, no_mailings = $20
		WHERE collaborative_id = $1 AND id = $2 AND version = $11 - 1`,
		after.ID, after.GivenName, after.FamilyName, key, after.Email, emailKey(after.Email), after.Phone, after.Language, after.Notes,
		after.Version, store.Micros(after.UpdatedAt), operation.DeletedMicros(after.DeletedAt),
		list(after.OtherNames), list(after.OtherEmails), after.Channel, after.AccessNeeds, after.LivedExperience, mapping(after.Custom), after.NoMailings))
	if err != nil {
		return err
	}
	if err := saveEmails(c, before, after); err != nil {
		return err
	}
	if err := saveTags(c.Tx, PersonKind, after.ID, key, before.Tags, after.Tags, before.SortName() != after.SortName()); err != nil {
		return err
	}
	if err := changeAffiliation(c, before, after); err != nil {
		return err
	}
	if before.SortName() != after.SortName() {
		if _, err := c.Tx.Exec(`UPDATE affiliations SET person_sort_key = $3 WHERE collaborative_id = $1 AND person_id = $2`, after.ID, key); err != nil {
			return err
		}
	}
	if after.DeletedAt != nil {
		return search.Remove(c.Tx, PersonKind, after.ID)
	}
	return putPerson(c, after)
}

// changeAffiliation ends the affiliation that held and begins the new one, both
// today. A change on the day it began is a correction of that day's entry.
func changeAffiliation(c *operation.Call, before, after Person) error {
	old, fresh := before.Affiliation, after.Affiliation
	if old == fresh || old != nil && fresh != nil && *old == *fresh {
		return nil
	}
	if old != nil && old.ValidFrom == c.Today() {
		if _, err := c.Tx.Exec(`DELETE FROM affiliations WHERE collaborative_id = $1 AND person_id = $2 AND id = $3`, after.ID, old.ID); err != nil {
			return err
		}
	} else if old != nil {
		if _, err := c.Tx.Exec(`UPDATE affiliations SET valid_to = $4 WHERE collaborative_id = $1 AND person_id = $2 AND id = $3`, after.ID, old.ID, c.Today()); err != nil {
			return err
		}
	}
	if fresh == nil {
		return nil
	}
	if joined, err := resumeAffiliation(c, after.ID, fresh); err != nil || joined {
		return err
	}
	fresh.ID, fresh.PersonID, fresh.ValidFrom, fresh.ValidTo = id.New[Affiliation](), after.ID, c.Today(), ""
	return insertAffiliation(c, after, *fresh)
}

// resumeAffiliation goes on with the same affiliation where it ended today, so that
// taking a change back leaves no seam.
func resumeAffiliation(c *operation.Call, person PersonID, fresh *Affiliation) (bool, error) {
	ended, err := store.Collect(c.Tx, scanAffiliation, `SELECT `+affiliationColumns+` FROM affiliations JOIN organizations ON organizations.collaborative_id = $1 AND organizations.id = affiliations.organization_id
		WHERE affiliations.collaborative_id = $1 AND affiliations.person_id = $2 AND affiliations.organization_id = $3 AND affiliations.title = $4 AND affiliations.represents = $5 AND affiliations.valid_to = $6`,
		person, fresh.OrganizationID, fresh.Title, fresh.Represents, c.Today())
	if err != nil || len(ended) == 0 {
		return false, err
	}
	fresh.ID, fresh.PersonID, fresh.ValidFrom, fresh.ValidTo = ended[0].ID, person, ended[0].ValidFrom, ""
	_, err = c.Tx.Exec(`UPDATE affiliations SET valid_to = NULL WHERE collaborative_id = $1 AND person_id = $2 AND id = $3`, person, fresh.ID)
	return true, err
}

// organizationName checks that an organization may be referred to.
func organizationName(c *operation.Call, i OrganizationID) (string, error) {
	o, err := getOrganization(c.Tx, i)
	if errors.Is(err, store.ErrNotFound) || err == nil && o.DeletedAt != nil {
		return "", operation.InvalidField("organization_id", "errors.no_such_organization")
	}
	return o.Name, err
}
