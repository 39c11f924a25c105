package calendars

import (
	"time"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/letters"
	"commontable/internal/platform/access"
	"commontable/internal/platform/calendar"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// MailedAnswer is what somebody's calendar answered by mail. Whoever runs the operation
// has proved that it comes from whoever the invitation went to.
type MailedAnswer struct {
	MeetingID convening.MeetingID `json:"meeting_id"`
	Email     string              `json:"email" required:"true" maxLength:"254"`
	Reply     string              `json:"reply" enum:"yes,no"`
	Sequence  int64               `json:"sequence" minimum:"0"`
	Stamp     time.Time           `json:"stamp"`
}

// Taken says whether an answer was recorded.
type Taken struct {
	Taken bool `json:"taken"`
}

// ReplyOf is the answer that a calendar's word for it means; "" where it means none that
// is recorded, such as perhaps.
func ReplyOf(r calendar.Reply) string {
	switch r {
	case calendar.Accepted:
		return convening.ReplyYes
	case calendar.Declined:
		return convening.ReplyNo
	}
	return ""
}

func (s *Service) defineAnswers() {
	s.Receive = operation.Define(operation.Operation[MailedAnswer, Taken]{
		Definition: operation.Definition{ID: "meeting-answers.receive", Summary: "Records what somebody's calendar answered by mail to an invitation", BrowserOnly: "the program does it when such mail arrives"},
		Run:        receive,
	})
}

// receive records an answer as the person's own. One to an older version of the meeting
// than they were told of last is about a day that has passed away, and one that is older
// than the answer before it came late: both count for nothing.
func receive(c *operation.Call, in MailedAnswer) (Taken, error) {
	known, err := toldOf(c, in.MeetingID)
	if err != nil {
		return Taken{}, err
	}
	var people []directory.PersonID
	for person := range known {
		people = append(people, person)
	}
	readers, err := letters.ReadersOf(c, people)
	if err != nil {
		return Taken{}, err
	}
	var t *told
	for person, r := range readers {
		if r.Email != "" && access.EmailKey(r.Email) == access.EmailKey(in.Email) {
			t = known[person]
		}
	}
	if t == nil || t.method != calendar.Request || in.Sequence < t.sequence || !in.Stamp.After(t.answered) {
		c.Continue()
		return Taken{}, nil
	}
	view, e, err := opened(c, in.MeetingID, t.person)
	if err != nil || view.State != ReplyOpen {
		c.Continue()
		return Taken{}, err
	}
	if _, err := convening.Reply.WithinAsProgram(c, convening.ReplyInput{MeetingID: in.MeetingID, PersonID: t.person, Reply: in.Reply}); err != nil {
		return Taken{}, err
	}
	c.Actor.Name, c.Actor.Via = e.Person, operation.ViaLink
	// A clock that is ahead must not shut out what is answered later.
	_, err = c.Tx.Exec(`UPDATE meeting_letters SET answered_at = $3 WHERE collaborative_id = $1 AND id = $2`, t.id, store.Micros(earlier(in.Stamp, c.Now)))
	return Taken{Taken: true}, err
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
