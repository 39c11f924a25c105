package imports

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

// reversibleCalendar takes back what a calendar or list made: series and meetings go, but
// for those that somebody put something to, and what was changed is as it was.
type reversibleCalendar struct{}

// Snapshot implements directory.Reversible.
func (reversibleCalendar) Snapshot(c *operation.Call, i directory.RecordID) (json.RawMessage, error) {
	now, err := currentCalendar(c, []TargetID{i})
	if err != nil {
		return nil, err
	}
	return json.Marshal(now[i].Values)
}

// Restore implements directory.Reversible.
func (reversibleCalendar) Restore(c *operation.Call, i directory.RecordID, before, after json.RawMessage) (left []string, version int64, err error) {
	var old, fresh Values
	if err := json.Unmarshal(before, &old); err != nil {
		return nil, 0, err
	}
	if err := json.Unmarshal(after, &fresh); err != nil {
		return nil, 0, err
	}
	all, err := currentCalendar(c, []TargetID{i})
	if err != nil {
		return nil, 0, err
	}
	now, there := all[i]
	if !there {
		return nil, 0, nil // purged since: there is nothing to give back
	}
	if old[eventGone] == "" && fresh[eventGone] != "" && now.Values[eventGone] != "" { // the calendar called a series off
		s, err := convening.RestoreSeries.Within(c, convening.SeriesVersion{ID: convening.SeriesID(i), Version: now.Version})
		if err != nil {
			return nil, 0, err
		}
		now.Version = s.Version
	}
	change := Values{}
	either := maps.Clone(old)
	maps.Copy(either, fresh)
	for _, field := range slices.Sorted(maps.Keys(either)) {
		switch {
		case strings.HasPrefix(field, hiddenField), old[field] == fresh[field]:
		case now.Values[field] != fresh[field]:
			left = append(left, field)
		default:
			change[field] = old[field]
		}
	}
	if version = now.Version; len(change) > 0 {
		made, err := updateCalendar(c, i, change)
		if err != nil {
			return nil, 0, err
		}
		version = made.Version
	}
	b, err := broughtTo(c, i)
	if err == nil && b.UID != "" {
		b.Said, b.Sequence = old[eventSaid], number64(old[eventSequence])
		err = b.remember(c)
	}
	return left, version, err
}

// Remove implements directory.Reversible.
func (reversibleCalendar) Remove(c *operation.Call, i directory.RecordID, version int64) (string, error) {
	s, err := convening.SeriesOf(c, convening.SeriesID(i))
	switch {
	case operation.KindOf(operation.Translate(err)) == operation.NotFound:
		return removeSingle(c, convening.MeetingID(i), version)
	case err != nil:
		return "", err
	case s.DeletedAt != nil:
		return "", forgetBrought(c, i)
	case s.Version != version:
		return "errors.changed_since", nil
	}
	if err := forgetBrought(c, i); err != nil {
		return "", err
	}
	return "", convening.TakeBackSeries(c, s)
}

func removeSingle(c *operation.Call, i convening.MeetingID, version int64) (string, error) {
	m, err := convening.MeetingOf(c, i)
	if operation.KindOf(operation.Translate(err)) == operation.NotFound {
		return "", forgetBrought(c, TargetID(i))
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
	if err := forgetBrought(c, TargetID(i)); err != nil {
		return "", err
	}
	return "", convening.TakeBackMeeting(c, m)
}
