package attendance

import (
	"errors"
	"slices"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/store"
)

// countedSeat is whose seat it was and who held it when its days were counted.
type countedSeat struct {
	body  directory.BodyID
	terms []directory.ActiveTerm
}

// seat compares who holds a seat with who did when its days were counted, and notes
// the days that differ.
func (t *touched) seat(i directory.SeatID) error {
	body, terms, err := directory.TermsOfSeat(t.c, i)
	if err != nil {
		return err
	}
	was, err := store.One(t.c.Tx, func(row store.Row) (s countedSeat, err error) {
		return s, row.Scan(&s.body, store.ScanJSON(&s.terms))
	}, `SELECT body_id, terms FROM participation_seats WHERE collaborative_id = $1 AND seat_id = $2`, i)
	known := !errors.Is(err, store.ErrNotFound)
	if err != nil && known {
		return err
	}
	for k := range was.terms {
		was.terms[k].SeatID = i
	}
	if known && slices.Equal(was.terms, terms) {
		return nil
	}
	if body.IsZero() {
		body = was.body // it is gone for good
	}
	for _, d := range differing(was.terms, terms) {
		if err := t.between(body, d.From, d.To); err != nil {
			return err
		}
	}
	if len(terms) == 0 {
		_, err = t.c.Tx.Exec(`DELETE FROM participation_seats WHERE collaborative_id = $1 AND seat_id = $2`, i)
		return err
	}
	_, err = t.c.Tx.Exec(`INSERT INTO participation_seats (collaborative_id, seat_id, body_id, terms) VALUES ($1, $2, $3, $4)
		ON CONFLICT (collaborative_id, seat_id) DO UPDATE SET body_id = excluded.body_id, terms = excluded.terms`, i, body, store.JSON(terms))
	return err
}

// differing are the terms that are on one side only. A term that became longer
// differs only on the days it has more, so that one that ends touches no day on
// which it held before and after.
func differing(before, after []directory.ActiveTerm) []directory.ActiveTerm {
	var out []directory.ActiveTerm
	for _, side := range [2][2][]directory.ActiveTerm{{before, after}, {after, before}} {
		for _, t := range side[0] {
			same := slices.IndexFunc(side[1], func(o directory.ActiveTerm) bool {
				return o.PersonID == t.PersonID && o.OrganizationID == t.OrganizationID && o.From == t.From
			})
			if same < 0 {
				out = append(out, t)
				continue
			}
			if o := side[1][same]; o.To != t.To && o.To != "" && (t.To == "" || t.To > o.To) {
				t.From = o.To
				out = append(out, t)
			}
		}
	}
	return out
}
