package damage

import (
	"strings"
)

// currencies are signs and codes that stand before or after an amount.
var currencies = pattern(`(?i)^(?:us|ca|c|a)?[$€£¥₡₲₱₹]|[$€£¥]$|^(?:usd|cad|eur|gbp|mxn|cop|clp|ars|chf)\b|\b(?:usd|cad|eur|gbp|mxn|cop|clp|ars|chf|fr|euros?|dollars?)$`)

// amount is a number taken apart.
type amount struct {
	negative bool
	body     string // digits, points and commas
	spaced   bool   // spaces or apostrophes stood between its digits
	percent  bool
	currency bool
}

// readAmount takes signs off; ok is false for what is no number.
func readAmount(value string) (a amount, ok bool) {
	v := strings.TrimSpace(value)
	if v == "" || len(v) > 40 {
		return a, false
	}
	if strings.HasPrefix(v, "(") && strings.HasSuffix(v, ")") { // accountants write losses so
		a.negative, v = true, strings.TrimSpace(v[1:len(v)-1])
	}
	v = a.sign(v)
	if rest, cut := strings.CutSuffix(v, "%"); cut {
		a.percent, v = true, rest
	}
	v = strings.TrimFunc(v, isGap)
	if a.body = v; strings.Trim(v, "0123456789.,") == "" { // most are nothing but digits
		return a, numeric().MatchString(v)
	}
	if strings.Count(v, "-") > 1 || strings.ContainsAny(v, "/:#") {
		return a, false // a date, a time, a telephone number
	}
	if at := currencies().FindStringIndex(v); at != nil {
		a.currency = true
		v = strings.TrimFunc(v[:at[0]]+v[at[1]:], isGap)
	}
	v = a.sign(v)
	if a.body = strings.Map(func(r rune) rune {
		if isGap(r) || r == '\'' || r == '’' {
			return -1
		}
		return r
	}, v); a.body != v {
		if !grouped().MatchString(v) {
			return a, false
		}
		a.spaced = true
	}
	return a, numeric().MatchString(a.body)
}

func (a *amount) sign(v string) string {
	for _, minus := range []string{"-", "−", "–"} {
		if rest, cut := strings.CutPrefix(v, minus); cut {
			a.negative = true
			return strings.TrimFunc(rest, isGap)
		}
	}
	return strings.TrimPrefix(v, "+")
}

func isGap(r rune) bool { return r == ' ' || r == '\u00a0' || r == '\u202f' || r == '\u2009' }

var (
	numeric = pattern(`^(\d+([.,]\d+)*|[.,]\d+)$`)
	grouped = pattern(`^\d{1,3}([ \x{a0}\x{202f}\x{2009}'’]\d{3})+([.,]\d+)?$`)
	// Digits in groups of three, set apart by the sign that is not the decimal one.
	commaGroups = pattern(`^\d{1,3}(,\d{3})+(\.\d+)?$`)
	pointGroups = pattern(`^\d{1,3}(\.\d{3})+(,\d+)?$`)
)

// decimalOf tells which sign of a body is the decimal one: '.' or ',' where that is certain, 'p' or 'c' for
// a single point or comma that may as well set thousands apart, 0 where there is none, '?' for what fits
// neither.
func decimalOf(body string) byte {
	points, commas := strings.Count(body, "."), strings.Count(body, ",")
	switch {
	case points+commas == 0:
		return 0
	case points > 0 && commas > 0:
		if strings.LastIndexByte(body, '.') > strings.LastIndexByte(body, ',') {
			if points == 1 && commaGroups().MatchString(body) {
				return '.'
			}
		} else if commas == 1 && pointGroups().MatchString(body) {
			return ','
		}
		return '?'
	case commas > 1:
		if commaGroups().MatchString(body) {
			return '.'
		}
		return '?'
	case points > 1:
		if pointGroups().MatchString(body) {
			return ','
		}
		return '?'
	case commas == 1:
		if commaGroups().MatchString(body) && body[0] != '0' {
			return 'c'
		}
		return ','
	}
	if pointGroups().MatchString(body) && body[0] != '0' {
		return 'p'
	}
	return '.'
}

// decimal reads a number whose decimal sign is mark and writes it with a point, without groups and signs. A
// share keeps its size: 77.27% is 77.27.
func decimal(value string, mark byte) (string, bool) {
	a, ok := readAmount(value)
	if !ok {
		return "", false
	}
	body := a.body
	switch kind := decimalOf(body); {
	case kind == '?', kind == '.' && mark == ',', kind == ',' && mark == '.':
		return "", false
	case mark == '.':
		body = strings.ReplaceAll(body, ",", "")
	default:
		body = strings.ReplaceAll(strings.ReplaceAll(body, ".", ""), ",", ".")
	}
	if strings.HasPrefix(body, ".") {
		body = "0" + body
	}
	if a.negative {
		body = "-" + body
	}
	return body, true
}

// numberEvidence counts numbers by how they are written.
type numberEvidence struct {
	all               int64
	comma             tally // certainly a decimal comma
	point             int64 // certainly a decimal point
	groups            tally // digits in groups, certainly or perhaps
	openComma         tally // a single comma before three digits
	openPoint         tally
	percent, currency tally
}

func (e *numberEvidence) add(value string, at int64) {
	a, ok := readAmount(value)
	if !ok {
		return
	}
	kind := decimalOf(a.body)
	if kind == '?' {
		return
	}
	e.all++
	switch kind {
	case ',':
		e.comma.add(value, at)
		if strings.Contains(a.body, ".") {
			e.groups.add(value, at)
		}
	case '.':
		e.point++
		if strings.Contains(a.body, ",") {
			e.groups.add(value, at)
		}
	case 'c':
		e.openComma.add(value, at)
	case 'p':
		e.openPoint.add(value, at)
	}
	if a.spaced {
		e.groups.add(value, at)
	}
	if a.percent {
		e.percent.add(value, at)
	}
	if a.currency {
		e.currency.add(value, at)
	}
}

type foundNumbers struct {
	kind  Kind
	tally tally
}

// found are the kinds of damage in a column of numbers, none where fewer than nine in ten are.
func (e *numberEvidence) found(values int64) (out []foundNumbers) {
	if e.all == 0 || e.all*10 < values*9 {
		return nil
	}
	comma, groups := e.comma, e.groups
	if e.likely() == CommaDecimal {
		comma = joined(comma, e.openComma)
		groups = joined(groups, e.openPoint)
	} else {
		groups = joined(groups, e.openComma)
	}
	for _, f := range []foundNumbers{{DecimalComma, comma}, {Thousands, groups}, {Percent, e.percent}, {Currency, e.currency}} {
		if f.tally.count > 0 {
			out = append(out, f)
		}
	}
	return out
}

// likely is the rule the evidence speaks for: a single certain number decides about those that may be
// either, unless others contradict it. A point alone is taken for a decimal one, as programs write it; a
// comma alone before three digits is left to a person.
func (e *numberEvidence) likely() Rule {
	switch {
	case e.comma.count > 0 && e.point == 0:
		return CommaDecimal
	case e.point > 0 && e.comma.count == 0:
		return PointDecimal
	case e.comma.count == 0 && e.openComma.count == 0:
		return PointDecimal
	}
	return ""
}

func (e *numberEvidence) rules() []Rule {
	if likely := e.likely(); likely != "" {
		return []Rule{likely}
	}
	return []Rule{PointDecimal, CommaDecimal}
}
