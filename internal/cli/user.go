package cli

import (
	"context"
	"fmt"
	"time"

	"commontable/internal/app"
	"commontable/internal/platform/access"
)

type userCommands struct {
	List              userListCommand    `cmd:"" help:"List the accounts."`
	Create            userCreateCommand  `cmd:"" help:"Make an account; its owner signs in by a link."`
	Disable           userDisableCommand `cmd:"" help:"Shut an account out at once."`
	Enable            userEnableCommand  `cmd:"" help:"Let a disabled account in again."`
	SignInLink        userLinkCommand    `cmd:"" name:"sign-in-link" help:"Print a link that signs an account in once, for someone mail does not reach."`
	ResetSecondFactor userResetCommand   `cmd:"" name:"reset-second-factor" help:"Remove an account's code app and passkeys, for someone who has lost them."`
}

type userListCommand struct {
	installation
	JSON bool `help:"Print as JSON." name:"json"`
}

// Run lists every account.
func (c userListCommand) Run(ctx context.Context, t *terminal) error {
	return c.with(ctx, t, func(ctx context.Context, a *app.App) error {
		list := []access.Account{}
		in := access.ListAccountsInput{Limit: 200}
		for {
			page, err := a.Access.ListAccounts.Do(ctx, a.Door, in)
			if err != nil {
				return err
			}
			list = append(list, page.Items...)
			if in.After = page.Next; in.After == "" {
				break
			}
		}
		if c.JSON {
			return t.json(list)
		}
		rows := make([][]string, len(list))
		for i, u := range list {
			rows[i] = []string{u.Email, u.Name, standing(u), day(u.SignedIn)}
		}
		return t.table([]string{"ADDRESS", "NAME", "STANDING", "SIGNED IN"}, rows)
	})
}

func standing(a access.Account) string {
	switch {
	case a.Disabled != nil:
		return "disabled " + day(a.Disabled)
	case a.Administrator:
		return "administrator"
	}
	return "-"
}

type userCreateCommand struct {
	installation
	Email         string `arg:"" help:"Mail address."`
	Name          string `help:"Name of the person." required:""`
	Language      string `help:"en, fr or es." enum:"en,fr,es" default:"en"`
	Administrator bool   `help:"Let the account administer the installation."`
	JSON          bool   `help:"Print as JSON." name:"json"`
}

// Run makes an account.
func (c userCreateCommand) Run(ctx context.Context, t *terminal) error {
	return c.with(ctx, t, func(ctx context.Context, a *app.App) error {
		u, err := a.Access.CreateAccount.Do(ctx, a.Door, access.CreateAccountInput{Name: c.Name, Email: c.Email, Language: c.Language})
		if err == nil && c.Administrator {
			u, err = a.Access.SetAdministrator.Do(ctx, a.Door, access.SetAdministratorInput{ID: u.ID, Administrator: true})
		}
		if err != nil {
			return err
		}
		if c.JSON {
			return t.json(u)
		}
		t.say("%s can sign in as %s.", u.Name, u.Email)
		return nil
	})
}

// oneAccount are the flags of a command about one account.
type oneAccount struct {
	installation
	Email string `arg:"" help:"Mail address of the account."`
	JSON  bool   `help:"Print as JSON." name:"json"`
}

// change finds the account, changes it and tells.
func (c oneAccount) change(ctx context.Context, t *terminal, done string, fn func(ctx context.Context, a *app.App, in access.AccountInput) (access.Account, error)) error {
	return c.with(ctx, t, func(ctx context.Context, a *app.App) error {
		u, err := findAccount(ctx, a, c.Email)
		if err != nil {
			return err
		}
		if u, err = fn(ctx, a, access.AccountInput{ID: u.ID}); err != nil {
			return err
		}
		if c.JSON {
			return t.json(u)
		}
		t.say(done, u.Email)
		return nil
	})
}

func findAccount(ctx context.Context, a *app.App, email string) (access.Account, error) {
	page, err := a.Access.ListAccounts.Do(ctx, a.Door, access.ListAccountsInput{Email: email, Limit: 1})
	if err != nil {
		return access.Account{}, err
	}
	if len(page.Items) == 0 || access.EmailKey(page.Items[0].Email) != access.EmailKey(email) {
		return access.Account{}, fmt.Errorf("there is no account with the address %s; user list shows all", email)
	}
	return page.Items[0], nil
}

type userDisableCommand struct{ oneAccount }

// Run disables an account.
func (c userDisableCommand) Run(ctx context.Context, t *terminal) error {
	return c.change(ctx, t, "%s is disabled; its sessions and tokens have ended.", func(ctx context.Context, a *app.App, in access.AccountInput) (access.Account, error) {
		return a.Access.DisableAccount.Do(ctx, a.Door, in)
	})
}

type userEnableCommand struct{ oneAccount }

// Run enables an account.
func (c userEnableCommand) Run(ctx context.Context, t *terminal) error {
	return c.change(ctx, t, "%s can sign in again.", func(ctx context.Context, a *app.App, in access.AccountInput) (access.Account, error) {
		return a.Access.EnableAccount.Do(ctx, a.Door, in)
	})
}

type userResetCommand struct{ oneAccount }

// Run removes an account's second factors.
func (c userResetCommand) Run(ctx context.Context, t *terminal) error {
	return c.change(ctx, t, "%s has no code app and no passkey any more; its sessions have ended.", func(ctx context.Context, a *app.App, in access.AccountInput) (access.Account, error) {
		return a.Access.ResetSecondFactor.Do(ctx, a.Door, in)
	})
}

type userLinkCommand struct {
	oneAccount
	Minutes int64 `help:"How long the link serves." default:"60"`
}

// Run prints a sign-in link.
func (c userLinkCommand) Run(ctx context.Context, t *terminal) error {
	return c.with(ctx, t, func(ctx context.Context, a *app.App) error {
		link, err := a.Access.IssueLink.Do(ctx, a.Door, access.IssueLinkInput{Email: c.Email, Minutes: c.Minutes})
		if err != nil {
			return err
		}
		if c.JSON {
			return t.json(link)
		}
		t.say("%s", link.Link)
		t.hint("It signs in once, until %s. Hand it over as you would a key.", link.Expires.Format(time.RFC1123))
		return nil
	})
}

type tokenCommands struct {
	Create tokenCreateCommand `cmd:"" help:"Make a token that lets a program act as an account."`
}

type tokenCreateCommand struct {
	installation
	Person        string `help:"Mail address of the account." required:"" placeholder:"EMAIL"`
	Name          string `help:"What the token is for." required:""`
	ReadOnly      bool   `help:"The token may only read."`
	Collaborative string `help:"The one collaborative it is for; all of the account's when absent." placeholder:"SLUG"`
	Days          int64  `help:"How many days it serves; until it is revoked when 0." default:"0"`
	JSON          bool   `help:"Print as JSON." name:"json"`
}

// Run makes a token.
func (c tokenCreateCommand) Run(ctx context.Context, t *terminal) error {
	return c.with(ctx, t, func(ctx context.Context, a *app.App) error {
		in := access.IssueTokenInput{Email: c.Person, CreateTokenInput: access.CreateTokenInput{Name: c.Name, ReadOnly: c.ReadOnly, Days: c.Days}}
		if c.Collaborative != "" {
			found, err := a.Access.Collaborative(ctx, c.Collaborative)
			if err != nil {
				return err
			}
			if found.ID.IsZero() {
				return fmt.Errorf("there is no collaborative %s; collaborative list shows all", c.Collaborative)
			}
			in.Collaborative = found.ID
		}
		token, err := a.Access.IssueToken.Do(ctx, a.Door, in)
		if err != nil {
			return err
		}
		if c.JSON {
			return t.json(token)
		}
		t.say("%s", token.Secret)
		t.hint("This is the only time it is shown.")
		return nil
	})
}
