package graphs

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// kumu reads the JSON of Kumu: elements and connections, each with what it carries beside or under "attributes".
// Connections name elements by id, or by a label that only one has.
func (t *taking) kumu(text string) error {
	if line := tooDeep(text, t.limits.Depth); line > 0 {
		return refuse("graphs.too_deep", at(line, "Most", t.limits.Depth))
	}
	r := &kumuReader{taking: t, text: text, decoder: json.NewDecoder(strings.NewReader(text)), labels: map[string]string{}}
	if err := r.read(); err != nil {
		return err
	}
	for i := range t.Ties {
		for _, end := range []*string{&t.Ties[i].From, &t.Ties[i].To} {
			if _, there := t.index[*end]; there {
				continue
			}
			id := r.labels[*end]
			if id == "" {
				return refuse("graphs.unknown_node", at(r.lines[i], "Name", *end))
			}
			*end = id
		}
	}
	return nil
}

type kumuReader struct {
	*taking
	text    string
	decoder *json.Decoder
	labels  map[string]string // ids by label, "" where several have it
	lines   []int             // of ties
	counted int               // bytes up to which lines were counted
	line    int
}

// here is the line at which reading stands.
func (r *kumuReader) here() int {
	to := min(int(r.decoder.InputOffset()), len(r.text))
	r.line += strings.Count(r.text[r.counted:to], "\n")
	r.counted = to
	return r.line + 1
}

func (r *kumuReader) broken(err error) error {
	return &Refusal{Key: "graphs.json_broken", Args: at(r.here()), Cause: err}
}

func (r *kumuReader) read() error {
	if _, err := r.decoder.Token(); err != nil { // the brace
		return r.broken(err)
	}
	seen := map[string]bool{}
	for r.decoder.More() {
		token, err := r.decoder.Token()
		if err != nil {
			return r.broken(err)
		}
		name, _ := token.(string)
		switch name {
		case "elements", "connections":
			if seen[name] {
				return refuse("graphs.json_broken", at(r.here()))
			}
			seen[name] = true
			if err := r.list(name == "elements"); err != nil {
				return err
			}
		default:
			var skipped json.RawMessage
			if err := r.decoder.Decode(&skipped); err != nil {
				return r.broken(err)
			}
		}
	}
	if _, err := r.decoder.Token(); err != nil {
		return r.broken(err)
	}
	if _, err := r.decoder.Token(); !errors.Is(err, io.EOF) {
		return refuse("graphs.json_broken", at(r.here()))
	}
	if !seen["elements"] {
		return refuse("graphs.json_other", nil)
	}
	return nil
}

func (r *kumuReader) list(elements bool) error {
	token, err := r.decoder.Token()
	if err != nil {
		return r.broken(err)
	}
	if token != json.Delim('[') {
		return refuse("graphs.json_other", nil)
	}
	for r.decoder.More() {
		var item map[string]json.RawMessage
		if err := r.decoder.Decode(&item); err != nil {
			return r.broken(err)
		}
		line := r.here()
		fields, err := flat(item)
		if err != nil {
			return r.broken(err)
		}
		if elements {
			err = r.element(line, fields)
		} else {
			err = r.connection(line, fields)
		}
		if err != nil {
			return err
		}
	}
	_, err = r.decoder.Token()
	if err != nil {
		return r.broken(err)
	}
	return nil
}

// field is one thing an element or a connection carries.
type field struct{ name, value string }

// flat are the fields by name, with those under "attributes" beside the others. Lists are joined; what is deeper
// is left out.
func flat(item map[string]json.RawMessage) ([]field, error) {
	var out []field
	for name, raw := range item {
		if strings.EqualFold(name, "attributes") && len(raw) > 0 && raw[0] == '{' {
			var inner map[string]json.RawMessage
			if err := json.Unmarshal(raw, &inner); err != nil {
				return nil, err
			}
			for name, raw := range inner {
				out = append(out, field{name, plain(raw)})
			}
			continue
		}
		out = append(out, field{name, plain(raw)})
	}
	slices.SortFunc(out, func(a, b field) int {
		if c := strings.Compare(a.name, b.name); c != 0 {
			return c
		}
		return strings.Compare(a.value, b.value)
	})
	return out, nil
}

// plain is a text, a number, a truth or a list of these, as text.
func plain(raw json.RawMessage) string {
	var value any
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	decoder.UseNumber()
	if decoder.Decode(&value) != nil {
		return ""
	}
	switch x := value.(type) {
	case string:
		return x
	case json.Number, bool:
		return fmt.Sprint(x)
	case []any:
		var parts []string
		for _, part := range x {
			switch part.(type) {
			case string, json.Number, bool:
				parts = append(parts, fmt.Sprint(part))
			}
		}
		return strings.Join(parts, ", ")
	}
	return ""
}

func (r *kumuReader) element(line int, fields []field) error {
	var n Node
	for _, f := range fields {
		switch name := strings.ToLower(f.name); {
		case name == "id" || name == "_id" && n.ID == "":
			n.ID = f.value
		case n.told(f.name, f.value):
		default:
			if len(f.value) > r.limits.Name*20 {
				return refuse("graphs.name_too_long", at(line, "Most", r.limits.Name*20))
			}
			key, err := r.fact(line, f.name)
			if err != nil {
				return err
			}
			n.carry(key, f.value)
		}
	}
	if n.ID == "" {
		n.ID = n.Label
	}
	if err := r.node(line, n); err != nil {
		return err
	}
	added := r.Nodes[len(r.Nodes)-1]
	if _, there := r.labels[added.Label]; there {
		r.labels[added.Label] = ""
	} else {
		r.labels[added.Label] = added.ID
	}
	return nil
}

func (r *kumuReader) connection(line int, fields []field) error {
	tie := Tie{}
	for _, f := range fields {
		switch strings.ToLower(f.name) {
		case "id", "_id":
			tie.ID = f.value
		case "from":
			tie.From = f.value
		case "to":
			tie.To = f.value
		default:
			tie.told(f.name, f.value)
		}
	}
	r.lines = append(r.lines, line)
	return r.tie(line, tie)
}

// tooDeep is the line in which values of JSON lie deeper inside each other than most; 0 is nowhere.
func tooDeep(text string, most int) int {
	depth, line, quoted := 0, 1, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\n':
			line++
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > most {
				return line
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return 0
}
