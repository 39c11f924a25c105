package actions

import (
	"errors"

	"commontable/internal/platform/operation"
)

// SeveralInput does the same with several actions.
type SeveralInput struct {
	Items  []Version `json:"items" required:"true" maxItems:"500"`
	DueOn  *string   `json:"due_on,omitempty" format:"date" doc:"The day they are due."`
	State  string    `json:"state,omitempty" enum:"open,done,dropped" doc:"What became of them."`
	Reason string    `json:"reason,omitempty" maxLength:"500" text:"lines" doc:"Why they are dropped."`
	Trash  bool      `json:"trash,omitempty" doc:"Put them in the trash instead."`
	Back   bool      `json:"restore,omitempty" doc:"Take them out of the trash instead."`
	// Each and States hold a change of its own for each item, in order; undo uses them.
	Each   []Patch       `json:"each,omitempty" maxItems:"500"`
	States []SettleInput `json:"states,omitempty" maxItems:"500"`
}

// EditSeveral changes several actions at once, all or none.
var EditSeveral = operation.Define(operation.Operation[SeveralInput, operation.Page[Action]]{
	Definition: operation.Definition{ID: "actions.edit-several", Summary: "Changes several action items at once, all or none", Method: "POST", Path: "/actions/bulk"},
	Run: func(c *operation.Call, in SeveralInput) (operation.Page[Action], error) {
		page := operation.Page[Action]{Items: []Action{}, Total: -1}
		undo := SeveralInput{Trash: in.Back, Back: in.Trash}
		for k, item := range in.Items {
			before, err := get(c, item.ID)
			if err != nil {
				return page, err
			}
			after, err := oneOf(c, in, k)
			if err != nil {
				return page, stoppedBy(before, err)
			}
			page.Items = append(page.Items, after)
			undo.Items = append(undo.Items, Version{after.ID, after.Version})
			switch {
			case in.Trash || in.Back:
			case in.State != "" || len(in.States) > 0:
				undo.States = append(undo.States, SettleInput{ID: after.ID, Version: after.Version, State: before.State, On: before.EndedOn, Reason: before.Reason})
			default:
				undo.Each = append(undo.Each, reverse(before, after))
			}
		}
		c.UndoWith("actions.edit-several", undo)
		return page, nil
	},
})

// oneOf is one action's part of what is done with several.
func oneOf(c *operation.Call, in SeveralInput, k int) (Action, error) {
	item := in.Items[k]
	switch {
	case in.Trash:
		return Trash.Within(c, item)
	case in.Back:
		return Restore.Within(c, item)
	case k < len(in.States):
		return Settle.Within(c, in.States[k])
	case in.State != "":
		return Settle.Within(c, SettleInput{ID: item.ID, Version: item.Version, State: in.State, Reason: in.Reason})
	case k < len(in.Each):
		return Edit.Within(c, in.Each[k])
	}
	return Edit.Within(c, Patch{ID: item.ID, Version: item.Version, DueOn: in.DueOn})
}

// stoppedBy names the action because of which nothing was done with any.
func stoppedBy(a Action, err error) error {
	var e *operation.Error
	if !errors.As(err, &e) || e.Kind != operation.Invalid {
		return err
	}
	named := *e
	named.Faults = append([]operation.Fault{{Field: "items", Key: "actions.stopped_by", Args: map[string]any{"Action": a.Title()}}}, e.Faults...)
	return &named
}
