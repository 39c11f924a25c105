package access

import (
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// ForgetPerson removes a person's ways into the collaborative, invitations among
// them, so that nothing leads from an account to the person any more. It says
// whether the account they had is left without any collaborative. The account
// itself belongs to the installation. It is for packages whose own operations
// erase people and checks no permission; the last director cannot be erased.
func ForgetPerson(c *operation.Call, person operation.PersonID) (alone bool, err error) {
	var accounts []operation.AccountID
	live := false
	if err := store.Each(c.Installation, func(row store.Row) error {
		var account operation.AccountID
		var ended any
		err := row.Scan(&account, &ended)
		accounts = append(accounts, account)
		live = live || ended == nil
		return err
	}, `SELECT account_id, ended_at FROM memberships WHERE collaborative_id = $1 AND person_id = $2`, c.Collaborative.ID, person); err != nil {
		return false, err
	}
	if live {
		if err := keepDirector(c, person); err != nil {
			return false, err
		}
		if err := EndMembership(c.Installation, c.Now, c.Collaborative.ID, person); err != nil {
			return false, err
		}
	}
	if _, err := c.Installation.Exec(`DELETE FROM memberships WHERE collaborative_id = $1 AND person_id = $2`, c.Collaborative.ID, person); err != nil {
		return false, err
	}
	if c.Tx != nil {
		if _, err := c.Tx.Exec(`DELETE FROM carried_members WHERE collaborative_id = $1 AND person_id = $2`, person); err != nil {
			return false, err
		}
	}
	open, err := invitationsOf(c, person)
	if err != nil {
		return false, err
	}
	for _, i := range open {
		if _, err := c.Installation.Exec(`DELETE FROM links WHERE id = $1 AND collaborative_id = $2`, i, c.Collaborative.ID); err != nil {
			return false, err
		}
	}
	for _, account := range accounts {
		n, err := store.Value[int64](c.Installation, `SELECT COUNT(*) FROM memberships m JOIN collaboratives c ON c.id = m.collaborative_id WHERE m.account_id = $1 AND m.ended_at IS NULL`, account)
		if err != nil {
			return false, err
		}
		alone = alone || n == 0
	}
	return alone, nil
}
