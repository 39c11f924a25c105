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
	// bundle is how many strings are decoded at once. Cells mostly name strings in the order in which these
	// stand in the file.
	bundle      = 32
	bundlesKept = 512
	chunkSize   = 1 << 20
	maxString   = 32767 * 4 // bytes: what a cell of Excel can hold
)

// sharedStrings are the texts of a workbook that its cells refer to by number. They can be much larger than
// memory should be, and so many that a Go string for each would be too much: they lie one after another,
// each with its length, the first ones in memory and the rest in a file without a name.
type sharedStrings struct {
	count   int
	bundles []bundleAt
	chunks  [][]byte
	spill   *os.File
	name    string // of the file, where the system cannot take its name away while it is open

	lock   sync.Mutex
	recent [bundlesKept]struct {
		number int // of the bundle, counted from 1
		texts  []string
	}
}

// bundleAt is where a bundle lies.
type bundleAt struct {
	chunk int32 // -1 is the file
	size  int32
	at    int64
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
	var text, waiting []byte // the string at hand, and the bundle that is not full yet
	size, at := 0, int64(0)
	put := func() error {
		if size += len(waiting); size <= stringsInMemory {
			s.keep(waiting)
			waiting = waiting[:0]
			return nil
		}
		if out == nil {
			if err := s.open(); err != nil {
				return err
			}
			out = bufio.NewWriterSize(s.spill, 256<<10)
		}
		s.bundles = append(s.bundles, bundleAt{-1, int32(len(waiting)), at})
		at += int64(len(waiting))
		_, err := out.Write(waiting)
		waiting = waiting[:0]
		return err
	}
	for m := newMarkup(in, a.limits); ; {
		what, err := m.next()
		switch {
		case err != nil:
			return s, err
		case what == markDone:
			if err := put(); err != nil || out == nil {
				return s, err
			}
			return s, out.Flush()
		case what != markStart || string(m.name) != "si":
			continue
		}
		if text, err = richText(m, text[:0]); err != nil {
			return s, err
		}
		if len(text) > maxString {
			return s, longCell(0)
		}
		if s.count++; int64(s.count) > a.limits.Cells {
			return s, refuse("intake.too_many_cells", map[string]any{"Count": a.limits.Cells})
		}
		waiting = append(binary.AppendUvarint(waiting, uint64(len(text))), text...)
		if s.count%bundle == 0 {
			if err := put(); err != nil {
				return s, err
			}
		}
	}
}

// keep keeps a bundle in memory.
func (s *sharedStrings) keep(raw []byte) {
	last := len(s.chunks) - 1
	if last < 0 || len(s.chunks[last])+len(raw) > cap(s.chunks[last]) {
		s.chunks = append(s.chunks, make([]byte, 0, max(chunkSize, len(raw))))
		last++
	}
	s.bundles = append(s.bundles, bundleAt{int32(last), int32(len(raw)), int64(len(s.chunks[last]))})
	s.chunks[last] = append(s.chunks[last], raw...)
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
	if s == nil || i < 0 || i >= s.count {
		return "", false, nil
	}
	number := i / bundle
	s.lock.Lock()
	defer s.lock.Unlock()
	slot := &s.recent[number%bundlesKept]
	if slot.number != number+1 {
		slot.number = 0
		if slot.texts, err = s.load(s.bundles[number], slot.texts); err != nil {
			return "", false, err
		}
		slot.number = number + 1
	}
	return slot.texts[i%bundle], true, nil
}

// load decodes a bundle into texts.
func (s *sharedStrings) load(b bundleAt, texts []string) ([]string, error) {
	raw := make([]byte, b.size)
	if b.chunk >= 0 {
		copy(raw, s.chunks[b.chunk][b.at:])
	} else if s.spill == nil {
		return nil, os.ErrClosed
	} else if _, err := s.spill.ReadAt(raw, b.at); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	all := string(raw)
	texts = texts[:0]
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
