package store

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"time"
)

// BackupOptions is what the store cannot know by itself.
type BackupOptions struct {
	Program string // the program's version
	Key     string // fingerprint of the installation key
	// Sign proves that the manifest was written by someone who holds the
	// installation key; no signature when nil.
	Sign func(manifest []byte) []byte
	// Files is a folder whose files belong to the installation; "" or a folder
	// that does not exist means none.
	Files string
	Now   time.Time // the current time when zero
}

// Backup writes everything in the database as it stood at one instant, while
// reading and writing go on. The result does not depend on the engine and can
// be restored into the other one.
func (s *Store) Backup(ctx context.Context, w io.Writer, opts BackupOptions) (Manifest, error) {
	shapes, err := shapesOf(s.plan)
	if err != nil {
		return Manifest{}, err
	}
	if opts.Now.IsZero() {
		opts.Now = time.Now()
	}
	b := &backup{zip: zip.NewWriter(w), manifest: Manifest{
		Format: BackupFormat, Program: opts.Program, Created: opts.Now.UTC().Truncate(time.Second), Engine: s.engine.name(), Key: opts.Key}}
	// Speed matters more than the last tenth of size: while a backup reads, the
	// write-ahead log cannot be shortened.
	b.zip.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	for _, m := range s.plan {
		b.manifest.Schema = append(b.manifest.Schema, SchemaStep{m.version, m.name, m.checksum})
	}
	begun := false
	err = s.engine.read(ctx, nil, func(x executor) error {
		if begun {
			// The engine repeats reads whose connection broke; half a backup is
			// already written.
			return fmt.Errorf("%w: the connection broke during the backup", ErrUnavailable)
		}
		begun = true
		return b.tables(ctx, x, shapes)
	})
	if err == nil {
		err = b.files(ctx, opts.Files)
	}
	if err == nil {
		err = b.finish(opts.Sign)
	}
	return b.manifest, err
}

type backup struct {
	zip      *zip.Writer
	manifest Manifest
	line     []byte
}

// tables writes every table, parents before children.
func (b *backup) tables(ctx context.Context, x executor, shapes []shape) error {
	var scopes [][]byte
	known := false
	for _, s := range shapes {
		if known = known || s.table == collaborativesTable; s.tenant && !known {
			return fmt.Errorf("store: %s has rows of collaboratives and there is no table of those", s.table)
		}
		entry := TableManifest{Name: s.table}
		for _, c := range s.columns {
			entry.Columns = append(entry.Columns, [2]string{c.name, string(c.kind)})
		}
		out, err := b.member(tablesFolder + s.table + tablesSuffix)
		if err != nil {
			return err
		}
		if !s.tenant {
			err = b.rows(ctx, x, s, out, &entry.Rows)
		}
		for _, scope := range scopes {
			if !s.tenant || err != nil {
				break
			}
			// Row-level security shows one collaborative at a time, also to
			// the backup; their ids come in order, so the key's order holds.
			if err = b.scope(ctx, x, scope); err == nil {
				err = b.rows(ctx, x, s, out, &entry.Rows, scope)
			}
		}
		if err == nil {
			entry.Content, err = out.close()
		}
		if err == nil && s.table == collaborativesTable {
			scopes, err = collaboratives(ctx, x)
		}
		if err != nil {
			return fmt.Errorf("store: backing up %s: %w", s.table, err)
		}
		b.manifest.Tables = append(b.manifest.Tables, entry)
	}
	return nil
}

func (b *backup) scope(ctx context.Context, x executor, collaborative []byte) error {
	if b.manifest.Engine != "postgres" {
		return nil
	}
	_, err := x.exec(ctx, `SELECT set_config('commontable.collaborative', $1, true)`, []any{hex.EncodeToString(collaborative)})
	return classify(err)
}

func collaboratives(ctx context.Context, x executor) (out [][]byte, err error) {
	rows, err := x.query(ctx, `SELECT id FROM collaboratives ORDER BY id`, nil)
	if err != nil {
		return nil, classify(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id []byte
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, classify(rows.Err())
}

// rows writes what one statement gives, a row at a time: neither engine's
// driver holds more than a few rows in memory.
func (b *backup) rows(ctx context.Context, x executor, s shape, out io.Writer, count *int64, scope ...[]byte) error {
	args := make([]any, len(scope))
	for i := range scope {
		args[i] = scope[i]
	}
	rows, err := x.query(ctx, s.dump(), args)
	if err != nil {
		return classify(err)
	}
	defer rows.Close()
	values := make([]any, len(s.columns))
	places := make([]any, len(values))
	for i := range values {
		places[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(places...); err != nil {
			return err
		}
		if b.line, err = appendRow(b.line[:0], s.columns, values); err != nil {
			return err
		}
		if _, err := out.Write(b.line); err != nil {
			return err
		}
		*count++
	}
	return classify(rows.Err())
}

// finish writes the manifest last, when everything it tells is known.
func (b *backup) finish(sign func([]byte) []byte) error {
	raw, err := json.MarshalIndent(b.manifest, "", "  ")
	if err != nil {
		return err
	}
	contents := []struct {
		name string
		raw  []byte
	}{{manifestMember, raw}}
	if sign != nil {
		contents = append(contents, struct {
			name string
			raw  []byte
		}{signatureMember, sign(raw)})
	}
	for _, c := range contents {
		out, err := b.member(c.name)
		if err != nil {
			return err
		}
		if _, err := out.Write(c.raw); err != nil {
			return err
		}
		if _, err := out.close(); err != nil {
			return err
		}
	}
	return b.zip.Close()
}

// member is one member of the archive being written and measured.
type member struct {
	*bufio.Writer
	sum   hash.Hash
	bytes int64
	to    io.Writer
}

func (b *backup) member(name string) (*member, error) {
	to, err := b.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: b.manifest.Created})
	if err != nil {
		return nil, err
	}
	m := &member{sum: sha256.New(), to: to}
	m.Writer = bufio.NewWriterSize(writerFunc(m.pass), 64<<10)
	return m, nil
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func (m *member) pass(p []byte) (int, error) {
	m.sum.Write(p)
	m.bytes += int64(len(p))
	return m.to.Write(p)
}

func (m *member) close() (ContentOfManifest, error) {
	err := m.Flush()
	return ContentOfManifest{m.bytes, hex.EncodeToString(m.sum.Sum(nil))}, err
}
