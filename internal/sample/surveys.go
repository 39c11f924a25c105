package sample

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/evaluation"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/operation"
)

// trustYears is for how many years the story asks about trust, and pulses how often it
// asks after a meeting how it was, the last of them this year.
const trustYears = 4

// drawnYears is for how many of these, the last, the map of the network draws whom
// organizations ticked: those asked before were not told that it would.
const drawnYears = 2

// surveyStory asks, in each of the last years, whom organizations work with and how that
// is, compares with the year before, and asks after some meetings how they were.
func surveyStory() []chapter {
	var out []chapter
	for n := range trustYears {
		year := storyYears - trustYears + n
		out = append(out, chapter{fmt.Sprintf("trust survey of year %d", year), after(year, 230), func(t *teller) error { return t.trustSurvey(n) }})
	}
	for n, days := range []int{150, 60} {
		mode := surveys.Confidential
		if n > 0 {
			mode = surveys.Anonymous
		}
		out = append(out, chapter{fmt.Sprintf("pulse %d", n+1), ago(days), func(t *teller) error { return t.pulse(mode) }})
	}
	out = append(out, chapter{"an evaluator takes a file", ago(140), (*teller).evaluator}, chapter{"what the backbone is worth", ago(75), (*teller).valueSurvey})
	return out
}

// reply is one person's answers to a wave.
type reply struct {
	Wave   surveys.WaveID
	Person directory.PersonID
	silent bool // they begin, and do not hand in
	answer func(surveys.View) []surveys.Given
}

// errSilent takes back what somebody began. It is a refusal and no failure, so that nobody
// reads of it while the sample is made.
var errSilent = operation.Refuse(operation.Conflict, "errors.changed_since")

// respond hands in what somebody answers, as their link would.
var respond = operation.Define(operation.Operation[reply, operation.None]{
	Definition: operation.Definition{ID: "survey-links.answer", Summary: "Hands in somebody's answers", BrowserOnly: storyOnly, Secret: true},
	Run: func(c *operation.Call, in reply) (none operation.None, err error) {
		c.Continue()
		if err := surveys.Respond(c, in.Wave, in.Person, in.answer); err != nil || !in.silent {
			return none, err
		}
		return none, errSilent
	},
})

// trustSurvey is one year's: more people answer from year to year, and ratings rise a
// little.
func (t *teller) trustSurvey(n int) error {
	asked := surveys.ShippedEdition("partner-trust", 2)
	if n < trustYears-drawnYears {
		asked = surveys.ShippedEdition("partner-trust", 1)
	}
	w, err := t.survey(asked, fmt.Sprintf("Trust between partners, %d", t.clock.Now().Year()), surveys.Confidential, t.trust, 0.6+0.07*float64(n), func(organization string) bool { return staysSilent(n, organization) }, func(who surveys.Invitee, v surveys.View) []surveys.Given {
		given := []surveys.Given{
			{Question: "years", Answer: surveys.Answer{Choices: []string{pick(t.random, []string{"under_1", "1_to_3", "over_3", "over_3"})}}},
			{Question: "gives", Answer: surveys.Answer{Choices: []string{"time", pick(t.random, []string{"cash", "in_kind", "data", "community", "expertise"})}}},
			{Question: "success", Answer: surveys.Answer{Number: new(int64(min(4, 1+t.random.IntN(3)+n/2)))}},
		}
		if q, found := v.Instrument.Question("partners"); found {
			known := map[string]map[string]*int64{}
			for k, e := range v.Entries(q) {
				// Most know a few; those early in the list are known widely.
				if t.random.Float64() > 0.55-0.02*float64(min(k, 20)) {
					continue
				}
				known[e.Key] = map[string]*int64{}
				for _, row := range q.Roster.Rate {
					switch rating := 2 + t.random.IntN(2) + (n+t.random.IntN(3))/3; {
					case t.random.IntN(12) == 0:
						known[e.Key][row.Key] = nil // not sure
					case t.random.IntN(6) == 0:
						known[e.Key][row.Key] = new(int64(1))
					default:
						known[e.Key][row.Key] = new(int64(min(4, rating)))
					}
				}
			}
			if n >= trustYears-drawnYears {
				known = lasting(n, who.Organization, v.Entries(q), q.Roster.Rate)
			}
			given = append(given, surveys.Given{Question: "partners", Answer: surveys.Answer{Known: known}})
		}
		if t.random.IntN(3) > 0 {
			given = append(given, surveys.Given{Question: "alone", Answer: surveys.Answer{Text: pick(t.random, partnerWords)}})
		}
		return given
	})
	t.trust = w
	return err
}

// lasting are ticks and ratings of an organization in one of the years that are drawn:
// most ties stay from year to year, whoever of its people answers. It takes no chance from
// the story, so that all else stays as it is told.
func lasting(n int, from string, entries []surveys.Entry, rows []surveys.Row) map[string]map[string]*int64 {
	known := map[string]map[string]*int64{}
	for _, e := range entries {
		pair := fnv.New64a()
		_, _ = io.WriteString(pair, from+" > "+e.Name)           // a hash takes everything
		chance := rand.New(rand.NewPCG(pair.Sum64(), uint64(n))) // #nosec G404 -- an invented story
		likely := 0.06
		if pair.Sum64()%100 < 35 {
			likely = 0.88
		}
		if chance.Float64() > likely {
			continue
		}
		known[e.Key] = map[string]*int64{}
		for _, row := range rows {
			if chance.IntN(12) == 0 {
				known[e.Key][row.Key] = nil // not sure
				continue
			}
			known[e.Key][row.Key] = new(int64(min(4, 2+chance.IntN(2)+(n+chance.IntN(3))/3)))
		}
	}
	return known
}

// staysSilent says whether nobody of an organization hands in an answer in one of the
// years that are drawn, as happens every year with some.
func staysSilent(n int, organization string) bool {
	if n < trustYears-drawnYears {
		return false
	}
	h := fnv.New64a()
	_, _ = io.WriteString(h, organization)
	return h.Sum64()%7 == uint64(n)
}

// valueSurvey asks what the backbone is worth, and tells it by sector and by years of
// membership. It takes no chance from the story, so that all else stays as it is told.
func (t *teller) valueSurvey() error {
	story := t.random
	defer func() { t.random = story }()
	t.random = rand.New(rand.NewPCG(75, 6)) // #nosec G404 -- an invented story
	// Most see the shared aims come nearer; fewer see it in what is decided elsewhere.
	mostly := map[string]int{"vision": 3, "alignment": 3, "measurement": 3, "public_will": 2, "policy": 2, "funding": 2, "catalyst": 3}
	w, err := t.survey(surveys.ShippedEdition("backbone-value", 2), fmt.Sprintf("What the backbone is worth, %d", t.clock.Now().Year()), surveys.Confidential, surveys.WaveID{}, 0.8, func(string) bool { return false }, func(_ surveys.Invitee, v surveys.View) (given []surveys.Given) {
		rating := func(question string) *int64 {
			switch t.random.IntN(12) {
			case 0:
				return nil // not sure
			case 1, 2:
				return new(int64(1 + t.random.IntN(4)))
			}
			return new(int64(min(4, max(1, mostly[question]+t.random.IntN(3)-1))))
		}
		for _, section := range v.Instrument.Sections {
			for _, q := range section.Questions {
				switch q.Kind {
				case surveys.Scale:
					if r := rating(q.Key); r != nil {
						given = append(given, surveys.Given{Question: q.Key, Answer: surveys.Answer{Number: r}})
					}
				case surveys.Matrix:
					ratings := map[string]*int64{}
					for _, row := range q.Rows {
						ratings[row.Key] = rating(q.Key)
					}
					given = append(given, surveys.Given{Question: q.Key, Answer: surveys.Answer{Ratings: ratings}})
				}
			}
		}
		return given
	}, surveys.BySector, surveys.ByYears)
	t.value = w
	return err
}

// partnerWords are what people write of what none could have done alone.
var partnerWords = []string{
	"One list of free reading places for the whole county.", "Schools and clinics hand out the same letter.", "A shared calendar, so families are not asked twice.",
	"We speak to the school board with one voice.", "Buses run to the library on Saturdays.", "A fund that small groups can ask.", "Parents trained other parents.",
	"We agreed on four numbers and look at them together.", "Nobody starts from nothing any more.", "We know whom to call.",
}

// pulse asks after a meeting how it was.
func (t *teller) pulse(mode string) error {
	w, err := t.survey(surveys.ShippedEdition("meeting-pulse", 1), "After the leadership table, "+t.clock.Now().Format("January 2006"), mode, surveys.WaveID{}, 0.8, func(string) bool { return false }, func(_ surveys.Invitee, v surveys.View) (given []surveys.Given) {
		for _, section := range v.Instrument.Sections {
			for _, q := range section.Questions {
				if q.Kind == surveys.Scale && q.Scale != nil {
					given = append(given, surveys.Given{Question: q.Key, Answer: surveys.Answer{Number: new(min(q.Scale.To, q.Scale.From+int64(1+t.random.IntN(4))))}})
				}
				if q.Kind == surveys.Matrix && q.Scale != nil {
					ratings := map[string]*int64{}
					for _, row := range q.Rows {
						ratings[row.Key] = new(min(q.Scale.To, q.Scale.From+int64(1+t.random.IntN(4))))
					}
					given = append(given, surveys.Given{Question: q.Key, Answer: surveys.Answer{Ratings: ratings}})
				}
			}
		}
		return given
	})
	if mode == surveys.Confidential {
		t.pulsed = w
	}
	return err
}

// evaluator has the evaluator sign for the file of a pulse, and take it.
func (t *teller) evaluator() error {
	evaluator := t.as(operation.Evaluator)
	a, err := evaluation.Create.Do(t.as(operation.Director), &t.door, evaluation.Input{PersonID: t.members[string(operation.Evaluator)].person, Purpose: "To see in the yearly evaluation which kinds of meetings people find worth their time.",
		Waves: []surveys.WaveID{t.pulsed}, Until: t.clock.Now().AddDate(1, 0, 0).Format(time.DateOnly), DestroyBy: t.clock.Now().AddDate(2, 0, 0).Format(time.DateOnly)})
	if err != nil {
		return err
	}
	t.later(26 * time.Hour)
	if _, err := evaluation.Sign.Do(evaluator, &t.door, evaluation.SignInput{ID: a.ID, Version: a.Version, Name: "Samuel Achterberg", Agreed: true}); err != nil {
		return err
	}
	_, err = evaluation.Take.Do(evaluator, &t.door, evaluation.TakeInput{WaveID: t.pulsed})
	return err
}

// survey asks an instrument of everybody with a seat, of whom a share answers, and tells
// the figures: by sector, or by what is said.
func (t *teller) survey(asked surveys.InstrumentID, title, mode string, follows surveys.WaveID, share float64, silent func(organization string) bool, answer func(surveys.Invitee, surveys.View) []surveys.Given, by ...string) (none surveys.WaveID, err error) {
	staff := t.as(operation.Staff)
	// Of the pulse that is asked in confidence a file may go to the evaluator.
	w, err := surveys.Create.Do(t.as(operation.Director), &t.door, surveys.Input{InstrumentID: asked, Title: title, Mode: mode, FollowsID: follows, ForEvaluator: asked == surveys.ShippedEdition("meeting-pulse", 1) && mode == surveys.Confidential})
	if err != nil {
		return none, err
	}
	var bodies []directory.BodyID
	for name, b := range t.bodies {
		if !t.closed[name] {
			bodies = append(bodies, b.id)
		}
	}
	if w, err = surveys.AddPeople.Do(staff, &t.door, surveys.PeopleInput{WaveID: w.ID, Bodies: bodies}); err != nil {
		return none, err
	}
	step := func(state string) error {
		in := surveys.StepInput{ID: w.ID, Version: w.Version, State: state}
		if state == surveys.Released && len(by) > 0 {
			in.Cuts = &by
		}
		w, err = surveys.Step.Do(staff, &t.door, in)
		return err
	}
	if err := step(surveys.Open); err != nil {
		return none, err
	}
	answered := 0
	for _, v := range w.People {
		if t.random.Float64() > share {
			continue
		}
		one := reply{w.ID, v.PersonID, silent(v.Organization), func(view surveys.View) []surveys.Given { return answer(v, view) }}
		link := operation.WithCollaborative(operation.WithActor(t.ctx, operation.Actor{Via: operation.ViaLink}), t.collaborative)
		_, err := respond.Do(link, &t.door, one)
		if errors.Is(err, errSilent) {
			continue
		}
		answered++
		if err != nil {
			return none, fmt.Errorf("%s: answers of %s: %w", title, v.Person, err)
		}
	}
	if err := step(surveys.Closed); err != nil {
		return none, err
	}
	if answered < 5 {
		return w.ID, nil // too few to tell of
	}
	return w.ID, step(surveys.Released)
}
