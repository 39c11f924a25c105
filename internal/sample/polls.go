package sample

import (
	"fmt"
	"time"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/polls"
	"commontable/internal/platform/operation"
)

// found are the meetings for which a time was looked for: what each is about, whose it
// is, how long ago times were proposed, and how long after that it took place.
var found = []struct {
	title, purpose, body string
	minutes              int64
	days, later          int
}{
	{"Half a day on the common agenda", "Read the agenda of the last years together, and say what of it still holds.", tableName, 240, 520, 24},
	{"Budget of the coming year", "Go through what the backbone costs, line by line.", executiveName, 90, 275, 20},
	{"An evening on the new figures", "Look at third-grade reading by branch before the table decides.", tableName, 120, 118, 21},
}

// openPoll is the one to which answers still come.
const openPoll = "Visit to the east side branch"

// pollStory is how times were found, and what came of them.
func pollStory() []chapter {
	var out []chapter
	for k, f := range found {
		out = append(out,
			chapter{"a time for: " + f.title, ago(f.days), func(t *teller) error { return t.findTime(k) }},
			chapter{"at the time found: " + f.title, ago(f.days - f.later), func(t *teller) error { return t.meetAsFound(k) }})
	}
	return append(out, chapter{"a time that is looked for", ago(4), (*teller).lookForTime})
}

// propose asks whoever holds a seat of a body which of several times suit them, from so
// many days ahead on, mornings and afternoons of working days.
func (t *teller) propose(in polls.Input, body string, ahead int) (polls.Poll, error) {
	in.BodyID = t.bodies[body].id
	for day := t.clock.Now().AddDate(0, 0, ahead); len(in.Times) < 6; day = day.AddDate(0, 0, 1) {
		if day.Weekday() != time.Saturday && day.Weekday() != time.Sunday {
			in.Times = append(in.Times, day.Format(time.DateOnly)+" 09:30", day.Format(time.DateOnly)+" 15:30")
		}
	}
	return polls.Create.Do(t.as(operation.Staff), &t.door, in)
}

// answerPoll records what those asked say, each as likely as given.
func (t *teller) answerPoll(p polls.Poll, answers float64) (polls.Poll, error) {
	staff := t.as(operation.Staff)
	for _, a := range p.People {
		if t.random.Float64() > answers {
			continue
		}
		t.later(97 * time.Minute)
		in := polls.AnswerInput{PollID: p.ID, PersonID: a.PersonID}
		for _, text := range p.Times {
			in.Answers = append(in.Answers, polls.TimeAnswer{Time: text, Answer: weighted(t.random, polls.Answers)})
		}
		if _, err := polls.Answer.Do(staff, &t.door, in); err != nil {
			return p, err
		}
	}
	return polls.Get.Do(staff, &t.door, polls.Ref{ID: p.ID})
}

// findTime proposes times, and takes the one that suits best.
func (t *teller) findTime(k int) error {
	f := found[k]
	if t.closed[f.body] {
		return nil
	}
	p, err := t.propose(polls.Input{Title: f.title, Purpose: f.purpose, Place: meetingPlaces[0], Minutes: f.minutes, NamesShown: k == 0}, f.body, f.later-6)
	if err == nil {
		p, err = t.answerPoll(p, 0.85)
	}
	if err == nil {
		p, err = t.app.Polls.Choose.Do(t.as(operation.Staff), &t.door, polls.ChooseInput{ID: p.ID, Version: p.Version, Time: p.Ranking[0].Time, Quiet: true})
	}
	if err != nil {
		return fmt.Errorf("a time for %s: %w", f.title, err)
	}
	t.found[k] = p.MeetingID
	return nil
}

// meetAsFound tells that the meeting took place, and who came.
func (t *teller) meetAsFound(k int) error {
	i, ok := t.found[k]
	if !ok {
		return nil
	}
	staff := t.as(operation.Staff)
	m, err := convening.GetMeeting.Do(staff, &t.door, convening.MeetingRef{ID: i})
	if err == nil {
		m, err = convening.StepMeeting.Do(staff, &t.door, convening.StepInput{ID: m.ID, Version: m.Version, State: convening.Held})
	}
	if err != nil {
		return err
	}
	met := t.met // what was promised is told of the groups' own meetings
	defer func() { t.met = met }()
	return t.attend(m)
}

// lookForTime proposes times that are ahead still, to which half have answered.
func (t *teller) lookForTime() error {
	var beside []directory.PersonID
	if m := t.members[string(operation.Representative)]; !m.person.IsZero() {
		beside = append(beside, m.person)
	}
	p, err := t.propose(polls.Input{Title: openPoll, Purpose: "See how reading hours go in the evening, and talk with families.", Place: "Riverside library, east side branch", Minutes: 120, People: beside}, tableName, 16)
	if err == nil {
		_, err = t.answerPoll(p, 0.5)
	}
	return err
}
