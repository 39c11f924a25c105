package imports

import "commontable/internal/analysis/damage"

// mend brings a cell into the form it was meant to have, by the rule somebody
// chose for its column. A cell that the rule cannot mend stays as it is, and is
// found to be bad where its field cannot take it.
func mend(rule, text string) string {
	mended, ok := damage.Mend(damage.Rule(rule), text)
	if !ok {
		return text
	}
	return mended
}

// parseDay reads a date that can be read in one way only.
func parseDay(text string) (string, bool) { return damage.Parse(damage.AnyDate, text) }

// likely are the rules for which the evidence decides, by column: they are
// offered as chosen, to be looked at.
func likely(found []damage.Finding) string {
	for _, f := range found {
		if f.Likely != "" && (f.Kind == damage.YearSpans || f.Kind == damage.Dates || f.Kind == damage.LostZeros) {
			return string(f.Likely)
		}
	}
	return ""
}
