package post

import (
	"context"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/due"
	"commontable/internal/backbone/letters"
	"commontable/internal/backbone/polls"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
)

func (s *Service) define() {
	const byItself = "the program does it at its hour"
	s.WriteDigests = operation.Define(operation.Operation[PortionInput, Written]{
		Definition: operation.Definition{ID: "digests.write", Summary: "Writes the weekly letters with what is due", BrowserOnly: byItself},
		Run:        s.digests,
	})
	s.WriteReminders = operation.Define(operation.Operation[PortionInput, Written]{
		Definition: operation.Definition{ID: "reminders.write", Summary: "Writes the reminders of single actions and invitations", BrowserOnly: byItself},
		Run:        s.reminders,
	})
	s.Again = operation.Define(operation.Operation[AgainInput, []string]{
		Definition: operation.Definition{ID: "reminders.look-again", Summary: "Says what a letter that waited tells of and is still due", ReadOnly: true, BrowserOnly: byItself},
		Run:        s.again,
	})
	s.Plan = operation.Define(operation.Operation[PlanInput, Planned]{
		Definition: operation.Definition{ID: "nudges.plan", Summary: "Tells whom a nudge would reach, and why it would not reach the others", ReadOnly: true, Method: "POST", Path: "/nudges/plan"},
		Run:        func(c *operation.Call, in PlanInput) (Planned, error) { return s.plan(c, in.Owners) },
	})
	s.Nudge = operation.Define(operation.Operation[NudgeInput, Planned]{
		Definition: operation.Definition{ID: "nudges.send", Summary: "Writes to people, with a word of your own, what is due from them or from whom they represent", Method: "POST", Path: "/nudges"},
		Run:        s.nudge,
	})
}

// digests writes to a portion of those from whom something is due. Whoever has got
// the letter of this week is left out, so it may run again at any time; what is
// looked at and what is written is one transaction.
func (s *Service) digests(c *operation.Call, in PortionInput) (Written, error) {
	var out Written
	c.Continue()
	rules, err := letters.RulesOf(c.Tx)
	if err != nil || !rules.Digest {
		return out, err // ended meanwhile
	}
	day, err := time.Parse(time.DateOnly, in.On)
	if err != nil {
		return out, err
	}
	// Once a week and no more, also when another day was chosen meanwhile.
	have, err := writtenSince(c, digestLetter, day.AddDate(0, 0, -6).Format(time.DateOnly))
	if err != nil {
		return out, err
	}
	list, more, err := s.due.People(c, in.After, in.limit())
	if err != nil {
		return out, err
	}
	out.More = more
	people := make([]directory.PersonID, len(list))
	for k, p := range list {
		people[k] = p.PersonID
	}
	readers, err := letters.ReadersOf(c, people)
	if err != nil {
		return out, err
	}
	for _, p := range list {
		out.Next = p.PersonID
		r := readers[p.PersonID]
		switch {
		case have[p.PersonID] || p.Count() == 0:
			continue
		case r.Why(letters.Digests) != "":
			out.Missed++
			continue
		}
		data := mail.Data{Count: p.Count(), Sections: sections(c, r, p, nil)}
		if data.Link, err = s.due.LetterLink(c, r.ID, r.Email); err != nil {
			return out, err
		}
		if err := s.write(c, one{reader: r, template: mail.DueDigest, kind: digestLetter, reach: letters.Digests, occasions: []string{in.On}, data: data}); err != nil {
			return out, err
		}
		out.Letters++
	}
	return out, nil
}

// sections are what is due, as a letter tells it; links add ways to answer an item.
func sections(c *operation.Call, r letters.Reader, p due.PersonDue, links func(context.Context, due.Item) []mail.Link) []mail.Section {
	ctx, today := r.Context(c), c.Today()
	var out []mail.Section
	for _, section := range p.Sections {
		heading := section.Name
		if heading == "" && len(p.Sections) > 1 {
			heading = i18n.T(ctx, "post.yourself")
		}
		told := mail.Section{Heading: heading}
		for _, i := range section.Items {
			line := mail.Line{Text: line(ctx, i, today), About: i.Kind + ":" + i.ID.String()}
			if links != nil {
				line.Links = links(ctx, i)
			}
			told.Lines = append(told.Lines, line)
		}
		out = append(out, told)
	}
	return out
}

// line is one thing that is due, in one line.
func line(ctx context.Context, i due.Item, today string) string {
	args := i18n.Args{"Title": i.Title}
	if i.On != "" {
		args["Date"] = i18n.CivilDate(ctx, i.On)
	}
	switch {
	case i.Kind == due.AgreementItem:
		return i18n.T(ctx, "due.agreement_"+i.State)
	case i.Kind == due.MeetingItem:
		return i18n.T(ctx, "post.line_meeting", args)
	case i.Kind == due.DeliveryItem || i.Kind == due.CommitmentItem:
		if i.Title == "" {
			args["Title"] = i18n.T(ctx, "commitment_kinds."+i.CommitmentKind)
		}
		return i18n.T(ctx, "post.line_"+i.Kind, args)
	case i.Kind == polls.DueItem:
		return i18n.T(ctx, "post.line_poll", args)
	case i.On == "":
		return i.Title
	case i.Overdue(today):
		return i18n.T(ctx, "post.line_overdue", args)
	}
	return i18n.T(ctx, "post.line_by", args)
}
