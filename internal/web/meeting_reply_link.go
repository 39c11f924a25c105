package web

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"commontable/internal/backbone/calendars"
	"commontable/internal/backbone/convening"
	"commontable/internal/platform/calendar"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// replyAsk is GET /reply/{secret}: whether somebody comes to a meeting. It needs no
// account and no scripts, and looking changes nothing.
func (s *Server) replyAsk(w http.ResponseWriter, r *http.Request) error {
	return s.replyPage(w, r, http.StatusOK, nil, nil)
}

func (s *Server) replyPage(w http.ResponseWriter, r *http.Request, status int, values url.Values, fault error) error {
	c, view, err := s.app.Calendars.Look(r.Context(), s.app.Door, r.PathValue("secret"))
	if err != nil {
		return s.replyDead(w, r, err)
	}
	return s.replyShow(w, r, status, c, view, values, fault)
}

// replyAnswer is POST /reply/{secret}. The page is shown again at once: a redirect
// would repeat its address.
func (s *Server) replyAnswer(w http.ResponseWriter, r *http.Request) error {
	if again, ok := s.chosenLanguage(w, r); ok {
		return s.replyAsk(w, again)
	}
	ctx, v := r.Context(), r.PostForm
	in := calendars.AnswerInput{Secret: r.PathValue("secret"), Reply: v.Get("reply"), StandIn: v.Get("who") == "stand_in", Alternate: v.Get("alternate")}
	if in.Reply == "" && v.Get("alternate") != "" {
		in.Reply = convening.ReplyAlternate
	}
	c, view, err := s.app.Calendars.Answer(ctx, s.app.Door, in)
	if _, ok := faultsOf(ctx, err); ok {
		return s.replyPage(w, r, http.StatusUnprocessableEntity, v, err)
	}
	if err != nil {
		return s.replyDead(w, r, err)
	}
	return s.replyShow(w, r, http.StatusOK, c, view, nil, nil)
}

func (s *Server) replyShow(w http.ResponseWriter, r *http.Request, status int, c operation.Collaborative, view calendars.ReplyView, values url.Values, fault error) error {
	r = s.inTheirLanguage(r, view.Language)
	ctx := i18n.WithZone(r.Context(), c.Zone)
	r = r.WithContext(ctx)
	m := view.Meeting
	props := ui.TaskProps{Title: i18n.T(ctx, "signin.link_dead"), Collaborative: c.Name, Privacy: i18n.T(ctx, "reply_link."+view.State, i18n.Args{"Name": view.Name})}
	if view.State == calendars.ReplyGone {
		return s.showTask(w, r, http.StatusNotFound, props)
	}
	props.Title = m.Title
	reading, err := s.replyMaterials(r)
	if err != nil {
		return err
	}
	when := with(stack(), ui.Facts(ui.FactsProps{Facts: replyFacts(r, m)}), reading)
	if view.State != calendars.ReplyOpen {
		return s.showTask(w, r, http.StatusOK, props, when)
	}
	if view.Reply != "" {
		words := i18n.Args{"Name": view.Name, "Reply": i18n.T(ctx, "meeting_replies."+view.Reply)}
		notice := ui.NoticeProps{Kind: ui.Good, Text: i18n.T(ctx, "reply_link.answered", words)}
		if view.Reply == convening.ReplyAlternate && view.Alternate != "" {
			notice.Text = i18n.T(ctx, "reply_link.answered_alternate", i18n.Args{"Name": view.Name, "Alternate": view.Alternate})
		}
		props.Notices = append(props.Notices, notice)
	}
	e := s.app.Calendars.Event(c, m)
	add := []ui.Action{{Label: i18n.T(ctx, "calendar.add_google"), Href: calendar.GoogleLink(e), Kind: ui.Quiet}, {Label: i18n.T(ctx, "calendar.add_outlook"), Href: calendar.OutlookLink(e, true), Kind: ui.Quiet}}
	return s.showTask(w, r, status, props, when, s.replyForms(r, view, values, fault), with(part(i18n.T(ctx, "calendar.add")), acts(add)))
}

// replyFacts are the meeting, as far as whoever has the link may know it.
func replyFacts(r *http.Request, m convening.Meeting) []ui.Fact {
	ctx := r.Context()
	t := func(key string) string { return i18n.T(ctx, "meetings.field_"+key) }
	facts := []ui.Fact{{Label: t("when"), Value: meetingWhen(ctx, m)}, {Label: t("mode"), Value: i18n.T(ctx, "meeting_modes."+m.Mode)}}
	if m.Place != "" {
		facts = append(facts, ui.Fact{Label: t("place"), Value: m.Place})
	}
	if m.Purpose != "" {
		facts = append(facts, ui.Fact{Label: t("purpose"), Content: prose(m.Purpose)})
	}
	if m.Reason != "" {
		facts = append(facts, ui.Fact{Label: t("reason"), Value: m.Reason})
	}
	return facts
}

// replyForms are one button an answer; who comes instead is a form of its own.
func (s *Server) replyForms(r *http.Request, view calendars.ReplyView, values url.Values, fault error) templ.Component {
	ctx := r.Context()
	f, _ := faultsOf(ctx, fault)
	to := r.URL.EscapedPath()
	var buttons []ui.Action
	for _, answer := range convening.Replies {
		if answer == convening.ReplyAlternate || answer == convening.ReplyOnline && view.Meeting.Mode == convening.Modes[0] {
			continue
		}
		kind := ui.Quiet
		if answer == view.Reply {
			kind = ui.Main
		}
		buttons = append(buttons, ui.Action{Label: i18n.T(ctx, "meetings.i_"+answer), Href: to, Post: true, Kind: kind, Hidden: []ui.Hidden{{Name: "reply", Value: answer}}})
	}
	if view.StandIn != "" {
		buttons = append(buttons, ui.Action{Label: i18n.T(ctx, "reply_link.stand_in", i18n.Args{"Name": view.StandIn}), Href: to, Post: true, Kind: ui.Quiet,
			Hidden: []ui.Hidden{{Name: "reply", Value: convening.ReplyAlternate}, {Name: "who", Value: "stand_in"}}})
	}
	fields := f.mark(filled([]ui.FieldProps{{Name: "alternate", Label: i18n.T(ctx, "reply_link.alternate"), MaxLength: 120, Autocomplete: "off", Required: true}}, values))
	other := with(ui.Form(ui.FormProps{Action: to, Hidden: []ui.Hidden{{Name: "reply", Value: convening.ReplyAlternate}}, Errors: f.explain(fields), Submit: i18n.T(ctx, "reply_link.alternate_send"), SubmitKind: ui.Quiet}), formFields(fields))
	return with(stack(), with(part(i18n.T(ctx, "reply_link.question", i18n.Args{"Name": view.Name})), acts(buttons)), with(folded(i18n.T(ctx, "reply_link.somebody_else")), other))
}

// replyDead explains a link that is not known, or no longer. Other failures it
// returns.
func (s *Server) replyDead(w http.ResponseWriter, r *http.Request, err error) error {
	s.keepAddress(w)
	var e *operation.Error
	if !errors.As(err, &e) || e.Key != "access.link_dead" {
		return err
	}
	ctx := r.Context()
	s.render(w, r, http.StatusNotFound, ui.BarePage(ui.BareProps{Title: i18n.T(ctx, "signin.link_dead"), Lede: i18n.T(ctx, "reply_link.unknown")}), templ.NopComponent)
	return nil
}
