package jobs

import (
	"time"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// cleanError makes a failure fit to be stored and shown.
func cleanError(text string) string { return i18n.CleanLine(text) }

// Summary is a job as the queue page shows it: never its payload.
type Summary struct {
	ID         ID        `json:"id"`
	Kind       string    `json:"kind"`
	State      State     `json:"state"`
	Attempts   int64     `json:"attempts"`
	RunAt      time.Time `json:"run_at" doc:"When it is tried next."`
	CreatedAt  time.Time `json:"created_at"`
	FinishedAt time.Time `json:"finished_at,omitzero"`
	Error      string    `json:"error,omitempty"`
}

func (j Job) summary() Summary {
	return Summary{j.ID, j.Kind, j.State, j.Attempts, j.RunAt, j.CreatedAt, j.FinishedAt, j.Error}
}

// ListInput narrows the queue.
type ListInput struct {
	State  string `json:"state,omitempty" enum:"queued,running,done,failed"`
	After  string `json:"after,omitempty" text:"raw" maxLength:"2000"`
	Before string `json:"before,omitempty" text:"raw" maxLength:"2000"`
	Limit  int64  `json:"limit,omitempty" minimum:"0" maximum:"200"`
}

// List shows the collaborative's background work, newest first.
var List = operation.Define(operation.Operation[ListInput, operation.Page[Summary]]{
	Definition: operation.Definition{ID: "jobs.list", Summary: "Lists the background work of the collaborative, newest first", ReadOnly: true, Method: "GET", Path: "/jobs"},
	Run: func(c *operation.Call, in ListInput) (operation.Page[Summary], error) {
		return list(c, in, store.SelectInstallation(`SELECT `+jobColumns+` FROM jobs WHERE collaborative_id = ?`, c.Collaborative.ID))
	},
})

// ListInstallation shows the work that belongs to no collaborative, such as
// sign-in links on their way, newest first.
var ListInstallation = operation.Define(operation.Operation[ListInput, operation.Page[Summary]]{
	Definition: operation.Definition{ID: "jobs.installation", Summary: "Lists the background work outside the collaboratives, newest first", Scope: operation.OnInstallation, ReadOnly: true, Method: "GET", Path: "/jobs"},
	Run: func(c *operation.Call, in ListInput) (operation.Page[Summary], error) {
		return list(c, in, store.SelectInstallation(`SELECT `+jobColumns+` FROM jobs WHERE collaborative_id IS NULL`))
	},
})

func list(c *operation.Call, in ListInput, q *store.Builder) (operation.Page[Summary], error) {
	if in.State != "" {
		q.Where(`state = ?`, in.State)
	}
	page, err := operation.List(c.Installation, q, operation.Keyset{After: in.After, Before: in.Before, Limit: in.Limit, Descending: true, Columns: []string{"id"}, Types: "b"},
		func(row store.Row) (Summary, error) { j, err := scanJob(row); return j.summary(), err },
		func(s Summary) []any { return []any{s.ID[:]} })
	page.Total = -1
	return page, err
}

// Ref names a job.
type Ref struct {
	ID ID `json:"id"`
}

// Retry puts a failed job back in the queue.
var Retry = operation.Define(operation.Operation[Ref, operation.None]{
	Definition: operation.Definition{ID: "jobs.retry", Summary: "Tries a failed piece of background work again", Method: "POST", Path: "/jobs/{id}/retry"},
	Run: func(c *operation.Call, in Ref) (operation.None, error) {
		n, err := c.Installation.Exec(`UPDATE jobs SET state = 'queued', attempts = 0, run_at = $3, finished_at = NULL WHERE id = $1 AND collaborative_id = $2 AND state = 'failed'`,
			in.ID, c.Collaborative.ID, store.Micros(c.Now))
		if err == nil && n == 0 {
			err = operation.Missing()
		}
		return operation.None{}, err
	},
})

// RetryInstallation puts failed work that belongs to no collaborative back in
// the queue.
var RetryInstallation = operation.Define(operation.Operation[Ref, operation.None]{
	Definition: operation.Definition{ID: "jobs.retry-installation", Summary: "Tries a failed piece of background work outside the collaboratives again", Scope: operation.OnInstallation, Method: "POST", Path: "/jobs/{id}/retry"},
	Run: func(c *operation.Call, in Ref) (operation.None, error) {
		n, err := c.Installation.Exec(`UPDATE jobs SET state = 'queued', attempts = 0, run_at = $2, finished_at = NULL WHERE id = $1 AND collaborative_id IS NULL AND state = 'failed'`,
			in.ID, store.Micros(c.Now))
		if err == nil && n == 0 {
			err = operation.Missing()
		}
		return operation.None{}, err
	},
})

// Operations lists this package's operations.
func Operations() []operation.Any {
	return []operation.Any{List, Retry, ListInstallation, RetryInstallation}
}
