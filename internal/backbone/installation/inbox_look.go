package installation

import (
	"context"
	"crypto/sha256"
	"errors"
	"reflect"
	"strconv"
	"time"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/mail/returned"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// keptReturned is how long it stays on record that something came of a message: longer
// than any message is looked back for.
const keptReturned = 60 * 24 * time.Hour

// place tells one mailbox from another.
func (m InboxSettings) place() []byte {
	sum := sha256.Sum256([]byte(m.Host + "\x00" + strconv.FormatInt(m.Port, 10) + "\x00" + m.Username + "\x00" + m.Folder))
	return sum[:]
}

// LookedUpTo is how far the mailbox was read.
func LookedUpTo(ctx context.Context, s *store.Store, m InboxSettings) (at mail.Place, err error) {
	err = s.ReadInstallation(ctx, func(tx *store.InstallationTx) error {
		at, err = store.One(tx, func(row store.Row) (mail.Place, error) {
			var validity, last int64
			err := row.Scan(&validity, &last)
			return mail.Place{Validity: uint32(validity), Last: uint32(last)}, err // #nosec G115 -- stored from an uint32
		}, `SELECT validity, last FROM inbox_looks WHERE place = $1`, m.place())
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		return err
	})
	return at, err
}

// Looked notes how far the mailbox was read, and why no further.
func Looked(ctx context.Context, s *store.Store, m InboxSettings, at mail.Place, now time.Time, failed error) error {
	said := ""
	if failed != nil {
		said = mail.Said(failed)
	}
	return s.WriteInstallation(ctx, func(tx *store.InstallationTx) error {
		if _, err := tx.Exec(`DELETE FROM inbox_messages WHERE read_at < $1`, store.Micros(now.Add(-keptReturned))); err != nil {
			return err
		}
		_, err := tx.Exec(`INSERT INTO inbox_looks (place, validity, last, looked_at, said) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (place) DO UPDATE SET validity = excluded.validity, last = excluded.last, looked_at = excluded.looked_at, said = excluded.said`,
			m.place(), int64(at.Validity), int64(at.Last), store.Micros(now), said)
		return err
	})
}

// ReadBefore says whether something came of the same message already.
func ReadBefore(ctx context.Context, s *store.Store, raw []byte) (before bool, err error) {
	said := sha256.Sum256(raw)
	err = s.ReadInstallation(ctx, func(tx *store.InstallationTx) error {
		n, err := store.Value[int64](tx, `SELECT COUNT(*) FROM inbox_messages WHERE said = $1`, said[:])
		before = n > 0
		return err
	})
	return before, err
}

// ReadNow notes that something came of a message.
func ReadNow(ctx context.Context, s *store.Store, raw []byte, kind returned.Kind, now time.Time) error {
	said := sha256.Sum256(raw)
	return s.WriteInstallation(ctx, func(tx *store.InstallationTx) error {
		_, err := tx.Exec(`INSERT INTO inbox_messages (said, kind, read_at) VALUES ($1, $2, $3) ON CONFLICT (said) DO NOTHING`, said[:], string(kind), store.Micros(now))
		return err
	})
}

func lookedOf(tx *store.InstallationTx, m InboxSettings) (InboxLook, error) {
	look, err := store.One(tx, func(row store.Row) (l InboxLook, err error) { return l, row.Scan(store.ScanTime(&l.At), &l.Said) },
		`SELECT looked_at, said FROM inbox_looks WHERE place = $1`, m.place())
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return look, err
	}
	for kind, n := range map[returned.Kind]*int64{returned.Bounce: &look.Bounces, returned.Complaint: &look.Complaints, returned.Answer: &look.Answers} {
		if *n, err = store.Value[int64](tx, `SELECT COUNT(*) FROM inbox_messages WHERE kind = $1`, string(kind)); err != nil {
			return look, err
		}
	}
	return look, nil
}

// inboxTest looks into the mailbox after its operation has committed; see mailTest.
type inboxTest struct {
	*operation.Operation[operation.None, mail.Mailbox]
}

var testInbox = inboxTest{operation.Define(operation.Operation[operation.None, mail.Mailbox]{
	Definition: operation.Definition{ID: "inbox-settings.test", Summary: "Looks into the mailbox and tells step by step how it went", Scope: operation.OnInstallation, Secret: true,
		Method: "POST", Path: "/inbox-settings/test"},
	Run: func(c *operation.Call, _ operation.None) (mail.Mailbox, error) {
		m, err := readInbox(c.Installation)
		if err != nil {
			return mail.Mailbox{}, err
		}
		if !m.On {
			return mail.Mailbox{}, operation.Refuse(operation.Conflict, "installation.no_inbox")
		}
		plain, err := c.Secrets().Open(inboxPurpose, m.sealed)
		c.Changed(m.Subject(), m.Host, m.Version, nil, nil)
		return m.mailbox(string(plain)), err
	},
})}

// OutputType is the diagnosis, not what the operation hands over inside.
func (t inboxTest) OutputType() reflect.Type { return reflect.TypeFor[Diagnosis]() }

// DoAny is Do on a *operation.None.
func (t inboxTest) DoAny(ctx context.Context, door *operation.Door, in any) (any, error) {
	return t.Do(ctx, door, *in.(*operation.None))
}

// Do looks into the mailbox of the stored settings, and reads no message.
func (t inboxTest) Do(ctx context.Context, door *operation.Door, in operation.None) (Diagnosis, error) {
	box, err := t.Operation.Do(ctx, door, in)
	if err != nil {
		return Diagnosis{}, err
	}
	box.Timeout = stepLimit
	ctx, cancel := context.WithTimeout(ctx, testLimit)
	defer cancel()
	return diagnosisOf(ctx, mail.DiagnoseMailbox(ctx, box)), nil
}

// diagnosisOf puts a report into words.
func diagnosisOf(ctx context.Context, report mail.Report) Diagnosis {
	out := Diagnosis{OK: report.OK(), Steps: make([]Step, len(report.Findings))}
	for i, f := range report.Findings {
		out.Steps[i] = Step{Step: f.Step, State: f.State, Text: i18n.T(ctx, f.Key, i18n.Args(f.Args)), Server: f.Server}
	}
	return out
}
