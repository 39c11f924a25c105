package sample

import (
	"fmt"
	"strings"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
)

// person is what the story remembers of one.
type person struct {
	id           operation.PersonID
	version      int64
	organization directory.OrganizationID
	fixed        bool // one of the cast
}

// oneByOne is how many arrivals of a chapter are told one at a time, each on a
// day of its own; beyond, they come in parties.
const oneByOne = 400

// growPeople adds people until there are n.
func (t *teller) growPeople(n int) error {
	missing := n - len(t.people)
	if missing > oneByOne {
		return t.growInParties(missing)
	}
	// Spread over what is left until the next chapter, or a season.
	step := min(100*24*time.Hour, t.until.Sub(t.clock.Now())) / time.Duration(max(missing, 1)+1)
	for i := range max(missing, 0) {
		in := t.inventPerson()
		made, err := directory.CreatePerson.Do(t.as(pick(t.random, t.clerks())), &t.door, in)
		if err != nil {
			return err
		}
		t.people = append(t.people, person{id: made.ID, version: made.Version, organization: in.OrganizationID})
		t.later(step)
		if i%50 == 0 {
			t.progress()
		}
	}
	return nil
}

// clerks are those who keep the directory.
func (t *teller) clerks() []operation.Role {
	if _, ok := t.members[string(operation.Staff)]; ok {
		return []operation.Role{operation.Staff, operation.Staff, operation.Director}
	}
	return []operation.Role{operation.Director}
}

func (t *teller) growInParties(missing int) error {
	for missing > 0 {
		list := make([]directory.PersonInput, min(missing, partyMost))
		for i := range list {
			list[i] = t.inventPerson()
		}
		made, err := createParty.Do(t.as(operation.Staff), &t.door, party{list})
		if err != nil {
			return err
		}
		t.people = append(t.people, made...)
		missing -= len(list)
		t.later(2 * time.Hour)
		t.progress()
	}
	return nil
}

func (t *teller) progress() { t.options.Progress(float64(len(t.people)) / float64(t.scale.people)) }

// inventPerson draws a person; a valley speaks three languages, unevenly.
func (t *teller) inventPerson() directory.PersonInput {
	r := t.random
	language := pick(r, []string{"en", "en", "en", "en", "en", "es", "es", "es", "fr", "fr"})
	if t.collaborative.Language == "es" {
		language = pick(r, []string{"es", "es", "es", "en"})
	}
	in := directory.PersonInput{Language: language}
	for range 20 { // namesakes exist, but not among thirty
		in.GivenName, in.FamilyName = pick(r, givenNames[language]), pick(r, familyNames[language])
		if language == "es" && r.IntN(2) == 0 {
			in.FamilyName += " " + pick(r, familyNames["es"])
		}
		if r.IntN(6) == 0 {
			in.FamilyName = pick(r, familyNames[pick(r, []string{"en", "es", "fr"})])
		}
		if !t.taken[in.GivenName+" "+in.FamilyName] {
			break
		}
	}
	t.taken[in.GivenName+" "+in.FamilyName] = true
	host := "mail.example"
	if r.IntN(12) > 0 { // the others come as residents
		o := weighted(r, t.organizations)
		in.OrganizationID, host = o.id, o.domain
		in.Title = pick(r, titles[o.sector])
		in.Represents = r.IntN(4) == 0
	}
	in.Email = t.address(in.GivenName, in.FamilyName, host)
	if r.IntN(3) > 0 {
		in.Phone = fmt.Sprintf("555-01%02d", r.IntN(100))
	}
	if r.IntN(14) == 0 {
		in.Notes = pick(r, notes)
	}
	return in
}

// address is a mail address nobody else has.
func (t *teller) address(given, family, host string) string {
	box := mailbox(given, family)
	address := box + "@" + host
	for n := 2; t.taken[address]; n++ {
		address = fmt.Sprintf("%s%d@%s", box, n, host)
	}
	t.taken[address] = true
	return address
}

func mailbox(given, family string) string {
	return strings.Join(i18n.Words(given), "") + "." + strings.Join(i18n.Words(family), "")
}

// movingOn is when people change places: some to another organization, some
// out of working life.
func (t *teller) movingOn() error {
	moved := 0
	for i := range t.people {
		p := &t.people[i]
		if p.fixed || p.organization.IsZero() || t.random.IntN(100) >= 7 {
			continue
		}
		if moved++; moved > oneByOne {
			return nil
		}
		var to directory.OrganizationID
		title := ""
		if t.random.IntN(5) > 0 {
			o := pick(t.random, t.organizations)
			to, title = o.id, pick(t.random, titles[o.sector])
		}
		if to == p.organization {
			continue
		}
		after, err := directory.EditPerson.Do(t.as(operation.Staff), &t.door, directory.PersonPatch{ID: p.id, Version: p.version, OrganizationID: &to, Title: &title})
		if err != nil {
			return err
		}
		p.version, p.organization = after.Version, to
		t.later(3 * time.Hour)
	}
	return nil
}

func twoDigits(n int) string { return fmt.Sprintf("%02d", n%100) }
