package resemblance_test

import (
	"fmt"
	"slices"
	"testing"

	. "commontable/internal/analysis/resemblance"
)

// crowd is a list in which the names are borne that often, by people without
// anything in common.
func crowd(named map[[2]string]int, strangers int) []Person {
	var out []Person
	n := uint64(1000)
	add := func(given, family string) {
		n++
		out = append(out, Person{Key: invented(n), Given: given, Family: family})
	}
	for name, times := range named {
		for range times {
			add(name[0], name[1])
		}
	}
	for i := range strangers {
		add(fmt.Sprintf("%c%c%cin", 'a'+i%26, 'a'+i/26%26, 'a'+i%7), fmt.Sprintf("%c%co%cberg", 'a'+i%25, 'a'+i%23, 'a'+i/50%26))
	}
	return out
}

// person writes one in a line: given, family, e-mail, phone, organization.
func person(fields ...string) Person {
	fields = append(fields, "", "", "", "", "")
	p := Person{Given: fields[0], Family: fields[1]}
	for i, to := range []*[]string{&p.Emails, &p.Phones, &p.Organizations} {
		if f := fields[2+i]; f != "" {
			*to = []string{f}
		}
	}
	return p
}

func codesOf(m Match) []string {
	var out []string
	for _, r := range m.Reasons {
		out = append(out, r.Code)
	}
	return out
}

func TestPeopleWhoAreTheSameOrNot(t *testing.T) {
	list := crowd(map[[2]string]int{{"John", "Smith"}: 40, {"John", "Miller"}: 20, {"Mary", "Smith"}: 30, {"María", "García"}: 30, {"Juan", "López"}: 20, {"Juana", "Ruiz"}: 20, {"Robert", "Jones"}: 15}, 1500)
	for _, c := range []struct {
		name string
		a, b Person
		band Band
		code string
	}{
		{"accents and capitals", person("José", "Núñez", "jose@riverbend.org"), person("JOSE", "NUNEZ", "Jose@Riverbend.org"), Certain, SameFamily},
		{"dots and a plus at gmail", person("Ana", "Kraifaind", "ana.kraifaind@gmail.com"), person("Ana", "Kraifaind", "anakraifaind+list@googlemail.com"), Certain, SameEmail},
		{"a plus elsewhere is another mailbox", person("Ana", "Kraifaind", "ana@x.org"), person("Bea", "Kraifaind", "ana+bea@x.org"), None, DifferentGiven},
		{"Bob and Robert", person("Bob", "Kraifaind", "", "612-555-0123"), person("Robert", "Kraifaind", "", "(612) 555 0123"), Certain, Nickname},
		{"Pepe and José", person("Pepe", "Zaldívar", "", "", "Riverbend Health Center"), person("José", "Zaldivar", "", "", "Riverbend Health Center, Inc."), Certain, Nickname},
		{"Paco and Francisco", person("Paco", "Zaldívar", "paco@clinica.mx"), person("Francisco", "Zaldívar", "paco@clinica.mx"), Certain, Nickname},
		{"Lupe and Guadalupe", person("Lupe", "Zaldívar", "", "612-555-0123"), person("Guadalupe", "Zaldívar", "", "6125550123"), Certain, Nickname},
		{"Manu and Emmanuel", person("Manu", "Lefèvre", "", "0612345678"), person("Emmanuel", "Lefevre", "", "+33 6 12 34 56 78"), Certain, Nickname},
		{"an initial at an office", person("J.", "Kraifaind", "kraifaind@riverbend.org"), person("Jutta", "Kraifaind", "kraifaind@riverbend.org"), Certain, Initial},
		{"an initial in a household", person("J.", "Kraifaind", "kraifaind@gmail.com"), person("Jutta", "Kraifaind", "kraifaind@gmail.com"), Likely, Initial},
		{"one of two family names", person("Ana", "Zaldívar Ontiveros", "ana@x.org"), person("Ana", "Zaldívar", "ana@x.org"), Certain, CompoundFamily},
		{"cousins", person("Ana", "Zaldívar Ontiveros", "", "612-555-0123"), person("Ana", "Zaldívar Perezagua", "", "612-555-0123"), Likely, DifferentFamily},
		{"swapped names", person("Kraifaind", "Jutta", "jk@x.org"), person("Jutta", "Kraifaind", "jk@x.org"), Certain, SwappedNames},
		{"all in one field", person("", "Kraifaind, Jutta", "jk@x.org"), person("Jutta Kraifaind", "", "jk@x.org"), Certain, SameGiven},
		{"particles", person("Jan", "van der Kraif", "jk@x.org"), person("Jan", "Kraif", "jk@x.org"), Certain, SameFamily},
		{"letters that changed places", person("Jutta", "Kraifaind", "jk@x.org"), person("Jutta", "Kriafaind", "jk@x.org"), Certain, Transposed},
		{"by ear", person("Jutta", "Vasquezola", "", "612-555-0123"), person("Jutta", "Basquesola", "", "612-555-0123"), Certain, SoundsAlike},
		{"transliterated", person("Дмитрий", "Щербаков", "ds@x.org"), person("Dmitrii", "Shcherbakov", "ds@x.org"), Certain, SameFamily},
		{"the same mailbox at another host", person("Jutta", "Kraifaind", "sunnybear@old.org"), person("Jutta", "Kraifaind", "sunnybear@new.org"), Certain, SameMailbox},
		{"other e-mails say nothing", person("Jutta", "Kraifaind", "jk@x.org", "612-555-0123"), person("Jutta", "Kraifaind", "jutta@y.org", "612-555-0123"), Certain, SamePhone},
		{"a household's address", person("John", "Kraifaind", "kraifaind@gmail.com"), person("Mary", "Kraifaind", "kraifaind@gmail.com"), Likely, DifferentGiven},
		{"Jr. and Sr.", person("John", "Kraifaind Jr.", "jk@x.org", "612-555-0123"), person("John", "Kraifaind, Sr.", "jk@x.org", "612-555-0123"), None, DifferentGeneration},
		{"II and III", person("John", "Kraifaind II", "jk@x.org"), person("John", "Kraifaind III", "jk@x.org"), None, DifferentGeneration},
		{"Jr. or nothing", person("John", "Kraifaind Jr.", "jk@x.org"), person("John", "Kraifaind", "jk@x.org"), Likely, DifferentGeneration},
		{"John A. and John B.", person("John A.", "Kraifaind", "jk@x.org"), person("John B.", "Kraifaind", "jk@x.org"), Likely, DifferentMiddle},
		{"a rare name alone", person("Jutta", "Kraifaind"), person("Jutta", "Kraifaind"), Likely, NameOnly},
		{"a frequent name where everybody works", person("John", "Smith", "", "", "Riverbend"), person("John", "Smith", "", "", "Riverbend"), None, SameOrganization},
		{"Juan and Juana", person("Juan", "Zaldívar", "", "612-555-0123"), person("Juana", "Zaldívar", "", "612-555-0123"), Likely, DifferentGiven},
		{"a new family name", person("Jutta", "Kraifaind", "sunnybear@gmail.com"), person("Jutta", "Smith", "sunnybear@gmail.com"), Likely, DifferentFamily},
		{"no name on one list", person("", "", "jk@x.org"), person("Jutta", "Kraifaind", "jk@x.org"), Likely, NameMissing},
		{"an office's address", person("Jutta", "Kraifaind", "info@x.org"), person("Jutta", "Kraifaind", "info@x.org"), Likely, NameOnly},
		{"strangers", person("Jutta", "Kraifaind"), person("Paul", "Zaldívar"), None, ""},
		{"nothing at all", Person{}, Person{}, None, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			list := slices.Clone(list)
			if c.name == "a frequent name where everybody works" {
				for i := range list {
					list[i].Organizations = []string{"Riverbend"}
				}
			}
			c.a.Key, c.b.Key = invented(1), invented(2)
			m := NewPersonIndex(append(list, c.a, c.b)).Compare(c.a, c.b)
			if m.Band != c.band || c.code != "" && !slices.Contains(codesOf(m), c.code) {
				t.Errorf("%s, %.4f: %v; want %s, %s", m.Band, m.Score, m.Reasons, c.band, c.code)
			}
		})
	}
}

func TestGenerationsByBirthYear(t *testing.T) {
	a, b := person("John", "Kraifaind", "jk@x.org"), person("John", "Kraifaind", "jk@x.org")
	a.Key, b.Key = invented(1), invented(2)
	for _, c := range []struct {
		a, b int
		want Band
	}{{1950, 1980, None}, {1950, 1950, Certain}, {1950, 0, Certain}, {1950, 1951, Likely}} {
		a.Born, b.Born = c.a, c.b
		if m := NewPersonIndex([]Person{a, b}).Compare(a, b); m.Band != c.want {
			t.Errorf("%d, %d: %s, %v", c.a, c.b, m.Band, m.Reasons)
		}
	}
}

func TestTheSameNameSaysLessTheMoreBearIt(t *testing.T) {
	a, b := person("John", "Smith"), person("John", "Smith")
	a.Key, b.Key = invented(1), invented(2)
	last := 1.0
	for _, bearers := range []int{0, 5, 50, 500} {
		m := NewPersonIndex(append(crowd(map[[2]string]int{{"John", "Smith"}: bearers}, 2000), a, b)).Compare(a, b)
		if m.Score > last || m.Band == Certain {
			t.Errorf("%d bearers: %s, %.4f, before %.4f", bearers, m.Band, m.Score, last)
		}
		last = m.Score
	}
	if BandOf(last) != None {
		t.Errorf("two of five hundred John Smiths are asked about: %.4f", last)
	}
}

// The spellings are those of standards-committee/attendance.csv and
// open-source-foundation/seats.csv of the shared test data.
func TestNamesOfRealLists(t *testing.T) {
	split := func(name string) Person { return Person{Given: name, Organizations: []string{"Igalia"}} }
	for _, pair := range [][2]string{
		{"Hayai F Pumukain", "Hayai F. Pumukain"}, {"Hayai Pumukain", "Hayai F. Pumukain"}, {"Werseax C Krayim", "Werseax Krayim"}, {"Gaicealrul W. Nikil", "Gaicealrul Nikil"},
		{"Pamorpas Mutreath-Paimo", "Mutreath-Paimo Pamorpas"}, {"Dearvancix Faimom-Krairpin Nazork", "Dearvancix Nazork"}, {"Rilcas Lonrol Bionraim", "Rilcas Lonrol"},
		{"Sainmirux Z. Rulváljirk", "Sainmirux Rulvaljirk"}, {"Kujalam Brairokrer Trailzin", "Kujalam Trailzin"}, {"Rutrilhis Honsis Milyath", "Rutrilhis Milyath"},
		{"Realpix Nadean Caindeal", "Realpix Nadean H."}, {"Koges (Mengqi) Tarcowos", "Mengqi Tarcowos"}, {"Zorno de Nioheth", "Zorno Nioheth"},
	} {
		a, b := split(pair[0]), split(pair[1])
		a.Key, b.Key = invented(1), invented(2)
		if m := NewPersonIndex([]Person{a, b}).Compare(a, b); m.Band == None {
			t.Errorf("%s and %s: %.3f, %v", pair[0], pair[1], m.Score, m.Reasons)
		}
	}
	for _, pair := range [][2]string{
		{"Sezailneas S. Ribanjiol", "Sinyudrear Ribanjiol"}, {"Josipus Jeseand", "Josipus Vunsund"}, {"Lobearfend Yokapax", "Hunveand Yokapax"},
		{"Peallorwel Haifaihios", "Holgiosion Haifaihios"}, {"Trurrark van der Miojotrear", "Trurrark Krainrairk"}, {"Veaserk Krayim", "Veaserk Trailulmio"},
	} {
		a, b := split(pair[0]), split(pair[1])
		a.Key, b.Key = invented(1), invented(2)
		if m := NewPersonIndex([]Person{a, b}).Compare(a, b); m.Band == Certain {
			t.Errorf("%s and %s: %.3f, %v", pair[0], pair[1], m.Score, m.Reasons)
		}
	}
}
