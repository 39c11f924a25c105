package network

import (
	"encoding/json"
	"errors"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Reversible takes back what an import did to ties.
var Reversible directory.Reversible = reversible{}

type reversible struct{}

// whole is everything a tie holds.
type whole struct {
	FromOrganizationID directory.OrganizationID `json:"from_organization_id"`
	FromPersonID       directory.PersonID       `json:"from_person_id"`
	ToOrganizationID   directory.OrganizationID `json:"to_organization_id"`
	ToPersonID         directory.PersonID       `json:"to_person_id"`
	Type               string                   `json:"type"`
	Direction          string                   `json:"direction"`
	Strength           int64                    `json:"strength"`
	Layer              string                   `json:"layer"`
	About              string                   `json:"about"`
	From               string                   `json:"valid_from"`
	To                 string                   `json:"valid_to"`
}

func (t Tie) whole() whole {
	return whole{t.FromOrganizationID, t.FromPersonID, t.ToOrganizationID, t.ToPersonID, t.Type, t.Direction, t.Strength, t.Layer, t.About, t.From, t.To}
}

// Snapshot implements directory.Reversible.
func (reversible) Snapshot(c *operation.Call, i directory.RecordID) (json.RawMessage, error) {
	t, err := get(c, ID(i))
	if err != nil {
		return nil, err
	}
	return json.Marshal(t.whole())
}

// Restore implements directory.Reversible.
func (reversible) Restore(c *operation.Call, i directory.RecordID, before, after json.RawMessage) ([]string, int64, error) {
	t, err := get(c, ID(i))
	if errors.Is(err, store.ErrNotFound) {
		return nil, 0, nil // purged since: there is nothing to give back
	}
	if err != nil {
		return nil, 0, err
	}
	var was, made whole
	if err := errors.Join(json.Unmarshal(before, &was), json.Unmarshal(after, &made)); err != nil {
		return nil, 0, err
	}
	w, left, err := directory.TakeBack(was, made, t.whole())
	if err != nil || w == t.whole() {
		return left, t.Version, err
	}
	then := t
	then.FromOrganizationID, then.FromPersonID, then.ToOrganizationID, then.ToPersonID = w.FromOrganizationID, w.FromPersonID, w.ToOrganizationID, w.ToPersonID
	then.Type, then.Direction, then.Strength, then.Layer, then.About, then.From, then.To = w.Type, w.Direction, w.Strength, w.Layer, w.About, w.From, w.To
	then.Version, then.UpdatedAt = t.Version+1, c.Now
	if err := update(c, then); err != nil {
		return left, 0, err
	}
	c.Changed(then.Subject(), then.Title(), then.Version, t, then)
	return left, then.Version, nil
}

// Remove implements directory.Reversible.
func (reversible) Remove(c *operation.Call, i directory.RecordID, version int64) (string, error) {
	t, err := get(c, ID(i))
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	if t.Version != version {
		return "errors.changed_since", nil
	}
	c.Changed(t.Subject(), t.Title(), version+1, t, nil)
	_, err = c.Tx.Exec(`DELETE FROM ties WHERE collaborative_id = $1 AND id = $2`, i)
	return "", err
}
