package convening

import (
	"errors"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

// SeveralInput does the same with several meetings.
type SeveralInput struct {
	Items  []MeetingVersion  `json:"items" required:"true" maxItems:"500"`
	BodyID *directory.BodyID `json:"body_id,omitempty" doc:"Whose meetings they are."`
	Place  *string           `json:"place,omitempty" maxLength:"300"`
	Link   *string           `json:"link,omitempty" maxLength:"1000" format:"url"`
	Days   int64             `json:"days,omitempty" minimum:"-366" maximum:"366" doc:"Move each by so many days; its local time stays."`
	Cancel bool              `json:"cancel,omitempty" doc:"Call them off."`
	Reason string            `json:"reason,omitempty" maxLength:"500" doc:"Why they are called off, for those who were to come."`
	Trash  bool              `json:"trash,omitempty" doc:"Put them in the trash instead."`
	Back   bool              `json:"restore,omitempty" doc:"Take them out of the trash instead."`
	// Steps and Each hold what is done with each item, in order, the step first; undo
	// uses them. Their versions are not looked at: those of Items are.
	Steps []StepInput    `json:"steps,omitempty" maxItems:"500"`
	Each  []MeetingPatch `json:"each,omitempty" maxItems:"500"`
}

// EditSeveral changes several meetings at once, all or none.
var EditSeveral = operation.Define(operation.Operation[SeveralInput, operation.Page[Meeting]]{
	Definition: operation.Definition{ID: "meetings.edit-several", Summary: "Changes, moves or calls off several meetings at once, all or none", Method: "POST", Path: "/meetings/bulk"},
	Run: func(c *operation.Call, in SeveralInput) (operation.Page[Meeting], error) {
		page := operation.Page[Meeting]{Items: []Meeting{}, Total: -1}
		undo := SeveralInput{Trash: in.Back, Back: in.Trash}
		for k, item := range in.Items {
			before, err := getMeeting(c, item.ID)
			if err != nil {
				return page, err
			}
			after, err := in.one(c, before, k)
			if err != nil {
				return page, stoppedBy(before, err)
			}
			page.Items = append(page.Items, after)
			undo.Items = append(undo.Items, MeetingVersion{ID: after.ID, Version: after.Version})
			if !in.Trash && !in.Back {
				back := MeetingPatch{ID: after.ID, Version: after.Version}
				operation.Reverse(&back, before, after)
				undo.Each = append(undo.Each, back)
				undo.Steps = append(undo.Steps, StepInput{ID: after.ID, Version: after.Version, State: before.State, Reason: before.Reason})
			}
		}
		c.UndoWith("meetings.edit-several", undo)
		return page, nil
	},
})

// one is a meeting's part of what is done with several. A step back comes before a
// change, and a step forward after it.
func (in SeveralInput) one(c *operation.Call, before Meeting, k int) (Meeting, error) {
	item := in.Items[k]
	switch {
	case in.Trash:
		return TrashMeeting.Within(c, item)
	case in.Back:
		return RestoreMeeting.Within(c, item)
	}
	now, err := meetings.Live(c, item.ID, item.Version)
	if err != nil {
		return now, err
	}
	if k < len(in.Steps) {
		step := in.Steps[k]
		step.ID, step.Version = now.ID, now.Version
		if now, err = StepMeeting.Within(c, step); err != nil {
			return now, err
		}
	}
	patch := MeetingPatch{BodyID: in.BodyID, Place: in.Place, Link: in.Link}
	if k < len(in.Each) {
		patch = in.Each[k]
	} else if in.Days != 0 {
		day, err := time.Parse(time.DateOnly, before.On)
		if err != nil {
			return now, err
		}
		on := day.AddDate(0, 0, int(in.Days)).Format(time.DateOnly)
		patch.On = &on
	}
	patch.ID, patch.Version = now.ID, now.Version
	if now, err = EditMeeting.Within(c, patch); err != nil || !in.Cancel {
		return now, err
	}
	return StepMeeting.Within(c, StepInput{ID: now.ID, Version: now.Version, State: Cancelled, Reason: in.Reason})
}

// stoppedBy names the meeting because of which nothing was done with any.
func stoppedBy(m Meeting, err error) error {
	var e *operation.Error
	if !errors.As(err, &e) || e.Kind != operation.Invalid {
		return err
	}
	named := *e
	named.Faults = append([]operation.Fault{{Field: "items", Key: "meetings.stopped_by", Args: map[string]any{"Meeting": m.Name()}}}, e.Faults...)
	return &named
}
