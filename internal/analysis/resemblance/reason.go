package resemblance

import "slices"

// Reason is one thing that speaks for or against two records being the same:
// a code of the list below and its arguments. Arguments are words of the two
// records, first record first, folded as they were compared; a code whose
// comment names no argument has none. Callers show contact details only to
// those who may see them.
type Reason struct {
	Code string
	Args []string
}

// What speaks for a pair.
const (
	SameRecord        = "same_record"        // one key: a record is itself
	SameEmail         = "same_email"         // the address
	SameMailbox       = "same_mailbox"       // the part before the @, at different hosts
	SamePhone         = "same_phone"         // the digits compared
	SameDomain        = "same_domain"        // the domain of website or e-mail
	SamePlace         = "same_place"         // the place
	SameOrganization  = "same_organization"  // the organization's words
	SameBirthYear     = "same_birth_year"    // the year
	SameName          = "same_name"          // the name
	SameGiven         = "same_given"         // the given name
	SameFamily        = "same_family"        // the family name
	Nickname          = "nickname"           // both given names
	Initial           = "initial"            // both given names, one an initial
	MiddleName        = "middle_name"        // both given names: one goes by a middle name
	Transposed        = "transposed"         // both words: two letters changed places
	Misspelled        = "misspelled"         // both words: one letter differs, two in long words
	SoundsAlike       = "sounds_alike"       // both words
	CompoundFamily    = "compound_family"    // both family names: one is part of the other
	SwappedNames      = "swapped_names"      // given and family name of the first record
	Acronym           = "acronym"            // both names: one is the initials of the other
	LegalSuffix       = "legal_suffix"       // the legal forms that were set aside, sorted
	Abbreviation      = "abbreviation"       // both words: one short or in another language
	SharedWords       = "shared_words"       // the words both names have, where others differ
	SpacedDifferently = "spaced_differently" // both names: the same letters
)

// What speaks against a pair.
const (
	DifferentGiven      = "different_given"      // both given names
	DifferentFamily     = "different_family"     // both family names
	DifferentMiddle     = "different_middle"     // both middle names
	DifferentGeneration = "different_generation" // both marks, such as jr and sr; "" for none
	DifferentBirthYear  = "different_birth_year" // both years
	DifferentNumber     = "different_number"     // both numbers, "" for none
	DifferentKind       = "different_kind"       // both kinds, such as elementary and middle; "" for none
	DifferentPlace      = "different_place"      // both places
	DifferentDomain     = "different_domain"     // both domains
	DifferentWords      = "different_words"      // the words that only one of the names has
	OtherMailbox        = "other_mailbox"        // the domain at which they have two addresses
	NameMissing         = "name_missing"         // one record lacks a name to compare
	NameOnly            = "name_only"            // nothing but the name speaks for it
	SharedContact       = "shared_contact"       // an address or number that others have too
)

// Codes lists every code a Reason can have, so that a caller can prove that it
// has words for each.
func Codes() []string {
	return slices.Clone(codes)
}

var codes = []string{
	SameRecord, SameEmail, SameMailbox, SamePhone, SameDomain, SamePlace, SameOrganization, SameBirthYear, SameName, SameGiven, SameFamily,
	Nickname, Initial, MiddleName, Transposed, Misspelled, SoundsAlike, CompoundFamily, SwappedNames, Acronym, LegalSuffix, Abbreviation,
	SharedWords, SpacedDifferently,
	DifferentGiven, DifferentFamily, DifferentMiddle, DifferentGeneration, DifferentBirthYear, DifferentNumber, DifferentKind, DifferentPlace,
	DifferentDomain, DifferentWords, OtherMailbox, NameMissing, NameOnly, SharedContact,
}

// reasons collects; the nil pointer collects nothing, so that most pairs are
// scored without an allocation.
type reasons []Reason

func (r *reasons) add(code string, args ...string) {
	if r != nil {
		*r = append(*r, Reason{Code: code, Args: slices.Clone(args)})
	}
}
