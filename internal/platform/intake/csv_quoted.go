package intake

import "bytes"

// quoted reads a record in which quotation marks stand.
func (r *csvReader) quoted(number int64) ([]string, error) {
	r.scratch, r.ends, r.lineNext = r.scratch[:0], r.ends[:0], 0
	i := 0
	for {
		next, last, err := r.cell(i)
		if err != nil {
			return nil, err
		}
		begun := 0
		if len(r.ends) > 0 {
			begun = r.ends[len(r.ends)-1]
		}
		switch {
		case int64(len(r.scratch)-begun) > r.limits.CellBytes:
			return nil, longCell(number)
		case int64(len(r.scratch)) > r.limits.RowBytes:
			return nil, longCell(number)
		case int64(len(r.ends)) >= r.limits.Columns:
			return nil, tooManyColumns(r.limits.Columns)
		}
		r.ends = append(r.ends, len(r.scratch))
		if i = next; last {
			break
		}
	}
	r.from += i
	all := string(r.scratch)
	cells := make([]string, len(r.ends))
	from := 0
	for k, end := range r.ends {
		cells[k] = all[from:end]
		from = end
	}
	return cells, nil
}

// cell adds the cell that begins at i to the scratch and returns where the next one begins; last is true
// when it ended the record.
func (r *csvReader) cell(i int) (next int, last bool, err error) {
	open := i // where a mark may stand: after spaces too
	for {
		ok, err := r.have(open)
		if err != nil {
			return 0, false, err
		}
		if !ok || r.buffer[r.from+open] != ' ' || r.separator == " " {
			if ok && r.buffer[r.from+open] == '"' {
				begun := len(r.scratch)
				next, last, closed, err := r.inside(open + 1)
				if closed || err != nil {
					return next, last, err
				}
				r.stray++
				r.scratch = r.scratch[:begun] // the mark is a character like others
			}
			break
		}
		open++
	}
	end, after, err := r.restOfLine(i)
	if err != nil {
		return 0, false, err
	}
	text := r.buffer[r.from+i : r.from+end]
	if at := bytes.Index(text, []byte(r.separator)); at >= 0 {
		r.scratch = append(r.scratch, text[:at]...)
		return i + at + len(r.separator), false, nil
	}
	r.scratch = append(r.scratch, text...)
	return after, true, nil
}

// inside reads on after an opening mark. A mark closes the cell when a separator, the end of the line or
// of the text follows it, with nothing but spaces between; two are one character; any other is a
// character itself. closed is false when no mark closes it within what a cell may hold.
func (r *csvReader) inside(i int) (next int, last, closed bool, err error) {
	begun := i
	for {
		ok, err := r.have(i)
		if err != nil {
			return 0, false, false, err
		}
		// Twice the limit, since marks within the cell are doubled.
		if !ok || int64(i-begun) > 2*r.limits.CellBytes {
			r.futile++
			return 0, false, false, nil
		}
		rest := r.buffer[r.from+i:]
		c := rest[0]
		switch {
		case c == '"':
			next, last, closes, err := r.closes(i + 1)
			if err != nil || closes {
				return next, last, true, err
			}
			r.scratch = append(r.scratch, '"')
			i++
			if ok, err := r.have(i); err != nil {
				return 0, false, false, err
			} else if ok && r.buffer[r.from+i] == '"' {
				i++
			} else {
				r.stray++
			}
		case c == '\\' && r.backslash:
			if ok, err := r.have(i + 1); err != nil {
				return 0, false, false, err
			} else if ok && (r.buffer[r.from+i+1] == '"' || r.buffer[r.from+i+1] == '\\') {
				i++
			}
			r.scratch = append(r.scratch, r.buffer[r.from+i])
			i++
		case r.futile >= maxFutile && (c == '\n' || c == '\r' && r.loneCR):
			return 0, false, false, nil
		default:
			run := len(rest)
			if at := bytes.IndexByte(rest, '"'); at >= 0 {
				run = at
			}
			if r.backslash {
				if at := bytes.IndexByte(rest[1:run], '\\'); at >= 0 {
					run = at + 1
				}
			}
			if r.futile >= maxFutile {
				if at := bytes.IndexAny(rest[1:run], "\r\n"); at >= 0 {
					run = at + 1
				}
			}
			r.scratch = append(r.scratch, rest[:run]...)
			i += run
		}
	}
}

// closes looks at what follows a mark inside a cell, at i.
func (r *csvReader) closes(i int) (next int, last, closes bool, err error) {
	for {
		ok, err := r.have(i + len(r.separator) - 1)
		if err != nil {
			return 0, false, false, err
		}
		rest := r.buffer[min(r.from+i, len(r.buffer)):]
		switch {
		case bytes.HasPrefix(rest, []byte(r.separator)):
			return i + len(r.separator), false, true, nil
		case len(rest) == 0 && !ok:
			return i, true, true, nil
		case rest[0] == '\n':
			return i + 1, true, true, nil
		case rest[0] == '\r':
			if ok, err := r.have(i + 1); err != nil {
				return 0, false, false, err
			} else if ok && r.buffer[r.from+i+1] == '\n' {
				return i + 2, true, true, nil
			} else if r.loneCR || !ok {
				return i + 1, true, true, nil
			}
			return 0, false, false, nil
		case rest[0] == ' ':
			i++
		default:
			return 0, false, false, nil
		}
	}
}
