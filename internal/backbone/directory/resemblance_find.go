package directory

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"strings"

	"commontable/internal/analysis/resemblance"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/search"
	"commontable/internal/platform/store"
)

// FindInput is a record, on record already or about to be added.
type FindInput struct {
	Kind       string   `json:"kind" required:"true" enum:"organization,person"`
	ID         RecordID `json:"id,omitempty" doc:"The record; the other fields are then its own."`
	Name       string   `json:"name,omitempty" maxLength:"200" doc:"An organization's name."`
	GivenName  string   `json:"given_name,omitempty" maxLength:"100"`
	FamilyName string   `json:"family_name,omitempty" maxLength:"100"`
	Email      string   `json:"email,omitempty" maxLength:"254"`
	Phone      string   `json:"phone,omitempty" maxLength:"50"`
	Website    string   `json:"website,omitempty" maxLength:"500"`
}

// AlikeRecords are the records that look like one.
type AlikeRecords struct {
	Items []Resemblance `json:"items"`
}

// FindAlike finds at once what looks like one record, for its page and before
// another is added. Of a record that the last search compared it tells what that
// search found, and compares only those that changed since. Otherwise it looks at
// records with a word of the name or the address in common and at the neighbors in
// the order of names, not at all of them.
var FindAlike = operation.Define(operation.Operation[FindInput, AlikeRecords]{
	Definition: operation.Definition{ID: "resemblances.find", Summary: "Finds records that look like one, on record or about to be added", ReadOnly: true, Method: "POST", Path: "/resemblances/find"},
	Limit:      func(FindInput) string { return SearchLimit },
	Run: func(c *operation.Call, in FindInput) (AlikeRecords, error) {
		found, known, err := knownAlike(c, in)
		if err == nil && !known {
			found, err = alikeNow(c, in)
		}
		slices.SortStableFunc(found, func(a, b Resemblance) int { return cmp.Compare(b.Score, a.Score) })
		out := AlikeRecords{Items: append([]Resemblance{}, found[:min(len(found), mostAlike)]...)}
		if err == nil {
			err = nameAlike(c, in.Kind, out.Items)
		}
		for i := range out.Items {
			out.Items[i] = out.Items[i].visibleTo(c)
		}
		return out, err
	},
})

const (
	mostAlike = 10 // how many records that look like one are told
	nearby    = 40 // how many are looked at for each word, and on each side
	mostLater = 40 // how many records that changed since the last search are compared
)

// knownAlike is what the last search found of a record, together with what
// resembles it among the records that changed since. It does not know when the
// record changed itself, or many others did.
func knownAlike(c *operation.Call, in FindInput) (found []Resemblance, known bool, err error) {
	if in.ID.IsZero() {
		return nil, false, nil
	}
	asked, err := store.Value[int64](c.Tx, `SELECT asked_at FROM resemblance_runs WHERE collaborative_id = $1 AND kind = $2 AND finished_at IS NOT NULL`, in.Kind)
	if errors.Is(err, store.ErrNotFound) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	later, err := changedSince(c, in.Kind, asked)
	if err != nil || len(later) > mostLater || slices.Contains(later, in.ID) {
		return nil, false, err
	}
	pairs, err := pairsOf(c, in.Kind, in.ID)
	if err != nil {
		return nil, false, err
	}
	there, err := notInTrash(c, in.Kind, pairs)
	if err != nil {
		return nil, false, err
	}
	for _, r := range pairs {
		if r.Decision == OpenDecision && !slices.Contains(later, r.Second.ID) && slices.Contains(there, r.Second.ID) {
			found = append(found, r)
		}
	}
	if len(later) > 0 {
		fresh, err := alikeAmong(c, in, later, pairs)
		return append(found, fresh...), true, err
	}
	return found, true, nil
}

// alikeNow compares a record with those near it.
func alikeNow(c *operation.Call, in FindInput) ([]Resemblance, error) {
	var pairs []Resemblance
	if !in.ID.IsZero() {
		known, err := pairsOf(c, in.Kind, in.ID)
		if err != nil {
			return nil, err
		}
		pairs = known
	}
	return alikeAmong(c, in, nil, pairs)
}

// changedSince are the records that changed since a search was asked for, in
// microseconds; some when they are more than mostLater.
func changedSince(c *operation.Call, kind string, asked int64) ([]RecordID, error) {
	if kind == PersonKind {
		return store.Collect(c.Tx, scanRecordID, `SELECT id FROM people WHERE collaborative_id = $1 AND deleted_at IS NULL AND updated_at >= $2 ORDER BY updated_at DESC, id DESC LIMIT 41`, asked)
	}
	return store.Collect(c.Tx, scanRecordID, `SELECT id FROM organizations WHERE collaborative_id = $1 AND deleted_at IS NULL AND updated_at >= $2 ORDER BY updated_at DESC, id DESC LIMIT 41`, asked)
}

// pairsOf are the pairs that a record belongs to, with the record first.
func pairsOf(c *operation.Call, kind string, i RecordID) ([]Resemblance, error) {
	pairs, err := store.Collect(c.Tx, scanResemblance(kind), `SELECT `+resemblanceColumns+` FROM resemblances WHERE collaborative_id = $1 AND kind = $2 AND first_id = $3`, kind, i)
	if err != nil {
		return nil, err
	}
	turned, err := store.Collect(c.Tx, scanResemblance(kind), `SELECT `+resemblanceColumns+` FROM resemblances WHERE collaborative_id = $1 AND kind = $2 AND second_id = $3`, kind, i)
	for _, r := range turned {
		r.First, r.Second = r.Second, r.First
		for _, reason := range r.Reasons {
			slices.Reverse(reason.Args)
		}
		pairs = append(pairs, r)
	}
	return pairs, err
}

// notInTrash are the second records of pairs, as far as they do not lie in the trash.
func notInTrash(c *operation.Call, kind string, pairs []Resemblance) ([]RecordID, error) {
	ids := make([]RecordID, len(pairs))
	for n, r := range pairs {
		ids[n] = r.Second.ID
	}
	if kind == PersonKind {
		return store.Collect(c.Tx, scanRecordID, `SELECT id FROM people WHERE collaborative_id = $1 AND id IN ($2) AND deleted_at IS NULL`, store.In(ids))
	}
	return store.Collect(c.Tx, scanRecordID, `SELECT id FROM organizations WHERE collaborative_id = $1 AND id IN ($2) AND deleted_at IS NULL`, store.In(ids))
}

// alikeAmong are the records of some, or of those near it when they are nil, that
// look like a record, without those of which somebody said that they are not, as its
// pairs tell.
func alikeAmong(c *operation.Call, in FindInput, some []RecordID, pairs []Resemblance) ([]Resemblance, error) {
	compare := alikeOrganizations
	if in.Kind == PersonKind {
		compare = alikePeople
	}
	matches, err := compare(c, in, some)
	var found []Resemblance
	for _, m := range matches {
		r := Resemblance{Kind: in.Kind, First: Alike{ID: RecordID(m.A)}, Second: Alike{ID: RecordID(m.B)}, Score: scored(m.Score), Reasons: reasonsOf(m), Decision: OpenDecision}
		r.Certain = certain(r.Score)
		if !slices.ContainsFunc(pairs, func(known Resemblance) bool {
			return known.Second.ID == r.Second.ID && known.Decision == DifferentDecision
		}) {
			found = append(found, r)
		}
	}
	return found, err
}

// newKey stands for a record that has no id yet.
var newKey = resemblance.Key{0: 1}

func alikePeople(c *operation.Call, in FindInput, some []RecordID) ([]resemblance.Match, error) {
	one := Person{GivenName: in.GivenName, FamilyName: in.FamilyName, Email: in.Email, Phone: in.Phone}
	if !in.ID.IsZero() {
		p, err := getPerson(c, PersonID(in.ID))
		if err != nil {
			return nil, err
		}
		one = p
	}
	if some == nil {
		ids, err := peopleNear(c, one)
		if err != nil {
			return nil, err
		}
		some = ids
	}
	people, err := store.Collect(c.Tx, scanPerson, `SELECT `+personColumns+` FROM people WHERE collaborative_id = $1 AND id IN ($2) AND deleted_at IS NULL`, store.In(some))
	if err != nil {
		return nil, err
	}
	if err := attachAffiliations(c, people, c.Today()); err != nil {
		return nil, err
	}
	records := make([]resemblance.Person, 0, len(people))
	for _, p := range people {
		records = append(records, comparedPerson(p, nil, worksWith(p)))
	}
	record := comparedPerson(one, nil, worksWith(one))
	if in.ID.IsZero() {
		record.Key = newKey
	}
	return resemblance.NewPersonIndex(records).Candidates(record), nil
}

// peopleNear are people who may resemble one.
func peopleNear(c *operation.Call, one Person) ([]RecordID, error) {
	ids, err := near(c, PersonKind, []string{one.Name(), one.FamilyName, one.GivenName, one.Email, one.Phone})
	if err != nil {
		return nil, err
	}
	after, err := store.Collect(c.Tx, scanRecordID, `SELECT id FROM people WHERE collaborative_id = $1 AND deleted_at IS NULL AND sort_key >= $2 ORDER BY sort_key, id LIMIT 40`, sortKey(c, one.SortName()))
	if err != nil {
		return nil, err
	}
	before, err := store.Collect(c.Tx, scanRecordID, `SELECT id FROM people WHERE collaborative_id = $1 AND deleted_at IS NULL AND sort_key < $2 ORDER BY sort_key DESC, id DESC LIMIT 40`, sortKey(c, one.SortName()))
	if err != nil {
		return nil, err
	}
	ids = append(append(ids, after...), before...)
	if one.Email != "" {
		more, err := store.Collect(c.Tx, scanRecordID, `SELECT id FROM people WHERE collaborative_id = $1 AND email_key = $2 AND deleted_at IS NULL`, i18n.FoldKey(one.Email))
		if err != nil {
			return nil, err
		}
		ids = append(ids, more...)
	}
	return distinctIDs(ids), nil
}

// worksWith is the organization of a person, as it is compared.
func worksWith(p Person) []string {
	if p.Affiliation == nil {
		return nil
	}
	return []string{p.Affiliation.Organization}
}

func alikeOrganizations(c *operation.Call, in FindInput, some []RecordID) ([]resemblance.Match, error) {
	one := Organization{Name: in.Name, Email: in.Email, Phone: in.Phone, Website: in.Website}
	if !in.ID.IsZero() {
		o, err := getOrganization(c.Tx, OrganizationID(in.ID))
		if err != nil {
			return nil, err
		}
		one = o
	}
	if some == nil {
		ids, err := organizationsNear(c, one)
		if err != nil {
			return nil, err
		}
		some = ids
	}
	all, err := store.Collect(c.Tx, scanOrganization, `SELECT `+organizationColumns+` FROM organizations WHERE collaborative_id = $1 AND id IN ($2) AND deleted_at IS NULL`, store.In(some))
	if err != nil {
		return nil, err
	}
	records := make([]resemblance.Organization, 0, len(all))
	for _, o := range all {
		records = append(records, comparedOrganization(o))
	}
	record := comparedOrganization(one)
	if in.ID.IsZero() {
		record.Key = newKey
	}
	return resemblance.NewOrganizationIndex(records).Candidates(record), nil
}

// organizationsNear are organizations that may resemble one.
func organizationsNear(c *operation.Call, one Organization) ([]RecordID, error) {
	words := i18n.Words(one.Name)
	slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) })
	texts := append([]string{one.Name, one.Website, one.Email}, words[:min(len(words), 4)]...)
	ids, err := near(c, OrganizationKind, append(texts, one.OtherNames[:min(len(one.OtherNames), 4)]...))
	if err != nil {
		return nil, err
	}
	after, err := store.Collect(c.Tx, scanRecordID, `SELECT id FROM organizations WHERE collaborative_id = $1 AND deleted_at IS NULL AND sort_key >= $2 ORDER BY sort_key, id LIMIT 40`, sortKey(c, one.Name))
	if err != nil {
		return nil, err
	}
	before, err := store.Collect(c.Tx, scanRecordID, `SELECT id FROM organizations WHERE collaborative_id = $1 AND deleted_at IS NULL AND sort_key < $2 ORDER BY sort_key DESC, id DESC LIMIT 40`, sortKey(c, one.Name))
	return distinctIDs(append(append(ids, after...), before...)), err
}

func scanRecordID(row store.Row) (i RecordID, err error) { return i, row.Scan(&i) }

// near are records that a search for any of the texts finds.
func near(c *operation.Call, kind string, texts []string) ([]RecordID, error) {
	var ids []RecordID
	right := SeeNotes
	if kind == PersonKind {
		right = SeeContacts
	}
	for _, text := range texts {
		if strings.TrimSpace(text) == "" {
			continue
		}
		found, err := search.Find(c.Tx, search.Query{Text: text, Kinds: []string{kind}, Reach: reach(c, right), Limit: nearby})
		if err != nil {
			return nil, err
		}
		for _, hit := range found.Hits {
			ids = append(ids, hit.ID)
		}
	}
	return ids, nil
}

func distinctIDs(ids []RecordID) []RecordID {
	slices.SortFunc(ids, func(a, b RecordID) int { return bytes.Compare(a[:], b[:]) })
	return slices.Compact(ids)
}
