package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/surveys"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// survey reads the survey of the address.
func (s *Server) survey(r *http.Request) (surveys.Wave, error) {
	i, err := pathID[surveys.Wave](r)
	if err != nil {
		return surveys.Wave{}, err
	}
	return surveys.Get.Do(r.Context(), s.app.Door, surveys.Ref{ID: i})
}

// surveyRecord is GET …/surveys/{id}.
func (s *Server) surveyRecord(w http.ResponseWriter, r *http.Request) error {
	one, err := s.survey(r)
	if err != nil {
		return err
	}
	return s.surveyPage(w, r, http.StatusOK, one, url.Values{}, faults{}, nil)
}

func (s *Server) surveyPage(w http.ResponseWriter, r *http.Request, status int, one surveys.Wave, values url.Values, f faults, choice *ui.FieldProps) error {
	ctx := r.Context()
	timeline, err := s.timeline(r, "surveys", surveys.Kind, one.ID)
	if err != nil {
		return err
	}
	props := ui.PageProps{Title: one.Title, Lede: dotted(one.Instrument, i18n.T(ctx, "surveys.edition", i18n.Args{"Number": one.Edition}), i18n.T(ctx, "survey_modes."+one.Mode)), Crumbs: surveyCrumbs(ctx),
		HeadingTags: []ui.TagProps{{Label: i18n.T(ctx, "survey_states."+one.State), Kind: surveyStateKinds[one.State]}}}
	if one.Thin {
		props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Warn, Text: i18n.T(ctx, "surveys.thin", i18n.Args{"Count": int(one.Invited)})})
	}
	switch {
	case one.Drawn:
		props.Notices = append(props.Notices, ui.NoticeProps{Text: i18n.T(ctx, "surveys.drawn")})
	case one.Marked():
		props.Notices = append(props.Notices, ui.NoticeProps{Text: i18n.T(ctx, "surveys.drawn_anonymous")})
	}
	if n, ok := surveyLettersNotice(r); ok {
		props.Notices = append(props.Notices, n)
	}
	s.surveyActions(ctx, one, &props)
	var content []templ.Component
	if one.MayEdit && len(one.Cuts) > 1 {
		content = append(content, surveyReleasePanel(ctx, one))
	}
	if one.State != surveys.Draft {
		content = append(content, surveyProgressPanel(ctx, one))
	}
	if one.ForEvaluator {
		file, err := s.surveyFilePanel(ctx, one)
		if err != nil {
			return err
		}
		content = append(content, file)
	}
	people, err := s.surveyPeoplePanel(ctx, one, values, f, choice)
	if err != nil {
		return err
	}
	t := func(key string) string { return i18n.T(ctx, "surveys.field_"+key) }
	facts := ui.Facts(ui.FactsProps{Heading: i18n.T(ctx, "list.facts"), Facts: []ui.Fact{{Label: t("opens_on"), Value: civilDay(ctx, one.OpensOn)}, {Label: t("closes_on"), Value: civilDay(ctx, one.ClosesOn)},
		{Label: t("grace_days"), Value: i18n.Number(ctx, one.GraceDays)}, {Label: t("remind_every"), Value: i18n.Number(ctx, one.RemindEvery)}, {Label: t("remind_most"), Value: i18n.Number(ctx, one.RemindMost)}, {Label: t("languages"), Value: i18n.List(ctx, one.Languages)}, {Label: t("evergreen"), Value: yesNo(ctx, one.Evergreen)}}})
	return s.show(w, r, status, "working-together", props, append(content, people, ui.Record(ui.RecordProps{Facts: facts, Timeline: timeline}))...)
}

// surveyActions offers what comes next as the page's action, and the rest in its menu.
func (s *Server) surveyActions(ctx context.Context, one surveys.Wave, props *ui.PageProps) {
	address, version := surveyAddress(ctx, one.ID, ""), []ui.Hidden{{Name: "version", Value: number(one.Version)}}
	if one.DeletedAt != nil {
		props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Warn, Text: i18n.T(ctx, "list.is_in_trash", i18n.Args{"When": i18n.DateTime(ctx, *one.DeletedAt)})})
		if s.may(ctx, "survey-waves.restore") {
			props.Primary = &ui.Action{Label: i18n.T(ctx, "list.restore"), Href: address + "/restore", Post: true, Hidden: version, Icon: "undo"}
		}
		return
	}
	if one.MayEdit {
		step := func(state, label string) ui.Action {
			return ui.Action{Label: i18n.T(ctx, label), Href: address + "/state", Post: true, Hidden: append(version, ui.Hidden{Name: "state", Value: state})}
		}
		switch one.State {
		case surveys.Draft:
			props.Primary = new(step(surveys.Open, "surveys.open"))
		case surveys.Open:
			props.Primary = &ui.Action{Label: i18n.T(ctx, "surveys.invite"), Href: address + "/invite", Post: true, Icon: "mail"}
			props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "surveys.remind"), Href: address + "/invite", Post: true, Hidden: []ui.Hidden{{Name: "again", Value: "true"}}, Icon: "mail"},
				step(surveys.Closed, "surveys.close"), step(surveys.Draft, "surveys.unopen"))
			if one.Evergreen && s.may(ctx, "survey-waves.snapshot") {
				props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "surveys.snapshot"), Href: address + "/snapshots", Post: true, Confirm: i18n.T(ctx, "surveys.snapshot_confirm"), Icon: "chart"})
			}
		case surveys.Closed:
			if len(one.Cuts) < 2 { // or the form offers it
				release := step(surveys.Released, "surveys.release")
				release.Confirm = i18n.T(ctx, "surveys.release_confirm")
				props.Primary = &release
			}
			props.Menu = append(props.Menu, step(surveys.Open, "surveys.reopen"))
		case surveys.Released:
			props.Primary = &ui.Action{Label: i18n.T(ctx, "surveys.to_results"), Href: surveyResultAddress(ctx, one.ID, ""), Icon: "chart"}
		}
		if one.State != surveys.Released {
			props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "list.edit"), Href: address + "/edit", Icon: "edit"})
		}
	}
	if one.Mode == surveys.Named && one.State != surveys.Draft && s.may(ctx, "survey-waves.answers") {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "surveys.answers"), Href: address + "/answers", Icon: "eye"})
	}
	if s.may(ctx, "survey-waves.trash") {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "list.trash"), Href: address + "/trash", Post: true, Hidden: version, Icon: "trash"})
	}
}

// surveyReleasePanel asks by what figures are told, which is decided with their release.
func surveyReleasePanel(ctx context.Context, one surveys.Wave) templ.Component {
	fields := []ui.FieldProps{{Kind: ui.Checkboxes, Name: "cuts", Label: i18n.T(ctx, "surveys.release_cuts"), Help: i18n.T(ctx, "surveys.release_cuts_help"), Options: options(ctx, "survey_cuts.", one.Cuts), Values: one.Cuts[:1]}}
	form := ui.FormProps{ID: "release", Action: surveyAddress(ctx, one.ID, "/state"), Submit: i18n.T(ctx, "surveys.release"), Confirm: i18n.T(ctx, "surveys.release_confirm"), Unguarded: true,
		Hidden: []ui.Hidden{{Name: "version", Value: number(one.Version)}, {Name: "state", Value: surveys.Released}, {Name: "chosen", Value: "true"}}}
	return with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "surveys.release_heading")}), with(ui.Form(form), formFields(fields)))
}

// surveyProgressPanel counts by organization, and says nothing of anybody.
func surveyProgressPanel(ctx context.Context, one surveys.Wave) templ.Component {
	note, title, counted := "surveys.progress_note", "surveys.progress_title", "surveys.field_answered"
	if one.Mode == surveys.Anonymous {
		note, title, counted = "surveys.progress_note_slips", "surveys.progress_title_slips", "surveys.field_slips"
	}
	content := []templ.Component{muted(i18n.T(ctx, note))}
	if len(one.Progress) > 0 {
		table := ui.TableProps{ID: "progress", Caption: i18n.T(ctx, title), Columns: []ui.Column{{Label: i18n.T(ctx, "surveys.field_organization")}, {Label: i18n.T(ctx, "surveys.field_invited"), Numeric: true}, {Label: i18n.T(ctx, counted), Numeric: true}}}
		for _, p := range one.Progress {
			table.Rows = append(table.Rows, ui.TableRow{Cells: []ui.Cell{{Text: or(p.Organization, i18n.T(ctx, "surveys.smaller"))}, {Text: i18n.Number(ctx, p.Invited)}, {Text: i18n.Number(ctx, p.Answered)}}})
		}
		content = append([]templ.Component{ui.Table(table)}, content...)
	}
	return with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, title), Detail: surveyProgress(ctx, one)}), content...)
}

// surveyPeoplePanel is who is invited, with the forms to invite more while it is a draft.
func (s *Server) surveyPeoplePanel(ctx context.Context, one surveys.Wave, values url.Values, f faults, choice *ui.FieldProps) (templ.Component, error) {
	address, draft := surveyAddress(ctx, one.ID, ""), one.MayEdit && one.State == surveys.Draft
	grows := draft || one.MayEdit && one.Evergreen && one.State == surveys.Open
	content := []templ.Component{muted(i18n.T(ctx, "surveys.nobody"))}
	if len(one.People) > 0 {
		table := ui.TableProps{ID: "people", Caption: i18n.T(ctx, "surveys.people"), Columns: []ui.Column{{Label: i18n.T(ctx, "surveys.field_person")}, {Label: i18n.T(ctx, "surveys.field_organization")}}}
		if draft {
			table.Columns = append(table.Columns, ui.Column{Label: i18n.T(ctx, "list.actions"), HideLabel: true})
		}
		for _, v := range one.People {
			row := ui.TableRow{Cells: []ui.Cell{{Text: named(ctx, v.Person), Href: place(ctx, "people/"+v.PersonID.Short())}, {Text: v.Organization}}}
			if draft {
				row.Cells = append(row.Cells, ui.Cell{Content: acts([]ui.Action{{Label: i18n.T(ctx, "surveys.take_out"), Href: address + "/people/remove", Post: true, Hidden: []ui.Hidden{{Name: "person", Value: v.PersonID.String()}}, Kind: ui.Bare}})})
			}
			table.Rows = append(table.Rows, row)
		}
		content[0] = ui.Table(table)
	}
	if grows {
		bodies, err := s.bodyOptions(ctx, "")
		if err != nil {
			return nil, err
		}
		fields := []ui.FieldProps{{Kind: ui.Select, Name: "body", Label: i18n.T(ctx, "surveys.field_body"), Options: bodies},
			{Kind: ui.Select, Name: "role", Label: i18n.T(ctx, "surveys.field_role"), Blank: i18n.T(ctx, "list.any"), Options: options(ctx, "seat_roles.", directory.SeatRoles)}}
		content = append(content, with(folded(i18n.T(ctx, "surveys.invite_body")), with(ui.Form(ui.FormProps{ID: "invite-body", Action: address + "/people", Submit: i18n.T(ctx, "surveys.invite_body"), SubmitKind: ui.Quiet}), formFields(fields))))
		person := []ui.FieldProps{s.personLookup(ctx, values, "person", i18n.T(ctx, "surveys.field_person"), "")}
		form := ui.FormProps{ID: "invite-person", Action: address + "/people", Submit: i18n.T(ctx, "surveys.invite_person"), SubmitKind: ui.Quiet}
		if choice != nil {
			person = append(person, *choice)
			form.Hidden = []ui.Hidden{{Name: "person_for", Value: values.Get("person")}}
		}
		person = f.mark(person)
		form.Errors = f.explain(person)
		if invite := with(ui.Form(form), formFields(person)); len(f.list) > 0 {
			content = append(content, invite)
		} else {
			content = append(content, with(folded(i18n.T(ctx, "surveys.invite_person")), invite))
		}
	}
	panel := ui.PanelProps{Heading: i18n.T(ctx, "surveys.people")}
	if one.State != surveys.Draft {
		panel.Detail = i18n.T(ctx, "surveys.people_frozen")
	}
	return with(ui.Panel(panel), content...), nil
}

// surveyStep is POST …/surveys/{id}/state.
func (s *Server) surveyStep(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	one, err := s.survey(r)
	if err != nil {
		return err
	}
	in := surveys.StepInput{ID: one.ID, Version: formVersion(r), State: r.PostFormValue("state")}
	if r.PostFormValue("chosen") != "" {
		in.Cuts = new(slices.Clone(r.PostForm["cuts"]))
	}
	var receipt operation.Receipt
	_, err = surveys.Step.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in)
	if f, ok := formFaults(ctx, err); ok {
		return s.surveyPage(w, r, http.StatusUnprocessableEntity, one, url.Values{}, f, nil)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, surveyAddress(ctx, one.ID, ""), "survey-waves.step", receipt)
}

// surveySnapshot is POST …/surveys/{id}/snapshots.
func (s *Server) surveySnapshot(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	one, err := s.survey(r)
	if err != nil {
		return err
	}
	made, err := surveys.Snapshot.Do(ctx, s.app.Door, surveys.SnapshotInput{ID: one.ID})
	if f, ok := formFaults(ctx, renamed(err, "id", "state")); ok {
		return s.surveyPage(w, r, http.StatusUnprocessableEntity, one, url.Values{}, f, nil)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, surveyAddress(ctx, made.ID, ""), "survey-waves.snapshot", operation.Receipt{})
}

// surveyInvite is POST …/surveys/{id}/invite.
func (s *Server) surveyInvite(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	i, err := pathID[surveys.Wave](r)
	if err != nil {
		return err
	}
	told, err := s.app.Surveys.Invite.Do(ctx, s.app.Door, surveys.InviteInput{ID: i, Again: r.PostFormValue("again") == "true"})
	if err != nil {
		return err
	}
	q := url.Values{"letters": {number(told.Letters)}, "no_address": {number(told.NoAddress)}, "stopped": {number(told.Stopped)}, "lately": {number(told.Lately)}}
	return s.done(w, r, surveyAddress(ctx, i, "")+"?"+q.Encode(), "survey-waves.invite", operation.Receipt{})
}

// surveyLettersNotice says what became of the letters that were asked for.
func surveyLettersNotice(r *http.Request) (ui.NoticeProps, bool) {
	ctx, q := r.Context(), r.URL.Query()
	if q.Get("letters") == "" || q.Get("done") != "survey-waves.invite" {
		return ui.NoticeProps{}, false
	}
	n := ui.NoticeProps{Text: i18n.T(ctx, "surveys.letters", i18n.Args{"Count": int(whole(q.Get("letters")))})}
	for _, key := range []string{"no_address", "stopped", "lately"} {
		if count := whole(q.Get(key)); count > 0 {
			n.Text += " " + i18n.T(ctx, "surveys.letters_"+key, i18n.Args{"Count": int(count)})
		}
	}
	return n, true
}

// surveyPeopleAdd is POST …/surveys/{id}/people: a group, or somebody, is invited.
func (s *Server) surveyPeopleAdd(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	one, err := s.survey(r)
	if err != nil {
		return err
	}
	in := surveys.PeopleInput{WaveID: one.ID}
	var choice *ui.FieldProps
	if body, bad := id.Parse[directory.Body](v.Get("body")); bad == nil {
		in.Bodies = []directory.BodyID{body}
		if role := v.Get("role"); role != "" {
			in.Roles = []string{role}
		}
	} else {
		var person directory.PersonID
		person, choice, err = s.personChoice(ctx, v, "person")
		if err == nil && person.IsZero() {
			err = operation.InvalidField("person", "errors.required")
		}
		in.People = []directory.PersonID{person}
	}
	var receipt operation.Receipt
	if err == nil {
		_, err = surveys.AddPeople.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in)
	}
	if f, ok := formFaults(ctx, renamed(err, "people", "person")); ok {
		return s.surveyPage(w, r, http.StatusUnprocessableEntity, one, v, f, choice)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, surveyAddress(ctx, one.ID, ""), "survey-waves.add-people", receipt)
}

// surveyPeopleRemove is POST …/surveys/{id}/people/remove.
func (s *Server) surveyPeopleRemove(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	one, err := s.survey(r)
	if err != nil {
		return err
	}
	person, err := id.Parse[directory.Person](r.PostFormValue("person"))
	if err != nil {
		return operation.Missing()
	}
	var receipt operation.Receipt
	if _, err := surveys.RemovePeople.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, surveys.NamesInput{WaveID: one.ID, People: []directory.PersonID{directory.PersonID(person)}}); err != nil {
		return err
	}
	return s.done(w, r, surveyAddress(ctx, one.ID, ""), "survey-waves.remove-people", receipt)
}
