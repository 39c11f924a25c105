package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/materials"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// materialsPattern is where the materials of a meeting are.
const materialsPattern = "/c/{collaborative}/meetings/{id}/materials"

// materialRoutes are the pages of materials.
func (s *Server) materialRoutes() []Route {
	const one = materialsPattern + "/{material}"
	return []Route{
		{"POST", materialsPattern, []string{"materials.create", "meetings.get"}, s.materialCreate},
		{"GET", one, []string{"materials.get", "meetings.get"}, s.materialRecord},
		{"POST", one, []string{"materials.edit"}, s.materialSave},
		{"POST", one + "/versions", []string{"materials.add-version"}, s.materialVersion},
		{"POST", one + "/withdraw", []string{"materials.withdraw", "materials.get"}, s.materialNumber(materials.Withdraw)},
		{"POST", one + "/reinstate", []string{"materials.reinstate", "materials.get"}, s.materialNumber(materials.Reinstate)},
		{"POST", one + "/trash", []string{"materials.trash"}, s.materialMove(materials.Trash)},
		{"POST", one + "/restore", []string{"materials.restore"}, s.materialMove(materials.Restore)},
		{"GET", one + "/file/{number}", []string{"materials.read"}, s.materialFile},
		{"GET", "/reply/{secret}/materials/{material}", []string{"material-links.open"}, s.replyMaterial},
	}
}

// material reads the material of the address.
func (s *Server) material(r *http.Request) (materials.Material, error) {
	m, i, err := meetingPart[materials.Material](r, "material")
	if err != nil {
		return materials.Material{}, err
	}
	return materials.Get.Do(r.Context(), s.app.Door, materials.Ref{MeetingID: m, ID: i})
}

// materialRecord is GET …/meetings/{id}/materials/{material}.
func (s *Server) materialRecord(w http.ResponseWriter, r *http.Request) error {
	m, err := s.material(r)
	if err != nil {
		return err
	}
	return s.materialPage(w, r, http.StatusOK, m, nil, nil, faults{})
}

// materialPage shows a material with its versions. edited and sent are what was typed
// into its two forms, nil for what is on record.
func (s *Server) materialPage(w http.ResponseWriter, r *http.Request, status int, m materials.Material, edited, sent url.Values, f faults) error {
	ctx := r.Context()
	meeting, err := s.meeting(r)
	if err != nil {
		return err
	}
	edit := meeting.MayPrepare && meeting.DeletedAt == nil
	version := []ui.Hidden{{Name: "version", Value: number(m.Version)}}
	props := ui.PageProps{Title: m.Title, Lede: dotted(materialKind(ctx, m), m.Item), Crumbs: []ui.Link{{Label: i18n.T(ctx, "meetings.title"), Href: place(ctx, "meetings")}, {Label: meeting.Name(), Href: meetingAddress(ctx, m.MeetingID, "")}}}
	if m.ForInvited {
		props.HeadingTags = append(props.HeadingTags, ui.TagProps{Label: i18n.T(ctx, "materials.for_invited")})
	}
	if m.DeletedAt != nil {
		props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Warn, Text: i18n.T(ctx, "list.is_in_trash", i18n.Args{"When": i18n.DateTime(ctx, *m.DeletedAt)})})
		if edit {
			props.Primary = &ui.Action{Label: i18n.T(ctx, "list.restore"), Href: materialAddress(ctx, m, "/restore"), Post: true, Hidden: version, Icon: "undo"}
		}
		edit = false
	} else if href := materialHref(ctx, m); href != "" {
		props.Primary = &ui.Action{Label: i18n.T(ctx, "materials.download"), Href: href, Icon: "download"}
		if m.IsLink() {
			props.Primary.Label, props.Primary.Icon = i18n.T(ctx, "materials.open_link"), ""
		}
	}
	if edit {
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "list.trash"), Href: materialAddress(ctx, m, "/trash"), Post: true, Hidden: version, Icon: "trash"})
	}
	var parts []templ.Component
	if !m.IsLink() {
		panel := []templ.Component{ui.Table(versionTable(ctx, m, edit)), muted(i18n.T(ctx, "materials.left_as_is"))}
		if edit {
			fields := []ui.FieldProps{{Name: "note", ID: "material-note", Label: i18n.T(ctx, "materials.field_note"), MaxLength: 500, Autocomplete: "off"}, s.fileField(ctx, false)}
			fields[1].Required = true
			form := ui.FormProps{Action: materialAddress(ctx, m, "/versions"), Hidden: version, Submit: i18n.T(ctx, "materials.add_version"), SubmitKind: ui.Quiet, Files: true}
			if sent != nil {
				fields = f.mark(filled(fields, sent))
				form.Errors = f.explain(fields)
				panel = append(panel, with(ui.Form(form), formFields(fields)))
			} else {
				panel = append(panel, with(folded(i18n.T(ctx, "materials.add_version")), with(ui.Form(form), formFields(fields))))
			}
		}
		parts = append(parts, with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "materials.versions")}), panel...))
	}
	if edit {
		items, err := convening.ListItems.Do(ctx, s.app.Door, convening.MeetingPart{MeetingID: m.MeetingID})
		if err != nil {
			return err
		}
		values := edited
		if values == nil {
			values = url.Values{"title": {m.Title}, "item_id": {m.ItemID.String()}, "for_invited": {ticked(m.ForInvited)}, "link": {m.Link}}
		}
		fields := s.materialFields(ctx, items.Items, values)
		fields = fields[:len(fields)-1] // no file
		if !m.IsLink() {
			fields = fields[:len(fields)-1]
		}
		fields[0].Required, fields[0].Help = true, ""
		form := ui.FormProps{Action: materialAddress(ctx, m, ""), Hidden: version}
		if edited != nil {
			fields = f.mark(fields)
			form.Errors = f.explain(fields)
		}
		parts = append(parts, with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "list.edit")}), with(ui.Form(form), formFields(fields))))
	}
	timeline, err := s.timeline(r, "materials", materials.Kind, m.ID)
	if err != nil {
		return err
	}
	return s.show(w, r, status, "bodies", props, append(parts, ui.Record(ui.RecordProps{Facts: templ.NopComponent, Timeline: timeline}))...)
}

// versionTable are the versions of a file, the newest first; edit adds what can be done
// with each.
func versionTable(ctx context.Context, m materials.Material, edit bool) ui.TableProps {
	t := func(key string) string { return i18n.T(ctx, "materials.field_"+key) }
	table := ui.TableProps{ID: "versions", Caption: i18n.T(ctx, "materials.versions"), Columns: []ui.Column{{Label: t("file_name")}, {Label: t("by")}, {Label: t("note")}}}
	if edit {
		table.Columns = append(table.Columns, ui.Column{Label: i18n.T(ctx, "list.actions"), HideLabel: true})
	}
	for _, f := range m.Files {
		name := ui.Cell{Text: f.FileName, Href: materialAddress(ctx, m, "/file/"+number(f.Number)), Detail: dotted(i18n.T(ctx, "materials.version", i18n.Args{"Number": number(f.Number)}), fileKind(ctx, f.FileName, f.Size))}
		act := ui.Action{Label: i18n.T(ctx, "materials.withdraw"), Href: materialAddress(ctx, m, "/withdraw"), Post: true, Kind: ui.Bare, Hidden: []ui.Hidden{{Name: "version", Value: number(m.Version)}, {Name: "number", Value: number(f.Number)}}}
		if f.WithdrawnAt != nil {
			name.Href, name.Tags = "", []ui.TagProps{{Label: i18n.T(ctx, "materials.withdrawn"), Kind: ui.Due}}
			act.Label, act.Href = i18n.T(ctx, "materials.reinstate"), materialAddress(ctx, m, "/reinstate")
		}
		if m.DeletedAt != nil {
			name.Href = ""
		}
		row := ui.TableRow{Muted: f.WithdrawnAt != nil, Cells: []ui.Cell{name, {Text: named(ctx, f.By), Detail: i18n.DateTime(ctx, f.CreatedAt)}, {Text: f.Note}}}
		if edit {
			row.Cells = append(row.Cells, ui.Cell{Content: ui.Button(act)})
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

// materialSave is POST …/meetings/{id}/materials/{material}.
func (s *Server) materialSave(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	m, i, err := meetingPart[materials.Material](r, "material")
	if err != nil {
		return err
	}
	item, _ := id.Parse[convening.Item](v.Get("item_id")) // empty means the whole meeting
	title, invited := v.Get("title"), v.Get("for_invited") == "true"
	in := materials.Patch{MeetingID: m, ID: i, Version: formVersion(r), ItemID: &item, Title: &title, ForInvited: &invited}
	if link := v.Get("link"); v.Has("link") {
		in.Link = &link
	}
	var receipt operation.Receipt
	now, err := materials.Edit.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in)
	if f, ok := formFaults(ctx, err); ok {
		if now, err = s.material(r); err != nil {
			return err
		}
		return s.materialPage(w, r, http.StatusUnprocessableEntity, now, v, nil, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, materialAddress(ctx, now, ""), "materials.edit", receipt)
}

// materialNumber withdraws one version, or brings it back.
func (s *Server) materialNumber(op *operation.Operation[materials.NumberInput, materials.Material]) func(w http.ResponseWriter, r *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		m, err := s.material(r) // what is not there is missing, before a number is
		if err != nil {
			return err
		}
		var receipt operation.Receipt
		now, err := op.Do(operation.WithReceipt(r.Context(), &receipt), s.app.Door, materials.NumberInput{MeetingID: m.MeetingID, ID: m.ID, Version: formVersion(r), Number: whole(r.PostFormValue("number"))})
		if err != nil {
			return err
		}
		return s.done(w, r, materialAddress(r.Context(), now, ""), op.ID, receipt)
	}
}

// materialMove puts a material in the trash, or takes it out.
func (s *Server) materialMove(op *operation.Operation[materials.AtVersion, materials.Material]) func(w http.ResponseWriter, r *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		m, i, err := meetingPart[materials.Material](r, "material")
		if err != nil {
			return err
		}
		var receipt operation.Receipt
		if _, err := op.Do(operation.WithReceipt(r.Context(), &receipt), s.app.Door, materials.AtVersion{MeetingID: m, ID: i, Version: formVersion(r)}); err != nil {
			return err
		}
		return s.done(w, r, meetingAddress(r.Context(), m, ""), op.ID, receipt)
	}
}
