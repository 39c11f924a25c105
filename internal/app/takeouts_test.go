package app_test

import (
	"io/fs"
	"regexp"
	"slices"
	"testing"

	"commontable/internal/app"
	"commontable/internal/backbone/takeout"
	"commontable/internal/schema"
)

// bookkeeping are columns of carried tables that stay behind, each with the reason.
// A column is carried when the row of its entity has a field with its name.
var bookkeeping = map[string]string{
	"actions.due_order": "the day it is due, or the last of all days",
	"collaborative_id":  "the archive is of one collaborative",
	"version":           "counts edits on one installation",
	"updated_at":        "the last edit on one installation",
	"sort_key":          "made from the name in the collaborative's language",
	"body_sort_key":     "made from the body's name", "organization_sort_key": "made from the organization's name", "person_sort_key": "made from the person's name", "record_sort_key": "made from the record's name",
	"email_key": "made from the address", "tag_key": "made from the tag", "type_key": "made from the type", "organizations.kinds_indexed": "kinds are entered among the tags anew",
	"saved_views.account_id": "accounts stay behind; only shared views are carried", "audit_entries.account_id": "accounts stay behind",
	"audit_entries.request": "names a request to one installation", "audit_entries.subject_version": "counts edits on one installation",
	"audit_entries.undo_operation": "fits the versions of one installation", "audit_entries.undo_input": "fits the versions of one installation",
	"survey_invitees.declined_on": "would tell who did not answer", "survey_invitees.letters": "would tell who did not answer", "survey_invitees.told_on": "would tell who did not answer",
	"survey_tellers.response_id": "would tell whose answers these are", "meeting_letters.answered_at": "orders answers that come to the mailbox of one installation",
	"agreements.link_id": "a link is sent anew", "agreements.link_expires": "a link is sent anew",
	"evaluator_agreements.link_id": "a link is sent anew", "evaluator_agreements.link_expires": "a link is sent anew",
	"attendances.guest_key": "made from the name and the organization", "remembered_names.name_key": "made from the name",
	"resemblances.score": "found anew", "resemblances.reasons": "found anew", "resemblances.found_at": "found anew",
}

// below are columns that rows below a record leave to it, or call otherwise.
var below = map[string]string{
	"affiliations.person_id": "people", "seat_terms.seat_id": "seats", "seat_terms.body_id": "seats", "person_emails.person_id": "people",
	"periods.subject_id": "organizations and bodies", "merge_moves.merge_id": "merges", "tags.kind": "organizations and people", "tags.record_id": "organizations and people",
	"survey_identities.response_id": "survey-responses", "survey_instruments.instrument_key": "key", "survey_answers.response_id": "survey-answers", "survey_answers.question": "survey-answers", "survey_answers.answer": "survey-answers",
	"tags.tag": "tags", "touches.by_name": "by", "audit_entries.actor_name": "actor",
}

var (
	tableStatement = regexp.MustCompile(`(?s)CREATE TABLE (\w+) \((.*?)\n\);`)
	alterStatement = regexp.MustCompile(`ALTER TABLE (\w+) ADD COLUMN (\w+)`)
	columnLine     = regexp.MustCompile(`(?m)^\t([a-z_]+) (?:BYTEA|TEXT|BIGINT|BOOLEAN|JSONB|DOUBLE)`)
)

// tenantTables are the tables of collaboratives and their columns.
func tenantTables(t *testing.T) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	names, err := fs.Glob(schema.Files, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		raw, err := schema.Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range tableStatement.FindAllStringSubmatch(string(raw), -1) {
			var columns []string
			for _, c := range columnLine.FindAllStringSubmatch(found[2], -1) {
				columns = append(columns, c[1])
			}
			if len(columns) > 0 && columns[0] == "collaborative_id" {
				out[found[1]] = columns
			}
		}
		for _, found := range alterStatement.FindAllStringSubmatch(string(raw), -1) {
			if out[found[1]] != nil {
				out[found[1]] = append(out[found[1]], found[2])
			}
		}
	}
	if len(out) < 25 {
		t.Fatalf("only %d tables of collaboratives were found: the test is blind", len(out))
	}
	return out
}

// Whatever a collaborative records leaves with it, or it is said why not.
func TestEveryTableIsCarried(t *testing.T) {
	entities := takeout.New(takeout.Config{Entities: app.Carried()}).Entities()
	carried := map[string][]string{} // columns by table
	for _, e := range entities {
		for _, table := range e.Tables {
			carried[table] = append(carried[table], e.Columns()...)
		}
	}
	tables := tenantTables(t)
	for table, columns := range tables {
		reason := app.NotCarried[table]
		if (carried[table] != nil) == (reason != "") {
			t.Errorf("%s: carried %t, excused %q", table, carried[table] != nil, reason)
		}
		if reason != "" {
			continue
		}
		for _, column := range columns {
			if bookkeeping[column] == "" && bookkeeping[table+"."+column] == "" && below[table+"."+column] == "" && !slices.Contains(carried[table], column) {
				t.Errorf("%s.%s is neither carried nor excused", table, column)
			}
		}
	}
	for table := range app.NotCarried {
		if tables[table] == nil {
			t.Errorf("%s is excused and does not exist", table)
		}
	}
}
