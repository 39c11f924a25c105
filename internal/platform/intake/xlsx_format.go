package intake

import (
	"archive/zip"
	"context"
	"math"
	"strconv"
	"strings"
	"time"
)

// formatKind is what the number format of a cell makes of its number.
type formatKind uint8

const (
	formatPlain formatKind = iota
	formatDate
	formatTime
	formatDateTime
	formatElapsed // hours may be more than 24
	formatPercent
	formatDigits // zeros in front belong to it, as in ZIP codes
)

// cellFormat is the part of a number format that changes what a person reads in the cell.
type cellFormat struct {
	kind    formatKind
	pattern string // of formatDigits: a 0 for each digit, and what stands between
}

// readFormats reads the formats of cells by the numbers of their styles.
func readFormats(ctx context.Context, a *archive, file *zip.File) ([]cellFormat, error) {
	const most = 100_000 // Excel itself allows 65,490
	codes := map[int]string{}
	var out []cellFormat
	inCells := false
	err := a.read(ctx, file, func(m *markup) error {
		switch string(m.name) {
		case "numFmt":
			if id, err := strconv.Atoi(m.attr("numFmtId")); err == nil && len(codes) < most {
				if code := m.attr("formatCode"); len(code) <= 255 { // as Excel holds it
					codes[id] = code
				}
			}
		case "cellXfs":
			inCells = true
		case "cellStyles", "dxfs", "cellStyleXfs":
			inCells = false
		case "xf":
			if inCells && len(out) < most {
				id, _ := strconv.Atoi(m.attr("numFmtId"))
				out = append(out, formatOf(id, codes[id]))
			}
		}
		return nil
	})
	return out, err
}

// formatOf reads a number format: a number that stands for one every program knows (ECMA-376 part 1,
// 18.8.30, with those of East Asian versions), or a code.
func formatOf(id int, code string) cellFormat {
	if code == "" {
		switch {
		case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
			return cellFormat{kind: formatDate}
		case id >= 18 && id <= 21, id >= 32 && id <= 35, id == 45, id == 47, id == 55, id == 56:
			return cellFormat{kind: formatTime}
		case id == 22:
			return cellFormat{kind: formatDateTime}
		case id == 46:
			return cellFormat{kind: formatElapsed}
		case id == 9, id == 10:
			return cellFormat{kind: formatPercent}
		}
		return cellFormat{}
	}
	return formatOfCode(code)
}

// formatOfCode reads a format code: letters outside of quotes, of brackets and not behind a backslash say
// which parts of a date are shown, zeros alone ask for digits.
func formatOfCode(code string) cellFormat {
	code, _, _ = strings.Cut(code, ";") // the first part is for numbers above zero
	var letters, pattern strings.Builder
	elapsed, percent := false, false
	digits := true
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case '"':
			end := strings.IndexByte(code[i+1:], '"')
			if end < 0 {
				end = len(code) - i - 1
			}
			pattern.WriteString(code[i+1 : i+1+end])
			i += end + 1
		case '\\', '_', '*':
			if i++; i < len(code) && c == '\\' {
				pattern.WriteByte(code[i])
			}
		case '[':
			end := strings.IndexByte(code[i:], ']')
			if end < 0 {
				return cellFormat{}
			}
			if inside := strings.ToLower(code[i+1 : i+end]); inside != "" && strings.Trim(inside, "hms") == "" {
				elapsed = true
			} else if strings.ContainsAny(inside, "<>=") {
				digits = false
			}
			i += end
		case '%':
			percent = true
		case 'G', 'g', '#', '?', '@', '.', ',', 'E', 'e':
			digits = false
			letters.WriteByte(c)
		case '0', '-', ' ', '(', ')', '/':
			pattern.WriteByte(c)
		default:
			digits = false
			letters.WriteByte(c)
		}
	}
	shown := strings.ToLower(letters.String())
	if strings.Contains(shown, "general") || strings.ContainsAny(shown, "#?@") {
		shown = ""
	}
	day := strings.ContainsAny(shown, "yd") || strings.Contains(shown, "m") && !strings.ContainsAny(shown, "hs") && !elapsed
	clock := strings.ContainsAny(shown, "hs")
	zeros := strings.Count(pattern.String(), "0")
	switch {
	case percent:
		return cellFormat{kind: formatPercent}
	case elapsed:
		return cellFormat{kind: formatElapsed}
	case day && clock:
		return cellFormat{kind: formatDateTime}
	case day:
		return cellFormat{kind: formatDate}
	case clock:
		return cellFormat{kind: formatTime}
	case digits && zeros > 1:
		return cellFormat{kind: formatDigits, pattern: pattern.String()}
	}
	return cellFormat{}
}

// number is the number of a cell as a person reads it, in full: without an exponent, a date as
// 2026-11-05, a moment as 2026-11-05 14:30:00, a time as 14:30:00, a share as 77.27%.
func (w *workbook) number(raw string, style int) string {
	f, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return raw
	}
	var format cellFormat
	if style >= 0 && style < len(w.formats) {
		format = w.formats[style]
	}
	switch format.kind {
	case formatPercent:
		return shifted(f) + "%"
	case formatDigits:
		return digitsOf(f, format.pattern)
	case formatElapsed:
		return elapsed(f)
	case formatDate, formatTime, formatDateTime:
		return serial(f, format.kind, w.year1904)
	}
	return plainNumber(f)
}

// plainNumber is the shortest number that means f, without an exponent.
func plainNumber(f float64) string {
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if s == "-0" {
		return "0"
	}
	return s
}

// shifted is a hundred times f. The point of the decimal number moves, since a product would be 7.000000000000001.
func shifted(f float64) string {
	s := strconv.FormatFloat(f, 'e', -1, 64)
	mantissa, exponent, _ := strings.Cut(s, "e")
	n, err := strconv.Atoi(exponent)
	if err != nil {
		return plainNumber(f)
	}
	hundred, err := strconv.ParseFloat(mantissa+"e"+strconv.Itoa(n+2), 64)
	if err != nil {
		return plainNumber(f)
	}
	return plainNumber(hundred)
}

// digitsOf fills the zeros of a pattern with the digits of a whole number, from the right.
func digitsOf(f float64, pattern string) string {
	if f < 0 || f != math.Trunc(f) || f > 1<<53 {
		return plainNumber(f)
	}
	digits := strconv.FormatFloat(f, 'f', 0, 64)
	if short := strings.Count(pattern, "0") - len(digits); short > 0 {
		digits = strings.Repeat("0", short) + digits
	}
	var out []byte
	first := strings.IndexByte(pattern, '0')
	for i := len(pattern) - 1; i >= 0; i-- {
		c := pattern[i]
		if c == '0' {
			c = digits[len(digits)-1]
			digits = digits[:len(digits)-1]
		}
		out = append(out, c)
		for i == first && len(digits) > 0 {
			out = append(out, digits[len(digits)-1])
			digits = digits[:len(digits)-1]
		}
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return string(out)
}

// serial is a number of days since the year zero of a workbook as a date. In the calendar that begins in
// 1900, day 60 is the 29 February that year did not have, and the days before it are one later.
func serial(f float64, kind formatKind, year1904 bool) string {
	const last = 2958466 // the first day of the year 10000
	if f < 0 || f >= last {
		return plainNumber(f)
	}
	seconds := int64(math.Round(f * 86400))
	if f < 1 && kind == formatTime {
		return clock(seconds)
	}
	epoch := time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case year1904:
		epoch = time.Date(1904, time.January, 1, 0, 0, 0, 0, time.UTC)
	case f < 60:
		epoch = epoch.AddDate(0, 0, 1)
	}
	at := epoch.AddDate(0, 0, int(seconds/86400)).Add(time.Duration(seconds%86400) * time.Second)
	if kind == formatDate {
		return at.Format(time.DateOnly)
	}
	return at.Format(time.DateTime)
}

// elapsed is a number of days as hours, minutes and seconds.
func elapsed(f float64) string {
	if f < 0 || f > 1<<31 {
		return plainNumber(f)
	}
	return clock(int64(math.Round(f * 86400)))
}

func clock(seconds int64) string {
	two := func(n int64) string {
		if n < 10 {
			return "0" + strconv.FormatInt(n, 10)
		}
		return strconv.FormatInt(n, 10)
	}
	return two(seconds/3600) + ":" + two(seconds/60%60) + ":" + two(seconds%60)
}
