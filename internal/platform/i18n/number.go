package i18n

import (
	"context"
	"math"
	"strconv"
	"strings"
)

// Number writes n with the digit grouping of the language: 12,345 · 12 345 · 12.345.
func Number(ctx context.Context, n int64) string { return localeOf(ctx).speech.number(n) }

// Decimal writes f with exactly places digits after the decimal mark, 0 to 15. What is no finite
// number is written as an en dash.
func Decimal(ctx context.Context, f float64, places int) string {
	return localeOf(ctx).speech.decimals(f, min(max(places, 0), 15))
}

// Percent writes a share of one as a percentage: 0.456 is "46%". places, when given, is the number of
// digits after the decimal mark, 0 to 15.
func Percent(ctx context.Context, share float64, places ...int) string {
	s := localeOf(ctx).speech
	digits := 0
	if len(places) > 0 {
		digits = min(max(places[0], 0), 15)
	}
	written := s.decimals(share*100, digits)
	if written == noNumber {
		return written
	}
	return written + s.percent
}

// Bytes writes a size in bytes with a decimal unit: 1,536 is "1.5 kB". Below ten there is one digit
// after the decimal mark, unless it would be zero.
func Bytes(ctx context.Context, n int64) string {
	units := [...]string{"numbers.bytes", "numbers.kilobytes", "numbers.megabytes", "numbers.gigabytes", "numbers.terabytes"}
	s := localeOf(ctx).speech
	size, unit := float64(n), 0
	for math.Round(math.Abs(size)) >= 1000 && unit < len(units)-1 {
		size, unit = size/1000, unit+1
	}
	written := s.decimals(size, 0)
	if tenths := math.Round(size*10) / 10; math.Abs(tenths) < 10 && tenths != math.Trunc(tenths) {
		written = s.decimals(tenths, 1)
	}
	return T(ctx, units[unit], Args{"Size": written})
}

// noNumber stands where a figure cannot be shown.
const noNumber = "–"

// number groups the digits of n.
func (s *speech) number(n int64) string {
	if n > -1000 && n < 1000 {
		return strconv.FormatInt(n, 10)
	}
	return s.grouped(strconv.FormatInt(n, 10))
}

// grouped puts the group mark into a whole number written in plain digits, with or without a sign.
func (s *speech) grouped(digits string) string {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	from := 4
	if s.groupFrom > 0 {
		from = len(strconv.FormatInt(s.groupFrom, 10))
	}
	if len(digits) < from {
		return sign + digits
	}
	var out strings.Builder
	out.WriteString(sign)
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out.WriteString(s.group)
		}
		out.WriteByte(digits[i])
	}
	return out.String()
}

// decimals writes f with places digits after the mark, or with as few as it needs when places is -1.
// Halves are rounded away from zero, as people expect, and there is no negative zero.
func (s *speech) decimals(f float64, places int) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return noNumber
	}
	if places >= 0 {
		f = roundHalfAway(f, places)
	}
	digits := strconv.FormatFloat(f, 'f', places, 64)
	if strings.Trim(digits, "-0.") == "" {
		digits = strings.TrimPrefix(digits, "-")
	}
	whole, rest, found := strings.Cut(digits, ".")
	if !found {
		return s.grouped(whole)
	}
	return s.grouped(whole) + s.decimal + rest
}

// roundHalfAway rounds f as written in decimal, so that 1.005 with two places becomes 1.01 although
// its binary value lies below the half.
func roundHalfAway(f float64, places int) float64 {
	shortest := strconv.FormatFloat(f, 'e', -1, 64)
	mantissa, exponent, _ := strings.Cut(shortest, "e")
	power, err := strconv.Atoi(exponent)
	if err != nil || power+places > 15 {
		return f
	}
	shifted, err := strconv.ParseFloat(mantissa+"e"+strconv.Itoa(power+places), 64)
	if err != nil {
		return f
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(math.Round(shifted), 'f', 0, 64)+"e"+strconv.Itoa(-places), 64)
	if err != nil {
		return f
	}
	return rounded
}
