package graphs

import (
	"strconv"
	"strings"
)

// ucinetReader reads UCINET's DL files word by word.
type ucinetReader struct {
	*taking
	rest     string
	number   int // the line of the word at hand
	began    int // whether the word at hand is the first of its line
	n        int
	format   string
	embedded bool
	labels   []string
}

// ucinet reads DL files of one network with one kind of nodes, in the formats fullmatrix, edgelist1 and nodelist1.
// A matrix that is symmetric has ties without direction; lists have ties with direction.
func (t *taking) ucinet(text string) error {
	r := &ucinetReader{taking: t, rest: text, number: 1, n: -1, format: "fullmatrix"}
	r.word() // DL
	if err := r.head(); err != nil {
		return err
	}
	if r.n < 0 {
		return refuse("graphs.dl_count", at(r.number))
	}
	if r.n > t.limits.Nodes {
		return refuse("graphs.too_many_nodes", map[string]any{"Count": t.limits.Nodes})
	}
	if !r.embedded {
		for i := range r.n {
			n := Node{ID: strconv.Itoa(i + 1)}
			if i < len(r.labels) {
				n.Label = r.labels[i]
			}
			if err := t.node(r.number, n); err != nil {
				return err
			}
		}
	}
	switch r.format {
	case "fullmatrix", "fm":
		return r.matrix()
	case "edgelist1", "el1":
		return r.lists(false)
	case "nodelist1", "nl1":
		return r.lists(true)
	}
	return refuse("graphs.dl_format", at(r.number, "Name", r.format))
}

// word is the next word and whether it is the first of its line; "" is the end. Words end at spaces, commas and
// equal signs; quotation marks hold them together.
func (r *ucinetReader) word() (word string, first bool) {
	first = r.began == 0
	for r.rest != "" {
		c := r.rest[0]
		if c == '\n' {
			r.number++
			first = true
		} else if !strings.ContainsRune(" \t,=;", rune(c)) {
			break
		}
		r.rest = r.rest[1:]
	}
	r.began = 1
	if r.rest == "" {
		return "", first
	}
	if r.rest[0] == '"' {
		if end := strings.IndexAny(r.rest[1:], "\"\n"); end >= 0 && r.rest[1+end] == '"' {
			word, r.rest = r.rest[1:1+end], r.rest[2+end:]
			if word == "" {
				word = " "
			}
			return word, first
		}
	}
	end := strings.IndexAny(r.rest, " \t,=;\n")
	if end < 0 {
		end = len(r.rest)
	}
	word, r.rest = r.rest[:end], r.rest[end:]
	return word, first
}

// head reads up to "data:".
func (r *ucinetReader) head() error {
	for {
		word, _ := r.word()
		switch low := strings.ToLower(word); low {
		case "":
			return refuse("graphs.dl_no_data", at(r.number))
		case "n":
			word, _ := r.word()
			n, err := strconv.Atoi(word)
			if err != nil || n < 0 {
				return refuse("graphs.dl_count", at(r.number))
			}
			r.n = n
		case "format":
			word, _ := r.word()
			r.format = strings.ToLower(word)
		case "nm", "nr", "nc":
			if word, _ := r.word(); low != "nm" || word != "1" {
				return refuse("graphs.dl_several", at(r.number))
			}
		case "diagonal":
			if word, _ := r.word(); !strings.EqualFold(word, "present") {
				return refuse("graphs.dl_format", at(r.number, "Name", "diagonal "+word))
			}
		case "labels:", "labels":
			embedded := strings.HasPrefix(strings.ToLower(strings.TrimLeft(r.rest, " \t")), "embedded")
			if low == "labels" || embedded {
				r.word()
				r.embedded = true
				continue
			}
			if err := r.names(); err != nil {
				return err
			}
		case "data:":
			return nil
		default:
			return refuse("graphs.part_unknown", at(r.number, "Name", word))
		}
	}
}

// names reads as many labels as there are nodes.
func (r *ucinetReader) names() error {
	if r.n > r.limits.Nodes {
		return refuse("graphs.too_many_nodes", map[string]any{"Count": r.limits.Nodes})
	}
	for len(r.labels) < r.n {
		before := r.rest
		number := r.number
		word, _ := r.word()
		if low := strings.ToLower(word); word == "" || low == "data:" {
			r.rest, r.number = before, number
			return nil // nodes without a label have their number
		}
		r.labels = append(r.labels, word)
	}
	return nil
}

// end is the id of the node that a word names: a number, or a label.
func (r *ucinetReader) end(word string) (string, error) {
	if r.embedded {
		word = clean(word)
		if _, there := r.index[word]; !there {
			if len(r.Nodes) == r.n {
				return "", refuse("graphs.dl_more_labels", at(r.number, "Count", r.n))
			}
			if err := r.node(r.number, Node{ID: word}); err != nil {
				return "", err
			}
		}
		return word, nil
	}
	if n, err := strconv.Atoi(word); err != nil || n < 1 || n > r.n {
		return "", refuse("graphs.unknown_node", at(r.number, "Name", word))
	}
	return word, nil
}

// lists reads a tie from each line, or from the first of each line to all others.
func (r *ucinetReader) lists(many bool) error {
	var line []string
	number := 0
	take := func() error {
		if len(line) == 0 {
			return nil
		}
		from, err := r.end(line[0])
		if err != nil {
			return err
		}
		if !many && (len(line) < 2 || len(line) > 3) {
			return refuse("graphs.tie_without_end", at(number))
		}
		weight := ""
		if !many && len(line) == 3 {
			weight, line = line[2], line[:2]
		}
		for _, word := range line[1:] {
			to, err := r.end(word)
			if err != nil {
				return err
			}
			if err := r.tie(number, Tie{From: from, To: to, Strength: weight}); err != nil {
				return err
			}
		}
		return nil
	}
	for {
		word, first := r.word()
		if first || word == "" {
			if err := take(); err != nil {
				return err
			}
			line = line[:0]
		}
		if word == "" {
			break
		}
		number = r.number
		line = append(line, word)
	}
	// Nodes that no line names are there all the same.
	for i := len(r.Nodes); i < r.n; i++ {
		id := strconv.Itoa(i + 1)
		for r.has(id) {
			id += "'"
		}
		if err := r.node(r.number, Node{ID: id}); err != nil {
			return err
		}
	}
	return nil
}

func (r *ucinetReader) has(id string) bool {
	_, there := r.index[id]
	return there
}

// matrix reads n rows of n numbers.
func (r *ucinetReader) matrix() error {
	if r.embedded {
		for range r.n {
			word, _ := r.word()
			if err := r.node(r.number, Node{ID: word}); err != nil {
				return err
			}
		}
	}
	type cell struct{ a, b int }
	values := map[cell]string{}
	for a := range r.n {
		if r.embedded {
			if word, _ := r.word(); clean(word) != r.Nodes[a].ID {
				return refuse("graphs.unknown_node", at(r.number, "Name", word))
			}
		}
		for b := range r.n {
			word, _ := r.word()
			if word == "" {
				return refuse("graphs.matrix_shape", at(r.number, "Count", r.n))
			}
			value, err := strength(r.number, word)
			if err != nil {
				return err
			}
			if value == "0" {
				continue
			}
			if values[cell{a, b}] = value; len(values) > r.limits.Ties {
				return refuse("graphs.too_many_ties", map[string]any{"Count": r.limits.Ties})
			}
		}
	}
	if word, _ := r.word(); word != "" {
		return refuse("graphs.matrix_shape", at(r.number, "Count", r.n))
	}
	symmetric := true
	for c, value := range values {
		symmetric = symmetric && values[cell{c.b, c.a}] == value
	}
	weights := false // a matrix of ones only has no weights
	for _, value := range values {
		weights = weights || value != "1"
	}
	for a := range r.n {
		for b := range r.n {
			value, there := values[cell{a, b}]
			if !there || symmetric && b < a {
				continue
			}
			if !weights {
				value = ""
			}
			if err := r.tie(r.number, Tie{From: r.Nodes[a].ID, To: r.Nodes[b].ID, Strength: value, Mutual: symmetric}); err != nil {
				return err
			}
		}
	}
	return nil
}
