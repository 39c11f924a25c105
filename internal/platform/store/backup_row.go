package store

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"
)

// A row of a backup is one line: a JSON array of its values in the order of the
// table's columns. NULL is null, bytes are base64, JSON is a string holding its
// canonical text, and integers beyond 2^53 are strings, since many readers of
// JSON keep numbers as doubles.

const exactInteger = 1 << 53

var errRow = errors.New("not a row of this table")

// appendRow writes one line.
func appendRow(line []byte, columns []column, values []any) ([]byte, error) {
	line = append(line, '[')
	for i, c := range columns {
		if i > 0 {
			line = append(line, ',')
		}
		var err error
		if line, err = appendValue(line, c, values[i]); err != nil {
			return nil, fmt.Errorf("column %s: %w", c.name, err)
		}
	}
	return append(line, ']', '\n'), nil
}

func appendValue(line []byte, c column, value any) ([]byte, error) {
	switch v := value.(type) {
	case nil:
		return append(line, "null"...), nil
	case int64:
		switch {
		case c.kind == kindBoolean:
			return strconv.AppendBool(line, v != 0), nil
		case c.kind != kindInteger:
		case v > exactInteger || v < -exactInteger:
			return append(strconv.AppendInt(append(line, '"'), v, 10), '"'), nil
		default:
			return strconv.AppendInt(line, v, 10), nil
		}
	case bool:
		if c.kind == kindBoolean {
			return strconv.AppendBool(line, v), nil
		}
	case float64:
		if c.kind == kindReal && !math.IsInf(v, 0) && !math.IsNaN(v) {
			return strconv.AppendFloat(line, v, 'g', -1, 64), nil
		}
	case string:
		return appendTextual(line, c, v)
	case []byte:
		if c.kind == kindBytes {
			return append(base64.StdEncoding.AppendEncode(append(line, '"'), v), '"'), nil
		}
		return appendTextual(line, c, string(v))
	}
	return nil, fmt.Errorf("a %T is no %s", value, c.kind)
}

func appendTextual(line []byte, c column, v string) ([]byte, error) {
	switch c.kind {
	case kindText:
		return appendString(line, v)
	case kindJSON:
		canonical, err := canonicalJSON(v)
		if err != nil {
			return nil, err
		}
		return appendString(line, canonical)
	}
	return nil, fmt.Errorf("text is no %s", c.kind)
}

// appendString writes a JSON string. Most text needs no escape.
func appendString(line []byte, s string) ([]byte, error) {
	if !utf8.ValidString(s) {
		return nil, errors.New("the text is not UTF-8")
	}
	line = append(line, '"')
	from := 0
	for i := range len(s) {
		b := s[i]
		if b >= 0x20 && b != '"' && b != '\\' {
			continue
		}
		line = append(line, s[from:i]...)
		from = i + 1
		if b == '"' || b == '\\' {
			line = append(line, '\\', b)
		} else {
			const digits = "0123456789abcdef"
			line = append(line, '\\', 'u', '0', '0', digits[b>>4], digits[b&15])
		}
	}
	return append(append(line, s[from:]...), '"'), nil
}

// canonicalJSON is the one spelling of a JSON value: PostgreSQL reorders keys
// and changes spaces, and a backup must not depend on which engine kept it.
func canonicalJSON(text string) (string, error) {
	if text == "{}" || text == "[]" || text == "null" {
		return text, nil
	}
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		return "", err
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return "", err
	}
	return string(bytes.TrimSuffix(out.Bytes(), []byte("\n"))), nil
}

// parseRow reads one line into values, which has one place a column.
func parseRow(line []byte, columns []column, values []any) error {
	if len(line) < 2 || line[0] != '[' || line[len(line)-1] != ']' {
		return errRow
	}
	rest := line[1 : len(line)-1]
	for i, c := range columns {
		if i > 0 {
			if len(rest) == 0 || rest[0] != ',' {
				return errRow
			}
			rest = rest[1:]
		}
		raw, err := nextValue(rest)
		if err != nil {
			return err
		}
		if values[i], err = parseValue(raw, c); err != nil {
			return fmt.Errorf("column %s: %w", c.name, err)
		}
		rest = rest[len(raw):]
	}
	if len(rest) > 0 {
		return errRow
	}
	return nil
}

// nextValue cuts the scalar that line begins with.
func nextValue(line []byte) ([]byte, error) {
	if len(line) == 0 {
		return nil, errRow
	}
	if line[0] != '"' {
		if end := bytes.IndexByte(line, ','); end >= 0 {
			return line[:end], nil
		}
		return line, nil
	}
	for i := 1; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '"':
			return line[:i+1], nil
		}
	}
	return nil, errRow
}

// parseValue reads a scalar as its column's kind: nil, string, []byte, int64,
// bool or float64.
func parseValue(raw []byte, c column) (any, error) {
	text := string(raw)
	if text == "null" {
		return nil, nil
	}
	quoted := len(raw) > 1 && raw[0] == '"'
	switch c.kind {
	case kindText, kindJSON:
		if quoted {
			return parseText(raw, c.kind)
		}
	case kindBytes:
		if quoted {
			return base64.StdEncoding.Strict().DecodeString(text[1 : len(text)-1])
		}
	case kindInteger:
		if quoted {
			text = text[1 : len(text)-1]
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if large := n > exactInteger || n < -exactInteger; err == nil && large != quoted {
			return nil, errRow
		}
		return n, err
	case kindBoolean:
		if text == "true" || text == "false" {
			return text == "true", nil
		}
	case kindReal:
		f, err := strconv.ParseFloat(text, 64)
		if err == nil && (math.IsInf(f, 0) || math.IsNaN(f)) {
			return nil, errRow
		}
		return f, err
	}
	return nil, errRow
}

func parseText(raw []byte, k kind) (any, error) {
	var s string
	if plain := raw[1 : len(raw)-1]; bytes.IndexByte(plain, '\\') < 0 && printable(plain) {
		s = string(plain)
	} else if err := json.Unmarshal(raw, &s); err != nil {
		return nil, errRow
	}
	if k == kindJSON && !json.Valid([]byte(s)) {
		return nil, errRow
	}
	return s, nil
}

func printable(text []byte) bool {
	for _, b := range text {
		if b < 0x20 {
			return false
		}
	}
	return utf8.Valid(text)
}
