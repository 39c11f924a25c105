package app

import (
	"context"
	"encoding/json"

	"commontable/internal/backbone/convening"
	"commontable/internal/platform/jobs"
	"commontable/internal/platform/operation"
)

// tellOfMeeting mails what a change of a meeting asks for.
func (a *App) tellOfMeeting(ctx context.Context, j jobs.Job) error {
	var ref convening.MeetingRef
	if err := json.Unmarshal(j.Payload, &ref); err != nil {
		return jobs.Permanent(err)
	}
	acting, err := a.Access.Acting(ctx, operation.AccountID{}, j.Collaborative)
	if err != nil {
		return err
	}
	_, err = a.Calendars.Tell.Do(acting, a.Door, ref)
	return err
}
