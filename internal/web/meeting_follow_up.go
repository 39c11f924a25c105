package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"commontable/internal/backbone/convening"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// meetingFollowUp is GET …/meetings/{id}/follow-up: what came of it. A recap that
// is not written yet begins with what was noted.
func (s *Server) meetingFollowUp(w http.ResponseWriter, r *http.Request) error {
	m, items, noted, err := s.meetingNotes(r)
	if err != nil {
		return err
	}
	recap := m.Recap
	if recap == "" || r.URL.Query().Get("draft") != "" {
		recused, err := s.recusedLines(r.Context(), m.ID)
		if err != nil {
			return err
		}
		recap = recapDraft(r.Context(), items, noted, recused)
	}
	return s.followUpPage(w, r, http.StatusOK, m, items, noted, recap, faults{})
}

func (s *Server) followUpPage(w http.ResponseWriter, r *http.Request, status int, m convening.Meeting, items []convening.Item, noted []convening.Capture, recap string, f faults) error {
	ctx := r.Context()
	var parts []templ.Component
	if m.MayEdit && m.DeletedAt == nil {
		panel := ui.PanelProps{Heading: i18n.T(ctx, "meetings.field_recap")}
		if m.Recap != "" {
			panel.Actions = []ui.Action{{Label: i18n.T(ctx, "meetings.draft_anew"), Href: meetingAddress(ctx, m.ID, "/follow-up?draft=1"), Kind: ui.Quiet}}
		} else {
			panel.Detail = i18n.T(ctx, "meetings.draft_lede")
		}
		fields := f.mark([]ui.FieldProps{{Kind: ui.TextArea, Name: "recap", Label: i18n.T(ctx, "meetings.field_recap"), Help: i18n.T(ctx, "meetings.help_recap"), Value: recap, Rows: 16, MaxLength: 20000}})
		parts = append(parts, with(ui.Panel(panel), with(ui.Form(ui.FormProps{Action: meetingAddress(ctx, m.ID, "/recap"), Hidden: meetingVersion(m), Errors: f.explain(fields), Submit: i18n.T(ctx, "meetings.save_recap")}), formFields(fields))))
	} else if m.Recap != "" {
		parts = append(parts, with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "meetings.field_recap")}), prose(m.Recap)))
	}
	parts = append(parts, with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "captures.title")}), captureLines(m, noted, "/follow-up")), s.agendaPanel(r, m, items, "/follow-up"))
	promised, err := s.actionPanel(r, m)
	if err != nil {
		return err
	}
	reading, err := s.materialsPanel(ctx, m, items, "/follow-up")
	if err != nil {
		return err
	}
	carry, err := s.carryPanel(ctx, m, items)
	if err != nil {
		return err
	}
	todo, err := s.preparationPanel(r, m, true)
	if err != nil {
		return err
	}
	return s.show(w, r, status, "bodies", s.meetingPage(r, m, "follow_up"), append(parts, reading, promised, carry, todo)...)
}

// recapDraft puts what was noted in the order of the agenda: decisions first, for
// that is what most people look for.
func recapDraft(ctx context.Context, items []convening.Item, noted []convening.Capture, recused map[convening.ItemID]string) string {
	var out []string
	section := func(heading string, lines []string) {
		if len(lines) > 0 {
			out = append(out, heading+"\n"+strings.Join(lines, "\n"))
		}
	}
	of := func(kind string) (lines []string) {
		for _, k := range noted {
			if k.Kind == kind {
				lines = append(lines, "– "+k.Text)
			}
		}
		return lines
	}
	section(i18n.T(ctx, "meetings.recap_decisions"), of("decision"))
	section(i18n.T(ctx, "meetings.recap_wins"), of("win"))
	for _, i := range append(items, convening.Item{Title: i18n.T(ctx, "meetings.recap_other")}) {
		var lines []string
		if recused[i.ID] != "" {
			lines = append(lines, "– "+recused[i.ID])
		}
		for _, k := range noted {
			if k.Kind == "note" && k.ItemID == i.ID {
				lines = append(lines, "– "+k.Text)
			}
		}
		section(i.Title, lines)
	}
	section(i18n.T(ctx, "meetings.recap_questions"), of("question"))
	var open []string
	for _, i := range items {
		if i.State == convening.ItemOpen {
			open = append(open, "– "+i.Title)
		}
	}
	section(i18n.T(ctx, "meetings.recap_open"), open)
	return strings.Join(out, "\n\n")
}

// carryPanel offers to carry what was not finished to a later meeting.
func (s *Server) carryPanel(ctx context.Context, m convening.Meeting, items []convening.Item) (templ.Component, error) {
	open := 0
	for _, i := range items {
		if i.State == convening.ItemOpen {
			open++
		}
	}
	if open == 0 || !m.MayPrepare || m.DeletedAt != nil {
		return templ.NopComponent, nil
	}
	panel := ui.PanelProps{Heading: i18n.T(ctx, "agenda.carry")}
	page, err := convening.ListMeetings.Do(ctx, s.app.Door, convening.ListMeetingsInput{BodyID: m.BodyID, From: m.On, Sort: "starts", Limit: 20})
	if err != nil {
		return nil, err
	}
	var later []ui.Option
	for _, other := range page.Items {
		if other.ID != m.ID && !other.Over() && other.StartsAt.After(m.StartsAt) {
			later = append(later, ui.Option{Value: other.ID.String(), Label: other.Name()})
		}
	}
	if len(later) == 0 {
		return with(ui.Panel(panel), muted(i18n.T(ctx, "agenda.carry_none"))), nil
	}
	field := ui.FieldProps{Kind: ui.Select, Name: "to_id", Label: i18n.T(ctx, "agenda.carry_to"), Options: later, Value: later[0].Value}
	return with(ui.Panel(panel), with(ui.Form(ui.FormProps{Action: meetingAddress(ctx, m.ID, "/carry"), Submit: i18n.T(ctx, "agenda.carry"), SubmitKind: ui.Quiet}), ui.Field(field))), nil
}

// meetingRecap is POST …/meetings/{id}/recap.
func (s *Server) meetingRecap(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	i, err := pathID[convening.Meeting](r)
	if err != nil {
		return err
	}
	recap := v.Get("recap")
	var receipt operation.Receipt
	_, err = convening.EditMeeting.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, convening.MeetingPatch{ID: i, Version: formVersion(r), Recap: &recap})
	if f, ok := formFaults(ctx, err); ok {
		m, items, noted, err := s.meetingNotes(r)
		if err != nil {
			return err
		}
		return s.followUpPage(w, r, http.StatusUnprocessableEntity, m, items, noted, recap, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, meetingAddress(ctx, i, "/follow-up"), "meetings.edit", receipt)
}
