package commitments

import (
	"errors"

	"commontable/internal/platform/operation"
)

// SeveralInput does the same with several commitments.
type SeveralInput struct {
	Items   []AtVersion `json:"items" required:"true" maxItems:"500"`
	Confirm bool        `json:"confirm,omitempty" doc:"Confirm them."`
	EndsOn  *string     `json:"ends_on,omitempty" format:"date" doc:"Last day of their period."`
	Trash   bool        `json:"trash,omitempty" doc:"Put them in the trash instead."`
	Back    bool        `json:"restore,omitempty" doc:"Take them out of the trash instead."`
	// Each and Confirms hold a change of its own for each item, in order; undo uses them.
	Each     []Patch        `json:"each,omitempty" maxItems:"500"`
	Confirms []ConfirmInput `json:"confirms,omitempty" maxItems:"500"`
}

// EditSeveral changes several commitments at once, all or none.
var EditSeveral = operation.Define(operation.Operation[SeveralInput, operation.Page[Commitment]]{
	Definition: operation.Definition{ID: "commitments.edit-several", Summary: "Changes several commitments at once, all or none", Method: "POST", Path: "/commitments/bulk"},
	Run: func(c *operation.Call, in SeveralInput) (operation.Page[Commitment], error) {
		page := operation.Page[Commitment]{Items: []Commitment{}, Total: -1}
		undo := SeveralInput{Trash: in.Back, Back: in.Trash}
		for k, item := range in.Items {
			before, err := get(c, item.ID)
			if err != nil {
				return page, err
			}
			after, err := oneOf(c, in, before, k)
			if err != nil {
				return page, stoppedBy(before, err)
			}
			page.Items = append(page.Items, after)
			undo.Items = append(undo.Items, AtVersion{after.ID, after.Version})
			switch {
			case in.Trash || in.Back:
			case in.Confirm || len(in.Confirms) > 0:
				undo.Confirms = append(undo.Confirms, ConfirmInput{ID: after.ID, Version: after.Version, Back: before.ConfirmedAt == nil})
			default:
				undo.Each = append(undo.Each, reverse(before, after))
			}
		}
		c.UndoWith("commitments.edit-several", undo)
		return page, nil
	},
})

// oneOf is one commitment's part of what is done with several. One that is confirmed
// already stays as it is.
func oneOf(c *operation.Call, in SeveralInput, before Commitment, k int) (Commitment, error) {
	item := in.Items[k]
	switch {
	case in.Trash:
		return Trash.Within(c, item)
	case in.Back:
		return Restore.Within(c, item)
	case k < len(in.Confirms):
		if in.Confirms[k].Back == (before.ConfirmedAt == nil) {
			return before, nil
		}
		return Confirm.Within(c, in.Confirms[k])
	case in.Confirm:
		if before.ConfirmedAt != nil {
			return before, nil
		}
		return Confirm.Within(c, ConfirmInput{ID: item.ID, Version: item.Version})
	case k < len(in.Each):
		return Edit.Within(c, in.Each[k])
	}
	return Edit.Within(c, Patch{ID: item.ID, Version: item.Version, EndsOn: in.EndsOn})
}

// stoppedBy names the commitment because of which nothing was done with any.
func stoppedBy(k Commitment, err error) error {
	var e *operation.Error
	if !errors.As(err, &e) || e.Kind != operation.Invalid {
		return err
	}
	named := *e
	named.Faults = append([]operation.Fault{{Field: "items", Key: "commitments.stopped_by", Args: map[string]any{"Commitment": k.Title()}}}, e.Faults...)
	return &named
}
