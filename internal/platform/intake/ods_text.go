package intake

// text reads the text of the cell that just began into value and leaves the cell. Paragraphs are lines;
// comments, pictures and tables within the cell are left out.
func (r *odsReader) text() error {
	r.value = r.value[:0]
	paragraphs, within := 0, 0
	for depth := len(r.opened); len(r.opened) >= depth; {
		what, err := r.next()
		if err != nil {
			return err
		}
		if len(r.value) > r.most {
			return longCell(0)
		}
		switch what {
		case markText:
			if within > 0 {
				r.value = append(r.value, spaced(r.markup.text, r.value)...)
			}
		case markEnd:
			if len(r.opened) < within {
				within = 0
			}
		case markStart:
			switch string(r.name) {
			case "annotation", "frame", "table", "shapes", "ruby-text", "note":
				if err := r.skip(); err != nil {
					return err
				}
			case "p", "h":
				if within == 0 {
					if within = len(r.opened); paragraphs > 0 {
						r.value = append(r.value, '\n')
					}
					paragraphs++
				}
			case "s":
				for range min(repeated(r.attr("c")), 1000) {
					r.value = append(r.value, ' ')
				}
			case "tab":
				r.value = append(r.value, '\t')
			case "line-break":
				r.value = append(r.value, '\n')
			}
		}
	}
	return nil
}

// spaced makes runs of spaces and line ends one space, as OpenDocument asks for: further spaces have an
// element of their own.
func spaced(text, before []byte) []byte {
	out := text[:0]
	gap := len(before) > 0 && before[len(before)-1] == ' '
	for _, c := range text {
		if c == ' ' || c == '\t' || c == '\n' || c == '\r' {
			if !gap {
				out = append(out, ' ')
			}
			gap = true
			continue
		}
		gap = false
		out = append(out, c)
	}
	return out
}
