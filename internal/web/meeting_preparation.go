package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"commontable/internal/backbone/convening"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// preparationPanel is what is to be done before and after a meeting; only what comes
// after it on the page of its follow-up.
func (s *Server) preparationPanel(r *http.Request, m convening.Meeting, after bool) (templ.Component, error) {
	ctx := r.Context()
	page, err := convening.ListPreparations.Do(ctx, s.app.Door, convening.ListPreparationsInput{MeetingID: m.ID})
	if err != nil {
		return nil, err
	}
	if after {
		page.Items = slices.DeleteFunc(page.Items, func(p convening.Preparation) bool { return p.Days <= 0 })
	}
	panel := ui.PanelProps{Heading: i18n.T(ctx, "preparations.title")}
	content := []templ.Component{muted(i18n.T(ctx, "preparations.empty"))}
	if len(page.Items) > 0 {
		left := 0
		for _, p := range page.Items {
			if p.DoneAt == nil {
				left++
			}
		}
		panel.Detail = i18n.T(ctx, "preparations.left", i18n.Args{"Count": left})
		content[0] = ui.Table(s.preparationTable(ctx, m, page.Items))
	}
	if m.DeletedAt != nil {
		return with(ui.Panel(panel), content...), nil
	}
	lists, err := convening.ListChecklists.Do(ctx, s.app.Door, convening.ListChecklistsInput{})
	if err != nil {
		return nil, err
	}
	var choices []ui.Option
	for _, l := range lists.Items {
		choices = append(choices, ui.Option{Value: l.ID.String(), Label: l.Name})
	}
	use := ui.FieldProps{Kind: ui.Select, Name: "checklist_id", Label: i18n.T(ctx, "preparations.use"), Blank: i18n.T(ctx, "checklists.standard"), Options: choices}
	content = append(content,
		with(folded(i18n.T(ctx, "preparations.use")), with(ui.Form(ui.FormProps{Action: meetingAddress(ctx, m.ID, "/checklist"), Submit: i18n.T(ctx, "preparations.use"), SubmitKind: ui.Quiet}), ui.Field(use))),
		with(folded(i18n.T(ctx, "preparations.add")), with(ui.Form(ui.FormProps{Action: meetingAddress(ctx, m.ID, "/preparations"), Submit: i18n.T(ctx, "preparations.add"), SubmitKind: ui.Quiet}),
			formFields(s.preparationFields(ctx, url.Values{"days": {"-7"}}, nil)))))
	return with(ui.Panel(panel), content...), nil
}

// preparationTable is what is to be done, with the button beside each line: on a phone
// the rest of a row is scrolled to.
func (s *Server) preparationTable(ctx context.Context, m convening.Meeting, list []convening.Preparation) ui.TableProps {
	t := func(key string) string { return i18n.T(ctx, "preparations.field_"+key) }
	table := ui.TableProps{ID: "preparations", Caption: i18n.T(ctx, "preparations.title"),
		Columns: []ui.Column{{Label: t("text")}, {Label: t("done")}, {Label: t("due_on")}, {Label: t("assignee")}, {Label: i18n.T(ctx, "list.actions"), HideLabel: true}}}
	today := s.today(ctx)
	for _, p := range list {
		address := meetingAddress(ctx, m.ID, "/preparations/"+p.ID.Short())
		hidden := []ui.Hidden{{Name: "version", Value: number(p.Version)}}
		tick := ui.Action{Label: i18n.T(ctx, "preparations.done"), Href: address + "/done", Post: true, Kind: ui.Quiet, Hidden: append(hidden, ui.Hidden{Name: "done", Value: "true"})}
		due := ui.Cell{Text: i18n.ShortCivilDate(ctx, p.DueOn)}
		row := ui.TableRow{Cells: []ui.Cell{{Text: p.Text, Detail: optional(ctx, "preparation_tags.", p.Tag)}, {Content: ui.Button(tick)}, due, {Text: p.Assignee}}}
		if p.DoneAt != nil {
			row.Muted = true
			row.Cells[1] = ui.Cell{Text: i18n.ShortDate(ctx, *p.DoneAt), Detail: i18n.T(ctx, "preparations.done_by", i18n.Args{"Name": p.DoneBy})}
		} else if p.DueOn < today {
			row.Cells[2].Tags = []ui.TagProps{{Label: i18n.T(ctx, "preparations.overdue"), Kind: ui.Due}}
		}
		actions := []ui.Action{{Label: i18n.T(ctx, "list.edit"), Href: address, Icon: "edit"}}
		if p.DoneAt != nil {
			actions = append(actions, ui.Action{Label: i18n.T(ctx, "preparations.not_done"), Href: address + "/done", Post: true, Hidden: hidden, Icon: "undo"})
		}
		actions = append(actions, ui.Action{Label: i18n.T(ctx, "preparations.remove"), Href: address + "/trash", Post: true, Hidden: hidden, Icon: "trash"})
		row.Cells = append(row.Cells, ui.Cell{Content: ui.Menu(ui.MenuProps{Label: i18n.T(ctx, "list.actions"), Icon: "more", IconOnly: true, Actions: actions})})
		table.Rows = append(table.Rows, row)
	}
	return table
}

func (s *Server) preparationFields(ctx context.Context, values url.Values, choice *ui.FieldProps) []ui.FieldProps {
	t := func(key string) string { return i18n.T(ctx, "preparations.field_"+key) }
	fields := []ui.FieldProps{
		{Name: "text", Label: t("text"), Required: true, MaxLength: 300, Autocomplete: "off"},
		{Kind: ui.Number, Name: "days", Label: t("days"), Help: i18n.T(ctx, "preparations.help_days"), Min: "-365", Max: "365", Size: "short"},
		{Kind: ui.Select, Name: "tag", Label: t("tag"), Blank: i18n.T(ctx, "list.none"), Options: options(ctx, "preparation_tags.", convening.Tags)},
		s.personLookup(ctx, values, "assignee", t("assignee"), ""),
	}
	if choice != nil {
		fields = append(fields, *choice)
	}
	return filled(fields, values)
}

// signed reads a number that may be below zero. What is none becomes a number that
// every rule about days refuses.
func signed(text string) int64 {
	if text == "" {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 1 << 40
	}
	return n
}

func (s *Server) preparationForm(w http.ResponseWriter, r *http.Request, status int, m convening.Meeting, p *convening.Preparation, values url.Values, choice *ui.FieldProps, f faults) error {
	ctx := r.Context()
	fields := f.mark(s.preparationFields(ctx, values, choice))
	address := meetingAddress(ctx, m.ID, "")
	props := ui.PageProps{Title: i18n.T(ctx, "preparations.add"), Crumbs: []ui.Link{{Label: i18n.T(ctx, "meetings.title"), Href: place(ctx, "meetings")}, {Label: m.Name(), Href: address}}}
	form := ui.FormProps{Action: address + "/preparations", Errors: f.explain(fields), Cancel: ui.Link{Href: address}}
	if p != nil {
		props.Title = i18n.T(ctx, "preparations.edit")
		form.Action = address + "/preparations/" + p.ID.Short()
		form.Hidden = []ui.Hidden{{Name: "version", Value: number(p.Version)}}
	}
	if choice != nil {
		form.Hidden = append(form.Hidden, ui.Hidden{Name: "assignee_for", Value: values.Get("assignee")})
	}
	return s.show(w, r, status, "bodies", props, with(ui.Form(form), formFields(fields)))
}

// preparationAdd is POST …/meetings/{id}/preparations.
func (s *Server) preparationAdd(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	i, err := pathID[convening.Meeting](r)
	if err != nil {
		return err
	}
	who, choice, err := s.personChoice(ctx, v, "assignee")
	var receipt operation.Receipt
	if err == nil {
		_, err = convening.AddPreparation.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, convening.PreparationInput{MeetingID: i, Text: v.Get("text"), Tag: v.Get("tag"), Days: signed(v.Get("days")), AssigneeID: who})
	}
	if f, ok := faultsOf(ctx, renamed(err, "assignee_id", "assignee")); ok {
		m, err := s.meeting(r)
		if err != nil {
			return err
		}
		return s.preparationForm(w, r, http.StatusUnprocessableEntity, m, nil, v, choice, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, meetingAddress(ctx, i, ""), "preparations.add", receipt)
}

// preparationUse is POST …/meetings/{id}/checklist.
func (s *Server) preparationUse(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	i, err := pathID[convening.Meeting](r)
	if err != nil {
		return err
	}
	list, _ := id.Parse[convening.Checklist](r.PostFormValue("checklist_id")) // empty means the program's own
	var receipt operation.Receipt
	if _, err := convening.UseChecklist.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, convening.UseInput{MeetingID: i, ChecklistID: list}); err != nil {
		return err
	}
	return s.done(w, r, meetingAddress(ctx, i, ""), "preparations.use-checklist", receipt)
}

// preparationLine reads the meeting and the line of the address.
func (s *Server) preparationLine(r *http.Request) (convening.Meeting, convening.Preparation, error) {
	_, part, err := meetingPart[convening.Preparation](r, "line")
	if err != nil {
		return convening.Meeting{}, convening.Preparation{}, err
	}
	m, err := s.meeting(r)
	if err != nil {
		return m, convening.Preparation{}, err
	}
	all, err := convening.ListPreparations.Do(r.Context(), s.app.Door, convening.ListPreparationsInput{MeetingID: m.ID})
	if err != nil {
		return m, convening.Preparation{}, err
	}
	for _, p := range all.Items {
		if p.ID == part {
			return m, p, nil
		}
	}
	return m, convening.Preparation{}, operation.Missing()
}

// preparationEdit is GET …/meetings/{id}/preparations/{line}.
func (s *Server) preparationEdit(w http.ResponseWriter, r *http.Request) error {
	m, p, err := s.preparationLine(r)
	if err != nil {
		return err
	}
	values := url.Values{"text": {p.Text}, "days": {strconv.FormatInt(p.Days, 10)}, "tag": {p.Tag}, "assignee": {p.Assignee}}
	if !p.AssigneeID.IsZero() {
		values.Set("assignee_id", p.AssigneeID.String())
	}
	return s.preparationForm(w, r, http.StatusOK, m, &p, values, nil, faults{})
}

// preparationSave is POST …/meetings/{id}/preparations/{line}.
func (s *Server) preparationSave(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	m, part, err := meetingPart[convening.Preparation](r, "line")
	if err != nil {
		return err
	}
	who, choice, err := s.personChoice(ctx, v, "assignee")
	var receipt operation.Receipt
	if err == nil {
		text, tag, days := v.Get("text"), v.Get("tag"), signed(v.Get("days"))
		_, err = convening.EditPreparation.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, convening.PreparationPatch{MeetingID: m, ID: part, Version: formVersion(r), Text: &text, Tag: &tag, Days: &days, AssigneeID: &who})
	}
	if f, ok := formFaults(ctx, renamed(err, "assignee_id", "assignee")); ok {
		m, p, err := s.preparationLine(r)
		if err != nil {
			return err
		}
		return s.preparationForm(w, r, http.StatusUnprocessableEntity, m, &p, v, choice, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, meetingAddress(ctx, m, ""), "preparations.edit", receipt)
}

// preparationDone is POST …/meetings/{id}/preparations/{line}/done.
func (s *Server) preparationDone(w http.ResponseWriter, r *http.Request) error {
	return meetingPartMoved(s, w, r, "line", convening.EditPreparation, func(m convening.MeetingID, i [16]byte, version int64) convening.PreparationPatch {
		done := r.PostFormValue("done") == "true"
		return convening.PreparationPatch{MeetingID: m, ID: i, Version: version, Done: &done}
	})
}

// preparationTrash is POST …/meetings/{id}/preparations/{line}/trash.
func (s *Server) preparationTrash(w http.ResponseWriter, r *http.Request) error {
	return meetingPartMoved(s, w, r, "line", convening.TrashPreparation, func(m convening.MeetingID, i [16]byte, version int64) convening.PreparationVersion {
		return convening.PreparationVersion{MeetingID: m, ID: i, Version: version}
	})
}
