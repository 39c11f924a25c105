package directory

import (
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// OrganizationRef names an organization and the day to show it as of.
type OrganizationRef struct {
	ID   OrganizationID `json:"id"`
	AsOf string         `json:"as_of,omitempty" format:"date" doc:"The status and parts it had on this day; empty when it was not on record yet."`
}

// OrganizationVersion names one version of an organization.
type OrganizationVersion struct {
	ID      OrganizationID `json:"id"`
	Version int64          `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
}

// organizations is the noun.
var organizations = &operation.Noun[Organization, OrganizationID]{Kind: OrganizationKind, Area: "organizations",
	Get:    taggedOrganization,
	Update: updateOrganization,
	Head: func(o *Organization) operation.Head[OrganizationID] {
		return operation.HeadOf(o.ID, &o.Version, &o.UpdatedAt, &o.DeletedAt)
	},
	Title:   func(o Organization) string { return o.Name },
	Visible: Organization.visibleTo,
	Returns: alone[Organization, OrganizationID]}

// GetOrganization reads one organization with its dated history, also from the
// trash. Of one that was merged into another, those who may not see the trash
// learn where it went and nothing else.
var GetOrganization = operation.Define(operation.Operation[OrganizationRef, Organization]{
	Definition: operation.Definition{ID: "organizations.get", Summary: "Reads one organization", ReadOnly: true, Method: "GET", Path: "/organizations/{id}"},
	About:      func(in OrganizationRef) operation.Subject { return organizationSubject(in.ID) },
	Run: func(c *operation.Call, in OrganizationRef) (Organization, error) {
		o, err := organizations.Read(c, in.ID)
		if into, ok := leadsTo(c, OrganizationKind, in.ID, o.DeletedAt != nil, err); ok {
			o.ID, o.MergedInto, o.OtherNames, err = in.ID, OrganizationID(into), append([]string{}, o.OtherNames...), nil
		}
		if err != nil || o.Version == 0 {
			return o, err
		}
		if o.History, err = periodsOf(c, o.ID); err != nil || in.AsOf == "" {
			return o, err
		}
		for fact := range o.facts() {
			o.setFact(fact, valueOn(only(o.History, fact), in.AsOf))
		}
		return o, nil
	},
})

// CreateOrganization adds an organization.
var CreateOrganization = operation.Define(operation.Operation[OrganizationInput, Organization]{
	Definition: operation.Definition{ID: "organizations.create", Summary: "Adds an organization", Method: "POST", Path: "/organizations"},
	Run: func(c *operation.Call, in OrganizationInput) (Organization, error) {
		o := Organization{ID: id.New[Organization](), Name: in.Name, OtherNames: in.OtherNames, Kinds: in.Kinds, Sector: in.Sector, Status: in.Status, Place: in.Place,
			Website: in.Website, Email: in.Email, Phone: in.Phone, About: in.About, Notes: in.Notes,
			Funder: in.Funder, Host: in.Host, LeadOrganization: in.LeadOrganization, FiscalSponsor: in.FiscalSponsor,
			Version: 1, CreatedAt: c.Now, UpdatedAt: c.Now}
		o.tidy()
		var err error
		if o.Tags, err = spellTags(c, OrganizationKind, in.Tags); err != nil {
			return o, err
		}
		if len(in.Custom) > 0 {
			if o.Custom, o.shown, err = settleCustom(c, OrganizationKind, nil, in.Custom); err != nil {
				return o, err
			}
		}
		since, err := notAhead(c, in.Since)
		if err != nil {
			return o, err
		}
		if err := insertOrganization(c, o); err != nil {
			return o, err
		}
		if err := holdFacts(c, Organization{}, o, since); err != nil {
			return o, err
		}
		return organizations.Added(c, o)
	},
})

// EditOrganization changes the given fields of an organization.
var EditOrganization = operation.Define(operation.Operation[OrganizationPatch, Organization]{
	Definition: operation.Definition{ID: "organizations.edit", Summary: "Changes an organization", Method: "PATCH", Path: "/organizations/{id}"},
	About:      func(in OrganizationPatch) operation.Subject { return organizationSubject(in.ID) },
	Validate: func(in *OrganizationPatch, faults *operation.Faults) {
		if in.Name != nil && *in.Name == "" {
			faults.Add("name", "errors.required")
		}
	},
	Run: func(c *operation.Call, in OrganizationPatch) (Organization, error) {
		before, err := organizations.Live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		if in.Notes != nil && !c.Can(SeeNotes) {
			in.Notes = nil // a field one may not see is one that may not be changed
		}
		if !c.Can("organizations.create") {
			// Representatives keep their own entry current; what part the
			// organization plays in the collaborative is the backbone's record.
			in.Status, in.Funder, in.Host, in.LeadOrganization, in.FiscalSponsor, in.Tags = nil, nil, nil, nil, nil, nil
		}
		after := before
		operation.Patch(&after, in)
		after.tidy()
		if in.Tags != nil {
			if after.Tags, err = spellTags(c, OrganizationKind, after.Tags); err != nil {
				return before, err
			}
		}
		if len(in.Custom) > 0 {
			if after.Custom, after.shown, err = settleCustom(c, OrganizationKind, before.Custom, in.Custom); err != nil {
				return before, err
			}
		}
		since, err := notAhead(c, in.Since)
		if err != nil {
			return before, err
		}
		if err := holdFacts(c, before, after, since); err != nil {
			return before, err
		}
		if after.Name != before.Name {
			refreshPeopleLater(c, after.ID)
		}
		return organizations.Save(c, before, after, "organizations.edit", func(after Organization) any {
			undo := OrganizationPatch{ID: after.ID, Version: after.Version, Since: in.Since, Custom: reverseCustom(before.Custom, in.Custom)}
			operation.Reverse(&undo, before, after)
			return undo
		})
	},
})

// notAhead is the day a change takes effect: the given one, or today. What lies
// ahead is not yet so, and is entered when it is.
func notAhead(c *operation.Call, since string) (string, error) {
	if since == "" {
		return c.Today(), nil
	}
	if since > c.Today() {
		return "", operation.InvalidField("since", "errors.day_ahead")
	}
	return since, nil
}

// holdFacts dates what changed of the status and the parts.
func holdFacts(c *operation.Call, before, after Organization, since string) error {
	old := before.facts()
	for fact, value := range after.facts() {
		if value == old[fact] {
			continue
		}
		if err := hold(c, after.ID, fact, value, since); err != nil {
			return err
		}
	}
	return nil
}

// TrashOrganization puts an organization in the trash.
var TrashOrganization = operation.Define(operation.Operation[OrganizationVersion, Organization]{
	Definition: operation.Definition{ID: "organizations.trash", Summary: "Puts an organization in the trash", Method: "DELETE", Path: "/organizations/{id}"},
	About:      func(in OrganizationVersion) operation.Subject { return organizationSubject(in.ID) },
	Run: func(c *operation.Call, in OrganizationVersion) (Organization, error) {
		return organizations.Trash(c, in.ID, in.Version)
	},
})

// RestoreOrganization takes an organization out of the trash.
var RestoreOrganization = operation.Define(operation.Operation[OrganizationVersion, Organization]{
	Definition: operation.Definition{ID: "organizations.restore", Summary: "Takes an organization out of the trash", Method: "POST", Path: "/organizations/{id}/restore"},
	About:      func(in OrganizationVersion) operation.Subject { return organizationSubject(in.ID) },
	Run: func(c *operation.Call, in OrganizationVersion) (Organization, error) {
		return organizations.Restore(c, in.ID, in.Version)
	},
})

// EditOrganizationsInput changes the same fields of several organizations.
type EditOrganizationsInput struct {
	Items     []OrganizationVersion `json:"items" required:"true" maxItems:"500"`
	Sector    *string               `json:"sector,omitempty" enum:"education,government,health,nonprofit,business,philanthropy,faith,community,media,other"`
	Status    *string               `json:"status,omitempty" enum:"prospect,invited,member,dormant,left"`
	AddTag    string                `json:"add_tag,omitempty" maxLength:"60"`
	RemoveTag string                `json:"remove_tag,omitempty" maxLength:"60"`
	Trash     bool                  `json:"trash,omitempty" doc:"Put them in the trash instead."`
	Back      bool                  `json:"restore,omitempty" doc:"Take them out of the trash instead."`
	// Each holds a change of its own for each item, in order; undo uses it.
	Each []OrganizationPatch `json:"each,omitempty" maxItems:"500"`
}

// EditOrganizations changes several organizations at once, all or none.
var EditOrganizations = operation.Define(operation.Operation[EditOrganizationsInput, operation.Page[Organization]]{
	Definition: operation.Definition{ID: "organizations.edit-several", Summary: "Changes several organizations at once, all or none", Method: "POST", Path: "/organizations/bulk"},
	Run: func(c *operation.Call, in EditOrganizationsInput) (operation.Page[Organization], error) {
		items, patches := make([]operation.VersionOf[OrganizationID], len(in.Items)), make([]OrganizationPatch, len(in.Items))
		for k, item := range in.Items {
			items[k] = operation.VersionOf[OrganizationID](item)
		}
		befores, afters, err := organizations.Several(c, items, operation.Together{Trash: in.Trash, Back: in.Back}, func(k int, before Organization) (Organization, error) {
			patches[k] = OrganizationPatch{ID: before.ID, Version: before.Version, Sector: in.Sector, Status: in.Status, Tags: retag{in.AddTag, in.RemoveTag}.of(before.Tags)}
			if k < len(in.Each) {
				patches[k] = in.Each[k]
			}
			return EditOrganization.Within(c, patches[k])
		})
		undo := EditOrganizationsInput{Back: in.Trash, Trash: in.Back}
		for k, after := range afters {
			undo.Items = append(undo.Items, OrganizationVersion{after.ID, after.Version})
			if !in.Trash && !in.Back {
				back := OrganizationPatch{ID: after.ID, Version: after.Version, Custom: reverseCustom(befores[k].Custom, patches[k].Custom)}
				operation.Reverse(&back, befores[k], after)
				undo.Each = append(undo.Each, back)
			}
		}
		c.UndoWith("organizations.edit-several", undo)
		return operation.Page[Organization]{Items: append([]Organization{}, afters...), Total: -1}, err
	},
})
