package resemblance

import (
	"slices"
	"strings"
)

// organizationForm is an organization made ready for comparing.
type organizationForm struct {
	key     Key
	titles  []titleForm
	domains []string
	emails  []address // at public providers; elsewhere the domain tells as much
	phones  []string
	place   []string // canonical words
	placed  string
	order   string
}

func (f *organizationForm) id() Key { return f.key }

// order sorts by the words of the name, themselves sorted.
func (o *organizations) order(a, b side) int {
	return strings.Compare(a.(*organizationForm).order, b.(*organizationForm).order)
}

// made has nothing to let go of: there are few organizations.
func (o *organizations) made() {}

// titleForm is one name of an organization with the words of the index.
type titleForm struct {
	title
	forms []*word
	whole string
	// derived is the short form of another name of the record, which is compared
	// with short forms only: a name in full says more.
	derived bool
}

// organizations judges organizations by the words and details of an index.
type organizations struct {
	*vocabulary
	domains, emails, phones, places, acronyms, wholes map[string]int
}

func newOrganizations() *organizations {
	return &organizations{newVocabulary(), map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}}
}

// learn makes a record of the index ready and counts what it bears.
func (o *organizations) learn(r Organization) *organizationForm {
	f := o.form(r, o.vocabulary.learn)
	o.records++
	seen := map[*tally]bool{}
	spelled := map[string]bool{}
	for _, t := range f.titles {
		o.wholes[t.whole]++
		for _, w := range t.forms {
			if !seen[w.tally] {
				seen[w.tally] = true
				w.tally.name++
			}
		}
		for _, a := range append(slices.Clone(t.acronyms), t.short) {
			if a != "" && !spelled[a] {
				spelled[a] = true
				o.acronyms[a]++
			}
		}
	}
	for _, d := range f.domains {
		o.domains[d]++
	}
	for _, a := range f.emails {
		o.emails[a.full]++
	}
	for _, n := range f.phones {
		o.phones[n[len(n)-phoneTail:]]++
	}
	if f.placed != "" {
		o.places[f.placed]++
	}
	return f
}

// read makes a record ready that need not be of the index.
func (o *organizations) read(r Organization) *organizationForm {
	return o.form(r, o.vocabulary.read)
}

func (o *organizations) form(r Organization, word func(string) *word) *organizationForm {
	f := &organizationForm{key: r.Key, phones: phonesOf(r.Phones)}
	for _, field := range r.Names[:min(len(r.Names), maxList)] {
		for _, name := range namesOf(field) {
			t := titleForm{title: titleOf(name)}
			t.whole = t.joined()
			if t.whole == "" || slices.ContainsFunc(f.titles, func(o titleForm) bool { return o.whole == t.whole }) {
				continue
			}
			for _, w := range t.words {
				t.forms = append(t.forms, word(w))
			}
			f.titles = append(f.titles, t)
		}
	}
	for i, t := range f.titles {
		f.titles[i].derived = t.short != "" && slices.ContainsFunc(f.titles, func(o titleForm) bool { return slices.Contains(o.acronyms, t.short) })
	}
	for _, w := range r.Websites[:min(len(r.Websites), maxList)] {
		f.addDomain(siteOf(w))
	}
	for _, a := range addressesOf(r.Emails) {
		if a.host() != "" {
			f.addDomain(a.host())
		} else {
			f.emails = append(f.emails, a)
		}
	}
	f.place = titleOf(r.Place).words
	f.placed = strings.Join(f.place, " ")
	if len(f.titles) > 0 {
		sorted := slices.Sorted(slices.Values(f.titles[0].words))
		f.order = strings.Join(sorted, " ")
	}
	return f
}

func (f *organizationForm) addDomain(d string) {
	if d != "" && !slices.Contains(f.domains, d) {
		f.domains = append(f.domains, d)
	}
}

// edge is the number of letters at either end of a name that make a blocking
// key, by which a slip elsewhere in a name of one word is found.
const edge = 4

// rareTokens is the number of words of a name, the rarest first, that make a
// blocking key each.
const rareTokens = 4

// blocks are the blocking keys of an organization: domain, address at a public
// provider, the last seven digits of a number, the acronym, the whole name, its
// first and last four letters, and the sounds of its four rarest words.
func (o *organizations) blocks(f *organizationForm) []block {
	var out []block
	for _, d := range f.domains {
		out = append(out, blockOf('d', d))
	}
	for _, a := range f.emails {
		out = append(out, blockOf('e', a.full))
	}
	for _, n := range f.phones {
		out = append(out, blockOf('p', n[len(n)-phoneTail:]))
	}
	for _, t := range f.titles {
		if t.short != "" {
			out = append(out, blockOf('a', t.short))
		}
		for _, a := range t.acronyms {
			out = append(out, blockOf('a', a))
		}
		out = append(out, blockOf('w', t.whole))
		if len(t.whole) >= edge {
			out = append(out, blockOf('b', t.whole[:edge]), blockOf('z', t.whole[len(t.whole)-edge:]))
		}
		words := slices.Clone(t.forms)
		slices.SortStableFunc(words, func(a, b *word) int {
			if genericWords[a.text] != genericWords[b.text] {
				if genericWords[b.text] {
					return -1
				}
				return 1
			}
			return a.tally.in(asName) - b.tally.in(asName)
		})
		for _, w := range words[:min(len(words), rareTokens)] {
			out = append(out, blockOf('t', w.sound))
			if w.other != "" {
				out = append(out, blockOf('t', w.other))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
