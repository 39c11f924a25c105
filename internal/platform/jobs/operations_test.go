package jobs_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"commontable/internal/platform/jobs"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// What belongs to no collaborative is the administrator's to see and to try
// again; what belongs to one is its people's alone.
func TestWorkOutsideTheCollaboratives(t *testing.T) {
	queues(t, func(t *testing.T, q *queue) {
		place := operation.NewCollaborativeID()
		q.add(t, operation.Later{Kind: "tell", Payload: "canary"}, operation.Later{Kind: "tell", Payload: "canary", At: q.clock.Now().AddDate(1, 0, 0)})
		if err := q.store.WriteInstallation(t.Context(), func(tx *store.InstallationTx) error {
			return jobs.Insert(tx, plainSealer{}, q.clock.Now(), place, operation.Later{Kind: "tell", Payload: "theirs"})
		}); err != nil {
			t.Fatal(err)
		}
		q.work(t, q.worker(func(jobs.Job) error { return jobs.Permanent(errors.New("no such mailbox")) }))
		registry, err := operation.NewRegistry(jobs.Operations())
		if err != nil {
			t.Fatal(err)
		}
		permissions, err := operation.ParsePermissions(map[string]string{
			"jobs.installation": "- - - - - - - - - - - Y -", "jobs.retry-installation": "- - - - - - - - - - - Y -",
			"jobs.list": "Y Y - - - - - - - - - - -", "jobs.retry": "Y Y - - - - - - - - - - -"})
		if err != nil {
			t.Fatal(err)
		}
		door := &operation.Door{Store: q.store, Clock: q.clock, Permissions: permissions, Registry: registry, Secrets: plainSealer{}, Log: slog.New(slog.DiscardHandler)}
		as := func(role operation.Role) context.Context {
			return operation.WithActor(t.Context(), operation.Actor{Account: operation.NewAccountID(), Name: "Ana", Roles: []operation.Role{role}, Via: operation.ViaSession})
		}
		list := func(in jobs.ListInput) []jobs.Summary {
			t.Helper()
			page, err := jobs.ListInstallation.Do(as(operation.Administrator), door, in)
			if err != nil {
				t.Fatal(err)
			}
			return page.Items
		}
		if all := list(jobs.ListInput{}); len(all) != 2 {
			t.Errorf("outside the collaboratives: %+v", all)
		}
		failed := list(jobs.ListInput{State: "failed"})
		if len(failed) != 1 || failed[0].Error != "no such mailbox" || failed[0].Attempts != 1 {
			t.Fatalf("failed: %+v", failed)
		}
		if _, err := jobs.ListInstallation.Do(as(operation.Director), door, jobs.ListInput{}); operation.KindOf(err) != operation.Forbidden {
			t.Errorf("a director sees them: %v", err)
		}

		var theirs jobs.ID
		if err := q.store.ReadInstallation(t.Context(), func(tx *store.InstallationTx) (err error) {
			theirs, err = store.Value[jobs.ID](tx, `SELECT id FROM jobs WHERE collaborative_id = $1`, place)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		retry := func(i jobs.ID) error {
			_, err := jobs.RetryInstallation.Do(as(operation.Administrator), door, jobs.Ref{ID: i})
			return err
		}
		if err := retry(theirs); operation.KindOf(err) != operation.NotFound {
			t.Errorf("a collaborative's job was tried again: %v", err)
		}
		here := operation.WithCollaborative(as(operation.Director), operation.Collaborative{ID: place})
		if _, err := jobs.Retry.Do(here, door, jobs.Ref{ID: failed[0].ID}); operation.KindOf(err) != operation.NotFound {
			t.Errorf("a director tried an account's mail again: %v", err)
		}
		if err := retry(failed[0].ID); err != nil {
			t.Fatal(err)
		}
		if err := retry(failed[0].ID); operation.KindOf(err) != operation.NotFound {
			t.Errorf("what waits was tried again: %v", err)
		}
		var told []string
		q.work(t, q.worker(func(j jobs.Job) error { told = append(told, string(j.Payload)); return nil }))
		if len(told) != 1 || told[0] != `"canary"` {
			t.Errorf("told %q", told)
		}
	})
}
