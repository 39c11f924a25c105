package surveys

import (
	"archive/zip"
	"bytes"
	"math"
	"strconv"
	"strings"

	"commontable/internal/analysis/disclosure"
	"commontable/internal/analysis/survey"
	"commontable/internal/platform/sheets"
)

// fileColumn is one column of a de-identified file: what everybody answered to one thing,
// and how it is told in the codebook.
type fileColumn struct {
	disclosure.Column
	question Question
	part     string           // the key of the row, choice or rating; "" where the question has none
	cell     func(int) string // the text of a value
	why      disclosure.Why
}

func (f fileColumn) name() string {
	if f.part == "" {
		return f.question.Key
	}
	return f.question.Key + "." + f.part
}

// evaluatorFile is what would be given to an evaluator of a wave.
type evaluatorFile struct {
	classes []survey.Group
	columns []fileColumn
	why     disclosure.Why // why there is no file
}

// file works out what of a wave may be given row by row; docs/decisions/0039 says why it is
// no more.
func (i *Instrument) file(list []Response, roster []Entry, rules survey.Rules) evaluatorFile {
	f := evaluatorFile{classes: classes(list, rules)}
	least := max(rules.Spread, rules.Mean, disclosure.Floor)
	if len(list) < disclosure.ClassLeast(least) {
		f.why = disclosure.TooFew
		return f
	}
	of := map[string]int{} // the first column of each question
	for q := range i.questions {
		needs := q.decidedBy(of)
		of[q.Key] = -1
		columns := q.columns(list, roster)
		for _, c := range columns {
			c.Needs = needs
			f.columns = append(f.columns, c)
		}
		if len(columns) == 1 { // several choices may each be held back, so none decides
			of[q.Key] = len(f.columns) - 1
		}
	}
	classes := make([][]int, len(f.classes))
	for n, c := range f.classes {
		classes[n] = c.Members
	}
	columns := make([]disclosure.Column, len(f.columns))
	for n, c := range f.columns {
		columns[n] = c.Column
	}
	f.why = disclosure.Alike
	for n, why := range disclosure.Rows(classes, columns, least) {
		if f.columns[n].why = why; why == "" {
			f.why = ""
		}
	}
	return f
}

// classes are the groups of a file: sectors, joined by their size.
func classes(list []Response, rules survey.Rules) []survey.Group {
	sectors, _ := cutBy(BySector, list)
	return survey.Classes(sectors.Groups, rules)
}

// cuts are those by which figures are told beside the file: by its classes, where they are
// told by sector.
func (f evaluatorFile) cuts(cuts []survey.Cut) []survey.Cut {
	if len(cuts) == 0 {
		return nil
	}
	return []survey.Cut{{Key: BySector, Groups: f.classes}}
}

// decidedBy are the columns of the questions on which it depends whether this one is asked.
func (q Question) decidedBy(of map[string]int) (out []int) {
	for _, c := range q.ShowIf {
		out = append(out, of[c.Question])
	}
	return out
}

// columns are those of a question. Words and exact numbers are not among them: they point
// at somebody. Of ratings there is one for each row, the mean of what one respondent gave
// to all, rounded to a point of the scale: each rating, and how many somebody rated, would
// find a respondent on a map of who works with whom.
func (q Question) columns(list []Response, roster []Entry) (out []fileColumn) {
	whole := func(n int) string { return strconv.Itoa(n) }
	switch q.Kind {
	case Text, Number:
		return nil
	case Roster:
		if q.Scale == nil {
			return nil
		}
		own := map[string]string{}
		for _, e := range roster {
			own[e.Key] = e.OrganizationID.String()
		}
		for _, row := range q.Roster.Rate {
			c := fileColumn{question: q, part: row.Key, cell: whole, Column: disclosure.Column{Seen: true, Values: make([]int, len(list))}}
			for n, r := range list {
				c.Values[n] = meanRating(r, q, row.Key, own)
			}
			out = append(out, c)
		}
		return out
	}
	for _, it := range q.items(list) {
		c := fileColumn{question: q, part: it.Key, cell: whole, Column: disclosure.Column{Values: it.Answers, Points: q.Kind == Single || q.Kind == Multiple}}
		if it.nominal {
			c.cell = func(n int) string { return q.Choices[n].Key }
		}
		out = append(out, c)
	}
	return out
}

// meanRating is the mean of the ratings that somebody gave in one row, to others than their
// own organization, rounded to a whole point.
func meanRating(r Response, q Question, row string, own map[string]string) int {
	sum, n := int64(0), int64(0)
	for entry, ratings := range r.Answers[q.Key].Known {
		if value := ratings[row]; value != nil && (r.OrganizationID.IsZero() || own[entry] != r.OrganizationID.String()) {
			sum, n = sum+*value, n+1
		}
	}
	if n == 0 {
		return disclosure.None
	}
	return int(math.Round(float64(sum) / float64(n)))
}

// groupName names a class by its groups.
func groupName(g survey.Group) string {
	keys := append([]string{g.Key}, g.Also...)
	for n, key := range keys {
		if key == "" {
			keys[n] = "none"
		}
	}
	return strings.Join(keys, "+")
}

// given counts the columns that stand in the file, and those that are held back.
func (f evaluatorFile) given() (given, held int64) {
	for _, c := range f.columns {
		if c.why == "" {
			given++
		} else {
			held++
		}
	}
	return given, held
}

// zip packs the answers, a row for each respondent in an order drawn at random, and the
// codebook in some languages.
func (f evaluatorFile) zip(title string, languages []string) ([]byte, error) {
	type place struct {
		class string
		who   int
	}
	var rows []place
	for _, c := range f.classes {
		for _, who := range c.Members {
			rows = append(rows, place{groupName(c), who})
		}
	}
	shuffle(rows)
	answers := sheets.Table{Name: title, Columns: []sheets.Column{{Title: "row"}, {Title: "group"}}}
	for _, c := range f.columns {
		if c.why == "" {
			answers.Columns = append(answers.Columns, sheets.Column{Title: c.name()})
		}
	}
	var cells []sheets.Row
	for n, p := range rows {
		row := sheets.Row{sheets.Whole(int64(n) + 1), sheets.Text(p.class)}
		for _, c := range f.columns {
			if c.why != "" {
				continue
			}
			text := ""
			if value := c.Values[p.who]; value != disclosure.None {
				text = c.cell(value)
			}
			row = append(row, sheets.Text(text))
		}
		cells = append(cells, row)
	}
	answers.Rows = sheets.FromRows(cells)
	var out bytes.Buffer
	archive := zip.NewWriter(&out) // without times: they would tell nothing
	for _, file := range []struct {
		name  string
		table sheets.Table
	}{{"answers.csv", answers}, {"codebook.csv", f.codebook(title, languages)}} {
		w, err := archive.Create(file.name)
		if err != nil {
			return nil, err
		}
		if err := sheets.WriteCSV(w, file.table); err != nil {
			return nil, err
		}
	}
	err := archive.Close()
	return out.Bytes(), err
}

// codebook says of every column what was asked, what its values mean, and of those that are
// held back why.
func (f evaluatorFile) codebook(title string, languages []string) sheets.Table {
	t := sheets.Table{Name: title}
	for _, name := range []string{"column", "kind", "given", "held_back_because"} {
		t.Columns = append(t.Columns, sheets.Column{Title: name})
	}
	for _, l := range languages {
		for _, name := range []string{"question_", "part_", "values_"} {
			t.Columns = append(t.Columns, sheets.Column{Title: name + l})
		}
	}
	var rows []sheets.Row
	for _, c := range f.columns {
		given := "yes"
		if c.why != "" {
			given = "no"
		}
		row := sheets.Row{sheets.Text(c.name()), sheets.Text(c.question.Kind), sheets.Text(given), sheets.Text(string(c.why))}
		for _, l := range languages {
			row = append(row, sheets.Text(c.question.Text.In(l)), sheets.Text(c.question.PartTitle(c.part, l)), sheets.Text(c.values(l)))
		}
		rows = append(rows, row)
	}
	t.Rows = sheets.FromRows(rows)
	return t
}

// values says what the values of a column mean in a language.
func (f fileColumn) values(language string) string {
	q := f.question
	var out []string
	switch {
	case q.Kind == Multiple:
		out = []string{"0", "1"}
	case q.Kind == Ranking:
		out = []string{"1–" + strconv.Itoa(len(q.Choices))}
	case q.Scale != nil:
		for n := q.Scale.From; n <= q.Scale.To; n++ {
			text := strconv.FormatInt(n, 10)
			if label := q.Scale.Labels[text].In(language); label != "" {
				text += " = " + label
			}
			out = append(out, text)
		}
	default:
		for _, c := range q.Choices {
			out = append(out, c.Key+" = "+c.Text.In(language))
		}
	}
	return strings.Join(out, "; ")
}
