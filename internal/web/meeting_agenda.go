package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// agendaPanel is the agenda of a meeting with the time each item begins, and for
// those who prepare it a form for the next item. mode is the page it stands on.
func (s *Server) agendaPanel(r *http.Request, m convening.Meeting, items []convening.Item, mode string) templ.Component {
	ctx := r.Context()
	edit := m.MayPrepare && m.DeletedAt == nil
	panel := ui.PanelProps{Heading: i18n.T(ctx, "agenda.title")}
	content := []templ.Component{muted(i18n.T(ctx, "agenda.empty"))}
	if len(items) > 0 {
		var planned int64
		for _, i := range items {
			planned += i.Minutes
		}
		panel.Detail = i18n.T(ctx, "agenda.planned_minutes", i18n.Args{"Planned": int(planned), "Minutes": int(m.Minutes)})
		content[0] = ui.Table(agendaTable(ctx, m, items, edit, meetingAddress(ctx, m.ID, mode)))
		if planned > m.Minutes && !m.Over() {
			content = append(content, ui.Notice(ui.NoticeProps{Kind: ui.Due, Text: i18n.T(ctx, "agenda.over_by", i18n.Args{"Over": int(planned - m.Minutes)})}))
		}
	}
	if edit {
		hidden := []ui.Hidden{{Name: "return", Value: meetingAddress(ctx, m.ID, mode)}}
		content = append(content, with(folded(i18n.T(ctx, "agenda.add")), with(ui.Form(ui.FormProps{Action: meetingAddress(ctx, m.ID, "/agenda"), Hidden: hidden, Submit: i18n.T(ctx, "agenda.add"), SubmitKind: ui.Quiet}),
			formFields(s.agendaFields(ctx, url.Values{"goal": {convening.Goals[1]}}, nil)))))
	}
	return with(ui.Panel(panel), content...)
}

// agendaTable is an agenda as a table; edit adds what can be done with each item.
func agendaTable(ctx context.Context, m convening.Meeting, items []convening.Item, edit bool, back string) ui.TableProps {
	t := func(key string) string { return i18n.T(ctx, "agenda.field_"+key) }
	table := ui.TableProps{ID: "agenda", Caption: i18n.T(ctx, "agenda.title"), Columns: []ui.Column{{Label: t("title")}, {Label: i18n.T(ctx, "meetings.field_starts")}, {Label: t("minutes"), Numeric: true}, {Label: t("goal")}, {Label: t("owner")}}}
	if edit {
		table.Columns = append(table.Columns, ui.Column{Label: i18n.T(ctx, "list.actions"), HideLabel: true})
	}
	there, at := i18n.WithZone(ctx, meetingZone(m)), m.StartsAt
	for n, i := range items {
		detail := firstLine(i.About)
		if i.Interests != "" {
			detail = dotted(detail, i18n.T(ctx, "agenda.interest_line", i18n.Args{"Text": firstLine(i.Interests)}))
		}
		if !i.CarriedFrom.IsZero() {
			detail = dotted(detail, i18n.T(ctx, "agenda.carried_here"))
		}
		name := ui.Cell{Text: strconv.Itoa(n+1) + ". " + i.Title, Detail: detail}
		if i.State != convening.ItemOpen {
			name.Tags = []ui.TagProps{{Label: i18n.T(ctx, "agenda_states."+i.State), Kind: ui.Good}}
		}
		row := ui.TableRow{Muted: i.State != convening.ItemOpen, Cells: []ui.Cell{name, {Text: i18n.Clock(there, at)}, {Text: number(i.Minutes)}, {Text: i18n.T(ctx, "agenda_goals."+i.Goal)}, {Text: i.Owner}}}
		at = at.Add(time.Duration(i.Minutes) * time.Minute)
		if edit {
			row.Cells = append(row.Cells, ui.Cell{Content: ui.Menu(ui.MenuProps{Label: i18n.T(ctx, "list.actions"), Icon: "more", IconOnly: true, Actions: agendaActions(ctx, m, items, n, back)})})
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

func agendaActions(ctx context.Context, m convening.Meeting, items []convening.Item, n int, back string) []ui.Action {
	i := items[n]
	address := meetingAddress(ctx, m.ID, "/agenda/"+i.ID.Short())
	hidden := []ui.Hidden{{Name: "version", Value: number(i.Version)}, {Name: "return", Value: back}}
	post := func(label, path, icon string, more ...ui.Hidden) ui.Action {
		return ui.Action{Label: label, Href: address + path, Post: true, Hidden: append(slices.Clone(hidden), more...), Icon: icon}
	}
	named := i18n.Args{"Title": i.Title}
	out := []ui.Action{{Label: i18n.T(ctx, "list.edit"), Href: address, Icon: "edit"}}
	switch i.State {
	case convening.ItemOpen:
		out = append(out, post(i18n.T(ctx, "agenda.mark_done"), "/state", "check", ui.Hidden{Name: "state", Value: convening.ItemDone}))
	case convening.ItemDone:
		out = append(out, post(i18n.T(ctx, "agenda.mark_open"), "/state", "undo", ui.Hidden{Name: "state", Value: convening.ItemOpen}))
	}
	if n > 0 {
		out = append(out, post(i18n.T(ctx, "agenda.up", named), "/move", "", ui.Hidden{Name: "by", Value: "-1"}))
	}
	if n < len(items)-1 {
		out = append(out, post(i18n.T(ctx, "agenda.down", named), "/move", "", ui.Hidden{Name: "by", Value: "1"}))
	}
	return append(out, post(i18n.T(ctx, "agenda.remove"), "/trash", "trash"))
}

// agendaFields are the fields of an agenda item. Its owner is looked up among the
// people on record; any other name stays as it was typed.
func (s *Server) agendaFields(ctx context.Context, values url.Values, choice *ui.FieldProps) []ui.FieldProps {
	t := func(key string) string { return i18n.T(ctx, "agenda.field_"+key) }
	fields := []ui.FieldProps{
		{Name: "title", ID: "item-title", Label: t("title"), Required: true, MaxLength: 200, Autocomplete: "off"},
		{Kind: ui.Radios, Name: "goal", Label: t("goal"), Options: options(ctx, "agenda_goals.", convening.Goals)},
		{Kind: ui.Number, Name: "minutes", ID: "item-minutes", Label: t("minutes"), Min: "0", Max: "600", Size: "short", InputMode: "numeric"},
		s.personLookup(ctx, values, "owner", t("owner"), i18n.T(ctx, "agenda.help_owner")),
	}
	if choice != nil {
		fields = append(fields, *choice)
	}
	return filled(append(fields,
		ui.FieldProps{Kind: ui.TextArea, Name: "about", ID: "item-about", Label: t("about"), Rows: 2, MaxLength: 5000},
		ui.FieldProps{Kind: ui.TextArea, Name: "interests", ID: "item-interests", Label: t("interests"), Help: i18n.T(ctx, "agenda.help_interests"), Rows: 2, MaxLength: 2000}), values)
}

// ownerOf is whom a form names: somebody on record, or a name alone.
func (s *Server) ownerOf(ctx context.Context, v url.Values, name string) (i directory.PersonID, alone string, choice *ui.FieldProps, err error) {
	person, choice, err := s.personChoice(ctx, v, name)
	if choice == nil && err != nil && operation.KindOf(err) == operation.Invalid {
		return i, v.Get(name), nil, nil // nobody on record is called that
	}
	return person, "", choice, err
}

// agendaForm is the form of an item, with what is wrong in it.
func (s *Server) agendaForm(w http.ResponseWriter, r *http.Request, status int, m convening.Meeting, i *convening.Item, values url.Values, choice *ui.FieldProps, f faults) error {
	ctx := r.Context()
	fields := f.mark(s.agendaFields(ctx, values, choice))
	address := meetingAddress(ctx, m.ID, "")
	props := ui.PageProps{Title: i18n.T(ctx, "agenda.add"), Crumbs: []ui.Link{{Label: i18n.T(ctx, "meetings.title"), Href: place(ctx, "meetings")}, {Label: m.Name(), Href: address}}}
	form := ui.FormProps{Action: address + "/agenda", Errors: f.explain(fields), Cancel: ui.Link{Href: returnTo(r, address)}}
	if i != nil {
		props.Title = i18n.T(ctx, "agenda.edit")
		form.Action = address + "/agenda/" + i.ID.Short()
		form.Hidden = []ui.Hidden{{Name: "version", Value: number(i.Version)}}
	}
	if choice != nil {
		form.Hidden = append(form.Hidden, ui.Hidden{Name: "owner_for", Value: values.Get("owner")})
	}
	return s.show(w, r, status, "bodies", props, with(ui.Form(form), formFields(fields)))
}

// agendaAdd is POST …/meetings/{id}/agenda.
func (s *Server) agendaAdd(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	i, err := pathID[convening.Meeting](r)
	if err != nil {
		return err
	}
	owner, alone, choice, err := s.ownerOf(ctx, v, "owner")
	var receipt operation.Receipt
	if err == nil {
		_, err = convening.AddItem.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, convening.ItemInput{MeetingID: i, Title: v.Get("title"), Goal: v.Get("goal"), Minutes: whole(v.Get("minutes")),
			OwnerID: owner, Owner: alone, About: v.Get("about"), Interests: v.Get("interests")})
	}
	if f, ok := faultsOf(ctx, renamed(err, "owner_id", "owner")); ok {
		m, err := s.meeting(r)
		if err != nil {
			return err
		}
		return s.agendaForm(w, r, http.StatusUnprocessableEntity, m, nil, v, choice, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, returnTo(r, meetingAddress(ctx, i, "")), "agenda.add", receipt)
}

// agendaItem reads the meeting and the item of the address.
func (s *Server) agendaItem(r *http.Request) (convening.Meeting, convening.Item, error) {
	_, part, err := meetingPart[convening.Item](r, "item")
	if err != nil {
		return convening.Meeting{}, convening.Item{}, err
	}
	m, err := s.meeting(r)
	if err != nil {
		return m, convening.Item{}, err
	}
	all, err := convening.ListItems.Do(r.Context(), s.app.Door, convening.MeetingPart{MeetingID: m.ID})
	if err != nil {
		return m, convening.Item{}, err
	}
	for _, i := range all.Items {
		if i.ID == part {
			return m, i, nil
		}
	}
	return m, convening.Item{}, operation.Missing()
}

// agendaEdit is GET …/meetings/{id}/agenda/{item}.
func (s *Server) agendaEdit(w http.ResponseWriter, r *http.Request) error {
	m, i, err := s.agendaItem(r)
	if err != nil {
		return err
	}
	values := url.Values{"title": {i.Title}, "goal": {i.Goal}, "minutes": {number(i.Minutes)}, "owner": {i.Owner}, "about": {i.About}, "interests": {i.Interests}}
	if !i.OwnerID.IsZero() {
		values.Set("owner_id", i.OwnerID.String())
	}
	return s.agendaForm(w, r, http.StatusOK, m, &i, values, nil, faults{})
}

// agendaSave is POST …/meetings/{id}/agenda/{item}.
func (s *Server) agendaSave(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	mi, part, err := meetingPart[convening.Item](r, "item")
	if err != nil {
		return err
	}
	owner, alone, choice, err := s.ownerOf(ctx, v, "owner")
	var receipt operation.Receipt
	if err == nil {
		title, goal, minutes, about, interests := v.Get("title"), v.Get("goal"), whole(v.Get("minutes")), v.Get("about"), v.Get("interests")
		in := convening.ItemPatch{MeetingID: mi, ID: part, Version: formVersion(r), Title: &title, Goal: &goal, Minutes: &minutes, About: &about, Interests: &interests, Owner: &alone}
		in.OwnerID = &owner
		_, err = convening.EditItem.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in)
	}
	if f, ok := formFaults(ctx, renamed(err, "owner_id", "owner")); ok {
		m, i, err := s.agendaItem(r)
		if err != nil {
			return err
		}
		return s.agendaForm(w, r, http.StatusUnprocessableEntity, m, &i, v, choice, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, meetingAddress(ctx, mi, ""), "agenda.edit", receipt)
}

// agendaState is POST …/meetings/{id}/agenda/{item}/state: done, or not.
func (s *Server) agendaState(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, part, err := meetingPart[convening.Item](r, "item")
	if err != nil {
		return err
	}
	state := r.PostFormValue("state")
	var receipt operation.Receipt
	if _, err := convening.EditItem.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, convening.ItemPatch{MeetingID: m, ID: part, Version: formVersion(r), State: &state}); err != nil {
		return err
	}
	return s.done(w, r, returnTo(r, meetingAddress(ctx, m, "")), "agenda.edit", receipt)
}

// agendaMove is POST …/meetings/{id}/agenda/{item}/move: one place up or down.
func (s *Server) agendaMove(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, part, err := meetingPart[convening.Item](r, "item")
	if err != nil {
		return err
	}
	all, err := convening.ListItems.Do(ctx, s.app.Door, convening.MeetingPart{MeetingID: m})
	if err != nil {
		return err
	}
	in := convening.OrderInput{MeetingID: m}
	for _, i := range all.Items {
		in.Items = append(in.Items, i.ID)
	}
	at := slices.Index(in.Items, part)
	to := at + 1
	if r.PostFormValue("by") == "-1" {
		to = at - 1
	}
	if at < 0 {
		return operation.Missing()
	}
	if to >= 0 && to < len(in.Items) {
		in.Items[at], in.Items[to] = in.Items[to], in.Items[at]
	}
	var receipt operation.Receipt
	if _, err := convening.OrderItems.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in); err != nil {
		return err
	}
	return s.done(w, r, returnTo(r, meetingAddress(ctx, m, "")), "agenda.order", receipt)
}

// agendaTrash is POST …/meetings/{id}/agenda/{item}/trash.
func (s *Server) agendaTrash(w http.ResponseWriter, r *http.Request) error {
	return meetingPartMoved(s, w, r, "item", convening.TrashItem, func(m convening.MeetingID, i [16]byte, version int64) convening.ItemVersion {
		return convening.ItemVersion{MeetingID: m, ID: i, Version: version}
	})
}

// meetingPartMoved runs an operation on one version of a part of a meeting and
// leads back to the page it was called from.
func meetingPartMoved[V, T any](s *Server, w http.ResponseWriter, r *http.Request, name string, op *operation.Operation[V, T], at func(m convening.MeetingID, i [16]byte, version int64) V) error {
	ctx := r.Context()
	m, part, err := meetingPart[T](r, name)
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	if _, err := op.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, at(m, part, formVersion(r))); err != nil {
		return err
	}
	return s.done(w, r, returnTo(r, meetingAddress(ctx, m, "")), op.ID, receipt)
}

// agendaCarry is POST …/meetings/{id}/carry: unfinished items go to another meeting.
func (s *Server) agendaCarry(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := s.meeting(r)
	if err != nil {
		return err
	}
	to, err := id.Parse[convening.Meeting](r.PostFormValue("to_id"))
	if err != nil {
		return operation.InvalidField("to_id", "errors.no_such_meeting")
	}
	var receipt operation.Receipt
	if _, err := convening.CarryItems.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, convening.CarryInput{MeetingID: m.ID, ToID: to}); err != nil {
		return err
	}
	return s.done(w, r, meetingAddress(ctx, m.ID, "/follow-up"), "agenda.carry", receipt)
}
