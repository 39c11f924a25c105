package sample

import (
	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/access"
	"commontable/internal/platform/operation"
)

// castMember is one of the people one can sign in as, one a role.
type castMember struct {
	role          operation.Role
	given, family string
	language      string
	organization  string // one of the founders, by name
	title         string
	represents    bool
	// second is the role in the sister collaborative, if any.
	second operation.Role
}

// cast is everyone who can sign in. The administrator looks after the machine
// and belongs to no table.
var cast = []castMember{
	{operation.Director, "Ruth", "Adeyemi", "en", hostName, "Backbone director", true, operation.TableMember},
	{operation.Staff, "Daniel", "Whitcombe", "en", hostName, "Data and facilitation", false, ""},
	{operation.TableChair, "Marisol", "Quintero", "es", "Tamarack Valley Public Schools", "Superintendent", true, ""},
	{operation.TableMember, "Henri", "Beaulieu", "fr", "Valley Family Health Network", "Chief medical officer", true, ""},
	{operation.GroupChair, "Tasha", "Greenlee", "en", "First Steps Early Learning", "Executive director", true, ""},
	{operation.GroupMember, "Oscar", "Villarreal", "es", "Centro de la Familia", "Program manager", false, operation.Director},
	{operation.Representative, "Ingrid", "Halvorsen", "en", "Tamarack Public Library", "Branch librarian", true, ""},
	{operation.Funder, "Caroline", "Prescott", "en", "Prescott Family Foundation", "Program officer", true, operation.Funder},
	{operation.CommunityMember, "Lucía", "Romero", "es", "Millrace Parents United", "Parent leader", false, ""},
	{operation.Evaluator, "Samuel", "Achterberg", "en", "Northbend State University", "Professor of education", false, ""},
	{operation.Convener, "Nadia", "Fontaine", "fr", "Réseau Grandir Ensemble", "Network lead", true, ""},
	{operation.Administrator, "Priya", "Raman", "en", "", "", false, ""},
}

func (m castMember) email() string {
	return mailbox(m.given, m.family) + "@tamarack.example"
}

func (m castMember) name() string { return m.given + " " + m.family }

// member is one of the cast with what the program knows them by.
type member struct {
	castMember
	account operation.AccountID
	person  operation.PersonID
}

// account makes the account of a role.
func (t *teller) account(role operation.Role) error {
	for _, m := range cast {
		if m.role != role {
			continue
		}
		a, err := t.app.Access.CreateAccount.Do(t.system(), &t.door, access.CreateAccountInput{Name: m.name(), Email: m.email(), Language: m.language})
		if err != nil {
			return err
		}
		t.members[string(role)] = member{castMember: m, account: a.ID}
	}
	return nil
}

// recognize finds the person that founding the collaborative made of its founder.
func (t *teller) recognize(role operation.Role) error {
	m := t.members[string(role)]
	page, err := directory.ListPeople.Do(t.as(role), &t.door, directory.ListPeopleInput{Limit: 1})
	if err != nil {
		return err
	}
	m.person = page.Items[0].ID
	t.members[string(role)] = m
	t.people = append(t.people, person{id: m.person, version: page.Items[0].Version, fixed: true})
	t.taken[m.email()], t.taken[m.name()] = true, true
	return nil
}

// settleDirector gives the director her place of work, once it is on record.
func (t *teller) settleDirector() error {
	m := t.members[string(operation.Director)]
	host, title, phone, represents := t.organizationNamed(hostName), m.title, "555-0100", true
	p, err := directory.EditPerson.Do(t.as(operation.Director), &t.door, directory.PersonPatch{ID: m.person, Version: t.people[0].version,
		OrganizationID: &host, Title: &title, Phone: &phone, Represents: &represents})
	t.people[0].version = p.Version
	return err
}

// addCast adds one of the cast as a person with an account and a membership.
func (t *teller) addCast(m castMember) error {
	if m.role == operation.Director {
		return nil
	}
	if err := t.account(m.role); err != nil {
		return err
	}
	if m.role == operation.Administrator {
		_, err := t.app.Access.SetAdministrator.Do(t.system(), &t.door, access.SetAdministratorInput{ID: t.members[string(m.role)].account, Administrator: true})
		return err
	}
	p, err := directory.CreatePerson.Do(t.as(operation.Director), &t.door, directory.PersonInput{GivenName: m.given, FamilyName: m.family, Email: m.email(), Language: m.language,
		Phone: "555-01" + twoDigits(10+len(t.people)), OrganizationID: t.organizationNamed(m.organization), Title: m.title, Represents: m.represents})
	if err != nil {
		return err
	}
	known := t.members[string(m.role)]
	known.person = p.ID
	t.members[string(m.role)] = known
	t.people = append(t.people, person{id: p.ID, version: p.Version, organization: t.organizationNamed(m.organization), fixed: true})
	t.taken[m.email()], t.taken[m.name()] = true, true
	return t.join(t.as(operation.Director), p.ID, known.account, m.role)
}

// standings checks at the end that everyone who can sign in has their role:
// chapters told in between may have moved people.
func (t *teller) standings() error {
	for _, m := range t.members {
		if m.person.IsZero() || m.role == operation.Director {
			continue
		}
		if _, err := t.app.Access.ShowMember.Do(t.as(operation.Director), &t.door, access.MemberInput{Person: m.person}); err != nil {
			return err
		}
	}
	return t.phase("sustain_impact")
}

const secondSlug = "rio-claro"

// sister founds a second, small collaborative down the river, in Spanish, in
// which three of the cast take part too.
func (t *teller) sister() error {
	founder := t.members[string(operation.GroupMember)]
	actor := operation.Actor{Account: founder.account, Name: founder.name(), Email: founder.email(), Roles: []operation.Role{operation.Administrator}, Via: operation.ViaSession, Verified: t.clock.Now()}
	made, err := collaborative.Create.Do(operation.WithActor(t.ctx, actor), &t.door, collaborative.CreateInput{
		Name: "Río Claro Primeros Años", Slug: secondSlug, Place: "Río Claro", Zone: "America/Chicago", Language: "es", Phase: "initiate_action",
		Population: "Unos 3.200 niños de 0 a 8 años y sus familias", Purpose: "Que cada niña y cada niño de Río Claro empiece la escuela con salud, confianza y ganas.",
	})
	if err != nil {
		return err
	}
	here := *t // a teller of its own: its people and organizations are others
	here.collaborative = operation.Collaborative{ID: made.ID, Slug: made.Slug, Name: made.Name, Zone: t.collaborative.Zone, Language: made.Language}
	here.members = map[string]member{string(operation.Director): {castMember: founder.castMember, account: founder.account}}
	here.options.Progress = func(float64) {}
	here.organizations, here.people, here.taken = nil, nil, map[string]bool{}
	if err := here.recognize(operation.Director); err != nil {
		return err
	}
	for _, o := range sisters {
		if err := here.addOrganization(o); err != nil {
			return err
		}
	}
	for _, player := range cast {
		m := t.members[string(player.role)]
		if m.second == "" || m.second == operation.Director {
			continue
		}
		p, err := directory.CreatePerson.Do(here.as(operation.Director), &here.door, directory.PersonInput{GivenName: m.given, FamilyName: m.family, Email: m.email(), Language: m.language, Title: m.title})
		if err == nil {
			err = here.join(here.as(operation.Director), p.ID, m.account, m.second)
		}
		if err != nil {
			return err
		}
	}
	return here.growPeople(25)
}
