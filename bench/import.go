package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"commontable/internal/app"
	"commontable/internal/backbone/imports"
	"commontable/internal/platform/sheets"
)

// importing measures bringing a file of contacts in full: read, planned, matched
// with as many people as there are, written with audit and what it takes to undo
// it. Beside it stands a loop that inserts the very rows that came of it, one
// prepared statement each, in one transaction, on a copy of the database as it
// was before: the same tables, indexes and search index.
func (b *bench) importing(ctx context.Context) error {
	folder, err := os.MkdirTemp("", "commontable-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	if b.data == "" {
		b.data = filepath.Join(folder, "data")
	}
	w, err := open(ctx, b.data, "", 0)
	if err != nil {
		return err
	}
	if err := w.populate(ctx, b.organizations, b.people); err != nil {
		return errors.Join(err, w.close())
	}
	if err := w.close(); err != nil {
		return err
	}
	// The data stays as it is, to be used again; imports go into a copy.
	before, work := filepath.Join(b.data, app.DatabaseFile), filepath.Join(folder, "work")
	if err := os.Mkdir(work, 0o700); err != nil {
		return err
	}
	if err := copyFile(filepath.Join(b.data, app.KeyFile), filepath.Join(work, app.KeyFile)); err != nil {
		return err
	}
	fmt.Printf("commontable bench import · %s · %d cores · sqlite · %d contacts of 12 columns against %d people · fsync %s\n\n", runtime.Version(), runtime.NumCPU(), b.people, b.people, short(fsyncCost(folder)))
	stop, err := b.profiled()
	if err != nil {
		return err
	}
	defer stop()
	var csv effort
	for _, format := range []string{"csv", "xlsx"} {
		if !b.wants(format) {
			continue
		}
		if err := copyFile(before, filepath.Join(work, app.DatabaseFile)); err != nil {
			return err
		}
		raw, err := contacts(b.people, format)
		if err != nil {
			return err
		}
		took, err := b.importOne(ctx, work, format, "people", raw)
		if err != nil {
			return err
		}
		if format == "csv" {
			csv = took
			floor, rows, err := bareInsert(ctx, before, filepath.Join(work, app.DatabaseFile), filepath.Join(folder, "floor.db"), "people", peopleTables)
			if err != nil {
				return err
			}
			fmt.Printf("%-44s %8.0f/s  %d rows of tables and indexes in %s, cpu %s\n%-44s %8.3f by the clock, %.3f by the processors' time\n", "floor: bare insert loop", float64(b.people)/floor.clock.Seconds(), rows, floor.clock.Round(time.Millisecond), floor.cpu.Round(time.Millisecond), "ratio", floor.clock.Seconds()/took.clock.Seconds(), floor.cpu.Seconds()/took.cpu.Seconds())
		} else if csv.clock > 0 {
			fmt.Printf("%-44s %8.3f by the clock, %.3f by the processors' time\n", "xlsx against csv", csv.clock.Seconds()/took.clock.Seconds(), csv.cpu.Seconds()/took.cpu.Seconds())
		}
	}
	return nil
}

// importOne brings one file of as many rows as there are people, and tells how long
// each step took.
func (b *bench) importOne(ctx context.Context, folder, format, kind string, raw []byte) (total effort, err error) {
	w, err := open(ctx, folder, "", 0)
	if err != nil {
		return total, err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	size := len(raw)
	path := filepath.Join(folder, kind+"."+format)
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		return total, err
	}
	place, err := w.director(ctx)
	if err != nil {
		return total, err
	}
	runtime.GC()
	debug.FreeOSMemory()
	idle := memory()
	peak, stop := watchMemory()
	defer stop()
	begun, spent := time.Now(), processorTime()
	last, lastSpent, most := begun, spent, 0.0
	step := func(name string) {
		now, used, here := time.Now(), processorTime(), peak()-idle
		fmt.Printf("%-44s %8s  cpu %8s  memory %4.0f MiB\n", "  "+name, now.Sub(last).Round(time.Millisecond), (used - lastSpent).Round(time.Millisecond), here)
		last, lastSpent, most = now, used, max(most, here)
	}
	door := w.app.Door
	i, err := upload(place, w, path, size, kind)
	if err != nil {
		return total, err
	}
	step("received")
	work := func() error {
		if err := imports.Work(place, door, i.ID); err != nil {
			return err
		}
		if i, err = imports.Get.Do(place, door, imports.Ref{ID: i.ID}); err != nil {
			return err
		}
		if i.Problem != nil {
			return fmt.Errorf("the import stopped: %+v", *i.Problem)
		}
		return nil
	}
	if err := work(); err != nil {
		return total, err
	}
	step("read into rows")
	if _, err := imports.Map.Do(place, door, imports.MapInput{ID: i.ID, Version: i.Version, Kind: i.Kind, Fields: i.Plan.Fields, Rules: i.Plan.Rules}); err != nil {
		return total, err
	}
	if err := work(); err != nil {
		return total, err
	}
	step(fmt.Sprintf("planned and matched: %v, %d doubts", i.Counts.Actions, i.Counts.Doubts))
	if _, err := imports.Start.Do(place, door, imports.VersionRef{ID: i.ID, Version: i.Version}); err != nil {
		return total, err
	}
	if err := work(); err != nil {
		return total, err
	}
	step(fmt.Sprintf("written: %d", i.Counts.Applied))
	total = effort{time.Since(begun), processorTime() - spent}
	fmt.Printf("%-44s %8.0f/s  in %s, cpu %s, %.1f MB, memory %.0f MiB over the %.0f before\n", "import of "+kind+" from "+format, float64(b.people)/total.clock.Seconds(), total.clock.Round(time.Millisecond), total.cpu.Round(time.Millisecond), float64(size)/1e6, most, idle)
	return total, nil
}

// upload passes a file on in parts.
func upload(place context.Context, w *world, path string, size int, kind string) (imports.Import, error) {
	file, err := os.Open(path) // #nosec G304 -- our own path
	if err != nil {
		return imports.Import{}, err
	}
	defer file.Close()
	i, err := imports.Begin.Do(place, w.app.Door, imports.BeginInput{FileName: filepath.Base(path), Size: int64(size), Kind: kind})
	buffer := make([]byte, imports.PartBytes)
	for part := int64(0); err == nil && part*imports.PartBytes < int64(size); part++ {
		n, readErr := io.ReadFull(file, buffer)
		if readErr != nil && !errors.Is(readErr, io.ErrUnexpectedEOF) {
			return i, readErr
		}
		i, err = imports.AddPart.Do(place, w.app.Door, imports.PartInput{ID: i.ID, Part: part, Content: buffer[:n]})
	}
	return i, err
}

// contacts is a file of invented contacts, none of whom is on record.
func contacts(n int, format string) ([]byte, error) {
	head := []string{"First Name", "Last Name", "Email", "Phone", "Organization", "Job Title", "Language", "Tags", "Notes", "Represents", "Other names", "Unsubscribed"}
	row := func(k int) []string {
		return []string{given[(k*7)%len(given)], family[(k*13)%len(family)] + "-" + family[(k*5+k/97)%len(family)], fmt.Sprintf("contact%d@elsewhere.example", k), fmt.Sprintf("555-%07d", k),
			fmt.Sprintf("%s %s %d", family[k%1000%len(family)], []string{"School", "Clinic", "Alliance", "Foundation"}[k%1000%4], k%1000), titles[k%len(titles)], []string{"English", "French", "Spanish"}[k%3], []string{"parent", "volunteer", "donor; parent"}[k%3],
			"Met at the fair", []string{"yes", "no"}[k%2], "", []string{"", "yes"}[k%10/9]}
	}
	var out bytes.Buffer
	if format == "csv" {
		c := csv.NewWriter(&out)
		_ = c.Write(head) // a buffer takes everything
		for k := range n {
			_ = c.Write(row(k))
		}
		c.Flush()
		return out.Bytes(), c.Error()
	}
	table := sheets.Table{Name: "Contacts"}
	for _, title := range head {
		table.Columns = append(table.Columns, sheets.Column{Title: title})
	}
	table.Rows = func(yield func(sheets.Row, error) bool) {
		for k := range n {
			var cells sheets.Row
			for _, text := range row(k) {
				cells = append(cells, sheets.Text(text))
			}
			if !yield(cells, nil) {
				return
			}
		}
	}
	err := sheets.WriteXLSX(&out, table)
	return out.Bytes(), err
}

// watchMemory looks at the memory of this process until stop is called. Each call
// of peak tells the most it was since the last, in MiB.
func watchMemory() (peak func() float64, stop func()) {
	ask, quit := make(chan chan float64), make(chan struct{})
	go func() {
		most := 0.0
		for {
			select {
			case <-quit:
				return
			case answer := <-ask:
				answer <- max(most, residentOf(os.Getpid()))
				most = 0
			case <-time.After(50 * time.Millisecond):
				most = max(most, residentOf(os.Getpid()))
			}
		}
	}()
	return func() float64 {
		answer := make(chan float64)
		ask <- answer
		return <-answer
	}, func() { close(quit) }
}

// effort is how long something took by the clock, and of the processors' time. On
// a machine that others use as well the latter is the steadier.
type effort struct{ clock, cpu time.Duration }

// since adds what was spent between two looks.
func (e *effort) since(begun time.Time, spent time.Duration) {
	e.clock, e.cpu = e.clock+time.Since(begun), e.cpu+processorTime()-spent
}

func copyFile(from, to string) error {
	for _, rest := range []string{"-wal", "-shm"} {
		if err := os.Remove(to + rest); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	in, err := os.Open(from) // #nosec G304 -- our own path
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600) // #nosec G304 -- our own path
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

// bareTables are the tables that a record of a kind takes a row of, with the column
// that orders them.
type bareTables []struct{ name, id, where string }

var peopleTables = bareTables{
	{"people", "id", ""}, {"person_emails", "person_id", ""}, {"affiliations", "person_id", ""}, {"tags", "record_id", " AND kind = 'person'"},
	{"search_documents", "record_id", " AND kind = 'person'"}, {"search_words", "record_id", " AND kind = 'person'"},
}

// bareInsert inserts into a copy of before the rows of tables that after has more,
// and tells how long the statements took and how many rows there were. They come
// as they would from a file: person by person, which for an index of words means
// in no order.
func bareInsert(ctx context.Context, before, after, scratch, noun string, tables bareTables) (effort, int, error) {
	if err := copyFile(before, scratch); err != nil {
		return effort{}, 0, err
	}
	from, err := sql.Open("sqlite", "file:"+after+"?mode=ro")
	if err != nil {
		return effort{}, 0, err
	}
	defer from.Close()
	to, err := sql.Open("sqlite", "file:"+scratch+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=cache_size(-48000)")
	if err != nil {
		return effort{}, 0, err
	}
	defer to.Close()
	to.SetMaxOpenConns(1)
	var newest []byte
	if err := to.QueryRowContext(ctx, "SELECT COALESCE(MAX(id), x'00') FROM "+noun).Scan(&newest); err != nil {
		return effort{}, 0, err
	}
	tx, err := to.BeginTx(ctx, nil)
	if err != nil {
		return effort{}, 0, err
	}
	var took effort
	count := 0
	for _, table := range tables {
		n, spent, err := bareTable(ctx, from, tx, table.name, "SELECT * FROM "+table.name+" WHERE "+table.id+" > ?"+table.where+" ORDER BY "+table.id, newest) // #nosec G202 -- our own names
		if err != nil {
			return effort{}, 0, fmt.Errorf("%s: %w", table.name, err)
		}
		count, took.clock, took.cpu = count+n, took.clock+spent.clock, took.cpu+spent.cpu
	}
	begun, spent := time.Now(), processorTime()
	err = tx.Commit()
	took.since(begun, spent)
	return took, count, err
}

// bareTable copies the rows of one table; only the inserting is timed.
func bareTable(ctx context.Context, from *sql.DB, tx *sql.Tx, name, query string, newest []byte) (int, effort, error) {
	rows, err := from.QueryContext(ctx, query, newest)
	if err != nil {
		return 0, effort{}, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return 0, effort{}, err
	}
	insert, err := tx.PrepareContext(ctx, "INSERT INTO "+name+" ("+strings.Join(columns, ", ")+") VALUES (?"+strings.Repeat(", ?", len(columns)-1)+")") // #nosec G202 -- our own names
	if err != nil {
		return 0, effort{}, err
	}
	defer insert.Close()
	var took effort
	n := 0
	var page [][]any
	flush := func() error {
		begun, spent := time.Now(), processorTime()
		for _, row := range page {
			if _, err := insert.ExecContext(ctx, row...); err != nil {
				return err
			}
		}
		took.since(begun, spent)
		n += len(page)
		page = page[:0]
		return nil
	}
	for rows.Next() {
		row, into := make([]any, len(columns)), make([]any, len(columns))
		for k := range row {
			into[k] = &row[k]
		}
		if err := rows.Scan(into...); err != nil {
			return n, took, err
		}
		if page = append(page, row); len(page) == 5000 {
			if err := flush(); err != nil {
				return n, took, err
			}
		}
	}
	return n, took, errors.Join(rows.Err(), flush())
}
