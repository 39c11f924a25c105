package access

import (
	"time"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Token lets a program act as an account.
type Token struct {
	ID            TokenID                   `json:"id"`
	Name          string                    `json:"name"`
	ReadOnly      bool                      `json:"read_only" doc:"Whether it may only read."`
	Collaborative operation.CollaborativeID `json:"collaborative,omitzero" doc:"The one collaborative it is for; absent when it is for all of the account's."`
	Created       time.Time                 `json:"created"`
	Expires       *time.Time                `json:"expires,omitempty"`
	Used          *time.Time                `json:"used,omitempty" doc:"When it was last used, to five minutes."`
}

// NewToken is a token just made; Secret is shown this once.
type NewToken struct {
	Token
	Secret string `json:"secret"`
}

// CreateTokenInput describes the token wanted.
type CreateTokenInput struct {
	Name          string                    `json:"name" required:"true" maxLength:"80"`
	ReadOnly      bool                      `json:"read_only"`
	Collaborative operation.CollaborativeID `json:"collaborative,omitzero"`
	// Days it serves; 0 means until it is revoked.
	Days int64 `json:"days" minimum:"0" maximum:"3660"`
}

// TokenInput names one of the caller's tokens.
type TokenInput struct {
	ID TokenID `json:"id"`
}

// tokenOperations are what someone can do about tokens of their own.
type tokenOperations struct {
	ListTokens  *operation.Operation[operation.None, []Token]
	CreateToken *operation.Operation[CreateTokenInput, NewToken]
	RevokeToken *operation.Operation[TokenInput, operation.None]
}

func (o tokenOperations) list() []operation.Any {
	return []operation.Any{o.ListTokens, o.CreateToken, o.RevokeToken}
}

func newTokenOperations(s *Service) tokenOperations {
	return tokenOperations{
		ListTokens: operation.Define(operation.Operation[operation.None, []Token]{
			Definition: operation.Definition{ID: "account.list-tokens", Summary: "Lists the caller's tokens for programs", Scope: operation.OnInstallation,
				ReadOnly: true, Method: "GET", Path: "/account/tokens"},
			Run: func(c *operation.Call, _ operation.None) ([]Token, error) {
				list, err := store.Collect(c.Installation, scanTokenRow, `SELECT `+tokenColumns+` FROM tokens WHERE account_id = $1 ORDER BY created_at DESC`, c.Actor.Account)
				if list == nil {
					list = []Token{}
				}
				return list, err
			},
		}),
		CreateToken: operation.Define(operation.Operation[CreateTokenInput, NewToken]{
			Definition: operation.Definition{ID: "account.create-token", Summary: "Makes a token for a program; its secret is shown once", Scope: operation.OnInstallation,
				Fresh: true, Secret: true, BrowserOnly: needsProof},
			Run: func(c *operation.Call, in CreateTokenInput) (NewToken, error) {
				a, err := s.strong(c)
				if err != nil {
					return NewToken{}, err
				}
				two, err := provedTwo(c)
				if err != nil {
					return NewToken{}, err
				}
				return createToken(c, a, in, two)
			},
		}),
		RevokeToken: operation.Define(operation.Operation[TokenInput, operation.None]{
			Definition: operation.Definition{ID: "account.revoke-token", Summary: "Ends one of the caller's tokens", Scope: operation.OnInstallation,
				Method: "DELETE", Path: "/account/tokens/{id}"},
			Run: func(c *operation.Call, in TokenInput) (none operation.None, err error) {
				before, err := store.One(c.Installation, scanTokenRow, `SELECT `+tokenColumns+` FROM tokens WHERE id = $1 AND account_id = $2`, in.ID, c.Actor.Account)
				if err != nil {
					return none, err
				}
				c.Changed(operation.Subject{Kind: "token", ID: in.ID}, before.Name, 0, before, nil)
				_, err = c.Installation.Exec(`DELETE FROM tokens WHERE id = $1 AND account_id = $2`, in.ID, c.Actor.Account)
				return none, err
			},
		}),
	}
}

const tokenColumns = `id, name, read_only, collaborative_id, created_at, expires_at, used_at`

func scanTokenRow(row store.Row) (Token, error) {
	var t Token
	var expires, used time.Time
	err := row.Scan(&t.ID, &t.Name, &t.ReadOnly, &t.Collaborative, store.ScanTime(&t.Created), store.ScanTime(&expires), store.ScanTime(&used))
	t.Expires, t.Used = some(expires), some(used)
	return t, err
}

// maxTokens bounds what one account may have.
const maxTokens = 50

// createToken makes a token. It counts as proof of two factors only when
// whoever makes it had proved two.
func createToken(c *operation.Call, a Account, in CreateTokenInput, provedTwo bool) (NewToken, error) {
	n, err := store.Value[int64](c.Installation, `SELECT COUNT(*) FROM tokens WHERE account_id = $1`, a.ID)
	if err != nil {
		return NewToken{}, err
	}
	if n >= maxTokens {
		return NewToken{}, operation.Refuse(operation.Conflict, "access.tokens_many", map[string]any{"Most": maxTokens})
	}
	if !in.Collaborative.IsZero() {
		member, err := store.Value[int64](c.Installation, `SELECT COUNT(*) FROM memberships WHERE account_id = $1 AND collaborative_id = $2 AND ended_at IS NULL`,
			a.ID, in.Collaborative)
		if err != nil {
			return NewToken{}, err
		}
		if member == 0 {
			return NewToken{}, operation.InvalidField("collaborative", "errors.not_offered")
		}
	}
	out := NewToken{Token: Token{ID: newID[TokenID](), Name: in.Name, ReadOnly: in.ReadOnly, Collaborative: in.Collaborative, Created: c.Now}}
	var expires time.Time
	if in.Days > 0 {
		expires = c.Now.AddDate(0, 0, int(in.Days))
		out.Expires = &expires
	}
	secret, hash := newSecret(TokenPrefix)
	out.Secret = secret
	_, err = c.Installation.Exec(`INSERT INTO tokens (token_hash, id, account_id, name, read_only, second_factor, collaborative_id, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		hash, out.ID, a.ID, in.Name, in.ReadOnly, provedTwo, in.Collaborative, store.Micros(c.Now), store.Micros(expires))
	c.Changed(operation.Subject{Kind: "token", ID: out.ID}, out.Name, 0, nil, out.Token)
	return out, err
}
