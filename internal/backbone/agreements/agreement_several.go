package agreements

import (
	"errors"

	"commontable/internal/platform/operation"
)

// SeveralInput does the same with several agreements.
type SeveralInput struct {
	Items      []AtVersion `json:"items" required:"true" maxItems:"500"`
	TermMonths *int64      `json:"term_months,omitempty" minimum:"1" maximum:"240" doc:"Of drafts."`
	Send       bool        `json:"send,omitempty" doc:"Mail each signatory a personal link to sign by instead; a link sent before ends."`
	Withdraw   bool        `json:"withdraw,omitempty" doc:"Take back what was sent instead; the links end."`
	Trash      bool        `json:"trash,omitempty" doc:"Put the drafts in the trash instead."`
	Back       bool        `json:"restore,omitempty" doc:"Take the drafts out of the trash instead."`
	// Each holds a change of its own for each item, in order; undo uses it.
	Each []Patch `json:"each,omitempty" maxItems:"500"`
}

func (s *Service) several(c *operation.Call, in SeveralInput) (operation.Page[Agreement], error) {
	page := operation.Page[Agreement]{Items: []Agreement{}, Total: -1}
	undo := SeveralInput{Withdraw: in.Send, Back: in.Trash, Trash: in.Back}
	for k, item := range in.Items {
		before, err := get(c, item.ID)
		if err != nil {
			return page, err
		}
		after, err := s.oneOf(c, in, k)
		if err != nil {
			return page, stoppedBy(before, err)
		}
		page.Items = append(page.Items, after)
		undo.Items = append(undo.Items, AtVersion{after.ID, after.Version})
		if !in.Send && !in.Withdraw && !in.Trash && !in.Back {
			undo.Each = append(undo.Each, Patch{ID: after.ID, Version: after.Version, TermMonths: &before.TermMonths})
		}
	}
	if !in.Withdraw { // a link that ended does not serve again
		c.UndoWith("agreements.edit-several", undo)
	}
	return page, nil
}

// oneOf is one agreement's part of what is done with several.
func (s *Service) oneOf(c *operation.Call, in SeveralInput, k int) (Agreement, error) {
	item := in.Items[k]
	switch {
	case in.Send:
		return s.Send.Within(c, item)
	case in.Withdraw:
		return Withdraw.Within(c, item)
	case in.Trash:
		return Trash.Within(c, item)
	case in.Back:
		return Restore.Within(c, item)
	case k < len(in.Each):
		return Edit.Within(c, in.Each[k])
	}
	return Edit.Within(c, Patch{ID: item.ID, Version: item.Version, TermMonths: in.TermMonths})
}

// stoppedBy names the agreement because of which nothing was done with any.
func stoppedBy(a Agreement, err error) error {
	var e *operation.Error
	if !errors.As(err, &e) || e.Kind != operation.Invalid {
		return err
	}
	named := *e
	named.Faults = append([]operation.Fault{{Field: "items", Key: "agreements.stopped_by", Args: map[string]any{"Organization": a.Organization}}}, e.Faults...)
	return &named
}
