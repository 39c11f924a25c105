package damage

import (
	"strconv"
	"strings"
)

// Pad is the rule that puts zeros before numbers of fewer than width digits, 2 to 20.
func Pad(width int) Rule { return Rule("pad:" + strconv.Itoa(width)) }

func padWidth(rule Rule) (int, bool) {
	digits, ok := strings.CutPrefix(string(rule), "pad:")
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(digits)
	return n, err == nil && n >= 2 && n <= mostDigits
}

const mostDigits = 20

// zeroEvidence counts numbers by how many digits they have.
type zeroEvidence struct {
	all    int64
	widths [mostDigits + 1]tally
	zeros  [mostDigits + 1]int64 // of them, those that begin with a zero
}

func (z *zeroEvidence) add(value string, at int64) {
	if len(value) > mostDigits || strings.Trim(value, "0123456789") != "" {
		return
	}
	z.all++
	z.widths[len(value)].add(value, at)
	if value[0] == '0' && len(value) > 1 {
		z.zeros[len(value)]++
	}
}

// aboutCodes are words in the name of a column whose numbers are names and count nothing.
var aboutCodes = []string{"zip", "postal", "postcode", "post code", "postale", "code", "codigo", "código", "phone", "tel", "mobile", "fax", "móvil", "movil", "fips", "geoid", "ein", "ssn", "siret", "siren", "insee", "nces", "account", "compte", "cuenta", "identifi"}

// width is how many digits the numbers of the column had, 0 where none was lost. Numbers that count
// something have every width, so most must have the same, the rest one digit less or two, and it must be
// said that these are no counts: by the name of the column, or by zeros that are still there.
func (z *zeroEvidence) width(header string, values int64) int {
	if z.all == 0 || z.all*10 < values*9 {
		return 0
	}
	width := 0
	for n := range z.widths {
		if z.widths[n].count > 0 {
			width = n
		}
	}
	short := z.short(width).count
	if width < 3 || short == 0 || z.widths[width].count*2 < z.all {
		return 0
	}
	for n := range max(0, width-2) {
		if z.widths[n].count > 0 {
			return 0
		}
	}
	if z.zeros[width-1] > 0 || z.zeros[width-2] > 0 {
		return 0 // short ones that begin with a zero lost none
	}
	if z.zeros[width] > 0 {
		return width
	}
	for _, word := range aboutCodes {
		if strings.Contains(header, word) {
			return width
		}
	}
	if header == "id" || strings.HasSuffix(header, " id") || strings.HasSuffix(header, "_id") {
		return width
	}
	return 0
}

// short are the numbers of fewer digits than width.
func (z *zeroEvidence) short(width int) (out tally) {
	for n := width - 1; n >= max(1, width-2); n-- {
		out.count += z.widths[n].count
		for _, e := range z.widths[n].examples {
			if len(out.examples) < mostExamples {
				out.examples = append(out.examples, e)
			}
		}
	}
	return out
}

func pad(value string, width int) (string, bool) {
	if value == "" || len(value) > width || strings.Trim(value, "0123456789") != "" {
		return "", false
	}
	return strings.Repeat("0", width-len(value)) + value, true
}
