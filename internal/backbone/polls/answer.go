package polls

import (
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
)

// PersonInput says whether somebody is asked.
type PersonInput struct {
	PollID   ID                 `json:"poll_id"`
	PersonID directory.PersonID `json:"person_id"`
	Asked    bool               `json:"asked" doc:"Whether they are asked."`
	Required bool               `json:"required,omitempty" doc:"Whether the meeting needs them."`
}

// personRecord is what the audit log compares.
type personRecord struct {
	Person   string   `json:"person"`
	Asked    bool     `json:"asked"`
	Required bool     `json:"required"`
	Answers  []string `json:"answers"`
}

// record is what the log keeps of somebody's part in a poll: each answer as a line.
func (a Asked) record(times []string) personRecord {
	r := personRecord{Person: a.Person, Asked: a.asked, Required: a.Required}
	for _, text := range times {
		if answer := a.Answers[text]; answer != "" {
			r.Answers = append(r.Answers, text+" "+answer)
		}
	}
	return r
}

// SetPerson asks somebody beside, says that the meeting needs them, or takes that
// back. What they answered is kept.
var SetPerson = operation.Define(operation.Operation[PersonInput, Poll]{
	Definition: operation.Definition{ID: "polls.set-person", Summary: "Asks somebody in a scheduling poll, says whether the meeting needs them, or takes that back", Method: "PUT", Path: "/polls/{poll_id}/people/{person_id}"},
	About:      func(in PersonInput) operation.Subject { return subject(in.PollID) },
	Run: func(c *operation.Call, in PersonInput) (Poll, error) {
		p, err := live(c, in.PollID)
		if err != nil {
			return p, err
		}
		before, err := rowOf(c, p.ID, in.PersonID)
		if err != nil {
			return p, err
		}
		after := before
		if before.id.IsZero() || before.gone {
			who, err := directory.GetPerson.Within(c, directory.PersonRef{ID: in.PersonID})
			if missing, err := operation.Gone(err, who.DeletedAt != nil); err != nil {
				return p, err
			} else if missing {
				return p, operation.InvalidField("person_id", "errors.no_such_person")
			}
			after = Asked{id: id.New[personRow](), PersonID: who.ID, Person: who.Name()}
		}
		if in.Asked && !before.asked {
			people, err := peopleOf(c, p)
			if err != nil {
				return p, err
			}
			if len(people) >= mostPeople {
				return p, operation.InvalidField("person_id", "errors.too_many_items", map[string]any{"Most": mostPeople})
			}
		}
		after.asked, after.Required = in.Asked, in.Asked && in.Required
		if before.id == after.id && before.asked == after.asked && before.Required == after.Required {
			return told(c, p)
		}
		if err := put(c, p.ID, after); err != nil {
			return p, err
		}
		was := before
		was.Person, was.Answers = after.Person, after.Answers
		c.Changed(p.Subject(), p.Name(), p.Version, was.record(p.Times), after.record(p.Times))
		c.UndoWith("polls.set-person", PersonInput{p.ID, in.PersonID, before.asked, before.Required})
		return told(c, p)
	},
})

// live reads a poll that is not in the trash.
func live(c *operation.Call, i ID) (Poll, error) {
	p, err := get(c, i)
	if err == nil && p.DeletedAt != nil {
		err = operation.Missing()
	}
	return p, err
}

// TimeAnswer is what somebody answers to one time.
type TimeAnswer struct {
	Time   string `json:"time" required:"true" maxLength:"16" doc:"As the poll proposes it, YYYY-MM-DD HH:MM."`
	Answer string `json:"answer" required:"true" enum:"yes,maybe,no"`
}

// AnswerInput is somebody's answer to a poll, in place of the one before.
type AnswerInput struct {
	PollID   ID                 `json:"poll_id"`
	PersonID directory.PersonID `json:"person_id"`
	Answers  []TimeAnswer       `json:"answers" maxItems:"60" doc:"One for each time; what is left out is not answered. None at all takes the answer back."`
}

// Answer records which times suit somebody, as they told whoever asks. Those asked
// answer by the link in their letter.
var Answer = operation.Define(operation.Operation[AnswerInput, Asked]{
	Definition: operation.Definition{ID: "polls.answer", Summary: "Records which of the proposed times suit somebody", Method: "PUT", Path: "/polls/{poll_id}/people/{person_id}/answers"},
	About:      func(in AnswerInput) operation.Subject { return subject(in.PollID) },
	Run: func(c *operation.Call, in AnswerInput) (Asked, error) {
		p, err := live(c, in.PollID)
		if err != nil {
			return Asked{}, err
		}
		before, err := rowOf(c, p.ID, in.PersonID)
		if err != nil {
			return before, err
		}
		if before.id.IsZero() || !before.asked || before.gone {
			return Asked{}, operation.Missing() // nobody is told who is asked
		}
		return answer(c, p, before, in.Answers, before.zone)
	},
})

// answer puts an answer in place of the one before.
func answer(c *operation.Call, p Poll, before Asked, given []TimeAnswer, zone string) (Asked, error) {
	if p.State != Open {
		return before, operation.InvalidField("answers", "errors.poll_closed")
	}
	now := c.Now
	after := before
	after.Answers, after.AnsweredAt, after.zone = map[string]string{}, &now, zone
	for _, g := range given {
		after.Answers[g.Time] = g.Answer
	}
	whole := len(after.Answers)
	if after.keep(p.Times); len(after.Answers) != whole {
		return before, operation.InvalidField("answers", "errors.poll_no_such_time")
	}
	before.keep(p.Times)
	if len(after.Answers) == 0 {
		after.AnsweredAt = nil
	}
	if err := put(c, p.ID, after); err != nil {
		return before, err
	}
	c.Changed(p.Subject(), p.Name(), p.Version, before.record(p.Times), after.record(p.Times))
	undo := AnswerInput{PollID: p.ID, PersonID: after.PersonID, Answers: []TimeAnswer{}}
	for _, text := range p.Times {
		if a := before.Answers[text]; a != "" {
			undo.Answers = append(undo.Answers, TimeAnswer{text, a})
		}
	}
	c.UndoWith("polls.answer", undo)
	return after, nil
}

// knownZone says whether a zone is one.
func knownZone(name string) bool {
	_, err := time.LoadLocation(name)
	return err == nil && name != "Local"
}
