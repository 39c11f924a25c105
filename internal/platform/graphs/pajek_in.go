package graphs

import (
	"strconv"
	"strings"
)

// pajekReader reads Pajek's network files line by line. Nodes have the numbers 1 to n.
type pajekReader struct {
	*taking
	part   string // what the lines are: "", vertices, arcs, edges, arcslist, edgeslist, matrix
	kind   string // of ties, where the part has a name
	count  int
	first  int // of a network of two kinds of nodes, how many are of the first
	row    int // of a matrix
	placed map[int]bool
}

// pajek reads .net files with *Vertices, *Arcs, *Edges, *Arcslist, *Edgeslist and *Matrix. Relations become the
// kind of ties; a network of two modes has nodes of kind 1 and 2.
func (t *taking) pajek(text string) error {
	r := &pajekReader{taking: t, count: -1, placed: map[int]bool{}}
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '%' {
			continue
		}
		var err error
		if line[0] == '*' {
			err = r.section(number, line)
		} else {
			err = r.line(number, line)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *pajekReader) section(number int, line string) error {
	words, err := r.words(number, line)
	if err != nil {
		return err
	}
	switch part := strings.ToLower(words[0]); part {
	case "*network":
		r.Name = brief(clean(strings.TrimSpace(line[len("*network"):])))
	case "*vertices":
		return r.vertices(number, words)
	case "*arcs", "*edges", "*arcslist", "*edgeslist", "*matrix":
		if r.count < 0 {
			return refuse("graphs.pajek_order", at(number))
		}
		r.part, r.kind, r.row = part[1:], "", 0
		if len(words) > 2 && strings.HasPrefix(words[1], ":") {
			r.kind = words[2]
		}
	default:
		if strings.HasPrefix(part, "*partition") || strings.HasPrefix(part, "*vector") || strings.HasPrefix(part, "*permutation") || strings.HasPrefix(part, "*cluster") || strings.HasPrefix(part, "*hierarchy") {
			if r.part != "left" {
				r.Notes = append(r.Notes, Note{"graphs.part_left", at(number, "Name", words[0])})
			}
			r.part = "left"
			return nil
		}
		return refuse("graphs.part_unknown", at(number, "Name", words[0]))
	}
	return nil
}

func (r *pajekReader) vertices(number int, words []string) error {
	if r.count >= 0 {
		return refuse("graphs.pajek_twice", at(number))
	}
	n, err := 0, error(nil)
	if len(words) > 1 {
		n, err = strconv.Atoi(words[1])
	}
	if len(words) < 2 || err != nil || n < 0 {
		return refuse("graphs.pajek_count", at(number))
	}
	if len(words) > 2 {
		if r.first, err = strconv.Atoi(words[2]); err != nil || r.first < 0 || r.first > n {
			return refuse("graphs.pajek_count", at(number))
		}
	}
	if n > r.limits.Nodes {
		return refuse("graphs.too_many_nodes", map[string]any{"Count": r.limits.Nodes})
	}
	for i := 1; i <= n; i++ {
		node := Node{ID: strconv.Itoa(i)}
		if r.first > 0 {
			if node.Kind = "1"; i > r.first {
				node.Kind = "2"
			}
		}
		if err := r.node(number, node); err != nil {
			return err
		}
	}
	r.count, r.part = n, "vertices"
	return nil
}

func (r *pajekReader) line(number int, line string) error {
	if r.part == "left" {
		return nil
	}
	words, err := r.words(number, line)
	if err != nil || len(words) == 0 {
		return err
	}
	switch r.part {
	case "vertices":
		at1, err := r.vertex(number, words[0])
		if err != nil {
			return err
		}
		if len(words) > 1 {
			if len(words[1]) > r.limits.Name {
				return refuse("graphs.name_too_long", at(number, "Most", r.limits.Name))
			}
			if label := clean(words[1]); label != "" {
				r.Nodes[at1-1].Label = label
			}
		}
		if r.placed[at1] {
			return refuse("graphs.node_twice", at(number, "Name", words[0]))
		}
		r.placed[at1] = true
		return nil
	case "arcs", "edges":
		if len(words) < 2 {
			return refuse("graphs.tie_without_end", at(number))
		}
		weight := ""
		if len(words) > 2 {
			weight = words[2]
		}
		return r.pair(number, words[0], words[1], weight, r.part == "edges")
	case "arcslist", "edgeslist":
		for _, to := range words[1:] {
			if err := r.pair(number, words[0], to, "", r.part == "edgeslist"); err != nil {
				return err
			}
		}
		return nil
	case "matrix":
		return r.matrix(number, words)
	}
	return refuse("graphs.pajek_order", at(number))
}

func (r *pajekReader) matrix(number int, words []string) error {
	rows, columns, shift := r.count, r.count, 0
	if r.first > 0 {
		rows, columns, shift = r.first, r.count-r.first, r.first
	}
	if r.row++; r.row > rows || len(words) != columns {
		return refuse("graphs.matrix_shape", at(number, "Count", columns))
	}
	for i, word := range words {
		if value, err := strconv.ParseFloat(word, 64); err == nil && value == 0 {
			continue
		}
		if err := r.pair(number, strconv.Itoa(r.row), strconv.Itoa(shift+i+1), word, r.first > 0); err != nil {
			return err
		}
	}
	return nil
}

func (r *pajekReader) pair(number int, from, to, weight string, mutual bool) error {
	for _, end := range []string{from, to} {
		if _, err := r.vertex(number, end); err != nil {
			return err
		}
	}
	if strings.HasPrefix(weight, "-") {
		// Pajek writes negative ties for dislike, and they are no weaker ties.
		return refuse("graphs.weight_negative", at(number, "Text", weight))
	}
	return r.tie(number, Tie{From: from, To: to, Strength: weight, Kind: r.kind, Mutual: mutual})
}

func (r *pajekReader) vertex(number int, word string) (int, error) {
	n, err := strconv.Atoi(word)
	if err != nil || n < 1 || n > r.count || strconv.Itoa(n) != word {
		return 0, refuse("graphs.unknown_node", at(number, "Name", word))
	}
	return n, nil
}

// words parts a line at spaces; quotation marks hold words together.
func (r *pajekReader) words(number int, line string) ([]string, error) {
	var out []string
	for line = strings.TrimLeft(line, " \t,"); line != ""; line = strings.TrimLeft(line, " \t,") {
		if line[0] == '"' {
			end := strings.IndexByte(line[1:], '"')
			if end < 0 {
				return nil, refuse("graphs.quote_open", at(number))
			}
			out = append(out, line[1:1+end])
			line = line[2+end:]
			continue
		}
		end := strings.IndexAny(line, " \t")
		if end < 0 {
			end = len(line)
		}
		out = append(out, line[:end])
		line = line[end:]
	}
	return out, nil
}
