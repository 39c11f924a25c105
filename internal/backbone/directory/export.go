package directory

import (
	"commontable/internal/platform/operation"
)

// An export is a list in larger pages that leaves a mark in the audit log. It
// reads page by page, so a permission that is withdrawn ends it at the next one.
const exportPage = 1000

// ExportOrganizationsInput is a list to take away; its limit is ignored.
type ExportOrganizationsInput struct{ ListOrganizationsInput }

// ExportPeopleInput is a list to take away; its limit is ignored.
type ExportPeopleInput struct{ ListPeopleInput }

// ExportOrganizations reads what a list shows, to be taken away as a file.
var ExportOrganizations = operation.Define(operation.Operation[ExportOrganizationsInput, operation.Page[Organization]]{
	Definition: operation.Definition{ID: "organizations.export", Summary: "Reads a list of organizations to take away, a thousand at a time", ReadOnly: true, Sensitive: true, Method: "POST", Path: "/organizations/export"},
	Limit:      func(in ExportOrganizationsInput) string { return firstPage(in.After) },
	Run: func(c *operation.Call, in ExportOrganizationsInput) (operation.Page[Organization], error) {
		if in.After != "" {
			c.Continue()
		}
		in.Limit, in.Before = exportPage, ""
		return listOrganizations(c, in.ListOrganizationsInput)
	},
})

// ExportPeople reads what a list shows, to be taken away as a file.
var ExportPeople = operation.Define(operation.Operation[ExportPeopleInput, operation.Page[Person]]{
	Definition: operation.Definition{ID: "people.export", Summary: "Reads a list of people to take away, a thousand at a time", ReadOnly: true, Sensitive: true, Method: "POST", Path: "/people/export"},
	Limit:      func(in ExportPeopleInput) string { return firstPage(in.After) },
	Run: func(c *operation.Call, in ExportPeopleInput) (operation.Page[Person], error) {
		if in.After != "" {
			c.Continue()
		}
		in.Limit, in.Before = exportPage, ""
		return listPeople(c, in.ListPeopleInput)
	},
})

// firstPage counts a download once, however many pages it takes.
func firstPage(after string) string {
	if after != "" {
		return ""
	}
	return ExportLimit
}
