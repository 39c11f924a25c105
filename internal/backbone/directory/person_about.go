package directory

import (
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// About is everything the directory holds about one person.
type About struct {
	Person       Person         `json:"person" doc:"Their record, with what they told in confidence, tags and notes."`
	Fields       []OwnValue     `json:"fields" doc:"What the collaborative's own fields hold, in words."`
	Affiliations []Affiliation  `json:"affiliations" doc:"Whom they work and worked with."`
	Terms        []Term         `json:"terms" doc:"The seats they hold and held, and those in which they stand in."`
	Touches      []Touch        `json:"touches" doc:"Entries of the relationship log about them."`
	TouchesBy    []Touch        `json:"touches_by" doc:"Entries of the relationship log that name them as the one who was in touch, without what they are about."`
	Merged       []MergedRecord `json:"merged_records" doc:"Records that were merged into theirs."`
}

// OwnValue is a value of a field the collaborative added.
type OwnValue struct {
	Field string   `json:"field"`
	Value []string `json:"value"`
}

// MergedRecord is a record that became part of another.
type MergedRecord struct {
	ID   PersonID `json:"id"`
	Name string   `json:"name"`
}

// AboutPerson reads everything the directory holds about a person, whoever asks:
// it is for an operation of another capability, which checks who may. A person who
// was erased is not there.
func AboutPerson(c *operation.Call, i PersonID) (About, error) {
	p, err := getPerson(c, i)
	if err != nil {
		return About{}, err
	}
	if p.erasedSince() {
		return About{}, operation.Missing()
	}
	a := About{Person: p, Fields: []OwnValue{}}
	fields, err := fieldsOf(c, PersonKind)
	if err != nil {
		return a, err
	}
	for _, f := range fields {
		if value := p.Custom[f.Key]; value != "" {
			a.Fields = append(a.Fields, OwnValue{f.Label, f.Labels(value)})
		}
	}
	if a.Affiliations, err = affiliationsOf(c, i); err != nil {
		return a, err
	}
	if a.Terms, err = store.Collect(c.Tx, scanTerm, `SELECT `+termColumns+termTables+` AND seat_terms.person_id = $2 ORDER BY seat_terms.valid_from, seat_terms.id`, i); err != nil {
		return a, err
	}
	stands, err := store.Collect(c.Tx, scanTerm, `SELECT `+termColumns+termTables+` AND seat_terms.alternate_id = $2 ORDER BY seat_terms.valid_from, seat_terms.id`, i)
	if err != nil {
		return a, err
	}
	a.Terms = append(a.Terms, stands...)
	if a.Touches, err = store.Collect(c.Tx, scanTouch, `SELECT `+touchColumns+touchTables+` AND touches.person_id = $2 AND touches.deleted_at IS NULL ORDER BY touches.happened_on, touches.id`, i); err != nil {
		return a, err
	}
	trashed, err := store.Collect(c.Tx, scanTouch, `SELECT `+touchColumns+touchTables+` AND touches.deleted_at IS NOT NULL AND touches.person_id = $2 ORDER BY touches.deleted_at, touches.id`, i)
	if err != nil {
		return a, err
	}
	a.Touches = append(a.Touches, trashed...)
	if a.TouchesBy, err = store.Collect(c.Tx, scanTouch, `SELECT `+touchColumns+touchTables+` AND touches.by_person_id = $2 AND touches.deleted_at IS NULL ORDER BY touches.happened_on, touches.id`, i); err != nil {
		return a, err
	}
	for n := range a.TouchesBy {
		// Whom they spoke with, and of what, is about others.
		t := &a.TouchesBy[n]
		t.PersonID, t.Person, t.About = PersonID{}, "", ""
	}
	a.Merged, err = store.Collect(c.Tx, func(row store.Row) (m MergedRecord, err error) {
		var q Person
		err = row.Scan(&q.ID, &q.GivenName, &q.FamilyName)
		return MergedRecord{q.ID, q.Name()}, err
	}, `SELECT people.id, people.given_name, people.family_name FROM merges JOIN people ON people.collaborative_id = $1 AND people.id = merges.merged_id
		WHERE merges.collaborative_id = $1 AND merges.kept_id = $2 AND merges.undone_at IS NULL ORDER BY merges.id`, i)
	return a, err
}
