package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"time"

	mailing "commontable/internal/backbone/installation"
	"commontable/internal/platform/access"
	"commontable/internal/platform/store"
	"commontable/internal/schema"
)

// read asks the database and reports when it does not answer.
func (x *examination) read(check string, fn func(tx *store.InstallationTx) error) bool {
	err := x.store.ReadInstallation(x.ctx, fn)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		x.bad(check, readable(err), "")
		return false
	}
	return true
}

// tables looks at the schema, the clock and the queue, and says whether the schema is
// the newest.
func (x *examination) tables() (newest bool) {
	steps, err := fs.Glob(schema.Files, "*.sql")
	if err != nil {
		x.bad("schema", detail(err), "")
		return false
	}
	var have int64
	x.read("schema", func(tx *store.InstallationTx) (err error) {
		have, err = store.Value[int64](tx, `SELECT COUNT(*) FROM schema_migrations`)
		return err
	})
	switch {
	case have > int64(len(steps)):
		x.bad("schema", fmt.Sprintf("at step %d; this program knows %d", have, len(steps)), "Install the newer version of Commontable that wrote it.")
		return false
	case have < int64(len(steps)):
		x.odd("schema", fmt.Sprintf("at step %d of %d", have, len(steps)), "Take a backup; the next start brings it up to date.")
		if have == 0 {
			return false
		}
	default:
		x.good("schema", "at step %d, the newest", have)
	}
	x.clock()
	x.queue()
	return have == int64(len(steps))
}

// clock compares the machine's time with the newest entry of the record: an
// entry from the future means the clock was set back, and sessions and links
// then last too long or not at all.
func (x *examination) clock() {
	var newest time.Time
	if !x.read("clock", func(tx *store.InstallationTx) (err error) {
		newest, err = store.One(tx, func(row store.Row) (at time.Time, err error) { return at, row.Scan(store.ScanTime(&at)) },
			`SELECT at FROM installation_audit ORDER BY id DESC LIMIT 1`)
		return err
	}) {
		return
	}
	if ahead := newest.Sub(x.now); ahead > 2*time.Minute {
		x.bad("clock", fmt.Sprintf("the newest entry of the record lies %s in the future", ahead.Round(time.Second)), "Set the machine's clock, and keep it right with NTP.")
		return
	}
	x.good("clock", "%s", x.now.Format(time.RFC1123))
}

// queue looks for work that nobody does any more.
func (x *examination) queue() {
	var orphans, failed, late int64
	if !x.read("queue", func(tx *store.InstallationTx) (err error) {
		if orphans, err = store.Value[int64](tx, `SELECT COUNT(*) FROM jobs WHERE state = 'running' AND leased_until < $1`, store.Micros(x.now.Add(-time.Hour))); err != nil {
			return err
		}
		if failed, err = store.Value[int64](tx, `SELECT COUNT(*) FROM jobs WHERE state = 'failed'`); err != nil {
			return err
		}
		late, err = store.Value[int64](tx, `SELECT COUNT(*) FROM jobs WHERE state = 'queued' AND run_at < $1`, store.Micros(x.now.Add(-time.Hour)))
		return err
	}) {
		return
	}
	switch {
	case orphans+late > 0:
		x.odd("queue", fmt.Sprintf("%d jobs were given up by their worker and %d have waited for an hour", orphans, late), "See that commontable serve runs; it takes them up again.")
	case failed > 0:
		x.odd("queue", fmt.Sprintf("%d jobs failed", failed), "The page “Background work” says why and can try again: in the collaborative's settings, and under Installation for sign-in links and the like.")
	default:
		x.good("queue", "nothing waits longer than it should")
	}
}

// settings looks at what administrators set up and at who they are.
func (x *examination) settings() {
	var accounts, administrators int64
	if !x.read("accounts", func(tx *store.InstallationTx) (err error) {
		if accounts, err = store.Value[int64](tx, `SELECT COUNT(*) FROM accounts`); err != nil {
			return err
		}
		administrators, err = store.Value[int64](tx, `SELECT COUNT(*) FROM accounts WHERE administrator = TRUE AND disabled_at IS NULL`)
		return err
	}) {
		return
	}
	switch {
	case accounts == 0:
		x.odd("accounts", "none yet", "Open the set-up link that commontable serve prints.")
	case administrators == 0:
		x.bad("accounts", fmt.Sprintf("%d, and no administrator among them", accounts), "commontable user create EMAIL --name NAME --administrator")
	default:
		x.good("accounts", "%d, %d of them administrators", accounts, administrators)
	}
	x.mail()
}

// mail checks that the mail settings can be read with this key. Whether the
// server takes mail is tested from the settings page, which shows the answer.
func (x *examination) mail() {
	key, err := x.readKey()
	if err != nil {
		return // said above
	}
	settings, _, on, err := mailing.Sender(x.ctx, x.store, access.NewSealer(key))
	switch {
	case err != nil:
		x.bad("mail", detail(err), "The settings were sealed with another installation key: bring that key back, or enter the mail password again.")
	case !on:
		x.odd("mail", "no mail server is set up: links are written to the log and shown to administrators", "Set one up on the settings page of the installation.")
	default:
		x.good("mail", "through %s", settings.Host)
	}
}
