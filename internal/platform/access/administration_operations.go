package access

import (
	"errors"
	"time"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// administrationOperations are what whoever administers the installation can do
// about accounts.
type administrationOperations struct {
	ListAccounts      *operation.Operation[ListAccountsInput, operation.Page[Account]]
	CreateAccount     *operation.Operation[CreateAccountInput, Account]
	DisableAccount    *operation.Operation[AccountInput, Account]
	EnableAccount     *operation.Operation[AccountInput, Account]
	ResetSecondFactor *operation.Operation[AccountInput, Account]
	SetAdministrator  *operation.Operation[SetAdministratorInput, Account]
	IssueLink         *operation.Operation[IssueLinkInput, IssuedLink]
	IssueToken        *operation.Operation[IssueTokenInput, NewToken]
}

// ListAccountsInput narrows the list.
type ListAccountsInput struct {
	Email  string `json:"email" maxLength:"254" doc:"Only addresses that begin so."`
	After  string `json:"after" text:"raw" maxLength:"2000" doc:"Cursor of the page."`
	Before string `json:"before" text:"raw" maxLength:"2000"`
	Limit  int64  `json:"limit" minimum:"0" maximum:"200" doc:"How many, 50 when absent."`
}

// CreateAccountInput describes an account.
type CreateAccountInput struct {
	Name     string `json:"name" required:"true" maxLength:"120"`
	Email    string `json:"email" required:"true" format:"email" maxLength:"254"`
	Language string `json:"language" maxLength:"10"`
}

// AccountInput names an account.
type AccountInput struct {
	ID operation.AccountID `json:"id"`
}

// SetAdministratorInput says whether an account administers the installation.
type SetAdministratorInput struct {
	ID            operation.AccountID `json:"id"`
	Administrator bool                `json:"administrator"`
}

// IssueLinkInput asks for a sign-in link for an account, to be handed over by
// other means than mail.
type IssueLinkInput struct {
	Email   string `json:"email" required:"true" maxLength:"254"`
	Minutes int64  `json:"minutes" minimum:"1" maximum:"10080"`
	Next    string `json:"next" text:"raw" maxLength:"1000"`
}

// IssuedLink is the link.
type IssuedLink struct {
	Link    string    `json:"link"`
	Expires time.Time `json:"expires"`
}

// IssueTokenInput asks for a token of an account.
type IssueTokenInput struct {
	Email string `json:"email" required:"true" maxLength:"254"`
	CreateTokenInput
}

func (o administrationOperations) list() []operation.Any {
	return []operation.Any{o.ListAccounts, o.CreateAccount, o.DisableAccount, o.EnableAccount, o.ResetSecondFactor, o.SetAdministrator, o.IssueLink, o.IssueToken}
}

const commandLineOnly = "it lets its bearer in as somebody else; only the command line on the machine itself may ask"

func newAdministrationOperations(s *Service) administrationOperations {
	at := func(id, summary, method, path string) operation.Definition {
		return operation.Definition{ID: id, Summary: summary, Scope: operation.OnInstallation, Method: method, Path: path}
	}
	fresh := func(id, summary string) operation.Definition {
		return operation.Definition{ID: id, Summary: summary, Scope: operation.OnInstallation, Fresh: true, BrowserOnly: needsProof}
	}
	return administrationOperations{
		ListAccounts: operation.Define(operation.Operation[ListAccountsInput, operation.Page[Account]]{
			Definition: readOnly(at("accounts.list", "Lists the accounts of the installation by address", "GET", "/accounts")), Run: listAccounts}),
		CreateAccount: operation.Define(operation.Operation[CreateAccountInput, Account]{
			Definition: at("accounts.create", "Makes an account, which can sign in by a link to its address", "POST", "/accounts"),
			Validate: func(in *CreateAccountInput, faults *operation.Faults) {
				validateAddress(faults, in.Email)
				if in.Language != "" && !i18n.Known(in.Language) {
					faults.Add("language", "errors.not_offered")
				}
			},
			Run: createAccount}),
		DisableAccount: operation.Define(operation.Operation[AccountInput, Account]{
			Definition: at("accounts.disable", "Disables an account and ends its sessions and tokens at once", "POST", "/accounts/{id}/disable"), Run: disableAccount}),
		EnableAccount: operation.Define(operation.Operation[AccountInput, Account]{
			Definition: at("accounts.enable", "Lets a disabled account be used again", "POST", "/accounts/{id}/enable"), Run: enableAccount}),
		ResetSecondFactor: operation.Define(operation.Operation[AccountInput, Account]{
			Definition: fresh("accounts.reset-second-factor", "Removes an account's code app, recovery codes and passkeys, for someone who has lost them"), Run: resetSecondFactor}),
		SetAdministrator: operation.Define(operation.Operation[SetAdministratorInput, Account]{
			Definition: fresh("accounts.set-administrator", "Says whether an account administers the installation"), Run: setAdministrator}),
		IssueLink: operation.Define(operation.Operation[IssueLinkInput, IssuedLink]{
			Definition: operation.Definition{ID: "accounts.issue-link", Summary: "Makes a sign-in link for an account without sending it", Scope: operation.OnInstallation, BrowserOnly: commandLineOnly, Secret: true},
			Run:        s.issueLink}),
		IssueToken: operation.Define(operation.Operation[IssueTokenInput, NewToken]{
			Definition: operation.Definition{ID: "accounts.issue-token", Summary: "Makes a token of an account", Scope: operation.OnInstallation, BrowserOnly: commandLineOnly, Secret: true},
			Run:        issueToken}),
	}
}

func listAccounts(c *operation.Call, in ListAccountsInput) (operation.Page[Account], error) {
	// No address lies beyond the last character there is.
	from, until := EmailKey(in.Email), EmailKey(in.Email)+"\U0010FFFF"
	q := store.SelectInstallation(`SELECT `+accountColumns+` FROM accounts a WHERE a.email_key >= ? AND a.email_key < ?`, from, until)
	page, err := operation.List(c.Installation, q, operation.Keyset{After: in.After, Before: in.Before, Limit: in.Limit, Columns: []string{"a.email_key"}, Types: "s"},
		scanAccount, func(a Account) []any { return []any{EmailKey(a.Email)} })
	page.Total = -1
	return page, err
}

func createAccount(c *operation.Call, in CreateAccountInput) (Account, error) {
	a, err := CreateAccount(c.Installation, c.Now, NewAccount{Name: in.Name, Email: in.Email, Language: languageOf(c.Context(), in.Language)})
	if errors.Is(err, store.ErrUnique) {
		return Account{}, operation.InvalidField("email", "access.email_taken")
	}
	c.Changed(a.subject(), a.Name, a.Version, nil, a.audited())
	return a, err
}
