package security_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
	"commontable/internal/testing/postgres"
)

// sortedAfterwards are the statements that may sort what they found, each with
// the reason why it is always little.
var sortedAfterwards = map[string]string{
	"AND people.id IN (":             "at most 500 hits of a search",
	"AND id IN (":                    "at most 500 hits of a search",
	"FROM passkeys":                  "one account's few passkeys",
	"GROUP BY kind, main, action":    "one import's records, counted once into a few groups",
	"FROM meeting_people JOIN":       "those asked to one meeting",
	"AND (ties.from_":                "one record's ties, whichever end it is",
	"FROM poll_people":               "those asked in one poll",
	"FROM material_files LEFT":       "the versions of one meeting's materials",
	"FROM materials JOIN deliveries": "the evidence of one commitment",
	"FROM affiliations WHERE collaborative_id = $1 AND person_id = $2 AND valid_from":            "whom one person belongs to",
	"organization_id, COUNT(*) FROM attendances WHERE collaborative_id = $1 AND meeting_id = $2": "those who were at one meeting",
}

// wholeTables are the statements that may read a whole table, which is small in
// every installation.
var wholeTables = map[string]string{
	"FROM installation_settings": "a handful of settings",
	"FROM schema_migrations":     "one row a migration",
	"WITH RECURSIVE steps":       "one row a tag, each found by the index",
}

// Every statement the program runs, over all its pages and operations, finds its
// rows by an index and in the order it needs them, on both engines.
func TestEveryQueryHasItsIndex(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { everyQueryHasItsIndex(t, newSite(t)) })
	t.Run("postgres", func(t *testing.T) { everyQueryHasItsIndex(t, newSiteOn(t, postgres.Start(t).Database(t))) })
}

func everyQueryHasItsIndex(t *testing.T, s *site) {
	runEverything(t, s)
	if database := s.app.Config.DatabaseURL; database != "" {
		postgres.Start(t).Enlarge(t, database)
	}
	here := operation.CollaborativeFrom(s.here.context).ID
	statements := s.app.Store.Statements()
	for _, statement := range statements {
		plan, err := s.app.Store.Explain(context.Background(), here, statement)
		if err != nil {
			t.Errorf("%s: %v", statement.SQL, err)
			continue
		}
		// An installation's list without a filter reads in order and stops.
		stops := !statement.Tenant && strings.Contains(statement.SQL, "LIMIT")
		if len(plan.Whole) > 0 && !stops && !excused(statement.SQL, wholeTables) {
			t.Errorf("reads a whole table (%s):\n%s\n%s", plan.Whole[0], statement.SQL, strings.Join(plan.Steps, "\n"))
		}
		if len(plan.Sorts) > 0 && !excused(statement.SQL, sortedAfterwards) {
			t.Errorf("sorts what it found (%s):\n%s\n%s", plan.Sorts[0], statement.SQL, strings.Join(plan.Steps, "\n"))
		}
	}
	if len(statements) < 60 {
		t.Errorf("only %d statements were run: the test looked at too little", len(statements))
	}

	// What has no index is told as such, or the silence above would mean nothing.
	for _, bad := range []struct {
		statement    store.Statement
		whole, sorts bool
	}{
		{store.Statement{SQL: `SELECT id FROM accounts WHERE name = $1`}, true, false},
		{store.Statement{SQL: `SELECT id FROM accounts ORDER BY id`}, true, false},
		{store.Statement{SQL: `SELECT id FROM people WHERE collaborative_id = $1 ORDER BY phone, id LIMIT $2`, Tenant: true}, false, true},
		{store.Statement{SQL: `SELECT id FROM people WHERE collaborative_id = $1 AND id = $2`, Tenant: true}, false, false},
	} {
		plan, err := s.app.Store.Explain(context.Background(), here, bad.statement)
		if err != nil || len(plan.Whole) > 0 != bad.whole || len(plan.Sorts) > 0 != bad.sorts {
			t.Errorf("%s: %+v, %v", bad.statement.SQL, plan, err)
		}
	}
}

// runEverything runs what the program can do, for the statements it makes.
func runEverything(t *testing.T, s *site) {
	director := s.callers[0]
	for _, route := range s.web.Routes() {
		if route.Method == http.MethodGet && strings.HasPrefix(route.Pattern, "/c/") {
			s.send(director.browse("GET", address(t, route.Pattern, s.here.slug, s.here, ""), nil))
		}
		if route.Method == http.MethodGet && (strings.HasPrefix(route.Pattern, "/installation") || strings.HasPrefix(route.Pattern, "/account")) {
			s.send(s.admin.browse("GET", address(t, route.Pattern, s.here.slug, s.here, ""), nil))
		}
	}
	place := "/c/" + s.here.slug
	for _, address := range []string{"/organizations?sector=health", "/organizations?status=member&part=funder", "/organizations?q=plain", "/organizations?sort=-updated", "/organizations?trash=1",
		"/people?sort=updated", "/people?q=plain", "/people?trash=1", "/people?organization=" + s.here.organization.ID.Short(), "/search?q=plain+alliance",
		"/organizations?as-of=2026-01-01", "/organizations?as-of=2026-01-01&status=member&part=host", "/organizations/" + s.here.organization.ID.Short() + "?as-of=2026-01-01",
		"/bodies?kind=working_group", "/bodies?as-of=2026-01-01&state=active", "/bodies?q=plain", "/bodies?sort=-updated", "/bodies?trash=1", "/bodies/" + s.here.body.ID.Short() + "?as-of=2026-01-01",
		"/seats?state=vacant", "/seats?state=ending", "/seats?state=past", "/seats?as-of=2026-01-01", "/seats?trash=1", "/seats?body=" + s.here.body.ID.Short() + "&role=chair&voting=1",
		"/agreements?state=draft", "/agreements?state=sent", "/agreements?state=signed", "/agreements?state=due", "/agreements?state=lapsed", "/agreements?state=ended", "/agreements?trash=1", "/agreements?as-of=2026-01-01",
		"/agreements?as-of=2026-01-01&state=signed", "/agreements?organization=" + s.here.organization.ID.Short(), "/agreements?state=due&organization=" + s.here.organization.ID.Short(),
		"/agreements?state=draft&organization=" + s.here.organization.ID.Short(),
		"/organizations?tag=plain", "/organizations?kind=plain", "/organizations?kind=plain&tag=plain", "/organizations?kind=plain&sort=-updated", "/organizations?kind=plain&as-of=2026-01-01&status=member", "/organizations?tag=plain&sort=-updated", "/people?tag=plain&q=plain", "/people?tag=plain&sort=updated", "/people?email=plain@mail.example", "/people?columns=access_needs",
		"/people?tag=plain&organization=" + s.here.organization.ID.Short(), "/touches?due=overdue", "/touches?due=any&by=" + s.here.member.Short(), "/touches?by=" + s.here.member.Short(), "/touches?trash=1",
		"/ties?trash=1", "/ties?type=plain", "/ties?as-of=2026-01-01", "/ties?organization=" + s.here.organization.ID.Short(), "/ties?type=plain&organization=" + s.here.organization.ID.Short(),
		"/actions?which=overdue", "/actions?which=disowned", "/actions?state=open&from=2026-01-01&to=2027-01-01", "/actions?trash=1", "/actions?person=" + s.here.person.ID.Short() + "&state=open",
		"/actions?organization=" + s.here.organization.ID.Short(), "/actions?meeting=" + s.here.gathering.meeting.ID.Short() + "&state=done",
		"/commitments?which=unconfirmed", "/commitments?kind=time&state=pledged", "/commitments?state=pledged&to=2027-01-01", "/commitments?trash=1", "/commitments?kind=cash", "/commitments?organization=" + s.here.organization.ID.Short() + "&kind=time",
		"/commitments/totals?period=quarter&as-of=2026-03-01", "/due?kind=action", "/due?organization=" + s.here.organization.ID.Short(),
		"/meetings?which=coming", "/meetings?which=past", "/meetings?trash=1", "/meetings?state=planned", "/meetings?body=" + s.here.body.ID.Short(), "/meetings?sort=starts", "/checklists?trash=1", "/series?trash=1", "/polls?trash=1", "/polls?state=open", "/polls?body=" + s.here.body.ID.Short(), "/surveys?trash=1", "/surveys?state=open", "/instruments?trash=1", "/evaluators?trash=1", "/evaluators/" + s.here.gathering.evaluation.ID.Short(),
		"/settings/fields?kind=person", "/role-map?as-of=2026-01-01", "/functions?as-of=2026-01-01", "/scorecard?as-of=2026-01-01", "/scorecard/functions/guide_vision/evidence/new?kind=document", "/settings/jobs?state=failed"} {
		got := s.send(director.browse("GET", place+address, nil))
		if got.status != http.StatusOK {
			t.Errorf("%s: %d", address, got.status)
		}
	}
	var receipt operation.Receipt
	ctx := operation.WithReceipt(s.here.context, &receipt)
	p := do(t, ctx, s.app, directory.EditPerson, directory.PersonPatch{ID: s.here.person.ID, Version: s.here.person.Version, FamilyName: ptr("Other"), OrganizationID: &directory.OrganizationID{}})
	do(t, ctx, s.app, directory.TrashPerson, directory.PersonVersion{ID: p.ID, Version: p.Version})
	do(t, s.here.context, s.app, operation.Undo, operation.UndoInput{ID: receipt.Entry})
	if err := directory.SortNames(context.Background(), s.app.Store, operation.CollaborativeFrom(s.here.context).ID); err != nil {
		t.Error(err)
	}
	mergeAndErase(t, s)
	for _, state := range []string{"", "?state=failed"} {
		if got := s.send(s.admin.browse("GET", "/installation/jobs"+state, nil)); got.status != http.StatusOK {
			t.Errorf("the installation's jobs: %d", got.status)
		}
	}
	s.send(director.browse("POST", "/sign-out", url.Values{}))
	if _, err := s.app.Worker.Work(context.Background()); err != nil {
		t.Error(err)
	}
	for _, chore := range s.app.Worker.Chores {
		if err := chore.Do(context.Background(), s.app.Config.Clock.Now()); err != nil {
			t.Errorf("%s: %v", chore.Name, err)
		}
	}
}

// mergeAndErase runs what merges records, takes that back, compares and erases.
func mergeAndErase(t *testing.T, s *site) {
	t.Helper()
	ctx := s.here.context
	twin := do(t, ctx, s.app, directory.CreateOrganization, directory.OrganizationInput{Name: "plain Alliance", Email: "plain@example.org", Since: "2020-01-01"})
	kept := do(t, ctx, s.app, directory.GetOrganization, directory.OrganizationRef{ID: s.here.organization.ID})
	double := do(t, ctx, s.app, directory.CreatePerson, directory.PersonInput{GivenName: "plain", FamilyName: "plain", Email: "plain@mail.example", Phone: "555 0100", OrganizationID: twin.ID})
	do(t, ctx, s.app, directory.Assign, directory.HoldingInput{Function: "guide_vision", OrganizationID: twin.ID, Share: 10})
	do(t, ctx, s.app, directory.SearchResemblances, operation.None{})
	if _, err := s.app.Worker.Work(context.Background()); err != nil {
		t.Error(err)
	}
	for _, kind := range []string{"person", "organization"} {
		do(t, ctx, s.app, directory.ListResemblances, directory.ListResemblancesInput{Kind: kind})
	}
	do(t, ctx, s.app, directory.FindAlike, directory.FindInput{Kind: "person", ID: operation.EntryID(double.ID)})
	do(t, ctx, s.app, directory.FindAlike, directory.FindInput{Kind: "organization", Name: "plain Alliance"})
	do(t, ctx, s.app, directory.FindAlike, directory.FindInput{Kind: "organization", ID: operation.EntryID(twin.ID)})
	do(t, ctx, s.app, directory.DecideResemblance, directory.Decide{Kind: "organization", First: operation.EntryID(kept.ID), Second: operation.EntryID(twin.ID), Decision: "different"})
	do(t, ctx, s.app, directory.MergeOrganizations, directory.OrganizationMerge{ID: kept.ID, Version: kept.Version, MergeID: twin.ID, MergeVersion: 1, Fields: []directory.OrganizationChoice{{Field: "phone", From: "merged"}}})
	do(t, ctx, s.app, directory.UnmergeOrganization, directory.OrganizationVersion{ID: twin.ID, Version: 2})
	p := do(t, ctx, s.app, directory.GetPerson, directory.PersonRef{ID: s.here.person.ID})
	p = do(t, ctx, s.app, directory.MergePeople, directory.PersonMerge{ID: p.ID, Version: p.Version, MergeID: double.ID, MergeVersion: 1, Fields: []directory.PersonChoice{{Field: "given_name", From: "merged"}}})
	do(t, ctx, s.app, directory.UnmergePerson, directory.PersonVersion{ID: double.ID, Version: 2})
	do(t, ctx, s.app, directory.MergePeople, directory.PersonMerge{ID: double.ID, Version: 3, MergeID: p.ID, MergeVersion: p.Version + 1})
	do(t, ctx, s.app, directory.ErasePerson, directory.Erase{ID: double.ID, Version: 4, Name: "plain plain"})
}

func excused(statement string, excuses map[string]string) bool {
	for part := range excuses {
		if strings.Contains(statement, part) {
			return true
		}
	}
	return false
}

func ptr[T any](v T) *T { return &v }
