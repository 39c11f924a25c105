package directory

import (
	"slices"

	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Mention is a text that names a person and that erasing them leaves as it is,
// since it was adopted, signed or is shown to everyone: somebody has to read it.
type Mention struct {
	Kind  string            `json:"kind" doc:"organization, body, seat, agreement, function, principles or collaborative."`
	ID    operation.EntryID `json:"id"`
	Title string            `json:"title" doc:"What the record is called; the number of a version of the principles."`
	Field string            `json:"field" doc:"The field that names them."`
}

// Mentions are all of them.
type Mentions struct {
	Items []Mention `json:"items"`
}

// FindMentions finds the texts that name a person and that erasing leaves as they
// are, to be edited before or afterwards.
var FindMentions = operation.Define(operation.Operation[PersonRef, Mentions]{
	Definition: operation.Definition{ID: "people.find-mentions", Summary: "Finds texts that name a person and that erasing them would leave as they are", ReadOnly: true, Method: "GET", Path: "/people/{id}/mentions"},
	Run: func(c *operation.Call, in PersonRef) (Mentions, error) {
		out := Mentions{Items: []Mention{}}
		p, err := getPerson(c, in.ID)
		if err == nil && p.Name() == "" {
			err = operation.Missing()
		}
		if err != nil {
			return out, err
		}
		all, err := withMerged(c, in.ID)
		if err != nil {
			return out, err
		}
		var known told
		for _, i := range all {
			p, err := getPerson(c, i)
			if err != nil {
				return out, err
			}
			one, err := tellsOf(c, p)
			if err != nil {
				return out, err
			}
			known.words = append(known.words, one.words...)
		}
		out.Items, err = mentions(c, all, known)
		return out, err
	},
})

// withMerged is a person and every record that was merged into theirs.
func withMerged(c *operation.Call, i PersonID) ([]PersonID, error) {
	all := []PersonID{i}
	for n := 0; n < len(all); n++ {
		merged, err := store.Collect(c.Tx, func(row store.Row) (i PersonID, err error) { return i, row.Scan(&i) },
			`SELECT merged_id FROM merges WHERE collaborative_id = $1 AND kept_id = $2 AND undone_at IS NULL`, all[n])
		if err != nil {
			return nil, err
		}
		all = append(all, merged...)
	}
	return all, nil
}

// texts is a row of texts with the record they belong to.
type texts struct {
	id    id.Of[struct{}]
	title string
	all   []string
}

// scanTexts reads an id, a title and so many texts.
func scanTexts(n int) func(store.Row) (texts, error) {
	return func(row store.Row) (texts, error) {
		t := texts{all: make([]string, n)}
		into := []any{&t.id, &t.title}
		for i := range t.all {
			into = append(into, store.ScanText(&t.all[i]))
		}
		return t, row.Scan(into...)
	}
}

// mentions are the texts that tell of the person whose records these are. What an
// agreement says of them as its signatory goes with them.
func mentions(c *operation.Call, who []PersonID, known told) ([]Mention, error) {
	out := []Mention{}
	for _, place := range []struct {
		kind   string
		fields []string
		read   string
		args   []any
	}{
		{OrganizationKind, []string{"name", "other_names", "about", "email", "phone"}, `SELECT id, name, name, other_names, about, email, phone FROM organizations WHERE collaborative_id = $1`, nil},
		{BodyKind, []string{"name", "purpose", "charter"}, `SELECT id, name, name, purpose, charter FROM bodies WHERE collaborative_id = $1`, nil},
		{SeatKind, []string{"purpose"}, `SELECT id, purpose, purpose FROM seats WHERE collaborative_id = $1`, nil},
		{"agreement", []string{"text", "transition", "signatory_name", "signed_name"}, `SELECT agreements.id, organizations.name, agreements.text, agreements.transition,
			CASE WHEN agreements.signatory_id IN ($2) THEN '' ELSE agreements.signatory_name END, CASE WHEN agreements.signatory_id IN ($2) THEN '' ELSE agreements.signed_name END FROM agreements
			JOIN organizations ON organizations.collaborative_id = $1 AND organizations.id = agreements.organization_id WHERE agreements.collaborative_id = $1`, []any{store.In(who)}},
		{FunctionKind, []string{"name", "about"}, `SELECT id, name, name, about FROM backbone_functions WHERE collaborative_id = $1`, nil},
		{"meeting", []string{"title", "purpose", "recap"}, `SELECT id, title, title, purpose, recap FROM meetings WHERE collaborative_id = $1`, nil},
		{"poll", []string{"title", "purpose"}, `SELECT id, title, title, purpose FROM polls WHERE collaborative_id = $1`, nil},
		{"survey-wave", []string{"title"}, `SELECT id, title, title FROM survey_waves WHERE collaborative_id = $1`, nil},
		{"meeting", []string{"materials"}, `SELECT meeting_id, title, title FROM materials WHERE collaborative_id = $1 AND meeting_id IS NOT NULL`, nil},
		{"meeting", []string{"materials"}, `SELECT materials.meeting_id, materials.title, material_files.file_name FROM material_files JOIN materials ON materials.collaborative_id = $1 AND materials.id = material_files.material_id
			WHERE material_files.collaborative_id = $1 AND materials.meeting_id IS NOT NULL`, nil},
		{"commitment", []string{"evidence"}, `SELECT deliveries.commitment_id, materials.title, material_files.file_name FROM material_files JOIN materials ON materials.collaborative_id = $1 AND materials.id = material_files.material_id
			JOIN deliveries ON deliveries.collaborative_id = $1 AND deliveries.id = materials.delivery_id WHERE material_files.collaborative_id = $1`, nil},
		{"agenda-item", []string{"title"}, `SELECT id, title, title FROM agenda_items WHERE collaborative_id = $1`, nil},
		{"action", []string{"text"}, `SELECT id, text, text FROM actions WHERE collaborative_id = $1`, nil},
		{"principles", []string{"body"}, `SELECT id, CAST(number AS TEXT), body FROM principles WHERE collaborative_id = $1`, nil},
	} {
		rows, err := store.Collect(c.Tx, scanTexts(len(place.fields)), place.read, place.args...)
		if err != nil {
			return out, err
		}
		for _, row := range rows {
			for i, field := range place.fields {
				if known.in(row.all[i]) {
					out = append(out, Mention{Kind: place.kind, ID: operation.EntryID(row.id), Title: row.title, Field: field})
				}
			}
		}
	}
	here, err := store.One(c.Tx.Installation(), scanTexts(2), `SELECT id, name, population, purpose FROM collaboratives WHERE id = $1`, c.Collaborative.ID)
	for i, field := range []string{"population", "purpose"} {
		if err == nil && known.in(here.all[i]) {
			out = append(out, Mention{Kind: "collaborative", ID: operation.EntryID(here.id), Title: here.title, Field: field})
		}
	}
	return out, err
}

// eraseMentions takes the person out of what the backbone noted about others: the
// notes and own fields of organizations and people, the relationship log, notes
// beside agreements and functions, and what merges keep. A record whose notes
// changed gets a new version, so that a form opened before does not bring the
// name back; in the trash it has no form, and comes out of it by its version.
func eraseMentions(c *operation.Call, known told) error {
	for _, place := range []struct {
		kind        string // as search knows it, "" where it does not
		columns     int
		read, write string
		dated       bool // whether the row has a version and an instant
	}{
		{OrganizationKind, 2, `SELECT id, '', notes, custom FROM organizations WHERE collaborative_id = $1`,
			`UPDATE organizations SET notes = $3, custom = $4, version = version + CASE WHEN deleted_at IS NULL THEN 1 ELSE 0 END, updated_at = $5 WHERE collaborative_id = $1 AND id = $2`, true},
		{PersonKind, 2, `SELECT id, '', notes, custom FROM people WHERE collaborative_id = $1`,
			`UPDATE people SET notes = $3, custom = $4, version = version + CASE WHEN deleted_at IS NULL THEN 1 ELSE 0 END, updated_at = $5 WHERE collaborative_id = $1 AND id = $2`, true},
		{"", 2, `SELECT id, '', about, by_name FROM touches WHERE collaborative_id = $1`,
			`UPDATE touches SET about = $3, by_name = $4, version = version + CASE WHEN deleted_at IS NULL THEN 1 ELSE 0 END, updated_at = $5 WHERE collaborative_id = $1 AND id = $2`, true},
		{"", 1, `SELECT id, '', about FROM ties WHERE collaborative_id = $1`,
			`UPDATE ties SET about = $3, version = version + CASE WHEN deleted_at IS NULL THEN 1 ELSE 0 END, updated_at = $4 WHERE collaborative_id = $1 AND id = $2`, true},
		{"", 2, `SELECT id, '', end_note, sent_by FROM agreements WHERE collaborative_id = $1`,
			`UPDATE agreements SET end_note = $3, sent_by = $4, version = version + CASE WHEN deleted_at IS NULL THEN 1 ELSE 0 END, updated_at = $5 WHERE collaborative_id = $1 AND id = $2`, true},
		{"", 1, `SELECT id, '', note FROM function_holdings WHERE collaborative_id = $1`,
			`UPDATE function_holdings SET note = $3, version = version + 1, updated_at = $4 WHERE collaborative_id = $1 AND id = $2`, true},
		{"", 3, `SELECT id, '', about, interests, owner_name FROM agenda_items WHERE collaborative_id = $1`,
			`UPDATE agenda_items SET about = $3, interests = $4, owner_name = $5, version = version + CASE WHEN deleted_at IS NULL THEN 1 ELSE 0 END, updated_at = $6 WHERE collaborative_id = $1 AND id = $2`, true},
		{"", 2, `SELECT id, '', text, done_by FROM preparations WHERE collaborative_id = $1`,
			`UPDATE preparations SET text = $3, done_by = $4, version = version + CASE WHEN deleted_at IS NULL THEN 1 ELSE 0 END, updated_at = $5 WHERE collaborative_id = $1 AND id = $2`, true},
		{"", 2, `SELECT id, '', text, by_name FROM captures WHERE collaborative_id = $1`,
			`UPDATE captures SET text = $3, by_name = $4, version = version + CASE WHEN deleted_at IS NULL THEN 1 ELSE 0 END, updated_at = $5 WHERE collaborative_id = $1 AND id = $2`, true},
		{"", 1, `SELECT id, '', title FROM materials WHERE collaborative_id = $1 AND delivery_id IS NOT NULL`,
			`UPDATE materials SET title = $3, version = version + CASE WHEN deleted_at IS NULL THEN 1 ELSE 0 END, updated_at = $4 WHERE collaborative_id = $1 AND id = $2`, true},
		{"", 2, `SELECT id, '', note, by_name FROM material_files WHERE collaborative_id = $1`,
			`UPDATE material_files SET note = $3, by_name = $4 WHERE collaborative_id = $1 AND id = $2`, false},
		{"", 5, `SELECT id, '', organization, purpose, signed_name, end_note, sent_by FROM evaluator_agreements WHERE collaborative_id = $1`,
			`UPDATE evaluator_agreements SET organization = $3, purpose = $4, signed_name = $5, end_note = $6, sent_by = $7, version = version + CASE WHEN deleted_at IS NULL THEN 1 ELSE 0 END, updated_at = $8 WHERE collaborative_id = $1 AND id = $2`, true},
		{"", 1, `SELECT id, '', by_name FROM evaluator_terms WHERE collaborative_id = $1`,
			`UPDATE evaluator_terms SET by_name = $3 WHERE collaborative_id = $1 AND id = $2`, false},
		{"", 2, `SELECT id, '', why, by_name FROM scorecard_assessments WHERE collaborative_id = $1`,
			`UPDATE scorecard_assessments SET why = $3, by_name = $4, version = version + CASE WHEN deleted_at IS NULL THEN 1 ELSE 0 END, updated_at = $5 WHERE collaborative_id = $1 AND id = $2`, true},
		{"", 6, `SELECT id, '', title, note, source, alongside, teller_name, by_name FROM scorecard_evidence WHERE collaborative_id = $1`,
			`UPDATE scorecard_evidence SET title = $3, note = $4, source = $5, alongside = $6, teller_name = $7, by_name = $8, version = version + CASE WHEN deleted_at IS NULL THEN 1 ELSE 0 END, updated_at = $9 WHERE collaborative_id = $1 AND id = $2`, true},
		{"", 1, `SELECT id, '', reason FROM meetings WHERE collaborative_id = $1`,
			`UPDATE meetings SET reason = $3, version = version + CASE WHEN deleted_at IS NULL THEN 1 ELSE 0 END, updated_at = $4 WHERE collaborative_id = $1 AND id = $2`, true},
		{"", 6, `SELECT id, '', note, owner_name, given_by_name, ended_by, reason, disowned_why FROM actions WHERE collaborative_id = $1`,
			`UPDATE actions SET note = $3, owner_name = $4, given_by_name = $5, ended_by = $6, reason = $7, disowned_why = $8, version = version + CASE WHEN deleted_at IS NULL THEN 1 ELSE 0 END, updated_at = $9 WHERE collaborative_id = $1 AND id = $2`, true},
		{"", 7, `SELECT id, '', text, source, note, person_name, reason, confirmed_by, pledged_by FROM commitments WHERE collaborative_id = $1`,
			`UPDATE commitments SET text = $3, source = $4, note = $5, person_name = $6, reason = $7, confirmed_by = $8, pledged_by = $9, version = version + CASE WHEN deleted_at IS NULL THEN 1 ELSE 0 END, updated_at = $10 WHERE collaborative_id = $1 AND id = $2`, true},
		{"", 3, `SELECT id, '', evidence, entered_by, confirmed_by FROM deliveries WHERE collaborative_id = $1`,
			`UPDATE deliveries SET evidence = $3, entered_by = $4, confirmed_by = $5, version = version + CASE WHEN deleted_at IS NULL THEN 1 ELSE 0 END, updated_at = $6 WHERE collaborative_id = $1 AND id = $2`, true},
		{"", 2, `SELECT id, '', person_name, made_by FROM pledge_links WHERE collaborative_id = $1`,
			`UPDATE pledge_links SET person_name = $3, made_by = $4 WHERE collaborative_id = $1 AND id = $2`, false},
		{"", 1, `SELECT id, '', made_by FROM due_links WHERE collaborative_id = $1`,
			`UPDATE due_links SET made_by = $3 WHERE collaborative_id = $1 AND id = $2`, false},
		{"", 1, `SELECT id, '', alternate_name FROM meeting_people WHERE collaborative_id = $1`,
			`UPDATE meeting_people SET alternate_name = $3 WHERE collaborative_id = $1 AND id = $2`, false},
		{"", 2, `SELECT id, '', kept_before, kept_after FROM merges WHERE collaborative_id = $1`,
			`UPDATE merges SET kept_before = $3, kept_after = $4 WHERE collaborative_id = $1 AND id = $2`, false},
	} {
		rows, err := store.Collect(c.Tx, scanTexts(place.columns), place.read)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if !slices.ContainsFunc(row.all, known.in) {
				continue
			}
			args := []any{row.id}
			for _, text := range row.all {
				args = append(args, known.without(text))
			}
			if place.dated {
				args = append(args, store.Micros(c.Now))
			}
			if _, err := c.Tx.Exec(place.write, args...); err != nil {
				return err
			}
			if err := findAnew(c, place.kind, row.id); err != nil {
				return err
			}
		}
	}
	return eraseMoves(c, known)
}

// eraseMoves takes the person out of the rows that merges keep.
func eraseMoves(c *operation.Call, known told) error {
	type move struct {
		merge, row             id.Of[struct{}]
		reference, key, before string
	}
	moves, err := store.Collect(c.Tx, func(row store.Row) (m move, err error) {
		return m, row.Scan(&m.merge, &m.reference, &m.row, &m.key, store.ScanText(&m.before))
	}, `SELECT merge_id, reference, row_id, row_key, before FROM merge_moves WHERE collaborative_id = $1 AND before IS NOT NULL`)
	for _, m := range moves {
		if err == nil && known.in(m.before) {
			_, err = c.Tx.Exec(`UPDATE merge_moves SET before = $6 WHERE collaborative_id = $1 AND merge_id = $2 AND reference = $3 AND row_id = $4 AND row_key = $5`,
				m.merge, m.reference, m.row, m.key, known.without(m.before))
		}
	}
	return err
}

// findAnew gives search the texts of a record whose notes changed.
func findAnew(c *operation.Call, kind string, i [16]byte) error {
	switch kind {
	case PersonKind:
		p, err := getPerson(c, i)
		if err != nil || p.DeletedAt != nil {
			return err
		}
		return putPerson(c, p)
	case OrganizationKind:
		o, err := getOrganization(c.Tx, i)
		if err != nil || o.DeletedAt != nil {
			return err
		}
		return putOrganization(c, o)
	}
	return nil
}
