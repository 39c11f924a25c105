package access

import (
	"strings"
	"time"

	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Account is someone who can sign in.
type Account struct {
	ID            operation.AccountID `json:"id"`
	Name          string              `json:"name"`
	Email         string              `json:"email"`
	Language      string              `json:"language" doc:"Language of pages and mails: en, fr or es."`
	Administrator bool                `json:"administrator" doc:"Whether they administer the installation."`
	Password      bool                `json:"password" doc:"Whether a password is set."`
	Codes         bool                `json:"codes" doc:"Whether a code app is set up as second factor."`
	Passkeys      int64               `json:"passkeys" doc:"How many passkeys there are."`
	RecoveryCodes int64               `json:"recovery_codes" doc:"How many unused recovery codes are left."`
	SecondFactor  bool                `json:"second_factor" doc:"Whether signing in always asks for a second factor."`
	Disabled      *time.Time          `json:"disabled,omitempty" doc:"Since when the account cannot be used."`
	Created       time.Time           `json:"created"`
	SignedIn      *time.Time          `json:"signed_in,omitempty" doc:"When they last signed in."`
	Version       int64               `json:"version"`
}

// HasSecondFactor says whether there is a second factor to ask for.
func (a Account) HasSecondFactor() bool { return a.Codes || a.Passkeys > 0 }

func (a Account) subject() operation.Subject {
	return operation.Subject{Kind: "account", ID: a.ID}
}

const accountColumns = `a.id, a.name, a.email, a.language, a.administrator, a.password_hash IS NOT NULL, a.totp_secret IS NOT NULL,
	(SELECT COUNT(*) FROM passkeys p WHERE p.account_id = a.id), a.recovery_hashes, a.second_factor, a.disabled_at, a.created_at, a.signed_in_at, a.version`

func scanAccount(row store.Row) (Account, error) {
	var a Account
	var recovery []string
	var disabled, signedIn time.Time
	err := row.Scan(&a.ID, &a.Name, &a.Email, &a.Language, &a.Administrator, &a.Password, &a.Codes, &a.Passkeys, store.ScanJSON(&recovery),
		&a.SecondFactor, store.ScanTime(&disabled), store.ScanTime(&a.Created), store.ScanTime(&signedIn), &a.Version)
	a.RecoveryCodes = int64(len(recovery))
	a.Disabled, a.SignedIn = some(disabled), some(signedIn)
	return a, err
}

func some(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// findAccount reads an account, disabled or not.
func findAccount(tx *store.InstallationTx, id operation.AccountID) (Account, error) {
	return store.One(tx, scanAccount, `SELECT `+accountColumns+` FROM accounts a WHERE a.id = $1`, id)
}

// FindAccount reads the account of a mail address, disabled or not, or returns
// store.ErrNotFound.
func FindAccount(tx *store.InstallationTx, email string) (Account, error) {
	return store.One(tx, scanAccount, `SELECT `+accountColumns+` FROM accounts a WHERE a.email_key = $1`, EmailKey(email))
}

// ownAccount reads the caller's account.
func ownAccount(c *operation.Call) (Account, error) {
	return findAccount(c.Installation, c.Actor.Account)
}

// EmailKey is what two spellings of one mail address share.
func EmailKey(email string) string {
	if checked, err := mail.CheckAddress("email", email); err == nil {
		email = checked
	}
	return strings.ToLower(strings.TrimSpace(email))
}

// NewAccount is what an account begins with.
type NewAccount struct {
	Name, Email, Language string
	Administrator         bool
	// PasswordHash comes from Service.HashPassword, or is "".
	PasswordHash string
}

// CreateAccount adds an account. The error is store.ErrUnique when the address
// has one already.
func CreateAccount(tx *store.InstallationTx, now time.Time, in NewAccount) (Account, error) {
	id := operation.NewAccountID()
	_, err := tx.Exec(`INSERT INTO accounts (id, email, email_key, name, language, password_hash, totp_step, second_factor, administrator, created_at, version)
		VALUES ($1, $2, $3, $4, $5, $6, 0, FALSE, $7, $8, 1)`,
		id, in.Email, EmailKey(in.Email), in.Name, in.Language, store.Text(in.PasswordHash), in.Administrator, store.Micros(now))
	if err != nil {
		return Account{}, err
	}
	return findAccount(tx, id)
}

// changeAccount records a change of an account that set has already written:
// the version rises and the door learns what is different.
func changeAccount(c *operation.Call, before Account) (Account, error) {
	if _, err := c.Installation.Exec(`UPDATE accounts SET version = version + 1 WHERE id = $1`, before.ID); err != nil {
		return Account{}, err
	}
	after, err := findAccount(c.Installation, before.ID)
	if err == nil {
		c.Changed(after.subject(), after.Name, after.Version, before.audited(), after.audited())
	}
	return after, err
}

// audited is what the audit log compares: whether secrets are there, not what
// they are, and nothing that changes by itself.
func (a Account) audited() any {
	a.Version, a.SignedIn, a.Created = 0, nil, time.Time{}
	return a
}
