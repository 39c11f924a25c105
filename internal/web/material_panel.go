package web

import (
	"context"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/materials"
	"commontable/internal/platform/i18n"
	"commontable/internal/web/ui"
)

// materialAddress is a page of one material.
func materialAddress(ctx context.Context, m materials.Material, path string) string {
	return meetingAddress(ctx, m.MeetingID, "/materials/"+m.ID.Short()+path)
}

// materialsOf are the materials of a meeting.
func (s *Server) materialsOf(ctx context.Context, m convening.MeetingID) ([]materials.Material, error) {
	page, err := materials.List.Do(ctx, s.app.Door, convening.MeetingPart{MeetingID: m})
	return page.Items, err
}

// materialsPanel are the materials of a meeting, and for those who prepare it a form for
// more. mode is the page it stands on.
func (s *Server) materialsPanel(ctx context.Context, m convening.Meeting, items []convening.Item, mode string) (templ.Component, error) {
	all, err := s.materialsOf(ctx, m.ID)
	if err != nil {
		return nil, err
	}
	edit := m.MayPrepare && m.DeletedAt == nil
	if len(all) == 0 && !edit {
		return templ.NopComponent, nil
	}
	content := []templ.Component{muted(i18n.T(ctx, "materials.empty"))}
	if len(all) > 0 {
		content[0] = ui.Table(materialTable(ctx, all))
	}
	if edit {
		fields := s.materialFields(ctx, items, url.Values{})
		form := ui.FormProps{Action: meetingAddress(ctx, m.ID, "/materials"), Hidden: []ui.Hidden{{Name: "return", Value: meetingAddress(ctx, m.ID, mode)}}, Submit: i18n.T(ctx, "materials.add"), SubmitKind: ui.Quiet, Files: true}
		content = append(content, with(folded(i18n.T(ctx, "materials.add")), with(ui.Form(form), formFields(fields))))
	}
	return with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "materials.title")}), content...), nil
}

// materialTable lists materials, each with its file or address.
func materialTable(ctx context.Context, all []materials.Material) ui.TableProps {
	t := func(key string) string { return i18n.T(ctx, "materials.field_"+key) }
	table := ui.TableProps{ID: "materials", Caption: i18n.T(ctx, "materials.title"), Columns: []ui.Column{{Label: t("title")}, {Label: t("file")}, {Label: t("item")}, {Label: t("number")}, {Label: i18n.T(ctx, "list.actions"), HideLabel: true}}}
	for _, m := range all {
		name := ui.Cell{Text: m.Title, Href: materialHref(ctx, m)}
		if m.ForInvited {
			name.Tags = []ui.TagProps{{Label: i18n.T(ctx, "materials.for_invited")}}
		}
		version := ui.Cell{}
		if len(m.Files) > 1 || m.Withdrawn() {
			version.Text = i18n.T(ctx, "materials.version", i18n.Args{"Number": number(m.Number)})
		}
		if m.Withdrawn() {
			version.Text = i18n.T(ctx, "materials.withdrawn")
		}
		table.Rows = append(table.Rows, ui.TableRow{Muted: m.Withdrawn(), Cells: []ui.Cell{name, {Text: materialKind(ctx, m)}, {Text: m.Item}, version,
			{Content: ui.Button(ui.Action{Label: i18n.T(ctx, "materials.details"), Href: materialAddress(ctx, m, ""), Kind: ui.Bare})}}})
	}
	return table
}

// materialHref is where a material is read; "" when there is nothing to read.
func materialHref(ctx context.Context, m materials.Material) string {
	switch {
	case m.IsLink():
		return m.Link
	case m.Withdrawn():
		return ""
	}
	return materialAddress(ctx, m, "/file/"+number(m.Number))
}

// materialKind says what a material is: the ending of its file and its size, or where
// its address leads.
func materialKind(ctx context.Context, m materials.Material) string {
	if m.IsLink() {
		if u, err := url.Parse(m.Link); err == nil {
			return u.Hostname()
		}
	}
	if m.Withdrawn() {
		return ""
	}
	return fileKind(ctx, m.FileName, m.Size)
}

func fileKind(ctx context.Context, name string, size int64) string {
	end := name[strings.LastIndexByte(name, '.')+1:]
	return dotted(strings.ToUpper(end), i18n.Bytes(ctx, size))
}

// materialFields are the fields of a new material. The files come last: what stands
// before them has arrived when they do.
func (s *Server) materialFields(ctx context.Context, items []convening.Item, values url.Values) []ui.FieldProps {
	t := func(key string) string { return i18n.T(ctx, "materials.field_"+key) }
	return filled([]ui.FieldProps{
		{Name: "title", ID: "material-title", Label: t("title"), Help: i18n.T(ctx, "materials.help_title"), MaxLength: 200, Autocomplete: "off"},
		{Kind: ui.Select, Name: "item_id", ID: "material-item", Label: t("item"), Blank: i18n.T(ctx, "captures.whole_meeting"), Options: itemOptions(items)},
		{Kind: ui.Checkbox, Name: "for_invited", ID: "material-for-invited", Label: t("for_invited"), Help: i18n.T(ctx, "materials.help_for_invited")},
		{Name: "link", ID: "material-link", Label: t("link"), Help: i18n.T(ctx, "materials.help_link"), MaxLength: 1000, InputMode: "url", Autocomplete: "off"},
		s.fileField(ctx, true),
	}, values)
}

func (s *Server) fileField(ctx context.Context, several bool) ui.FieldProps {
	help := i18n.T(ctx, "materials.help_file", i18n.Args{"Size": i18n.Number(ctx, s.app.Materials.MostFile()>>20), "Endings": strings.Join(materials.Endings(), " ")})
	label := i18n.T(ctx, "materials.field_file")
	if several {
		label = i18n.T(ctx, "materials.files")
	}
	return ui.FieldProps{Kind: ui.File, Name: "file", ID: "material-file", Label: label, Help: help, Multiple: several, Accept: strings.Join(materials.Endings(), ",")}
}

func itemOptions(items []convening.Item) []ui.Option {
	var out []ui.Option
	for _, i := range items {
		out = append(out, ui.Option{Value: i.ID.String(), Label: i.Title})
	}
	return out
}

// materialLines are the materials of a meeting for paper.
func (s *Server) materialLines(ctx context.Context, m convening.MeetingID) ([]string, error) {
	all, err := s.materialsOf(ctx, m)
	var out []string
	for _, m := range all {
		if !m.Withdrawn() {
			out = append(out, dotted(m.Title, m.Item, or(m.Link, materialKind(ctx, m))))
		}
	}
	return out, err
}
