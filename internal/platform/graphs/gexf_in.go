package graphs

import (
	"encoding/xml"
	"time"
)

type gexfReader struct {
	*taking
	*elements
	titles map[string]map[string]string // of attributes, by class and id
	ties   []pending
	graphs int
}

// gexf reads GEXF 1.1 to 1.3, also with nodes inside nodes; what belongs to the drawing is left out.
func (t *taking) gexf(text string) error {
	r := &gexfReader{taking: t, titles: map[string]map[string]string{"node": {}, "edge": {}}}
	err := t.document(text, func(e *elements, x xml.StartElement) error {
		r.elements = e
		switch x.Name.Local {
		case "graph":
			if r.graphs++; r.graphs > 1 {
				return refuse("graphs.broken_markup", at(e.line()))
			}
			return r.graph(x)
		case "meta":
			return e.within(func(x xml.StartElement) error {
				text, err := e.text()
				if x.Name.Local == "description" {
					t.Name = brief(clean(text))
				}
				return err
			})
		}
		return e.leave()
	})
	if err != nil {
		return err
	}
	return t.settle(r.ties)
}

func (r *gexfReader) graph(x xml.StartElement) error {
	standard := attribute(x, "defaultedgetype")
	return r.within(func(x xml.StartElement) error {
		switch x.Name.Local {
		case "attributes":
			return r.attributes(x)
		case "nodes":
			return r.nodes()
		case "edges":
			return r.within(func(x xml.StartElement) error {
				if x.Name.Local == "edge" {
					return r.edge(x, standard)
				}
				return r.leave()
			})
		}
		return r.leave()
	})
}

func (r *gexfReader) attributes(x xml.StartElement) error {
	of := r.titles[attribute(x, "class")]
	return r.within(func(x xml.StartElement) error {
		if x.Name.Local == "attribute" && of != nil {
			if len(of) >= r.taking.limits.Facts+50 {
				return refuse("graphs.too_many_facts", map[string]any{"Count": r.taking.limits.Facts})
			}
			title := attribute(x, "title")
			if title == "" {
				title = attribute(x, "id")
			}
			of[attribute(x, "id")] = title
		}
		return r.leave()
	})
}

func (r *gexfReader) nodes() error {
	return r.within(func(x xml.StartElement) error {
		if x.Name.Local != "node" {
			return r.leave()
		}
		line, place := r.line(), len(r.Nodes)
		if err := r.taking.node(line, Node{ID: attribute(x, "id"), Label: attribute(x, "label")}); err != nil {
			return err
		}
		return r.within(func(x xml.StartElement) error {
			switch x.Name.Local {
			case "attvalues":
				return r.values("node", func(line int, title, value string) error {
					if len(value) > r.taking.limits.Name*20 {
						return refuse("graphs.name_too_long", at(line, "Most", r.taking.limits.Name*20))
					}
					n := &r.Nodes[place]
					if title == "kind" && len(value) <= r.taking.limits.Name {
						n.Kind = clean(value)
						return nil
					}
					key, err := r.fact(line, title)
					if err == nil {
						n.carry(key, value)
					}
					return err
				})
			case "nodes":
				return r.nodes()
			}
			return r.leave()
		})
	})
}

// values goes through the <attvalue> of a node or tie.
func (r *gexfReader) values(of string, tell func(line int, title, value string) error) error {
	return r.within(func(x xml.StartElement) error {
		if x.Name.Local == "attvalue" {
			id := attribute(x, "for")
			if id == "" {
				id = attribute(x, "id") // in GEXF 1.1
			}
			title, declared := r.titles[of][id]
			if !declared {
				return refuse("graphs.undeclared", at(r.line(), "Name", id))
			}
			if err := tell(r.line(), title, attribute(x, "value")); err != nil {
				return err
			}
		}
		return r.leave()
	})
}

func (r *gexfReader) edge(x xml.StartElement, standard string) error {
	line, kind := r.line(), attribute(x, "type")
	if kind == "" {
		kind = standard
	}
	tie := Tie{ID: attribute(x, "id"), From: attribute(x, "source"), To: attribute(x, "target"), Kind: attribute(x, "kind"), Label: attribute(x, "label"),
		Strength: attribute(x, "weight"), Since: attribute(x, "start"), Until: dayAfter(attribute(x, "end")), Mutual: kind != "directed"}
	err := r.within(func(x xml.StartElement) error {
		if x.Name.Local == "attvalues" {
			return r.values("edge", func(_ int, title, value string) error {
				if title != "direction" && (title != "weight" || tie.Strength == "") {
					tie.told(title, value)
				}
				return nil
			})
		}
		return r.leave()
	})
	if err != nil {
		return err
	}
	r.ties = append(r.ties, pending{line, tie.From, tie.To})
	return r.tie(line, tie)
}

// dayAfter is the day on which something no longer is that was last on this one; other text stays.
func dayAfter(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.AddDate(0, 0, 1).Format(time.DateOnly)
}
