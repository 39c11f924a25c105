package surveys

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"commontable/internal/platform/operation"
)

// parseJSON reads an instrument as this package writes it. What it does not know is a
// fault, not something to pass over.
func parseJSON(text, field string, faults *operation.Faults) Instrument {
	var out Instrument
	d := json.NewDecoder(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	d.DisallowUnknownFields()
	err := d.Decode(&out)
	if err == nil {
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("something follows the end")
		}
	}
	if err != nil {
		faults.Add(field, "errors.instrument_unread", map[string]any{"Line": 1 + strings.Count(text[:min(int(d.InputOffset()), len(text))], "\n"), "Why": short(err.Error())})
		return Instrument{}
	}
	return out
}

// File is the instrument as the file that brings it elsewhere.
func (i Instrument) File() ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(i)
	return out.Bytes(), err
}

// Columns are those of the CSV, one row a question. Lists are separated by "|", and a key
// and its text by "=": "yes=Yes|no=No".
var Columns = []string{"section", "key", "kind", "required", "text", "help", "choices", "scale", "labels", "unsure", "rows", "roster", "drawn", "least", "most", "factor", "show_if"}

// Template is a CSV to begin with: the columns, and one question of most kinds.
const Template = `section,key,kind,required,text,help,choices,scale,labels,unsure,rows,roster,drawn,least,most,factor,show_if
How we meet,useful,scale,yes,This meeting was worth my time.,,,1-5,1=Not at all|5=Very much,no,,,,,,worth,
How we meet,came,single,no,How did you come?,,room=In the room|online=Online,,,,,,,,,,
How we meet,heard,matrix,no,How far do you agree?,,,1-4,1=Not at all|4=Fully,yes,voice=My voice was heard|next=I know what comes next,,,,,,came=room|online
Partners,know,roster,no,Whom do you work with?,Tick all you know.,,1-4,1=Not at all|4=A great deal,yes,reliable=They keep their word|open=They share what they know,organizations,no,,,,
Last words,more,text,no,What else?,,,,,,,,,,500,,
`

// about is what a CSV does not hold.
type about struct {
	key, title, language string
	minutes              int64
}

// parseCSV reads an instrument of one language.
func parseCSV(text, field string, a about, faults *operation.Faults) Instrument {
	out := Instrument{Key: a.key, Minutes: a.minutes, Title: Words{a.language: a.title}}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	r.FieldsPerRecord = -1
	head, err := r.Read()
	if err != nil {
		faults.Add(field, "errors.instrument_unread", map[string]any{"Line": 1, "Why": short(err.Error())})
		return out
	}
	at := map[string]int{}
	for n, name := range head {
		name = strings.ToLower(strings.TrimSpace(name))
		if !slices.Contains(Columns, name) {
			faults.Add(field+".1."+strconv.Itoa(n), "errors.instrument_column", map[string]any{"Column": short(name), "Columns": strings.Join(Columns, ", ")})
			continue
		}
		at[name] = n
	}
	words := func(s string) Words {
		if s == "" {
			return nil
		}
		return Words{a.language: s}
	}
	factors := map[string]bool{}
	for rows := 0; ; rows++ {
		record, err := r.Read()
		if errors.Is(err, io.EOF) || rows > mostQuestions {
			break
		}
		if err != nil {
			line := rows + 2
			if p := (*csv.ParseError)(nil); errors.As(err, &p) {
				line = p.Line
			}
			faults.Add(field, "errors.instrument_unread", map[string]any{"Line": line, "Why": short(err.Error())})
			break
		}
		line, _ := r.FieldPos(0)
		cell := func(name string) string {
			if n, ok := at[name]; ok && n < len(record) {
				return strings.TrimSpace(record[n])
			}
			return ""
		}
		bad := func(column string) {
			faults.Add(field+"."+strconv.Itoa(line)+"."+column, "errors.instrument_cell", map[string]any{"Line": line, "Column": column})
		}
		whole := func(column string) int64 {
			if cell(column) == "" {
				return 0
			}
			n, err := strconv.ParseInt(cell(column), 10, 64)
			if err != nil {
				bad(column)
			}
			return n
		}
		q := Question{Key: cell("key"), Kind: cell("kind"), Text: words(cell("text")), Help: words(cell("help")), Required: isYes(cell("required")), Least: whole("least"), Most: whole("most"), Factor: cell("factor")}
		for _, p := range pairs(cell("choices")) {
			q.Choices = append(q.Choices, Choice{p[0], words(p[1])})
		}
		var rated []Row
		for _, p := range pairs(cell("rows")) {
			rated = append(rated, Row{Key: p[0], Text: words(p[1])})
		}
		if of := cell("roster"); of != "" {
			q.Roster = &RosterPart{Of: of, Drawn: isYes(cell("drawn")), Rate: rated}
		} else {
			q.Rows = rated
			if isYes(cell("drawn")) {
				bad("drawn")
			}
		}
		if s := cell("scale"); s != "" {
			from, to, ok := strings.Cut(s, "-")
			low, err := strconv.ParseInt(from, 10, 64)
			high, err2 := strconv.ParseInt(to, 10, 64)
			if !ok || err != nil || err2 != nil {
				bad("scale")
			}
			q.Scale = &Points{From: low, To: high, Unsure: isYes(cell("unsure")), Labels: map[string]Words{}}
			for _, p := range pairs(cell("labels")) {
				q.Scale.Labels[p[0]] = words(p[1])
			}
		}
		if s := cell("show_if"); s != "" {
			on, values, _ := strings.Cut(s, "=")
			condition := Condition{Question: strings.TrimSpace(on)}
			for v := range strings.SplitSeq(values, "|") {
				condition.Is = append(condition.Is, Match(strings.TrimSpace(v)))
			}
			q.ShowIf = []Condition{condition}
		}
		if q.Factor != "" && isKey(q.Factor) && !factors[q.Factor] {
			factors[q.Factor] = true
			out.Factors = append(out.Factors, Factor{q.Factor, words(q.Factor)})
		}
		section := cell("section")
		if n := len(out.Sections); n == 0 || section != "" && out.Sections[n-1].Title[a.language] != section {
			out.Sections = append(out.Sections, Section{Key: "s" + strconv.Itoa(n+1), Title: words(section)})
		}
		last := &out.Sections[len(out.Sections)-1]
		last.Questions = append(last.Questions, q)
	}
	return out
}

func isYes(s string) bool {
	return slices.Contains([]string{"yes", "true", "1", "x", "oui", "sí", "si"}, strings.ToLower(s))
}

// pairs reads "key=text|key=text".
func pairs(s string) (out [][2]string) {
	if s == "" {
		return nil
	}
	for part := range strings.SplitSeq(s, "|") {
		key, text, _ := strings.Cut(part, "=")
		out = append(out, [2]string{strings.TrimSpace(key), strings.TrimSpace(text)})
	}
	return out
}
