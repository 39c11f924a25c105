package web

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"commontable/internal/backbone/commitments"
	"commontable/internal/backbone/due"
	"commontable/internal/backbone/polls"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// dueMine is GET …/due/mine: what is due from whoever is signed in, and from the
// organizations they represent.
func (s *Server) dueMine(w http.ResponseWriter, r *http.Request) error {
	return s.dueMinePage(w, r, http.StatusOK, url.Values{}, nil)
}

func (s *Server) dueMinePage(w http.ResponseWriter, r *http.Request, status int, values url.Values, fault error) error {
	ctx := r.Context()
	mine, err := s.app.Due.Mine.Do(ctx, s.app.Door, operation.None{})
	if err != nil {
		return err
	}
	props := ui.PageProps{Title: i18n.T(ctx, "due.mine"), Lede: i18n.T(ctx, "due.mine_lede")}
	f, _ := faultsOf(ctx, fault)
	return s.show(w, r, status, "", props, dueSections(ctx, place(ctx, "due/answer"), mine.Sections, values, f))
}

// dueSaid reads an answer of a form.
func dueSaid(v url.Values) (due.AnswerInput, error) {
	in := due.AnswerInput{Kind: v.Get("item"), Answer: v.Get("answer"), On: v.Get("on"), Text: v.Get("text"), Link: v.Get("link")}
	i, err := id.Parse[struct{}](v.Get("id"))
	if err != nil {
		return in, operation.Missing()
	}
	in.ID = due.ItemID(i)
	for _, key := range slices.Sorted(maps.Keys(v)) {
		if text, is := strings.CutPrefix(key, timeField); is && v.Get(key) != "" {
			in.Times = append(in.Times, due.TimeAnswer{Time: text, Answer: v.Get(key)})
		}
	}
	in.Amount, err = hundredths(v.Get("amount"), "amount")
	return in, err
}

// dueAnswer is POST …/due/answer.
func (s *Server) dueAnswer(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	in, err := dueSaid(v)
	var receipt operation.Receipt
	if err == nil {
		_, err = s.app.Due.Answer.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in)
	}
	if _, ok := faultsOf(ctx, err); ok {
		return s.dueMinePage(w, r, http.StatusUnprocessableEntity, v, err)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "due/mine"), "due.answer", receipt)
}

// duePage is GET /due/{secret}. It needs no account and no scripts, and looking
// changes nothing.
func (s *Server) duePage(w http.ResponseWriter, r *http.Request) error {
	c, view, err := s.app.Due.Look(r.Context(), s.app.Door, r.PathValue("secret"))
	if err != nil {
		return s.agreementDead(w, r, err)
	}
	return s.dueShow(w, r, http.StatusOK, c, view, url.Values{}, nil)
}

// dueAnswered is POST /due/{secret}. The page is shown again at once: a redirect would
// repeat its address.
func (s *Server) dueAnswered(w http.ResponseWriter, r *http.Request) error {
	if again, ok := s.chosenLanguage(w, r); ok {
		return s.duePage(w, again)
	}
	ctx, v := r.Context(), r.PostForm
	in, err := dueSaid(v)
	var c operation.Collaborative
	var view due.LinkView
	if err == nil {
		c, view, err = s.app.Due.AnswerByLink(ctx, s.app.Door, due.LinkAnswer{Secret: r.PathValue("secret"), AnswerInput: in})
	}
	if _, ok := faultsOf(ctx, err); ok || operation.KindOf(err) == operation.NotFound {
		fault := err
		if c, view, err = s.app.Due.Look(ctx, s.app.Door, r.PathValue("secret")); err != nil {
			return s.agreementDead(w, r, err)
		}
		return s.dueShow(w, r, http.StatusUnprocessableEntity, c, view, v, fault)
	}
	if err != nil {
		return s.agreementDead(w, r, err)
	}
	return s.dueShow(w, r, http.StatusOK, c, view, url.Values{}, nil)
}

func (s *Server) dueShow(w http.ResponseWriter, r *http.Request, status int, c operation.Collaborative, view due.LinkView, values url.Values, fault error) error {
	r = s.inTheirLanguage(r, view.Language)
	ctx := i18n.WithZone(r.Context(), c.Zone)
	r = r.WithContext(ctx)
	if view.State != due.LinkOpen {
		return s.showTask(w, r, http.StatusNotFound, ui.TaskProps{Title: i18n.T(ctx, "signin.link_dead"), Collaborative: c.Name, Privacy: i18n.T(ctx, "due.link_"+view.State, i18n.Args{"Collaborative": c.Name})})
	}
	count := 0
	for _, section := range view.Sections {
		count += len(section.Items)
	}
	props := ui.TaskProps{Title: i18n.T(ctx, "due.hello", i18n.Args{"Name": view.Name, "Count": count}), Collaborative: c.Name, Privacy: i18n.T(ctx, "due.seen")}
	switch {
	case view.Settled:
		props.Notices = []ui.NoticeProps{{Text: i18n.T(ctx, "due.settled")}}
	case view.Answered != nil:
		props.Notices = []ui.NoticeProps{{Kind: ui.Good, Text: i18n.T(ctx, "due.noted")}}
	}
	f, _ := faultsOf(ctx, fault) // in the language of the page
	parts := []templ.Component{}
	if a := view.Answered; a != nil && a.Kind == due.ActionItem && a.Answer == due.AnswerDone {
		parts = append(parts, acts([]ui.Action{dueButton(ctx, r.URL.EscapedPath(), due.Item{Kind: a.Kind, ID: a.ID}, due.AnswerReopen, ui.Quiet)}))
	}
	if one, ok := dueAsked(ctx, r, view); ok && view.Answered == nil && !view.Settled && fault == nil {
		parts = append(parts, one)
	}
	return s.showTask(w, r, status, props, append(parts, dueSections(ctx, r.URL.EscapedPath(), view.Sections, values, f))...)
}

// dueAsked is the one answer that a link of a letter leads to, with its button.
func dueAsked(ctx context.Context, r *http.Request, view due.LinkView) (templ.Component, bool) {
	q := r.URL.Query()
	for _, section := range view.Sections {
		for _, i := range section.Items {
			if i.Kind == q.Get("item") && i.ID.String() == q.Get("id") && slices.Contains(i.Answers, q.Get("answer")) {
				i.Answers = []string{q.Get("answer")}
				return dueItem(ctx, r.URL.EscapedPath(), i, url.Values{}, faults{}), true
			}
		}
	}
	return nil, false
}

// dueSections are what is due, owner by owner, each with its ways to answer.
func dueSections(ctx context.Context, action string, sections []due.Section, values url.Values, f faults) templ.Component {
	var parts []templ.Component
	for _, section := range sections {
		if len(section.Items) == 0 {
			continue
		}
		items := []templ.Component{}
		for _, i := range section.Items {
			v, at := url.Values{}, faults{}
			if values.Get("id") == i.ID.String() && values.Get("item") == i.Kind {
				v, at = values, f
			}
			items = append(items, dueItem(ctx, action, i, v, at))
		}
		parts = append(parts, with(part(section.Name), with(stack(), items...)))
	}
	if len(parts) == 0 {
		parts = append(parts, muted(i18n.T(ctx, "due.nothing")))
	}
	return with(stack(), parts...)
}

// dueWords answer a form's question with one button each.
var dueWords = map[string]bool{due.AnswerDone: true, due.AnswerNotYet: true, "yes": true, "online": true, "alternate": true, "no": true}

func dueHidden(i due.Item, answer string) []ui.Hidden {
	return []ui.Hidden{{Name: "item", Value: i.Kind}, {Name: "id", Value: i.ID.String()}, {Name: "answer", Value: answer}}
}

func dueButton(ctx context.Context, action string, i due.Item, answer string, kind ui.Kind) ui.Action {
	return ui.Action{Label: i18n.T(ctx, "due_answers."+answer), Href: action, Post: true, Kind: kind, Hidden: dueHidden(i, answer)}
}

// dueItem is one thing that is due.
func dueItem(ctx context.Context, action string, i due.Item, values url.Values, f faults) templ.Component {
	var buttons []ui.Action
	var forms []templ.Component
	for _, answer := range i.Answers {
		if dueWords[answer] {
			kind := ui.Quiet
			if len(buttons) == 0 {
				kind = ui.Main
			}
			buttons = append(buttons, dueButton(ctx, action, i, answer, kind))
			continue
		}
		fields := dueFields(ctx, i, answer)
		if values.Get("answer") == answer {
			fields = filled(fields, values)
			fields = f.mark(fields)
		}
		form := ui.FormProps{Action: action, Submit: i18n.T(ctx, "due_answers."+answer), Hidden: dueHidden(i, answer)}
		if values.Get("answer") == answer {
			form.Errors = f.explain(fields)
			for k := range form.Errors {
				for _, field := range fields {
					if field.Name == form.Errors[k].Field {
						form.Errors[k].ID = field.ID
					}
				}
			}
		}
		if len(i.Answers) > 1 {
			form.SubmitKind = ui.Quiet
			one := with(ui.Form(form), formFields(fields))
			if len(form.Errors) > 0 {
				forms = append(forms, one)
			} else {
				forms = append(forms, with(folded(i18n.T(ctx, "due_answers."+answer)), one))
			}
			continue
		}
		forms = append(forms, with(ui.Form(form), formFields(fields)))
	}
	content := []templ.Component{}
	if text := dueDetail(ctx, i); text != "" {
		content = append(content, muted(text))
	}
	if len(buttons) > 0 {
		content = append(content, acts(buttons))
	}
	return with(ui.Panel(ui.PanelProps{Heading: dueTitle(ctx, i), Minor: true}), append(append(content, forms...), templ.NopComponent)...)
}

// dueFields are what an answer needs beside itself. Their ids differ from item to item.
func dueFields(ctx context.Context, i due.Item, answer string) []ui.FieldProps {
	t := func(key string) string { return i18n.T(ctx, "due.field_"+key) }
	name := func(field string) string { return answer + "-" + field + "-" + i.ID.Short() }
	amount := func(n int64) ui.FieldProps {
		return ui.FieldProps{Name: "amount", ID: name("amount"), Label: t("amount_" + commitments.Units[i.CommitmentKind]), Value: amountTyped(n), Required: true, Size: "short", InputMode: "decimal", Autocomplete: "off"}
	}
	switch answer {
	case due.AnswerCarry:
		return []ui.FieldProps{{Kind: ui.Date, Name: "on", ID: name("on"), Label: t("carry_on"), Required: true}}
	case due.AnswerDisown:
		return []ui.FieldProps{{Kind: ui.TextArea, Name: "text", ID: name("text"), Label: t("why"), Rows: 2, MaxLength: 500}}
	case due.AnswerTimes:
		p := duePoll(i)
		there := i18n.WithZone(ctx, p.At(p.Times[0]).Location())
		fields := answerFields(ctx, p, nil, func(o polls.Option) (string, string) { return optionWhen(there, o), "" })
		for k := range fields {
			fields[k].ID += "-" + i.ID.Short()
		}
		return fields
	case due.AnswerConfirm:
		return []ui.FieldProps{amount(i.Amount)}
	case due.AnswerGiven:
		fields := []ui.FieldProps{{Kind: ui.TextArea, Name: "text", ID: name("text"), Label: t("evidence"), Rows: 2, MaxLength: 500},
			{Name: "link", ID: name("link"), Label: t("link"), Help: i18n.T(ctx, "due.help_link"), MaxLength: 1000, InputMode: "url", Autocomplete: "off"}}
		if i.CommitmentKind == commitments.LeadershipKind {
			return fields
		}
		return append([]ui.FieldProps{amount(max(0, i.Pledged-i.Delivered))}, fields...)
	}
	return nil
}

// duePoll is the poll of an item, as far as it is told there.
func duePoll(i due.Item) polls.Poll {
	p := polls.Poll{Zone: i.Zone, Minutes: i.Minutes, Times: i.Times}
	p.Ranking = polls.Rank(p, nil)
	return p
}

// dueDetail says more of an item: when and where, by when, how much.
func dueDetail(ctx context.Context, i due.Item) string {
	amount := func(n int64) string { return amountText(ctx, i.CommitmentKind, n, i.Currency) }
	switch i.Kind {
	case due.MeetingItem:
		there := ctx
		if zone, err := time.LoadLocation(i.Zone); err == nil {
			there = i18n.WithZone(ctx, zone)
		}
		return dotted(civilDay(ctx, i.On), i18n.Clock(there, *i.StartsAt), elsewhere(ctx, i.Zone), i.Place)
	case polls.DueItem:
		return dotted(i18n.T(ctx, "due.poll_times", i18n.Args{"Count": len(i.Times), "Date": civilDay(ctx, i.On)}), elsewhere(ctx, i.Zone), i.Place)
	case due.DeliveryItem:
		return dotted(i18n.T(ctx, "due.shows", i18n.Args{"Pledged": amount(i.Pledged), "Amount": amount(i.Amount)}), i.Note)
	case due.CommitmentItem:
		if i.CommitmentKind == commitments.LeadershipKind {
			return i18n.T(ctx, "due.period_over", i18n.Args{"Date": civilDay(ctx, i.On)})
		}
		return i18n.T(ctx, "due.pledged_until", i18n.Args{"Pledged": amount(i.Pledged), "Delivered": amount(i.Delivered), "Date": civilDay(ctx, i.On)})
	case due.AgreementItem:
		if i.On == "" {
			return i18n.T(ctx, "due.agreement_sent_text")
		}
		return i18n.T(ctx, "due.agreement_text", i18n.Args{"Date": civilDay(ctx, i.On)})
	}
	if i.On != "" {
		return i18n.T(ctx, "due.by", i18n.Args{"Date": civilDay(ctx, i.On)})
	}
	return i18n.T(ctx, "due.asked", i18n.Args{"Date": civilDay(ctx, i.Since)})
}
