package takeout_test

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"commontable/internal/backbone/takeout"
	"commontable/internal/platform/jobs"
	"commontable/internal/platform/operation"
	"commontable/internal/sample"
)

// A takeout that cannot be written waits for another attempt, and after several
// shows as failed.
func TestWhatKeepsFailingSaysSo(t *testing.T) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			a := told(t, engine)
			c := operation.WithActor(within(t, a, sample.Slug), director(t, a))
			begun := got(a.Takeouts.Begin.Do(c, a.Door, takeout.BeginInput{}))(t)
			nowhere := takeout.New(takeout.Config{Store: a.Store, Now: a.Config.Clock.Now, Permissions: func() operation.Permissions { return a.Door.Permissions }, Folder: filepath.Join(t.TempDir(), "gone")})
			payload, err := json.Marshal(map[string]any{"id": begun.ID})
			if err != nil {
				t.Fatal(err)
			}
			for attempt := int64(1); attempt <= 5; attempt++ {
				if err := nowhere.Make(ctx, jobs.Job{Attempts: attempt, Collaborative: operation.CollaborativeFrom(c).ID, Payload: payload}); err == nil {
					t.Fatalf("attempt %d says it was written", attempt)
				}
				now := got(a.Takeouts.Get.Do(c, a.Door, takeout.Ref{ID: begun.ID}))(t)
				if want := attempt < 5; now.Open() != want || !want && (now.State != takeout.Failed || now.FinishedAt == nil) {
					t.Errorf("after attempt %d: %+v", attempt, now)
				}
			}
			work(t, a) // what the queue still holds finds that it is over
			if now := got(a.Takeouts.Get.Do(c, a.Door, takeout.Ref{ID: begun.ID}))(t); now.State != takeout.Failed {
				t.Errorf("afterwards %s", now.State)
			}
		})
	}
}
