package imports

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
)

// NewField marks a column that becomes a new field of the collaborative's own;
// its label follows.
const NewField = "new:"

// ownField marks a field of the collaborative's own; its key follows.
const ownField = "own:"

// hiddenField begins the name of a value that only helps to tell records apart
// and is not stored.
const hiddenField = "_"

// planner turns rows into records. It is made anew for every planning and keeps
// what tells whether two rows stand for one record, so rows must pass in order.
type planner struct {
	id      ID
	kind    *Kind
	steps   []*Kind
	plan    Plan
	fields  []Field // by column; the zero Field for one left out
	rules   map[int]string
	sorts   func(v Values)         // the kind's, nil where a row leaves nothing open
	ready   func(v Values) []Fault // the kind's, nil where every row speaks for itself
	seen    map[[16]byte]seen
	next    int64
	records map[int64]*record // that this page made or read
	changed map[int64]bool    // of those, whose values grew
	fresh   []int64           // made on this page
	noted   []noted           // what this page added to seen, and what stood there
	base    int64             // next, before this page
	spare   map[string]int64  // by field: values beyond the one a record can hold
	spared  map[string]int64  // spare, before this page
}

// noted is an entry of seen before it was set.
type noted struct {
	hash [16]byte
	old  seen
	had  bool
}

// note sets which record a key belongs to.
func (p *planner) note(hash [16]byte, s seen) {
	old, had := p.seen[hash]
	p.noted = append(p.noted, noted{hash, old, had})
	p.seen[hash] = s
}

// keep makes what a page noted last.
func (p *planner) keep() { p.noted, p.base, p.spared = p.noted[:0], p.next, maps.Clone(p.spare) }

// rollback forgets what was noted since.
func (p *planner) rollback() {
	for _, n := range slices.Backward(p.noted) {
		if n.had {
			p.seen[n.hash] = n.old
		} else {
			delete(p.seen, n.hash)
		}
	}
	p.noted, p.next, p.spare = p.noted[:0], p.base, maps.Clone(p.spared)
	if p.spare == nil {
		p.spare = map[string]int64{}
	}
}

// seen is which record a key belongs to, and whether that record has a surer key
// than its name.
type seen struct {
	record int64
	sure   bool
}

// fieldsFor are the fields a file may fill: those of the kind, then the
// collaborative's own.
func fieldsFor(c *operation.Call, k *Kind) ([]Field, error) {
	out := slices.Clone(k.Fields)
	for i, f := range out {
		if len(f.Named) > 0 {
			out[i].Choices = func() map[string][]string { return placed(c.Context(), f) }
		}
	}
	if k.Owner == "" {
		return out, nil
	}
	own, err := directory.ListFields.Within(c, directory.ListFieldsInput{Kind: k.Owner})
	for _, f := range own.Items {
		out = append(out, Field{ID: ownField + f.Key, Label: f.Label, Own: true, Type: ownTypes[f.Type], Many: f.Type == directory.ChoicesField, own: &f})
	}
	return out, err
}

// ownTypes say how the text of a collaborative's own field is read before the
// field itself looks at it.
var ownTypes = map[string]FieldType{
	directory.TextField: TextType, directory.LongTextField: LinesType, directory.NumberField: TextType, directory.DateField: DateType,
	directory.YesNoField: YesNoType, directory.LinkField: LinkType, directory.ChoiceField: TextType, directory.ChoicesField: TextType,
}

// placed are the words for the values of a field with those of this place.
func placed(ctx context.Context, f Field) map[string][]string {
	out := maps.Clone(f.Choices())
	for _, value := range f.Named {
		if word := operation.CollaborativeFrom(ctx).Labels[value]; word != "" {
			out[value] = append(slices.Clone(out[value]), i18n.FoldKey(word))
		}
	}
	return out
}

// newPlanner reads what a plan needs to be carried out.
func newPlanner(c *operation.Call, i Import) (*planner, error) {
	k := kindOf(i.Kind)
	fields, err := fieldsFor(c, k)
	if err != nil {
		return nil, err
	}
	p := &planner{id: i.ID, kind: k, steps: k.steps(), plan: i.Plan, rules: map[int]string{}, seen: map[[16]byte]seen{}, next: 1, base: 1, spare: map[string]int64{}}
	for column, id := range i.Plan.Fields {
		at := slices.IndexFunc(fields, func(f Field) bool { return f.ID == id })
		switch {
		case at >= 0:
			p.fields = append(p.fields, fields[at])
		case strings.HasPrefix(id, NewField):
			p.fields = append(p.fields, Field{ID: id, Label: strings.TrimPrefix(id, NewField), Own: true, Type: LinesType})
		default:
			p.fields = append(p.fields, Field{})
		}
		if rule := i.Plan.Rules[strconv.Itoa(column)]; rule != "" {
			p.rules[column] = rule
		}
	}
	if k.Sorts != nil {
		if p.sorts, err = k.Sorts(c); err != nil {
			return p, err
		}
	}
	if k.Ready != nil {
		p.ready, err = k.Ready(c, i, func(look func(v Values)) error { return p.eachRow(c, look) })
	}
	return p, err
}

// lineOf is under what name a kind that looks through the rows finds their numbers.
const lineOf = hiddenField + "line"

// eachRow gives what every row says, as far as its cells can be read.
func (p *planner) eachRow(c *operation.Call, look func(v Values)) error {
	line := int64(-1)
	for {
		rows, err := rowsAfter(c, p.id, line, pageRows)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, r := range rows {
			if v, faults := p.values(r); len(faults) == 0 && !r.empty() {
				v[lineOf] = strconv.FormatInt(r.line, 10)
				look(v)
			}
		}
		line = rows[len(rows)-1].line
	}
}

// values are what a row says, and what is wrong with its cells.
func (p *planner) values(r row) (Values, []Fault) {
	v := Values{}
	var faults []Fault
	var spare []string // fields
	maps.Copy(v, p.plan.Fixed)
	for column, f := range p.fields {
		if f.ID == "" || column >= len(r.cells) {
			continue
		}
		text := r.cells[column]
		if fix, ok := r.fixes[strconv.Itoa(column)]; ok {
			text = fix
		} else {
			if rule := p.rules[column]; rule != "" {
				text = mend(rule, text)
			}
			if instead, ok := p.plan.Replace[strconv.Itoa(column)][text]; ok {
				text = instead
			}
		}
		value, fault, args := f.settle(text)
		if f.own != nil && fault == "" && value != "" {
			value, fault = f.own.Settle(value)
			args = map[string]any{"Field": f.Label}
		}
		switch {
		case fault != "":
			faults = append(faults, Fault{Column: column, Field: f.ID, Key: fault, Args: args})
		case value == "" && p.plan.Clear:
			if _, given := v[f.ID]; !given {
				v[f.ID] = ""
			}
		case value == "":
		case f.Many:
			v[f.ID] = union(v[f.ID], value)
		case f.Type == LinesType && v[f.ID] != "":
			v[f.ID] += "\n" + value
		case v[f.ID] == "", f.Guarded && value == "yes":
			v[f.ID] = value
		case !f.Guarded && folded(value) != folded(v[f.ID]):
			spare = append(spare, f.ID)
		}
		if f.ID == "phone" {
			spare = append(spare, slices.Repeat([]string{f.ID}, strings.Count(text, severalPhones))...)
		}
	}
	if len(faults) > 0 {
		return v, faults
	}
	if p.kind.Tidy != nil {
		p.kind.Tidy(v)
	}
	said := []Fault{}
	if p.kind.Check != nil {
		said = p.kind.Check(v)
	}
	if p.ready != nil {
		v[lineOf] = strconv.FormatInt(r.line, 10)
		said = append(said, p.ready(v)...)
		delete(v, lineOf)
	}
	if len(said) > 0 {
		for _, fault := range said {
			fault.Column = slices.IndexFunc(p.fields, func(f Field) bool { return f.ID == fault.Field })
			faults = append(faults, fault)
		}
	}
	for _, field := range spare {
		if len(faults) == 0 {
			p.spare[field]++
		}
	}
	return v, faults
}

// empty says whether a row says nothing at all.
func (r row) empty() bool {
	return !slices.ContainsFunc(r.cells, func(cell string) bool { return strings.TrimSpace(cell) != "" })
}
