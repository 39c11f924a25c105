package web

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/access"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// slipProps is what the button that gets a slip needs.
type slipProps struct {
	wave, mine, key, issue, door string
	taken                        bool
}

// forgets says whether a page asks not to know who calls: no cookie is read there, so
// that no session is touched.
func (r Route) forgets() bool {
	return strings.HasPrefix(r.Pattern, access.PathSlip) || r.Pattern == access.PathSurvey+"{secret}/slip"
}

// forget takes the cookies off a request, all but the language somebody chose to read in.
func forget(r *http.Request) {
	language := cookieValue(r, languageCookie)
	r.Header.Del("Cookie")
	if i18n.Known(language) {
		r.Header.Set("Cookie", languageCookie+"="+language)
	}
}

// slipOffer is the page behind a personal link of an anonymous survey: what happens, and
// the button that gets a slip. It asks no question.
func (s *Server) slipOffer(w http.ResponseWriter, r *http.Request, status int, view surveys.View, props ui.TaskProps) error {
	ctx := r.Context()
	mine := sha256.Sum256([]byte("slip " + r.PathValue("secret")))
	facts := i18n.T(ctx, "survey_slip.time", i18n.Args{"Count": int(view.Instrument.Minutes)})
	if view.ClosesOn != "" {
		facts += " " + i18n.T(ctx, "survey_link.until", i18n.Args{"Day": civilDay(ctx, view.ClosesOn)})
	}
	content := []templ.Component{muted(facts), prose(i18n.T(ctx, "survey_slip.how")), blindToken(slipProps{
		wave: view.Wave, mine: hex.EncodeToString(mine[:8]), key: view.Key, issue: r.URL.EscapedPath() + "/slip", door: view.Door, taken: view.Taken})}
	if !view.Taken {
		content = append(content, surveyDecline(ctx, r, view))
	}
	return s.showTask(w, r, status, props, with(stack(), content...))
}

// slipGive is POST /survey/{secret}/slip: signs a blinded token.
func (s *Server) slipGive(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	slip, err := s.app.Surveys.GiveSlip(ctx, s.app.Door, r.PathValue("secret"), r.PostFormValue("blinded"))
	if err != nil {
		return s.slipRefused(w, r, err)
	}
	return s.slipSays(w, http.StatusOK, slip)
}

// slipPage is GET /slip/{secret}: the questions of an anonymous survey, all on one page,
// the same for everybody. Which slip the browser answers with stands in the address's
// fragment, which is not sent.
func (s *Server) slipPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	c, view, err := s.app.Surveys.LookSlip(ctx, s.app.Door, r.PathValue("secret"))
	if err != nil {
		return s.replyDead(w, r, err)
	}
	props := ui.TaskProps{Title: view.Title, Collaborative: c.Name, Privacy: i18n.T(ctx, "survey_link.mode_"+surveys.Anonymous)}
	switch view.State {
	case surveys.Gone:
		props.Title, props.Privacy = i18n.T(ctx, "signin.link_dead"), i18n.T(ctx, "survey_link.gone")
		return s.showTask(w, r, http.StatusNotFound, props)
	case surveys.Over:
		props.Privacy = i18n.T(ctx, "survey_link.over")
		return s.showTask(w, r, http.StatusOK, props)
	}
	languages := surveyLanguages(ctx, view)
	var content []templ.Component
	if text := view.Instrument.Introduction.In(languages...); text != "" {
		content = append(content, prose(text))
	}
	var sections []templ.Component
	for _, section := range view.Instrument.Sections {
		var inside []templ.Component
		if text := section.Text.In(languages...); text != "" {
			inside = append(inside, prose(text))
		}
		for _, q := range section.Questions {
			inside = append(inside, slipAsks(r, view, q, languages))
		}
		sections = append(sections, with(slipSection(section.Title.In(languages...)), inside...))
	}
	content = append(content, with(slipForm(r.URL.EscapedPath()), sections...))
	if credit := view.Instrument.Credit.In(languages...); credit != "" {
		content = append(content, muted(credit))
	}
	return s.showTask(w, r, http.StatusOK, props, with(blindAnswer(view.Wave), content...))
}

// slipAsks is one question, with the ratings that a roster asks for once somebody is
// ticked.
func slipAsks(r *http.Request, view surveys.View, q surveys.Question, languages []string) templ.Component {
	ctx := r.Context()
	when := q.ShowIf
	if when == nil {
		when = []surveys.Condition{}
	}
	showIf, err := json.Marshal(when)
	if err != nil {
		showIf = []byte("[]") // words and lists of words
	}
	p := surveyPage{questions: []surveys.Question{q}, ticks: q.Kind == surveys.Roster, whole: true}
	fields := p.fields(ctx, view, languages, nil)
	for n := range fields {
		fields[n].ID = "" // made of the name: questions of one page may be called as parts of it
	}
	content := []templ.Component{formFields(fields)}
	if q.Kind == surveys.Roster {
		if len(view.Entries(q)) > longRoster {
			content = append([]templ.Component{slipFind(q.Key)}, content...)
		}
		if q.Roster.Of == surveys.OfOrganizations {
			content = append(content, muted(i18n.T(ctx, "survey_slip.own")))
		}
		if len(q.Roster.Rate) > 0 {
			content = append(content, with(slipRatings(), formFields(rowFields(ctx, q, languages, "ENTRY", nil, fieldName(q.Key, "ENTRY"), q.Roster.Rate))))
		}
	}
	return with(slipQuestion(q.Key, string(showIf)), content...)
}

// slipHandIn is POST /slip/{secret}: takes answers with a slip, all at once. It is called
// by the page's script, which sends no cookie.
func (s *Server) slipHandIn(w http.ResponseWriter, r *http.Request) error {
	if again, ok := s.chosenLanguage(w, r); ok {
		return s.slipPage(w, again)
	}
	v, secret := r.PostForm, r.PathValue("secret")
	if language := v.Get("spoken"); i18n.Known(language) {
		r = r.WithContext(i18n.With(r.Context(), language)) // the page's own, without a cookie
	}
	ctx := r.Context()
	_, view, err := s.app.Surveys.LookSlip(ctx, s.app.Door, secret)
	if err != nil {
		return s.slipRefused(w, r, err)
	}
	in := surveys.HandIn{Secret: secret, Token: v.Get("token"), Signature: v.Get("signature")}
	if view.State == surveys.Asking {
		for _, section := range view.Instrument.Sections {
			in.Answers = append(in.Answers, surveyPage{section: section, questions: section.Questions, whole: true}.given(view, v)...)
		}
	}
	_, view, err = s.app.Surveys.HandIn(ctx, s.app.Door, in)
	if err != nil {
		return s.slipRefused(w, r, err)
	}
	type said struct {
		State  string `json:"state"`
		Detail string `json:"detail,omitempty"`
	}
	switch {
	case view.Spent:
		return s.slipSays(w, http.StatusOK, said{State: "spent"})
	case view.Submitted:
		return s.slipSays(w, http.StatusOK, said{State: "taken"})
	}
	return s.slipSays(w, http.StatusConflict, said{view.State, i18n.T(ctx, "survey_slip.over")})
}

// slipSays answers a script.
func (s *Server) slipSays(w http.ResponseWriter, status int, out any) error {
	raw, err := json.Marshal(out)
	if err != nil {
		return err
	}
	s.keepAddress(w)
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(raw) // a reader who has gone away needs no answer
	return nil
}

// slipRefused tells a script what is wrong, in the reader's words, with every fault at its
// question. Failures of ours it returns.
func (s *Server) slipRefused(w http.ResponseWriter, r *http.Request, err error) error {
	type fault struct {
		Field   string `json:"field"`
		Message string `json:"message"`
	}
	type said struct {
		Detail string  `json:"detail"`
		Faults []fault `json:"faults,omitempty"`
	}
	ctx := r.Context()
	var e *operation.Error
	if !errors.As(err, &e) || e.Kind == operation.Internal {
		return err
	}
	out := said{Detail: message(ctx, e)}
	if f, ok := faultsOf(ctx, err); ok {
		for _, one := range f.list {
			out.Faults = append(out.Faults, fault{one.Field, one.Message})
		}
	}
	return s.slipSays(w, statuses[e.Kind], out)
}
