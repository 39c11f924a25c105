package directory

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Two rows that say the same of one record, at the same time, become one: a
// person's affiliations with the two organizations, the holdings of one function.
// joined is such rows before and after.
type joined[R any] struct {
	Before []R `json:"before"`
	After  []R `json:"after"`
}

const (
	joinedAffiliations = "joined.affiliations"
	joinedHoldings     = "joined.holdings"
)

// affiliated is an affiliation as stored.
type affiliated struct {
	ID             AffiliationID  `json:"id"`
	PersonID       PersonID       `json:"person"`
	OrganizationID OrganizationID `json:"organization"`
	Title          string         `json:"title"`
	Represents     bool           `json:"represents"`
	From           string         `json:"from"`
	To             string         `json:"to"`
}

const affiliatedColumns = `affiliations.id, affiliations.person_id, affiliations.organization_id, affiliations.title, affiliations.represents, affiliations.valid_from, affiliations.valid_to`

func scanAffiliated(row store.Row) (a affiliated, err error) {
	return a, row.Scan(&a.ID, &a.PersonID, &a.OrganizationID, &a.Title, &a.Represents, &a.From, store.ScanText(&a.To))
}

// later is the later of two ends; an open one is the latest.
func later(a, b string) string {
	if a == "" || b == "" {
		return ""
	}
	return max(a, b)
}

// joinAffiliations makes one of affiliations that overlap: with both
// organizations, or of both people.
func (m merging) joinAffiliations(c *operation.Call) error {
	all, err := m.shared(c)
	if err != nil {
		return err
	}
	var groups []joined[affiliated]
	for len(all) > 0 {
		n := 1
		for n < len(all) && m.apart(all[0]) == m.apart(all[n]) {
			n++
		}
		for _, cluster := range clusters(all[:n]) {
			if one, ok := m.joinCluster(cluster); ok {
				groups = append(groups, joined[affiliated]{cluster, []affiliated{one}})
			}
		}
		all = all[n:]
	}
	if len(groups) == 0 {
		return nil
	}
	var gone []affiliated
	for _, g := range groups {
		one := g.After[0]
		for _, a := range g.Before {
			switch {
			case a.ID != one.ID:
				gone = append(gone, a)
			case a != one:
				if err := updateAffiliated(c, one); err != nil {
					return err
				}
			}
		}
	}
	if err := deleteAffiliated(c, gone); err != nil {
		return err
	}
	return m.keep(c, joinedAffiliations, m.kept, "", groups)
}

// apart is what tells the affiliations of one group from those of another: the
// person, or the organization where two people become one.
func (m merging) apart(a affiliated) [16]byte {
	if m.kind == OrganizationKind {
		return a.PersonID
	}
	return a.OrganizationID
}

// shared are the affiliations of everyone who has some with both, in groups. They
// are read and matched here, since no engine knows beforehand how many match.
func (m merging) shared(c *operation.Call) ([]affiliated, error) {
	theirs, err := m.affiliationsOf(c, m.merged)
	if err != nil || len(theirs) == 0 {
		return nil, err
	}
	mine, err := m.affiliationsOf(c, m.kept)
	if err != nil {
		return nil, err
	}
	has := map[[16]byte]bool{}
	for _, a := range theirs {
		has[m.apart(a)] = true
	}
	both := map[[16]byte]bool{}
	for _, a := range mine {
		if has[m.apart(a)] {
			both[m.apart(a)] = true
		}
	}
	out := slices.DeleteFunc(append(mine, theirs...), func(a affiliated) bool { return !both[m.apart(a)] })
	slices.SortStableFunc(out, func(a, b affiliated) int {
		one, two := m.apart(a), m.apart(b)
		return bytes.Compare(one[:], two[:])
	})
	return out, nil
}

func (m merging) affiliationsOf(c *operation.Call, i [16]byte) ([]affiliated, error) {
	if m.kind == OrganizationKind {
		return store.Collect(c.Tx, scanAffiliated, `SELECT `+affiliatedColumns+` FROM affiliations WHERE collaborative_id = $1 AND organization_id = $2`, i[:])
	}
	return store.Collect(c.Tx, scanAffiliated, `SELECT `+affiliatedColumns+` FROM affiliations WHERE collaborative_id = $1 AND person_id = $2`, i[:])
}

// clusters are the groups of two and more that overlap one after another.
func clusters(rows []affiliated) [][]affiliated {
	slices.SortFunc(rows, func(a, b affiliated) int { return strings.Compare(a.From, b.From) })
	var out [][]affiliated
	for begin := 0; begin < len(rows); {
		end, last := begin+1, rows[begin].To
		for end < len(rows) && (last == "" || rows[end].From < last) {
			last = later(last, rows[end].To)
			end++
		}
		if end-begin > 1 {
			out = append(out, rows[begin:end])
		}
		begin = end
	}
	return out
}

// ofKept says whether an affiliation is of the record that stays.
func (m merging) ofKept(a affiliated) bool {
	return m.kind == OrganizationKind && a.OrganizationID == OrganizationID(m.kept) || m.kind == PersonKind && a.PersonID == PersonID(m.kept)
}

// joinCluster is one affiliation for several, over the days of all of them, false
// when they are not of both records. The kept record's lends its title; who
// speaks for the organization is told by those that lasted longest.
func (m merging) joinCluster(rows []affiliated) (one affiliated, ok bool) {
	at := slices.IndexFunc(rows, m.ofKept)
	if at < 0 || !slices.ContainsFunc(rows, func(a affiliated) bool { return !m.ofKept(a) }) {
		return one, false
	}
	one = rows[at]
	one.Represents = false
	for _, a := range rows {
		one.From, one.To = min(one.From, a.From), later(one.To, a.To)
		one.Title = or(one.Title, a.Title)
	}
	for _, a := range rows {
		one.Represents = one.Represents || a.Represents && a.To == one.To
	}
	return one, true
}

// someRows is how many rows one statement writes.
const someRows = 100

func deleteAffiliated(c *operation.Call, rows []affiliated) error {
	for some := range slices.Chunk(rows, someRows) {
		people, ids := make([]PersonID, len(some)), make([]AffiliationID, len(some))
		for i, a := range some {
			people[i], ids[i] = a.PersonID, a.ID
		}
		if _, err := c.Tx.Exec(`DELETE FROM affiliations WHERE collaborative_id = $1 AND person_id IN ($2) AND id IN ($3)`, store.In(people), store.In(ids)); err != nil {
			return err
		}
	}
	return nil
}

func updateAffiliated(c *operation.Call, a affiliated) error {
	_, err := c.Tx.Exec(`UPDATE affiliations SET title = $4, represents = $5, valid_from = $6, valid_to = $7 WHERE collaborative_id = $1 AND person_id = $2 AND id = $3`,
		a.PersonID, a.ID, a.Title, a.Represents, a.From, store.Text(a.To))
	return err
}

func insertAffiliated(c *operation.Call, rows []affiliated) error {
	for some := range slices.Chunk(rows, someRows) {
		q := store.Select(`INSERT INTO affiliations (collaborative_id, id, person_id, organization_id, title, represents, valid_from, valid_to, person_sort_key) VALUES`)
		comma := " "
		for _, a := range some {
			q.Add(comma)
			q.Add(`($1, ?, ?, ?, ?, ?, ?, ?, (SELECT people.sort_key FROM people WHERE people.collaborative_id = $1 AND people.id = ?))`,
				a.ID, a.PersonID, a.OrganizationID, a.Title, a.Represents, a.From, store.Text(a.To), a.PersonID)
			comma = ", "
		}
		text, args := q.SQL()
		if _, err := c.Tx.Exec(text, args...); err != nil {
			return err
		}
	}
	return nil
}

// returnAffiliations parts what was joined, where nobody changed it since;
// otherwise the merged record's own rows come back and the joined one stays. It
// says how often that was.
func (m merging) returnAffiliations(c *operation.Call) (left int, err error) {
	lists, err := kept[[]joined[affiliated]](c, m, joinedAffiliations)
	if err != nil || len(lists) == 0 {
		return 0, err
	}
	now := map[AffiliationID]affiliated{}
	for some := range slices.Chunk(lists[0], someRows) {
		people, ids := make([]PersonID, len(some)), make([]AffiliationID, len(some))
		for i, j := range some {
			people[i], ids[i] = j.After[0].PersonID, j.After[0].ID
		}
		if err := store.Each(c.Tx, func(row store.Row) error {
			a, err := scanAffiliated(row)
			now[a.ID] = a
			return err
		}, `SELECT `+affiliatedColumns+` FROM affiliations WHERE collaborative_id = $1 AND person_id IN ($2) AND id IN ($3)`, store.In(people), store.In(ids)); err != nil {
			return 0, err
		}
	}
	var back []affiliated
	for _, j := range lists[0] {
		one := j.After[0]
		whole := now[one.ID] == one
		if !whole {
			left++
		}
		for _, a := range j.Before {
			switch {
			case a.ID != one.ID && (whole || !m.ofKept(a)):
				back = append(back, a)
			case a.ID == one.ID && whole && a != one:
				if err := updateAffiliated(c, a); err != nil {
					return left, err
				}
			}
		}
	}
	return left, insertAffiliated(c, back)
}

// joinHoldings makes one of the two organizations' holdings of a function at the
// same time: while both held it, the one holds both shares.
func (m merging) joinHoldings(c *operation.Call) error {
	all, err := store.Collect(c.Tx, scanHolding, `SELECT `+holdingColumns+holdingTables+` AND function_holdings.organization_id IN ($2) ORDER BY function_holdings.organization_id, function_holdings.valid_from, function_holdings.id`,
		store.In([]OrganizationID{m.kept, m.merged}))
	if err != nil {
		return err
	}
	slices.SortStableFunc(all, func(a, b Holding) int {
		return cmp.Or(strings.Compare(a.Function, b.Function), strings.Compare(a.From, b.From))
	})
	for begin := 0; begin < len(all); {
		end, last := begin+1, all[begin].To
		for end < len(all) && all[end].Function == all[begin].Function && (last == "" || all[end].From < last) {
			last = later(last, all[end].To)
			end++
		}
		if end-begin > 1 {
			if err := m.joinHolding(c, all[begin:end]); err != nil {
				return err
			}
		}
		begin = end
	}
	return nil
}

func (m merging) joinHolding(c *operation.Call, rows []Holding) error {
	// Each day on which one begins or ends begins another share.
	var days []string
	for _, h := range rows {
		days = append(days, h.From, h.To)
	}
	slices.Sort(days)
	days = slices.DeleteFunc(slices.Compact(days), func(day string) bool { return day == "" })
	var after []Holding
	for i, day := range days {
		one := Holding{Function: rows[0].Function, OrganizationID: m.kept, From: day, Version: 1, CreatedAt: c.Now, UpdatedAt: c.Now}
		if i+1 < len(days) {
			one.To = days[i+1]
		}
		notes := []string{}
		held := false
		for _, h := range rows {
			if !on(day, h.From, h.To) {
				continue
			}
			held, one.Share = true, min(100, one.Share+h.Share)
			if h.Note != "" && !slices.Contains(notes, h.Note) {
				notes = append(notes, h.Note)
			}
		}
		if !held {
			continue
		}
		one.Note = cutNote(strings.Join(notes, " · "))
		if n := len(after); n > 0 && after[n-1].To == one.From && after[n-1].Share == one.Share && after[n-1].Note == one.Note {
			after[n-1].To = one.To
			continue
		}
		one.ID = id.New[Holding]()
		after = append(after, one)
	}
	for _, h := range rows {
		if err := deleteHolding(c, h.ID); err != nil {
			return err
		}
	}
	for _, h := range after {
		if err := insertHolding(c, h); err != nil {
			return err
		}
	}
	return m.keep(c, joinedHoldings, after[0].ID, "", joined[Holding]{slices.Clone(rows), after})
}

// noteMost is how long the note of a holding may be.
const noteMost = 500

func cutNote(note string) string {
	if r := []rune(note); len(r) > noteMost {
		return string(r[:noteMost])
	}
	return note
}

// returnHoldings is returnAffiliations for the holdings of functions.
func (m merging) returnHoldings(c *operation.Call) (left int, err error) {
	all, err := kept[joined[Holding]](c, m, joinedHoldings)
	for _, j := range all {
		ids := make([]HoldingID, len(j.After))
		for i, h := range j.After {
			ids[i] = h.ID
		}
		now, err := store.Collect(c.Tx, scanHolding, `SELECT `+holdingColumns+holdingTables+` AND function_holdings.id IN ($2)`, store.In(ids))
		if err != nil {
			return left, err
		}
		same := 0
		for _, h := range now {
			if slices.ContainsFunc(j.After, func(o Holding) bool {
				return o.ID == h.ID && o.Version == h.Version && h.OrganizationID == OrganizationID(m.kept)
			}) {
				same++
			}
		}
		whole := same == len(j.After)
		if !whole {
			left++
		}
		for _, i := range ids {
			if !whole {
				break
			}
			if err := deleteHolding(c, i); err != nil {
				return left, err
			}
		}
		for _, h := range j.Before {
			if !whole && h.OrganizationID == OrganizationID(m.kept) {
				continue
			}
			if err := insertHolding(c, h); err != nil {
				return left, err
			}
		}
	}
	return left, err
}
