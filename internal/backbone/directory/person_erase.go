package directory

import (
	"context"
	"errors"

	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/jobs"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/search"
	"commontable/internal/platform/store"
)

// ForgetErasedKind is the kind of work that clears up after somebody was erased:
// kept messages to them, which belong to the installation, and what deleted rows
// left behind in the database's files.
const ForgetErasedKind = "directory.forget-erased"

// ForgetErased is its payload.
type ForgetErased struct {
	Addresses []string `json:"addresses"`
}

// Erase names the person to be erased and proves that they are meant.
type Erase struct {
	ID      PersonID `json:"id"`
	Version int64    `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	Name    string   `json:"name" required:"true" maxLength:"201" doc:"Their name as it is on record, to make sure that they are meant."`
}

// Erased is what is left of a person.
type Erased struct {
	ID PersonID `json:"id"`
	// AccountAlone says that the account they signed in with belongs to no
	// collaborative now.
	AccountAlone bool `json:"account_alone" doc:"Whether the account they signed in with is left without any collaborative; the installation's administrator can remove it."`
	// Mentions are what was not this program's to change.
	Mentions []Mention `json:"mentions" doc:"Texts that name them still, to be read and edited by somebody."`
}

// ErasePerson makes a person nameless everywhere in the collaborative. Their
// terms, affiliations and participation stay counted. It cannot be taken back.
var ErasePerson = operation.Define(operation.Operation[Erase, Erased]{
	Definition: operation.Definition{ID: "people.erase", Summary: "Erases a person: what they did stays counted, and nothing tells who they were", Fresh: true, Secret: true, Method: "POST", Path: "/people/{id}/erase"},
	Run: func(c *operation.Call, in Erase) (Erased, error) {
		p, err := getPerson(c, in.ID)
		if err != nil {
			return Erased{}, err
		}
		// Somebody in the trash can be erased too; somebody erased is not there.
		switch {
		case p.Name() == "":
			return Erased{}, operation.Missing()
		case p.Version != in.Version:
			return Erased{}, operation.Stale(p.visibleTo(c))
		case foldedName(in.Name) != foldedName(p.Name()):
			return Erased{}, operation.InvalidField("name", "errors.erase_name")
		}
		if err := alone(c, people, in.ID); err != nil {
			return Erased{}, err
		}
		return erase(c, in.ID)
	},
})

// eraseAgain is the same for the program, after an older backup was restored. It
// is in no registry, so nobody else can ask for it.
var eraseAgain = operation.Define(operation.Operation[PersonRef, Erased]{
	Definition: operation.Definition{ID: "people.erase", Summary: "Erases a person again", Secret: true, BrowserOnly: "for the program itself, after a restore"},
	Run:        func(c *operation.Call, in PersonRef) (Erased, error) { return erase(c, in.ID) },
})

// EraseAgain erases a person who came back with an older backup. A person who is
// not on record is only remembered. It is for background work.
func EraseAgain(ctx context.Context, door *operation.Door, place operation.Collaborative, person PersonID) error {
	_, err := eraseAgain.Do(operation.WithCollaborative(operation.WithActor(ctx, operation.System()), place), door, PersonRef{ID: person})
	return err
}

// ErasedPeople are those of a collaborative who were erased.
func ErasedPeople(ctx context.Context, s *store.Store, place operation.CollaborativeID) (out []PersonID, err error) {
	err = s.Read(ctx, place, func(tx *store.Tx) (err error) {
		out, err = store.Collect(tx, func(row store.Row) (i PersonID, err error) { return i, row.Scan(&i) }, `SELECT person_id FROM erasures WHERE collaborative_id = $1 ORDER BY person_id`)
		return err
	})
	return out, err
}

// erase erases a person and every record that was merged into theirs.
func erase(c *operation.Call, i PersonID) (Erased, error) {
	out := Erased{ID: i, Mentions: []Mention{}}
	all, err := withMerged(c, i)
	if err != nil {
		return out, err
	}
	var addresses []string
	var everything told
	for _, one := range all {
		lonely, known, err := eraseOne(c, one)
		if err != nil {
			return out, err
		}
		out.AccountAlone = out.AccountAlone || lonely
		addresses = append(addresses, known.emails...)
		everything.words = append(everything.words, known.words...)
	}
	if out.Mentions, err = mentions(c, all, everything); err != nil {
		return out, err
	}
	c.Enqueue(operation.Later{Kind: ForgetErasedKind, Payload: ForgetErased{addresses}})
	return out, nil
}

func eraseOne(c *operation.Call, i PersonID) (lonely bool, known told, err error) {
	if _, err := c.Tx.Exec(`INSERT INTO erasures (collaborative_id, person_id, at) VALUES ($1, $2, $3) ON CONFLICT (collaborative_id, person_id) DO NOTHING`, i, store.Micros(c.Now)); err != nil {
		return false, known, err
	}
	p, err := getPerson(c, i)
	if errors.Is(err, store.ErrNotFound) {
		return false, known, nil
	}
	if err != nil {
		return false, known, err
	}
	known, err = tellsOf(c, p)
	if err != nil {
		return false, known, err
	}
	if lonely, err = access.ForgetPerson(c, i); err != nil {
		return false, known, err
	}
	if err := eraseRows(c, i); err != nil {
		return false, known, err
	}
	if err := eraseAttendance(c, i, known); err != nil {
		return false, known, err
	}
	if err := eraseTraces(c, i, known); err != nil {
		return false, known, err
	}
	if err := eraseMentions(c, known); err != nil {
		return false, known, err
	}
	if err := search.Remove(c.Tx, PersonKind, i); err != nil {
		return false, known, err
	}
	if p.DeletedAt == nil {
		if err := operation.Count(c.Tx, PersonKind, i, -1); err != nil {
			return false, known, err
		}
	}
	if c.Secrets() != nil {
		if err := jobs.Forget(c.Installation, c.Secrets(), c.Collaborative.ID, known.in); err != nil {
			return false, known, err
		}
	}
	c.Changed(personSubject(i), "", p.Version+1, nil, nil)
	return lonely, known, nil
}

// eraseRows takes the person out of every row that tells something of them, and
// leaves those that only count them.
func eraseRows(c *operation.Call, i PersonID) error {
	empty := i18n.CollationKey(c.Collaborative.Language, "")
	now := store.Micros(c.Now)
	if _, err := c.Tx.Exec(`UPDATE people SET given_name = '', family_name = '', sort_key = $3, email = '', email_key = NULL, phone = '', language = '', notes = '', other_names = '[]', other_emails = '[]',
		channel = '', access_needs = '', lived_experience = '', custom = '{}', erased_at = $4, deleted_at = $4, updated_at = $4, version = version + 1 WHERE collaborative_id = $1 AND id = $2`, i, empty, now); err != nil {
		return err
	}
	if _, err := c.Tx.Exec(`UPDATE affiliations SET title = '', person_sort_key = $3 WHERE collaborative_id = $1 AND person_id = $2`, i, empty); err != nil {
		return err
	}
	if _, err := c.Tx.Exec(`UPDATE touches SET about = '' WHERE collaborative_id = $1 AND person_id = $2`, i); err != nil {
		return err
	}
	if _, err := c.Tx.Exec(`UPDATE touches SET by_name = '' WHERE collaborative_id = $1 AND by_person_id = $2`, i); err != nil {
		return err
	}
	if _, err := c.Tx.Exec(`UPDATE ties SET about = '' WHERE collaborative_id = $1 AND (from_person_id = $2 OR to_person_id = $2)`, i); err != nil {
		return err
	}
	if _, err := c.Tx.Exec(`UPDATE agreements SET signatory_name = '', signatory_title = '', signatory_email = '', signed_name = '' WHERE collaborative_id = $1 AND signatory_id = $2`, i); err != nil {
		return err
	}
	// Under what they signed nobody takes a file any more, and what they were sent to sign opens nothing.
	if _, err := c.Tx.Exec(`UPDATE evaluator_agreements SET organization = '', signed_name = '', state = CASE WHEN state = 'in_force' THEN 'ended' ELSE state END,
		link_id = NULL, link_expires = NULL WHERE collaborative_id = $1 AND person_id = $2`, i); err != nil {
		return err
	}
	// Their personal links end: what they open names them.
	if _, err := c.Tx.Exec(`DELETE FROM due_links WHERE collaborative_id = $1 AND person_id = $2`, i); err != nil {
		return err
	}
	if _, err := c.Tx.Exec(`DELETE FROM pledge_links WHERE collaborative_id = $1 AND person_id = $2`, i); err != nil {
		return err
	}
	if _, err := c.Tx.Exec(`DELETE FROM tags WHERE collaborative_id = $1 AND kind = 'person' AND record_id = $2`, i); err != nil {
		return err
	}
	if _, err := c.Tx.Exec(`DELETE FROM mail_suppressions WHERE collaborative_id = $1 AND email_key IN (SELECT email_key FROM person_emails WHERE collaborative_id = $1 AND person_id = $2)`, i); err != nil {
		return err
	}
	if _, err := c.Tx.Exec(`DELETE FROM meeting_letters WHERE collaborative_id = $1 AND person_id = $2`, i); err != nil {
		return err
	}
	if _, err := c.Tx.Exec(`DELETE FROM post_letters WHERE collaborative_id = $1 AND person_id = $2`, i); err != nil {
		return err
	}
	if _, err := c.Tx.Exec(`DELETE FROM poll_people WHERE collaborative_id = $1 AND person_id = $2`, i); err != nil {
		return err
	}
	if err := eraseSurveys(c, i); err != nil {
		return err
	}
	if err := eraseStories(c, i); err != nil {
		return err
	}
	if _, err := c.Tx.Exec(`DELETE FROM person_emails WHERE collaborative_id = $1 AND person_id = $2`, i); err != nil {
		return err
	}
	if _, err := c.Tx.Exec(`DELETE FROM resemblances WHERE collaborative_id = $1 AND kind = 'person' AND first_id = $2`, i); err != nil {
		return err
	}
	if _, err := c.Tx.Exec(`DELETE FROM resemblances WHERE collaborative_id = $1 AND kind = 'person' AND second_id = $2`, i); err != nil {
		return err
	}
	// Files that were brought may name them anywhere, so those that are done with
	// go; what an import changed of them can no longer be taken back.
	for _, statement := range []struct{ text string }{
		{`DELETE FROM import_parts WHERE collaborative_id = $1 AND import_id IN (SELECT id FROM imports WHERE collaborative_id = $1 AND state IN ('done', 'undone', 'cancelled', 'failed'))`},
		{`DELETE FROM import_rows WHERE collaborative_id = $1 AND import_id IN (SELECT id FROM imports WHERE collaborative_id = $1 AND state IN ('done', 'undone', 'cancelled', 'failed'))`},
		{`DELETE FROM import_records WHERE collaborative_id = $1 AND import_id IN (SELECT id FROM imports WHERE collaborative_id = $1 AND state IN ('done', 'undone', 'cancelled', 'failed'))`},
	} {
		if _, err := c.Tx.Exec(statement.text); err != nil {
			return err
		}
	}
	if _, err := c.Tx.Exec(`UPDATE import_changes SET title = '', undone = TRUE, before = NULL, after = NULL WHERE collaborative_id = $1 AND target_id = $2`, i); err != nil {
		return err
	}
	if _, err := c.Tx.Exec(`DELETE FROM import_decisions WHERE collaborative_id = $1 AND target_id = $2`, i); err != nil {
		return err
	}
	// Takeouts that were made before still hold them.
	if _, err := c.Tx.Exec(`DELETE FROM takeouts WHERE collaborative_id = $1`); err != nil {
		return err
	}
	// A merge that involves them cannot be taken back: it would name them again.
	for _, m := range []struct{ moves, merges string }{
		{`DELETE FROM merge_moves WHERE collaborative_id = $1 AND merge_id IN (SELECT id FROM merges WHERE collaborative_id = $1 AND kept_id = $2)`, `DELETE FROM merges WHERE collaborative_id = $1 AND kept_id = $2`},
		{`DELETE FROM merge_moves WHERE collaborative_id = $1 AND merge_id IN (SELECT id FROM merges WHERE collaborative_id = $1 AND merged_id = $2)`, `DELETE FROM merges WHERE collaborative_id = $1 AND merged_id = $2`},
	} {
		if _, err := c.Tx.Exec(m.moves, i); err != nil {
			return err
		}
		if _, err := c.Tx.Exec(m.merges, i); err != nil {
			return err
		}
	}
	return nil
}

// erasedSince says whether a record in the trash is of somebody who was erased:
// everybody else has a name.
func (p Person) erasedSince() bool { return p.DeletedAt != nil && p.Name() == "" && p.Version > 0 }

// eraseSurveys takes away what somebody answered to surveys, that they were invited, and
// their name on the rosters. What others answered about them stays, of nobody.
func eraseSurveys(c *operation.Call, i PersonID) error {
	for _, statement := range []struct{ text string }{
		{`DELETE FROM survey_answers WHERE collaborative_id = $1 AND response_id IN (SELECT survey_identities.response_id FROM survey_invitees
			JOIN survey_identities ON survey_identities.collaborative_id = $1 AND survey_identities.invitee_id = survey_invitees.id WHERE survey_invitees.collaborative_id = $1 AND survey_invitees.person_id = $2)`},
		{`DELETE FROM survey_responses WHERE collaborative_id = $1 AND id IN (SELECT survey_identities.response_id FROM survey_invitees
			JOIN survey_identities ON survey_identities.collaborative_id = $1 AND survey_identities.invitee_id = survey_invitees.id WHERE survey_invitees.collaborative_id = $1 AND survey_invitees.person_id = $2)`},
		{`DELETE FROM survey_invitees WHERE collaborative_id = $1 AND person_id = $2`},
		{`UPDATE survey_roster SET name = '' WHERE collaborative_id = $1 AND person_id = $2`},
	} {
		if _, err := c.Tx.Exec(statement.text, i); err != nil {
			return err
		}
	}
	return nil
}

// eraseStories takes away the stories somebody told for the scorecard, and what the log
// holds of them. What they assessed stays, of nobody.
func eraseStories(c *operation.Call, i PersonID) error {
	for _, statement := range []struct{ text string }{
		{`UPDATE audit_entries SET fields = NULL, subject_title = '', undo_operation = NULL, undo_input = NULL WHERE collaborative_id = $1 AND subject_kind = 'scorecard-evidence'
			AND subject_id IN (SELECT id FROM scorecard_evidence WHERE collaborative_id = $1 AND teller_id = $2)`},
		{`DELETE FROM scorecard_evidence WHERE collaborative_id = $1 AND teller_id = $2`},
	} {
		if _, err := c.Tx.Exec(statement.text, i); err != nil {
			return err
		}
	}
	return nil
}
