package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"commontable/internal/backbone/convening"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// checklistLines are a template as it is typed: a line for each task, the days after
// the meeting first; # at the end marks what is strategic.
func checklistLines(items []convening.ChecklistItem) string {
	var out []string
	for _, i := range items {
		line := strconv.FormatInt(i.Days, 10) + " " + i.Text
		if i.Tag == convening.Tags[0] {
			line += " #"
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

// readChecklist reads what checklistLines writes. Every line that begins with no
// number of days is a fault.
func readChecklist(text string) ([]convening.ChecklistItem, error) {
	var out []convening.ChecklistItem
	var faults operation.Faults
	for _, line := range lines(text) {
		days, what, _ := strings.Cut(line, " ")
		n, err := strconv.ParseInt(strings.ReplaceAll(days, "−", "-"), 10, 64)
		if err != nil {
			faults.Add("items", "checklists.line_unread", map[string]any{"Line": line})
			continue
		}
		item := convening.ChecklistItem{Text: strings.TrimSpace(what), Days: n, Tag: convening.Tags[1]}
		if strategic, ok := strings.CutSuffix(item.Text, "#"); ok {
			item.Text, item.Tag = strings.TrimSpace(strategic), convening.Tags[0]
		}
		out = append(out, item)
	}
	return out, faults.Err()
}

// checklistEditor are the forms of a template.
func (s *Server) checklistEditor() *editor[convening.Checklist] {
	type list = convening.Checklist
	return &editor[list]{area: "checklists", noun: "bodies", kind: convening.ChecklistKind,
		name: func(l list) string { return l.Name }, short: func(l list) string { return l.ID.Short() },
		version: func(l list) int64 { return l.Version }, trashed: func(l list) bool { return l.DeletedAt != nil },
		values: func(l list) url.Values {
			return url.Values{"name": {l.Name}, "items": {checklistLines(l.Items)}, "version": {strconv.FormatInt(l.Version, 10)}}
		},
		fields: func(ctx context.Context, values url.Values) ([]ui.FieldProps, error) {
			return filled([]ui.FieldProps{
				{Name: "name", Label: i18n.T(ctx, "checklists.field_name"), Required: true, MaxLength: 120, Autocomplete: "off"},
				{Kind: ui.TextArea, Name: "items", Label: i18n.T(ctx, "checklists.field_items"), Help: i18n.T(ctx, "checklists.help_items"), Required: true, Rows: 24, MaxLength: 40000},
			}, values), nil
		},
		get: func(ctx context.Context, i [16]byte) (list, error) {
			return convening.GetChecklist.Do(ctx, s.app.Door, convening.ChecklistRef{ID: i})
		},
		create: func(ctx context.Context, v url.Values) (list, error) {
			items, err := readChecklist(v.Get("items"))
			if err != nil {
				return list{}, err
			}
			return convening.CreateChecklist.Do(ctx, s.app.Door, convening.ChecklistInput{Name: v.Get("name"), Items: items})
		},
		edit: func(ctx context.Context, i [16]byte, v url.Values) (list, error) {
			items, err := readChecklist(v.Get("items"))
			if err != nil {
				return list{}, err
			}
			name := v.Get("name")
			return convening.EditChecklist.Do(ctx, s.app.Door, convening.ChecklistPatch{ID: i, Version: whole(v.Get("version")), Name: &name, Items: &items})
		}}
}

// checklistList is GET …/checklists.
func (s *Server) checklistList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	trash := r.URL.Query().Get("trash") != "" && s.may(ctx, "checklists.restore")
	page, err := convening.ListChecklists.Do(ctx, s.app.Door, convening.ListChecklistsInput{Trash: trash})
	if err != nil {
		return err
	}
	props := ui.PageProps{Title: i18n.T(ctx, "checklists.title"), Lede: i18n.T(ctx, "checklists.lede"), Crumbs: []ui.Link{{Label: i18n.T(ctx, "meetings.title"), Href: place(ctx, "meetings")}}}
	var rows []ui.Row
	if s.may(ctx, "checklists.create") {
		props.Primary = &ui.Action{Label: i18n.T(ctx, "checklists.add"), Href: place(ctx, "checklists/new"), Icon: "plus"}
		if !trash {
			props.Menu = []ui.Action{{Label: i18n.T(ctx, "list.show_trash"), Href: place(ctx, "checklists?trash=1"), Icon: "trash"}}
		}
	}
	for _, l := range page.Items {
		rows = append(rows, ui.Row{Title: l.Name, Href: place(ctx, "checklists/"+l.ID.Short()), Detail: i18n.T(ctx, "checklists.lines", i18n.Args{"Count": len(l.Items)})})
	}
	if len(rows) == 0 {
		return s.show(w, r, http.StatusOK, "bodies", props, ui.Empty(*emptyList(ctx, "checklists", trash, props.Primary)))
	}
	return s.show(w, r, http.StatusOK, "bodies", props, ui.Rows(rows))
}

// checklistNew is GET …/checklists/new, filled with the program's own lines.
func (s *Server) checklistNew(w http.ResponseWriter, r *http.Request) error {
	return s.checklistEditor().add(s, w, r, url.Values{"items": {checklistLines(convening.Standard(r.Context()).Items)}})
}

// checklistCreate is POST …/checklists.
func (s *Server) checklistCreate(w http.ResponseWriter, r *http.Request) error {
	return s.checklistEditor().added(s, w, r)
}

// checklistEdit is GET …/checklists/{id}/edit.
func (s *Server) checklistEdit(w http.ResponseWriter, r *http.Request) error {
	return s.checklistEditor().change(s, w, r)
}

// checklistSave is POST …/checklists/{id}.
func (s *Server) checklistSave(w http.ResponseWriter, r *http.Request) error {
	return s.checklistEditor().changed(s, w, r)
}

// checklistRecord is GET …/checklists/{id}.
func (s *Server) checklistRecord(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	i, err := pathID[convening.Checklist](r)
	if err != nil {
		return err
	}
	l, err := convening.GetChecklist.Do(ctx, s.app.Door, convening.ChecklistRef{ID: i})
	if err != nil {
		return err
	}
	timeline, err := s.timeline(r, "checklists", convening.ChecklistKind, l.ID)
	if err != nil {
		return err
	}
	address := place(ctx, "checklists/"+l.ID.Short())
	props := ui.PageProps{Title: l.Name, Crumbs: []ui.Link{{Label: i18n.T(ctx, "checklists.title"), Href: place(ctx, "checklists")}}}
	version := []ui.Hidden{{Name: "version", Value: strconv.FormatInt(l.Version, 10)}}
	switch {
	case l.DeletedAt != nil:
		props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Warn, Text: i18n.T(ctx, "list.is_in_trash", i18n.Args{"When": i18n.DateTime(ctx, *l.DeletedAt)})})
		props.Primary = &ui.Action{Label: i18n.T(ctx, "list.restore"), Href: address + "/restore", Post: true, Hidden: version, Icon: "undo"}
	case s.may(ctx, "checklists.edit"):
		props.Primary = &ui.Action{Label: i18n.T(ctx, "list.edit"), Href: address + "/edit"}
		props.Menu = []ui.Action{{Label: i18n.T(ctx, "list.trash"), Href: address + "/trash", Post: true, Hidden: version, Icon: "trash"}}
	}
	table := ui.TableProps{ID: "lines", Caption: i18n.T(ctx, "checklists.field_items"),
		Columns: []ui.Column{{Label: i18n.T(ctx, "preparations.field_text")}, {Label: i18n.T(ctx, "preparations.field_days"), Numeric: true}, {Label: i18n.T(ctx, "preparations.field_tag")}}}
	for _, i := range l.Items {
		table.Rows = append(table.Rows, ui.TableRow{Cells: []ui.Cell{{Text: i.Text}, {Text: strconv.FormatInt(i.Days, 10)}, {Text: optional(ctx, "preparation_tags.", i.Tag)}}})
	}
	return s.show(w, r, http.StatusOK, "bodies", props, ui.Table(table), ui.Record(ui.RecordProps{Timeline: timeline}))
}

// checklistTrash is POST …/checklists/{id}/trash.
func (s *Server) checklistTrash(w http.ResponseWriter, r *http.Request) error {
	return s.checklistMove(w, r, convening.TrashChecklist)
}

// checklistRestore is POST …/checklists/{id}/restore.
func (s *Server) checklistRestore(w http.ResponseWriter, r *http.Request) error {
	return s.checklistMove(w, r, convening.RestoreChecklist)
}

func (s *Server) checklistMove(w http.ResponseWriter, r *http.Request, op *operation.Operation[convening.ChecklistVersion, convening.Checklist]) error {
	return moved(s, w, r, "checklists", op, func(i [16]byte, version int64) convening.ChecklistVersion {
		return convening.ChecklistVersion{ID: i, Version: version}
	})
}
