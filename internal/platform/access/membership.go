package access

import (
	"errors"
	"slices"
	"time"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Membership makes an account one person of a collaborative, with roles.
type Membership struct {
	Account       operation.AccountID
	Collaborative operation.CollaborativeID
	Person        operation.PersonID
	Roles         []operation.Role
}

// Grant adds a membership, or takes up again one that had ended. It is for
// packages whose own operations make members: of a collaborative's first
// director, of a sample. It checks no permission. The error is store.ErrUnique
// when the person already is another account's.
func Grant(tx *store.InstallationTx, now time.Time, m Membership) error {
	_, err := tx.Exec(`INSERT INTO memberships (account_id, collaborative_id, person_id, roles, version, created_at) VALUES ($1, $2, $3, $4, 1, $5)
		ON CONFLICT (account_id, collaborative_id) DO UPDATE SET person_id = excluded.person_id, roles = excluded.roles,
		version = memberships.version + 1, ended_at = NULL`,
		m.Account, m.Collaborative, m.Person, store.JSON(m.Roles), store.Micros(now))
	return err
}

// Member is someone who can sign in to the collaborative.
type Member struct {
	Person   operation.PersonID  `json:"person"`
	Account  operation.AccountID `json:"account"`
	Name     string              `json:"name" doc:"The account's name; the person's own is in the directory."`
	Email    string              `json:"email"`
	Roles    []operation.Role    `json:"roles"`
	Since    time.Time           `json:"since"`
	SignedIn *time.Time          `json:"signed_in,omitempty"`
	Disabled bool                `json:"disabled" doc:"Whether the account cannot be used."`
	Version  int64               `json:"version"`
}

func (m Member) subject() operation.Subject { return operation.Subject{Kind: "person", ID: m.Person} }

const memberColumns = `m.person_id, m.account_id, a.name, a.email, m.roles, m.created_at, a.signed_in_at, a.disabled_at, m.version`

func scanMember(row store.Row) (Member, error) {
	var m Member
	var signedIn, disabled time.Time
	err := row.Scan(&m.Person, &m.Account, &m.Name, &m.Email, store.ScanJSON(&m.Roles), store.ScanTime(&m.Since), store.ScanTime(&signedIn), store.ScanTime(&disabled), &m.Version)
	m.SignedIn, m.Disabled = some(signedIn), !disabled.IsZero()
	return m, err
}

func findMember(c *operation.Call, person operation.PersonID) (Member, error) {
	return store.One(c.Installation, scanMember, `SELECT `+memberColumns+` FROM memberships m JOIN accounts a ON a.id = m.account_id
		WHERE m.collaborative_id = $1 AND m.person_id = $2 AND m.ended_at IS NULL`, c.Collaborative.ID, person)
}

// checkRoles refuses roles a membership cannot give.
func checkRoles(faults *operation.Faults, roles []operation.Role) {
	if len(roles) == 0 {
		faults.Add("roles", "errors.required")
	}
	for i, r := range roles {
		if !slices.Contains(operation.MembershipRoles, r) {
			faults.Add("roles", "errors.not_offered")
		}
		if slices.Contains(roles[:i], r) {
			faults.Add("roles", "access.role_twice")
		}
	}
}

// lead are the roles that only a director (or who administers the installation)
// may give or take: they could otherwise be used to rise.
var lead = []operation.Role{operation.Director, operation.Convener}

// mayGive says whether the caller may turn one set of roles into another.
func mayGive(c *operation.Call, before, after []operation.Role) error {
	if c.Actor.Via == operation.ViaSystem || c.Actor.Has(operation.Director, operation.Administrator) {
		return nil
	}
	for _, r := range lead {
		if slices.Contains(before, r) != slices.Contains(after, r) {
			return operation.Refuse(operation.Forbidden, "access.only_directors")
		}
	}
	return nil
}

// keepDirector refuses to leave the collaborative without a director who can
// sign in.
func keepDirector(c *operation.Call, without operation.PersonID) error {
	left := 0
	err := store.Each(c.Installation, func(row store.Row) error {
		var person operation.PersonID
		var roles []operation.Role
		err := row.Scan(&person, store.ScanJSON(&roles))
		if person != without && slices.Contains(roles, operation.Director) {
			left++
		}
		return err
	}, `SELECT m.person_id, m.roles FROM memberships m JOIN accounts a ON a.id = m.account_id AND a.disabled_at IS NULL
		WHERE m.collaborative_id = $1 AND m.ended_at IS NULL`, c.Collaborative.ID)
	if err == nil && left == 0 {
		err = operation.Refuse(operation.Conflict, "access.last_director")
	}
	return err
}

var errNoMember = errors.New("access: the person is no member")

// EndMembership ends the membership of a person who leaves the record, such as
// one who is deleted. It is for packages whose own operations do that and checks
// no permission. Nothing happens when the person is no member.
func EndMembership(tx *store.InstallationTx, now time.Time, c operation.CollaborativeID, person operation.PersonID) error {
	err := endMembership(tx, now, c, person)
	if errors.Is(err, errNoMember) {
		return nil
	}
	return err
}

func endMembership(tx *store.InstallationTx, now time.Time, c operation.CollaborativeID, person operation.PersonID) error {
	account, err := optional(store.Value[operation.AccountID](tx, `SELECT account_id FROM memberships WHERE collaborative_id = $1 AND person_id = $2 AND ended_at IS NULL`, c, person))
	if err != nil {
		return err
	}
	if account.IsZero() {
		return errNoMember
	}
	if _, err := tx.Exec(`UPDATE memberships SET ended_at = $3, version = version + 1 WHERE collaborative_id = $1 AND person_id = $2 AND ended_at IS NULL`,
		c, person, store.Micros(now)); err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM tokens WHERE account_id = $1 AND collaborative_id = $2`, account, c); err != nil {
		return err
	}
	return renewSessions(tx, account)
}

// MembershipOf is how a person signs in, nil when they are no member. It is for an
// operation of another package, which checks who may.
func MembershipOf(c *operation.Call, person operation.PersonID) (*Member, error) {
	m, err := findMember(c, person)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return &m, err
}
