package intake

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// local is a name without its prefix.
func local(full []byte) []byte {
	return full[bytes.IndexByte(full, ':')+1:]
}

// attr is the value of an attribute of the element that just began, by its name without a prefix, or with
// one; "" when there is none.
func (m *markup) attr(name string) string {
	raw := attribute(m.rawAttr, name)
	if bytes.IndexByte(raw, '&') < 0 {
		return string(raw)
	}
	value, err := m.resolve(raw)
	if err != nil {
		return ""
	}
	return string(value)
}

// attribute finds an attribute among others, as it stands there; nil when there is none.
func attribute(raw []byte, name string) []byte {
	for {
		equals := bytes.IndexByte(raw, '=')
		if equals < 0 {
			return nil
		}
		key := bytes.TrimSpace(raw[:equals])
		if at := bytes.LastIndexAny(key, " \t\r\n"); at >= 0 {
			key = key[at+1:]
		}
		raw = bytes.TrimLeft(raw[equals+1:], " \t\r\n")
		if len(raw) == 0 || raw[0] != '"' && raw[0] != '\'' {
			return nil
		}
		end := bytes.IndexByte(raw[1:], raw[0])
		if end < 0 {
			return nil
		}
		if string(key) == name || string(local(key)) == name {
			return raw[1 : 1+end]
		}
		raw = raw[end+2:]
	}
}

// resolve replaces entities and line ends.
func (m *markup) resolve(raw []byte) ([]byte, error) {
	if bytes.IndexByte(raw, '&') < 0 && bytes.IndexByte(raw, '\r') < 0 {
		return raw, nil
	}
	out := m.scratch[:0]
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; c {
		case '\r':
			if i+1 == len(raw) || raw[i+1] != '\n' {
				out = append(out, '\n')
			}
		case '&':
			end := bytes.IndexByte(raw[i:min(len(raw), i+12)], ';')
			if end < 0 {
				return nil, malformed("an entity without an end")
			}
			var err error
			if out, err = entity(out, string(raw[i+1:i+end])); err != nil {
				return nil, err
			}
			i += end
		default:
			out = append(out, c)
		}
	}
	m.scratch = out
	return out, nil
}

func entity(out []byte, name string) ([]byte, error) {
	switch name {
	case "lt":
		return append(out, '<'), nil
	case "gt":
		return append(out, '>'), nil
	case "amp":
		return append(out, '&'), nil
	case "quot":
		return append(out, '"'), nil
	case "apos":
		return append(out, '\''), nil
	}
	if len(name) > 1 && name[0] == '#' {
		digits, base := name[1:], 10
		if digits[0] == 'x' {
			digits, base = digits[1:], 16
		}
		if n, err := strconv.ParseUint(digits, base, 32); err == nil && n <= utf8.MaxRune {
			return utf8.AppendRune(out, rune(n)), nil
		}
	}
	return nil, malformed("the entity %q", name)
}
