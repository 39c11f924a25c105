package materials

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"commontable/internal/platform/operation"
)

// packed is a ZIP file with these entries, name and content in turn.
func packed(t testing.TB, entries ...string) string {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for k := 0; k < len(entries); k += 2 {
		w, err := z.CreateHeader(&zip.FileHeader{Name: entries[k], Method: zip.Deflate})
		if err == nil {
			_, err = w.Write([]byte(entries[k+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// picture is the head of a picture of a size.
func picture(width, height uint32) string {
	head := append([]byte("IHDR"), binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)...)
	head = append(head, 8, 2, 0, 0, 0)
	out := binary.BigEndian.AppendUint32([]byte("\x89PNG\r\n\x1a\n"), 13)
	return string(binary.BigEndian.AppendUint32(append(out, head...), crc32.ChecksumIEEE(head)))
}

func TestFilesAreWhatTheirNamesSay(t *testing.T) {
	const types = `<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`
	document := packed(t, "[Content_Types].xml", types, "word/document.xml", "<w/>")
	many := []string{"[Content_Types].xml", types, "word/document.xml", "<w/>"}
	for range 3 {
		many = append(many, "word/media/x", strings.Repeat("\x00", 1))
	}
	const taken, macros, not, kindless, damaged, bombed = "", "errors.material_macros", "errors.material_not_what", "errors.material_kind", "errors.material_damaged", "errors.material_bomb"
	for _, c := range []struct{ name, content, want string }{
		{"a.pdf", "%PDF-1.7\n", taken},
		{"A.PDF", "%PDF-1.7\n", taken},
		{"a.pdf", "<html><script>alert(1)</script>", not},
		{"a.pdf", document, not},
		{"a.docx", document, taken},
		{"a.xlsx", document, not},
		{"a.docx", packed(t, "[Content_Types].xml", types, "word/document.xml", "<w/>", "word/vbaProject.bin", "x"), macros},
		{"a.docx", packed(t, "[Content_Types].xml", strings.ReplaceAll(types, "openxmlformats-officedocument.wordprocessingml.document.main", "ms-word.document.macroEnabled.main"), "word/document.xml", "<w/>", "word/innocent.bin", "x"), macros},
		{"a.docm", document, macros},
		{"a.doc", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "errors.material_old_office"},
		{"a.docx", packed(t, many...), damaged}, // two entries of one name
		{"a.docx", packed(t, "[Content_Types].xml", types, "word/document.xml", "<w/>", "../../etc/passwd", "x"), damaged},
		{"a.docx", packed(t, "[Content_Types].xml", types, "word/document.xml", strings.Repeat("0", 80<<20)), bombed},
		{"a.docx", "PK\x03\x04 and no more", not},
		{"a.odt", packed(t, "mimetype", odf+"text", "content.xml", "<o/>"), taken},
		{"a.ods", packed(t, "mimetype", odf+"text", "content.xml", "<o/>"), not},
		{"a.odt", packed(t, "mimetype", odf+"text", "content.xml", "<o/>", "Basic/Standard/Module1.xml", "x"), macros},
		{"a.zip", document, kindless},
		{"a.svg", "<svg onload=alert(1)>", kindless},
		{"a.html", "<p>", kindless},
		{"a.pdf.exe", "MZ", kindless},
		{"a", "text", kindless},
		{"a.png", picture(800, 600), taken},
		{"a.png", picture(60000, 60000), "errors.material_pixels"},
		{"a.png", "GIF89a", not},
		{"a.gif", "GIF89a\x10\x00\x10\x00\x00\x00\x00", taken},
		{"a.gif", "GIF89a\xff\xff\xff\xff\x00\x00\x00", "errors.material_pixels"},
		{"a.jpg", "\xff\xd8\xff\xe0", not},
		{"a.txt", "Minutes\r\n\tof the table, für alle", taken},
		{"a.txt", "r\xe9sum\xe9", taken}, // an old encoding
		{"a.txt", "\ufeff <HTML>", not},
		{"a.md", "# Agenda", taken},
		{"a.txt", "with\x00null", not},
		{"a.csv", "\xff\xfea\x00,\x00b\x00", taken},
		{"a.csv", "a,b\n1,2\n", taken},
		{"a.ics", "BEGIN:VCALENDAR\r\n", taken},
		{"a.ics", "hello", not},
		{"a.pdf", "", "errors.material_empty"},
	} {
		_, err := judge(c.name, strings.NewReader(c.content), int64(len(c.content)))
		var e *operation.Error
		got := ""
		if errors.As(err, &e) {
			got = e.Faults[0].Key
		} else if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if got != c.want {
			t.Errorf("%s %.20q: %q, want %q", c.name, c.content, got, c.want)
		}
	}
	for media, want := range map[string]bool{"application/pdf": true, "image/png": true, "text/plain": false, "text/csv": false, "image/svg+xml": false, "text/html": false, ooxml + "wordprocessingml.document": false} {
		if Inline(media) != want {
			t.Errorf("%s inline: %v", media, !want)
		}
	}
}

// A list of entries that is far longer than any honest one costs little to refuse.
func TestEndlessListsOfEntriesAreRefused(t *testing.T) {
	var entries []string
	for k := range 60_000 {
		entries = append(entries, strings.Repeat("x", 40)+string(rune('a'+k%26))+strings.Repeat("y", k%7), "")
	}
	content := packed(t, entries...)
	if _, err := judge("a.docx", strings.NewReader(content), int64(len(content))); err == nil {
		t.Error("it was taken")
	}
}

func TestSafeNames(t *testing.T) {
	for name, want := range map[string]string{
		"agenda.pdf":                      "agenda.pdf",
		"../../etc/passwd.txt":            "passwd.txt",
		`C:\Users\ana\budget.xlsx`:        "budget.xlsx",
		"a\r\nSet-Cookie: x=1.pdf":        "aSet-Cookie_ x=1.pdf",
		"invoice\u202efdp.docx":           "invoicefdp.docx",
		"\u200bcon\u200b.txt":             "_con.txt",
		"NUL.pdf":                         "_NUL.pdf",
		"aux.tar.pdf":                     "_aux.tar.pdf",
		".htaccess":                       "htaccess",
		"...":                             "file",
		"":                                "file",
		`say "hi".pdf`:                    "say _hi_.pdf",
		"résumé für Ána.pdf":              "résumé für Ána.pdf",
		"end. .pdf":                       "end.pdf",
		"x\xff\xfe.pdf":                   "x.pdf",
		strings.Repeat("é", 300) + ".pdf": strings.Repeat("é", 98) + ".pdf",
		"a." + strings.Repeat("z", 300):   "a." + strings.Repeat("z", 198),
	} {
		if got := SafeName(name); got != want {
			t.Errorf("%q became %q, want %q", name, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.String().Draw(t, "name")
		got := SafeName(name)
		if got == "" || len(got) > mostName || !utf8.ValidString(got) || strings.ContainsAny(got, "/\\\r\n\x00\"<>:|?*") || strings.HasPrefix(got, ".") || strings.HasSuffix(got, ".") || strings.HasSuffix(got, " ") {
			t.Fatalf("%q became %q", name, got)
		}
		if again := SafeName(got); again != got {
			t.Fatalf("%q became %q and then %q", name, got, again)
		}
	})
}
