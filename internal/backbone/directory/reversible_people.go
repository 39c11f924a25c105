package directory

import (
	"maps"
	"slices"

	"commontable/internal/platform/operation"
)

// wholePerson is everything a person's record holds.
type wholePerson struct {
	GivenName       string            `json:"given_name"`
	FamilyName      string            `json:"family_name"`
	OtherNames      []string          `json:"other_names"`
	Email           string            `json:"email"`
	OtherEmails     []string          `json:"other_emails"`
	Phone           string            `json:"phone"`
	Channel         string            `json:"channel"`
	Language        string            `json:"language"`
	Notes           string            `json:"notes"`
	NoMailings      bool              `json:"no_mailings"`
	AccessNeeds     string            `json:"access_needs" audit:"-"`
	LivedExperience string            `json:"lived_experience" audit:"-"`
	Custom          map[string]string `json:"custom"`
	Tags            []string          `json:"tags"`
	Affiliations    []Affiliation     `json:"affiliations"`
}

var reversiblePeople = reversible[Person, wholePerson, PersonID]{
	noun: people, take: takePerson, put: putWholePerson, signs: true,
	uses: []statement{
		{`SELECT COUNT(*) FROM seat_terms WHERE collaborative_id = $1 AND person_id = $2`},
		{`SELECT COUNT(*) FROM seat_terms WHERE collaborative_id = $1 AND alternate_id = $2`},
		{`SELECT COUNT(*) FROM agreements WHERE collaborative_id = $1 AND signatory_id = $2`},
		{`SELECT COUNT(*) FROM touches WHERE collaborative_id = $1 AND person_id = $2`},
		{`SELECT COUNT(*) FROM touches WHERE collaborative_id = $1 AND by_person_id = $2`},
		{`SELECT COUNT(*) FROM ties WHERE collaborative_id = $1 AND from_person_id = $2`},
		{`SELECT COUNT(*) FROM ties WHERE collaborative_id = $1 AND to_person_id = $2`},
		{`SELECT COUNT(*) FROM evaluator_agreements WHERE collaborative_id = $1 AND person_id = $2`},
		{`SELECT COUNT(*) FROM scorecard_assessments WHERE collaborative_id = $1 AND by_person_id = $2`},
		{`SELECT COUNT(*) FROM scorecard_evidence WHERE collaborative_id = $1 AND by_person_id = $2`},
		{`SELECT COUNT(*) FROM scorecard_evidence WHERE collaborative_id = $1 AND teller_id = $2`},
		{`SELECT COUNT(*) FROM merges WHERE collaborative_id = $1 AND kept_id = $2`},
		{`SELECT COUNT(*) FROM merges WHERE collaborative_id = $1 AND merged_id = $2`},
	},
	parts: []statement{
		{`DELETE FROM affiliations WHERE collaborative_id = $1 AND person_id = $2`},
		{`DELETE FROM person_emails WHERE collaborative_id = $1 AND person_id = $2`},
		{`DELETE FROM tags WHERE collaborative_id = $1 AND kind = 'person' AND record_id = $2`},
		{`DELETE FROM resemblances WHERE collaborative_id = $1 AND kind = 'person' AND first_id = $2`},
		{`DELETE FROM resemblances WHERE collaborative_id = $1 AND kind = 'person' AND second_id = $2`},
		{`DELETE FROM people WHERE collaborative_id = $1 AND id = $2`},
	},
}

func takePerson(c *operation.Call, p Person) (wholePerson, error) {
	all, err := affiliationsOf(c, p.ID)
	for i := range all {
		all[i].Organization = "" // the organization's to say
	}
	return wholePerson{p.GivenName, p.FamilyName, p.OtherNames, p.Email, p.OtherEmails, p.Phone, p.Channel, p.Language, p.Notes, p.NoMailings, p.AccessNeeds, p.LivedExperience,
		p.Custom, p.Tags, all}, err
}

func putWholePerson(c *operation.Call, before Person, w wholePerson) error {
	after := before
	after.GivenName, after.FamilyName, after.OtherNames, after.Email, after.OtherEmails, after.Phone = w.GivenName, w.FamilyName, w.OtherNames, w.Email, w.OtherEmails, w.Phone
	after.Channel, after.Language, after.Notes, after.NoMailings, after.AccessNeeds, after.LivedExperience = w.Channel, w.Language, w.Notes, w.NoMailings, w.AccessNeeds, w.LivedExperience
	after.Custom, after.Tags = maps.Clone(w.Custom), slices.Clone(w.Tags)
	after.Version, after.UpdatedAt = before.Version+1, c.Now
	if _, err := c.Tx.Exec(`DELETE FROM affiliations WHERE collaborative_id = $1 AND person_id = $2`, after.ID); err != nil {
		return err
	}
	for _, a := range w.Affiliations {
		if err := insertAffiliation(c, after, a); err != nil {
			return err
		}
	}
	one := []Person{after}
	one[0].Affiliation = nil
	if err := attachAffiliations(c, one, c.Today()); err != nil {
		return err
	}
	after = one[0]
	was := before
	was.Affiliation = after.Affiliation // stored already
	return updatePerson(c, was, after)
}
