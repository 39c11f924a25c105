package surveys

import "commontable/internal/platform/operation"

// Responses is responses, for tests from outside.
func Responses(c *operation.Call, i WaveID) ([]Response, error) {
	w, err := get(c, i)
	if err != nil {
		return nil, err
	}
	return responses(c, w)
}
