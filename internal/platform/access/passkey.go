package access

import (
	"encoding/json"
	"net/netip"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Passkey is a key pair whose private half never leaves its owner's device or
// password manager.
type Passkey struct {
	ID      PasskeyID  `json:"id"`
	Name    string     `json:"name"`
	Synced  bool       `json:"synced" doc:"Whether it is backed up and so outlives its device."`
	Created time.Time  `json:"created"`
	Used    *time.Time `json:"used,omitempty" doc:"When it last signed its owner in."`
}

// passkey is a row of passkeys with what verification needs.
type passkey struct {
	Passkey
	account    operation.AccountID
	credential webauthn.Credential
}

const passkeyColumns = `p.id, p.account_id, p.name, p.credential, p.created_at, p.used_at`

func scanPasskey(row store.Row) (passkey, error) {
	var p passkey
	var used time.Time
	err := row.Scan(&p.ID, &p.account, &p.Name, store.ScanJSON(&p.credential), store.ScanTime(&p.Created), store.ScanTime(&used))
	p.Synced, p.Used = p.credential.Flags.BackupState, some(used)
	return p, err
}

func passkeysOf(tx *store.InstallationTx, account operation.AccountID) ([]passkey, error) {
	return store.Collect(tx, scanPasskey, `SELECT `+passkeyColumns+` FROM passkeys p WHERE p.account_id = $1 ORDER BY p.id`, account)
}

// owner is an account as the WebAuthn library sees it.
type owner struct {
	account  Account
	passkeys []passkey
}

// WebAuthnID is the user handle: the account's id, which says nothing of who it
// is.
func (o owner) WebAuthnID() []byte { return o.account.ID[:] }

// WebAuthnName tells accounts apart in the browser's list.
func (o owner) WebAuthnName() string { return o.account.Email }

// WebAuthnDisplayName is the name shown there.
func (o owner) WebAuthnDisplayName() string { return o.account.Name }

// WebAuthnCredentials lists what the account has.
func (o owner) WebAuthnCredentials() []webauthn.Credential {
	out := make([]webauthn.Credential, len(o.passkeys))
	for i, p := range o.passkeys {
		out[i] = p.credential
	}
	return out
}

// newWebAuthn is nil where browsers allow no passkeys: they are bound to a
// domain name, so there are none for a bare address, and none without TLS but
// on this machine.
func newWebAuthn(cfg Config) (*webauthn.WebAuthn, error) {
	host := cfg.BaseURL.Hostname()
	if _, err := netip.ParseAddr(host); err == nil || cfg.BaseURL.Scheme != "https" && host != "localhost" {
		return nil, nil
	}
	return webauthn.New(&webauthn.Config{
		RPID:          host,
		RPDisplayName: cfg.Name,
		RPOrigins:     []string{cfg.BaseURL.Scheme + "://" + cfg.BaseURL.Host},
		// Which make of key someone uses is none of our business.
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired,
			// A PIN or a finger makes the key two factors.
			UserVerification: protocol.VerificationRequired,
		},
		// Some password managers answer with more than was asked; it is not read.
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore,
	})
}

// PasskeysOffered says whether passkeys can be used here.
func (s *Service) PasskeysOffered() bool { return s.webauthn != nil }

// errPasskey is the answer to a passkey that does not fit.
var errPasskey = operation.Refuse(operation.Unauthenticated, "access.passkey_failed")

// maxPasskeys bounds what one account may have.
const maxPasskeys = 20

// PasskeyOffer is what the browser needs to make or use a passkey: the options
// go to navigator.credentials, the ticket into the ceremony cookie.
type PasskeyOffer struct {
	Options json.RawMessage `json:"options"`
	Ticket  string          `json:"ticket"`
}

func (s *Service) beginPasskey(c *operation.Call, _ operation.None) (PasskeyOffer, error) {
	if s.webauthn == nil {
		return PasskeyOffer{}, operation.Refuse(operation.Conflict, "access.passkeys_unavailable")
	}
	a, err := s.strong(c)
	if err != nil {
		return PasskeyOffer{}, err
	}
	keys, err := passkeysOf(c.Installation, a.ID)
	if err != nil {
		return PasskeyOffer{}, err
	}
	who := owner{a, keys}
	options, session, err := s.webauthn.BeginRegistration(who, webauthn.WithExclusions(webauthn.Credentials(who.WebAuthnCredentials()).CredentialDescriptors()))
	if err != nil {
		return PasskeyOffer{}, err
	}
	return s.offer(forNewPasskey, a, options.Response, session)
}

func (s *Service) offer(purpose string, a Account, options any, session *webauthn.SessionData) (out PasskeyOffer, err error) {
	if out.Options, err = json.Marshal(options); err == nil {
		out.Ticket, err = s.issue(purpose, a, session)
	}
	return out, err
}

func (s *Service) addPasskey(c *operation.Call, in AddPasskeyInput) (Passkey, error) {
	if s.webauthn == nil {
		return Passkey{}, operation.Refuse(operation.Conflict, "access.passkeys_unavailable")
	}
	before, err := s.strong(c)
	if err != nil {
		return Passkey{}, err
	}
	var session webauthn.SessionData
	t, err := s.read(forNewPasskey, in.Ticket, &session)
	if err != nil {
		return Passkey{}, err
	}
	if t.Account != before.ID {
		return Passkey{}, errTicket
	}
	if before.Passkeys >= maxPasskeys {
		return Passkey{}, operation.Refuse(operation.Conflict, "access.passkeys_many")
	}
	if err := t.spend(c); err != nil {
		return Passkey{}, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(in.Response)
	if err != nil {
		return Passkey{}, refuse(errPasskey, err)
	}
	credential, err := s.webauthn.CreateCredential(owner{account: before}, session, parsed)
	if err != nil {
		return Passkey{}, refuse(errPasskey, err)
	}
	if in.Name == "" {
		in.Name = DeviceName(c.Context(), ClientFrom(c.Context()).agent())
	}
	out := Passkey{ID: newID[PasskeyID](), Name: in.Name, Synced: credential.Flags.BackupState, Created: c.Now}
	if _, err := c.Installation.Exec(`INSERT INTO passkeys (id, account_id, credential_id, credential, name, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		out.ID, before.ID, credential.ID, store.JSON(credential), out.Name, store.Micros(c.Now)); err != nil {
		return Passkey{}, err
	}
	_, err = changeAccount(c, before)
	return out, err
}

// refuse keeps the reason for the log.
func refuse(e *operation.Error, cause error) error {
	out := *e
	out.Cause = cause
	return &out
}

func listPasskeys(c *operation.Call, _ operation.None) ([]Passkey, error) {
	keys, err := passkeysOf(c.Installation, c.Actor.Account)
	out := make([]Passkey, len(keys))
	for i, k := range keys {
		out[i] = k.Passkey
	}
	return out, err
}

// ownPasskey reads one of the caller's passkeys.
func ownPasskey(c *operation.Call, id PasskeyID) (Passkey, error) {
	p, err := store.One(c.Installation, scanPasskey, `SELECT `+passkeyColumns+` FROM passkeys p WHERE p.id = $1 AND p.account_id = $2`, id, c.Actor.Account)
	return p.Passkey, err
}

func renamePasskey(c *operation.Call, in RenamePasskeyInput) (Passkey, error) {
	before, err := ownPasskey(c, in.ID)
	if err != nil {
		return Passkey{}, err
	}
	if _, err := c.Installation.Exec(`UPDATE passkeys SET name = $3 WHERE id = $1 AND account_id = $2`, in.ID, c.Actor.Account, in.Name); err != nil {
		return Passkey{}, err
	}
	after := before
	after.Name = in.Name
	c.Changed(operation.Subject{Kind: "passkey", ID: in.ID}, after.Name, 0, before, after)
	return after, nil
}

func (s *Service) removePasskey(c *operation.Call, in PasskeyInput) (none operation.None, err error) {
	before, err := s.strong(c)
	if err != nil {
		return none, err
	}
	key, err := ownPasskey(c, in.ID)
	if err != nil {
		return none, err
	}
	if _, err := c.Installation.Exec(`DELETE FROM passkeys WHERE id = $1 AND account_id = $2`, in.ID, before.ID); err != nil {
		return none, err
	}
	c.Changed(operation.Subject{Kind: "passkey", ID: in.ID}, key.Name, 0, key, nil)
	if before.Passkeys == 1 && !before.Codes && before.SecondFactor {
		// Nothing is left to ask for.
		if _, err := c.Installation.Exec(`UPDATE accounts SET second_factor = FALSE WHERE id = $1`, before.ID); err != nil {
			return none, err
		}
		_, err = s.afterRemoval(c, before, false)
		return none, err
	}
	_, err = changeAccount(c, before)
	return none, err
}
