package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// ErasuresFile is the name of the list of erased people in the data folder. It
// lies outside the database, so that it outlives an older backup being restored.
// It holds ids and nothing that names anyone.
const ErasuresFile = "erasures.txt"

// keepErasures erases again whoever came back with an older backup, and keeps the
// list of those who were erased.
func (a *App) keepErasures(ctx context.Context, _ time.Time) error {
	path := filepath.Join(a.Config.DataDir, ErasuresFile)
	listed, err := readErasures(path)
	if err != nil {
		return err
	}
	before := len(listed)
	if err := a.eachPlace(ctx, func(place operation.Collaborative) error { return a.keepErasuresOf(ctx, place, listed) }); err != nil || len(listed) == before {
		return err
	}
	return writeErasures(path, listed)
}

func (a *App) keepErasuresOf(ctx context.Context, place operation.Collaborative, listed map[string]bool) error {
	erased, err := directory.ErasedPeople(ctx, a.Store, place.ID)
	if err != nil {
		return err
	}
	done := map[string]bool{}
	for _, p := range erased {
		line := place.ID.String() + " " + p.String()
		done[line], listed[line] = true, true
	}
	for line := range listed {
		collaborative, person, _ := strings.Cut(line, " ")
		if collaborative != place.ID.String() || done[line] {
			continue
		}
		i, err := id.Parse[struct{}](person)
		if err != nil {
			continue // a line somebody damaged
		}
		if err := directory.EraseAgain(ctx, a.Door, place, directory.PersonID(i)); err != nil {
			return fmt.Errorf("erasing again what a restored backup brought back: %w", err)
		}
	}
	return nil
}

func readErasures(path string) (map[string]bool, error) {
	out := map[string]bool{}
	raw, err := os.ReadFile(path) // #nosec G304 -- a file of the data folder
	if errors.Is(err, fs.ErrNotExist) {
		return out, nil
	}
	for line := range strings.Lines(string(raw)) {
		if line = strings.TrimSpace(line); line != "" {
			out[line] = true
		}
	}
	return out, err
}

func writeErasures(path string, lines map[string]bool) error {
	all := make([]string, 0, len(lines))
	for line := range lines {
		all = append(all, line)
	}
	slices.Sort(all)
	fresh := path + ".new"
	if err := os.WriteFile(fresh, []byte(strings.Join(all, "\n")+"\n"), 0o600); err != nil {
		return err
	}
	return os.Rename(fresh, path)
}
