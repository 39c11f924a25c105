package security_test

import (
	"testing"

	"commontable/internal/backbone/takeout"
)

// takeoutChanges are what begins, plans and deletes takeouts.
func (s *site) takeoutChanges(t *testing.T) []change {
	t.Helper()
	ctx, door := s.here.context, s.app.Door
	var made takeout.Takeout
	return []change{
		{"takeouts.begin", func() (err error) {
			made, err = s.app.Takeouts.Begin.Do(ctx, door, takeout.BeginInput{IncludeHistory: true})
			return err
		}},
		{"takeouts.delete", func() error {
			_, err := s.app.Takeouts.Delete.Do(ctx, door, takeout.Ref{ID: made.ID})
			return err
		}},
		{"takeouts.schedule", func() error {
			_, err := s.app.Takeouts.Schedule.Do(ctx, door, takeout.ScheduleInput{Every: takeout.Never})
			return err
		}},
	}
}
