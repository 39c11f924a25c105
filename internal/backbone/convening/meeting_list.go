package convening

import (
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// ListMeetingsInput says which meetings.
type ListMeetingsInput struct {
	BodyID   directory.BodyID `json:"body_id,omitempty" doc:"Only those of this body."`
	SeriesID SeriesID         `json:"series_id,omitempty" doc:"Only those of this series."`
	State    string           `json:"state,omitempty" enum:"planned,agenda_sent,held,recap_sent,closed,cancelled"`
	From     string           `json:"from,omitempty" format:"date" doc:"Only those on or after this day."`
	To       string           `json:"to,omitempty" format:"date" doc:"Only those before this day."`
	Sort     string           `json:"sort,omitempty" enum:"starts,-starts" doc:"starts lists the earliest first; the latest first when absent."`
	Trash    bool             `json:"trash,omitempty" doc:"Those in the trash instead."`
	After    string           `json:"after,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the next page."`
	Before   string           `json:"before,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the page before."`
	Limit    int64            `json:"limit,omitempty" minimum:"0" maximum:"200" doc:"How many, 50 when absent."`
}

// ListMeetings lists meetings by when they begin.
var ListMeetings = operation.Define(operation.Operation[ListMeetingsInput, operation.Page[Meeting]]{
	Definition: operation.Definition{ID: "meetings.list", Summary: "Lists meetings", ReadOnly: true, Method: "GET", Path: "/meetings"},
	Run:        listMeetings,
})

func listMeetings(c *operation.Call, in ListMeetingsInput) (operation.Page[Meeting], error) {
	if in.Trash && !c.Can("meetings.restore") {
		return operation.Page[Meeting]{}, operation.Refuse(operation.Forbidden, "errors.forbidden")
	}
	q, keyset, key, err := meetingQuery(c, in)
	if err != nil {
		return operation.Page[Meeting]{}, err
	}
	page, err := operation.List(c.Tx, q, keyset, scanMeeting, key)
	if err != nil {
		return page, err
	}
	for k := range page.Items {
		page.Items[k] = page.Items[k].visibleTo(c)
	}
	page.Total, err = operation.Total(c.Tx, MeetingKind)
	return page, err
}

// meetingQuery is the statement, order and cursor of a list of meetings.
func meetingQuery(c *operation.Call, in ListMeetingsInput) (*store.Builder, operation.Keyset, func(Meeting) []any, error) {
	q := store.Select(`SELECT ` + meetingColumns + meetingTables)
	k := operation.Keyset{After: in.After, Before: in.Before, Limit: in.Limit, Columns: []string{"meetings.starts_at", "meetings.id"}, Types: "ib", Descending: in.Sort != "starts"}
	key := func(m Meeting) []any { return []any{m.StartsAt.UnixMicro(), m.ID[:]} }
	if in.Trash {
		q.Where(`meetings.deleted_at IS NOT NULL`)
		k.Columns, k.Descending = []string{"meetings.deleted_at", "meetings.id"}, true
		key = func(m Meeting) []any { return []any{m.DeletedAt.UnixMicro(), m.ID[:]} }
	} else {
		q.Where(`meetings.deleted_at IS NULL`)
	}
	if !in.BodyID.IsZero() {
		q.Where(`meetings.body_id = ?`, in.BodyID)
	}
	if !in.SeriesID.IsZero() {
		q.Where(`meetings.series_id = ?`, in.SeriesID)
	}
	if in.State != "" {
		q.Where(`meetings.state = ?`, in.State)
	}
	for _, edge := range []struct{ day, condition string }{{in.From, `meetings.starts_at >= ?`}, {in.To, `meetings.starts_at < ?`}} {
		if edge.day == "" {
			continue
		}
		at, err := midnight(c, edge.day)
		if err != nil {
			return q, k, key, err
		}
		q.Where(edge.condition, store.Micros(at))
	}
	return q, k, key, nil
}

// midnight is when a day begins where the collaborative is.
func midnight(c *operation.Call, day string) (time.Time, error) {
	zone := c.Collaborative.Zone
	if zone == nil {
		zone = time.UTC
	}
	return time.ParseInLocation(time.DateOnly, day, zone)
}

// ExportMeetingsInput is a list to take away; its limit is ignored.
type ExportMeetingsInput struct{ ListMeetingsInput }

// ExportMeetings reads what a list shows, to be taken away as a file.
var ExportMeetings = operation.Define(operation.Operation[ExportMeetingsInput, operation.Page[Meeting]]{
	Definition: operation.Definition{ID: "meetings.export", Summary: "Reads a list of meetings to take away, a thousand at a time", ReadOnly: true, Sensitive: true, Method: "POST", Path: "/meetings/export"},
	Limit:      func(in ExportMeetingsInput) string { return directory.CountDownload(in.After) },
	Run: func(c *operation.Call, in ExportMeetingsInput) (operation.Page[Meeting], error) {
		return directory.TakeAway(c, in.After, func(after string, limit int64) (operation.Page[Meeting], error) {
			in.After, in.Limit, in.Before = after, limit, ""
			return listMeetings(c, in.ListMeetingsInput)
		})
	},
})
