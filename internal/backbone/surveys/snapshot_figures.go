package surveys

import (
	"maps"
	"slices"

	"commontable/internal/analysis/survey"
	"commontable/internal/backbone/directory"
)

// snapshotFigures are the figures of everybody, without sectors, places and comments: two
// snapshots share most answers, so that what differs is told of those alone who changed
// theirs. An item of which fewer people than a spread asks for changed or gave their answer
// since any earlier snapshot is told as it was told last; answers that are gone count as
// changed, each. So the difference of two snapshots is of none, or of as many as a spread.
func (i *Instrument) snapshotFigures(list []Response, roster []Entry, earlier []taken, rules survey.Rules) Results {
	out := i.told(list, nil, false, nil, rules)
	i.places(&out, list, roster, nil, rules)
	factors, ratings := map[string][]survey.Figures{}, map[string][]survey.Figures{}
	most := max(rules.Mean, rules.Spread)
	now := taken{responses: list, roster: roster}
	for n, q := range slices.Collect(i.questions) {
		out.Questions[n].Comments = 0
		for k := range out.Questions[n].Items {
			it := &out.Questions[n].Items[k]
			values := now.values(q, it.Key)
			for _, before := range earlier {
				gone := int(before.figures.Answered) - len(before.responses)
				if changed := differ(values, before.values(q, it.Key)) + gone; changed > 0 && changed < most {
					it.Figures = last(earlier, q.Key, it.Key)
					break
				}
			}
			into := factors
			if q.Kind == Roster {
				into = ratings
			}
			if f := q.factorOf(it.Key); f != "" {
				into[f] = append(into[f], it.Figures)
			}
		}
	}
	out.Factors = nil
	for _, told := range []map[string][]survey.Figures{factors, ratings} {
		for _, f := range i.Factors {
			if len(told[f.Key]) > 0 {
				out.Factors = append(out.Factors, factor(f.Key, told[f.Key], nil))
			}
		}
	}
	return out
}

// factorOf is the factor of an item of a question.
func (q Question) factorOf(item string) string {
	rows := q.Rows
	if q.Roster != nil {
		rows = q.Roster.Rate
	}
	for _, r := range rows {
		if r.Key == item {
			return r.Factor
		}
	}
	if item == "" {
		return q.Factor
	}
	return ""
}

// last is what an item told in the latest snapshot.
func last(earlier []taken, question, item string) survey.Figures {
	for _, q := range earlier[0].figures.Questions {
		if q.Key != question {
			continue
		}
		for _, it := range q.Items {
			if it.Key == item {
				return it.Figures
			}
		}
	}
	return survey.Figures{}
}

// values are what each answered to an item; of a roster, by whom they rated.
func (t taken) values(q Question, item string) map[directory.PersonID]map[string]int {
	out := map[directory.PersonID]map[string]int{}
	if q.Kind == Roster {
		at := map[string]string{}
		for _, e := range t.roster {
			at[e.Key] = e.OrganizationID.String() + e.PersonID.String()
		}
		for _, r := range t.responses {
			theirs := map[string]int{}
			for key, ratings := range r.Answers[q.Key].Known {
				if v := ratings[item]; v != nil {
					theirs[at[key]] = int(*v)
				}
			}
			out[r.person] = theirs
		}
		return out
	}
	for _, it := range q.items(t.responses) {
		if it.Key == item {
			for k, r := range t.responses {
				out[r.person] = map[string]int{"": it.Answers[k]}
			}
		}
	}
	return out
}

// differ is how many answered an item otherwise, or in one of the two alone.
func differ(a, b map[directory.PersonID]map[string]int) (n int) {
	for person, values := range a {
		if before, both := b[person]; !both || !maps.Equal(values, before) {
			n++
		}
	}
	for person := range b {
		if _, both := a[person]; !both {
			n++
		}
	}
	return n
}
