package faults_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"commontable/internal/app"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"

	_ "modernc.org/sqlite" // to look at the file beside the program
)

// readAll lists every person whose name the tests made, by name, and how many
// people the collaborative counts apart from its founder.
func readAll(t *testing.T, a *app.App, place installation) (map[string]string, int64) {
	t.Helper()
	c, err := a.Access.Collaborative(context.Background(), place.slug)
	if err != nil {
		t.Fatal(err)
	}
	ctx := operation.WithCollaborative(operation.WithActor(context.Background(), operation.System()), c)
	out := map[string]string{}
	in := directory.ListPeopleInput{Limit: 200}
	var total int64
	founders := int64(0)
	for {
		page, err := directory.ListPeople.Do(ctx, a.Door, in)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range page.Items {
			if !strings.HasPrefix(p.GivenName, "p") {
				founders++
				continue
			}
			if out[p.GivenName] != "" {
				t.Errorf("%s exists twice", p.GivenName)
			}
			out[p.GivenName] = p.ID.String()
		}
		total = page.Total
		if in.After = page.Next; in.After == "" {
			break
		}
	}
	if a.Config.DatabaseURL == "" {
		checkFile(t, filepath.Join(a.Config.DataDir, app.DatabaseFile))
	}
	return out, total - founders
}

// checkFile asks SQLite whether its file is sound, and whether each person has
// one audit entry and one search document.
func checkFile(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for query, want := range map[string]string{
		`PRAGMA integrity_check`:                        "ok",
		`SELECT COUNT(*) FROM pragma_foreign_key_check`: "0",
		`SELECT COUNT(*) FROM people p WHERE NOT EXISTS (SELECT 1 FROM audit_entries a WHERE a.subject_id = p.id)`:                         "0",
		`SELECT COUNT(*) FROM people p WHERE NOT EXISTS (SELECT 1 FROM search_documents d WHERE d.record_id = p.id)`:                       "0",
		`SELECT COUNT(*) FROM search_documents d WHERE d.kind = 'person' AND NOT EXISTS (SELECT 1 FROM people p WHERE p.id = d.record_id)`: "0",
		`SELECT COUNT(*) FROM search_words w WHERE NOT EXISTS (SELECT 1 FROM search_documents d WHERE d.record_id = w.record_id)`:          "0",
	} {
		var got string
		if err := db.QueryRow(query).Scan(&got); err != nil || got != want {
			t.Errorf("%s: %q, %v", query, got, err)
		}
	}
}
