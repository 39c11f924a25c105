package directory

import (
	"slices"
	"strings"

	"commontable/internal/platform/operation"
)

// factHistory is the dated history of one fact around a merge.
type factHistory struct {
	Fact   string   `json:"fact"`
	Before []Period `json:"before"`
	After  []Period `json:"after"`
}

const periodsReference = "periods"

// joinPeriods is the first history, with what the second tells of the days of
// which the first is silent.
func joinPeriods(first, second []Period) []Period {
	out := slices.Clone(first)
	for _, p := range second {
		out = append(out, uncovered(p, first)...)
	}
	slices.SortFunc(out, func(a, b Period) int { return strings.Compare(a.From, b.From) })
	joined := []Period{}
	for _, p := range out {
		if n := len(joined); n > 0 && joined[n-1].To == p.From && joined[n-1].Value == p.Value {
			joined[n-1].To = p.To
			continue
		}
		joined = append(joined, p)
	}
	return joined
}

// uncovered are the parts of a period in which none of the others, which are in
// order, holds.
func uncovered(p Period, others []Period) []Period {
	var out []Period
	rest := p
	for _, o := range others {
		if o.To != "" && o.To <= rest.From {
			continue
		}
		if rest.To != "" && o.From >= rest.To {
			break
		}
		if o.From > rest.From {
			part := rest
			part.To = o.From
			out = append(out, part)
		}
		if o.To == "" || rest.To != "" && o.To >= rest.To {
			return out
		}
		rest.From = o.To
	}
	return append(out, rest)
}

// until ends what holds on a day, that day.
func until(periods []Period, day string) []Period {
	out := []Period{}
	for _, p := range periods {
		if on(day, p.From, p.To) {
			p.To = day
		}
		if p.From != p.To && p.From <= day {
			out = append(out, p)
		}
	}
	return out
}

// joinFacts makes one dated history of two for every fact: the kept record's, or
// the merged one's where its value was chosen, filled from the other. It sets
// what holds today in after.
func (m merging) joinFacts(c *operation.Call, before, merged Organization, after *Organization, chosen sides) error {
	mine, err := periodsOf(c, m.kept)
	if err != nil {
		return err
	}
	theirs, err := periodsOf(c, m.merged)
	if err != nil {
		return err
	}
	for fact, value := range before.facts() {
		old := only(mine, fact)
		first, second, want := old, only(theirs, fact), value
		if chosen[fact] == FromMerged {
			first, second, want = second, first, merged.facts()[fact]
		}
		fresh := joinPeriods(first, second)
		if chosen[fact] != "" && want == "" && valueOn(fresh, c.Today()) != "" {
			fresh = until(fresh, c.Today())
		}
		after.setFact(fact, valueOn(fresh, c.Today()))
		if slices.Equal(old, fresh) {
			continue
		}
		if err := replacePeriods(c, m.kept, fact, fresh); err != nil {
			return err
		}
		if err := m.keep(c, periodsReference, m.kept, fact, factHistory{fact, old, fresh}); err != nil {
			return err
		}
	}
	return nil
}

// returnFacts puts back the histories that nobody changed since the merge, and
// names the others.
func (m merging) returnFacts(c *operation.Call, o *Organization) ([]string, error) {
	histories, err := kept[factHistory](c, m, periodsReference)
	if err != nil {
		return nil, err
	}
	now, err := periodsOf(c, m.kept)
	if err != nil {
		return nil, err
	}
	var left []string
	for _, h := range histories {
		if !slices.Equal(only(now, h.Fact), h.After) {
			left = append(left, h.Fact)
			continue
		}
		if err := replacePeriods(c, m.kept, h.Fact, h.Before); err != nil {
			return nil, err
		}
		o.setFact(h.Fact, valueOn(h.Before, c.Today()))
	}
	return left, nil
}
