package access

import (
	"errors"
	"testing"

	"commontable/internal/platform/operation"
)

func asError(err error, target **operation.Error) bool { return errors.As(err, target) }

// Every operation has a row, and every row an operation.
func TestPermissionRowsAndOperationsMatch(t *testing.T) {
	h := newHouse(t, "sqlite")
	for _, op := range h.s.Operations() {
		if _, ok := permissionRows[op.Describe().ID]; !ok {
			t.Errorf("no permission row for %s", op.Describe().ID)
		}
	}
	for id := range permissionRows {
		if h.door.Registry[id] == nil {
			t.Errorf("a permission row for %s, which does not exist", id)
		}
	}
}
