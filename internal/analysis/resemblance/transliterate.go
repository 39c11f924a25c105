package resemblance

// latin writes Cyrillic and Greek letters in Latin ones, in lower case and after
// NFKD, which has taken й, ё, ї and accented Greek vowels apart. It follows
// ISO 9:1995 and ISO 843:1997 where they need no accents, and elsewhere the
// spelling passports and mailing lists use (ж zh, х kh, ш sh), since the purpose
// is to meet names that people have written in Latin letters themselves. Signs
// without a sound are dropped.
var latin = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'ґ': "g", 'д': "d", 'е': "e", 'є': "ye", 'ж': "zh", 'з': "z", 'и': "i", 'і': "i", 'ј': "j", 'к': "k",
	'л': "l", 'љ': "lj", 'м': "m", 'н': "n", 'њ': "nj", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'ћ': "c", 'ђ': "dj", 'у': "u", 'ф': "f",
	'х': "kh", 'ц': "ts", 'ч': "ch", 'џ': "dz", 'ш': "sh", 'щ': "shch", 'ы': "y", 'э': "e", 'ю': "yu", 'я': "ya", 'ѕ': "dz", 'ә': "a", 'ғ': "g", 'қ': "k", 'ң': "n", 'ө': "o", 'ұ': "u", 'ү': "u", 'һ': "h",
	'α': "a", 'β': "v", 'γ': "g", 'δ': "d", 'ε': "e", 'ζ': "z", 'η': "i", 'θ': "th", 'ι': "i", 'κ': "k", 'λ': "l", 'μ': "m", 'ν': "n", 'ξ': "x",
	'ο': "o", 'π': "p", 'ρ': "r", 'σ': "s", 'ς': "s", 'τ': "t", 'υ': "y", 'φ': "f", 'χ': "ch", 'ψ': "ps", 'ω': "o",
}

// silent letters have no Latin counterpart and vanish.
func silent(r rune) bool {
	switch r {
	case 'ь', 'ъ', 'Ь', 'Ъ':
		return true
	}
	return false
}
