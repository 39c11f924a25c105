package access

import (
	"encoding/base32"
	"net/url"
	"strings"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// codesSecretBytes is what RFC 4226 recommends for SHA-1.
const codesSecretBytes = 20

var codesLetters = base32.StdEncoding.WithPadding(base32.NoPadding)

// codesBody is the secret while it is being set up.
type codesBody struct {
	Secret string `json:"s"`
}

// beginCodes makes a secret. Nothing is stored until a code proves that the app
// has it.
func (s *Service) beginCodes(c *operation.Call, _ operation.None) (CodesOffer, error) {
	a, err := s.strong(c)
	if err != nil {
		return CodesOffer{}, err
	}
	out := CodesOffer{Secret: codesLetters.EncodeToString(random(codesSecretBytes))}
	out.URI = codesURI(s.cfg.Name, a.Email, out.Secret)
	out.Ticket, err = s.issue(forCodes, a, codesBody{out.Secret})
	return out, err
}

// codesURI is the address apps read from a QR code; see Google Authenticator's
// "Key Uri Format".
func codesURI(issuer, email, secret string) string {
	query := url.Values{"secret": {secret}, "issuer": {issuer}, "digits": {"6"}, "period": {"30"}}.Encode()
	// Some apps show a plus sign where a space is meant.
	return "otpauth://totp/" + url.PathEscape(issuer) + ":" + url.PathEscape(email) + "?" + strings.ReplaceAll(query, "+", "%20")
}

func (s *Service) confirmCodes(c *operation.Call, in ConfirmCodesInput) (RecoveryCodes, error) {
	before, err := s.strong(c)
	if err != nil {
		return RecoveryCodes{}, err
	}
	var body codesBody
	t, err := s.read(forCodes, in.Ticket, &body)
	if err != nil {
		return RecoveryCodes{}, err
	}
	if t.Account != before.ID || t.Version != before.Version {
		return RecoveryCodes{}, errTicket
	}
	step, ok := matchCode(body.Secret, in.Code, c.Now, 0)
	if !ok {
		return RecoveryCodes{}, errCode
	}
	if err := t.spend(c); err != nil {
		return RecoveryCodes{}, err
	}
	sealed, err := s.sealer.Seal(codesPurpose(before.ID), []byte(body.Secret))
	if err != nil {
		return RecoveryCodes{}, err
	}
	if _, err := c.Installation.Exec(`UPDATE accounts SET totp_secret = $2, totp_step = $3, second_factor = TRUE WHERE id = $1`, before.ID, sealed, step); err != nil {
		return RecoveryCodes{}, err
	}
	if err := proveTwo(c); err != nil {
		return RecoveryCodes{}, err
	}
	return s.giveRecoveryCodes(c, before)
}

// proveTwo notes that the caller's session has now proved two factors, and ends
// the others, which have not.
func proveTwo(c *operation.Call) error {
	if _, err := c.Installation.Exec(`UPDATE sessions SET second_factor = TRUE, renew = TRUE WHERE token_hash = $1`, c.Actor.Credential); err != nil {
		return err
	}
	_, err := c.Installation.Exec(`DELETE FROM sessions WHERE account_id = $1 AND NOT second_factor`, c.Actor.Account)
	return err
}

func (s *Service) removeCodes(c *operation.Call, _ operation.None) (Account, error) {
	before, err := s.strong(c)
	if err != nil {
		return Account{}, err
	}
	if !before.Codes {
		return Account{}, operation.Missing()
	}
	// With passkeys left, a second factor can still be asked for.
	ask := before.SecondFactor && before.Passkeys > 0
	if _, err := c.Installation.Exec(`UPDATE accounts SET totp_secret = NULL, totp_step = 0, second_factor = $2 WHERE id = $1`, before.ID, ask); err != nil {
		return Account{}, err
	}
	return s.afterRemoval(c, before, ask)
}

// afterRemoval takes recovery codes away when there is nothing left to recover.
func (s *Service) afterRemoval(c *operation.Call, before Account, ask bool) (Account, error) {
	if !ask {
		if _, err := c.Installation.Exec(`UPDATE accounts SET recovery_hashes = NULL WHERE id = $1`, before.ID); err != nil {
			return Account{}, err
		}
	}
	return changeAccount(c, before)
}

func (s *Service) newRecoveryCodes(c *operation.Call, _ operation.None) (RecoveryCodes, error) {
	before, err := s.strong(c)
	if err != nil {
		return RecoveryCodes{}, err
	}
	if !before.SecondFactor {
		return RecoveryCodes{}, operation.Refuse(operation.Conflict, "access.no_second_factor")
	}
	return s.giveRecoveryCodes(c, before)
}

// askSecondFactor turns the question at sign-in on or off for someone whose
// second factor is a passkey; with a code app it is always on.
func (s *Service) askSecondFactor(c *operation.Call, in AskSecondFactorInput) (RecoveryCodes, error) {
	before, err := s.strong(c)
	switch {
	case err != nil:
		return RecoveryCodes{}, err
	case in.Always && !before.HasSecondFactor():
		return RecoveryCodes{}, operation.Refuse(operation.Conflict, "access.no_second_factor")
	case !in.Always && before.Codes:
		return RecoveryCodes{}, operation.Refuse(operation.Conflict, "access.codes_in_use")
	}
	if _, err := c.Installation.Exec(`UPDATE accounts SET second_factor = $2 WHERE id = $1`, before.ID, in.Always); err != nil {
		return RecoveryCodes{}, err
	}
	if !in.Always {
		_, err := s.afterRemoval(c, before, false)
		return RecoveryCodes{}, err
	}
	return s.giveRecoveryCodes(c, before)
}

// giveRecoveryCodes replaces the recovery codes and records the change.
func (s *Service) giveRecoveryCodes(c *operation.Call, before Account) (RecoveryCodes, error) {
	codes, hashes := newRecoveryCodes()
	if _, err := c.Installation.Exec(`UPDATE accounts SET recovery_hashes = $2 WHERE id = $1`, before.ID, store.JSON(hashes)); err != nil {
		return RecoveryCodes{}, err
	}
	_, err := changeAccount(c, before)
	return RecoveryCodes{codes}, err
}
