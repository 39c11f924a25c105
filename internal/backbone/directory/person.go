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
	// E-mail, phone and notes are empty for those who may not see them.
	Email    string `json:"email,omitempty"`
	Phone    string `json:"phone,omitempty"`
	Language string `json:"language" doc:"The language they prefer: en, fr or es; empty when not known."`
	Notes    string `json:"notes,omitempty"`
	// Affiliation is whom they work with or for today; absent when nobody.
	Affiliation *Affiliation `json:"affiliation,omitempty"`
	Version     int64        `json:"version" audit:"-"`
	CreatedAt   time.Time    `json:"created_at" audit:"-"`
	UpdatedAt   time.Time    `json:"updated_at" audit:"-"`
	DeletedAt   *time.Time   `json:"deleted_at,omitempty" audit:"-" doc:"When they were put in the trash."`
	// MergedInto is the record it was merged into; only a single record has it.
	MergedInto PersonID `json:"merged_into,omitempty" audit:"-"`

	sortKey []byte // of the row read, for the cursor of a list
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
	Email          string         `json:"email,omitempty" maxLength:"254" format:"email"`
	Phone          string         `json:"phone,omitempty" maxLength:"50"`
	Language       string         `json:"language,omitempty" enum:"en,fr,es"`
	Notes          string         `json:"notes,omitempty" text:"lines" doc:"For the backbone only."`
	OrganizationID OrganizationID `json:"organization_id,omitempty" doc:"Whom they work with or for."`
	Title          string         `json:"title,omitempty"`
	Represents     bool           `json:"represents,omitempty" doc:"Whether they speak for the organization here."`
}

// PersonPatch changes the fields that are given and leaves the others.
type PersonPatch struct {
	ID             PersonID        `json:"id"`
	Version        int64           `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	GivenName      *string         `json:"given_name,omitempty" maxLength:"100"`
	FamilyName     *string         `json:"family_name,omitempty" maxLength:"100"`
	Email          *string         `json:"email,omitempty" maxLength:"254" format:"email"`
	Phone          *string         `json:"phone,omitempty" maxLength:"50"`
	Language       *string         `json:"language,omitempty" enum:"en,fr,es"`
	Notes          *string         `json:"notes,omitempty" text:"lines"`
	OrganizationID *OrganizationID `json:"organization_id,omitempty" doc:"A new one ends the affiliation that holds today; empty ends it without another."`
	Title          *string         `json:"title,omitempty"`
	Represents     *bool           `json:"represents,omitempty"`
}

// personFields are the fields of a patch that live in the people table.
type personFields struct {
	GivenName, FamilyName, Email, Phone, Language, Notes *string
}

func (p PersonPatch) fields() personFields {
	return personFields{p.GivenName, p.FamilyName, p.Email, p.Phone, p.Language, p.Notes}
}

// visibleTo is the person with only what the actor may see: contact details and
// notes are for the backbone, and for the people themselves except the notes.
func (p Person) visibleTo(c *operation.Call) Person {
	if c.Can(SeeContacts) {
		return p
	}
	p.Notes = ""
	if c.Actor.Person != p.ID || c.Actor.Person.IsZero() {
		p.Email, p.Phone = "", ""
	}
	return p
}

// document is what search keeps of them. The detail is readable to everyone who
// sees people at all, so it is the organization and never an address.
func (p Person) document() search.Document {
	d := search.Document{Kind: PersonKind, ID: p.ID, Title: p.Name(), Fields: []search.Field{
		{Rank: search.InGuarded, Text: p.Email},
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
