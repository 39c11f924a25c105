package resemblance

// likeness is what the comparison of two names found: bits of evidence, a code
// for it and the words it is about. Close names are two names (Juan and Juana)
// that only look like one.
type likeness struct {
	bits      float64
	code      string
	a, b      string
	initial   bool
	close     bool
	different bool
}

// initialBits is what agreement in an initial says: half the people of a list
// share theirs with about one in eight others.
const initialBits = 3

// count is how many records bear a word as given or family name. Many names are
// both, and swapped names must not look rare for standing in the wrong field.
func (w *word) count() int { return w.tally.in(asGiven) + w.tally.in(asFamily) }

// alike compares two words of names.
func (p *people) alike(a, b *word, given bool) likeness {
	l := likeness{a: a.text, b: b.text}
	if a == b && !a.single { // the usual case among records of an index
		l.bits, l.code = p.rarity(a.count(), 1), SameFamily
		if given {
			l.code = SameGiven
		}
		return l
	}
	most, least := a.count(), b.count()
	if most < least {
		most, least = least, most
	}
	switch {
	case a.single || b.single:
		if a.initial != b.initial && !(given && (a.short(b) || b.short(a))) {
			l.different = true
			return l
		}
		l.bits, l.code, l.initial = initialBits, Initial, true
		return l
	case a.text == b.text:
		l.bits, l.code = p.rarity(a.count(), 1), SameFamily
		if given {
			l.code = SameGiven
		}
		return l
	}
	if given {
		if n, ok := p.nicked(a, b); ok {
			l.bits, l.code = p.rarity(n, 1)-1, Nickname
			return l
		}
	}
	kind := slipOf(a.text, b.text, a.mask, b.mask)
	heard := a.sameSound(b) && len(a.sound) >= minSound-1 && min(len(a.text), len(b.text)) >= oneSlipFrom
	switch {
	case kind == transposed:
		l.code, l.bits = Transposed, p.rarity(most, 1)-3
	case heard:
		l.code, l.bits = SoundsAlike, p.rarity(most, 1)-4
	case kind == misspelled:
		l.code, l.bits = Misspelled, p.rarity(most, 1)-4
	case given && shortened(a.text, b.text):
		l.code, l.bits = Nickname, p.rarity(most, 1)-5
	default:
		l.different = true
		return l
	}
	// Two spellings that many bear are two names, and so are the two of a man
	// and a woman.
	if p.established(most, least) || given && gendered(a.text, b.text) {
		l.close, l.bits = true, -4
	}
	return l
}

// short tells whether an initial is that of the full name that the other word is
// a nickname of: J. and Pepe.
func (w *word) short(of *word) bool {
	if w.single {
		for _, n := range of.nick {
			if nickInitials[n] == w.initial {
				return true
			}
		}
	}
	return false
}

// nicked tells whether two given names are of one family of nicknames, and how
// many bear a name of it.
func (p *people) nicked(a, b *word) (bearers int, ok bool) {
	for _, n := range a.nick {
		for _, m := range b.nick {
			if n == m && (!ok || p.nicks[n] < bearers) {
				bearers, ok = p.nicks[n], true
			}
		}
	}
	return bearers, ok
}

// shortened tells whether a given name is the beginning of the other.
func shortened(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return len(a) >= 3 && len(b) >= len(a)+2 && b[:len(a)] == a
}

// gendered tells whether two given names differ as the names of a man and a
// woman do in Spanish and French.
func gendered(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if i < 3 {
		return false
	}
	switch a[i:] + "/" + b[i:] {
	case "o/a", "a/o", "e/a", "a/e", "/a", "/e", "/ne", "/le", "/te", "/tte", "/ette", "/ine", "/ina", "/elle":
		return true
	}
	return false
}

const (
	middleBits      = -6 // John A. and John B.
	givenBits       = -9 // two given names that have nothing to do with each other
	familyBits      = -6 // two family names; people marry
	halfFamilyBits  = -7 // García López and García Pérez: relatives
	swappedBits     = -3
	middleNameBits  = -2 // called by the second given name
	compoundBits    = -1
	mostFamilyBits  = 18
	restMatchedBits = 2
)

// givenLike compares two persons' given names: the first ones and what they are
// called besides, then a first name with the other's middle names; then the
// middle names of both.
func (p *people) givenLike(a, b *personForm, swapA bool, r *reasons) (l likeness, ask bool) {
	given, also := a.given, a.also
	if swapA {
		given, also = a.family, nil
	}
	if len(given) == 0 || len(b.given) == 0 {
		r.add(NameMissing)
		return likeness{}, true
	}
	l = p.alike(given[0], b.given[0], true)
	whole := !swapA && len(given)+len(b.given) > 2 && a.wholeGiven == b.wholeGiven && !given[0].single
	if whole && given[0].text != b.given[0].text { // Jean-Pierre and Jeanpierre
		l = likeness{bits: max(p.rarity(given[0].count(), 1), p.rarity(b.given[0].count(), 1)), code: SpacedDifferently, a: a.wholeGiven, b: b.wholeGiven}
	}
	if l.different || l.close {
		best := l
		if len(also)+len(b.also) > 0 {
			for _, x := range append([]*word{given[0]}, also...) {
				for _, y := range append([]*word{b.given[0]}, b.also...) {
					if o := p.alike(x, y, true); !o.different && !o.close && (best.different || best.close || o.bits > best.bits) {
						best = o
					}
				}
			}
		}
		for _, pair := range [2][2][]*word{{given[:1], b.given[1:]}, {given[1:], b.given[:1]}} {
			for _, x := range pair[0] {
				for _, y := range pair[1] {
					if o := p.alike(x, y, true); !o.different && !o.close && !o.initial && (best.different || best.close || o.bits+middleNameBits > best.bits) {
						best = o
						best.code, best.bits = MiddleName, o.bits+middleNameBits
					}
				}
			}
		}
		l = best
	}
	switch {
	case l.different:
		r.add(DifferentGiven, l.a, l.b)
		l.bits = givenBits
		return l, true
	case l.close:
		r.add(l.code, l.a, l.b)
		r.add(DifferentGiven, l.a, l.b)
		return l, true
	case l.code == SameGiven:
		r.add(SameGiven, l.a)
	default:
		r.add(l.code, l.a, l.b)
	}
	if l.code != MiddleName && !whole && len(given) > 1 && len(b.given) > 1 {
		m := p.alike(given[1], b.given[1], true)
		switch {
		case m.different || m.close:
			r.add(DifferentMiddle, m.a, m.b)
			l.bits += middleBits
			ask = true
		case !m.initial:
			l.bits += restMatchedBits
		default:
			l.bits += restMatchedBits / 2.0
		}
	}
	return l, ask
}

// familyLike compares two persons' family names, of which each may be compound.
func (p *people) familyLike(a, b *personForm, swapA bool, r *reasons) (bits float64, same, ask bool) {
	family, whole := a.family, a.wholeFamily
	if swapA {
		family, whole = a.given, a.wholeGiven
	}
	if len(family) == 0 || len(b.family) == 0 {
		r.add(NameMissing)
		return 0, false, true
	}
	if whole == b.wholeFamily && !family[0].single {
		for _, w := range family {
			bits += p.rarity(w.count(), 1)
		}
		other := 0.0
		for _, w := range b.family {
			other += p.rarity(w.count(), 1)
		}
		r.add(SameFamily, whole)
		return min(bits, other, mostFamilyBits), true, false
	}
	short, long, turned := family, b.family, false
	if len(short) > len(long) {
		short, long, turned = long, short, true
	}
	var used uint8
	matched, named := 0, 0
	for _, w := range short {
		at, best := -1, likeness{different: true}
		for i, o := range long {
			if used&(1<<i) != 0 {
				continue
			}
			if l := p.alike(w, o, false); !l.different && (best.different || l.bits > best.bits) {
				at, best = i, l
			}
		}
		if at < 0 {
			continue
		}
		used |= 1 << at
		matched++
		ask = ask || best.close
		bits += best.bits
		if turned {
			best.a, best.b = best.b, best.a
		}
		if best.code == SameFamily {
			r.add(SameFamily, best.a)
			named++
		} else {
			r.add(best.code, best.a, best.b)
			if !best.initial {
				named++
			}
		}
	}
	bits = min(bits, mostFamilyBits)
	switch {
	case matched == 0:
		if n, m := len(whole), len(b.wholeFamily); n >= twoSlipFrom && m >= twoSlipFrom && slipOf(whole, b.wholeFamily, letterMask(whole), letterMask(b.wholeFamily)) != noSlip {
			r.add(Misspelled, whole, b.wholeFamily)
			return min(p.rarity(family[0].count(), 1), p.rarity(b.family[0].count(), 1)) - 4, true, false
		}
		r.add(DifferentFamily, whole, b.wholeFamily)
		return familyBits, false, true
	case matched < len(short):
		r.add(DifferentFamily, whole, b.wholeFamily)
		return bits + halfFamilyBits, false, true
	case len(short) < len(long):
		r.add(CompoundFamily, whole, b.wholeFamily)
		bits += compoundBits
	}
	return bits, named > 0, ask || named == 0
}
