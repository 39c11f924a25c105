package convening

import (
	"cmp"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// series is the noun.
var series = &operation.Noun[Series, SeriesID]{Kind: SeriesKind, Area: "series", Get: getSeries, Update: updateSeries,
	Head: func(s *Series) operation.Head[SeriesID] {
		return operation.HeadOf(s.ID, &s.Version, &s.UpdatedAt, &s.DeletedAt)
	},
	Title: func(s Series) string { return s.Title }}

// ListSeriesInput says which series.
type ListSeriesInput struct {
	BodyID directory.BodyID `json:"body_id,omitempty" doc:"Only those of this body."`
	Trash  bool             `json:"trash,omitempty" doc:"Those in the trash instead."`
}

// ListSeries lists series by title, at most 200.
var ListSeries = operation.Define(operation.Operation[ListSeriesInput, operation.Page[Series]]{
	Definition: operation.Definition{ID: "series.list", Summary: "Lists the meetings that come again", ReadOnly: true, Method: "GET", Path: "/series"},
	Run: func(c *operation.Call, in ListSeriesInput) (operation.Page[Series], error) {
		if in.Trash && !c.Can("series.restore") {
			return operation.Page[Series]{}, operation.Refuse(operation.Forbidden, "errors.forbidden")
		}
		q := store.Select(seriesText)
		if !in.BodyID.IsZero() {
			q.Where(`meeting_series.body_id = ?`, in.BodyID)
		}
		if in.Trash {
			q.Add(` AND meeting_series.deleted_at IS NOT NULL ORDER BY meeting_series.deleted_at, meeting_series.id LIMIT 200`)
		} else {
			q.Add(` AND meeting_series.deleted_at IS NULL ORDER BY meeting_series.sort_key, meeting_series.id LIMIT 200`)
		}
		text, args := q.SQL()
		all, err := store.Collect(c.Tx, scanSeries, text, args...)
		return operation.Whole(all), err
	},
})

// GetSeries reads one series.
var GetSeries = operation.Define(operation.Operation[SeriesRef, Series]{
	Definition: operation.Definition{ID: "series.get", Summary: "Reads one series of meetings", ReadOnly: true, Method: "GET", Path: "/series/{id}"},
	Run:        func(c *operation.Call, in SeriesRef) (Series, error) { return series.Read(c, in.ID) },
})

// CreateSeries plans meetings that come again, a year ahead.
var CreateSeries = operation.Define(operation.Operation[SeriesInput, Series]{
	Definition: operation.Definition{ID: "series.create", Summary: "Plans meetings that come again by a rule", Method: "POST", Path: "/series"},
	About: func(in SeriesInput) operation.Subject {
		return operation.Subject{Kind: directory.BodyKind, ID: in.BodyID}
	},
	Run: func(c *operation.Call, in SeriesInput) (Series, error) {
		s := Series{ID: id.New[Series](), BodyID: in.BodyID, Title: in.Title, Purpose: in.Purpose, Mode: in.Mode, Place: in.Place, Link: in.Link, Zone: in.Zone, FirstOn: in.FirstOn, Starts: in.Starts,
			Minutes: cmp.Or(in.Minutes, 60), Rule: in.Rule, LastOn: in.LastOn, Exceptions: in.Exceptions, Version: 1, CreatedAt: c.Now, UpdatedAt: c.Now}
		if err := settleSeries(c, Series{}, &s); err != nil {
			return s, err
		}
		s.PlannedTo = c.Today()
		if err := insertSeries(c, s); err != nil {
			return s, err
		}
		if err := plan(c, &s, max(s.FirstOn, in.From)); err != nil {
			return s, err
		}
		return series.Added(c, s)
	},
})

// settleSeries names the body, gives the rest its defaults and checks the rule.
func settleSeries(c *operation.Call, before Series, s *Series) error {
	first := Meeting{BodyID: s.BodyID, Body: before.Body, Title: s.Title, Mode: s.Mode, Zone: s.Zone, On: s.FirstOn, Starts: s.Starts, Minutes: s.Minutes, State: Planned}
	if err := settleMeeting(c, Meeting{BodyID: before.BodyID}, &first); err != nil {
		return err
	}
	s.Body, s.Title, s.Mode, s.Zone = first.Body, first.Title, first.Mode, first.Zone
	if s.LastOn != "" && s.LastOn < s.FirstOn {
		return operation.InvalidField("last_on", "errors.series_ends_first")
	}
	rule, err := s.calendar()
	if err != nil {
		return err
	}
	return s.settleExceptions(rule)
}

// EditSeries changes a series for the meetings to come. Those that were changed by
// themselves, and those that took place, stay as they are.
var EditSeries = operation.Define(operation.Operation[SeriesPatch, Series]{
	Definition: operation.Definition{ID: "series.edit", Summary: "Changes a series, for the meetings that are to come", Method: "PATCH", Path: "/series/{id}"},
	Run: func(c *operation.Call, in SeriesPatch) (Series, error) {
		before, err := series.Live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		after := before
		operation.Patch(&after, in)
		if err := settleSeries(c, before, &after); err != nil {
			return before, err
		}
		if err := replan(c, before, &after); err != nil {
			return before, err
		}
		return series.Save(c, before, after, "series.edit", func(after Series) any {
			undo := SeriesPatch{ID: after.ID, Version: after.Version}
			operation.Reverse(&undo, before, after)
			return undo
		})
	},
})

// ExtendSeries makes the meetings of the coming year that are not made yet. The
// program runs it by itself.
var ExtendSeries = operation.Define(operation.Operation[SeriesRef, Series]{
	Definition: operation.Definition{ID: "series.extend", Summary: "Makes the meetings of the coming year that are not made yet", Method: "POST", Path: "/series/{id}/extend"},
	Run: func(c *operation.Call, in SeriesRef) (Series, error) {
		s, err := getSeries(c, in.ID)
		if err == nil && s.DeletedAt != nil {
			err = operation.Missing()
		}
		if err != nil {
			return s, err
		}
		was := s.PlannedTo
		if err := plan(c, &s, was); err != nil || s.PlannedTo == was {
			return s, err
		}
		_, err = c.Tx.Exec(`UPDATE meeting_series SET planned_to = $3 WHERE collaborative_id = $1 AND id = $2`, s.ID, s.PlannedTo)
		c.Continue() // nobody decided anything
		return s, err
	},
})

// TrashSeries puts a series in the trash, with the meetings to come that nobody
// touched.
var TrashSeries = operation.Define(operation.Operation[SeriesVersion, Series]{
	Definition: operation.Definition{ID: "series.trash", Summary: "Puts a series in the trash, with the meetings to come that nobody touched", Method: "DELETE", Path: "/series/{id}"},
	Run: func(c *operation.Call, in SeriesVersion) (Series, error) {
		before, err := series.Live(c, in.ID, in.Version)
		if err != nil {
			return before, err
		}
		ahead, err := meetingsAhead(c, before)
		if err != nil {
			return before, err
		}
		for _, m := range ahead {
			if !m.apart && m.State == Planned {
				if err := drop(c, m); err != nil {
					return before, err
				}
			}
		}
		return series.Trash(c, in.ID, in.Version)
	},
})

// RestoreSeries takes a series out of the trash and plans its meetings again.
var RestoreSeries = operation.Define(operation.Operation[SeriesVersion, Series]{
	Definition: operation.Definition{ID: "series.restore", Summary: "Takes a series out of the trash and plans its meetings again", Method: "POST", Path: "/series/{id}/restore"},
	Run: func(c *operation.Call, in SeriesVersion) (Series, error) {
		s, err := series.Restore(c, in.ID, in.Version)
		if err != nil {
			return s, err
		}
		if err := plan(c, &s, c.Today()); err != nil {
			return s, err
		}
		_, err = c.Tx.Exec(`UPDATE meeting_series SET planned_to = $3 WHERE collaborative_id = $1 AND id = $2`, s.ID, s.PlannedTo)
		return s, err
	},
})
