package access

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// The tasks of meetings and letters.
const (
	// ReplyToMeeting is the task of saying whether one comes to a meeting.
	ReplyToMeeting Task = "reply_to_meeting"
	// AnswerPoll is the task of saying which proposed times suit one.
	AnswerPoll Task = "answer_poll"
	// AnswerSurvey is the task of answering a survey.
	AnswerSurvey Task = "answer_survey"
	// UseSlip is the task of handing in anonymous answers; one link serves everybody.
	UseSlip Task = "use_slip"
	// ReadFeed is what a calendar program does with the address of a feed.
	ReadFeed Task = "read_feed"
)

// The paths that these links lead to.
const (
	PathReply  = "/reply/"
	PathPoll   = "/poll/"
	PathSurvey = "/survey/"
	PathSlip   = "/slip/"
	PathFeed   = "/calendar/"
	PathStop   = "/unsubscribe/"
)

// NewLetterLink makes a task link for a letter of the collaborative's own work,
// such as an invitation to a meeting. It counts against no limit: those letters go
// to people on record, each once.
func (s *Service) NewLetterLink(c *operation.Call, task Task, path string, record [16]byte, email string, expires time.Time) (string, error) {
	secret, _, err := newLink(c.Installation, c.Now, purpose(task), link{email: EmailKey(email), collaborative: c.Collaborative.ID, expires: expires}, taskOf{record})
	return s.link(path + secret), err
}

// never is when a link ends that is ended by hand.
var never = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// NewStandingLink makes a link of the account that asks for it, which serves until
// it is ended, or until the account's password changes or everything of it is
// ended. The address holds the secret.
func (s *Service) NewStandingLink(c *operation.Call, task Task, path string, record [16]byte) (address string, i LinkID, err error) {
	secret, i, err := newLink(c.Installation, c.Now, purpose(task), link{account: c.Actor.Account, collaborative: c.Collaborative.ID, expires: never}, taskOf{record})
	return s.link(path + secret), i, err
}

// EndLink ends a link of the collaborative.
func EndLink(c *operation.Call, i LinkID) error {
	_, err := c.Installation.Exec(`DELETE FROM links WHERE id = $1 AND collaborative_id = $2`, i, c.Collaborative.ID)
	return err
}

// LinkServes says whether a link has not been ended.
func LinkServes(c *operation.Call, i LinkID) (bool, error) {
	n, err := store.Value[int64](c.Installation, `SELECT COUNT(*) FROM links WHERE id = $1 AND collaborative_id = $2`, i, c.Collaborative.ID)
	return n > 0, err
}

// ActingByLink is a context with the rights that the account of a standing link has
// now, and the record the link names. What is not known is counted as a guess, by
// network address; what is known is not, since many people's calendars are read
// from one address of a provider.
func (s *Service) ActingByLink(ctx context.Context, task Task, secret string) (context.Context, [16]byte, error) {
	var l link
	var body taskOf
	err := s.cfg.Store.ReadInstallation(ctx, func(tx *store.InstallationTx) (err error) {
		l, err = store.One(tx, func(row store.Row) (l link, err error) { return l, row.Scan(&l.account, &l.collaborative, &l.payload) },
			`SELECT account_id, collaborative_id, payload FROM links WHERE token_hash = $1 AND purpose = $2`, hashSecret(secret), string(task))
		if errors.Is(err, store.ErrNotFound) || err == nil && l.account.IsZero() {
			err = errLink
		}
		if err == nil {
			err = l.payload.into(&body)
		}
		return err
	})
	if errors.Is(err, errLink) {
		if err := s.TakeTask(ctx); err != nil {
			return ctx, body.Record, err
		}
	}
	if err != nil {
		return ctx, body.Record, err
	}
	acting, err := s.Acting(ctx, l.account, l.collaborative)
	return acting, body.Record, err
}

// Place is a collaborative by its id, for pages that somebody opens by a link.
func (s *Service) Place(ctx context.Context, i operation.CollaborativeID) (operation.Collaborative, error) {
	acting, err := s.Acting(ctx, operation.AccountID{}, i)
	return operation.CollaborativeFrom(acting), err
}

// stopPurpose seals the addresses of letters.
const stopPurpose = "stop letters"

// StopLink is the address by which whoever got a letter of the collaborative at an
// address ends letters of its kind. It holds all it needs, sealed, so that it serves
// for as long as somebody keeps the letter.
func (s *Service) StopLink(c operation.CollaborativeID, email, kind string) (string, error) {
	sealed, err := s.Sealer().Seal(stopPurpose, append(c[:], "\x00"+kind+"\x00"+EmailKey(email)...))
	return s.link(PathStop + base64.RawURLEncoding.EncodeToString(sealed)), err
}

// Stopping reads what a StopLink says: in which collaborative, at which address, and
// letters of which kind; the first links named none.
func (s *Service) Stopping(secret string) (c operation.CollaborativeID, email, kind string, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(secret)
	if err != nil || len(raw) > 1000 {
		return c, "", "", errLink
	}
	plain, err := s.Sealer().Open(stopPurpose, raw)
	if err != nil || len(plain) <= len(c) {
		return c, "", "", errLink
	}
	c, email = operation.CollaborativeID(plain[:len(c)]), string(plain[len(c):])
	if rest, named := strings.CutPrefix(email, "\x00"); named {
		kind, email, _ = strings.Cut(rest, "\x00")
	}
	return c, email, kind, nil
}
