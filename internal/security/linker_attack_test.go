package security_test

import (
	"bytes"
	"cmp"
	"database/sql"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

// clue is an order in which an attacker finds people, or answers: a place for each, and
// the part of the place within which alone places can be compared (a page of a file).
type clue struct {
	name  string
	place map[int]float64
	part  map[int]int
}

// beyond is how many standard deviations from chance a clue may be. Some hundred clues
// are tried, each of which is beyond it by chance once in 26 million times.
const beyond = 5.5

// ranks are those of values, ties in their middle.
func ranks(values []float64) []float64 {
	at := make([]int, len(values))
	for n := range at {
		at[n] = n
	}
	slices.SortFunc(at, func(a, b int) int { return cmp.Compare(values[a], values[b]) })
	out := make([]float64, len(values))
	for n := 0; n < len(at); {
		m := n
		for m < len(at) && values[at[m]] == values[at[n]] {
			m++
		}
		for k := n; k < m; k++ {
			out[at[k]] = float64(n+m-1) / 2
		}
		n = m
	}
	return out
}

// together is Spearman's rank correlation in standard deviations: where nothing ties two
// orders, it is about normal with deviation 1.
func together(a, b []float64) float64 {
	if len(a) < 3 {
		return 0
	}
	x, y := ranks(a), ranks(b)
	mean := float64(len(a)-1) / 2
	var xy, xx, yy float64
	for n := range x {
		xy += (x[n] - mean) * (y[n] - mean)
		xx += (x[n] - mean) * (x[n] - mean)
		yy += (y[n] - mean) * (y[n] - mean)
	}
	if xx == 0 || yy == 0 {
		return 0
	}
	return xy / math.Sqrt(xx*yy) * math.Sqrt(float64(len(a)-1))
}

// within is Kendall's statistic of places against the truth, counted within parts alone,
// in standard deviations.
func (c clue) within(truth []float64) float64 {
	parts := map[int][]int{}
	for who := range c.place {
		parts[c.part[who]] = append(parts[c.part[who]], who)
	}
	var s, variance float64
	for _, some := range parts {
		n := float64(len(some))
		variance += n * (n - 1) * (2*n + 5) / 18
		for i, a := range some {
			for _, b := range some[i+1:] {
				s += math.Copysign(1, (c.place[a]-c.place[b])*(truth[a]-truth[b]))
			}
		}
	}
	if variance == 0 {
		return 0
	}
	return s / math.Sqrt(variance)
}

// against is how far a clue is from telling nothing of the true order.
func (c clue) against(truth []float64) float64 {
	var a, b []float64
	for who, place := range c.place {
		a, b = append(a, place), append(b, truth[who])
	}
	return max(math.Abs(together(a, b)), math.Abs(c.within(truth)))
}

// links is how far two clues together are from linking nobody: who is early among people
// is taken to be early among answers.
func links(people, answers clue) float64 {
	var a, b []float64
	for who, place := range people.place {
		if other, both := answers.place[who]; both {
			a, b = append(a, place), append(b, other)
		}
	}
	return math.Abs(together(a, b))
}

// needles are the byte strings by which each is found.
type needles [][][]byte

// inBytes looks where in some bytes each is found, for the first, second, … and last
// times. Only what finds half of them is a clue.
func (n needles) inBytes(name string, data []byte) (out []clue) {
	var found [][]int
	for _, some := range n {
		var at []int
		for _, needle := range some {
			for from := 0; ; {
				k := bytes.Index(data[from:], needle)
				if k < 0 {
					break
				}
				at = append(at, from+k)
				from += k + 1
			}
		}
		slices.Sort(at)
		found = append(found, at)
	}
	for turn := -4; turn < 4; turn++ {
		c := clue{name: fmt.Sprintf("%s, occurrence %d", name, turn), place: map[int]float64{}}
		for who, at := range found {
			k := turn
			if k < 0 {
				k += len(at)
			}
			if k >= 0 && k < len(at) {
				c.place[who] = float64(at[k])
			}
		}
		if len(c.place)*2 >= len(n) {
			out = append(out, c)
		}
	}
	return out
}

// cell is an entry of a b-tree: where it lies in the file and what it holds.
type cell struct {
	page, offset int
	content      []byte
}

// trees reads every table and index of a database file as it lies there, page by page,
// without SQLite: within a page SQLite puts what comes later before what came earlier.
func trees(t *testing.T, path string, file []byte) map[string][]cell {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro&immutable=1")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`SELECT type || ' ' || name, rootpage FROM sqlite_schema WHERE rootpage > 0`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[string][]cell{}
	size := int(binary.BigEndian.Uint16(file[16:]))
	for rows.Next() {
		var name string
		var root int
		if err := rows.Scan(&name, &root); err != nil {
			t.Fatal(err)
		}
		out[name] = walk(file, size, root, nil)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func walk(file []byte, size, number int, out []cell) []cell {
	if number < 1 || number*size > len(file) {
		return out
	}
	page := file[(number-1)*size : number*size]
	head := 0
	if number == 1 {
		head = 100
	}
	kind, count, pointers := page[head], int(binary.BigEndian.Uint16(page[head+3:])), head+8
	interior := kind == 2 || kind == 5
	if interior {
		pointers += 4
	}
	var offsets []int
	for n := range count {
		offsets = append(offsets, int(binary.BigEndian.Uint16(page[pointers+2*n:])))
	}
	ends := slices.Sorted(slices.Values(offsets))
	for _, at := range offsets {
		k, _ := slices.BinarySearch(ends, at)
		end := size
		if k+1 < len(ends) {
			end = ends[k+1]
		}
		if interior {
			out = walk(file, size, int(binary.BigEndian.Uint32(page[at:])), out)
		}
		out = append(out, cell{number, at, page[at:end]})
	}
	if interior {
		out = walk(file, size, int(binary.BigEndian.Uint32(page[head+8:])), out)
	}
	return out
}

// inTrees looks in which entry of each table and index each is found, in the order of
// keys and in the order of places within pages.
func (n needles) inTrees(name string, all map[string][]cell) (out []clue) {
	for tree, cells := range all {
		keys, places := clue{name: name + ", keys of " + tree, place: map[int]float64{}}, clue{name: name + ", places in " + tree, place: map[int]float64{}, part: map[int]int{}}
		for k, c := range cells {
			for who, some := range n {
				if slices.ContainsFunc(some, func(needle []byte) bool { return bytes.Contains(c.content, needle) }) {
					keys.place[who], places.place[who], places.part[who] = float64(k), float64(c.offset), c.page
				}
			}
		}
		if len(keys.place)*2 >= len(n) {
			out = append(out, keys, places)
		}
	}
	return out
}

// onPostgres looks in which row of each table each is found: where the row lies, and which
// transaction wrote it.
func (n needles) onPostgres(t *testing.T, when string, db *sql.DB) (out []clue) {
	t.Helper()
	tables, err := texts(db, `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY table_name`)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		rows, err := db.Query(`SELECT ((ctid::text)::point)[0] * 10000 + ((ctid::text)::point)[1], (xmin::text)::float8, t::text FROM ` + table + ` AS t`)
		if err != nil {
			t.Fatal(err)
		}
		ctid, xmin := clue{name: when + ", ctid of " + table, place: map[int]float64{}}, clue{name: when + ", xmin of " + table, place: map[int]float64{}}
		inside := clue{name: when + ", places within rows of " + table, place: map[int]float64{}}
		for k := 0; rows.Next(); k++ {
			var at, by float64
			var row string
			if err := rows.Scan(&at, &by, &row); err != nil {
				t.Fatal(err)
			}
			for who, some := range n {
				for _, needle := range some {
					found := strings.Index(row, string(needle))
					if found < 0 {
						found = strings.Index(row, fmt.Sprintf("%x", needle))
					}
					if found >= 0 {
						ctid.place[who], xmin.place[who], inside.place[who] = at, by, float64(k*10_000_000+found)
					}
				}
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		_ = rows.Close() // read to its end
		if len(ctid.place)*2 >= len(n) {
			out = append(out, ctid, xmin, inside)
		}
	}
	return out
}

// unrolled is a log of writes of SQLite in the order in which it was written: when it is
// begun anew its first pages are overwritten, and those after them are of the time before.
func unrolled(log []byte, size int) []byte {
	const head, frameHead = 32, 24
	if len(log) < head {
		return nil
	}
	at := head
	for at+frameHead+size <= len(log) && bytes.Equal(log[at+8:at+16], log[16:24]) {
		at += frameHead + size
	}
	return append(slices.Clone(log[at:]), log[head:at]...)
}
