package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"commontable/internal/backbone/polls"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// optionWhen is a proposed time in words, in the zone of ctx.
func optionWhen(ctx context.Context, o polls.Option) string {
	return i18n.T(ctx, "meetings.when", i18n.Args{"Day": i18n.Date(ctx, o.StartsAt), "From": i18n.Clock(ctx, o.StartsAt), "To": i18n.Clock(ctx, o.EndsAt)})
}

// pollRecord is GET …/polls/{id}.
func (s *Server) pollRecord(w http.ResponseWriter, r *http.Request) error {
	p, err := s.poll(r)
	if err != nil {
		return err
	}
	return s.pollPage(w, r, http.StatusOK, p, url.Values{}, faults{})
}

func (s *Server) pollPage(w http.ResponseWriter, r *http.Request, status int, p polls.Poll, values url.Values, f faults) error {
	ctx := r.Context()
	timeline, err := s.timeline(r, "polls", polls.Kind, p.ID)
	if err != nil {
		return err
	}
	props := ui.PageProps{Title: p.Title, Lede: dotted(p.Body, minutesText(ctx, p.Minutes), i18n.T(ctx, "meetings.in_zone", i18n.Args{"Zone": p.Zone})), Crumbs: pollCrumbs(ctx),
		HeadingTags: []ui.TagProps{{Label: i18n.T(ctx, "poll_states."+p.State), Kind: pollStateKinds[p.State]}}}
	if n, ok := pollLettersNotice(r); ok {
		props.Notices = append(props.Notices, n)
	}
	s.pollActions(ctx, p, &props)
	parts := []templ.Component{s.pollTimesPanel(ctx, p, values, f), s.pollPeoplePanel(ctx, p)}
	return s.show(w, r, status, "bodies", props, append(parts, ui.Record(ui.RecordProps{Facts: pollFacts(ctx, p), Timeline: timeline}))...)
}

// pollActions offers what comes next as the page's action, and the rest in its menu.
func (s *Server) pollActions(ctx context.Context, p polls.Poll, props *ui.PageProps) {
	address, version := pollAddress(ctx, p.ID, ""), []ui.Hidden{{Name: "version", Value: number(p.Version)}}
	if p.DeletedAt != nil {
		props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Warn, Text: i18n.T(ctx, "list.is_in_trash", i18n.Args{"When": i18n.DateTime(ctx, *p.DeletedAt)})})
		if s.may(ctx, "polls.restore") {
			props.Primary = &ui.Action{Label: i18n.T(ctx, "list.restore"), Href: address + "/restore", Post: true, Hidden: version, Icon: "undo"}
		}
		return
	}
	if p.MayEdit {
		step := func(state, label, icon string) ui.Action {
			return ui.Action{Label: i18n.T(ctx, label), Href: address + "/state", Post: true, Hidden: append(version, ui.Hidden{Name: "state", Value: state}), Icon: icon}
		}
		switch p.State {
		case polls.Open:
			var fresh bool
			for _, a := range p.People {
				fresh = fresh || a.ToldAt == nil
			}
			ask := ui.Action{Label: i18n.T(ctx, "polls.ask"), Href: address + "/ask", Post: true, Icon: "mail"}
			again := ui.Action{Label: i18n.T(ctx, "polls.remind"), Href: address + "/ask", Post: true, Hidden: []ui.Hidden{{Name: "again", Value: "true"}}, Icon: "mail"}
			switch {
			case fresh:
				props.Primary = &ask
				props.Menu = append(props.Menu, again)
			case p.Answered < p.Asked:
				props.Primary = &again
			}
			props.Menu = append(props.Menu, step(polls.Closed, "polls.close", "x"))
		case polls.Closed:
			props.Primary = new(step(polls.Open, "polls.reopen", "undo"))
		case polls.Decided:
			props.Primary = &ui.Action{Label: i18n.T(ctx, "polls.to_meeting"), Href: meetingAddress(ctx, p.MeetingID, "")}
		}
		if p.State != polls.Decided {
			props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "list.edit"), Href: address + "/edit", Icon: "edit"})
		}
	}
	props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "polls.download_csv"), Href: address + "/answers.csv", Icon: "download"}, ui.Action{Label: i18n.T(ctx, "polls.download_xlsx"), Href: address + "/answers.xlsx", Icon: "download"})
	if s.may(ctx, "polls.trash") {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "list.trash"), Href: address + "/trash", Post: true, Hidden: version, Icon: "trash"})
	}
}

// pollTimesPanel are the proposed times, the best first, with the rule of their order
// beside them and, while the poll runs, what can be done with each.
func (s *Server) pollTimesPanel(ctx context.Context, p polls.Poll, values url.Values, f faults) templ.Component {
	there, address := i18n.WithZone(ctx, p.At(p.Times[0]).Location()), pollAddress(ctx, p.ID, "")
	table := ui.TableProps{ID: "times", Caption: i18n.T(ctx, "polls.times"), Columns: []ui.Column{{Label: i18n.T(ctx, "polls.field_time")}, {Label: i18n.T(ctx, "poll_answers.yes"), Numeric: true},
		{Label: i18n.T(ctx, "poll_answers.maybe"), Numeric: true}, {Label: i18n.T(ctx, "poll_answers.no"), Numeric: true}, {Label: i18n.T(ctx, "polls.unanswered"), Numeric: true}}}
	running := p.MayEdit && p.State != polls.Decided
	if running {
		table.Columns = append(table.Columns, ui.Column{Label: i18n.T(ctx, "list.actions"), HideLabel: true})
	}
	for _, o := range p.Ranking {
		first := ui.Cell{Text: optionWhen(there, o)}
		if o.Time == p.Chosen {
			first.Tags = []ui.TagProps{{Label: i18n.T(ctx, "polls.chosen"), Kind: ui.Good}}
		}
		if len(o.Missing) > 0 {
			first.Detail = i18n.T(ctx, "polls.missing", i18n.Args{"Names": i18n.List(ctx, o.Missing)})
		}
		row := ui.TableRow{Cells: []ui.Cell{first, {Text: i18n.Number(ctx, o.Yes)}, {Text: i18n.Number(ctx, o.Maybe)}, {Text: i18n.Number(ctx, o.No)}, {Text: i18n.Number(ctx, o.Open)}}}
		if running {
			acting := []ui.Action{{Label: i18n.T(ctx, "polls.choose"), Href: address + "/choose?" + url.Values{"time": {o.Time}}.Encode(), Kind: ui.Quiet}}
			if len(p.Times) > 1 {
				acting = append(acting, ui.Action{Label: i18n.T(ctx, "polls.take_out"), Href: address + "/times", Post: true, Kind: ui.Bare, Hidden: []ui.Hidden{{Name: "version", Value: number(p.Version)}, {Name: "remove", Value: o.Time}}})
			}
			row.Cells = append(row.Cells, ui.Cell{Content: acts(acting)})
		}
		table.Rows = append(table.Rows, row)
	}
	content := []templ.Component{ui.Table(table), muted(i18n.T(ctx, "polls.rule"))}
	if running {
		fields := f.mark(filled(pollTimeFields(ctx), values))
		form := with(ui.Form(ui.FormProps{Action: address + "/times", Hidden: []ui.Hidden{{Name: "version", Value: number(p.Version)}}, Errors: f.explain(fields), Submit: i18n.T(ctx, "polls.propose"), SubmitKind: ui.Quiet}), formFields(fields))
		if len(f.list) > 0 {
			content = append(content, form)
		} else {
			content = append(content, with(folded(i18n.T(ctx, "polls.propose")), form))
		}
	}
	return with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "polls.times"), Detail: pollProgress(ctx, p)}), content...)
}

// pollPeoplePanel is who answered what, and the form to ask somebody else.
func (s *Server) pollPeoplePanel(ctx context.Context, p polls.Poll) templ.Component {
	there, address := i18n.WithZone(ctx, p.At(p.Times[0]).Location()), pollAddress(ctx, p.ID, "")
	content := []templ.Component{muted(i18n.T(ctx, "polls.nobody"))}
	if len(p.People) > 0 {
		content[0] = ui.Table(answerGrid(ctx, there, p, func(a polls.Asked) ui.Cell {
			cell := ui.Cell{Text: named(ctx, a.Person), Detail: pollPersonDetail(ctx, a)}
			if a.Required {
				cell.Tags = []ui.TagProps{{Label: i18n.T(ctx, "polls.required"), Kind: ui.Due}}
			}
			if p.MayEdit && p.State != polls.Decided {
				cell.Href = address + "/people/" + a.PersonID.Short()
			}
			return cell
		}))
	}
	if p.MayEdit && p.State != polls.Decided {
		fields := []ui.FieldProps{s.personLookup(ctx, url.Values{}, "person", i18n.T(ctx, "polls.field_person"), "")}
		content = append(content, with(folded(i18n.T(ctx, "polls.ask_else")), with(ui.Form(ui.FormProps{Action: address + "/people", Submit: i18n.T(ctx, "polls.ask_else"), SubmitKind: ui.Quiet}), formFields(fields))))
	}
	return with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "polls.people"), Detail: i18n.T(ctx, "polls.people_seen_"+ticked(p.NamesShown)+"names")}), content...)
}

// pollPersonDetail is how far somebody is.
func pollPersonDetail(ctx context.Context, a polls.Asked) string {
	switch {
	case a.AnsweredAt != nil:
		return i18n.T(ctx, "polls.answered_on", i18n.Args{"Day": i18n.ShortDate(ctx, *a.AnsweredAt)})
	case a.ToldAt != nil:
		return i18n.T(ctx, "polls.told_on", i18n.Args{"Day": i18n.ShortDate(ctx, *a.ToldAt)})
	}
	return i18n.T(ctx, "polls.not_told")
}

// answerGrid is a table of people by times; name makes the first cell of a row. The
// times stand in their own order, in the zone of there.
func answerGrid(ctx, there context.Context, p polls.Poll, name func(polls.Asked) ui.Cell) ui.TableProps {
	table := ui.TableProps{ID: "answers", Caption: i18n.T(ctx, "polls.people"), Columns: []ui.Column{{Label: i18n.T(ctx, "polls.field_person")}}}
	for _, text := range p.Times {
		table.Columns = append(table.Columns, ui.Column{Label: i18n.ShortDateTime(there, p.At(text))})
	}
	for _, a := range p.People {
		row := ui.TableRow{Cells: []ui.Cell{name(a)}, Muted: a.AnsweredAt == nil}
		for _, text := range p.Times {
			cell := ui.Cell{Text: i18n.T(ctx, "polls.unanswered")}
			if answer := a.Answers[text]; answer != "" {
				cell = ui.Cell{Tags: []ui.TagProps{{Label: i18n.T(ctx, "poll_answers."+answer), Kind: pollAnswerKinds[answer]}}}
			}
			row.Cells = append(row.Cells, cell)
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

var pollAnswerKinds = map[string]ui.Kind{polls.Yes: ui.Good, polls.Maybe: ui.Due}

func pollFacts(ctx context.Context, p polls.Poll) templ.Component {
	t := func(key string) string { return i18n.T(ctx, "polls.field_"+key) }
	body := ui.Fact{Label: t("body"), Value: or(p.Body, i18n.T(ctx, "meetings.no_body"))}
	if !p.BodyID.IsZero() {
		body.Href = place(ctx, "bodies/"+p.BodyID.Short())
	}
	facts := []ui.Fact{{Label: t("purpose"), Content: prose(p.Purpose)}, body, {Label: t("minutes"), Value: minutesText(ctx, p.Minutes)}, {Label: t("mode"), Value: i18n.T(ctx, "meeting_modes."+p.Mode)}, {Label: t("place"), Value: p.Place}}
	if p.Link != "" {
		facts = append(facts, ui.Fact{Label: t("link"), Value: p.Link, Href: p.Link})
	}
	return ui.Facts(ui.FactsProps{Heading: i18n.T(ctx, "list.facts"), Facts: facts})
}

// pollStep is POST …/polls/{id}/state.
func (s *Server) pollStep(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	i, err := pathID[polls.Poll](r)
	if err != nil {
		return err
	}
	if _, err := polls.Get.Do(ctx, s.app.Door, polls.Ref{ID: i}); err != nil {
		return err // what is not there is missing, whatever the form says
	}
	var receipt operation.Receipt
	if _, err := polls.Step.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, polls.StepInput{ID: i, Version: formVersion(r), State: r.PostFormValue("state")}); err != nil {
		return err
	}
	return s.done(w, r, pollAddress(ctx, i, ""), "polls.step", receipt)
}

// pollAsk is POST …/polls/{id}/ask. The page is shown at once, with what became of
// the letters.
func (s *Server) pollAsk(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	i, err := pathID[polls.Poll](r)
	if err != nil {
		return err
	}
	told, err := s.app.Polls.Ask.Do(ctx, s.app.Door, polls.AskInput{ID: i, Again: r.PostFormValue("again") == "true"})
	if err != nil {
		return err
	}
	q := url.Values{"letters": {number(told.Letters)}, "no_address": {number(told.NoAddress)}, "stopped": {number(told.Stopped)}, "lately": {number(told.Lately)}}
	return s.done(w, r, pollAddress(ctx, i, "")+"?"+q.Encode(), "polls.ask", operation.Receipt{})
}
