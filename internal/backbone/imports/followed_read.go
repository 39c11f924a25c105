package imports

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"time"

	"commontable/internal/platform/calendar"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/outbound"
	"commontable/internal/platform/store"
)

// Fetcher fetches what lies at an address; an outbound.Client is one.
type Fetcher interface {
	Get(ctx context.Context, address string, known outbound.Known) (outbound.Answer, error)
}

// Follow reads a followed calendar. A version that says something new becomes an import,
// whose background work goes on with it. It runs on behalf of the actor of the context. What
// keeps the calendar from being read is noted for people to see and is no error.
func Follow(ctx context.Context, door *operation.Door, from Fetcher, i FollowedID) error {
	at, err := followedAddress.Do(ctx, door, FollowedRef{i})
	if operation.KindOf(err) == operation.NotFound {
		return nil // ended meanwhile
	}
	if err != nil {
		return noteTrouble(ctx, door, i, err)
	}
	answer, err := from.Get(ctx, at.address, at.followed.known)
	if err != nil {
		return noteTrouble(ctx, door, i, err)
	}
	sum := sha256.Sum256(answer.Content)
	digest := hex.EncodeToString(sum[:16])
	if answer.Unchanged || digest == at.followed.digest {
		_, err := noteFollowed.Do(ctx, door, followedNote{i, func(c *operation.Call, f *Followed) error {
			f.wentWell(c)
			return nil
		}})
		return err
	}
	held, err := calendar.Read(bytes.NewReader(answer.Content), nil)
	if err != nil {
		return noteTrouble(ctx, door, i, err)
	}
	if err := supersede(ctx, door, at.followed.ImportID); err != nil {
		return err
	}
	imp, err := Begin.Do(ctx, door, BeginInput{FileName: at.followed.Name + "." + calendar.Ending, Size: int64(len(answer.Content)), Kind: calendarKind.ID})
	if err != nil {
		return noteTrouble(ctx, door, i, err)
	}
	// Noted before the parts follow: if the program dies in between, the next reading
	// finds the half of it and begins anew.
	if _, err := noteFollowed.Do(ctx, door, followedNote{i, func(c *operation.Call, f *Followed) error {
		f.ImportID, f.digest, f.known = imp.ID, "", outbound.Known{}
		return nil
	}}); err != nil {
		return err
	}
	for part := 0; part*PartBytes < len(answer.Content); part++ {
		end := min((part+1)*PartBytes, len(answer.Content))
		if _, err := AddPart.Do(ctx, door, PartInput{ID: imp.ID, Part: int64(part), Content: answer.Content[part*PartBytes : end]}); err != nil {
			return noteTrouble(ctx, door, i, err)
		}
	}
	_, err = noteFollowed.Do(ctx, door, followedNote{i, func(c *operation.Call, f *Followed) error {
		f.wentWell(c)
		f.digest, f.known, f.reading = digest, answer.Known, f.reading+1
		return hold(c, *f, uids(held.Events))
	}})
	return err
}

func (f *Followed) wentWell(c *operation.Call) {
	f.ReadAt, f.Problem, f.Failures, f.NextAt = &c.Now, nil, 0, c.Now.Add(followedEvery)
}

// uids are the names of events, each once, but for those too long to be kept.
func uids(events []calendar.Event) []string {
	var out []string
	seen := map[string]bool{"": true}
	for _, e := range events {
		if len(e.UID) <= 500 && !seen[e.UID] {
			seen[e.UID] = true
			out = append(out, e.UID)
		}
	}
	return out
}

// supersede ends the import of an earlier version that nobody has looked at: the newer one
// says all it says. One that is being written is waited for.
func supersede(ctx context.Context, door *operation.Door, i ID) error {
	if i.IsZero() {
		return nil
	}
	imp, err := Get.Do(ctx, door, Ref{i})
	switch {
	case operation.KindOf(err) == operation.NotFound:
		return nil
	case err != nil:
		return err
	case imp.State == Running || imp.State == Undoing:
		return &operation.Error{Kind: operation.Unavailable, Key: "errors.import_busy", RetryAfter: time.Minute}
	case imp.State == Done || imp.State == Undone || imp.State == Cancelled:
		return nil
	}
	_, err = Cancel.Do(ctx, door, Ref{i})
	return err
}

// noteTrouble notes why a calendar could not be read, for people to see, and tries again
// later and later. What is neither the calendar's nor anybody's right is returned.
func noteTrouble(ctx context.Context, door *operation.Door, i FollowedID, err error) error {
	var why *Message
	fault, outside := errors.AsType[outbound.Fault](err)
	refusal, refused := errors.AsType[*operation.Error](err)
	switch {
	case outside:
		why = &Message{Key: "followed.fault_" + string(fault)}
	case errors.Is(err, calendar.ErrNotCalendar):
		why = &Message{Key: "followed.fault_no_calendar"}
	case errors.Is(err, calendar.ErrTooLarge):
		why = &Message{Key: "followed.fault_too_large"}
	case refused && (refusal.Kind == operation.Forbidden || refusal.Kind == operation.Unauthenticated):
		why = &Message{Key: "followed.fault_right"}
	default:
		return err
	}
	// Whoever may no longer do it cannot note that either; the program does.
	_, err = noteFollowed.Do(operation.WithActor(ctx, operation.System()), door, followedNote{i, func(c *operation.Call, f *Followed) error {
		f.ReadAt, f.Problem = &c.Now, why
		f.Failures++
		f.NextAt = c.Now.Add(min(followedEvery<<min(f.Failures-1, 3), 24*time.Hour))
		return nil
	}})
	if operation.KindOf(err) == operation.NotFound {
		return nil
	}
	return err
}

// FollowedDue are the calendars of a collaborative whose hour has come. It is for
// housekeeping.
func FollowedDue(tx *store.Tx, now time.Time) ([]FollowedID, error) {
	return store.Collect(tx, func(row store.Row) (i FollowedID, err error) { return i, row.Scan(&i) },
		`SELECT id FROM followed_calendars WHERE collaborative_id = $1 AND next_at <= $2 ORDER BY id LIMIT 50`, store.Micros(now))
}

// Postpone sets the next hour of a calendar that is about to be read, so that housekeeping
// does not begin it again meanwhile. What reading it comes to sets the hour anew.
func Postpone(tx *store.Tx, i FollowedID, now time.Time) error {
	_, err := tx.Exec(`UPDATE followed_calendars SET next_at = $3 WHERE collaborative_id = $1 AND id = $2`, i, store.Micros(now.Add(followedEvery)))
	return err
}

// FollowedBehalf is by whose right a calendar is read; the error is store.ErrNotFound when
// it is followed no more.
func FollowedBehalf(tx *store.Tx, i FollowedID) (operation.AccountID, error) {
	return store.Value[operation.AccountID](tx, `SELECT account_id FROM followed_calendars WHERE collaborative_id = $1 AND id = $2`, i)
}

// followedOf is the calendar whose newest version an import is; no item for any other.
var followedOf = operation.Define(operation.Operation[Ref, FollowedList]{
	Definition: operation.Definition{ID: "followed-calendars.of", Summary: "Reads in the background which followed calendar an import came from", ReadOnly: true, BrowserOnly: "for background work, which begins by itself"},
	Run: func(c *operation.Call, in Ref) (FollowedList, error) {
		f, ok, err := followedBy(c, in.ID)
		if err != nil || !ok {
			return FollowedList{}, err
		}
		return FollowedList{[]Followed{f}}, nil
	},
})

// goOnByItself goes on with the import of a followed calendar where a person would have
// nothing to say: what the columns of a calendar mean is known, a version without news is
// forgotten, and one with news is brought if that is wished and nothing is in doubt. It says
// whether work goes on.
func (w *worker) goOnByItself() (bool, error) {
	list, err := followedOf.Do(w.ctx, w.door, Ref{w.id})
	if err != nil || len(list.Items) == 0 {
		return false, err
	}
	followed := list.Items[0]
	switch w.imp.State {
	case Mapping:
		in := MapInput{ID: w.imp.ID, Version: w.imp.Version, Kind: calendarKind.ID, Fields: w.imp.Plan.Fields, Rules: w.imp.Plan.Rules, Fixed: maps.Clone(w.imp.Plan.Fixed)}
		if followed.Body != "" {
			if in.Fixed == nil {
				in.Fixed = map[string]string{}
			}
			in.Fixed["body"] = followed.Body
		}
		_, err := Map.Do(w.ctx, w.door, in)
		return err == nil, err
	case Preview:
		news := w.imp.Counts.Actions[Create] + w.imp.Counts.Actions[Update] + w.imp.Counts.Doubts
		if news == 0 {
			_, err := Forget.Do(w.ctx, w.door, Ref{w.id})
			return false, err
		}
		if !followed.BySelf || !followed.agreed || w.imp.Counts.Doubts > 0 {
			return false, nil
		}
		_, err := Start.Do(w.ctx, w.door, VersionRef{w.imp.ID, w.imp.Version})
		return err == nil, err
	case Done:
		_, err := noteFollowed.Do(w.ctx, w.door, followedNote{followed.ID, func(_ *operation.Call, f *Followed) error {
			f.agreed = true
			return nil
		}})
		return false, err
	}
	return false, nil
}
