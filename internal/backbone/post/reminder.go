package post

import (
	"bytes"
	"context"
	"net/url"
	"slices"
	"time"

	"commontable/internal/backbone/actions"
	"commontable/internal/backbone/calendars"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/due"
	"commontable/internal/backbone/letters"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
)

// mostActions bounds how many open actions are looked at.
const mostActions = 5000

// caughtUp is how many days after its day a reminder is still sent: long enough for a
// program that did not run, short enough that whoever begins does not remind of years.
const caughtUp = 14

// stage is which reminder of an action is to be sent on a day, or "".
func stage(r letters.Rules, dueOn, today string) string {
	by, err := time.Parse(time.DateOnly, dueOn)
	now, err2 := time.Parse(time.DateOnly, today)
	if err != nil || err2 != nil {
		return ""
	}
	days := int64(now.Sub(by).Hours() / 24) // civil days are 24 hours in UTC
	switch {
	case r.RemindBefore > 0 && days <= 0 && days >= -r.RemindBefore:
		return "before"
	case r.RemindAgain > 0 && days >= r.RemindAgain:
		if days <= r.RemindAgain+caughtUp {
			return "again"
		}
	case r.RemindAfter > 0 && days >= r.RemindAfter && days <= r.RemindAfter+caughtUp:
		return "after"
	}
	return ""
}

// reminded is what one person is reminded of.
type reminded struct {
	occasions map[string]string // of the letter, by what it is about
	replies   []calendars.Asked
}

// reminders writes to a portion of those who are to be reminded on a day: one letter
// with all their actions, and one for each invitation. Only what is open at that
// moment is reminded of, each stage of it once.
func (s *Service) reminders(c *operation.Call, in PortionInput) (Written, error) {
	var out Written
	c.Continue()
	rules, err := letters.RulesOf(c.Tx)
	if err != nil || !rules.Reminders {
		return out, err
	}
	who, err := s.whom(c, rules, in.On)
	if err != nil {
		return out, err
	}
	var people []directory.PersonID
	for person := range who {
		if bytes.Compare(person[:], in.After[:]) > 0 {
			people = append(people, person)
		}
	}
	slices.SortFunc(people, func(a, b directory.PersonID) int { return bytes.Compare(a[:], b[:]) })
	if out.More = len(people) > in.limit(); out.More {
		people = people[:in.limit()]
	}
	readers, err := letters.ReadersOf(c, people)
	if err != nil {
		return out, err
	}
	for _, person := range people {
		out.Next = person
		r := readers[person]
		if r.Why(letters.Reminders) != "" {
			out.Missed++
			continue
		}
		n, err := s.remind(c, r, *who[person])
		if err != nil {
			return out, err
		}
		out.Letters += n
	}
	return out, nil
}

// whom gathers who is to be reminded of what.
func (s *Service) whom(c *operation.Call, rules letters.Rules, today string) (map[directory.PersonID]*reminded, error) {
	out := map[directory.PersonID]*reminded{}
	of := func(person directory.PersonID) *reminded {
		if out[person] == nil {
			out[person] = &reminded{occasions: map[string]string{}}
		}
		return out[person]
	}
	var open []actions.Action
	if err := actions.EachOpen(c, mostActions, func(a actions.Action) error {
		if !a.Disowned && stage(rules, a.DueOn, today) != "" {
			open = append(open, a)
		}
		return nil
	}); err != nil {
		return nil, err
	}
	for _, a := range open {
		people := []directory.PersonID{a.OwnerPersonID}
		if !a.OwnerOrganizationID.IsZero() {
			var err error
			if people, err = directory.Representatives(c, a.OwnerOrganizationID); err != nil {
				return nil, err
			}
		}
		about := due.ActionItem + ":" + a.ID.String()
		for _, person := range people {
			if !person.IsZero() {
				of(person).occasions[about] = about + ":" + a.DueOn + ":" + stage(rules, a.DueOn, today)
			}
		}
	}
	if rules.ReplyBefore == 0 {
		return out, nil
	}
	return out, c.AsProgram(func() error {
		asked, err := calendars.Unanswered(c, rules.ReplyBefore)
		for _, a := range asked {
			of(a.PersonID).replies = append(of(a.PersonID).replies, a)
		}
		return err
	})
}

// remind writes to one person, and says how many letters.
func (s *Service) remind(c *operation.Call, r letters.Reader, what reminded) (n int64, err error) {
	for _, a := range what.replies {
		if before, err := written(c, r.ID, replyLetter, a.Meeting.ID.String()); err != nil || before {
			if err != nil {
				return n, err
			}
			continue
		}
		m := a.Meeting
		data := mail.Data{Title: m.Title, Place: m.Place, Online: m.Link, At: m.StartsAt, Ends: m.EndsAt, Body: m.Purpose}
		if data.Link, err = s.calendars.ReplyLink(c, a, r.Email); err != nil {
			return n, err
		}
		if err := s.write(c, one{reader: r, template: mail.ReplyReminder, kind: replyLetter, reach: letters.Reminders, occasions: []string{m.ID.String()}, data: data, zone: m.Zone, about: due.MeetingItem + ":" + m.ID.String()}); err != nil {
			return n, err
		}
		n++
	}
	fresh := map[string]bool{}
	l := one{reader: r, template: mail.ActionReminder, kind: actionLetter, reach: letters.Reminders}
	for about, occasion := range what.occasions {
		before, err := written(c, r.ID, actionLetter, occasion)
		if err != nil {
			return n, err
		}
		if !before {
			fresh[about] = true
			l.occasions = append(l.occasions, occasion)
		}
	}
	if len(fresh) == 0 {
		return n, nil
	}
	slices.Sort(l.occasions)
	all, err := s.due.PersonDueOf(c, r.ID)
	if err != nil {
		return n, err
	}
	for k := range all.Sections {
		all.Sections[k].Items = slices.DeleteFunc(all.Sections[k].Items, func(i due.Item) bool { return !fresh[i.Kind+":"+i.ID.String()] })
	}
	all.Sections = slices.DeleteFunc(all.Sections, func(section due.Section) bool { return len(section.Items) == 0 })
	if all.Count() == 0 {
		return n, nil
	}
	link, err := s.due.LetterLink(c, r.ID, r.Email)
	if err != nil {
		return n, err
	}
	l.data = mail.Data{Count: all.Count(), Link: link, Sections: sections(c, r, all, func(ctx context.Context, i due.Item) []mail.Link { return answers(ctx, link, i) })}
	return n + 1, s.write(c, l)
}

// answers lead to the page of what is due, each with the button for one answer:
// opening it changes nothing, since mail scanners open every link.
func answers(ctx context.Context, link string, i due.Item) []mail.Link {
	var out []mail.Link
	for _, answer := range []string{due.AnswerDone, due.AnswerNotYet, due.AnswerDisown} {
		if slices.Contains(i.Answers, answer) {
			out = append(out, mail.Link{Label: i18n.T(ctx, "due_answers."+answer), Address: link + "?" + url.Values{"item": {i.Kind}, "id": {i.ID.String()}, "answer": {answer}}.Encode()})
		}
	}
	return out
}

// AgainInput is a letter that waited, and what it tells of.
type AgainInput struct {
	PersonID directory.PersonID `json:"person_id"`
	About    []string           `json:"about" maxItems:"2000"`
}

// again says what of it is still due.
func (s *Service) again(c *operation.Call, in AgainInput) ([]string, error) {
	all, err := s.due.PersonDueOf(c, in.PersonID)
	out := []string{}
	for _, section := range all.Sections {
		for _, i := range section.Items {
			if about := i.Kind + ":" + i.ID.String(); slices.Contains(in.About, about) {
				out = append(out, about)
			}
		}
	}
	return out, err
}
