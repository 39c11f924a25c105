package commitments

import (
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/access"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// LinkID names a link for pledging.
type LinkID = id.Of[Link]

// Link is a personal link that opens a page on which somebody pledges for their
// organization, without an account. The secret is in no record.
type Link struct {
	ID             LinkID                   `json:"id" audit:"-"`
	OrganizationID directory.OrganizationID `json:"organization_id" audit:"-"`
	Organization   string                   `json:"organization"`
	PersonID       directory.PersonID       `json:"person_id,omitempty" audit:"-" doc:"Who gives the word."`
	Person         string                   `json:"person,omitempty"`
	Language       string                   `json:"language" doc:"The language of the page."`
	MadeBy         string                   `json:"made_by" audit:"-"`
	ExpiresAt      time.Time                `json:"expires_at"`
	RevokedAt      *time.Time               `json:"revoked_at,omitempty"`
	Pledges        int64                    `json:"pledges" audit:"-" doc:"How many pledges came by it."`
	Version        int64                    `json:"version" audit:"-"`
	CreatedAt      time.Time                `json:"created_at" audit:"-"`
	UpdatedAt      time.Time                `json:"updated_at" audit:"-"`
	// Address is the link itself. It is told once, to whoever made it.
	Address string `json:"address,omitempty" audit:"-" doc:"The link itself; told once, when it is made."`

	link             access.LinkID
	organizationGone bool
}

func linkSubject(i LinkID) operation.Subject { return operation.Subject{Kind: LinkKind, ID: i} }

// LinkInput says for whom a link is.
type LinkInput struct {
	OrganizationID directory.OrganizationID `json:"organization_id"`
	PersonID       directory.PersonID       `json:"person_id,omitempty"`
	Person         string                   `json:"person,omitempty" maxLength:"200" doc:"A name, where they are not on record."`
	Language       string                   `json:"language,omitempty" enum:"en,fr,es" doc:"The person's own, or the collaborative's, when absent."`
	Days           int64                    `json:"days,omitempty" minimum:"0" maximum:"365" doc:"For how long it serves; 30 when absent."`
}

// LinkRef names a link.
type LinkRef struct {
	ID LinkID `json:"id"`
}

// ListLinksInput says which links.
type ListLinksInput struct {
	After string `json:"after,omitempty" text:"raw" maxLength:"2000" doc:"Cursor of the next page."`
	Limit int64  `json:"limit,omitempty" minimum:"0" maximum:"200" doc:"How many, 50 when absent."`
}

// The limits of a link.
const (
	defaultLinkDays = 30
	maxPledges      = 50 // by one link, so that whoever finds it cannot flood the backbone
)

const linkColumns = `pledge_links.id, pledge_links.organization_id, organizations.name, organizations.deleted_at, pledge_links.person_id, people.given_name, people.family_name, pledge_links.person_name,
	pledge_links.language, pledge_links.link_id, pledge_links.made_by, pledge_links.expires_at, pledge_links.revoked_at, pledge_links.pledges, pledge_links.version, pledge_links.created_at, pledge_links.updated_at`

const linkTables = ` FROM pledge_links JOIN organizations ON organizations.collaborative_id = $1 AND organizations.id = pledge_links.organization_id
	LEFT JOIN people ON people.collaborative_id = $1 AND people.id = pledge_links.person_id WHERE pledge_links.collaborative_id = $1`

func scanLink(row store.Row) (Link, error) {
	var l Link
	var person directory.Person
	var gone, revoked time.Time
	err := row.Scan(&l.ID, &l.OrganizationID, &l.Organization, store.ScanTime(&gone), &l.PersonID, store.ScanText(&person.GivenName), store.ScanText(&person.FamilyName), &l.Person,
		&l.Language, &l.link, &l.MadeBy, store.ScanTime(&l.ExpiresAt), store.ScanTime(&revoked), &l.Pledges, &l.Version, store.ScanTime(&l.CreatedAt), store.ScanTime(&l.UpdatedAt))
	if !l.PersonID.IsZero() {
		l.Person = person.Name()
	}
	l.RevokedAt, l.organizationGone = operation.Instant(revoked), !gone.IsZero()
	return l, err
}

func getLink(c *operation.Call, i LinkID) (Link, error) {
	return store.One(c.Tx, scanLink, `SELECT `+linkColumns+linkTables+` AND pledge_links.id = $2`, i)
}

// ListLinks lists the links that were made, the newest first.
var ListLinks = operation.Define(operation.Operation[ListLinksInput, operation.Page[Link]]{
	Definition: operation.Definition{ID: "pledge-links.list", Summary: "Lists the personal links for pledging", ReadOnly: true, Method: "GET", Path: "/pledge-links"},
	Run: func(c *operation.Call, in ListLinksInput) (operation.Page[Link], error) {
		q := store.Select(`SELECT ` + linkColumns + linkTables)
		page, err := operation.List(c.Tx, q, operation.Keyset{After: in.After, Limit: in.Limit, Columns: []string{"pledge_links.id"}, Types: "b", Descending: true}, scanLink,
			func(l Link) []any { return []any{l.ID[:]} })
		page.Total = -1
		return page, err
	},
})

// RevokeLink ends a link. Pledges that came by it stay.
var RevokeLink = operation.Define(operation.Operation[LinkRef, Link]{
	Definition: operation.Definition{ID: "pledge-links.revoke", Summary: "Ends a personal link for pledging", Method: "POST", Path: "/pledge-links/{id}/revoke"},
	Run: func(c *operation.Call, in LinkRef) (Link, error) {
		before, err := getLink(c, in.ID)
		if err != nil {
			return before, err
		}
		if before.RevokedAt != nil {
			c.Continue()
			return before, nil
		}
		after, now := before, c.Now
		after.RevokedAt, after.Version, after.UpdatedAt = &now, before.Version+1, c.Now
		if err := operation.Changed(c.Tx.Exec(`UPDATE pledge_links SET revoked_at = $3, version = $4, updated_at = $3 WHERE collaborative_id = $1 AND id = $2 AND version = $4 - 1`,
			after.ID, store.Micros(now), after.Version)); err != nil {
			return before, err
		}
		c.Changed(linkSubject(after.ID), after.Organization, after.Version, before, after)
		return after, nil
	},
})
