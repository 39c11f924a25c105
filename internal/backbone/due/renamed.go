package due

import (
	"errors"
	"slices"

	"commontable/internal/platform/operation"
)

// renamed moves a fault to the field that an answer has for it.
func renamed(err error, from, to string) error {
	var e *operation.Error
	if !errors.As(err, &e) || e.Kind != operation.Invalid {
		return err
	}
	out := *e
	out.Faults = slices.Clone(e.Faults)
	for k := range out.Faults {
		if out.Faults[k].Field == from {
			out.Faults[k].Field = to
		}
	}
	return &out
}
