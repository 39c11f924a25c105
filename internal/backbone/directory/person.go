package directory

import (
	"strings"
	"time"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/search"
)

// Person is someone who takes part or is in touch: a representative, resident,
// funder's officer or volunteer.
type Person struct {
	ID         PersonID `json:"id" audit:"-"`
	GivenName  string   `json:"given_name"`
	FamilyName string   `json:"family_name"`
	OtherNames []string `json:"other_names" doc:"Former names, names they go by, names in another script."`
	// Contact details and notes are empty for those who may not see them.
	Email       string   `json:"email,omitempty" doc:"The address they are written to."`
	OtherEmails []string `json:"other_emails,omitempty" doc:"Further addresses that are theirs."`
	Phone       string   `json:"phone,omitempty"`
	Channel     string   `json:"channel,omitempty" doc:"How they like to be reached: email, phone, text, post or in_person; absent when not known."`
	Language    string   `json:"language" doc:"The language they prefer: en, fr or es; empty when not known."`
	Notes       string   `json:"notes,omitempty"`
	// NoMailings stands until somebody takes it back; no file ever does.
	NoMailings bool `json:"no_mailings,omitempty" doc:"Whether they asked for no mailings; for the backbone and themselves."`
	// What they told in confidence: only for those with the right to it and for
	// the person. The audit log never holds it; see SetPrivate.
	AccessNeeds     string `json:"access_needs,omitempty" audit:"-" doc:"What makes taking part possible for them; in confidence."`
	LivedExperience string `json:"lived_experience,omitempty" audit:"-" doc:"Whether they have lived what the collaborative works on: yes, no or prefers_not; absent when they did not say. In confidence."`
	// Affiliation is whom they work with or for today; absent when nobody.
	Affiliation *Affiliation `json:"affiliation,omitempty"`
	// Affiliations is whom they ever worked with or for; only a single record has it.
	Affiliations []Affiliation     `json:"affiliations,omitempty" audit:"-" doc:"Every affiliation with its days, the newest first."`
	Tags         []string          `json:"tags,omitempty" doc:"Words the backbone sorts its records by; for the backbone only."`
	Custom       map[string]string `json:"custom,omitempty" doc:"Values of the collaborative's own fields, by the field's key."`
	Version      int64             `json:"version" audit:"-"`
	CreatedAt    time.Time         `json:"created_at" audit:"-"`
	UpdatedAt    time.Time         `json:"updated_at" audit:"-"`
	DeletedAt    *time.Time        `json:"deleted_at,omitempty" audit:"-" doc:"When they were put in the trash."`
	// MergedInto is the record it was merged into; only a single record has it.
	MergedInto PersonID `json:"merged_into,omitempty" audit:"-"`

	sortKey []byte          // of the row read, for the cursor of a list
	shown   map[string]bool // which own fields the actor may see, once they were looked up
}

// Affiliation is a period during which a person belongs to an organization.
type Affiliation struct {
	ID             AffiliationID  `json:"id" audit:"-"`
	PersonID       PersonID       `json:"person_id" audit:"-"`
	OrganizationID OrganizationID `json:"organization_id"`
	Organization   string         `json:"organization" doc:"The organization's name today."`
	Title          string         `json:"title" doc:"Their job title there."`
	Represents     bool           `json:"represents" doc:"Whether they speak for the organization here."`
	ValidFrom      string         `json:"valid_from" doc:"First day, YYYY-MM-DD."`
	ValidTo        string         `json:"valid_to,omitempty" doc:"First day it no longer holds; absent while it does."`
}

// Name is how the person is called in running text.
func (p Person) Name() string { return strings.TrimSpace(p.GivenName + " " + p.FamilyName) }

// SortName puts the family name first.
func (p Person) SortName() string { return strings.TrimSpace(p.FamilyName + " " + p.GivenName) }

// Subject is the person as the door sees them.
func (p Person) Subject() operation.Subject { return personSubject(p.ID) }

func personSubject(i PersonID) operation.Subject {
	return operation.Subject{Kind: PersonKind, ID: i}
}

// CurrentVersion is what REST makes an ETag of.
func (p Person) CurrentVersion() int64 { return p.Version }

// PersonInput is a new person.
type PersonInput struct {
	GivenName      string         `json:"given_name" maxLength:"100" doc:"At least one of the names is needed."`
	FamilyName     string         `json:"family_name" maxLength:"100"`
	OtherNames     []string       `json:"other_names,omitempty" maxItems:"20" doc:"Former names, names they go by, names in another script."`
	Email          string         `json:"email,omitempty" maxLength:"254" format:"email"`
	OtherEmails    []string       `json:"other_emails,omitempty" maxItems:"10" maxLength:"254" format:"email"`
	Phone          string         `json:"phone,omitempty" maxLength:"50"`
	Channel        string         `json:"channel,omitempty" enum:"email,phone,text,post,in_person"`
	Language       string         `json:"language,omitempty" enum:"en,fr,es"`
	Notes          string         `json:"notes,omitempty" text:"lines" doc:"For the backbone only."`
	NoMailings     bool           `json:"no_mailings,omitempty" doc:"Whether they asked for no mailings."`
	OrganizationID OrganizationID `json:"organization_id,omitempty" doc:"Whom they work with or for."`
	Title          string         `json:"title,omitempty"`
	Represents     bool           `json:"represents,omitempty" doc:"Whether they speak for the organization here."`
	Tags           []string       `json:"tags,omitempty" maxItems:"50" maxLength:"60" doc:"For the backbone only."`
	// Custom holds values of the collaborative's own fields.
	Custom map[string]string `json:"custom,omitempty" text:"lines" maxLength:"5000" maxItems:"100" doc:"Values of the collaborative's own fields, by the field's key; several choices stand in lines of their own."`
}

// PersonPatch changes the fields that are given and leaves the others.
type PersonPatch struct {
	ID             PersonID        `json:"id"`
	Version        int64           `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	GivenName      *string         `json:"given_name,omitempty" maxLength:"100"`
	FamilyName     *string         `json:"family_name,omitempty" maxLength:"100"`
	OtherNames     *[]string       `json:"other_names,omitempty" maxItems:"20"`
	Email          *string         `json:"email,omitempty" maxLength:"254" format:"email"`
	OtherEmails    *[]string       `json:"other_emails,omitempty" maxItems:"10" maxLength:"254" format:"email"`
	Phone          *string         `json:"phone,omitempty" maxLength:"50"`
	Channel        *string         `json:"channel,omitempty" enum:"email,phone,text,post,in_person"`
	Language       *string         `json:"language,omitempty" enum:"en,fr,es"`
	Notes          *string         `json:"notes,omitempty" text:"lines"`
	NoMailings     *bool           `json:"no_mailings,omitempty"`
	OrganizationID *OrganizationID `json:"organization_id,omitempty" doc:"A new one ends the affiliation that holds today; empty ends it without another."`
	Title          *string         `json:"title,omitempty"`
	Represents     *bool           `json:"represents,omitempty"`
	Tags           *[]string       `json:"tags,omitempty" maxItems:"50" maxLength:"60"`
	// Custom sets the given fields and leaves the others; an empty value clears one.
	Custom map[string]string `json:"custom,omitempty" text:"lines" maxLength:"5000" maxItems:"100" doc:"Values of the collaborative's own fields that change, by the field's key; an empty value clears one."`
}

// personFields are the fields of a patch that live in the people table.
type personFields struct {
	GivenName, FamilyName, Email, Phone, Channel, Language, Notes *string
	OtherNames, OtherEmails, Tags                                 *[]string
	NoMailings                                                    *bool
}

func (p PersonPatch) fields() personFields {
	return personFields{p.GivenName, p.FamilyName, p.Email, p.Phone, p.Channel, p.Language, p.Notes, p.OtherNames, p.OtherEmails, p.Tags, p.NoMailings}
}

// visibleTo is the person with only what the actor may see.
func (p Person) visibleTo(c *operation.Call) Person {
	p = p.withheld(c)
	p.Custom = keep(p.Custom, p.shown)
	return p
}

// withheld is visibleTo except for the collaborative's own fields: contact
// details, tags and notes are for the backbone, the contact details also for the
// people themselves; what was told in confidence is for them and for those with
// the right to it.
func (p Person) withheld(c *operation.Call) Person {
	self := !p.ID.IsZero() && c.Actor.Person == p.ID
	if !self && !c.Can(SeePrivate) {
		p = p.withoutPrivate()
	}
	if c.Can(SeeContacts) {
		return p
	}
	p.Notes, p.Tags = "", nil
	if !self {
		p.Email, p.OtherEmails, p.Phone, p.Channel, p.NoMailings = "", nil, "", "", false
	}
	return p
}

// withoutPrivate leaves out what was told in confidence.
func (p Person) withoutPrivate() Person {
	p.AccessNeeds, p.LivedExperience = "", ""
	return p
}

// tidy brings lists into one form: without repetitions, empty ones nil.
func (p *Person) tidy() {
	p.OtherNames = distinct(p.OtherNames, p.Name())
	p.OtherEmails = distinct(p.OtherEmails, p.Email)
	if p.OtherNames == nil {
		p.OtherNames = []string{}
	}
}

// emails are every address of theirs, the main one first.
func (p Person) emails() []string {
	if p.Email == "" {
		return p.OtherEmails
	}
	return append([]string{p.Email}, p.OtherEmails...)
}

// distinct are the texts that are there, each once however it is spelled, and
// none that another field holds already.
func distinct(texts []string, without string) []string {
	seen := map[string]bool{i18n.FoldKey(without): true}
	var out []string
	for _, text := range texts {
		if key := i18n.FoldKey(text); text != "" && !seen[key] {
			seen[key] = true
			out = append(out, text)
		}
	}
	return out
}

// document is what search keeps of them. The detail is readable to everyone who
// sees people at all, so it is the organization and never an address.
func (p Person) document() search.Document {
	d := search.Document{Kind: PersonKind, ID: p.ID, Title: p.Name(), Fields: []search.Field{
		{Rank: search.InTitle, Text: strings.Join(p.OtherNames, " ")},
		{Rank: search.InGuarded, Text: strings.Join(p.emails(), " ")},
		{Rank: search.InGuarded, Text: p.Phone},
		{Rank: search.InGuarded, Text: p.Notes},
	}}
	if p.Affiliation != nil {
		d.Detail = p.Affiliation.Organization
		d.Fields = append(d.Fields, search.Field{Rank: search.InOpen, Text: p.Affiliation.Organization + " " + p.Affiliation.Title})
	}
	return d
}

// emailKey is what two spellings of one address share; nil when there is none.
func emailKey(email string) any {
	if email == "" {
		return nil
	}
	return i18n.FoldKey(email)
}
