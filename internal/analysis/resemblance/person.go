package resemblance

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"
)

// personForm is a person made ready for comparing.
type personForm struct {
	*givenForm
	*familyForm
	*workForm
	key     Key
	emails  []address
	phones  []string
	born    int
	details [2]uint64
}

// givenForm and familyForm are the parts of a name, workForm what else many have
// alike. Those of an index who have the same share them.
type givenForm struct {
	given, also []*word
	wholeGiven  string // the given names written in one
}

type familyForm struct {
	family      []*word
	wholeFamily string // the family name with its particles, written in one
	wholeSound  string
}

type workForm struct {
	generation    string
	organizations []string
}

// mark sets the bit of a detail. Two records whose bits have nothing in common
// have no detail in common, which is so for most that are compared.
func (f *personForm) mark(detail string) {
	h := blockOf(0, detail)
	f.details[h&1] |= 1 << (h >> 1 & 63)
}

func (f *personForm) sharesDetail(o *personForm) bool {
	return f.details[0]&o.details[0]|f.details[1]&o.details[1] != 0
}

func (f *personForm) id() Key { return f.key }

// order sorts by the family name, then by the given names.
func (p *people) order(one, two side) int {
	a, b := one.(*personForm), two.(*personForm)
	return cmp.Or(strings.Compare(a.wholeFamily, b.wholeFamily), strings.Compare(a.wholeGiven, b.wholeGiven))
}

// people judges persons by the words and contact details of an index.
type people struct {
	*vocabulary
	emails, locals, phones, organizations bearers
	shared                                *shares // while the index is made
}

// shares are what the records of an index have in common, each once.
type shares struct {
	given  map[string]*givenForm
	family map[string]*familyForm
	places map[string]string // the form of an organization's name, by the name
	work   map[string]*workForm
}

func newPeople() *people {
	return &people{newVocabulary(), bearers{}, bearers{}, bearers{}, bearers{},
		&shares{map[string]*givenForm{}, map[string]*familyForm{}, map[string]string{}, map[string]*workForm{}}}
}

// made lets go of what only making the index needed. Two records that share a
// detail count as if nobody else did, so what one or two bear need not be counted.
func (p *people) made() {
	p.shared = nil
	for _, counts := range []*bearers{&p.emails, &p.locals, &p.phones, &p.organizations} {
		*counts = maps.Collect(func(yield func(uint64, int32) bool) {
			for detail, n := range *counts {
				if n > 2 && !yield(detail, n) {
					return
				}
			}
		})
	}
}

// learn makes a record of the index ready and counts what it bears.
func (p *people) learn(r Person) *personForm {
	f := p.form(r, p.vocabulary.learn)
	p.share(f)
	p.records++
	seen := map[*tally]bool{}
	nicks := map[nickID]bool{}
	for i, w := range slices.Concat(f.given, f.also) {
		if !seen[w.tally] {
			seen[w.tally] = true
			w.tally.given++
		}
		if i == 0 || i >= len(f.given) {
			for _, n := range w.nick {
				if !nicks[n] {
					nicks[n] = true
					p.nicks[n]++
				}
			}
		}
	}
	for _, w := range f.family {
		if !seen[w.tally] {
			seen[w.tally] = true
			w.tally.family++
		}
	}
	for _, a := range f.emails {
		p.emails.add(a.full)
		p.locals.add(a.local())
	}
	for _, n := range f.phones {
		p.phones.add(n[len(n)-phoneTail:])
	}
	for _, o := range f.organizations {
		p.organizations.add(o)
	}
	return f
}

// read makes a record ready that need not be of the index.
func (p *people) read(r Person) *personForm { return p.form(r, p.vocabulary.read) }

func (p *people) form(r Person, word func(string) *word) *personForm {
	n := nameOf(r.Given, r.Family)
	f := &personForm{givenForm: &givenForm{}, familyForm: &familyForm{}, workForm: &workForm{generation: n.generation}, key: r.Key, emails: addressesOf(r.Emails), phones: phonesOf(r.Phones), born: r.Born}
	for _, w := range n.given {
		f.given = append(f.given, word(w))
		f.wholeGiven += plainC(w)
	}
	for _, w := range n.also {
		f.also = append(f.also, word(w))
	}
	for _, w := range n.family {
		f.family = append(f.family, word(w))
	}
	f.wholeFamily = plainC(n.whole)
	f.wholeSound = sound(f.wholeFamily, false)
	for _, o := range r.Organizations[:min(len(r.Organizations), maxList)] {
		if s := p.placeOf(o); s != "" && !slices.Contains(f.organizations, s) {
			f.organizations = append(f.organizations, s)
		}
	}
	for _, a := range f.emails {
		f.mark(a.full)
		f.mark(a.local())
		if a.host() != "" {
			f.mark(a.host())
		}
	}
	for _, n := range f.phones {
		f.mark(n[len(n)-phoneTail:])
	}
	for _, o := range f.organizations {
		f.mark(o)
	}
	return f
}

// placeOf is the form in which two spellings of an organization's name are equal.
func (p *people) placeOf(name string) string {
	if p.shared == nil {
		return titleOf(name).joined()
	}
	place, known := p.shared.places[name]
	if !known {
		place = titleOf(name).joined()
		p.shared.places[name] = place
	}
	return place
}

// share lets a record of the index hold the parts of its name and its
// organizations together with the others that have them.
func (p *people) share(f *personForm) {
	if p.shared == nil {
		return
	}
	var b strings.Builder
	for _, w := range f.given {
		b.WriteString(w.mark() + " ")
	}
	for _, w := range f.also {
		b.WriteString("/" + w.mark())
	}
	f.givenForm = once(p.shared.given, b.String(), f.givenForm)
	b.Reset()
	b.WriteString(f.wholeFamily)
	for _, w := range f.family {
		b.WriteString("/" + w.mark())
	}
	f.familyForm = once(p.shared.family, b.String(), f.familyForm)
	f.workForm = once(p.shared.work, f.generation+"/"+strings.Join(f.organizations, "/"), f.workForm)
}

func once[V any](all map[string]V, key string, v V) V {
	if have, ok := all[key]; ok {
		return have
	}
	all[key] = v
	return v
}

// personal tells whether an address is not shared by a household: it names the
// given name, or it is a mailbox that an organization gave to one person.
func (a address) personal(given ...[]*word) bool {
	if a.role {
		return false
	}
	if a.host() != "" {
		return true
	}
	for _, words := range given {
		for _, w := range words {
			if len(w.text) >= 3 && strings.Contains(a.local(), w.text) {
				return true
			}
		}
	}
	return false
}

// madeOf tells whether the part before the @ can be guessed from the names.
func (a address) madeOf(f *personForm) bool {
	for _, words := range [][]*word{f.given, f.family} {
		for _, w := range words {
			if len(w.text) >= 3 && strings.Contains(a.local(), w.text) {
				return true
			}
		}
	}
	return false
}

// numbered tells whether the part before the @ holds at least two digits, which
// nobody can guess.
func (a address) numbered() bool {
	return strings.IndexFunc(a.local(), unicode.IsDigit) >= 0 && len(strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, a.local())) >= 2
}

// minMailbox is the length from which a part before the @ is a person's own.
const minMailbox = 5

// blocks are the blocking keys of a person: the address, the part before its @,
// the last seven digits of a number, the sound of a family name with the
// initial of a given name or with its family of nicknames, the same with the
// names swapped, and the organization with the sound of either name.
func (p *people) blocks(f *personForm) []block {
	var out []block
	for _, a := range f.emails {
		out = append(out, blockOf('e', a.full))
		if !a.role && len(a.local()) >= minMailbox {
			out = append(out, blockOf('l', a.local()))
		}
	}
	for _, n := range f.phones {
		out = append(out, blockOf('p', n[len(n)-phoneTail:]))
	}
	called := slices.Concat(f.given[:min(len(f.given), 2)], f.also)
	var family []string
	for _, w := range f.family {
		if !w.single {
			family = append(family, w.sound)
			if w.other != "" {
				family = append(family, w.other)
			}
		}
	}
	if f.wholeSound != "" && !slices.Contains(family, f.wholeSound) {
		family = append(family, f.wholeSound)
	}
	for _, s := range family {
		for _, g := range called {
			out = append(out, blockOf('n', s, g.initial))
			for _, n := range g.nick {
				out = append(out, blockOf('k', s, string(rune('A'+n))), blockOf('n', s, nickInitials[n]))
			}
		}
		for _, o := range f.organizations {
			out = append(out, blockOf('o', o, s))
		}
	}
	if len(f.given) > 0 && !f.given[0].single {
		for _, s := range []string{f.given[0].sound, f.given[0].other} {
			if s == "" {
				continue
			}
			for _, w := range f.family {
				out = append(out, blockOf('n', s, w.initial))
			}
			for _, o := range f.organizations {
				out = append(out, blockOf('o', o, s))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
