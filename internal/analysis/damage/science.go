package damage

import (
	"strconv"
	"strings"
)

var scientificForm = pattern(`^([+-]?)(\d)(?:[.,](\d+))?[eE]([+-]?\d{1,3})$`)

// scientific reads a number with an exponent and writes it in full. Whole is false where digits are
// missing: 1.23E+11 says three of twelve, and what the others were nobody can tell. A single digit without
// a point and a small exponent, 1e+05, is how programs for statistics write round numbers, and exact;
// spreadsheet programs write 1.00E+05, and resort to exponents by themselves from twelve digits on.
func scientific(value string) (full string, whole, ok bool) {
	m := scientificForm().FindStringSubmatch(value)
	if m == nil {
		return "", false, false
	}
	exponent, err := strconv.Atoi(m[4])
	if err != nil || exponent > 60 || exponent < -60 {
		return "", false, err == nil
	}
	digits := m[2] + m[3]
	sign := strings.TrimPrefix(m[1], "+")
	switch point := 1 + exponent; {
	case m[3] == "" && exponent > 0 && exponent <= 10:
		return sign + digits + strings.Repeat("0", exponent), true, true
	case point > len(digits):
		return "", false, true
	case point == len(digits):
		return sign + digits, true, true
	case point > 0:
		return sign + digits[:point] + "." + digits[point:], true, true
	default:
		return sign + "0." + strings.Repeat("0", -point) + digits, true, true
	}
}

// errorValues are what failed formulas show in English, French and Spanish programs, without the signs
// around.
var errorValues = map[string]bool{
	"ref": true, "n/a": true, "value": true, "div/0": true, "name": true, "null": true, "num": true, "spill": true, "calc": true, "getting_data": true,
	"error": true, "valeur": true, "nom": true, "nul": true, "nombre": true, "n/d": true, "valor": true, "núm": true, "nulo": true,
}

// isError reports whether a value is an error a program shows: #REF!, Err:502, or ##### for a number in a
// column too narrow for it.
func isError(value string) bool {
	if value == "" {
		return false
	}
	if value[0] != '#' {
		rest, ok := strings.CutPrefix(value, "Err:")
		return ok && len(rest) == 3 && strings.Trim(rest, "0123456789") == ""
	}
	rest := strings.TrimLeft(value, "#")
	if rest == "" {
		return len(value) > 2
	}
	if len(value)-len(rest) > 1 {
		return false
	}
	return errorValues[strings.Trim(strings.ToLower(rest), "!?¡¿")]
}
