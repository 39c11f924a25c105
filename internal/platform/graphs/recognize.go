package graphs

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

func isZIP(content []byte) bool { return bytes.HasPrefix(content, []byte("PK\x03\x04")) }

// pair takes the tables of nodes and ties out of a ZIP as Kumu's are.
func pair(content []byte, limits Limits) (ties, nodes []byte, err error) {
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, nil, &Refusal{Key: "graphs.damaged", Cause: err}
	}
	left := int64(limits.Bytes)
	for i, f := range z.File {
		name := strings.ToLower(path.Base(f.Name))
		var into *[]byte
		switch {
		case i >= 100:
			return nil, nil, refuse("graphs.zip", nil)
		case strings.HasPrefix(name, "connections") || strings.HasPrefix(name, "edges") || strings.HasPrefix(name, "ties"):
			into = &ties
		case strings.HasPrefix(name, "elements") || strings.HasPrefix(name, "nodes"):
			into = &nodes
		}
		if into == nil || *into != nil || !strings.HasSuffix(name, ".csv") {
			continue
		}
		in, err := f.Open()
		if err != nil {
			return nil, nil, &Refusal{Key: "graphs.damaged", Cause: err}
		}
		*into, err = io.ReadAll(io.LimitReader(in, left+1))
		if err := errors.Join(err, in.Close()); err != nil {
			return nil, nil, &Refusal{Key: "graphs.damaged", Cause: err}
		}
		if left -= int64(len(*into)); left < 0 {
			return nil, nil, refuse("graphs.too_large", map[string]any{"Most": (limits.Bytes + 999_999) / 1_000_000})
		}
	}
	if ties == nil {
		return nil, nil, refuse("graphs.zip", nil)
	}
	return ties, nodes, nil
}

// decoded is a text as UTF-8 with lines that end in \n and no byte order mark. What is no UTF-8 is Windows-1252.
func decoded(content []byte) (string, error) {
	var wide encoding.Encoding
	switch {
	case bytes.HasPrefix(content, []byte("\xff\xfe")), len(content) > 3 && content[0] != 0 && content[1] == 0 && content[3] == 0:
		wide = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(content, []byte("\xfe\xff")), len(content) > 3 && content[0] == 0 && content[1] != 0 && content[2] == 0:
		wide = unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	}
	var err error
	switch content = bytes.TrimPrefix(content, []byte("\xef\xbb\xbf")); {
	case wide != nil:
		content, err = wide.NewDecoder().Bytes(content)
	case bytes.IndexByte(content, 0) >= 0:
		return "", refuse("graphs.unknown", nil)
	case !utf8.Valid(content):
		content, err = charmap.Windows1252.NewDecoder().Bytes(content)
	}
	if err != nil {
		return "", &Refusal{Key: "graphs.damaged", Cause: err}
	}
	content = bytes.TrimPrefix(content, []byte("\ufeff"))
	content = bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n"))
	return string(bytes.ReplaceAll(content, []byte("\r"), []byte("\n"))), nil
}

// formOf tells by its beginning what a text is.
func formOf(text string, limits Limits) (string, error) {
	start := strings.TrimLeft(text, " \t\n\ufeff")
	if start == "" {
		return "", refuse("graphs.empty", nil)
	}
	switch {
	case start[0] == '<':
		return rootOf(text, limits)
	case start[0] == '{':
		return Kumu, nil
	case isDL(start):
		return UCINET, nil
	case isPajek(start):
		return Pajek, nil
	}
	return CSV, nil
}

func isDL(start string) bool {
	return len(start) > 2 && strings.EqualFold(start[:2], "dl") && strings.ContainsRune(" \t\n,=", rune(start[2]))
}

// isPajek looks at the first line that is no comment.
func isPajek(start string) bool {
	for line := range strings.Lines(start) {
		line = strings.ToLower(strings.TrimSpace(line))
		if line == "" || line[0] == '%' {
			continue
		}
		return strings.HasPrefix(line, "*network") || strings.HasPrefix(line, "*vertices")
	}
	return false
}
