package app

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"commontable/internal/backbone/letters"
	"commontable/internal/backbone/post"
	"commontable/internal/platform/access"
	"commontable/internal/platform/jobs"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// startLetters asks for the digests and reminders whose hour has come, in every
// collaborative. Each day's work is asked for once, whatever number of processes look.
func (a *App) startLetters(ctx context.Context, now time.Time) error {
	return a.eachPlace(ctx, func(place operation.Collaborative) error { return a.startLettersOf(ctx, place, now) })
}

func (a *App) startLettersOf(ctx context.Context, place operation.Collaborative, now time.Time) error {
	rules, err := a.rules(ctx, place.ID)
	if err != nil || !rules.Digest && !rules.Reminders {
		return err
	}
	for kind, on := range map[string]string{post.DigestKind: rules.DigestOn(now, place.Zone), post.RemindKind: rules.RemindOn(now, place.Zone)} {
		if on == "" {
			continue
		}
		work := operation.Later{Kind: kind, Payload: post.Day{On: on}, Key: kind + ":" + place.ID.String() + ":" + on}
		if err := a.Store.WriteInstallation(ctx, func(tx *store.InstallationTx) error {
			return jobs.Insert(tx, a.Access.Sealer(), now, place.ID, work)
		}); err != nil {
			return err
		}
	}
	return nil
}

func (a *App) rules(ctx context.Context, place operation.CollaborativeID) (rules letters.Rules, err error) {
	err = a.Store.Read(ctx, place, func(tx *store.Tx) error {
		rules, err = letters.RulesOf(tx)
		return err
	})
	return rules, err
}

// writeLetters writes the letters of a day, portion by portion. If the program dies
// in between, the work begins again and leaves out whoever has got theirs.
func (a *App) writeLetters(op *operation.Operation[post.PortionInput, post.Written]) jobs.Handler {
	return func(ctx context.Context, j jobs.Job) error {
		var day post.Day
		if err := json.Unmarshal(j.Payload, &day); err != nil {
			return jobs.Permanent(err)
		}
		acting, err := a.Access.Acting(ctx, operation.AccountID{}, j.Collaborative)
		if err != nil {
			return err
		}
		for in := (post.PortionInput{On: day.On}); ; {
			out, err := op.Do(acting, a.Door, in)
			if err != nil || !out.More {
				return err
			}
			in.After = out.Next
		}
	}
}

// urgent are the letters that somebody waits for, or that a delay would make useless.
var urgent = []mail.Template{mail.SignInLink, mail.Invitation, mail.PasswordChanged, mail.EmailChangeConfirm, mail.EmailChanged, mail.NewSignIn, mail.TestMessage, mail.AgreementSigned, mail.EvaluatorSigned}

// soon is how near a meeting is of which letters do not wait.
const soon = 24 * time.Hour

// waits is until when a letter waits because of the quiet hours of its collaborative,
// or zero.
func (p *Post) waits(ctx context.Context, j jobs.Job, l access.Letter) (time.Time, error) {
	now := p.app.Config.Clock.Now()
	if j.Collaborative.IsZero() || l.Words != nil || slices.Contains(urgent, l.Template) || l.Invite != nil && l.Invite.Starts.Before(now.Add(soon)) {
		return time.Time{}, nil
	}
	rules, err := once(ctx, func(s *shared) (letters.Rules, bool) { r, ok := s.rules[j.Collaborative]; return r, ok }, func(s *shared, r letters.Rules) { s.rules[j.Collaborative] = r },
		func() (letters.Rules, error) { return p.app.rules(ctx, j.Collaborative) })
	if err != nil || !rules.Quiet {
		return time.Time{}, err
	}
	c, err := p.app.Access.Place(ctx, j.Collaborative)
	if err != nil {
		return time.Time{}, err
	}
	return rules.WaitUntil(now, c.Zone), nil
}

// fresh is how long what a letter tells of is taken to be true still.
const fresh = 10 * time.Minute

// again looks whether what a letter asks for is still due that has waited, and takes
// out what is not; it says whether anything is left.
func (p *Post) again(ctx context.Context, j jobs.Job, l *access.Letter) (bool, error) {
	if l.Person.IsZero() || p.app.Config.Clock.Now().Sub(j.CreatedAt) < fresh {
		return true, nil
	}
	in := post.AgainInput{PersonID: l.Person}
	if l.About != "" {
		in.About = append(in.About, l.About)
	}
	for _, section := range l.Data.Sections {
		for _, line := range section.Lines {
			in.About = append(in.About, line.About)
		}
	}
	acting, err := p.app.Access.Acting(ctx, operation.AccountID{}, j.Collaborative)
	if err != nil {
		return false, err
	}
	still, err := p.app.Reminders.Again.Do(acting, p.app.Door, in)
	if err != nil {
		return false, err
	}
	left := int64(0)
	for k := range l.Data.Sections {
		section := &l.Data.Sections[k]
		section.Lines = slices.DeleteFunc(section.Lines, func(line mail.Line) bool { return !slices.Contains(still, line.About) })
		left += int64(len(section.Lines))
	}
	if l.Data.Count > 0 {
		l.Data.Count = left
	}
	return len(still) > 0, nil
}

// keptPost is how long it stays on record which of these letters were written: longer
// than any of them could come again.
const keptPost = 400 * 24 * time.Hour

// sweepPost forgets which letters were written long ago.
func (a *App) sweepPost(ctx context.Context, now time.Time) error {
	return a.eachPlace(ctx, func(place operation.Collaborative) error {
		return a.Store.Write(ctx, place.ID, func(tx *store.Tx) error {
			_, err := tx.Exec(`DELETE FROM post_letters WHERE collaborative_id = $1 AND written_at < $2`, store.Micros(now.Add(-keptPost)))
			return err
		})
	})
}
