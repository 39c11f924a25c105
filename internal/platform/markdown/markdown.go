// Package markdown reads the small part of Markdown that people need for a letter:
// paragraphs, headings, lists, emphasis and links, with named places in braces that are
// filled later. It writes the same as HTML and as plain text.
//
// HTML, pictures and code are no part of it and stay the signs that were typed. What is
// written is made of elements of our own alone, and everything else is escaped, so there
// is nothing left that a cleaner could take out.
package markdown

import (
	"bytes"
	"fmt"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// MaxSource is the largest text in bytes.
const MaxSource = 40_000

// deepest is how deep lists and emphasis may lie within one another.
const deepest = 12

// The reasons for refusing a text.
const (
	TooLong     = "too_long"
	TooDeep     = "too_deep"
	UnknownName = "unknown_name" // a place in braces whose name is not among those given
	LoneBrace   = "lone_brace"   // a brace that belongs to no name
	BadLink     = "bad_link"     // an address that is neither of the web nor of mail
	PosingLink  = "posing_link"  // a link that shows another address than the one it leads to
)

// Fault says what is wrong with a text, and where.
type Fault struct {
	Reason string
	Line   int    // the first is 1
	Name   string // what stands there
	Target string // where a link leads that shows Name
}

// Error describes the fault for logs.
func (f *Fault) Error() string {
	return fmt.Sprintf("markdown: line %d: %s %q", f.Line, f.Reason, f.Name)
}

// kind is what a token is.
type kind int

const (
	words kind = iota
	place      // a named place
	lineEnd
	open
	shut
)

// token is a piece of a text; tag and href are of an element, number of an item.
type token struct {
	kind      kind
	text      string
	tag, href string
	number    int
}

// Text is a text that was read.
type Text struct{ tokens []token }

// blocks and inlines are the parts of Markdown that are read.
var (
	blocks = util.PrioritizedSlice{
		util.Prioritized(parser.NewListParser(), 300), util.Prioritized(parser.NewListItemParser(), 400),
		util.Prioritized(parser.NewATXHeadingParser(), 600), util.Prioritized(parser.NewParagraphParser(), 1000),
	}
	inlines = util.PrioritizedSlice{
		util.Prioritized(parser.NewLinkParser(), 200), util.Prioritized(parser.NewAutoLinkParser(), 300), util.Prioritized(parser.NewEmphasisParser(), 500),
	}
)

// Parse reads a text in which the names that known tells may stand in braces. It
// returns every fault, in order; the text is nil when there is any.
func Parse(source string, known func(name string) bool) (*Text, []*Fault) {
	if len(source) > MaxSource {
		return nil, []*Fault{{Reason: TooLong, Line: 1}}
	}
	raw := []byte(source)
	// A parser keeps state while it reads, so each text has one of its own.
	root := parser.NewParser(parser.WithBlockParsers(blocks...), parser.WithInlineParsers(inlines...)).Parse(text.NewReader(raw))
	r := &reader{source: raw, known: known, line: 1}
	r.children(root, 0)
	if len(r.faults) > 0 {
		return nil, r.faults
	}
	return &Text{r.tokens}, nil
}

// Names are the named places of a text, each once, in order.
func (t *Text) Names() []string {
	var out []string
	seen := map[string]bool{}
	for _, k := range t.tokens {
		if k.kind == place && !seen[k.text] {
			seen[k.text] = true
			out = append(out, k.text)
		}
	}
	return out
}

// reader walks a text once.
type reader struct {
	source []byte
	known  func(string) bool
	line   int // of what was read last
	tokens []token
	faults []*Fault
}

func (r *reader) fault(reason, name, target string) {
	r.faults = append(r.faults, &Fault{Reason: reason, Line: r.line, Name: name, Target: target})
}

// at remembers the line that a place of the source lies in.
func (r *reader) at(offset int) {
	r.line = 1 + bytes.Count(r.source[:min(offset, len(r.source))], []byte{'\n'})
}

func (r *reader) children(n ast.Node, depth int) {
	if depth > deepest {
		r.fault(TooDeep, "", "")
		return
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		r.node(c, depth)
	}
}

// within reads a node as an element.
func (r *reader) within(n ast.Node, depth int, t token) {
	t.kind = open
	r.tokens = append(r.tokens, t)
	r.children(n, depth+1)
	t.kind = shut
	r.tokens = append(r.tokens, t)
}

func (r *reader) node(n ast.Node, depth int) {
	switch n := n.(type) {
	case *ast.Paragraph:
		r.within(n, depth, token{tag: "p"})
	case *ast.TextBlock: // the words of an item of a tight list
		r.children(n, depth+1)
	case *ast.Heading:
		r.within(n, depth, token{tag: "h2"})
	case *ast.List:
		tag := "ul"
		if n.IsOrdered() {
			tag = "ol"
		}
		r.within(n, depth, token{tag: tag, number: n.Start})
	case *ast.ListItem:
		r.within(n, depth, token{tag: "li"})
	case *ast.Emphasis:
		tag := "em"
		if n.Level == 2 {
			tag = "strong"
		}
		r.within(n, depth, token{tag: tag})
	case *ast.Link:
		r.link(n, depth)
	case *ast.AutoLink:
		address, label := string(n.URL(r.source)), string(n.Label(r.source))
		if n.AutoLinkType == ast.AutoLinkEmail {
			address = "mailto:" + label
		}
		if !leads(address) {
			r.fault(BadLink, label, "")
			return
		}
		r.tokens = append(r.tokens, token{kind: open, tag: "a", href: address}, token{kind: words, text: label}, token{kind: shut, tag: "a", href: address})
	case *ast.Image: // a picture tells its sender who opened the letter
		r.fault(BadLink, string(n.Destination), "")
	case *ast.Text:
		r.at(n.Segment.Start)
		r.words(string(n.Segment.Value(r.source)))
		if n.SoftLineBreak() || n.HardLineBreak() {
			r.tokens = append(r.tokens, token{kind: lineEnd})
		}
	case *ast.String:
		r.words(string(n.Value))
	default:
		r.children(n, depth+1)
	}
}

// words cuts a piece of text at the named places.
func (r *reader) words(s string) {
	plain := ""
	flush := func() {
		if plain != "" {
			r.tokens = append(r.tokens, token{kind: words, text: plain})
			plain = ""
		}
	}
	for s != "" {
		switch {
		case s[0] == '\\' && len(s) > 1 && util.IsPunct(s[1]):
			plain, s = plain+s[1:2], s[2:]
		case s[0] == '{':
			name, rest, found := cutName(s)
			switch {
			case !found:
				r.fault(LoneBrace, "{", "")
			case !r.known(name):
				r.fault(UnknownName, name, "")
			default:
				flush()
				r.tokens = append(r.tokens, token{kind: place, text: name})
			}
			s = rest
		case s[0] == '}':
			r.fault(LoneBrace, "}", "")
			s = s[1:]
		default:
			end := bytes.IndexAny([]byte(s[1:]), `\{}`)
			if end < 0 {
				end = len(s) - 1
			}
			plain, s = plain+s[:end+1], s[end+1:]
		}
	}
	flush()
}

// longestName bounds what is taken for a name.
const longestName = 60

// cutName takes {name} from the beginning of s.
func cutName(s string) (name, rest string, found bool) {
	end := bytes.IndexAny([]byte(s[1:]), "{}\n")
	if end < 1 || end > longestName || s[1+end] != '}' {
		return "", s[1:], false
	}
	return s[1 : 1+end], s[2+end:], true
}
