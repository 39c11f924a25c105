package directory

import (
	"time"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/search"
	"commontable/internal/platform/store"
)

const organizationColumns = `id, name, other_names, sector, status, place, website, email, phone, about, notes,
	funder, host, lead_organization, fiscal_sponsor, version, created_at, updated_at, deleted_at, sort_key, kinds, custom`

func scanOrganization(row store.Row) (Organization, error) {
	var o Organization
	var deleted time.Time
	err := row.Scan(&o.ID, &o.Name, store.ScanJSON(&o.OtherNames), &o.Sector, &o.Status, &o.Place, &o.Website, &o.Email, &o.Phone, &o.About, &o.Notes,
		&o.Funder, &o.Host, &o.LeadOrganization, &o.FiscalSponsor, &o.Version, store.ScanTime(&o.CreatedAt), store.ScanTime(&o.UpdatedAt), store.ScanTime(&deleted), &o.sortKey, store.ScanJSON(&o.Kinds), store.ScanJSON(&o.Custom))
	if !deleted.IsZero() {
		o.DeletedAt = &deleted
	}
	if len(o.Custom) == 0 {
		o.Custom = nil
	}
	return o, err
}

func getOrganization(tx *store.Tx, i OrganizationID) (Organization, error) {
	return store.One(tx, scanOrganization, `SELECT `+organizationColumns+` FROM organizations WHERE collaborative_id = $1 AND id = $2`, i)
}

// taggedOrganization reads an organization with its tags and own fields.
func taggedOrganization(c *operation.Call, i OrganizationID) (Organization, error) {
	o, err := getOrganization(c.Tx, i)
	if err != nil {
		return o, err
	}
	one := []Organization{o}
	if err := attachOrganizationTags(c, one); err != nil {
		return o, err
	}
	one[0].shown, err = shownKeys(c, OrganizationKind, len(o.Custom))
	return one[0], err
}

func attachOrganizationTags(c *operation.Call, items []Organization) error {
	ids := make([]OrganizationID, len(items))
	for i, o := range items {
		ids[i] = o.ID
	}
	tags, err := tagsOf(c, OrganizationKind, ids)
	for i := range items {
		items[i].Tags = tags[items[i].ID]
	}
	return err
}

// putOrganization makes an organization findable, also by what stands in the
// collaborative's own open fields.
func putOrganization(c *operation.Call, o Organization) error {
	d := o.document()
	own, err := customText(c, OrganizationKind, o.Custom)
	if err != nil {
		return err
	}
	d.Fields = append(d.Fields, own...)
	return search.Put(c.Tx, d)
}

func insertOrganization(c *operation.Call, o Organization) error {
	_, err := c.Tx.Exec(`INSERT INTO organizations (collaborative_id, id, name, sort_key, other_names, sector, status, place, website, email, phone, about, notes,
		funder, host, lead_organization, fiscal_sponsor, version, created_at, updated_at, kinds, custom, kinds_indexed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $19, $20, $21, TRUE)`,
		o.ID, o.Name, sortKey(c, o.Name), store.JSON(o.OtherNames), o.Sector, o.Status, o.Place, o.Website, o.Email, o.Phone, o.About, o.Notes,
		o.Funder, o.Host, o.LeadOrganization, o.FiscalSponsor, o.Version, store.Micros(o.CreatedAt), list(o.Kinds), mapping(o.Custom))
	if err != nil {
		return err
	}
	if err := saveTags(c.Tx, OrganizationKind, o.ID, sortKey(c, o.Name), nil, o.Tags, false); err != nil {
		return err
	}
	if err := saveKinds(c, o.ID, sortKey(c, o.Name), nil, o.Kinds, false); err != nil {
		return err
	}
	return putOrganization(c, o)
}

func updateOrganization(c *operation.Call, before, o Organization) error {
	err := operation.Changed(c.Tx.Exec(`UPDATE organizations SET name = $3, sort_key = $4, other_names = $5, sector = $6, status = $7, place = $8, website = $9, email = $10,
		phone = $11, about = $12, notes = $13, funder = $14, host = $15, lead_organization = $16, fiscal_sponsor = $17, version = $18, updated_at = $19, deleted_at = $20, kinds = $21, custom = $22
		WHERE collaborative_id = $1 AND id = $2 AND version = $18 - 1`,
		o.ID, o.Name, sortKey(c, o.Name), store.JSON(o.OtherNames), o.Sector, o.Status, o.Place, o.Website, o.Email,
		o.Phone, o.About, o.Notes, o.Funder, o.Host, o.LeadOrganization, o.FiscalSponsor, o.Version, store.Micros(o.UpdatedAt), operation.DeletedMicros(o.DeletedAt), list(o.Kinds), mapping(o.Custom)))
	if err != nil {
		return err
	}
	if before.Name != o.Name {
		if err := sortAgreements(c.Tx, o.ID, sortKey(c, o.Name)); err != nil {
			return err
		}
	}
	if err := saveTags(c.Tx, OrganizationKind, o.ID, sortKey(c, o.Name), before.Tags, o.Tags, before.Name != o.Name); err != nil {
		return err
	}
	if err := saveKinds(c, o.ID, sortKey(c, o.Name), before.Kinds, o.Kinds, before.Name != o.Name); err != nil {
		return err
	}
	if o.DeletedAt != nil {
		return search.Remove(c.Tx, OrganizationKind, o.ID)
	}
	return putOrganization(c, o)
}

// sortKey orders names as the collaborative's language does.
func sortKey(c *operation.Call, name string) []byte {
	return i18n.CollationKey(c.Collaborative.Language, name)
}

// sortAgreements gives the agreements of an organization the key it is sorted by.
// They are not this package's, but follow the name that is.
func sortAgreements(tx *store.Tx, i OrganizationID, key []byte) error {
	_, err := tx.Exec(`UPDATE agreements SET organization_sort_key = $3 WHERE collaborative_id = $1 AND organization_id = $2`, i, key)
	return err
}
