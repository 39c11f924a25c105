package files

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// incoming is where content lies while it arrives.
const incoming = "incoming"

// Folder is a Store in a folder of this machine, or of a disk that machines share.
// Content lies under <place>/<first two digits>/<the other digits>, and its time of
// change tells when it was last wanted.
type Folder struct {
	path string
	now  func() time.Time
}

// NewFolder keeps content in a folder, which is made when it is first needed.
func NewFolder(path string, now func() time.Time) *Folder { return &Folder{path, now} }

func (f *Folder) placeOf(p Place) string { return filepath.Join(f.path, hex.EncodeToString(p[:])) }

// Name is the path of content, for whoever looks after the machine.
func (f *Folder) Name(p Place, h Hash) string {
	digits := h.String()
	return filepath.Join(f.placeOf(p), digits[:2], digits[2:])
}

// Put implements Store: the content is written under another name, brought to the
// disk, and then given its own, so that whatever stands under a hash is whole.
func (f *Folder) Put(ctx context.Context, p Place, in io.Reader, most int64) (out Stored, err error) {
	folder := filepath.Join(f.path, incoming)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return out, fmt.Errorf("files: %w", err)
	}
	file, err := os.CreateTemp(folder, "*") // made with mode 0600
	if err != nil {
		return out, fmt.Errorf("files: %w", err)
	}
	kept := false
	defer func() {
		if !kept {
			err = errors.Join(err, file.Close(), os.Remove(file.Name()))
		}
	}()
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(file, sum), io.LimitReader(&stoppable{ctx, in}, most+1))
	if err != nil {
		return out, err
	}
	if n > most {
		return out, ErrTooLarge
	}
	out = Stored{Hash(sum.Sum(nil)), n}
	name := f.Name(p, out.Hash)
	if f.again(name, n) {
		return out, f.secure(p, name)
	}
	if err := file.Sync(); err != nil {
		return out, fmt.Errorf("files: %w", err)
	}
	now := f.now()
	if err := os.Chtimes(file.Name(), now, now); err != nil {
		return out, fmt.Errorf("files: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return out, fmt.Errorf("files: %w", err)
	}
	if err := file.Close(); err != nil {
		return out, fmt.Errorf("files: %w", err)
	}
	kept = true
	if err := os.Rename(file.Name(), name); err != nil {
		return out, errors.Join(fmt.Errorf("files: %w", err), os.Remove(file.Name()))
	}
	return out, f.secure(p, name)
}

// again says whether content is there as a whole, and makes it wanted from now on.
func (f *Folder) again(name string, size int64) bool {
	now := f.now()
	if os.Chtimes(name, now, now) != nil {
		return false
	}
	is, err := os.Stat(name)
	return err == nil && is.Size() == size
}

// secure brings a name and the folders above it to the disk. It is done also for
// content that was there: whoever brought it may not have come so far yet.
func (f *Folder) secure(p Place, name string) error {
	for _, folder := range []string{filepath.Dir(name), f.placeOf(p), f.path, filepath.Dir(f.path)} {
		d, err := os.Open(folder) // #nosec G304 -- made of the operator's folder and of digits
		if err != nil {
			return fmt.Errorf("files: %w", err)
		}
		if err := errors.Join(d.Sync(), d.Close()); err != nil {
			return fmt.Errorf("files: %w", err)
		}
	}
	return nil
}

// stoppable ends reading when its context has ended.
type stoppable struct {
	ctx context.Context
	in  io.Reader
}

func (s *stoppable) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.in.Read(p)
}

type folderContent struct {
	*os.File
	size int64
}

// Size implements Content.
func (c *folderContent) Size() int64 { return c.size }

// Open implements Store. The whole is read once to verify it, so that a part that is
// asked for later is known to be good.
func (f *Folder) Open(ctx context.Context, p Place, h Hash) (Content, error) {
	file, err := os.Open(f.Name(p, h))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrMissing
	}
	if err != nil {
		return nil, fmt.Errorf("files: %w", err)
	}
	sum := sha256.New()
	n, err := io.Copy(sum, &stoppable{ctx, file})
	if err == nil && !bytes.Equal(sum.Sum(nil), h[:]) {
		err = ErrDamaged
	}
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &folderContent{file, n}, nil
}

// Has implements Store.
func (f *Folder) Has(_ context.Context, p Place, h Hash) (bool, error) {
	_, err := os.Stat(f.Name(p, h))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// Places implements Store.
func (f *Folder) Places(context.Context) ([]Place, error) {
	entries, err := os.ReadDir(f.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("files: %w", err)
	}
	var out []Place
	for _, e := range entries {
		if raw, err := hex.DecodeString(e.Name()); err == nil && e.IsDir() && len(raw) == len(Place{}) {
			out = append(out, Place(raw))
		}
	}
	return out, nil
}
