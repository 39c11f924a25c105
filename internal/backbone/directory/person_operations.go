package directory

import (
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// PersonRef names a person.
type PersonRef struct {
	ID PersonID `json:"id"`
}

// PersonVersion names one version of a person's record.
type PersonVersion struct {
	ID      PersonID `json:"id"`
	Version int64    `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
}

// people is the noun.
var people = &operation.Noun[Person, PersonID]{Kind: PersonKind, Area: "people", Get: getPerson, Update: updatePerson,
	Head: func(p *Person) operation.Head[PersonID] {
		return operation.HeadOf(p.ID, &p.Version, &p.UpdatedAt, &p.DeletedAt)
	},
	Title:   Person.Name,
	Visible: Person.visibleTo,
	Returns: standsAlone}

// standsAlone refuses to restore somebody who was erased, or is part of another
// record.
func standsAlone(c *operation.Call, n *operation.Noun[Person, PersonID], i PersonID) error {
	p, err := n.Get(c, i)
	if err == nil && p.erasedSince() {
		err = operation.Missing()
	}
	if err != nil {
		return err
	}
	return alone(c, n, i)
}

// GetPerson reads one person, also from the trash. Of a record that was merged
// into another, those who may not see the trash learn where it went and nothing
// else.
var GetPerson = operation.Define(operation.Operation[PersonRef, Person]{
	Definition: operation.Definition{ID: "people.get", Summary: "Reads one person", ReadOnly: true, Method: "GET", Path: "/people/{id}"},
	About:      func(in PersonRef) operation.Subject { return personSubject(in.ID) },
	Run: func(c *operation.Call, in PersonRef) (Person, error) {
		p, err := people.Read(c, in.ID)
		if err == nil && p.erasedSince() {
			return Person{}, operation.Missing()
		}
		if into, ok := leadsTo(c, PersonKind, in.ID, p.DeletedAt != nil, err); ok {
			p.ID, p.MergedInto, err = in.ID, PersonID(into), nil
		}
		if err == nil {
			p.Affiliations, err = affiliationsOf(c, p.ID)
		}
		return p, err
	},
})

// CreatePerson adds a person.
var CreatePerson = operation.Define(operation.Operation[PersonInput, Person]{
	Definition: operation.Definition{ID: "people.create", Summary: "Adds a person", Method: "POST", Path: "/people"},
	Validate: func(in *PersonInput, faults *operation.Faults) {
		if in.GivenName == "" && in.FamilyName == "" {
			faults.Add("given_name", "errors.a_name_needed")
		}
	},
	Run: func(c *operation.Call, in PersonInput) (Person, error) {
		p := Person{ID: operation.NewPersonID(), GivenName: in.GivenName, FamilyName: in.FamilyName, OtherNames: in.OtherNames, Email: in.Email, OtherEmails: in.OtherEmails,
			Phone: in.Phone, Channel: in.Channel, Language: in.Language, Notes: in.Notes, NoMailings: in.NoMailings, Version: 1, CreatedAt: c.Now, UpdatedAt: c.Now}
		p.tidy()
		var err error
		if p.Tags, err = spellTags(c, PersonKind, in.Tags); err != nil {
			return p, err
		}
		if len(in.Custom) > 0 {
			if p.Custom, p.shown, err = settleCustom(c, PersonKind, nil, in.Custom); err != nil {
				return p, err
			}
		}
		if !in.OrganizationID.IsZero() {
			name, err := organizationName(c, in.OrganizationID)
			if err != nil {
				return p, err
			}
			p.Affiliation = &Affiliation{ID: id.New[Affiliation](), PersonID: p.ID, OrganizationID: in.OrganizationID, Organization: name,
				Title: in.Title, Represents: in.Represents, ValidFrom: c.Today()}
		}
		if err := insertPerson(c, p); err != nil {
			return p, err
		}
		return people.Added(c, p)
	},
})

// EditPerson changes the given fields of a person.
var EditPerson = operation.Define(operation.Operation[PersonPatch, Person]{
	Definition: operation.Definition{ID: "people.edit", Summary: "Changes a person", Method: "PATCH", Path: "/people/{id}"},
	About:      func(in PersonPatch) operation.Subject { return personSubject(in.ID) },
	Run: func(c *operation.Call, in PersonPatch) (Person, error) {
		before, err := people.Live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		if !c.Can("people.create") {
			// People keep their own entry current; whom they speak for, and
			// what the backbone notes, is not theirs to set.
			in.Notes, in.Represents, in.OrganizationID, in.Tags = nil, nil, nil, nil
		}
		after := before
		operation.Patch(&after, in.fields())
		after.tidy()
		if in.Tags != nil {
			if after.Tags, err = spellTags(c, PersonKind, after.Tags); err != nil {
				return before, err
			}
		}
		if len(in.Custom) > 0 {
			if after.Custom, after.shown, err = settleCustom(c, PersonKind, before.Custom, in.Custom); err != nil {
				return before, err
			}
		}
		if after.GivenName == "" && after.FamilyName == "" {
			return before, operation.InvalidField("given_name", "errors.a_name_needed")
		}
		if after.Affiliation, err = patchedAffiliation(c, before.Affiliation, in); err != nil {
			return before, err
		}
		return people.Save(c, before, after, "people.edit", func(after Person) any {
			undo := reversePerson(before, after)
			undo.Custom = reverseCustom(before.Custom, in.Custom)
			return undo
		})
	},
})

// patchedAffiliation is the affiliation as a patch would have it.
func patchedAffiliation(c *operation.Call, old *Affiliation, in PersonPatch) (*Affiliation, error) {
	var a Affiliation
	if old != nil {
		a = *old
	}
	if in.OrganizationID != nil && *in.OrganizationID != a.OrganizationID {
		if in.OrganizationID.IsZero() {
			return nil, nil
		}
		name, err := organizationName(c, *in.OrganizationID)
		if err != nil {
			return nil, err
		}
		if err := notThereAlready(c, in.ID, *in.OrganizationID); err != nil {
			return nil, err
		}
		// Elsewhere they have another title and speak for it only when said.
		a = Affiliation{OrganizationID: *in.OrganizationID, Organization: name}
	}
	if a.OrganizationID.IsZero() {
		return nil, nil
	}
	if in.Title != nil {
		a.Title = *in.Title
	}
	if in.Represents != nil {
		a.Represents = *in.Represents
	}
	return &a, nil
}

// reversePerson is the patch that takes a change back.
func reversePerson(before, after Person) PersonPatch {
	var fields personFields
	operation.Reverse(&fields, before, after)
	undo := PersonPatch{ID: after.ID, Version: after.Version, GivenName: fields.GivenName, FamilyName: fields.FamilyName, OtherNames: fields.OtherNames, Email: fields.Email,
		OtherEmails: fields.OtherEmails, Phone: fields.Phone, Channel: fields.Channel, Language: fields.Language, Notes: fields.Notes, Tags: fields.Tags, NoMailings: fields.NoMailings}
	var old, fresh Affiliation
	if before.Affiliation != nil {
		old = *before.Affiliation
	}
	if after.Affiliation != nil {
		fresh = *after.Affiliation
	}
	if old.OrganizationID != fresh.OrganizationID || old.Title != fresh.Title || old.Represents != fresh.Represents {
		undo.OrganizationID, undo.Title, undo.Represents = &old.OrganizationID, &old.Title, &old.Represents
	}
	return undo
}

// TrashPerson puts a person in the trash.
var TrashPerson = operation.Define(operation.Operation[PersonVersion, Person]{
	Definition: operation.Definition{ID: "people.trash", Summary: "Puts a person in the trash", Method: "DELETE", Path: "/people/{id}"},
	About:      func(in PersonVersion) operation.Subject { return personSubject(in.ID) },
	Run:        func(c *operation.Call, in PersonVersion) (Person, error) { return people.Trash(c, in.ID, in.Version) },
})

// RestorePerson takes a person out of the trash.
var RestorePerson = operation.Define(operation.Operation[PersonVersion, Person]{
	Definition: operation.Definition{ID: "people.restore", Summary: "Takes a person out of the trash", Method: "POST", Path: "/people/{id}/restore"},
	About:      func(in PersonVersion) operation.Subject { return personSubject(in.ID) },
	Run:        func(c *operation.Call, in PersonVersion) (Person, error) { return people.Restore(c, in.ID, in.Version) },
})
