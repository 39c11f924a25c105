package attendance

import (
	"errors"
	"slices"

	"commontable/internal/analysis/participation"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// numbers are the small numbers of organizations and seats that sums are kept by.
// One is given once, in the order in which they are first counted, and never
// changes.
type numbers struct {
	c     *operation.Call
	known map[string]map[[16]byte]int
}

func (n *numbers) organization(i directory.OrganizationID) int {
	if i.IsZero() {
		return participation.NoOrganization
	}
	return n.known[numberedOrganization][i]
}

func (n *numbers) seat(i directory.SeatID) int {
	if i.IsZero() {
		return participation.NoSeat
	}
	return n.known[numberedSeat][i]
}

// learn reads the numbers of everyone that records name, and gives one to those
// who have none.
func (n *numbers) learn(r records, duties []duty) error {
	wanted := map[string]map[[16]byte]bool{numberedOrganization: {}, numberedSeat: {}}
	want := func(o directory.OrganizationID, s directory.SeatID) {
		if !o.IsZero() {
			wanted[numberedOrganization][o] = true
		}
		if !s.IsZero() {
			wanted[numberedSeat][s] = true
		}
	}
	for _, t := range r.terms {
		want(t.OrganizationID, t.SeatID)
	}
	for _, e := range r.entries {
		want(e.organization, e.standsIn)
	}
	for _, d := range duties {
		want(d.organization, d.seat)
	}
	for _, kind := range []string{numberedOrganization, numberedSeat} {
		if err := n.read(kind, wanted[kind]); err != nil {
			return err
		}
	}
	return nil
}

func (n *numbers) read(kind string, wanted map[[16]byte]bool) error {
	known := n.known[kind]
	var ids [][]byte
	for i := range wanted {
		if _, ok := known[i]; !ok {
			ids = append(ids, i[:])
		}
	}
	slices.SortFunc(ids, slices.Compare)
	for part := range slices.Chunk(ids, mostAtOnce) {
		if err := store.Each(n.c.Tx, func(row store.Row) error {
			var i directory.SeatID
			var number int
			err := row.Scan(&i, &number)
			known[i] = number
			return err
		}, `SELECT of_id, number FROM participation_numbers WHERE collaborative_id = $1 AND kind = $2 AND of_id IN ($3)`, kind, store.In(part)); err != nil {
			return err
		}
	}
	next := -1
	var fresh [][]any
	for _, raw := range ids {
		i := [16]byte(raw)
		if _, ok := known[i]; ok {
			continue
		}
		if next < 0 {
			last, err := store.Value[int](n.c.Tx, `SELECT number FROM participation_numbers WHERE collaborative_id = $1 AND kind = $2 ORDER BY number DESC LIMIT 1`, kind)
			if errors.Is(err, store.ErrNotFound) {
				last, err = -1, nil
			}
			if err != nil {
				return err
			}
			next = last + 1
		}
		known[i] = next
		fresh = append(fresh, []any{kind, raw, next})
		next++
	}
	if fresh == nil {
		return nil
	}
	return n.c.Tx.ExecRows(`INSERT INTO participation_numbers (collaborative_id, kind, of_id, number) VALUES ($1, $2, $3, $4)`, fresh)
}

// mostAtOnce bounds a list in a statement.
const mostAtOnce = 500
