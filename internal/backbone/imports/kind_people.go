package imports

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
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
