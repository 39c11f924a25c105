package intake

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf16"
)

// What sniff tells apart besides the keys of refusals; "" is text.
const (
	kindZIP = "zip"
	kindOLE = "ole"
)

// magics are how files of other kinds begin, and why they are refused.
var magics = []struct{ start, kind string }{
	{"PK\x03\x04", kindZIP},
	{"PK\x05\x06", kindZIP},
	{"PK\x07\x08", kindZIP},
	{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", kindOLE},
	{"%PDF-", "intake.pdf"},
	{"\x89PNG\r\n", "intake.picture"},
	{"\xff\xd8\xff", "intake.picture"},
	{"GIF87a", "intake.picture"},
	{"GIF89a", "intake.picture"},
	{"II*\x00", "intake.picture"},
	{"MM\x00*", "intake.picture"},
	{"\x1f\x8b", "intake.other_archive"},
	{"7z\xbc\xaf\x27\x1c", "intake.other_archive"},
	{"Rar!\x1a\x07", "intake.other_archive"},
	{"\xfd7zXZ\x00", "intake.other_archive"},
	{"\x28\xb5\x2f\xfd", "intake.other_archive"},
	{"BZh", "intake.other_archive"},
	{"{\\rtf", "intake.document"},
	{"\x09\x08\x10\x00\x00\x06", "intake.old_excel"}, // Excel 5 without a container
	{"\x09\x08\x08\x00", "intake.old_excel"},
	{"\x09\x04\x06\x00", "intake.old_excel"},
	{"SQLite format 3\x00", "intake.unknown"},
	{"PAR1", "intake.unknown"},
}

// sniff tells by its first bytes what a file is: kindZIP, kindOLE, the key of a refusal, or "" for what is
// text as far as can be seen.
func sniff(head []byte) string {
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.start)) {
			return m.kind
		}
	}
	if len(head) > 12 && (string(head[4:8]) == "ftyp" || string(head[:4]) == "RIFF") {
		return "intake.picture" // HEIC, AVIF, WebP, films
	}
	return ""
}

// sniffText tells by the first characters of a text which kind of text it is: the key of a refusal, JSON,
// VCard, ICalendar, or "" for rows of cells.
func sniffText(head string) string {
	start := bytes.TrimLeft([]byte(head), " \t\r\n\ufeff")
	upper := bytes.ToUpper(start[:min(len(start), 64)])
	switch {
	case len(start) == 0:
		return ""
	case bytes.HasPrefix(upper, []byte("BEGIN:VCARD")):
		return VCard
	case bytes.HasPrefix(upper, []byte("BEGIN:VCALENDAR")):
		return ICalendar
	case bytes.HasPrefix(upper, []byte("<!DOCTYPE")), bytes.HasPrefix(upper, []byte("<HTML")), bytes.HasPrefix(upper, []byte("<TABLE")),
		bytes.HasPrefix(upper, []byte("<HEAD")), bytes.HasPrefix(upper, []byte("<META")), bytes.HasPrefix(upper, []byte("<?XML")):
		return "intake.web_page"
	case start[0] == '{', start[0] == '[':
		if looksLikeJSON(start) {
			return JSON
		}
	}
	return ""
}

// looksLikeJSON reports whether text that begins with a bracket goes on as JSON does, and not as a cell
// such as "[none]" or "{draft}".
func looksLikeJSON(start []byte) bool {
	rest := bytes.TrimLeft(start[1:], " \t\r\n")
	if len(rest) == 0 {
		return true
	}
	switch rest[0] {
	case '"', '}':
		return true
	case '{', '[', ']':
		return start[0] == '['
	}
	return start[0] == '[' && (rest[0] == '-' || rest[0] >= '0' && rest[0] <= '9')
}

// refuseOLE says which of the old Microsoft files a container is. The names of its parts are written in
// UTF-16 in a directory that can lie anywhere, mostly near one of the ends.
func refuseOLE(b *blocks) error {
	const reach = 1 << 20
	var seen []byte
	for _, from := range []int64{0, max(0, b.size-reach)} {
		part := make([]byte, min(reach, b.size-from))
		if _, err := b.ReadAt(part, from); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		seen = append(seen, part...)
	}
	for _, m := range []struct{ name, key string }{
		{"EncryptedPackage", "intake.password"},
		{"Workbook", "intake.old_excel"},
		{"Book", "intake.old_excel"},
		{"WordDocument", "intake.document"},
		{"PowerPoint Document", "intake.document"},
	} {
		if bytes.Contains(seen, wide(m.name)) {
			return refuse(m.key, nil)
		}
	}
	return refuse("intake.unknown", nil)
}

// wide is s in UTF-16, little end first.
func wide(s string) []byte {
	var out []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		out = binary.LittleEndian.AppendUint16(out, unit)
	}
	return out
}
