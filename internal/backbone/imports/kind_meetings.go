package imports

import (
	"encoding/json"
	"iter"
	"strconv"
	"time"

	"commontable/internal/analysis/presence"
	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

// meetingKind are the meetings that reports of attendance name. One that is not
// there yet is recorded as held.
var meetingKind = &Kind{
	ID: "meetings", Beside: true, Undo: reversibleMeetings{},
	Fields: []Field{
		{ID: "title", Type: TextType, Label: "meetings.field_title"}, {ID: "on", Type: DateType, Label: "meetings.field_on"},
		{ID: "body", Type: TextType, Refers: "bodies", Label: "meetings.field_body"},
	},
	Roles: []Role{{Kind: "bodies", Field: "body", Take: func(Values, map[string]string) Values { return nil }}},
	Title: func(v Values) string { return v["title"] + " · " + v["on"] },
	Keys:  func(v Values) []string { return []string{meetingKey(v["on"], v["title"])} },
	Matcher: func(c *operation.Call) (Matcher, error) {
		x := meetingMatcher{}
		err := convening.EachMeeting(c, func(m convening.Meeting) {
			if m.State != convening.Cancelled {
				x[m.On] = append(x[m.On], m)
			}
		})
		return x, err
	},
	Current: func(c *operation.Call, ids []TargetID) (map[TargetID]Current, error) {
		out := map[TargetID]Current{}
		for _, i := range ids {
			m, err := convening.MeetingOf(c, convening.MeetingID(i))
			if operation.KindOf(operation.Translate(err)) == operation.NotFound {
				continue
			}
			if err != nil {
				return out, err
			}
			out[i] = Current{Title: m.Name(), Version: m.Version, Values: Values{}}
		}
		return out, nil
	},
	Soften: func(given Values, _ Current, _ bool) { clear(given) }, // a report changes nothing of the meeting
	Create: func(c *operation.Call, v Values) (Written, error) {
		minutes, _ := strconv.ParseInt(v["minutes"], 10, 64)
		m, err := convening.CreateMeeting.Within(c, convening.MeetingInput{BodyID: idOf[directory.Body](v["body"]), Title: v["title"], On: v["on"], Starts: v["starts"], Minutes: minutes, Mode: v["mode"], Held: true})
		return Written{TargetID(m.ID), m.Title, m.Version}, err
	},
	Update: func(*operation.Call, TargetID, Values) (Written, error) { return Written{}, operation.Missing() },
}

func meetingKey(on, title string) string { return "meeting:" + on + "|" + folded(title) }

// meetingMatcher are meetings by their day.
type meetingMatcher map[string][]convening.Meeting

// Find implements Matcher: by day and title, where the report's times fit the plan;
// else what was planned around that day is offered.
func (x meetingMatcher) Find(asked []Asked) []Found {
	out := make([]Found, len(asked))
	for k, a := range asked {
		on, err := time.Parse(time.DateOnly, a.Given["on"])
		if err != nil {
			continue
		}
		var near []convening.Meeting
		for _, days := range []int{0, -1, 1} {
			for _, m := range x[on.AddDate(0, 0, days).Format(time.DateOnly)] {
				if body := a.Given["body"]; body != "" && body != m.BodyID.String() {
					continue
				}
				by, fits := shiftTo(a.Given, m)
				titled := folded(m.Title) == folded(a.Given["title"])
				if titled && days == 0 && fits && by == 0 {
					out[k] = Found{Target: TargetID(m.ID), Match: Match{Rule: "meeting"}}
					break
				}
				if days == 0 || titled {
					near = append(near, m)
				}
			}
			if !out[k].Target.IsZero() {
				break
			}
		}
		for _, m := range near {
			if out[k].Target.IsZero() && len(out[k].Match.Candidates) < mostCandidates {
				out[k].Match.Candidates = append(out[k].Match.Candidates, Candidate{Target: TargetID(m.ID), Title: m.Name(), Detail: m.Starts + " " + m.Body})
			}
		}
		if !out[k].Target.IsZero() {
			out[k].Match.Candidates = nil
		}
	}
	return out
}

// Alike implements Matcher.
func (meetingMatcher) Alike(iter.Seq[Asked]) []Pair { return nil }

// The span of a report's times, kept with the meeting it names.
const (
	reportFrom = hiddenField + "from"
	reportTo   = hiddenField + "to"
)

// shiftTo is by how much a report's times have to be moved to fit a meeting.
func shiftTo(v Values, m convening.Meeting) (time.Duration, bool) {
	from, errFrom := time.Parse(time.RFC3339, v[reportFrom])
	to, errTo := time.Parse(time.RFC3339, v[reportTo])
	if errFrom != nil || errTo != nil {
		return 0, true
	}
	return presence.Shift([]presence.Interval{{From: from, To: to}}, presence.Interval{From: m.StartsAt, To: m.EndsAt})
}

// reversibleMeetings takes back the meetings an import recorded: they go into the
// trash, unless somebody changed them or entered somebody since.
type reversibleMeetings struct{}

// Snapshot implements directory.Reversible; an import changes no meeting.
func (reversibleMeetings) Snapshot(*operation.Call, directory.RecordID) (json.RawMessage, error) {
	return json.RawMessage(`{}`), nil
}

// Restore implements directory.Reversible.
func (reversibleMeetings) Restore(*operation.Call, directory.RecordID, json.RawMessage, json.RawMessage) ([]string, int64, error) {
	return nil, 0, nil
}

// Remove implements directory.Reversible.
func (reversibleMeetings) Remove(c *operation.Call, i directory.RecordID, version int64) (string, error) {
	m, err := convening.MeetingOf(c, convening.MeetingID(i))
	if operation.KindOf(operation.Translate(err)) == operation.NotFound {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	there, err := attendance.List.Within(c, attendance.MeetingPart{MeetingID: m.ID})
	if err != nil {
		return "", err
	}
	if m.Version != version || len(there.Items) > 0 {
		return "errors.changed_since", nil
	}
	_, err = convening.TrashMeeting.Within(c, convening.MeetingVersion{ID: m.ID, Version: m.Version})
	return "", err
}
