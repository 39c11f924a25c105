package resemblance_test

import (
	"fmt"
	"strings"

	"commontable/internal/analysis/resemblance"
)

// body is the truth about an organization.
type body struct {
	name          string
	short         string
	legal         string
	domain, phone string
	place         string
}

// bodies invents organizations as they are named in English, Spanish and French
// towns, among them those that are easily taken for one another: schools of one
// district and one patron, locals of a union, a hospital and its foundation,
// parishes of one saint in several towns.
func (v *inventor) bodies(n int) []body {
	var out []body
	taken := map[string]bool{}
	add := func(b body) {
		k := b.name
		if !strings.ContainsAny(k, "0123456789") { // numbers are given once
			k += b.place
		}
		if !taken[k] {
			taken[k] = true
			if b.domain == "" {
				b.domain = strings.ReplaceAll(plain(b.name+b.place), " ", "") + v.any([]string{".org", ".com", ".net"})
			}
			if b.phone == "" {
				b.phone = v.number()
			}
			out = append(out, b)
		}
	}
	for len(out) < n {
		town, patron, thing, saint := v.any(inventedTowns), v.any(inventedPatrons), v.any(inventedThings), v.any(inventedSaints)
		surname := v.rare()
		district, board := plain(town)+".k12.mn.us", v.number()
		switch v.IntN(12) {
		case 0: // a district's schools share its domain, often its switchboard
			for _, kind := range []string{"Elementary School", "Middle School", "High School"} {
				b := body{name: patron + " " + kind, domain: district, place: town}
				if v.chance(0.5) {
					b.phone = board
				}
				add(b)
			}
			add(body{name: town + " Public School District", domain: district, place: town, phone: board})
		case 1:
			number := 1 + v.IntN(200)
			add(body{name: fmt.Sprintf("Teamsters Local %d", number), place: town})
			add(body{name: fmt.Sprintf("Teamsters Local %d", number+9), place: town})
			add(body{name: fmt.Sprintf("P.S. %d", number), domain: "schools.nyc.gov", place: town})
		case 2:
			hospital := body{name: "Saint " + saint + " Hospital", domain: "saint" + plain(saint+town) + ".org", place: town, phone: board}
			add(hospital)
			hospital.name, hospital.phone = hospital.name+" Foundation", ""
			add(hospital)
		case 3:
			add(body{name: "Saint " + saint + " Catholic Church", place: town, domain: "saint" + plain(saint+town) + ".com"})
		case 4:
			add(body{name: surname + " Family Foundation", place: town, legal: "Inc."})
		case 5:
			add(body{name: town + " Community Health Center", place: town, legal: "Inc."})
		case 6:
			add(body{name: "Boys and Girls Club of " + town, place: town})
		case 7:
			add(body{name: thing + " " + v.any([]string{"Youth Services", "Housing Partnership", "Early Learning Center", "Legal Aid"}) + " of " + town, place: town, legal: "Inc"})
		case 8:
			add(body{name: "Asociación " + v.any([]string{"Comunitaria", "Cultural", "de Padres"}) + " " + surname, place: town, legal: "A.C."})
		case 9:
			add(body{name: "Université de " + surname + "ville", place: town})
		case 10:
			add(body{name: surname + " " + thing + " Industries", place: town, legal: v.any([]string{"LLC", "Inc.", "Corp."})})
		case 11:
			add(body{name: "Association des Amis de la Maison " + surname, place: town, legal: "asbl"})
		}
	}
	for i := range out {
		out[i].short = initials(out[i].name)
	}
	return out
}

func initials(name string) string {
	var b strings.Builder
	for w := range strings.FieldsSeq(name) {
		if w[0] >= '0' && w[0] <= '9' {
			b.WriteString(w)
		} else if r := []rune(w)[0]; w != "of" && w != "and" && w != "de" && w != "des" && w != "la" {
			b.WriteRune(r)
		}
	}
	return b.String()
}

var writtenShort = [][2]string{{"Saint ", "St. "}, {"Saint ", "St "}, {" School", " Sch."}, {"Elementary", "Elem."}, {"Center", "Ctr"}, {"District", "Dist."}, {" and ", " & "},
	{"Community", "Comm."}, {"University", "Univ."}, {"Université", "Univ."}, {"Asociación", "Asoc."}, {"Association", "Assoc."}, {"Foundation", "Fdn"}, {"Services", "Svcs"}, {"Hospital", "Hosp."}}

// entry is one list's entry of an organization, and whether its name still
// holds everything that tells it from others.
func (v *inventor) entry(b body) (resemblance.Organization, bool) {
	name, whole := b.name, true
	for _, short := range writtenShort {
		if v.chance(0.12) {
			name = strings.Replace(name, short[0], short[1], 1)
		}
	}
	switch x := v.Float64(); {
	case x < 0.05:
		name = v.slip(name)
	case x < 0.08:
		name = "The " + name
	case x < 0.12 && len(b.short) > 2:
		name, whole = b.short, len(b.short) > 3
	case x < 0.14:
		name += " (" + b.short + ")"
	}
	if r := []rune(name); v.chance(0.1) && len(r) > 35 { // a state's file is 35 wide
		name, whole = strings.TrimSpace(string(r[:35])), false
	}
	if b.legal != "" && v.chance(0.5) {
		name += v.any([]string{" ", ", "}) + b.legal
	}
	if v.chance(0.2) {
		name = bare(name)
	}
	if v.chance(0.1) {
		name = strings.ToUpper(name)
	}
	o := resemblance.Organization{Key: v.key(), Names: []string{name}}
	if v.chance(0.6) {
		o.Websites = []string{v.any([]string{"https://www.", "http://", "www.", "https://"}) + b.domain + v.any([]string{"", "/", "/about"})}
	}
	if v.chance(0.4) {
		o.Emails = []string{v.any([]string{"info@", "office@", "contact@"}) + b.domain}
	}
	if v.chance(0.5) {
		o.Phones = []string{v.dial(b.phone)}
	}
	if v.chance(0.7) {
		o.Place = v.any([]string{b.place, b.place, b.place + ", MN"})
	}
	return o, whole
}

// organizations invents n organizations, of which a quarter stand in the list
// two or three times.
//
// Two entries of one carry enough when neither name lost a word and they share a
// domain or a number that is not a whole district's.
func organizations(seed uint64, n int) labelled[resemblance.Organization] {
	v := newInventor(seed)
	out := labelled[resemblance.Organization]{doubles: map[[2]resemblance.Key]double{}}
	for _, b := range v.bodies(n) {
		copies := 1
		if v.chance(0.25) {
			copies = 2 + v.IntN(2)
		}
		var made []resemblance.Organization
		var wholes []bool
		for range copies {
			o, whole := v.entry(b)
			for i, other := range made {
				domain := len(o.Websites)+len(o.Emails) > 0 && len(other.Websites)+len(other.Emails) > 0 && !strings.Contains(b.domain, "k12") && !strings.Contains(b.domain, "schools.")
				phone := len(o.Phones) > 0 && len(other.Phones) > 0
				out.doubles[ordered(o.Key, other.Key)] = double{enough: whole && wholes[i] && (domain || phone)}
			}
			made, wholes = append(made, o), append(wholes, whole)
		}
		out.records = append(out.records, made...)
	}
	v.Shuffle(len(out.records), func(i, j int) { out.records[i], out.records[j] = out.records[j], out.records[i] })
	return out
}
