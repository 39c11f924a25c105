package directory

import (
	"encoding/json"

	"commontable/internal/platform/access"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// PersonChoice says from which of two people's records a field is taken.
type PersonChoice struct {
	Field string `json:"field" required:"true" enum:"given_name,family_name,email,phone,language,notes,channel,access_needs,lived_experience,custom"`
	From  string `json:"from" required:"true" enum:"kept,merged"`
}

// PersonMerge is two records of one person.
type PersonMerge struct {
	ID           PersonID       `json:"id"`
	Version      int64          `json:"version" required:"true" doc:"The version that was read of the one that stays; a newer one answers with a conflict."`
	MergeID      PersonID       `json:"merge_id" doc:"The one that goes into it."`
	MergeVersion int64          `json:"merge_version" required:"true" doc:"The version that was read of the one that goes."`
	Fields       []PersonChoice `json:"fields,omitempty" maxItems:"20" doc:"Where a field is to come from; otherwise from the one that stays, or from the other where that is empty."`
	Custom       []OwnChoice    `json:"custom,omitempty" maxItems:"100" doc:"Where the value of a field of the collaborative's own is to come from."`
}

// mergedPerson are the fields of a person that a merge joins.
type mergedPerson struct {
	GivenName       string                     `json:"given_name"`
	FamilyName      string                     `json:"family_name"`
	OtherNames      []string                   `json:"other_names"`
	Email           string                     `json:"email"`
	OtherEmails     []string                   `json:"other_emails"`
	Phone           string                     `json:"phone"`
	Language        string                     `json:"language"`
	Notes           string                     `json:"notes"`
	Channel         string                     `json:"channel"`
	NoMailings      bool                       `json:"no_mailings"`
	AccessNeeds     string                     `json:"access_needs"`
	LivedExperience string                     `json:"lived_experience"`
	Custom          map[string]json.RawMessage `json:"custom"`
}

func (p mergedPerson) named() Person {
	return Person{GivenName: p.GivenName, FamilyName: p.FamilyName}
}

func readMergedPerson(c *operation.Call, i PersonID) (mergedPerson, error) {
	return store.One(c.Tx, func(row store.Row) (mergedPerson, error) {
		f := mergedPerson{OtherNames: []string{}, OtherEmails: []string{}, Custom: map[string]json.RawMessage{}}
		return f, row.Scan(&f.GivenName, &f.FamilyName, store.ScanJSON(&f.OtherNames), &f.Email, store.ScanJSON(&f.OtherEmails), &f.Phone, &f.Language, &f.Notes,
			&f.Channel, &f.NoMailings, &f.AccessNeeds, &f.LivedExperience, store.ScanJSON(&f.Custom))
	}, `SELECT given_name, family_name, other_names, email, other_emails, phone, language, notes, channel, no_mailings, access_needs, lived_experience, custom FROM people WHERE collaborative_id = $1 AND id = $2`, i)
}

func writeMergedPerson(c *operation.Call, i PersonID, f mergedPerson, version int64) error {
	return operation.Changed(c.Tx.Exec(`UPDATE people SET given_name = $3, family_name = $4, sort_key = $5, other_names = $6, email = $7, email_key = $8, other_emails = $9, phone = $10, language = $11,
		notes = $12, channel = $13, access_needs = $14, lived_experience = $15, custom = $16, version = $17, updated_at = $18, no_mailings = $19 WHERE collaborative_id = $1 AND id = $2 AND version = $17 - 1`,
		i, f.GivenName, f.FamilyName, sortKey(c, f.named().SortName()), store.JSON(f.OtherNames), f.Email, emailKey(f.Email), store.JSON(f.OtherEmails), f.Phone, f.Language,
		f.Notes, f.Channel, f.AccessNeeds, f.LivedExperience, store.JSON(f.Custom), version, store.Micros(c.Now), f.NoMailings))
}

// joinPeople are the fields of both as one. A name or address that is not taken
// stays as another one, so that it still finds the person.
func joinPeople(keeps, goes mergedPerson, chosen sides) (mergedPerson, error) {
	out, err := joinFields(keeps, goes, chosen)
	if err != nil {
		return out, err
	}
	// Whoever of the two asked for no mailings is one who did.
	out.NoMailings = keeps.NoMailings || goes.NoMailings
	out.OtherNames = joinNames(out.named().Name(), foldedName, keeps.OtherNames, []string{keeps.named().Name(), goes.named().Name()}, goes.OtherNames)
	out.OtherEmails = joinNames(out.Email, foldedName, keeps.OtherEmails, []string{keeps.Email, goes.Email}, goes.OtherEmails)
	out.Custom = joinCustom(keeps.Custom, goes.Custom, chosen)
	return out, nil
}

const movedAccess = "memberships.person_id"

// MergePeople makes one of two people's records.
var MergePeople = operation.Define(operation.Operation[PersonMerge, Person]{
	Definition: operation.Definition{ID: "people.merge", Summary: "Merges a person's record into another, which takes over everything that refers to it", Method: "POST", Path: "/people/{id}/merge"},
	Validate:   func(in *PersonMerge, faults *operation.Faults) { checkPair(faults, in.ID, in.MergeID) },
	Run: func(c *operation.Call, in PersonMerge) (Person, error) {
		before, err := people.Live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		goes, err := otherLive(c, people, in.MergeID, in.MergeVersion)
		if err != nil {
			return before, err
		}
		chosen := sides{}
		for _, f := range in.Fields {
			chosen[f.Field] = f.From
		}
		for _, f := range in.Custom {
			chosen[own(f.Key)] = f.From
		}
		return mergePerson(c, before, goes, chosen)
	},
})

func mergePerson(c *operation.Call, before, goes Person, chosen sides) (Person, error) {
	m := merging{id: newMerge(), kind: PersonKind, kept: before.ID, merged: goes.ID}
	was, err := readMergedPerson(c, before.ID)
	if err != nil {
		return before, err
	}
	theirs, err := readMergedPerson(c, goes.ID)
	if err != nil {
		return before, err
	}
	fields, err := joinPeople(was, theirs, chosen)
	if err != nil {
		return before, err
	}
	ways, err := access.MovePerson(c, goes.ID, before.ID)
	if err != nil {
		return before, err
	}
	if err := m.begin(c, was, fields); err != nil {
		return before, err
	}
	if err := m.keep(c, movedAccess, goes.ID, "", ways); err != nil {
		return before, err
	}
	if err := writeMergedPerson(c, before.ID, fields, before.Version+1); err != nil {
		return before, err
	}
	key := sortKey(c, fields.named().SortName())
	if fields.named().SortName() != was.named().SortName() {
		if err := m.rekey(c, key); err != nil {
			return before, err
		}
	}
	if err := m.joinAffiliations(c); err != nil {
		return before, err
	}
	if err := m.joinTies(c); err != nil {
		return before, err
	}
	if err := m.movePerson(c, key); err != nil {
		return before, err
	}
	if err := operation.Changed(c.Tx.Exec(`UPDATE people SET merged_into = $3, deleted_at = $4, updated_at = $4, version = $5 + 1 WHERE collaborative_id = $1 AND id = $2 AND version = $5`,
		goes.ID, before.ID, store.Micros(c.Now), goes.Version)); err != nil {
		return before, err
	}
	if err := m.gone(c); err != nil {
		return before, err
	}
	if err := m.decided(c, SameDecision); err != nil {
		return before, err
	}
	after, err := getPerson(c, before.ID)
	if err != nil {
		return before, err
	}
	c.Changed(after.Subject(), after.Name(), after.Version, before, after)
	c.Changed(goes.Subject(), goes.Name(), goes.Version+1, nil, nil)
	c.UndoWith("people.unmerge", PersonVersion{goes.ID, goes.Version + 1})
	return after.visibleTo(c), putPerson(c, after)
}

// UnmergedPerson is a person's record that stands by itself again.
type UnmergedPerson struct {
	Person Person         `json:"person"`
	Kept   Person         `json:"kept" doc:"The one it had been merged into."`
	Left   operation.Left `json:"left"`
}

// LeftAlone is what somebody changed since the merge.
func (u UnmergedPerson) LeftAlone() operation.Left { return u.Left }

// CurrentVersion is what REST makes an ETag of.
func (u UnmergedPerson) CurrentVersion() int64 { return u.Person.Version }

// UnmergePerson takes a merge back: the merged record comes out of the trash as
// it was, and gets back what still is where the merge put it.
var UnmergePerson = operation.Define(operation.Operation[PersonVersion, UnmergedPerson]{
	Definition: operation.Definition{ID: "people.unmerge", Summary: "Takes the merge of a person's record back", Method: "POST", Path: "/people/{id}/unmerge"},
	Run: func(c *operation.Call, in PersonVersion) (UnmergedPerson, error) {
		var out UnmergedPerson
		goes, err := people.Get(c, in.ID)
		if err != nil {
			return out, err
		}
		m, err := mergeOf(c, PersonKind, in.ID)
		if err != nil {
			return out, err
		}
		if goes.Version != in.Version {
			return out, operation.Stale(goes.visibleTo(c))
		}
		keeps, err := keptLive(c, people, PersonID(m.kept))
		if err != nil {
			return out, err
		}
		return unmergePerson(c, m, keeps, goes)
	},
})

func unmergePerson(c *operation.Call, m merging, keeps, goes Person) (UnmergedPerson, error) {
	out := UnmergedPerson{Left: operation.Left{Fields: []string{}}}
	now, err := readMergedPerson(c, keeps.ID)
	if err != nil {
		return out, err
	}
	var was, made mergedPerson
	if err := m.fields(&was, &made); err != nil {
		return out, err
	}
	fields, left, err := takeBack(was, made, now)
	if err != nil {
		return out, err
	}
	out.Left.Fields = append(out.Left.Fields, left...)
	if err := writeMergedPerson(c, keeps.ID, fields, keeps.Version+1); err != nil {
		return out, err
	}
	if fields.named().SortName() != now.named().SortName() {
		if err := m.rekey(c, sortKey(c, fields.named().SortName())); err != nil {
			return out, err
		}
	}
	ways, err := kept[access.Moved](c, m, movedAccess)
	if err != nil {
		return out, err
	}
	for _, w := range ways {
		if err := access.ReturnPerson(c, w, goes.ID, keeps.ID); err != nil {
			return out, err
		}
	}
	if out.Left.Rows, err = m.returnRows(c, sortKey(c, goes.SortName())); err != nil {
		return out, err
	}
	if err := operation.Changed(c.Tx.Exec(`UPDATE people SET merged_into = NULL, deleted_at = NULL, updated_at = $3, version = $4 + 1 WHERE collaborative_id = $1 AND id = $2 AND version = $4`,
		goes.ID, store.Micros(c.Now), goes.Version)); err != nil {
		return out, err
	}
	if out.Person, err = getPerson(c, goes.ID); err != nil {
		return out, err
	}
	if out.Kept, err = getPerson(c, keeps.ID); err != nil {
		return out, err
	}
	for _, p := range []Person{out.Person, out.Kept} {
		if err := putPerson(c, p); err != nil {
			return out, err
		}
	}
	c.Changed(goes.Subject(), goes.Name(), out.Person.Version, nil, nil)
	c.Changed(keeps.Subject(), out.Kept.Name(), out.Kept.Version, keeps, out.Kept)
	out.Person, out.Kept = out.Person.visibleTo(c), out.Kept.visibleTo(c)
	return out, operation.Count(c.Tx, PersonKind, goes.ID, 1)
}
