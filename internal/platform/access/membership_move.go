package access

import (
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Moved is what one person's ways in gave to another person of the same
// collaborative: the memberships of accounts and the invitations under way.
type Moved struct {
	Accounts    []operation.AccountID
	Invitations []LinkID
}

// MovePerson gives one person's memberships and invitations to another, when two
// records turn out to be one person. It refuses when both can sign in: one
// person is one account in a collaborative, and which of the two goes is for
// somebody to decide. It is for packages whose own operations merge people and
// checks no permission.
func MovePerson(c *operation.Call, from, to operation.PersonID) (Moved, error) {
	var moved Moved
	live := map[operation.PersonID]bool{}
	if err := store.Each(c.Installation, func(row store.Row) error {
		var account operation.AccountID
		var person operation.PersonID
		var ended any
		err := row.Scan(&account, &person, &ended)
		if ended == nil {
			live[person] = true
		}
		if person == from {
			moved.Accounts = append(moved.Accounts, account)
		}
		return err
	}, `SELECT account_id, person_id, ended_at FROM memberships WHERE collaborative_id = $1 AND person_id IN ($2)`, c.Collaborative.ID, store.In([]operation.PersonID{from, to})); err != nil {
		return moved, err
	}
	if live[from] && live[to] {
		return moved, operation.Refuse(operation.Conflict, "access.both_sign_in")
	}
	var err error
	if moved.Invitations, err = invitationsOf(c, from); err != nil {
		return moved, err
	}
	return moved, giveBack(c, moved, from, to)
}

// ReturnPerson takes MovePerson back for what still is where it was put.
func ReturnPerson(c *operation.Call, moved Moved, from, to operation.PersonID) error {
	open, err := invitationsOf(c, to)
	if err != nil {
		return err
	}
	still := map[LinkID]bool{}
	for _, i := range open {
		still[i] = true
	}
	back := Moved{Accounts: moved.Accounts}
	for _, i := range moved.Invitations {
		if still[i] {
			back.Invitations = append(back.Invitations, i)
		}
	}
	return giveBack(c, back, to, from)
}

// giveBack moves the named memberships and invitations from one person to another.
func giveBack(c *operation.Call, what Moved, from, to operation.PersonID) error {
	for _, account := range what.Accounts {
		if _, err := c.Installation.Exec(`UPDATE memberships SET person_id = $4 WHERE collaborative_id = $1 AND account_id = $2 AND person_id = $3`, c.Collaborative.ID, account, from, to); err != nil {
			return err
		}
	}
	for _, i := range what.Invitations {
		body, err := store.One(c.Installation, func(row store.Row) (b invited, err error) { return b, row.Scan(store.ScanJSON(&b)) },
			`SELECT payload FROM links WHERE id = $1 AND collaborative_id = $2`, i, c.Collaborative.ID)
		if err != nil {
			return err
		}
		body.Person = to
		if _, err := c.Installation.Exec(`UPDATE links SET payload = $3 WHERE id = $1 AND collaborative_id = $2`, i, c.Collaborative.ID, store.JSON(body)); err != nil {
			return err
		}
	}
	return nil
}

// invitationsOf are the unused invitations of a person.
func invitationsOf(c *operation.Call, person operation.PersonID) ([]LinkID, error) {
	var out []LinkID
	err := store.Each(c.Installation, func(row store.Row) error {
		var i LinkID
		var body invited
		err := row.Scan(&i, store.ScanJSON(&body))
		if err == nil && body.Person == person {
			out = append(out, i)
		}
		return err
	}, `SELECT id, payload FROM links WHERE collaborative_id = $1 AND purpose = $2 AND used_at IS NULL`, c.Collaborative.ID, string(toAccept))
	return out, err
}
