package access

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"time"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// ticketFor is how long something begun in a browser may take: typing a code,
// touching a key, coming back from a provider.
const ticketFor = 10 * time.Minute

// A ticket carries what the server must remember between two requests of one
// browser, sealed so that the browser can neither read nor change it. Nothing is
// stored for someone who only begins; a ticket that is used up is remembered
// until it would have expired, so that it serves once.
type ticket struct {
	Nonce   []byte              `json:"n"`
	Expires time.Time           `json:"e"`
	Account operation.AccountID `json:"a,omitzero"` // whom it concerns, where that is known
	Version int64               `json:"v,omitzero"` // the account's version when it was issued
	Body    json.RawMessage     `json:"b,omitempty"`
}

// The purposes of tickets. One made for one purpose cannot be used for another.
const (
	forSecondStep = "ticket second step"
	forPasskey    = "ticket passkey"
	forNewPasskey = "ticket new passkey"
	forProvider   = "ticket provider"
	forCodes      = "ticket codes"
)

var errTicket = operation.Refuse(operation.Conflict, "access.begin_again")

func (s *Service) issue(purpose string, account Account, body any) (string, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return "", err
	}
	t := ticket{Nonce: make([]byte, 16), Expires: s.now().Add(ticketFor), Account: account.ID, Version: account.Version, Body: raw}
	_, _ = rand.Read(t.Nonce) // crypto/rand never fails: it ends the program instead
	plain, err := json.Marshal(t)
	if err != nil {
		return "", err
	}
	sealed, err := s.sealer.Seal(purpose, plain)
	return base64.RawURLEncoding.EncodeToString(sealed), err
}

// maxTicket bounds what is worth opening; browsers keep cookies up to 4,096.
const maxTicket = 4000

// read opens a ticket and its body. Whatever is wrong with it, the answer is to
// begin again.
func (s *Service) read(purpose, text string, body any) (ticket, error) {
	var t ticket
	if len(text) > maxTicket {
		return t, errTicket
	}
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return t, errTicket
	}
	plain, err := s.sealer.Open(purpose, sealed)
	if err != nil || json.Unmarshal(plain, &t) != nil || json.Unmarshal(t.Body, body) != nil || !s.now().Before(t.Expires) {
		return t, errTicket
	}
	return t, nil
}

// spend uses a ticket up; the second of two attempts fails, in whatever process.
func (t ticket) spend(c *operation.Call) error {
	_, err := c.Installation.Exec(`INSERT INTO links (token_hash, id, purpose, email_key, payload, created_at, expires_at, used_at) VALUES ($1, $2, 'ticket', '', '{}', $3, $4, $3)`,
		hashSecret("ticket "+string(t.Nonce)), newID[LinkID](), store.Micros(c.Now), store.Micros(t.Expires))
	if errors.Is(err, store.ErrUnique) {
		return errTicket
	}
	return err
}
