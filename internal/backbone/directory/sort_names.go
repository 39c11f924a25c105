package directory

import (
	"bytes"
	"context"
	"errors"
	"time"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// SortNamesKind is the kind of work that brings stored names into the order of
// the collaborative's language. Whoever changes that language asks for it.
const SortNamesKind = "directory.sort-names"

// sortStragglers is how long after a change of language names are looked at once
// more: a request that was under way keeps the language it began with, and none
// lasts nearly as long.
const sortStragglers = 5 * time.Minute

// sortPage is how many records one transaction looks at, so that nobody waits
// for it.
const sortPage = 200

// SortNamesLater asks for that work, within the transaction that changes the
// language.
func SortNamesLater(c *operation.Call) {
	c.Enqueue(operation.Later{Kind: SortNamesKind})
	c.Enqueue(operation.Later{Kind: SortNamesKind, At: c.Now.Add(sortStragglers)})
}

// SortNames gives every name of a collaborative the sort key of its language, a
// page of records in each transaction. Records keep their version and leave no
// trace in the history: nobody changed them. Each page reads the language anew,
// so the newest one holds; what is right already is left alone, so a run that
// was broken off can begin again. It is for background work and checks no
// permission.
func SortNames(ctx context.Context, s *store.Store, place operation.CollaborativeID) error {
	for _, page := range []func(*store.Tx, string, [16]byte) ([16]byte, error){sortOrganizations, sortPeople, sortBodies, sortFunctions} {
		var after [16]byte
		for more := true; more; {
			if err := ctx.Err(); err != nil {
				return err
			}
			var last [16]byte
			err := s.Write(ctx, place, func(tx *store.Tx) error {
				language, err := store.Value[string](tx.Installation(), `SELECT language FROM collaboratives WHERE id = $1`, place)
				if err != nil {
					return err
				}
				last, err = page(tx, language, after)
				return err
			})
			if err != nil {
				return err
			}
			after, more = last, last != [16]byte{}
		}
	}
	return nil
}

// sorted is a record's name and the key it is sorted by.
type sorted struct {
	id   [16]byte
	name string
	key  []byte
}

// lastOf is the id to go on after, zero when the page was the last one.
func lastOf(page []sorted) [16]byte {
	if len(page) < sortPage {
		return [16]byte{}
	}
	return page[len(page)-1].id
}

func sortOrganizations(tx *store.Tx, language string, after [16]byte) ([16]byte, error) {
	page, err := store.Collect(tx, scanSorted, `SELECT id, name, sort_key FROM organizations WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT 200`, after[:])
	if err != nil {
		return after, err
	}
	for _, o := range page {
		key := i18n.CollationKey(language, o.name)
		if bytes.Equal(key, o.key) {
			continue
		}
		if err := errors.Join(
			rekey(tx, `UPDATE organizations SET sort_key = $3 WHERE collaborative_id = $1 AND id = $2`, o.id[:], key),
			rekey(tx, `UPDATE tags SET record_sort_key = $3 WHERE collaborative_id = $1 AND kind = 'organization' AND record_id = $2`, o.id[:], key),
			rekey(tx, `UPDATE tags SET record_sort_key = $3 WHERE collaborative_id = $1 AND kind = 'organization-kind' AND record_id = $2`, o.id[:], key),
			sortAgreements(tx, o.id, key)); err != nil {
			return after, err
		}
	}
	return lastOf(page), nil
}

// sortBodies gives bodies their keys, and their seats, which are listed by them.
func sortBodies(tx *store.Tx, language string, after [16]byte) ([16]byte, error) {
	page, err := store.Collect(tx, scanSorted, `SELECT id, name, sort_key FROM bodies WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT 200`, after[:])
	if err != nil {
		return after, err
	}
	for _, b := range page {
		key := i18n.CollationKey(language, b.name)
		if bytes.Equal(key, b.key) {
			continue
		}
		if err := errors.Join(
			rekey(tx, `UPDATE bodies SET sort_key = $3 WHERE collaborative_id = $1 AND id = $2`, b.id[:], key),
			rekey(tx, `UPDATE seats SET body_sort_key = $3 WHERE collaborative_id = $1 AND body_id = $2`, b.id[:], key)); err != nil {
			return after, err
		}
	}
	return lastOf(page), nil
}

// sortFunctions gives the functions a collaborative added their keys.
func sortFunctions(tx *store.Tx, language string, after [16]byte) ([16]byte, error) {
	page, err := store.Collect(tx, scanSorted, `SELECT id, name, sort_key FROM backbone_functions WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT 200`, after[:])
	if err != nil {
		return after, err
	}
	for _, f := range page {
		if key := i18n.CollationKey(language, f.name); !bytes.Equal(key, f.key) {
			if _, err := tx.Exec(`UPDATE backbone_functions SET sort_key = $3 WHERE collaborative_id = $1 AND id = $2`, f.id[:], key); err != nil {
				return after, err
			}
		}
	}
	return lastOf(page), nil
}

// rekey writes one sort key where a record's name is sorted by.
func rekey(tx *store.Tx, text string, i, key []byte) error {
	_, err := tx.Exec(text, i, key)
	return err
}

func scanSorted(row store.Row) (s sorted, err error) {
	var i OrganizationID // of whichever noun: an id reads itself from either engine
	err = row.Scan(&i, &s.name, &s.key)
	s.id = i
	return s, err
}

func sortPeople(tx *store.Tx, language string, after [16]byte) ([16]byte, error) {
	page, err := store.Collect(tx, func(row store.Row) (p sorted, err error) {
		var person Person
		err = row.Scan(&person.ID, &person.GivenName, &person.FamilyName, &p.key)
		p.id, p.name = person.ID, person.SortName()
		return p, err
	}, `SELECT id, given_name, family_name, sort_key FROM people WHERE collaborative_id = $1 AND id > $2 ORDER BY id LIMIT 200`, after[:])
	if err != nil || len(page) == 0 {
		return [16]byte{}, err
	}
	ids := make([]PersonID, len(page))
	keys := make(map[PersonID][]byte, len(page))
	for n, p := range page {
		key := i18n.CollationKey(language, p.name)
		ids[n], keys[p.id] = p.id, key
		if bytes.Equal(key, p.key) {
			continue
		}
		if err := errors.Join(
			rekey(tx, `UPDATE people SET sort_key = $3 WHERE collaborative_id = $1 AND id = $2`, p.id[:], key),
			rekey(tx, `UPDATE tags SET record_sort_key = $3 WHERE collaborative_id = $1 AND kind = 'person' AND record_id = $2`, p.id[:], key)); err != nil {
			return after, err
		}
	}
	return lastOf(page), sortAffiliations(tx, ids, keys)
}

// sortAffiliations gives the affiliations of a page of people their keys. They
// are compared by themselves: an edit meanwhile may have set the person's key
// and left those of earlier affiliations.
func sortAffiliations(tx *store.Tx, people []PersonID, keys map[PersonID][]byte) error {
	type affiliated struct {
		id     AffiliationID
		person PersonID
	}
	var wrong []affiliated
	if err := store.Each(tx, func(row store.Row) error {
		var a affiliated
		var key []byte
		err := row.Scan(&a.id, &a.person, &key)
		if err == nil && !bytes.Equal(key, keys[a.person]) {
			wrong = append(wrong, a)
		}
		return err
	}, `SELECT id, person_id, person_sort_key FROM affiliations WHERE collaborative_id = $1 AND person_id IN ($2)`, store.In(people)); err != nil {
		return err
	}
	for _, a := range wrong {
		if _, err := tx.Exec(`UPDATE affiliations SET person_sort_key = $4 WHERE collaborative_id = $1 AND person_id = $2 AND id = $3`, a.person, a.id, keys[a.person]); err != nil {
			return err
		}
	}
	return nil
}
