package intake

// Limits bound what one file may hold. They are meant to be far above any list of a collaborative and
// far below what hurts a small server.
type Limits struct {
	Bytes     int64 // of the file as brought
	Rows      int64 // of one table, blank ones not counted
	Columns   int64 // of one table
	Cells     int64 // of one table that hold something
	CellBytes int64 // of one cell, in UTF-8
	RowBytes  int64 // of all cells of one row, in UTF-8
	Tables    int64 // of the file
	Entries   int64 // of an archive; workbooks are archives too
	Unpacked  int64 // bytes of all entries of an archive, unpacked
	Ratio     int64 // how many times its packed size an entry, or the whole, may have unpacked
	Depth     int64 // of elements of XML and values of JSON inside each other
}

// DefaultLimits are the limits used where none are given. Real workbooks unpack to 5 to 30 times their
// size; a bomb in the same packing to a thousand.
var DefaultLimits = Limits{
	Bytes:     200_000_000,
	Rows:      1_000_000,
	Columns:   4096,
	Cells:     50_000_000,
	CellBytes: 1 << 20,
	RowBytes:  4 << 20,
	Tables:    200,
	Entries:   2000,
	Unpacked:  6 << 30,
	Ratio:     150,
	Depth:     100,
}

func (l Limits) orDefault() Limits {
	d := DefaultLimits
	for _, p := range []struct{ given, standard *int64 }{
		{&l.Bytes, &d.Bytes}, {&l.Rows, &d.Rows}, {&l.Columns, &d.Columns}, {&l.Cells, &d.Cells},
		{&l.CellBytes, &d.CellBytes}, {&l.RowBytes, &d.RowBytes}, {&l.Tables, &d.Tables}, {&l.Entries, &d.Entries},
		{&l.Unpacked, &d.Unpacked}, {&l.Ratio, &d.Ratio}, {&l.Depth, &d.Depth},
	} {
		if *p.given <= 0 {
			*p.given = *p.standard
		}
	}
	return l
}

// ratioFloor is how many bytes may be unpacked before the ratio counts: a small sheet of blank cells packs
// well, and does no harm.
const ratioFloor = 16 << 20

func megabytes(n int64) int64 { return (n + 999_999) / 1_000_000 }

func tooManyColumns(most int64) *Refusal {
	return refuse("intake.too_many_columns", map[string]any{"Count": most})
}

func tooManyTables(most int64) *Refusal {
	return refuse("intake.too_many_tables", map[string]any{"Count": most})
}

// longCell refuses a cell, or a row, that is too long; row is its number, 0 where it is not known.
func longCell(row int64) *Refusal {
	if row == 0 {
		return refuse("intake.cell_too_long_somewhere", nil)
	}
	return refuse("intake.cell_too_long", map[string]any{"Row": row})
}
