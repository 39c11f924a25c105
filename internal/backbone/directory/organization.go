package directory

import (
	"slices"
	"strings"
	"time"

	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/search"
)

// OrganizationID names an organization.
type OrganizationID = id.Of[Organization]

// Organization is a nonprofit, school, agency, funder, business or group that
// takes part, did, or might.
type Organization struct {
	ID         OrganizationID `json:"id" audit:"-"`
	Name       string         `json:"name"`
	OtherNames []string       `json:"other_names" doc:"Former names, short forms, names in other languages."`
	Kinds      []string       `json:"kinds" doc:"What sort of organization it is, in this place's own words."`
	Sector     string         `json:"sector"`
	Status     string         `json:"status"`
	Place      string         `json:"place"`
	Website    string         `json:"website"`
	Email      string         `json:"email"`
	Phone      string         `json:"phone"`
	About      string         `json:"about"`
	// Notes is for the backbone; empty for everyone else.
	Notes string `json:"notes,omitempty"`
	// Tags are for the backbone as well.
	Tags   []string          `json:"tags,omitempty" doc:"Words the backbone sorts its records by; for the backbone only."`
	Custom map[string]string `json:"custom,omitempty" doc:"Values of the collaborative's own fields, by the field's key."`
	// The flags are separate facts: one organization may be several at once.
	Funder           bool `json:"funder"`
	Host             bool `json:"host"`
	LeadOrganization bool `json:"lead_organization"`
	FiscalSponsor    bool `json:"fiscal_sponsor"`
	// History is every status and part with its dates; only a single record has it.
	History   []Period   `json:"history,omitempty" audit:"-" doc:"Every status and part with its days, the oldest first."`
	Version   int64      `json:"version" audit:"-"`
	CreatedAt time.Time  `json:"created_at" audit:"-"`
	UpdatedAt time.Time  `json:"updated_at" audit:"-"`
	DeletedAt *time.Time `json:"deleted_at,omitempty" audit:"-" doc:"When it was put in the trash."`
	// MergedInto is the organization it was merged into; only a single record has it.
	MergedInto OrganizationID `json:"merged_into,omitempty" audit:"-"`

	sortKey []byte          // of the row read, for the cursor of a list
	shown   map[string]bool // which own fields the actor may see, once they were looked up
}

// Sectors are the fixed sectors, by catalogue key "sectors.…".
var Sectors = []string{"education", "government", "health", "nonprofit", "business", "philanthropy", "faith", "community", "media", "other"}

// Statuses are the stages of an organization's membership, in order.
var Statuses = []string{"prospect", "invited", "member", "dormant", "left"}

// Parts are the parts an organization may play, each a separate fact.
var Parts = []string{"funder", "host", "lead_organization", "fiscal_sponsor"}

// Parts lists the parts this organization plays.
func (o Organization) Parts() []string {
	var out []string
	for i, plays := range []bool{o.Funder, o.Host, o.LeadOrganization, o.FiscalSponsor} {
		if plays {
			out = append(out, Parts[i])
		}
	}
	return out
}

// facts are what is dated of an organization, by fact: its status and the parts
// it plays.
func (o Organization) facts() map[string]string {
	out := map[string]string{StatusFact: o.Status}
	for _, part := range Parts {
		out[part] = ""
	}
	for _, part := range o.Parts() {
		out[part] = played
	}
	return out
}

// setFact is the way back from facts.
func (o *Organization) setFact(fact, value string) {
	switch fact {
	case StatusFact:
		o.Status = value
	case "funder":
		o.Funder = value == played
	case "host":
		o.Host = value == played
	case "lead_organization":
		o.LeadOrganization = value == played
	case "fiscal_sponsor":
		o.FiscalSponsor = value == played
	}
}

// Subject is the organization as the door sees it.
func (o Organization) Subject() operation.Subject { return organizationSubject(o.ID) }

func organizationSubject(i OrganizationID) operation.Subject {
	return operation.Subject{Kind: OrganizationKind, ID: i}
}

// CurrentVersion is what REST makes an ETag of.
func (o Organization) CurrentVersion() int64 { return o.Version }

// OrganizationInput is a new organization.
type OrganizationInput struct {
	Name             string   `json:"name" required:"true" maxLength:"200" doc:"The name it is known by."`
	OtherNames       []string `json:"other_names,omitempty" maxItems:"20" doc:"Former names, short forms, names in other languages."`
	Kinds            []string `json:"kinds,omitempty" maxItems:"20" maxLength:"80" doc:"What sort of organization it is: school, clinic, residents' group."`
	Sector           string   `json:"sector,omitempty" enum:"education,government,health,nonprofit,business,philanthropy,faith,community,media,other"`
	Status           string   `json:"status,omitempty" enum:"prospect,invited,member,dormant,left" doc:"member when absent."`
	Place            string   `json:"place,omitempty" doc:"Town, neighbourhood or district."`
	Website          string   `json:"website,omitempty" maxLength:"500" format:"url"`
	Email            string   `json:"email,omitempty" maxLength:"254" format:"email" doc:"A general address, not a person's."`
	Phone            string   `json:"phone,omitempty" maxLength:"50"`
	About            string   `json:"about,omitempty" maxLength:"5000" text:"lines" doc:"What it does, for everyone in the collaborative."`
	Notes            string   `json:"notes,omitempty" text:"lines" doc:"For the backbone only."`
	Funder           bool     `json:"funder,omitempty"`
	Host             bool     `json:"host,omitempty"`
	LeadOrganization bool     `json:"lead_organization,omitempty"`
	FiscalSponsor    bool     `json:"fiscal_sponsor,omitempty"`
	Since            string   `json:"since,omitempty" format:"date" doc:"The day its status and parts began; today when absent."`
	Tags             []string `json:"tags,omitempty" maxItems:"50" maxLength:"60" doc:"For the backbone only."`
	// Custom holds values of the collaborative's own fields.
	Custom map[string]string `json:"custom,omitempty" text:"lines" maxLength:"5000" maxItems:"100" doc:"Values of the collaborative's own fields, by the field's key; several choices stand in lines of their own."`
}

// OrganizationPatch changes the fields that are given and leaves the others.
type OrganizationPatch struct {
	ID               OrganizationID `json:"id"`
	Version          int64          `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	Name             *string        `json:"name,omitempty" maxLength:"200"`
	OtherNames       *[]string      `json:"other_names,omitempty" maxItems:"20"`
	Kinds            *[]string      `json:"kinds,omitempty" maxItems:"20" maxLength:"80"`
	Tags             *[]string      `json:"tags,omitempty" maxItems:"50" maxLength:"60"`
	Sector           *string        `json:"sector,omitempty" enum:"education,government,health,nonprofit,business,philanthropy,faith,community,media,other"`
	Status           *string        `json:"status,omitempty" enum:"prospect,invited,member,dormant,left"`
	Place            *string        `json:"place,omitempty"`
	Website          *string        `json:"website,omitempty" maxLength:"500" format:"url"`
	Email            *string        `json:"email,omitempty" maxLength:"254" format:"email"`
	Phone            *string        `json:"phone,omitempty" maxLength:"50"`
	About            *string        `json:"about,omitempty" maxLength:"5000" text:"lines"`
	Notes            *string        `json:"notes,omitempty" text:"lines"`
	Funder           *bool          `json:"funder,omitempty"`
	Host             *bool          `json:"host,omitempty"`
	LeadOrganization *bool          `json:"lead_organization,omitempty"`
	FiscalSponsor    *bool          `json:"fiscal_sponsor,omitempty"`
	Since            string         `json:"since,omitempty" format:"date" doc:"The day a new status or part began, or an old one ended; today when absent."`
	// Custom sets the given fields and leaves the others; an empty value clears one.
	Custom map[string]string `json:"custom,omitempty" text:"lines" maxLength:"5000" maxItems:"100" doc:"Values of the collaborative's own fields that change, by the field's key; an empty value clears one."`
}

// tidy gives a record its defaults and brings lists into one form.
func (o *Organization) tidy() {
	if o.Status == "" {
		o.Status = "member"
	}
	if o.Sector == "" {
		o.Sector = "other"
	}
	names := []string{}
	for _, name := range o.OtherNames {
		if name != "" && name != o.Name && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	o.OtherNames = names
	if o.Kinds = distinct(o.Kinds, ""); o.Kinds == nil {
		o.Kinds = []string{}
	}
}

// visibleTo is the organization with only what the actor may see.
func (o Organization) visibleTo(c *operation.Call) Organization {
	o = o.withheld(c)
	o.Custom = keep(o.Custom, o.shown)
	return o
}

// withheld is visibleTo except for the collaborative's own fields.
func (o Organization) withheld(c *operation.Call) Organization {
	if !c.Can(SeeNotes) {
		o.Notes, o.Tags = "", nil
	}
	return o
}

// document is what search keeps of it.
func (o Organization) document() search.Document {
	return search.Document{Kind: OrganizationKind, ID: o.ID, Title: o.Name, Detail: o.Place, Fields: []search.Field{
		{Rank: search.InTitle, Text: strings.Join(o.OtherNames, " ")},
		{Rank: search.InOpen, Text: o.Place},
		{Rank: search.InOpen, Text: strings.Join(o.Kinds, " ")},
		{Rank: search.InOpen, Text: o.Website},
		{Rank: search.InOpen, Text: o.Email},
		{Rank: search.InOpen, Text: o.About},
		{Rank: search.InGuarded, Text: o.Notes},
	}}
}
