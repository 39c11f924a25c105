package cli

import (
	"context"
	"crypto/hmac"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"commontable/internal/app"
	"commontable/internal/platform/access"
	"commontable/internal/platform/store"
)

type backupCommand struct {
	installation
	File  string `arg:"" help:"The file to write; it must not exist." type:"path"`
	Force bool   `help:"Replace the file if it exists, once the new one is complete."`
	JSON  bool   `help:"Print the result as JSON." name:"json"`
}

// backupResult is what backup and restore tell.
type backupResult struct {
	File      string    `json:"file"`
	Created   time.Time `json:"created"`
	Engine    string    `json:"engine"`
	Tables    int       `json:"tables"`
	Rows      int64     `json:"rows"`
	Files     int       `json:"files"`
	Bytes     int64     `json:"bytes"`
	Seconds   float64   `json:"seconds"`
	KeyFits   *bool     `json:"key_fits,omitempty"`
	SignedOut bool      `json:"signed_out,omitempty"`
}

func resultOf(path string, m store.Manifest, began time.Time) backupResult {
	r := backupResult{File: path, Created: m.Created, Engine: m.Engine, Tables: len(m.Tables), Rows: m.Rows(), Files: len(m.Files), Seconds: time.Since(began).Seconds()}
	if info, err := os.Stat(path); err == nil {
		r.Bytes = info.Size()
	}
	return r
}

// Run writes a backup.
func (c backupCommand) Run(ctx context.Context, t *terminal) error {
	if _, err := os.Lstat(c.File); err == nil && !c.Force {
		return fmt.Errorf("%s exists; choose another name, or use --force to replace it", c.File)
	}
	if _, err := os.Stat(filepath.Dir(c.File)); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the folder %s does not exist; make it first", filepath.Dir(c.File))
	}
	return c.with(ctx, t, func(ctx context.Context, a *app.App) error {
		began := time.Now()
		sealer := a.Access.Sealer()
		m, err := a.Store.BackupFile(ctx, c.File, store.BackupOptions{Program: version().Version, Key: fingerprint(sealer), Files: filepath.Join(c.Data, app.FilesFolder),
			Sign: func(manifest []byte) []byte { return signature(sealer, manifest) }})
		if err != nil {
			return err
		}
		r := resultOf(c.File, m, began)
		if c.JSON {
			return t.json(r)
		}
		t.say("%s: %d rows of %d tables and %d files, %s in %.1f s.", r.File, r.Rows, r.Tables, r.Files, size(uint64(r.Bytes)), r.Seconds)
		t.hint("The installation key is not in it. Keep the key in another place: without it, mail passwords and code apps must be set up again.")
		return nil
	})
}

// fingerprint tells two installation keys apart and nothing about either.
func fingerprint(s *access.Sealer) string {
	return hex.EncodeToString(s.Mark("backup key", "fingerprint")[:8])
}

// signature proves that a manifest, and through its checksums the whole backup,
// was written by someone who holds the installation key.
func signature(s *access.Sealer, manifest []byte) []byte {
	return []byte(hex.EncodeToString(s.Mark("backup manifest", string(manifest))))
}

type restoreCommand struct {
	installation
	File  string `arg:"" help:"The backup to bring back." type:"path"`
	Force bool   `help:"Replace everything the installation holds. The old content goes only after the backup proved to be whole."`
	JSON  bool   `help:"Print the result as JSON." name:"json"`
}

// disposable are the tables a first start writes to by itself.
var disposable = []string{"links", "installation_audit", "rate_limits", "jobs"}

// Run restores a backup.
func (c restoreCommand) Run(ctx context.Context, t *terminal) error {
	if _, err := os.Stat(c.File); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no file %s", c.File)
	}
	cfg, err := c.config("", false)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return err
	}
	sealer, err := c.sealer(cfg)
	if err != nil {
		return err
	}
	fits := false
	began := time.Now()
	m, err := store.Restore(ctx, app.StoreConfig(cfg), c.File, store.RestoreOptions{
		Force: c.Force, Disposable: disposable,
		// A session ended since the backup must not come to life again.
		Leave: []string{"sessions"},
		Files: filepath.Join(c.Data, app.FilesFolder),
		Verify: func(manifest, sign []byte) error {
			var err error
			fits, err = judge(sealer, c.File, manifest, sign)
			return err
		},
	})
	if err != nil {
		return err
	}
	r := resultOf(c.File, m, began)
	r.KeyFits, r.SignedOut = &fits, true
	if c.JSON {
		return t.json(r)
	}
	t.say("Restored the backup of %s (%s): %d rows of %d tables and %d files in %.1f s.", r.Created.Format("2006-01-02 15:04 MST"), r.Engine, r.Rows, r.Tables, r.Files, r.Seconds)
	t.say("Everyone has to sign in again.")
	t.hint("If someone asked to be erased after that day, erase them again now.")
	if !fits {
		t.hint("The installation key here is not the one the backup was made with (%s): bring that key, or set up the mail password and code apps again.", m.Key)
	}
	return nil
}

// sealer holds the installation key, nil when there is none yet: one made now
// would stand in the way of the right one.
func (c restoreCommand) sealer(cfg app.Config) (*access.Sealer, error) {
	if cfg.Key != "" {
		key, err := access.ParseKey(cfg.Key)
		return access.NewSealer(key), err
	}
	path := filepath.Join(c.Data, app.KeyFile)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	key, err := access.LoadKey(path)
	return access.NewSealer(key), err
}

var errSignature = errors.New("its signature does not fit the installation key")

// judge compares the key and, when it fits, the signature.
func judge(s *access.Sealer, path string, manifest, sign []byte) (fits bool, err error) {
	m, err := store.ReadManifest(path)
	if err != nil || s == nil || m.Key != fingerprint(s) {
		return false, err
	}
	if !hmac.Equal(sign, signature(s, manifest)) {
		return true, errSignature
	}
	return true, nil
}
