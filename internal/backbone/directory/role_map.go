package directory

import (
	"bytes"
	"cmp"
	"slices"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// RoleMapInput is the day to show.
type RoleMapInput struct {
	AsOf string `json:"as_of,omitempty" format:"date" doc:"As it stood on this day; today when absent."`
}

// RoleMap says who is who on a day.
type RoleMap struct {
	AsOf string `json:"as_of"`
	// First is the first day of which anything is on record; absent when nothing is.
	First string `json:"first,omitempty"`
	// Entities are the organizations that play a part, with everything they do,
	// by name.
	Entities []Entity `json:"entities"`
	// Bodies are the bodies of that day, with how many of their seats are held.
	Bodies []Body `json:"bodies"`
	// Chairs are who chaired them.
	Chairs    []Term     `json:"chairs"`
	Functions []Function `json:"functions"`
}

// Entity is an organization and the hats it wears.
type Entity struct {
	ID   OrganizationID `json:"id"`
	Name string         `json:"name"`
	Hats []Hat          `json:"hats"`
}

// Hat is one part an organization plays.
type Hat struct {
	Kind string `json:"kind" doc:"A part (host, funder, lead_organization, fiscal_sponsor), function, chair or vote."`
	// Detail is the function's key for a function, the body's name for a chair or vote.
	Detail string `json:"detail,omitempty"`
	Since  string `json:"since" doc:"First day, YYYY-MM-DD."`
}

// The kinds of hat that are no parts.
const (
	FunctionHat = "function"
	ChairHat    = "chair"
	VoteHat     = "vote"
)

// GetRoleMap shows who is who on a day: host, lead organizations, funders, who
// performs the backbone's functions, who chairs, and where one organization
// wears several hats.
var GetRoleMap = operation.Define(operation.Operation[RoleMapInput, RoleMap]{
	Definition: operation.Definition{ID: "role-map.get", Summary: "Shows who is who on a day, and where one organization wears several hats", ReadOnly: true, Method: "GET", Path: "/role-map"},
	Run: func(c *operation.Call, in RoleMapInput) (RoleMap, error) {
		m := RoleMap{AsOf: or(in.AsOf, c.Today()), Entities: []Entity{}, Chairs: []Term{}}
		hats := wardrobe{}
		if err := hats.parts(c, m.AsOf); err != nil {
			return m, err
		}
		functions, err := ListFunctions.Run(c, ListFunctionsInput{AsOf: m.AsOf})
		if err != nil {
			return m, err
		}
		m.Functions = functions.Items
		for _, f := range m.Functions {
			for _, h := range f.Holdings {
				hats.put(h.OrganizationID, h.Holder, Hat{FunctionHat, f.Key, h.From})
			}
		}
		bodies, err := listBodies(c, ListBodiesInput{AsOf: m.AsOf, Brief: true, Limit: 200})
		if err != nil {
			return m, err
		}
		m.Bodies = bodies.Items
		if err := hats.votes(c, m.AsOf, m.Bodies); err != nil {
			return m, err
		}
		if m.Chairs, err = hats.chairs(c, m.AsOf); err != nil {
			return m, err
		}
		m.Entities = hats.entities(c)
		m.First, err = firstDay(c)
		return m, err
	},
})

// wardrobe gathers the hats of organizations.
type wardrobe map[OrganizationID]*Entity

func (w wardrobe) put(i OrganizationID, name string, h Hat) {
	if i.IsZero() {
		return
	}
	if w[i] == nil {
		w[i] = &Entity{ID: i, Name: name}
	}
	w[i].Hats = append(w[i].Hats, h)
}

// parts are the parts organizations play on a day.
func (w wardrobe) parts(c *operation.Call, day string) error {
	return store.Each(c.Tx, func(row store.Row) error {
		var i OrganizationID
		var name, fact, from string
		err := row.Scan(&i, &name, &fact, &from)
		w.put(i, name, Hat{Kind: fact, Since: from})
		return err
	}, `SELECT organizations.id, organizations.name, periods.fact, periods.valid_from FROM periods
		JOIN organizations ON organizations.collaborative_id = $1 AND organizations.id = periods.subject_id
		WHERE periods.collaborative_id = $1 AND periods.fact IN ($2) AND periods.value = 'yes' AND periods.valid_from <= $3 AND (periods.valid_to IS NULL OR periods.valid_to > $3)
		AND organizations.deleted_at IS NULL`, store.In(Parts), day)
}

// votes adds the votes of a day and counts the seats of its bodies. It goes
// through the seats there were that day, of which there are few, and not through
// all terms there ever were.
func (w wardrobe) votes(c *operation.Call, day string, bodies []Body) error {
	at := make(map[BodyID]*Body, len(bodies))
	for i := range bodies {
		at[bodies[i].ID] = &bodies[i]
	}
	return store.Each(c.Tx, func(row store.Row) error {
		var body BodyID
		var voting bool
		var organization OrganizationID
		var called, name, since string
		if err := row.Scan(&body, &called, &voting, &organization, store.ScanText(&name), store.ScanText(&since)); err != nil {
			return err
		}
		if b := at[body]; b != nil {
			b.addSeat(voting, since != "")
		}
		if voting {
			w.put(organization, name, Hat{VoteHat, called, since})
		}
		return nil
	}, `SELECT seats.body_id, bodies.name, seats.voting, seat_terms.organization_id, organizations.name, seat_terms.valid_from FROM seats
		JOIN bodies ON bodies.collaborative_id = $1 AND bodies.id = seats.body_id AND bodies.deleted_at IS NULL
		LEFT JOIN seat_terms ON seat_terms.collaborative_id = $1 AND seat_terms.seat_id = seats.id
			AND seat_terms.valid_from = (SELECT MAX(last.valid_from) FROM seat_terms AS last WHERE last.collaborative_id = $1 AND last.seat_id = seats.id AND last.valid_from <= $2)
			AND (seat_terms.valid_to IS NULL OR seat_terms.valid_to > $2)
		LEFT JOIN organizations ON organizations.collaborative_id = $1 AND organizations.id = seat_terms.organization_id
		WHERE seats.collaborative_id = $1 AND seats.deleted_at IS NULL AND seats.valid_from <= $2 AND (seats.valid_to IS NULL OR seats.valid_to > $2)
		ORDER BY seats.body_sort_key, seats.body_id, seats.position, seats.id`, day)
}

// chairs adds and returns whoever chaired a body on a day. The CROSS JOIN keeps
// SQLite to going through the seats.
func (w wardrobe) chairs(c *operation.Call, day string) ([]Term, error) {
	terms, err := store.Collect(c.Tx, scanTerm, `SELECT `+termColumns+` FROM seats CROSS JOIN seat_terms
		JOIN bodies ON bodies.collaborative_id = $1 AND bodies.id = seats.body_id
		JOIN people ON people.collaborative_id = $1 AND people.id = seat_terms.person_id
		LEFT JOIN people AS alternates ON alternates.collaborative_id = $1 AND alternates.id = seat_terms.alternate_id
		LEFT JOIN organizations ON organizations.collaborative_id = $1 AND organizations.id = seat_terms.organization_id
		WHERE seats.collaborative_id = $1 AND seat_terms.collaborative_id = $1 AND seat_terms.seat_id = seats.id AND seats.deleted_at IS NULL AND bodies.deleted_at IS NULL
		AND seats.valid_from <= $2 AND (seats.valid_to IS NULL OR seats.valid_to > $2) AND seats.role IN ('chair', 'co_chair')
		AND seat_terms.valid_from = (SELECT MAX(last.valid_from) FROM seat_terms AS last WHERE last.collaborative_id = $1 AND last.seat_id = seats.id AND last.valid_from <= $2)
		AND (seat_terms.valid_to IS NULL OR seat_terms.valid_to > $2)
		ORDER BY seats.body_sort_key, seats.body_id, seats.position, seats.id`, day)
	if terms == nil {
		terms = []Term{}
	}
	for _, t := range terms {
		w.put(t.OrganizationID, t.Organization, Hat{ChairHat, t.Body, t.From})
	}
	return terms, err
}

// entities are everyone with a hat, by name as the collaborative's language
// orders names.
func (w wardrobe) entities(c *operation.Call) []Entity {
	out := make([]Entity, 0, len(w))
	for _, e := range w {
		out = append(out, *e)
	}
	slices.SortFunc(out, func(a, b Entity) int {
		return cmp.Or(bytes.Compare(sortKey(c, a.Name), sortKey(c, b.Name)), bytes.Compare(a.ID[:], b.ID[:]))
	})
	return out
}

// firstDay is the first day of which a status or a body's state is on record.
func firstDay(c *operation.Call) (string, error) {
	first := ""
	for _, fact := range []string{StatusFact, StateFact} {
		day, err := store.One(c.Tx, func(row store.Row) (s string, err error) { return s, row.Scan(store.ScanText(&s)) },
			`SELECT MIN(valid_from) FROM periods WHERE collaborative_id = $1 AND fact = $2`, fact)
		if err != nil {
			return "", err
		}
		if day != "" && (first == "" || day < first) {
			first = day
		}
	}
	return first, nil
}
