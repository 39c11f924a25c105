package intake

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"commontable/internal/platform/i18n"
)

// refusalOf opens a file and reads all its tables; "" is that nothing was refused.
func refusalOf(t *testing.T, data []byte, o Options) string {
	t.Helper()
	f, err := Open(context.Background(), bytes.NewReader(data), int64(len(data)), o)
	if err == nil {
		defer f.Close()
		for _, table := range f.Tables {
			for _, err = range table.Rows(context.Background()) {
				if err != nil {
					break
				}
			}
			if err != nil {
				break
			}
		}
	}
	var refusal *Refusal
	if err != nil && !errors.As(err, &refusal) {
		t.Errorf("no refusal: %v", err)
	}
	if refusal == nil {
		return ""
	}
	sentence := i18n.T(context.Background(), refusal.Key, refusal.Args)
	if sentence == refusal.Key || strings.Contains(sentence, "{{") || strings.Contains(sentence, "<no value>") {
		t.Errorf("%s with %v says %q", refusal.Key, refusal.Args, sentence)
	}
	return strings.TrimPrefix(refusal.Key, "intake.")
}

// entryOf is an archive of one entry whose header was changed.
func entryOf(t *testing.T, content string, change func(h *zip.FileHeader)) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	h := &zip.FileHeader{Name: "a.csv"}
	change(h)
	entry, err := w.CreateHeader(h)
	if err == nil {
		_, err = entry.Write([]byte(content))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func container(name string) []byte {
	out := append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 1016)...)
	return append(out, wide(name)...)
}

func entryName(name string) func(h *zip.FileHeader) { return func(h *zip.FileHeader) { h.Name = name } }

func TestRefusals(t *testing.T) {
	good := packed(t, "a.csv", "a,b\n1,2\n", "b.csv", "a,b\n3,4\n")
	goodBook := rawBook(t, `<row><c t="str"><v>a</v></c></row><row><c><v>1</v></c></row>`, "", "")
	short := Limits{Rows: 2, Columns: 3, Cells: 5, CellBytes: 20, RowBytes: 30, Tables: 2, Entries: 8}
	for _, c := range []struct {
		name string
		data []byte
		o    Options
		want string
	}{
		{"nothing", nil, Options{}, "empty"},
		{"blank lines", []byte("\n\n ,\n"), Options{}, "empty"},
		{"a byte order mark", []byte("\ufeff"), Options{}, "empty"},
		{"a header alone", []byte("Name,Email\n"), Options{}, "header_only"},
		{"too large", []byte("a,b\n1,2\n"), Options{Limits: Limits{Bytes: 5}}, "too_large"},
		{"too many rows", []byte("a\n1\n2\n3\n"), Options{Limits: short}, "too_many_rows"},
		{"too many columns", []byte("a,b,c,d\n1,2,3,4\n"), Options{Limits: short}, "too_many_columns"},
		{"too many columns in quotes", []byte("a,\"b\",c,d\n1,2,3,4\n"), Options{Limits: short}, "too_many_columns"},
		{"too many cells", []byte("a,b,c\n1,2,3\n4,5,6\n"), Options{Limits: short}, "too_many_cells"},
		{"a long cell", []byte("a\n" + strings.Repeat("x", 21) + "\n"), Options{Limits: short}, "cell_too_long"},
		{"a long cell in quotes", []byte("a\n\"" + strings.Repeat("x", 21) + "\"\n"), Options{Limits: short}, "cell_too_long"},
		{"a long row", []byte("a,b\n" + strings.Repeat("x", 18) + "," + strings.Repeat("x", 18) + "\n"), Options{Limits: short}, "cell_too_long"},
		{"PDF", []byte("%PDF-1.7\n"), Options{Name: "a.csv"}, "pdf"},
		{"PNG", []byte("\x89PNG\r\n\x1a\n\x00"), Options{}, "picture"},
		{"WebP", []byte("RIFF\x00\x00\x00\x00WEBPVP8 "), Options{}, "picture"},
		{"HEIC", []byte("\x00\x00\x00\x18ftypheic\x00\x00"), Options{}, "picture"},
		{"gzip", []byte("\x1f\x8b\x08\x00"), Options{}, "other_archive"},
		{"RTF", []byte("{\\rtf1 hello}"), Options{}, "document"},
		{"HTML in the guise of Excel", []byte("<html><table><tr><td>a</td></tr></table></html>"), Options{Name: "a.xls"}, "web_page"},
		{"XML with a DOCTYPE", []byte("<?xml version=\"1.0\"?><!DOCTYPE x>"), Options{}, "web_page"},
		{"a calendar without events", []byte("BEGIN:VCALENDAR\nEND:VCALENDAR\n"), Options{}, "no_records"},
		{"bytes", []byte("\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f\x10\x11\x12\x13\x14\x15\x16"), Options{}, "unknown"},
		{"NULs", make([]byte, 1000), Options{}, "unknown"},
		{"old Excel", container("Workbook"), Options{Name: "a.xlsx"}, "old_excel"},
		{"Excel 5", container("Book"), Options{}, "old_excel"},
		{"with a password", container("EncryptedPackage"), Options{Name: "a.xlsx"}, "password"},
		{"old Word", container("WordDocument"), Options{}, "document"},
		{"another container", container("Thing"), Options{}, "unknown"},
		{"Word", packed(t, "[Content_Types].xml", "<Types/>", "_rels/.rels", strings.ReplaceAll(rootRelations, "xl/workbook", "word/document"), "word/document.xml", "<d/>"), Options{}, "document"},
		{"a binary workbook", packed(t, "[Content_Types].xml", "<Types/>", "_rels/.rels", strings.ReplaceAll(rootRelations, "workbook.xml", "workbook.bin"), "xl/workbook.bin", "x"), Options{}, "binary_workbook"},
		{"OpenDocument text", packed(t, "mimetype", "application/vnd.oasis.opendocument.text", "content.xml", "<x/>"), Options{}, "document"},
		{"OpenDocument with a password", packed(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", "??", "META-INF/manifest.xml", "<m><encryption-data/></m>"), Options{}, "password"},
		{"Numbers", packed(t, "Index/Document.iwa", "x"), Options{}, "apple"},
		{"a workbook without rows", rawBook(t, "", "", ""), Options{}, "empty"},
		{"a workbook with a header", rawBook(t, `<row><c t="str"><v>a</v></c></row>`, "", ""), Options{}, "header_only"},
		{"an archive without tables", packed(t, "a.png", "\x89PNG\r\n\x1a\n"), Options{}, "nothing_inside"},
		{"an archive in an archive", packed(t, "a.zip", string(good)), Options{}, "nested"},
		{"a workbook in an archive", packed(t, "a.csv", "a\n1\n", "b.xlsx", string(goodBook)), Options{}, "nested"},
		{"an encrypted entry", entryOf(t, "a\n1\n", func(h *zip.FileHeader) { h.Flags |= 1 }), Options{}, "password"},
		{"a way out", entryOf(t, "a\n1\n", entryName("../../etc/cron.d/x")), Options{}, "unsafe_names"},
		{"a way out within", entryOf(t, "a\n1\n", entryName("a/../../x")), Options{}, "unsafe_names"},
		{"an absolute name", entryOf(t, "a\n1\n", entryName("/etc/passwd")), Options{}, "unsafe_names"},
		{"a name of Windows", entryOf(t, "a\n1\n", entryName(`..\..\x`)), Options{}, "unsafe_names"},
		{"a drive", entryOf(t, "a\n1\n", entryName(`C:x`)), Options{}, "unsafe_names"},
		{"a link", entryOf(t, "/etc/passwd", func(h *zip.FileHeader) { h.SetMode(fs.ModeSymlink | 0o777) }), Options{}, "link"},
		{"too many entries", packed(t, "1", "", "2", "", "3", "", "4", "", "5", "", "6", "", "7", "", "8", "", "9", ""), Options{Limits: short}, "too_many_entries"},
		{"too many tables", packed(t, "1.csv", "a\n1\n", "2.csv", "a\n1\n", "3.csv", "a\n1\n"), Options{Limits: short}, "too_many_tables"},
		{"an archive cut short", good[:len(good)-30], Options{}, "damaged"},
		{"an archive cut to its beginning", good[:20], Options{}, "damaged"},
		{"a workbook cut short", goodBook[:len(goodBook)/2], Options{}, "damaged"},
		{"a sheet cut short", rawBook(t, `<row><c t="str"><v>a</v></c></row><row><c><v>1</v></c></row><row>`, "", ""), Options{}, "damaged"},
		{"a DOCTYPE in a sheet", rawBook(t, `<!DOCTYPE x [<!ENTITY a "b">]><row><c><v>&a;</v></c></row>`, "", ""), Options{}, "damaged"},
		{"an entity of its own", rawBook(t, `<row><c t="str"><v>&a;</v></c></row>`, "", ""), Options{}, "damaged"},
		{"a cell in the last column", rawBook(t, `<row><c t="str"><v>a</v></c></row><row><c r="XFD1048576"><v>1</v></c></row>`, "", ""), Options{}, "too_many_columns"},
		{"elements without end", rawBook(t, strings.Repeat("<row>", 1000), "", ""), Options{}, "damaged"},
		{"JSON cut short", []byte(`[{"a":1},{"a":`), Options{}, "json_broken"},
		{"JSON with a mistake", []byte(`[{"a":1},{"a":1,}]`), Options{}, "json_broken"},
		{"JSON and something after", []byte(`[{"a":1}] x`), Options{}, "json_broken"},
		{"JSON of nothing", []byte(`[]`), Options{}, "no_records"},
		{"JSON of plain values", []byte(`["a","b"]`), Options{}, "no_records"},
		{"JSON deep inside", []byte(`[` + strings.Repeat(`{"a":`, 200) + "1" + strings.Repeat("}", 200) + `]`), Options{}, "too_deep"},
		{"JSON deeper inside", []byte(`[{"a":` + strings.Repeat(`[`, 20_000) + strings.Repeat("]", 20_000) + `}]`), Options{}, "json_broken"},
		{"JSON with many columns", []byte(`[{"a":1,"b":1,"c":1,"d":1}]`), Options{Limits: short}, "too_many_columns"},
		{"cards with many columns", []byte("BEGIN:VCARD\nEMAIL:1\nEMAIL:2\nEMAIL:3\nEMAIL:4\nEND:VCARD\n"), Options{Limits: short}, "too_many_columns"},
		{"cards of nothing", []byte("BEGIN:VCARD\nEND:VCARD\n"), Options{}, "no_records"},
	} {
		if got := refusalOf(t, c.data, c.o); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestOtherEndings(t *testing.T) {
	book := rawBook(t, `<row><c t="str"><v>a</v></c></row><row><c><v>1</v></c></row>`, "", "")
	for name, want := range map[string]string{"a.csv": "other_ending", "a.xls": "other_ending", "a.xlsx": "", "a.XLSM": "", "a": "", "a.bak": ""} {
		f := opened(t, book, Options{Name: name})
		if got := keys(f.Notes); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
		for _, n := range f.Notes {
			if s := i18n.T(context.Background(), n.Key, n.Args); !strings.Contains(s, "Excel") {
				t.Errorf("%s: %s", name, s)
			}
		}
	}
}

// What the source fails with is told as it is, and no file is blamed for it.
func TestFaultsOfTheSourceAreNoRefusals(t *testing.T) {
	broken := errors.New("the connection is gone")
	for _, data := range [][]byte{[]byte("a,b\n1,2\n"), packed(t, "a.csv", "a\n1\n")} {
		var refusal *Refusal
		_, err := Open(t.Context(), failingAt{bytes.NewReader(data), broken}, int64(len(data)), Options{})
		if !errors.Is(err, broken) || errors.As(err, &refusal) {
			t.Errorf("%v", err)
		}
		// Shorter than it was said to be.
		if _, err := Open(t.Context(), bytes.NewReader(data[:5]), int64(len(data)), Options{}); err == nil || errors.As(err, &refusal) {
			t.Errorf("short: %v", err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Open(ctx, strings.NewReader("a,b\n1,2\n"), 8, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
	f := opened(t, []byte("a\n1\n2\n"), Options{})
	for _, err := range f.Tables[0].Rows(ctx) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("canceled while reading: %v", err)
		}
	}
}

type failingAt struct {
	*bytes.Reader
	err error
}

func (f failingAt) ReadAt([]byte, int64) (int, error) { return 0, f.err }

// An archive that claims fewer entries than it has, or far more, is not believed.
func TestClaimsOfAnArchiveAreNotBelieved(t *testing.T) {
	var parts []string
	for range 3000 {
		parts = append(parts, "a.csv", "")
	}
	data := packed(t, parts...)
	end := bytes.LastIndex(data, []byte("PK\x05\x06"))
	binary.LittleEndian.PutUint16(data[end+8:], 3)
	binary.LittleEndian.PutUint16(data[end+10:], 3)
	if got := refusalOf(t, data, Options{}); got != "too_many_entries" && got != "damaged" {
		t.Errorf("fewer: %q", got)
	}
	// A directory of 300,000 entries, which says it has three.
	up := rise(func() {
		if got := refusalOf(t, crowded(300_000), Options{}); got != "too_many_entries" && got != "damaged" {
			t.Errorf("a crowd: %q", got)
		}
	})
	if up > 64<<20 {
		t.Errorf("memory rose by %d MB", up>>20)
	}
	data = packed(t, "a.csv", "a\n1\n")
	end = bytes.LastIndex(data, []byte("PK\x05\x06"))
	binary.LittleEndian.PutUint16(data[end+8:], 60_000)
	binary.LittleEndian.PutUint16(data[end+10:], 60_000)
	if got := refusalOf(t, data, Options{}); got != "too_many_entries" {
		t.Errorf("more: %q", got)
	}
}

// crowded is an archive with n entries that all are the same, and a count of three.
func crowded(n int) []byte {
	local := append([]byte("PK\x03\x04"), make([]byte, 26)...)
	local[26] = 1
	local = append(local, 'a')
	entry := append([]byte("PK\x01\x02"), make([]byte, 42)...)
	entry[28] = 1
	entry = append(entry, 'a')
	end := append([]byte("PK\x05\x06"), make([]byte, 18)...)
	end[8], end[10] = 3, 3
	binary.LittleEndian.PutUint32(end[12:], uint32(n*len(entry)))
	binary.LittleEndian.PutUint32(end[16:], uint32(len(local)))
	return slices.Concat(local, bytes.Repeat(entry, n), end)
}
