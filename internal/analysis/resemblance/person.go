package resemblance

import (
	"slices"
	"strings"
	"unicode"
)

// personForm is a person made ready for comparing.
type personForm struct {
	key                 Key
	given, also, family []*word
	wholeGiven          string // the given names written in one
	wholeFamily         string // the family name with its particles, written in one
	wholeSound          string
	generation          string
	emails              []address
	phones              []string
	organizations       []string
	born                int
	order               string // by which large blocks are sorted
	details             [2]uint64
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

func (f *personForm) id() Key      { return f.key }
func (f *personForm) sort() string { return f.order }

// people judges persons by the words and contact details of an index.
type people struct {
	*vocabulary
	emails, locals, phones, organizations map[string]int
}

func newPeople() *people {
	return &people{newVocabulary(), map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}}
}

// learn makes a record of the index ready and counts what it bears.
func (p *people) learn(r Person) *personForm {
	f := p.form(r, p.vocabulary.learn)
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
		p.emails[a.full]++
		p.locals[a.local]++
	}
	for _, n := range f.phones {
		p.phones[n[len(n)-phoneTail:]]++
	}
	for _, o := range f.organizations {
		p.organizations[o]++
	}
	return f
}

// read makes a record ready that need not be of the index.
func (p *people) read(r Person) *personForm { return p.form(r, p.vocabulary.read) }

func (p *people) form(r Person, word func(string) *word) *personForm {
	n := nameOf(r.Given, r.Family)
	f := &personForm{key: r.Key, generation: n.generation, emails: addressesOf(r.Emails), phones: phonesOf(r.Phones), born: r.Born}
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
		if s := titleOf(o).joined(); s != "" && !slices.Contains(f.organizations, s) {
			f.organizations = append(f.organizations, s)
		}
	}
	f.order = f.wholeFamily + " " + f.wholeGiven
	for _, a := range f.emails {
		f.mark(a.full)
		f.mark(a.local)
		if a.host != "" {
			f.mark(a.host)
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

// personal tells whether an address is not shared by a household: it names the
// given name, or it is a mailbox that an organization gave to one person.
func (a address) personal(given ...[]*word) bool {
	if a.role {
		return false
	}
	if a.host != "" {
		return true
	}
	for _, words := range given {
		for _, w := range words {
			if len(w.text) >= 3 && strings.Contains(a.local, w.text) {
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
			if len(w.text) >= 3 && strings.Contains(a.local, w.text) {
				return true
			}
		}
	}
	return false
}

// numbered tells whether the part before the @ holds at least two digits, which
// nobody can guess.
func (a address) numbered() bool {
	return strings.IndexFunc(a.local, unicode.IsDigit) >= 0 && len(strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, a.local)) >= 2
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
		if !a.role && len(a.local) >= minMailbox {
			out = append(out, blockOf('l', a.local))
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
