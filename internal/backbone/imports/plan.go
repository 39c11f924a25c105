package imports

import (
	"context"
	"crypto/sha256"
	"maps"
	"slices"
	"strconv"
	"strings"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
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
	sorts   func(v Values) // the kind's, nil where a row leaves nothing open
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
		p.sorts, err = k.Sorts(c)
	}
	return p, err
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
	if p.kind.Check != nil {
		for _, fault := range p.kind.Check(v) {
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

// page plans some rows: it finds or makes the record each stands for.
func (p *planner) page(c *operation.Call, rows []row) error {
	p.records, p.changed, p.fresh = map[int64]*record{}, map[int64]bool{}, nil
	for i := range rows {
		r := &rows[i]
		r.record, r.faults = 0, nil
		if r.empty() {
			continue
		}
		values, faults := p.values(*r)
		if len(faults) > 0 {
			r.faults = faults
			continue
		}
		for n, part := range p.parts(values) {
			number, err := p.part(c, part, r.line)
			if err != nil {
				return err
			}
			if n == 0 {
				r.record = number
			}
		}
	}
	return p.save(c, rows)
}

// parts are what a row says of each record it is about: one, with most kinds.
func (p *planner) parts(v Values) []Values {
	if p.kind.Split == nil {
		return []Values{v}
	}
	return p.kind.Split(v)
}

// part finds or makes the record that a row is about, and those it names.
func (p *planner) part(c *operation.Call, values Values, line int64) (int64, error) {
	if p.sorts != nil {
		p.sorts(values)
	}
	refs := map[string]string{}
	for _, role := range p.kind.Roles {
		alone := role.Alone != nil && role.Alone(values)
		one := lines(values[role.Field])
		taken := role.Take(values, refs)
		delete(values, role.Field)
		if taken == nil {
			continue
		}
		number, err := p.resolve(c, kindOf(role.Kind), taken, line, alone)
		if err != nil || alone {
			return number, err
		}
		refs[role.Field] = "#" + strconv.FormatInt(number, 10)
		// Further ones that a cell names; what else the row says is of the first.
		for _, name := range one[min(len(one), 1):] {
			further := role.Take(Values{role.Field: name}, refs)
			if f, _ := p.kind.field(role.Field); !f.Many || further == nil {
				continue
			}
			if number, err = p.resolve(c, kindOf(role.Kind), further, line, false); err != nil {
				return 0, err
			}
			refs[role.Field] = union(refs[role.Field], "#"+strconv.FormatInt(number, 10))
		}
	}
	maps.Copy(values, refs)
	return p.resolve(c, p.kind, values, line, true)
}

// resolve finds the record that a row means, or makes one.
func (p *planner) resolve(c *operation.Call, k *Kind, given Values, line int64, main bool) (int64, error) {
	whole := hashOf(k.ID, "whole", wholeOf(given))
	if same, ok := p.seen[whole]; ok {
		return same.record, p.claim(c, same.record, main)
	}
	keys := k.Keys(given)
	sure := len(keys) > 1
	number := int64(0)
	for at, key := range keys {
		have, ok := p.seen[hashOf(k.ID, "key", key)]
		// A name alone does not join two rows that both have surer keys, and
		// those differ.
		if ok && (at < len(keys)-1 || !sure || !have.sure) {
			number = have.record
			break
		}
	}
	if number == 0 {
		number = p.next
		p.next++
		p.records[number] = &record{number: number, kind: k.ID, step: int64(slices.Index(p.steps, k)), main: main, title: k.Title(given), key: keys[len(keys)-1], given: maps.Clone(given), line: line, action: Create}
		p.fresh = append(p.fresh, number)
	} else if err := p.grow(c, k, number, given, main); err != nil {
		return 0, err
	}
	for at, key := range keys {
		hash := hashOf(k.ID, "key", key)
		if have, ok := p.seen[hash]; !ok || have.record == number {
			p.note(hash, seen{number, sure || have.sure && at == len(keys)-1})
		}
	}
	p.note(whole, seen{number, sure})
	return number, nil
}

// at is a record of the file, read when this page did not make it.
func (p *planner) at(c *operation.Call, number int64) (*record, error) {
	if r := p.records[number]; r != nil {
		return r, nil
	}
	r, err := store.One(c.Tx, scanRecord, `SELECT `+recordColumns+` FROM import_records WHERE collaborative_id = $1 AND import_id = $2 AND record = $3`, p.id, number)
	if err != nil {
		return nil, err
	}
	p.records[number] = &r
	return &r, nil
}

// claim says that a row is about a record that rows only named so far.
func (p *planner) claim(c *operation.Call, number int64, main bool) error {
	if !main || p.main(number) {
		return nil
	}
	r, err := p.at(c, number)
	if err == nil && !r.main {
		r.main = true
		p.changed[number] = true
	}
	return err
}

// main says whether a record is known to be one the file is about, without
// reading it.
func (p *planner) main(number int64) bool { return p.records[number] != nil && p.records[number].main }

// grow adds what a further row says of a record: what was not said yet, and
// further values where there may be several. What two rows say differently stays
// as the first said it; a name spelled otherwise becomes another name.
func (p *planner) grow(c *operation.Call, k *Kind, number int64, given Values, main bool) error {
	r, err := p.at(c, number)
	if err != nil {
		return err
	}
	before := maps.Clone(r.given)
	for name, value := range given {
		f, known := k.field(name)
		switch {
		case r.given[name] == "":
			r.given[name] = value
		case known && f.Many:
			r.given[name] = union(r.given[name], value)
		case known && k == p.kind && name != "id" && !isName(name) && folded(r.given[name]) != folded(value):
			p.spare[name]++
		}
	}
	if _, named := k.field("other_names"); named {
		if title := k.Title(given); folded(title) != folded(r.title) {
			r.given["other_names"] = union(r.given["other_names"], title)
		}
	}
	if main && !r.main || !maps.Equal(before, r.given) {
		r.main = r.main || main
		p.changed[number] = true
	}
	return nil
}

// isName says whether a field is a name, or a part of one, whose other spellings
// are kept.
func isName(field string) bool {
	return field == "name" || field == "given_name" || field == "family_name"
}

// save stores what a page made and found out.
func (p *planner) save(c *operation.Call, rows []row) error {
	records := make([]record, len(p.fresh))
	for i, number := range p.fresh {
		records[i] = *p.records[number]
		delete(p.changed, number)
	}
	if err := insertRecords(c, p.id, records); err != nil {
		return err
	}
	for number := range p.changed {
		r := p.records[number]
		if _, err := c.Tx.Exec(`UPDATE import_records SET given = $4, main = $5 WHERE collaborative_id = $1 AND import_id = $2 AND record = $3`, p.id, number, store.JSON(r.given), r.main); err != nil {
			return err
		}
	}
	for _, r := range rows {
		var number, faults any
		if r.record > 0 {
			number = r.record
		}
		if len(r.faults) > 0 {
			faults = store.JSON(r.faults)
		}
		if _, err := c.Tx.Exec(`UPDATE import_rows SET record = $4, faults = $5 WHERE collaborative_id = $1 AND import_id = $2 AND line = $3`, p.id, r.line, number, faults); err != nil {
			return err
		}
	}
	return nil
}

// hashOf is a short name of a key; two keys of a million share one with a chance
// of about 10^-27.
func hashOf(parts ...string) [16]byte {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return [16]byte(sum[:16])
}

// wholeOf is everything a row says of a record, in one text.
func wholeOf(v Values) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(v)) {
		b.WriteString(name)
		b.WriteByte(0)
		b.WriteString(v[name])
		b.WriteByte(0)
	}
	return b.String()
}

// nameKey is a key made of a name and what tells it from others, as spelling does
// not matter to it.
func nameKey(name, at string) string {
	if at = i18n.FoldKey(at); at != "" {
		return "name_organization:" + i18n.FoldKey(name) + "|" + at
	}
	return "name:" + i18n.FoldKey(name)
}
