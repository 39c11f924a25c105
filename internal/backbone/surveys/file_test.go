package surveys

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"commontable/internal/analysis/disclosure"
	"commontable/internal/analysis/survey"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
)

// crowd is a wave of many people of two large sectors and a small one.
func crowd(t *testing.T, people int) (*Instrument, []Response, []Entry) {
	var organizations []directory.OrganizationID
	var roster []Entry
	for k := range 6 {
		organizations = append(organizations, id.New[directory.Organization]())
		roster = append(roster, Entry{Key: string(rune('p' + k)), Name: "Named " + string(rune('P'+k)), OrganizationID: organizations[k]})
	}
	var list []Response
	for k := range people {
		sector := []string{"education", "health"}[k%2]
		if k < 4 {
			sector = "faith"
		}
		known := map[string]map[string]*int64{}
		for at := range 5 {
			known[roster[(k+at+1)%6].Key] = map[string]*int64{"reliable": n(int64(1 + (k/3+at)%4))}
		}
		list = append(list, Response{person: directory.PersonID(id.New[directory.Person]()), OrganizationID: organizations[k%6], Organization: roster[k%6].Name, Sector: sector, Answers: map[string]Answer{
			"years": {Choices: []string{[]string{"few", "many"}[k/2%2]}},
			"gives": {Choices: []string{"time"}},
			"order": {Choices: [][]string{{"a", "b"}, {"b", "a"}}[k/3%2]},
			"open":  {Number: n(int64(1 + k/5%4))},
			"do":    {Ratings: map[string]*int64{"x": n(int64(1 + k/7%3))}},
			"words": {Text: fmt.Sprintf("Words of %d", k)},
			"with":  {Known: known},
		}})
	}
	return instrument(t), list, roster
}

// unzipped are the tables of a file.
func unzipped(t *testing.T, content []byte) map[string][][]string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][][]string{}
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		if out[f.Name], err = csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\ufeff")))).ReadAll(); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// A file has a row for everybody in no order, no name and no word of anybody, the small
// sector joined with another, and a codebook that says what is held back and why.
func TestFile(t *testing.T) {
	i, list, roster := crowd(t, 120)
	f := i.file(list, roster, survey.Usual)
	if f.why != "" {
		t.Fatal(f.why)
	}
	content, err := f.zip("Trust", []string{"en"})
	if err != nil {
		t.Fatal(err)
	}
	tables := unzipped(t, content)
	answers, codebook := tables["answers.csv"], tables["codebook.csv"]
	if len(answers) != 121 || !slices.Equal(answers[0], []string{"row", "group", "years", "order.a", "order.b", "open", "do.x", "with.reliable"}) {
		t.Errorf("%d rows of %v", len(answers), answers[0])
	}
	groups, open := map[string]int{}, 0
	ordered := true
	for k, row := range answers[1:] {
		groups[row[1]]++
		ordered = ordered && row[5] == fmt.Sprint(1+k/5%4)
		if row[5] == "1" {
			open++
		}
	}
	if groups["education+faith"] != 62 || groups["health"] != 58 || len(groups) != 2 {
		t.Errorf("groups: %v", groups)
	}
	if open != 30 || ordered {
		t.Errorf("%d answered 1, in their order %v", open, ordered)
	}
	held := map[string]string{}
	for _, row := range codebook[1:] {
		held[row[0]] = row[2] + row[3]
	}
	if held["gives.time"] != "noalike" || held["open"] != "yes" || len(codebook) != 9 {
		t.Errorf("codebook: %v", codebook)
	}
	text := fmt.Sprint(tables)
	for _, r := range list {
		for _, hidden := range []string{r.Answers["words"].Text, r.Organization, r.person.String(), r.person.Short()} {
			if strings.Contains(text, hidden) {
				t.Fatalf("the file holds %q", hidden)
			}
		}
	}
}

// A wave too small for a file has none, and figures by sector; one with a file has figures
// by its groups, and no change of those who answered twice.
func TestFileAndFigures(t *testing.T) {
	i, list, roster := crowd(t, 9)
	if f := i.file(list, roster, survey.Usual); f.why != disclosure.TooFew {
		t.Errorf("nine answers: %q", f.why)
	}
	i, list, roster = crowd(t, 120)
	f := i.file(list, roster, survey.Usual)
	before := &earlier{content: i, responses: list, cuts: sectors(list), figures: results(i, list, nil, survey.Usual)}
	told := i.told(list, f.cuts(sectors(list)), true, before, survey.Usual)
	open := question(told, "open").Items[0]
	if len(open.Parts) != 2 || !slices.Equal(open.Parts[0].Groups, []string{"education", "faith"}) {
		t.Errorf("figures by other groups than the file's: %+v", open.Parts)
	}
	if open.Change.Matched.Why != disclosure.WorkedOut || open.Change.All.Why != "" {
		t.Errorf("change: %+v", open.Change)
	}
	before.filed = true
	if c := question(i.told(list, sectors(list), false, before, survey.Usual), "open").Items[0].Change; c.Matched.Why != disclosure.WorkedOut {
		t.Errorf("change since a wave with a file: %+v", c)
	}
}

// How many somebody rated, which is seen on a map, leaves no trace in a file: who rated
// nobody is not told apart, and a mean is a point of the scale.
func TestFileOfRatings(t *testing.T) {
	i, list, roster := crowd(t, 60)
	for k := range 3 {
		list[k].Answers["with"] = Answer{}
	}
	f := i.file(list, roster, survey.Usual)
	at := slices.IndexFunc(f.columns, func(c fileColumn) bool { return c.name() == "with.reliable" })
	if f.columns[at].why != disclosure.TooFew {
		t.Errorf("three who rated nobody stand out: %q", f.columns[at].why)
	}
	own := map[string]string{}
	for _, e := range roster {
		own[e.Key] = e.OrganizationID.String()
	}
	q, _ := i.Question("with")
	r := list[5]
	r.Answers["with"] = Answer{Known: map[string]map[string]*int64{"p": {"reliable": n(4)}, "q": {"reliable": n(3)}, "r": {"reliable": n(3)}, "s": {"reliable": nil}, "u": {"reliable": n(1)}}}
	if got := meanRating(r, q, "reliable", own); got != 3 { // u is their own
		t.Errorf("mean rating %d", got)
	}
}
