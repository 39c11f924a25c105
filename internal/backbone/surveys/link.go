package surveys

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/access"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// What a link finds.
const (
	Gone     = "gone"     // its bearer is not invited any more, or the wave is not there
	Early    = "early"    // answers are not taken yet
	Asking   = "asking"   // answers are taken
	Declined = "declined" // its bearer would rather not answer
	Over     = "over"     // answers are taken no more
)

// View is what the page behind a personal link shows.
type View struct {
	State      string
	Mode       string
	Title      string
	OpensOn    string
	ClosesOn   string
	Languages  []string
	Instrument Instrument
	Name       string // the first name of whoever is invited
	Language   string
	Submitted  bool
	Drawn      bool // the network map will draw whom their organization ticked
	Evergreen  bool // they come back to change whom they ticked
	Answers    map[string]Answer
	Roster     []Entry // without its bearer and their organization

	// Released says that figures are told; Places are then those of the organizations its
	// bearer represents, told where at least Least people rated them.
	Released bool
	Places   []OwnPlace
	Least    int64

	// Evaluated says that a de-identified file may go to an evaluator.
	Evaluated bool

	// Of an anonymous wave.
	Wave  string // names it to the browser
	Key   string // the public key of its slips, a JSON Web Key
	Door  string // where slips are used
	Taken bool   // the slip was given
	Spent bool   // the slip was used before

	wave         Wave
	invitee      inviteeID
	person       directory.PersonID
	organization directory.OrganizationID // whose ticks theirs are
}

type linkSecret struct {
	Secret string `json:"secret" required:"true" text:"raw"`
}

// What a page of the form does.
const (
	Save    = "save"    // keeps what is given
	Submit  = "submit"  // hands everything in
	Decline = "decline" // takes everything back
	Resume  = "resume"  // answers after all
)

// Given is what one page of the form says to one question.
type Given struct {
	Question string `json:"question" required:"true" maxLength:"40"`
	Answer   Answer `json:"answer"`
	// Shown are the entries of a roster that the page showed; those it did not stay as
	// they are. None given means the whole roster.
	Shown []string `json:"shown,omitempty" maxItems:"800" maxLength:"26"`
}

// LinkSave keeps answers by link.
type LinkSave struct {
	Secret  string  `json:"secret" required:"true" text:"raw"`
	Do      string  `json:"do" required:"true" enum:"save,submit,decline,resume"`
	Answers []Given `json:"answers,omitempty" maxItems:"200"`
	// Whole refuses a page on which something required is not answered.
	Whole bool `json:"whole,omitempty"`
}

func (s *Service) defineLinks() {
	const byLink = "whoever holds the link answers on the page it leads to"
	s.look = operation.Define(operation.Operation[linkSecret, View]{
		Definition: operation.Definition{ID: "survey-links.open", Summary: "Shows what a personal link of a survey asks, and what was answered by it", ReadOnly: true, BrowserOnly: byLink, Secret: true},
		Run:        func(c *operation.Call, in linkSecret) (View, error) { return look(c, in.Secret) },
	})
	s.defineSlips(byLink)
	s.save = operation.Define(operation.Operation[LinkSave, View]{
		Definition: operation.Definition{ID: "survey-links.answer", Summary: "Keeps answers to a survey, hands them in or takes them back, by a personal link", BrowserOnly: byLink, Secret: true},
		Run: func(c *operation.Call, in LinkSave) (View, error) {
			// The log says nothing of who answered, or when.
			c.Continue()
			return answerByLink(c, in)
		},
	})
}

// Look tells what a link asks.
func (s *Service) Look(ctx context.Context, door *operation.Door, secret string) (operation.Collaborative, View, error) {
	return access.LookByTask(asNobody(ctx), s.access, door, s.look, access.AnswerSurvey, secret, linkSecret{secret})
}

// Answer keeps what a page of the form says. Only guesses are counted: a long survey is
// many pages.
func (s *Service) Answer(ctx context.Context, door *operation.Door, in LinkSave) (operation.Collaborative, View, error) {
	return access.LookByTask(asNobody(ctx), s.access, door, s.save, access.AnswerSurvey, in.Secret, in)
}

// asNobody is a context of the public, also for whoever is signed in: no trace of a link
// names an account.
func asNobody(ctx context.Context) context.Context {
	return operation.WithActor(ctx, operation.Actor{Via: operation.ViaLink})
}

// look reads what a link is about and says whether answers are taken.
func look(c *operation.Call, secret string) (View, error) {
	link, err := access.TaskLinkOf(c, access.AnswerSurvey, secret)
	if err != nil {
		return View{}, err
	}
	me, err := store.One(c.Tx, scanInvitee, inviteeText+` AND survey_invitees.id = $2`, link.Record[:])
	if errors.Is(err, store.ErrNotFound) {
		return View{State: Gone}, nil // whoever it was is erased, or one with another
	}
	if err != nil {
		return View{}, err
	}
	return viewOf(c, me)
}

// viewOf is what somebody invited sees.
func viewOf(c *operation.Call, me Invitee) (View, error) {
	w, err := get(c, me.wave)
	if err != nil {
		return View{}, err
	}
	type reader struct{ given, family, language string }
	r, err := store.One(c.Tx, func(row store.Row) (r reader, err error) { return r, row.Scan(&r.given, &r.family, &r.language) },
		`SELECT given_name, family_name, language FROM people WHERE collaborative_id = $1 AND id = $2`, me.PersonID)
	if err != nil {
		return View{}, err
	}
	view := View{State: Gone, Language: r.language}
	if me.gone || w.DeletedAt != nil || w.State == Draft {
		return view, nil
	}
	view = View{State: Over, Mode: w.Mode, Title: w.Title, OpensOn: w.OpensOn, ClosesOn: w.ClosesOn, Languages: w.Languages, Instrument: w.content, Name: cmp.Or(r.given, r.family), Language: r.language, Answers: map[string]Answer{}, Drawn: w.draws(), Evergreen: w.Evergreen, Wave: w.ID.Short(), Evaluated: w.ForEvaluator, wave: w, invitee: me.id, person: me.PersonID, organization: me.OrganizationID}
	switch today := c.Today(); {
	case w.State == Open && today < w.OpensOn:
		view.State = Early
	case w.takes(today) && me.declined != "":
		view.State = Declined
	case w.takes(today):
		view.State = Asking
	}
	if view.Released = w.State == Released; view.Released {
		if view.Places, err = placesOf(c, w.ID, me.PersonID); err != nil {
			return view, err
		}
		if view.Least, err = surveyMinimum(c); err != nil {
			return view, err
		}
	}
	if w.Mode == Anonymous {
		return view, slipView(c, &view)
	}
	response, submitted, err := responseOf(c, me.id)
	if err != nil {
		return view, err
	}
	if view.Submitted = submitted; !response.IsZero() {
		if view.Answers, err = answersOf(c, response); err != nil {
			return view, err
		}
	}
	if view.Roster, err = rosterOf(c, w.ID); err != nil {
		return view, err
	}
	view.Roster = slices.DeleteFunc(view.Roster, func(e Entry) bool {
		return e.PersonID == me.PersonID && !me.PersonID.IsZero() || e.OrganizationID == me.OrganizationID && !me.OrganizationID.IsZero()
	})
	err = view.markNew(c, response)
	return view, err
}

// Entries is the roster a question asks about.
func (v View) Entries(q Question) (out []Entry) {
	for _, e := range v.Roster {
		if q.Roster != nil && e.Of() == q.Roster.Of {
			out = append(out, e)
		}
	}
	return out
}

// keys are those of the entries of a question, and of what was answered before: an entry
// that left the roster keeps its answers.
func (v View) keys(q Question, before Answer) map[string]bool {
	out := map[string]bool{}
	for _, e := range v.Entries(q) {
		out[e.Key] = true
	}
	for key := range before.Known {
		out[key] = true
	}
	return out
}

// answerByLink does what a page of the form asks for. Nothing of it is kept where one
// answer has a fault: each is told at its question.
func answerByLink(c *operation.Call, in LinkSave) (View, error) {
	view, err := look(c, in.Secret)
	if err != nil {
		return view, err
	}
	if other, err := view.answer(c, in); err != nil || !other {
		return view, err
	}
	return look(c, in.Secret)
}

// answer does it for whoever is invited, and says whether they are now in another state
// than the view is; answers that are kept stand in it already.
func (v *View) answer(c *operation.Call, in LinkSave) (other bool, err error) {
	switch {
	case v.Mode == Anonymous && (in.Do == Save || in.Do == Submit || in.Do == Decline && v.Taken):
		return false, operation.InvalidField("do", "errors.not_offered")
	case v.State == Declined && in.Do == Resume:
		if _, err := c.Tx.Exec(`UPDATE survey_invitees SET declined_on = '' WHERE collaborative_id = $1 AND id = $2`, v.invitee); err != nil {
			return false, err
		}
		return true, nil
	case v.State != Asking || in.Do == Resume:
		return false, nil // the page says why
	}
	response, submitted, err := responseOf(c, v.invitee)
	if err != nil {
		return false, err
	}
	if in.Do == Decline {
		if !response.IsZero() {
			if err := forget(c, response); err != nil {
				return false, err
			}
			if err := forgetSnapshots(c, v.wave.ID, v.person); err != nil {
				return false, err
			}
		}
		if _, err := c.Tx.Exec(`UPDATE survey_invitees SET declined_on = $3 WHERE collaborative_id = $1 AND id = $2`, v.invitee, c.Today()); err != nil {
			return false, err
		}
		return true, nil
	}
	questions, err := v.take(in, submitted)
	if err != nil {
		return false, err
	}
	if response.IsZero() {
		if response, err = newResponse(c, v.wave, v.invitee); err != nil {
			return false, err
		}
	}
	for _, question := range questions {
		if err := keepAnswer(c, response, question, v.Answers[question]); err != nil {
			return false, err
		}
	}
	v.Submitted = submitted || in.Do == Submit
	if v.wave.Evergreen && v.Submitted {
		if err := retell(c, v.wave, response, v.organization, v.Answers); err != nil {
			return false, err
		}
	}
	_, err = c.Tx.Exec(`UPDATE survey_responses SET submitted = $3, saved_on = $4 WHERE collaborative_id = $1 AND id = $2`, response, v.Submitted, c.Today())
	return false, err
}

// take puts what is given into the answers, and tells every fault by the key of its
// question.
func (v *View) take(in LinkSave, submitted bool) (changed []string, err error) {
	var faults operation.Faults
	fault := func(question string, p Problem) {
		if p.Key != "" {
			faults.Add(question, p.Key, p.Args)
		}
	}
	for _, g := range in.Answers {
		q, ok := v.Instrument.Question(g.Question)
		if !ok {
			return nil, operation.InvalidField("answers", "errors.not_offered")
		}
		if !v.Asks(q) && submitted {
			return nil, operation.InvalidField("answers", "errors.not_offered")
		}
		before := v.Answers[q.Key]
		after := q.merged(before, g.Answer, g.Shown)
		fault(q.Key, q.fits(after, v.keys(q, before)))
		v.Answers[q.Key] = after
		changed = append(changed, q.Key)
	}
	if in.Whole || in.Do == Submit || submitted && len(in.Answers) > 0 {
		shown := v.Instrument.Visible(v.Answers)
		for q := range v.Instrument.questions {
			if shown[q.Key] && (in.Do == Submit || slices.Contains(changed, q.Key)) {
				fault(q.Key, q.lacks(v.Answers[q.Key]))
			}
		}
	}
	return changed, faults.Err()
}
