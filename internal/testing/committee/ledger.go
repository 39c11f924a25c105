// Package committee works out how a committee took part from the list of who attended on which day: the figures
// that the Working-together page shows, computed a second time, by another hand and in another way, to compare the
// page with. It is written against the formulas and not against the code: it imports the standard library alone,
// and a test holds it to that. Where it can, it counts the long way round and with exact fractions.
//
// The rules by which it reads:
//
//   - A row is one person on one day: Date (YYYY-MM-DD), Name, Organization, Speaking turns.
//   - Meetings. The days that occur are sorted; a day at most three days after the one before it belongs to the same
//     meeting. A meeting is held on its first day: that day decides its year and the windows it falls into.
//   - A person is who has the same name, letter by letter, once blanks at the ends are gone and those within are
//     single. Spelling variants stay different people unless Rules say otherwise.
//   - An organization is likewise what has the same spelling; a blank names none.
//   - Present at a meeting is a person with at least one row on any of its days, and an organization that at least one
//     such row names. Nobody is present twice: how many days somebody came does not matter.
//   - Speaking turns of a meeting are summed over its rows: for a person over the person's rows, for an organization
//     over the rows that name it. Somebody spoke at a meeting where the sum is above zero.
//   - Nothing says who is a member. An organization counts as one from the meeting at which it is first named.
//   - As of a day, meetings held after it do not exist.
package committee

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"sort"
	"strconv"
	"strings"
	"time"
)

// DaysApart is how far apart two days of one meeting may be at most.
const DaysApart = 3

// Rules say where to read in another way than the rules above.
type Rules struct {
	// People and Organizations say which spellings are the same; a spelling that is no key stands for itself.
	People, Organizations map[string]string
	// FirstOrganization makes a person represent one organization at a meeting: that of the first of the person's
	// rows that names one, in the order of days and then of the file. All turns of the person count for it.
	FirstOrganization bool
}

// Meeting is one meeting with those present.
type Meeting struct {
	Days []time.Time // ascending; the first is the day it is held
	// People and Organizations have the speaking turns of those present. Unnamed are the turns of rows that name
	// no organization.
	People, Organizations map[string]int64
	Unnamed               int64
}

// Held is the day that counts as the day of the meeting.
func (m Meeting) Held() time.Time { return m.Days[0] }

// Ledger is all meetings in the order of their days.
type Ledger struct{ Meetings []Meeting }

type row struct {
	on                   time.Time
	person, organization string
	turns                int64
}

// ReadFile reads a file of attendance by the rules above.
func ReadFile(path string, rules Rules) (*Ledger, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	ledger, err := Read(file, rules)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return ledger, nil
}

// Read reads attendance by the rules above.
func Read(r io.Reader, rules Rules) (*Ledger, error) {
	reader := csv.NewReader(r)
	header, err := reader.Read()
	if err != nil {
		return nil, err
	}
	if strings.Join(header, ",") != "Date,Name,Organization,Speaking turns" {
		return nil, fmt.Errorf("the columns are %q", header)
	}
	var rows []row
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return group(rows, rules), nil
		}
		if err != nil {
			return nil, err
		}
		line, _ := reader.FieldPos(0)
		on, err := time.Parse(time.DateOnly, cells[0])
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		turns, err := strconv.ParseInt(cells[3], 10, 32)
		if err != nil || turns < 0 {
			return nil, fmt.Errorf("line %d: speaking turns %q", line, cells[3])
		}
		person := same(rules.People, cells[1])
		if person == "" {
			return nil, fmt.Errorf("line %d: nobody", line)
		}
		rows = append(rows, row{on, person, same(rules.Organizations, cells[2]), turns})
	}
}

func same(known map[string]string, cell string) string {
	cell = strings.Join(strings.Fields(cell), " ")
	if other, ok := known[cell]; ok {
		return other
	}
	return cell
}

func group(rows []row, rules Rules) *Ledger {
	sort.SliceStable(rows, func(i, j int) bool { return rows[i].on.Before(rows[j].on) })
	ledger := &Ledger{}
	for start := 0; start < len(rows); {
		end := start + 1
		for end < len(rows) && !rows[end].on.After(rows[end-1].on.AddDate(0, 0, DaysApart)) {
			end++
		}
		ledger.Meetings = append(ledger.Meetings, meeting(rows[start:end], rules))
		start = end
	}
	return ledger
}

// meeting is what the rows of one meeting say, which are in the order of days.
func meeting(rows []row, rules Rules) Meeting {
	m := Meeting{People: map[string]int64{}, Organizations: map[string]int64{}}
	first := map[string]string{}
	for i, r := range rows {
		if i == 0 || !r.on.Equal(rows[i-1].on) {
			m.Days = append(m.Days, r.on)
		}
		if first[r.person] == "" {
			first[r.person] = r.organization
		}
	}
	for _, r := range rows {
		m.People[r.person] += r.turns
		organization := r.organization
		if rules.FirstOrganization {
			organization = first[r.person]
		}
		if organization == "" {
			m.Unnamed += r.turns
		} else {
			m.Organizations[organization] += r.turns
		}
	}
	return m
}

// until is the meetings held by a day.
func (l *Ledger) until(asOf time.Time) []Meeting {
	var held []Meeting
	for _, m := range l.Meetings {
		if !m.Held().After(asOf) {
			held = append(held, m)
		}
	}
	return held
}

// between is the meetings held on days from the first to the last, both included.
func between(meetings []Meeting, first, last time.Time) []Meeting {
	var held []Meeting
	for _, m := range meetings {
		if !m.Held().Before(first) && !m.Held().After(last) {
			held = append(held, m)
		}
	}
	return held
}

func people(m Meeting) map[string]int64        { return m.People }
func organizations(m Meeting) map[string]int64 { return m.Organizations }

// union is everyone who was at any of the meetings, with the turns of all of them.
func union(meetings []Meeting, of func(Meeting) map[string]int64) map[string]int64 {
	all := map[string]int64{}
	for _, m := range meetings {
		for who, turns := range of(m) {
			all[who] += turns
		}
	}
	return all
}

func names[V any](m map[string]V) []string {
	all := make([]string, 0, len(m))
	for name := range m {
		all = append(all, name)
	}
	sort.Strings(all)
	return all
}
