package web

import (
	"bytes"
	"context"
	"net/http"

	"commontable/internal/backbone/convening"
	"commontable/internal/platform/calendar"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/sheets"
	"commontable/internal/web/ui"
)

// calendarActions offer a meeting to the reader's own calendar, and to whoever may
// send them the invitations to it.
func (s *Server) calendarActions(ctx context.Context, m convening.Meeting) []ui.Action {
	if m.DeletedAt != nil {
		return nil
	}
	e := s.app.Calendars.Event(operation.CollaborativeFrom(ctx), m)
	out := []ui.Action{
		{Label: i18n.T(ctx, "calendar.add_file"), Href: meetingAddress(ctx, m.ID, "/calendar.ics"), Icon: "calendar", Download: true},
		{Label: i18n.T(ctx, "calendar.add_google"), Href: calendar.GoogleLink(e), Icon: "calendar"},
		{Label: i18n.T(ctx, "calendar.add_outlook"), Href: calendar.OutlookLink(e, true), Icon: "calendar"},
	}
	if m.MayEdit && !m.Over() && m.EndsAt.After(s.app.Config.Clock.Now()) && s.may(ctx, "meetings.invite") {
		out = append(out, ui.Action{Label: i18n.T(ctx, "calendar.invite"), Href: meetingAddress(ctx, m.ID, "/invite"), Post: true, Icon: "mail"})
	}
	return out
}

// meetingFile is GET …/meetings/{id}/calendar.ics: one meeting for any calendar.
func (s *Server) meetingFile(w http.ResponseWriter, r *http.Request) error {
	m, err := s.meeting(r)
	if err != nil {
		return err
	}
	if m.DeletedAt != nil {
		return operation.Missing()
	}
	place := operation.CollaborativeFrom(r.Context())
	var out bytes.Buffer
	if err := calendar.Write(&out, calendar.Calendar{Method: calendar.Publish, Zone: place.Zone}, []calendar.Event{s.app.Calendars.Event(place, m)}); err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", sheets.AttachmentName(m.Name(), calendar.Ending))
	s.send(w, r, http.StatusOK, calendar.TypeOf(calendar.Publish)+"; charset=utf-8", &out)
	return nil
}

// meetingInvite is POST …/meetings/{id}/invite.
func (s *Server) meetingInvite(w http.ResponseWriter, r *http.Request) error {
	i, err := pathID[convening.Meeting](r)
	if err != nil {
		return err
	}
	if _, err := s.app.Calendars.Invite.Do(r.Context(), s.app.Door, convening.MeetingRef{ID: i}); err != nil {
		return err
	}
	return s.done(w, r, meetingAddress(r.Context(), i, ""), "meetings.invite", operation.Receipt{})
}
