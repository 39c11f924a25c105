package calendars

import (
	"time"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/access"
	"commontable/internal/platform/calendar"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// Asked is somebody who was invited to a meeting and has not answered.
type Asked struct {
	Meeting  convening.Meeting
	PersonID directory.PersonID

	told id.Of[told]
}

// settles is how long after an invitation nobody is asked again.
const settles = 24 * time.Hour

// Unanswered are those who were invited by letter to a meeting in the coming days and
// have not answered. It checks no permission: it is for background work.
func Unanswered(c *operation.Call, days int64) ([]Asked, error) {
	until := c.Now.AddDate(0, 0, int(days)).In(c.Collaborative.Zone).Format(time.DateOnly)
	page, err := convening.ListMeetings.Within(c, convening.ListMeetingsInput{From: c.Today(), To: until, Sort: "starts", Limit: 200})
	if err != nil {
		return nil, err
	}
	var out []Asked
	for _, m := range page.Items {
		if m.Over() || !m.StartsAt.After(c.Now) {
			continue
		}
		known, err := toldOf(c, m.ID)
		if err != nil {
			return nil, err
		}
		if len(known) == 0 {
			continue
		}
		people, err := convening.ListPeople.Within(c, convening.MeetingPart{MeetingID: m.ID})
		if err != nil {
			return nil, err
		}
		for _, e := range people.Items {
			if t := known[e.PersonID]; e.Reply == "" && t != nil && t.method == calendar.Request && c.Now.Sub(t.at) >= settles {
				out = append(out, Asked{m, e.PersonID, t.id})
			}
		}
	}
	return out, nil
}

// ReplyLink makes a personal link to answer by.
func (s *Service) ReplyLink(c *operation.Call, a Asked, email string) (string, error) {
	return s.access.NewLetterLink(c, access.ReplyToMeeting, access.PathReply, a.told, email, a.Meeting.EndsAt.Add(linkServes))
}
