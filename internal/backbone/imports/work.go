package imports

import (
	"context"
	"errors"

	"commontable/internal/platform/id"
	"commontable/internal/platform/intake"
	"commontable/internal/platform/operation"
)

// Work goes on with an import until it rests: it is done, or somebody has to say
// something. It runs on behalf of the actor of the context, portion by portion;
// between two of them everything is on record, so a process that dies loses
// nothing and a permission that is withdrawn ends it. It is for background work
// and the command line. While another goes on with it the error is of the kind
// Unavailable; try again later.
func Work(ctx context.Context, door *operation.Door, i ID) error {
	w := &worker{ctx: ctx, door: door, id: i, me: id.New[Import]()}
	for {
		imp, err := Get.Do(ctx, door, Ref{i})
		if err != nil {
			return err
		}
		if w.imp = imp; !imp.Working() {
			goesOn, err := w.goOnByItself()
			if err = w.explain(err); err != nil || !goesOn {
				return err
			}
			continue
		}
		switch imp.State {
		case Reading:
			err = w.read()
		case Planning:
			err = w.plan()
		case Running:
			err = w.run()
		case Undoing:
			err = w.undo()
		}
		if err = w.explain(err); err != nil {
			return err
		}
	}
}

// worker is one pass over an import.
type worker struct {
	ctx  context.Context
	door *operation.Door
	id   ID
	me   ID // names this pass among others
	imp  Import
}

// portion does something in a transaction of its own, if the import is still in
// the state it was in when the work began.
func (w *worker) portion(do func(c *operation.Call, i *Import) error) error {
	imp, err := portion.Do(w.ctx, w.door, step{w.id, w.imp.State, w.me, do})
	if err == nil {
		w.imp = imp
	}
	return err
}

// explain turns what nobody can mend by trying again into the import's own
// failure, which whoever brought it reads. An import that went into another
// state, because somebody stopped it, is no failure.
func (w *worker) explain(err error) error {
	var refusal *intake.Refusal
	var e *operation.Error
	var why *Message
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refusal):
		why = &Message{Key: refusal.Key, Args: refusal.Args}
	case errors.As(err, &e) && (e.Kind == operation.Conflict || e.Kind == operation.NotFound):
		return nil
	case errors.As(err, &e) && (e.Kind == operation.Invalid || e.Kind == operation.Forbidden || e.Kind == operation.Unauthenticated):
		why = messageOf(e)
	default:
		return err
	}
	// Whoever may no longer do it cannot note that either; the program does.
	ctx := operation.WithActor(w.ctx, operation.System())
	_, failed := portion.Do(ctx, w.door, step{w.id, w.imp.State, w.me, func(c *operation.Call, i *Import) error {
		c.Continue()
		i.State, i.Problem, i.FinishedAt = Failed, why, &c.Now
		return nil
	}})
	if operation.KindOf(failed) == operation.Conflict {
		return nil
	}
	return failed
}

// messageOf is what an operation's refusal says: the first fault of a field, or
// the refusal itself.
func messageOf(e *operation.Error) *Message {
	if len(e.Faults) > 0 {
		return &Message{Key: e.Faults[0].Key, Args: e.Faults[0].Args}
	}
	return &Message{Key: e.Key, Args: e.Args}
}
