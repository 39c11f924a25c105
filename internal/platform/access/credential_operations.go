package access

import (
	"encoding/json"

	"commontable/internal/platform/operation"
)

// credentialOperations are what someone can do about how they prove who they
// are: password, code app, recovery codes, passkeys, sign-ins elsewhere.
type credentialOperations struct {
	SetPassword      *operation.Operation[SetPasswordInput, Account]
	RemovePassword   *operation.Operation[operation.None, Account]
	BeginCodes       *operation.Operation[operation.None, CodesOffer]
	ConfirmCodes     *operation.Operation[ConfirmCodesInput, RecoveryCodes]
	RemoveCodes      *operation.Operation[operation.None, Account]
	NewRecoveryCodes *operation.Operation[operation.None, RecoveryCodes]
	AskSecondFactor  *operation.Operation[AskSecondFactorInput, RecoveryCodes]

	ListPasskeys  *operation.Operation[operation.None, []Passkey]
	BeginPasskey  *operation.Operation[operation.None, PasskeyOffer]
	AddPasskey    *operation.Operation[AddPasskeyInput, Passkey]
	RenamePasskey *operation.Operation[RenamePasskeyInput, Passkey]
	RemovePasskey *operation.Operation[PasskeyInput, operation.None]

	ListProviders  *operation.Operation[operation.None, []JoinedProvider]
	RemoveProvider *operation.Operation[JoinedProviderInput, operation.None]
}

func (o credentialOperations) list() []operation.Any {
	return []operation.Any{o.SetPassword, o.RemovePassword, o.BeginCodes, o.ConfirmCodes, o.RemoveCodes, o.NewRecoveryCodes, o.AskSecondFactor,
		o.ListPasskeys, o.BeginPasskey, o.AddPasskey, o.RenamePasskey, o.RemovePasskey, o.ListProviders, o.RemoveProvider}
}

// SetPasswordInput is the new password. Other sessions, tokens and unused links
// end with the old one.
type SetPasswordInput struct {
	Password string `json:"password" required:"true" text:"raw" maxLength:"1000"`

	hash string // derived before the transaction begins, since it takes long
}

// CodesOffer is a code app's secret that is not yet in use. URI goes into a QR
// code; Secret is for typing it in.
type CodesOffer struct {
	Secret string `json:"secret"`
	URI    string `json:"uri"`
	Ticket string `json:"ticket"`
}

// ConfirmCodesInput proves that the app has the secret.
type ConfirmCodesInput struct {
	Ticket string `json:"ticket" text:"raw" maxLength:"4000"`
	Code   string `json:"code" required:"true" text:"raw" maxLength:"60"`
}

// RecoveryCodes are shown once, then only their hashes are left.
type RecoveryCodes struct {
	Codes []string `json:"codes"`
}

// AskSecondFactorInput says whether signing in is always to ask for a second
// factor.
type AskSecondFactorInput struct {
	Always bool `json:"always"`
}

// PasskeyInput names one of the caller's passkeys.
type PasskeyInput struct {
	ID PasskeyID `json:"id"`
}

// AddPasskeyInput is what the browser answered to a PasskeyOffer.
type AddPasskeyInput struct {
	Ticket   string          `json:"ticket" text:"raw" maxLength:"4000"`
	Name     string          `json:"name" maxLength:"80"`
	Response json.RawMessage `json:"response" maxItems:"20000"`
}

// RenamePasskeyInput gives a passkey a name.
type RenamePasskeyInput struct {
	ID   PasskeyID `json:"id"`
	Name string    `json:"name" required:"true" maxLength:"80"`
}

func newCredentialOperations(s *Service) credentialOperations {
	own := func(id, summary string) operation.Definition {
		return operation.Definition{ID: id, Summary: summary, Scope: operation.OnInstallation, Fresh: true, BrowserOnly: needsProof, Secret: true}
	}
	return credentialOperations{
		SetPassword: operation.Define(operation.Operation[SetPasswordInput, Account]{
			Definition: own("account.set-password", "Sets or changes the caller's password and ends other sessions and tokens"),
			Validate:   s.validatePassword, Run: s.setPassword}),
		RemovePassword: operation.Define(operation.Operation[operation.None, Account]{
			Definition: own("account.remove-password", "Removes the caller's password, leaving passkeys and links by mail"), Run: s.removePassword}),
		BeginCodes: operation.Define(operation.Operation[operation.None, CodesOffer]{
			Definition: readOnly(own("account.begin-codes", "Offers the secret of a code app")), Run: s.beginCodes}),
		ConfirmCodes: operation.Define(operation.Operation[ConfirmCodesInput, RecoveryCodes]{
			Definition: own("account.confirm-codes", "Takes a code app into use and gives recovery codes"), Run: s.confirmCodes}),
		RemoveCodes: operation.Define(operation.Operation[operation.None, Account]{
			Definition: own("account.remove-codes", "Stops using the code app"), Run: s.removeCodes}),
		NewRecoveryCodes: operation.Define(operation.Operation[operation.None, RecoveryCodes]{
			Definition: own("account.new-recovery-codes", "Gives new recovery codes in place of the old ones"), Run: s.newRecoveryCodes}),
		AskSecondFactor: operation.Define(operation.Operation[AskSecondFactorInput, RecoveryCodes]{
			Definition: own("account.ask-second-factor", "Chooses whether signing in always asks for a second factor"), Run: s.askSecondFactor}),
		ListPasskeys: operation.Define(operation.Operation[operation.None, []Passkey]{
			Definition: operation.Definition{ID: "account.list-passkeys", Summary: "Lists the caller's passkeys", Scope: operation.OnInstallation,
				ReadOnly: true, Method: "GET", Path: "/account/passkeys"}, Run: listPasskeys}),
		BeginPasskey: operation.Define(operation.Operation[operation.None, PasskeyOffer]{
			Definition: readOnly(own("account.begin-passkey", "Offers the caller's browser to make a passkey")), Run: s.beginPasskey}),
		AddPasskey: operation.Define(operation.Operation[AddPasskeyInput, Passkey]{
			Definition: own("account.add-passkey", "Adds a passkey to the caller's account"), Run: s.addPasskey}),
		RenamePasskey: operation.Define(operation.Operation[RenamePasskeyInput, Passkey]{
			Definition: operation.Definition{ID: "account.rename-passkey", Summary: "Gives one of the caller's passkeys another name",
				Scope: operation.OnInstallation, Method: "PATCH", Path: "/account/passkeys/{id}"}, Run: renamePasskey}),
		RemovePasskey: operation.Define(operation.Operation[PasskeyInput, operation.None]{
			Definition: own("account.remove-passkey", "Removes one of the caller's passkeys"), Run: s.removePasskey}),
		ListProviders: operation.Define(operation.Operation[operation.None, []JoinedProvider]{
			Definition: operation.Definition{ID: "account.list-providers", Summary: "Lists the sign-ins elsewhere that are joined to the caller's account", Scope: operation.OnInstallation,
				ReadOnly: true, Method: "GET", Path: "/account/providers"}, Run: s.listProviders}),
		RemoveProvider: operation.Define(operation.Operation[JoinedProviderInput, operation.None]{
			Definition: own("account.remove-provider", "Parts a sign-in elsewhere from the caller's account"), Run: s.removeProvider}),
	}
}

func readOnly(d operation.Definition) operation.Definition {
	d.ReadOnly = true
	return d
}
