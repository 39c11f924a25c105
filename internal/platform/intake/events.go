package intake

import (
	"context"
	"errors"
	"io"
	"iter"
	"strconv"
	"time"

	"commontable/internal/platform/calendar"
)

// eventColumns are the columns of a calendar in their order. A time without a zone has none; a row with a
// problem is an event that cannot be used, and the problem says why, by the codes of package calendar.
var eventColumns = []string{
	"Title", "First Day", "Time", "Minutes", "Time Zone", "Rule", "Exceptions", "Place", "Link", "Description", "Status", "Sequence", "UID", "Problem",
}

// floating stands for the zone of times that name none.
var floating = time.FixedZone("floating", 0)

// addEvents adds the events of a calendar as a table with a row for each series and each single event. The
// calendar is read whole: what it may hold is bounded by package calendar.
func (f *File) addEvents(ctx context.Context, t *text, name string) error {
	events, err := readEvents(ctx, t)
	if err != nil {
		return err
	}
	if len(events.rows()) == 0 {
		return refuse("intake.no_records", nil)
	}
	table := t.table(name, t.source(func(in io.Reader, p *pass) iter.Seq2[Row, error] { return eventRows(in, p) }))
	table.setHeader(eventColumns)
	f.Tables = append(f.Tables, table)
	return nil
}

func readEvents(ctx context.Context, t *text) (eventFile, error) {
	in, closer, err := t.decoded(ctx, &pass{limits: t.limits})
	if err != nil {
		return eventFile{}, err
	}
	defer func() { _ = closer.Close() }() // read to its end, or given up
	return eventsOf(in)
}

// eventFile is a calendar that was read.
type eventFile struct{ calendar.File }

func eventsOf(in io.Reader) (eventFile, error) {
	file, err := calendar.Read(in, floating)
	switch {
	case errors.Is(err, calendar.ErrTooLarge):
		return eventFile{}, refuse("intake.too_large", map[string]any{"Most": megabytes(calendar.MaxFile), "Size": megabytes(calendar.MaxFile + 1)})
	case errors.Is(err, calendar.ErrNotCalendar):
		return eventFile{}, damaged(err)
	case err != nil:
		return eventFile{}, err
	}
	return eventFile{file}, nil
}

// rows are the cells of every series and event, then of those that cannot be used.
func (f eventFile) rows() [][]string {
	series := map[string]int{} // the event that stands for each UID, the newest of several
	single := map[string][]calendar.Event{}
	var order []string
	for i, e := range f.Events {
		if !e.Instance.IsZero() {
			single[e.UID] = append(single[e.UID], e)
			continue
		}
		if at, known := series[e.UID]; !known {
			order = append(order, e.UID)
			series[e.UID] = i
		} else if e.Sequence >= f.Events[at].Sequence {
			series[e.UID] = i
		}
	}
	var out [][]string
	for _, uid := range order {
		e := f.Events[series[uid]]
		e.Series = calendar.Together(e, single[uid])
		out = append(out, f.cells(e))
	}
	for _, e := range f.Events { // invitations to one time of a series that is not in the file
		if _, known := series[e.UID]; !known && !e.Instance.IsZero() {
			e.UID += "#" + e.Instance.String()
			out = append(out, f.cells(e))
		}
	}
	for _, fault := range f.Faults {
		if fault.Dropped || fault.Reason == calendar.TooManyEvents {
			row := make([]string, len(eventColumns))
			row[0], row[len(row)-2], row[len(row)-1] = fault.Property+" "+fault.Value, fault.UID, string(fault.Reason)
			out = append(out, row)
		}
	}
	return out
}

// cells are the cells of one event or series.
func (f eventFile) cells(e calendar.Event) []string {
	zone, status := "", e.Status
	if f.Method == calendar.Cancel {
		status = calendar.Cancelled
	}
	start := e.Start
	switch {
	case e.Zone == nil:
		zone = "UTC"
	case e.Zone != floating:
		zone = e.Zone.String()
	}
	if e.Rule == nil && e.Zone != floating && e.Zone != nil && calendar.Zone(zone) == nil {
		// A zone nobody else knows: the moment is certain, its clock is of no use.
		start, zone = calendar.WallOf(e.Start.In(e.Zone).UTC()), "UTC"
	}
	first, clock, rule, sequence := "", "", "", strconv.Itoa(e.Sequence)
	if !start.IsZero() {
		text := start.String()
		first = text[:len(time.DateOnly)]
		if clock = text[len(time.DateOnly)+1:][:5]; e.AllDay {
			clock = "" // whole days, the same everywhere
		}
	}
	if e.Rule != nil {
		rule = e.Rule.Text(e.Zone, e.AllDay)
	}
	return []string{e.Summary, first, clock, strconv.Itoa(int(e.Length / time.Minute)), zone, rule, exceptions(e), e.Location, e.URL, e.Description, string(status), sequence, e.UID, ""}
}

// eventRows yields a row for every series and event.
func eventRows(in io.Reader, p *pass) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		file, err := eventsOf(in)
		if err != nil {
			yield(Row{}, err)
			return
		}
		for _, fault := range file.Faults {
			if !fault.Dropped {
				p.notice("intake.events_partly", int64(fault.Line))
			}
		}
		for n, cells := range file.rows() {
			if !yield(Row{int64(n + 1), cells}, nil) {
				return
			}
		}
	}
}
