package imports

import (
	"encoding/json"
	"errors"
	"strconv"

	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// toldOfReport says of a report that its times are off the plan of the meeting it
// was recognised as, or that it names few who are known.
func toldOfReport(c *operation.Call, i Import) ([]Message, error) {
	var out []Message
	all, err := store.Collect(c.Tx, scanRecord, `SELECT `+recordColumns+` FROM import_records WHERE collaborative_id = $1 AND import_id = $2 AND kind = 'meetings' AND action <> 'create' ORDER BY record LIMIT 50`, i.ID)
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		for _, candidate := range append([]Candidate{{Target: r.target}}, r.match.Candidates...) {
			if candidate.Target.IsZero() {
				continue
			}
			m, err := convening.MeetingOf(c, convening.MeetingID(candidate.Target))
			if err != nil {
				return nil, err
			}
			switch by, fits := shiftTo(r.given, m); {
			case !fits:
				out = append(out, Message{Key: "import.report_elsewhere", Args: map[string]any{"Meeting": m.Name(), "Starts": m.Starts}})
			case by != 0:
				out = append(out, Message{Key: "import.report_clock", Args: map[string]any{"Meeting": m.Name(), "Hours": strconv.FormatFloat(by.Hours(), 'f', -1, 64)}})
			}
			break
		}
	}
	if len(all) == 0 {
		return out, nil
	}
	type tally struct{ known, all int64 }
	t, err := store.One(c.Tx, func(row store.Row) (t tally, err error) { return t, row.Scan(&t.all, &t.known) },
		`SELECT COUNT(*), COALESCE(SUM(CASE WHEN action IN ('update', 'unchanged', 'doubt', 'same') THEN 1 ELSE 0 END), 0) FROM import_records WHERE collaborative_id = $1 AND import_id = $2 AND kind = 'people'`, i.ID)
	if err == nil && t.all >= 3 && t.known*5 < t.all {
		out = append(out, Message{Key: "import.report_few_known", Args: map[string]any{"Known": t.known, "All": t.all}})
	}
	return out, err
}

// reversibleAttendance takes back what an import did to ledgers.
type reversibleAttendance struct{}

// Snapshot implements directory.Reversible.
func (reversibleAttendance) Snapshot(c *operation.Call, i directory.RecordID) (json.RawMessage, error) {
	a, err := attendance.EntryOf(c, attendance.ID(i))
	if err != nil {
		return nil, err
	}
	return json.Marshal(counted{a.Minutes, a.Turns, a.Engagement})
}

// counted is what an import may add to an entry.
type counted struct {
	Minutes    *int64 `json:"minutes"`
	Turns      *int64 `json:"turns"`
	Engagement *int64 `json:"engagement"`
}

// Restore implements directory.Reversible.
func (reversibleAttendance) Restore(c *operation.Call, i directory.RecordID, before, after json.RawMessage) ([]string, int64, error) {
	a, err := attendance.EntryOf(c, attendance.ID(i))
	if operation.KindOf(operation.Translate(err)) == operation.NotFound {
		return nil, 0, nil // taken out since
	}
	if err != nil {
		return nil, 0, err
	}
	var was, made counted
	if err := errors.Join(json.Unmarshal(before, &was), json.Unmarshal(after, &made)); err != nil {
		return nil, 0, err
	}
	now := counted{a.Minutes, a.Turns, a.Engagement}
	then, left, err := directory.TakeBack(was, made, now)
	if err != nil {
		return left, 0, err
	}
	unset := int64(attendance.Unset)
	patch := attendance.Patch{MeetingID: a.MeetingID, ID: a.ID, Version: a.Version, Minutes: then.Minutes, Turns: then.Turns, Engagement: then.Engagement}
	for _, n := range []**int64{&patch.Minutes, &patch.Turns, &patch.Engagement} {
		if *n == nil {
			*n = &unset
		}
	}
	a, err = attendance.Edit.Within(c, patch)
	return left, a.Version, err
}

// Remove implements directory.Reversible.
func (reversibleAttendance) Remove(c *operation.Call, i directory.RecordID, version int64) (string, error) {
	return attendance.Remove(c, attendance.ID(i), version)
}
