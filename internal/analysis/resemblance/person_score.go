package resemblance

import (
	"slices"
	"strconv"
)

// What is believed of details that nobody else in the list has: the part of a
// record that shares them with another nevertheless. A household has one
// address among fifty people, an office's belongs to all who work there.
const (
	aloneEmail        = 0.04
	aloneRole         = 1
	aloneMailbox      = 0.3
	alonePhone        = 0.2
	aloneOrganization = 1
)

const (
	shortPhoneBits   = -3 // the area code was not compared
	mailboxBits      = -1
	otherMailboxBits = -2 // an organization gives a person one, mostly
	guessedBits      = 2  // the address was made from the name
	numberedBits     = 5  // and has a number besides
	birthYearBits    = 4
	birthApartBits   = -3
	markBits         = -3 // one is a Jr., the other does not say
)

// generationYears parts parents from children.
const generationYears = 15

// shared is what the contact details of two persons have in common.
type shared struct {
	bits       float64
	own        bool // a kind of evidence besides the name
	individual bool // of one person, not of a household or an office
}

// weigh is the score of two persons: the logistic function of the sum of the
// evidence in bits, at most the ceiling of what speaks against it. Without
// reasons asked for it may give 0 for what is None anyway.
func (p *people) weigh(one, two side, r *reasons) float64 {
	a, b := one.(*personForm), two.(*personForm)
	if a.key == b.key && !a.key.zero() {
		r.add(SameRecord)
		return 1
	}
	ceiling := 1.0
	ask := func(yes bool) {
		if yes {
			ceiling = min(ceiling, askCeiling)
		}
	}
	var details shared
	if a.sharesDetail(b) {
		details = p.contactLike(a, b, r)
	}
	bits := p.prior() + details.bits

	given, askGiven := p.givenLike(a, b, false, nil)
	// Most pairs of a block end here: no family name outweighs that nothing but
	// the family name is the same (18 bits at most, less 9 and the prior).
	if r == nil && given.different && details.bits == 0 && (a.born == 0 || b.born == 0) && !crossed(a, b) {
		return 0
	}
	family, same, askFamily := p.familyLike(a, b, false, nil)
	x, y, swap := a, b, false
	if (given.different || !same) && crossed(a, b) {
		for _, turned := range [2][2]*personForm{{a, b}, {b, a}} {
			g, ag := p.givenLike(turned[0], turned[1], true, nil)
			f, s, af := p.familyLike(turned[0], turned[1], true, nil)
			if s && !g.different && (!g.initial || details.own) && g.bits+f+swappedBits > given.bits+family {
				x, y, swap = turned[0], turned[1], true
				given, askGiven, family, askFamily = g, ag, f+swappedBits, af
			}
		}
	}
	if r != nil {
		p.nameReasons(x, y, swap, x != a, r)
		if swap {
			r.add(SwappedNames, a.wholeGiven, a.wholeFamily)
		}
	}
	bits += given.bits + family
	ask(askGiven || askFamily)

	if a.generation != b.generation {
		r.add(DifferentGeneration, generationWords[a.generation], generationWords[b.generation])
		if a.generation != "" && b.generation != "" {
			ceiling = blockCeiling
		} else {
			bits += markBits
			ask(true)
		}
	}
	if a.born != 0 && b.born != 0 {
		apart := max(a.born-b.born, b.born-a.born)
		if apart == 0 {
			r.addYears(SameBirthYear, a.born)
			bits += birthYearBits
		} else {
			r.addYears(DifferentBirthYear, a.born, b.born)
			bits += birthApartBits
			ask(true)
			if apart >= generationYears {
				ceiling = blockCeiling
			}
		}
	}
	// A household shares its name, its address and its number; an initial, or a
	// middle name, which often is that of a parent, does not tell who is meant.
	if (given.initial || given.code == MiddleName) && !details.individual {
		if details.own {
			r.add(SharedContact)
		}
		ask(true)
	}
	if !details.own {
		r.add(NameOnly)
		ask(true)
	}
	return min(probability(bits), ceiling)
}

func (r *reasons) addYears(code string, years ...int) {
	if r != nil {
		var args []string
		for _, y := range years {
			args = append(args, strconv.Itoa(y))
		}
		r.add(code, args...)
	}
}

// nameReasons says what the names have in common; turned when the records were
// compared the other way round.
func (p *people) nameReasons(a, b *personForm, swap, turned bool, r *reasons) {
	from := len(*r)
	p.givenLike(a, b, swap, r)
	p.familyLike(a, b, swap, r)
	if turned {
		for _, reason := range (*r)[from:] {
			slices.Reverse(reason.Args)
		}
	}
}

// crossed tells whether the given name of each may be a family name of the other,
// by their initials or nicknames.
func crossed(a, b *personForm) bool {
	return begins(a.family, b.given) && begins(b.family, a.given)
}

func begins(family, given []*word) bool {
	if len(given) > 0 {
		for _, w := range family {
			if w.initial == given[0].initial || w.short(given[0]) || given[0].short(w) {
				return true
			}
			for _, n := range w.nick {
				if slices.Contains(given[0].nick, n) {
					return true
				}
			}
		}
	}
	return false
}

// contactLike compares addresses, numbers and organizations.
func (p *people) contactLike(a, b *personForm, r *reasons) (s shared) {
	var email, mailbox float64
	otherMailbox := ""
	var sameMail, sameBox address
	individual := false
	for _, x := range a.emails {
		for _, y := range b.emails {
			switch {
			case x.full == y.full:
				alone := aloneEmail
				if x.role {
					alone = aloneRole
				}
				if bits := p.rarity(p.emails.of(x.full), alone); bits > email {
					email, sameMail = bits, x
					individual = x.personal(a.given, b.given, a.also, b.also)
				}
			case x.local() == y.local() && len(x.local()) >= minMailbox && !x.role:
				bits := p.rarity(p.locals.of(x.local()), aloneMailbox) + mailboxBits
				if x.madeOf(a) || x.madeOf(b) {
					if bits = min(bits, guessedBits); x.numbered() {
						bits = numberedBits
					}
				} else {
					s.own = true
				}
				if bits > mailbox {
					mailbox, sameBox = bits, x
				}
			case x.host() != "" && x.host() == y.host() && !x.role && !y.role:
				otherMailbox = x.host()
			}
		}
	}
	if email > 0 {
		r.add(SameEmail, sameMail.full)
		s.own = s.own || !sameMail.role
		s.individual = individual
		s.bits += email
		otherMailbox = ""
	} else if mailbox > 0 {
		r.add(SameMailbox, sameBox.local())
		s.bits += mailbox
	}
	phone, digits, number := 0.0, 0, ""
	for _, x := range a.phones {
		for _, y := range b.phones {
			n, same := samePhone(x, y)
			if !same {
				continue
			}
			bits := p.rarity(p.phones.of(x[len(x)-phoneTail:]), alonePhone)
			if n < 9 {
				bits += shortPhoneBits
			}
			if bits > phone {
				phone, digits, number = bits, n, x
			}
		}
	}
	if phone > 0 {
		r.add(SamePhone, number[len(number)-digits:])
		s.own = true
		s.bits += phone
	}
	place, name := 0.0, ""
	for _, x := range a.organizations {
		for _, y := range b.organizations {
			if x == y {
				if bits := p.rarity(p.organizations.of(x), aloneOrganization); bits > place {
					place, name = bits, x
				}
			}
		}
	}
	if place > 0 {
		r.add(SameOrganization, name)
		s.bits += place
		s.own = true
	}
	if otherMailbox != "" {
		s.bits += otherMailboxBits
		r.add(OtherMailbox, otherMailbox)
	}
	return s
}
