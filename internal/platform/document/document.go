// Package document writes the small part of Word's format (Office Open XML, ECMA-376)
// that printed sheets need: headings, paragraphs, lists and tables, with the language
// they are in, the direction of their text, and heads of tables that screen readers
// know as such.
package document

import (
	"bytes"
	"encoding/xml"
	"strconv"
	"strings"
	"unicode"
)

// Type is the media type of a document, and Ending the end of its file's name.
const (
	Type   = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	Ending = "docx"
)

// Document is one that is being written.
type Document struct {
	title, language string
	body            bytes.Buffer
	lists           int // how many numbered lists there are, each counting from one
}

// New begins a document with its title as the first heading. language is a tag such as
// "fr".
func New(title, language string) *Document {
	d := &Document{title: clean(title), language: clean(language)}
	d.paragraph("Title", "", title)
	return d
}

// Heading adds a heading below the title; level counts from 1.
func (d *Document) Heading(level int, text string) {
	d.paragraph("Heading"+strconv.Itoa(min(max(level, 1), 3)), "", text)
}

// Lead adds a quiet line, such as when and where.
func (d *Document) Lead(text string) { d.paragraph("Subtitle", "", text) }

// Text adds what somebody wrote: a paragraph for each blank line in it, and a new line
// for each other break. Nothing is added where nothing was written.
func (d *Document) Text(text string) {
	for _, part := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if strings.TrimSpace(part) != "" {
			d.paragraph("", "", part)
		}
	}
}

// List adds lines with a mark before each.
func (d *Document) List(lines []string) {
	for _, line := range lines {
		d.paragraph("ListParagraph", numbering(1), line)
	}
}

// Numbered adds lines that are counted, each with what stands below it.
func (d *Document) Numbered(lines []string, below func(n int)) {
	d.lists++
	for n, line := range lines {
		d.paragraph("ListParagraph", numbering(d.lists+1), line)
		if below != nil {
			below(n)
		}
	}
}

func numbering(list int) string {
	return `<w:numPr><w:ilvl w:val="0"/><w:numId w:val="` + strconv.Itoa(list) + `"/></w:numPr>`
}

// width is that of a page between its margins, in twentieths of a point.
const width = 9638

// Table adds a table whose first row is its head: it is repeated on every page, and
// told as such to screen readers. caption is for those as well.
func (d *Document) Table(caption string, head []string, rows [][]string) {
	column := strconv.Itoa(width / max(len(head), 1))
	d.body.WriteString(`<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/>`)
	if rightToLeft(strings.Join(head, " ")) {
		d.body.WriteString(`<w:bidiVisual/>`)
	}
	d.body.WriteString(`<w:tblW w:w="` + strconv.Itoa(width) + `" w:type="dxa"/><w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/><w:tblCaption w:val="` + escape(caption) + `"/></w:tblPr><w:tblGrid>`)
	for range head {
		d.body.WriteString(`<w:gridCol w:w="` + column + `"/>`)
	}
	d.body.WriteString(`</w:tblGrid>`)
	for n, row := range append([][]string{head}, rows...) {
		d.body.WriteString(`<w:tr><w:trPr><w:cantSplit/>`)
		if n == 0 {
			d.body.WriteString(`<w:tblHeader/>`)
		}
		d.body.WriteString(`</w:trPr>`)
		for k := range head {
			d.body.WriteString(`<w:tc><w:tcPr><w:tcW w:w="` + column + `" w:type="dxa"/></w:tcPr>`)
			style, text := "TableText", ""
			if n == 0 {
				style = "TableHead"
			}
			if k < len(row) {
				text = row[k]
			}
			d.paragraph(style, "", text)
			d.body.WriteString(`</w:tc>`)
		}
		d.body.WriteString(`</w:tr>`)
	}
	d.body.WriteString(`</w:tbl><w:p/>`) // Word asks for a paragraph after a table
}

// paragraph adds one, in the order of elements that the schema asks for.
func (d *Document) paragraph(style, list, text string) {
	text = clean(text)
	against := rightToLeft(text)
	d.body.WriteString(`<w:p>`)
	if style != "" || list != "" || against {
		d.body.WriteString(`<w:pPr>`)
		if style != "" {
			d.body.WriteString(`<w:pStyle w:val="` + style + `"/>`)
		}
		d.body.WriteString(list)
		if against {
			d.body.WriteString(`<w:bidi/>`)
		}
		d.body.WriteString(`</w:pPr>`)
	}
	for n, line := range strings.Split(text, "\n") {
		d.body.WriteString(`<w:r>`)
		if against {
			d.body.WriteString(`<w:rPr><w:rtl/></w:rPr>`)
		}
		if n > 0 {
			d.body.WriteString(`<w:br/>`)
		}
		d.body.WriteString(`<w:t xml:space="preserve">` + escape(line) + `</w:t></w:r>`)
	}
	d.body.WriteString(`</w:p>`)
}

// clean leaves out what a document cannot hold: control characters, half characters,
// and marks that would turn the direction of what follows.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case r == unicode.ReplacementChar || unicode.IsControl(r) || r == 0xFFFE || r == 0xFFFF || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, text)
}

// rightToLeft says whether a text begins in a script that runs that way.
func rightToLeft(text string) bool {
	for _, r := range text {
		if unicode.IsLetter(r) {
			return unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko)
		}
	}
	return false
}

func escape(text string) string {
	var out bytes.Buffer
	_ = xml.EscapeText(&out, []byte(clean(text))) // a buffer takes every write
	return out.String()
}
