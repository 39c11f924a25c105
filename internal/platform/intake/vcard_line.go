package intake

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"mime/quotedprintable"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
)

// cardLines puts together lines that were folded: by a space at the beginning of the next one, or in
// version 2.1 by an equals sign at the end.
type cardLines struct {
	in   *bufio.Reader
	most int // bytes of a line put together
	line []byte
}

// next returns the next line, valid until the call after.
func (c *cardLines) next() ([]byte, error) {
	c.line = c.line[:0]
	if err := c.append(); err != nil {
		return nil, err
	}
	for {
		quoted := bytes.HasSuffix(c.line, []byte("=")) && isQuoted(c.line)
		ahead, err := c.in.Peek(1)
		if errors.Is(err, io.EOF) {
			return c.line, nil
		}
		if err != nil {
			return nil, err
		}
		switch {
		case quoted:
			c.line = append(c.line, '\n') // the decoder joins them
		case ahead[0] == ' ' || ahead[0] == '\t':
			_, _ = c.in.Discard(1)
		default:
			return c.line, nil
		}
		if err := c.append(); err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
	}
}

// append adds the next line of the text without its end. Pictures, sounds and keys are not kept.
func (c *cardLines) append() error {
	for begun := true; ; begun = false {
		part, err := c.in.ReadSlice('\n')
		if errors.Is(err, io.EOF) && len(part) == 0 && begun {
			return io.EOF
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) && !errors.Is(err, io.EOF) {
			return err
		}
		if !isBinary(c.line) {
			if c.line = append(c.line, part...); len(c.line) > c.most {
				return longCell(0)
			}
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			c.line = bytes.TrimRight(c.line, "\r\n")
			return nil
		}
	}
}

// nameOf is the name of the property on a line, without its group, in capitals.
func nameOf(line []byte) string {
	head := line
	if at := bytes.IndexAny(line, ":;"); at >= 0 {
		head = line[:at]
	}
	if at := bytes.LastIndexByte(head, '.'); at >= 0 {
		head = head[at+1:]
	}
	return strings.ToUpper(strings.TrimSpace(string(head[:min(len(head), 100)])))
}

func isBinary(line []byte) bool {
	if !bytes.ContainsAny(line[:min(len(line), 100)], ":;") {
		return false
	}
	switch nameOf(line) {
	case "PHOTO", "LOGO", "SOUND", "KEY":
		return true
	}
	return false
}

func isQuoted(line []byte) bool {
	head, _, _ := bytes.Cut(line, []byte(":"))
	return bytes.Contains(bytes.ToUpper(head), []byte("QUOTED-PRINTABLE"))
}

// property is one line of a card.
type property struct {
	name  string
	value string // as written, but for the encoding of version 2.1
	types []string
}

func parseProperty(line []byte) (p property, ok bool) {
	at := valueAt(line)
	if at < 0 {
		return p, false
	}
	p.name, p.value = nameOf(line), string(line[at+1:])
	_, parameters, _ := strings.Cut(string(line[:at]), ";")
	charset, quoted := "", false
	for _, parameter := range strings.Split(parameters, ";") {
		key, value, named := strings.Cut(parameter, "=")
		if !named {
			key, value = "TYPE", key // version 2.1: TEL;HOME;VOICE
		}
		value = strings.Trim(value, `"`)
		switch strings.ToUpper(key) {
		case "CHARSET":
			charset = value
		case "ENCODING":
			quoted = quoted || strings.EqualFold(value, "quoted-printable")
		case "TYPE":
			for _, kind := range strings.Split(value, ",") {
				kind = strings.ToLower(strings.TrimSpace(kind))
				switch kind {
				case "quoted-printable":
					quoted = true
				case "", "pref", "internet", "voice", "x-internet", "8bit", "utf-8":
				default:
					p.types = append(p.types, kind)
				}
			}
		}
	}
	if quoted {
		p.value = unquotePrintable(p.value, charset)
	}
	return p, p.name != ""
}

// valueAt is where the colon before the value stands: the first one outside of quotation marks, or without
// such, the first one.
func valueAt(line []byte) int {
	within := false
	for i, c := range line {
		if c == '"' {
			within = !within
		} else if c == ':' && !within {
			return i
		}
	}
	return bytes.IndexByte(line, ':')
}

func unquotePrintable(s, charset string) string {
	raw, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(s)))
	if err != nil {
		return s
	}
	if charset != "" {
		if e, err := htmlindex.Get(charset); err == nil {
			if out, err := e.NewDecoder().Bytes(raw); err == nil {
				return string(out)
			}
		}
	}
	if utf8.Valid(raw) {
		return string(raw)
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(raw)
	if err != nil {
		return s
	}
	return string(out)
}
