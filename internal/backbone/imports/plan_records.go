package imports

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

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
		case strings.HasPrefix(name, eachOf):
			r.given[name] = union(r.given[name], value)
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
