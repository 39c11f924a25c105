package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"commontable/internal/app"
	"commontable/internal/backbone/directory"
)

// meetingRows is how many rows of a report belong to one meeting.
const meetingRows = 100

// reports measures bringing a list of who was at many meetings of one body, as the
// importer takes the reports of programs for meetings: every name is on record, a
// tenth of them holds a seat. Beside it stands a loop that inserts the very rows
// of meetings and of their ledgers, one prepared statement each, in one transaction.
func (b *bench) reports(ctx context.Context) error {
	folder, err := os.MkdirTemp("", "commontable-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	w, err := open(ctx, folder, "", 0)
	if err != nil {
		return err
	}
	known := b.people / 10
	if err := w.populate(ctx, max(1, known/10), known); err != nil {
		return errors.Join(err, w.close())
	}
	raw, err := w.report(ctx, b.people, known)
	if err = errors.Join(err, w.close()); err != nil {
		return err
	}
	before, after := filepath.Join(folder, "before.db"), filepath.Join(folder, app.DatabaseFile)
	if err := copyFile(after, before); err != nil {
		return err
	}
	fmt.Printf("commontable bench reports · %s · %d cores · sqlite · %d rows of %d meetings against %d people · fsync %s\n\n", runtime.Version(), runtime.NumCPU(), b.people, (b.people+meetingRows-1)/meetingRows, known, short(fsyncCost(folder)))
	stop, err := b.profiled()
	if err != nil {
		return err
	}
	took, err := b.importOne(ctx, folder, "csv", "attendance", raw)
	stop()
	if err != nil {
		return err
	}
	floor, rows, err := bareInsert(ctx, before, after, filepath.Join(folder, "floor.db"), "attendances", bareTables{{"meetings", "id", ""}, {"attendances", "id", ""}})
	if err != nil {
		return err
	}
	fmt.Printf("%-44s %8.0f/s  %d rows of meetings and ledgers in %s, cpu %s\n%-44s %8.3f by the clock, %.3f by the processors' time\n", "floor: bare insert loop", float64(b.people)/floor.clock.Seconds(), rows,
		floor.clock.Round(time.Millisecond), floor.cpu.Round(time.Millisecond), "ratio", floor.clock.Seconds()/took.clock.Seconds(), floor.cpu.Seconds()/took.cpu.Seconds())
	return nil
}

// report is a list of who was at the meetings of a body, of people on record.
func (w *world) report(ctx context.Context, rows, known int) ([]byte, error) {
	ctx, err := w.director(ctx)
	if err != nil {
		return nil, err
	}
	body, err := directory.CreateBody.Do(ctx, w.app.Door, directory.BodyInput{Name: "Leadership table"})
	if err != nil {
		return nil, err
	}
	var people []directory.Person
	for after := ""; len(people) < known; {
		page, err := directory.ListPeople.Do(ctx, w.app.Door, directory.ListPeopleInput{Limit: 200, After: after})
		if err != nil {
			return nil, err
		}
		people, after = append(people, page.Items...), page.Next
		if after == "" {
			break
		}
	}
	for k := 0; k < len(people) && k < 400; k += 10 {
		p := people[k]
		if _, err := directory.CreateSeat.Do(ctx, w.app.Door, directory.SeatInput{BodyID: body.ID, Voting: true, From: "2000-01-01",
			Terms: []directory.TermInput{{PersonID: p.ID, From: "2000-01-01"}}}); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	c := csv.NewWriter(&out)
	_ = c.Write([]string{"Name", "Email", "Meeting", "Date", "Group", "Minutes"}) // a buffer takes everything
	for k := range rows {
		meeting := k / meetingRows
		p := people[(k+meeting*37)%len(people)]
		_ = c.Write([]string{p.Name(), p.Email, "Leadership table", time.Date(2022, 1, 1+meeting, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), body.Name, strconv.Itoa(30 + k%31)})
	}
	c.Flush()
	return out.Bytes(), c.Error()
}
