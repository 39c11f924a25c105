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
