package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
)

// Why a restore leaves the target as it is.
var (
	ErrHoldsRecords = errors.New("store: the target already holds records")
	ErrInUse        = errors.New("store: another program is using the database")
)

// RestoreOptions say how far a restore may go.
type RestoreOptions struct {
	// Force replaces what the target holds, after the new content is complete
	// and verified.
	Force bool
	// Disposable tables may hold rows without the target counting as in use:
	// what a first start writes by itself.
	Disposable []string
	// Leave names tables that are verified but come back empty.
	Leave []string
	// Files is the folder for the backup's files.
	Files string
	// Verify judges the manifest's signature, nil when there is none. It is
	// asked before anything is written; nil means no judgement.
	Verify func(manifest, signature []byte) error
}

// ReadManifest tells what a backup holds without reading its tables.
func ReadManifest(path string) (Manifest, error) {
	a, err := openArchive(path)
	if err != nil {
		return Manifest{}, err
	}
	return a.manifest, a.Close()
}

// Restore puts a backup of either engine into the database of cfg. The database
// is not opened by anyone else meanwhile; on SQLite that is checked. Everything
// is verified first, and until then the target stays as it was.
func Restore(ctx context.Context, cfg Config, path string, opts RestoreOptions) (Manifest, error) {
	plan, err := readMigrations(cfg.Migrations)
	if err != nil {
		return Manifest{}, err
	}
	a, err := openArchive(path)
	if err != nil {
		return Manifest{}, err
	}
	defer a.Close()
	shapes, err := a.matchPlan(plan)
	if err != nil {
		return a.manifest, err
	}
	if opts.Verify != nil {
		if err := opts.Verify(a.raw, a.signature); err != nil {
			return a.manifest, fmt.Errorf("%w: %w", ErrBackupDamage, err)
		}
	}
	r := &restore{archive: a, cfg: cfg, opts: opts, plan: plan, shapes: shapes}
	if cfg.URL != "" {
		err = r.intoPostgres(ctx)
	} else {
		err = r.intoSQLite(ctx)
	}
	return a.manifest, err
}

type restore struct {
	*archive
	cfg    Config
	opts   RestoreOptions
	plan   []migration
	shapes []shape // as they were when the backup was made
}

// had is the part of the plan the backed-up database had.
func (r *restore) had() []migration { return r.plan[:len(r.manifest.Schema)] }

// construction splits the steps the backup's database had: first those that
// make tables, then, for after the rows, those that make indexes. An index is
// built several times faster at once than row by row.
func (r *restore) construction() (tables, indexes []string) {
	for _, m := range r.had() {
		for _, step := range m.steps() {
			if changesRows.MatchString(step) {
				continue // what it left is in the backup
			}
			upper := strings.ToUpper(step)
			if strings.HasPrefix(upper, "CREATE INDEX") || strings.HasPrefix(upper, "CREATE UNIQUE INDEX") || strings.HasPrefix(upper, "DROP INDEX") {
				indexes = append(indexes, step)
			} else {
				tables = append(tables, step)
			}
		}
	}
	return tables, indexes
}

// leaves says whether a table comes back empty.
func (r *restore) leaves(table string) bool { return slices.Contains(r.opts.Leave, table) }

// expected is how many rows a table must have in the end.
func (r *restore) expected(i int) int64 {
	if r.leaves(r.shapes[i].table) {
		return 0
	}
	return r.manifest.Tables[i].Rows
}

// enoughSpace refuses a restore that would fill the disk. A row takes about as
// much room in a database as in the backup, and its indexes as much again.
func (r *restore) enoughSpace(folder string) error {
	var need uint64
	for _, t := range r.manifest.Tables {
		need += 2 * uint64(max(t.Content.Bytes, 0))
	}
	for _, f := range r.manifest.Files {
		need += uint64(max(f.Content.Bytes, 0))
	}
	if free, known := FreeSpace(folder); known && free < need {
		return fmt.Errorf("%w: the restore needs about %d MB and %d MB are free", ErrFull, need>>20, free>>20)
	}
	return nil
}

// exists says whether anything stands under a name.
func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
