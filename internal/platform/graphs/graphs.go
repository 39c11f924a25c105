// Package graphs writes and reads networks of people and organizations in the forms
// that programs for network analysis and mapping use: GraphML, GEXF, Pajek, UCINET's
// DL, Kumu's tables and blueprint, and lists of nodes and ties. Nothing in it knows
// where a network comes from. Files come from anybody, so all sizes are bounded, and
// what cannot be taken is refused with what is wrong, where, and what to do.
package graphs

import (
	"encoding/xml"
	"io"
	"strings"
)

// Graph is a network as it stood on a day. Ties may name nodes that are not there;
// they are left out, since no reader accepts them.
type Graph struct {
	Name  string
	Day   string // YYYY-MM-DD
	Nodes []Node
	Ties  []Tie
	// Facts are what nodes may carry beside label and kind, in the order of columns.
	Facts []Fact
}

// Node is one organization, person or group.
type Node struct {
	ID, Label, Kind string
	Values          map[string]string // by a fact's key
}

// Tie leads from one node to another.
type Tie struct {
	ID, From, To, Kind, Label string
	Since, Until              string // civil dates; "" where open
	Mutual                    bool   // whether it leads both ways
	Strength, Layer           string // a number, and where it is known from; "" where nobody said
}

// direction is the word that programs for networks have for it.
func (t Tie) direction() string {
	if t.Mutual {
		return "mutual"
	}
	return "directed"
}

// Fact is something that nodes carry.
type Fact struct {
	Key   string // a word of ASCII letters, digits and underscores
	Title string
}

// drawn are the ties whose ends are both there.
func (g Graph) drawn() []Tie {
	known := make(map[string]bool, len(g.Nodes))
	for _, n := range g.Nodes {
		known[n.ID] = true
	}
	var out []Tie
	for _, t := range g.Ties {
		if known[t.From] && known[t.To] {
			out = append(out, t)
		}
	}
	return out
}

// markup writes XML. The first error of the writer is kept, so that only the last
// step needs a look.
type markup struct {
	out io.Writer
	err error
}

func (m *markup) raw(text string) {
	if m.err == nil {
		_, m.err = io.WriteString(m.out, text)
	}
}

// open writes an element with attributes, given as names and values; empty values
// are left out. end closes it at once where that is "/".
func (m *markup) open(name, end string, attributes ...string) {
	m.raw("<" + name)
	for i := 0; i+1 < len(attributes); i += 2 {
		if attributes[i+1] != "" {
			m.raw(" " + attributes[i] + `="` + escaped(attributes[i+1]) + `"`)
		}
	}
	m.raw(end + ">\n")
}

func (m *markup) element(name, text string, attributes ...string) {
	m.raw("<" + name)
	for i := 0; i+1 < len(attributes); i += 2 {
		m.raw(" " + attributes[i] + `="` + escaped(attributes[i+1]) + `"`)
	}
	m.raw(">" + escaped(text) + "</" + name + ">\n")
}

// escaped is text as XML takes it; what XML cannot hold is taken out.
func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a strings.Builder takes everything
	return strings.ReplaceAll(b.String(), "\uFFFD", "")
}
