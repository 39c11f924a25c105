package imports

// sources lists the programs, the most telling headings first.
var sources = []source{
	{id: "civicrm", kind: "people", has: [][]string{{"contact id"}, {"contact type"}, {"display name"}, {"no bulk emails user opt out"}}, fields: map[string]string{
		"contact id": "", "contact type": "", "contact subtype": "", "sort name": "", "display name": fullName, "organization name": "organization", "current employer": "organization", "current employer id": "", "contact hash": "",
		"no bulk emails user opt out": "no_mailings", "do not email": "no_mailings", "do not phone": "", "do not mail": "", "group s": "tags", "tag s": "tags", "note s": "notes", "preferred communication method": "",
		"middle name": "", "contact is in trash": "", "addressee": "", "addressee id": "", "email": "email", "email greeting": "", "email greeting id": "", "preferred mail format": "", "postal greeting": "",
		"postal greeting id": "", "created date": "", "modified date": "", "job title": "title", "formal title": "", "nickname": "other_names", "legal name": "", "household name": "", "address name": "",
		"phone": "phone", "phone extension": "", "phone type": "", "use for bulk mail": "", "image url": "", "participant status": "", "participant role": "", "event title": ""}},
	{id: "mailchimp", kind: "people", has: [][]string{{"member rating"}, {"leid", "euid"}}, fields: map[string]string{
		"email address": "email", "emailadresse": "email", "vorname": "given_name", "nachname": "family_name", "table": "subscription", "tags": "tags", "notes": "notes",
		"member rating": "", "optin time": "", "optin ip": "", "confirm time": "", "confirm ip": "", "latitude": "", "longitude": "", "gmtoff": "", "dstoff": "", "timezone": "", "cc": "", "region": "",
		"last changed": "", "leid": "", "euid": "", "email type": "", "unsub time": "", "unsub campaign title": "", "unsub campaign id": "", "unsub reason": "", "unsub reason other": "",
		"clean time": "", "clean campaign title": "", "clean campaign id": ""}},
	{id: "listmonk", kind: "people", has: [][]string{{"email"}, {"name"}, {"attributes"}}, unfolded: "attributes", fields: map[string]string{
		"uuid": "", "attributes": "", "created at": "", "updated at": "", "status": "subscription", "name": fullName}},
	{id: "google", kind: "people", has: [][]string{{"e mail 1 value"}, {"first name", "given name", "name"}}, fields: map[string]string{
		"e mail # value": "email", "phone # value": "phone", "organization name": "organization", "organization # name": "organization", "organization title": "title", "organization # title": "title",
		"organization department": "", "labels": "tags", "group membership": "tags", "nickname": "other_names", "file as": "", "e mail # label": "", "e mail # type": "", "phone # label": "", "phone # type": "",
		"website # label": "", "website # value": "", "photo": "", "middle name": "", "phonetic first name": "", "phonetic middle name": "", "phonetic last name": "", "name prefix": "", "name suffix": ""}},
	{id: "outlook", kind: "people", has: [][]string{{"e mail address", "email address"}, {"e mail 2 address"}, {"company", "job title"}}, fields: map[string]string{
		"e mail address": "email", "e mail # address": "email", "business phone": "phone", "mobile phone": "phone", "home phone": "phone", "primary phone": "phone", "other phone": "phone", "company": "organization",
		"job title": "title", "categories": "tags", "e mail type": "", "e mail display name": "", "e mail # type": "", "e mail # display name": "", "middle name": "", "title": "", "suffix": "", "initials": "",
		"manager s name": "", "assistant s name": "", "company yomi": "", "company main phone": "", "location": "", "web page": "", "language": "language"}},
	{id: "actionnetwork", kind: "people", has: [][]string{{"can2 subscription status", "can2 user tags", "can2 phone"}}, fields: map[string]string{
		"can2 user tags": "tags", "can2 subscription status": "subscription", "can2 phone": "phone", "email": "email"}},
	{id: "partner", kind: "people", has: [][]string{{"primary organization"}, {"node label"}}, fields: map[string]string{
		"primary organization": "organization", "node label": "", "job title": "title", "primary org function": "", "website": "", "sector": ""}},
	{id: "kumu", kind: "ties", parts: true, has: [][]string{{"from"}, {"to"}, {"type", "direction", "attributes connection type"}}, lacks: []string{"body", "person", "name"}, fields: map[string]string{
		"label": "", "tags": "", "id": ""}},
	{id: "gephi", kind: "ties", has: [][]string{{"source"}, {"target"}, {"type", "weight"}}, fields: map[string]string{
		"id": "", "label": "", "timeset": "", "interval": ""}},
	{id: "zoom", kind: "attendance", parts: true, has: [][]string{{"name original name", "name"}, {"join time", "total duration minutes", "duration minutes"}, {"guest", "duration minutes", "total duration minutes"}}, lacks: []string{"participants", "topic"}, fields: reported},
	{id: "teams", kind: "attendance", parts: true, has: [][]string{teamsNames, teamsJoins, teamsLeaves}, fields: reported},
	{id: "teams", kind: "attendance", parts: true, has: [][]string{teamsNames, {"user action", "action de l utilisateur", "accion del usuario", "benutzeraktion"}}, fields: reported},
	{id: "eventbrite", kind: "attendance", has: [][]string{{"order", "order id"}, {"attendee", "attendee status", "ticket type"}, {"email", "attendee email"}}, fields: ordered},
	{id: "days", kind: "attendance", has: [][]string{{"date"}, {"name"}, {"organization"}, {"speaking turns"}}, fields: map[string]string{}, fixed: map[string]string{"days_apart": "3"}},
	{id: "kumu", kind: "organizations", parts: true, has: [][]string{{"label"}, {"type"}, {"description", "tags", "id"}}, lacks: kumuConnection, fields: kumuOrganization},
	{id: "kumu", kind: "organizations", parts: true, has: [][]string{{"attributes label"}}, lacks: kumuConnection, fields: kumuOrganization},
	{id: "kumu", kind: "people", parts: true, has: [][]string{{"label"}, {"type"}, {"description", "tags", "id"}}, lacks: kumuConnection, fields: kumuPerson},
	{id: "kumu", kind: "people", parts: true, has: [][]string{{"attributes label"}}, lacks: kumuConnection, fields: kumuPerson},
}

// kumuConnection are headings by which a table of connections differs from one of
// elements.
var kumuConnection = []string{"from", "to", "direction"}

var kumuOrganization = map[string]string{
	"label": "name", "type": "kinds", "description": "about", "tags": "tags", "id": "", "image": "",
	"attributes label": "name", "attributes element type": "kinds", "attributes description": "about", "attributes tags": "tags", "attributes image": ""}

var kumuPerson = map[string]string{
	"label": fullName, "type": "", "description": "notes", "tags": "tags", "id": "", "image": "",
	"attributes label": fullName, "attributes element type": "", "attributes description": "notes", "attributes tags": "tags", "attributes image": ""}

// vcardSource are contact cards, which no heading tells from others.
var vcardSource = source{id: "vcard", kind: "people", fields: map[string]string{
	"full name": fullName, "uid": "", "categories": "tags", "note": "notes", "title": "title", "role": "", "email": "email", "email #": "email", "phone": "phone", "phone #": "phone", "nickname": "other_names",
	"nickname #": "other_names", "organization": "organization", "organization #": "organization", "department": "", "prefix": "", "suffix": "", "middle name": "", "birthday": "", "lang": "language"}}

// icalendarSource are calendars, whose columns are named by package intake.
var icalendarSource = source{id: "icalendar", kind: "calendar", fields: map[string]string{
	"title": "title", "first day": "first_on", "time": "time", "minutes": "minutes", "time zone": "zone", "rule": "rule", "exceptions": "exceptions", "place": "place", "link": "link", "description": "purpose",
	"status": "status", "sequence": "sequence", "uid": "uid", "problem": "problem"}}
