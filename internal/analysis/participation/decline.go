package participation

import (
	"errors"
	"math"

	"commontable/internal/analysis/stats"
)

// ErrRule says that a rule for warnings has a number out of its range.
var ErrRule = errors.New("participation: rule for warnings out of range")

// Rule says when a fall is worth a kind word.
type Rule struct {
	// Earlier and Recent are how many must have been due before and lately; with fewer nothing is said. At
	// least 1.
	Earlier, Recent int64
	// Drop is by how much the rate must have fallen, from 0 to 1: a fall can be certain and not matter.
	Drop float64
	// Level is the chance, between 0 and 1, of any warning in one look at all records when nothing has changed
	// for anyone; and the share of warnings that are wrong, on average over many looks. Every look has its own
	// chance: whoever looks every day is wrong more often than once a month.
	Level float64
}

// Kindly is the rule used where nothing else is said: eight due before and four lately, a fall of a fifth of all,
// and no warning in nine of ten looks at a table where nothing has changed.
var Kindly = Rule{Earlier: 8, Recent: 4, Drop: 0.2, Level: 0.1}

// Record is what one member was due and did: meetings and presence, or actions and those kept. Recent is the recent
// window; Earlier are the windows before it, each as long as the recent one, none of them overlapping. They add up
// over months, so they can be kept as sums.
type Record struct {
	Earlier []stats.Share
	Recent  stats.Share
}

// Warning is a fall beyond what chance would explain: "was at nine of ten, now at two of seven".
type Warning struct {
	// Record is its place in the input.
	Record          int
	Earlier, Recent stats.Share
	// Expected is the rate at which the recent share would stand as before, given what everyone else went
	// through.
	Expected float64
	// Chance is that of a recent share as low or lower if the member itself has not changed. Adjusted is Chance
	// after correction for all that were looked at; it is at most the level of the rule.
	Chance, Adjusted float64
}

// Look is what one look at all records found.
type Look struct {
	// Compared records had enough in both windows, and could have shown a fall; the others could not.
	Compared int
	// Likeness is how alike the occasions within one window are, from 0 to 1; see stats.Overdispersion.
	Likeness float64
	// Warnings stand in the order of the input. They are no ranking and should not be made one.
	Warnings []Warning
}

// Declines finds the records that fell beyond what chance would explain.
//
// Each is compared with its own earlier record, never with others. Two chances are computed and the larger, the
// more forgiving, is taken:
//
//   - that of Fisher's exact one-sided test, which holds for any rate and however few occasions, where these are
//     independent of one another;
//   - that of a beta-binomial count around the earlier rate, its spread made up of how little the earlier record
//     tells, 1/(n+3) after a uniform prior, and of ρ(1 + 1/windows), where ρ is how alike occasions of one window
//     are in all earlier records (stats.Overdispersion). Absences come in runs: whoever is ill, or without a
//     delegate for a while, misses several meetings for one cause.
//
// Where the others fell too, as in a summer or a bad year, that much of a fall is no one's own: both are computed at
// the common odds ratio of all others (Mantel and Haenszel), where it is below 1. A common rise raises no
// expectations. Both rules make the chance larger and never smaller, so what holds of Fisher's test holds of the
// result: without change, and with independent occasions, it is at most α with a chance of at most α.
//
// The chances of all records compared are corrected together after Benjamini and Hochberg. Records that could not
// reach the level whatever had happened lately are not among them; how much they could show depends only on what is
// held fixed in the test (Tarone 1990, Biometrics 46:515–522).
//
// The order and number of records do not matter otherwise, and nothing is remembered between looks. It fails with
// ErrRule or stats.ErrShare.
func Declines(records []Record, rule Rule) (Look, error) {
	if rule.Earlier < 1 || rule.Recent < 1 || !(rule.Drop >= 0 && rule.Drop <= 1) || !(rule.Level > 0 && rule.Level < 1) {
		return Look{}, ErrRule
	}
	var others stats.CommonOdds
	sums := make([]stats.Share, len(records))
	history := make([][]stats.Share, len(records))
	for i, r := range records {
		if !r.Recent.Valid() {
			return Look{}, stats.ErrShare
		}
		for _, e := range r.Earlier {
			if !e.Valid() || e.All > stats.MostTrials {
				return Look{}, stats.ErrShare
			}
			sums[i] = sums[i].Plus(e)
		}
		others.Add(sums[i], r.Recent)
		history[i] = r.Earlier
	}
	look := Look{Likeness: stats.Overdispersion(history)}
	var candidates []Warning
	var chances []float64
	for i, r := range records {
		if sums[i].All < rule.Earlier || r.Recent.All < rule.Recent {
			continue
		}
		odds := 1.0
		if common, ok := others.Without(sums[i], r.Recent); ok {
			odds = min(1, common)
		}
		least, err := stats.LeastFell(sums[i], r.Recent, odds)
		if err != nil {
			return Look{}, err
		}
		if least > rule.Level {
			continue
		}
		w := Warning{Record: i, Earlier: sums[i], Recent: r.Recent}
		if w.Chance, w.Expected, err = fell(r, sums[i], odds, look.Likeness); err != nil {
			return Look{}, err
		}
		candidates = append(candidates, w)
		chances = append(chances, w.Chance)
	}
	look.Compared = len(candidates)
	adjusted, err := stats.BenjaminiHochberg(chances)
	if err != nil {
		return Look{}, err
	}
	for i, w := range candidates {
		w.Adjusted = adjusted[i]
		before, _ := w.Earlier.Rate()
		now, _ := w.Recent.Rate()
		// From 60 % to 40 % is a fifth, whatever binary fractions make of it.
		if w.Adjusted <= rule.Level && before-now >= rule.Drop-1e-9 {
			look.Warnings = append(look.Warnings, w)
		}
	}
	return look, nil
}

// fell is the chance of a recent share as low as that of r, and the rate that was to be expected.
func fell(r Record, earlier stats.Share, odds, likeness float64) (chance, expected float64, err error) {
	exact, err := stats.Fell(earlier, r.Recent, odds)
	if err != nil {
		return 0, 0, err
	}
	// The mean of the rate after a uniform prior, moved by what the others went through.
	before := float64(earlier.Some+1) / float64(earlier.All+2)
	expected = odds * before / (1 - before + odds*before)
	windows := 0
	for _, e := range r.Earlier {
		if e.All > 0 {
			windows++
		}
	}
	spread := 1/float64(earlier.All+3) + likeness*(1+1/float64(max(1, windows)))
	if spread >= 1 {
		return 1, expected, nil // a window is all or nothing, and one tells nothing of the next
	}
	size := 1/spread - 1
	alike, err := stats.BetaBinomialTail(r.Recent, expected*size, (1-expected)*size)
	return math.Max(exact, alike), expected, err
}
