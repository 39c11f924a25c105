package directory

import (
	"errors"
	"strings"
	"time"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

const touchColumns = `touches.id, touches.organization_id, organizations.name, touches.person_id, people.given_name, people.family_name, touches.by_person_id, touches.by_name,
	touches.happened_on, touches.channel, touches.about, touches.next_on, touches.settled, touches.version, touches.created_at, touches.updated_at, touches.deleted_at`

const touchTables = ` FROM touches LEFT JOIN organizations ON organizations.collaborative_id = $1 AND organizations.id = touches.organization_id
	LEFT JOIN people ON people.collaborative_id = $1 AND people.id = touches.person_id WHERE touches.collaborative_id = $1`

func scanTouch(row store.Row) (Touch, error) {
	var t Touch
	var given, family string
	var deleted time.Time
	err := row.Scan(&t.ID, &t.OrganizationID, store.ScanText(&t.Organization), &t.PersonID, store.ScanText(&given), store.ScanText(&family), &t.ByPersonID, &t.ByName,
		&t.On, &t.Channel, &t.About, store.ScanText(&t.NextOn), &t.Settled, &t.Version, store.ScanTime(&t.CreatedAt), store.ScanTime(&t.UpdatedAt), store.ScanTime(&deleted))
	t.Person, t.DeletedAt = strings.TrimSpace(given+" "+family), operation.Instant(deleted)
	return t, err
}

func getTouch(c *operation.Call, i TouchID) (Touch, error) {
	return store.One(c.Tx, scanTouch, `SELECT `+touchColumns+touchTables+` AND touches.id = $2`, i)
}

// nameTouch fills in the names of an entry and checks what it refers to. What it
// referred to before it may go on referring to, wherever that is now.
func nameTouch(c *operation.Call, before Touch, t *Touch, faults *operation.Faults) error {
	if t.OrganizationID != before.OrganizationID {
		t.Organization = ""
		if !t.OrganizationID.IsZero() {
			o, err := getOrganization(c.Tx, t.OrganizationID)
			if errors.Is(err, store.ErrNotFound) || err == nil && o.DeletedAt != nil {
				faults.Add("organization_id", "errors.no_such_organization")
			} else if err != nil {
				return err
			}
			t.Organization = o.Name
		}
	}
	for _, who := range []struct {
		field       string
		id, was     PersonID
		name        *string
		called      string // before
		mayBeCalled bool   // whether it may be a name alone
	}{{"person_id", t.PersonID, before.PersonID, &t.Person, before.Person, false}, {"by_person_id", t.ByPersonID, before.ByPersonID, &t.ByName, before.ByName, true}} {
		switch {
		case who.id.IsZero() && who.mayBeCalled && (who.was.IsZero() || *who.name != who.called):
			continue
		case who.id.IsZero():
			*who.name = ""
			continue
		case who.id == who.was:
			*who.name = who.called
			continue
		}
		p, err := store.One(c.Tx, scanPerson, `SELECT `+personColumns+` FROM people WHERE collaborative_id = $1 AND id = $2`, who.id)
		if errors.Is(err, store.ErrNotFound) || err == nil && p.DeletedAt != nil {
			faults.Add(who.field, "errors.no_such_person")
		} else if err != nil {
			return err
		}
		*who.name = p.Name()
	}
	return nil
}

func insertTouch(c *operation.Call, t Touch) error {
	_, err := c.Tx.Exec(`INSERT INTO touches (collaborative_id, id, organization_id, person_id, by_person_id, by_name, happened_on, channel, about, next_on, settled, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)`,
		t.ID, t.OrganizationID, t.PersonID, t.ByPersonID, t.ByName, t.On, t.Channel, t.About, store.Text(t.NextOn), t.Settled, t.Version, store.Micros(t.CreatedAt))
	return err
}

func updateTouch(c *operation.Call, _, t Touch) error {
	return operation.Changed(c.Tx.Exec(`UPDATE touches SET organization_id = $3, person_id = $4, by_person_id = $5, by_name = $6, happened_on = $7, channel = $8, about = $9, next_on = $10,
		settled = $11, version = $12, updated_at = $13, deleted_at = $14 WHERE collaborative_id = $1 AND id = $2 AND version = $12 - 1`,
		t.ID, t.OrganizationID, t.PersonID, t.ByPersonID, t.ByName, t.On, t.Channel, t.About, store.Text(t.NextOn),
		t.Settled, t.Version, store.Micros(t.UpdatedAt), operation.DeletedMicros(t.DeletedAt)))
}

// days is a day so many days later.
func days(day string, n int) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day // validated before
	}
	return t.AddDate(0, 0, n).Format(time.DateOnly)
}
