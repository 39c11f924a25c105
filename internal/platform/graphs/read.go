package graphs

import (
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits bound what one file may hold. They are far above any network of organizations and far below what hurts a
// small server.
type Limits struct {
	Bytes int // of the file, and of what a ZIP unpacks to
	Nodes int
	Ties  int
	Facts int // different ones that nodes carry
	Depth int // of elements of XML and values of JSON inside each other
	Name  int // bytes of an id, a label or a kind
}

// DefaultLimits are the limits used where none are given. A file at all of them takes about a gigabyte to read.
var DefaultLimits = Limits{Bytes: 64 << 20, Nodes: 200_000, Ties: 1_000_000, Facts: 200, Depth: 60, Name: 1000}

func (l Limits) orDefault() Limits {
	d := DefaultLimits
	for _, p := range []struct{ given, standard *int }{{&l.Bytes, &d.Bytes}, {&l.Nodes, &d.Nodes}, {&l.Ties, &d.Ties}, {&l.Facts, &d.Facts}, {&l.Depth, &d.Depth}, {&l.Name, &d.Name}} {
		if *p.given <= 0 {
			*p.given = *p.standard
		}
	}
	return l
}

// The forms of files that Read knows.
const (
	GraphML = "GraphML"
	GEXF    = "GEXF"
	Pajek   = "Pajek"
	UCINET  = "UCINET DL"
	Kumu    = "Kumu JSON"
	CSV     = "CSV"
)

// Taken is a network as a file has it: loops and parallel ties are still there.
type Taken struct {
	Graph
	// Format is one of the constants above, by the content of the file.
	Format string
	// Directed is whether any tie leads one way only.
	Directed bool
	// Weighted is whether any tie has a strength.
	Weighted bool
	// Notes are what a person should be told.
	Notes []Note
}

// Note is something a person should be told: Key is a message of the catalogue that begins with "graphs.", Args
// fill its placeholders.
type Note struct {
	Key  string
	Args map[string]any
}

// Refusal is why a file is not taken: Key is a message of the catalogue that begins with "graphs.", Args fill its
// placeholders, with the line as Line where it is known. Cause is for the log and may be nil.
type Refusal struct {
	Key   string
	Args  map[string]any
	Cause error
}

func (r *Refusal) Error() string {
	if r.Cause != nil {
		return r.Key + ": " + r.Cause.Error()
	}
	return r.Key
}

func refuse(key string, args map[string]any) *Refusal { return &Refusal{Key: key, Args: args} }

func at(line int, more ...any) map[string]any {
	args := map[string]any{"Line": line}
	for i := 0; i+1 < len(more); i += 2 {
		name, ok := more[i].(string)
		if !ok {
			continue
		}
		args[name] = more[i+1]
		if text, is := more[i+1].(string); is {
			args[name] = brief(text)
		}
	}
	return args
}

// brief is text short enough for a message.
func brief(text string) string {
	const most = 60
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))
	if letters := []rune(text); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return text
}

// Read finds out what content is and reads it. A CSV is a list of ties; nodes may be a CSV of its nodes and is nil
// otherwise. The error is always a *Refusal. It keeps no part of content.
func Read(content, nodes []byte, limits Limits) (*Taken, error) {
	limits = limits.orDefault()
	if len(content) > limits.Bytes || len(nodes) > limits.Bytes {
		return nil, refuse("graphs.too_large", map[string]any{"Most": (limits.Bytes + 999_999) / 1_000_000})
	}
	if isZIP(content) {
		var err error
		if content, nodes, err = pair(content, limits); err != nil {
			return nil, err
		}
	}
	text, err := decoded(content)
	if err != nil {
		return nil, err
	}
	t := &taking{Taken: &Taken{}, limits: limits, index: map[string]int{}, facts: map[string]string{}}
	if t.Format, err = formOf(text, limits); err != nil {
		return nil, err
	}
	if nodes != nil && t.Format != CSV {
		return nil, refuse("graphs.nodes_beside", map[string]any{"Format": t.Format})
	}
	switch t.Format {
	case GraphML:
		err = t.graphML(text)
	case GEXF:
		err = t.gexf(text)
	case Pajek:
		err = t.pajek(text)
	case UCINET:
		err = t.ucinet(text)
	case Kumu:
		err = t.kumu(text)
	default:
		err = t.csv(text, nodes)
	}
	if err != nil {
		return nil, err
	}
	if len(t.Nodes) == 0 {
		return nil, refuse("graphs.no_nodes", map[string]any{"Format": t.Format})
	}
	return t.Taken, nil
}

// taking is a file on its way in.
type taking struct {
	*Taken
	limits Limits
	index  map[string]int    // nodes by id
	facts  map[string]string // keys of facts by title
}

// node adds a node, which must be new; without a label its id is its name.
func (t *taking) node(line int, n Node) error {
	n.ID, n.Label, n.Kind = clean(n.ID), clean(n.Label), clean(n.Kind)
	if n.ID == "" {
		return refuse("graphs.node_without_id", at(line))
	}
	if n.Label == "" {
		n.Label = n.ID
	}
	if max(len(n.ID), len(n.Label), len(n.Kind)) > t.limits.Name {
		return refuse("graphs.name_too_long", at(line, "Most", t.limits.Name))
	}
	if _, there := t.index[n.ID]; there {
		return refuse("graphs.node_twice", at(line, "Name", n.ID))
	}
	if len(t.Nodes) == t.limits.Nodes {
		return refuse("graphs.too_many_nodes", map[string]any{"Count": t.limits.Nodes})
	}
	t.index[n.ID] = len(t.Nodes)
	t.Nodes = append(t.Nodes, n)
	return nil
}

// tie adds a tie. Its ends are looked at when all nodes are there.
func (t *taking) tie(line int, tie Tie) error {
	tie.From, tie.To = clean(tie.From), clean(tie.To)
	tie.ID, tie.Kind, tie.Label, tie.Layer = clean(tie.ID), clean(tie.Kind), clean(tie.Label), clean(tie.Layer)
	tie.Since, tie.Until = clean(tie.Since), clean(tie.Until)
	if tie.From == "" || tie.To == "" {
		return refuse("graphs.tie_without_end", at(line))
	}
	if max(len(tie.From), len(tie.To), len(tie.Kind), len(tie.Label), len(tie.Layer), len(tie.ID), len(tie.Since), len(tie.Until)) > t.limits.Name {
		return refuse("graphs.name_too_long", at(line, "Most", t.limits.Name))
	}
	if len(t.Ties) == t.limits.Ties {
		return refuse("graphs.too_many_ties", map[string]any{"Count": t.limits.Ties})
	}
	var err error
	if tie.Strength, err = strength(line, tie.Strength); err != nil {
		return err
	}
	t.Weighted = t.Weighted || tie.Strength != ""
	t.Directed = t.Directed || !tie.Mutual
	t.Ties = append(t.Ties, tie)
	return nil
}

// strength is a number that is not negative, written with a point.
func strength(line int, text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", nil
	}
	number := text
	if strings.Count(text, ",") == 1 && !strings.Contains(text, ".") {
		number = strings.Replace(text, ",", ".", 1)
	}
	value, err := strconv.ParseFloat(number, 64)
	if err != nil || math.IsNaN(value) || math.IsInf(value, 0) {
		return "", refuse("graphs.weight_no_number", at(line, "Text", text))
	}
	if value < 0 {
		return "", refuse("graphs.weight_negative", at(line, "Text", text))
	}
	return strconv.FormatFloat(value, 'g', -1, 64), nil
}

// known refuses a tie whose ends are not both among the nodes.
func (t *taking) known(line int, ends ...string) error {
	for _, end := range ends {
		if _, there := t.index[clean(end)]; !there {
			return refuse("graphs.unknown_node", at(line, "Name", end))
		}
	}
	return nil
}

// fact is the key under which nodes carry what has this title, made when it is new.
func (t *taking) fact(line int, title string) (string, error) {
	if key, there := t.facts[title]; there {
		return key, nil
	}
	if len(t.Facts) == t.limits.Facts {
		return "", refuse("graphs.too_many_facts", map[string]any{"Count": t.limits.Facts})
	}
	if len(title) > t.limits.Name {
		return "", refuse("graphs.name_too_long", at(line, "Most", t.limits.Name))
	}
	word := strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return '_'
	}, title)
	key := word
	for n := 2; t.hasFact(key); n++ {
		key = word + "_" + strconv.Itoa(n)
	}
	t.facts[title] = key
	t.Facts = append(t.Facts, Fact{Key: key, Title: clean(title)})
	return key, nil
}

func (t *taking) hasFact(key string) bool {
	for _, f := range t.Facts {
		if f.Key == key {
			return true
		}
	}
	return false
}

func (n *Node) carry(key, value string) {
	if value = clean(value); value == "" {
		return
	}
	if n.Values == nil {
		n.Values = map[string]string{}
	}
	n.Values[key] = value
}

// clean takes spaces around and characters that have no place in a name away.
func clean(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), r == 0xfeff, r == utf8.RuneError, r&0xfffe == 0xfffe, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, text))
}

// told says what a tie carries, by a name that programs give it.
func (t *Tie) told(name, value string) bool {
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "weight", "strength", "value":
		t.Strength = value
	case "kind", "type", "relation":
		t.Kind = value
	case "label", "name":
		t.Label = value
	case "since", "start":
		t.Since = value
	case "until":
		t.Until = value
	case "layer":
		t.Layer = value
	case "direction":
		switch strings.ToLower(strings.TrimSpace(value)) {
		case "mutual", "undirected", "both":
			t.Mutual = true
		case "directed":
			t.Mutual = false
		}
	default:
		return false
	}
	return true
}

// told says what a node carries that has a place of its own.
func (n *Node) told(name, value string) bool {
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "label", "name":
		n.Label = value
	case "kind", "type":
		n.Kind = value
	default:
		return false
	}
	return true
}
