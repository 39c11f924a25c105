package web

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"commontable/internal/backbone/convening"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// meetingNotes reads the meeting of the address with its agenda and what was noted.
func (s *Server) meetingNotes(r *http.Request) (m convening.Meeting, items []convening.Item, noted []convening.Capture, err error) {
	ctx := r.Context()
	if m, err = s.meeting(r); err != nil {
		return m, nil, nil, err
	}
	agenda, err := convening.ListItems.Do(ctx, s.app.Door, convening.MeetingPart{MeetingID: m.ID})
	if err != nil {
		return m, nil, nil, err
	}
	captures, err := convening.ListCaptures.Do(ctx, s.app.Door, convening.MeetingPart{MeetingID: m.ID})
	return m, agenda.Items, captures.Items, err
}

// meetingRun is GET …/meetings/{id}/run: the clock against the agenda and the notes.
func (s *Server) meetingRun(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, items, noted, err := s.meetingNotes(r)
	if err != nil {
		return err
	}
	there, at := i18n.WithZone(ctx, meetingZone(m)), m.StartsAt
	props := runProps{Meeting: m, Ends: i18n.Clock(there, m.EndsAt), Captures: meetingAddress(ctx, m.ID, "/captures"), Noted: noted}
	values := url.Values{"kind": {convening.CaptureKinds[0]}}
	recused, err := s.recusedLines(ctx, m.ID)
	if err != nil {
		return err
	}
	for _, i := range items {
		at = at.Add(time.Duration(i.Minutes) * time.Minute)
		if i.State == convening.ItemOpen && values.Get("item_id") == "" {
			values.Set("item_id", i.ID.String())
		}
		var recuse ui.Action
		if m.MayPrepare && (i.Goal == convening.Goals[2] || i.Interests != "" || recused[i.ID] != "") {
			recuse = ui.Action{Label: i18n.T(ctx, "recusals.title"), Kind: ui.Quiet, Href: meetingAddress(ctx, m.ID, "/agenda/"+i.ID.Short()+"/recusals")}
		}
		props.Items = append(props.Items, runItem{Item: i, Recused: recused[i.ID], Recuse: recuse, Until: at, Clock: i18n.Clock(there, at), Done: ui.Action{Label: i18n.T(ctx, "agenda.mark_done"), Kind: ui.Quiet,
			Href: meetingAddress(ctx, m.ID, "/agenda/"+i.ID.Short()+"/state"), Post: true,
			Hidden: []ui.Hidden{{Name: "version", Value: number(i.Version)}, {Name: "state", Value: convening.ItemDone}, {Name: "return", Value: meetingAddress(ctx, m.ID, "/run")}}}})
	}
	props.Fields = captureFields(ctx, items, values)
	promised, err := s.actionPanel(r, m)
	if err != nil {
		return err
	}
	reading, err := s.materialsPanel(ctx, m, items, "/run")
	if err != nil {
		return err
	}
	if props.Presence, err = s.presence(ctx, m); err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, "bodies", s.meetingPage(r, m, "run"), meetingRunning(props), promised, reading)
}

// captureFields are the fields of something noted.
func captureFields(ctx context.Context, items []convening.Item, values url.Values) []ui.FieldProps {
	var about []ui.Option
	for _, i := range items {
		about = append(about, ui.Option{Value: i.ID.String(), Label: i.Title})
	}
	return filled([]ui.FieldProps{
		{Kind: ui.Radios, Name: "kind", Label: i18n.T(ctx, "captures.field_kind"), Options: options(ctx, "capture_kinds.", convening.CaptureKinds)},
		{Kind: ui.TextArea, Name: "text", Label: i18n.T(ctx, "captures.field_text"), Required: true, Rows: 3, MaxLength: 5000},
		{Kind: ui.Select, Name: "item_id", Label: i18n.T(ctx, "captures.about"), Blank: i18n.T(ctx, "captures.whole_meeting"), Options: about},
	}, values)
}

func captureActions(ctx context.Context, m convening.Meeting, k convening.Capture, back string) []ui.Action {
	address := meetingAddress(ctx, m.ID, "/captures/"+k.ID.Short())
	return []ui.Action{{Label: i18n.T(ctx, "list.edit"), Href: address, Icon: "edit"},
		{Label: i18n.T(ctx, "captures.remove"), Href: address + "/trash", Post: true, Icon: "trash",
			Hidden: []ui.Hidden{{Name: "version", Value: number(k.Version)}, {Name: "return", Value: meetingAddress(ctx, m.ID, back)}}}}
}

// captureList is GET …/meetings/{id}/captures: what was noted, for the run mode to
// look at again and again.
func (s *Server) captureList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := s.meeting(r)
	if err != nil {
		return err
	}
	page, err := convening.ListCaptures.Do(ctx, s.app.Door, convening.MeetingPart{MeetingID: m.ID})
	if err != nil {
		return err
	}
	s.render(w, r, http.StatusOK, captureLines(m, page.Items, "/run"))
	return nil
}

// captureAdd is POST …/meetings/{id}/captures. The script of the run mode sends the
// id it gave the note, so that sending it again after a lost answer changes nothing,
// and wants no page back.
func (s *Server) captureAdd(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	i, err := pathID[convening.Meeting](r)
	if err != nil {
		return err
	}
	item, _ := id.Parse[convening.Item](v.Get("item_id")) // empty means the meeting as a whole
	own, _ := id.Parse[convening.Capture](v.Get("id"))    // none without the script
	script := r.Header.Get("HX-Request") != ""
	var receipt operation.Receipt
	_, err = convening.AddCapture.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, convening.CaptureInput{MeetingID: i, ID: own, ItemID: item, Kind: v.Get("kind"), Text: v.Get("text")})
	if f, ok := faultsOf(ctx, err); ok {
		if script {
			http.Error(w, f.list[0].Message, http.StatusUnprocessableEntity)
			return nil
		}
		return s.captureForm(w, r, http.StatusUnprocessableEntity, nil, v, f)
	}
	if err != nil {
		return err
	}
	if script {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return s.done(w, r, returnTo(r, meetingAddress(ctx, i, "/run")), "captures.add", receipt)
}

// captureForm is the form of something noted, with what is wrong in it.
func (s *Server) captureForm(w http.ResponseWriter, r *http.Request, status int, k *convening.Capture, values url.Values, f faults) error {
	ctx := r.Context()
	m, items, _, err := s.meetingNotes(r)
	if err != nil {
		return err
	}
	fields := f.mark(captureFields(ctx, items, values))
	address := meetingAddress(ctx, m.ID, "/captures")
	props := ui.PageProps{Title: i18n.T(ctx, "captures.add"), Crumbs: []ui.Link{{Label: i18n.T(ctx, "meetings.title"), Href: place(ctx, "meetings")}, {Label: m.Name(), Href: meetingAddress(ctx, m.ID, "")}}}
	form := ui.FormProps{Action: address, Errors: f.explain(fields), Cancel: ui.Link{Href: meetingAddress(ctx, m.ID, "/run")}}
	if k != nil {
		props.Title = i18n.T(ctx, "captures.edit")
		form.Action = address + "/" + k.ID.Short()
		form.Hidden = []ui.Hidden{{Name: "version", Value: number(k.Version)}}
	}
	return s.show(w, r, status, "bodies", props, with(ui.Form(form), formFields(fields)))
}

// capture reads what was noted under the address.
func (s *Server) capture(r *http.Request) (convening.Capture, error) {
	m, part, err := meetingPart[convening.Capture](r, "capture")
	if err != nil {
		return convening.Capture{}, err
	}
	all, err := convening.ListCaptures.Do(r.Context(), s.app.Door, convening.MeetingPart{MeetingID: m})
	if err != nil {
		return convening.Capture{}, err
	}
	for _, k := range all.Items {
		if k.ID == part {
			return k, nil
		}
	}
	return convening.Capture{}, operation.Missing()
}

// captureEdit is GET …/meetings/{id}/captures/{capture}.
func (s *Server) captureEdit(w http.ResponseWriter, r *http.Request) error {
	k, err := s.capture(r)
	if err != nil {
		return err
	}
	values := url.Values{"kind": {k.Kind}, "text": {k.Text}}
	if !k.ItemID.IsZero() {
		values.Set("item_id", k.ItemID.String())
	}
	return s.captureForm(w, r, http.StatusOK, &k, values, faults{})
}

// captureSave is POST …/meetings/{id}/captures/{capture}.
func (s *Server) captureSave(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	m, part, err := meetingPart[convening.Capture](r, "capture")
	if err != nil {
		return err
	}
	item, _ := id.Parse[convening.Item](v.Get("item_id"))
	kind, text := v.Get("kind"), v.Get("text")
	var receipt operation.Receipt
	_, err = convening.EditCapture.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, convening.CapturePatch{MeetingID: m, ID: part, Version: formVersion(r), ItemID: &item, Kind: &kind, Text: &text})
	if f, ok := formFaults(ctx, err); ok {
		k, err := s.capture(r)
		if err != nil {
			return err
		}
		return s.captureForm(w, r, http.StatusUnprocessableEntity, &k, v, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, meetingAddress(ctx, m, "/run"), "captures.edit", receipt)
}

// captureTrash is POST …/meetings/{id}/captures/{capture}/trash.
func (s *Server) captureTrash(w http.ResponseWriter, r *http.Request) error {
	return meetingPartMoved(s, w, r, "capture", convening.TrashCapture, func(m convening.MeetingID, i [16]byte, version int64) convening.CaptureVersion {
		return convening.CaptureVersion{MeetingID: m, ID: i, Version: version}
	})
}
