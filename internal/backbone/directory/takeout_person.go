package directory

import (
	"time"

	"commontable/internal/platform/archive"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// carriedPerson is a person with everything that is only theirs.
type carriedPerson struct {
	ID              PersonID             `json:"id"`
	GivenName       string               `json:"given_name"`
	FamilyName      string               `json:"family_name"`
	OtherNames      []string             `json:"other_names,omitempty"`
	Email           string               `json:"email,omitempty" maxLength:"254" format:"email"`
	OtherEmails     []string             `json:"other_emails,omitempty" maxLength:"254" format:"email"`
	Phone           string               `json:"phone,omitempty" maxLength:"50"`
	Channel         string               `json:"channel,omitempty" enum:"email,phone,text,post,in_person"`
	Language        string               `json:"language,omitempty" enum:"en,fr,es"`
	Notes           string               `json:"notes,omitempty" maxLength:"100000" text:"lines"`
	NoMailings      bool                 `json:"no_mailings,omitempty"`
	AccessNeeds     string               `json:"access_needs,omitempty" maxLength:"10000" text:"lines" doc:"Told in confidence: only where that was asked for."`
	LivedExperience string               `json:"lived_experience,omitempty" enum:"yes,no,prefers_not" doc:"Told in confidence: only where that was asked for."`
	Custom          map[string]string    `json:"custom,omitempty" maxLength:"20000" maxItems:"1000" text:"lines" extra:"person" doc:"Values of the collaborative's own fields, by the field's key."`
	MergedInto      PersonID             `json:"merged_into,omitzero" ref:"people" doc:"The person they were merged into."`
	CreatedAt       time.Time            `json:"created_at"`
	DeletedAt       *time.Time           `json:"deleted_at,omitempty" doc:"When they were put in the trash."`
	ErasedAt        *time.Time           `json:"erased_at,omitempty" doc:"When they were erased: what is left only counts."`
	Tags            []string             `json:"tags,omitempty" column:"-"`
	Affiliations    []carriedAffiliation `json:"affiliations,omitempty" column:"-" maxItems:"2000" doc:"Whom they work and worked with."`
}

type carriedAffiliation struct {
	ID             AffiliationID  `json:"id"`
	OrganizationID OrganizationID `json:"organization_id" ref:"organizations"`
	Title          string         `json:"title,omitempty"`
	Represents     bool           `json:"represents"`
	From           string         `json:"valid_from" required:"true" format:"date"`
	To             string         `json:"valid_to,omitempty" null:"true" format:"date"`
}

func (p carriedPerson) named() Person {
	return Person{GivenName: p.GivenName, FamilyName: p.FamilyName}
}

func affiliationsBelow(c *operation.Call, first, last PersonID) (map[PersonID][]carriedAffiliation, error) {
	out := map[PersonID][]carriedAffiliation{}
	err := store.Each(c.Tx, func(row store.Row) error {
		var p PersonID
		var a carriedAffiliation
		err := row.Scan(append([]any{&p}, archive.Columns(&a)...)...)
		out[p] = append(out[p], a)
		return err
	}, `SELECT person_id, id, organization_id, title, represents, valid_from, valid_to FROM affiliations WHERE collaborative_id = $1 AND person_id >= $2 AND person_id <= $3 ORDER BY person_id, id`, first[:], last[:])
	return out, err
}

var carriedPeople = archive.Kind[carriedPerson]{
	Name: "people", Tables: []string{"people", "person_emails", "affiliations", "tags"},
	Title: func(p carriedPerson) string { return p.named().Name() },
	Read: func(r *archive.Reading, after carriedPerson, limit int64) ([]carriedPerson, error) {
		rows, err := store.Collect(r.Tx, archive.Scan[carriedPerson], `SELECT id, given_name, family_name, other_names, email, other_emails, phone, channel, language, notes, no_mailings, access_needs, lived_experience, custom,
			merged_into, created_at, deleted_at, erased_at FROM people WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
		if err != nil {
			return nil, err
		}
		first, last := span(rows, func(p carriedPerson) PersonID { return p.ID })
		tags, err := tagsBelow(r.Call, PersonKind, first, last)
		if err != nil {
			return nil, err
		}
		affiliations, err := affiliationsBelow(r.Call, first, last)
		for i := range rows {
			p := &rows[i]
			p.Tags, p.Affiliations = tags[p.ID], affiliations[p.ID]
			if !r.Private {
				p.AccessNeeds, p.LivedExperience = "", ""
			}
		}
		return rows, err
	},
	Write: func(l *archive.Loading, rows []carriedPerson) error {
		if err := checkOwn(l, PersonKind, rows, func(row carriedPerson) map[string]string { return row.Custom }); err != nil {
			return err
		}
		var records, emails, tags, affiliations [][]any
		var live []PersonID
		for _, p := range rows {
			key := sortKey(l.Call, p.named().SortName())
			records = append(records, archive.Values(&p, key, emailKey(p.Email), store.Micros(l.Now)))
			if p.MergedInto.IsZero() { // the addresses of others find whom they were merged into
				for _, email := range distinct(Person{Email: p.Email, OtherEmails: p.OtherEmails}.emails(), "") {
					emails = append(emails, []any{emailKey(email), p.ID})
				}
			}
			tags = append(tags, tagRows(PersonKind, key, p.ID, p.Tags)...)
			for _, a := range p.Affiliations {
				affiliations = append(affiliations, archive.Values(&a, p.ID, key))
			}
			if p.DeletedAt == nil {
				live = append(live, p.ID)
			}
		}
		if err := l.Tx.ExecRows(`INSERT INTO people (collaborative_id, version, id, given_name, family_name, other_names, email, other_emails, phone, channel, language, notes, no_mailings, access_needs, lived_experience, custom,
			merged_into, created_at, deleted_at, erased_at, sort_key, email_key, updated_at)
			VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)`, records); err != nil {
			return err
		}
		if err := l.Tx.ExecRows(`INSERT INTO person_emails (collaborative_id, email_key, person_id) VALUES ($1, $2, $3)`, emails); err != nil {
			return err
		}
		if err := insertTags(l.Call, tags); err != nil {
			return err
		}
		if err := l.Tx.ExecRows(`INSERT INTO affiliations (collaborative_id, id, organization_id, title, represents, valid_from, valid_to, person_id, person_sort_key)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, affiliations); err != nil {
			return err
		}
		if err := findCarried(l, rows); err != nil {
			return err
		}
		return operation.CountAll(l.Tx, PersonKind, live)
	},
}

// findCarried makes people findable that were put back: what search keeps of them
// is all at hand.
func findCarried(l *archive.Loading, rows []carriedPerson) error {
	names, err := organizationNames(l.Call)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if row.DeletedAt != nil {
			continue
		}
		p := Person{ID: row.ID, GivenName: row.GivenName, FamilyName: row.FamilyName, OtherNames: row.OtherNames, Email: row.Email, OtherEmails: row.OtherEmails, Phone: row.Phone, Notes: row.Notes, Custom: row.Custom}
		for _, a := range row.Affiliations {
			if on(l.Today(), a.From, a.To) && (p.Affiliation == nil || p.Affiliation.ValidFrom <= a.From) {
				p.Affiliation = &Affiliation{Organization: names[a.OrganizationID], Title: a.Title, ValidFrom: a.From}
			}
		}
		if err := putPerson(l.Call, p); err != nil {
			return err
		}
	}
	return nil
}

// organizationNames are the names of all organizations, for what search keeps of
// their people.
func organizationNames(c *operation.Call) (map[OrganizationID]string, error) {
	out := map[OrganizationID]string{}
	return out, store.Each(c.Tx, func(row store.Row) error {
		var i OrganizationID
		var name string
		err := row.Scan(&i, &name)
		out[i] = name
		return err
	}, `SELECT id, name FROM organizations WHERE collaborative_id = $1`)
}

// PersonWithEmail is the one person on record with an address; zero when there is
// none, or more than one.
func PersonWithEmail(c *operation.Call, email string) (PersonID, error) {
	found, err := withEmail(c, email)
	if err != nil || len(found) != 1 {
		return PersonID{}, err
	}
	p, err := getPerson(c, found[0])
	if err != nil || p.DeletedAt != nil {
		return PersonID{}, err
	}
	return p.ID, nil
}
