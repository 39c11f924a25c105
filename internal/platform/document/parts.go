package document

import (
	"archive/zip"
	"io"
	"strconv"
	"strings"
	"time"
)

const (
	head = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	main = `http://schemas.openxmlformats.org/wordprocessingml/2006/main`
)

// Write writes the document as a file that Word opens. made is when it was made.
func (d *Document) Write(w io.Writer, made time.Time) error {
	z := zip.NewWriter(w)
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", contentTypes}, {"_rels/.rels", packageParts}, {"word/_rels/document.xml.rels", documentParts},
		{"docProps/core.xml", d.core(made)}, {"word/styles.xml", d.styles()}, {"word/numbering.xml", d.numberings()},
		{"word/document.xml", `<w:document xmlns:w="` + main + `"><w:body>` + d.body.String() +
			`<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="708" w:footer="708" w:gutter="0"/></w:sectPr></w:body></w:document>`},
	} {
		out, err := z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate, Modified: made})
		if err != nil {
			return err
		}
		if _, err := io.WriteString(out, head+part.text); err != nil {
			return err
		}
	}
	return z.Close()
}

const contentTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
	`<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>` +
	`<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>` +
	`<Override PartName="/word/numbering.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"/>` +
	`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`

const packageParts = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
	`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>` +
	`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`

const documentParts = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
	`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>` +
	`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering" Target="numbering.xml"/></Relationships>`

func (d *Document) core(made time.Time) string {
	at := made.UTC().Format(time.RFC3339)
	return `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		`<dc:title>` + escape(d.title) + `</dc:title><dc:language>` + escape(d.language) + `</dc:language><dcterms:created xsi:type="dcterms:W3CDTF">` + at + `</dcterms:created></cp:coreProperties>`
}

// styles are those the body names, in the language of the document.
func (d *Document) styles() string {
	var out strings.Builder
	out.WriteString(`<w:styles xmlns:w="` + main + `"><w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="22"/><w:szCs w:val="22"/><w:lang w:val="` + escape(d.language) + `"/></w:rPr></w:rPrDefault>` +
		`<w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>` +
		`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>`)
	style := func(id, name, paragraph, run string) {
		out.WriteString(`<w:style w:type="paragraph" w:styleId="` + id + `"><w:name w:val="` + name + `"/><w:basedOn w:val="Normal"/><w:pPr>` + paragraph + `</w:pPr><w:rPr>` + run + `</w:rPr></w:style>`)
	}
	size := func(half int) string {
		return `<w:sz w:val="` + strconv.Itoa(half) + `"/><w:szCs w:val="` + strconv.Itoa(half) + `"/>`
	}
	style("Title", "Title", `<w:keepNext/><w:spacing w:after="60"/>`, `<w:b/><w:bCs/>`+size(40))
	style("Subtitle", "Subtitle", `<w:spacing w:after="240"/>`, size(24))
	for n, half := range []int{30, 26, 24} {
		level := strconv.Itoa(n)
		style("Heading"+strconv.Itoa(n+1), "heading "+strconv.Itoa(n+1), `<w:keepNext/><w:spacing w:before="240" w:after="80"/><w:outlineLvl w:val="`+level+`"/>`, `<w:b/><w:bCs/>`+size(half))
	}
	style("ListParagraph", "List Paragraph", `<w:spacing w:after="60"/>`, "")
	style("TableText", "Table Text", `<w:spacing w:before="60" w:after="60"/>`, "")
	style("TableHead", "Table Head", `<w:keepNext/><w:spacing w:before="60" w:after="60"/>`, `<w:b/><w:bCs/>`)
	out.WriteString(`<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:tblPr><w:tblBorders>`)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		out.WriteString(`<w:` + side + ` w:val="single" w:sz="4" w:space="0" w:color="auto"/>`)
	}
	return out.String() + `</w:tblBorders><w:tblCellMar><w:left w:w="108" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style></w:styles>`
}

// numberings are the marks of lists: one of bullets, and one of numbers for each list
// that is counted, so that each begins anew.
func (d *Document) numberings() string {
	level := func(format, text string) string {
		return `<w:multiLevelType w:val="hybridMultilevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="` + format + `"/><w:lvlText w:val="` + text + `"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="425" w:hanging="425"/></w:pPr></w:lvl>`
	}
	var out strings.Builder
	out.WriteString(`<w:numbering xmlns:w="` + main + `"><w:abstractNum w:abstractNumId="0">` + level("bullet", "•") + `</w:abstractNum><w:abstractNum w:abstractNumId="1">` + level("decimal", "%1.") + `</w:abstractNum>` +
		`<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>`)
	for n := range d.lists {
		out.WriteString(`<w:num w:numId="` + strconv.Itoa(n+2) + `"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>`)
	}
	return out.String() + `</w:numbering>`
}
