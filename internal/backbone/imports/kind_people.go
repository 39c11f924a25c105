package imports

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"commontable/internal/analysis/resemblance"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// fullName is a field for files that have the name in one column; rows come out
// with given and family name.
const fullName = "name"

// personKind are people with the organizations they belong to. An organization
// that is not there yet is made.
var personKind = &Kind{
	ID: "people", Owner: directory.PersonKind,
	Needs: []string{"people.create", "people.edit", "organizations.create"},
	Undo:  directory.ReversibleOf(directory.PersonKind),
	Fields: []Field{
		idField,
		{ID: fullName, Type: TextType, Label: "import.field_full_name", Also: []string{"people.field_name"}, Aliases: []string{"name", "full name", "display name", "contact name", "person", "nom complet", "nom et prenom", "nombre completo", "nombre y apellido", "fn"}},
		{ID: "given_name", Type: TextType, Most: 100, Label: "people.field_given_name", Aliases: []string{"first name", "given name", "firstname", "first", "forename", "prenom", "nombre", "nombres", "fname", "vorname"}},
		{ID: "family_name", Type: TextType, Most: 100, Label: "people.field_family_name", Aliases: []string{"last name", "family name", "lastname", "last", "surname", "nom", "nom de famille", "apellido", "apellidos", "lname", "nachname"}},
		{ID: "other_names", Type: TextType, Many: true, Label: "people.field_other_names", Aliases: []string{"other names", "nickname", "nick name", "also known as", "autres noms", "surnom", "otros nombres", "apodo"}},
		{ID: "email", Type: EmailType, Many: true, Label: "people.field_email", Also: []string{"people.field_other_emails"}, Aliases: []string{"email", "e mail", "email address", "e mail address", "mail", "user email", "courriel", "adresse e mail", "adresse electronique", "correo", "correo electronico", "emailadresse", "e mail 1 value", "primary email"}},
		{ID: "phone", Type: TextType, Most: 50, Label: "people.field_phone", Aliases: []string{"phone", "phone number", "telephone", "mobile", "mobile phone", "cell", "tel", "telefono", "phone 1 value", "can2 phone", "business phone", "primary phone"}},
		{ID: "channel", Type: ChoiceType, Label: "people.field_channel", Choices: sync.OnceValue(func() map[string][]string {
			return spoken("channels.", directory.Channels, map[string][]string{"text": {"sms"}, "post": {"mail", "letter"}})
		}), Aliases: []string{"preferred channel", "preferred communication method", "canal prefere", "canal preferido"}},
		{ID: "language", Fixable: true, Type: ChoiceType, Label: "people.field_language", Choices: spokenLanguages, Aliases: []string{"language", "preferred language", "langue", "idioma", "lengua"}},
		{ID: "organization", Fixable: true, Type: TextType, Refers: "organizations", Many: true, Label: "people.field_organization", Aliases: []string{"organization", "organisation", "organization name", "company", "company name", "employer", "current employer", "org", "agency", "affiliation", "institution", "organisme", "entreprise", "structure", "organizacion", "empresa", "entidad", "primary organization"}},
		{ID: "title", Type: TextType, Label: "people.field_title", Aliases: []string{"title", "job title", "position", "role", "organization title", "fonction", "poste", "titre", "cargo", "puesto"}},
		{ID: "represents", Type: YesNoType, Label: "people.field_represents", Aliases: []string{"represents", "representative", "represente", "representa"}},
		{ID: "tags", Fixable: true, Type: TextType, Many: true, Most: 60, Label: "people.field_tags", Aliases: []string{"tags", "tag s", "tag", "labels", "groups", "group s", "categories", "etiquettes", "mots cles", "etiquetas"}},
		{ID: "notes", Type: LinesType, Label: "people.field_notes", Aliases: []string{"notes", "note", "note s", "comments", "remarques", "notas", "comentarios"}},
		{ID: "no_mailings", Type: YesNoType, Guarded: true, Label: "people.field_no_mailings", Aliases: []string{"no mailings", "no bulk emails user opt out", "unsubscribed", "opt out", "do not email", "pas d envois groupes", "sin envios masivos", "desabonne"}},
		{ID: "subscription", Type: TextType, Label: "import.field_subscription", Aliases: []string{"status", "subscription status", "can2 subscription status", "email subscription status", "email marketing status"}},
	},
	Roles: []Role{{Kind: "organizations", Field: "organization", Take: takeEmployer, Alone: func(v Values) bool { return v[noPerson] != "" }}},
	Tidy:  tidyContact,
	Title: func(v Values) string { return strings.TrimSpace(v["given_name"] + " " + v["family_name"]) },
	Check: func(v Values) []Fault {
		if v["given_name"] == "" && v["family_name"] == "" && v[noPerson] == "" {
			return []Fault{{Field: "given_name", Key: "errors.a_name_needed"}}
		}
		return nil
	},
	Keys: func(v Values) []string {
		out := withID(v)
		for _, email := range lines(v["email"]) {
			out = append(out, "email:"+i18n.FoldKey(email))
		}
		return append(out, nameKey(v["given_name"]+" "+v["family_name"], v[placeOfWork]))
	},
	Matcher: personMatcher,
	Current: currentPeople,
	Detail: func(now Current) string {
		return strings.ReplaceAll(shown(now, now.Values["organization"]), "\n", ", ")
	},
	Soften: func(given Values, now Current, sure bool) {
		name := personTitle(given)
		switch {
		case folded(given[whole]) == folded(now.Title) && given[whole] != "":
			// How a name in one cell parts is a guess; they know better themselves.
			delete(given, "given_name")
			delete(given, "family_name")
			return
		case sure, folded(name) == folded(now.Title):
			return
		}
		given["other_names"] = union(given["other_names"], name)
		delete(given, "given_name")
		delete(given, "family_name")
	},
	Create: createPerson,
	Update: updatePerson,
}

// placeOfWork keeps the organization's name beside the reference to it, to tell
// two people of one name apart.
const placeOfWork = hiddenField + "organization"

// whole keeps a name that stood in one cell.
const whole = hiddenField + "whole_name"

// noPerson marks a row of a list of contacts that is about an organization.
const noPerson = hiddenField + "no_person"

// tidyContact completes a row of a list of contacts. One whose only name is that
// of its organization, as CiviCRM writes organizations among people, is about the
// organization.
func tidyContact(v Values) {
	if v["given_name"] == "" && v["family_name"] == "" && v["organization"] != "" && folded(v[fullName]) == folded(named(v, "organization")["name"]) {
		v[noPerson] = "yes"
		return
	}
	tidyPerson(v)
}

// takeEmployer is the organization of a row, of which little but the name is
// known unless the row is about it.
func takeEmployer(v Values, _ map[string]string) Values {
	out := named(v, "organization")
	if v[noPerson] != "" {
		out["phone"], out["tags"], out["notes"] = v["phone"], v["tags"], v["notes"]
		out["email"], _, _ = strings.Cut(v["email"], "\n")
		maps.DeleteFunc(out, func(_, value string) bool { return value == "" })
	}
	return out
}

func personTitle(v Values) string {
	return strings.TrimSpace(v["given_name"] + " " + v["family_name"])
}

// named is a record of which a row says only the name.
func named(v Values, field string) Values {
	if v[field] == "" {
		return nil
	}
	name, _, _ := strings.Cut(v[field], "\n")
	return Values{"name": name}
}

var spokenLanguages = sync.OnceValue(func() map[string][]string {
	return map[string][]string{
		"en": {"en", "english", "anglais", "ingles", "en us", "en gb", "en ca", "eng"},
		"fr": {"fr", "french", "francais", "frances", "fr fr", "fr ca", "fra"},
		"es": {"es", "spanish", "espagnol", "espanol", "castellano", "es es", "es mx", "es us", "spa"},
	}
})

// unwilling are words by which mailing tools say that nobody writes to somebody:
// they asked for it, never agreed, or letters to them come back.
var unwilling = []string{"unsubscribed", "non subscribed", "nonsubscribed", "not subscribed", "cleaned", "blocklisted", "disabled", "bounc", "opt out", "opted out", "spam",
	"desinscrit", "desabonne", "non abonne", "no suscrito", "cancelad", "de baja", "abgemeldet"}

// tidyPerson parts a full name and keeps the place of work for the keys. What a
// mailing tool says of a subscription becomes the wish for no mailings.
func tidyPerson(v Values) {
	if v[fullName] != "" && v["given_name"] == "" && v["family_name"] == "" {
		v["given_name"], v["family_name"] = partName(v[fullName])
		v[whole] = v[fullName]
	}
	delete(v, fullName)
	status := i18n.FoldKey(v["subscription"])
	if slices.ContainsFunc(unwilling, func(word string) bool { return strings.Contains(status, word) }) {
		v["no_mailings"] = "yes"
	}
	delete(v, "subscription")
	if v["no_mailings"] == "no" {
		delete(v, "no_mailings") // no file takes the wish back
	}
	if v["organization"] != "" {
		v[placeOfWork] = i18n.FoldKey(named(v, "organization")["name"])
	}
	if v["given_name"] == "" && v["family_name"] == "" && v["email"] != "" {
		// A mailing list often has nothing but addresses.
		local, _, _ := strings.Cut(lines(v["email"])[0], "@")
		v["given_name"] = local
	}
}

// partName parts a name that stands in one cell: at a comma, or before the last
// word and the particles that belong to it.
func partName(name string) (given, family string) {
	if before, after, found := strings.Cut(name, ","); found && after != "" {
		return strings.TrimSpace(after), strings.TrimSpace(before)
	}
	words := strings.Fields(name)
	if len(words) < 2 {
		return name, ""
	}
	at := len(words) - 1
	for at > 1 && contains(particles, strings.ToLower(words[at-1])) {
		at--
	}
	return strings.Join(words[:at], " "), strings.Join(words[at:], " ")
}

var particles = []string{"de", "del", "la", "las", "los", "y", "van", "von", "der", "den", "di", "da", "dos", "du", "des", "le", "el", "al", "bin", "ibn", "st.", "ter", "ten"}

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
