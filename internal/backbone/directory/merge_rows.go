package directory

import (
	"commontable/internal/platform/operation"
)

// What refers to an organization or a person, and how a merge moves it. note
// remembers the rows ($2 the merge), move gives them to the kept record ($2 kept,
// $3 merged), back returns those that still are where the merge put them ($2 the
// merge, $3 merged, $4 kept). keyed statements carry the new owner's sort key as
// their last argument. A row that both records have already (a tag, an address)
// stays with the merged one and comes back with it. The rows of a merge are looked
// up one by one with COUNT and not joined: no engine has statistics on rows that
// were written a moment ago, and one guesses wrong.

// moveOrganization moves what refers to an organization.
func (m merging) moveOrganization(c *operation.Call, key []byte) error {
	for _, step := range []struct {
		note, move string
		keyed      bool
	}{
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'affiliations.organization_id', affiliations.id, ''
			FROM merges JOIN affiliations ON affiliations.collaborative_id = $1 AND affiliations.organization_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE affiliations SET organization_id = $2 WHERE collaborative_id = $1 AND organization_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'seats.organization_id', seats.id, ''
			FROM merges JOIN seats ON seats.collaborative_id = $1 AND seats.organization_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE seats SET organization_id = $2 WHERE collaborative_id = $1 AND organization_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'seat_terms.organization_id', seat_terms.id, ''
			FROM merges JOIN seat_terms ON seat_terms.collaborative_id = $1 AND seat_terms.organization_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE seat_terms SET organization_id = $2 WHERE collaborative_id = $1 AND organization_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'function_holdings.organization_id', function_holdings.id, ''
			FROM merges JOIN function_holdings ON function_holdings.collaborative_id = $1 AND function_holdings.organization_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE function_holdings SET organization_id = $2 WHERE collaborative_id = $1 AND organization_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'agreements.organization_id', agreements.id, ''
			FROM merges JOIN agreements ON agreements.collaborative_id = $1 AND agreements.organization_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2
			AND (agreements.state NOT IN ('draft', 'sent') OR agreements.deleted_at IS NOT NULL OR NOT EXISTS (SELECT 1 FROM agreements AS open
				WHERE open.collaborative_id = $1 AND open.organization_id = merges.kept_id AND open.state IN ('draft', 'sent') AND open.deleted_at IS NULL))`,
			// Of two agreements that wait for a signature the merged record's stays with it.
			`UPDATE agreements SET organization_id = $2, organization_sort_key = $4 WHERE collaborative_id = $1 AND organization_id = $3
			AND (state NOT IN ('draft', 'sent') OR deleted_at IS NOT NULL OR NOT EXISTS (SELECT 1 FROM agreements AS open
				WHERE open.collaborative_id = $1 AND open.organization_id = $2 AND open.state IN ('draft', 'sent') AND open.deleted_at IS NULL))`, true},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'touches.organization_id', touches.id, ''
			FROM merges JOIN touches ON touches.collaborative_id = $1 AND touches.organization_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE touches SET organization_id = $2 WHERE collaborative_id = $1 AND organization_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'ties.from_organization_id', ties.id, ''
			FROM merges JOIN ties ON ties.collaborative_id = $1 AND ties.from_organization_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2
			AND (ties.to_organization_id IS NULL OR ties.to_organization_id <> merges.kept_id)`,
			`UPDATE ties SET from_organization_id = $2 WHERE collaborative_id = $1 AND from_organization_id = $3 AND (to_organization_id IS NULL OR to_organization_id <> $2)`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'ties.to_organization_id', ties.id, ''
			FROM merges JOIN ties ON ties.collaborative_id = $1 AND ties.to_organization_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2
			AND (ties.from_organization_id IS NULL OR ties.from_organization_id <> merges.kept_id)`,
			`UPDATE ties SET to_organization_id = $2 WHERE collaborative_id = $1 AND to_organization_id = $3 AND (from_organization_id IS NULL OR from_organization_id <> $2)`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'attendances.organization_id', attendances.id, ''
			FROM merges JOIN attendances ON attendances.collaborative_id = $1 AND attendances.organization_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE attendances SET organization_id = $2 WHERE collaborative_id = $1 AND organization_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'actions.owner_organization_id', actions.id, ''
			FROM merges JOIN actions ON actions.collaborative_id = $1 AND actions.owner_organization_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE actions SET owner_organization_id = $2 WHERE collaborative_id = $1 AND owner_organization_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'commitments.organization_id', commitments.id, ''
			FROM merges JOIN commitments ON commitments.collaborative_id = $1 AND commitments.organization_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE commitments SET organization_id = $2 WHERE collaborative_id = $1 AND organization_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'pledge_links.organization_id', pledge_links.id, ''
			FROM merges JOIN pledge_links ON pledge_links.collaborative_id = $1 AND pledge_links.organization_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE pledge_links SET organization_id = $2 WHERE collaborative_id = $1 AND organization_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'survey_invitees.organization_id', survey_invitees.id, ''
			FROM merges JOIN survey_invitees ON survey_invitees.collaborative_id = $1 AND survey_invitees.organization_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE survey_invitees SET organization_id = $2 WHERE collaborative_id = $1 AND organization_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'survey_roster.organization_id', survey_roster.id, ''
			FROM merges JOIN survey_roster ON survey_roster.collaborative_id = $1 AND survey_roster.organization_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE survey_roster SET organization_id = $2 WHERE collaborative_id = $1 AND organization_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'survey_tellers.organization_id', survey_tellers.id, ''
			FROM merges JOIN survey_tellers ON survey_tellers.collaborative_id = $1 AND survey_tellers.organization_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE survey_tellers SET organization_id = $2 WHERE collaborative_id = $1 AND organization_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'survey_ties.organization_id', survey_ties.id, ''
			FROM merges JOIN survey_ties ON survey_ties.collaborative_id = $1 AND survey_ties.organization_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE survey_ties SET organization_id = $2 WHERE collaborative_id = $1 AND organization_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'due_links.organization_id', due_links.id, ''
			FROM merges JOIN due_links ON due_links.collaborative_id = $1 AND due_links.organization_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE due_links SET organization_id = $2 WHERE collaborative_id = $1 AND organization_id = $3`, false},
	} {
		if err := m.moveRows(c, step.note, step.move, step.keyed, key); err != nil {
			return err
		}
	}
	return m.moveTags(c, key)
}

// moveRows notes what a record has under a reference and moves it.
func (m merging) moveRows(c *operation.Call, note, move string, keyed bool, key []byte) error {
	n, err := c.Tx.Exec(note, m.id)
	if err != nil || n == 0 {
		return err
	}
	args := []any{m.kept[:], m.merged[:]}
	if keyed {
		args = append(args, key)
	}
	_, err = c.Tx.Exec(move, args...)
	return err
}

// backRows returns what was moved under a reference and says how much came back.
func (m merging) backRows(c *operation.Call, back string, keyed bool, key []byte) (int64, error) {
	args := []any{m.id, m.merged[:], m.kept[:]}
	if keyed {
		args = append(args, key)
	}
	return c.Tx.Exec(back, args...)
}

// returnOrganization returns what was moved from an organization, and says how
// many rows came back.
func (m merging) returnOrganization(c *operation.Call, key []byte) (int64, error) {
	var total int64
	for _, step := range []struct {
		back  string
		keyed bool
	}{
		{`UPDATE affiliations SET organization_id = $3 WHERE collaborative_id = $1 AND organization_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'affiliations.organization_id' AND merge_moves.row_id = affiliations.id) > 0`, false},
		{`UPDATE seats SET organization_id = $3 WHERE collaborative_id = $1 AND organization_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'seats.organization_id' AND merge_moves.row_id = seats.id) > 0`, false},
		{`UPDATE seat_terms SET organization_id = $3 WHERE collaborative_id = $1 AND organization_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'seat_terms.organization_id' AND merge_moves.row_id = seat_terms.id) > 0`, false},
		{`UPDATE function_holdings SET organization_id = $3 WHERE collaborative_id = $1 AND organization_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'function_holdings.organization_id' AND merge_moves.row_id = function_holdings.id) > 0`, false},
		{`UPDATE agreements SET organization_id = $3, organization_sort_key = $5 WHERE collaborative_id = $1 AND organization_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'agreements.organization_id' AND merge_moves.row_id = agreements.id) > 0`, true},
		{`UPDATE touches SET organization_id = $3 WHERE collaborative_id = $1 AND organization_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'touches.organization_id' AND merge_moves.row_id = touches.id) > 0`, false},
		{`UPDATE ties SET from_organization_id = $3 WHERE collaborative_id = $1 AND from_organization_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'ties.from_organization_id' AND merge_moves.row_id = ties.id) > 0`, false},
		{`UPDATE ties SET to_organization_id = $3 WHERE collaborative_id = $1 AND to_organization_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'ties.to_organization_id' AND merge_moves.row_id = ties.id) > 0`, false},
		{`UPDATE attendances SET organization_id = $3 WHERE collaborative_id = $1 AND organization_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'attendances.organization_id' AND merge_moves.row_id = attendances.id) > 0`, false},
		{`UPDATE actions SET owner_organization_id = $3 WHERE collaborative_id = $1 AND owner_organization_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'actions.owner_organization_id' AND merge_moves.row_id = actions.id) > 0`, false},
		{`UPDATE survey_invitees SET organization_id = $3 WHERE collaborative_id = $1 AND organization_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'survey_invitees.organization_id' AND merge_moves.row_id = survey_invitees.id) > 0`, false},
		{`UPDATE survey_roster SET organization_id = $3 WHERE collaborative_id = $1 AND organization_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'survey_roster.organization_id' AND merge_moves.row_id = survey_roster.id) > 0`, false},
		{`UPDATE survey_tellers SET organization_id = $3 WHERE collaborative_id = $1 AND organization_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'survey_tellers.organization_id' AND merge_moves.row_id = survey_tellers.id) > 0`, false},
		{`UPDATE survey_ties SET organization_id = $3 WHERE collaborative_id = $1 AND organization_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'survey_ties.organization_id' AND merge_moves.row_id = survey_ties.id) > 0`, false},
		{`UPDATE commitments SET organization_id = $3 WHERE collaborative_id = $1 AND organization_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'commitments.organization_id' AND merge_moves.row_id = commitments.id) > 0`, false},
		{`UPDATE pledge_links SET organization_id = $3 WHERE collaborative_id = $1 AND organization_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'pledge_links.organization_id' AND merge_moves.row_id = pledge_links.id) > 0`, false},
		{`UPDATE due_links SET organization_id = $3 WHERE collaborative_id = $1 AND organization_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'due_links.organization_id' AND merge_moves.row_id = due_links.id) > 0`, false},
	} {
		n, err := m.backRows(c, step.back, step.keyed, key)
		if err != nil {
			return 0, err
		}
		total += n
	}
	n, err := m.returnTags(c, key)
	return total + n, err
}

// movePerson moves what refers to a person. Nobody is their own alternate: where
// the two stood for each other, the term has no alternate while they are one.
func (m merging) movePerson(c *operation.Call, key []byte) error {
	for _, step := range []struct {
		note, move string
		keyed      bool
	}{
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'seat_terms.own_alternate_merged', seat_terms.id, ''
			FROM merges JOIN seat_terms ON seat_terms.collaborative_id = $1 AND seat_terms.alternate_id = merges.merged_id AND seat_terms.person_id = merges.kept_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE seat_terms SET alternate_id = NULL WHERE collaborative_id = $1 AND person_id = $2 AND alternate_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'seat_terms.own_alternate_kept', seat_terms.id, ''
			FROM merges JOIN seat_terms ON seat_terms.collaborative_id = $1 AND seat_terms.person_id = merges.merged_id AND seat_terms.alternate_id = merges.kept_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE seat_terms SET alternate_id = NULL WHERE collaborative_id = $1 AND alternate_id = $2 AND person_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'seat_terms.person_id', seat_terms.id, ''
			FROM merges JOIN seat_terms ON seat_terms.collaborative_id = $1 AND seat_terms.person_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE seat_terms SET person_id = $2 WHERE collaborative_id = $1 AND person_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'seat_terms.alternate_id', seat_terms.id, ''
			FROM merges JOIN seat_terms ON seat_terms.collaborative_id = $1 AND seat_terms.alternate_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE seat_terms SET alternate_id = $2 WHERE collaborative_id = $1 AND alternate_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'affiliations.person_id', affiliations.id, ''
			FROM merges JOIN affiliations ON affiliations.collaborative_id = $1 AND affiliations.person_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE affiliations SET person_id = $2, person_sort_key = $4 WHERE collaborative_id = $1 AND person_id = $3`, true},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'agreements.signatory_id', agreements.id, ''
			FROM merges JOIN agreements ON agreements.collaborative_id = $1 AND agreements.signatory_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE agreements SET signatory_id = $2 WHERE collaborative_id = $1 AND signatory_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'touches.person_id', touches.id, ''
			FROM merges JOIN touches ON touches.collaborative_id = $1 AND touches.person_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE touches SET person_id = $2 WHERE collaborative_id = $1 AND person_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'touches.by_person_id', touches.id, ''
			FROM merges JOIN touches ON touches.collaborative_id = $1 AND touches.by_person_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE touches SET by_person_id = $2 WHERE collaborative_id = $1 AND by_person_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'ties.from_person_id', ties.id, ''
			FROM merges JOIN ties ON ties.collaborative_id = $1 AND ties.from_person_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2
			AND (ties.to_person_id IS NULL OR ties.to_person_id <> merges.kept_id)`,
			`UPDATE ties SET from_person_id = $2 WHERE collaborative_id = $1 AND from_person_id = $3 AND (to_person_id IS NULL OR to_person_id <> $2)`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'ties.to_person_id', ties.id, ''
			FROM merges JOIN ties ON ties.collaborative_id = $1 AND ties.to_person_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2
			AND (ties.from_person_id IS NULL OR ties.from_person_id <> merges.kept_id)`,
			`UPDATE ties SET to_person_id = $2 WHERE collaborative_id = $1 AND to_person_id = $3 AND (from_person_id IS NULL OR from_person_id <> $2)`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'agenda_items.owner_id', agenda_items.id, ''
			FROM merges JOIN agenda_items ON agenda_items.collaborative_id = $1 AND agenda_items.owner_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE agenda_items SET owner_id = $2 WHERE collaborative_id = $1 AND owner_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'preparations.assignee_id', preparations.id, ''
			FROM merges JOIN preparations ON preparations.collaborative_id = $1 AND preparations.assignee_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE preparations SET assignee_id = $2 WHERE collaborative_id = $1 AND assignee_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'captures.by_person_id', captures.id, ''
			FROM merges JOIN captures ON captures.collaborative_id = $1 AND captures.by_person_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE captures SET by_person_id = $2 WHERE collaborative_id = $1 AND by_person_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'material_files.by_person_id', material_files.id, ''
			FROM merges JOIN material_files ON material_files.collaborative_id = $1 AND material_files.by_person_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE material_files SET by_person_id = $2 WHERE collaborative_id = $1 AND by_person_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'evaluator_agreements.person_id', evaluator_agreements.id, ''
			FROM merges JOIN evaluator_agreements ON evaluator_agreements.collaborative_id = $1 AND evaluator_agreements.person_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE evaluator_agreements SET person_id = $2 WHERE collaborative_id = $1 AND person_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'scorecard_assessments.by_person_id', scorecard_assessments.id, ''
			FROM merges JOIN scorecard_assessments ON scorecard_assessments.collaborative_id = $1 AND scorecard_assessments.by_person_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE scorecard_assessments SET by_person_id = $2 WHERE collaborative_id = $1 AND by_person_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'scorecard_evidence.by_person_id', scorecard_evidence.id, ''
			FROM merges JOIN scorecard_evidence ON scorecard_evidence.collaborative_id = $1 AND scorecard_evidence.by_person_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE scorecard_evidence SET by_person_id = $2 WHERE collaborative_id = $1 AND by_person_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'scorecard_evidence.teller_id', scorecard_evidence.id, ''
			FROM merges JOIN scorecard_evidence ON scorecard_evidence.collaborative_id = $1 AND scorecard_evidence.teller_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE scorecard_evidence SET teller_id = $2 WHERE collaborative_id = $1 AND teller_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'meeting_people.alternate_id', meeting_people.id, ''
			FROM merges JOIN meeting_people ON meeting_people.collaborative_id = $1 AND meeting_people.alternate_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE meeting_people SET alternate_id = $2 WHERE collaborative_id = $1 AND alternate_id = $3`, false},
		// Of two answers to one invitation the merged record's stays with it.
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'meeting_people.person_id', meeting_people.id, ''
			FROM merges JOIN meeting_people ON meeting_people.collaborative_id = $1 AND meeting_people.person_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2
			AND NOT EXISTS (SELECT 1 FROM meeting_people AS has WHERE has.collaborative_id = $1 AND has.meeting_id = meeting_people.meeting_id AND has.person_id = merges.kept_id)`,
			`UPDATE meeting_people SET person_id = $2 WHERE collaborative_id = $1 AND person_id = $3
			AND NOT EXISTS (SELECT 1 FROM meeting_people AS has WHERE has.collaborative_id = $1 AND has.meeting_id = meeting_people.meeting_id AND has.person_id = $2)`, false},
		// Of two entries in the ledger of one meeting the merged record's lies in the trash.
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'attendances.twice', attendances.id, ''
			FROM merges JOIN attendances ON attendances.collaborative_id = $1 AND attendances.person_id = merges.merged_id AND attendances.deleted_at IS NULL WHERE merges.collaborative_id = $1 AND merges.id = $2
			AND EXISTS (SELECT 1 FROM attendances AS has WHERE has.collaborative_id = $1 AND has.meeting_id = attendances.meeting_id AND has.person_id = merges.kept_id AND has.deleted_at IS NULL)`,
			`UPDATE attendances SET deleted_at = (SELECT MAX(at) FROM merges WHERE merges.collaborative_id = $1 AND merges.kept_id = $2 AND merges.merged_id = $3) WHERE collaborative_id = $1 AND person_id = $3 AND deleted_at IS NULL
			AND EXISTS (SELECT 1 FROM attendances AS has WHERE has.collaborative_id = $1 AND has.meeting_id = attendances.meeting_id AND has.person_id = $2 AND has.deleted_at IS NULL)`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'attendances.person_id', attendances.id, ''
			FROM merges JOIN attendances ON attendances.collaborative_id = $1 AND attendances.person_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE attendances SET person_id = $2 WHERE collaborative_id = $1 AND person_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'remembered_names.person_id', remembered_names.body_id, remembered_names.name_key
			FROM merges JOIN remembered_names ON remembered_names.collaborative_id = $1 AND remembered_names.person_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE remembered_names SET person_id = $2 WHERE collaborative_id = $1 AND person_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'personal_codes.person_id', merges.merged_id, ''
			FROM merges JOIN personal_codes ON personal_codes.collaborative_id = $1 AND personal_codes.person_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2
			AND NOT EXISTS (SELECT 1 FROM personal_codes AS has WHERE has.collaborative_id = $1 AND has.person_id = merges.kept_id)`,
			`UPDATE personal_codes SET person_id = $2 WHERE collaborative_id = $1 AND person_id = $3
			AND NOT EXISTS (SELECT 1 FROM personal_codes AS has WHERE has.collaborative_id = $1 AND has.person_id = $2)`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'meeting_letters.person_id', meeting_letters.id, ''
			FROM merges JOIN meeting_letters ON meeting_letters.collaborative_id = $1 AND meeting_letters.person_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2
			AND NOT EXISTS (SELECT 1 FROM meeting_letters AS has WHERE has.collaborative_id = $1 AND has.meeting_id = meeting_letters.meeting_id AND has.person_id = merges.kept_id)`,
			`UPDATE meeting_letters SET person_id = $2 WHERE collaborative_id = $1 AND person_id = $3
			AND NOT EXISTS (SELECT 1 FROM meeting_letters AS has WHERE has.collaborative_id = $1 AND has.meeting_id = meeting_letters.meeting_id AND has.person_id = $2)`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'post_letters.person_id', post_letters.id, ''
			FROM merges JOIN post_letters ON post_letters.collaborative_id = $1 AND post_letters.person_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2
			AND NOT EXISTS (SELECT 1 FROM post_letters AS has WHERE has.collaborative_id = $1 AND has.person_id = merges.kept_id AND has.kind = post_letters.kind AND has.occasion = post_letters.occasion)`,
			`UPDATE post_letters SET person_id = $2 WHERE collaborative_id = $1 AND person_id = $3
			AND NOT EXISTS (SELECT 1 FROM post_letters AS has WHERE has.collaborative_id = $1 AND has.person_id = $2 AND has.kind = post_letters.kind AND has.occasion = post_letters.occasion)`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'poll_people.person_id', poll_people.id, ''
			FROM merges JOIN poll_people ON poll_people.collaborative_id = $1 AND poll_people.person_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2
			AND NOT EXISTS (SELECT 1 FROM poll_people AS has WHERE has.collaborative_id = $1 AND has.poll_id = poll_people.poll_id AND has.person_id = merges.kept_id)`,
			`UPDATE poll_people SET person_id = $2 WHERE collaborative_id = $1 AND person_id = $3
			AND NOT EXISTS (SELECT 1 FROM poll_people AS has WHERE has.collaborative_id = $1 AND has.poll_id = poll_people.poll_id AND has.person_id = $2)`, false},
		// Of two invitations to one wave the merged record's stays with it, with its answers.
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'survey_invitees.person_id', survey_invitees.id, ''
			FROM merges JOIN survey_invitees ON survey_invitees.collaborative_id = $1 AND survey_invitees.person_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2
			AND NOT EXISTS (SELECT 1 FROM survey_invitees AS has WHERE has.collaborative_id = $1 AND has.wave_id = survey_invitees.wave_id AND has.person_id = merges.kept_id)`,
			`UPDATE survey_invitees SET person_id = $2 WHERE collaborative_id = $1 AND person_id = $3
			AND NOT EXISTS (SELECT 1 FROM survey_invitees AS has WHERE has.collaborative_id = $1 AND has.wave_id = survey_invitees.wave_id AND has.person_id = $2)`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'survey_roster.person_id', survey_roster.id, ''
			FROM merges JOIN survey_roster ON survey_roster.collaborative_id = $1 AND survey_roster.person_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE survey_roster SET person_id = $2 WHERE collaborative_id = $1 AND person_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'person_emails.person_id', merges.merged_id, person_emails.email_key
			FROM merges JOIN person_emails ON person_emails.collaborative_id = $1 AND person_emails.person_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2
			AND NOT EXISTS (SELECT 1 FROM person_emails AS has WHERE has.collaborative_id = $1 AND has.email_key = person_emails.email_key AND has.person_id = merges.kept_id)`,
			`UPDATE person_emails SET person_id = $2 WHERE collaborative_id = $1 AND person_id = $3
			AND NOT EXISTS (SELECT 1 FROM person_emails AS has WHERE has.collaborative_id = $1 AND has.email_key = person_emails.email_key AND has.person_id = $2)`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'actions.owner_person_id', actions.id, ''
			FROM merges JOIN actions ON actions.collaborative_id = $1 AND actions.owner_person_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE actions SET owner_person_id = $2 WHERE collaborative_id = $1 AND owner_person_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'actions.given_by_person_id', actions.id, ''
			FROM merges JOIN actions ON actions.collaborative_id = $1 AND actions.given_by_person_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE actions SET given_by_person_id = $2 WHERE collaborative_id = $1 AND given_by_person_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'commitments.person_id', commitments.id, ''
			FROM merges JOIN commitments ON commitments.collaborative_id = $1 AND commitments.person_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE commitments SET person_id = $2 WHERE collaborative_id = $1 AND person_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'pledge_links.person_id', pledge_links.id, ''
			FROM merges JOIN pledge_links ON pledge_links.collaborative_id = $1 AND pledge_links.person_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE pledge_links SET person_id = $2 WHERE collaborative_id = $1 AND person_id = $3`, false},
		{`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'due_links.person_id', due_links.id, ''
			FROM merges JOIN due_links ON due_links.collaborative_id = $1 AND due_links.person_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2`,
			`UPDATE due_links SET person_id = $2 WHERE collaborative_id = $1 AND person_id = $3`, false},
	} {
		if err := m.moveRows(c, step.note, step.move, step.keyed, key); err != nil {
			return err
		}
	}
	return m.moveTags(c, key)
}

// returnPerson returns what was moved from a person, and says how many rows came
// back.
func (m merging) returnPerson(c *operation.Call, key []byte) (int64, error) {
	var total int64
	for _, step := range []struct {
		back  string
		keyed bool
	}{
		{`UPDATE seat_terms SET person_id = $3 WHERE collaborative_id = $1 AND person_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'seat_terms.person_id' AND merge_moves.row_id = seat_terms.id) > 0`, false},
		{`UPDATE seat_terms SET alternate_id = $3 WHERE collaborative_id = $1 AND alternate_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'seat_terms.alternate_id' AND merge_moves.row_id = seat_terms.id) > 0`, false},
		{`UPDATE seat_terms SET alternate_id = $3 WHERE collaborative_id = $1 AND person_id = $4 AND alternate_id IS NULL
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'seat_terms.own_alternate_merged' AND merge_moves.row_id = seat_terms.id) > 0`, false},
		{`UPDATE seat_terms SET alternate_id = $4 WHERE collaborative_id = $1 AND person_id = $3 AND alternate_id IS NULL
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'seat_terms.own_alternate_kept' AND merge_moves.row_id = seat_terms.id) > 0`, false},
		{`UPDATE affiliations SET person_id = $3, person_sort_key = $5 WHERE collaborative_id = $1 AND person_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'affiliations.person_id' AND merge_moves.row_id = affiliations.id) > 0`, true},
		{`UPDATE agreements SET signatory_id = $3 WHERE collaborative_id = $1 AND signatory_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'agreements.signatory_id' AND merge_moves.row_id = agreements.id) > 0`, false},
		{`UPDATE touches SET person_id = $3 WHERE collaborative_id = $1 AND person_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'touches.person_id' AND merge_moves.row_id = touches.id) > 0`, false},
		{`UPDATE touches SET by_person_id = $3 WHERE collaborative_id = $1 AND by_person_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'touches.by_person_id' AND merge_moves.row_id = touches.id) > 0`, false},
		{`UPDATE ties SET from_person_id = $3 WHERE collaborative_id = $1 AND from_person_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'ties.from_person_id' AND merge_moves.row_id = ties.id) > 0`, false},
		{`UPDATE ties SET to_person_id = $3 WHERE collaborative_id = $1 AND to_person_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'ties.to_person_id' AND merge_moves.row_id = ties.id) > 0`, false},
		{`UPDATE agenda_items SET owner_id = $3 WHERE collaborative_id = $1 AND owner_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'agenda_items.owner_id' AND merge_moves.row_id = agenda_items.id) > 0`, false},
		{`UPDATE preparations SET assignee_id = $3 WHERE collaborative_id = $1 AND assignee_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'preparations.assignee_id' AND merge_moves.row_id = preparations.id) > 0`, false},
		{`UPDATE captures SET by_person_id = $3 WHERE collaborative_id = $1 AND by_person_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'captures.by_person_id' AND merge_moves.row_id = captures.id) > 0`, false},
		{`UPDATE material_files SET by_person_id = $3 WHERE collaborative_id = $1 AND by_person_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'material_files.by_person_id' AND merge_moves.row_id = material_files.id) > 0`, false},
		{`UPDATE evaluator_agreements SET person_id = $3 WHERE collaborative_id = $1 AND person_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'evaluator_agreements.person_id' AND merge_moves.row_id = evaluator_agreements.id) > 0`, false},
		{`UPDATE scorecard_assessments SET by_person_id = $3 WHERE collaborative_id = $1 AND by_person_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'scorecard_assessments.by_person_id' AND merge_moves.row_id = scorecard_assessments.id) > 0`, false},
		{`UPDATE scorecard_evidence SET by_person_id = $3 WHERE collaborative_id = $1 AND by_person_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'scorecard_evidence.by_person_id' AND merge_moves.row_id = scorecard_evidence.id) > 0`, false},
		{`UPDATE scorecard_evidence SET teller_id = $3 WHERE collaborative_id = $1 AND teller_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'scorecard_evidence.teller_id' AND merge_moves.row_id = scorecard_evidence.id) > 0`, false},
		{`UPDATE meeting_people SET alternate_id = $3 WHERE collaborative_id = $1 AND alternate_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'meeting_people.alternate_id' AND merge_moves.row_id = meeting_people.id) > 0`, false},
		{`UPDATE meeting_letters SET person_id = $3 WHERE collaborative_id = $1 AND person_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'meeting_letters.person_id' AND merge_moves.row_id = meeting_letters.id) > 0`, false},
		{`UPDATE post_letters SET person_id = $3 WHERE collaborative_id = $1 AND person_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'post_letters.person_id' AND merge_moves.row_id = post_letters.id) > 0`, false},
		{`UPDATE survey_invitees SET person_id = $3 WHERE collaborative_id = $1 AND person_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'survey_invitees.person_id' AND merge_moves.row_id = survey_invitees.id) > 0`, false},
		{`UPDATE survey_roster SET person_id = $3 WHERE collaborative_id = $1 AND person_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'survey_roster.person_id' AND merge_moves.row_id = survey_roster.id) > 0`, false},
		{`UPDATE poll_people SET person_id = $3 WHERE collaborative_id = $1 AND person_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'poll_people.person_id' AND merge_moves.row_id = poll_people.id) > 0`, false},
		{`UPDATE meeting_people SET person_id = $3 WHERE collaborative_id = $1 AND person_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'meeting_people.person_id' AND merge_moves.row_id = meeting_people.id) > 0`, false},
		{`UPDATE attendances SET person_id = $3 WHERE collaborative_id = $1 AND person_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'attendances.person_id' AND merge_moves.row_id = attendances.id) > 0`, false},
		{`UPDATE attendances SET deleted_at = NULL WHERE collaborative_id = $1 AND person_id = $3 AND person_id <> $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'attendances.twice' AND merge_moves.row_id = attendances.id) > 0
			AND NOT EXISTS (SELECT 1 FROM attendances AS has WHERE has.collaborative_id = $1 AND has.meeting_id = attendances.meeting_id AND has.person_id = $3 AND has.deleted_at IS NULL)`, false},
		{`UPDATE remembered_names SET person_id = $3 WHERE collaborative_id = $1 AND person_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'remembered_names.person_id'
			AND merge_moves.row_id = remembered_names.body_id AND merge_moves.row_key = remembered_names.name_key) > 0`, false},
		{`UPDATE personal_codes SET person_id = $3 WHERE collaborative_id = $1 AND person_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'personal_codes.person_id' AND merge_moves.row_id = $3) > 0`, false},
		{`UPDATE person_emails SET person_id = $3 WHERE collaborative_id = $1 AND person_id = $4
			AND email_key IN (SELECT row_key FROM merge_moves WHERE collaborative_id = $1 AND merge_id = $2 AND reference = 'person_emails.person_id')
			AND NOT EXISTS (SELECT 1 FROM person_emails AS has WHERE has.collaborative_id = $1 AND has.email_key = person_emails.email_key AND has.person_id = $3)`, false},
		{`UPDATE actions SET owner_person_id = $3 WHERE collaborative_id = $1 AND owner_person_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'actions.owner_person_id' AND merge_moves.row_id = actions.id) > 0`, false},
		{`UPDATE actions SET given_by_person_id = $3 WHERE collaborative_id = $1 AND given_by_person_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'actions.given_by_person_id' AND merge_moves.row_id = actions.id) > 0`, false},
		{`UPDATE commitments SET person_id = $3 WHERE collaborative_id = $1 AND person_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'commitments.person_id' AND merge_moves.row_id = commitments.id) > 0`, false},
		{`UPDATE pledge_links SET person_id = $3 WHERE collaborative_id = $1 AND person_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'pledge_links.person_id' AND merge_moves.row_id = pledge_links.id) > 0`, false},
		{`UPDATE due_links SET person_id = $3 WHERE collaborative_id = $1 AND person_id = $4
			AND (SELECT COUNT(*) FROM merge_moves WHERE merge_moves.collaborative_id = $1 AND merge_moves.merge_id = $2 AND merge_moves.reference = 'due_links.person_id' AND merge_moves.row_id = due_links.id) > 0`, false},
	} {
		n, err := m.backRows(c, step.back, step.keyed, key)
		if err != nil {
			return 0, err
		}
		total += n
	}
	n, err := m.returnTags(c, key)
	return total + n, err
}

// moveTags moves the tags that the kept record lacks.
func (m merging) moveTags(c *operation.Call, key []byte) error {
	if _, err := c.Tx.Exec(`INSERT INTO merge_moves (collaborative_id, merge_id, reference, row_id, row_key) SELECT merges.collaborative_id, merges.id, 'tags.record_id', merges.merged_id, tags.tag_key
		FROM merges JOIN tags ON tags.collaborative_id = $1 AND tags.kind = merges.kind AND tags.record_id = merges.merged_id WHERE merges.collaborative_id = $1 AND merges.id = $2
		AND NOT EXISTS (SELECT 1 FROM tags AS has WHERE has.collaborative_id = $1 AND has.kind = merges.kind AND has.record_id = merges.kept_id AND has.tag_key = tags.tag_key)`, m.id); err != nil {
		return err
	}
	_, err := c.Tx.Exec(`UPDATE tags SET record_id = $3, record_sort_key = $5 WHERE collaborative_id = $1 AND kind = $2 AND record_id = $4
		AND NOT EXISTS (SELECT 1 FROM tags AS has WHERE has.collaborative_id = $1 AND has.kind = $2 AND has.record_id = $3 AND has.tag_key = tags.tag_key)`,
		m.kind, m.kept[:], m.merged[:], key)
	return err
}

func (m merging) returnTags(c *operation.Call, key []byte) (int64, error) {
	return c.Tx.Exec(`UPDATE tags SET record_id = $4, record_sort_key = $6 WHERE collaborative_id = $1 AND kind = $3 AND record_id = $5
		AND tag_key IN (SELECT row_key FROM merge_moves WHERE collaborative_id = $1 AND merge_id = $2 AND reference = 'tags.record_id')`,
		m.id, m.kind, m.merged[:], m.kept[:], key)
}

// rekey gives the rows that carry the kept record's sort key that of its new name.
func (m merging) rekey(c *operation.Call, key []byte) error {
	if _, err := c.Tx.Exec(`UPDATE tags SET record_sort_key = $4 WHERE collaborative_id = $1 AND kind = $2 AND record_id = $3`, m.kind, m.kept[:], key); err != nil {
		return err
	}
	if m.kind == OrganizationKind {
		_, err := c.Tx.Exec(`UPDATE agreements SET organization_sort_key = $3 WHERE collaborative_id = $1 AND organization_id = $2`, m.kept[:], key)
		return err
	}
	_, err := c.Tx.Exec(`UPDATE affiliations SET person_sort_key = $3 WHERE collaborative_id = $1 AND person_id = $2`, m.kept[:], key)
	return err
}
