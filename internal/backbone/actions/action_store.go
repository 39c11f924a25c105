package actions

import (
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/search"
	"commontable/internal/platform/store"
)

const columns = `actions.id, actions.text, actions.note, actions.owner_person_id, owners.given_name, owners.family_name, actions.owner_organization_id, organizations.name, actions.owner_name,
	actions.due_on, actions.meeting_id, meetings.title, actions.item_id, actions.agreed_on, actions.given_by_person_id, givers.given_name, givers.family_name, actions.given_by_name,
	actions.state, actions.ended_on, actions.ended_at, actions.ended_by, actions.reason, actions.carried_from, actions.carried_to, actions.disowned_at, actions.disowned_why,
	actions.version, actions.created_at, actions.updated_at, actions.deleted_at`

const tables = ` FROM actions LEFT JOIN people AS owners ON owners.collaborative_id = $1 AND owners.id = actions.owner_person_id
	LEFT JOIN organizations ON organizations.collaborative_id = $1 AND organizations.id = actions.owner_organization_id
	LEFT JOIN people AS givers ON givers.collaborative_id = $1 AND givers.id = actions.given_by_person_id
	LEFT JOIN meetings ON meetings.collaborative_id = $1 AND meetings.id = actions.meeting_id WHERE actions.collaborative_id = $1`

func scan(row store.Row) (Action, error) {
	var a Action
	var owner, giver directory.Person
	var organization string
	var ended, disowned, deleted time.Time
	err := row.Scan(&a.ID, &a.Text, &a.Note, &a.OwnerPersonID, store.ScanText(&owner.GivenName), store.ScanText(&owner.FamilyName), &a.OwnerOrganizationID, store.ScanText(&organization), &a.Owner,
		store.ScanText(&a.DueOn), &a.MeetingID, store.ScanText(&a.Meeting), &a.ItemID, &a.AgreedOn, &a.GivenByID, store.ScanText(&giver.GivenName), store.ScanText(&giver.FamilyName), &a.GivenBy,
		&a.State, store.ScanText(&a.EndedOn), store.ScanTime(&ended), &a.EndedBy, &a.Reason, &a.CarriedFrom, &a.CarriedTo, store.ScanTime(&disowned), &a.DisownedWhy,
		&a.Version, store.ScanTime(&a.CreatedAt), store.ScanTime(&a.UpdatedAt), store.ScanTime(&deleted))
	switch {
	case !a.OwnerPersonID.IsZero():
		a.Owner = owner.Name()
	case !a.OwnerOrganizationID.IsZero():
		a.Owner = organization
	}
	if !a.GivenByID.IsZero() {
		a.GivenBy = giver.Name()
	}
	a.EndedAt, a.DisownedAt, a.DeletedAt, a.Disowned = operation.Instant(ended), operation.Instant(disowned), operation.Instant(deleted), !disowned.IsZero()
	return a, err
}

func get(c *operation.Call, i ID) (Action, error) {
	return store.One(c.Tx, scan, `SELECT `+columns+tables+` AND actions.id = $2`, i)
}

// nameAlone is the owner's name as it is stored: only where no record gives it.
func (a Action) nameAlone() string {
	if !a.OwnerPersonID.IsZero() || !a.OwnerOrganizationID.IsZero() {
		return ""
	}
	return a.Owner
}

func insert(c *operation.Call, a Action) error {
	giver := a.GivenBy
	if !a.GivenByID.IsZero() {
		giver = ""
	}
	if _, err := c.Tx.Exec(`INSERT INTO actions (collaborative_id, id, text, note, owner_person_id, owner_organization_id, owner_name, due_on, due_order, meeting_id, item_id, agreed_on,
		given_by_person_id, given_by_name, state, ended_by, reason, carried_from, disowned_why, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, '', '', $16, '', $17, $18, $18)`,
		a.ID, a.Text, a.Note, a.OwnerPersonID, a.OwnerOrganizationID, a.nameAlone(), store.Text(a.DueOn), a.dueOrder(), a.MeetingID, a.ItemID, a.AgreedOn,
		a.GivenByID, giver, a.State, a.CarriedFrom, a.Version, store.Micros(a.CreatedAt)); err != nil {
		return err
	}
	return search.Put(c.Tx, a.document())
}

func update(c *operation.Call, _, a Action) error {
	if err := operation.Changed(c.Tx.Exec(`UPDATE actions SET text = $3, note = $4, owner_person_id = $5, owner_organization_id = $6, owner_name = $7, due_on = $8, due_order = $9, agreed_on = $10,
		state = $11, ended_on = $12, ended_at = $13, ended_by = $14, reason = $15, carried_to = $16, disowned_at = $17, disowned_why = $18, version = $19, updated_at = $20, deleted_at = $21
		WHERE collaborative_id = $1 AND id = $2 AND version = $19 - 1`,
		a.ID, a.Text, a.Note, a.OwnerPersonID, a.OwnerOrganizationID, a.nameAlone(), store.Text(a.DueOn), a.dueOrder(), a.AgreedOn,
		a.State, store.Text(a.EndedOn), operation.DeletedMicros(a.EndedAt), a.EndedBy, a.Reason, a.CarriedTo, operation.DeletedMicros(a.DisownedAt), a.DisownedWhy,
		a.Version, store.Micros(a.UpdatedAt), operation.DeletedMicros(a.DeletedAt))); err != nil {
		return err
	}
	if a.DeletedAt != nil {
		return search.Remove(c.Tx, Kind, a.ID)
	}
	return search.Put(c.Tx, a.document())
}

// OfPerson are all actions of a person, whoever asks: it is for an operation of
// another capability, which checks who may.
func OfPerson(c *operation.Call, person directory.PersonID) ([]Action, error) {
	return store.Collect(c.Tx, scan, `SELECT `+columns+tables+` AND actions.owner_person_id = $2 ORDER BY actions.due_order, actions.id`, person)
}

// DueOf are the open actions of a person or an organization, those due first before
// the others. It checks no permission: it is for operations of packages above, which do.
func DueOf(c *operation.Call, person directory.PersonID, organization directory.OrganizationID) ([]Action, error) {
	q := store.Select(`SELECT ` + columns + tables + ` AND actions.deleted_at IS NULL AND actions.state = 'open'`)
	if organization.IsZero() {
		q.Where(`actions.owner_person_id = ?`, person)
	} else {
		q.Where(`actions.owner_organization_id = ?`, organization)
	}
	q.Add(` ORDER BY actions.due_order, actions.id LIMIT 200`)
	text, args := q.SQL()
	return store.Collect(c.Tx, scan, text, args...)
}

// EachOpen calls fn for every open action in the order of their days, as many as most.
// It checks no permission: it is for operations of packages above, which do.
func EachOpen(c *operation.Call, most int64, fn func(Action) error) error {
	return store.Each(c.Tx, func(row store.Row) error {
		a, err := scan(row)
		if err != nil {
			return err
		}
		return fn(a)
	}, `SELECT `+columns+tables+` AND actions.deleted_at IS NULL AND actions.state = 'open' ORDER BY actions.due_order, actions.id LIMIT $2`, most)
}
