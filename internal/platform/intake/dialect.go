package intake

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"
)

// sampled is how much of a text is looked at to find out how its cells are set apart, in bytes and rows.
const (
	sampled     = 256 << 10
	sampledRows = 400
)

// separators are what may stand between cells, the likelier ones to be meant first: where two do equally
// well, it is the comma that happens to stand in text.
var separators = []string{"\t", ";", "|", ",", ":"}

// detectDialect finds out how the text that begins with sample sets its cells apart; whole tells that the
// sample is all of it.
func detectDialect(sample []byte, whole bool, o Options) dialect {
	var d dialect
	lf, cr := bytes.Count(sample, []byte("\n")), bytes.Count(sample, []byte("\r"))
	d.loneCR = cr-bytes.Count(sample, []byte("\r\n")) > lf
	first := sample
	if at := bytes.IndexAny(sample, "\r\n"); at >= 0 {
		first = sample[:at]
	}
	said := ""
	if rest, ok := strings.CutPrefix(strings.ToLower(strings.Trim(string(first), `"`)), "sep="); ok && utf8.RuneCountInString(rest) == 1 {
		d.skipFirst, said = true, rest
	}
	switch {
	case o.Delimiter != 0:
		d.separator = string(o.Delimiter)
	case said != "":
		d.separator = said
	}
	if d.separator != "" {
		d, _ = d.withMarks(sample, whole)
		return d
	}
	best, plain := fit{}, d.with(",", false)
	d = plain
	for _, s := range separators {
		tried, got := plain.with(s, false).withMarks(sample, whole)
		if got.score() > best.score()*clearly && (s != ":" || got.colons()) {
			best, d = got, tried
		}
	}
	return d
}

// clearly is how much better a less likely separator must do.
const clearly = 1.1

// withMarks finds out how quotation marks within cells are written.
func (d dialect) withMarks(sample []byte, whole bool) (dialect, fit) {
	doubled := judge(d, sample, whole)
	if !bytes.Contains(sample, []byte(`\"`)) {
		return d, doubled
	}
	escaped := judge(d.with(d.separator, true), sample, whole)
	if doubled.stray > escaped.stray && escaped.score() > doubled.score() {
		return d.with(d.separator, true), escaped
	}
	return d, doubled
}

func (d dialect) with(separator string, backslash bool) dialect {
	d.separator, d.backslash = separator, backslash
	return d
}

// fit is how well a dialect explains a sample.
type fit struct {
	rows    int     // with text
	columns int     // of the most frequent width, 0 where that is one
	share   float64 // of the rows that have this width or fall short of it like titles do
	stray   int     // quotation marks that this dialect leaves over
}

func judge(d dialect, sample []byte, whole bool) fit {
	counts := map[int]int{}
	var widths []int
	r := &csvReader{dialect: d, in: bytes.NewReader(sample), limits: DefaultLimits}
	for len(widths) < sampledRows {
		cells, err := r.record(0)
		if err != nil {
			break
		}
		if len(cells) > 0 {
			widths = append(widths, len(cells))
		}
	}
	f := fit{rows: len(widths), stray: r.stray}
	if !whole && len(widths) > 1 && len(widths) < sampledRows {
		widths = widths[:len(widths)-1] // the last one is cut off
	}
	for _, n := range widths {
		counts[n]++
	}
	for n, count := range counts {
		if n > 1 && (count > counts[f.columns] || count == counts[f.columns] && n > f.columns || f.columns == 0) {
			f.columns = n
		}
	}
	if f.columns > 0 {
		// Lines of fewer cells before the table are its titles; empty cells at the end may be left out.
		start := max(0, slices.Index(widths, f.columns))
		agree := 0
		for _, n := range widths[start:] {
			if n == f.columns {
				agree++
			}
		}
		f.share = float64(agree) / float64(max(1, len(widths)-start)) * float64(len(widths)) / float64(len(widths)+start)
	}
	return f
}

func (f fit) score() float64 {
	if f.columns == 0 {
		return 0
	}
	// More columns are better, but not by much: a text of few columns and many commas must not lose them.
	wide := 1 - 0.2/float64(f.columns)
	return f.share * f.share * wide / float64(1+f.stray)
}

// colons reports whether colons may be what separates. They stand in times, links and titles, so every row
// must have the same number.
func (f fit) colons() bool { return f.share == 1 && f.rows >= 3 }
