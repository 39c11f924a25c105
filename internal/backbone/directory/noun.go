package directory

import (
	"time"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// noun is what every kind of record here has in common: it is read at a version,
// changed, put in the trash and taken out again, each with its audit entry and
// the way back.
type noun[T any, I ~[16]byte] struct {
	kind string // as audit, search and counts name it
	area string // the first part of its operations' ids
	get  func(c *operation.Call, i I) (T, error)
	// update stores after over before, which was read in this transaction.
	update func(c *operation.Call, before, after T) error
	head   func(*T) head[I]
	title  func(T) string
	// visible is the record with only what the actor may see.
	visible func(T, *operation.Call) T
	// recorded is what the audit log compares of a record beside another version
	// of it, nil for none; the record itself when there is no such function.
	recorded func(t T, beside *T) any
	// returns says why a record in the trash cannot come out of it by itself; any
	// can when there is no such function.
	returns func(c *operation.Call, n *noun[T, I], i I) error
}

// head are the fields every record has, to be read and set.
type head[I ~[16]byte] struct {
	id        I
	version   *int64
	updatedAt *time.Time
	deletedAt **time.Time
}

// versionOf is the input of a trash or restore, for the way back.
type versionOf[I ~[16]byte] struct {
	ID      I     `json:"id"`
	Version int64 `json:"version"`
}

func (n *noun[T, I]) subject(i I) operation.Subject {
	return operation.Subject{Kind: n.kind, ID: i}
}

// read is one record as the actor may see it, from the trash for those who may
// restore it.
func (n *noun[T, I]) read(c *operation.Call, i I) (T, error) {
	t, err := n.get(c, i)
	if err == nil && *n.head(&t).deletedAt != nil && !c.Can(n.area+".restore") {
		var none T
		return none, operation.Missing()
	}
	return n.visible(t, c), err
}

// live reads a record that is about to be changed.
func (n *noun[T, I]) live(c *operation.Call, i I, version int64) (T, error) {
	t, err := n.get(c, i)
	if err != nil {
		return t, err
	}
	h := n.head(&t)
	if *h.deletedAt != nil {
		return t, operation.Missing()
	}
	if *h.version != version {
		return t, operation.Stale(n.visible(t, c))
	}
	return t, nil
}

func (n *noun[T, I]) audited(t T, beside *T) any {
	if n.recorded == nil {
		return t
	}
	return n.recorded(t, beside)
}

// save stores a change with its audit entry. undo makes the input of the
// operation that takes it back. A change that changes nothing leaves no trace.
func (n *noun[T, I]) save(c *operation.Call, before, after T, op string, undo func(after T) any) (T, error) {
	was, is := n.audited(before, &after), n.audited(after, &before)
	if len(operation.Diff(was, is)) == 0 {
		return n.visible(before, c), nil
	}
	h := n.head(&after)
	*h.version, *h.updatedAt = *h.version+1, c.Now
	if err := n.update(c, before, after); err != nil {
		return after, err
	}
	c.Changed(n.subject(h.id), n.title(after), *h.version, was, is)
	c.UndoWith(op, undo(after))
	return n.visible(after, c), nil
}

// added records a new record and how to take it back.
func (n *noun[T, I]) added(c *operation.Call, t T) (T, error) {
	h := n.head(&t)
	if err := count(c.Tx, n.kind, h.id, 1); err != nil {
		return t, err
	}
	c.Changed(n.subject(h.id), n.title(t), *h.version, nil, n.audited(t, nil))
	c.UndoWith(n.area+".trash", versionOf[I]{h.id, *h.version})
	return n.visible(t, c), nil
}

// trash puts a record in the trash.
func (n *noun[T, I]) trash(c *operation.Call, i I, version int64) (T, error) {
	before, err := n.live(c, i, version)
	if err != nil {
		return before, err
	}
	now := c.Now
	return n.move(c, before, &now, "restore", -1)
}

// restore takes a record out of the trash.
func (n *noun[T, I]) restore(c *operation.Call, i I, version int64) (T, error) {
	if n.returns != nil {
		if err := n.returns(c, n, i); err != nil {
			var none T
			return none, err
		}
	}
	before, err := n.get(c, i)
	if err != nil {
		return before, err
	}
	if h := n.head(&before); *h.version != version || *h.deletedAt == nil {
		return before, operation.Stale(n.visible(before, c))
	}
	return n.move(c, before, nil, "trash", 1)
}

func (n *noun[T, I]) move(c *operation.Call, before T, deletedAt *time.Time, back string, by int64) (T, error) {
	after := before
	h := n.head(&after)
	*h.version, *h.updatedAt, *h.deletedAt = *h.version+1, c.Now, deletedAt
	if err := n.update(c, before, after); err != nil {
		return after, err
	}
	c.Changed(n.subject(h.id), n.title(after), *h.version, nil, nil)
	c.UndoWith(n.area+"."+back, versionOf[I]{h.id, *h.version})
	return n.visible(after, c), count(c.Tx, n.kind, h.id, by)
}

// move says what happens to several records at once: each is edited, unless they
// go into the trash or come out of it.
type move struct{ trash, back bool }

// several changes records one after another, all or none, and returns them as
// they were and as they are.
func (n *noun[T, I]) several(c *operation.Call, items []versionOf[I], m move, edit func(k int, before T) (T, error)) (befores, afters []T, err error) {
	for k, item := range items {
		var before, after T
		switch {
		case (m.trash || m.back) && !c.Can(n.area+".trash"):
			err = operation.Refuse(operation.Forbidden, "errors.forbidden")
		case m.trash:
			after, err = n.trash(c, item.ID, item.Version)
		case m.back:
			after, err = n.restore(c, item.ID, item.Version)
		default:
			if before, err = n.live(c, item.ID, item.Version); err == nil {
				after, err = edit(k, before)
			}
		}
		if err != nil {
			return nil, nil, err
		}
		befores, afters = append(befores, before), append(afters, after)
	}
	return befores, afters, nil
}

// changed says that an UPDATE met the version it was meant for.
func changed(n int64, err error) error {
	if err == nil && n == 0 {
		return operation.Stale(nil)
	}
	return err
}

func deletedMicros(t *time.Time) any {
	if t == nil {
		return nil
	}
	return store.Micros(*t)
}

// instant is a scanned instant that may be absent.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
