package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// BackupFile is Backup into a file that only its owner may read. Nothing stands
// under the name until the backup is complete and on disk.
func (s *Store) BackupFile(ctx context.Context, path string, opts BackupOptions) (Manifest, error) {
	folder := filepath.Dir(path)
	f, err := os.CreateTemp(folder, ".backup-*") // made with mode 0600
	if err != nil {
		return Manifest{}, err
	}
	manifest, err := s.Backup(ctx, f, opts)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return manifest, errors.Join(err, os.Remove(f.Name()))
	}
	return manifest, syncFolder(folder)
}

// syncFolder makes a new name in a folder durable.
func syncFolder(path string) error {
	d, err := os.Open(path) // #nosec G304 -- the operator names the folder
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// files copies the folder of files, if there is one. It is read after the
// snapshot of the tables, so every file the tables speak of is among them;
// a file that came later does no harm.
func (b *backup) files(ctx context.Context, folder string) error {
	if folder == "" {
		return nil
	}
	// A root keeps symbolic links from leading out of the folder.
	root, err := os.OpenRoot(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer root.Close()
	return fs.WalkDir(root.FS(), ".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil // removed meanwhile
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case !entry.Type().IsRegular():
			return nil
		}
		return b.file(root, path)
	})
}

func (b *backup) file(root *os.Root, path string) error {
	f, err := root.Open(filepath.FromSlash(path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	out, err := b.member(filesFolder + path)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, f); err != nil {
		return err
	}
	content, err := out.close()
	b.manifest.Files = append(b.manifest.Files, FileManifest{path, content})
	return err
}

// restoredFiles is a folder of files unpacked beside the one it will replace.
type restoredFiles struct{ folder, beside string }

// unpackFiles writes the backup's files into a new folder beside the given one.
func unpackFiles(a *archive, folder string) (*restoredFiles, error) {
	if len(a.manifest.Files) == 0 {
		return &restoredFiles{}, nil
	}
	if folder == "" {
		return nil, errors.New("store: the backup holds files and there is no folder to restore them into")
	}
	beside, err := os.MkdirTemp(filepath.Dir(folder), filepath.Base(folder)+".restoring-")
	if err != nil {
		return nil, err
	}
	r := &restoredFiles{folder, beside}
	root, err := os.OpenRoot(beside)
	if err != nil {
		return nil, errors.Join(err, r.discard())
	}
	defer root.Close()
	for _, file := range a.manifest.Files {
		if err := unpackFile(a, root, file); err != nil {
			return nil, errors.Join(fmt.Errorf("store: restoring the file %q: %w", file.Path, err), r.discard())
		}
	}
	return r, nil
}

func unpackFile(a *archive, root *os.Root, file FileManifest) error {
	name := filepath.FromSlash(file.Path)
	if err := root.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	f, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	in, err := a.open(filesFolder+file.Path, file.Content)
	if err == nil {
		if _, err = io.Copy(f, in); err == nil {
			err = in.check()
		}
	}
	return errors.Join(err, f.Sync(), f.Close())
}

// swap puts the unpacked files in place of the old ones.
func (r *restoredFiles) swap() error {
	if r.beside == "" {
		return nil
	}
	old := r.beside + ".old"
	if err := os.Rename(r.folder, old); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(r.beside, r.folder); err != nil {
		return errors.Join(err, os.Rename(old, r.folder))
	}
	r.beside = ""
	return errors.Join(syncFolder(filepath.Dir(r.folder)), os.RemoveAll(old))
}

// discard removes what was unpacked and not used.
func (r *restoredFiles) discard() error {
	if r.beside == "" {
		return nil
	}
	return os.RemoveAll(r.beside)
}

// safePath says whether a path of a backup stays inside the folder it is
// unpacked into, on any system.
func safePath(path string) bool {
	return fs.ValidPath(path) && path != "." && filepath.IsLocal(filepath.FromSlash(path)) && !strings.ContainsAny(path, "\\:\x00")
}
