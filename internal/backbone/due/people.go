package due

import (
	"bytes"
	"slices"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/access"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// PersonDue is what is due from a person and from the organizations they represent.
type PersonDue struct {
	PersonID directory.PersonID
	Sections []Section // their own first; it has no name
}

// Count is how many things are due.
func (p PersonDue) Count() int64 {
	n := 0
	for _, s := range p.Sections {
		n += len(s.Items)
	}
	return int64(n)
}

// People is what is due from people, in the order of their ids: so many of those
// after one. It checks no permission: it is for background work.
func (s *Service) People(c *operation.Call, after directory.PersonID, limit int) (list []PersonDue, more bool, err error) {
	all, err := s.gather(c, "")
	if err != nil {
		return nil, false, err
	}
	items := map[Owner][]Item{}
	for _, o := range all {
		items[o.Owner] = append(items[o.Owner], o.Item)
	}
	owners := map[directory.PersonID][]Owner{}
	for who := range items {
		if who.OrganizationID.IsZero() {
			owners[who.PersonID] = append(owners[who.PersonID], who)
			continue
		}
		speak, err := directory.Representatives(c, who.OrganizationID)
		if err != nil {
			return nil, false, err
		}
		for _, person := range speak {
			owners[person] = append(owners[person], who)
		}
	}
	var people []directory.PersonID
	for person := range owners {
		if bytes.Compare(person[:], after[:]) > 0 {
			people = append(people, person)
		}
	}
	slices.SortFunc(people, func(a, b directory.PersonID) int { return bytes.Compare(a[:], b[:]) })
	if more = len(people) > limit; more {
		people = people[:limit]
	}
	names := map[Owner]string{}
	for _, person := range people {
		one, err := s.sectionsOf(c, person, owners[person], items, names)
		if err != nil {
			return nil, false, err
		}
		list = append(list, one)
	}
	return list, more, nil
}

// PersonDueOf is what is due from one person and the organizations they represent.
func (s *Service) PersonDueOf(c *operation.Call, person directory.PersonID) (PersonDue, error) {
	owners, err := ownersOf(c, person)
	if err != nil {
		return PersonDue{}, err
	}
	items := map[Owner][]Item{}
	for _, who := range owners {
		if items[who], err = s.of(c, who); err != nil {
			return PersonDue{}, err
		}
	}
	return s.sectionsOf(c, person, owners, items, map[Owner]string{})
}

// sectionsOf are the items of some owners; organizations are named, and left out when
// they are not on record any more.
func (s *Service) sectionsOf(c *operation.Call, person directory.PersonID, owners []Owner, items map[Owner][]Item, names map[Owner]string) (PersonDue, error) {
	out := PersonDue{PersonID: person}
	slices.SortFunc(owners, func(a, b Owner) int { return bytes.Compare(a.OrganizationID[:], b.OrganizationID[:]) })
	for _, who := range owners {
		if len(items[who]) == 0 {
			continue
		}
		section := Section{Owner: who, Items: slices.Clone(items[who])}
		if !who.OrganizationID.IsZero() {
			name, known := names[who]
			if !known {
				found, there, err := named(c, who)
				if err != nil {
					return out, err
				}
				if name = found; !there {
					name = ""
				}
				names[who] = name
			}
			if section.Name = name; name == "" {
				continue
			}
		}
		sortItems(section.Items)
		out.Sections = append(out.Sections, section)
	}
	return out, nil
}

// LetterLink makes a personal link to what is due, for a letter of the
// collaborative's own work. It serves as long as those made by hand.
func (s *Service) LetterLink(c *operation.Call, person directory.PersonID, email string) (string, error) {
	r, err := s.ring(c, Owner{PersonID: person})
	if err != nil {
		return "", err
	}
	return s.access.NewLetterLink(c, access.Due, access.PathDue, r.id, email, c.Now.AddDate(0, 0, defaultLinkDays))
}

// ring is the row that links of an owner belong to; it is made where there is none.
func (s *Service) ring(c *operation.Call, who Owner) (ring, error) {
	rings, err := ringsOf(c, who)
	if err != nil || len(rings) > 0 {
		return first(rings), err
	}
	r := ring{id: id.New[ring](), owner: who}
	_, err = c.Tx.Exec(`INSERT INTO due_links (collaborative_id, id, person_id, organization_id, made_by, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		r.id, who.PersonID, who.OrganizationID, c.Actor.Name, store.Micros(c.Now))
	return r, err
}

func first(rings []ring) ring {
	if len(rings) == 0 {
		return ring{}
	}
	return rings[0]
}

// Overdue says whether it was due before a day.
func (i Item) Overdue(today string) bool { return i.On != "" && i.On < today }
