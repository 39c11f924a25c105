// Package jobs does work after the transaction that asked for it: mail above
// all. A job is a row written in that same transaction, so it exists exactly
// when the change does. Workers of any number of processes lease jobs; one that
// dies loses its lease and another goes on. A handler may therefore run twice
// for one job and must tolerate it.
package jobs

import (
	"encoding/json"
	"errors"
	"time"

	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// ID names a job.
type ID = id.Of[Job]

// State is where a job stands.
type State string

// The states. A failed job is not tried again unless someone asks.
const (
	Queued  State = "queued"
	Running State = "running"
	Done    State = "done"
	Failed  State = "failed"
)

// Job is one piece of work.
type Job struct {
	ID            ID
	Kind          string
	Collaborative operation.CollaborativeID // zero when it concerns the installation
	Payload       []byte                    // as enqueued; empty once done
	State         State
	Attempts      int64
	RunAt         time.Time
	CreatedAt     time.Time
	FinishedAt    time.Time
	Error         string // why the last attempt failed, in the handler's words
}

// Insert records a job within a transaction. With a key that was used before it
// does nothing. The payload is sealed: it may hold links that sign someone in.
func Insert(tx *store.InstallationTx, sealer operation.Sealer, now time.Time, c operation.CollaborativeID, work operation.Later) error {
	raw, err := json.Marshal(work.Payload)
	if err != nil {
		return err
	}
	sealed, err := sealer.Seal(sealPurpose, raw)
	if err != nil {
		return err
	}
	at := work.At
	if at.IsZero() {
		at = now
	}
	_, err = tx.Exec(`INSERT INTO jobs (id, kind, unique_key, collaborative_id, payload, state, run_at, attempts, created_at)
		VALUES ($1, $2, $3, $4, $5, 'queued', $6, 0, $7) ON CONFLICT (unique_key) DO NOTHING`,
		id.New[Job](), work.Kind, store.Text(work.Key), c, store.JSON(sealed), store.Micros(at), store.Micros(now))
	return err
}

const sealPurpose = "job"

const jobColumns = `id, kind, collaborative_id, payload, state, attempts, run_at, created_at, finished_at, error`

func scanJob(row store.Row) (Job, error) {
	var j Job
	err := row.Scan(&j.ID, &j.Kind, &j.Collaborative, store.ScanJSON(&j.Payload), &j.State, &j.Attempts,
		store.ScanTime(&j.RunAt), store.ScanTime(&j.CreatedAt), store.ScanTime(&j.FinishedAt), store.ScanText(&j.Error))
	return j, err
}

// Permanent marks an error that no repetition can mend.
func Permanent(err error) error { return permanent{err} }

type permanent struct{ error }

func (p permanent) Unwrap() error { return p.error }

// NotBefore puts work off that is not to be done yet; it counts as no attempt. A zero
// time is no error.
func NotBefore(at time.Time) error {
	if at.IsZero() {
		return nil
	}
	return putOff{at}
}

type putOff struct{ until time.Time }

func (p putOff) Error() string { return "put off until " + p.until.Format(time.RFC3339) }

func isPermanent(err error) bool {
	var p permanent
	return errors.As(err, &p)
}
