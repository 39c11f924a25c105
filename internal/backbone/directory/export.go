package directory

import (
	"encoding/base64"
	"strings"

	"commontable/internal/platform/operation"
)

// An export is a list in larger pages that leaves a mark in the audit log. It
// reads page by page, and a permission that is withdrawn ends it at the next one.
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
		return takeAway(c, in.After, func(after string) (operation.Page[Organization], error) {
			in.After, in.Limit, in.Before = after, exportPage, ""
			return listOrganizations(c, in.ListOrganizationsInput)
		})
	},
})

// ExportPeople reads what a list shows, to be taken away as a file.
var ExportPeople = operation.Define(operation.Operation[ExportPeopleInput, operation.Page[Person]]{
	Definition: operation.Definition{ID: "people.export", Summary: "Reads a list of people to take away, a thousand at a time", ReadOnly: true, Sensitive: true, Method: "POST", Path: "/people/export"},
	Limit:      func(in ExportPeopleInput) string { return firstPage(in.After) },
	Run: func(c *operation.Call, in ExportPeopleInput) (operation.Page[Person], error) {
		return takeAway(c, in.After, func(after string) (operation.Page[Person], error) {
			in.After, in.Limit, in.Before = after, exportPage, ""
			return listPeople(c, in.ListPeopleInput)
		})
	},
})

// takeAway reads one page of a download and seals the way to the next.
func takeAway[T any](c *operation.Call, sealed string, read func(after string) (operation.Page[T], error)) (operation.Page[T], error) {
	after, err := goOn(c, sealed)
	if err != nil {
		return operation.Page[T]{}, err
	}
	page, err := read(after)
	if err != nil {
		return page, err
	}
	page.Previous = ""
	page.Next, err = seal(c, page.Next)
	return page, err
}

// firstPage counts a download once, however many pages it takes.
func firstPage(after string) string {
	if after != "" {
		return ""
	}
	return ExportLimit
}

const exportSeal = "export"

// seal makes a cursor that only the account which began the download can go on
// with: a cursor made up by someone would read on without ever having begun, and
// so without the mark in the audit log.
func seal(c *operation.Call, cursor string) (string, error) {
	if cursor == "" {
		return "", nil
	}
	sealed, err := c.Secrets().Seal(exportSeal, []byte(c.Actor.Account.String()+" "+cursor))
	return base64.RawURLEncoding.EncodeToString(sealed), err
}

// goOn opens a sealed cursor and says that the run goes on with a download that
// is already recorded; "" begins one.
func goOn(c *operation.Call, sealed string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err == nil {
		raw, err = c.Secrets().Open(exportSeal, raw)
	}
	account, cursor, ok := strings.Cut(string(raw), " ")
	if err != nil || !ok || account != c.Actor.Account.String() {
		return "", operation.InvalidField("after", "errors.bad_cursor")
	}
	c.Continue()
	return cursor, nil
}
