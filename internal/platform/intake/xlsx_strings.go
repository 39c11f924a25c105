package intake

import (
	"archive/zip"
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"sync"
)

const (
	// stringsInMemory is how many bytes of shared strings stay in memory; the rest goes to a temporary file.
	stringsInMemory = 16 << 20
	// bundle is how many strings are read back from the file at once. Cells mostly name strings in the
	// order in which these stand in the file.
	bundle      = 64
	bundlesKept = 256
	maxString   = 32767 * 4 // bytes: what a cell of Excel can hold
)

// sharedStrings are the texts of a workbook that its cells refer to by number. They can be much larger than
// memory should be: the first ones are kept, the rest is written to a file without a name.
type sharedStrings struct {
	kept   []string
	spill  *os.File
	name   string  // of the file, where the system cannot take its name away while it is open
	begins []int64 // where in the file each bundle begins
	count  int     // of all strings

	lock   sync.Mutex
	recent [bundlesKept]struct {
		number int // of the bundle, counted from 1
		texts  []string
	}
}

// readStrings reads the shared strings. They are closed by whoever gets them, an error or not.
func readStrings(ctx context.Context, a *archive, file *zip.File) (s *sharedStrings, err error) {
	in, err := a.reader(ctx, file)
	if err != nil {
		return nil, err
	}
	defer closeInto(in, &err)
	s = &sharedStrings{}
	var out *bufio.Writer
	size, at := 0, int64(0)
	text := []byte{}
	m := newMarkup(in, a.limits)
	for {
		what, err := m.next()
		switch {
		case err != nil:
			return s, err
		case what == markDone:
			if out != nil {
				s.begins = append(s.begins, at)
				return s, out.Flush()
			}
			return s, nil
		case what != markStart || string(m.name) != "si":
			continue
		}
		if text, err = richText(m, text[:0]); err != nil {
			return s, err
		}
		if len(text) > maxString {
			return s, longCell(0)
		}
		if s.count++; out == nil {
			// A string weighs more than its letters.
			if size += len(text) + 16; size <= stringsInMemory || len(s.kept)%bundle != 0 {
				s.kept = append(s.kept, string(text))
				continue
			}
			if err := s.open(); err != nil {
				return s, err
			}
			out = bufio.NewWriterSize(s.spill, 256<<10)
		}
		if (s.count-1)%bundle == 0 {
			s.begins = append(s.begins, at)
		}
		length := binary.AppendUvarint(nil, uint64(len(text)))
		_, _ = out.Write(length) // the buffer keeps the error
		if _, err := out.Write(text); err != nil {
			return s, err
		}
		at += int64(len(length) + len(text))
	}
}

// open makes the file. Where the system allows it, its name is removed at once, so that nothing is left
// behind even if the program is killed.
func (s *sharedStrings) open() (err error) {
	if s.spill, err = os.CreateTemp("", "commontable-intake-*"); err != nil {
		return err
	}
	if os.Remove(s.spill.Name()) != nil {
		s.name = s.spill.Name()
	}
	return nil
}

// Close removes the file.
func (s *sharedStrings) Close() error {
	if s.spill == nil {
		return nil
	}
	err := s.spill.Close()
	if s.name != "" {
		err = errors.Join(err, os.Remove(s.name))
	}
	s.spill, s.name = nil, ""
	return err
}

// at is the string numbered i from 0; ok is false when there is none.
func (s *sharedStrings) at(i int) (text string, ok bool, err error) {
	switch {
	case s == nil || i < 0 || i >= s.count:
		return "", false, nil
	case i < len(s.kept):
		return s.kept[i], true, nil
	}
	i -= len(s.kept)
	number := i / bundle
	s.lock.Lock()
	defer s.lock.Unlock()
	slot := &s.recent[number%bundlesKept]
	if slot.number != number+1 {
		if slot.texts, err = s.load(number); err != nil {
			slot.number = 0
			return "", false, err
		}
		slot.number = number + 1
	}
	if i%bundle >= len(slot.texts) {
		return "", false, nil
	}
	return slot.texts[i%bundle], true, nil
}

func (s *sharedStrings) load(number int) ([]string, error) {
	raw := make([]byte, s.begins[number+1]-s.begins[number])
	if _, err := s.spill.ReadAt(raw, s.begins[number]); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	all := string(raw)
	texts := make([]string, 0, bundle)
	for from := 0; from < len(raw); {
		length, n := binary.Uvarint(raw[from:])
		from += n
		texts = append(texts, all[from:from+int(length)])
		from += int(length)
	}
	return texts, nil
}

// richText adds the text of the element that just began, a shared string or an inline one, to out and
// leaves the element. How it is pronounced is left out, how it looks too.
func richText(m *markup, out []byte) ([]byte, error) {
	for depth, within := len(m.opened), 0; len(m.opened) >= depth; {
		what, err := m.next()
		if err != nil {
			return out, err
		}
		switch {
		case what == markStart && (string(m.name) == "rPh" || string(m.name) == "rPr"):
			if err := m.skip(); err != nil {
				return out, err
			}
		case what == markStart && string(m.name) == "t":
			within = len(m.opened)
		case what == markText && within > 0 && len(m.opened) == within:
			if out = append(out, m.text...); len(out) > m.most {
				return out, longCell(0)
			}
		}
	}
	return unescaped(out), nil
}

// unescaped resolves what Excel writes for characters that XML cannot hold: _x000D_ for a carriage return,
// and _x005F_ for the underscore of a text that looks so by itself.
func unescaped(text []byte) []byte {
	out := text[:0]
	for i := 0; i < len(text); i++ {
		if text[i] == '_' && i+6 < len(text) && text[i+1] == 'x' && text[i+6] == '_' {
			if n, ok := hex4(text[i+2 : i+6]); ok {
				// Seven bytes become at most three, so out stays behind i.
				out = append(out, string(rune(n))...)
				i += 6
				continue
			}
		}
		out = append(out, text[i])
	}
	return out
}

func hex4(digits []byte) (n int, ok bool) {
	for _, c := range digits {
		switch {
		case c >= '0' && c <= '9':
			n = n<<4 + int(c-'0')
		case c >= 'A' && c <= 'F':
			n = n<<4 + int(c-'A') + 10
		case c >= 'a' && c <= 'f':
			n = n<<4 + int(c-'a') + 10
		default:
			return 0, false
		}
	}
	return n, true
}
