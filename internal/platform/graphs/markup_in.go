package graphs

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// elements reads XML that comes from anybody: no document type, no entities but those of XML itself, no more depth
// than the limit.
type elements struct {
	decoder *xml.Decoder
	limits  Limits
	depth   int
}

func newElements(text string, limits Limits) *elements {
	d := xml.NewDecoder(strings.NewReader(text))
	// The text is UTF-8 already, whatever its first line says.
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	return &elements{decoder: d, limits: limits}
}

func (e *elements) line() int {
	line, _ := e.decoder.InputPos()
	return line
}

// next is the next element, its end or its text; nil at the end.
func (e *elements) next() (xml.Token, error) {
	for {
		token, err := e.decoder.Token()
		if errors.Is(err, io.EOF) {
			if e.depth > 0 {
				return nil, refuse("graphs.broken_markup", at(e.line()))
			}
			return nil, nil
		}
		if err != nil {
			return nil, &Refusal{Key: "graphs.broken_markup", Args: at(e.line()), Cause: err}
		}
		switch x := token.(type) {
		case xml.Directive:
			return nil, refuse("graphs.doctype", at(e.line()))
		case xml.StartElement:
			if e.depth++; e.depth > e.limits.Depth {
				return nil, refuse("graphs.too_deep", at(e.line(), "Most", e.limits.Depth))
			}
			return x, nil
		case xml.EndElement:
			if e.depth--; e.depth < 0 {
				return nil, refuse("graphs.broken_markup", at(e.line()))
			}
			return x, nil
		case xml.CharData:
			return x, nil
		}
	}
}

// within calls begin for each element inside the one that has just begun, until it ends; begin must read its
// element to the end, with within or text.
func (e *elements) within(begin func(xml.StartElement) error) error {
	for {
		token, err := e.next()
		if err != nil {
			return err
		}
		switch x := token.(type) {
		case nil:
			return nil
		case xml.EndElement:
			return nil
		case xml.StartElement:
			if err := begin(x); err != nil {
				return err
			}
		}
	}
}

// leave reads the element that has just begun to its end.
func (e *elements) leave() error { return e.within(func(xml.StartElement) error { return e.leave() }) }

// text is all text in the element that has just begun, to its end.
func (e *elements) text() (string, error) {
	var b strings.Builder
	for depth := 1; depth > 0; {
		token, err := e.next()
		if err != nil {
			return "", err
		}
		switch x := token.(type) {
		case nil:
			return b.String(), nil
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		case xml.CharData:
			b.Write(x)
		}
	}
	return b.String(), nil
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// rootOf tells which kind of XML a text is.
func rootOf(text string, limits Limits) (string, error) {
	e := newElements(text, limits)
	for {
		token, err := e.next()
		if err != nil {
			return "", err
		}
		if token == nil {
			return "", refuse("graphs.unknown", nil)
		}
		if start, ok := token.(xml.StartElement); ok {
			switch start.Name.Local {
			case "graphml":
				return GraphML, nil
			case "gexf":
				return GEXF, nil
			}
			return "", refuse("graphs.other_markup", map[string]any{"Name": brief(start.Name.Local)})
		}
	}
}

// document calls begin for what is inside the root of a text.
func (t *taking) document(text string, begin func(*elements, xml.StartElement) error) error {
	e := newElements(text, t.limits)
	roots := 0
	return e.within(func(root xml.StartElement) error {
		if roots++; roots > 1 {
			return refuse("graphs.broken_markup", at(e.line()))
		}
		return e.within(func(x xml.StartElement) error { return begin(e, x) })
	})
}

// pending is a tie whose ends are looked at when the whole file was read.
type pending struct {
	line     int
	from, to string
}

// settle looks at the ends of all ties.
func (t *taking) settle(ties []pending) error {
	for _, p := range ties {
		if err := t.known(p.line, p.from, p.to); err != nil {
			return err
		}
	}
	return nil
}
