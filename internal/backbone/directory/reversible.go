package directory

import (
	"encoding/json"
	"errors"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/search"
	"commontable/internal/platform/store"
)

// Reversible is a kind of record whose changes can be taken back exactly, dated
// facts included: an edit that undoes an edit ends an affiliation today, this
// makes it never have begun. It is for what takes back a whole import, and checks
// no permission.
type Reversible interface {
	// Snapshot is everything a record holds.
	Snapshot(c *operation.Call, i RecordID) (json.RawMessage, error)
	// Restore gives a record back what was changed between two snapshots, but
	// for what somebody changed since; it names those fields, and the version the
	// record has now.
	Restore(c *operation.Call, i RecordID, before, after json.RawMessage) (left []string, version int64, err error)
	// Remove deletes a record for good that nobody changed since the given
	// version and nothing refers to. The key of a message says what is in the way.
	Remove(c *operation.Call, i RecordID, version int64) (obstacle string, err error)
}

// ReversibleOf is the kind by its name, nil when it has no such thing.
func ReversibleOf(kind string) Reversible {
	switch kind {
	case OrganizationKind:
		return reversibleOrganizations
	case PersonKind:
		return reversiblePeople
	case BodyKind:
		return reversibleBodies
	case SeatKind:
		return reversibleSeats
	case TouchKind:
		return reversibleTouches
	case FieldKind:
		return reversibleFields{}
	}
	return nil
}

// statement is SQL written out in the program; a guard sees to that.
type statement struct{ text string }

// reversible is Reversible for a noun: S is everything a record of it holds.
type reversible[T, S any, I ~[16]byte] struct {
	noun *operation.Noun[T, I]
	// take gathers a record's whole; put stores it over the record.
	take func(c *operation.Call, t T) (S, error)
	put  func(c *operation.Call, before T, s S) error
	// uses count what refers to a record from elsewhere; parts delete what is
	// part of it, the record itself last.
	uses, parts []statement
	// signs tells of people who can sign in; they are not removed.
	signs bool
}

func (r reversible[T, S, I]) Snapshot(c *operation.Call, i RecordID) (json.RawMessage, error) {
	t, err := r.noun.Get(c, I(i))
	if err != nil {
		return nil, err
	}
	s, err := r.take(c, t)
	if err != nil {
		return nil, err
	}
	return json.Marshal(s)
}

func (r reversible[T, S, I]) Restore(c *operation.Call, i RecordID, before, after json.RawMessage) ([]string, int64, error) {
	t, err := r.noun.Get(c, I(i))
	if errors.Is(err, store.ErrNotFound) {
		return nil, 0, nil // purged since: there is nothing to give back
	}
	if err != nil {
		return nil, 0, err
	}
	var was, made S
	if err := errors.Join(json.Unmarshal(before, &was), json.Unmarshal(after, &made)); err != nil {
		return nil, 0, err
	}
	now, err := r.take(c, t)
	if err != nil {
		return nil, 0, err
	}
	wanted, left, err := takeBack(was, made, now)
	if err != nil || same(wanted, now) {
		return left, *r.noun.Head(&t).Version, err
	}
	if err := r.put(c, t, wanted); err != nil {
		return left, 0, err
	}
	fresh, err := r.noun.Get(c, I(i))
	if err != nil {
		return left, 0, err
	}
	h := r.noun.Head(&fresh)
	c.Changed(r.noun.Subject(h.ID), r.noun.Title(fresh), *h.Version, now, wanted)
	return left, *h.Version, nil
}

// same says whether two wholes are equal, as they are stored.
func same[S any](a, b S) bool {
	one, err := json.Marshal(a)
	two, other := json.Marshal(b)
	return err == nil && other == nil && string(one) == string(two)
}

func (r reversible[T, S, I]) Remove(c *operation.Call, i RecordID, version int64) (string, error) {
	t, err := r.noun.Get(c, I(i))
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	h := r.noun.Head(&t)
	if *h.Version != version {
		return "errors.changed_since", nil
	}
	for _, use := range r.uses {
		n, err := store.Value[int64](c.Tx, use.text, i[:])
		if err != nil {
			return "", err
		}
		if n > 0 {
			return "errors.still_referred_to", nil
		}
	}
	if r.signs {
		n, err := store.Value[int64](c.Installation, `SELECT COUNT(*) FROM memberships WHERE collaborative_id = $1 AND person_id = $2`, c.Collaborative.ID, i[:])
		if err != nil {
			return "", err
		}
		if n > 0 {
			return "errors.still_signs_in", nil
		}
	}
	s, err := r.take(c, t)
	if err != nil {
		return "", err
	}
	for _, part := range r.parts {
		if _, err := c.Tx.Exec(part.text, i[:]); err != nil {
			return "", err
		}
	}
	if err := search.Remove(c.Tx, r.noun.Kind, i); err != nil {
		return "", err
	}
	c.Changed(r.noun.Subject(h.ID), r.noun.Title(t), version+1, s, nil)
	if *h.DeletedAt != nil {
		return "", nil
	}
	return "", operation.Count(c.Tx, r.noun.Kind, i, -1)
}
