package access

import (
	"slices"
	"strings"

	"commontable/internal/platform/archive"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Carried is how the members of a collaborative are told of elsewhere. Accounts
// belong to an installation: where the collaborative goes, its members are known
// and invited again.
func Carried() []archive.Entity { return []archive.Entity{archive.Of(carriedMembers)} }

type carriedMember struct {
	PersonID operation.PersonID `json:"person_id" ref:"people"`
	Email    string             `json:"email" required:"true" maxLength:"254" format:"email" doc:"The address they signed in with."`
	Roles    []operation.Role   `json:"roles" enum:"backbone_director,backbone_staff,table_chair,table_member,group_chair,group_member,organization_representative,funder,community_member,evaluator,network_convener"`
}

var carriedMembers = archive.Kind[carriedMember]{
	Name: "members", Tables: []string{"carried_members"},
	Read: func(r *archive.Reading, after carriedMember, limit int64) ([]carriedMember, error) {
		members, err := store.Collect(r.Tx, archive.Scan[carriedMember], `SELECT memberships.person_id, accounts.email, memberships.roles FROM memberships JOIN accounts ON accounts.id = memberships.account_id
			WHERE memberships.collaborative_id = $1 AND memberships.ended_at IS NULL AND memberships.person_id > $2 ORDER BY memberships.person_id LIMIT $3`, after.PersonID[:], limit)
		if err != nil {
			return nil, err
		}
		// Whoever was a member where the collaborative came from, and has not been
		// one here.
		former, err := store.Collect(r.Tx, archive.Scan[carriedMember], `SELECT person_id, email, roles FROM carried_members WHERE collaborative_id = $1 AND person_id > $2
			AND person_id NOT IN (SELECT memberships.person_id FROM memberships WHERE memberships.collaborative_id = $1) ORDER BY person_id LIMIT $3`, after.PersonID[:], limit)
		if err != nil {
			return nil, err
		}
		all := append(members, former...)
		slices.SortFunc(all, func(a, b carriedMember) int { return strings.Compare(a.PersonID.String(), b.PersonID.String()) })
		return all[:min(len(all), int(limit))], nil
	},
	Write: func(l *archive.Loading, rows []carriedMember) error {
		var records [][]any
		for _, m := range rows {
			records = append(records, archive.Values(&m))
		}
		return l.Tx.ExecRows(`INSERT INTO carried_members (collaborative_id, person_id, email, roles) VALUES ($1, $2, $3, $4)`, records)
	},
}

// CarriedPerson is who signed in with an address where the collaborative came
// from; zero when nobody did.
func CarriedPerson(c *operation.Call, email string) (operation.PersonID, error) {
	members, err := store.Collect(c.Tx, archive.Scan[carriedMember], `SELECT person_id, email, roles FROM carried_members WHERE collaborative_id = $1 ORDER BY person_id`)
	for _, m := range members {
		if EmailKey(m.Email) == EmailKey(email) {
			return m.PersonID, err
		}
	}
	return operation.PersonID{}, err
}
