package imports

import (
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

func createPerson(c *operation.Call, v Values) (Written, error) {
	emails := lines(v["email"])
	in := directory.PersonInput{GivenName: v["given_name"], FamilyName: v["family_name"], OtherNames: lines(v["other_names"]), Phone: v["phone"], Channel: v["channel"], Language: v["language"],
		Title: v["title"], Represents: v["represents"] == "yes", Notes: v["notes"], Tags: lines(v["tags"]), NoMailings: v["no_mailings"] == "yes", Custom: own(v)}
	if len(emails) > 0 {
		in.Email, in.OtherEmails = emails[0], emails[1:]
	}
	organizations := lines(v["organization"])
	if len(organizations) > 0 {
		in.OrganizationID = idOf[directory.Organization](organizations[0])
	}
	p, err := directory.CreatePerson.Within(c, in)
	if err != nil || len(organizations) < 2 {
		return Written{TargetID(p.ID), p.Name(), p.Version}, err
	}
	return affiliate(c, p, organizations)
}

// affiliate gives a person the organizations a file names that they do not belong
// to yet, from today.
func affiliate(c *operation.Call, p directory.Person, organizations []string) (Written, error) {
	people, err := directory.PeopleNamed(c, []directory.PersonID{p.ID})
	if err != nil || len(people) == 0 {
		return Written{TargetID(p.ID), p.Name(), p.Version}, err
	}
	whole, err := directory.GetPerson.Within(c, directory.PersonRef{ID: p.ID})
	if err != nil {
		return Written{}, err
	}
	in := directory.PersonAffiliations{ID: p.ID, Version: p.Version}
	holds := map[string]bool{}
	for _, a := range whole.Affiliations {
		in.Affiliations = append(in.Affiliations, directory.AffiliationInput{ID: a.ID, OrganizationID: a.OrganizationID, Title: a.Title, Represents: a.Represents, From: a.ValidFrom, To: a.ValidTo})
	}
	for _, a := range people[0].Affiliations {
		holds[a.OrganizationID.String()] = true
	}
	for _, organization := range organizations {
		if !holds[organization] {
			in.Affiliations = append(in.Affiliations, directory.AffiliationInput{OrganizationID: idOf[directory.Organization](organization), From: c.Today()})
		}
	}
	after, err := directory.SetAffiliations.Within(c, in)
	return Written{TargetID(after.ID), after.Name(), after.Version}, err
}

func updatePerson(c *operation.Call, target TargetID, change Values) (Written, error) {
	people, err := directory.PeopleNamed(c, []directory.PersonID{directory.PersonID(target)})
	if err != nil || len(people) == 0 {
		return Written{}, orMissing(err)
	}
	before := people[0]
	patch := directory.PersonPatch{ID: before.ID, Version: before.Version, GivenName: set(change, "given_name"), FamilyName: set(change, "family_name"), Phone: set(change, "phone"),
		Channel: set(change, "channel"), Language: set(change, "language"), Notes: set(change, "notes"), OtherNames: setLines(change, "other_names"), Tags: setLines(change, "tags"),
		NoMailings: setYes(change, "no_mailings"), Custom: own(change)}
	if _, given := change["email"]; given {
		emails := lines(change["email"])
		first, others := "", []string{}
		if len(emails) > 0 {
			first, others = emails[0], emails[1:]
		}
		patch.Email, patch.OtherEmails = &first, &others
	}
	if before.Affiliation != nil {
		patch.Title, patch.Represents = set(change, "title"), setYes(change, "represents")
	}
	organizations := lines(change["organization"])
	if len(organizations) > 0 && before.Affiliation == nil {
		first := idOf[directory.Organization](organizations[0])
		patch.OrganizationID, patch.Title, patch.Represents = &first, set(change, "title"), setYes(change, "represents")
	}
	p, err := directory.EditPerson.Within(c, patch)
	if err != nil || len(organizations) == 0 {
		return Written{TargetID(p.ID), p.Name(), p.Version}, err
	}
	return affiliate(c, p, organizations)
}

// convert gives ids the type of their noun.
func convert[I ~[16]byte](ids []TargetID) []I {
	out := make([]I, len(ids))
	for i, one := range ids {
		out[i] = I(one)
	}
	return out
}

// idOf reads an id that this package wrote; the zero id for anything else.
func idOf[N any](text string) id.Of[N] {
	out, _ := id.Parse[N](text)
	return out
}
