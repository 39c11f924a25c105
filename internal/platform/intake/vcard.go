package intake

import (
	"context"
	"io"
	"iter"
	"slices"
)

// cardColumns are the columns of contact cards in their order. Those a file has no value for are left out,
// those marked may come several times: Email, Email 2 and so on.
var cardColumns = []string{
	"Full Name", "Prefix", "First Name", "Middle Name", "Last Name", "Suffix", "Nickname", "Organization", "Department", "Title", "Role",
	"Email", "Email Type", "Phone", "Phone Type", "Street", "City", "Region", "Postal Code", "Country", "Address Type", "Website",
	"Birthday", "Note", "Categories", "UID",
}

// addCards adds contact cards as a table with a row for each. The text is read to its end to learn which
// columns there are.
func (f *File) addCards(ctx context.Context, t *text, name string) error {
	in, closer, err := t.decoded(ctx, &pass{limits: t.limits})
	if err != nil {
		return err
	}
	defer func() { _ = closer.Close() }() // read to its end, or given up
	most := map[string]int{}              // how often one card has a column
	var others []string
	for card, err := range cards(in, t.limits) {
		if err != nil {
			return err
		}
		for column, values := range card.values {
			if most[column] == 0 && !slices.Contains(cardColumns, column) {
				others = append(others, column)
			}
			most[column] = max(most[column], len(values))
		}
		if int64(len(most)) > t.limits.Columns {
			return tooManyColumns(t.limits.Columns)
		}
	}
	slices.Sort(others)
	var columns []cardColumn
	for _, group := range groupsOf(append(slices.Clone(cardColumns), others...)) {
		for n := range most[group[0]] {
			for _, column := range group {
				if n < most[column] {
					columns = append(columns, cardColumn{column, n})
				}
			}
		}
		if int64(len(columns)) > t.limits.Columns {
			return tooManyColumns(t.limits.Columns)
		}
	}
	if len(columns) == 0 {
		return refuse("intake.no_records", nil)
	}
	table := t.table(name, t.source(func(in io.Reader, p *pass) iter.Seq2[Row, error] { return cardRows(in, columns, p) }))
	names := make([]string, len(columns))
	for i, c := range columns {
		if names[i] = c.name; c.n > 0 {
			names[i] = countedName(c.name, c.n+1)
		}
	}
	table.setHeader(names)
	f.Tables = append(f.Tables, table)
	return nil
}

// cardColumn is the value numbered n from 0 of that name.
type cardColumn struct {
	name string
	n    int
}

// groupsOf keeps columns together that belong to one value, so that Email 2 follows the type of Email.
func groupsOf(columns []string) (groups [][]string) {
	for i := 0; i < len(columns); i++ {
		size := 1
		switch columns[i] {
		case "Email", "Phone":
			size = 2
		case "Street":
			size = 6
		}
		groups = append(groups, columns[i:i+size])
		i += size - 1
	}
	return groups
}

// cardRows yields a row for every card.
func cardRows(in io.Reader, columns []cardColumn, p *pass) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		number := int64(0)
		for card, err := range cards(in, p.limits) {
			if err != nil {
				yield(Row{}, err)
				return
			}
			number++
			if card.open {
				p.notice("intake.card_open", number)
			}
			cells := make([]string, len(columns))
			for i, c := range columns {
				if values := card.values[c.name]; c.n < len(values) {
					cells[i] = values[c.n]
				}
			}
			if !yield(Row{number, cells}, nil) {
				return
			}
		}
	}
}
