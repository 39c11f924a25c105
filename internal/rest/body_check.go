package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"unicode/utf8"
)

// checkJSON looks at the text as a whole before anything is read from it.
func checkJSON(raw []byte) error {
	if !utf8.Valid(raw) {
		return malformed("rest.not_utf8", nil)
	}
	if !depthWithin(raw, maxDepth) {
		return malformed("rest.too_deep", map[string]any{"Most": maxDepth})
	}
	if !json.Valid(raw) {
		var ignored json.RawMessage
		var syntax *json.SyntaxError
		offset := int64(0)
		if errors.As(json.Unmarshal(raw, &ignored), &syntax) {
			offset = syntax.Offset
		}
		return malformed("rest.not_json", map[string]any{"Byte": offset})
	}
	if !surrogatesPaired(raw) {
		return malformed("rest.not_utf8", nil)
	}
	return nil
}

func depthWithin(raw []byte, most int) bool {
	depth, quoted := 0, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			if depth++; depth > most {
				return false
			}
		case c == ']' || c == '}':
			depth--
		}
	}
	return true
}

// surrogatesPaired says whether every \ud800–\udfff in valid JSON belongs to a
// pair. encoding/json replaces the others, and what is stored would not be what
// was sent.
func surrogatesPaired(raw []byte) bool {
	for {
		at := bytes.IndexByte(raw, '\\')
		if at < 0 {
			return true
		}
		raw = raw[at:]
		first := escaped(raw)
		switch {
		case first >= 0xdc00 && first <= 0xdfff:
			return false
		case first >= 0xd800 && first <= 0xdbff:
			if second := escaped(raw[6:]); second < 0xdc00 || second > 0xdfff {
				return false
			}
			raw = raw[12:]
		default:
			raw = raw[2:]
		}
	}
}

// escaped is the code unit that raw begins with as \uXXXX, or -1.
func escaped(raw []byte) int {
	if len(raw) < 6 || raw[0] != '\\' || raw[1] != 'u' {
		return -1
	}
	n, err := strconv.ParseUint(string(raw[2:6]), 16, 16)
	if err != nil {
		return -1
	}
	return int(n)
}
