package imports

import (
	"slices"
	"strings"
	"sync"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

// touchKind are entries of the relationship log.
var touchKind = &Kind{
	ID: "touches", Needs: []string{"touches.create", "touches.edit", "people.create", "organizations.create"},
	Fields: []Field{
		{ID: "on", Type: DateType, Label: "touches.field_happened_on", Aliases: []string{"date", "on", "when", "activity date", "contact date", "fecha", "le"}},
		{ID: "organization", Type: TextType, Refers: "organizations", Label: "touches.field_organization", Aliases: []string{"organization", "organisation", "company", "agency", "organisme", "organizacion", "entidad"}},
		{ID: "person", Type: TextType, Refers: "people", Label: "touches.field_person", Aliases: []string{"person", "name", "with", "contact", "contact name", "full name", "personne", "avec", "persona", "con", "nombre"}},
		{ID: "email", Type: EmailType, Label: "people.field_email", Aliases: []string{"email", "e mail", "email address", "courriel", "correo electronico"}},
		{ID: "channel", Fixable: true, Type: ChoiceType, Label: "touches.field_channel", Choices: sync.OnceValue(func() map[string][]string {
			return spoken("channels.", directory.TouchChannels, map[string][]string{"in_person": {"meeting", "visit", "face to face"}, "phone": {"call", "phone call"}, "video": {"zoom", "teams", "online"}, "text": {"sms"}, "post": {"letter", "mail"}})
		}), Aliases: []string{"channel", "type", "activity type", "how", "canal", "moyen", "medio"}},
		{ID: "about", Type: LinesType, Most: 5000, Label: "touches.field_about", Aliases: []string{"about", "subject", "notes", "note", "details", "description", "summary", "sujet", "objet", "asunto", "notas"}},
		{ID: "next", Type: DateType, Label: "touches.field_next_on", Aliases: []string{"next", "follow up", "follow up date", "next contact", "relance", "proximo contacto", "seguimiento"}},
	},
	Roles: []Role{
		{Kind: "organizations", Field: "organization", Take: func(v Values, _ map[string]string) Values { return named(v, "organization") }},
		{Kind: "people", Field: "person", Take: takeHolder},
	},
	Tidy: func(v Values) {
		v[placeOfWork] = v["organization"]
		v[seatTitle] = strings.TrimSpace(v["on"] + " " + v["person"])
	},
	Title: func(v Values) string {
		return v[seatTitle]
	},
	Check: func(v Values) []Fault {
		var faults []Fault
		if v["organization"] == "" && v["person"] == "" {
			faults = append(faults, Fault{Field: "person", Key: "errors.required"})
		}
		if v["on"] == "" {
			faults = append(faults, Fault{Field: "on", Key: "errors.required"})
		}
		return faults
	},
	Keys: func(v Values) []string {
		return []string{touchKey(v["on"], v["organization"], v["person"], v["about"])}
	},
	Matcher: func(c *operation.Call) (Matcher, error) {
		x := byKey{exact: map[string][]Candidate{}}
		err := directory.EachTouch(c, func(t directory.Touch) {
			key := touchKey(t.On, t.OrganizationID.String(), t.PersonID.String(), t.About)
			x.exact[key] = []Candidate{{Target: TargetID(t.ID), Title: t.With()}}
		})
		return x, err
	},
	Current: func(c *operation.Call, ids []TargetID) (map[TargetID]Current, error) {
		out := map[TargetID]Current{}
		for _, i := range ids {
			t, err := directory.GetTouch.Within(c, directory.TouchRef{ID: directory.TouchID(i)})
			if err != nil {
				return out, err
			}
			out[i] = Current{Title: t.With(), Version: t.Version, Values: Values{"on": t.On, "organization": t.OrganizationID.String(), "person": t.PersonID.String(), "channel": t.Channel, "about": t.About, "next": t.NextOn},
				Shown: map[string]string{t.OrganizationID.String(): t.Organization, t.PersonID.String(): t.Person}}
		}
		return out, nil
	},
	Create: func(c *operation.Call, v Values) (Written, error) {
		t, err := directory.CreateTouch.Within(c, directory.TouchInput{OrganizationID: idOf[directory.Organization](v["organization"]), PersonID: directory.PersonID(idOf[directory.Person](v["person"])),
			On: v["on"], Channel: v["channel"], About: v["about"], NextOn: v["next"]})
		return Written{TargetID(t.ID), t.With(), t.Version}, err
	},
	Update: func(c *operation.Call, target TargetID, change Values) (Written, error) {
		t, err := directory.GetTouch.Within(c, directory.TouchRef{ID: directory.TouchID(target)})
		if err != nil {
			return Written{}, err
		}
		t, err = directory.EditTouch.Within(c, directory.TouchPatch{ID: t.ID, Version: t.Version, Channel: set(change, "channel"), NextOn: set(change, "next")})
		return Written{TargetID(t.ID), t.With(), t.Version}, err
	},
}

// touchKey tells entries apart: the same words about the same on the same day
// are one entry.
func touchKey(on, organization, person, about string) string {
	return "touch:" + strings.Join([]string{on, organization, person, folded(about)}, "|")
}

// figureKind are figures of shared measurement. They are read, checked and shown;
// loading them waits for the capability that keeps them.
var figureKind = &Kind{
	ID: "figures", Waits: true,
	Fields: []Field{
		{ID: "indicator", Type: TextType, Label: "import.field_indicator", Aliases: []string{"indicator", "measure", "metric", "ending status", "dataelement", "indicateur", "indicador"}},
		{ID: "period", Type: TextType, Label: "import.field_period", Aliases: []string{"period", "year", "data year", "date", "school year", "periode", "annee", "periodo", "ano"}},
		{ID: "place", Type: TextType, Label: "import.field_area", Aliases: []string{"place", "district name", "district", "school", "county", "orgunit", "lieu", "lugar"}},
		{ID: "group", Type: TextType, Label: "import.field_group", Aliases: []string{"group", "subgroup", "demographic description", "student group", "groupe", "grupo"}},
		{ID: "value", Type: NumberType, Label: "import.field_value", Aliases: []string{"value", "actual value", "percent", "four year percent", "valeur", "valor"}},
		{ID: "numerator", Type: NumberType, Label: "import.field_numerator", Aliases: []string{"numerator", "count", "four year count", "numerateur", "numerador"}},
		{ID: "denominator", Type: NumberType, Label: "import.field_denominator", Aliases: []string{"denominator", "total", "four year total", "denominateur", "denominador"}},
	},
	Title: func(v Values) string {
		return strings.Join(slices.DeleteFunc([]string{v["indicator"], v["place"], v["group"], v["period"]}, func(s string) bool { return s == "" }), " · ")
	},
	Check: func(v Values) []Fault {
		if v["period"] == "" {
			return []Fault{{Field: "period", Key: "errors.required"}}
		}
		return nil
	},
	Keys: func(v Values) []string {
		return []string{"figure:" + strings.Join([]string{v["indicator"], v["place"], v["group"], v["period"]}, "|")}
	},
}
