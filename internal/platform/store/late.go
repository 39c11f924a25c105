package store

import (
	"errors"
	"maps"
	"slices"
)

// late is work that is put off until everybody who shares a commit has done their part.
type late struct{ work []*lateWork }

// lateWork is what is to be done once for a kind of work in a collaborative: for all items
// together.
type lateWork struct {
	collaborative Collaborative
	kind          string
	items         map[any]bool
	run           func(items []any) error
}

// latecomer is an executor whose transaction can be written to.
type latecomer interface{ putOff() *late }

var errNoLater = errors.New("store: work was put off in a transaction that only reads")

// BeforeCommit puts work off until just before the commit that makes this transaction
// durable. On SQLite several transactions share one: run is then called once for all items
// of a kind that those of one collaborative named, each item once, and with the function
// that was given last; it must do for any of them what each would do. Items are comparable
// values. Where run fails nobody's part is kept, and everybody is tried alone. Nothing in
// the transaction may read what the work writes.
func (tx *Tx) BeforeCommit(kind string, items []any, run func(items []any) error) error {
	e, ok := tx.executor.(latecomer)
	if !ok {
		return errNoLater
	}
	w := &lateWork{tx.collaborative, kind, make(map[any]bool, len(items)), run}
	for _, item := range items {
		w.items[item] = true
	}
	e.putOff().add(w)
	return nil
}

func (l *late) add(w *lateWork) {
	for _, there := range l.work {
		if there.collaborative != w.collaborative || there.kind != w.kind {
			continue
		}
		maps.Copy(there.items, w.items)
		there.run = w.run
		return
	}
	l.work = append(l.work, w)
}

// join takes over what another transaction of the same commit put off.
func (l *late) join(other *late) {
	for _, w := range other.work {
		l.add(w)
	}
}

// run does what was put off.
func (l *late) run() error {
	for _, w := range l.work {
		if err := w.run(slices.Collect(maps.Keys(w.items))); err != nil {
			return err
		}
	}
	return nil
}
