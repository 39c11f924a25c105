package access

import (
	"crypto/subtle"
	"encoding/base64"
	"strings"

	"commontable/internal/platform/operation"
)

// A browser that has signed in keeps a mark for each account it did so with.
// The mark lets nobody in. It tells a known browser from a new one, so that the
// owner is told of sign-ins from new ones only, and so that a stranger guessing
// at an account cannot use up the attempts of its owner.
const (
	maxDeviceMarks  = 5
	deviceMarkBytes = 16
)

func (s *Service) deviceMark(account operation.AccountID) string {
	return base64.RawURLEncoding.EncodeToString(s.sealer.Mark("device", account.String())[:deviceMarkBytes])
}

// knows says whether the browser has signed in to the account before.
func (s *Service) knows(c Client, account operation.AccountID) bool {
	mark := []byte(s.deviceMark(account))
	known := 0
	for _, have := range strings.SplitN(c.Device, ".", maxDeviceMarks+1) {
		known |= subtle.ConstantTimeCompare([]byte(have), mark)
	}
	return known == 1
}

// remember adds an account to the browser's marks, latest first.
func (s *Service) remember(c Client, account operation.AccountID) string {
	mark := s.deviceMark(account)
	marks := []string{mark}
	for _, have := range strings.SplitN(c.Device, ".", maxDeviceMarks+1) {
		if have != "" && have != mark && len(have) == len(mark) && len(marks) < maxDeviceMarks {
			marks = append(marks, have)
		}
	}
	return strings.Join(marks, ".")
}
