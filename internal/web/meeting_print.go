package web

import (
	"context"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"commontable/internal/backbone/convening"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// sheet is one printed page of a meeting; the headings of minutes and the like hold
// what was noted under them.
type sheet struct {
	heading string
	lines   []string
}

// meetingPrint is GET …/meetings/{id}/print/{sheet}: a page made for paper.
func (s *Server) meetingPrint(w http.ResponseWriter, r *http.Request) error {
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
	var content []templ.Component
	switch kind {
	case "agenda":
		content = []templ.Component{printedAgenda(ctx, m, items.Items)}
		lines, err := s.materialLines(ctx, m.ID)
		if err != nil {
			return err
		}
		if len(lines) > 0 {
			content = append(content, printedSection(i18n.T(ctx, "materials.title"), lines))
		}
	case "sign-in":
		people, err := convening.ListPeople.Do(ctx, s.app.Door, convening.MeetingPart{MeetingID: m.ID})
		if err != nil {
			return err
		}
		if !m.MayPrepare {
			return operation.Missing()
		}
		content = []templ.Component{ui.Table(signInTable(ctx, people.Items))}
	case "recap":
		if m.Recap == "" {
			return operation.Missing()
		}
		content = []templ.Component{prose(m.Recap)}
	case "minutes", "brief":
		sheets, err := s.notedSheets(ctx, m, items.Items, kind)
		if err != nil {
			return err
		}
		if m.Purpose != "" {
			content = append(content, prose(m.Purpose))
		}
		for _, part := range sheets {
			content = append(content, printedSection(part.heading, part.lines))
		}
	default:
		return operation.Missing()
	}
	address := meetingAddress(ctx, m.ID, "")
	props := ui.PageProps{Title: i18n.T(ctx, "meetings.sheet_"+sheetKeys[kind]) + " · " + m.Name(), Heading: m.Title, Lede: dotted(i18n.T(ctx, "meetings.sheet_"+sheetKeys[kind]), meetingWhen(ctx, m), m.Place),
		Crumbs:  []ui.Link{{Label: i18n.T(ctx, "meetings.title"), Href: place(ctx, "meetings")}, {Label: m.Name(), Href: address}},
		Primary: &ui.Action{Label: i18n.T(ctx, "meetings.for_word"), Href: address + "/word/" + kind, Icon: "download", Download: true}}
	return s.show(w, r, http.StatusOK, "bodies", props, append([]templ.Component{printButton()}, content...)...)
}

// sheetKeys are the sheets, by catalogue key "meetings.sheet_…".
var sheetKeys = map[string]string{"agenda": "agenda", "sign-in": "sign_in", "minutes": "minutes", "brief": "brief", "recap": "recap"}

// blankLines are left on the sign-in sheet for those nobody expected.
const blankLines = 12

func signInTable(ctx context.Context, people []convening.Expected) ui.TableProps {
	table := ui.TableProps{ID: "sign-in", Caption: i18n.T(ctx, "meetings.sheet_sign_in"),
		Columns: []ui.Column{{Label: i18n.T(ctx, "meetings.field_person")}, {Label: i18n.T(ctx, "meetings.field_organization")}, {Label: i18n.T(ctx, "meetings.signature")}}}
	for _, e := range people {
		table.Rows = append(table.Rows, ui.TableRow{Cells: []ui.Cell{{Text: named(ctx, e.Person), Detail: optional(ctx, "meeting_parts.", e.Part)}, {Text: e.Organization}, {}}})
	}
	for range blankLines {
		table.Rows = append(table.Rows, ui.TableRow{Label: i18n.T(ctx, "meetings.blank_line"), Cells: []ui.Cell{{Text: "\u00a0"}, {}, {}}})
	}
	return table
}

// notedSheets are the minutes or the brief of a meeting.
func (s *Server) notedSheets(ctx context.Context, m convening.Meeting, items []convening.Item, kind string) ([]sheet, error) {
	noted, err := convening.ListCaptures.Do(ctx, s.app.Door, convening.MeetingPart{MeetingID: m.ID})
	if err != nil {
		return nil, err
	}
	if kind == "brief" {
		return briefOf(ctx, items, noted.Items), nil
	}
	recused, err := s.recusedLines(ctx, m.ID)
	return minutesOf(ctx, items, noted.Items, recused), err
}

// minutesOf is everything noted, under the item it belongs to, and who took no part in
// the item.
func minutesOf(ctx context.Context, items []convening.Item, noted []convening.Capture, recused map[convening.ItemID]string) []sheet {
	var out []sheet
	for n, i := range append(append([]convening.Item{}, items...), convening.Item{Title: i18n.T(ctx, "meetings.recap_other")}) {
		var lines []string
		if recused[i.ID] != "" {
			lines = append(lines, recused[i.ID])
		}
		for _, k := range noted {
			if k.ItemID != i.ID {
				continue
			}
			line := k.Text
			if k.Kind != convening.CaptureKinds[0] {
				line = i18n.T(ctx, "capture_kinds."+k.Kind) + ": " + line
			}
			lines = append(lines, line)
		}
		if len(lines) > 0 || n < len(items) {
			out = append(out, sheet{i.Title, lines})
		}
	}
	return out
}

// briefOf is what the leadership table needs to know: decisions, wins, questions
// and what stayed open.
func briefOf(ctx context.Context, items []convening.Item, noted []convening.Capture) []sheet {
	var out []sheet
	for _, part := range []struct{ key, kind string }{{"recap_decisions", "decision"}, {"recap_wins", "win"}, {"recap_questions", "question"}} {
		var lines []string
		for _, k := range noted {
			if k.Kind == part.kind {
				lines = append(lines, k.Text)
			}
		}
		out = append(out, sheet{i18n.T(ctx, "meetings."+part.key), lines})
	}
	var open []string
	for _, i := range items {
		if i.State == convening.ItemOpen {
			open = append(open, i.Title)
		}
	}
	return append(out, sheet{i18n.T(ctx, "meetings.recap_open"), open})
}

// printedItem is one item of a printed agenda.
type printedItem struct {
	convening.Item
	At string
}

func printedAgenda(ctx context.Context, m convening.Meeting, items []convening.Item) templ.Component {
	return agendaOnPaper(m, printedItems(ctx, m, items))
}

// printedItems are the items with the time each begins.
func printedItems(ctx context.Context, m convening.Meeting, items []convening.Item) []printedItem {
	there, at := i18n.WithZone(ctx, meetingZone(m)), m.StartsAt
	var list []printedItem
	for _, i := range items {
		list = append(list, printedItem{i, i18n.Clock(there, at)})
		at = at.Add(time.Duration(i.Minutes) * time.Minute)
	}
	return list
}

// minutesText is how long something takes; nothing when nobody said.
func minutesText(ctx context.Context, n int64) string {
	if n == 0 {
		return ""
	}
	return i18n.T(ctx, "meetings.minutes_long", i18n.Args{"Count": int(n)})
}
