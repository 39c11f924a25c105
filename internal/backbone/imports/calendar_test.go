package imports_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/imports"
	"commontable/internal/platform/operation"
)

// expanded asks the independent calendar library, the same as package calendar's tests,
// for the times of rules.
func expanded(t *testing.T, questions []map[string]any) [][]string {
	t.Helper()
	python := os.Getenv("COMMONTABLE_PYTHON")
	if python == "" {
		python = "/usr/bin/python3"
	}
	var in bytes.Buffer
	for _, q := range questions {
		if err := json.NewEncoder(&in).Encode(q); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(python, filepath.Join("..", "..", "platform", "calendar", "testdata", "oracle.py"))
	cmd.Stdin, cmd.Stderr = &in, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s needs Debian's python3-dateutil, python3-icalendar and python3-tz: %v", python, err)
	}
	var all [][]string
	for line := range strings.Lines(string(out)) {
		var a struct {
			Answer []string
			Fault  string
		}
		if err := json.Unmarshal([]byte(line), &a); err != nil || a.Fault != "" {
			t.Fatalf("the oracle: %v %s", err, a.Fault)
		}
		slices.Sort(a.Answer)
		all = append(all, a.Answer)
	}
	return all
}

func (at *table) series(ctx context.Context, t testing.TB) []convening.Series {
	t.Helper()
	return must[operation.Page[convening.Series]](t)(convening.ListSeries.Do(ctx, at.door, convening.ListSeriesInput{})).Items
}

// times are the moments at which the meetings of a series are planned.
func (at *table) times(ctx context.Context, t testing.TB, i convening.SeriesID) []string {
	t.Helper()
	var out []string
	after := ""
	for {
		page := must[operation.Page[convening.Meeting]](t)(convening.ListMeetings.Do(ctx, at.door, convening.ListMeetingsInput{SeriesID: i, Limit: 200, After: after}))
		for _, m := range page.Items {
			text := m.StartsAt.Format("2006-01-02T15:04:05Z")
			if m.State == convening.Cancelled {
				text += " off"
			}
			out = append(out, text)
		}
		if after = page.Next; after == "" {
			slices.Sort(out)
			return out
		}
	}
}

// The foundation's list becomes series of its groups whose meetings are, on both sides
// of the changes of clocks, at the moments another calendar library gives; the same list
// a week later changes nothing; and taking it back leaves none of it.
func TestFoundationMeetings(t *testing.T) {
	halls(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Director)
		raw := shared(t, "open-source-foundation/meetings.csv")
		rows := must[[][]string](t)(csv.NewReader(bytes.NewReader(raw)).ReadAll())[1:]
		i := at.bring(ctx, t, "meetings.csv", "", raw)
		if i.Kind != "calendar" {
			t.Fatalf("taken for %s: %q", i.Kind, i.Plan.Fields)
		}
		i = at.plan(ctx, t, i, nil)
		if i.Counts.Actions[imports.Create] != int64(len(rows)) || i.Counts.BadRows != 0 || i.Counts.Doubts != 0 {
			t.Fatalf("planned: %+v", i.Counts)
		}
		i = at.load(ctx, t, i)
		all := at.series(ctx, t)
		if len(all) != len(rows) || i.Counts.Refused != 0 {
			t.Fatalf("%d series of %d rows: %+v", len(all), len(rows), i.Counts)
		}
		var questions []map[string]any
		crossed := 0
		for _, s := range all {
			questions = append(questions, map[string]any{"ask": "expand", "zone": s.Zone, "start": s.FirstOn + "T" + s.Starts + ":00", "rule": s.Rule, "from": max(s.FirstOn, "2026-05-14") + "T00:00:00", "to": "2027-05-16T00:00:00"})
		}
		for n, want := range expanded(t, questions) {
			got := at.times(ctx, t, all[n].ID)
			// Meetings are made for a year from today or from the first day, so the ends may differ.
			if both := min(len(got), len(want)); both < 10 || max(len(got), len(want))-both > 2 || !slices.Equal(got[:both], want[:both]) {
				t.Errorf("%s in %s, %s: from %q, not %q", all[n].Title, all[n].Zone, all[n].Rule, got[:min(3, len(got))], want[:min(3, len(want))])
			}
			if clocks := map[string]bool{}; len(got) > 0 {
				for _, moment := range got {
					clocks[moment[len("2026-05-14T"):]] = true
				}
				if len(clocks) == 2 {
					crossed++
				}
			}
		}
		if crossed < len(rows)/2 {
			t.Errorf("only %d series cross a change of the clocks", crossed)
		}

		at.clock.Advance(7 * 24 * time.Hour) // which weeks a list means it does not say, so they must not move
		again := at.plan(ctx, t, at.bring(ctx, t, "meetings.csv", "", raw), nil)
		if again.Counts.Actions[imports.Unchanged] != int64(len(rows)) || len(again.Counts.Actions) != 1 || len(again.Counts.Beside) != 0 {
			t.Errorf("the same list again: %+v", again.Counts)
		}
		// A newer list with another hour moves that series and leaves its weeks.
		newer := strings.Replace(string(raw), rows[0][3]+","+rows[0][4], "10:30,"+rows[0][4], 1)
		next := at.plan(ctx, t, at.bring(ctx, t, "meetings.csv", "", []byte(newer)), nil)
		if next.Counts.Actions[imports.Update] != 1 || next.Counts.Actions[imports.Create] != 0 {
			t.Fatalf("a newer list: %+v", next.Counts)
		}
		if changes := at.records(ctx, t, next, imports.Update)[0].Changes; len(changes) != 1 || changes[0].New != "10:30" {
			t.Errorf("it changes %+v", changes)
		}
		next = at.load(ctx, t, next)
		for _, back := range []imports.Import{next, i} {
			back = must[imports.Import](t)(imports.Get.Do(ctx, at.door, imports.Ref{ID: back.ID}))
			must[imports.Import](t)(imports.Undo.Do(ctx, at.door, imports.Ref{ID: back.ID}))
			if back = at.work(ctx, t, back.ID); back.State != imports.Undone || back.Counts.LeftOver != 0 {
				t.Fatalf("taken back: %s %+v", back.State, back.Counts)
			}
			if back.ID == next.ID {
				if got := at.series(ctx, t); !slices.ContainsFunc(got, func(s convening.Series) bool { return s.Starts == all[0].Starts }) {
					t.Error("the hour did not come back")
				}
			}
		}
		if n, m := len(at.series(ctx, t)), must[operation.Page[convening.Meeting]](t)(convening.ListMeetings.Do(ctx, at.door, convening.ListMeetingsInput{})).Items; n != 0 || len(m) != 0 {
			t.Errorf("%d series and %d meetings are left", n, len(m))
		}
		if again := at.plan(ctx, t, at.bring(ctx, t, "meetings.csv", "", raw), nil); again.Counts.Actions[imports.Create] != int64(len(rows)) {
			t.Errorf("after it was taken back it brings %+v", again.Counts)
		}
	})
}

// ics is a calendar with these events.
func ics(events ...string) []byte {
	return []byte("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Somebody//Else//EN\r\n" + strings.Join(events, "") + "END:VCALENDAR\r\n")
}

func vevent(lines ...string) string {
	return "BEGIN:VEVENT\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT\r\n"
}

// A calendar becomes series and meetings with what is otherwise on single days; the same
// file changes nothing, a newer one what is newer, an older one nothing; what somebody
// put in the trash stays there.
func TestCalendar(t *testing.T) {
	halls(t, func(t *testing.T, at *table) {
		ctx := at.as(operation.Director)
		weekly := func(sequence, hour int, more ...string) string {
			return vevent(append([]string{"UID:weekly@else", fmt.Sprintf("SEQUENCE:%d", sequence), "SUMMARY:Standing call", fmt.Sprintf("DTSTART;TZID=America/Chicago:20160105T%02d0000", hour), "DURATION:PT45M", "RRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=20260716T000000Z",
				"LOCATION:https://meet.example/abc", "DESCRIPTION:Who does what\\, by when"}, more...)...)
		}
		instance := func(sequence int, on, start string, more ...string) string {
			return vevent(append([]string{"UID:weekly@else", fmt.Sprintf("SEQUENCE:%d", sequence), "SUMMARY:Standing call", "RECURRENCE-ID;TZID=America/Chicago:" + on, "DTSTART;TZID=America/Chicago:" + start, "DURATION:PT45M"}, more...)...)
		}
		single := vevent("UID:single@else", "SUMMARY:Retreat", "DTSTART:20260620T150000Z", "DTEND:20260620T180000Z", "LOCATION:Town hall")
		first := ics(weekly(1, 9, "EXDATE;TZID=America/Chicago:20260526T090000"), instance(1, "20260602T090000", "20260603T100000"), instance(1, "20260609T090000", "20260609T090000", "STATUS:CANCELLED"), single,
			vevent("UID:over@else", "SUMMARY:Old", "DTSTART:20200620T150000Z"), vevent("UID:day@else", "SUMMARY:Holiday", "DTSTART;VALUE=DATE:20260704"), vevent("UID:off@else", "SUMMARY:Never", "STATUS:CANCELLED", "DTSTART:20260720T150000Z"),
			vevent("UID:mars@else", "SUMMARY:Mars", "DTSTART;TZID=Mars/Olympus:20260720T150000"), vevent("UID:always@else", "SUMMARY:Always", "DTSTART:20260720T150000Z", "RRULE:FREQ=SECONDLY"))
		i := at.bring(ctx, t, "team.ics", "", first)
		if i.Kind != "calendar" || i.File.Source != "icalendar" {
			t.Fatalf("taken for %s of %s, problem %+v", i.Kind, i.File.Source, i.Problem)
		}
		i = at.plan(ctx, t, i, nil)
		if i.Counts.Actions[imports.Create] != 2 || i.Counts.BadRows != 5 {
			t.Fatalf("planned: %+v", i.Counts)
		}
		var why []string
		for _, r := range must[operation.Page[imports.PlannedRow]](t)(imports.ListRows.Do(ctx, at.door, imports.ListRowsInput{ID: i.ID, Bad: true})).Items {
			for _, f := range r.Faults {
				why = append(why, f.Key)
			}
		}
		slices.Sort(why)
		if want := []string{"errors.series_rule", "import.event_all_day", "import.event_off", "import.event_over", "import.word_unknown"}; !slices.Equal(why, want) {
			t.Errorf("refused for %q, not %q", why, want)
		}
		at.load(ctx, t, i)
		s := at.series(ctx, t)[0]
		is := func(want ...string) {
			t.Helper()
			if got := at.times(ctx, t, s.ID); !slices.Equal(got, want) {
				t.Errorf("it meets at\n%q, not\n%q", got, want)
			}
		}
		is("2026-05-19T14:00:00Z", "2026-06-03T15:00:00Z", "2026-06-09T14:00:00Z off", "2026-06-16T14:00:00Z", "2026-06-23T14:00:00Z", "2026-06-30T14:00:00Z", "2026-07-07T14:00:00Z", "2026-07-14T14:00:00Z")
		if s.Link != "https://meet.example/abc" || s.Mode != "online" || s.Minutes != 45 || s.Purpose != "Who does what, by when" {
			t.Errorf("it is %+v", s)
		}
		one := must[operation.Page[convening.Meeting]](t)(convening.ListMeetings.Do(ctx, at.door, convening.ListMeetingsInput{Limit: 200})).Items
		at1 := slices.IndexFunc(one, func(m convening.Meeting) bool { return m.Title == "Retreat" })
		if m := one[at1]; m.Minutes != 180 || m.Place != "Town hall" || m.StartsAt.Format(time.RFC3339) != "2026-06-20T15:00:00Z" || m.Zone != "UTC" {
			t.Errorf("the single meeting is %+v", m)
		}

		same := func(name string, content []byte) {
			t.Helper()
			if again := at.plan(ctx, t, at.bring(ctx, t, "team.ics", "", content), nil); again.Counts.Actions[imports.Create]+again.Counts.Actions[imports.Update]+again.Counts.Doubts != 0 {
				t.Errorf("%s: %+v", name, again.Counts)
			}
		}
		same("the same file again", first)
		// Somebody here moves one meeting and renames the series: the same file does not take that back.
		s = must[convening.Series](t)(convening.EditSeries.Do(ctx, at.door, convening.SeriesPatch{ID: s.ID, Version: s.Version, Purpose: ptr("Ours")}))
		same("the same file after an edit here", first)
		// The exception is moved once more, another one comes back, and the series begins later.
		second := ics(weekly(2, 11), instance(2, "20260602T110000", "20260604T120000"), single)
		next := at.load(ctx, t, at.plan(ctx, t, at.bring(ctx, t, "team.ics", "", second), nil))
		if next.Counts.Applied != 1 || next.Counts.Refused != 0 {
			t.Errorf("a newer file: %+v", next.Counts)
		}
		is("2026-05-19T16:00:00Z", "2026-05-26T16:00:00Z", "2026-06-04T17:00:00Z", "2026-06-09T16:00:00Z", "2026-06-16T16:00:00Z", "2026-06-23T16:00:00Z", "2026-06-30T16:00:00Z", "2026-07-07T16:00:00Z", "2026-07-14T16:00:00Z")
		same("an older file", first)
		must[imports.Import](t)(imports.Undo.Do(ctx, at.door, imports.Ref{ID: next.ID}))
		if back := at.work(ctx, t, next.ID); back.Counts.LeftOver != 0 {
			t.Errorf("taken back: %+v", back.Counts)
		}
		is("2026-05-19T14:00:00Z", "2026-06-03T15:00:00Z", "2026-06-09T14:00:00Z off", "2026-06-16T14:00:00Z", "2026-06-23T14:00:00Z", "2026-06-30T14:00:00Z", "2026-07-07T14:00:00Z", "2026-07-14T14:00:00Z")
		// It is called off as a whole.
		off := at.load(ctx, t, at.plan(ctx, t, at.bring(ctx, t, "team.ics", "", ics(weekly(3, 9, "STATUS:CANCELLED"), single)), nil))
		if len(at.series(ctx, t)) != 0 || off.Counts.Applied != 1 {
			t.Errorf("called off: %+v, %d series", off.Counts, len(at.series(ctx, t)))
		}
		same("what was put in the trash", ics(weekly(4, 9), single))
	})
}

// Hostile calendars are bounded: what is endless, too frequent or too much is refused
// row by row, and the rest comes.
func TestHostileCalendars(t *testing.T) {
	at := newHall(t, "")
	ctx := at.as(operation.Director)
	var many []string
	for n := range 500 {
		many = append(many, vevent(fmt.Sprintf("UID:%d@else", n), fmt.Sprintf("SUMMARY:Group %d", n), "DTSTART:19000101T090000Z", "RRULE:FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR"))
	}
	i := at.plan(ctx, t, at.bring(ctx, t, "many.ics", "", ics(many...)), nil)
	if n := i.Counts.Actions[imports.Create]; n == 0 || n > 20_000/250 || i.Counts.BadRows != 500-n {
		t.Errorf("of 500 series of every working day %d would be made: %+v", n, i.Counts)
	}
	dates := strings.Repeat("20260601T090000Z,", 9000) + "20260601T090000Z"
	i = at.plan(ctx, t, at.bring(ctx, t, "odd.ics", "", ics(
		vevent("UID:a@else", "SUMMARY:Every second", "DTSTART:20260601T090000Z", "RRULE:FREQ=MINUTELY"),
		vevent("UID:b@else", "SUMMARY:Never", "DTSTART:20260601T090000Z", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
		vevent("UID:c@else", "SUMMARY:Many dates", "DTSTART:20260601T090000Z", "RRULE:FREQ=WEEKLY", "EXDATE:"+dates),
		vevent("UID:d@else", "SUMMARY:"+strings.Repeat("long ", 100_000), "DTSTART:20260601T090000Z", "DURATION:P3000D"),
		vevent("UID:"+strings.Repeat("x", 5000), "SUMMARY:<script>alert(1)</script>", "DTSTART:20260601T090000Z", "LOCATION:javascript:alert(1)", "URL:javascript:alert(1)"),
		vevent("UID:e@else", "SUMMARY:Plain", "DTSTART:20260601T090000Z", "RRULE:FREQ=WEEKLY"))), nil)
	i = at.load(ctx, t, i)
	if i.Counts.Refused != 0 {
		t.Errorf("%+v", i.Counts)
	}
	for _, m := range must[operation.Page[convening.Meeting]](t)(convening.ListMeetings.Do(ctx, at.door, convening.ListMeetingsInput{Limit: 200})).Items {
		if m.Link != "" {
			t.Errorf("%s has the link %s", m.Title, m.Link)
		}
	}
}

func ptr[T any](v T) *T { return &v }
