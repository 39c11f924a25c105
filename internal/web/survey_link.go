package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// surveyLink is GET /survey/{secret}: a survey, one section a page. It needs no account
// and no scripts, and looking changes nothing.
func (s *Server) surveyLink(w http.ResponseWriter, r *http.Request) error {
	c, view, err := s.app.Surveys.Look(r.Context(), s.app.Door, r.PathValue("secret"))
	if err != nil {
		return s.replyDead(w, r, err)
	}
	return s.surveyShow(w, r, http.StatusOK, c, view, nil, nil)
}

// surveyAnswer is POST /survey/{secret}: keeps what the page says, and goes on by a
// redirect that does not repeat the address, so that going back sends nothing twice.
func (s *Server) surveyAnswer(w http.ResponseWriter, r *http.Request) error {
	if again, ok := s.chosenLanguage(w, r); ok {
		return s.surveyLink(w, again)
	}
	ctx, v, secret := r.Context(), r.PostForm, r.PathValue("secret")
	_, view, err := s.app.Surveys.Look(ctx, s.app.Door, secret)
	if err != nil {
		return s.replyDead(w, r, err)
	}
	pages := surveyPages(view)
	at := min(max(int(whole(v.Get("page"))), 1), len(pages)+1)
	in := surveys.LinkSave{Secret: secret, Do: surveys.Save, Whole: v.Get("do") == ""}
	if at <= len(pages) {
		in.Answers = pages[at-1].given(view, v)
	}
	next := url.Values{}
	switch v.Get("do") {
	case surveys.Submit:
		in.Do, in.Answers = surveys.Submit, nil
	case surveys.Decline, surveys.Resume:
		in.Do, in.Answers = v.Get("do"), nil
	case "":
		next.Set("page", strconv.Itoa(at+1))
	case "back":
		next.Set("page", strconv.Itoa(max(at-1, 1)))
	case "later":
		next.Set("kept", "1")
	case "find":
		next.Set("page", strconv.Itoa(at))
		for _, key := range []string{"q", "sector"} {
			if v.Get(key) != "" {
				next.Set(key, v.Get(key))
			}
		}
	default: // a script keeps the page
		in.Whole = false // what is not complete yet is kept too
	}
	c, after, err := s.app.Surveys.Answer(ctx, s.app.Door, in)
	if v.Get("do") == "keep" {
		if _, ok := faultsOf(ctx, err); err != nil && !ok {
			return s.replyDead(w, r, err)
		}
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	if _, ok := faultsOf(ctx, err); ok {
		return s.surveyShow(w, r, http.StatusUnprocessableEntity, c, view, v, err)
	}
	if err != nil {
		return s.replyDead(w, r, err)
	}
	// A page of which nothing is asked any more is passed over, in the direction one goes.
	if n := int(whole(next.Get("page"))); n != at && n > 0 {
		shown := after.Instrument.Visible(after.Answers)
		step := 1
		if n < at {
			step = -1
		}
		for n >= 1 && n <= len(pages) && !pages[n-1].asks(shown, after) {
			n += step
		}
		next.Set("page", strconv.Itoa(max(n, 1)))
	}
	s.keepAddress(w)
	w.Header().Set("Location", "?"+next.Encode())
	w.WriteHeader(http.StatusSeeOther)
	return nil
}

// surveyShow shows what a link leads to in its state: one page of questions, all answers
// to look over, or why nothing is asked.
func (s *Server) surveyShow(w http.ResponseWriter, r *http.Request, status int, c operation.Collaborative, view surveys.View, values url.Values, fault error) error {
	r = s.inTheirLanguage(r, view.Language)
	ctx := r.Context()
	props := ui.TaskProps{Title: i18n.T(ctx, "signin.link_dead"), Collaborative: c.Name}
	if view.State == surveys.Gone {
		props.Privacy = i18n.T(ctx, "survey_link.gone")
		return s.showTask(w, r, http.StatusNotFound, props)
	}
	props.Title = view.Title
	day := func(on string) string {
		t, err := time.Parse(time.DateOnly, on)
		if err != nil {
			return ""
		}
		return i18n.Date(i18n.WithZone(ctx, time.UTC), t)
	}
	switch view.State {
	case surveys.Early:
		props.Privacy = i18n.T(ctx, "survey_link.early", i18n.Args{"Day": day(view.OpensOn)})
		return s.showTask(w, r, status, props)
	case surveys.Declined:
		props.Privacy = i18n.T(ctx, "survey_link.declined")
		return s.showTask(w, r, status, props, ui.Form(ui.FormProps{Action: r.URL.EscapedPath(), Hidden: []ui.Hidden{{Name: "do", Value: surveys.Resume}}, Submit: i18n.T(ctx, "survey_link.resume"), Unguarded: true}))
	case surveys.Over:
		props.Privacy = i18n.T(ctx, "survey_link.over")
		var content []templ.Component
		if len(view.Places) > 0 {
			places := append([]templ.Component{muted(placeSaid(ctx, view.Least))}, placePanels(ctx, view.Instrument, view.Places)...)
			content = append(content, with(stack(), with(part(surveyText(ctx, "place")), append(places, muted(surveyText(ctx, "rules", i18n.Args{"Count": int(view.Least)})))...)))
		}
		if view.Submitted {
			content = append(content, s.surveyReview(ctx, r, view, nil)...)
		}
		return s.showTask(w, r, status, props, content...)
	}
	mode := view.Mode
	if view.Drawn {
		mode += "_drawn"
	}
	props.Privacy = i18n.T(ctx, "survey_link.mode_"+mode)
	if view.Evaluated {
		props.Privacy += " " + i18n.T(ctx, "survey_link.evaluated")
	}
	if view.Mode == surveys.Anonymous {
		return s.slipOffer(w, r, status, view, props)
	}
	pages := surveyPages(view)
	at := int(whole(r.URL.Query().Get("page")))
	if values != nil {
		at = int(whole(values.Get("page")))
	}
	if r.URL.Query().Get("kept") != "" && values == nil {
		props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Good, Text: i18n.T(ctx, "survey_link.saved")})
	}
	if at > len(pages) || at == 0 && view.Submitted || values.Get("do") == surveys.Submit {
		if view.Submitted {
			props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Good, Text: i18n.T(ctx, "survey_link.thanks", i18n.Args{"Name": view.Name})})
		}
		return s.showTask(w, r, status, props, s.surveyReview(ctx, r, view, fault)...)
	}
	at = max(at, 1)
	var content []templ.Component
	if at == 1 {
		if text := view.Instrument.Introduction.In(surveyLanguages(ctx, view)...); text != "" {
			content = append(content, prose(text))
		}
		facts := i18n.T(ctx, "survey_link.time", i18n.Args{"Count": int(view.Instrument.Minutes)})
		if view.ClosesOn != "" {
			facts += " " + i18n.T(ctx, "survey_link.until", i18n.Args{"Day": day(view.ClosesOn)})
		}
		if view.Evergreen {
			facts += " " + i18n.T(ctx, "survey_link.evergreen")
		}
		content = append(content, muted(facts))
	}
	content = append(content, s.surveyForm(ctx, r, view, pages, at, values, fault))
	if at == 1 || view.Submitted {
		content = append(content, surveyDecline(ctx, r, view))
	}
	if credit := view.Instrument.Credit.In(surveyLanguages(ctx, view)...); credit != "" && at == 1 {
		content = append(content, muted(credit))
	}
	return s.showTask(w, r, status, props, with(stack(), content...))
}

// surveyDecline is how somebody says that they would rather not answer.
func surveyDecline(ctx context.Context, r *http.Request, view surveys.View) templ.Component {
	label := i18n.T(ctx, "survey_link.decline")
	if len(view.Answers) > 0 {
		label = i18n.T(ctx, "survey_link.withdraw")
	}
	return with(folded(label), muted(i18n.T(ctx, "survey_link.decline_help")),
		ui.Form(ui.FormProps{ID: "decline", Action: r.URL.EscapedPath(), Hidden: []ui.Hidden{{Name: "do", Value: surveys.Decline}}, Submit: label, SubmitKind: ui.Quiet, Unguarded: true}))
}

// surveyLanguages are the languages to show questions in: the reader's, where the wave is
// asked in it, then those it is asked in.
func surveyLanguages(ctx context.Context, view surveys.View) []string {
	own := i18n.Language(ctx)
	for _, l := range view.Languages {
		if l == own {
			return append([]string{own}, view.Languages...)
		}
	}
	return view.Languages
}

// surveyForm is one page of questions.
func (s *Server) surveyForm(ctx context.Context, r *http.Request, view surveys.View, pages []surveyPage, at int, values url.Values, fault error) templ.Component {
	p := pages[at-1]
	f, _ := faultsOf(ctx, fault)
	languages := surveyLanguages(ctx, view)
	filter := r.URL.Query()
	if values != nil {
		filter = values
	}
	fields := p.fields(ctx, view, languages, filter)
	if values != nil {
		for k := range fields {
			fields[k].Value, fields[k].Values = values.Get(fields[k].Name), values[fields[k].Name]
		}
	}
	for k := range fields {
		fields[k].Error = f.byField[questionOf(fields[k].Name)]
	}
	hidden := []ui.Hidden{{Name: "page", Value: strconv.Itoa(at)}}
	for _, e := range p.shown(view, filter) {
		hidden = append(hidden, ui.Hidden{Name: "shown", Value: e.Key})
	}
	form := ui.FormProps{ID: "survey", Action: r.URL.EscapedPath(), Hidden: hidden, Submit: i18n.T(ctx, "survey_link.next"), Unguarded: true, Errors: f.explainQuestions(view, languages)}
	if at > 1 {
		form.Extra = append(form.Extra, ui.SubmitButton{Label: i18n.T(ctx, "survey_link.back"), Name: "do", Value: "back"})
	}
	form.Extra = append(form.Extra, ui.SubmitButton{Label: i18n.T(ctx, "survey_link.later"), Name: "do", Value: "later"})
	if p.ticks {
		form.Extra = append(form.Extra, ui.SubmitButton{Label: i18n.T(ctx, "survey_link.find"), Name: "do", Value: "find"})
	}
	content := []templ.Component{muted(i18n.T(ctx, "survey_link.page", i18n.Args{"Number": at, "Of": len(pages)}))}
	if text := p.section.Text.In(languages...); text != "" {
		content = append(content, prose(text))
	}
	return with(stack(), with(part(p.section.Title.In(languages...)), append(content, with(ui.Form(form), keptForm(r.URL.EscapedPath()), formFields(fields)))...))
}

// explainQuestions are the faults with the questions they are at.
func (f faults) explainQuestions(view surveys.View, languages []string) (out []ui.FieldError) {
	for _, e := range f.list {
		if q, ok := view.Instrument.Question(e.Field); ok {
			out = append(out, ui.FieldError{Field: e.Field, Message: q.Text.In(languages...) + ": " + e.Message})
		}
	}
	return out
}

// surveyReview is everything that was answered, to look over, hand in, print and change.
func (s *Server) surveyReview(ctx context.Context, r *http.Request, view surveys.View, fault error) []templ.Component {
	languages := surveyLanguages(ctx, view)
	f, _ := faultsOf(ctx, fault)
	var content []templ.Component
	action := r.URL.EscapedPath()
	if view.State == surveys.Asking && !view.Submitted {
		content = append(content, muted(i18n.T(ctx, "survey_link.check_lede")))
	}
	content = append(content, answerFacts(ctx, view, languages, f)...)
	if view.Submitted && !view.Released && !view.Evergreen && view.Instrument.RatesOrganizations() {
		content = append(content, muted(i18n.T(ctx, "survey_link.place_later")))
	}
	if view.State == surveys.Asking {
		if !view.Submitted {
			content = append(content, ui.Form(ui.FormProps{ID: "hand-in", Action: action, Hidden: []ui.Hidden{{Name: "do", Value: surveys.Submit}}, Errors: f.explainQuestions(view, languages), Submit: i18n.T(ctx, "survey_link.send"), Unguarded: true}))
		}
		if view.Submitted && view.Evergreen {
			content = append(content, muted(i18n.T(ctx, "survey_link.evergreen")), ui.Form(ui.FormProps{ID: "still", Action: action, Hidden: []ui.Hidden{{Name: "do", Value: surveys.Submit}}, Submit: i18n.T(ctx, "survey_link.still"), SubmitKind: ui.Quiet, Unguarded: true}))
		}
		content = append(content, acts([]ui.Action{{Label: i18n.T(ctx, "survey_link.change"), Href: action + "?page=1", Kind: ui.Quiet}}), surveyDecline(ctx, r, view))
	}
	return []templ.Component{with(stack(), with(part(i18n.T(ctx, "survey_link.check")), content...))}
}

// answerFacts are the answers of somebody, section by section, with what is wrong beside
// each.
func answerFacts(ctx context.Context, view surveys.View, languages []string, f faults) (out []templ.Component) {
	shown := view.Instrument.Visible(view.Answers)
	for _, section := range view.Instrument.Sections {
		var facts []ui.Fact
		for _, q := range section.Questions {
			if shown[q.Key] {
				fact := ui.Fact{Label: q.Text.In(languages...), Value: or(answerText(ctx, view, q, languages), i18n.T(ctx, "survey_link.no_answer"))}
				if message := f.byField[q.Key]; message != "" {
					fact.Value += " – " + message
				}
				facts = append(facts, fact)
			}
		}
		if len(facts) > 0 {
			out = append(out, ui.Facts(ui.FactsProps{Heading: section.Title.In(languages...), Facts: facts}))
		}
	}
	return out
}
