package scorecard

import (
	"slices"
	"strings"

	"commontable/internal/analysis/disclosure"
	"commontable/internal/analysis/survey"
	"commontable/internal/backbone/surveys"
)

// SurveyFigure is what was released of one item of a survey wave, and nothing beyond: a
// figure that the release hides is hidden here, with its reason.
type SurveyFigure struct {
	Wave       string         `json:"wave" doc:"The wave's title."`
	ReleasedOn string         `json:"released_on"`
	Text       string         `json:"text" doc:"What was asked, in your language where the instrument has it."`
	From       float64        `json:"from" doc:"Lower end of its scale."`
	To         float64        `json:"to" doc:"Upper end of its scale; that of the lower end where there is no scale."`
	Share      bool           `json:"share,omitempty" doc:"Whether the value is the share that chose it, 0 to 1."`
	Why        disclosure.Why `json:"why,omitempty" doc:"Why there is no value."`
	N          int64          `json:"n,omitempty" doc:"How many answered it."`
	Value      float64        `json:"value,omitempty"`
	AtMost     bool           `json:"at_most,omitempty" doc:"Whether the mean may be lower: told so that nobody's answer follows."`
	AtLeast    bool           `json:"at_least,omitempty" doc:"Whether the mean may be higher."`
	Invited    int64          `json:"invited" doc:"How many were asked in the wave."`
	Answered   int64          `json:"answered" doc:"How many handed in answers."`
}

const factorMark = "factor:"

// itemOf finds an item of a released wave by its reference.
func itemOf(told surveys.Told, item string, languages []string) (SurveyFigure, bool) {
	out := SurveyFigure{Wave: told.Title, ReleasedOn: told.ReleasedOn, Invited: told.Invited, Answered: told.Answered}
	if key, is := strings.CutPrefix(item, factorMark); is {
		for _, f := range told.Factors {
			if f.Key == key {
				out.From, out.To = told.Instrument.ScaleOf(key)
				out.Text = told.Instrument.FactorTitle(key, languages...)
				out.put(f.All)
				return out, true
			}
		}
		return out, false
	}
	question, row, _ := strings.Cut(item, "/")
	q, asked := told.Instrument.Question(question)
	at := slices.IndexFunc(told.Questions, func(r surveys.QuestionResult) bool { return r.Key == question })
	if !asked || at < 0 {
		return out, false
	}
	out.Text = q.Text.In(languages...)
	items := told.Questions[at].Items
	if q.Kind == surveys.Single || q.Kind == surveys.Gradients {
		choice := slices.IndexFunc(q.Choices, func(c surveys.Choice) bool { return c.Key == row })
		if choice < 0 || len(items) != 1 {
			return out, false
		}
		out.Text += ": " + q.Choices[choice].Text.In(languages...)
		out.putShare(items[0].All, choice)
		return out, true
	}
	n := slices.IndexFunc(items, func(i surveys.ItemResult) bool { return i.Key == row })
	if n < 0 {
		return out, false
	}
	switch q.Kind {
	case surveys.Multiple:
		out.Share = true
	case surveys.Ranking:
		out.From, out.To = 1, float64(len(q.Choices))
	}
	if q.Scale != nil {
		out.From, out.To = float64(q.Scale.From), float64(q.Scale.To)
	}
	if text := q.PartTitle(row, languages...); text != "" {
		out.Text += ": " + text
	}
	out.put(items[n].All)
	return out, true
}

// put takes over a mean that was told, or why there is none.
func (f *SurveyFigure) put(told survey.Figure) {
	if f.Why = told.Why; !told.Told() {
		return
	}
	f.N, f.Value, f.AtMost, f.AtLeast = int64(told.N), told.Mean.Value, told.Mean.AtMost, told.Mean.AtLeast
}

// putShare takes over how often one choice of several was taken, which was told where the
// spread was.
func (f *SurveyFigure) putShare(told survey.Figure, choice int) {
	f.Share = true
	switch {
	case told.Why != "":
		f.Why = told.Why
	case choice >= len(told.Spread) || told.N == 0:
		f.Why = told.SpreadWhy
	default:
		f.N, f.Value = int64(told.N), float64(told.Spread[choice])/float64(told.N)
	}
}

// itemsOf are the references of everything a released wave tells of, in its order.
func itemsOf(told surveys.Told) (out []string) {
	for _, f := range told.Factors {
		out = append(out, factorMark+f.Key)
	}
	for _, r := range told.Questions {
		q, asked := told.Instrument.Question(r.Key)
		switch {
		case !asked:
		case q.Kind == surveys.Single || q.Kind == surveys.Gradients:
			for _, c := range q.Choices {
				out = append(out, r.Key+"/"+c.Key)
			}
		default:
			for _, i := range r.Items {
				if i.Key == "" {
					out = append(out, r.Key)
				} else {
					out = append(out, r.Key+"/"+i.Key)
				}
			}
		}
	}
	return out
}
