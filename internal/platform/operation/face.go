package operation

import "context"

// Admit says whether the actor of the context could run an operation at all,
// before there is an input: a face asks it first, so that someone who may not
// do a thing does not learn what its input looks like. The door decides again.
// A refusal is logged and measured like any other.
func (d *Door) Admit(ctx context.Context, op Any) error {
	def, actor := op.Describe(), ActorFrom(ctx)
	err := d.admit(def, actor)
	if err != nil {
		d.observe(ctx, def, actor, CollaborativeFrom(ctx), err, 0)
	}
	return err
}

type replayedKey struct{}

// WithReplayed asks to be told whether the answer to the next write is one that
// was given before to the same idempotency key.
func WithReplayed(ctx context.Context, told *bool) context.Context {
	return context.WithValue(ctx, replayedKey{}, told)
}
