package imports

import (
	"regexp"
	"slices"
	"strings"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/intake"
)

// source is a program whose files are recognised by their headings.
type source struct {
	id   string // a message of the catalogue names it: "import.source_…"
	kind string
	// has are headings that all must be there, folded; of each group one. A file
	// with one of lacks comes from elsewhere.
	has   [][]string
	lacks []string
	// fields are what headings mean in its files, where the aliases of the kind
	// do not say so; "" leaves a column out that says nothing for us. A number in
	// a heading is written "#".
	fields map[string]string
	// fixed are values every row gets, by field, that are offered with its files.
	fixed map[string]string
	// parts says that its files hold tables of several kinds, of which one is
	// meant, and others that are nothing for us.
	parts bool
	// unfolded is the column whose cells hold values by name, as JSON, each of
	// which becomes a column of its own.
	unfolded string
}

// sourceOf is the program whose headings a file has; the zero source for none. A
// kind that is wanted comes before others of the same program.
func sourceOf(format string, columns []string, wanted string) source {
	switch format {
	case intake.VCard:
		return vcardSource
	case intake.ICalendar:
		return icalendarSource
	}
	have := map[string]bool{}
	for _, name := range columns {
		have[i18n.FoldKey(name)] = true
	}
	var first source
	for _, s := range sources {
		if kindOf(s.kind) == nil || !s.wrote(have) {
			continue
		}
		if wanted == "" || s.kind == wanted {
			return s
		}
		if first.id == "" {
			first = s
		}
	}
	return first
}

// wrote says whether a file with these headings comes from the program.
func (s source) wrote(have map[string]bool) bool {
	has := func(heading string) bool { return have[heading] }
	return !slices.ContainsFunc(s.lacks, has) && !slices.ContainsFunc(s.has, func(group []string) bool { return !slices.ContainsFunc(group, has) })
}

var numberInHeading = regexp.MustCompile(`\b[0-9]+\b`)

// refine sets what headings mean in the files of the program. What it says counts
// for more than what was guessed.
func (s source) refine(k *Kind, columns []Column, fields []string) {
	said := map[string]bool{}
	known := make([]bool, len(columns))
	for i, c := range columns {
		heading := i18n.FoldKey(c.Name)
		field, ok := s.fields[heading]
		if !ok {
			field, ok = s.fields[numberInHeading.ReplaceAllString(heading, "#")]
		}
		if !ok && s.unfolded != "" && strings.HasPrefix(heading, s.unfolded+" ") {
			ok = true // what people put there is their own affair
		}
		if !ok {
			continue
		}
		if f, _ := k.field(field); said[field] && !f.several() {
			field = ""
		}
		fields[i], known[i], said[field] = field, true, true
	}
	for i, field := range fields {
		if f, _ := k.field(field); !known[i] && said[field] && !f.several() {
			fields[i] = ""
		}
	}
}

// together are the tables that are read as one, by place, when there is nothing
// to choose: one table, several with the same columns, or several of one program
// that have columns in common, as in the archive of a mailing tool, whose list of
// those who left has a column more. Of a program that writes several kinds of
// tables into one file, it is those of the kind that is wanted.
func together(format string, tables []Table, wanted string) []int {
	of := make([]source, len(tables))
	for i, t := range tables {
		of[i] = sourceOf(format, t.Columns, wanted)
	}
	lead := slices.IndexFunc(of, func(s source) bool { return s.parts && (wanted == "" || s.kind == wanted) })
	if lead < 0 {
		lead = 0
	}
	var out []int
	for i, t := range tables {
		switch {
		case fits(of[lead], of[i], tables[lead], t):
			out = append(out, i)
		case !of[lead].parts:
			return nil
		}
	}
	return out
}

// fits says whether a table can be read as one with another.
func fits(a, b source, first, other Table) bool {
	if slices.Equal(first.Columns, other.Columns) {
		return true
	}
	return a.id != "" && a.id == b.id && a.kind == b.kind && slices.ContainsFunc(other.Columns, func(name string) bool { return slices.Contains(first.Columns, name) })
}

// sameSort says whether somebody may have two tables read as one.
func sameSort(format string, first, other Table) bool {
	return fits(sourceOf(format, first.Columns, ""), sourceOf(format, other.Columns, ""), first, other)
}
