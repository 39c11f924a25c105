package installation

import (
	"context"
	"encoding/json"
	"time"

	"commontable/internal/platform/jobs"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

const (
	// KeptMessages is how many messages are kept at most.
	KeptMessages = 200
	// keptWithoutLink is how long a message is kept in which no link ends: as
	// long as an invitation, whose link serves longest.
	keptWithoutLink = 14 * 24 * time.Hour

	keptPurpose = "kept-message"
)

// KeptMessage is a message that was not mailed because no server is set up.
type KeptMessage struct {
	To      string    `json:"to"`
	Subject string    `json:"subject"`
	Text    string    `json:"text"`
	Links   []string  `json:"links"`
	At      time.Time `json:"at"`
}

// keptBody is what is sealed of it.
type keptBody struct {
	To      string `json:"to"`
	Subject string `json:"subject"`
	Text    string `json:"text"`
}

// Keep keeps the message of a job until its link ends, which is at until; the
// zero time stands for no end. A job that runs twice keeps its message once. It
// is for the program itself and checks no permission.
func Keep(ctx context.Context, s *store.Store, sealer operation.Sealer, now time.Time, job jobs.ID, m mail.Message, until time.Time) error {
	if until.IsZero() {
		until = now.Add(keptWithoutLink)
	}
	if !until.After(now) {
		return nil // it would be shown to nobody
	}
	raw, err := json.Marshal(keptBody{To: m.To, Subject: m.Subject, Text: m.Text})
	if err != nil {
		return err
	}
	sealed, err := sealer.Seal(keptPurpose, raw)
	if err != nil {
		return err
	}
	return s.WriteInstallation(ctx, func(tx *store.InstallationTx) error {
		if _, err := tx.Exec(`INSERT INTO kept_messages (id, kept_at, expires_at, sealed) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING`,
			job, store.Micros(now), store.Micros(until), sealed); err != nil {
			return err
		}
		return trimKept(tx)
	})
}

// trimKept lets the oldest messages go when there are more than KeptMessages.
func trimKept(tx *store.InstallationTx) error {
	type place struct {
		at time.Time
		id jobs.ID
	}
	newest, err := store.Collect(tx, func(row store.Row) (p place, err error) { return p, row.Scan(store.ScanTime(&p.at), &p.id) },
		`SELECT kept_at, id FROM kept_messages ORDER BY kept_at DESC, id DESC LIMIT 201`)
	if err != nil || len(newest) <= KeptMessages {
		return err
	}
	last := newest[KeptMessages]
	_, err = tx.Exec(`DELETE FROM kept_messages WHERE (kept_at, id) <= ($1, $2)`, store.Micros(last.at), last.id)
	return err
}

// readKept reads the messages whose links still serve, newest first, and how
// many there are that another installation key sealed.
func readKept(tx *store.InstallationTx, sealer operation.Sealer, now time.Time) (out []KeptMessage, unreadable int, err error) {
	err = store.Each(tx, func(row store.Row) error {
		var at, until time.Time
		var sealed []byte
		if err := row.Scan(store.ScanTime(&at), store.ScanTime(&until), &sealed); err != nil {
			return err
		}
		if !until.After(now) {
			return nil // the chore has not come by yet
		}
		body, ok := openKept(sealer, sealed)
		if !ok {
			unreadable++
			return nil
		}
		out = append(out, KeptMessage{To: body.To, Subject: body.Subject, Text: body.Text, Links: mail.Links(body.Text), At: at})
		return nil
	}, `SELECT kept_at, expires_at, sealed FROM kept_messages ORDER BY kept_at DESC, id DESC LIMIT 200`)
	return out, unreadable, err
}

// openKept opens one message. That may fail, as after restoring a backup without
// its key, and must not hide the others.
func openKept(sealer operation.Sealer, sealed []byte) (body keptBody, ok bool) {
	raw, err := sealer.Open(keptPurpose, sealed)
	ok = err == nil && json.Unmarshal(raw, &body) == nil
	return body, ok
}

// NewestKept are the messages kept, newest first. It is for the program itself
// and checks no permission.
func NewestKept(ctx context.Context, s *store.Store, sealer operation.Sealer, now time.Time) (out []KeptMessage, err error) {
	err = s.ReadInstallation(ctx, func(tx *store.InstallationTx) error { out, _, err = readKept(tx, sealer, now); return err })
	return out, err
}

// SweepKept deletes the messages whose links have ended.
func SweepKept(ctx context.Context, s *store.Store, now time.Time) error {
	return s.WriteInstallation(ctx, func(tx *store.InstallationTx) error {
		_, err := tx.Exec(`DELETE FROM kept_messages WHERE expires_at <= $1`, store.Micros(now))
		return err
	})
}
