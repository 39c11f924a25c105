package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"commontable/internal/app"
	"commontable/internal/backbone/materials"
	"commontable/internal/platform/files"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// mostNamed is how many files that are not as they should be are named.
const mostNamed = 5

// files reads every file that the record names and says which are missing, or are not
// what was brought.
func (x *examination) files() {
	const check = "files"
	var places []operation.CollaborativeID
	if !x.read(check, func(tx *store.InstallationTx) (err error) {
		places, err = store.Collect(tx, func(row store.Row) (i operation.CollaborativeID, err error) { return i, row.Scan(&i) }, `SELECT id FROM collaboratives`)
		return err
	}) {
		return
	}
	folder := filepath.Join(x.cfg.DataDir, app.FilesFolder)
	kept := files.NewFolder(folder, time.Now)
	var found int64
	var bytes uint64
	var missing, damaged []string
	for _, place := range places {
		seen := map[files.Hash]bool{}
		for after := ([16]byte{}); ; {
			var hashes []files.Hash
			if err := x.store.Read(x.ctx, place, func(tx *store.Tx) (err error) {
				hashes, after, err = materials.Named(tx, after)
				return err
			}); err != nil {
				x.bad(check, readable(err), "")
				return
			}
			if len(hashes) == 0 {
				break
			}
			for _, h := range hashes {
				if seen[h] {
					continue
				}
				seen[h] = true
				content, err := kept.Open(x.ctx, files.Place(place), h)
				switch {
				case errors.Is(err, files.ErrMissing):
					missing = append(missing, kept.Name(files.Place(place), h))
				case errors.Is(err, files.ErrDamaged):
					damaged = append(damaged, kept.Name(files.Place(place), h))
				case err != nil:
					x.bad(check, detail(err), "Give the program's user access to "+folder+".")
					return
				default:
					found++
					bytes += uint64(max(content.Size(), 0))
					if err := content.Close(); err != nil {
						x.bad(check, detail(err), "")
						return
					}
				}
			}
		}
	}
	const do = "Bring them back from a backup: restore the latest into another folder and copy them from its folder files, under the same names."
	for _, trouble := range []struct {
		what  string
		names []string
	}{{"missing", missing}, {"damaged", damaged}} {
		if n := len(trouble.names); n > 0 {
			which := strings.Join(trouble.names[:min(n, mostNamed)], ", ")
			if n > mostNamed {
				which += fmt.Sprintf(" and %d more", n-mostNamed)
			}
			x.bad(check, fmt.Sprintf("%d %s: %s", n, trouble.what, which), do)
		}
	}
	if len(missing)+len(damaged) == 0 {
		x.good(check, "%d, %s, each as it was brought", found, size(bytes))
	}
}
