package surveys

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
)

// The bounds of an instrument.
const (
	mostSections  = 40
	mostQuestions = 200
	mostChoices   = 60
	mostRows      = 40
	mostPoints    = 11
	mostFactors   = 60
	mostFaults    = 50
	longLabel     = 300
	longText      = 4000
	longAnswer    = 5000
	mostNumber    = 1_000_000_000_000
)

// checker gathers the faults of an instrument, each with its place in the file.
type checker struct {
	faults    *operation.Faults
	field     string
	languages []string
	found     int
	drawn     bool // a question was marked whose ticks are drawn
}

func (k *checker) add(place, key string, args ...map[string]any) {
	if k.found++; k.found > mostFaults {
		return
	}
	all := map[string]any{"Place": place}
	for _, more := range args {
		maps.Copy(all, more)
	}
	// Each its own name: of one field only the first fault is told.
	k.faults.Add(k.field+"."+strconv.Itoa(k.found-1), key, all)
}

// check finds every fault of an instrument, up to fifty, under the name of a field.
func (i *Instrument) check(field string, faults *operation.Faults) {
	k := &checker{faults: faults, field: field}
	k.key("key", i.Key)
	if i.Minutes < 1 || i.Minutes > 240 {
		k.add("minutes", "errors.instrument_bounds", map[string]any{"Least": 1, "Most": 240})
	}
	for l := range i.Title {
		if !i18n.Known(l) {
			k.add("title", "errors.instrument_language", map[string]any{"Language": l})
		}
	}
	k.languages = i.Title.languages()
	k.words("title", &i.Title, true, longLabel)
	k.words("introduction", &i.Introduction, false, longText)
	k.words("credit", &i.Credit, false, longText)
	factors := map[string]bool{}
	k.count("factors", len(i.Factors), 0, mostFactors)
	for n := range i.Factors {
		f, place := &i.Factors[n], fmt.Sprintf("factors[%d]", n)
		k.once(place, f.Key, factors)
		k.words(place+".title", &f.Title, true, longLabel)
	}
	k.count("sections", len(i.Sections), 1, mostSections)
	sections, earlier, total := map[string]bool{}, map[string]Question{}, 0
	for n := range i.Sections {
		s, place := &i.Sections[n], fmt.Sprintf("sections[%d]", n)
		k.once(place, s.Key, sections)
		k.words(place+".title", &s.Title, true, longLabel)
		k.words(place+".text", &s.Text, false, longText)
		k.count(place+".questions", len(s.Questions), 1, mostQuestions)
		if total += len(s.Questions); total > mostQuestions {
			k.add(place, "errors.instrument_many", map[string]any{"Least": 1, "Most": mostQuestions})
			return
		}
		for m := range s.Questions {
			q, at := &s.Questions[m], fmt.Sprintf("%s.questions[%d]", place, m)
			if q.Key != "" {
				at += " (" + short(q.Key) + ")"
			}
			k.question(at, q, factors, earlier)
		}
	}
}

func short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

func isKey(s string) bool {
	if s == "" || len(s) > 40 {
		return false
	}
	return strings.IndexFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' && r != '-'
	}) < 0
}

func (k *checker) key(place, key string) {
	if !isKey(key) {
		k.add(place, "errors.instrument_key")
	}
}

func (k *checker) once(place, key string, seen map[string]bool) {
	k.key(place+".key", key)
	if seen[key] {
		k.add(place+".key", "errors.instrument_twice", map[string]any{"Key": short(key)})
	}
	seen[key] = true
}

// words cleans a text and finds what it lacks: it has every language of the title, and
// no other.
func (k *checker) words(place string, w *Words, needed bool, most int) {
	if len(*w) == 0 && !needed {
		return
	}
	for _, l := range k.languages {
		text := i18n.CleanText((*w)[l])
		if text == "" {
			k.add(place+"."+l, "errors.instrument_words")
			continue
		}
		(*w)[l] = text
	}
	if len(k.languages) == 0 {
		k.add(place, "errors.instrument_words")
	}
	for l, text := range *w {
		if !slices.Contains(k.languages, l) {
			k.add(place, "errors.instrument_language", map[string]any{"Language": short(l)})
		}
		if utf8.RuneCountInString(text) > most {
			k.add(place+"."+short(l), "errors.instrument_long", map[string]any{"Most": most})
		}
	}
}

func (k *checker) count(place string, n, least, most int) {
	if n < least || n > most {
		k.add(place, "errors.instrument_many", map[string]any{"Least": least, "Most": most})
	}
}

func (k *checker) factor(place, key string, factors map[string]bool) {
	if key != "" && !factors[key] {
		k.add(place+".factor", "errors.instrument_factor", map[string]any{"Key": short(key)})
	}
}

// question checks one question. earlier are those before it, which conditions may name.
func (k *checker) question(at string, q *Question, factors map[string]bool, earlier map[string]Question) {
	k.key(at+".key", q.Key)
	if _, twice := earlier[q.Key]; twice {
		k.add(at+".key", "errors.instrument_twice", map[string]any{"Key": short(q.Key)})
	}
	k.words(at+".text", &q.Text, true, longText)
	k.words(at+".help", &q.Help, false, longText)
	k.factor(at, q.Factor, factors)
	if !slices.Contains(Kinds, q.Kind) {
		k.add(at+".kind", "errors.instrument_kind", map[string]any{"Kinds": strings.Join(Kinds, ", ")})
	}
	k.parts(at, q, factors)
	k.bounds(at, *q)
	for n, c := range q.ShowIf {
		place := fmt.Sprintf("%s.show_if[%d]", at, n)
		if n >= 10 || len(c.Is) > mostChoices {
			k.add(place, "errors.instrument_many", map[string]any{"Least": 0, "Most": 10})
			break
		}
		on, ok := earlier[c.Question]
		if !ok || len(c.Is) == 0 || slices.ContainsFunc(c.Is, func(m Match) bool { return !on.canBe(m) }) {
			k.add(place, "errors.instrument_show_if")
		}
	}
	earlier[q.Key] = *q
}

// canBe says whether a question can be answered with a value that conditions name.
func (q Question) canBe(m Match) bool {
	switch q.Kind {
	case Single, Multiple, Gradients:
		return slices.ContainsFunc(q.Choices, func(c Choice) bool { return c.Key == string(m) })
	case Scale:
		n, err := strconv.ParseInt(string(m), 10, 64)
		return err == nil && q.Scale != nil && n >= q.Scale.From && n <= q.Scale.To
	case Number:
		_, err := strconv.ParseInt(string(m), 10, 64)
		return err == nil
	}
	return false
}

// parts checks what a kind of question is made of, and that it has nothing else.
func (k *checker) parts(at string, q *Question, factors map[string]bool) {
	chooses := slices.Contains([]string{Single, Multiple, Ranking, Gradients}, q.Kind)
	rates := q.Kind == Scale || q.Kind == Matrix || q.Kind == Roster && q.Roster != nil && len(q.Roster.Rate) > 0
	if chooses {
		k.count(at+".choices", len(q.Choices), 2, mostChoices)
	}
	if !chooses && len(q.Choices) > 0 || !rates && q.Scale != nil || q.Kind != Matrix && len(q.Rows) > 0 || q.Kind != Roster && q.Roster != nil {
		k.add(at, "errors.instrument_extra")
	}
	seen := map[string]bool{}
	for n := range q.Choices {
		c, place := &q.Choices[n], fmt.Sprintf("%s.choices[%d]", at, n)
		k.once(place, c.Key, seen)
		k.words(place+".text", &c.Text, true, longLabel)
	}
	if rates {
		k.points(at+".scale", q.Scale)
	}
	if q.Kind == Matrix {
		k.rows(at+".rows", q.Rows, 1, factors)
	}
	if q.Kind == Roster {
		if q.Roster == nil || q.Roster.Of != OfOrganizations && q.Roster.Of != OfPeople {
			k.add(at+".roster", "errors.instrument_roster")
			return
		}
		k.draw(at+".roster.drawn", *q)
		k.words(at+".roster.ask", &q.Roster.Ask, false, longText)
		k.rows(at+".roster.rate", q.Roster.Rate, 0, factors)
	}
}

// draw checks a mark that ticks are drawn: of organizations alone, in one question, which
// everybody is asked. Who was not asked would otherwise look as if they had ticked nobody.
func (k *checker) draw(place string, q Question) {
	if !q.Roster.Drawn {
		return
	}
	if q.Roster.Of != OfOrganizations || len(q.ShowIf) > 0 || k.drawn {
		k.add(place, "errors.instrument_drawn")
	}
	k.drawn = true
}

func (k *checker) rows(place string, rows []Row, least int, factors map[string]bool) {
	k.count(place, len(rows), least, mostRows)
	seen := map[string]bool{}
	for n := range rows {
		r, at := &rows[n], fmt.Sprintf("%s[%d]", place, n)
		k.once(at, r.Key, seen)
		k.words(at+".text", &r.Text, true, longLabel)
		k.factor(at, r.Factor, factors)
	}
}

func (k *checker) points(place string, p *Points) {
	if p == nil || p.From < -100 || p.To > 100 || p.To <= p.From || p.To-p.From >= mostPoints {
		k.add(place, "errors.instrument_scale", map[string]any{"Most": mostPoints})
		return
	}
	for label, w := range p.Labels {
		n, err := strconv.ParseInt(label, 10, 64)
		if err != nil || n < p.From || n > p.To || strconv.FormatInt(n, 10) != label {
			k.add(place+".labels", "errors.instrument_scale", map[string]any{"Most": mostPoints})
			continue
		}
		k.words(place+".labels."+label, &w, true, longLabel)
	}
}

// bounds checks least and most against what they bound.
func (k *checker) bounds(at string, q Question) {
	least, most := int64(0), int64(0)
	switch q.Kind {
	case Number:
		least, most = -mostNumber, mostNumber
	case Text:
		most = longAnswer
	case Multiple, Ranking:
		most = int64(len(q.Choices))
	}
	if q.Least < least || q.Most > most || q.Least > most || q.Most < least || q.Most != 0 && q.Most < q.Least {
		k.add(at, "errors.instrument_bounds", map[string]any{"Least": least, "Most": most})
	}
}
