package directory

import "commontable/internal/platform/operation"

// CreatePeopleInput is several new people.
type CreatePeopleInput struct {
	Items []PersonInput `json:"items" required:"true" maxItems:"500"`
}

// CreatePeople adds several people at once, all or none: one transaction and one
// undo for what came together.
var CreatePeople = operation.Define(operation.Operation[CreatePeopleInput, operation.Page[Person]]{
	Definition: operation.Definition{ID: "people.create-several", Summary: "Adds several people at once, all or none", Method: "POST", Path: "/people/several"},
	Run: func(c *operation.Call, in CreatePeopleInput) (operation.Page[Person], error) {
		page := operation.Page[Person]{Items: make([]Person, 0, len(in.Items)), Total: -1}
		undo := EditPeopleInput{Trash: true}
		for _, item := range in.Items {
			p, err := CreatePerson.Within(c, item)
			if err != nil {
				return page, err
			}
			page.Items = append(page.Items, p)
			undo.Items = append(undo.Items, PersonVersion{p.ID, p.Version})
		}
		c.UndoWith("people.edit-several", undo)
		return page, nil
	},
})

// CreateOrganizationsInput is several new organizations.
type CreateOrganizationsInput struct {
	Items []OrganizationInput `json:"items" required:"true" maxItems:"500"`
}

// CreateOrganizations adds several organizations at once, all or none.
var CreateOrganizations = operation.Define(operation.Operation[CreateOrganizationsInput, operation.Page[Organization]]{
	Definition: operation.Definition{ID: "organizations.create-several", Summary: "Adds several organizations at once, all or none", Method: "POST", Path: "/organizations/several"},
	Run: func(c *operation.Call, in CreateOrganizationsInput) (operation.Page[Organization], error) {
		page := operation.Page[Organization]{Items: make([]Organization, 0, len(in.Items)), Total: -1}
		undo := EditOrganizationsInput{Trash: true}
		for _, item := range in.Items {
			o, err := CreateOrganization.Within(c, item)
			if err != nil {
				return page, err
			}
			page.Items = append(page.Items, o)
			undo.Items = append(undo.Items, OrganizationVersion{o.ID, o.Version})
		}
		c.UndoWith("organizations.edit-several", undo)
		return page, nil
	},
})
