package surveys

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Answer is what somebody answered to one question, in the part that its kind has.
type Answer struct {
	Choices []string `json:"choices,omitempty" maxItems:"60" maxLength:"40" doc:"Of single, multiple, ranking (the first choice first) and gradients."`
	Number  *int64   `json:"number,omitempty" doc:"Of scale and number."`
	Unsure  bool     `json:"unsure,omitempty" doc:"Of a scale that offers it."`
	Text    string   `json:"text,omitempty" text:"lines" maxLength:"5000"`
	// Ratings hold no number where somebody is unsure.
	Ratings map[string]*int64            `json:"ratings,omitempty" doc:"Of a matrix, by row; null is unsure."`
	Known   map[string]map[string]*int64 `json:"known,omitempty" maxItems:"800" doc:"Of a roster, by entry, each with its ratings by row; null is unsure."`
}

// Empty says whether nothing was answered.
func (a Answer) Empty() bool {
	return len(a.Choices) == 0 && a.Number == nil && !a.Unsure && strings.TrimSpace(a.Text) == "" && len(a.Ratings) == 0 && len(a.Known) == 0
}

// is says whether an answer holds a value that a condition names.
func (a Answer) is(m Match) bool {
	return slices.Contains(a.Choices, string(m)) || a.Number != nil && strconv.FormatInt(*a.Number, 10) == string(m)
}

// Visible are the questions that somebody is asked who answered so far: those whose
// conditions all hold. What was answered to a question that is not asked counts for
// nothing, so that a chain of conditions closes as a whole.
func (i *Instrument) Visible(answers map[string]Answer) map[string]bool {
	out := map[string]bool{}
	for q := range i.questions {
		shown := true
		for _, c := range q.ShowIf {
			shown = shown && out[c.Question] && slices.ContainsFunc(c.Is, answers[c.Question].is)
		}
		out[q.Key] = shown
	}
	return out
}

// Problem is what is wrong with an answer, as a catalogue key with its values; "" is none.
type Problem struct {
	Key  string
	Args map[string]any
}

// fits judges an answer by its question alone. entries are those of the roster it asks
// about. An empty answer fits always: whether one is needed is another matter.
func (q Question) fits(a Answer, entries map[string]bool) Problem {
	if a.Empty() {
		return Problem{}
	}
	wrong := Problem{Key: "errors.not_offered"}
	only := Answer{}
	switch q.Kind {
	case Single, Gradients, Multiple, Ranking:
		only.Choices = a.Choices
	case Scale, Number:
		only.Number, only.Unsure = a.Number, a.Unsure
	case Text:
		only.Text = a.Text
	case Matrix:
		only.Ratings = a.Ratings
	case Roster:
		only.Known = a.Known
	}
	if q.extra(a, only) {
		return wrong
	}
	switch q.Kind {
	case Single, Gradients, Multiple, Ranking:
		return q.fitsChoices(a.Choices)
	case Scale:
		if a.Unsure && (a.Number != nil || !q.Scale.Unsure) || a.Number != nil && !q.Scale.has(*a.Number) {
			return wrong
		}
	case Number:
		return q.fitsNumber(a)
	case Text:
		if most := q.longest(); utf8.RuneCountInString(a.Text) > most {
			return Problem{"errors.too_long", map[string]any{"Most": most}}
		}
	case Matrix:
		if !q.Scale.rate(q.Rows, a.Ratings) {
			return wrong
		}
	case Roster:
		for entry, ratings := range a.Known {
			if !entries[entry] || !q.Scale.rate(q.Roster.Rate, ratings) {
				return wrong
			}
		}
	}
	return Problem{}
}

// extra says whether an answer has a part that its kind of question does not.
func (q Question) extra(a, only Answer) bool {
	return len(a.Choices) != len(only.Choices) || a.Number != only.Number || a.Unsure != only.Unsure || a.Text != only.Text || len(a.Ratings) != len(only.Ratings) || len(a.Known) != len(only.Known)
}

func (q Question) longest() int {
	if q.Most > 0 {
		return int(q.Most)
	}
	return longAnswer
}

func (q Question) fitsChoices(chosen []string) Problem {
	seen := map[string]bool{}
	for _, key := range chosen {
		if seen[key] || !slices.ContainsFunc(q.Choices, func(c Choice) bool { return c.Key == key }) {
			return Problem{Key: "errors.not_offered"}
		}
		seen[key] = true
	}
	switch most := q.Most; {
	case (q.Kind == Single || q.Kind == Gradients) && len(chosen) > 1:
		return Problem{Key: "errors.not_offered"}
	case most > 0 && int64(len(chosen)) > most && q.Kind != Single && q.Kind != Gradients:
		return Problem{"errors.survey_most", map[string]any{"Most": most}}
	case int64(len(chosen)) < q.Least && q.Kind != Single && q.Kind != Gradients:
		return Problem{"errors.survey_least", map[string]any{"Least": q.Least}}
	}
	return Problem{}
}

func (q Question) fitsNumber(a Answer) Problem {
	least, most := q.Least, q.Most
	if most == 0 && least >= 0 {
		most = mostNumber
	}
	switch {
	case a.Unsure || a.Number == nil:
		return Problem{Key: "errors.not_offered"}
	case *a.Number < least:
		return Problem{"errors.minimum", map[string]any{"Minimum": least}}
	case *a.Number > most:
		return Problem{"errors.maximum", map[string]any{"Maximum": most}}
	}
	return Problem{}
}

func (p *Points) has(n int64) bool { return p != nil && n >= p.From && n <= p.To }

// rate says whether ratings are of rows there are, on the scale.
func (p *Points) rate(rows []Row, ratings map[string]*int64) bool {
	for key, n := range ratings {
		if !slices.ContainsFunc(rows, func(r Row) bool { return r.Key == key }) || n == nil && (p == nil || !p.Unsure) || n != nil && !p.has(*n) {
			return false
		}
	}
	return true
}

// lacks says why an answer that fits is not enough for a question that is required: each
// row of a matrix, and each rating of whoever was ticked, is asked for.
func (q Question) lacks(a Answer) Problem {
	if !q.Required {
		return Problem{}
	}
	missing := a.Empty()
	switch q.Kind {
	case Matrix:
		missing = len(a.Ratings) < len(q.Rows)
	case Ranking:
		least := len(q.Choices)
		if q.Most > 0 {
			least = int(q.Most)
		}
		if q.Least > 0 {
			least = int(q.Least)
		}
		missing = len(a.Choices) < least
	case Roster:
		missing = false // to know nobody is an answer
		for _, ratings := range a.Known {
			missing = missing || len(ratings) < len(q.Roster.Rate)
		}
	}
	if missing {
		return Problem{Key: "errors.survey_required"}
	}
	return Problem{}
}

// merged is what is on record with what one page of a form says: of a roster only the
// entries that the page showed are replaced.
func (q Question) merged(before, given Answer, shown []string) Answer {
	if q.Kind != Roster || shown == nil {
		return given
	}
	out := Answer{Known: map[string]map[string]*int64{}}
	for entry, ratings := range before.Known {
		if !slices.Contains(shown, entry) {
			out.Known[entry] = ratings
		}
	}
	for entry, ratings := range given.Known {
		// A page that ticks alone keeps what was rated.
		if kept, ok := before.Known[entry]; ok && ratings == nil {
			ratings = kept
		}
		if ratings == nil {
			ratings = map[string]*int64{}
		}
		out.Known[entry] = ratings
	}
	if len(out.Known) == 0 {
		out.Known = nil
	}
	return out
}
