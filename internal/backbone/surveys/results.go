package surveys

import (
	"cmp"
	"runtime"
	"slices"
	"sync"

	"commontable/internal/analysis/disclosure"
	"commontable/internal/analysis/survey"
	"commontable/internal/backbone/directory"
)

// Results are what a wave tells: figures from which nobody's answers can be worked out.
type Results struct {
	Invited   int64            `json:"invited" doc:"How many were asked."`
	Answered  int64            `json:"answered" doc:"How many handed in answers."`
	Cuts      []CutTold        `json:"cuts,omitempty" doc:"By what figures are told, in this order, as it was chosen when they were released."`
	Questions []QuestionResult `json:"questions"`
	Factors   []FactorResult   `json:"factors,omitempty"`
}

// QuestionResult is what is told of one question.
type QuestionResult struct {
	Key   string       `json:"key"`
	Kind  string       `json:"kind"`
	Items []ItemResult `json:"items,omitempty"`
	// Comments is how many comments may be read once somebody has looked through them.
	Comments int64 `json:"comments,omitempty"`
}

// ItemResult is what is told of one row, or one choice, or the question itself.
type ItemResult struct {
	Key string `json:"key,omitempty" doc:"Of the row or choice; absent where the question has none."`
	survey.Figures
	Change *survey.Change `json:"change,omitempty" doc:"Since the earlier wave."`
}

// FactorResult is the score of what several items measure together.
type FactorResult struct {
	Key    string             `json:"key"`
	All    survey.Figure      `json:"all"`
	Parts  []survey.Figure    `json:"parts,omitempty"`
	Change *survey.Difference `json:"change,omitempty" doc:"Since the earlier wave, among everybody."`
}

// leastComments is how many comments there must be before one may be read: a few would
// each be known by their style.
const leastComments = 8

// earlier is the wave before, with what of it was told beside.
type earlier struct {
	responses []Response
	cuts      []survey.Cut
	content   *Instrument
	figures   Results
	told      [][]int // those compared with another wave
	filed     bool    // a de-identified file of it was made
}

// told makes the figures of a wave by cuts. before is nil where it follows none. Beside a file, change among those who answered twice is not told: so many
// sums over the same people would find their rows.
func (i *Instrument) told(list []Response, cuts []survey.Cut, filed bool, before *earlier, rules survey.Rules) Results {
	out := Results{Answered: int64(len(list)), Questions: []QuestionResult{}}
	filed = filed || before != nil && before.filed
	same := matches(before, list)
	factors := map[string][]survey.Figures{}
	plan := survey.NewPlan(cuts, len(list), rules)
	nominal := sync.OnceValue(func() *survey.Plan {
		return survey.NewPlan(cuts, len(list), survey.Rules{Mean: max(rules.Mean, rules.Spread), Spread: rules.Spread})
	})
	var planBefore *survey.Plan
	if before != nil {
		planBefore = survey.NewPlan(before.cuts, len(before.responses), rules)
	}
	for q := range i.questions {
		result := QuestionResult{Key: q.Key, Kind: q.Kind}
		asked := before.items(q)
		items := q.items(list)
		figures := inParallel(items, func(it item) survey.Figures { return it.tell(plan, nominal) })
		for k, it := range items {
			told := figures[k]
			if len(q.ShowIf) > 0 {
				told = q.ofThoseAsked(told, out.Questions)
			}
			one := ItemResult{Key: it.Key, Figures: told}
			// Change would tell how many were asked before, where that depends on another answer.
			if was, comparable := asked[it.Key]; comparable && len(q.ShowIf) == 0 && !it.nominal && was.From == it.From && was.To == it.To {
				change := survey.Compare(survey.Asked{Item: was.Item, Figures: planBefore.Tell(was.Item), Told: before.told}, survey.Asked{Item: it.Item, Figures: told}, same, rules)
				if filed {
					change.Matched = survey.Difference{Why: disclosure.WorkedOut}
				}
				one.Change = &change
				moved(one.Parts, before.partsOf(q.Key, it.Key))
			}
			if it.factor != "" {
				factors[it.factor] = append(factors[it.factor], told)
			}
			result.Items = append(result.Items, one)
		}
		if n := len(q.comments(list)); n >= leastComments && q.askedOpenly(out.Questions) {
			result.Comments = int64(n)
		}
		out.Questions = append(out.Questions, result)
	}
	for _, f := range i.Factors {
		if told := factors[f.Key]; len(told) > 0 {
			out.Factors = append(out.Factors, factor(f.Key, told, before))
		}
	}
	return out
}

// inParallel works something out of each of a list, on all processors.
func inParallel[A, B any](list []A, work func(A) B) []B {
	out := make([]B, len(list))
	var all sync.WaitGroup
	for from := range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for n := from; n < len(list); n += runtime.GOMAXPROCS(0) {
				out[n] = work(list[n])
			}
		})
	}
	all.Wait()
	return out
}

// askedOpenly says whether it is told anyway how many were asked a question. How many were
// asked one that depends on an answer is how many gave that answer, which is told only where
// the spread of those answers is. earlier are the questions before it, as they are told.
func (q Question) askedOpenly(earlier []QuestionResult) bool {
	return !slices.ContainsFunc(q.ShowIf, func(c Condition) bool {
		on := slices.IndexFunc(earlier, func(r QuestionResult) bool { return r.Key == c.Question })
		return on < 0 || len(earlier[on].Items) == 0 || slices.ContainsFunc(earlier[on].Items, func(it ItemResult) bool { return !it.All.Told() || it.All.SpreadWhy != "" })
	})
}

// ofThoseAsked are the figures of a question that depends on another: of everybody it was
// asked, and of no group, since how many of each were asked is not told.
func (q Question) ofThoseAsked(told survey.Figures, earlier []QuestionResult) survey.Figures {
	if !q.askedOpenly(earlier) {
		return survey.Figures{All: survey.Figure{Why: disclosure.WorkedOut, SpreadWhy: disclosure.WorkedOut}}
	}
	return survey.Figures{All: told.All}
}

// tell is what is told of an item. Of choices without an order there is no mean, and
// how often each was taken needs as many answers as any spread.
func (it item) tell(plan *survey.Plan, nominal func() *survey.Plan) survey.Figures {
	if !it.nominal {
		return plan.Tell(it.Item)
	}
	out := nominal().Tell(it.Item)
	bare := func(f *survey.Figure) {
		if f.Mean.AtMost || f.Mean.AtLeast {
			*f = survey.Figure{Cut: f.Cut, Groups: f.Groups, Why: disclosure.Alike, SpreadWhy: disclosure.Alike}
		}
		f.Mean, f.Half = disclosure.Mean{}, 0
	}
	bare(&out.All)
	for n := range out.Parts {
		bare(&out.Parts[n])
	}
	return out
}

// factor is the score of what several items measure, and of those groups that were told
// of in the same way in all of them. Of the others it says that they are not told of.
func factor(key string, items []survey.Figures, before *earlier) FactorResult {
	var all []survey.Figure
	for _, f := range items {
		all = append(all, f.All)
	}
	out := FactorResult{Key: key, All: survey.Factor(all)}
	var by []string
	var hidden []survey.Figure
	for _, part := range items[0].Parts {
		parts := []survey.Figure{part}
		for _, other := range items[1:] {
			if p, found := other.Of(part.Cut, part.Groups[0]); found && slices.Equal(p.Groups, part.Groups) {
				parts = append(parts, p)
			}
		}
		told := survey.Figure{}
		if len(parts) == len(items) {
			told = survey.Factor(parts)
		}
		switch last := len(hidden) - 1; {
		case told.Told():
			if out.Parts = append(out.Parts, told); !slices.Contains(by, part.Cut) {
				by = append(by, part.Cut)
			}
		case last >= 0 && hidden[last].Cut == part.Cut:
			hidden[last].Groups = append(slices.Clip(hidden[last].Groups), part.Groups...)
		default:
			why := cmp.Or(part.Why, disclosure.WorkedOut)
			hidden = append(hidden, survey.Figure{Cut: part.Cut, Groups: part.Groups, Why: why, SpreadWhy: why})
		}
	}
	for _, f := range hidden {
		f.Instead = by
		out.Parts = append(out.Parts, f)
	}
	if before != nil {
		for _, f := range before.figures.Factors {
			if f.Key != key {
				continue
			}
			if f.All.Told() && out.All.Told() {
				out.Change = &survey.Difference{N: min(f.All.N, out.All.N), Value: out.All.Mean.Value - f.All.Mean.Value}
			}
			moved(out.Parts, f.Parts)
		}
	}
	return out
}

// moved notes with groups that were told of in the earlier wave too how far their means are
// apart. It is worked out from what was told of them and tells nothing more.
func moved(parts, before []survey.Figure) {
	for n, part := range parts {
		for _, was := range before {
			if part.Told() && was.Told() && was.Cut == part.Cut && slices.Equal(was.Groups, part.Groups) {
				parts[n].Change = &survey.Difference{N: min(was.N, part.N), Value: part.Mean.Value - was.Mean.Value}
			}
		}
	}
}

// partsOf is what the earlier wave told of groups in an item.
func (e *earlier) partsOf(question, item string) []survey.Figure {
	for _, q := range e.figures.Questions {
		for _, it := range q.Items {
			if q.Key == question && it.Key == item {
				return it.Parts
			}
		}
	}
	return nil
}

// items are those of the same question in the earlier wave, by key.
func (e *earlier) items(q Question) map[string]item {
	out := map[string]item{}
	if e == nil {
		return out
	}
	if asked, found := e.content.Question(q.Key); found && asked.Kind == q.Kind {
		for _, it := range asked.items(e.responses) {
			out[it.Key] = it
		}
	}
	return out
}

// matches are those who answered both waves.
func matches(before *earlier, list []Response) (out []survey.Same) {
	if before == nil {
		return nil
	}
	at := map[directory.PersonID]int{}
	for n, r := range before.responses {
		if !r.person.IsZero() {
			at[r.person] = n
		}
	}
	for n, r := range list {
		if b, both := at[r.person]; both && !r.person.IsZero() {
			out = append(out, survey.Same{Before: b, After: n})
		}
	}
	return out
}

// Place is how an organization was rated by the others.
type Place struct {
	Questions []QuestionResult `json:"questions"`
	Factors   []FactorResult   `json:"factors,omitempty"`
}

// places are the figures of ratings: over all, added to the results, and for each
// organization that was rated.
func (i *Instrument) places(out *Results, list []Response, roster []Entry, before *earlier, rules survey.Rules) map[directory.OrganizationID]Place {
	number, keys := map[string]int{}, map[string]string{}
	var organizations []directory.OrganizationID
	for _, e := range roster {
		if e.Of() != OfOrganizations {
			continue
		}
		keys[e.Key] = e.OrganizationID.String()
		if _, known := number[keys[e.Key]]; !known { // two entries are one after a merge
			number[keys[e.Key]] = len(organizations)
			organizations = append(organizations, e.OrganizationID)
		}
	}
	places := make([]Place, len(organizations))
	factors, own := map[string][]survey.Figures{}, make([]map[string][]survey.Figure, len(organizations))
	for n, q := range slices.Collect(i.questions) {
		if !q.rates() {
			continue
		}
		for o := range places {
			places[o].Questions = append(places[o].Questions, QuestionResult{Key: q.Key, Kind: q.Kind})
		}
		for _, row := range q.Roster.Rate {
			all, of := survey.Incoming(q.ratings(list, row.Key, number, keys), len(organizations), int(q.Scale.From), int(q.Scale.To), rules)
			out.Questions[n].Items = append(out.Questions[n].Items, ItemResult{Key: row.Key, Figures: survey.Figures{All: all}})
			if row.Factor != "" {
				factors[row.Factor] = append(factors[row.Factor], survey.Figures{All: all})
			}
			for o := range of {
				at := &places[o].Questions[len(places[o].Questions)-1]
				at.Items = append(at.Items, ItemResult{Key: row.Key, Figures: survey.Figures{All: of[o]}})
				if own[o] == nil {
					own[o] = map[string][]survey.Figure{}
				}
				own[o][row.Factor] = append(own[o][row.Factor], of[o])
			}
		}
	}
	done := map[directory.OrganizationID]Place{}
	for _, f := range i.Factors {
		if told := factors[f.Key]; len(told) > 0 {
			out.Factors = append(out.Factors, factor(f.Key, told, before))
			for o := range places {
				places[o].Factors = append(places[o].Factors, FactorResult{Key: f.Key, All: survey.Factor(own[o][f.Key])})
			}
		}
	}
	for o, organization := range organizations {
		if len(places[o].Questions) > 0 {
			done[organization] = places[o]
		}
	}
	return done
}
