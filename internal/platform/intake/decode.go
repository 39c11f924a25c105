package intake

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/transform"
)

// decoded turns a text into UTF-8 without a byte order mark. Lines that are no UTF-8 are told to p, where
// the text is a mixture.
func (v verdict) decoded(in io.Reader, p *pass) io.Reader {
	in = withoutMark(in, v.wide != nil)
	switch {
	case v.wide != nil:
		return transform.NewReader(in, v.wide.NewDecoder())
	case v.whole != nil:
		return transform.NewReader(in, v.whole.NewDecoder())
	case v.single != nil:
		return &lineDecoder{verdict: v, in: in, pass: p}
	}
	return in
}

// withoutMark leaves out a byte order mark at the beginning, that of UTF-16 or that of UTF-8.
func withoutMark(in io.Reader, wide bool) io.Reader {
	head := make([]byte, 3)
	n, err := io.ReadFull(in, head)
	head = head[:n]
	if wide {
		if string(head[:min(n, 2)]) == "\xff\xfe" || string(head[:min(n, 2)]) == "\xfe\xff" {
			head = head[2:]
		}
	} else {
		head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	}
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return io.MultiReader(bytes.NewReader(head), failing{err})
	}
	return io.MultiReader(bytes.NewReader(head), in)
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// lineDecoder turns text of a single-byte encoding, or of lines in it among lines of UTF-8, into UTF-8.
type lineDecoder struct {
	verdict
	in   io.Reader
	pass *pass

	raw   []byte // read and not yet decoded
	out   []byte // decoded and not yet handed on
	given int    // how much of out was handed on
	lines int64  // begun before raw
	err   error
}

// longLine is how much of a line without an end is judged at once, in bytes.
const longLine = 64 << 10

func (d *lineDecoder) Read(p []byte) (int, error) {
	for d.given == len(d.out) {
		if len(d.raw) == 0 && d.err != nil {
			return 0, d.err
		}
		d.more()
	}
	n := copy(p, d.out[d.given:])
	d.given += n
	return n, nil
}

// more decodes the lines that are there, and reads on when there is no whole one.
func (d *lineDecoder) more() {
	d.out, d.given = d.out[:0], 0
	if d.err == nil && len(d.raw) < longLine {
		have := len(d.raw)
		d.raw = append(d.raw, make([]byte, longLine)...)
		n, err := d.in.Read(d.raw[have:])
		d.raw, d.err = d.raw[:have+n], err
	}
	rest := d.raw
	for len(rest) > 0 {
		end := bytes.IndexByte(rest, '\n') + 1
		if end == 0 {
			end = bytes.IndexByte(rest[:max(0, len(rest)-1)], '\r') + 1
		}
		if end == 0 {
			if d.err == nil && len(rest) < longLine {
				break
			}
			end = len(rest)
			for cut := 1; d.err == nil && cut < utf8.UTFMax && cut < end; cut++ { // not within a character
				if rest[end-cut] >= 0xc0 {
					end -= cut
					break
				}
			}
		}
		d.decode(rest[:end])
		rest = rest[end:]
	}
	d.raw = d.raw[:copy(d.raw, rest)]
}

func (d *lineDecoder) decode(line []byte) {
	d.lines++
	if !d.strict && utf8.Valid(line) {
		if d.mixed && !d.mainly && !isASCII(line) {
			d.pass.notice("intake.mixed_encodings", d.lines)
		}
		d.out = append(d.out, line...)
		return
	}
	if d.mixed && d.mainly {
		d.pass.notice("intake.mixed_encodings", d.lines)
	}
	for _, c := range line {
		if c < utf8.RuneSelf {
			d.out = append(d.out, c)
			continue
		}
		r := d.single.DecodeByte(c)
		if r == utf8.RuneError && c < 0xa0 {
			continue // undefined, and nobody's letter
		}
		d.out = utf8.AppendRune(d.out, r)
	}
}

func isASCII(line []byte) bool {
	for _, c := range line {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
