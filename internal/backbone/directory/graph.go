package directory

import (
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// ExportGraphInput is the day to show, and where to go on.
type ExportGraphInput struct {
	AsOf  string `json:"as_of,omitempty" format:"date" doc:"As it stood on this day; today when absent."`
	After string `json:"after,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the next page."`
}

// GraphItem is a node or a tie of the network; only one of the two is there.
type GraphItem struct {
	Node *GraphNode `json:"node,omitempty"`
	Tie  *GraphTie  `json:"tie,omitempty"`

	key []any // where the next page begins
}

// GraphNode is an organization, a person or a body.
type GraphNode struct {
	ID     RecordID `json:"id"`
	Kind   string   `json:"kind" doc:"organization, person or body."`
	Name   string   `json:"name"`
	Type   string   `json:"type,omitempty" doc:"An organization's sector, a body's kind."`
	Status string   `json:"status,omitempty" doc:"An organization's status, a body's state."`
	Place  string   `json:"place,omitempty"`
	Email  string   `json:"email,omitempty" doc:"A person's only for those who may see contact details."`
	Phone  string   `json:"phone,omitempty"`
}

// GraphTie leads from one node to another.
type GraphTie struct {
	ID    RecordID `json:"id"`
	From  RecordID `json:"from"`
	To    RecordID `json:"to"`
	Kind  string   `json:"kind" doc:"affiliation (a person's with an organization), seat (a person's in a body), parent (a body's) or declared."`
	Label string   `json:"label,omitempty" doc:"The title of an affiliation, the role of a seat, the type of a declared tie."`
	Since string   `json:"since,omitempty" doc:"First day, YYYY-MM-DD."`
	Until string   `json:"until,omitempty" doc:"First day it no longer held."`
	// What only declared ties have.
	Mutual   bool   `json:"mutual,omitempty" doc:"Whether a declared tie leads both ways."`
	Strength *int64 `json:"strength,omitempty" doc:"Of a declared tie, 0 to 100; absent when it is not known."`
	Layer    string `json:"layer,omitempty" doc:"Where a declared tie is known from."`
}

// The kinds of tie.
const (
	AffiliationTie = "affiliation"
	SeatTie        = "seat"
	ParentTie      = "parent"
	DeclaredTie    = "declared"
)

// ExportGraph reads who is tied to whom on a day, to be taken away: first the
// nodes, then the ties. People are in it who belong to an organization or hold a
// seat that day, or have a tie, for those who may see ties of people.
var ExportGraph = operation.Define(operation.Operation[ExportGraphInput, operation.Page[GraphItem]]{
	Definition: operation.Definition{ID: "graph.export", Summary: "Reads the network of organizations, people and groups to take away, a thousand at a time", ReadOnly: true, Sensitive: true, Method: "POST", Path: "/graph/export"},
	Limit:      func(in ExportGraphInput) string { return firstPage(in.After) },
	Run: func(c *operation.Call, in ExportGraphInput) (operation.Page[GraphItem], error) {
		return takeAway(c, in.After, func(after string) (operation.Page[GraphItem], error) {
			return graphPage(c, or(in.AsOf, c.Today()), after)
		})
	},
})

// graphStage is one sort of node or tie.
type graphStage struct {
	query func(c *operation.Call, day string) *store.Builder
	order operation.Keyset
	scan  func(c *operation.Call) func(store.Row) (GraphItem, error)
}

// graphPage reads a page of one stage. The cursor is the stage's letter and where
// it goes on within it.
func graphPage(c *operation.Call, day, after string) (operation.Page[GraphItem], error) {
	stage, cursor := 0, ""
	if after != "" {
		stage, cursor = int(after[0]-'a'), after[1:]
	}
	if stage < 0 || stage >= len(graphStages) {
		return operation.Page[GraphItem]{}, operation.InvalidField("after", "errors.bad_cursor")
	}
	s := graphStages[stage]
	s.order.After, s.order.Limit = cursor, exportPage
	page, err := operation.List(c.Tx, s.query(c, day), s.order, s.scan(c), func(g GraphItem) []any { return g.key })
	page.Total = -1
	switch {
	case page.Next != "":
		page.Next = string(rune('a'+stage)) + page.Next
	case stage+1 < len(graphStages):
		page.Next = string(rune('a' + stage + 1))
	}
	return page, err
}

var graphStages = []graphStage{
	{graphOrganizations, operation.Keyset{Columns: []string{"organizations.id"}, Types: "b"}, scanGraphNode(OrganizationKind)},
	{graphBodies, operation.Keyset{Columns: []string{"bodies.id"}, Types: "b"}, scanGraphNode(BodyKind)},
	{graphPeople, operation.Keyset{Columns: []string{"people.id"}, Types: "b"}, scanGraphPerson},
	{graphAffiliations, operation.Keyset{Columns: []string{"affiliations.person_id", "affiliations.id"}, Types: "bb"}, scanGraphTie(AffiliationTie)},
	{graphSeats, operation.Keyset{Columns: []string{"seat_terms.seat_id", "seat_terms.valid_from"}, Types: "bs"}, scanGraphTie(SeatTie)},
	{graphParents, operation.Keyset{Columns: []string{"bodies.id"}, Types: "b"}, scanGraphTie(ParentTie)},
	{graphDeclared, operation.Keyset{Columns: []string{"ties.id"}, Types: "b"}, scanGraphDeclared},
}

// graphOrganizations reads in the order of ids, for which its table must stand first:
// CROSS JOIN keeps SQLite to that.
func graphOrganizations(_ *operation.Call, day string) *store.Builder {
	return store.Select(`SELECT organizations.id, organizations.name, organizations.sector, periods.value, organizations.place, organizations.email, organizations.phone FROM organizations CROSS JOIN periods WHERE organizations.collaborative_id = $1 AND organizations.deleted_at IS NULL
		AND periods.collaborative_id = $1 AND periods.subject_id = organizations.id AND periods.fact = 'status' AND periods.valid_from <= ? AND (periods.valid_to IS NULL OR periods.valid_to > ?)`, day, day)
}

func graphBodies(_ *operation.Call, day string) *store.Builder {
	return store.Select(`SELECT bodies.id, bodies.name, bodies.kind, periods.value, '', '', '' FROM bodies CROSS JOIN periods WHERE bodies.collaborative_id = $1 AND bodies.deleted_at IS NULL
		AND periods.collaborative_id = $1 AND periods.subject_id = bodies.id AND periods.fact = 'state' AND periods.valid_from <= ? AND (periods.valid_to IS NULL OR periods.valid_to > ?)`, day, day)
}

func graphPeople(c *operation.Call, day string) *store.Builder {
	q := store.Select(`SELECT people.id, people.given_name, people.family_name, people.email, people.phone FROM people WHERE people.collaborative_id = $1 AND people.deleted_at IS NULL
		AND ((SELECT COUNT(*) FROM affiliations WHERE affiliations.collaborative_id = $1 AND affiliations.person_id = people.id AND affiliations.valid_from <= ? AND (affiliations.valid_to IS NULL OR affiliations.valid_to > ?)) > 0
		OR (SELECT COUNT(*) FROM seat_terms WHERE seat_terms.collaborative_id = $1 AND seat_terms.person_id = people.id AND seat_terms.valid_from <= ? AND (seat_terms.valid_to IS NULL OR seat_terms.valid_to > ?)) > 0`, day, day, day, day)
	if c.Can(SeePersonTies) {
		q.Add(` OR (SELECT COUNT(*) FROM ties WHERE ties.collaborative_id = $1 AND ties.from_person_id = people.id AND ties.deleted_at IS NULL AND (ties.valid_from IS NULL OR ties.valid_from <= ?) AND (ties.valid_to IS NULL OR ties.valid_to > ?)) > 0
			OR (SELECT COUNT(*) FROM ties WHERE ties.collaborative_id = $1 AND ties.to_person_id = people.id AND ties.deleted_at IS NULL AND (ties.valid_from IS NULL OR ties.valid_from <= ?) AND (ties.valid_to IS NULL OR ties.valid_to > ?)) > 0`, day, day, day, day)
	}
	q.Add(`)`)
	return q
}

func graphAffiliations(_ *operation.Call, day string) *store.Builder {
	return store.Select(`SELECT affiliations.id, affiliations.person_id, affiliations.organization_id, affiliations.title, affiliations.valid_from, affiliations.valid_to, affiliations.person_id FROM affiliations
		WHERE affiliations.collaborative_id = $1 AND affiliations.valid_from <= ? AND (affiliations.valid_to IS NULL OR affiliations.valid_to > ?)`, day, day)
}

func graphSeats(_ *operation.Call, day string) *store.Builder {
	return store.Select(`SELECT seat_terms.id, seat_terms.person_id, seat_terms.body_id, seats.role, seat_terms.valid_from, seat_terms.valid_to, seat_terms.seat_id FROM seat_terms
		JOIN seats ON seats.collaborative_id = $1 AND seats.id = seat_terms.seat_id AND seats.deleted_at IS NULL
		WHERE seat_terms.collaborative_id = $1 AND seat_terms.valid_from <= ? AND (seat_terms.valid_to IS NULL OR seat_terms.valid_to > ?)`, day, day)
}

func graphParents(*operation.Call, string) *store.Builder {
	return store.Select(`SELECT bodies.id, bodies.id, bodies.parent_id, '', '', NULL, bodies.id FROM bodies WHERE bodies.collaborative_id = $1 AND bodies.deleted_at IS NULL AND bodies.parent_id IS NOT NULL`)
}

// graphDeclared are the ties that were declared; those of people only for those
// who may see them.
func graphDeclared(c *operation.Call, day string) *store.Builder {
	q := store.Select(`SELECT ties.id, ties.from_organization_id, ties.from_person_id, ties.to_organization_id, ties.to_person_id, ties.type, ties.valid_from, ties.valid_to, ties.direction = 'mutual', ties.strength, ties.layer FROM ties
		WHERE ties.collaborative_id = $1 AND ties.deleted_at IS NULL AND (ties.valid_from IS NULL OR ties.valid_from <= ?) AND (ties.valid_to IS NULL OR ties.valid_to > ?)`, day, day)
	if !c.Can(SeePersonTies) {
		q.Where(`ties.from_person_id IS NULL AND ties.to_person_id IS NULL`)
	}
	return q
}

func scanGraphNode(kind string) func(*operation.Call) func(store.Row) (GraphItem, error) {
	return func(*operation.Call) func(store.Row) (GraphItem, error) {
		return func(row store.Row) (GraphItem, error) {
			n := GraphNode{Kind: kind}
			err := row.Scan(&n.ID, &n.Name, &n.Type, &n.Status, &n.Place, &n.Email, &n.Phone)
			return GraphItem{Node: &n, key: []any{n.ID[:]}}, err
		}
	}
}

func scanGraphPerson(c *operation.Call) func(store.Row) (GraphItem, error) {
	contacts := c.Can(SeeContacts)
	return func(row store.Row) (GraphItem, error) {
		var p Person
		err := row.Scan(&p.ID, &p.GivenName, &p.FamilyName, &p.Email, &p.Phone)
		n := GraphNode{ID: RecordID(p.ID), Kind: PersonKind, Name: p.Name()}
		if contacts {
			n.Email, n.Phone = p.Email, p.Phone
		}
		return GraphItem{Node: &n, key: []any{n.ID[:]}}, err
	}
}

func scanGraphTie(kind string) func(*operation.Call) func(store.Row) (GraphItem, error) {
	return func(*operation.Call) func(store.Row) (GraphItem, error) {
		return func(row store.Row) (GraphItem, error) {
			t := GraphTie{Kind: kind}
			var place RecordID
			err := row.Scan(&t.ID, &t.From, &t.To, &t.Label, &t.Since, store.ScanText(&t.Until), &place)
			g := GraphItem{Tie: &t, key: []any{place[:], t.ID[:]}}
			switch kind {
			case SeatTie:
				g.key = []any{place[:], t.Since}
			case ParentTie:
				g.key = []any{place[:]}
			}
			return g, err
		}
	}
}

func scanGraphDeclared(*operation.Call) func(store.Row) (GraphItem, error) {
	return func(row store.Row) (GraphItem, error) {
		t := GraphTie{Kind: DeclaredTie}
		var fromPerson, toPerson RecordID
		err := row.Scan(&t.ID, &t.From, &fromPerson, &t.To, &toPerson, &t.Label, store.ScanText(&t.Since), store.ScanText(&t.Until), &t.Mutual, &t.Strength, &t.Layer)
		if t.From.IsZero() {
			t.From = fromPerson
		}
		if t.To.IsZero() {
			t.To = toPerson
		}
		return GraphItem{Tie: &t, key: []any{t.ID[:]}}, err
	}
}
