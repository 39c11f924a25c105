package resemblance

import (
	"cmp"
	"slices"
	"strings"
)

// What is believed of details that no other organization in the list has; see
// aloneEmail.
const (
	aloneDomain      = 0.1
	aloneOrgEmail    = 0.1
	aloneOrgPhone    = 0.2
	maxNameBits      = 18
	wholeNameBits    = 5 // nothing is left over, and names are chosen to be told apart
	aloneTitle       = 1.0 / 32
	slipBits         = -2 // a word that is spelled otherwise
	placeApartBits   = -3
	domainApartBits  = -2 // organizations change theirs, and some have two
	crowd            = 4  // of so many that share a domain, some are several organizations
	numberApartBits  = -8
	kindApartBits    = -24 // an elementary and a middle school are two, whatever they share
	oneSidedBits     = -1
	contradictFloor  = -6 // an organization may have been named anew
	contradictWeight = 0.7
	extraWeight      = 0.5
)

// weigh is the score of two organizations: the logistic function of the sum of
// the evidence in bits, at most the ceiling of what speaks against it. Of
// several names the two that say most are compared.
func (o *organizations) weigh(one, two side, r *reasons) float64 {
	a, b := one.(*organizationForm), two.(*organizationForm)
	if a.key == b.key && !a.key.zero() {
		r.add(SameRecord)
		return 1
	}
	bits, own, crowded := o.detailsLike(a, b, r)
	named, ask := 0.0, true
	short, exact := false, false
	if len(a.titles) > 0 && len(b.titles) > 0 {
		var s, t *titleForm
		for i := range a.titles {
			for j := range b.titles {
				x, y := &a.titles[i], &b.titles[j]
				if x.derived && y.short == "" || y.derived && x.short == "" {
					continue
				}
				n, doubt := o.titleLike(x, y, a, b, nil)
				initials, whole := x.short != "" || y.short != "", x.whole == y.whole
				// Of pairs that say as much the one that leaves less to ask, or the
				// score would hang on the order of the names.
				if s == nil || cmp.Or(cmp.Compare(n, named), falseFirst(ask, doubt), falseFirst(short, initials), falseFirst(whole, exact)) > 0 {
					s, t, named, ask, short, exact = x, y, n, doubt, initials, whole
				}
			}
		}
		if s != nil {
			if r != nil {
				o.titleLike(s, t, a, b, r)
			}
		}
	} else {
		r.add(NameMissing)
	}
	bits += o.prior() + named

	placed, apart := o.placeLike(a, b, r)
	bits += placed
	if apart && !own {
		ask = true
	}
	// Initials are short, and two schools of a district may have the same.
	if own && crowded && short {
		r.add(SharedContact)
		ask = true
	}
	if !own && (placed <= 0 || !exact) {
		r.add(NameOnly)
		ask = true
	}
	if !own && len(a.domains) > 0 && len(b.domains) > 0 {
		r.add(DifferentDomain, a.domains[0], b.domains[0])
		bits += domainApartBits
		ask = true
	}
	if ask {
		return min(probability(bits), askCeiling)
	}
	return probability(bits)
}

// falseFirst is above 0 when only the former is true, below 0 when only the
// latter is.
func falseFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	default:
		return -1
	}
}

// detailsLike compares domains, addresses and numbers; own tells whether one of
// them is the same, crowded whether each that is has a crowd of others.
func (o *organizations) detailsLike(a, b *organizationForm, r *reasons) (bits float64, own, crowded bool) {
	crowded = true
	most := func(list, other []string, counts map[string]int, alone float64, code string) {
		best, same := 0.0, ""
		for _, x := range list {
			if slices.Contains(other, x) {
				if n := o.rarity(counts[x], alone); n > best {
					best, same = n, x
				}
			}
		}
		if same != "" {
			r.add(code, same)
			bits += best
			own = true
			crowded = crowded && counts[same] > crowd
		}
	}
	most(a.domains, b.domains, o.domains, aloneDomain, SameDomain)
	for _, x := range a.emails {
		if slices.ContainsFunc(b.emails, func(y address) bool { return x.full == y.full }) {
			r.add(SameEmail, x.full)
			bits += o.rarity(o.emails[x.full], aloneOrgEmail)
			own = true
			crowded = crowded && o.emails[x.full] > crowd
			break
		}
	}
	best, digits := 0.0, ""
	for _, x := range a.phones {
		for _, y := range b.phones {
			if n, same := samePhone(x, y); same {
				got := o.rarity(o.phones[x[len(x)-phoneTail:]], aloneOrgPhone)
				if n < 9 {
					got += shortPhoneBits
				}
				if got > best {
					best, digits = got, x[len(x)-n:]
				}
			}
		}
	}
	if digits != "" {
		r.add(SamePhone, digits)
		bits += best
		own = true
		crowded = crowded && o.phones[digits[len(digits)-phoneTail:]] > crowd
	}
	return bits, own, crowded
}

// placeLike compares places: one may say more than the other ("Springfield",
// "Springfield, MN").
func (o *organizations) placeLike(a, b *organizationForm, r *reasons) (bits float64, apart bool) {
	if len(a.place) == 0 || len(b.place) == 0 {
		return 0, false
	}
	if within(a.place, b.place) || within(b.place, a.place) {
		r.add(SamePlace, strings.Join(a.place, " "))
		return max(0, min(o.rarity(o.places[a.placed], 1), o.rarity(o.places[b.placed], 1))-1), false
	}
	r.add(DifferentPlace, a.placed, b.placed)
	return placeApartBits, true
}

func within(short, long []string) bool {
	for _, w := range short {
		if !slices.Contains(long, w) {
			return false
		}
	}
	return true
}

// weight is what agreement in a word of a name says.
func (o *organizations) weight(w *word) float64 {
	bits := max(0, o.rarity(w.tally.in(asName), 1))
	if genericWords[w.text] {
		return min(bits, genericBits)
	}
	return bits
}

// wholeBits is the most that agreement in the whole name says: what the number
// of others says that have it too.
func (o *organizations) wholeBits(s, t *titleForm) float64 {
	return min(o.rarity(max(o.wholes[s.whole], o.wholes[t.whole]), aloneTitle), maxNameBits+wholeNameBits)
}

// titleLike compares two names.
func (o *organizations) titleLike(s, t *titleForm, a, b *organizationForm, r *reasons) (bits float64, ask bool) {
	if bits, ok := o.acronymLike(s, t, r); ok {
		return bits, false
	}
	if s.whole == t.whole {
		o.sameTitle(s, t, r)
		for _, w := range s.forms {
			bits += o.weight(w)
		}
		other := 0.0
		for _, w := range t.forms {
			other += o.weight(w)
		}
		return min(bits+wholeNameBits, other+wholeNameBits, o.wholeBits(s, t)), false
	}
	var used uint32
	var common, extraS, extraT []string
	shared, missedS, missedT := 0.0, 0.0, 0.0
	for i, w := range s.forms {
		at, best := -1, 0.0
		code := ""
		for j, x := range t.forms {
			if used&(1<<j) != 0 {
				continue
			}
			if n, c := o.wordLike(w, x, s.raw[i], t.raw[j]); c != "" && (at < 0 || n > best) {
				at, best, code = j, n, c
			}
		}
		if at < 0 {
			if !slices.Contains(b.place, w.text) {
				missedS += o.weight(w)
				extraS = append(extraS, s.raw[i])
			}
			continue
		}
		used |= 1 << at
		shared += best
		common = append(common, w.text)
		if code != SameName {
			r.add(code, s.raw[i], t.raw[at])
		} else if s.raw[i] != t.raw[at] {
			r.add(Abbreviation, s.raw[i], t.raw[at])
		}
	}
	for j, x := range t.forms {
		if used&(1<<j) == 0 && !slices.Contains(a.place, x.text) {
			missedT += o.weight(x)
			extraT = append(extraT, t.raw[j])
		}
	}
	bits, ask = o.apartness(s, t, len(extraS)+len(extraT) == 0, r)
	missed := missedS + missedT
	switch {
	case len(extraS) == 0 && len(extraT) == 0 && len(common) > 0:
		r.add(SameName, s.whole)
		return bits + min(shared+wholeNameBits, o.wholeBits(s, t)), ask
	case len(extraS) == 0 || len(extraT) == 0:
		bits += shared - missed*extraWeight
	default:
		bits += max(shared-missed*contradictWeight, contradictFloor)
	}
	if len(common) > 0 {
		r.add(SharedWords, common...)
	}
	r.add(DifferentWords, slices.Concat(extraS, extraT)...)
	return min(bits, maxNameBits), true
}
