// Package damage finds what spreadsheet programs and other hands did to the values of a column, and mends
// them by a rule that a person chooses once for the whole column.
//
// A value alone seldom tells what was meant: 05/11/2026 is a day in May or in November, 12-Nov may be the
// school year 2011–12. The column tells more, since its other values and its name are evidence. Where that
// decides, a finding names the likely rule; where it does not, it names the rules to choose from, and
// nothing is guessed. A rule never invents: a value it cannot mend without doubt is left as it is, and said
// to be so.
package damage

import "strings"

// Kind is what happened to values.
type Kind string

const (
	// YearSpans are spans of years that a program took for days: 11-12 became 12-Nov. Only where the two
	// numbers are consecutive, as the years of a span are, and the column speaks of years otherwise too.
	YearSpans Kind = "year_spans"
	// LostZeros are numbers such as ZIP codes that lost the zeros they began with.
	LostZeros Kind = "lost_zeros"
	// Scientific are long numbers written as 1.23E+11. Lost counts those whose digits are gone.
	Scientific Kind = "scientific"
	// Dates are dates written in another way than 2026-11-05.
	Dates Kind = "dates"
	// DecimalComma are numbers with a comma where others write a point.
	DecimalComma Kind = "decimal_comma"
	// Thousands are numbers whose digits are set in groups.
	Thousands Kind = "thousands"
	// Percent are numbers with a percent sign.
	Percent Kind = "percent"
	// Currency are numbers with a sign or code of a currency.
	Currency Kind = "currency"
	// ErrorValues are what a formula shows that failed, and the signs a cell too narrow shows: #REF!, ####.
	ErrorValues Kind = "error_values"
	// Truth are words and marks for yes and no.
	Truth Kind = "truth"
)

// Rule says how the values of a column are mended; see Mend.
type Rule string

const (
	// SpanYears turns 12-Nov, Nov-12, 11-12 and 2011–2012 into 2011-12.
	SpanYears Rule = "span_years"
	// Expand writes 1.5E+03 as 1500, where no digit is missing.
	Expand Rule = "expand"
	// AnyDate reads dates that can be read in one way only.
	AnyDate Rule = "date"
	// DayFirst reads 05/11/2026 as 5 November.
	DayFirst Rule = "dmy"
	// MonthFirst reads 05/11/2026 as May 11.
	MonthFirst Rule = "mdy"
	// PointDecimal reads 1,234.5 and takes percent and currency signs off.
	PointDecimal Rule = "point"
	// CommaDecimal reads 1.234,5 and takes percent and currency signs off.
	CommaDecimal Rule = "comma"
	// Blank empties error values.
	Blank Rule = "blank"
	// Words turns words for yes and no into true and false; blank stays blank.
	Words Rule = "words"
	// Marked does the same, and reads blank as no: in a column of crosses, none means no.
	Marked Rule = "marked"
)

// Finding is one kind of damage in a column.
type Finding struct {
	Kind Kind
	// Count is how many values it concerns, Of how many there are that are not blank.
	Count, Of int64
	// Lost is how many of Count no rule can mend.
	Lost int64
	// Examples are the first few different values.
	Examples []Example
	// Rules are those to choose from; leaving everything as it is is always another.
	Rules []Rule
	// Likely is the rule for which the evidence speaks; "" where it does not decide.
	Likely Rule
}

// Example is a value and its place among all values of the column, from 1.
type Example struct {
	Value string
	At    int64
}

// mostExamples is how many examples a finding has.
const mostExamples = 4

// longest is how long a value may be, in bytes, to be looked at: what is damaged is short.
const longest = 80

// Column gathers the evidence of one column. It keeps counts and a few examples, however many values there
// are.
type Column struct {
	header string
	total  int64 // with blank ones
	filled int64

	spans   spanEvidence
	zeros   zeroEvidence
	science tally
	lost    int64 // of science
	dates   dateEvidence
	numbers numberEvidence
	errors  tally
	truth   truthEvidence
}

// New begins a column that has this name.
func New(header string) *Column { return &Column{header: strings.ToLower(header)} }

// tally counts values and keeps the first different ones.
type tally struct {
	count    int64
	examples []Example
}

func (t *tally) add(value string, at int64) {
	t.count++
	if len(t.examples) >= mostExamples {
		return
	}
	for _, e := range t.examples {
		if e.Value == value {
			return
		}
	}
	t.examples = append(t.examples, Example{value, at})
}

// joined is a and b as one.
func joined(a, b tally) tally {
	out := tally{a.count + b.count, append([]Example(nil), a.examples...)}
	for _, e := range b.examples {
		if len(out.examples) < mostExamples {
			out.examples = append(out.examples, e)
		}
	}
	return out
}

// Add adds the next value of the column.
func (c *Column) Add(value string) {
	c.total++
	value = strings.TrimSpace(value)
	if value == "" {
		return
	}
	c.filled++
	if len(value) > longest {
		return
	}
	if isError(value) {
		c.errors.add(value, c.total)
		return
	}
	c.truth.add(value, c.total)
	// Most values are words; a look at their letters spares them the rest.
	looks := lookAt(value)
	if looks.digits == 0 || looks.other {
		return
	}
	if looks.digits <= 8 && len(value) <= 14 && (looks.letters >= 3 || looks.digits >= 4) {
		c.spans.add(value, c.total)
	}
	if looks.digits == len(value) {
		c.zeros.add(value, c.total)
	}
	if _, whole, ok := scientific(value); ok {
		c.science.add(value, c.total)
		if !whole {
			c.lost++
		}
	}
	if looks.digits >= 3 && (looks.letters == 0 && looks.digits <= 20 || looks.letters >= 1 && len(value) <= 45) {
		c.dates.add(value, c.total)
	}
	if looks.letters <= 7 {
		c.numbers.add(value, c.total)
	}
}

// looks is of what a value consists.
type looks struct {
	digits, letters int
	other           bool // a sign that stands in no date and no number
}

func lookAt(value string) (l looks) {
	for i := range len(value) {
		switch c := value[i]; {
		case c >= '0' && c <= '9':
			l.digits++
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= 0x80:
			l.letters++
		case c == '@', c == '_', c == '=', c == '<', c == '>', c == '"', c == '&', c == '?', c == '!', c == ';', c == '*', c == '\\':
			l.other = true
		}
	}
	return l
}

// Findings are what was found in the values so far, in the order of the kinds above.
func (c *Column) Findings() []Finding {
	var out []Finding
	add := func(kind Kind, t tally, likely Rule, rules ...Rule) *Finding {
		out = append(out, Finding{Kind: kind, Count: t.count, Of: c.filled, Examples: t.examples, Rules: rules, Likely: likely})
		return &out[len(out)-1]
	}
	values := c.filled - c.errors.count
	turned, spans := c.spans.found(c.header, values)
	if spans {
		add(YearSpans, turned, SpanYears, SpanYears)
	}
	if width := c.zeros.width(c.header, values); width > 0 {
		add(LostZeros, c.zeros.short(width), Pad(width), Pad(width))
	}
	if c.science.count > 0 {
		f := add(Scientific, c.science, Expand, Expand)
		f.Lost = c.lost
		if f.Lost == f.Count {
			f.Rules, f.Likely = nil, ""
		}
	}
	if odd, rules := c.dates.found(values); len(rules) > 0 && !spans {
		likely := rules[0]
		if len(rules) > 1 {
			likely = ""
		}
		add(Dates, odd, likely, rules...)
	}
	for _, n := range c.numbers.found(values) {
		add(n.kind, n.tally, c.numbers.likely(), c.numbers.rules()...)
	}
	if c.errors.count > 0 {
		add(ErrorValues, c.errors, Blank, Blank)
	}
	if likely, ok := c.truth.found(values); ok {
		add(Truth, c.truth.seen, likely, Words, Marked)
	}
	return out
}

// Mend mends one value by a rule. ok is false when the rule says nothing about this value, which is then
// returned as it was. Blank values are mended by Marked only.
func Mend(rule Rule, value string) (mended string, ok bool) {
	v := strings.TrimSpace(value)
	if len(v) > longest {
		return value, false
	}
	if width, pads := padWidth(rule); pads {
		mended, ok = pad(v, width)
	} else {
		switch rule {
		case SpanYears:
			mended, ok = spanYears(v)
		case Expand:
			var whole bool
			if mended, whole, ok = scientific(v); ok {
				ok = whole
			}
		case AnyDate, DayFirst, MonthFirst:
			mended, ok = Parse(rule, v)
		case PointDecimal:
			mended, ok = decimal(v, '.')
		case CommaDecimal:
			mended, ok = decimal(v, ',')
		case Blank:
			ok = isError(v)
		case Words, Marked:
			mended, ok = truthOf(v)
			if v == "" && rule == Marked {
				mended, ok = "false", true
			}
		}
	}
	if !ok {
		return value, false
	}
	return mended, true
}
