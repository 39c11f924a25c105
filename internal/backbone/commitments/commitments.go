// Package commitments holds what organizations promised to give: time, cash,
// leadership, gifts in kind; what of it was given; and the personal links by which
// they pledge without an account. Kinds are never added up with one another.
package commitments

import (
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
)

// The kinds of subject this package owns.
const (
	Kind         = "commitment"
	DeliveryKind = "delivery"
	LinkKind     = "pledge-link"
)

// The operations that also decide what somebody sees or may do.
const (
	listOperation    = "commitments.list"
	confirmOperation = "commitments.confirm"
	restoreOperation = "commitments.restore"
)

// Relations judges the relations to commitments; all others it leaves to those
// below. A commitment is that of whoever represents its organization.
type Relations struct{ operation.Relations }

// Holds implements operation.Relations.
func (r Relations) Holds(c *operation.Call, grant operation.Grant, s operation.Subject) (bool, error) {
	if s.Kind != Kind {
		return r.Relations.Holds(c, grant, s)
	}
	if c.Actor.Person.IsZero() || c.Tx == nil {
		return false, nil
	}
	k, err := get(c, ID(s.ID))
	if err != nil {
		return false, operation.IgnoreMissing(err)
	}
	return r.Relations.Holds(c, grant, organizationSubject(k.OrganizationID))
}

// Subject is a commitment as the door sees it.
func Subject(i ID) operation.Subject { return subject(i) }

func organizationSubject(i directory.OrganizationID) operation.Subject {
	return operation.Subject{Kind: directory.OrganizationKind, ID: i}
}
