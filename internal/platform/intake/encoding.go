package intake

import (
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

// evidence is what the bytes of a whole text say about its encoding and its lines.
type evidence struct {
	size      int64
	mark      string // the byte order mark: "", "utf-8", "utf-16le", "utf-16be"
	nulEven   int64  // NUL bytes at even offsets
	nulOdd    int64
	control   int64 // other control bytes that text has no use for
	multi     int64 // well-formed UTF-8 sequences of more than one byte
	malformed int64 // bytes that are no UTF-8
	lf        int64
	cr        int64             // carriage returns without a line feed after
	high      [256][3]int64     // how often a byte from 0x80 on stands after what: see places
	carry     [utf8.UTFMax]byte // the beginning of a sequence that the last part cut
	carried   int
	before    byte
}

// What stands before a byte tells whether a capital is likely there.
const (
	afterOther = iota
	afterSmall // a small letter
	afterCapital
)

// gather reads a text to its end.
func gather(in io.Reader) (*evidence, error) {
	e := &evidence{}
	part := make([]byte, 64<<10)
	for {
		n, err := io.ReadFull(in, part)
		if e.size == 0 {
			e.lookForMark(part[:n])
		}
		e.add(part[:n])
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	if e.before == '\r' {
		e.cr++
	}
	e.malformed += int64(e.carried)
	return e, nil
}

func (e *evidence) lookForMark(head []byte) {
	switch {
	case strings.HasPrefix(string(head), "\xef\xbb\xbf"):
		e.mark = "utf-8"
	case strings.HasPrefix(string(head), "\xff\xfe"):
		e.mark = "utf-16le"
	case strings.HasPrefix(string(head), "\xfe\xff"):
		e.mark = "utf-16be"
	}
}

func (e *evidence) add(part []byte) {
	before := e.before
	for i, c := range part {
		if ordinary[c] && before != '\r' {
			before = c
			continue
		}
		if before == '\r' && c != '\n' {
			e.cr++
		}
		switch {
		case c >= utf8.RuneSelf:
			e.high[c][placeAfter(before)]++
		case c == '\n':
			e.lf++
		case c == 0:
			if (e.size+int64(i))%2 == 0 {
				e.nulEven++
			} else {
				e.nulOdd++
			}
		case c != '\r' && !ordinary[c]:
			e.control++
		}
		before = c
	}
	e.before = before
	e.size += int64(len(part))
	e.count(part)
}

// ordinary are the bytes of which most text consists, and which say nothing.
var ordinary = func() (out [256]bool) {
	for c := 0x20; c < 0x7f; c++ {
		out[c] = true
	}
	out['\t'], out['\v'], out['\f'] = true, true, true
	return out
}()

// count counts sequences of UTF-8, also those that lie across two parts.
func (e *evidence) count(part []byte) {
	for e.carried > 0 && len(part) > 0 {
		c := part[0]
		if c < utf8.RuneSelf || c >= 0xc0 { // no continuation
			e.malformed += int64(e.carried)
			e.carried = 0
			break
		}
		e.carry[e.carried] = c
		e.carried++
		part = part[1:]
		if utf8.FullRune(e.carry[:e.carried]) {
			e.judge(e.carry[:e.carried])
			e.carried = 0
		}
	}
	for i := 0; i < len(part); {
		if part[i] < utf8.RuneSelf {
			i++
			continue
		}
		if !utf8.FullRune(part[i:]) {
			e.carried = copy(e.carry[:], part[i:])
			return
		}
		i += e.judge(part[i:])
	}
}

func (e *evidence) judge(p []byte) int {
	r, n := utf8.DecodeRune(p)
	if r == utf8.RuneError && n == 1 {
		e.malformed++
		return 1
	}
	e.multi++
	return n
}

func placeAfter(c byte) int {
	switch {
	case c >= 'a' && c <= 'z':
		return afterSmall
	case c >= 'A' && c <= 'Z':
		return afterCapital
	}
	return afterOther
}

// verdict is an encoding and how certain it is.
type verdict struct {
	name string // for people
	sure bool
	// wide is UTF-16; nil otherwise.
	wide encoding.Encoding
	// single decodes what is no UTF-8; nil where everything is.
	single *charmap.Charmap
	// whole is an encoding that was forced and is none of the above.
	whole encoding.Encoding
	// strict is a single-byte encoding that was forced: nothing is tried as UTF-8.
	strict bool
	// mixed tells that some lines are UTF-8 and some are not; mainly, that the most are.
	mixed, mainly bool
}

// judgeEncoding weighs the evidence. ok is false for what is no text.
func (e *evidence) judgeEncoding() (v verdict, ok bool) {
	little := verdict{name: "UTF-16 LE", sure: true, wide: unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)}
	big := verdict{name: "UTF-16 BE", sure: true, wide: unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)}
	switch e.mark {
	case "utf-16le":
		return little, true
	case "utf-16be":
		return big, true
	}
	// In UTF-16 every other byte of Latin text is NUL, and hardly any of the rest.
	units := e.size / 2
	switch {
	case units >= 2 && e.nulOdd > units/4 && e.nulEven < e.nulOdd/8:
		return little, true
	case units >= 2 && e.nulEven > units/4 && e.nulOdd < e.nulEven/8:
		return big, true
	case e.control > 8+e.size/200, e.nulEven+e.nulOdd > 8+e.size/100:
		return v, false
	case e.malformed == 0:
		return verdict{name: "UTF-8", sure: true}, true
	}
	single, sure := e.singleByte()
	v = verdict{name: single.String(), sure: sure, single: single}
	if single == charmap.Macintosh {
		v.name = "Mac Roman"
	}
	if e.mark == "utf-8" || e.multi > 0 {
		// Bytes of a single-byte encoding hardly ever happen to be UTF-8, so there are lines of both.
		v.mixed = true
		if e.mark == "utf-8" || e.multi >= e.malformed {
			v.name, v.sure, v.single, v.mainly = "UTF-8", true, charmap.Windows1252, true
		}
	}
	return v, true
}

// singleByte weighs Windows-1252 against Mac Roman. Small letters with accents are likely within a word,
// capitals and signs are not; what 1252 leaves undefined are frequent letters in Mac Roman.
func (e *evidence) singleByte() (best *charmap.Charmap, sure bool) {
	windows, mac := e.weigh(charmap.Windows1252), e.weigh(charmap.Macintosh)
	if mac > windows {
		return charmap.Macintosh, mac > 2*max(windows, 0)+4
	}
	return charmap.Windows1252, windows > 2*max(mac, 0)+4
}

func (e *evidence) weigh(m *charmap.Charmap) (sum int64) {
	for c := utf8.RuneSelf; c < 256; c++ {
		r := m.DecodeByte(byte(c))
		for place, n := range e.high[c] {
			sum += n * plausible(r, place)
		}
	}
	return sum
}

// plausible is how much a character in this place speaks for an encoding in which it means that.
func plausible(r rune, place int) int64 {
	switch {
	case r == utf8.RuneError, r >= 0x80 && r < 0xa0:
		return -6
	case strings.ContainsRune("éèàçñóíáúêîôûöäüßãõâëïùåøæœ", r):
		if place == afterCapital {
			return 1
		}
		return 2
	case strings.ContainsRune("ÉÈÀÇÑÓÍÁÚÊÎÔÛÖÄÜÃÕÂËÏÙÅØÆŒ", r):
		if place == afterSmall {
			return -2
		}
		return 1
	case strings.ContainsRune("’‘“”«»–—…", r):
		return 1
	case strings.ContainsRune("\u00a0°·¿¡ªº€£§©®™", r):
		return 0
	}
	return -2
}

// forced is the verdict for an encoding that was asked for by name.
func forced(name string) (verdict, error) {
	e, err := htmlindex.Get(name)
	if err != nil {
		return verdict{}, refuse("intake.no_such_encoding", map[string]any{"Name": name})
	}
	canonical, err := htmlindex.Name(e)
	if err != nil {
		canonical = strings.ToLower(name)
	}
	v := verdict{name: canonical, sure: true, strict: true}
	switch canonical {
	case "utf-8":
		v.name, v.strict, v.single, v.mixed, v.mainly = "UTF-8", false, charmap.Windows1252, true, true
	case "utf-16le":
		v.name, v.wide = "UTF-16 LE", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case "utf-16be":
		v.name, v.wide = "UTF-16 BE", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case "windows-1252":
		v.name, v.single = "Windows 1252", charmap.Windows1252
	case "macintosh":
		v.name, v.single = "Mac Roman", charmap.Macintosh
	default:
		v.whole = e
	}
	return v, nil
}
