package archive

import (
	"archive/zip"
	"encoding/hex"
	"io"
	"maps"
	"slices"
)

// filesFolder is where the bytes lie that rows tell of, each once, named by what they
// hold and ending as the file does.
const filesFolder = "files/"

// Blob names bytes by their SHA-256.
type Blob struct {
	Hash [32]byte
	Size int64
	// Ending is that of the file's name, with its dot, so that people can open it.
	Ending string
}

func (b Blob) entry() string { return filesFolder + hex.EncodeToString(b.Hash[:]) + b.Ending }

// files writes the bytes that rows told of, in one order.
func (w *writer) files(r *Reading) error {
	for _, name := range slices.Sorted(maps.Keys(w.blobs)) {
		in, err := r.Open(w.blobs[name].Hash)
		if err != nil {
			return err
		}
		out, err := w.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: day})
		if err == nil {
			_, err = io.Copy(out, in)
		}
		_ = in.Close()
		if err == nil && r.Step != nil {
			err = r.Step(0)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// bring keeps the bytes that a row tells of. They have to be what it says, to the bit.
func (l *Loading) bring(in *lines, b Blob) error {
	if l.kept[b.Hash] {
		return nil
	}
	damage := func(key string) error {
		return &Damage{Key: key, File: in.file, Line: in.line, Args: map[string]any{"Entry": printable(b.entry())}}
	}
	f := l.archive.files[b.entry()]
	if f == nil {
		return damage("takeout.file_missing")
	}
	if l.budget -= b.Size; l.budget < 0 {
		return in.damage("takeout.too_large", nil)
	}
	content, err := f.Open()
	if err != nil {
		return damage("takeout.file_damaged")
	}
	defer func() { _ = content.Close() }()
	counted := &counting{Reader: content}
	hash, err := l.keep(counted, b.Size)
	switch {
	case err != nil && counted.failed, err == nil && (hash != b.Hash || counted.n != b.Size):
		return damage("takeout.file_damaged")
	case err != nil && counted.n > b.Size:
		return damage("takeout.file_damaged") // longer than it says
	case err != nil:
		return err
	}
	l.kept[b.Hash] = true
	return nil
}

// counting tells a reader that failed from whoever could not write what it gave.
type counting struct {
	io.Reader
	n      int64
	failed bool
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += int64(n)
	c.failed = err != nil && err != io.EOF
	return n, err
}
