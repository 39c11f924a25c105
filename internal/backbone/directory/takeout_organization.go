package directory

import (
	"time"

	"commontable/internal/platform/archive"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// carriedOrganization is an organization with everything that is only its own.
type carriedOrganization struct {
	ID               OrganizationID    `json:"id"`
	Name             string            `json:"name" required:"true"`
	OtherNames       []string          `json:"other_names,omitempty"`
	Kinds            []string          `json:"kinds,omitempty"`
	Sector           string            `json:"sector" enum:"education,government,health,nonprofit,business,philanthropy,faith,community,media,other"`
	Status           string            `json:"status" required:"true" enum:"prospect,invited,member,dormant,left"`
	Place            string            `json:"place,omitempty"`
	Website          string            `json:"website,omitempty" maxLength:"500" format:"url"`
	Email            string            `json:"email,omitempty" maxLength:"254" format:"email"`
	Phone            string            `json:"phone,omitempty" maxLength:"50"`
	About            string            `json:"about,omitempty" maxLength:"100000" text:"lines"`
	Notes            string            `json:"notes,omitempty" maxLength:"100000" text:"lines"`
	Funder           bool              `json:"funder"`
	Host             bool              `json:"host"`
	LeadOrganization bool              `json:"lead_organization"`
	FiscalSponsor    bool              `json:"fiscal_sponsor"`
	Custom           map[string]string `json:"custom,omitempty" maxLength:"20000" maxItems:"1000" text:"lines" extra:"organization" doc:"Values of the collaborative's own fields, by the field's key."`
	MergedInto       OrganizationID    `json:"merged_into,omitzero" ref:"organizations" doc:"The organization it was merged into."`
	CreatedAt        time.Time         `json:"created_at"`
	DeletedAt        *time.Time        `json:"deleted_at,omitempty" doc:"When it was put in the trash."`
	Tags             []string          `json:"tags,omitempty" column:"-"`
	History          []carriedPeriod   `json:"history,omitempty" column:"-" maxItems:"2000" doc:"Every status and part with its days."`
}

var carriedOrganizations = archive.Kind[carriedOrganization]{
	Name: "organizations", Tables: []string{"organizations"},
	Title: func(o carriedOrganization) string { return o.Name },
	Read: func(r *archive.Reading, after carriedOrganization, limit int64) ([]carriedOrganization, error) {
		rows, err := store.Collect(r.Tx, archive.Scan[carriedOrganization], `SELECT id, name, other_names, kinds, sector, status, place, website, email, phone, about, notes,
			funder, host, lead_organization, fiscal_sponsor, custom, merged_into, created_at, deleted_at
			FROM organizations WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT $3`, after.ID[:], limit)
		if err != nil {
			return nil, err
		}
		first, last := span(rows, func(o carriedOrganization) OrganizationID { return o.ID })
		tags, err := tagsBelow(r.Call, OrganizationKind, first, last)
		if err != nil {
			return nil, err
		}
		history, err := periodsBelow(r.Call, first, last)
		for i := range rows {
			rows[i].Tags, rows[i].History = tags[rows[i].ID], history[rows[i].ID]
		}
		return rows, err
	},
	Write: func(l *archive.Loading, rows []carriedOrganization) error {
		if err := checkOwn(l, OrganizationKind, rows, func(row carriedOrganization) map[string]string { return row.Custom }); err != nil {
			return err
		}
		var records, tags, periods [][]any
		var live []OrganizationID
		for _, o := range rows {
			key := sortKey(l.Call, o.Name)
			records = append(records, archive.Values(&o, key, store.Micros(l.Now)))
			tags = append(tags, tagRows(OrganizationKind, key, o.ID, o.Tags)...)
			periods = append(periods, periodRows(o.ID, o.History)...)
			if o.DeletedAt == nil {
				live = append(live, o.ID)
			}
		}
		if err := l.Tx.ExecRows(`INSERT INTO organizations (collaborative_id, version, id, name, other_names, kinds, sector, status, place, website, email, phone, about, notes,
			funder, host, lead_organization, fiscal_sponsor, custom, merged_into, created_at, deleted_at, sort_key, updated_at)
			VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`, records); err != nil {
			return err
		}
		if err := insertTags(l.Call, tags); err != nil {
			return err
		}
		if err := insertPeriods(l.Call, periods); err != nil {
			return err
		}
		for _, o := range rows {
			if o.DeletedAt != nil {
				continue
			}
			found := Organization{ID: o.ID, Name: o.Name, OtherNames: o.OtherNames, Kinds: o.Kinds, Place: o.Place, Website: o.Website, Email: o.Email, About: o.About, Notes: o.Notes, Custom: o.Custom}
			if err := putOrganization(l.Call, found); err != nil {
				return err
			}
		}
		return operation.CountAll(l.Tx, OrganizationKind, live)
	},
}

// OrganizationKeys are the keys by which organizations are sorted, for records of
// other capabilities that are listed by them.
func OrganizationKeys(c *operation.Call, ids []OrganizationID) (map[OrganizationID][]byte, error) {
	out := map[OrganizationID][]byte{}
	if len(ids) == 0 {
		return out, nil
	}
	return out, store.Each(c.Tx, func(row store.Row) error {
		var i OrganizationID
		var key []byte
		err := row.Scan(&i, &key)
		out[i] = key
		return err
	}, `SELECT id, sort_key FROM organizations WHERE collaborative_id = $1 AND id IN ($2)`, store.In(ids))
}
