package intake

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"
)

// rise runs f and returns by how many bytes the memory taken from the system for the heap rose meanwhile,
// at its highest. It counts garbage that was not collected yet too, as the server's memory does.
func rise(f func()) int64 {
	debug.FreeOSMemory()
	held := func() int64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapSys - m.HeapReleased)
	}
	before := held()
	stop, most := make(chan struct{}), make(chan int64)
	go func() {
		highest := before
		for {
			select {
			case <-stop:
				most <- max(highest, held())
				return
			case <-time.After(2 * time.Millisecond):
				highest = max(highest, held())
			}
		}
	}()
	f()
	close(stop)
	return <-most - before
}

// generated is a file of which every piece is made when it is read: begin, then middle over and over, then
// end. It has size bytes.
type generated struct {
	begin, middle, end string
	size               int64
}

func (g generated) ReadAt(p []byte, offset int64) (int, error) {
	n := 0
	for n < len(p) {
		at := offset + int64(n)
		switch {
		case at >= g.size:
			return n, io.EOF
		case at < int64(len(g.begin)):
			n += copy(p[n:], g.begin[at:])
		case at >= g.size-int64(len(g.end)):
			n += copy(p[n:], g.end[at-(g.size-int64(len(g.end))):])
		default:
			room := min(int64(len(p)-n), g.size-int64(len(g.end))-at)
			n += copy(p[n:n+int(room)], g.middle[(at-int64(len(g.begin)))%int64(len(g.middle)):])
		}
	}
	return n, nil
}

// readAll opens a file, reads all its tables and returns how many rows it gave and what it was refused for.
func readAll(t *testing.T, src io.ReaderAt, size int64, o Options) (rows int, refused string) {
	t.Helper()
	f, err := Open(context.Background(), src, size, o)
	if err == nil {
		defer f.Close()
		for _, table := range f.Tables {
			for _, err = range table.Rows(context.Background()) {
				if err != nil {
					break
				}
				rows++
			}
		}
	}
	var refusal *Refusal
	if errors.As(err, &refusal) {
		return rows, strings.TrimPrefix(refusal.Key, "intake.")
	}
	if err != nil {
		t.Errorf("no refusal: %v", err)
	}
	return rows, ""
}

// stretch is a text that goes on: begin, then n times middle, then end.
type stretch struct {
	begin, middle string
	n             int
	end           string
}

func says(s string) stretch { return stretch{begin: s} }

// packInto adds the text to an archive. The middle is packed once and repeated packed, so that a bomb is
// made in no time.
func (s stretch) packInto(t *testing.T, w *zip.Writer, name string) {
	t.Helper()
	const times = 10_000
	var packedOnce bytes.Buffer
	block := strings.Repeat(s.middle, times)
	press := func(text string, last bool) []byte {
		packedOnce.Reset()
		f, err := flate.NewWriter(&packedOnce, flate.BestCompression)
		if err == nil {
			_, err = io.WriteString(f, text)
		}
		if err == nil && last {
			err = f.Close()
		} else if err == nil {
			err = f.Flush()
		}
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Clone(packedOnce.Bytes())
	}
	first, middle, last := press(s.begin, false), press(block, false), press(strings.Repeat(s.middle, s.n%times)+s.end, true)
	sum := crc32.ChecksumIEEE([]byte(s.begin))
	for range s.n / times {
		sum = crc32.Update(sum, crc32.IEEETable, []byte(block))
	}
	sum = crc32.Update(sum, crc32.IEEETable, []byte(strings.Repeat(s.middle, s.n%times)+s.end))
	entry, err := w.CreateRaw(&zip.FileHeader{
		Name: name, Method: zip.Deflate, CRC32: sum,
		CompressedSize64:   uint64(len(first) + s.n/times*len(middle) + len(last)),
		UncompressedSize64: uint64(len(s.begin) + s.n*len(s.middle) + len(s.end)),
	})
	if err != nil {
		t.Fatal(err)
	}
	_, _ = entry.Write(first) // the archive in memory does not fail
	for range s.n / times {
		_, _ = entry.Write(middle)
	}
	_, _ = entry.Write(last)
}

// pressed is an archive of such texts.
func pressed(t *testing.T, parts map[string]stretch) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, part := range parts {
		part.packInto(t, w, name)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// bookOf are the parts of a workbook of one sheet.
func bookOf(sheet, texts stretch) map[string]stretch {
	return map[string]stretch{
		"[Content_Types].xml": says("<Types/>"), "_rels/.rels": says(rootRelations), "xl/_rels/workbook.xml.rels": says(bookRelations), "xl/workbook.xml": says(book),
		"xl/sharedStrings.xml": texts, "xl/styles.xml": says("<styleSheet/>"), "xl/worksheets/sheet1.xml": sheet,
	}
}

const head = `<worksheet><sheetData><row><c t="str"><v>a</v></c><c t="str"><v>b</v></c></row>`

// ods are the parts of an OpenDocument spreadsheet.
func ods(content stretch) map[string]stretch {
	return map[string]stretch{"mimetype": says("application/vnd.oasis.opendocument.spreadsheet"), "content.xml": content}
}

// Whatever is made to fill the memory does not: ASVS 5.2.3.
func TestBombs(t *testing.T) {
	const most = 64 << 20
	random := strings.Repeat("x", 100)
	for _, c := range []struct {
		name   string
		data   []byte
		want   string
		limits Limits
	}{
		{"a sheet of nothing", pressed(t, bookOf(stretch{head, " ", 300_000_000, "</sheetData></worksheet>"}, says("<sst/>"))), "bomb", Limits{}},
		{"a cell of a single letter", pressed(t, bookOf(stretch{head + "<row><c t=\"str\"><v>", "a", 300_000_000, "</v></c></row></sheetData></worksheet>"}, says("<sst/>"))), "bomb", Limits{}},
		{"a long attribute", pressed(t, bookOf(stretch{head + "<row><c t=\"", "a", 30_000_000, "\"/></row></sheetData></worksheet>"}, says("<sst/>"))), "bomb", Limits{}},
		{"many elements inside each other", pressed(t, bookOf(stretch{head, "<row>", 3_000_000, ""}, says("<sst/>"))), "damaged", Limits{}},
		{"a million cells in the last column", pressed(t, bookOf(stretch{head, `<row><c r="XFD1048576"><v>1</v></c></row>`, 200_000, "</sheetData></worksheet>"}, says("<sst/>"))), "too_many_columns", Limits{}},
		{"shared strings", pressed(t, bookOf(says(head+"</sheetData></worksheet>"), stretch{"<sst>", "<si><t>a</t></si>", 10_000_000 / share, "</sst>"})), "header_only", Limits{Ratio: 2000}},
		{"a long shared string", pressed(t, bookOf(says(head+"</sheetData></worksheet>"), stretch{"<sst><si><t>", random, 2_000_000, "</t></si></sst>"})), "bomb", Limits{}},
		{"relations", pressed(t, map[string]stretch{"[Content_Types].xml": says("<Types/>"), "_rels/.rels": stretch{"<r>", `<Relationship Id="1" Type="x" Target="y"/>`, 3_000_000, "</r>"}}), "bomb", Limits{}},
		{"a CSV of zeros", pressed(t, map[string]stretch{"a.csv": stretch{"a,b\n", "0,0\n", 60_000_000, ""}}), "bomb", Limits{}},
		{"repeated rows and cells", pressed(t, ods(says(`<d><table name="a"><table-row number-rows-repeated="1048576"><table-cell number-columns-repeated="16384"><p>x</p></table-cell></table-row></table></d>`))), "too_many_columns", Limits{}},
		{"repeated rows", pressed(t, ods(says(`<d><table name="a"><table-row><table-cell><p>h</p></table-cell></table-row><table-row number-rows-repeated="1048576"><table-cell number-columns-repeated="4000"><p>x</p></table-cell></table-row></table></d>`))), "too_many_cells", Limits{}},
		{"repeated spaces", pressed(t, ods(stretch{`<d><table name="a"><table-row><table-cell><p>`, `<s c="1000000000"/>`, 100_000, "</p></table-cell></table-row></table></d>"})), "cell_too_long_somewhere", Limits{}},
		{"JSON inside JSON", []byte(`[{"a":` + strings.Repeat("[", 5_000_000)), "json_broken", Limits{}},
	} {
		got := ""
		up := rise(func() { _, got = readAll(t, bytes.NewReader(c.data), int64(len(c.data)), Options{Limits: c.limits}) })
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if up > most {
			t.Errorf("%s: memory rose by %d MB", c.name, up>>20)
		}
		t.Logf("%s (%d kB): %q, memory rose by %.1f MB", c.name, len(c.data)>>10, got, float64(up)/(1<<20))
	}
}

// The same for what is as large as it may be and not packed.
func TestLargeTextsThatAreNoTables(t *testing.T) {
	const most, size = 64 << 20, 100_000_000 / share
	for _, c := range []struct {
		name string
		g    generated
		want string
	}{
		{"one line", generated{"a,b\n", "x", "", size}, "cell_too_long"},
		{"one row of commas", generated{"a,b\n", "x,", "", size}, "cell_too_long"},
		{"a mark that is never closed", generated{"a,b\n\"", "x,y\n", "", 8_000_000}, "too_many_rows"},
		{"a mark on every line", generated{"a,b\n", "\"x,y\n", "", 8_000_000}, "too_many_rows"},
		{"one long text in JSON", generated{`[{"a":"`, "x", `"}]`, size}, "cell_too_long_somewhere"},
		{"one long record in JSON", generated{`[{`, `"a":1,`, `"b":1}]`, size}, "cell_too_long_somewhere"},
		{"a million keys in JSON", generated{`{`, `"a":{`, "", size}, "too_deep"},
		{"one long card", generated{"BEGIN:VCARD\nNOTE:", "x", "\nEND:VCARD\n", size}, "cell_too_long_somewhere"},
		{"a card of many lines", generated{"BEGIN:VCARD\n", "NOTE:\n", "END:VCARD\n", size}, "too_many_columns"},
	} {
		got := ""
		up := rise(func() { _, got = readAll(t, c.g, c.g.size, Options{}) })
		if got != c.want || up > most {
			t.Errorf("%s: %q, want %q; memory rose by %d MB", c.name, got, c.want, up>>20)
		}
		t.Logf("%s: %q, memory rose by %.1f MB", c.name, got, float64(up)/(1<<20))
	}
}

// Files as large as is allowed are read without holding them.
func TestLargeFilesStream(t *testing.T) {
	const most, size = 100 << 20, 200_000_000 / share
	before := temporary(t)
	row := "12345,Given Name,\"Fámily, Name\",person@example.org,612-555-0123,Riverbend Family Services of the whole region,Director of Programs,123 Main Street North Apartment 4,Riverbend,55401,2026-11-05,12.5," + strings.Repeat("n", 60) + "\n"
	rows := 0
	up := rise(func() {
		rows, _ = readAll(t, generated{"a,b,c,d,e,f,g,h,i,j,k,l,m\n", row, "", size}, size, Options{})
	})
	t.Logf("CSV: %d rows, memory rose by %.1f MB", rows, float64(up)/(1<<20))
	if rows < size/len(row)-1 || up > most {
		t.Errorf("CSV: %d rows, memory rose by %d MB", rows, up>>20)
	}

	// A workbook of 200 MB whose entries are stored as they are, a third of it in strings that differ.
	name := filepath.Join(t.TempDir(), "large.xlsx")
	written := largeBook(t, name, size)
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() < size*9/10 || info.Size() > size {
		t.Fatalf("the workbook has %d bytes", info.Size())
	}
	up = rise(func() { rows = readLargeBook(t, file, info.Size(), written) })
	t.Logf("XLSX: %d rows, memory rose by %.1f MB", rows, float64(up)/(1<<20))
	if rows != written || up > most {
		t.Errorf("XLSX: %d rows of %d, memory rose by %d MB", rows, written, up>>20)
	}
	if after := temporary(t); after != before {
		t.Errorf("temporary files: %d before, %d after", before, after)
	}
}

// readLargeBook reads what largeBook wrote, compares the texts of some rows and returns how many there are.
func readLargeBook(t *testing.T, src io.ReaderAt, size int64, written int) (rows int) {
	t.Helper()
	f, err := Open(context.Background(), src, size, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for row, err := range f.Tables[0].Rows(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		if rows%997 == 0 {
			for i, number := range []int{rows * 2, written*2 - 1 - rows*2} {
				if want := largeText(number); row.Cells[i] != want {
					t.Fatalf("row %d: %q, want %q", row.Number, row.Cells[i], want)
				}
			}
		}
		rows++
	}
	return rows
}

func largeText(i int) string {
	return fmt.Sprintf("%x %d Riverbend Family Services", crc32.ChecksumIEEE([]byte(fmt.Sprint(i))), i)
}

// temporary counts the files that intake has put aside.
func temporary(t *testing.T) int {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(os.TempDir(), "commontable-intake-*"))
	if err != nil {
		t.Fatal(err)
	}
	return len(found)
}

// largeBook writes a workbook of about size bytes and returns how many rows it has below the header.
func largeBook(t *testing.T, name string, size int) (rows int) {
	t.Helper()
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	w := zip.NewWriter(file)
	stored := func(name string, write func(io.Writer)) {
		entry, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		write(entry)
	}
	rows = size / 257
	parts := bookOf(says(""), says(""))
	delete(parts, "xl/worksheets/sheet1.xml")
	delete(parts, "xl/sharedStrings.xml")
	for name, part := range parts {
		stored(name, func(out io.Writer) { _, _ = io.WriteString(out, part.begin) })
	}
	stored("xl/worksheets/sheet1.xml", func(out io.Writer) {
		_, _ = io.WriteString(out, `<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>Text</v></c><c r="B1" t="str"><v>Other</v></c><c r="C1" t="str"><v>n</v></c></row>`)
		for i := range rows {
			_, _ = fmt.Fprintf(out, `<row r="%d" spans="1:3"><c r="A%d" t="s"><v>%d</v></c><c r="B%d" t="s"><v>%d</v></c><c r="C%d"><v>%d</v></c></row>`, i+2, i+2, i*2, i+2, rows*2-1-i*2, i+2, i)
		}
		_, _ = io.WriteString(out, "</sheetData></worksheet>")
	})
	stored("xl/sharedStrings.xml", func(out io.Writer) {
		_, _ = io.WriteString(out, "<sst>")
		for i := range rows * 2 {
			_, _ = fmt.Fprintf(out, "<si><t>%s</t></si>", largeText(i))
		}
		_, _ = io.WriteString(out, "</sst>")
	})
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return rows
}
