package intake

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// learn adds the columns of a record.
func (l *listed) learn(record json.RawMessage, limits Limits) error {
	return flatten(record, limits, func(path, _ string) error {
		if _, known := l.index[path]; known {
			return nil
		}
		if int64(len(l.columns)) == limits.Columns {
			return tooManyColumns(limits.Columns)
		}
		l.index[path] = len(l.columns)
		l.columns = append(l.columns, path)
		return nil
	})
}

// cells are the cells of a record, nil for what is no record of this list.
func (l *listed) cells(record json.RawMessage, limits Limits) ([]string, error) {
	if l.bare {
		if record[0] != '[' {
			return nil, nil
		}
		return elements(record, limits)
	}
	if record[0] != '{' {
		return nil, nil
	}
	cells := make([]string, len(l.columns))
	err := flatten(record, limits, func(path, value string) error {
		if i, known := l.index[path]; known && value != "" {
			cells[i] = value
		}
		return nil
	})
	return cells, err
}

// flatten calls set for every value of a record: those of objects inside it under "outer.inner".
func flatten(record json.RawMessage, limits Limits, set func(path, value string) error) error {
	r := &flattening{raw: record, limits: limits, set: set, d: json.NewDecoder(bytes.NewReader(record))}
	r.d.UseNumber()
	if _, err := r.d.Token(); err != nil {
		return err
	}
	return r.object("", 0)
}

type flattening struct {
	raw    []byte
	d      *json.Decoder
	limits Limits
	set    func(path, value string) error
}

func (r *flattening) object(path string, depth int64) error {
	if depth > r.limits.Depth {
		return refuse("intake.too_deep", nil)
	}
	for r.d.More() {
		key, err := r.d.Token()
		if err != nil {
			return err
		}
		below, _ := key.(string)
		if path != "" {
			below = path + "." + below
		}
		token, err := r.d.Token()
		if err != nil {
			return err
		}
		var value string
		switch token {
		case json.Delim('{'):
			if err := r.object(below, depth+1); err != nil {
				return err
			}
			continue
		case json.Delim('['):
			if value, err = r.list(); err != nil {
				return err
			}
		default:
			value = scalar(token)
		}
		if int64(len(value)) > r.limits.CellBytes {
			return longCell(0)
		}
		if err := r.set(below, value); err != nil {
			return err
		}
	}
	_, err := r.d.Token()
	return err
}

// list reads a list inside a record: plain values are joined, anything else stays as it is written.
func (r *flattening) list() (string, error) {
	from := r.d.InputOffset() - 1
	var joined strings.Builder
	plain := true
	for depth := 1; depth > 0; {
		token, err := r.d.Token()
		if err != nil {
			return "", err
		}
		switch token {
		case json.Delim('['), json.Delim('{'):
			depth++
			plain = false
		case json.Delim(']'), json.Delim('}'):
			depth--
		default:
			s := scalar(token)
			if !plain || s == "" {
				continue
			}
			if joined.Len() > 0 {
				joined.WriteString(" | ")
			}
			if joined.WriteString(s); int64(joined.Len()) > r.limits.CellBytes {
				return "", longCell(0)
			}
		}
	}
	if plain {
		return joined.String(), nil
	}
	var out bytes.Buffer
	if err := json.Compact(&out, r.raw[from:r.d.InputOffset()]); err != nil {
		return "", err
	}
	return out.String(), nil
}

// elements are the cells of a row that is written as a list.
func elements(record json.RawMessage, limits Limits) ([]string, error) {
	r := &flattening{raw: record, limits: limits, d: json.NewDecoder(bytes.NewReader(record))}
	r.d.UseNumber()
	if _, err := r.d.Token(); err != nil {
		return nil, err
	}
	cells := []string{}
	for r.d.More() {
		if int64(len(cells)) == limits.Columns {
			return nil, tooManyColumns(limits.Columns)
		}
		var raw json.RawMessage
		if err := r.d.Decode(&raw); err != nil {
			return nil, err
		}
		if raw[0] == '{' || raw[0] == '[' {
			cells = append(cells, string(raw))
			continue
		}
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		cells = append(cells, scalar(token))
	}
	return cells, nil
}

// scalar is a plain value as text; numbers are written in full.
func scalar(token json.Token) string {
	switch v := token.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case json.Number:
		if s := v.String(); !strings.ContainsAny(s, "eE") {
			return s
		}
		if f, err := v.Float64(); err == nil {
			return plainNumber(f)
		}
		return v.String()
	}
	return ""
}
