package damage

import "strings"

// months are the names of the months in English, French and Spanish without accents.
var months = [12][]string{
	{"january", "janvier", "enero"},
	{"february", "fevrier", "febrero"},
	{"march", "mars", "marzo"},
	{"april", "avril", "abril"},
	{"may", "mai", "mayo"},
	{"june", "juin", "junio"},
	{"july", "juillet", "julio"},
	{"august", "aout", "agosto"},
	{"september", "septembre", "septiembre", "setiembre"},
	{"october", "octobre", "octubre"},
	{"november", "novembre", "noviembre"},
	{"december", "decembre", "diciembre"},
}

var withoutAccents = strings.NewReplacer("é", "e", "è", "e", "û", "u", "ü", "u", "á", "a", "É", "e", "Û", "u")

// monthOf is the number of the month that name names, or begins to name with at least three letters; 0 for
// none, and for "jui", which two months begin with.
func monthOf(name string) int {
	name = strings.TrimSuffix(withoutAccents.Replace(strings.ToLower(name)), ".")
	if len(name) < 3 {
		return 0
	}
	found := 0
	for i, names := range months {
		for _, full := range names {
			if !strings.HasPrefix(full, name) {
				continue
			}
			if found > 0 && found != i+1 {
				return 0
			}
			found = i + 1
		}
	}
	return found
}
