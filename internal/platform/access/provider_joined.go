package access

import (
	"crypto/sha256"
	"net/url"
	"time"

	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

type joinedNoun struct{}

// JoinedID names a joined sign-in for its owner. It is worked out from the
// identity itself, whose name at the provider need stand in no address.
type JoinedID = id.Of[joinedNoun]

// JoinedProvider is a sign-in elsewhere that also signs its owner in here.
type JoinedProvider struct {
	ID      JoinedID `json:"id"`
	Name    string   `json:"name" doc:"The provider's name; its host name when the installation no longer offers it."`
	Offered bool     `json:"offered" doc:"Whether the installation still offers this provider; it signs nobody in otherwise."`
	// Trusted says that signing in there with the account's address joins it anew.
	Trusted bool      `json:"trusted" doc:"Whether signing in there with the account's own address joins it again by itself."`
	Issuer  string    `json:"issuer"`
	Email   string    `json:"email" doc:"The address the provider named when it was joined; may be empty."`
	Joined  time.Time `json:"joined"`

	subject string
}

// JoinedProviderInput names one of the caller's joined sign-ins.
type JoinedProviderInput struct {
	ID JoinedID `json:"id"`
}

func joinedID(issuer, subject string) JoinedID {
	// An issuer is an address and holds no zero byte, so no two pairs run together.
	sum := sha256.Sum256([]byte(issuer + "\x00" + subject))
	return JoinedID(sum[:16])
}

func (s *Service) joinedBy(c *operation.Call) ([]JoinedProvider, error) {
	return store.Collect(c.Installation, func(row store.Row) (JoinedProvider, error) {
		var j JoinedProvider
		err := row.Scan(&j.Issuer, &j.subject, &j.Email, store.ScanTime(&j.Joined))
		j.ID = joinedID(j.Issuer, j.subject)
		s.describe(&j)
		return j, err
	}, `SELECT issuer, subject, email, created_at FROM identities WHERE account_id = $1 ORDER BY issuer, subject`, c.Actor.Account)
}

// describe says of a joined sign-in what the configuration knows of its provider.
func (s *Service) describe(j *JoinedProvider) {
	for _, p := range s.providers {
		if p.Issuer == j.Issuer {
			j.Name, j.Offered, j.Trusted = p.Name, true, p.TrustEmail
			return
		}
	}
	j.Name = j.Issuer
	if u, err := url.Parse(j.Issuer); err == nil && u.Host != "" {
		j.Name = u.Host
	}
}

func (s *Service) listProviders(c *operation.Call, _ operation.None) ([]JoinedProvider, error) {
	list, err := s.joinedBy(c)
	if list == nil {
		list = []JoinedProvider{}
	}
	return list, err
}

// removeProvider takes a way in away. It may be the only one beside links by
// mail, which every account has.
func (s *Service) removeProvider(c *operation.Call, in JoinedProviderInput) (none operation.None, err error) {
	a, err := s.strong(c)
	if err != nil {
		return none, err
	}
	list, err := s.joinedBy(c)
	if err != nil {
		return none, err
	}
	for _, j := range list {
		if j.ID != in.ID {
			continue
		}
		if _, err := c.Installation.Exec(`DELETE FROM identities WHERE issuer = $1 AND subject = $2 AND account_id = $3`, j.Issuer, j.subject, a.ID); err != nil {
			return none, err
		}
		c.Changed(a.subject(), a.Name, a.Version, joinedTo(j.Issuer), nil)
		return none, nil
	}
	return none, operation.Missing()
}

// joinedTo is a joined sign-in as the audit log tells of it.
func joinedTo(issuer string) any {
	return struct {
		Provider string `json:"provider"`
	}{issuer}
}
