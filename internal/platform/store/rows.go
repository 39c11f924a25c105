package store

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// mostRows bounds how many rows one statement of ExecRows inserts.
const mostRows = 16

// ExecRows inserts many rows with few statements: on PostgreSQL each statement is
// a journey over the network, on SQLite it costs more than the row does. text
// inserts one row and ends with its VALUES; $1 is the collaborative and a row's
// values begin at $2. Statements take 16, 8, 4, 2 or 1 rows, so that few
// distinct texts need preparing.
func (tx *Tx) ExecRows(text string, rows [][]any) error {
	for len(rows) > 0 {
		n := mostRows
		for n > len(rows) {
			n /= 2
		}
		several, err := repeatValues(text, n, len(rows[0]))
		if err != nil {
			return err
		}
		args := make([]any, 0, n*len(rows[0]))
		for _, row := range rows[:n] {
			args = append(args, row...)
		}
		if _, err := tx.Exec(several, args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// held are rows that wait to be written together, by statement.
type held struct {
	order []string
	rows  map[string][][]any
}

// Together runs fn and writes what it gives to ExecRowsLater when it is done: the
// rows of one statement all at once, in the order of their first values, which are
// text. An index into which many records put their words in no order is then
// walked through once and not once for each record.
func (tx *Tx) Together(fn func() error) error {
	if tx.held != nil {
		return fn()
	}
	tx.held = &held{rows: map[string][][]any{}}
	defer func() { tx.held = nil }()
	if err := fn(); err != nil {
		return err
	}
	return tx.WriteHeld()
}

// ExecRowsLater is ExecRows, within Together put off. Nothing may read the rows
// before WriteHeld.
func (tx *Tx) ExecRowsLater(text string, rows [][]any) error {
	if tx.held == nil {
		return tx.ExecRows(text, rows)
	}
	if _, known := tx.held.rows[text]; !known {
		tx.held.order = append(tx.held.order, text)
	}
	tx.held.rows[text] = append(tx.held.rows[text], rows...)
	return nil
}

// WriteHeld writes what is put off, for whoever needs it before the end.
func (tx *Tx) WriteHeld() error {
	if tx.held == nil {
		return nil
	}
	for _, text := range tx.held.order {
		rows := tx.held.rows[text]
		slices.SortStableFunc(rows, func(a, b []any) int {
			first, _ := a[0].(string)
			second, _ := b[0].(string)
			return strings.Compare(first, second)
		})
		if err := tx.ExecRows(text, rows); err != nil {
			return err
		}
	}
	tx.held.order, tx.held.rows = nil, map[string][][]any{}
	return nil
}

// repeatValues is an INSERT of one row made one of n, each row with width values
// of its own beside $1.
func repeatValues(text string, n, width int) (string, error) {
	head, group, found := strings.Cut(text, "VALUES (")
	group, closed := strings.CutSuffix(group, ")")
	if !found || !closed || strings.Contains(group, "(") {
		return "", fmt.Errorf("store: not an INSERT of one row: %s", text)
	}
	var b strings.Builder
	b.Grow(len(head) + n*(len(group)+width*2+16))
	b.WriteString(head)
	b.WriteString("VALUES ")
	for row := range n {
		if row > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('(')
		for i, part := range strings.Split(group, "$") {
			digits := 0
			for digits < len(part) && part[digits] >= '0' && part[digits] <= '9' {
				digits++
			}
			if i > 0 {
				number, err := strconv.Atoi(part[:digits])
				if err != nil || number > width+1 {
					return "", fmt.Errorf("store: %d values do not fill %s", width, text)
				}
				if number > 1 {
					number += row * width
				}
				b.WriteByte('$')
				b.WriteString(strconv.Itoa(number))
				part = part[digits:]
			}
			b.WriteString(part)
		}
		b.WriteByte(')')
	}
	return b.String(), nil
}
