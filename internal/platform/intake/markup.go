package intake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// The things of which XML is made, as markup yields them.
type mark int

const (
	markEnd   mark = iota // of an element
	markStart             // of an element
	markText
	markDone // of the document
)

// markup reads XML as workbooks use it, and nothing beyond: UTF-8, the five entities XML itself knows, no
// DOCTYPE. It is ours because encoding/xml keeps a text of any length whole in memory, and makes several
// objects of every cell.
type markup struct {
	in     io.Reader
	buffer []byte
	at     int // of what is to be read next
	ended  bool
	most   int // bytes of one text or tag
	depth  int // elements inside each other

	open    []byte // the names of the elements that are open, one after another
	opened  []int  // where each begins in open
	single  bool   // the element that just began is an empty one
	name    []byte // of the element that began or ended, without the prefix
	rawAttr []byte // the attributes of the element that began, as they stand there
	text    []byte // with entities resolved
	scratch []byte
}

var (
	errDoctype   = &Refusal{Key: "intake.damaged", Cause: errors.New("the XML has a DOCTYPE")}
	errTruncated = damaged(io.ErrUnexpectedEOF)
)

func newMarkup(in io.Reader, l Limits) *markup {
	// A text may be written in entities, six times as long as what it says.
	return &markup{in: in, most: int(6*l.CellBytes) + 4096, depth: int(l.Depth), buffer: make([]byte, 0, 64<<10)}
}

func malformed(format string, args ...any) error { return damaged(fmt.Errorf("XML: "+format, args...)) }

// next moves on to the next thing. name and rawAttr, or text, are valid until the next call.
func (m *markup) next() (mark, error) {
	if m.single {
		m.single = false
		m.pop()
		return markEnd, nil
	}
	for {
		if err := m.have(1); err != nil {
			if errors.Is(err, io.EOF) {
				if len(m.opened) > 0 {
					return markDone, errTruncated
				}
				return markDone, nil
			}
			return markDone, err
		}
		if m.buffer[m.at] != '<' {
			raw, err := m.until("<", true)
			if err != nil {
				return markDone, err
			}
			if len(m.opened) == 0 {
				if len(bytes.TrimSpace(bytes.TrimPrefix(raw, []byte("\ufeff")))) > 0 {
					return markDone, malformed("text outside of the document")
				}
				continue
			}
			m.text, err = m.resolve(raw)
			return markText, err
		}
		if err := m.have(4); err != nil && !errors.Is(err, io.EOF) {
			return markDone, err
		}
		rest := m.buffer[m.at:]
		switch {
		case bytes.HasPrefix(rest, []byte("<?")):
			raw, err := m.between("<?", "?>")
			if err != nil {
				return markDone, err
			}
			if encoding := attribute(raw, "encoding"); bytes.HasPrefix(raw, []byte("xml ")) && encoding != nil && !bytes.EqualFold(encoding, []byte("utf-8")) && !bytes.EqualFold(encoding, []byte("us-ascii")) {
				return markDone, malformed("encoding %q", encoding)
			}
		case bytes.HasPrefix(rest, []byte("<!--")):
			if _, err := m.between("<!--", "-->"); err != nil {
				return markDone, err
			}
		case bytes.HasPrefix(rest, []byte("<![C")):
			raw, err := m.between("<![CDATA[", "]]>")
			if err != nil {
				return markDone, err
			}
			if len(m.opened) == 0 {
				return markDone, malformed("text outside of the document")
			}
			m.text = raw
			return markText, nil
		case bytes.HasPrefix(rest, []byte("<!")):
			return markDone, errDoctype
		case bytes.HasPrefix(rest, []byte("</")):
			raw, err := m.between("</", ">")
			if err != nil {
				return markDone, err
			}
			return markEnd, m.end(bytes.TrimRight(raw, " \t\r\n"))
		default:
			return markStart, m.start()
		}
	}
}

// have makes sure that n bytes are in the buffer from at on, or fails with io.EOF.
func (m *markup) have(n int) error {
	for len(m.buffer)-m.at < n {
		if m.ended {
			return io.EOF
		}
		if m.at > 0 {
			m.buffer = m.buffer[:copy(m.buffer, m.buffer[m.at:])]
			m.at = 0
		}
		if len(m.buffer) == cap(m.buffer) {
			m.buffer = append(make([]byte, 0, 2*cap(m.buffer)), m.buffer...)
		}
		k, err := m.in.Read(m.buffer[len(m.buffer):cap(m.buffer)])
		m.buffer = m.buffer[:len(m.buffer)+k]
		if errors.Is(err, io.EOF) {
			m.ended = true
		} else if err != nil {
			return err
		}
	}
	return nil
}

// until takes everything up to mark, which stays; atEnd lets the end of the document do as well.
func (m *markup) until(mark string, atEnd bool) ([]byte, error) {
	looked := 0
	for {
		rest := m.buffer[m.at:]
		if at := bytes.Index(rest[looked:], []byte(mark)); at >= 0 {
			m.at += looked + at
			return rest[:looked+at], nil
		}
		if looked = max(0, len(rest)-len(mark)+1); looked > m.most {
			return nil, longCell(0)
		}
		if err := m.have(len(rest) + 1); errors.Is(err, io.EOF) {
			if atEnd {
				m.at = len(m.buffer)
				return m.buffer[len(m.buffer)-len(rest):], nil
			}
			return nil, errTruncated
		} else if err != nil {
			return nil, err
		}
	}
}

// between takes what stands between two marks and both of them.
func (m *markup) between(begin, end string) ([]byte, error) {
	if err := m.have(len(begin)); err != nil {
		return nil, errTruncated
	}
	if !bytes.HasPrefix(m.buffer[m.at:], []byte(begin)) {
		return nil, malformed("a tag that is none")
	}
	m.at += len(begin)
	raw, err := m.until(end, false)
	m.at += len(end)
	return raw, err
}

// start reads a start tag. A > may stand in the value of an attribute.
func (m *markup) start() error {
	m.at++
	quote := byte(0)
	i := 0
	for {
		if err := m.have(i + 1); errors.Is(err, io.EOF) {
			return errTruncated
		} else if err != nil {
			return err
		}
		rest := m.buffer[m.at:]
		for ; i < len(rest); i++ {
			switch c := rest[i]; {
			case quote != 0 && c == quote:
				quote = 0
			case quote != 0 && c == '<':
				return malformed("a < in an attribute")
			case quote != 0:
			case c == '"' || c == '\'':
				quote = c
			case c == '<':
				return malformed("a < in a tag")
			case c == '>':
				tag := rest[:i]
				m.at += i + 1
				return m.begin(tag)
			}
		}
		if i > m.most {
			return longCell(0)
		}
	}
}

func (m *markup) begin(tag []byte) error {
	if m.single = len(tag) > 0 && tag[len(tag)-1] == '/'; m.single {
		tag = tag[:len(tag)-1]
	}
	full := tag
	m.rawAttr = nil
	if at := bytes.IndexAny(tag, " \t\r\n"); at >= 0 {
		full, m.rawAttr = tag[:at], tag[at:]
	}
	if len(full) == 0 {
		return malformed("a tag without a name")
	}
	if len(m.opened) >= m.depth {
		return damaged(errors.New("XML: too many elements inside each other"))
	}
	m.opened = append(m.opened, len(m.open))
	m.open = append(m.open, full...)
	m.name = local(full)
	return nil
}

func (m *markup) end(full []byte) error {
	if len(m.opened) == 0 || !bytes.Equal(m.open[m.opened[len(m.opened)-1]:], full) {
		return malformed("an end tag without its beginning")
	}
	m.pop()
	return nil
}

// pop closes the innermost element; its name stays readable.
func (m *markup) pop() {
	last := len(m.opened) - 1
	m.name = local(m.open[m.opened[last]:])
	m.open = m.open[:m.opened[last]]
	m.opened = m.opened[:last]
}

// skip leaves out the rest of the element that just began.
func (m *markup) skip() error {
	for depth := len(m.opened); len(m.opened) >= depth; {
		if _, err := m.next(); err != nil {
			return err
		}
	}
	return nil
}

// within reports whether the element that just began lies in one of that name.
func (m *markup) within(name string) bool {
	for i := range len(m.opened) - 1 {
		if string(local(m.open[m.opened[i]:m.opened[i+1]])) == name {
			return true
		}
	}
	return false
}
