package directory

import (
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

// overlaps says whether two spans, whose ends are open when empty, share a day.
func overlaps(aFrom, aTo, bFrom, bTo string) bool {
	return (aTo == "" || aTo > bFrom) && (bTo == "" || bTo > aFrom)
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
	all, err := m.overlapping(c)
	if err != nil {
		return err
	}
	type pair struct {
		person       PersonID
		organization OrganizationID
	}
	groups := map[pair][]affiliated{}
	var order []pair
	for _, a := range all {
		p := pair{a.PersonID, a.OrganizationID}
		if m.kind == OrganizationKind {
			p.organization = OrganizationID{}
		} else {
			p.person = PersonID{}
		}
		if groups[p] == nil {
			order = append(order, p)
		}
		groups[p] = append(groups[p], a)
	}
	for _, p := range order {
		for _, cluster := range clusters(groups[p]) {
			if err := m.joinCluster(c, cluster); err != nil {
				return err
			}
		}
	}
	return nil
}

// overlapping are all affiliations of those who have one of the kept and one of
// the merged record at the same time, each once.
func (m merging) overlapping(c *operation.Call) ([]affiliated, error) {
	const both = ` FROM affiliations AS m JOIN affiliations AS k ON k.collaborative_id = $1`
	const sameTime = ` AND (k.valid_to IS NULL OR k.valid_to > m.valid_from) AND (m.valid_to IS NULL OR m.valid_to > k.valid_from)`
	var people []PersonID
	var organizations []OrganizationID
	var err error
	if m.kind == OrganizationKind {
		people, err = store.Collect(c.Tx, func(row store.Row) (i PersonID, err error) { return i, row.Scan(&i) },
			`SELECT m.person_id`+both+` AND k.person_id = m.person_id AND k.organization_id = $3 WHERE m.collaborative_id = $1 AND m.organization_id = $2`+sameTime, m.merged[:], m.kept[:])
		organizations = []OrganizationID{m.kept, m.merged}
	} else {
		organizations, err = store.Collect(c.Tx, func(row store.Row) (i OrganizationID, err error) { return i, row.Scan(&i) },
			`SELECT m.organization_id`+both+` AND k.organization_id = m.organization_id AND k.person_id = $3 WHERE m.collaborative_id = $1 AND m.person_id = $2`+sameTime, m.merged[:], m.kept[:])
		people = []PersonID{m.kept, m.merged}
	}
	if err != nil || len(people) == 0 || len(organizations) == 0 {
		return nil, err
	}
	slices.SortFunc(people, func(a, b PersonID) int { return cmp.Compare(string(a[:]), string(b[:])) })
	people = slices.Compact(people)
	var out []affiliated
	for some := range slices.Chunk(people, 500) {
		page, err := store.Collect(c.Tx, scanAffiliated, `SELECT `+affiliatedColumns+` FROM affiliations WHERE collaborative_id = $1 AND person_id IN ($2) AND organization_id IN ($3)`,
			store.In(some), store.In(organizations))
		if err != nil {
			return nil, err
		}
		out = append(out, page...)
	}
	return out, nil
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

// joinCluster makes one affiliation of several, over the days of all of them.
// The kept record's lends its title; who speaks for the organization is told by
// those that lasted longest.
func (m merging) joinCluster(c *operation.Call, rows []affiliated) error {
	at := slices.IndexFunc(rows, m.ofKept)
	if at < 0 || !slices.ContainsFunc(rows, func(a affiliated) bool { return !m.ofKept(a) }) {
		return nil
	}
	one := rows[at]
	one.Represents = false
	for _, a := range rows {
		one.From, one.To = min(one.From, a.From), later(one.To, a.To)
		one.Title = or(one.Title, a.Title)
	}
	for _, a := range rows {
		one.Represents = one.Represents || a.Represents && a.To == one.To
	}
	for _, a := range rows {
		if err := deleteAffiliated(c, a); err != nil {
			return err
		}
	}
	if err := insertAffiliated(c, one); err != nil {
		return err
	}
	return m.keep(c, joinedAffiliations, one.ID, "", joined[affiliated]{rows, []affiliated{one}})
}

func deleteAffiliated(c *operation.Call, a affiliated) error {
	_, err := c.Tx.Exec(`DELETE FROM affiliations WHERE collaborative_id = $1 AND person_id = $2 AND id = $3`, a.PersonID, a.ID)
	return err
}

func insertAffiliated(c *operation.Call, a affiliated) error {
	_, err := c.Tx.Exec(`INSERT INTO affiliations (collaborative_id, id, person_id, organization_id, title, represents, valid_from, valid_to, person_sort_key)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, (SELECT people.sort_key FROM people WHERE people.collaborative_id = $1 AND people.id = $3))`,
		a.ID, a.PersonID, a.OrganizationID, a.Title, a.Represents, a.From, store.Text(a.To))
	return err
}

// returnAffiliations parts what was joined, where nobody changed it since;
// otherwise the merged record's own rows come back and the joined one stays. It
// says how often that was.
func (m merging) returnAffiliations(c *operation.Call) (left int, err error) {
	all, err := kept[joined[affiliated]](c, m, joinedAffiliations)
	for _, j := range all {
		one := j.After[0]
		now, err := store.Collect(c.Tx, scanAffiliated, `SELECT `+affiliatedColumns+` FROM affiliations WHERE collaborative_id = $1 AND person_id = $2 AND id = $3`, one.PersonID, one.ID)
		if err != nil {
			return left, err
		}
		whole := len(now) == 1 && now[0] == one
		if whole {
			if err := deleteAffiliated(c, one); err != nil {
				return left, err
			}
		} else {
			left++
		}
		for _, a := range j.Before {
			if !whole && m.ofKept(a) {
				continue
			}
			if err := insertAffiliated(c, a); err != nil {
				return left, err
			}
		}
	}
	return left, err
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
