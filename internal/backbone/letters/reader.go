package letters

import (
	"context"
	"slices"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Why somebody gets no letter, beside the reasons of suppressions, by catalogue key
// "unreachable.…".
const (
	NoAddress  = "no_address"
	NoMailings = "no_mailings"
)

// Reader is somebody who may get a letter.
type Reader struct {
	ID                    directory.PersonID
	GivenName, FamilyName string
	Email                 string
	Language              string // their own, or the collaborative's
	NoMailings            bool
	against               *Suppression // what stands against the address
}

// Context is that of a letter to them: in their language, in the zone of the collaborative.
func (r Reader) Context(c *operation.Call) context.Context {
	return i18n.WithZone(i18n.With(c.Context(), r.Language), c.Collaborative.Zone)
}

// Name is their whole name.
func (r Reader) Name() string {
	return directory.Person{GivenName: r.GivenName, FamilyName: r.FamilyName}.Name()
}

// Why says why letters of a kind do not reach them: "" when they do.
func (r Reader) Why(kind string) string {
	switch {
	case r.Email == "":
		return NoAddress
	case r.NoMailings && kind != Promised:
		return NoMailings
	case r.against != nil && r.against.stops(kind):
		return r.against.Reason
	}
	return ""
}

// ReadersOf are those of some people who are on record. It checks no permission: it
// is for operations of packages above, which do.
func ReadersOf(c *operation.Call, people []directory.PersonID) (map[directory.PersonID]Reader, error) {
	out := map[directory.PersonID]Reader{}
	for part := range slices.Chunk(people, 500) {
		found, err := store.Collect(c.Tx, func(row store.Row) (r Reader, err error) {
			return r, row.Scan(&r.ID, &r.GivenName, &r.FamilyName, &r.Email, &r.Language, &r.NoMailings)
		}, `SELECT id, given_name, family_name, email, language, no_mailings FROM people WHERE collaborative_id = $1 AND deleted_at IS NULL AND id IN ($2)`, store.In(part))
		if err != nil {
			return nil, err
		}
		var emails []string
		for _, r := range found {
			if r.Email != "" {
				emails = append(emails, key(r.Email))
			}
		}
		against := map[string]*Suppression{}
		if len(emails) > 0 {
			some, err := store.Collect(c.Tx, scan, columns+` AND email_key IN ($2)`, store.In(emails))
			if err != nil {
				return nil, err
			}
			for _, s := range some {
				against[key(s.Email)] = &s
			}
		}
		for _, r := range found {
			if r.Language == "" {
				r.Language = c.Collaborative.Language
			}
			r.against = against[key(r.Email)]
			out[r.ID] = r
		}
	}
	return out, nil
}
