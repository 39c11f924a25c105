package sample

import (
	"context"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/access"
	"commontable/internal/platform/operation"
)

// These operations exist for the story alone and are in no registry, so no
// token, page or mail can ask for them. Each bears the id of the operation it
// stands for, under which history then shows it and whose permission it needs.

const storyOnly = "only the sample runs it"

// partyMost is how many people one transaction takes in: what a change of
// several people at once may undo again.
const partyMost = 500

type party struct {
	List []directory.PersonInput `json:"people" maxItems:"500"`
}

// createParty adds many people in one transaction. Every one goes through the
// operation that adds one person, so counts, search and audit are the same.
var createParty = operation.Define(operation.Operation[party, []person]{
	Definition: operation.Definition{ID: "people.create", Summary: "Adds the people who arrived together", BrowserOnly: storyOnly},
	Run: func(c *operation.Call, in party) ([]person, error) {
		made := make([]person, len(in.List))
		undo := directory.EditPeopleInput{Trash: true, Items: make([]directory.PersonVersion, len(in.List))}
		for i, p := range in.List {
			out, err := directory.CreatePerson.Within(c, p)
			if err != nil {
				return nil, err
			}
			made[i] = person{id: out.ID, version: out.Version, organization: p.OrganizationID}
			undo.Items[i] = directory.PersonVersion{ID: out.ID, Version: out.Version}
		}
		c.UndoWith(directory.EditPeople.ID, undo)
		return made, nil
	},
})

type seat struct {
	Person  operation.PersonID  `json:"person"`
	Account operation.AccountID `json:"account"`
	Role    operation.Role      `json:"role"`
}

// takeSeat gives an account its place in the collaborative, as accepting an
// invitation would.
var takeSeat = operation.Define(operation.Operation[seat, operation.None]{
	Definition: operation.Definition{ID: "members.invite", Summary: "Gives an account its place", BrowserOnly: storyOnly},
	Run: func(c *operation.Call, in seat) (none operation.None, err error) {
		p, err := directory.GetPerson.Within(c, directory.PersonRef{ID: in.Person})
		if err != nil {
			return none, err
		}
		c.Changed(p.Subject(), p.Name(), p.Version, nil, nil)
		return none, access.Grant(c.Installation, c.Now, access.Membership{Account: in.Account, Collaborative: c.Collaborative.ID, Person: in.Person, Roles: []operation.Role{in.Role}})
	},
})

func (t *teller) join(ctx context.Context, p operation.PersonID, a operation.AccountID, role operation.Role) error {
	_, err := takeSeat.Do(ctx, &t.door, seat{p, a, role})
	return err
}
