package intake

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
)

// archive is a ZIP file whose directory was found harmless.
type archive struct {
	files  []*zip.File          // without folders and what operating systems leave
	byName map[string]*zip.File // in small letters
	limits Limits
}

// openArchive opens a workbook or a ZIP file of tables.
func (f *File) openArchive(ctx context.Context, b *blocks, o Options) error {
	a, err := newArchive(b, o.Limits)
	if err != nil {
		return err
	}
	switch {
	case a.file("[Content_Types].xml") != nil && a.file("_rels/.rels") != nil:
		return f.openOffice(ctx, b, a, o)
	case a.file("content.xml") != nil && a.file("mimetype") != nil:
		return f.openODS(ctx, b, a, o)
	case a.file("Index/Document.iwa") != nil, a.file("Index.zip") != nil:
		return refuse("intake.apple", nil)
	}
	return f.openZIP(ctx, b, a, o)
}

// directoryBytes bounds what is read to learn the entries of an archive, besides the search for the
// record at its end.
const directoryBytes = 1 << 20

// newArchive reads the directory of an archive and refuses what no honest program makes.
func newArchive(b *blocks, limits Limits) (*archive, error) {
	claimed, err := claimedEntries(b)
	if err != nil {
		return nil, err
	}
	if claimed > uint64(limits.Entries) {
		return nil, tooManyEntries(limits, nil)
	}
	// The claim may be false, so the reading of the directory has a bound of its own.
	b.allow(directoryBytes + 2*endReach)
	r, err := zip.NewReader(b, b.size)
	b.allow(-1)
	switch {
	case errors.Is(err, errAllowance):
		return nil, tooManyEntries(limits, err)
	case err != nil:
		return nil, damaged(err)
	case int64(len(r.File)) > limits.Entries:
		return nil, tooManyEntries(limits, nil)
	}
	a := &archive{limits: limits, byName: map[string]*zip.File{}}
	unpacked := uint64(0)
	for _, file := range r.File {
		if err := checkEntry(file); err != nil {
			return nil, err
		}
		if unpacked += file.UncompressedSize64; unpacked > uint64(limits.Unpacked) || file.UncompressedSize64 > uint64(limits.Unpacked) {
			return nil, bomb(nil)
		}
		if !strings.HasSuffix(file.Name, "/") && !isLeftover(file.Name) {
			a.files = append(a.files, file)
			a.byName[strings.ToLower(file.Name)] = file
		}
	}
	// Entries may share their packed bytes, so the whole is compared too.
	if unpacked > ratioFloor && unpacked/uint64(b.size) > uint64(limits.Ratio) {
		return nil, bomb(nil)
	}
	return a, nil
}

func tooManyEntries(limits Limits, cause error) *Refusal {
	return &Refusal{Key: "intake.too_many_entries", Args: map[string]any{"Count": limits.Entries}, Cause: cause}
}

func bomb(cause error) *Refusal { return &Refusal{Key: "intake.bomb", Cause: cause} }

// endReach is how far from its end an archive can have the record that describes its directory.
const endReach = 1<<16 + 22

// claimedEntries is how many entries the archive says it has. The reader of the standard library makes
// room for as many before it looks at one.
func claimedEntries(b *blocks) (uint64, error) {
	tail := make([]byte, min(b.size, endReach))
	from := b.size - int64(len(tail))
	if _, err := b.ReadAt(tail, from); err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	at := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if at < 0 || len(tail)-at < 22 {
		return 0, damaged(errors.New("the archive has no end"))
	}
	claimed := uint64(binary.LittleEndian.Uint16(tail[at+10:]))
	// Archives of more than 65,535 entries say so in a further record.
	locator := b.peek(from+int64(at)-20, 20)
	if !bytes.HasPrefix(locator, []byte("PK\x06\x07")) {
		return claimed, nil
	}
	if record := b.peek(int64(binary.LittleEndian.Uint64(locator[8:])), 56); bytes.HasPrefix(record, []byte("PK\x06\x06")) {
		claimed = max(claimed, binary.LittleEndian.Uint64(record[32:]))
	}
	return claimed, nil
}

// checkEntry refuses entries that a program which unpacks the archive would be harmed by. We unpack
// nothing to the disk, but the file is kept and may be downloaded again.
func checkEntry(file *zip.File) error {
	name := file.Name
	clean := path.Clean(strings.TrimSuffix(name, "/"))
	drive := len(name) > 1 && name[1] == ':'
	switch {
	case name == "", strings.ContainsAny(name, "\x00\\"), path.IsAbs(name), drive, clean == "..", strings.HasPrefix(clean, "../"):
		return refuse("intake.unsafe_names", nil)
	case file.Mode()&fs.ModeType != 0 && file.Mode()&fs.ModeType != fs.ModeDir:
		return refuse("intake.link", nil)
	case file.Flags&1 != 0:
		return refuse("intake.password", nil)
	}
	return nil
}

// isLeftover reports whether an operating system put the entry there and no person.
func isLeftover(name string) bool {
	base := path.Base(name)
	return strings.HasPrefix(name, "__MACOSX/") || base == ".DS_Store" || strings.HasPrefix(base, "._") || strings.EqualFold(base, "thumbs.db") || strings.EqualFold(base, "desktop.ini")
}

// file returns the entry of that name, whatever its capitals, or nil.
func (a *archive) file(name string) *zip.File { return a.byName[strings.ToLower(name)] }

// reader unpacks an entry. What it yields is counted, since the sizes an archive claims may be false.
func (a *archive) reader(ctx context.Context, file *zip.File) (io.ReadCloser, error) {
	in, err := file.Open()
	if err != nil {
		return nil, damaged(fmt.Errorf("%q: %w", file.Name, err))
	}
	most := uint64(ratioFloor)
	if packed := file.CompressedSize64; packed > most/uint64(a.limits.Ratio) {
		most = min(packed*uint64(a.limits.Ratio), uint64(a.limits.Unpacked))
	}
	return &unpacking{in: in, left: most, ctx: ctx}, nil
}

type unpacking struct {
	in   io.ReadCloser
	ctx  context.Context
	left uint64
}

func (u *unpacking) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := u.in.Read(p)
	if uint64(n) > u.left {
		return 0, bomb(nil)
	}
	u.left -= uint64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		err = damaged(err)
	}
	return n, err
}

// Close gives the packed bytes up. What was wrong with those that were read, Read has told.
func (u *unpacking) Close() error {
	_ = u.in.Close()
	return nil
}
