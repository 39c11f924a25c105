package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"commontable/internal/app"
	"commontable/internal/platform/access"
	"commontable/internal/platform/store"
)

type doctorCommand struct {
	installation
	JSON bool `help:"Print as JSON." name:"json"`
}

// finding is the outcome of one check.
type finding struct {
	Check string `json:"check"`
	OK    bool   `json:"ok"`
	// Warning marks what deserves a look and breaks nothing.
	Warning bool   `json:"warning,omitempty"`
	Found   string `json:"found"`
	Do      string `json:"do,omitempty"`
}

// examination gathers findings.
type examination struct {
	ctx      context.Context
	cfg      app.Config
	store    *store.Store
	now      time.Time
	findings []finding
}

func (x *examination) good(check, format string, args ...any) {
	x.findings = append(x.findings, finding{Check: check, OK: true, Found: fmt.Sprintf(format, args...)})
}

func (x *examination) bad(check, found, do string) {
	x.findings = append(x.findings, finding{Check: check, Found: found, Do: do})
}

func (x *examination) odd(check, found, do string) {
	x.findings = append(x.findings, finding{Check: check, OK: true, Warning: true, Found: found, Do: do})
}

// Run examines the installation. It fails when a check does, so that a script
// can act on it.
func (c doctorCommand) Run(ctx context.Context, t *terminal) error {
	cfg, err := c.config("", false)
	if err != nil {
		return err
	}
	cfg.Log = slog.New(slog.DiscardHandler) // what matters is reported
	x := &examination{ctx: ctx, cfg: cfg, now: time.Now()}
	x.folder()
	x.key()
	x.zones()
	if err := c.exists(); err != nil {
		x.bad("database", err.Error(), "Start with commontable serve, or name the right folder.")
	} else if x.database() {
		newest := x.tables()
		x.settings()
		if x.store.Engine() == "postgres" {
			x.postgres()
		} else {
			x.sqlite()
		}
		if newest {
			x.files()
		}
		if err := x.store.Close(); err != nil {
			x.bad("database", detail(err), "See the log of the database.")
		}
	}
	return x.report(t, c.JSON)
}

func (x *examination) report(t *terminal, asJSON bool) error {
	healthy := true
	for _, f := range x.findings {
		healthy = healthy && f.OK
	}
	if asJSON {
		if err := t.json(struct {
			Healthy  bool      `json:"healthy"`
			Findings []finding `json:"findings"`
		}{healthy, x.findings}); err != nil {
			return err
		}
	} else {
		for _, f := range x.findings {
			mark := "✓"
			if f.Warning {
				mark = "!"
			}
			if !f.OK {
				mark = "✗"
			}
			t.say("%s %-14s %s", mark, f.Check, f.Found)
			if f.Do != "" {
				t.say("  %-14s → %s", "", f.Do)
			}
		}
	}
	if !healthy {
		return errSilent
	}
	return nil
}

// folder looks at the data folder: who may read it, what was left in it, and how
// much room there is.
func (x *examination) folder() {
	info, err := os.Stat(x.cfg.DataDir)
	switch {
	case errors.Is(err, fs.ErrNotExist) && x.cfg.DatabaseURL != "":
		x.good("data folder", "not there: the record is in PostgreSQL, and only files that people bring would lie in it")
		return
	case err != nil:
		x.bad("data folder", detail(err), "Name the right folder with --data, or give this user access to it.")
		return
	case info.Mode().Perm()&0o077 != 0:
		x.bad("data folder", fmt.Sprintf("%s has mode %04o: other users of the machine can look into it", x.cfg.DataDir, info.Mode().Perm()), "chmod 700 "+x.cfg.DataDir)
	default:
		x.good("data folder", "%s, for its owner only", x.cfg.DataDir)
	}
	if free, known := store.FreeSpace(x.cfg.DataDir); known {
		switch {
		case free < 100<<20:
			x.bad("disk", size(free)+" free", "Make room now: without it nothing more can be saved.")
		case free < 1<<30:
			x.odd("disk", size(free)+" free", "Make room before it runs out.")
		default:
			x.good("disk", "%s free", size(free))
		}
	}
	var left []string
	for _, pattern := range []string{"*.restoring-*", ".backup-*", ".key-*"} {
		found, _ := filepath.Glob(filepath.Join(x.cfg.DataDir, pattern)) // the patterns are valid
		left = append(left, found...)
	}
	if len(left) > 0 {
		x.odd("left behind", strings.Join(left, ", "), "An interrupted backup or restore left these. Remove them when none is running.")
	}
}

// key looks at the installation key without making one.
func (x *examination) key() {
	if x.cfg.Key != "" {
		if _, err := access.ParseKey(x.cfg.Key); err != nil {
			x.bad("key", detail(err), "Correct COMMONTABLE_KEY or the key file.")
			return
		}
		x.good("key", "given from outside the data folder")
		return
	}
	path := filepath.Join(x.cfg.DataDir, app.KeyFile)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		x.bad("key", path+" is missing", "Bring back the key from where it is kept. Without it mail passwords and code apps cannot be read; a new one is made at the next start.")
		return
	}
	if _, err := access.LoadKey(path); err != nil {
		x.bad("key", detail(err), "chmod 600 "+path+", or bring back the key.")
		return
	}
	x.good("key", "%s, for its owner only", path)
}

// zones checks that times can be shown where people live.
func (x *examination) zones() {
	for _, name := range []string{"America/New_York", "Europe/Paris", "America/Mexico_City"} {
		if _, err := time.LoadLocation(name); err != nil {
			x.bad("time zones", detail(err), "Install the system's time zone data (tzdata).")
			return
		}
	}
	x.good("time zones", "known")
}

// database opens the database without changing it.
func (x *examination) database() bool {
	cfg := app.StoreConfig(x.cfg)
	cfg.ReadOnlyProbe = true
	s, err := store.Open(x.ctx, cfg)
	if err != nil {
		x.bad("database", readable(err), "")
		return false
	}
	x.store = s
	if err := answers(x.ctx, s); err != nil {
		x.bad("database", readable(err), "")
		return errors.Join(s.Close()) != nil
	}
	bytes, err := s.Size(x.ctx)
	if err != nil {
		x.bad("database", readable(err), "")
		return true
	}
	x.good("database", "%s answers, %s", s.Engine(), size(uint64(max(bytes, 0))))
	return true
}
