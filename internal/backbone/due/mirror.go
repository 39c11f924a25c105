package due

import (
	"cmp"
	"slices"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

// ListInput says what of everybody's.
type ListInput struct {
	Kind           string                   `json:"kind,omitempty" maxLength:"40" doc:"Only what is about this: meeting, action, delivery, commitment, agreement, survey or poll."`
	PersonID       directory.PersonID       `json:"person_id,omitempty" doc:"Only what is due from this person."`
	OrganizationID directory.OrganizationID `json:"organization_id,omitempty" doc:"Only what is due from this organization."`
	After          string                   `json:"after,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the next page."`
	Limit          int64                    `json:"limit,omitempty" minimum:"0" maximum:"200" doc:"How many, 50 when absent."`
}

// Owed is one thing that is due from somebody.
type Owed struct {
	Owner
	Name string `json:"name" doc:"Of the person or the organization."`
	Item Item   `json:"item"`
}

// cursor is the place of an entry in the list.
func (o Owed) cursor() string { return o.Item.order() + o.Item.Kind + o.Item.ID.String() + o.key() }

// gather is what is due from everybody, in no order and without names.
func (s *Service) gather(c *operation.Call, kind string) ([]Owed, error) {
	var out []Owed
	for _, source := range s.sources {
		if kind != "" && !slices.Contains(source.Kinds(), kind) {
			continue
		}
		if err := c.AsProgram(func() error {
			return source.Each(c, func(who Owner, i Item) {
				if kind == "" || i.Kind == kind {
					out = append(out, Owed{Owner: who, Item: i})
				}
			})
		}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// list shows who is due what. It is put together anew every time: what is due follows
// from the day and from what others do.
func (s *Service) list(c *operation.Call, in ListInput) (operation.Page[Owed], error) {
	all, err := s.gather(c, in.Kind)
	if err != nil {
		return operation.Page[Owed]{}, err
	}
	all = slices.DeleteFunc(all, func(o Owed) bool {
		return !in.PersonID.IsZero() && o.PersonID != in.PersonID || !in.OrganizationID.IsZero() && o.OrganizationID != in.OrganizationID
	})
	slices.SortFunc(all, func(a, b Owed) int { return cmp.Compare(a.cursor(), b.cursor()) })
	page := operation.Page[Owed]{Items: []Owed{}, Total: int64(len(all))}
	if in.Limit == 0 {
		in.Limit = operation.DefaultLimit
	}
	names := map[Owner]string{}
	for _, o := range all {
		if o.cursor() <= in.After {
			continue
		}
		if int64(len(page.Items)) == in.Limit {
			page.Next = page.Items[len(page.Items)-1].cursor()
			break
		}
		name, known := names[o.Owner]
		if !known {
			if name, _, err = named(c, o.Owner); err != nil {
				return page, err
			}
			names[o.Owner] = name
		}
		o.Name = name
		page.Items = append(page.Items, o)
	}
	return page, nil
}

// Recipient is somebody to whom a letter about what is due would go.
type Recipient struct {
	PersonID directory.PersonID `json:"person_id"`
	Name     string             `json:"name"`
	Email    string             `json:"email,omitempty" doc:"Absent when none is on record."`
	Language string             `json:"language" doc:"Their own, or the collaborative's."`
}

// OwnerDue is what a letter about what is due from one owner needs. Of an
// organization it goes to whoever represents it.
type OwnerDue struct {
	Owner
	Name       string      `json:"name"`
	Recipients []Recipient `json:"recipients"`
	Items      []Item      `json:"items"`
}

// nudge reads what is due from one owner, and to whom a reminder would go.
func (s *Service) nudge(c *operation.Call, who Owner) (OwnerDue, error) {
	if who.PersonID.IsZero() == who.OrganizationID.IsZero() {
		return OwnerDue{}, operation.InvalidField("person_id", "errors.due_one_owner")
	}
	items, err := s.of(c, who)
	if err != nil {
		return OwnerDue{}, err
	}
	out, there, err := s.letter(c, who, items)
	if err == nil && !there {
		err = operation.Missing()
	}
	if err == nil {
		c.Changed(who.subject(), out.Name, 0, nil, nil)
	}
	return out, err
}

// letter is what a letter to an owner needs.
func (s *Service) letter(c *operation.Call, who Owner, items []Item) (OwnerDue, bool, error) {
	out := OwnerDue{Owner: who, Recipients: []Recipient{}, Items: items}
	var there bool
	var err error
	if out.Name, there, err = named(c, who); err != nil || !there {
		return out, there, err
	}
	people := []directory.PersonID{who.PersonID}
	if !who.OrganizationID.IsZero() {
		if people, err = directory.Representatives(c, who.OrganizationID); err != nil {
			return out, there, err
		}
	}
	for _, i := range people {
		p, err := directory.GetPerson.WithinAsProgram(c, directory.PersonRef{ID: i})
		if err != nil {
			return out, there, err
		}
		if p.DeletedAt != nil {
			continue
		}
		r := Recipient{PersonID: i, Name: p.Name(), Email: p.Email, Language: p.Language}
		if r.Language == "" {
			r.Language = c.Collaborative.Language
		}
		out.Recipients = append(out.Recipients, r)
	}
	return out, there, nil
}

// Everyone is what is due from everybody, as letters need it, so many owners at a
// time: next is where to go on, "" at the end. It checks no permission: it is for
// background work.
func (s *Service) Everyone(c *operation.Call, after string, limit int) (list []OwnerDue, next string, err error) {
	all, err := s.gather(c, "")
	if err != nil {
		return nil, "", err
	}
	items := map[string][]Item{}
	owners := map[string]Owner{}
	for _, o := range all {
		owners[o.key()] = o.Owner
		items[o.key()] = append(items[o.key()], o.Item)
	}
	var keys []string
	for key := range owners {
		if key > after {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for n, key := range keys {
		if n == limit {
			return list, keys[n-1], nil
		}
		sortItems(items[key])
		one, there, err := s.letter(c, owners[key], items[key])
		if err != nil {
			return nil, "", err
		}
		if there {
			list = append(list, one)
		}
	}
	return list, "", nil
}

// subject is the owner as the door sees it.
func (o Owner) subject() operation.Subject {
	if o.OrganizationID.IsZero() {
		return operation.Subject{Kind: directory.PersonKind, ID: o.PersonID}
	}
	return operation.Subject{Kind: directory.OrganizationKind, ID: o.OrganizationID}
}
