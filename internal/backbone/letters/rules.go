package letters

import (
	"errors"
	"time"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// RulesKind names the rules of a collaborative as a subject.
const RulesKind = "post-rules"

// Rules say which letters a collaborative sends by itself and when, in its own zone.
// Hours are whole and from 0 to 23; a number of days of 0 sends no such letter.
type Rules struct {
	Digest        bool  `json:"digest" doc:"Whether everyone gets a letter once a week with what is due from them."`
	DigestWeekday int64 `json:"digest_weekday" doc:"On which day, 0 for Sunday."`
	DigestHour    int64 `json:"digest_hour"`

	Reminders    bool  `json:"reminders" doc:"Whether single actions and invitations are reminded of."`
	RemindHour   int64 `json:"remind_hour" doc:"At which hour of the day."`
	RemindBefore int64 `json:"remind_before" doc:"Days before an action is due."`
	RemindAfter  int64 `json:"remind_after" doc:"Days after it was due."`
	RemindAgain  int64 `json:"remind_again" doc:"Days after it was due, the last time."`
	ReplyBefore  int64 `json:"reply_before" doc:"Days before a meeting that somebody has not answered for; they are asked once."`

	Quiet      bool  `json:"quiet" doc:"Whether letters wait overnight, except those that somebody waits for."`
	QuietFrom  int64 `json:"quiet_from"`
	QuietUntil int64 `json:"quiet_until"`

	Version   int64     `json:"version" audit:"-"`
	UpdatedAt time.Time `json:"updated_at,omitzero" audit:"-"`

	since time.Time // digests before that moment are not sent any more
}

// At first nothing is sent by itself: whoever begins says so. The days and hours are
// what most would choose.
var firstRules = Rules{DigestWeekday: int64(time.Monday), DigestHour: 8, RemindHour: 9, RemindBefore: 3, RemindAfter: 1, RemindAgain: 7, ReplyBefore: 3, QuietFrom: 20, QuietUntil: 7}

// CurrentVersion is what REST makes an ETag of.
func (r Rules) CurrentVersion() int64 { return r.Version }

// RulesOf are the rules of a transaction's collaborative.
func RulesOf(tx *store.Tx) (Rules, error) {
	r, err := store.One(tx, func(row store.Row) (r Rules, err error) {
		return r, row.Scan(&r.Digest, &r.DigestWeekday, &r.DigestHour, store.ScanTime(&r.since), &r.Reminders, &r.RemindHour, &r.RemindBefore, &r.RemindAfter, &r.RemindAgain, &r.ReplyBefore,
			&r.Quiet, &r.QuietFrom, &r.QuietUntil, &r.Version, store.ScanTime(&r.UpdatedAt))
	}, `SELECT digest, digest_weekday, digest_hour, digest_since, reminders, remind_hour, remind_before, remind_after, remind_again, reply_before,
		quiet, quiet_from, quiet_until, version, updated_at FROM post_rules WHERE collaborative_id = $1`)
	if errors.Is(err, store.ErrNotFound) {
		return firstRules, nil
	}
	return r, err
}

// late is how long after its hour a digest is still sent, if the program did not run.
const late = 3 * 24 * time.Hour

// DigestOn is the day of the digest that is to be sent at a moment, or "".
func (r Rules) DigestOn(now time.Time, zone *time.Location) string {
	if !r.Digest {
		return ""
	}
	local := now.In(zone)
	back := (int(local.Weekday()) - int(r.DigestWeekday) + 7) % 7
	for _, days := range []int{back, back + 7} {
		at := time.Date(local.Year(), local.Month(), local.Day()-days, int(r.DigestHour), 0, 0, 0, zone)
		if at.After(now) {
			continue
		}
		if at.Before(r.since) || now.Sub(at) > late {
			return ""
		}
		return at.Format(time.DateOnly)
	}
	return ""
}

// RemindOn is the day that reminders are to be sent for at a moment, or "".
func (r Rules) RemindOn(now time.Time, zone *time.Location) string {
	local := now.In(zone)
	if !r.Reminders || int64(local.Hour()) < r.RemindHour {
		return ""
	}
	return local.Format(time.DateOnly)
}

// quietAt says whether an hour is one of the quiet ones.
func (r Rules) quietAt(hour int64) bool {
	if !r.Quiet {
		return false
	}
	if r.QuietFrom < r.QuietUntil {
		return hour >= r.QuietFrom && hour < r.QuietUntil
	}
	return hour >= r.QuietFrom || hour < r.QuietUntil
}

// WaitUntil is when the quiet hours end that a moment lies in, or zero.
func (r Rules) WaitUntil(now time.Time, zone *time.Location) time.Time {
	local := now.In(zone)
	if !r.quietAt(int64(local.Hour())) {
		return time.Time{}
	}
	for days := range 2 {
		end := time.Date(local.Year(), local.Month(), local.Day()+days, int(r.QuietUntil), 0, 0, 0, zone)
		for r.quietAt(int64(end.In(zone).Hour())) {
			end = end.Add(time.Hour) // an hour that the day skips
		}
		if end.After(now) {
			return end
		}
	}
	return time.Time{}
}

// GetRules reads the rules.
var GetRules = operation.Define(operation.Operation[operation.None, Rules]{
	Definition: operation.Definition{ID: "post-rules.get", Summary: "Reads which letters the collaborative sends by itself, and when", ReadOnly: true, Method: "GET", Path: "/post-rules"},
	Run:        func(c *operation.Call, _ operation.None) (Rules, error) { return RulesOf(c.Tx) },
})

// RulesPatch changes the rules that are given and leaves the others.
type RulesPatch struct {
	Version       int64  `json:"version" doc:"The version that was read, 0 before the first change; a newer one answers with a conflict."`
	Digest        *bool  `json:"digest,omitempty"`
	DigestWeekday *int64 `json:"digest_weekday,omitempty" minimum:"0" maximum:"6"`
	DigestHour    *int64 `json:"digest_hour,omitempty" minimum:"0" maximum:"23"`
	Reminders     *bool  `json:"reminders,omitempty"`
	RemindHour    *int64 `json:"remind_hour,omitempty" minimum:"0" maximum:"23"`
	RemindBefore  *int64 `json:"remind_before,omitempty" minimum:"0" maximum:"60"`
	RemindAfter   *int64 `json:"remind_after,omitempty" minimum:"0" maximum:"60"`
	RemindAgain   *int64 `json:"remind_again,omitempty" minimum:"0" maximum:"60"`
	ReplyBefore   *int64 `json:"reply_before,omitempty" minimum:"0" maximum:"30"`
	Quiet         *bool  `json:"quiet,omitempty"`
	QuietFrom     *int64 `json:"quiet_from,omitempty" minimum:"0" maximum:"23"`
	QuietUntil    *int64 `json:"quiet_until,omitempty" minimum:"0" maximum:"23"`
}

// rulePatch is a RulesPatch without its version.
type rulePatch struct {
	Digest                                              *bool
	DigestWeekday, DigestHour                           *int64
	Reminders                                           *bool
	RemindHour                                          *int64
	RemindBefore, RemindAfter, RemindAgain, ReplyBefore *int64
	Quiet                                               *bool
	QuietFrom, QuietUntil                               *int64
}

// fault is what of the rules do not go together.
func (r Rules) fault() error {
	var faults operation.Faults
	if r.Quiet && r.QuietFrom == r.QuietUntil {
		faults.Add("quiet_until", "errors.quiet_same_hour")
	}
	if r.Digest && r.quietAt(r.DigestHour) {
		faults.Add("digest_hour", "errors.quiet_hour")
	}
	if r.Reminders && r.quietAt(r.RemindHour) {
		faults.Add("remind_hour", "errors.quiet_hour")
	}
	if r.RemindAgain > 0 && r.RemindAgain <= r.RemindAfter {
		faults.Add("remind_again", "errors.remind_again_later")
	}
	return faults.Err()
}

// EditRules changes the rules.
var EditRules = operation.Define(operation.Operation[RulesPatch, Rules]{
	Definition: operation.Definition{ID: "post-rules.edit", Summary: "Changes which letters the collaborative sends by itself, and when", Method: "PATCH", Path: "/post-rules"},
	Run: func(c *operation.Call, in RulesPatch) (Rules, error) {
		before, err := RulesOf(c.Tx)
		if err != nil {
			return before, err
		}
		if before.Version != in.Version {
			return before, operation.Stale(before)
		}
		after := before
		operation.Patch(&after, rulePatch{in.Digest, in.DigestWeekday, in.DigestHour, in.Reminders, in.RemindHour, in.RemindBefore, in.RemindAfter, in.RemindAgain, in.ReplyBefore, in.Quiet, in.QuietFrom, in.QuietUntil})
		if err := after.fault(); err != nil {
			return before, err
		}
		if len(operation.Diff(before, after)) == 0 {
			c.Continue()
			return before, nil
		}
		if after.Digest && (!before.Digest || before.DigestWeekday != after.DigestWeekday || before.DigestHour != after.DigestHour) {
			after.since = c.Now // the hour of this week may be past: the next one counts
		}
		after.Version, after.UpdatedAt = before.Version+1, c.Now
		if err := after.store(c, before.Version); err != nil {
			return after, err
		}
		c.Changed(operation.Subject{Kind: RulesKind, ID: c.Collaborative.ID}, c.Collaborative.Name, after.Version, before, after)
		var back rulePatch
		operation.Reverse(&back, before, after)
		c.UndoWith("post-rules.edit", RulesPatch{after.Version, back.Digest, back.DigestWeekday, back.DigestHour, back.Reminders, back.RemindHour, back.RemindBefore, back.RemindAfter, back.RemindAgain, back.ReplyBefore,
			back.Quiet, back.QuietFrom, back.QuietUntil})
		return after, nil
	},
})

// store writes the rules over those of a version.
func (r Rules) store(c *operation.Call, over int64) error {
	values := []any{r.Digest, r.DigestWeekday, r.DigestHour, operation.DeletedMicros(operation.Instant(r.since)), r.Reminders, r.RemindHour, r.RemindBefore, r.RemindAfter, r.RemindAgain, r.ReplyBefore,
		r.Quiet, r.QuietFrom, r.QuietUntil, r.Version, store.Micros(r.UpdatedAt)}
	if over == 0 {
		return operation.Changed(c.Tx.Exec(`INSERT INTO post_rules (collaborative_id, digest, digest_weekday, digest_hour, digest_since, reminders, remind_hour, remind_before, remind_after, remind_again, reply_before,
			quiet, quiet_from, quiet_until, version, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT (collaborative_id) DO NOTHING`, values...))
	}
	return operation.Changed(c.Tx.Exec(`UPDATE post_rules SET digest = $2, digest_weekday = $3, digest_hour = $4, digest_since = $5, reminders = $6, remind_hour = $7, remind_before = $8, remind_after = $9, remind_again = $10,
		reply_before = $11, quiet = $12, quiet_from = $13, quiet_until = $14, version = $15, updated_at = $16 WHERE collaborative_id = $1 AND version = $15 - 1`, values...))
}
