package takeout

import (
	"context"
	"errors"
	"time"

	"commontable/internal/platform/access"
	"commontable/internal/platform/id"
	"commontable/internal/platform/jobs"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// How often the schedule makes a takeout.
const (
	Never   = "never"
	Weekly  = "weekly"
	Monthly = "monthly"
)

// MostKept is how many takeouts of the schedule can be kept at most.
const MostKept = 12

// Schedule is what is made by itself. Its zero value is none.
type Schedule struct {
	Every          string     `json:"every" doc:"never, weekly or monthly."`
	Keep           int64      `json:"keep" doc:"How many are kept; the oldest goes when another is finished."`
	AskedBy        string     `json:"asked_by,omitempty" doc:"By whose right they are made, and who is written to."`
	IncludePrivate bool       `json:"include_private"`
	IncludeHistory bool       `json:"include_history"`
	Locked         bool       `json:"locked" doc:"Whether they are encrypted with a passphrase."`
	NextAt         *time.Time `json:"next_at,omitempty"`

	account    operation.AccountID
	passphrase []byte // sealed
}

const sealPurpose = "takeout schedule"

// ScheduleInput is a new schedule in the place of the one there is.
type ScheduleInput struct {
	Every          string `json:"every" required:"true" enum:"never,weekly,monthly"`
	Keep           int64  `json:"keep,omitempty" minimum:"0" maximum:"12" doc:"How many are kept, 4 when absent."`
	IncludePrivate bool   `json:"include_private,omitempty" doc:"Also what people told in confidence; needs the right to see it."`
	IncludeHistory bool   `json:"include_history,omitempty" doc:"Also the audit log."`
	Passphrase     string `json:"passphrase,omitempty" text:"raw" maxLength:"200" doc:"Encrypts each file. The one set before stays when it is absent and keep_passphrase is true."`
	KeepPassphrase bool   `json:"keep_passphrase,omitempty"`
}

// after is when the next one is due.
func after(every string, now time.Time) time.Time {
	if every == Weekly {
		return now.AddDate(0, 0, 7)
	}
	return now.AddDate(0, 1, 0)
}

func readSchedule(tx *store.Tx) (Schedule, error) {
	s, err := store.One(tx, func(row store.Row) (s Schedule, err error) {
		var next time.Time
		err = row.Scan(&s.Every, &s.Keep, &s.account, &s.AskedBy, &s.IncludePrivate, &s.IncludeHistory, &s.passphrase, store.ScanTime(&next))
		s.NextAt, s.Locked = &next, len(s.passphrase) > 0
		return s, err
	}, `SELECT every, keep, account_id, asked_by, include_private, include_history, passphrase, next_at FROM takeout_schedules WHERE collaborative_id = $1`)
	if errors.Is(err, store.ErrNotFound) {
		return Schedule{Every: Never, Keep: 4, IncludeHistory: true}, nil
	}
	return s, err
}

func (s *Service) planned() *operation.Operation[operation.None, Schedule] {
	return operation.Define(operation.Operation[operation.None, Schedule]{
		Definition: operation.Definition{ID: "takeouts.planned", Summary: "Reads when takeouts are made by themselves", ReadOnly: true, Method: "GET", Path: "/takeout-schedule"},
		Run:        func(c *operation.Call, _ operation.None) (Schedule, error) { return readSchedule(c.Tx) },
	})
}

func (s *Service) schedule() *operation.Operation[ScheduleInput, Schedule] {
	return operation.Define(operation.Operation[ScheduleInput, Schedule]{
		Definition: operation.Definition{ID: "takeouts.schedule", Summary: "Says how often a takeout is made by itself", Fresh: true, Secret: true, BrowserOnly: needsProof},
		Validate:   func(in *ScheduleInput, faults *operation.Faults) { checkPassphrase(in.Passphrase, faults) },
		Run: func(c *operation.Call, in ScheduleInput) (Schedule, error) {
			if err := mayChoose(c, in.IncludePrivate); err != nil {
				return Schedule{}, err
			}
			before, err := readSchedule(c.Tx)
			if err != nil {
				return before, err
			}
			if _, err := c.Tx.Exec(`DELETE FROM takeout_schedules WHERE collaborative_id = $1`); err != nil {
				return before, err
			}
			fresh := Schedule{Every: in.Every, Keep: max(in.Keep, 0), AskedBy: c.Actor.Name, IncludePrivate: in.IncludePrivate, IncludeHistory: in.IncludeHistory}
			if fresh.Keep == 0 {
				fresh.Keep = 4
			}
			if in.Every != Never {
				if fresh.passphrase, err = sealed(c, in, before); err != nil {
					return before, err
				}
				next := after(in.Every, c.Now)
				fresh.NextAt, fresh.Locked = &next, fresh.passphrase != nil
				if _, err := c.Tx.Exec(`INSERT INTO takeout_schedules (collaborative_id, every, keep, account_id, asked_by, include_private, include_history, passphrase, next_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
					fresh.Every, fresh.Keep, c.Actor.Account, fresh.AskedBy, fresh.IncludePrivate, fresh.IncludeHistory, fresh.passphrase, store.Micros(next)); err != nil {
					return before, err
				}
			}
			c.Changed(operation.Subject{Kind: Kind, ID: c.Collaborative.ID}, "", 0, scheduleRecord{before.Every, before.Keep, before.IncludePrivate, before.IncludeHistory, before.Locked},
				scheduleRecord{fresh.Every, fresh.Keep, fresh.IncludePrivate, fresh.IncludeHistory, fresh.Locked})
			return fresh, nil
		},
	})
}

// scheduleRecord is what the audit log compares.
type scheduleRecord struct {
	Every          string `json:"every"`
	Keep           int64  `json:"keep"`
	IncludePrivate bool   `json:"include_private"`
	IncludeHistory bool   `json:"include_history"`
	Locked         bool   `json:"locked"`
}

func sealed(c *operation.Call, in ScheduleInput, before Schedule) ([]byte, error) {
	switch {
	case in.Passphrase != "":
		return c.Secrets().Seal(sealPurpose, []byte(in.Passphrase))
	case in.KeepPassphrase:
		return before.passphrase, nil
	}
	return nil, nil
}

// Sweep deletes what is kept long enough and begins what is due, in one
// collaborative. It is for housekeeping; work that another process begins at the
// same moment is begun once.
func (s *Service) Sweep(ctx context.Context, place operation.CollaborativeID, now time.Time) error {
	var old []ID
	var plan Schedule
	if err := s.cfg.Store.Read(ctx, place, func(tx *store.Tx) (err error) {
		if old, err = expired(tx, now); err != nil {
			return err
		}
		if plan, err = readSchedule(tx); err != nil {
			return err
		}
		more, err := surplus(tx, plan.Keep)
		old = append(old, more...)
		return err
	}); err != nil {
		return err
	}
	for _, i := range old {
		if err := s.cfg.Store.Write(ctx, place, func(tx *store.Tx) error { _, err := drop(tx, i); return err }); err != nil {
			return err
		}
	}
	if plan.NextAt == nil || plan.NextAt.After(now) {
		return nil
	}
	return s.cfg.Store.Write(ctx, place, func(tx *store.Tx) error { return s.beginPlanned(tx, place, now) })
}

func (s *Service) beginPlanned(tx *store.Tx, place operation.CollaborativeID, now time.Time) error {
	plan, err := readSchedule(tx)
	if err != nil || plan.NextAt == nil || plan.NextAt.After(now) {
		return err // another process was quicker
	}
	may, err := s.allowed(tx, place, plan.account, plan.IncludePrivate)
	if err != nil {
		return err
	}
	if !may {
		// By whose right it was made is gone, and so is the schedule.
		_, err := tx.Exec(`DELETE FROM takeout_schedules WHERE collaborative_id = $1`)
		return err
	}
	if _, err := tx.Exec(`UPDATE takeout_schedules SET next_at = $2 WHERE collaborative_id = $1`, store.Micros(after(plan.Every, now))); err != nil {
		return err
	}
	work := making{ID: id.New[Takeout]()}
	if plan.Locked {
		plain, err := s.cfg.Secrets.Open(sealPurpose, plan.passphrase)
		if err != nil {
			return err
		}
		work.Passphrase = string(plain)
	}
	t := Takeout{ID: work.ID, State: Waiting, AskedBy: plan.AskedBy, Scheduled: true, IncludePrivate: plan.IncludePrivate, IncludeHistory: plan.IncludeHistory, Locked: plan.Locked, AskedAt: now}
	if err := insert(tx, t, plan.account); err != nil {
		return err
	}
	return jobs.Insert(tx.Installation(), s.cfg.Secrets, now, place, operation.Later{Kind: MakeKind, Payload: work})
}

// tell writes to whoever set the schedule that a takeout is there.
func (s *Service) tell(tx *store.Tx, place operation.CollaborativeID, now time.Time) error {
	plan, err := readSchedule(tx)
	if err != nil || plan.NextAt == nil {
		return err
	}
	who, err := access.Standing(tx.Installation(), place, plan.account)
	if err != nil || who.Email == "" {
		return err
	}
	language, err := access.LanguageOf(tx.Installation(), plan.account)
	if err != nil {
		return err
	}
	where, err := located(tx, place)
	if err != nil {
		return err
	}
	letter := access.Letter{Template: mail.TakeoutReady, To: who.Email, ToName: who.Name, Language: language, Zone: where.Zone.String(),
		Data: mail.Data{Collaborative: where.Name, Recipient: who.Name, At: now, Link: s.cfg.Link(where.Slug)}}
	return jobs.Insert(tx.Installation(), s.cfg.Secrets, now, place, operation.Later{Kind: access.MailKind, Payload: letter})
}
