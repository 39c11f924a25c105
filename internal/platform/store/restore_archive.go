package store

import (
	"archive/zip"
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"
)

// Why a backup cannot be restored.
var (
	ErrNotBackup    = errors.New("store: this is not a Commontable backup, or only a part of one")
	ErrBackupDamage = errors.New("store: the backup is damaged or was changed")
	ErrBackupNewer  = errors.New("store: the backup was made by a newer program")
)

const (
	// maxManifest is far beyond the manifest of ten million files' names.
	maxManifest = 1 << 30
	// maxLine bounds one row; the longest text a record may hold is a hundredth.
	maxLine = 16 << 20
	// maxRatio is more than any honest record compresses: rows carry random
	// ids. Only a bomb is denser. Members below minBomb can hurt nobody.
	maxRatio = 400
	minBomb  = 4 << 20
)

// archive is an opened backup whose manifest has been judged.
type archive struct {
	*zip.ReadCloser
	manifest  Manifest
	raw       []byte // the manifest as it was signed
	signature []byte
	members   map[string]*zip.File
}

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %w", ErrBackupDamage, fmt.Errorf(format, args...))
}

// openArchive opens a backup and checks that its parts are exactly those its
// manifest names.
func openArchive(path string) (*archive, error) {
	z, err := zip.OpenReader(path)
	if errors.Is(err, zip.ErrFormat) || errors.Is(err, zip.ErrInsecurePath) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		if z != nil {
			err = errors.Join(err, z.Close())
		}
		return nil, fmt.Errorf("%w: %w", ErrNotBackup, err)
	}
	if err != nil {
		return nil, err
	}
	a := &archive{ReadCloser: z, members: map[string]*zip.File{}}
	if err := a.read(); err != nil {
		return nil, errors.Join(err, z.Close())
	}
	return a, nil
}

func (a *archive) read() error {
	for _, f := range a.File {
		if a.members[f.Name] != nil {
			return damaged("%q is there twice", f.Name)
		}
		if f.UncompressedSize64 > minBomb && f.UncompressedSize64/maxRatio > f.CompressedSize64 {
			return damaged("%q would unpack to an absurd size", f.Name)
		}
		a.members[f.Name] = f
	}
	var err error
	if a.raw, err = a.small(manifestMember, maxManifest); err != nil {
		return err
	}
	// The format is judged before anything else: a newer manifest may hold
	// fields this program does not know.
	var head struct {
		Format int `json:"format"`
	}
	if err := json.Unmarshal(a.raw, &head); err != nil || head.Format < 1 {
		return fmt.Errorf("%w: its manifest cannot be read", ErrNotBackup)
	}
	if head.Format > BackupFormat {
		return fmt.Errorf("%w: its format is %d, this program reads up to %d", ErrBackupNewer, head.Format, BackupFormat)
	}
	decoder := json.NewDecoder(bytes.NewReader(a.raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&a.manifest); err != nil {
		return damaged("manifest: %w", err)
	}
	if a.members[signatureMember] != nil {
		if a.signature, err = a.small(signatureMember, 1<<10); err != nil {
			return err
		}
	}
	return a.matchMembers()
}

// matchMembers refuses what is missing, what nobody named, and paths that lead
// out of the files folder.
func (a *archive) matchMembers() error {
	named := map[string]bool{manifestMember: true, signatureMember: true}
	for _, t := range a.manifest.Tables {
		named[tablesFolder+t.Name+tablesSuffix] = true
	}
	for _, f := range a.manifest.Files {
		if !safePath(f.Path) || named[filesFolder+f.Path] {
			return damaged("the file name %q", f.Path)
		}
		named[filesFolder+f.Path] = true
	}
	for name := range a.members {
		if !named[name] {
			return damaged("%q does not belong to it", name)
		}
	}
	for name := range named {
		if a.members[name] == nil && name != signatureMember {
			return damaged("%q is missing", name)
		}
	}
	return nil
}

// matchPlan refuses a backup whose schema this program does not know, and
// returns the tables it holds.
func (a *archive) matchPlan(plan []migration) ([]shape, error) {
	have := make([]applied, len(a.manifest.Schema))
	for i, step := range a.manifest.Schema {
		have[i] = applied{step.Version, step.Checksum}
	}
	if _, err := outstanding(plan, have); errors.Is(err, ErrNewer) {
		return nil, fmt.Errorf("%w: %w", ErrBackupNewer, err)
	} else if err != nil {
		return nil, err
	}
	shapes, err := shapesOf(plan[:len(have)])
	if err != nil {
		return nil, err
	}
	if len(shapes) != len(a.manifest.Tables) || len(shapes) == 0 {
		return nil, damaged("it holds %d tables instead of %d", len(a.manifest.Tables), len(shapes))
	}
	for i, s := range shapes {
		t := a.manifest.Tables[i]
		columns := make([][2]string, len(s.columns))
		for k, c := range s.columns {
			columns[k] = [2]string{c.name, string(c.kind)}
		}
		if t.Name != s.table || !slices.Equal(columns, t.Columns) {
			return nil, damaged("the table %s is not as it should be", s.table)
		}
	}
	return shapes, nil
}

// small reads a whole short member.
func (a *archive) small(name string, most int64) ([]byte, error) {
	f := a.members[name]
	if f == nil {
		return nil, fmt.Errorf("%w: %s is missing", ErrNotBackup, name)
	}
	in, err := f.Open()
	if err != nil {
		return nil, damaged("%s: %w", name, err)
	}
	defer in.Close()
	raw, err := io.ReadAll(io.LimitReader(in, most+1))
	if err != nil || int64(len(raw)) > most {
		return nil, damaged("%s: %w", name, errors.Join(err, errors.New("too long or unreadable")))
	}
	return raw, nil
}

// measured reads a member and never more of it than the manifest says.
type measured struct {
	in    io.ReadCloser
	name  string
	want  ContentOfManifest
	sum   hash.Hash
	bytes int64
}

func (a *archive) open(name string, want ContentOfManifest) (*measured, error) {
	f := a.members[name]
	if want.Bytes < 0 || f.UncompressedSize64 != uint64(want.Bytes) {
		return nil, damaged("%s is %d bytes instead of %d", name, f.UncompressedSize64, want.Bytes)
	}
	in, err := f.Open()
	if err != nil {
		return nil, damaged("%s: %w", name, err)
	}
	return &measured{in: in, name: name, want: want, sum: sha256.New()}, nil
}

// Read implements io.Reader.
func (m *measured) Read(p []byte) (int, error) {
	n, err := m.in.Read(p)
	m.sum.Write(p[:n])
	m.bytes += int64(n)
	if m.bytes > m.want.Bytes {
		return 0, damaged("%s is longer than it says", m.name)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = damaged("%s: %w", m.name, err)
	}
	return n, err
}

// check compares what was read with the manifest, once all of it was.
func (m *measured) check() error {
	err := m.in.Close()
	if got := hex.EncodeToString(m.sum.Sum(nil)); err != nil || m.bytes != m.want.Bytes || !strings.EqualFold(got, m.want.SHA256) {
		return damaged("%s does not match its checksum", m.name)
	}
	return nil
}

// rowReader gives the rows of one table, each into the same values.
type rowReader struct {
	values  []any
	err     error
	shape   shape
	content *measured
	lines   *bufio.Scanner
	left    int64 // rows still to come
}

func (a *archive) table(i int, s shape) (*rowReader, error) {
	entry := a.manifest.Tables[i]
	content, err := a.open(tablesFolder+s.table+tablesSuffix, entry.Content)
	if err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(content)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	return &rowReader{values: make([]any, len(s.columns)), shape: s, content: content, lines: lines, left: entry.Rows}, nil
}

// next reads a row. At the end it checks the whole table; err tells.
func (r *rowReader) next() bool {
	if r.err != nil {
		return false
	}
	if !r.lines.Scan() {
		if r.err = r.lines.Err(); r.err == nil {
			r.err = r.content.check()
		}
		if r.err == nil && r.left != 0 {
			r.err = damaged("%s has another number of rows", r.shape.table)
		}
		return false
	}
	r.left--
	if err := parseRow(r.lines.Bytes(), r.shape.columns, r.values); err != nil {
		r.err = damaged("%s: %w", r.shape.table, err)
	}
	return r.err == nil
}
