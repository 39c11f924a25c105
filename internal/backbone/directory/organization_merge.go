package directory

import (
	"encoding/json"
	"strings"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// OrganizationChoice says from which of two organizations a field is taken.
type OrganizationChoice struct {
	Field string `json:"field" required:"true" enum:"name,sector,status,place,website,email,phone,about,notes,funder,host,lead_organization,fiscal_sponsor,kinds,custom"`
	From  string `json:"from" required:"true" enum:"kept,merged"`
}

// OrganizationMerge is two organizations that are one.
type OrganizationMerge struct {
	ID           OrganizationID       `json:"id"`
	Version      int64                `json:"version" required:"true" doc:"The version that was read of the one that stays; a newer one answers with a conflict."`
	MergeID      OrganizationID       `json:"merge_id" doc:"The one that goes into it."`
	MergeVersion int64                `json:"merge_version" required:"true" doc:"The version that was read of the one that goes."`
	Fields       []OrganizationChoice `json:"fields,omitempty" maxItems:"20" doc:"Where a field is to come from; otherwise from the one that stays, or from the other where that is empty."`
	Custom       []OwnChoice          `json:"custom,omitempty" maxItems:"100" doc:"Where the value of a field of the collaborative's own is to come from."`
}

// mergedOrganization are the fields of an organization that a merge joins,
// besides what is dated.
type mergedOrganization struct {
	Name       string                     `json:"name"`
	OtherNames []string                   `json:"other_names"`
	Sector     string                     `json:"sector"`
	Place      string                     `json:"place"`
	Website    string                     `json:"website"`
	Email      string                     `json:"email"`
	Phone      string                     `json:"phone"`
	About      string                     `json:"about"`
	Notes      string                     `json:"notes"`
	Kinds      []string                   `json:"kinds"`
	Custom     map[string]json.RawMessage `json:"custom"`
}

func readMergedOrganization(c *operation.Call, i OrganizationID) (mergedOrganization, error) {
	return store.One(c.Tx, func(row store.Row) (mergedOrganization, error) {
		f := mergedOrganization{OtherNames: []string{}, Kinds: []string{}, Custom: map[string]json.RawMessage{}}
		return f, row.Scan(&f.Name, store.ScanJSON(&f.OtherNames), &f.Sector, &f.Place, &f.Website, &f.Email, &f.Phone, &f.About, &f.Notes, store.ScanJSON(&f.Kinds), store.ScanJSON(&f.Custom))
	}, `SELECT name, other_names, sector, place, website, email, phone, about, notes, kinds, custom FROM organizations WHERE collaborative_id = $1 AND id = $2`, i)
}

// writeMergedOrganization stores the joined fields, over those of before, and the
// facts of today.
func writeMergedOrganization(c *operation.Call, before, f mergedOrganization, o Organization) error {
	if err := saveKinds(c, o.ID, sortKey(c, f.Name), before.Kinds, f.Kinds, before.Name != f.Name); err != nil {
		return err
	}
	return operation.Changed(c.Tx.Exec(`UPDATE organizations SET name = $3, sort_key = $4, other_names = $5, sector = $6, place = $7, website = $8, email = $9, phone = $10, about = $11, notes = $12,
		kinds = $13, custom = $14, status = $15, funder = $16, host = $17, lead_organization = $18, fiscal_sponsor = $19, version = $20, updated_at = $21
		WHERE collaborative_id = $1 AND id = $2 AND version = $20 - 1`,
		o.ID, f.Name, sortKey(c, f.Name), store.JSON(f.OtherNames), f.Sector, f.Place, f.Website, f.Email, f.Phone, f.About, f.Notes, store.JSON(f.Kinds), store.JSON(f.Custom),
		o.Status, o.Funder, o.Host, o.LeadOrganization, o.FiscalSponsor, o.Version, store.Micros(o.UpdatedAt)))
}

// joinOrganization are the fields of both as one. The name that is not taken
// stays as another name, so that it still finds the organization.
func joinOrganization(keeps, goes mergedOrganization, chosen sides) (mergedOrganization, error) {
	out, err := joinFields(keeps, goes, chosen)
	if err != nil {
		return out, err
	}
	out.OtherNames = joinNames(out.Name, strings.TrimSpace, keeps.OtherNames, []string{keeps.Name, goes.Name}, goes.OtherNames)
	out.Custom = joinCustom(keeps.Custom, goes.Custom, chosen)
	return out, nil
}

// MergeOrganizations makes one of two organizations.
var MergeOrganizations = operation.Define(operation.Operation[OrganizationMerge, Organization]{
	Definition: operation.Definition{ID: "organizations.merge", Summary: "Merges an organization into another, which takes over everything that refers to it", Method: "POST", Path: "/organizations/{id}/merge"},
	Validate:   func(in *OrganizationMerge, faults *operation.Faults) { checkPair(faults, in.ID, in.MergeID) },
	Run: func(c *operation.Call, in OrganizationMerge) (Organization, error) {
		before, err := organizations.Live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		goes, err := otherLive(c, organizations, in.MergeID, in.MergeVersion)
		if err != nil {
			return before, err
		}
		chosen := sides{}
		for _, f := range in.Fields {
			chosen[f.Field] = f.From
		}
		for _, f := range in.Custom {
			chosen[own(f.Key)] = f.From
		}
		return mergeOrganization(c, before, goes, chosen)
	},
})

func mergeOrganization(c *operation.Call, before, goes Organization, chosen sides) (Organization, error) {
	m := merging{id: newMerge(), kind: OrganizationKind, kept: before.ID, merged: goes.ID}
	was, err := readMergedOrganization(c, before.ID)
	if err != nil {
		return before, err
	}
	theirs, err := readMergedOrganization(c, goes.ID)
	if err != nil {
		return before, err
	}
	fields, err := joinOrganization(was, theirs, chosen)
	if err != nil {
		return before, err
	}
	if err := m.begin(c, was, fields); err != nil {
		return before, err
	}
	after := before
	after.Version, after.UpdatedAt = before.Version+1, c.Now
	if err := m.joinFacts(c, before, goes, &after, chosen); err != nil {
		return before, err
	}
	if err := writeMergedOrganization(c, was, fields, after); err != nil {
		return before, err
	}
	key := sortKey(c, fields.Name)
	if fields.Name != was.Name {
		if err := m.rekey(c, key); err != nil {
			return before, err
		}
	}
	if err := m.joinAffiliations(c); err != nil {
		return before, err
	}
	if err := m.joinTies(c); err != nil {
		return before, err
	}
	if err := m.joinHoldings(c); err != nil {
		return before, err
	}
	if err := m.moveOrganization(c, key); err != nil {
		return before, err
	}
	if err := operation.Changed(c.Tx.Exec(`UPDATE organizations SET merged_into = $3, deleted_at = $4, updated_at = $4, version = $5 + 1 WHERE collaborative_id = $1 AND id = $2 AND version = $5`,
		goes.ID, before.ID, store.Micros(c.Now), goes.Version)); err != nil {
		return before, err
	}
	if err := m.gone(c); err != nil {
		return before, err
	}
	if err := m.decided(c, SameDecision); err != nil {
		return before, err
	}
	if after, err = organizations.Get(c, before.ID); err != nil {
		return before, err
	}
	if err := putOrganization(c, after); err != nil {
		return before, err
	}
	refreshPeopleLater(c, after.ID)
	c.Changed(after.Subject(), after.Name, after.Version, before, after)
	c.Changed(goes.Subject(), goes.Name, goes.Version+1, nil, nil)
	c.UndoWith("organizations.unmerge", OrganizationVersion{goes.ID, goes.Version + 1})
	return after.visibleTo(c), nil
}

// UnmergedOrganization is an organization that stands by itself again.
type UnmergedOrganization struct {
	Organization Organization   `json:"organization"`
	Kept         Organization   `json:"kept" doc:"The one it had been merged into."`
	Left         operation.Left `json:"left"`
}

// LeftAlone is what somebody changed since the merge.
func (u UnmergedOrganization) LeftAlone() operation.Left { return u.Left }

// CurrentVersion is what REST makes an ETag of.
func (u UnmergedOrganization) CurrentVersion() int64 { return u.Organization.Version }

// UnmergeOrganization takes a merge back: the merged organization comes out of
// the trash as it was, and gets back what still is where the merge put it.
var UnmergeOrganization = operation.Define(operation.Operation[OrganizationVersion, UnmergedOrganization]{
	Definition: operation.Definition{ID: "organizations.unmerge", Summary: "Takes the merge of an organization back", Method: "POST", Path: "/organizations/{id}/unmerge"},
	Run: func(c *operation.Call, in OrganizationVersion) (UnmergedOrganization, error) {
		var out UnmergedOrganization
		goes, err := organizations.Get(c, in.ID)
		if err != nil {
			return out, err
		}
		m, err := mergeOf(c, OrganizationKind, in.ID)
		if err != nil {
			return out, err
		}
		if goes.Version != in.Version {
			return out, operation.Stale(goes.visibleTo(c))
		}
		keeps, err := keptLive(c, organizations, OrganizationID(m.kept))
		if err != nil {
			return out, err
		}
		return unmergeOrganization(c, m, keeps, goes)
	},
})

func unmergeOrganization(c *operation.Call, m merging, keeps, goes Organization) (UnmergedOrganization, error) {
	out := UnmergedOrganization{Left: operation.Left{Fields: []string{}}}
	now, err := readMergedOrganization(c, keeps.ID)
	if err != nil {
		return out, err
	}
	var was, made mergedOrganization
	if err := m.fields(&was, &made); err != nil {
		return out, err
	}
	fields, left, err := takeBack(was, made, now)
	if err != nil {
		return out, err
	}
	after := keeps
	after.Version, after.UpdatedAt = keeps.Version+1, c.Now
	facts, err := m.returnFacts(c, &after)
	if err != nil {
		return out, err
	}
	out.Left.Fields = append(append(out.Left.Fields, left...), facts...)
	if err := writeMergedOrganization(c, now, fields, after); err != nil {
		return out, err
	}
	if fields.Name != now.Name {
		if err := m.rekey(c, sortKey(c, fields.Name)); err != nil {
			return out, err
		}
	}
	if out.Left.Rows, err = m.returnRows(c, sortKey(c, goes.Name)); err != nil {
		return out, err
	}
	if err := operation.Changed(c.Tx.Exec(`UPDATE organizations SET merged_into = NULL, deleted_at = NULL, updated_at = $3, version = $4 + 1 WHERE collaborative_id = $1 AND id = $2 AND version = $4`,
		goes.ID, store.Micros(c.Now), goes.Version)); err != nil {
		return out, err
	}
	if out.Organization, err = organizations.Get(c, goes.ID); err != nil {
		return out, err
	}
	if out.Kept, err = organizations.Get(c, keeps.ID); err != nil {
		return out, err
	}
	for _, o := range []Organization{out.Organization, out.Kept} {
		if err := putOrganization(c, o); err != nil {
			return out, err
		}
	}
	refreshPeopleLater(c, keeps.ID, goes.ID)
	c.Changed(goes.Subject(), goes.Name, out.Organization.Version, nil, nil)
	c.Changed(keeps.Subject(), out.Kept.Name, out.Kept.Version, keeps, out.Kept)
	out.Organization, out.Kept = out.Organization.visibleTo(c), out.Kept.visibleTo(c)
	return out, operation.Count(c.Tx, OrganizationKind, goes.ID, 1)
}
