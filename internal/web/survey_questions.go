package web

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/i18n"
	"commontable/internal/web/ui"
)

// surveyPage is one page of a survey: the questions of a section. A roster takes two:
// on the first one ticks, on the second one rates whom one ticked.
type surveyPage struct {
	section   surveys.Section
	questions []surveys.Question
	ticks     bool // a roster's first page
	rates     bool // its second
	whole     bool // asks everything at once, with what depends on other answers
}

func surveyPages(view surveys.View) (out []surveyPage) {
	for _, section := range view.Instrument.Sections {
		plain := surveyPage{section: section}
		var rosters []surveyPage
		for _, q := range section.Questions {
			if !view.Asks(q) {
				continue
			}
			if q.Kind != surveys.Roster {
				plain.questions = append(plain.questions, q)
				continue
			}
			rosters = append(rosters, surveyPage{section: section, questions: []surveys.Question{q}, ticks: true})
			if len(q.Roster.Rate) > 0 {
				rosters = append(rosters, surveyPage{section: section, questions: []surveys.Question{q}, rates: true})
			}
		}
		if len(plain.questions) > 0 {
			out = append(out, plain)
		}
		out = append(out, rosters...)
	}
	return out
}

// asks says whether the page has anything to ask.
func (p surveyPage) asks(shown map[string]bool, view surveys.View) bool {
	return slices.ContainsFunc(p.questions, func(q surveys.Question) bool {
		return shown[q.Key] && (!p.rates || len(view.Answers[q.Key].Known) > 0)
	})
}

// shown are the entries of the roster that the page shows: those that match what is
// searched for.
func (p surveyPage) shown(view surveys.View, filter url.Values) (out []surveys.Entry) {
	if !p.ticks && !p.rates {
		return nil
	}
	known := view.Answers[p.questions[0].Key].Known
	search := strings.ToLower(strings.TrimSpace(filter.Get("q")))
	for _, e := range view.Entries(p.questions[0]) {
		_, ticked := known[e.Key]
		if p.rates && !ticked || p.ticks && (search != "" && !strings.Contains(strings.ToLower(e.Name), search) || filter.Get("sector") != "" && e.Sector != filter.Get("sector")) {
			continue
		}
		out = append(out, e)
	}
	return out
}

// The names of fields: a question's key, with the row and the entry it is about.
func fieldName(parts ...string) string { return "a." + strings.Join(parts, ".") }

// questionOf is the key of the question that a field belongs to.
func questionOf(name string) string {
	rest, ok := strings.CutPrefix(name, "a.")
	if !ok {
		return ""
	}
	key, _, _ := strings.Cut(rest, ".")
	return key
}

const unsureValue = "unsure"

// points are the points of a scale as choices.
func points(ctx context.Context, p *surveys.Points, languages []string) (out []ui.Option) {
	for n := p.From; n <= p.To; n++ {
		label := strconv.FormatInt(n, 10)
		if words := p.Labels[label].In(languages...); words != "" {
			label = dotted(label, words)
		}
		out = append(out, ui.Option{Value: strconv.FormatInt(n, 10), Label: label})
	}
	if p.Unsure {
		out = append(out, ui.Option{Value: unsureValue, Label: i18n.T(ctx, "survey_link.unsure")})
	}
	return out
}

func choiceOptions(q surveys.Question, languages []string) (out []ui.Option) {
	for _, c := range q.Choices {
		out = append(out, ui.Option{Value: c.Key, Label: c.Text.In(languages...)})
	}
	return out
}

// rating is a rating as the value of a field.
func rating(ratings map[string]*int64, row string) string {
	n, ok := ratings[row]
	switch {
	case !ok:
		return ""
	case n == nil:
		return unsureValue
	}
	return strconv.FormatInt(*n, 10)
}

// fields ask the questions of a page that are asked after the answers so far.
func (p surveyPage) fields(ctx context.Context, view surveys.View, languages []string, filter url.Values) (out []ui.FieldProps) {
	shown := view.Instrument.Visible(view.Answers)
	for _, q := range p.questions {
		// What depends on an answer of the same page is shown with it: without scripts the
		// page cannot change while it is filled in.
		if !shown[q.Key] && !p.dependsHere(q) && !p.whole {
			continue
		}
		a := view.Answers[q.Key]
		f := ui.FieldProps{Name: fieldName(q.Key), ID: q.Key, Label: q.Text.In(languages...), Help: q.Help.In(languages...)}
		switch q.Kind {
		case surveys.Single, surveys.Gradients:
			f.Kind, f.Options, f.Value = ui.Radios, choiceOptions(q, languages), strings.Join(a.Choices, "")
		case surveys.Multiple:
			f.Kind, f.Options, f.Values = ui.Checkboxes, choiceOptions(q, languages), a.Choices
		case surveys.Scale:
			f.Kind, f.Size, f.Options = ui.Radios, ui.Across, points(ctx, q.Scale, languages)
			if a.Unsure {
				f.Value = unsureValue
			} else if a.Number != nil {
				f.Value = strconv.FormatInt(*a.Number, 10)
			}
		case surveys.Number:
			f.Kind, f.InputMode, f.Size = ui.Number, "numeric", "short"
			if a.Number != nil {
				f.Value = strconv.FormatInt(*a.Number, 10)
			}
		case surveys.Text:
			f.Kind, f.Rows, f.Value, f.MaxLength = ui.TextArea, 4, a.Text, int(cmp.Or(q.Most, 5000))
		case surveys.Matrix:
			out = append(out, rowFields(ctx, q, languages, f.Label, a.Ratings, fieldName(q.Key), q.Rows)...)
			continue
		case surveys.Ranking:
			for n := range q.Choices {
				if q.Most > 0 && int64(n) >= q.Most {
					break
				}
				one := ui.FieldProps{Kind: ui.Select, Name: fieldName(q.Key, strconv.Itoa(n)), Label: dotted(f.Label, i18n.T(ctx, "survey_link.rank", i18n.Args{"Number": n + 1})), Blank: i18n.T(ctx, "survey_link.no_answer"), Options: choiceOptions(q, languages)}
				if n < len(a.Choices) {
					one.Value = a.Choices[n]
				}
				out = append(out, one)
			}
			continue
		case surveys.Roster:
			out = append(out, p.rosterFields(ctx, q, view, languages, f, filter)...)
			continue
		}
		out = append(out, f)
	}
	return out
}

// dependsHere says whether a question is asked after answers to another of its page.
func (p surveyPage) dependsHere(q surveys.Question) bool {
	return slices.ContainsFunc(q.ShowIf, func(c surveys.Condition) bool {
		return slices.ContainsFunc(p.questions, func(other surveys.Question) bool { return other.Key == c.Question })
	})
}

// rowFields ask for a rating of each row.
func rowFields(ctx context.Context, q surveys.Question, languages []string, heading string, ratings map[string]*int64, name string, rows []surveys.Row) (out []ui.FieldProps) {
	for n, row := range rows {
		f := ui.FieldProps{Kind: ui.Radios, Size: ui.Across, Name: name + "." + row.Key, Label: row.Text.In(languages...), Options: points(ctx, q.Scale, languages), Value: rating(ratings, row.Key)}
		if n == 0 {
			f.Label = heading + " – " + f.Label
		}
		out = append(out, f)
	}
	return out
}

// longRoster is how many entries a list may have before it can be searched.
const longRoster = 12

// rosterFields ask whom one knows, with a search over long lists, or for ratings of those.
func (p surveyPage) rosterFields(ctx context.Context, q surveys.Question, view surveys.View, languages []string, f ui.FieldProps, filter url.Values) (out []ui.FieldProps) {
	entries := p.shown(view, filter)
	if p.rates {
		for _, e := range entries {
			out = append(out, rowFields(ctx, q, languages, e.Name, view.Answers[q.Key].Known[e.Key], fieldName(q.Key, e.Key), q.Roster.Rate)...)
		}
		return out
	}
	all := view.Entries(q)
	if p.whole {
		f.Help = or(q.Roster.Ask.In(languages...), f.Help)
	} else {
		f.Help = dotted(or(q.Roster.Ask.In(languages...), f.Help), i18n.T(ctx, "survey_link.ticked", i18n.Args{"Count": len(view.Answers[q.Key].Known)}))
	}
	if view.Drawn && q.Roster.Drawn {
		f.Help = dotted(f.Help, i18n.T(ctx, "survey_link.drawn"))
	}
	f.Kind = ui.Checkboxes
	for _, e := range entries {
		label := e.Name
		if e.New {
			label = dotted(label, i18n.T(ctx, "survey_link.new"))
		}
		f.Options = append(f.Options, ui.Option{Value: e.Key, Label: label})
		if _, ticked := view.Answers[q.Key].Known[e.Key]; ticked {
			f.Values = append(f.Values, e.Key)
		}
	}
	switch {
	case len(all) == 0:
		f.Help = i18n.T(ctx, "survey_link.no_roster")
	case len(entries) == 0:
		f.Help = i18n.T(ctx, "survey_link.none")
	}
	if len(all) > longRoster && !p.whole {
		var sectors []string
		for _, e := range all {
			if e.Sector != "" && !slices.Contains(sectors, e.Sector) {
				sectors = append(sectors, e.Sector)
			}
		}
		slices.Sort(sectors)
		out = append(out, ui.FieldProps{Name: "q", Label: i18n.T(ctx, "survey_link.search"), Value: filter.Get("q"), MaxLength: 100, Autocomplete: "off"})
		if len(sectors) > 1 {
			out = append(out, ui.FieldProps{Kind: ui.Select, Name: "sector", Label: i18n.T(ctx, "survey_link.sector"), Blank: i18n.T(ctx, "survey_link.all"), Options: options(ctx, "sectors.", sectors), Value: filter.Get("sector")})
		}
	}
	return append(out, f)
}

// given reads what a page says to its questions.
func (p surveyPage) given(view surveys.View, v url.Values) (out []surveys.Given) {
	shown := view.Instrument.Visible(view.Answers)
	for _, q := range p.questions {
		if !shown[q.Key] && !p.dependsHere(q) && !p.whole {
			continue
		}
		g := surveys.Given{Question: q.Key}
		value := v.Get(fieldName(q.Key))
		switch q.Kind {
		case surveys.Single, surveys.Gradients:
			if value != "" {
				g.Answer.Choices = []string{value}
			}
		case surveys.Multiple:
			g.Answer.Choices = v[fieldName(q.Key)]
		case surveys.Scale, surveys.Number:
			if value == unsureValue {
				g.Answer.Unsure = true
			} else if value != "" {
				n, err := strconv.ParseInt(strings.TrimSpace(value), 10, 64)
				if err != nil {
					g.Answer.Choices = []string{"?"} // no number: the question says so
				}
				g.Answer.Number = &n
			}
		case surveys.Text:
			g.Answer.Text = value
		case surveys.Matrix:
			g.Answer.Ratings = ratingsOf(v, fieldName(q.Key), q.Rows)
		case surveys.Ranking:
			for n := range q.Choices {
				if choice := v.Get(fieldName(q.Key, strconv.Itoa(n))); choice != "" {
					g.Answer.Choices = append(g.Answer.Choices, choice)
				}
			}
		case surveys.Roster:
			g.Answer.Known = map[string]map[string]*int64{}
			if p.whole {
				for _, key := range v[fieldName(q.Key)] {
					g.Answer.Known[key] = ratingsOf(v, fieldName(q.Key, key), q.Roster.Rate)
				}
				break
			}
			g.Shown = append([]string{}, v["shown"]...)
			if p.rates {
				for _, key := range g.Shown {
					g.Answer.Known[key] = ratingsOf(v, fieldName(q.Key, key), q.Roster.Rate)
				}
				break
			}
			for _, key := range v[fieldName(q.Key)] {
				g.Answer.Known[key] = nil
				if !slices.Contains(g.Shown, key) {
					g.Shown = append(g.Shown, key)
				}
			}
		}
		out = append(out, g)
	}
	return out
}

func ratingsOf(v url.Values, name string, rows []surveys.Row) map[string]*int64 {
	out := map[string]*int64{}
	for _, row := range rows {
		value := v.Get(name + "." + row.Key)
		if n, err := strconv.ParseInt(value, 10, 64); err == nil {
			out[row.Key] = &n
		} else if value == unsureValue {
			out[row.Key] = nil
		}
	}
	return out
}

// answerText is an answer in words.
func answerText(ctx context.Context, view surveys.View, q surveys.Question, languages []string) string {
	a := view.Answers[q.Key]
	point := func(n *int64) string {
		if n == nil {
			return i18n.T(ctx, "survey_link.unsure")
		}
		text := strconv.FormatInt(*n, 10)
		return dotted(text, q.Scale.Labels[text].In(languages...))
	}
	rated := func(rows []surveys.Row, ratings map[string]*int64) string {
		var out []string
		for _, row := range rows {
			if n, ok := ratings[row.Key]; ok {
				out = append(out, row.Text.In(languages...)+": "+point(n))
			}
		}
		return strings.Join(out, "; ")
	}
	var out []string
	switch q.Kind {
	case surveys.Scale:
		if a.Unsure || a.Number != nil {
			return point(a.Number)
		}
	case surveys.Number:
		if a.Number != nil {
			return i18n.Number(ctx, *a.Number)
		}
	case surveys.Text:
		return a.Text
	case surveys.Matrix:
		return rated(q.Rows, a.Ratings)
	case surveys.Roster:
		for _, e := range view.Entries(q) {
			if ratings, ok := a.Known[e.Key]; ok {
				text := e.Name
				if r := rated(q.Roster.Rate, ratings); r != "" {
					text += " (" + r + ")"
				}
				out = append(out, text)
			}
		}
	default:
		for _, key := range a.Choices {
			for _, c := range q.Choices {
				if c.Key == key {
					out = append(out, c.Text.In(languages...))
				}
			}
		}
	}
	return strings.Join(out, ", ")
}
