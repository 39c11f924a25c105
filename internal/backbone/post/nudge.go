package post

import (
	"slices"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/due"
	"commontable/internal/backbone/letters"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
)

// Why a nudge does not reach somebody, beside what holds for every letter.
const (
	Nobody       = "nobody"        // the organization has nobody who represents it
	NothingDue   = "nothing_due"   // what was due is settled
	NudgedBefore = "nudged_before" // they got one today
)

// Unreachable are the reasons, by catalogue key "unreachable.…".
var Unreachable = append([]string{Nobody, NothingDue, NudgedBefore, letters.NoAddress, letters.NoMailings}, letters.Reasons...)

// PlanInput says about whom a nudge would be.
type PlanInput struct {
	Owners []due.Owner `json:"owners" required:"true" maxItems:"100"`
}

// NudgeInput is a word to some of those from whom something is due.
type NudgeInput struct {
	Owners  []due.Owner `json:"owners" required:"true" maxItems:"100"`
	Message string      `json:"message,omitempty" maxLength:"2000" text:"lines" doc:"What is said before the list of what is due."`
}

// Reached is somebody whom a nudge reaches, or why it does not.
type Reached struct {
	due.Owner
	Name     string             `json:"name" doc:"Of the person or the organization."`
	ReaderID directory.PersonID `json:"reader_id,omitempty" doc:"To whom the letter goes."`
	Reader   string             `json:"reader,omitempty"`
	Why      string             `json:"why,omitempty" doc:"Why they are not reached; absent when they are."`
}

// Planned is whom a nudge reaches, and whom not.
type Planned struct {
	People  []Reached `json:"people"`
	Letters int64     `json:"letters" doc:"How many letters go out: one to each, whatever it is about."`
}

// plan looks at each owner and each of those who speak for them.
func (s *Service) plan(c *operation.Call, owners []due.Owner) (Planned, error) {
	out := Planned{People: []Reached{}}
	seen, counted := map[due.Owner]bool{}, map[directory.PersonID]bool{}
	for _, who := range owners {
		if seen[who] {
			continue
		}
		seen[who] = true
		it, err := s.due.Nudge.WithinAsProgram(c, who)
		if err != nil {
			return out, err
		}
		base := Reached{Owner: who, Name: it.Name}
		if len(it.Items) == 0 || len(it.Recipients) == 0 {
			base.Why = Nobody
			if len(it.Items) == 0 {
				base.Why = NothingDue
			}
			out.People = append(out.People, base)
			continue
		}
		var people []directory.PersonID
		for _, r := range it.Recipients {
			people = append(people, r.PersonID)
		}
		readers, err := letters.ReadersOf(c, people)
		if err != nil {
			return out, err
		}
		for _, person := range people {
			one := base
			r := readers[person]
			one.ReaderID, one.Reader, one.Why = person, r.Name(), r.Why(letters.Reminders)
			before, err := written(c, person, nudgeLetter, c.Today())
			if err != nil {
				return out, err
			}
			if before && one.Why == "" {
				one.Why = NudgedBefore
			}
			if one.Why == "" && !counted[person] {
				counted[person] = true
				out.Letters++
			}
			out.People = append(out.People, one)
		}
	}
	return out, nil
}

// nudge writes to everyone a plan reaches: one letter each, of the owners that were
// chosen, and once a day at most.
func (s *Service) nudge(c *operation.Call, in NudgeInput) (Planned, error) {
	out, err := s.plan(c, in.Owners)
	if err != nil {
		return out, err
	}
	if out.Letters == 0 {
		return out, operation.InvalidField("owners", "errors.nobody_reached")
	}
	about := map[directory.PersonID][]due.Owner{}
	var people []directory.PersonID
	for _, p := range out.People {
		if p.Why == "" {
			if about[p.ReaderID] == nil {
				people = append(people, p.ReaderID)
			}
			about[p.ReaderID] = append(about[p.ReaderID], p.Owner)
		}
	}
	readers, err := letters.ReadersOf(c, people)
	if err != nil {
		return out, err
	}
	for _, person := range people {
		all, err := s.due.PersonDueOf(c, person)
		if err != nil {
			return out, err
		}
		all.Sections = slices.DeleteFunc(all.Sections, func(section due.Section) bool { return !slices.Contains(about[person], section.Owner) })
		r := readers[person]
		data := mail.Data{Sender: c.Actor.Name, Body: in.Message, Count: all.Count(), Sections: sections(c, r, all, nil)}
		if data.Link, err = s.due.LetterLink(c, person, r.Email); err != nil {
			return out, err
		}
		if err := s.write(c, one{reader: r, template: mail.DueNudge, kind: nudgeLetter, reach: letters.Reminders, occasions: []string{c.Today()}, data: data}); err != nil {
			return out, err
		}
		c.Changed(operation.Subject{Kind: directory.PersonKind, ID: person}, r.Name(), 0, nil, nil)
	}
	return out, nil
}
