package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/convening"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// recusedLines says of each item of an agenda who takes no part in it.
func (s *Server) recusedLines(ctx context.Context, m convening.MeetingID) (map[convening.ItemID]string, error) {
	page, err := attendance.Recusals.Do(ctx, s.app.Door, attendance.MeetingPart{MeetingID: m})
	names := map[convening.ItemID][]string{}
	for _, r := range page.Items {
		names[r.ItemID] = append(names[r.ItemID], dotted(named(ctx, r.Name), r.Organization))
	}
	lines := map[convening.ItemID]string{}
	for i, all := range names {
		lines[i] = i18n.T(ctx, "recusals.line", i18n.Args{"Names": strings.Join(all, "; ")})
	}
	return lines, err
}

// recusalItem reads the meeting and the agenda item of the address.
func (s *Server) recusalItem(r *http.Request) (m convening.Meeting, item convening.Item, err error) {
	if m, err = s.meeting(r); err != nil {
		return m, item, err
	}
	_, part, err := meetingPart[convening.Item](r, "item")
	if err != nil {
		return m, item, err
	}
	agenda, err := convening.ListItems.Do(r.Context(), s.app.Door, convening.MeetingPart{MeetingID: m.ID})
	if err != nil {
		return m, item, err
	}
	at := slices.IndexFunc(agenda.Items, func(i convening.Item) bool { return i.ID == part })
	if at < 0 || !m.MayPrepare || m.DeletedAt != nil {
		return m, item, operation.Missing()
	}
	return m, agenda.Items[at], nil
}

// recusalEdit is GET …/meetings/{id}/agenda/{item}/recusals: who is there, and who of
// them takes no part in the item.
func (s *Server) recusalEdit(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, item, err := s.recusalItem(r)
	if err != nil {
		return err
	}
	ledger, err := attendance.List.Do(ctx, s.app.Door, attendance.MeetingPart{MeetingID: m.ID})
	if err != nil {
		return err
	}
	noted, err := attendance.Recusals.Do(ctx, s.app.Door, attendance.MeetingPart{MeetingID: m.ID})
	if err != nil {
		return err
	}
	field := ui.FieldProps{Kind: ui.Checkboxes, Name: "entry", Label: i18n.T(ctx, "recusals.who"), Help: i18n.T(ctx, "recusals.help")}
	for _, a := range ledger.Items {
		field.Options = append(field.Options, ui.Option{Value: a.ID.String(), Label: dotted(named(ctx, a.Name), a.Organization, optional(ctx, "seat_roles.", a.Seat))})
	}
	var was []ui.Hidden
	for _, n := range noted.Items {
		if n.ItemID == item.ID {
			field.Values = append(field.Values, n.EntryID.String())
			was = append(was, ui.Hidden{Name: "was", Value: n.EntryID.String()})
		}
	}
	props := attendancePage(ctx, m, "recusals.title")
	props.Heading, props.Lede = item.Title, dotted(i18n.T(ctx, "recusals.title"), m.Title)
	props.Crumbs = append(props.Crumbs, ui.Link{Label: i18n.T(ctx, "meetings.run"), Href: meetingAddress(ctx, m.ID, "/run")})
	var parts []templ.Component
	if item.Interests != "" {
		parts = append(parts, with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "agenda.field_interests")}), prose(item.Interests)))
	}
	if len(field.Options) == 0 {
		parts = append(parts, with(ui.Panel(ui.PanelProps{Actions: []ui.Action{{Label: i18n.T(ctx, "attendance.title"), Href: meetingAddress(ctx, m.ID, "/attendance"), Kind: ui.Quiet}}}), muted(i18n.T(ctx, "recusals.nobody"))))
		return s.show(w, r, http.StatusOK, "bodies", props, parts...)
	}
	form := ui.FormProps{Action: meetingAddress(ctx, m.ID, "/agenda/"+item.ID.Short()+"/recusals"), Hidden: was, Cancel: ui.Link{Href: meetingAddress(ctx, m.ID, "/run")}}
	return s.show(w, r, http.StatusOK, "bodies", props, append(parts, with(ui.Form(form), ui.Field(field)))...)
}

// recusalSave is POST …/meetings/{id}/agenda/{item}/recusals. What was ticked when the
// page was read comes back with it, so that only what somebody changed here is changed.
func (s *Server) recusalSave(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, item, err := meetingPart[convening.Item](r, "item")
	if err != nil {
		return err
	}
	in := attendance.RecuseInput{MeetingID: m, ItemID: item}
	was, now := r.PostForm["was"], r.PostForm["entry"]
	if in.Recuse, err = entriesWithout(now, was); err != nil {
		return err
	}
	if in.Return, err = entriesWithout(was, now); err != nil {
		return err
	}
	back := meetingAddress(ctx, m, "/run")
	var receipt operation.Receipt
	if _, err := attendance.Recuse.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in); err != nil {
		return err
	}
	return s.done(w, r, back, "recusals.set", receipt)
}

// entriesWithout are the entries of one list that another does not name.
func entriesWithout(list, other []string) ([]attendance.ID, error) {
	var out []attendance.ID
	for _, text := range list {
		if slices.Contains(other, text) {
			continue
		}
		i, err := id.Parse[attendance.Attendance](text)
		if err != nil {
			return nil, operation.Missing()
		}
		out = append(out, i)
	}
	return out, nil
}

// leftToDecide says of each item from which somebody is recused who that is, and how
// many voting seats are left.
func leftToDecide(ctx context.Context, q attendance.Quorum) []ui.Fact {
	var facts []ui.Fact
	for _, i := range q.Items {
		fact := ui.Fact{Label: i.Title, Value: i18n.T(ctx, "recusals.line", i18n.Args{"Names": strings.Join(i.Recused, "; ")})}
		if q.Seats > 0 {
			fact.Note = i18n.T(ctx, "recusals.left", i18n.Args{"Present": i.Present, "Seats": q.Present})
		}
		if q.Needed > 0 && q.Met { // without a quorum nothing is decided anyway
			key := "recusals.left_missing"
			if i.Met {
				key = "recusals.left_met"
			}
			fact.Note += " " + i18n.T(ctx, key, i18n.Args{"Needed": q.Needed})
		}
		facts = append(facts, fact)
	}
	return facts
}
