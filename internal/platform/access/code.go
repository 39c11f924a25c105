package access

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"time"

	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// CheckIn is the task of saying that one is at a meeting.
const CheckIn Task = "check_in"

// PathCheckIn is where the code of a door leads.
const PathCheckIn = "/here/"

// Codes are short enough to be typed from a screen across a hall. Letters and
// digits that look alike are left out. Ten of them are almost 50 bits: enough for a
// code that serves for some hours and can be tried twenty times a second from one
// address.
const (
	codeAlphabet = "23456789abcdefghjkmnpqrstuvwxyz2" // 32 places, the 2 twice, so that a byte picks one evenly
	codeLength   = 10
)

// NewCode is a fresh code.
func NewCode() string {
	raw := make([]byte, codeLength)
	_, _ = rand.Read(raw) // crypto/rand never fails: it ends the program instead
	for i, b := range raw {
		raw[i] = codeAlphabet[b%32]
	}
	return string(raw)
}

// TidyCode is a code as it may have been typed: with capitals, dashes and spaces.
// It is "" for what cannot be one.
func TidyCode(typed string) string {
	if len(typed) > 4*codeLength {
		return ""
	}
	var out strings.Builder
	for _, r := range strings.ToLower(typed) {
		switch {
		case strings.ContainsRune(" -–—_.\t", r):
		case !strings.ContainsRune(codeAlphabet, r):
			return ""
		default:
			out.WriteRune(r)
		}
	}
	if out.Len() != codeLength {
		return ""
	}
	return out.String()
}

// CodeMark is a keyed hash of a code: whoever reads the database cannot work the
// code out of it, however short it is.
func (s *Service) CodeMark(purpose, code string) []byte { return s.sealer.Mark("code "+purpose, code) }

// NewTaskCode is a task link that is called by a code, within the transaction of an
// operation. It is not used up.
func (s *Service) NewTaskCode(c *operation.Call, task Task, record [16]byte, expires time.Time) (code string, i LinkID, err error) {
	code, i = NewCode(), newID[LinkID]()
	_, err = c.Installation.Exec(`INSERT INTO links (token_hash, id, purpose, email_key, account_id, collaborative_id, payload, created_at, expires_at)
		VALUES ($1, $2, $3, '', NULL, $4, $5, $6, $7)`,
		s.CodeMark(string(task), code), i, string(task), c.Collaborative.ID, store.JSON(taskOf{id.Of[recordNoun](record)}), store.Micros(c.Now), store.Micros(expires))
	return code, i, err
}

// EndTask makes a task link void.
func EndTask(c *operation.Call, task Task, i LinkID) error {
	_, err := c.Installation.Exec(`DELETE FROM links WHERE id = $1 AND purpose = $2 AND collaborative_id = $3`, i, string(task), c.Collaborative.ID)
	return err
}

// CodeAddress is the address a code leads to.
func (s *Service) CodeAddress(path, code string) string { return s.link(path + code) }

// CodePlace finds the collaborative and the record of a code. Every try counts by
// network address, so that trying all codes takes longer than the world lasts, and
// a hall full of people behind one address does not wait.
func (s *Service) CodePlace(ctx context.Context, task Task, typed string) (operation.Collaborative, TaskLink, error) {
	if err := s.Limiter.Take(ctx, limitCodeAddress, ClientFrom(ctx).network()); err != nil {
		return operation.Collaborative{}, TaskLink{}, err
	}
	code := TidyCode(typed)
	if code == "" {
		return operation.Collaborative{}, TaskLink{}, errLink
	}
	var p place
	var found TaskLink
	err := s.cfg.Store.ReadInstallation(ctx, func(tx *store.InstallationTx) error {
		var body taskOf
		l, err := store.One(tx, func(row store.Row) (l link, err error) {
			return l, row.Scan(&l.id, &l.collaborative, &l.payload, store.ScanTime(&l.expires))
		}, `SELECT id, collaborative_id, payload, expires_at FROM links WHERE token_hash = $1 AND purpose = $2`, s.CodeMark(string(task), code), string(task))
		if errors.Is(err, store.ErrNotFound) || err == nil && !s.now().Before(l.expires) {
			err = errLink
		}
		if err == nil {
			err = l.payload.into(&body)
		}
		if err != nil {
			return err
		}
		found = TaskLink{ID: l.id, Record: body.Record, Expires: l.expires}
		p, err = store.One(tx, func(row store.Row) (p place, err error) { return p, row.Scan(p.columns()...) },
			`SELECT `+placeColumns+` FROM collaboratives c WHERE c.id = $1`, l.collaborative)
		return err
	})
	return s.collaborative(p), found, err
}
