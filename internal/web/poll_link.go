package web

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/a-h/templ"

	"commontable/internal/backbone/polls"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// pollLink is GET /poll/{secret}: which of the proposed times suit somebody. It needs
// no account and no scripts, and looking changes nothing.
func (s *Server) pollLink(w http.ResponseWriter, r *http.Request) error {
	return s.pollLinkPage(w, r, http.StatusOK, nil, nil)
}

func (s *Server) pollLinkPage(w http.ResponseWriter, r *http.Request, status int, values url.Values, fault error) error {
	c, view, err := s.app.Polls.Look(r.Context(), s.app.Door, r.PathValue("secret"))
	if err != nil {
		return s.replyDead(w, r, err)
	}
	return s.pollLinkShow(w, r, status, c, view, values, fault)
}

// pollLinkAnswer is POST /poll/{secret}. The page is shown again at once: a redirect
// would repeat its address. Another zone is shown without an answer being given.
func (s *Server) pollLinkAnswer(w http.ResponseWriter, r *http.Request) error {
	if again, ok := s.chosenLanguage(w, r); ok {
		return s.pollLink(w, again)
	}
	ctx, v := r.Context(), r.PostForm
	if v.Get("do") == "zone" {
		return s.pollLinkPage(w, r, http.StatusOK, v, nil)
	}
	_, before, err := s.app.Polls.Look(ctx, s.app.Door, r.PathValue("secret"))
	if err != nil {
		return s.replyDead(w, r, err)
	}
	given, _ := answersOf(before.Poll, v)
	c, view, err := s.app.Polls.Answer(ctx, s.app.Door, polls.LinkAnswer{Secret: r.PathValue("secret"), Answers: given, Zone: v.Get("zone")})
	if _, ok := faultsOf(ctx, err); ok {
		return s.pollLinkPage(w, r, http.StatusUnprocessableEntity, v, err)
	}
	if err != nil {
		return s.replyDead(w, r, err)
	}
	return s.pollLinkShow(w, r, http.StatusOK, c, view, nil, nil)
}

func (s *Server) pollLinkShow(w http.ResponseWriter, r *http.Request, status int, c operation.Collaborative, view polls.View, values url.Values, fault error) error {
	r = s.inTheirLanguage(r, view.Language)
	p := view.Poll
	props := ui.TaskProps{Title: i18n.T(r.Context(), "signin.link_dead"), Collaborative: c.Name}
	if view.State == polls.Gone {
		props.Privacy = i18n.T(r.Context(), "poll_link.gone")
		return s.showTask(w, r, http.StatusNotFound, props)
	}
	ctx := i18n.WithZone(r.Context(), p.At(p.Times[0]).Location())
	r = r.WithContext(ctx)
	zone := or(view.Zone, p.Zone)
	if values != nil {
		zone = or(values.Get("zone"), p.Zone)
	}
	props.Title = p.Title
	props.Privacy = i18n.T(ctx, "poll_link."+view.State)
	if view.State == polls.Open && p.NamesShown {
		props.Privacy = i18n.T(ctx, "poll_link.open_names")
	}
	facts := []ui.Fact{{Label: i18n.T(ctx, "polls.field_minutes"), Value: minutesText(ctx, p.Minutes)}, {Label: i18n.T(ctx, "polls.field_mode"), Value: i18n.T(ctx, "meeting_modes."+p.Mode)}}
	if p.Place != "" {
		facts = append(facts, ui.Fact{Label: i18n.T(ctx, "polls.field_place"), Value: p.Place})
	}
	if p.Purpose != "" {
		facts = append(facts, ui.Fact{Label: i18n.T(ctx, "polls.field_purpose"), Content: prose(p.Purpose)})
	}
	facts = append(facts, ui.Fact{Label: i18n.T(ctx, "polls.field_zone"), Value: p.Zone})
	content := []templ.Component{ui.Facts(ui.FactsProps{Facts: facts})}
	switch view.State {
	case polls.Open:
		if view.Fresh {
			props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Good, Text: i18n.T(ctx, "poll_link.answered", i18n.Args{"Name": view.Name})})
		}
		content = append(content, s.pollLinkForm(r, view, zone, values, fault))
	case polls.Decided:
		for _, o := range p.Ranking {
			if o.Time == p.Chosen {
				props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Good, Text: dotted(optionWhen(ctx, o), yourTime(ctx, o, zone))})
			}
		}
	}
	if p.NamesShown && len(p.People) > 0 {
		grid := answerGrid(ctx, ctx, p, func(a polls.Asked) ui.Cell { return ui.Cell{Text: named(ctx, a.Person)} })
		content = append(content, with(stack(), with(part(i18n.T(ctx, "polls.people")), ui.Table(grid))))
	}
	return s.showTask(w, r, status, props, content...)
}

// pollLinkForm asks about every time, in the poll's zone and, where that is another,
// in the reader's.
func (s *Server) pollLinkForm(r *http.Request, view polls.View, zone string, values url.Values, fault error) templ.Component {
	ctx, p := r.Context(), view.Poll
	f, _ := faultsOf(ctx, fault)
	mine := view.Mine
	if values != nil {
		_, mine = answersOf(p, values)
	}
	fields := answerFields(ctx, p, mine, func(o polls.Option) (string, string) {
		counts := i18n.T(ctx, "polls.counts", i18n.Args{"Yes": i18n.Number(ctx, o.Yes), "Maybe": i18n.Number(ctx, o.Maybe), "No": i18n.Number(ctx, o.No), "Open": i18n.Number(ctx, o.Open)})
		return optionWhen(ctx, o), dotted(yourTime(ctx, o, zone), counts)
	})
	fields = append(fields, ui.FieldProps{Kind: ui.Select, Name: "zone", Label: i18n.T(ctx, "poll_link.zone"), Help: i18n.T(ctx, "poll_link.help_zone"), Options: zoneOptions(zone), Value: zone})
	fields = f.mark(fields)
	form := ui.FormProps{Action: r.URL.EscapedPath(), Errors: f.explain(fields), Submit: i18n.T(ctx, "poll_link.send"), Extra: []ui.SubmitButton{{Label: i18n.T(ctx, "poll_link.show_zone"), Name: "do", Value: "zone"}}}
	return with(stack(), with(part(i18n.T(ctx, "poll_link.question", i18n.Args{"Name": view.Name})), with(ui.Form(form), formFields(fields))))
}

// yourTime is when a proposed time begins on the reader's own clock; nothing where
// that shows the same.
func yourTime(ctx context.Context, o polls.Option, zone string) string {
	own, err := time.LoadLocation(zone)
	if err != nil || own.String() == i18n.Zone(ctx).String() {
		return ""
	}
	return i18n.T(ctx, "meetings.your_time", i18n.Args{"Time": i18n.ShortDateTime(i18n.WithZone(ctx, own), o.StartsAt)})
}
