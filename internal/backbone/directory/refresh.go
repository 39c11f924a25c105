package directory

import (
	"context"
	"encoding/json"
	"time"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/search"
	"commontable/internal/platform/store"
)

// RefreshPeopleKind is the kind of work that makes what search keeps of an
// organization's people anew. It holds the organization's name, which changes
// when the organization is renamed, merged or taken apart again.
const RefreshPeopleKind = "directory.refresh-people"

// refreshPage is how many people one transaction makes anew.
const refreshPage = 200

// refreshed is what the work is about.
type refreshed struct {
	Organization OrganizationID `json:"organization"`
}

// refreshPeopleLater asks for that work, within the transaction that changes the
// organizations.
func refreshPeopleLater(c *operation.Call, organizations ...OrganizationID) {
	for _, o := range organizations {
		c.Enqueue(operation.Later{Kind: RefreshPeopleKind, Payload: refreshed{o}})
	}
}

// belongs is where a page of an organization's people ends.
type belongs struct {
	key    []byte
	person PersonID
	id     AffiliationID
}

// RefreshPeople makes what search keeps of everyone who belongs to the
// organization of the payload anew, a page in each transaction. Running it twice
// changes nothing. It is for background work and checks no permission.
func RefreshPeople(ctx context.Context, s *store.Store, now time.Time, place operation.CollaborativeID, payload []byte) error {
	var work refreshed
	if err := json.Unmarshal(payload, &work); err != nil {
		return err
	}
	after := belongs{key: []byte{}}
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return err
		}
		var page []belongs
		err := s.Write(ctx, place, func(tx *store.Tx) (err error) {
			c, err := unattended(tx, place, now)
			if err != nil {
				return err
			}
			if page, err = store.Collect(tx, func(row store.Row) (b belongs, err error) { return b, row.Scan(&b.key, &b.person, &b.id) },
				`SELECT person_sort_key, person_id, id FROM affiliations WHERE collaborative_id = $1 AND organization_id = $2 AND (person_sort_key, person_id, id) > ($3, $4, $5)
				AND valid_from <= $6 AND (valid_to IS NULL OR valid_to > $6) ORDER BY person_sort_key, person_id, id LIMIT 200`,
				work.Organization, after.key, after.person[:], after.id[:], c.Today()); err != nil {
				return err
			}
			return refreshDocuments(c, page)
		})
		if err != nil {
			return err
		}
		if more = len(page) == refreshPage; more {
			after = page[len(page)-1]
		}
	}
	return nil
}

func refreshDocuments(c *operation.Call, page []belongs) error {
	ids := make([]PersonID, len(page))
	for i, b := range page {
		ids[i] = b.person
	}
	people, err := store.Collect(c.Tx, scanPerson, `SELECT `+personColumns+` FROM people WHERE collaborative_id = $1 AND id IN ($2) AND deleted_at IS NULL`, store.In(ids))
	if err != nil {
		return err
	}
	if err := attachAffiliations(c, people, c.Today()); err != nil {
		return err
	}
	for _, p := range people {
		if err := search.Put(c.Tx, p.document()); err != nil {
			return err
		}
	}
	return nil
}

// unattended is what background work knows of the collaborative: its day and its
// language, as they are now.
func unattended(tx *store.Tx, place operation.CollaborativeID, now time.Time) (*operation.Call, error) {
	c := &operation.Call{Tx: tx, Installation: tx.Installation(), Actor: operation.System(), Now: now, Collaborative: operation.Collaborative{ID: place, Zone: time.UTC}}
	return c, store.Each(tx.Installation(), func(row store.Row) error {
		var zone string
		err := row.Scan(&zone, &c.Collaborative.Language)
		if known, unknown := time.LoadLocation(zone); unknown == nil {
			c.Collaborative.Zone = known
		}
		return err
	}, `SELECT zone, language FROM collaboratives WHERE id = $1`, place)
}
