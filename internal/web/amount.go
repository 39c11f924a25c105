package web

import (
	"context"
	"regexp"
	"strconv"
	"strings"

	"commontable/internal/backbone/commitments"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
)

// typedAmount is a number as people write it: digits, perhaps in groups of three, and
// at most two places behind a point or a comma.
var typedAmount = regexp.MustCompile(`^(\d{1,3}(?:[ .,'’\x{a0}\x{202f}]\d{3})+|\d{1,11})(?:[.,](\d{1,2}))?$`)

// hundredths reads an amount of hours or money of a form; nothing is none.
func hundredths(text, field string) (int64, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return 0, nil
	}
	parts := typedAmount.FindStringSubmatch(text)
	if parts == nil {
		return 0, operation.InvalidField(field, "errors.amount")
	}
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, parts[1])
	n, err := strconv.ParseInt(digits+(parts[2] + "00")[:2], 10, 64)
	if err != nil {
		return 0, operation.InvalidField(field, "errors.amount")
	}
	return n, nil
}

// amountTyped is an amount as a form holds it.
func amountTyped(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n/100, 10) + "." + strconv.FormatInt(100+n%100, 10)[1:]
}

// amountText is an amount of a kind in words: hours, or money in a currency.
func amountText(ctx context.Context, kind string, n int64, currency string) string {
	places := 2
	if n%100 == 0 {
		places = 0
	}
	number := i18n.Decimal(ctx, float64(n)/100, places)
	switch commitments.Units[kind] {
	case "hours":
		return i18n.T(ctx, "commitments.hours", i18n.Args{"Amount": number})
	case "money":
		return i18n.T(ctx, "commitments.money", i18n.Args{"Amount": number, "Currency": currency})
	}
	return ""
}

// hundredthsText is a recorded amount in words.
func hundredthsText(ctx context.Context, text string) string {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return text
	}
	return i18n.Decimal(ctx, float64(n)/100, 2)
}
