package directory

import (
	"maps"
	"slices"

	"commontable/internal/platform/operation"
)

// wholeOrganization is everything an organization's record holds; the status and
// the parts follow from their history.
type wholeOrganization struct {
	Name       string            `json:"name"`
	OtherNames []string          `json:"other_names"`
	Kinds      []string          `json:"kinds"`
	Sector     string            `json:"sector"`
	Place      string            `json:"place"`
	Website    string            `json:"website"`
	Email      string            `json:"email"`
	Phone      string            `json:"phone"`
	About      string            `json:"about"`
	Notes      string            `json:"notes"`
	Custom     map[string]string `json:"custom"`
	Tags       []string          `json:"tags"`
	History    []Period          `json:"history"`
}

var reversibleOrganizations = reversible[Organization, wholeOrganization, OrganizationID]{
	noun: organizations, take: takeOrganization, put: putWholeOrganization,
	uses: []statement{
		{`SELECT COUNT(*) FROM affiliations WHERE collaborative_id = $1 AND organization_id = $2`},
		{`SELECT COUNT(*) FROM seats WHERE collaborative_id = $1 AND organization_id = $2`},
		{`SELECT COUNT(*) FROM seat_terms WHERE collaborative_id = $1 AND organization_id = $2`},
		{`SELECT COUNT(*) FROM function_holdings WHERE collaborative_id = $1 AND organization_id = $2`},
		{`SELECT COUNT(*) FROM agreements WHERE collaborative_id = $1 AND organization_id = $2`},
		{`SELECT COUNT(*) FROM touches WHERE collaborative_id = $1 AND organization_id = $2`},
		{`SELECT COUNT(*) FROM merges WHERE collaborative_id = $1 AND kept_id = $2`},
		{`SELECT COUNT(*) FROM merges WHERE collaborative_id = $1 AND merged_id = $2`},
	},
	parts: []statement{
		{`DELETE FROM periods WHERE collaborative_id = $1 AND subject_id = $2`},
		{`DELETE FROM tags WHERE collaborative_id = $1 AND kind = 'organization' AND record_id = $2`},
		{`DELETE FROM tags WHERE collaborative_id = $1 AND kind = 'organization-kind' AND record_id = $2`},
		{`DELETE FROM resemblances WHERE collaborative_id = $1 AND kind = 'organization' AND first_id = $2`},
		{`DELETE FROM resemblances WHERE collaborative_id = $1 AND kind = 'organization' AND second_id = $2`},
		{`DELETE FROM organizations WHERE collaborative_id = $1 AND id = $2`},
	},
}

func takeOrganization(c *operation.Call, o Organization) (wholeOrganization, error) {
	history, err := periodsOf(c, o.ID)
	return wholeOrganization{o.Name, o.OtherNames, o.Kinds, o.Sector, o.Place, o.Website, o.Email, o.Phone, o.About, o.Notes, o.Custom, o.Tags, history}, err
}

func putWholeOrganization(c *operation.Call, before Organization, w wholeOrganization) error {
	after := before
	after.Name, after.OtherNames, after.Kinds, after.Sector, after.Place = w.Name, w.OtherNames, w.Kinds, w.Sector, w.Place
	after.Website, after.Email, after.Phone, after.About, after.Notes = w.Website, w.Email, w.Phone, w.About, w.Notes
	after.Custom, after.Tags = maps.Clone(w.Custom), slices.Clone(w.Tags)
	for fact := range after.facts() {
		held := only(w.History, fact)
		if err := replacePeriods(c, after.ID, fact, held); err != nil {
			return err
		}
		after.setFact(fact, valueOn(held, c.Today()))
	}
	after.Version, after.UpdatedAt = before.Version+1, c.Now
	if after.Name != before.Name {
		refreshPeopleLater(c, after.ID)
	}
	return updateOrganization(c, before, after)
}
