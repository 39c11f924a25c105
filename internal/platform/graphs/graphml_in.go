package graphs

import (
	"encoding/xml"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// graphKey is what a <key> of GraphML declares.
type graphKey struct{ of, name, standard string }

type graphMLReader struct {
	*taking
	*elements
	keys   map[string]graphKey
	ties   []pending
	graphs int
}

// graphML reads GraphML, also with graphs inside nodes and with the labels of yEd; hyperedges and ports are no ties.
func (t *taking) graphML(text string) error {
	r := &graphMLReader{taking: t, keys: map[string]graphKey{}}
	err := t.document(text, func(e *elements, x xml.StartElement) error {
		r.elements = e
		switch x.Name.Local {
		case "key":
			return r.key(x)
		case "graph":
			if r.graphs++; r.graphs > 1 {
				if r.graphs == 2 {
					t.Notes = append(t.Notes, Note{"graphs.first_only", nil})
				}
				return e.leave()
			}
			return r.graph(x)
		}
		return e.leave()
	})
	if err != nil {
		return err
	}
	return t.settle(r.ties)
}

func (r *graphMLReader) key(x xml.StartElement) error {
	id := attribute(x, "id")
	k := graphKey{of: attribute(x, "for"), name: attribute(x, "attr.name")}
	if k.name == "" {
		k.name = attribute(x, "yfiles.type")
	}
	if k.name == "" {
		k.name = id
	}
	if len(r.keys) >= 2*r.taking.limits.Facts+50 {
		return refuse("graphs.too_many_facts", map[string]any{"Count": r.taking.limits.Facts})
	}
	err := r.within(func(d xml.StartElement) (err error) {
		if d.Name.Local != "default" {
			return r.leave()
		}
		k.standard, err = r.text()
		return err
	})
	r.keys[id] = k
	return err
}

func (r *graphMLReader) graph(x xml.StartElement) error {
	directed := attribute(x, "edgedefault") != "undirected"
	return r.within(func(x xml.StartElement) (err error) {
		switch x.Name.Local {
		case "node":
			return r.node(x)
		case "edge":
			return r.edge(x, directed)
		case "desc":
			if r.Name, err = r.text(); err == nil {
				r.Name = brief(strings.TrimSpace(r.Name))
			}
			return err
		case "hyperedge":
			if len(r.Notes) < 20 {
				r.Notes = append(r.Notes, Note{"graphs.hyperedge", at(r.line())})
			}
		}
		return r.leave()
	})
}

func (r *graphMLReader) node(x xml.StartElement) error {
	line, n := r.line(), Node{ID: attribute(x, "id")}
	place := len(r.Nodes)
	if err := r.taking.node(line, n); err != nil { // before the nodes inside it
		return err
	}
	carried := map[string]string{}
	err := r.within(func(x xml.StartElement) error {
		switch x.Name.Local {
		case "data":
			return r.data(x, "node", carried)
		case "graph":
			return r.graph(x)
		}
		return r.leave()
	})
	if err != nil {
		return err
	}
	node := &r.Nodes[place]
	return r.each("node", carried, func(name, value string) error {
		if len(value) > r.taking.limits.Name*20 {
			return refuse("graphs.name_too_long", at(line, "Most", r.taking.limits.Name*20))
		}
		if len(value) <= r.taking.limits.Name && node.told(name, clean(value)) {
			if node.Label == "" {
				node.Label = node.ID
			}
			return nil
		}
		key, err := r.fact(line, name)
		if err == nil {
			node.carry(key, value)
		}
		return err
	})
}

func (r *graphMLReader) edge(x xml.StartElement, directed bool) error {
	line := r.line()
	tie := Tie{ID: attribute(x, "id"), From: attribute(x, "source"), To: attribute(x, "target"), Mutual: !directed}
	if is, err := strconv.ParseBool(attribute(x, "directed")); err == nil {
		tie.Mutual = !is
	}
	if weight := attribute(x, "weight"); weight != "" {
		tie.Strength = weight
	}
	carried := map[string]string{}
	err := r.within(func(x xml.StartElement) error {
		if x.Name.Local == "data" {
			return r.data(x, "edge", carried)
		}
		return r.leave()
	})
	if err != nil {
		return err
	}
	if err := r.each("edge", carried, func(name, value string) error { tie.told(name, value); return nil }); err != nil {
		return err
	}
	r.ties = append(r.ties, pending{line, tie.From, tie.To})
	return r.tie(line, tie)
}

func (r *graphMLReader) data(x xml.StartElement, of string, into map[string]string) error {
	key := attribute(x, "key")
	text, err := r.text()
	if err != nil {
		return err
	}
	k, declared := r.keys[key]
	if !declared || k.of != "" && k.of != "all" && k.of != of {
		return refuse("graphs.undeclared", at(r.line(), "Name", key))
	}
	into[key] = text
	return nil
}

// each goes through what something carries, in the order of its keys, and what it would carry by default.
func (r *graphMLReader) each(of string, carried map[string]string, tell func(name, value string) error) error {
	for _, id := range slices.Sorted(maps.Keys(r.keys)) {
		k := r.keys[id]
		if k.of != "" && k.of != "all" && k.of != of {
			continue
		}
		value, there := carried[id]
		if !there {
			value = k.standard
		}
		name := k.name
		if name == "nodegraphics" || name == "edgegraphics" { // yEd's drawing holds the label
			name = "label"
		}
		if value = strings.TrimSpace(value); value == "" {
			continue
		}
		if err := tell(name, value); err != nil {
			return err
		}
	}
	return nil
}
