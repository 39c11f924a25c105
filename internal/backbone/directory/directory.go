// Package directory holds who is at the table: the organizations and the people
// of a collaborative, whom each person works with over time, the bodies and who
// holds which seat since when. Every fact about structure is dated, so the table
// can be seen as it stood on any day. Every other capability refers to this
// package and it refers to none.
package directory

import (
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// The kinds of subject this package owns, as audit, search and relations name
// them.
const (
	OrganizationKind = "organization"
	PersonKind       = "person"
)

// PersonID names a person.
type PersonID = operation.PersonID

// AffiliationID names a period during which a person belongs to an organization.
type AffiliationID = id.Of[Affiliation]

// Rights are permissions that are no operations of their own: they decide which
// fields of a record someone sees.
const (
	SeeContacts = "people.see-contacts"
	SeeNotes    = "organizations.see-notes"
	// SeePrivate is for what people told in confidence.
	SeePrivate = "people.see-private"
	// SeePersonTies is for ties of which an end is a person.
	SeePersonTies = "ties.see-people"
	// ShareViews is for offering a saved view to everyone, and taking it away.
	ShareViews = "views.share"
)

// The rate limits that searches and downloads count against.
const (
	SearchLimit = "search"
	ExportLimit = "export"
)

// Rights lists them for the permission table's test.
var Rights = []string{SeeContacts, SeeNotes, SeePrivate, SeePersonTies, ShareViews}

// Operations lists everything this package can do.
func Operations() []operation.Any {
	return []operation.Any{
		ListOrganizations, GetOrganization, CreateOrganization, CreateOrganizations, EditOrganization, TrashOrganization, RestoreOrganization, EditOrganizations, ExportOrganizations, ListKinds,
		ListPeople, GetPerson, CreatePerson, CreatePeople, EditPerson, TrashPerson, RestorePerson, EditPeople, ExportPeople,
		CorrectOrganizationHistory, SetPrivate, SetAffiliations,
		ListTouches, GetTouch, CreateTouch, EditTouch, SettleTouch, TrashTouch, RestoreTouch, EditTouches, ExportTouches, ListViews, SaveView, DeleteView, GetCoverage, SetTargets,
		ListTags, ListFields, AddField, EditField, OrderFields,
		ListBodies, GetBody, CreateBody, EditBody, TrashBody, RestoreBody, EditBodies, ExportBodies,
		ListSeats, GetSeat, CreateSeat, EditSeat, FillSeat, VacateSeat, TrashSeat, RestoreSeat, EditSeats, ExportSeats, ListTerms,
		ListFunctions, AddFunction, EditFunction, Assign, EditHolding, RemoveHolding, GetRoleMap,
		Search,
		MergeOrganizations, UnmergeOrganization, MergePeople, UnmergePerson, ErasePerson, FindMentions,
		ListResemblances, DecideResemblance, FindAlike, SearchResemblances, ResemblanceProgress,
		ExportGraph,
	}
}

// Relations judges the relations this package knows: a person is themselves,
// represents the organizations they are the representative of today, and chairs
// the bodies in which they hold a chair's seat today.
type Relations struct{}

// Holds implements operation.Relations.
func (Relations) Holds(c *operation.Call, grant operation.Grant, s operation.Subject) (bool, error) {
	if c.Actor.Person.IsZero() || c.Tx == nil {
		return false, nil
	}
	switch {
	case grant == operation.Themselves && s.Kind == PersonKind:
		return s.ID == c.Actor.Person, nil
	case grant == operation.OwnOrg && s.Kind == OrganizationKind:
		n, err := store.Value[int64](c.Tx, `SELECT COUNT(*) FROM affiliations WHERE collaborative_id = $1 AND person_id = $2 AND organization_id = $3
			AND represents = TRUE AND valid_from <= $4 AND (valid_to IS NULL OR valid_to > $4)`, c.Actor.Person, s.ID[:], c.Today())
		return n > 0, err
	case grant == operation.OwnGroup && s.Kind == BodyKind:
		return chairs(c, c.Actor.Person, s.ID)
	}
	return false, nil
}
