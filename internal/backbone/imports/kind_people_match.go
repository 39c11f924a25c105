package imports

import (
	"cmp"
	"strings"

	"commontable/internal/analysis/resemblance"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
)

func personMatcher(c *operation.Call) (Matcher, error) {
	x := &index[resemblance.Person]{of: comparedPerson, among: func(records []resemblance.Person) pairing { return resemblance.NewPersonIndex(records) }}
	var err error
	x.weigh = resemblance.IndexPeople(func(yield func(resemblance.Person) bool) {
		err = directory.EachKnownPerson(c, func(k directory.Known[resemblance.Person]) {
			knowPerson(x, k)
			yield(k.Compared) // it takes all of them
		})
	})
	if err == nil {
		err = knowFromSeats(c, x)
	}
	x.exact.sort()
	x.named.sort()
	return x, err
}

// comparedPerson is somebody a row names.
func comparedPerson(a Asked) resemblance.Person {
	return resemblance.Person{Key: keyOfRecord(a.Record), Given: a.Given["given_name"], Family: a.Given["family_name"], Emails: lines(a.Given["email"]), Phones: nonempty(a.Given["phone"]), Organizations: nonempty(a.Given[placeOfWork])}
}

func knowPerson(x *index[resemblance.Person], k directory.Known[resemblance.Person]) {
	place := x.know(TargetID(k.Compared.Key), len(k.Compared.Emails) > 0)
	for _, email := range k.Compared.Emails {
		x.exact.add("email:"+i18n.FoldKey(email), place)
	}
	for _, name := range append([]string{k.Name}, k.OtherNames...) {
		// The name alone finds only those of whom no more is known either.
		if x.named.add(nameKey(name, ""), place); len(k.Compared.Organizations) == 0 {
			x.exact.add(nameKey(name, ""), place)
		}
		for _, at := range k.Compared.Organizations {
			x.exact.add(nameKey(name, at), place)
		}
	}
}

// knowFromSeats adds people as seats and the relationship log name them: with
// whom they speak for there, which need not be where they work.
func knowFromSeats(c *operation.Call, x *index[resemblance.Person]) error {
	add := func(i directory.PersonID, name, organization string) {
		if place := x.place(TargetID(i)); place >= 0 && name != "" {
			x.exact.add(nameKey(name, organization), place)
		}
	}
	var bodies []directory.BodyID
	if err := directory.EachBody(c, func(b directory.Body) { bodies = append(bodies, b.ID) }); err != nil {
		return err
	}
	terms, err := directory.TermsIn(c, bodies)
	if err != nil {
		return err
	}
	for _, t := range terms {
		add(t.PersonID, t.Person, t.Organization)
	}
	return directory.EachTouch(c, func(t directory.Touch) { add(t.PersonID, t.Person, t.Organization) })
}

func currentPeople(c *operation.Call, ids []TargetID) (map[TargetID]Current, error) {
	people, err := directory.PeopleNamed(c, convert[directory.PersonID](ids))
	out := map[TargetID]Current{}
	for _, p := range people {
		v := Values{"given_name": p.GivenName, "family_name": p.FamilyName, "other_names": strings.Join(p.OtherNames, "\n"), "phone": p.Phone, "channel": p.Channel, "language": p.Language,
			"email": strings.Join(append(nonempty(p.Email), p.OtherEmails...), "\n"), "tags": strings.Join(p.Tags, "\n"), "notes": p.Notes, "no_mailings": yes(p.NoMailings)}
		now := Current{Title: p.Name(), Version: p.Version, Values: v, Shown: map[string]string{}}
		for _, a := range p.Affiliations {
			v["organization"] = union(v["organization"], a.OrganizationID.String())
			now.Shown[a.OrganizationID.String()] = a.Organization
		}
		if p.Affiliation != nil {
			v["title"], v["represents"] = p.Affiliation.Title, yesNo(p.Affiliation.Represents)
			for _, a := range p.Affiliations { // what an older file said of another one is no change
				v["title"] = cmp.Or(v["title"], a.Title)
			}
		}
		putOwn(v, p.Custom)
		out[TargetID(p.ID)] = now
	}
	return out, err
}
