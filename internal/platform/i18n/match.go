package i18n

import (
	"context"
	"slices"

	"golang.org/x/text/language"
)

// maxAcceptLanguage bounds the header Match reads; real browsers send well under 200 bytes.
const maxAcceptLanguage = 500

// Match chooses among allowed the language that fits an Accept-Language header best. The first of
// allowed is the answer when nothing fits or the header cannot be read; without allowed, all languages
// of the catalogue are offered. Codes the catalogue does not speak are passed over.
func Match(acceptLanguage string, allowed ...string) string {
	spoken := Languages()
	offered := make([]string, 0, len(spoken))
	for _, code := range allowed {
		if slices.Contains(spoken, code) {
			offered = append(offered, code)
		}
	}
	if len(offered) == 0 {
		offered = spoken
	}
	if acceptLanguage == "" || len(acceptLanguage) > maxAcceptLanguage {
		return offered[0]
	}
	wanted, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil || len(wanted) == 0 {
		return offered[0]
	}
	tags := make([]language.Tag, len(offered))
	for i, code := range offered {
		tags[i] = language.MustParse(code)
	}
	_, index, confidence := language.NewMatcher(tags).Match(wanted...)
	if confidence == language.No {
		return offered[0]
	}
	return offered[index]
}

// Known reports whether the catalogue speaks the language called code.
func Known(code string) bool { return slices.Contains(Languages(), code) }

// IsRightToLeft reports whether ctx's language is written from right to left.
func IsRightToLeft(ctx context.Context) bool { return Direction(ctx) == "rtl" }
