package access

import (
	"errors"

	"github.com/google/uuid"

	"commontable/internal/platform/store"
)

// newID makes an id of any noun.
func newID[ID ~[16]byte]() ID { return ID(uuid.Must(uuid.NewV7())) }

// optional reads what may be missing as its zero value.
func optional[T any](v T, err error) (T, error) {
	if errors.Is(err, store.ErrNotFound) {
		var none T
		return none, nil
	}
	return v, err
}
