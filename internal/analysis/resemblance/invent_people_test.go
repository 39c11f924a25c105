package resemblance_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"commontable/internal/analysis/resemblance"
)

// The invented lists are made from what is seen in the files people bring, not
// from what the comparison can do: an attendance list with and without initials
// and organizations, a mailing list without names, a contact export with the
// family name first. What the noise is, and how often, stands in soil below.

// double says what is true of two records: they are one entity, and whether
// they carry enough to be told so without asking.
type double struct{ enough bool }

// labelled is an invented list with the truth about it.
type labelled[R any] struct {
	records []R
	doubles map[[2]resemblance.Key]double
}

func invented(n uint64) (k resemblance.Key) {
	binary.BigEndian.PutUint64(k[8:], n)
	return k
}

func ordered(a, b resemblance.Key) [2]resemblance.Key {
	if string(a[:]) > string(b[:]) {
		return [2]resemblance.Key{b, a}
	}
	return [2]resemblance.Key{a, b}
}

type inventor struct {
	*rand.Rand
	next uint64
	// taken are the mailboxes given out: no host gives one to two people.
	taken map[string]bool
}

func newInventor(seed uint64) *inventor {
	return &inventor{Rand: rand.New(rand.NewPCG(seed, 20)), taken: map[string]bool{}}
}

func (v *inventor) key() resemblance.Key {
	v.next++
	// Keys in no order, as ids made on several machines are.
	return invented(v.next * 0x9e3779b97f4a7c15)
}

func (v *inventor) chance(p float64) bool { return v.Float64() < p }

// zipf picks the n-th of the list about 1/(n+10) as often as the first, the law
// of Zipf and Mandelbrot. The first of a hundred names is then borne by one in
// twenty-five and, half the people having rarer ones, by one in fifty, as in the
// lists of a census.
func (v *inventor) zipf(list []string) string {
	const q = 10
	x := q*math.Exp(v.Float64()*math.Log(float64(len(list)+q)/q)) - q
	return list[min(int(x), len(list)-1)]
}

// employer picks the first of a thousand organizations for three people in a
// hundred, and the last hardly ever.
func (v *inventor) employer(list []string) string {
	u := v.Float64()
	return list[int(u*u*float64(len(list)))]
}

func (v *inventor) any(list []string) string { return list[v.IntN(len(list))] }

// rare invents a family name that hardly anybody else bears; half the people of
// a real list have such names.
func (v *inventor) rare() string {
	heads := []string{"B", "Br", "C", "Ch", "D", "Dr", "F", "G", "Gr", "H", "J", "K", "Kl", "L", "M", "N", "P", "Pr", "R", "S", "Sch", "St", "T", "Tr", "V", "W", "Z"}
	middles := []string{"a", "e", "i", "o", "u", "ai", "ei", "ou", "ie"}
	joints := []string{"l", "n", "r", "s", "t", "m", "ll", "nn", "rt", "nd", "rb", "ck", "lm", "nt", "v", "d"}
	tails := []string{"er", "man", "son", "ski", "ez", "ard", "et", "in", "o", "a", "i", "ley", "ton", "well", "berg", "eau", "ov", "ic"}
	name := v.any(heads) + v.any(middles) + v.any(joints)
	if v.chance(0.4) {
		name += v.any(middles) + v.any(joints)
	}
	return name + v.any(tails)
}

// human is the truth; records are what lists make of it.
type human struct {
	language      string
	given, middle string
	family        []string
	particle      string
	generation    string
	email, phone  string
	organization  string
}

func (v *inventor) human(organizations []string) human {
	h := human{language: v.any([]string{"en", "en", "en", "es", "es", "fr"})}
	h.given = v.zipf(inventedGiven[h.language])
	if v.chance(0.3) {
		h.middle = v.zipf(inventedGiven[h.language])
	}
	surname := func() string {
		if v.chance(0.5) {
			return v.rare()
		}
		return v.zipf(inventedFamily[h.language])
	}
	h.family = []string{surname()}
	if h.language == "es" && v.chance(0.6) {
		h.family = append(h.family, surname())
	}
	if v.chance(0.03) {
		h.particle = map[string]string{"en": "van", "es": "de la", "fr": "de"}[h.language]
	}
	h.organization = v.employer(organizations)
	h.email, h.phone = v.address(h, v.host(h.organization)), v.number()
	return h
}

func (v *inventor) number() string {
	return fmt.Sprintf("%03d%07d", 201+v.IntN(700), 2000000+v.IntN(8000000))
}

var publicHosts = strings.Fields(`gmail.com gmail.com gmail.com yahoo.com hotmail.com outlook.com icloud.com orange.fr`)

func (v *inventor) host(organization string) string {
	if v.chance(0.4) {
		return v.any(publicHosts)
	}
	return plain(organization) + ".org"
}

// address is an e-mail address as people and their offices make them.
func (v *inventor) address(h human, host string) string {
	g, f := plain(h.given), plain(h.family[0])
	local := v.any([]string{g + "." + f, g + "." + f, g[:1] + f, g + f, g, f + g[:1]})
	if slices.Contains(publicHosts, host) {
		local += fmt.Sprint(v.IntN(1000))
		if v.chance(0.15) {
			local = plain(v.any(inventedThings)) + plain(v.any(inventedTowns)) + fmt.Sprint(v.IntN(100))
		}
	}
	for n := 2; v.taken[local+"@"+host]; n++ {
		local = strings.TrimRight(local, "0123456789") + fmt.Sprint(n)
	}
	v.taken[local+"@"+host] = true
	return local + "@" + host
}

// plain drops accents, spaces and capitals with nothing but the standard means.
func plain(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		if r >= 'a' && r <= 'z' {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func bare(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		if r < 0x300 || r > 0x36f {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// soil is what happened to a record on its way into a list.
type soil struct {
	letters                               int // spellings that changed
	initial, noGiven, newFamily, lostMark bool
}

// transpose, strike and replace are the slips of a hand.
func (v *inventor) slip(s string) string {
	r := []rune(s)
	if len(r) < 4 {
		return s
	}
	i := 1 + v.IntN(len(r)-2)
	switch v.IntN(4) {
	case 0, 1:
		r[i], r[i+1] = r[i+1], r[i]
	case 2:
		r = slices.Delete(r, i, i+1)
	default:
		r[i] = rune("aeiorstnl"[v.IntN(9)])
	}
	return string(r)
}

// byEar writes a word as somebody who only heard it.
func (v *inventor) byEar(s string) string {
	swaps := [][2]string{{"v", "b"}, {"z", "s"}, {"ll", "y"}, {"ph", "f"}, {"ck", "k"}, {"nn", "n"}, {"gn", "ni"}, {"y", "i"}, {"qu", "k"}, {"h", ""}, {"tt", "t"}, {"ei", "ie"}}
	v.Shuffle(len(swaps), func(i, j int) { swaps[i], swaps[j] = swaps[j], swaps[i] })
	for _, swap := range swaps {
		if i := strings.Index(s[1:], swap[0]); i >= 0 {
			return s[:1+i] + swap[1] + s[1+i+len(swap[0]):]
		}
	}
	return s
}

// record is one list's entry of a human.
func (v *inventor) record(h human) (resemblance.Person, soil) {
	var s soil
	given, family := h.given, slices.Clone(h.family)
	switch x := v.Float64(); {
	case x < 0.08:
		given, s.initial = string([]rune(given)[:1])+".", true
	case x < 0.20:
		if nicks := inventedNicknames[h.given]; nicks != nil {
			given = v.any(nicks)
		}
	case x < 0.24:
		given = v.slip(given)
		s.letters++
	case x < 0.26:
		given = v.byEar(given)
		s.letters++
	}
	if h.middle != "" && !s.initial {
		switch x := v.Float64(); {
		case x < 0.25:
			given += " " + h.middle
		case x < 0.5:
			given += " " + string([]rune(h.middle)[:1]) + "."
		}
	}
	switch x := v.Float64(); {
	case x < 0.06:
		family[0] = v.slip(family[0])
		s.letters++
	case x < 0.09:
		family[0] = v.byEar(family[0])
		s.letters++
	case x < 0.12 && h.language != "es":
		s.newFamily = true
		if v.chance(0.5) {
			family[0] += "-" + v.zipf(inventedFamily[h.language])
			s.newFamily = false
		} else {
			family[0] = v.zipf(inventedFamily[h.language])
		}
	}
	if len(family) == 2 && v.chance(0.35) {
		family = family[:1]
	}
	name := strings.Join(family, v.any([]string{" ", " ", "-"}))
	if h.particle != "" && v.chance(0.8) {
		name = v.any([]string{h.particle, strings.ToUpper(h.particle[:1]) + h.particle[1:]}) + " " + name
	}
	if h.generation != "" {
		if v.chance(0.85) {
			name += v.any([]string{" ", ", "}) + h.generation
		} else {
			s.lostMark = true
		}
	}
	p := resemblance.Person{Key: v.key(), Given: given, Family: name}
	switch x := v.Float64(); {
	case x < 0.04:
		p.Given, p.Family = p.Family, p.Given
	case x < 0.07:
		p.Given, p.Family = "", name+", "+given
	case x < 0.10 && h.particle == "" && h.generation == "":
		p.Given, p.Family = given+" "+name, ""
	case x < 0.12:
		p.Given, p.Family, s.noGiven = "", "", true
	case x < 0.14:
		p.Given = v.any([]string{"Dr. ", "Ms. ", "Mr ", "Sra. ", "Mme "}) + p.Given
	}
	if v.chance(0.3) {
		p.Given, p.Family = bare(p.Given), bare(p.Family)
	}
	switch x := v.Float64(); {
	case x < 0.05:
		p.Given, p.Family = strings.ToUpper(p.Given), strings.ToUpper(p.Family)
	case x < 0.08:
		p.Given, p.Family = strings.ToLower(p.Given), strings.ToLower(p.Family)
	}
	return p, s
}
