package web

import (
	"bytes"
	"context"
	"net/http"

	"commontable/internal/backbone/convening"
	"commontable/internal/platform/document"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/sheets"
	"commontable/internal/web/ui"
)

// meetingWord is GET …/meetings/{id}/word/{sheet}: a printed sheet as a document for
// Word, with what the sheet holds.
func (s *Server) meetingWord(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := s.meeting(r)
	if err != nil {
		return err
	}
	items, err := convening.ListItems.Do(ctx, s.app.Door, convening.MeetingPart{MeetingID: m.ID})
	if err != nil {
		return err
	}
	kind := r.PathValue("sheet")
	key, known := sheetKeys[kind]
	if !known {
		return operation.Missing()
	}
	name := i18n.T(ctx, "meetings.sheet_"+key)
	d := document.New(m.Title, i18n.Language(ctx))
	d.Lead(dotted(name, meetingWhen(ctx, m), m.Place))
	switch kind {
	case "agenda":
		wordAgenda(ctx, d, m, items.Items)
		lines, err := s.materialLines(ctx, m.ID)
		if err != nil {
			return err
		}
		if len(lines) > 0 {
			d.Heading(1, i18n.T(ctx, "materials.title"))
			d.List(lines)
		}
	case "sign-in":
		people, err := convening.ListPeople.Do(ctx, s.app.Door, convening.MeetingPart{MeetingID: m.ID})
		if err != nil {
			return err
		}
		if !m.MayPrepare {
			return operation.Missing()
		}
		wordTable(d, signInTable(ctx, people.Items))
	case "recap":
		if m.Recap == "" {
			return operation.Missing()
		}
		d.Text(m.Recap)
	default: // minutes and brief
		parts, err := s.notedSheets(ctx, m, items.Items, kind)
		if err != nil {
			return err
		}
		d.Text(m.Purpose)
		for _, part := range parts {
			d.Heading(1, part.heading)
			if len(part.lines) == 0 {
				d.Text(i18n.T(ctx, "meetings.nothing_noted"))
			}
			d.List(part.lines)
		}
	}
	var out bytes.Buffer
	if err := d.Write(&out, s.app.Config.Clock.Now()); err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", sheets.AttachmentName(name+" "+m.Name(), document.Ending))
	s.send(w, r, http.StatusOK, document.Type, &out)
	return nil
}

// wordAgenda is the agenda with everything said about each item.
func wordAgenda(ctx context.Context, d *document.Document, m convening.Meeting, items []convening.Item) {
	d.Text(m.Purpose)
	if m.Link != "" {
		d.Text(i18n.T(ctx, "meetings.join") + ": " + m.Link)
	}
	if len(items) == 0 {
		d.Text(i18n.T(ctx, "agenda.empty"))
	}
	list := printedItems(ctx, m, items)
	titles := make([]string, len(list))
	for n, i := range list {
		titles[n] = i.Title
	}
	d.Numbered(titles, func(n int) {
		i := list[n]
		d.Text(dotted(i.At, minutesText(ctx, i.Minutes), i18n.T(ctx, "agenda_goals."+i.Goal), i.Owner))
		d.Text(i.About)
		if i.Interests != "" {
			d.Text(i18n.T(ctx, "agenda.interest_line", i18n.Args{"Text": i.Interests}))
		}
	})
}

// wordTable is a table of a page, each cell with its second line.
func wordTable(d *document.Document, t ui.TableProps) {
	var head []string
	for _, c := range t.Columns {
		head = append(head, c.Label)
	}
	var rows [][]string
	for _, r := range t.Rows {
		var row []string
		for _, c := range r.Cells {
			text := c.Text
			if c.Detail != "" {
				text += "\n" + c.Detail
			}
			row = append(row, text)
		}
		rows = append(rows, row)
	}
	d.Table(t.Caption, head, rows)
}
