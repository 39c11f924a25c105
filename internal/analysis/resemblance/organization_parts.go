package resemblance

import (
	"slices"
	"strings"
)

// wordLike compares two words of names; the code is "" for two words that have
// nothing to do with each other.
func (o *organizations) wordLike(a, b *word, rawA, rawB string) (bits float64, code string) {
	if a.text == b.text {
		return o.weight(a), SameName
	}
	most, least := a.tally.in(asName), b.tally.in(asName)
	if most < least {
		most, least = least, most
	}
	if digits(a.text) || digits(b.text) {
		return 0, ""
	}
	if (genericWords[a.text] || genericWords[b.text]) && shortened(a.text, b.text) { // Comm. for Community
		return max(0, min(o.weight(a), o.weight(b), genericBits)+slipBits), Abbreviation
	}
	if o.established(most, least) {
		return 0, ""
	}
	switch kind := slipOf(a.text, b.text, a.mask, b.mask); {
	case kind == transposed:
		code = Transposed
	case min(len(a.text), len(b.text)) < minSlipWord && !shortened(a.text, b.text): // acronyms, mostly
		return 0, ""
	case kind == misspelled:
		code = Misspelled
	case a.sameSound(b) && len(a.sound) >= minSound && min(len(a.text), len(b.text)) >= oneSlipFrom:
		code = SoundsAlike
	case shortened(a.text, b.text):
		code = Abbreviation
	case (a.text != rawA || b.text != rawB) && slipOf(rawA, rawB, letterMask(rawA), letterMask(rawB)) != noSlip:
		code = Misspelled // of a word that was put into its one form
	default:
		return 0, ""
	}
	return max(0, min(o.weight(a), o.weight(b))+slipBits), code
}

// minSlipWord is the length from which a word of an organization's name may have
// been misspelled in another way than by letters that changed places.
const minSlipWord = 5

// acronymBits is what it says that one name is the initials of the other: four
// bits a letter, since letters are not equally frequent, less two for the many
// ways to take initials.
func acronymBits(letters int) float64 { return float64(4*letters - 2) }

// acronymLike tells whether one name is the initials of the other.
func (o *organizations) acronymLike(s, t *titleForm, r *reasons) (bits float64, ok bool) {
	var short string
	switch {
	case s.short != "" && slices.Contains(t.acronyms, s.short):
		short = s.short
	case t.short != "" && slices.Contains(s.acronyms, t.short):
		short = t.short
	default:
		return 0, false
	}
	r.add(Acronym, strings.Join(s.raw, " "), strings.Join(t.raw, " "))
	return min(acronymBits(len(short)), o.rarity(o.acronyms[short], 1)), true
}

// sameTitle says in what two names differ that are the same.
func (o *organizations) sameTitle(s, t *titleForm, r *reasons) {
	if r == nil {
		return
	}
	r.add(SameName, s.whole)
	if len(s.words) != len(t.words) {
		r.add(SpacedDifferently, strings.Join(s.raw, " "), strings.Join(t.raw, " "))
	} else {
		for i := range s.raw {
			if s.raw[i] != t.raw[i] {
				r.add(Abbreviation, s.raw[i], t.raw[i])
			}
		}
	}
	if !slices.Equal(s.legal, t.legal) {
		legal := slices.Concat(s.legal, t.legal)
		slices.Sort(legal)
		r.add(LegalSuffix, slices.Compact(legal)...)
	}
}

// apartness is what numbers and kinds say against two names. One that only one
// of the names has is a doubt, as any word left over is; two that differ are two
// organizations.
func (o *organizations) apartness(s, t *titleForm, whole bool, r *reasons) (bits float64, ask bool) {
	if !slices.Equal(s.numbers, t.numbers) {
		ask = true
		r.add(DifferentNumber, strings.Join(s.numbers, " "), strings.Join(t.numbers, " "))
		if len(s.numbers) > 0 && len(t.numbers) > 0 {
			bits += numberApartBits
		} else {
			bits += oneSidedBits
		}
	}
	for _, group := range [...]string{"body", "direction", "school", "sex", "size"} {
		x, y := kindsIn(s.kinds, group), kindsIn(t.kinds, group)
		if x == y || whole {
			continue
		}
		r.add(DifferentKind, x, y)
		if within(strings.Fields(x), strings.Fields(y)) || within(strings.Fields(y), strings.Fields(x)) {
			bits += oneSidedBits
		} else {
			bits += kindApartBits
		}
	}
	return bits, ask
}

// kindsIn lists the kinds of one group, sorted.
func kindsIn(list []kind, group string) string {
	var first string
	var more []string
	for _, k := range list {
		if k.group == group {
			if first == "" {
				first = k.value
			}
			more = append(more, k.value)
		}
	}
	if len(more) < 2 {
		return first
	}
	slices.Sort(more)
	return strings.Join(slices.Compact(more), " ")
}
