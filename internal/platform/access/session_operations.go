package access

import (
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// sessionOperations are what someone can do about where they are signed in.
type sessionOperations struct {
	ListSessions     *operation.Operation[operation.None, []Session]
	RevokeSession    *operation.Operation[SessionInput, operation.None]
	SignOut          *operation.Operation[operation.None, operation.None]
	SignOutElsewhere *operation.Operation[operation.None, Ended]
	SignOutAll       *operation.Operation[operation.None, Ended]
}

// SessionInput names one of the caller's sessions.
type SessionInput struct {
	ID SessionID `json:"id"`
}

// Ended says how many sessions were ended.
type Ended struct {
	Sessions int64 `json:"sessions"`
}

func (o sessionOperations) list() []operation.Any {
	return []operation.Any{o.ListSessions, o.RevokeSession, o.SignOut, o.SignOutElsewhere, o.SignOutAll}
}

func newSessionOperations(s *Service) sessionOperations {
	return sessionOperations{
		ListSessions: operation.Define(operation.Operation[operation.None, []Session]{
			Definition: operation.Definition{ID: "account.list-sessions", Summary: "Lists where the caller is signed in, latest first",
				Scope: operation.OnInstallation, ReadOnly: true, Method: "GET", Path: "/account/sessions"},
			Run: s.listSessions,
		}),
		RevokeSession: operation.Define(operation.Operation[SessionInput, operation.None]{
			Definition: operation.Definition{ID: "account.revoke-session", Summary: "Signs one of the caller's devices out",
				Scope: operation.OnInstallation, Method: "DELETE", Path: "/account/sessions/{id}"},
			Run: func(c *operation.Call, in SessionInput) (none operation.None, err error) {
				ended, err := c.Installation.Exec(`DELETE FROM sessions WHERE id = $1 AND account_id = $2`, in.ID, c.Actor.Account)
				if err == nil && ended == 0 {
					err = operation.Missing()
				}
				c.Changed(operation.Subject{Kind: "session", ID: in.ID}, "", 0, nil, nil)
				return none, err
			},
		}),
		SignOut: operation.Define(operation.Operation[operation.None, operation.None]{
			Definition: operation.Definition{ID: "account.sign-out", Summary: "Signs the caller out on this device",
				Scope: operation.OnInstallation, BrowserOnly: "it ends the browser's session"},
			Run: func(c *operation.Call, _ operation.None) (none operation.None, err error) {
				_, err = c.Installation.Exec(`DELETE FROM sessions WHERE token_hash = $1 AND account_id = $2`, c.Actor.Credential, c.Actor.Account)
				return none, err
			},
		}),
		SignOutElsewhere: operation.Define(operation.Operation[operation.None, Ended]{
			Definition: operation.Definition{ID: "account.sign-out-elsewhere", Summary: "Signs the caller out everywhere but here",
				Scope: operation.OnInstallation, Method: "POST", Path: "/account/sessions/end-others"},
			Run: func(c *operation.Call, _ operation.None) (out Ended, err error) {
				out.Sessions, err = endSessions(c.Installation, c.Actor.Account, c.Actor.Credential)
				return out, err
			},
		}),
		SignOutAll: operation.Define(operation.Operation[operation.None, Ended]{
			Definition: operation.Definition{ID: "account.sign-out-everywhere", Summary: "Signs the caller out on every device, this one included",
				Scope: operation.OnInstallation, Method: "POST", Path: "/account/sessions/end-all"},
			Run: func(c *operation.Call, _ operation.None) (out Ended, err error) {
				out.Sessions, err = endSessions(c.Installation, c.Actor.Account, nil)
				return out, err
			},
		}),
	}
}

func (s *Service) listSessions(c *operation.Call, _ operation.None) ([]Session, error) {
	list, err := store.Collect(c.Installation, func(row store.Row) (v Session, err error) {
		var hash []byte
		err = row.Scan(&hash, &v.ID, &v.Method, &v.SecondFactor, &v.Address, &v.Device, store.ScanTime(&v.Begun), store.ScanTime(&v.Seen), store.ScanTime(&v.Expires))
		v.Device = DeviceName(c.Context(), v.Device)
		v.Current = string(hash) == string(c.Actor.Credential)
		return v, err
	}, `SELECT token_hash, id, method, second_factor, address, agent, created_at, seen_at, expires_at FROM sessions
		WHERE account_id = $1 AND expires_at > $2 AND seen_at > $3 ORDER BY created_at DESC`,
		c.Actor.Account, store.Micros(c.Now), store.Micros(c.Now.Add(-s.cfg.Idle)))
	if list == nil {
		list = []Session{}
	}
	return list, err
}
