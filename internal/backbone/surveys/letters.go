package surveys

import (
	"cmp"
	"context"
	"strconv"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/letters"
	"commontable/internal/platform/access"
	"commontable/internal/platform/id"
	"commontable/internal/platform/mail"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// InviteInput says who is written to.
type InviteInput struct {
	ID WaveID `json:"id"`
	// Again reminds those who have not answered.
	Again bool `json:"again,omitempty" doc:"Remind those who were written to and have not answered; absent, those get a letter who got none yet."`
}

// Written counts what became of the letters. It names nobody: whoever is reminded has
// not answered.
type Written struct {
	Letters   int64 `json:"letters" doc:"How many letters are on their way."`
	NoAddress int64 `json:"no_address" doc:"How many have no e-mail address on record."`
	Stopped   int64 `json:"stopped" doc:"How many want no mailings, or cannot be written to."`
	Lately    int64 `json:"lately" doc:"How many were written to today, and are not reminded yet."`
	More      bool  `json:"more,omitempty" doc:"Whether more are to be written."`
}

const (
	// linkServes is how long a link serves after the wave was opened, to look at one's own
	// answers.
	linkServes = 400 * 24 * time.Hour
	// evergreenServes is how long a link to an evergreen wave serves: longer than the
	// longest time after which one is asked again, with a new link.
	evergreenServes = 6 * 366 * 24 * time.Hour
	// portion is how many letters one run writes.
	portion = 200
)

func (s *Service) defineLetters() {
	s.Invite = operation.Define(operation.Operation[InviteInput, Written]{
		Definition: operation.Definition{ID: "survey-waves.invite", Summary: "Mails those invited to a survey wave their personal link, or reminds those who have not answered", Method: "POST", Path: "/survey-waves/{id}/invite"},
		Run: func(c *operation.Call, in InviteInput) (Written, error) {
			w, err := waves.Read(c, in.ID)
			switch {
			case err != nil:
				return Written{}, err
			case w.DeletedAt != nil:
				return Written{}, operation.Missing()
			case !w.takes(c.Today()):
				return Written{}, operation.InvalidField("id", "errors.survey_not_open")
			}
			out, err := s.write(c, w, in.Again, 1, mostInvited)
			c.Changed(w.Subject(), w.Name(), w.Version, nil, nil)
			return out, err
		},
	})
	s.Keep = operation.Define(operation.Operation[Ref, Written]{
		Definition: operation.Definition{ID: "survey-waves.keep", Summary: "Closes a survey wave whose time is over, and writes the reminders that are due", BrowserOnly: "the program does it by itself"},
		Run:        s.keep,
	})
}

// keep does what the time asks for.
func (s *Service) keep(c *operation.Call, in Ref) (Written, error) {
	w, err := get(c, in.ID)
	if err != nil || w.State != Open || w.DeletedAt != nil {
		c.Continue()
		return Written{}, operation.IgnoreMissing(err)
	}
	if w.ClosesOn != "" && c.Today() > w.lastDay() {
		_, err := step(c, StepInput{ID: w.ID, Version: w.Version, State: Closed})
		return Written{}, err
	}
	c.Continue()
	if !w.takes(c.Today()) || w.RemindEvery == 0 && w.AskAgain == 0 {
		return Written{}, nil
	}
	return s.write(c, w, true, w.RemindEvery, portion)
}

// write writes to those who have not answered: those who got no letter, or again to those
// whose last is some days old, as long as the wave has reminders left for them.
func (s *Service) write(c *operation.Call, w Wave, again bool, days int64, most int) (Written, error) {
	var out Written
	if w.Mode == Anonymous {
		if err := s.readySlips(c, w); err != nil {
			return out, err
		}
	}
	people, err := invited(c, w.ID)
	if err != nil {
		return out, err
	}
	answered, err := answeredOf(c, w)
	if err != nil {
		return out, err
	}
	who := make([]directory.PersonID, len(people))
	for k, v := range people {
		who[k] = v.PersonID
	}
	readers, err := letters.ReadersOf(c, who)
	if err != nil {
		return out, err
	}
	kept, err := keptOn(c, w)
	if err != nil {
		return out, err
	}
	before := c.Now.AddDate(0, 0, -int(days))
	if c.Collaborative.Zone != nil {
		before = before.In(c.Collaborative.Zone)
	}
	due := before.Format(time.DateOnly)
	for _, v := range people {
		r := readers[v.PersonID]
		why := r.Why(letters.Surveys)
		still := answered[v.id] && c.Actor.Via == operation.ViaSystem && w.asksAgain(c.Today(), kept[v.id], v.told)
		switch {
		case v.gone || v.declined != "" || answered[v.id] && !still:
			continue
		case !still && (days == 0 || again != (v.letters > 0)):
			continue
		case !still && again && days > 1 && v.letters > w.RemindMost:
			continue
		case why == letters.NoAddress:
			out.NoAddress++
			continue
		case why != "":
			out.Stopped++
			continue
		case again && v.told > due:
			out.Lately++
			continue
		case int(out.Letters) >= most:
			out.More = true
			continue
		}
		if err := s.writeOne(c, w, v, r, still); err != nil {
			return out, err
		}
		out.Letters++
	}
	return out, nil
}

// writeOne writes one letter and notes it: an invitation, a reminder, or whether what they
// answered is still true.
func (s *Service) writeOne(c *operation.Call, w Wave, v Invitee, r letters.Reader, still bool) error {
	l := access.Letter{Template: mail.SurveyAsk, To: r.Email, ToName: v.Person, Language: r.Language, Reach: letters.Surveys,
		Data: mail.Data{Collaborative: c.Collaborative.Name, Sender: cmp.Or(c.Actor.Name, c.Collaborative.Name), Title: w.Title, Count: w.content.Minutes, Expires: c.Now.Add(linkServes)}}
	if c.Actor.Via == operation.ViaSystem {
		l.Data.Sender = c.Collaborative.Name
	}
	switch {
	case still:
		l.Template = mail.SurveyStill
	case v.letters > 0:
		l.Template = mail.SurveyRemind
	}
	if w.Evergreen {
		l.Data.Expires = c.Now.Add(evergreenServes)
	}
	var err error
	if l.Data.Link, err = s.access.NewLetterLink(c, access.AnswerSurvey, access.PathSurvey, v.id, r.Email, l.Data.Expires); err != nil {
		return err
	}
	if l.Stop, err = s.access.StopLink(c.Collaborative.ID, r.Email, letters.Surveys); err != nil {
		return err
	}
	access.PostOnce(c, l, "survey-letter:"+v.id.String()+":"+strconv.FormatInt(v.letters+1, 10))
	_, err = c.Tx.Exec(`UPDATE survey_invitees SET letters = letters + 1, told_on = $3 WHERE collaborative_id = $1 AND id = $2`, v.id, c.Today())
	return err
}

// OpenWaves are the waves of a collaborative that are open, for the program's own care.
func OpenWaves(ctx context.Context, s *store.Store, place operation.CollaborativeID) (out []WaveID, err error) {
	err = s.Read(ctx, place, func(tx *store.Tx) error {
		out, err = store.Collect(tx, func(row store.Row) (i WaveID, err error) { return i, row.Scan(&i) },
			`SELECT id FROM survey_waves WHERE collaborative_id = $1 AND state = $2 AND deleted_at IS NULL ORDER BY created_at, id LIMIT 500`, Open)
		return err
	})
	return out, err
}

// inviteeID names somebody invited.
type inviteeID = id.Of[inviteeRow]
