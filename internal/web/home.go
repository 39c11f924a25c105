package web

import (
	"net/http"

	"github.com/a-h/templ"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// home is GET /c/{collaborative}/: what is new, and for an empty collaborative
// the first steps.
func (s *Server) home(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	c := operation.CollaborativeFrom(ctx)
	props := ui.PageProps{Title: i18n.T(ctx, "home.title"), Heading: c.Name, Lede: i18n.Date(ctx, s.app.Config.Clock.Now())}
	needs, err := s.needsYou(r)
	if err != nil {
		return err
	}
	due, err := s.touchesDue(r)
	if err != nil {
		return err
	}
	ask, err := s.warningsPanel(r)
	if err != nil {
		return err
	}
	promised, err := s.promisesToDo(r)
	if err != nil {
		return err
	}
	calendars, err := s.calendarsToDo(ctx)
	if err != nil {
		return err
	}
	needs = append(append(append(needs, due...), promised...), calendars, ask)
	var panels []templ.Component
	if s.may(ctx, "meetings.list") {
		panel, rows, err := s.meetingsOf(ctx, directory.BodyID{}, i18n.T(ctx, "home.meetings"))
		if err != nil {
			return err
		}
		if len(rows) > 0 {
			panels = append(panels, with(ui.Panel(panel), ui.Rows(rows)))
		}
	}
	if s.may(ctx, "organizations.list") {
		p, err := s.latelyChanged(r)
		if err != nil {
			return err
		}
		panels = append(panels, p...)
	}
	if s.may(ctx, "history.list") {
		page, err := operation.ListHistory.Do(ctx, s.app.Door, operation.ListHistoryInput{Limit: 8})
		if err != nil {
			return err
		}
		timeline := ui.TimelineProps{Heading: i18n.T(ctx, "home.lately"), Older: place(ctx, "settings/history")}
		for _, e := range page.Items {
			entry := s.timelineEntry(r, areas[e.Subject], e)
			entry.Changes, entry.Undo = nil, nil
			if e.Title != "" {
				entry.What += ": " + e.Title
			}
			timeline.Entries = append(timeline.Entries, entry)
		}
		panels = append(panels, ui.Timeline(timeline))
	}
	return s.show(w, r, http.StatusOK, "", props, append(needs, with(ui.Grid(), panels...))...)
}

// needsYou is what waits for somebody of the backbone: agreements to be signed
// or renewed, vacancies and terms that end. The others see no list of tasks that are not theirs.
func (s *Server) needsYou(r *http.Request) ([]templ.Component, error) {
	ctx := r.Context()
	if !s.may(ctx, "seats.fill") {
		return nil, nil
	}
	const most = 6
	agreed, err := s.agreementsToDo(ctx, most)
	if err != nil {
		return nil, err
	}
	terms, err := directory.ListTerms.Do(ctx, s.app.Door, directory.ListTermsInput{Ending: true, Limit: most})
	if err != nil {
		return nil, err
	}
	vacant, err := directory.ListSeats.Do(ctx, s.app.Door, directory.ListSeatsInput{State: directory.Vacant, Limit: most})
	if err != nil {
		return nil, err
	}
	var rows []ui.Row
	today := s.today(ctx)
	for _, t := range terms.Items {
		row := ui.Row{When: i18n.ShortCivilDate(ctx, t.Ends), Title: i18n.T(ctx, "home.term_ends", i18n.Args{"Person": named(ctx, t.Person)}), Href: place(ctx, "seats/"+t.SeatID.Short()),
			Detail: dotted(t.Body, seatName(ctx, t.Role, t.Purpose)), Tag: &ui.TagProps{Label: i18n.T(ctx, "seat_states.ending"), Kind: ui.Warn}}
		if t.Ends <= today {
			row.Tag = &ui.TagProps{Label: i18n.T(ctx, "home.term_over"), Kind: ui.Due}
		}
		rows = append(rows, row)
	}
	for _, x := range vacant.Items {
		rows = append(rows, ui.Row{Title: seatName(ctx, x.Role, x.Purpose), Href: place(ctx, "seats/"+x.ID.Short()), Detail: x.Body,
			Tag: &ui.TagProps{Label: i18n.T(ctx, "seat_states.vacant"), Kind: ui.Due}})
	}
	if len(rows) == 0 {
		return agreed, nil
	}
	panel := ui.PanelProps{Heading: i18n.T(ctx, "home.seats")}
	for _, more := range []struct {
		state string
		next  string
	}{{directory.Ending, terms.Next}, {directory.Vacant, vacant.Next}} {
		if more.next != "" {
			panel.Actions = append(panel.Actions, ui.Action{Label: i18n.T(ctx, "home.all_"+more.state), Href: place(ctx, "seats?state="+more.state), Kind: ui.Quiet})
		}
	}
	return append(agreed, with(ui.Panel(panel), ui.Rows(rows))), nil
}

// latelyChanged are the newest organizations and people, or the first steps
// where there are none.
func (s *Server) latelyChanged(r *http.Request) ([]templ.Component, error) {
	ctx := r.Context()
	organizations, err := directory.ListOrganizations.Do(ctx, s.app.Door, directory.ListOrganizationsInput{Sort: "-updated", Limit: 5})
	if err != nil {
		return nil, err
	}
	people, err := directory.ListPeople.Do(ctx, s.app.Door, directory.ListPeopleInput{Sort: "-updated", Limit: 5})
	if err != nil {
		return nil, err
	}
	if len(organizations.Items) == 0 && len(people.Items) == 0 {
		return []templ.Component{s.firstSteps(r)}, nil
	}
	var rows, folk []ui.Row
	for _, o := range organizations.Items {
		rows = append(rows, ui.Row{When: i18n.ShortDate(ctx, o.UpdatedAt), Title: o.Name, Href: place(ctx, "organizations/"+o.ID.Short()), Detail: o.Place})
	}
	for _, p := range people.Items {
		folk = append(folk, ui.Row{When: i18n.ShortDate(ctx, p.UpdatedAt), Title: p.Name(), Href: place(ctx, "people/"+p.ID.Short()), Detail: affiliation(p).Organization})
	}
	all := func(area string) []ui.Action {
		return []ui.Action{{Label: i18n.T(ctx, "home.all_"+area), Href: place(ctx, area), Kind: ui.Quiet}}
	}
	return []templ.Component{
		with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "organizations.title"), Detail: i18n.T(ctx, "home.organizations", i18n.Args{"Count": int(organizations.Total)}), Actions: all("organizations")}), ui.Rows(rows)),
		with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "people.title"), Detail: i18n.T(ctx, "home.people", i18n.Args{"Count": int(people.Total)}), Actions: all("people")}), ui.Rows(folk)),
	}, nil
}

// firstSteps is what an empty collaborative shows.
func (s *Server) firstSteps(r *http.Request) templ.Component {
	ctx := r.Context()
	e := ui.EmptyProps{Title: i18n.T(ctx, "home.empty"), Text: i18n.T(ctx, "home.empty_text")}
	if s.may(ctx, "organizations.create") {
		e.Actions = append(e.Actions, ui.Action{Label: i18n.T(ctx, "organizations.add"), Href: place(ctx, "organizations/new"), Icon: "plus"})
	}
	if s.may(ctx, "members.invite") {
		e.Actions = append(e.Actions, ui.Action{Label: i18n.T(ctx, "home.invite"), Href: place(ctx, "settings/members"), Icon: "mail"})
	}
	return ui.Empty(e)
}
