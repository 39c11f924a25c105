package web

import (
	"context"
	"net/http"
	"net/url"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/polls"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// pollChoose is GET …/polls/{id}/choose: what choosing a time does, before it is done.
func (s *Server) pollChoose(w http.ResponseWriter, r *http.Request) error {
	return s.pollChoosing(w, r, http.StatusOK, r.URL.Query().Get("time"), faults{})
}

func (s *Server) pollChoosing(w http.ResponseWriter, r *http.Request, status int, text string, f faults) error {
	ctx := r.Context()
	p, err := s.poll(r)
	if err != nil {
		return err
	}
	if text == "" {
		text = p.Ranking[0].Time // the best one
	}
	for _, o := range p.Ranking {
		if o.Time != text {
			continue
		}
		address := pollAddress(ctx, p.ID, "")
		props := ui.PageProps{Title: i18n.T(ctx, "polls.choose"), Lede: optionWhen(i18n.WithZone(ctx, p.At(text).Location()), o), Crumbs: append(pollCrumbs(ctx), ui.Link{Label: p.Title, Href: address})}
		form := ui.FormProps{Action: address + "/choose", Hidden: []ui.Hidden{{Name: "version", Value: number(p.Version)}, {Name: "time", Value: text}}, Errors: f.explain(nil), Cancel: ui.Link{Href: address},
			Submit: i18n.T(ctx, "polls.choose_invite"), Extra: []ui.SubmitButton{{Label: i18n.T(ctx, "polls.choose_quiet"), Name: "quiet", Value: "true"}}}
		counts := i18n.T(ctx, "polls.counts", i18n.Args{"Yes": i18n.Number(ctx, o.Yes), "Maybe": i18n.Number(ctx, o.Maybe), "No": i18n.Number(ctx, o.No), "Open": i18n.Number(ctx, o.Open)})
		return s.show(w, r, status, "bodies", props, with(ui.Form(form), muted(counts), prose(i18n.T(ctx, "polls.choose_lede"))))
	}
	return operation.Missing()
}

// pollChosen is POST …/polls/{id}/choose.
func (s *Server) pollChosen(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	i, err := pathID[polls.Poll](r)
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	in := polls.ChooseInput{ID: i, Version: formVersion(r), Time: r.PostFormValue("time"), Quiet: r.PostFormValue("quiet") == "true"}
	_, err = s.app.Polls.Choose.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in)
	if f, ok := formFaults(ctx, err); ok {
		return s.pollChoosing(w, r, http.StatusUnprocessableEntity, in.Time, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, pollAddress(ctx, i, ""), "polls.choose", receipt)
}

// pollPersonAdd is POST …/polls/{id}/people: somebody else is asked.
func (s *Server) pollPersonAdd(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	p, err := s.poll(r)
	if err != nil {
		return err
	}
	person, choice, err := s.personChoice(ctx, v, "person")
	if err == nil && person.IsZero() {
		err = operation.InvalidField("person", "errors.required")
	}
	var receipt operation.Receipt
	if err == nil {
		_, err = polls.SetPerson.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, polls.PersonInput{PollID: p.ID, PersonID: person, Asked: true})
	}
	if f, ok := faultsOf(ctx, renamed(err, "person_id", "person")); ok {
		fields := []ui.FieldProps{s.personLookup(ctx, v, "person", i18n.T(ctx, "polls.field_person"), "")}
		form := ui.FormProps{Action: pollAddress(ctx, p.ID, "/people"), Submit: i18n.T(ctx, "polls.ask_else"), Cancel: ui.Link{Href: pollAddress(ctx, p.ID, "")}}
		if choice != nil {
			fields = append(fields, *choice)
			form.Hidden = []ui.Hidden{{Name: "person_for", Value: v.Get("person")}}
		}
		fields = f.mark(fields)
		form.Errors = f.explain(fields)
		props := ui.PageProps{Title: i18n.T(ctx, "polls.ask_else"), Crumbs: append(pollCrumbs(ctx), ui.Link{Label: p.Title, Href: pollAddress(ctx, p.ID, "")})}
		return s.show(w, r, http.StatusUnprocessableEntity, "bodies", props, with(ui.Form(form), formFields(fields)))
	}
	if err != nil {
		return err
	}
	return s.done(w, r, pollAddress(ctx, p.ID, ""), "polls.set-person", receipt)
}

// pollPerson reads the poll and the person of the address.
func (s *Server) pollPerson(r *http.Request) (polls.Poll, polls.Asked, error) {
	p, err := s.poll(r)
	if err != nil {
		return p, polls.Asked{}, err
	}
	person, err := id.Parse[directory.Person](r.PathValue("person"))
	for _, a := range p.People {
		if err == nil && a.PersonID == directory.PersonID(person) {
			return p, a, nil
		}
	}
	return p, polls.Asked{}, operation.Missing()
}

// timeField begins the name of a field that asks about a time.
const timeField = "time "

// answerFields ask about every proposed time, in its own order. show is how a time is
// written, and what stands below it.
func answerFields(ctx context.Context, p polls.Poll, mine map[string]string, show func(polls.Option) (label, help string)) []ui.FieldProps {
	at := map[string]polls.Option{}
	for _, o := range p.Ranking {
		at[o.Time] = o
	}
	var out []ui.FieldProps
	for _, text := range p.Times {
		field := ui.FieldProps{Kind: ui.Radios, Name: timeField + text, ID: "time-" + at[text].StartsAt.UTC().Format("20060102T1504"), Options: options(ctx, "poll_answers.", polls.Answers), Value: mine[text]}
		field.Label, field.Help = show(at[text])
		out = append(out, field)
	}
	return out
}

// answersOf are the answers of a form made of answerFields.
func answersOf(p polls.Poll, v url.Values) (out []polls.TimeAnswer, typed map[string]string) {
	typed, out = map[string]string{}, []polls.TimeAnswer{}
	for _, text := range p.Times {
		if answer := v.Get(timeField + text); answer != "" {
			out, typed[text] = append(out, polls.TimeAnswer{Time: text, Answer: answer}), answer
		}
	}
	return out, typed
}

// pollPersonEdit is GET …/polls/{id}/people/{person}: whether the meeting needs them,
// and what they said, where they said it by telephone.
func (s *Server) pollPersonEdit(w http.ResponseWriter, r *http.Request) error {
	p, a, err := s.pollPerson(r)
	if err != nil {
		return err
	}
	return s.pollPersonForm(w, r, http.StatusOK, p, a, faults{})
}

func (s *Server) pollPersonForm(w http.ResponseWriter, r *http.Request, status int, p polls.Poll, a polls.Asked, f faults) error {
	ctx := r.Context()
	there, address := i18n.WithZone(ctx, p.At(p.Times[0]).Location()), pollAddress(ctx, p.ID, "")
	props := ui.PageProps{Title: i18n.T(ctx, "polls.answers_of", i18n.Args{"Name": named(ctx, a.Person)}), Crumbs: append(pollCrumbs(ctx), ui.Link{Label: p.Title, Href: address}),
		Menu: []ui.Action{{Label: i18n.T(ctx, "polls.ask_no_more"), Href: address + "/people/" + a.PersonID.Short(), Post: true, Hidden: []ui.Hidden{{Name: "out", Value: "true"}}, Icon: "x"}}}
	fields := []ui.FieldProps{{Kind: ui.Checkbox, Name: "required", Label: i18n.T(ctx, "polls.field_required"), Help: i18n.T(ctx, "polls.help_required"), Checked: a.Required}}
	if p.State == polls.Open {
		fields = append(fields, answerFields(ctx, p, a.Answers, func(o polls.Option) (string, string) { return optionWhen(there, o), "" })...)
	}
	fields = f.mark(fields)
	form := ui.FormProps{Action: address + "/people/" + a.PersonID.Short(), Errors: f.explain(fields), Cancel: ui.Link{Href: address}}
	return s.show(w, r, status, "bodies", props, with(ui.Form(form), formFields(fields)))
}

// pollPersonSave is POST …/polls/{id}/people/{person}.
func (s *Server) pollPersonSave(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	p, a, err := s.pollPerson(r)
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	op := "polls.set-person"
	out, required := v.Get("out") == "true", v.Get("required") == "true"
	if out || required != a.Required {
		_, err = polls.SetPerson.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, polls.PersonInput{PollID: p.ID, PersonID: a.PersonID, Asked: !out, Required: required})
	}
	given, typed := answersOf(p, v)
	changed := len(typed) != len(a.Answers)
	for text, answer := range typed {
		changed = changed || a.Answers[text] != answer
	}
	if err == nil && !out && changed && p.State == polls.Open {
		op = "polls.answer"
		_, err = polls.Answer.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, polls.AnswerInput{PollID: p.ID, PersonID: a.PersonID, Answers: given})
	}
	if f, ok := faultsOf(ctx, err); ok {
		a.Required, a.Answers = required, typed
		return s.pollPersonForm(w, r, http.StatusUnprocessableEntity, p, a, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, pollAddress(ctx, p.ID, ""), op, receipt)
}

// pollLettersNotice says what became of the letters that were asked for.
func pollLettersNotice(r *http.Request) (ui.NoticeProps, bool) {
	ctx, q := r.Context(), r.URL.Query()
	if q.Get("letters") == "" || q.Get("done") != "polls.ask" {
		return ui.NoticeProps{}, false
	}
	n := ui.NoticeProps{Text: i18n.T(ctx, "polls.letters", i18n.Args{"Count": int(whole(q.Get("letters")))})}
	for _, key := range []string{"no_address", "stopped", "lately"} {
		if count := whole(q.Get(key)); count > 0 {
			n.Text += " " + i18n.T(ctx, "polls.letters_"+key, i18n.Args{"Count": int(count)})
		}
	}
	return n, true
}
