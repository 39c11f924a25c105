package imports

import (
	"strings"
	"sync"

	"commontable/internal/analysis/resemblance"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

// organizationKind are organizations.
var organizationKind = &Kind{
	ID: "organizations", Owner: directory.OrganizationKind,
	Needs: []string{"organizations.create", "organizations.edit"},
	Undo:  directory.ReversibleOf(directory.OrganizationKind),
	Fields: []Field{
		idField,
		{ID: "name", Type: TextType, Label: "organizations.field_name", Aliases: []string{"name", "organization", "organisation", "organization name", "company", "agency", "label", "node label", "primary organization", "partner", "member", "nom", "nom de l organisme", "organisme", "structure", "nombre", "organizacion", "entidad", "account name"}},
		{ID: "other_names", Type: TextType, Many: true, Label: "organizations.field_other_names", Aliases: []string{"other names", "short name", "acronym", "abbreviation", "also known as", "former name", "legal name", "nickname", "autres noms", "sigle", "otros nombres", "siglas"}},
		{ID: "kinds", Type: TextType, Many: true, Most: 80, Label: "organizations.field_kinds", Aliases: []string{"kind", "kinds", "type", "organization type", "primary org function", "contact subtype", "category", "types", "tipo", "tipos"}},
		{ID: "sector", Fixable: true, Type: ChoiceType, Label: "organizations.field_sector", Choices: spokenSectors, Aliases: []string{"sector", "secteur", "industry"}},
		{ID: "status", Fixable: true, Type: ChoiceType, Label: "organizations.field_status", Choices: sync.OnceValue(func() map[string][]string {
			return spoken("statuses.", directory.Statuses, map[string][]string{"member": {"active", "current", "actif", "activo"}, "dormant": {"inactive", "inactif", "inactivo"}, "left": {"former", "past", "ancien", "antiguo"}})
		}), Aliases: []string{"status", "membership status", "statut", "estado"}},
		{ID: "since", Fixable: true, Type: DateType, Once: true, Label: "import.field_since", Aliases: []string{"since", "member since", "joined", "join date", "depuis", "membre depuis", "desde", "miembro desde"}},
		{ID: "place", Type: TextType, Label: "organizations.field_place", Aliases: []string{"place", "city", "town", "location", "neighborhood", "lieu", "ville", "commune", "lugar", "ciudad", "municipio"}},
		{ID: "website", Type: LinkType, Most: 500, Label: "organizations.field_website", Aliases: []string{"website", "web site", "web", "url", "homepage", "site web", "site internet", "sitio web", "pagina web"}},
		{ID: "email", Type: EmailType, Label: "organizations.field_email", Aliases: []string{"email", "e mail", "email address", "courriel", "correo electronico", "correo"}},
		{ID: "phone", Type: TextType, Most: 50, Label: "organizations.field_phone", Aliases: []string{"phone", "phone number", "telephone", "telefono", "tel"}},
		{ID: "about", Type: LinesType, Most: 5000, Label: "organizations.field_about", Aliases: []string{"about", "description", "mission", "purpose", "presentation", "a propos", "descripcion"}},
		{ID: "funder", Type: YesNoType, Label: "organizations.field_funder", Aliases: []string{"funder", "bailleur", "financeur", "financiador"}},
		{ID: "host", Type: YesNoType, Label: "organizations.field_host", Aliases: []string{"host", "hote", "anfitrion"}},
		{ID: "lead_organization", Type: YesNoType, Label: "organizations.field_lead_organization", Aliases: []string{"lead organization", "lead", "chef de file", "organizacion lider"}},
		{ID: "fiscal_sponsor", Type: YesNoType, Label: "organizations.field_fiscal_sponsor", Aliases: []string{"fiscal sponsor", "parrain fiscal", "patrocinador fiscal"}},
		{ID: "tags", Fixable: true, Type: TextType, Many: true, Most: 60, Label: "people.field_tags", Aliases: []string{"tags", "tag", "labels", "groups", "etiquettes", "etiquetas"}},
		{ID: "notes", Type: LinesType, Label: "organizations.field_notes", Aliases: []string{"notes", "note", "comments", "remarques", "notas"}},
	},
	Title: func(v Values) string { return v["name"] },
	Check: func(v Values) []Fault {
		if v["name"] == "" {
			return []Fault{{Field: "name", Key: "errors.required"}}
		}
		return nil
	},
	Keys:    func(v Values) []string { return withID(v, nameKey(v["name"], "")) },
	Matcher: organizationMatcher,
	Current: func(c *operation.Call, ids []TargetID) (map[TargetID]Current, error) {
		all, err := directory.OrganizationsNamed(c, convert[directory.OrganizationID](ids))
		out := map[TargetID]Current{}
		for _, o := range all {
			v := Values{"name": o.Name, "other_names": strings.Join(o.OtherNames, "\n"), "kinds": strings.Join(o.Kinds, "\n"), "sector": o.Sector, "status": o.Status, "place": o.Place,
				"website": o.Website, "email": o.Email, "phone": o.Phone, "about": o.About, "notes": o.Notes, "tags": strings.Join(o.Tags, "\n"),
				"funder": yesNo(o.Funder), "host": yesNo(o.Host), "lead_organization": yesNo(o.LeadOrganization), "fiscal_sponsor": yesNo(o.FiscalSponsor)}
			putOwn(v, o.Custom)
			out[TargetID(o.ID)] = Current{Title: o.Name, Version: o.Version, Values: v}
		}
		return out, err
	},
	Detail: func(now Current) string { return now.Values["place"] },
	Soften: func(given Values, now Current, sure bool) {
		if sure || folded(given["name"]) == folded(now.Title) {
			return
		}
		if !contains(lines(now.Values["other_names"]), given["name"]) {
			given["other_names"] = union(given["other_names"], given["name"])
		}
		delete(given, "name")
	},
	Create: func(c *operation.Call, v Values) (Written, error) {
		o, err := directory.CreateOrganization.Within(c, directory.OrganizationInput{Name: v["name"], OtherNames: lines(v["other_names"]), Kinds: lines(v["kinds"]), Sector: v["sector"], Status: v["status"],
			Since: v["since"], Place: v["place"], Website: v["website"], Email: v["email"], Phone: v["phone"], About: v["about"], Notes: v["notes"], Tags: lines(v["tags"]), Custom: own(v),
			Funder: v["funder"] == "yes", Host: v["host"] == "yes", LeadOrganization: v["lead_organization"] == "yes", FiscalSponsor: v["fiscal_sponsor"] == "yes"})
		return Written{TargetID(o.ID), o.Name, o.Version}, err
	},
	Update: func(c *operation.Call, target TargetID, change Values) (Written, error) {
		all, err := directory.OrganizationsNamed(c, []directory.OrganizationID{directory.OrganizationID(target)})
		if err != nil || len(all) == 0 {
			return Written{}, orMissing(err)
		}
		o, err := directory.EditOrganization.Within(c, directory.OrganizationPatch{ID: all[0].ID, Version: all[0].Version, Name: set(change, "name"), OtherNames: setLines(change, "other_names"),
			Kinds: setLines(change, "kinds"), Sector: set(change, "sector"), Status: set(change, "status"), Place: set(change, "place"), Website: set(change, "website"),
			Email: set(change, "email"), Phone: set(change, "phone"), About: set(change, "about"), Notes: set(change, "notes"), Tags: setLines(change, "tags"),
			Funder: setYes(change, "funder"), Host: setYes(change, "host"), LeadOrganization: setYes(change, "lead_organization"), FiscalSponsor: setYes(change, "fiscal_sponsor"), Custom: own(change)})
		return Written{TargetID(o.ID), o.Name, o.Version}, err
	},
}

var spokenSectors = sync.OnceValue(func() map[string][]string {
	return spoken("sectors.", directory.Sectors, map[string][]string{
		"education": {"school", "schools", "k 12", "higher education"}, "government": {"public", "public sector", "city", "county", "state"}, "health": {"healthcare", "health care"},
		"nonprofit": {"non profit", "not for profit", "ngo", "charity", "association", "ong"}, "business": {"private", "private sector", "corporate", "company"},
		"philanthropy": {"foundation", "funder", "fondation", "fundacion"}, "faith": {"religious", "church"}, "community": {"resident", "residents", "grassroots"},
	})
})

// yesNo is a fact that is stored either way, so that a file can deny it.
func yesNo(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}

func organizationMatcher(c *operation.Call) (Matcher, error) {
	x := &index[resemblance.Organization]{of: func(a Asked) resemblance.Organization {
		return resemblance.Organization{Key: keyOfRecord(a.Record), Names: append([]string{a.Given["name"]}, lines(a.Given["other_names"])...), Websites: nonempty(a.Given["website"]),
			Emails: nonempty(a.Given["email"]), Phones: nonempty(a.Given["phone"]), Place: a.Given["place"]}
	}, among: func(records []resemblance.Organization) pairing { return resemblance.NewOrganizationIndex(records) }}
	var all []resemblance.Organization
	err := directory.EachKnownOrganization(c, func(k directory.Known[resemblance.Organization]) {
		all = append(all, k.Compared)
		place := x.know(TargetID(k.Compared.Key), false)
		for _, name := range append([]string{k.Name}, k.OtherNames...) {
			x.exact.add(nameKey(name, ""), place)
		}
	})
	x.exact.sort()
	x.weigh = resemblance.NewOrganizationIndex(all)
	return x, err
}
