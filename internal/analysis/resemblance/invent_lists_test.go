package resemblance_test

import (
	"fmt"
	"slices"
	"strings"

	"commontable/internal/analysis/resemblance"
)

// contacts gives a record what this list happens to know of the human.
func (v *inventor) contacts(p *resemblance.Person, h human, office map[string]string) {
	switch x := v.Float64(); {
	case x < 0.55:
		p.Emails = []string{v.respell(h.email)}
	case x < 0.65: // a new host, the old name before the @
		local, _, _ := strings.Cut(h.email, "@")
		p.Emails = []string{local + "@" + v.host(h.organization)}
	case x < 0.75:
		p.Emails = []string{v.address(h, v.host(h.organization))}
	}
	switch x := v.Float64(); {
	case x < 0.35:
		p.Phones = []string{v.dial(h.phone)}
	case x < 0.5:
		p.Phones = []string{v.dial(office[h.organization])}
	case x < 0.6:
		p.Phones = []string{v.dial(v.number())}
	}
	if v.chance(0.6) {
		p.Organizations = []string{v.tag(h.organization)}
	}
}

// respell is one of the ways an address is written.
func (v *inventor) respell(email string) string {
	switch x := v.Float64(); {
	case x < 0.1:
		return strings.ToUpper(email[:1]) + email[1:]
	case x < 0.15 && strings.HasSuffix(email, "@gmail.com"):
		return strings.Replace(email, "@", "+news@", 1)
	}
	return email
}

func (v *inventor) dial(n string) string {
	switch v.IntN(5) {
	case 0:
		return "(" + n[:3] + ") " + n[3:6] + "-" + n[6:]
	case 1:
		return "+1 " + n[:3] + " " + n[3:6] + " " + n[6:]
	case 2:
		return n[:3] + "." + n[3:6] + "." + n[6:] + " x" + fmt.Sprint(v.IntN(99))
	}
	return n
}

// tag is a name of an organization with or without its legal form.
func (v *inventor) tag(name string) string {
	if v.chance(0.15) {
		return name + v.any([]string{", Inc.", " Inc", " LLC"})
	}
	return name
}

// shares tells whether two records have an address, a number or an organization
// in common that is not the whole office's, by plain comparison.
func shares(a, b resemblance.Person, office map[string]string) (contact, organization bool) {
	address := func(e string) string {
		e = strings.ToLower(e)
		if strings.HasSuffix(e, "@gmail.com") {
			local, _, _ := strings.Cut(e, "@")
			local, _, _ = strings.Cut(local, "+")
			return strings.ReplaceAll(local, ".", "") + "@gmail.com"
		}
		return e
	}
	digits := func(s string) string {
		s, _, _ = strings.Cut(s, "x")
		var b strings.Builder
		for _, r := range s {
			if r >= '0' && r <= '9' {
				b.WriteRune(r)
			}
		}
		return b.String()[max(0, b.Len()-10):]
	}
	name := func(s string) string {
		for _, form := range []string{", Inc.", " Inc", " LLC"} {
			s = strings.TrimSuffix(s, form)
		}
		return s
	}
	if len(a.Emails) > 0 && len(b.Emails) > 0 && address(a.Emails[0]) == address(b.Emails[0]) {
		contact = true
	}
	if len(a.Phones) > 0 && len(b.Phones) > 0 && digits(a.Phones[0]) == digits(b.Phones[0]) {
		for _, n := range office {
			if n == digits(a.Phones[0]) {
				return contact, len(a.Organizations) > 0 && len(b.Organizations) > 0 && name(a.Organizations[0]) == name(b.Organizations[0])
			}
		}
		contact = true
	}
	return contact, len(a.Organizations) > 0 && len(b.Organizations) > 0 && name(a.Organizations[0]) == name(b.Organizations[0])
}

// ofOffice tells whether a record has an address at an organization's host.
func ofOffice(p resemblance.Person) bool {
	if len(p.Emails) == 0 {
		return false
	}
	_, host, _ := strings.Cut(strings.ToLower(p.Emails[0]), "@")
	return !slices.Contains(publicHosts, host)
}

// people invents n humans, of whom a fifth stand in the list two or three times,
// and among them households with one address, fathers and sons of one name,
// and offices with one number.
//
// Two records of one human carry enough when their names can belong together
// (no new family name, no lost "Jr.", none without a name, at most two slips) and
//
//   - no given name is a mere initial, and an address or number of their own is
//     the same, or the organization is and at most one name is misspelled; or
//   - one is, and the same address is one their organization gave them: a
//     household shares the others.
//
// Everything else is a double too, but one about which a careful person asks.
func people(seed uint64, n int) labelled[resemblance.Person] {
	v := newInventor(seed)
	var organizations []string
	for i := range max(20, n/100) {
		organizations = append(organizations, v.any(inventedTowns)+" "+v.any(inventedThings)+" "+fmt.Sprint("Project Group Center Coalition Alliance"[:0])+v.any([]string{"Project", "Center", "Alliance", "School", "Clinic"}))
		if i > 20 && v.chance(0.5) {
			organizations[i] = v.rare() + " " + v.any([]string{"Foundation", "Services", "Academy", "Church", "Library"})
		}
	}
	office := map[string]string{}
	for _, o := range organizations {
		office[o] = v.number()
	}
	var humans []human
	for len(humans) < n {
		h := v.human(organizations)
		humans = append(humans, h)
		switch x := v.Float64(); {
		case x < 0.04: // a household: one address, one number
			other := v.human(organizations)
			if plain(other.given) == plain(h.given) {
				continue
			}
			other.family, other.language, other.particle = h.family, h.language, h.particle
			other.phone = h.phone
			if _, host, _ := strings.Cut(h.email, "@"); slices.Contains(publicHosts, host) && v.chance(0.6) {
				other.email = h.email
			}
			humans = append(humans, other)
		case x < 0.05: // a father and a son of one name under one roof
			humans[len(humans)-1].generation = v.any([]string{"Sr.", "Sr", "I"})
			son := h
			son.generation = v.any([]string{"Jr.", "Jr", "II", "III"})
			son.organization = v.employer(organizations)
			son.email = v.address(son, v.any(publicHosts))
			humans = append(humans, son)
		case x < 0.06: // a relative at the same place of work
			other := v.human(organizations)
			if plain(other.given) == plain(h.given) {
				continue
			}
			other.family, other.language, other.particle, other.organization = h.family, h.language, h.particle, h.organization
			humans = append(humans, other)
		}
	}
	out := labelled[resemblance.Person]{doubles: map[[2]resemblance.Key]double{}}
	for _, h := range humans {
		copies := 1
		if v.chance(0.2) {
			copies = 2 + v.IntN(2)
		}
		var records []resemblance.Person
		var soils []soil
		for range copies {
			p, s := v.record(h)
			v.contacts(&p, h, office)
			if s.noGiven && len(p.Emails) == 0 {
				p.Given, p.Family, s.noGiven = h.given, h.family[0], false
			}
			for i, other := range records {
				contact, organization := shares(p, other, office)
				fits := !s.noGiven && !soils[i].noGiven && !s.newFamily && !soils[i].newFamily && !s.lostMark && !soils[i].lostMark
				slips, initial := s.letters+soils[i].letters, s.initial || soils[i].initial
				enough := contact || organization && slips <= 1
				if initial {
					enough = contact && ofOffice(p) && ofOffice(other)
				}
				out.doubles[ordered(p.Key, other.Key)] = double{enough: fits && slips <= 2 && enough}
			}
			records, soils = append(records, p), append(soils, s)
		}
		out.records = append(out.records, records...)
	}
	v.Shuffle(len(out.records), func(i, j int) { out.records[i], out.records[j] = out.records[j], out.records[i] })
	return out
}

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

// keysOf lists the keys of a list in order.
func keysOf[R any](records []R, key func(R) resemblance.Key) []resemblance.Key {
	var out []resemblance.Key
	for _, r := range records {
		out = append(out, key(r))
	}
	slices.SortFunc(out, func(a, b resemblance.Key) int { return strings.Compare(string(a[:]), string(b[:])) })
	return out
}
