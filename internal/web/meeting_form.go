package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// meetingFields are the fields of the form.
func (s *Server) meetingFields(ctx context.Context, values url.Values) ([]ui.FieldProps, error) {
	t := func(key string) string { return i18n.T(ctx, "meetings.field_"+key) }
	help := func(key string) string { return i18n.T(ctx, "meetings.help_"+key) }
	bodies, err := s.bodyOptions(ctx, "")
	if err != nil {
		return nil, err
	}
	return filled([]ui.FieldProps{
		{Kind: ui.Select, Name: "body_id", Label: t("body"), Blank: i18n.T(ctx, "meetings.no_body"), Options: bodies},
		{Name: "title", Label: t("title"), Help: help("title"), MaxLength: 200, Autocomplete: "off"},
		{Kind: ui.TextArea, Name: "purpose", Label: t("purpose"), Help: help("purpose"), Rows: 3, MaxLength: 2000},
		{Kind: ui.Date, Name: "on", Label: t("on"), Required: true},
		{Kind: ui.Text, Name: "starts", Label: t("starts"), Help: help("starts"), Required: true, Size: "short", MaxLength: 5, InputMode: "text", Autocomplete: "off"},
		{Kind: ui.Number, Name: "minutes", Label: t("minutes"), Min: "1", Max: "2880", Size: "short", InputMode: "numeric"},
		{Kind: ui.Select, Name: "zone", Label: t("zone"), Options: zoneOptions(or(values.Get("zone"), i18n.Zone(ctx).String()))},
		{Kind: ui.Radios, Name: "mode", Label: t("mode"), Options: options(ctx, "meeting_modes.", convening.Modes)},
		{Name: "place", Label: t("place"), MaxLength: 300},
		{Kind: ui.Text, Name: "link", Label: t("link"), Help: help("link"), MaxLength: 1000, InputMode: "url", Autocomplete: "off"},
	}, values), nil
}

func meetingValues(m convening.Meeting) url.Values {
	return url.Values{"body_id": {m.BodyID.String()}, "title": {m.Title}, "purpose": {m.Purpose}, "on": {m.On}, "starts": {m.Starts}, "minutes": {number(m.Minutes)}, "zone": {m.Zone},
		"mode": {m.Mode}, "place": {m.Place}, "link": {m.Link}, "version": {strconv.FormatInt(m.Version, 10)}}
}

// meetingEditor are the forms of a meeting.
func (s *Server) meetingEditor() *editor[convening.Meeting] {
	type meeting = convening.Meeting
	return &editor[meeting]{area: "meetings", noun: "bodies", kind: convening.MeetingKind,
		name: meeting.Name, short: func(m meeting) string { return m.ID.Short() },
		version: func(m meeting) int64 { return m.Version }, trashed: func(m meeting) bool { return m.DeletedAt != nil },
		values: meetingValues, fields: s.meetingFields,
		hidden: func(values url.Values) []ui.Hidden {
			if values.Get("held") != "" {
				return []ui.Hidden{{Name: "held", Value: "true"}}
			}
			return nil
		},
		get: func(ctx context.Context, i [16]byte) (meeting, error) {
			return convening.GetMeeting.Do(ctx, s.app.Door, convening.MeetingRef{ID: i})
		},
		create: func(ctx context.Context, v url.Values) (meeting, error) {
			body, _ := id.Parse[directory.Body](v.Get("body_id")) // empty means none
			return convening.CreateMeeting.Do(ctx, s.app.Door, convening.MeetingInput{BodyID: body, Title: v.Get("title"), Purpose: v.Get("purpose"), Mode: v.Get("mode"), Place: v.Get("place"),
				Link: v.Get("link"), Zone: v.Get("zone"), On: v.Get("on"), Starts: v.Get("starts"), Minutes: whole(v.Get("minutes")), Held: v.Get("held") == "true"})
		},
		edit: func(ctx context.Context, i [16]byte, v url.Values) (meeting, error) {
			body, _ := id.Parse[directory.Body](v.Get("body_id"))
			title, purpose, mode, where, link, zone, on, starts, minutes := v.Get("title"), v.Get("purpose"), v.Get("mode"), v.Get("place"), v.Get("link"), v.Get("zone"), v.Get("on"), v.Get("starts"), whole(v.Get("minutes"))
			return convening.EditMeeting.Do(ctx, s.app.Door, convening.MeetingPatch{ID: i, Version: whole(v.Get("version")), BodyID: &body, Title: &title, Purpose: &purpose, Mode: &mode,
				Place: &where, Link: &link, Zone: &zone, On: &on, Starts: &starts, Minutes: &minutes})
		}}
}

// meetingNew is GET …/meetings/new, of the body of the address.
func (s *Server) meetingNew(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	values := url.Values{"mode": {convening.Modes[0]}, "minutes": {"90"}, "zone": {i18n.Zone(ctx).String()}}
	if i, err := id.Parse[directory.Body](q.Get("body")); err == nil {
		values.Set("body_id", i.String())
	}
	if q.Get("held") != "" {
		values.Set("held", "true")
	}
	return s.meetingEditor().add(s, w, r, values)
}

// meetingCreate is POST …/meetings.
func (s *Server) meetingCreate(w http.ResponseWriter, r *http.Request) error {
	return s.meetingEditor().added(s, w, r)
}

// meetingEdit is GET …/meetings/{id}/edit.
func (s *Server) meetingEdit(w http.ResponseWriter, r *http.Request) error {
	return s.meetingEditor().change(s, w, r)
}

// meetingSave is POST …/meetings/{id}.
func (s *Server) meetingSave(w http.ResponseWriter, r *http.Request) error {
	return s.meetingEditor().changed(s, w, r)
}

// meetingCancel is GET …/meetings/{id}/cancel: the form that asks why.
func (s *Server) meetingCancel(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := s.meeting(r)
	if err != nil {
		return err
	}
	address := meetingAddress(ctx, m.ID, "")
	props := ui.PageProps{Title: i18n.T(ctx, "meetings.step_cancelled"), Lede: i18n.T(ctx, "meetings.cancel_lede"),
		Crumbs: []ui.Link{{Label: i18n.T(ctx, "meetings.title"), Href: place(ctx, "meetings")}, {Label: m.Name(), Href: address}}}
	form := ui.FormProps{Action: address + "/state", Submit: i18n.T(ctx, "meetings.step_cancelled"), SubmitKind: ui.Bad, Cancel: ui.Link{Href: address},
		Hidden: []ui.Hidden{{Name: "version", Value: strconv.FormatInt(m.Version, 10)}, {Name: "state", Value: convening.Cancelled}}}
	field := ui.FieldProps{Kind: ui.TextArea, Name: "reason", Label: i18n.T(ctx, "meetings.field_reason"), Help: i18n.T(ctx, "meetings.help_reason"), Rows: 2, MaxLength: 500}
	return s.show(w, r, http.StatusOK, "bodies", props, with(ui.Form(form), ui.Field(field)))
}

// meetingStep is POST …/meetings/{id}/state.
func (s *Server) meetingStep(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := s.meeting(r)
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	in := convening.StepInput{ID: m.ID, Version: formVersion(r), State: r.PostFormValue("state"), Reason: r.PostFormValue("reason")}
	if _, err := convening.StepMeeting.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in); err != nil {
		return err
	}
	return s.done(w, r, returnTo(r, meetingAddress(ctx, m.ID, "")), "meetings.step", receipt)
}

// meetingTrash is POST …/meetings/{id}/trash.
func (s *Server) meetingTrash(w http.ResponseWriter, r *http.Request) error {
	return s.meetingMove(w, r, convening.TrashMeeting)
}

// meetingRestore is POST …/meetings/{id}/restore.
func (s *Server) meetingRestore(w http.ResponseWriter, r *http.Request) error {
	return s.meetingMove(w, r, convening.RestoreMeeting)
}

func (s *Server) meetingMove(w http.ResponseWriter, r *http.Request, op *operation.Operation[convening.MeetingVersion, convening.Meeting]) error {
	return moved(s, w, r, "meetings", op, func(i [16]byte, version int64) convening.MeetingVersion {
		return convening.MeetingVersion{ID: i, Version: version}
	})
}
