package installation

import (
	"context"
	"errors"

	"commontable/internal/platform/access"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

const (
	mailKey     = "mail"
	sealPurpose = "mail-password"
)

// readMail reads the settings as stored; nothing set is version 0.
func readMail(tx *store.InstallationTx) (MailSettings, error) {
	m, err := store.One(tx, func(row store.Row) (m MailSettings, err error) {
		err = row.Scan(store.ScanJSON(&m), &m.sealed, &m.Version, store.ScanTime(&m.UpdatedAt))
		return m, err
	}, `SELECT value, sealed, version, updated_at FROM installation_settings WHERE key = $1`, mailKey)
	if errors.Is(err, store.ErrNotFound) {
		return MailSettings{}, nil
	}
	m.PasswordSet = len(m.sealed) > 0
	return m, err
}

// countMail adds how the queue of messages stands.
func countMail(tx *store.InstallationTx, m MailSettings) (MailSettings, error) {
	var err error
	if m.Waiting, err = store.Value[int64](tx, `SELECT COUNT(*) FROM jobs WHERE state = 'queued' AND kind = $1`, access.MailKind); err != nil {
		return m, err
	}
	if m.Failed, err = store.Value[int64](tx, `SELECT COUNT(*) FROM jobs WHERE state = 'failed' AND kind = $1`, access.MailKind); err != nil {
		return m, err
	}
	m.FailedOutside, err = store.Value[int64](tx, `SELECT COUNT(*) FROM jobs WHERE state = 'failed' AND kind = $1 AND collaborative_id IS NULL`, access.MailKind)
	return m, err
}

// writeMail stores m over version m.Version-1, which was read in the same
// transaction.
func writeMail(c *operation.Call, m MailSettings) error {
	value := m
	value.Version, value.Waiting, value.Failed, value.FailedOutside, value.PasswordSet = 0, 0, 0, 0, false
	return writeSetting(c, mailKey, value, m.sealed, m.Version)
}

// writeSetting stores settings with their sealed password over the version before. The
// row stays when the server is forgotten, so that a version never comes back and means
// something else.
func writeSetting(c *operation.Call, key string, value any, password []byte, version int64) error {
	var sealed any
	if len(password) > 0 {
		sealed = password
	}
	if version == 1 {
		_, err := c.Installation.Exec(`INSERT INTO installation_settings (key, value, sealed, version, updated_at) VALUES ($1, $2, $3, $4, $5)`,
			key, store.JSON(value), sealed, version, store.Micros(c.Now))
		if errors.Is(err, store.ErrUnique) {
			return operation.Stale(nil)
		}
		return err
	}
	n, err := c.Installation.Exec(`UPDATE installation_settings SET value = $2, sealed = $3, version = $4, updated_at = $5 WHERE key = $1 AND version = $4 - 1`,
		key, store.JSON(value), sealed, version, store.Micros(c.Now))
	if err == nil && n == 0 {
		err = operation.Stale(nil)
	}
	return err
}

// open reads the password.
func (m MailSettings) open(sealer operation.Sealer) (string, error) {
	if len(m.sealed) == 0 {
		return "", nil
	}
	plain, err := sealer.Open(sealPurpose, m.sealed)
	return string(plain), err
}

// MailVersion changes whenever the settings of mail or of the inbox do, for whoever
// keeps something made from them. It is 0 when nothing was ever set.
func MailVersion(ctx context.Context, s *store.Store) (version int64, err error) {
	err = s.ReadInstallation(ctx, func(tx *store.InstallationTx) error {
		version, err = store.Value[int64](tx, `SELECT CAST(COALESCE(SUM(version), 0) AS BIGINT) FROM installation_settings WHERE key IN ($1, $2)`, mailKey, inboxKey)
		return err
	})
	return version, err
}

// Sender is what the post office sends with: the settings with their password,
// and their version. On is false when no server is set up. It is for the program
// itself and checks no permission.
func Sender(ctx context.Context, s *store.Store, sealer operation.Sealer) (settings mail.Settings, version int64, on bool, err error) {
	var m MailSettings
	if err = s.ReadInstallation(ctx, func(tx *store.InstallationTx) error { m, err = readMail(tx); return err }); err != nil {
		return settings, 0, false, err
	}
	password, err := m.open(sealer)
	return m.sender(password), m.Version, m.On, err
}
