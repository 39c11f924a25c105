package access

import (
	"slices"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// memberOperations are what can be done about who signs in to a collaborative.
type memberOperations struct {
	ListMembers   *operation.Operation[ListMembersInput, operation.Page[Member]]
	ShowMember    *operation.Operation[MemberInput, Member]
	SetRoles      *operation.Operation[SetRolesInput, Member]
	EndMembership *operation.Operation[MemberInput, operation.None]
}

// ListMembersInput chooses a page.
type ListMembersInput struct {
	After  string `json:"after" text:"raw" maxLength:"2000" doc:"Cursor of the page."`
	Before string `json:"before" text:"raw" maxLength:"2000"`
	Limit  int64  `json:"limit" minimum:"0" maximum:"200" doc:"How many, 50 when absent."`
}

// MemberInput names a member by their person.
type MemberInput struct {
	Person operation.PersonID `json:"person"`
}

// SetRolesInput is all the roles a member is to have.
type SetRolesInput struct {
	Person operation.PersonID `json:"person"`
	Roles  []operation.Role   `json:"roles" required:"true" maxItems:"11"`
	// Version is the one the caller has seen; 0 changes whatever is there.
	Version int64 `json:"version" minimum:"0"`
}

func (o memberOperations) list() []operation.Any {
	return []operation.Any{o.ListMembers, o.ShowMember, o.SetRoles, o.EndMembership}
}

func newMemberOperations(s *Service) memberOperations {
	return memberOperations{
		ListMembers: operation.Define(operation.Operation[ListMembersInput, operation.Page[Member]]{
			Definition: operation.Definition{ID: "members.list", Summary: "Lists who can sign in to the collaborative, and their roles", ReadOnly: true, Method: "GET", Path: "/members"},
			Run:        listMembers,
		}),
		ShowMember: operation.Define(operation.Operation[MemberInput, Member]{
			Definition: operation.Definition{ID: "members.show", Summary: "Shows whether a person can sign in, and their roles", ReadOnly: true, Method: "GET", Path: "/members/{person}"},
			About:      aboutMember,
			Run:        func(c *operation.Call, in MemberInput) (Member, error) { return findMember(c, in.Person) },
		}),
		SetRoles: operation.Define(operation.Operation[SetRolesInput, Member]{
			Definition: operation.Definition{ID: "members.edit", Summary: "Gives a member other roles", Method: "PUT", Path: "/members/{person}/roles"},
			Validate:   func(in *SetRolesInput, faults *operation.Faults) { checkRoles(faults, in.Roles) },
			Run:        setRoles,
		}),
		EndMembership: operation.Define(operation.Operation[MemberInput, operation.None]{
			Definition: operation.Definition{ID: "members.remove", Summary: "Ends a person's access to the collaborative; the person stays in the directory", Method: "DELETE", Path: "/members/{person}"},
			About:      aboutMember,
			Run: func(c *operation.Call, in MemberInput) (none operation.None, err error) {
				before, err := findMember(c, in.Person)
				if err != nil {
					return none, err
				}
				if in.Person != c.Actor.Person {
					if err := mayGive(c, before.Roles, nil); err != nil {
						return none, err
					}
				}
				if slices.Contains(before.Roles, operation.Director) {
					if err := keepDirector(c, in.Person); err != nil {
						return none, err
					}
				}
				c.Changed(before.subject(), before.Name, before.Version+1, granted{before.Roles}, nil)
				return none, endMembership(c.Installation, c.Now, c.Collaborative.ID, in.Person)
			},
		}),
	}
}

func aboutMember(in MemberInput) operation.Subject {
	return operation.Subject{Kind: "person", ID: in.Person}
}

// granted is what the audit log compares of a membership.
type granted struct {
	Roles []operation.Role `json:"roles"`
}

func listMembers(c *operation.Call, in ListMembersInput) (operation.Page[Member], error) {
	q := store.SelectInstallation(`SELECT `+memberColumns+` FROM memberships m JOIN accounts a ON a.id = m.account_id WHERE m.collaborative_id = ? AND m.ended_at IS NULL`, c.Collaborative.ID)
	page, err := operation.List(c.Installation, q, operation.Keyset{After: in.After, Before: in.Before, Limit: in.Limit, Columns: []string{"m.person_id"}, Types: "b"},
		scanMember, func(m Member) []any { return []any{m.Person[:]} })
	page.Total = -1
	return page, err
}

// setRoles changes what a member may do, from their next request on.
func setRoles(c *operation.Call, in SetRolesInput) (Member, error) {
	before, err := findMember(c, in.Person)
	if err != nil {
		return Member{}, err
	}
	if in.Version != 0 && in.Version != before.Version {
		return Member{}, operation.Stale(before)
	}
	if err := mayGive(c, before.Roles, in.Roles); err != nil {
		return Member{}, err
	}
	if slices.Contains(before.Roles, operation.Director) && !slices.Contains(in.Roles, operation.Director) {
		if err := keepDirector(c, in.Person); err != nil {
			return Member{}, err
		}
	}
	if _, err := c.Installation.Exec(`UPDATE memberships SET roles = $3, version = version + 1 WHERE collaborative_id = $1 AND person_id = $2 AND ended_at IS NULL`,
		c.Collaborative.ID, in.Person, store.JSON(in.Roles)); err != nil {
		return Member{}, err
	}
	if err := renewSessions(c.Installation, before.Account); err != nil {
		return Member{}, err
	}
	after, err := findMember(c, in.Person)
	c.Changed(after.subject(), after.Name, after.Version, granted{before.Roles}, granted{after.Roles})
	c.UndoWith("members.edit", SetRolesInput{Person: in.Person, Roles: before.Roles})
	return after, err
}
