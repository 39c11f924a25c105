package operation

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"commontable/internal/platform/clock"
	"commontable/internal/platform/id"
	"commontable/internal/platform/store"
)

// Door runs operations. All its fields must be set before the first use; none
// changes afterwards.
type Door struct {
	Store       *store.Store
	Clock       clock.Clock
	Permissions Permissions
	Registry    Registry
	Relations   Relations
	Secrets     Sealer
	// Enqueue records background work within a transaction.
	Enqueue func(tx *store.InstallationTx, now time.Time, c Collaborative, work []Later) error
	// Limit counts a run against a named rate limit and refuses when it is used
	// up; nil counts nothing.
	Limit func(ctx context.Context, limit string, a Actor) error
	// Committed is told that background work was enqueued and is durable.
	Committed func()
	// Watchers keep what is worked out from records current.
	Watchers []Watcher
	// Observe is told of every operation's outcome and duration, once.
	Observe func(operation string, outcome Kind, took time.Duration)
	Log     *slog.Logger
}

// Relations judges whether an actor stands in a relation to a subject.
type Relations interface {
	// Holds is asked only for grants other than Always and Never.
	Holds(c *Call, grant Grant, s Subject) (bool, error)
}

// Watcher keeps what is worked out from the records of a collaborative current:
// it is told, once and inside the transaction, of every subject that a run of an
// operation changed, so that a capability learns of changes to records of those
// below it, whoever made them. It looks at the record as it is now: an undo, a
// merge and an import look the same to it.
type Watcher func(c *Call, changed []Subject) error

// Sealer encrypts small secrets that must be read again (a mail password, a
// one-time code's key), bound to a purpose.
type Sealer interface {
	Seal(purpose string, plain []byte) ([]byte, error)
	Open(purpose string, sealed []byte) ([]byte, error)
}

// FreshFor is how long a proof of identity serves operations marked Fresh.
const FreshFor = 15 * time.Minute

// doing is one run of an operation with its types out of sight. With it the door is
// compiled once, and not for each operation in each package that runs it.
type doing interface {
	// valid reports every fault of the input, which it cleans.
	valid() error
	// limit names the rate limit that the run counts against, "" for none.
	limit() string
	// about is the subject by which relations are judged.
	about() Subject
	// run does it, inside the transaction; it may be called again.
	run(c *Call) error
	// input and output are pointers to what goes in and comes out.
	input() any
	output() any
}

func (d *Door) do(ctx context.Context, def Definition, o doing) (err error) {
	started := time.Now()
	actor, collaborative := ActorFrom(ctx), CollaborativeFrom(ctx)
	defer func() {
		if v := recover(); v != nil {
			err = &Error{Kind: Internal, Key: "errors.internal", Cause: fmt.Errorf("panic: %v\n%s", v, debug.Stack())}
		}
		err = Translate(err)
		d.observe(ctx, def, actor, collaborative, err, time.Since(started))
	}()

	if def.Scope == InCollaborative && collaborative.ID.IsZero() {
		return Missing()
	}
	if err := d.admit(def, actor); err != nil {
		return err
	}
	if err := o.valid(); err != nil {
		return err
	}
	if d.Limit != nil && actor.Via != ViaSystem {
		if limit := o.limit(); limit != "" {
			if err := d.Limit(ctx, limit, actor); err != nil {
				return err
			}
		}
	}
	enqueued := false
	work := func(tx *store.Tx, installation *store.InstallationTx) error {
		// A transaction may be run again; each run starts from nothing.
		c := &Call{Tx: tx, Installation: installation, Actor: actor, Collaborative: collaborative,
			Now: d.Clock.Now().UTC().Truncate(time.Microsecond), door: d, ctx: installation.Context(), def: def}
		if err := d.permit(c, def, o.about()); err != nil {
			return err
		}
		replay, err := d.replay(c, o.input(), o.output())
		if err != nil || replay.found {
			return err
		}
		if err := o.run(c); err != nil {
			return err
		}
		if err := d.watch(c); err != nil {
			return err
		}
		enqueued = len(c.later) > 0
		return d.record(c, replay, o.output())
	}
	defer func() {
		if err == nil && enqueued && d.Committed != nil {
			d.Committed()
		}
	}()
	switch {
	case def.Scope == OnInstallation && def.ReadOnly && !def.Sensitive:
		return d.Store.ReadInstallation(ctx, func(tx *store.InstallationTx) error { return work(nil, tx) })
	case def.Scope == OnInstallation:
		return d.Store.WriteInstallation(ctx, func(tx *store.InstallationTx) error { return work(nil, tx) })
	case def.ReadOnly && !def.Sensitive:
		return d.Store.Read(ctx, collaborative.ID, func(tx *store.Tx) error { return work(tx, tx.Installation()) })
	default:
		return d.Store.Write(ctx, collaborative.ID, func(tx *store.Tx) error { return work(tx, tx.Installation()) })
	}
}

// admit decides what can be decided without data: whether any of the actor's
// roles could run the operation.
func (d *Door) admit(def Definition, a Actor) error {
	if !d.Permissions.Allows(def.ID, a) {
		if !a.SignedIn() {
			return Refuse(Unauthenticated, "errors.sign_in")
		}
		return Refuse(Forbidden, "errors.forbidden")
	}
	if a.ReadOnly && !def.ReadOnly {
		return Refuse(Forbidden, "errors.token_read_only")
	}
	if def.Fresh && a.Via != ViaSystem && d.Clock.Now().Sub(a.Verified) > FreshFor {
		return Refuse(Forbidden, "errors.verify_again")
	}
	return nil
}

// permit decides with data: whether the actor stands in a relation that the
// permission table asks for. An operation that could be run on something of
// one's own, asked for on something else, is simply not found when the actor
// could not have seen it; that is the operation's own query's business, so here
// the answer is Forbidden.
func (d *Door) permit(c *Call, def Definition, s Subject) error {
	if d.Permissions.AllowsAll(def.ID, c.Actor) {
		return nil
	}
	held, err := d.related(c, def.ID, s)
	if err != nil {
		return err
	}
	if !held {
		return Refuse(Forbidden, "errors.forbidden")
	}
	return nil
}

func (d *Door) related(c *Call, op string, s Subject) (bool, error) {
	for _, grant := range d.Permissions.grants(op, c.Actor) {
		held, err := d.Relations.Holds(c, grant, s)
		if held || err != nil {
			return held, err
		}
	}
	return false, nil
}

// watch tells the watchers what a run changed, each subject once.
func (d *Door) watch(c *Call) error {
	if c.Tx == nil || len(c.changes) == 0 || len(d.Watchers) == 0 {
		return nil
	}
	seen := make(map[Subject]bool, len(c.changes))
	changed := make([]Subject, 0, len(c.changes))
	for _, change := range c.changes {
		if !seen[change.Subject] {
			seen[change.Subject] = true
			changed = append(changed, change.Subject)
		}
	}
	for _, w := range d.Watchers {
		if err := w(c, changed); err != nil {
			return err
		}
	}
	return nil
}

// record writes what must stand beside the change: audit, later work, and the
// answer to give if the same request comes again.
func (d *Door) record(c *Call, replay replayState, out any) error {
	if (!c.def.ReadOnly || c.def.Sensitive) && !c.quiet {
		act := id.New[actNoun]()
		if err := c.writeAudit(act); err != nil {
			return err
		}
		if receipt, ok := c.ctx.Value(receiptKey{}).(*Receipt); ok {
			*receipt = Receipt{Entry: act, Undoable: c.undo != nil}
		}
	}
	if len(c.later) > 0 {
		if err := d.Enqueue(c.Installation, c.Now, c.Collaborative, c.later); err != nil {
			return err
		}
	}
	return replay.remember(c, out)
}

// observe logs refusals and failures once, and measures everything.
func (d *Door) observe(ctx context.Context, def Definition, a Actor, c Collaborative, err error, took time.Duration) {
	kind := KindOf(err)
	if d.Observe != nil {
		d.Observe(def.ID, kind, took)
	}
	if err == nil {
		return
	}
	attrs := []any{"operation", def.ID, "account", a.Account.String(), "collaborative", c.Slug, "via", string(a.Via), "request", RequestFrom(ctx)}
	switch kind {
	case Internal, Unavailable:
		d.Log.ErrorContext(ctx, "operation failed", append(attrs, "error", err.Error())...)
	case Forbidden, Unauthenticated, TooMany:
		var e *Error
		_ = errors.As(err, &e) // a kind other than Internal is always one of ours
		d.Log.WarnContext(ctx, "operation refused", append(attrs, "reason", e.Key)...)
	}
}
