package web

import (
	"context"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/convening"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// mostUnheard is how many of those who have not spoken yet are named.
const mostUnheard = 30

// presence is who is at a meeting while it runs, whether they are enough to decide,
// and who has not been heard yet.
func (s *Server) presence(ctx context.Context, m convening.Meeting) (templ.Component, error) {
	if !s.may(ctx, "attendance.list") || !m.MayPrepare {
		return templ.NopComponent, nil
	}
	part := attendance.MeetingPart{MeetingID: m.ID}
	ledger, err := attendance.List.Do(ctx, s.app.Door, part)
	if err != nil {
		return nil, err
	}
	quorum, err := attendance.GetQuorum.Do(ctx, s.app.Door, part)
	if err != nil {
		return nil, err
	}
	var rows []ui.Row
	for _, a := range ledger.Items {
		if a.Turns != nil && *a.Turns > 0 || len(rows) == mostUnheard {
			continue
		}
		rows = append(rows, ui.Row{Title: named(ctx, a.Name), Detail: a.Organization, Action: &ui.Action{Label: i18n.T(ctx, "meetings.spoke"), Post: true,
			Href: meetingAddress(ctx, m.ID, "/attendance/"+a.ID.Short()+"/spoke"), Hidden: []ui.Hidden{{Name: "version", Value: strconv.FormatInt(a.Version, 10)}}}})
	}
	heard := ui.PanelProps{Heading: i18n.T(ctx, "meetings.not_heard"), Detail: i18n.T(ctx, "meetings.not_heard_lede"),
		Actions: []ui.Action{{Label: i18n.T(ctx, "attendance.title"), Href: meetingAddress(ctx, m.ID, "/attendance"), Kind: ui.Quiet}}}
	none := i18n.T(ctx, "meetings.all_heard")
	if len(ledger.Items) == 0 {
		none = i18n.T(ctx, "meetings.nobody_here")
	}
	return templ.Join(with(ui.Panel(ui.PanelProps{}), quorumPanel(ctx, quorum)), with(ui.Panel(heard), rowsOr(rows, none))), nil
}

// meetingPresence is GET …/meetings/{id}/presence: who is there, for the run mode to
// look at again and again.
func (s *Server) meetingPresence(w http.ResponseWriter, r *http.Request) error {
	m, err := s.meeting(r)
	if err != nil {
		return err
	}
	now, err := s.presence(r.Context(), m)
	if err != nil {
		return err
	}
	s.render(w, r, http.StatusOK, now)
	return nil
}

// attendanceSpoke is POST …/meetings/{id}/attendance/{entry}/spoke: somebody was heard
// once more.
func (s *Server) attendanceSpoke(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, entry, err := meetingPart[attendance.Attendance](r, "entry")
	if err != nil {
		return err
	}
	a, err := attendance.Get.Do(ctx, s.app.Door, attendance.Ref{MeetingID: m, ID: entry})
	if err != nil {
		return err
	}
	turns := int64(1)
	if a.Turns != nil {
		turns += *a.Turns
	}
	var receipt operation.Receipt
	if _, err := attendance.Edit.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, attendance.Patch{MeetingID: m, ID: entry, Version: formVersion(r), Turns: &turns}); err != nil {
		return err
	}
	return s.done(w, r, meetingAddress(ctx, m, "/run"), "attendance.edit", receipt)
}
