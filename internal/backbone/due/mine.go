package due

import (
	"cmp"
	"slices"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

// Section is what is due of one owner.
type Section struct {
	Owner
	Name  string `json:"name" doc:"Of the person or the organization."`
	Items []Item `json:"items"`
}

// Mine is what is due from somebody, and from the organizations they represent.
type Mine struct {
	Sections []Section `json:"sections"`
}

// AnswerInput says something to an item.
type AnswerInput struct {
	Kind   string       `json:"kind" required:"true" maxLength:"40"`
	ID     ItemID       `json:"id"`
	Answer string       `json:"answer" required:"true" maxLength:"40" doc:"One of the item's answers."`
	On     string       `json:"on,omitempty" format:"date" doc:"The day an action is carried to, or something was given on."`
	Amount int64        `json:"amount,omitempty" minimum:"0" maximum:"1000000000000" doc:"What was given, in the unit of the commitment."`
	Text   string       `json:"text,omitempty" maxLength:"500" text:"lines" doc:"Why it is not theirs; how something given is known."`
	Link   string       `json:"link,omitempty" maxLength:"1000" format:"url" doc:"An address with https that shows what was given."`
	Times  []TimeAnswer `json:"times,omitempty" maxItems:"60" doc:"Which proposed times suit; what is left out is not answered."`
}

func (s *Service) define() {
	s.Mine = operation.Define(operation.Operation[operation.None, Mine]{
		Definition: operation.Definition{ID: "due.mine", Summary: "Reads what is due from you and from the organizations you represent", ReadOnly: true, Method: "GET", Path: "/due/mine"},
		Run:        func(c *operation.Call, _ operation.None) (Mine, error) { return s.mine(c) },
	})
	s.Answer = operation.Define(operation.Operation[AnswerInput, Mine]{
		Definition: operation.Definition{ID: "due.answer", Summary: "Says something to what is due from you or an organization you represent", Method: "POST", Path: "/due/answer"},
		Run: func(c *operation.Call, in AnswerInput) (Mine, error) {
			owners, err := ownersOf(c, c.Actor.Person)
			if err != nil {
				return Mine{}, err
			}
			if err := s.answer(c, owners, c.Actor.Name, in); err != nil {
				return Mine{}, err
			}
			return s.mine(c)
		},
	})
	s.List = operation.Define(operation.Operation[ListInput, operation.Page[Owed]]{
		Definition: operation.Definition{ID: "due.list", Summary: "Lists who is due what, the longest due first", ReadOnly: true, Method: "GET", Path: "/due"},
		Run:        s.list,
	})
	s.Nudge = operation.Define(operation.Operation[Owner, OwnerDue]{
		Definition: operation.Definition{ID: "due.nudge", Summary: "Reads what a reminder to one person or organization needs: to whom, in which language, of what", ReadOnly: true, Sensitive: true, Method: "POST", Path: "/due/nudge"},
		Run:        s.nudge,
	})
	s.defineLinks()
}

func (s *Service) mine(c *operation.Call) (Mine, error) {
	owners, err := ownersOf(c, c.Actor.Person)
	if err != nil {
		return Mine{}, err
	}
	sections, err := s.sections(c, owners)
	if err != nil {
		return Mine{}, err
	}
	for k := range sections {
		for _, source := range s.sources {
			if confider, ok := source.(Confider); ok {
				items, err := confider.Confided(c, sections[k].Owner)
				if err != nil {
					return Mine{}, err
				}
				sections[k].Items = append(sections[k].Items, items...)
			}
		}
		sortItems(sections[k].Items)
	}
	return Mine{sections}, nil
}

// sections are what is due of each owner that is there.
func (s *Service) sections(c *operation.Call, owners []Owner) ([]Section, error) {
	out := []Section{}
	for _, who := range owners {
		name, there, err := named(c, who)
		if err != nil {
			return nil, err
		}
		if !there {
			continue
		}
		items, err := s.of(c, who)
		if err != nil {
			return nil, err
		}
		out = append(out, Section{who, name, items})
	}
	return out, nil
}

// named is what an owner is called, and whether they are on record still.
func named(c *operation.Call, who Owner) (name string, there bool, err error) {
	if who.OrganizationID.IsZero() {
		p, err := directory.GetPerson.WithinAsProgram(c, directory.PersonRef{ID: who.PersonID})
		if operation.KindOf(operation.Translate(err)) == operation.NotFound {
			return "", false, nil
		}
		return p.Name(), err == nil && p.DeletedAt == nil, err
	}
	o, err := directory.GetOrganization.WithinAsProgram(c, directory.OrganizationRef{ID: who.OrganizationID})
	if operation.KindOf(operation.Translate(err)) == operation.NotFound {
		return "", false, nil
	}
	return o.Name, err == nil && o.DeletedAt == nil, err
}

func sortItems(items []Item) {
	slices.SortStableFunc(items, func(a, b Item) int {
		return cmp.Or(cmp.Compare(a.order(), b.order()), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID.String(), b.ID.String()))
	})
}
