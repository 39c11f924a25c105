package archive

import (
	"errors"
	"io"
	"reflect"
	"strings"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Loading is one archive being put back, inside the one transaction that does it.
type Loading struct {
	*operation.Call
	archive *Archive
	keep    func(in io.Reader, most int64) ([32]byte, error)
	kept    map[[32]byte]bool
	budget  int64
	known   map[string]map[[16]byte]bool // ids by entity
	targets map[string]bool              // entities that others refer to
	waiting []reference                  // to rows of the same entity that may come later
	rows    map[string]int64
	later   []func() error
}

// Afterwards asks for something to be done once all rows of the kind are back.
func (l *Loading) Afterwards(do func() error) { l.later = append(l.later, do) }

// RowFault is what a Kind's Write fails with when a row cannot be put back: its
// place among the rows, the field, and a message of the catalogue.
type RowFault struct {
	Row           int
	Field, Reason string
}

// Error is for logs.
func (f *RowFault) Error() string { return "archive: " + f.Field + ": " + f.Reason }

// reference is one place that names another row.
type reference struct {
	file    string
	line    int
	field   string
	targets string
	id      [16]byte
}

// mostWaiting bounds references to rows that have not come yet.
const mostWaiting = 1_000_000

// Load puts everything back and returns how many rows each entity had. It runs
// within a transaction, which keeps nothing when it fails. keep keeps the bytes that
// rows tell of, before the rows are written; what it kept of a load that fails is its
// owner's to remove.
func Load(c *operation.Call, a *Archive, entities []Entity, keep func(in io.Reader, most int64) ([32]byte, error)) (map[string]int64, error) {
	l := &Loading{Call: c, archive: a, keep: keep, kept: map[[32]byte]bool{}, budget: mostBytes, known: map[string]map[[16]byte]bool{}, targets: map[string]bool{}, rows: map[string]int64{}}
	for _, e := range entities {
		eachTarget(e.row, func(target string) { l.targets[target] = true })
	}
	for _, e := range entities {
		in, err := a.lines(e, &l.budget)
		if err != nil {
			return nil, err
		}
		if in == nil {
			continue
		}
		err = e.load(l, in)
		in.close()
		if err != nil {
			return nil, err
		}
	}
	return l.rows, nil
}

func loadRows[T any](l *Loading, in *lines, e Entity, k Kind[T]) error {
	l.known[e.Name], l.waiting = map[[16]byte]bool{}, nil
	rows := make([]T, 0, page)
	put := func(last int) error {
		if len(rows) == 0 {
			return nil
		}
		l.rows[e.Name] += int64(len(rows))
		err := k.Write(l, rows)
		in.line = last
		var fault *RowFault
		if errors.As(err, &fault) {
			in.line = last - (len(rows) - 1 - fault.Row)
			return in.invalid(operation.Fault{Field: fault.Field, Key: fault.Reason})
		}
		rows = rows[:0]
		switch {
		case errors.Is(err, store.ErrUnique):
			return in.damage("takeout.row_twice", nil)
		case errors.Is(err, store.ErrReference):
			return in.damage("takeout.row_refers", nil)
		}
		return err
	}
	for {
		line, err := in.next()
		if err != nil {
			return err
		}
		if line == nil {
			break
		}
		var row T
		if err := in.decode(line, &row); err != nil {
			return err
		}
		if err := l.check(in, e, &row); err != nil {
			return err
		}
		if k.Blob != nil {
			if err := l.bring(in, k.Blob(row)); err != nil {
				return err
			}
		}
		if rows = append(rows, row); len(rows) == page {
			if err := put(in.line); err != nil {
				return err
			}
		}
	}
	// Rows of the same kind may name each other in any order.
	for _, r := range l.waiting {
		if !l.knows(r) {
			return r.damage()
		}
	}
	if err := put(in.line - 1); err != nil {
		return err
	}
	for _, do := range l.later {
		if err := do(); err != nil {
			return err
		}
	}
	l.later = nil
	return nil
}

// check judges one row: its fields, its id, and whom it refers to.
func (l *Loading) check(in *lines, e Entity, row any) error {
	var faults operation.Faults
	operation.Check(row, &faults)
	var invalid *operation.Error
	if errors.As(faults.Err(), &invalid) {
		return in.invalid(invalid.Faults[0])
	}
	v := reflect.ValueOf(row).Elem()
	if id, ok := idOf(v); ok {
		if id == [16]byte{} {
			return in.invalid(operation.Fault{Field: "id", Key: "errors.required"})
		}
		if l.known[e.Name][id] {
			return in.damage("takeout.row_twice", nil)
		}
		if l.targets[e.Name] {
			l.known[e.Name][id] = true
		}
	}
	return l.refer(reference{file: in.file, line: in.line}, e.Name, v)
}

// invalid is what is wrong with a field of the line at hand.
func (l *lines) invalid(f operation.Fault) error {
	f.Field = printable(f.Field)
	return &Damage{Key: "takeout.row_invalid", File: l.file, Line: l.line, Fault: f}
}

// refer checks whom a row and the rows below it refer to.
func (l *Loading) refer(at reference, entity string, v reflect.Value) error {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if isBelow(f.Type) {
			for n := range v.Field(i).Len() {
				if err := l.refer(at, entity, v.Field(i).Index(n)); err != nil {
					return err
				}
			}
			continue
		}
		targets := f.Tag.Get("ref")
		if targets == "" {
			continue
		}
		id, ok := array(v.Field(i))
		if !ok || id == [16]byte{} {
			continue
		}
		at.field, at.targets, at.id = jsonName(f), targets, id
		switch {
		case l.knows(at):
		case mentions(targets, entity) && len(l.waiting) < mostWaiting:
			l.waiting = append(l.waiting, at)
		default:
			return at.damage()
		}
	}
	return nil
}

// eachTarget tells which entities the rows of a type refer to.
func eachTarget(t reflect.Type, fn func(target string)) {
	for i := range t.NumField() {
		f := t.Field(i)
		if isBelow(f.Type) {
			eachTarget(f.Type.Elem(), fn)
		}
		if ref := f.Tag.Get("ref"); ref != "" {
			for target := range strings.SplitSeq(ref, ",") {
				fn(target)
			}
		}
	}
}

func (l *Loading) knows(r reference) bool {
	for target := range strings.SplitSeq(r.targets, ",") {
		if l.known[target][r.id] {
			return true
		}
	}
	return false
}

func mentions(targets, entity string) bool {
	for target := range strings.SplitSeq(targets, ",") {
		if target == entity {
			return true
		}
	}
	return false
}

func (r reference) damage() error {
	return &Damage{Key: "takeout.refers_to_nothing", File: r.file, Line: r.line, Args: map[string]any{"Field": r.field}}
}
