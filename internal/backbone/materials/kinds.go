package materials

import (
	"bytes"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"commontable/internal/platform/operation"
)

// kind is a type of file that is taken, told by its ending and by what it holds.
type kind struct {
	endings []string
	media   string
	// inline says that a browser may show it in a closed box of ours; everything else
	// is only saved.
	inline bool
	// holds says whether content is of this kind, and names what is wrong with it
	// beside that, as a message of the catalogue.
	holds func(c content) (is bool, wrong string)
}

// content is a file to be judged.
type content struct {
	io.ReaderAt
	size int64
	head []byte // its first bytes
}

const (
	headBytes = 4096
	ooxml     = "application/vnd.openxmlformats-officedocument."
	odf       = "application/vnd.oasis.opendocument."
	// mostPixels bounds images: a few kilobytes can claim billions of pixels, and the
	// device of whoever opens them pays for it.
	mostPixels = 100_000_000
)

// kinds are all of them. SVG, HTML and whatever else can run in a browser or an office
// program are not among them, nor are archives.
var kinds = []kind{
	{[]string{".pdf"}, "application/pdf", true, begins("%PDF-")},
	{[]string{".png"}, "image/png", true, image("\x89PNG\r\n\x1a\n", func(r io.Reader) (int, int, error) { c, err := png.DecodeConfig(r); return c.Width, c.Height, err })},
	{[]string{".jpg", ".jpeg"}, "image/jpeg", true, image("\xff\xd8\xff", func(r io.Reader) (int, int, error) { c, err := jpeg.DecodeConfig(r); return c.Width, c.Height, err })},
	{[]string{".gif"}, "image/gif", true, image("GIF8", func(r io.Reader) (int, int, error) { c, err := gif.DecodeConfig(r); return c.Width, c.Height, err })},
	{[]string{".docx"}, ooxml + "wordprocessingml.document", false, office("word/document.xml")},
	{[]string{".xlsx"}, ooxml + "spreadsheetml.sheet", false, office("xl/workbook.xml")},
	{[]string{".pptx"}, ooxml + "presentationml.presentation", false, office("ppt/presentation.xml")},
	{[]string{".odt"}, odf + "text", false, openDocument(odf + "text")},
	{[]string{".ods"}, odf + "spreadsheet", false, openDocument(odf + "spreadsheet")},
	{[]string{".odp"}, odf + "presentation", false, openDocument(odf + "presentation")},
	{[]string{".csv"}, "text/csv", false, plain},
	{[]string{".ics"}, "text/calendar", false, begins("BEGIN:VCALENDAR")},
	{[]string{".txt", ".md"}, "text/plain", false, plain},
}

// Endings are the endings of file names that are taken.
func Endings() []string {
	var out []string
	for _, k := range kinds {
		out = append(out, k.endings...)
	}
	return out
}

// Inline says whether a browser may show files of a type rather than only save them.
func Inline(media string) bool {
	return slices.ContainsFunc(kinds, func(k kind) bool { return k.media == media && k.inline })
}

// ending is the last ending of a file name, in small letters.
func ending(name string) string {
	if at := strings.LastIndexByte(name, '.'); at >= 0 {
		return strings.ToLower(name[at:])
	}
	return ""
}

// macroEndings are office files that carry programs by their name already.
var macroEndings = []string{".docm", ".dotm", ".xlsm", ".xltm", ".xlsb", ".xlam", ".pptm", ".potm", ".ppsm", ".ppam", ".sldm"}

// oldEndings are the formats of office programs before 2007, of which nobody can see
// whether they carry programs.
var oldEndings = []string{".doc", ".xls", ".ppt", ".dot", ".xlt", ".pps", ".pot"}

// kindOf finds the kind of a file by its name; none is told as a fault of the file.
func kindOf(name string) (kind, error) {
	end := ending(name)
	for _, k := range kinds {
		if slices.Contains(k.endings, end) {
			return k, nil
		}
	}
	switch {
	case slices.Contains(macroEndings, end):
		return kind{}, operation.InvalidField("file", "errors.material_macros", map[string]any{"File": name})
	case slices.Contains(oldEndings, end):
		return kind{}, operation.InvalidField("file", "errors.material_old_office", map[string]any{"File": name})
	}
	return kind{}, operation.InvalidField("file", "errors.material_kind", map[string]any{"File": name})
}

// judge says whether a file is what its name says. It looks at the content, and
// never at what a browser said of it.
func judge(name string, in io.ReaderAt, size int64) (kind, error) {
	k, err := kindOf(name)
	if err != nil {
		return k, err
	}
	if size == 0 {
		return k, operation.InvalidField("file", "errors.material_empty", map[string]any{"File": name})
	}
	head := make([]byte, min(size, headBytes))
	if _, err := in.ReadAt(head, 0); err != nil && err != io.EOF {
		return k, err
	}
	is, wrong := k.holds(content{in, size, head})
	if wrong != "" {
		return k, operation.InvalidField("file", wrong, map[string]any{"File": name})
	}
	if !is {
		return k, operation.InvalidField("file", "errors.material_not_what", map[string]any{"File": name, "Ending": ending(name)})
	}
	return k, nil
}

// begins is content that begins with a mark, after a byte order mark perhaps.
func begins(mark string) func(content) (bool, string) {
	return func(c content) (bool, string) {
		return bytes.HasPrefix(bytes.TrimPrefix(c.head, []byte("\ufeff")), []byte(mark)), ""
	}
}

// image is a picture whose size is read from its head alone.
func image(mark string, dimensions func(io.Reader) (int, int, error)) func(content) (bool, string) {
	return func(c content) (bool, string) {
		if !bytes.HasPrefix(c.head, []byte(mark)) {
			return false, ""
		}
		// Photographs carry whole previews before their dimensions.
		w, h, err := dimensions(io.NewSectionReader(c, 0, min(c.size, 4<<20)))
		switch {
		case err != nil || w <= 0 || h <= 0:
			return false, ""
		case int64(w)*int64(h) > mostPixels:
			return true, "errors.material_pixels"
		}
		return true, ""
	}
}

// plain is text: no bytes that text never has. Old encodings are text too.
func plain(c content) (bool, string) {
	text := c.head
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return true, "" // UTF-16, as office programs save CSV
	}
	buffer := make([]byte, 32<<10)
	in := io.NewSectionReader(c, 0, c.size)
	for {
		n, err := in.Read(buffer)
		for _, b := range buffer[:n] {
			if b < ' ' && b != '\t' && b != '\n' && b != '\r' && b != '\f' {
				return false, ""
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return false, ""
		}
	}
	text = bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(text, []byte("\ufeff")), " \t\r\n\f"))
	for _, mark := range []string{"<!doctype", "<html", "<svg", "<script", "<?xml", "%pdf-", "{\\rtf", "#!"} {
		if bytes.HasPrefix(text, []byte(mark)) {
			return false, ""
		}
	}
	return true, ""
}

// reserved are names that Windows keeps for devices, whatever their ending.
var reserved = []string{"con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9"}

// mostName bounds a file name in bytes, with room for what file systems add.
const mostName = 200

// SafeName is a file's name as it can be saved on any system: without a path, without
// what is invisible or turns the direction of writing, and not too long. The ending
// stays.
func SafeName(name string) string {
	if at := strings.LastIndexAny(name, `/\`); at >= 0 {
		name = name[at+1:]
	}
	name = strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError, r < ' ', r >= 0x7f && r <= 0x9f, r == 0x61c, r >= 0x200b && r <= 0x200f, r >= 0x2028 && r <= 0x202f, r >= 0x2060 && r <= 0x206f, r == 0xfeff, r == 0xad,
			r >= 0xe000 && r <= 0xf8ff, r >= 0xfff0 && r <= 0xffff, r >= 0xe0000 && r <= 0xe0fff:
			return -1
		case strings.ContainsRune(`<>:"|?*`, r):
			return '_'
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	name = strings.Trim(name, " .\t")
	end := ending(name)
	if len(end) > 20 {
		end = ""
	}
	stem := strings.TrimRight(name[:len(name)-len(end)], " .")
	if first, _, _ := strings.Cut(strings.ToLower(stem), "."); slices.Contains(reserved, strings.TrimSpace(first)) {
		stem = "_" + stem
	}
	if most := mostName - len(end); len(stem) > most {
		stem = strings.TrimRight(strings.ToValidUTF8(stem[:most], ""), " .")
	}
	if stem == "" {
		stem = "file"
	}
	return stem + name[len(name)-len(end):]
}
