package access

import (
	"context"
	"errors"
	"time"

	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Task is what the bearer of a task link may do: one thing about one record of a
// collaborative, without an account. The link lets nobody in.
type Task purpose

// The tasks: signing a membership agreement, signing as an evaluator, pledging for an
// organization, saying what became of what is due from somebody.
const (
	SignAgreement Task = "sign_agreement"
	SignEvaluator Task = "sign_evaluator"
	Pledge        Task = "pledge"
	Due           Task = "due"
)

// Where their links lead.
const (
	PathAgreement = "/agreement/"
	PathEvaluator = "/evaluator/"
	PathPledge    = "/pledge/"
	PathDue       = "/due/"
)

// TaskLink is a task link as the record it belongs to knows it. That record
// decides whether the link still serves: one that it no longer names is void.
type TaskLink struct {
	ID      LinkID
	Record  [16]byte
	Expires time.Time
}

type recordNoun struct{}

// taskOf is what a task link remembers.
type taskOf struct {
	Record id.Of[recordNoun] `json:"record"`
}

// NewTaskLink makes a task link, within the transaction of an operation that
// mails it. The address holds the secret, which is kept nowhere else. Such
// letters go to people who did not ask for them, so they count against the same
// limit as invitations.
func (s *Service) NewTaskLink(c *operation.Call, task Task, path string, record [16]byte, email string, expires time.Time) (address string, t TaskLink, err error) {
	if err := s.Limiter.drawIn(c, Draw{limitInvitations, c.Collaborative.ID.String()}); err != nil {
		return "", TaskLink{}, err
	}
	secret, i, err := newLink(c.Installation, c.Now, purpose(task), link{email: EmailKey(email), collaborative: c.Collaborative.ID, expires: expires}, taskOf{record})
	return s.link(path + secret), TaskLink{ID: i, Record: record, Expires: expires}, err
}

// TaskLinkOf reads the task link of a secret within an operation of the
// collaborative it belongs to, also when it has expired: the answer says so.
func TaskLinkOf(c *operation.Call, task Task, secret string) (TaskLink, error) {
	l, body, err := findTask(c.Installation, task, secret)
	if err == nil && l.collaborative != c.Collaborative.ID {
		err = errLink
	}
	return TaskLink{ID: l.id, Record: body.Record, Expires: l.expires}, err
}

func findTask(tx *store.InstallationTx, task Task, secret string) (link, taskOf, error) {
	var body taskOf
	if !isSecret(linkPrefix, secret) {
		return link{}, body, errLink
	}
	l, err := store.One(tx, func(row store.Row) (l link, err error) {
		return l, row.Scan(&l.id, &l.collaborative, &l.payload, store.ScanTime(&l.expires))
	}, `SELECT id, collaborative_id, payload, expires_at FROM links WHERE token_hash = $1 AND purpose = $2`, hashSecret(secret), string(task))
	if errors.Is(err, store.ErrNotFound) {
		err = errLink
	}
	if err == nil {
		err = l.payload.into(&body)
	}
	return l, body, err
}

// taskPlace is the collaborative that a task link belongs to.
func (s *Service) taskPlace(ctx context.Context, task Task, secret string) (operation.Collaborative, error) {
	var p place
	err := s.cfg.Store.ReadInstallation(ctx, func(tx *store.InstallationTx) error {
		l, _, err := findTask(tx, task, secret)
		if err != nil {
			return err
		}
		p, err = store.One(tx, func(row store.Row) (p place, err error) { return p, row.Scan(p.columns()...) },
			`SELECT `+placeColumns+` FROM collaboratives c WHERE c.id = $1`, l.collaborative)
		return err
	})
	return s.collaborative(p), err
}

// TakeTask counts an attempt to do a task by link, by network address.
func (s *Service) TakeTask(ctx context.Context) error {
	return s.Limiter.Take(ctx, limitRedeemAddress, ClientFrom(ctx).network())
}

// LookByTask runs an operation for whoever bears a personal link, in the link's
// collaborative, which is given back. A link that is not known counts as a guess.
func LookByTask[In, Out any](ctx context.Context, s *Service, door *operation.Door, op *operation.Operation[In, Out], task Task, secret string, in In) (operation.Collaborative, Out, error) {
	place, err := s.taskPlace(ctx, task, secret)
	if err != nil {
		var none Out
		if operation.KindOf(err) == operation.NotFound {
			if limit := s.TakeTask(ctx); limit != nil {
				err = limit
			}
		}
		return place, none, err
	}
	out, err := op.Do(operation.WithCollaborative(ctx, place), door, in)
	return place, out, err
}

// ActByTask is LookByTask for what changes something: every try counts.
func ActByTask[In, Out any](ctx context.Context, s *Service, door *operation.Door, op *operation.Operation[In, Out], task Task, secret string, in In) (operation.Collaborative, Out, error) {
	if err := s.TakeTask(ctx); err != nil {
		var none Out
		return operation.Collaborative{}, none, err
	}
	place, err := s.taskPlace(ctx, task, secret)
	if err != nil {
		var none Out
		return place, none, err
	}
	out, err := op.Do(operation.WithCollaborative(ctx, place), door, in)
	return place, out, err
}

// Post sends a letter once the operation has committed.
func Post(c *operation.Call, l Letter) { send(c, l) }

// PostOnce is Post, and sends nothing for a key that was used before.
func PostOnce(c *operation.Call, l Letter, key string) { sendOnce(c, l, key) }
