package imports

import (
	"slices"
	"strings"

	"commontable/internal/platform/i18n"
)

// source is a program whose files are recognised by their headings.
type source struct {
	id   string // a message of the catalogue names it: "import.source_…"
	kind string
	// has are headings that all must be there, folded; of each group one.
	has [][]string
	// fields are what headings mean in its files, where the aliases of the kind
	// do not say so; "" leaves a column out that says nothing for us.
	fields map[string]string
}

// sources lists the programs, the most telling headings first.
var sources = []source{
	{id: "civicrm", kind: "people", has: [][]string{{"contact id"}, {"contact type"}, {"display name"}, {"no bulk emails user opt out"}}, fields: map[string]string{
		"contact id": "", "contact type": "", "sort name": "", "display name": fullName, "organization name": "organization", "current employer": "organization", "current employer id": "", "contact hash": "",
		"no bulk emails user opt out": "no_mailings", "do not email": "", "group s": "tags", "tag s": "tags", "note s": "notes", "preferred communication method": "", "middle name": "", "contact is in trash": "",
		"addressee": "", "addressee id": "", "email greeting": "", "email greeting id": "", "postal greeting": "", "postal greeting id": "", "created date": "", "modified date": "", "job title": "title", "nickname": "other_names"}},
	{id: "mailchimp", kind: "people", has: [][]string{{"member rating"}, {"leid", "euid"}}, fields: map[string]string{
		"email address": "email", "emailadresse": "email", "vorname": "given_name", "nachname": "family_name", "table": "subscription", "tags": "tags", "notes": "notes",
		"member rating": "", "optin time": "", "optin ip": "", "confirm time": "", "confirm ip": "", "latitude": "", "longitude": "", "gmtoff": "", "dstoff": "", "timezone": "", "cc": "", "region": "",
		"last changed": "", "leid": "", "euid": "", "email type": "", "unsub time": "", "clean time": ""}},
	{id: "listmonk", kind: "people", has: [][]string{{"email"}, {"name"}, {"attributes"}}, fields: map[string]string{
		"uuid": "", "attributes": "", "created at": "", "updated at": "", "status": "subscription", "name": fullName}},
	{id: "google", kind: "people", has: [][]string{{"e mail 1 value"}, {"first name", "given name", "name"}}, fields: map[string]string{
		"e mail 1 value": "email", "e mail 2 value": "email", "e mail 3 value": "email", "phone 1 value": "phone", "organization name": "organization", "organization 1 name": "organization",
		"organization title": "title", "organization 1 title": "title", "labels": "tags", "group membership": "tags", "nickname": "other_names", "website 1 value": "",
		"e mail 1 label": "", "e mail 2 label": "", "e mail 1 type": "", "phone 1 label": "", "phone 1 type": "", "photo": "", "middle name": "", "phonetic first name": "", "phonetic middle name": "", "phonetic last name": ""}},
	{id: "outlook", kind: "people", has: [][]string{{"e mail address", "email address"}, {"e mail 2 address"}, {"company", "job title"}}, fields: map[string]string{
		"e mail address": "email", "e mail 2 address": "email", "e mail 3 address": "email", "business phone": "phone", "company": "organization", "job title": "title", "categories": "tags",
		"e mail type": "", "e mail display name": "", "e mail 2 type": "", "e mail 2 display name": "", "middle name": "", "title": "", "suffix": "", "initials": ""}},
	{id: "actionnetwork", kind: "people", has: [][]string{{"can2 subscription status", "can2 user tags", "can2 phone"}}, fields: map[string]string{
		"can2 user tags": "tags", "can2 subscription status": "subscription", "can2 phone": "phone", "email": "email"}},
	{id: "partner", kind: "people", has: [][]string{{"primary organization"}, {"node label"}}, fields: map[string]string{
		"primary organization": "organization", "node label": "", "job title": "title"}},
	{id: "kumu", kind: "organizations", has: [][]string{{"label"}, {"type"}, {"description", "tags"}}, fields: map[string]string{
		"label": "name", "type": "kinds", "description": "about", "tags": "tags", "id": "", "image": ""}},
	{id: "vcard", kind: "people", has: [][]string{{"vcard", "uid"}, {"full name", "fn"}}, fields: map[string]string{
		"full name": fullName, "uid": "", "categories": "tags", "note": "notes", "version": "", "rev": "", "email 2": "email", "email 3": "email"}},
}

// sourceOf is the program whose headings a file has; the zero source for none.
func sourceOf(columns []string) source {
	have := map[string]bool{}
	for _, name := range columns {
		have[i18n.FoldKey(name)] = true
	}
	for _, s := range sources {
		if !slices.ContainsFunc(s.has, func(group []string) bool {
			return !slices.ContainsFunc(group, func(heading string) bool { return have[heading] })
		}) {
			return s
		}
	}
	return source{}
}

// refine sets what headings mean in the files of the program.
func (s source) refine(columns []Column, fields []string) {
	for i, c := range columns {
		if field, ok := s.fields[strings.TrimSpace(i18n.FoldKey(c.Name))]; ok {
			fields[i] = field
		}
	}
	// A name in one column and the same in two: the two say more.
	if slices.Contains(fields, "given_name") && slices.Contains(fields, "family_name") {
		for i, field := range fields {
			if field == fullName {
				fields[i] = ""
			}
		}
	}
}
