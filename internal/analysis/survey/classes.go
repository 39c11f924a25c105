package survey

import "commontable/internal/analysis/disclosure"

// Classes joins the groups of a division, by their size alone, until a file may be given
// that has a row for each respondent with the class they belong to. Whoever gives such a
// file tells figures by these classes and by no other division: then the figures are worked
// out from what the file tells, and tell nothing beside it.
func Classes(division []Group, rules Rules) []Group {
	sizes := make([]int, len(division))
	for n, g := range division {
		sizes[n] = len(g.Members)
	}
	var out []Group
	for _, groups := range disclosure.Classes(sizes, disclosure.ClassLeast(rules.sound().Spread)) {
		joined := Group{Key: division[groups[0]].Key}
		for n, g := range groups {
			joined.Members = append(joined.Members, division[g].Members...)
			if n > 0 {
				joined.Also = append(joined.Also, division[g].Key)
			}
		}
		out = append(out, joined)
	}
	return out
}
