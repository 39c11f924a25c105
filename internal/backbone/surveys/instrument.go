// Package surveys asks people: instruments are versioned data, a wave asks one of some
// people, and their answers are kept apart from who they are.
package surveys

import (
	"encoding/json"
	"slices"
	"strconv"
)

// The kinds of question, by catalogue key "question_kinds.…".
const (
	Single    = "single"
	Multiple  = "multiple"
	Scale     = "scale"
	Number    = "number"
	Text      = "text"
	Matrix    = "matrix"
	Ranking   = "ranking"
	Gradients = "gradients"
	Roster    = "roster"
)

// Kinds lists them.
var Kinds = []string{Single, Multiple, Scale, Number, Text, Matrix, Ranking, Gradients, Roster}

// Words are a text by language.
type Words map[string]string

// In is the text in the first of some languages that it has; otherwise in any.
func (w Words) In(languages ...string) string {
	for _, l := range languages {
		if text := w[l]; text != "" {
			return text
		}
	}
	for _, l := range w.languages() {
		return w[l]
	}
	return ""
}

func (w Words) languages() []string {
	out := make([]string, 0, len(w))
	for l := range w {
		out = append(out, l)
	}
	slices.Sort(out)
	return out
}

// Instrument is a set of questions, in sections, in several languages. It is data: it
// comes from a file and goes into one.
type Instrument struct {
	Key          string    `json:"key"`
	Version      int64     `json:"version"`
	Minutes      int64     `json:"minutes"`
	Title        Words     `json:"title" text:"lines" maxLength:"300"`
	Introduction Words     `json:"introduction,omitempty" text:"lines" maxLength:"4000"`
	Credit       Words     `json:"credit,omitempty" text:"lines" maxLength:"4000"`
	Sections     []Section `json:"sections"`
	Factors      []Factor  `json:"factors,omitempty"`
}

// Section is one page of questions.
type Section struct {
	Key       string     `json:"key"`
	Title     Words      `json:"title" text:"lines" maxLength:"300"`
	Text      Words      `json:"text,omitempty" text:"lines" maxLength:"4000"`
	Questions []Question `json:"questions"`
}

// Question is one question. Least and Most bound a number, how many choices are ticked,
// or the length of a text.
type Question struct {
	Key      string      `json:"key"`
	Kind     string      `json:"kind"`
	Text     Words       `json:"text" text:"lines" maxLength:"4000"`
	Help     Words       `json:"help,omitempty" text:"lines" maxLength:"4000"`
	Required bool        `json:"required,omitempty"`
	Choices  []Choice    `json:"choices,omitempty"`
	Scale    *Points     `json:"scale,omitempty"`
	Rows     []Row       `json:"rows,omitempty"`
	Roster   *RosterPart `json:"roster,omitempty"`
	Least    int64       `json:"least,omitempty"`
	Most     int64       `json:"most,omitempty"`
	Factor   string      `json:"factor,omitempty"`
	ShowIf   []Condition `json:"show_if,omitempty"`
}

// Choice is one answer that can be chosen.
type Choice struct {
	Key  string `json:"key"`
	Text Words  `json:"text" text:"lines" maxLength:"4000"`
}

// Points are the points of a scale, from one number to another.
type Points struct {
	From   int64            `json:"from"`
	To     int64            `json:"to"`
	Labels map[string]Words `json:"labels,omitempty" text:"lines" maxLength:"300"`
	Unsure bool             `json:"unsure,omitempty"`
}

// Row is one thing that is rated on a scale.
type Row struct {
	Key    string `json:"key"`
	Text   Words  `json:"text" text:"lines" maxLength:"4000"`
	Factor string `json:"factor,omitempty"`
}

// RosterPart says of whom a roster question asks, and what of each who is ticked. Drawn
// says that who ticked whom is drawn on the network map, never how they rated.
type RosterPart struct {
	Of    string `json:"of"`
	Drawn bool   `json:"drawn,omitempty"`
	Ask   Words  `json:"ask,omitempty" text:"lines" maxLength:"4000"`
	Rate  []Row  `json:"rate,omitempty"`
}

// The two rosters.
const (
	OfOrganizations = "organizations"
	OfPeople        = "people"
)

// Factor is what several questions measure together.
type Factor struct {
	Key   string `json:"key"`
	Title Words  `json:"title" text:"lines" maxLength:"300"`
}

// Condition holds when an earlier question was answered with one of some values.
type Condition struct {
	Question string  `json:"question"`
	Is       []Match `json:"is"`
}

// Match is the key of a choice, or a number.
type Match string

// UnmarshalJSON takes a text or a number.
func (m *Match) UnmarshalJSON(raw []byte) error {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		*m = Match(text)
		return nil
	}
	var n int64
	if err := json.Unmarshal(raw, &n); err != nil {
		return err
	}
	*m = Match(strconv.FormatInt(n, 10))
	return nil
}

// Languages are those the instrument is written in.
func (i *Instrument) Languages() []string { return i.Title.languages() }

// Question finds a question by key.
func (i *Instrument) Question(key string) (Question, bool) {
	for q := range i.questions {
		if q.Key == key {
			return q, true
		}
	}
	return Question{}, false
}

// questions calls yield for every question in order.
func (i *Instrument) questions(yield func(Question) bool) {
	for _, s := range i.Sections {
		for _, q := range s.Questions {
			if !yield(q) {
				return
			}
		}
	}
}

// Count is how many questions there are.
func (i *Instrument) Count() int64 {
	n := int64(0)
	for range i.questions {
		n++
	}
	return n
}

// drawn is the question whose ticks the network map draws, if there is one.
func (i *Instrument) drawn() (Question, bool) {
	for q := range i.questions {
		if q.draws() {
			return q, true
		}
	}
	return Question{}, false
}

// draws says whether the ticks of a question are drawn on the network map.
func (q Question) draws() bool { return q.Kind == Roster && q.Roster != nil && q.Roster.Drawn }

// rates says whether organizations are rated in a question.
func (q Question) rates() bool {
	return q.Kind == Roster && q.Roster != nil && q.Roster.Of == OfOrganizations && q.Scale != nil
}

// RatesOrganizations says whether organizations are rated in any.
func (i *Instrument) RatesOrganizations() bool {
	for q := range i.questions {
		if q.rates() {
			return true
		}
	}
	return false
}

// rosters says which rosters the questions ask about.
func (i *Instrument) rosters() (organizations, people bool) {
	for q := range i.questions {
		if q.Kind == Roster && q.Roster != nil {
			organizations = organizations || q.Roster.Of == OfOrganizations
			people = people || q.Roster.Of == OfPeople
		}
	}
	return organizations, people
}
