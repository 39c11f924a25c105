package sample

import (
	"time"

	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

const storyYears = 12

// moment is a point of the story: years and days since it began, or so many days
// ago.
type moment struct{ year, day, ago int }

func (m moment) on(begin, today time.Time) time.Time {
	if m.ago > 0 {
		return today.AddDate(0, 0, -m.ago)
	}
	return begin.AddDate(m.year, 0, m.day)
}

func after(year, days int) moment { return moment{year: year, day: days} }
func ago(days int) moment         { return moment{ago: days} }

// chapter is something that happened. A capability tells its own part of the
// story by adding chapters; their titles are also their dice and must stay.
type chapter struct {
	title string
	when  moment
	tell  func(t *teller) error
}

// story is what happened, in order.
var story = []chapter{
	{"a table is set", after(0, 0), (*teller).founding},
	{"the first partners", after(0, 20), (*teller).firstPartners},
	{"principles", after(0, 120), (*teller).firstPrinciples},
	{"year 1", after(1, 30), joining(1)},
	{"year 2", after(2, 30), joining(2)},
	{"year 3", after(3, 30), joining(3)},
	{"people move on", after(3, 200), (*teller).movingOn},
	{"year 4", after(4, 30), joining(4)},
	{"year 5", after(5, 30), joining(5)},
	{"the principles again", after(5, 150), (*teller).secondPrinciples},
	{"year 6", after(6, 30), joining(6)},
	{"year 7", after(7, 30), joining(7)},
	{"a hard winter", after(7, 140), (*teller).hardWinter},
	{"year 8", after(8, 30), joining(8)},
	{"people move on again", after(8, 210), (*teller).movingOn},
	{"year 9", after(9, 30), joining(9)},
	{"a sister collaborative", after(9, 90), (*teller).sister},
	{"year 10", after(10, 30), joining(10)},
	{"year 11", after(11, 30), joining(11)},
	{"looking ahead", ago(75), (*teller).lookingAhead},
	{"new faces", ago(24), (*teller).newFaces},
	{"everyone has a seat", ago(13), (*teller).standings},
	{"in their own words", ago(4), (*teller).ownWords},
}

// arrivals is which share of everything has arrived by the end of each year; the last
// faces are new.
var arrivals = [storyYears]float64{0.34, 0.46, 0.55, 0.63, 0.69, 0.75, 0.80, 0.84, 0.88, 0.91, 0.94, 0.97}

// founding makes the director's account, and she the collaborative.
func (t *teller) founding() error {
	if err := t.account(operation.Director); err != nil {
		return err
	}
	director := t.members[string(operation.Director)]
	actor := operation.Actor{Account: director.account, Name: director.name(), Email: director.email(), Roles: []operation.Role{operation.Administrator}, Via: operation.ViaSession, Verified: t.clock.Now()}
	made, err := collaborative.Create.Do(operation.WithActor(t.ctx, actor), &t.door, collaborative.CreateInput{
		Name: "Tamarack Valley Cradle to Career", Slug: Slug, Place: "Tamarack Valley", Zone: "America/Chicago", Language: "en", Phase: "assess_readiness",
		Population: "About 41,000 children and young people aged 0 to 24 in the six towns of the valley",
		Purpose: "Every child in Tamarack Valley is healthy, ready for school, supported in and out of it, and finds work that pays for a life here.\n\n" +
			"We come from many organizations and answer to the same families. Here we agree on what we will do together, say who does what, and look at honest figures.",
	})
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(made.Zone)
	if err != nil {
		zone = time.UTC
	}
	t.collaborative = operation.Collaborative{ID: made.ID, Slug: made.Slug, Name: made.Name, Zone: zone, Language: made.Language, Labels: made.Labels}
	return t.recognize(operation.Director)
}

// firstPartners brings the organizations everybody knows, and the first year's.
func (t *teller) firstPartners() error {
	for _, f := range founders {
		if err := t.addOrganization(f); err != nil {
			return err
		}
		t.later(26 * time.Hour)
	}
	if err := t.settleDirector(); err != nil {
		return err
	}
	for _, m := range cast {
		if err := t.addCast(m); err != nil {
			return err
		}
	}
	return t.arrive(0)
}

// joining is the chapter of one year's arrivals.
func joining(year int) func(*teller) error {
	return func(t *teller) error { return t.arrive(year) }
}

func (t *teller) arrive(year int) error { return t.fill(arrivals[year]) }

func (t *teller) newFaces() error { return t.fill(1) }

// fill brings organizations and people up to a share of the whole.
func (t *teller) fill(share float64) error {
	if err := t.growOrganizations(int(share * float64(t.scale.organizations))); err != nil {
		return err
	}
	t.later(9 * 24 * time.Hour)
	return t.growPeople(int(share * float64(t.scale.people)))
}

func (t *teller) firstPrinciples() error {
	_, err := collaborative.AdoptPrinciples.Do(t.as(operation.Director), &t.door, collaborative.AdoptInput{Body: "1. Families first: no decision about families without them at the table.\n" +
		"2. We share what we measure, also when it does not flatter us.\n3. We speak in words that need no explaining, in the languages spoken here.\n" +
		"4. Credit goes to the table, not to one logo."})
	if err != nil {
		return err
	}
	return t.phase("initiate_action")
}

func (t *teller) secondPrinciples() error {
	_, err := collaborative.AdoptPrinciples.Do(t.as(operation.Director), &t.door, collaborative.AdoptInput{Newest: 1, Body: "1. Families first: no decision about families without them at the table, and their time is paid.\n" +
		"2. We share what we measure, also when it does not flatter us.\n3. We look at every figure by neighborhood, language and income before we are content with it.\n" +
		"4. We speak in words that need no explaining, in the languages spoken here.\n5. Credit goes to the table, not to one logo.\n" +
		"6. We stop what does not help, kindly and in public."})
	if err != nil {
		return err
	}
	return t.phase("organize_for_impact")
}

func (t *teller) lookingAhead() error {
	languages := []string{"en", "fr", "es"}
	current, err := collaborative.Get.Do(t.as(operation.Director), &t.door, operation.None{})
	if err != nil {
		return err
	}
	_, err = collaborative.Edit.Do(t.as(operation.Director), &t.door, collaborative.EditInput{Version: current.Version, Languages: &languages})
	return err
}

// ownWords is what people keep up themselves: a representative what their
// organization says, a resident how to reach her, the backbone the rest.
func (t *teller) ownWords() error {
	library := t.organizationNamed("Tamarack Public Library")
	o, err := directory.GetOrganization.Do(t.as(operation.Representative), &t.door, directory.OrganizationRef{ID: library})
	if err != nil {
		return err
	}
	about := "Five branches and a bookmobile. Home of the summer reading campaign, and since this fall of a homework room in every branch."
	if _, err := directory.EditOrganization.Do(t.as(operation.Representative), &t.door, directory.OrganizationPatch{ID: library, Version: o.Version, About: &about}); err != nil {
		return err
	}
	t.later(20 * time.Hour)
	resident := t.members[string(operation.CommunityMember)].person
	p, err := directory.GetPerson.Do(t.as(operation.CommunityMember), &t.door, directory.PersonRef{ID: resident})
	if err != nil {
		return err
	}
	phone := "555-0177"
	if _, err := directory.EditPerson.Do(t.as(operation.CommunityMember), &t.door, directory.PersonPatch{ID: resident, Version: p.Version, Phone: &phone}); err != nil {
		return err
	}
	t.later(26 * time.Hour)
	radio := t.organizationNamed("Radio Ribera 98.3")
	if o, err = directory.GetOrganization.Do(t.as(operation.Staff), &t.door, directory.OrganizationRef{ID: radio}); err != nil {
		return err
	}
	notes := "Would carry the spring figures live; ask for Wednesday morning."
	_, err = directory.EditOrganization.Do(t.as(operation.Staff), &t.door, directory.OrganizationPatch{ID: radio, Version: o.Version, Notes: &notes})
	return err
}

// phase moves the collaborative on.
func (t *teller) phase(to string) error {
	current, err := collaborative.Get.Do(t.as(operation.Director), &t.door, operation.None{})
	if err != nil {
		return err
	}
	_, err = collaborative.Edit.Do(t.as(operation.Director), &t.door, collaborative.EditInput{Version: current.Version, Phase: &to})
	return err
}
