package convening

import "commontable/internal/platform/operation"

// What follows checks no permission: it is for operations of packages above,
// which do.

// MeetingOf reads a meeting that is not in the trash.
func MeetingOf(c *operation.Call, i MeetingID) (Meeting, error) {
	m, err := getMeeting(c, i)
	if err == nil && m.DeletedAt != nil {
		err = operation.Missing()
	}
	return m, err
}

// ExpectedAt are those who are expected at a meeting, in the order of the seats and
// then as they were asked.
func ExpectedAt(c *operation.Call, m Meeting) ([]Expected, error) { return expectedAt(c, m) }

// MeetingSubject is a meeting as relations know it.
func MeetingSubject(i MeetingID) operation.Subject { return meetingSubject(i) }
