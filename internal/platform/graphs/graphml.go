package graphs

import (
	"bufio"
	"io"
)

// The names of what every node and tie carries in GraphML.
var (
	nodeKeys = [][2]string{{"label", "label"}, {"kind", "kind"}}
	tieKeys  = [][2]string{{"tie_kind", "kind"}, {"tie_label", "label"}, {"tie_since", "since"}, {"tie_until", "until"},
		{"tie_direction", "direction"}, {"tie_strength", "strength"}, {"tie_layer", "layer"}}
)

// WriteGraphML writes a directed graph with a <key> for everything it carries.
func WriteGraphML(w io.Writer, g Graph) error {
	buffer := bufio.NewWriter(w)
	m := &markup{out: buffer}
	m.raw(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	m.open("graphml", "", "xmlns", "http://graphml.graphdrawing.org/xmlns", "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance",
		"xsi:schemaLocation", "http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd")
	for _, key := range nodeKeys {
		m.open("key", "/", "id", key[0], "for", "node", "attr.name", key[1], "attr.type", "string")
	}
	for _, f := range g.Facts {
		m.open("key", "/", "id", "fact_"+f.Key, "for", "node", "attr.name", f.Key, "attr.type", "string")
	}
	for _, key := range tieKeys {
		m.open("key", "/", "id", key[0], "for", "edge", "attr.name", key[1], "attr.type", "string")
	}
	m.open("graph", "", "id", "network", "edgedefault", "directed")
	m.element("desc", g.Name+" "+g.Day)
	for _, n := range g.Nodes {
		m.open("node", "", "id", n.ID)
		m.element("data", n.Label, "key", "label")
		m.element("data", n.Kind, "key", "kind")
		for _, f := range g.Facts {
			if value := n.Values[f.Key]; value != "" {
				m.element("data", value, "key", "fact_"+f.Key)
			}
		}
		m.raw("</node>\n")
	}
	for _, t := range g.drawn() {
		undirected := ""
		if t.Mutual {
			undirected = "false"
		}
		m.open("edge", "", "id", t.ID, "source", t.From, "target", t.To, "directed", undirected)
		for i, value := range []string{t.Kind, t.Label, t.Since, t.Until, t.direction(), t.Strength, t.Layer} {
			if value != "" {
				m.element("data", value, "key", tieKeys[i][0])
			}
		}
		m.raw("</edge>\n")
	}
	m.raw("</graph>\n</graphml>\n")
	if m.err != nil {
		return m.err
	}
	return buffer.Flush()
}
