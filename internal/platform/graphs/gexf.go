package graphs

import (
	"bufio"
	"io"
	"strconv"
)

// WriteGEXF writes GEXF 1.3, the form Gephi reads. Ties bear the days on which they
// began and end; in GEXF an end belongs to the time, so it is the day before.
func WriteGEXF(w io.Writer, g Graph) error {
	buffer := bufio.NewWriter(w)
	m := &markup{out: buffer}
	m.raw(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	m.open("gexf", "", "xmlns", "http://gexf.net/1.3", "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance",
		"xsi:schemaLocation", "http://gexf.net/1.3 http://gexf.net/1.3/gexf.xsd", "version", "1.3")
	m.open("meta", "", "lastmodifieddate", g.Day)
	m.element("creator", "Commontable")
	m.element("description", g.Name+" "+g.Day)
	m.raw("</meta>\n")
	m.open("graph", "", "defaultedgetype", "directed", "mode", "dynamic", "timeformat", "date")
	m.open("attributes", "", "class", "node", "mode", "static")
	m.open("attribute", "/", "id", "kind", "title", "kind", "type", "string")
	for _, f := range g.Facts {
		m.open("attribute", "/", "id", f.Key, "title", f.Title, "type", "string")
	}
	m.raw("</attributes>\n")
	m.open("attributes", "", "class", "edge", "mode", "static")
	m.open("attribute", "/", "id", "layer", "title", "layer", "type", "string")
	m.raw("</attributes>\n<nodes>\n")
	for _, n := range g.Nodes {
		m.open("node", "", "id", n.ID, "label", n.Label)
		m.raw("<attvalues>\n")
		m.open("attvalue", "/", "for", "kind", "value", n.Kind)
		for _, f := range g.Facts {
			if value := n.Values[f.Key]; value != "" {
				m.open("attvalue", "/", "for", f.Key, "value", value)
			}
		}
		m.raw("</attvalues>\n</node>\n")
	}
	m.raw("</nodes>\n<edges>\n")
	for i, t := range g.drawn() {
		m.open("edge", "", "id", strconv.Itoa(i), "source", t.From, "target", t.To, "type", t.direction(), "kind", t.Kind, "label", t.Label, "weight", t.Strength, "start", t.Since, "end", dayBefore(t.Until))
		if t.Layer != "" {
			m.raw("<attvalues>\n")
			m.open("attvalue", "/", "for", "layer", "value", t.Layer)
			m.raw("</attvalues>\n")
		}
		m.raw("</edge>\n")
	}
	m.raw("</edges>\n</graph>\n</gexf>\n")
	if m.err != nil {
		return m.err
	}
	return buffer.Flush()
}
