package operation

import (
	"time"

	"commontable/internal/platform/store"
)

// Noun is what every kind of record has in common: it is read at a version,
// changed, put in the trash and taken out again, each with its audit entry and
// the way back.
type Noun[T any, I ~[16]byte] struct {
	Kind string // as audit, search and counts name it
	Area string // the first part of its operations' ids
	Get  func(c *Call, i I) (T, error)
	// Update stores after over before, which was read in this transaction.
	Update func(c *Call, before, after T) error
	Head   func(*T) Head[I]
	Title  func(T) string
	// Visible is the record with only what the actor may see; all
	// of it when there is no such function.
	Visible func(T, *Call) T
	// Recorded is what the audit log compares of a record beside another version
	// of it, nil for none; the record itself when there is no such function.
	Recorded func(t T, beside *T) any
	// Returns says why a record in the trash cannot come out of it by itself; any
	// can when there is no such function.
	Returns func(c *Call, n *Noun[T, I], i I) error
	// At is the input of the operations that put a version of a record in the
	// trash and take it out; its id and version when there is no such function.
	At func(t T, version int64) any
}

// Head are the fields every record has, to be read and set.
type Head[I ~[16]byte] struct {
	ID        I
	Version   *int64
	UpdatedAt *time.Time
	DeletedAt **time.Time
}

// HeadOf points to the fields of a record.
func HeadOf[I ~[16]byte](i I, version *int64, updatedAt *time.Time, deletedAt **time.Time) Head[I] {
	return Head[I]{ID: i, Version: version, UpdatedAt: updatedAt, DeletedAt: deletedAt}
}

// VersionOf is the input of a trash or restore, for the way back.
type VersionOf[I ~[16]byte] struct {
	ID      I     `json:"id"`
	Version int64 `json:"version"`
}

// Subject is a record as the door sees it.
func (n *Noun[T, I]) Subject(i I) Subject {
	return Subject{Kind: n.Kind, ID: i}
}

func (n *Noun[T, I]) at(t T, h Head[I]) any {
	if n.At == nil {
		return VersionOf[I]{h.ID, *h.Version}
	}
	return n.At(t, *h.Version)
}

// Read is one record as the actor may see it, from the trash for those who may
// restore it.
func (n *Noun[T, I]) Read(c *Call, i I) (T, error) {
	t, err := n.Get(c, i)
	if err == nil && *n.Head(&t).DeletedAt != nil && !c.Can(n.Area+".restore") {
		var none T
		return none, Missing()
	}
	return n.visible(t, c), err
}

// Live reads a record that is about to be changed.
func (n *Noun[T, I]) Live(c *Call, i I, version int64) (T, error) {
	t, err := n.Get(c, i)
	if err != nil {
		return t, err
	}
	h := n.Head(&t)
	if *h.DeletedAt != nil {
		return t, Missing()
	}
	if *h.Version != version {
		return t, Stale(n.visible(t, c))
	}
	return t, nil
}

func (n *Noun[T, I]) visible(t T, c *Call) T {
	if n.Visible == nil {
		return t
	}
	return n.Visible(t, c)
}

// Audited is what the audit log compares of a record beside another version of it.
func (n *Noun[T, I]) Audited(t T, beside *T) any {
	if n.Recorded == nil {
		return t
	}
	return n.Recorded(t, beside)
}

// Save stores a change with its audit entry. undo makes the input of the
// operation that takes it back. A change that changes nothing leaves no trace.
func (n *Noun[T, I]) Save(c *Call, before, after T, op string, undo func(after T) any) (T, error) {
	was, is := n.Audited(before, &after), n.Audited(after, &before)
	if len(Diff(was, is)) == 0 {
		return n.visible(before, c), nil
	}
	h := n.Head(&after)
	*h.Version, *h.UpdatedAt = *h.Version+1, c.Now
	if err := n.Update(c, before, after); err != nil {
		return after, err
	}
	c.Changed(n.Subject(h.ID), n.Title(after), *h.Version, was, is)
	if undo != nil {
		c.UndoWith(op, undo(after))
	}
	return n.visible(after, c), nil
}

// Added records a new record and how to take it back.
func (n *Noun[T, I]) Added(c *Call, t T) (T, error) {
	h := n.Head(&t)
	if err := Count(c.Tx, n.Kind, h.ID, 1); err != nil {
		return t, err
	}
	c.Changed(n.Subject(h.ID), n.Title(t), *h.Version, nil, n.Audited(t, nil))
	c.UndoWith(n.Area+".trash", n.at(t, h))
	return n.visible(t, c), nil
}

// Trash puts a record in the trash.
func (n *Noun[T, I]) Trash(c *Call, i I, version int64) (T, error) {
	before, err := n.Live(c, i, version)
	if err != nil {
		return before, err
	}
	now := c.Now
	return n.move(c, before, &now, "restore", -1)
}

// Restore takes a record out of the trash.
func (n *Noun[T, I]) Restore(c *Call, i I, version int64) (T, error) {
	if n.Returns != nil {
		if err := n.Returns(c, n, i); err != nil {
			var none T
			return none, err
		}
	}
	before, err := n.Get(c, i)
	if err != nil {
		return before, err
	}
	if h := n.Head(&before); *h.Version != version || *h.DeletedAt == nil {
		return before, Stale(n.visible(before, c))
	}
	return n.move(c, before, nil, "trash", 1)
}

func (n *Noun[T, I]) move(c *Call, before T, deletedAt *time.Time, back string, by int64) (T, error) {
	after := before
	h := n.Head(&after)
	*h.Version, *h.UpdatedAt, *h.DeletedAt = *h.Version+1, c.Now, deletedAt
	if err := n.Update(c, before, after); err != nil {
		return after, err
	}
	c.Changed(n.Subject(h.ID), n.Title(after), *h.Version, nil, nil)
	c.UndoWith(n.Area+"."+back, n.at(after, h))
	return n.visible(after, c), Count(c.Tx, n.Kind, h.ID, by)
}

// Together says what happens to several records at once: each is edited, unless
// they go into the trash or come out of it.
type Together struct{ Trash, Back bool }

// Several changes records one after another, all or none, and returns them as
// they were and as they are.
func (n *Noun[T, I]) Several(c *Call, items []VersionOf[I], m Together, edit func(k int, before T) (T, error)) (befores, afters []T, err error) {
	for k, item := range items {
		var before, after T
		switch {
		case (m.Trash || m.Back) && !c.Can(n.Area+".trash"):
			err = Refuse(Forbidden, "errors.forbidden")
		case m.Trash:
			after, err = n.Trash(c, item.ID, item.Version)
		case m.Back:
			after, err = n.Restore(c, item.ID, item.Version)
		default:
			if before, err = n.Live(c, item.ID, item.Version); err == nil {
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

// Changed says that an UPDATE met the version it was meant for.
func Changed(n int64, err error) error {
	if err == nil && n == 0 {
		return Stale(nil)
	}
	return err
}

// DeletedMicros is an instant as it is stored, or nothing.
func DeletedMicros(t *time.Time) any {
	if t == nil {
		return nil
	}
	return store.Micros(*t)
}

// Instant is a scanned instant that may be absent.
func Instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
