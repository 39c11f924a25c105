package resemblance_test

import (
	"slices"
	"testing"

	. "commontable/internal/analysis/resemblance"
)

// named writes an organization in a line: name, website, phone, place.
func named(fields ...string) Organization {
	fields = append(fields, "", "", "", "")
	o := Organization{Names: []string{fields[0]}, Place: fields[3]}
	if fields[1] != "" {
		o.Websites = []string{fields[1]}
	}
	if fields[2] != "" {
		o.Phones = []string{fields[2]}
	}
	return o
}

func TestOrganizationsThatAreTheSameOrNot(t *testing.T) {
	others := organizations(3, 300).records
	const site, phone = "https://riverbendhealth.net", "612-555-0123"
	for _, c := range []struct {
		name string
		a, b Organization
		band Band
		code string
	}{
		{"a legal form", named("Apollo Graph, Inc", "apollo.dev"), named("Apollo Graph", "https://www.apollo.dev/about"), Certain, LegalSuffix},
		{"Spanish and Belgian forms", named("Grupo Zaldívar, S.A. de C.V.", site), named("Grupo Zaldivar asbl", site), Certain, LegalSuffix},
		{"an article", named("The Riverbend Zephyr Collective", site), named("Riverbend Zephyr Collective", site), Certain, SameName},
		{"abbreviations", named("St. Zephyr Elem. Sch.", "", phone), named("Saint Zephyr Elementary School", "", phone), Certain, Abbreviation},
		{"an acronym with the domain", named("RHC", site), named("Riverbend Health Center", site), Certain, Acronym},
		{"an acronym alone", named("RHC"), named("Riverbend Health Center"), None, Acronym},
		{"an acronym in brackets", named("Riverbend Zephyr Health Collective (RZHC)", "", phone), named("RZHC", "", phone), Certain, SameName},
		{"a former name", named("Apollo (fka Meteor)", site), named("Meteor", site), Certain, SameName},
		{"spaces", named("OpenJS Zephyr", site), named("Open JS Zephyr", site), Certain, SpacedDifferently},
		{"a slip", named("Kubermatic", site), named("Kubermtaic", site), Certain, Transposed},
		{"languages", named("University of Zephyrville", site), named("Universidad de Zephyrville", site), Certain, Abbreviation},
		{"the name alone", named("Kubermatic"), named("Kubermatic GmbH"), Likely, NameOnly},
		{"name and place", named("Kubermatic", "", "", "Hamburg"), named("Kubermatic GmbH", "", "", "Hamburg"), Certain, SamePlace},
		{"name and another place", named("Zephyr Youth Center", "", "", "Hartwell"), named("Zephyr Youth Center", "", "", "Marlow"), Likely, DifferentPlace},
		{"two schools of a patron", named("Zephyr Elementary School", "zephyr.k12.mn.us", phone), named("Zephyr Middle School", "zephyr.k12.mn.us", phone), None, DifferentKind},
		{"a kind that one leaves out", named("Zephyr Elementary School", site, phone), named("Zephyr School", site, phone), Likely, DifferentKind},
		{"two locals", named("Teamsters Local 12", site), named("Teamsters Local 21", site), None, DifferentNumber},
		{"PS 12 and PS 21", named("PS 12", "schools.nyc.gov", phone), named("P.S. 21", "schools.nyc.gov", phone), None, DifferentNumber},
		{"first and second", named("First Zephyr Church", "", phone), named("Second Zephyr Church", "", phone), None, DifferentNumber},
		{"city and county", named("City of Zephyrville", "", phone), named("County of Zephyrville", "", phone), None, DifferentKind},
		{"a hospital and its foundation", named("Saint Zephyr Hospital", site), named("Saint Zephyr Hospital Foundation", site), Likely, DifferentWords},
		{"a new name", named("Kubermatic", site), named("Zephyr", site), None, DifferentWords},
		{"a public provider is no domain", named("Zephyr", "https://gmail.com"), named("Kubermatic", "https://gmail.com"), None, ""},
		{"a page with a service", named("Zephyr Kitchen", "facebook.com/zephyrkitchen"), named("Zephyr Kitchen", "https://www.facebook.com/ZephyrKitchen/"), Certain, SameDomain},
		{"nothing at all", Organization{}, Organization{}, None, NameMissing},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.a.Key, c.b.Key = invented(1), invented(2)
			m := NewOrganizationIndex(append(slices.Clone(others), c.a, c.b)).Compare(c.a, c.b)
			if m.Band != c.band || c.code != "" && !slices.Contains(codesOf(m), c.code) {
				t.Errorf("%s, %.4f: %v; want %s, %s", m.Band, m.Score, m.Reasons, c.band, c.code)
			}
		})
	}
}

func TestTwoSchoolsOfADistrict(t *testing.T) {
	var list []Organization
	for i, name := range []string{"Lincoln Elementary", "Washington Elementary", "Lincoln Middle School", "Garfield High School", "Riverbend Public Schools", "Lincoln High School"} {
		list = append(list, Organization{Key: invented(uint64(i + 1)), Names: []string{name}, Websites: []string{"riverbend.k12.mn.us"}, Phones: []string{"612-555-0100"}, Place: "Riverbend"})
	}
	for m := range NewOrganizationIndex(list).Pairs {
		if m.Band == Certain {
			t.Errorf("%.3f: %v", m.Score, m.Reasons)
		}
	}
}

// Two names that say as much as each other leave open which of them is compared;
// the answer must not hang on the order in which a list tells them.
func TestNamesInAnotherOrder(t *testing.T) {
	phone := []string{"612-555-0123"}
	var list []Organization
	for i := range uint64(15) { // a number many share, so that initials alone are asked about
		list = append(list, Organization{Key: invented(i + 1), Phones: phone})
	}
	a := Organization{Key: invented(50), Names: []string{"Riverbend Health Center", "RHC"}, Phones: phone}
	b := Organization{Key: invented(51), Names: []string{"RHC", "Riverbend Health Center"}, Phones: phone}
	x := NewOrganizationIndex(append(list, a, b))
	if m, back := x.Compare(a, b), x.Compare(b, a); m.Score != back.Score || m.Band != Certain {
		t.Errorf("%.4f %s, from the other side %.4f %s", m.Score, m.Band, back.Score, back.Band)
	}
}

// The spellings are those of standards-committee/attendance.csv,
// open-source-foundation/seats.csv and graduation/2012_grad.csv of the shared
// test data.
func TestOrganizationsOfRealLists(t *testing.T) {
	var list []Organization
	key := map[string]Key{}
	add := func(name string) Organization {
		if key[name] == (Key{}) {
			key[name] = invented(uint64(len(key) + 1))
			list = append(list, Organization{Key: key[name], Names: []string{name}})
		}
		return Organization{Key: key[name], Names: []string{name}}
	}
	same := [][2]string{
		{"Apple Inc.", "Apple"}, {"Bloomberg LP", "BLoomberg"}, {"Igalia, S.L", "Igalia S.L."}, {"HeroDevs", "Herodevs"}, {"Deno Land Inc", "Deno Land"}, {"Moddable Inc", "Moddable"},
		{"OpenJS Foundation", "Open JS Foundation"}, {"Univ. of Bergen", "Uni. Bergen"}, {"University of Leiden", "Leiden University"}, {"Zalari GmbH", "Zalari"},
		{"Apollo (fka Meteor)", "Apollo"}, {"ServiceNow Inc", "Servicenow"}, {"Ecma International", "Ecma Int."}, {"Sony (PlayStation)", "Sony"}, {"Lambda, Inc", "Lambda"},
		{"PILLAGER AREA CHARTER SCHOOL", "Pillager Area Charter Sch."}, {"BUFFALO-HANOVER-MONTROSE PUBLIC SCH", "Buffalo-Hanover-Montrose Public School"},
		{"ST. LOUIS PARK PUBLIC SCHOOL DIST.", "Saint Louis Park Public School District"}, {"WALKER-HACKENSACK-AKELEY SCHL. DIST", "Walker-Hackensack-Akeley School District"},
		{"A.C.G.C. Public School District", "ACGC PUBLIC SCHOOL DISTRICT"}, {"FRESHWATER ED. DIST.", "Freshwater Education District"},
	}
	apart := [][2]string{
		{"INTERMEDIATE SCHOOL DISTRICT 287", "INTERMEDIATE SCHOOL DISTRICT 917"}, {"NORMAN COUNTY EAST SCHOOL DISTRICT", "NORMAN COUNTY WEST SCHOOL DISTRICT"},
		{"SOUTH ST. PAUL PUBLIC SCHOOL DIST.", "ST. PAUL PUBLIC SCHOOL DISTRICT"}, {"PILLAGER AREA CHARTER SCHOOL", "PILLAGER PUBLIC SCHOOL DISTRICT"},
		{"Open JS Foundation", "OpenJSF"}, {"ALBANY PUBLIC SCHOOL DISTRICT", "ALBERT LEA PUBLIC SCHOOL DISTRICT"}, {"MARSHALL COUNTY CENTRAL SCHOOLS", "MURRAY COUNTY CENTRAL SCHOOL DIST."},
	}
	for _, pair := range append(slices.Clone(same), apart...) {
		add(pair[0])
		add(pair[1])
	}
	index := NewOrganizationIndex(list)
	for _, pair := range same {
		found := slices.ContainsFunc(index.Candidates(add(pair[0])), func(m Match) bool { return m.B == key[pair[1]] })
		if m := index.Compare(add(pair[0]), add(pair[1])); !found || m.Band == None {
			t.Errorf("%s and %s: found %v, %.3f, %v", pair[0], pair[1], found, m.Score, m.Reasons)
		}
	}
	for _, pair := range apart {
		if m := index.Compare(add(pair[0]), add(pair[1])); m.Band == Certain {
			t.Errorf("%s and %s: %.3f, %v", pair[0], pair[1], m.Score, m.Reasons)
		}
	}
}
