package markdown

import (
	"html"
	"strconv"
	"strings"
)

// Styles are what elements look like where nothing else says so, as in a letter: the
// content of the style attribute by element.
type Styles map[string]string

// HTML writes a text, its places filled by fill. Everything but our own elements is
// escaped.
func (t *Text) HTML(styles Styles, fill func(name string) string) string {
	var out strings.Builder
	for _, k := range t.tokens {
		switch k.kind {
		case words:
			out.WriteString(html.EscapeString(k.text))
		case place:
			out.WriteString(html.EscapeString(fill(k.text)))
		case lineEnd:
			out.WriteString("<br>\n")
		case open:
			out.WriteString("<" + k.tag)
			if k.href != "" {
				out.WriteString(` href="` + html.EscapeString(k.href) + `"`)
			}
			if k.tag == "ol" && k.number > 1 {
				out.WriteString(` start="` + strconv.Itoa(k.number) + `"`)
			}
			if style := styles[k.tag]; style != "" {
				out.WriteString(` style="` + html.EscapeString(style) + `"`)
			}
			out.WriteString(">")
		case shut:
			out.WriteString("</" + k.tag + ">")
			if k.block() {
				out.WriteString("\n")
			}
		}
	}
	return out.String()
}

func (k token) block() bool {
	return k.tag == "p" || k.tag == "h2" || k.tag == "ul" || k.tag == "ol" || k.tag == "li"
}

// Plain writes a text without marks, its places filled by fill: paragraphs with an
// empty line between them, and behind a link where it leads.
func (t *Text) Plain(fill func(name string) string) string {
	w := plainWriter{}
	for _, k := range t.tokens {
		switch k.kind {
		case words:
			w.write(k.text)
		case place:
			w.write(fill(k.text))
		case lineEnd:
			w.line()
		case open:
			w.open(k)
		case shut:
			w.shut(k)
		}
	}
	return strings.TrimRight(w.out.String(), "\n")
}

// plainWriter writes lines, each behind the indent of the lists it lies in.
type plainWriter struct {
	out    strings.Builder
	lists  []int // the number of the next item; 0 where items have none
	begun  bool  // whether the line has words
	mark   string
	shown  strings.Builder // the words of a link
	inLink bool
}

func (w *plainWriter) write(s string) {
	if s == "" {
		return
	}
	if !w.begun {
		indent := strings.Repeat("  ", max(0, len(w.lists)-1))
		if len(w.lists) > 0 && w.mark == "" {
			indent += "  "
		}
		w.out.WriteString(indent + w.mark)
		w.begun, w.mark = true, ""
	}
	w.out.WriteString(s)
	if w.inLink {
		w.shown.WriteString(s)
	}
}

func (w *plainWriter) line() {
	if w.begun {
		w.out.WriteString("\n")
	}
	w.begun = false
}

// gap ends a paragraph.
func (w *plainWriter) gap() {
	w.line()
	if s := w.out.String(); s != "" && !strings.HasSuffix(s, "\n\n") {
		w.out.WriteString("\n")
	}
}

func (w *plainWriter) open(k token) {
	switch k.tag {
	case "ul", "ol":
		w.line()
		next := 0
		if k.tag == "ol" {
			next = max(1, k.number)
		}
		w.lists = append(w.lists, next)
	case "li":
		w.line()
		last := len(w.lists) - 1
		if w.mark = "- "; w.lists[last] > 0 {
			w.mark = strconv.Itoa(w.lists[last]) + ". "
			w.lists[last]++
		}
	case "a":
		w.inLink = true
		w.shown.Reset()
	}
}

func (w *plainWriter) shut(k token) {
	switch k.tag {
	case "p", "h2":
		w.gap()
	case "li":
		w.line()
		w.mark = ""
	case "ul", "ol":
		if w.lists = w.lists[:len(w.lists)-1]; len(w.lists) == 0 {
			w.gap()
		}
	case "a":
		w.inLink = false
		if target := strings.TrimPrefix(k.href, "mailto:"); w.shown.String() != target {
			w.write(" <" + target + ">")
		}
	}
}
