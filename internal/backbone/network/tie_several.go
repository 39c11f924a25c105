package network

import (
	"errors"

	"commontable/internal/platform/operation"
)

// SeveralInput does the same with several ties.
type SeveralInput struct {
	Items []AtVersion `json:"items" required:"true" maxItems:"500"`
	Type  *string     `json:"type,omitempty" maxLength:"100"`
	To    *string     `json:"valid_to,omitempty" format:"date" doc:"First day on which they no longer hold."`
	Trash bool        `json:"trash,omitempty" doc:"Put them in the trash instead."`
	Back  bool        `json:"restore,omitempty" doc:"Take them out of the trash instead."`
	// Each holds a change of its own for each item, in order; undo uses it.
	Each []Patch `json:"each,omitempty" maxItems:"500"`
}

// EditSeveral changes several ties at once, all or none.
var EditSeveral = operation.Define(operation.Operation[SeveralInput, operation.Page[Tie]]{
	Definition: operation.Definition{ID: "ties.edit-several", Summary: "Changes several ties at once, all or none", Method: "POST", Path: "/ties/bulk"},
	Run: func(c *operation.Call, in SeveralInput) (operation.Page[Tie], error) {
		page := operation.Page[Tie]{Items: []Tie{}, Total: -1}
		undo := SeveralInput{Trash: in.Back, Back: in.Trash}
		for k := range in.Items {
			before, err := get(c, in.Items[k].ID)
			if err != nil {
				return page, err
			}
			after, err := oneOf(c, in, k)
			if err != nil {
				return page, stoppedBy(before, err)
			}
			page.Items = append(page.Items, after)
			undo.Items = append(undo.Items, AtVersion{after.ID, after.Version})
			if !in.Trash && !in.Back {
				undo.Each = append(undo.Each, reverse(before, after))
			}
		}
		c.UndoWith("ties.edit-several", undo)
		return page, nil
	},
})

// oneOf is one tie's part of what is done with several.
func oneOf(c *operation.Call, in SeveralInput, k int) (Tie, error) {
	item := in.Items[k]
	switch {
	case in.Trash:
		return Trash.Within(c, item)
	case in.Back:
		return Restore.Within(c, item)
	case k < len(in.Each):
		return Edit.Within(c, in.Each[k])
	}
	return Edit.Within(c, Patch{ID: item.ID, Version: item.Version, Type: in.Type, To: in.To})
}

// stoppedBy names the tie because of which nothing was done with any.
func stoppedBy(t Tie, err error) error {
	var e *operation.Error
	if !errors.As(err, &e) || e.Kind != operation.Invalid {
		return err
	}
	named := *e
	named.Faults = append([]operation.Fault{{Field: "items", Key: "ties.stopped_by", Args: map[string]any{"Tie": t.Title()}}}, e.Faults...)
	return &named
}
