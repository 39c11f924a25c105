package graphs

import (
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"
)

// table is a CSV that is read row by row.
type table struct {
	reader  *csv.Reader
	columns []string
	first   []string // the first row, where it is not the names of columns
}

// csv reads a list of ties, and the list of nodes where there is one. Nodes that only ties name are added.
func (t *taking) csv(text string, nodes []byte) error {
	if nodes != nil {
		list, err := decoded(nodes)
		if err != nil {
			return err
		}
		if err := t.nodeRows(list); err != nil {
			return err
		}
	}
	return t.tieRows(text, nodes != nil)
}

var (
	fromNames   = []string{"from", "source", "sender", "ego", "desde", "de", "origen", "source_id", "from_id"}
	toNames     = []string{"to", "target", "receiver", "alter", "hasta", "a", "destino", "vers", "target_id", "to_id"}
	idNames     = []string{"id", "node", "name", "key", "node_id"}
	weightNames = []string{"weight", "strength", "value", "poids", "peso"}
)

func column(columns []string, names []string) int {
	for _, name := range names {
		for i, c := range columns {
			if strings.EqualFold(strings.TrimSpace(c), name) {
				return i
			}
		}
	}
	return -1
}

// open finds what stands between cells by the first line.
func open(text string) (*table, error) {
	head, _, _ := strings.Cut(strings.TrimLeft(text, "\n"), "\n")
	between, most := ',', 0
	for _, c := range []rune{',', ';', '\t', '|'} {
		if n := strings.Count(head, string(c)); n > most {
			between, most = c, n
		}
	}
	if most == 0 {
		return nil, refuse("graphs.unknown", nil)
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = between, -1, true, true
	t := &table{reader: r}
	row, err := t.next()
	if err != nil {
		return nil, err
	}
	t.columns = append([]string(nil), row...)
	return t, nil
}

// next is the next row; nil is the end.
func (t *table) next() ([]string, error) {
	if t.first != nil {
		row := t.first
		t.first = nil
		return row, nil
	}
	row, err := t.reader.Read()
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	var fault *csv.ParseError
	if errors.As(err, &fault) {
		return nil, &Refusal{Key: "graphs.quote_open", Args: at(fault.StartLine), Cause: err}
	}
	return row, err
}

func (t *table) line() int {
	line, _ := t.reader.FieldPos(0)
	return line
}

// cell is what a row has in a column, without the apostrophe that keeps spreadsheets from calculating.
func cell(row []string, column int) string {
	if column < 0 || column >= len(row) {
		return ""
	}
	text := row[column]
	if len(text) > 1 && text[0] == '\'' && strings.ContainsRune("=+-@\t", rune(text[1])) {
		text = text[1:]
	}
	return text
}

func (t *taking) nodeRows(text string) error {
	list, err := open(text)
	if err != nil {
		return err
	}
	id, label, kind := column(list.columns, idNames), column(list.columns, []string{"label", "name", "title"}), column(list.columns, []string{"type", "kind"})
	if id < 0 {
		if id = label; id < 0 {
			return refuse("graphs.no_id_column", nil)
		}
	}
	keys := make([]string, len(list.columns))
	for i, title := range list.columns {
		if i == id || i == label || i == kind || clean(title) == "" {
			continue
		}
		if keys[i], err = t.fact(1, title); err != nil {
			return err
		}
	}
	for {
		row, err := list.next()
		if row == nil || err != nil {
			return err
		}
		if blank(row) {
			continue
		}
		n := Node{ID: cell(row, id), Label: cell(row, label), Kind: cell(row, kind)}
		for i, key := range keys {
			if value := cell(row, i); key != "" && value != "" {
				if len(value) > t.limits.Name*20 {
					return refuse("graphs.name_too_long", at(list.line(), "Most", t.limits.Name*20))
				}
				n.carry(key, value)
			}
		}
		if err := t.node(list.line(), n); err != nil {
			return err
		}
	}
}

func blank(row []string) bool {
	for _, c := range row {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

func (t *taking) tieRows(text string, listed bool) error {
	list, err := open(text)
	if err != nil {
		return err
	}
	from, to, weight := column(list.columns, fromNames), column(list.columns, toNames), column(list.columns, weightNames)
	if from < 0 || to < 0 {
		// Two ends and perhaps a number, without names of columns.
		bare := len(list.columns) == 2
		if len(list.columns) == 3 {
			_, err := strconv.ParseFloat(strings.TrimSpace(list.columns[2]), 64)
			bare = err == nil
		}
		if !bare {
			return refuse("graphs.no_end_columns", nil)
		}
		from, to, weight = 0, 1, 2
		list.first, list.columns = list.columns, nil
	}
	added := 0
	for {
		row, err := list.next()
		if row == nil || err != nil {
			if added > 0 && listed {
				t.Notes = append(t.Notes, Note{"graphs.nodes_added", map[string]any{"Count": added}})
			}
			return err
		}
		if blank(row) {
			continue
		}
		tie := Tie{From: cell(row, from), To: cell(row, to)}
		for i, name := range list.columns {
			if i == from || i == to {
				continue
			}
			value := cell(row, i)
			if low := strings.ToLower(strings.TrimSpace(value)); strings.EqualFold(strings.TrimSpace(name), "type") && (low == "directed" || low == "undirected" || low == "mutual") {
				tie.told("direction", value) // Gephi calls it the type
			} else if strings.EqualFold(strings.TrimSpace(name), "id") {
				tie.ID = value
			} else if value != "" {
				tie.told(name, value)
			}
		}
		tie.Strength = cell(row, weight)
		for _, end := range []string{clean(tie.From), clean(tie.To)} {
			if _, there := t.index[end]; end != "" && !there {
				added++
				if err := t.node(list.line(), Node{ID: end}); err != nil {
					return err
				}
			}
		}
		if err := t.tie(list.line(), tie); err != nil {
			return err
		}
	}
}
