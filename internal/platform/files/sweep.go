package files

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	// portion is how much content is asked about at once.
	portion = 200
	// restoring is in the name of a folder into which a restore unpacks, beside the
	// one it will replace.
	restoring = ".restoring-"
	// going is the ending of content about to be removed.
	going = ".going"
)

// found is content of a folder.
type found struct {
	hash Hash
	name string
	last time.Time // when it was last wanted
}

// Sweep implements Store. Content that is wanted gets the present as the time it was
// last wanted, so that what stops being wanted stays from then on as long as the
// caller grants: a backup under way still finds it. While a restore unpacks, nothing is
// removed.
func (f *Folder) Sweep(ctx context.Context, p Place, since time.Time, wanted func([]Hash) (map[Hash]bool, error)) (removed int, err error) {
	if unpacking, err := filepath.Glob(f.path + restoring + "*"); err != nil || len(unpacking) > 0 {
		return 0, err
	}
	if err := f.sweepIncoming(since); err != nil {
		return 0, err
	}
	var all []found
	ask := func() error {
		if len(all) == 0 {
			return nil
		}
		hashes := make([]Hash, len(all))
		for k, one := range all {
			hashes[k] = one.hash
		}
		keep, err := wanted(hashes)
		if err != nil {
			return err
		}
		for _, one := range all {
			gone, err := f.judge(one, keep[one.hash], since)
			if err != nil {
				return err
			}
			if gone {
				removed++
			}
		}
		all = all[:0]
		return ctx.Err()
	}
	err = filepath.WalkDir(f.placeOf(p), func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) || err == nil && !entry.Type().IsRegular() {
			return nil
		}
		if err != nil {
			return err
		}
		digits := filepath.Base(filepath.Dir(path)) + strings.TrimSuffix(filepath.Base(path), going)
		hash, ok := ParseHash(digits)
		if !ok {
			return nil // nothing of ours
		}
		is, err := entry.Info()
		if err != nil {
			return ignoreMissing(err)
		}
		if strings.HasSuffix(path, going) {
			// A sweep that was killed left it; what it was called may be wanted.
			return os.Rename(path, strings.TrimSuffix(path, going)) // #nosec G122 -- in a folder that is the program's alone
		}
		if all = append(all, found{hash, path, is.ModTime()}); len(all) == portion {
			return ask()
		}
		return nil
	})
	if err == nil {
		err = ask()
	}
	if err != nil {
		err = fmt.Errorf("files: sweeping: %w", err)
	}
	return removed, err
}

// judge keeps content that is wanted and removes what is not and was not for long.
func (f *Folder) judge(one found, wanted bool, since time.Time) (gone bool, err error) {
	now := f.now()
	switch {
	case wanted && one.last.Before(now.Add(-time.Hour)):
		return false, ignoreMissing(os.Chtimes(one.name, now, now))
	case wanted || !one.last.Before(since):
		return false, nil
	}
	// Somebody may bring the same content at this moment. They either make it wanted
	// before it has another name, which is seen here, or do not find it and write it.
	if err := os.Rename(one.name, one.name+going); err != nil {
		return false, ignoreMissing(err)
	}
	is, err := os.Stat(one.name + going)
	if err != nil {
		return false, ignoreMissing(err)
	}
	if !is.ModTime().Before(since) {
		return false, os.Rename(one.name+going, one.name)
	}
	return true, ignoreMissing(os.Remove(one.name + going))
}

// sweepIncoming removes what a program that was killed left behind.
func (f *Folder) sweepIncoming(since time.Time) error {
	entries, err := os.ReadDir(filepath.Join(f.path, incoming))
	if err != nil {
		return ignoreMissing(err)
	}
	for _, e := range entries {
		if is, err := e.Info(); err == nil && is.ModTime().Before(since) {
			if err := ignoreMissing(os.Remove(filepath.Join(f.path, incoming, e.Name()))); err != nil {
				return err
			}
		}
	}
	return nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
