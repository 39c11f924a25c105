package access

import (
	"encoding/json"
	"fmt"
)

// rawText is a column of JSON text that is read only when needed.
type rawText []byte

// Scan implements sql.Scanner. The driver may reuse the bytes it gives.
func (r *rawText) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*r = nil
	case string:
		*r = rawText(v)
	case []byte:
		*r = append(rawText(nil), v...)
	default:
		return fmt.Errorf("access: JSON is not a %T", src)
	}
	return nil
}

func (r rawText) into(v any) error {
	if r == nil {
		return nil
	}
	return json.Unmarshal(r, v)
}
