package access

import (
	"context"
	"errors"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// passkeyProof is what a browser answered when asked for a passkey. It is
// verified within the transaction, where the key's counter is kept.
type passkeyProof struct {
	ticket   ticket
	session  webauthn.SessionData
	response *protocol.ParsedCredentialAssertionData
	next     string
}

// BeginPasskeySignIn asks the browser for any passkey it has for this site. It
// is the same for everybody: nobody has been named yet.
func (s *Service) BeginPasskeySignIn(ctx context.Context) (PasskeyOffer, error) {
	if s.webauthn == nil {
		return PasskeyOffer{}, operation.Refuse(operation.Conflict, "access.passkeys_unavailable")
	}
	options, session, err := s.webauthn.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return PasskeyOffer{}, err
	}
	return s.offer(forPasskey, Account{}, options.Response, session)
}

// FinishPasskey signs in with what the browser answered. A passkey counts as
// two factors, so this also completes a second step.
func (s *Service) FinishPasskey(ctx context.Context, door *operation.Door, ceremony string, response []byte, next string) (SignedIn, error) {
	if s.webauthn == nil {
		return SignedIn{}, operation.Refuse(operation.Conflict, "access.passkeys_unavailable")
	}
	if err := s.Limiter.Take(ctx, limitCeremonyAddress, ClientFrom(ctx).network()); err != nil {
		return SignedIn{}, err
	}
	proof := passkeyProof{next: next}
	var err error
	if proof.ticket, err = s.read(forPasskey, ceremony, &proof.session); err != nil {
		return SignedIn{}, err
	}
	if proof.response, err = protocol.ParseCredentialRequestResponseBytes(response); err != nil {
		return s.entered(ctx, ByPasskey, SignedIn{}, refuse(errPasskey, err))
	}
	out, err := s.byPasskey.Do(ctx, door, proof)
	return s.entered(ctx, ByPasskey, out, err)
}

func (s *Service) runByPasskey(c *operation.Call, in passkeyProof) (SignedIn, error) {
	if in.response == nil {
		return SignedIn{}, errPasskey
	}
	if err := in.ticket.spend(c); err != nil {
		return SignedIn{}, err
	}
	key, err := store.One(c.Installation, scanPasskey, `SELECT `+passkeyColumns+` FROM passkeys p WHERE p.credential_id = $1`, in.response.RawID)
	if errors.Is(err, store.ErrNotFound) {
		return SignedIn{}, errPasskey
	}
	if err != nil {
		return SignedIn{}, err
	}
	a, err := findAccount(c.Installation, key.account)
	if err != nil {
		return SignedIn{}, err
	}
	who := owner{a, []passkey{key}}
	_, credential, err := s.webauthn.ValidatePasskeyLogin(func(_, _ []byte) (webauthn.User, error) { return who, nil }, in.session, in.response)
	if err != nil {
		return SignedIn{}, refuse(errPasskey, err)
	}
	if credential.Authenticator.CloneWarning {
		// The counter went back: there are two of a key that was to be one.
		return SignedIn{}, refuse(errPasskey, errors.New("the passkey's counter went back: it may have been copied"))
	}
	if _, err := c.Installation.Exec(`UPDATE passkeys SET credential = $2, used_at = $3 WHERE id = $1`, key.ID, store.JSON(credential), store.Micros(c.Now)); err != nil {
		return SignedIn{}, err
	}
	return s.enter(c, a, ByPasskey, true, in.next)
}
