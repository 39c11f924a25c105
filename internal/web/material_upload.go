package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/materials"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// mostAtOnce is how many files one form may bring.
const mostAtOnce = 20

// uploads are the pages that take files, with how much may come at once.
func (s *Server) uploadBound(route Route) (most int64, ok bool) {
	switch {
	case route.Method != http.MethodPost:
		return 0, false
	case route.Pattern == materialsPattern, route.Pattern == deliveriesPattern, route.Pattern == evidencePattern:
		return mostAtOnce * (s.app.Materials.MostFile() + maxForm), true
	case route.Pattern == materialsPattern+"/{material}/versions":
		return s.app.Materials.MostFile() + maxForm, true
	}
	return 0, false
}

// upload reads a form with files as it arrives: fields are kept, and each file is passed
// on by receive and then given to keep. What is wrong with one file ends it.
func (s *Server) upload(w http.ResponseWriter, r *http.Request, receive func(name string, file io.Reader) (materials.UploadID, error), keep func(v url.Values, u materials.UploadID) error) (url.Values, error) {
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(uploadTimeout)) // where it cannot be set the server's own holds
	v := url.Values{}
	bad := func(err error) error {
		if isTooLarge(err) {
			return operation.Refuse(operation.TooLarge, "errors.material_too_much")
		}
		return &operation.Error{Kind: operation.Invalid, Key: "errors.bad_request", Cause: err}
	}
	reader, err := r.MultipartReader()
	if err != nil {
		return v, bad(err)
	}
	fields := 0
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return v, nil
		}
		if err != nil {
			return v, bad(err)
		}
		if part.FileName() == "" {
			raw, err := io.ReadAll(io.LimitReader(part, 4096))
			if fields++; err != nil || fields > 50 {
				return v, bad(err)
			}
			if part.FormName() != "file" { // a form without a file sends an empty one
				v.Add(part.FormName(), string(raw))
			}
			continue
		}
		if part.FormName() != "file" {
			return v, bad(errors.New("a file that was not asked for"))
		}
		u, err := receive(part.FileName(), part)
		if err == nil {
			err = keep(v, u)
		}
		var e *operation.Error
		if err != nil && !errors.As(err, &e) {
			err = bad(err)
		}
		if err != nil {
			return v, err
		}
	}
}

// materialReceiver passes on the files of a meeting. Their size is not known before they
// have arrived.
func (s *Server) materialReceiver(ctx context.Context, m convening.MeetingID) func(name string, file io.Reader) (materials.UploadID, error) {
	return func(name string, file io.Reader) (materials.UploadID, error) {
		u, err := s.app.Materials.Begin.Do(ctx, s.app.Door, materials.BeginInput{MeetingID: m, FileName: name})
		if err != nil {
			return u.ID, err
		}
		return u.ID, inParts(file, func(number int64, content []byte, last bool) error {
			_, err := s.app.Materials.AddPart.Do(ctx, s.app.Door, materials.PartInput{MeetingID: m, ID: u.ID, Part: number, Content: content, Last: last})
			return err
		})
	}
}

// inParts reads a file in the parts in which it is kept.
func inParts(file io.Reader, add func(number int64, content []byte, last bool) error) error {
	buffer := make([]byte, materials.PartBytes)
	for number := int64(0); ; number++ {
		n, err := io.ReadFull(file, buffer)
		last := errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
		if err != nil && !last {
			return err
		}
		if err := add(number, buffer[:n], last); err != nil || last {
			return err
		}
	}
}

// materialCreate is POST …/meetings/{id}/materials: files, an address, or both, each a
// material of its own.
func (s *Server) materialCreate(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := s.meeting(r) // what is not there is missing, before a file is
	if err != nil {
		return err
	}
	i := m.ID
	var receipt operation.Receipt
	var waiting []materials.UploadID // the newest, until it is known whether it is the only one
	added := 0
	add := func(v url.Values, title string, u materials.UploadID, link string) error {
		item, _ := id.Parse[convening.Item](v.Get("item_id")) // empty means the whole meeting
		_, err := s.app.Materials.Create.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, materials.Input{MeetingID: i, ItemID: item, ForInvited: v.Get("for_invited") == "true", Title: title, UploadID: u, Link: link})
		if err == nil {
			added++
		}
		return err
	}
	v, err := s.upload(w, r, s.materialReceiver(ctx, i), func(v url.Values, u materials.UploadID) error {
		if added+len(waiting) >= mostAtOnce {
			return operation.InvalidField("file", "errors.too_many_items", map[string]any{"Maximum": mostAtOnce})
		}
		if len(waiting) > 0 {
			if err := add(v, "", waiting[0], ""); err != nil { // several keep their own names
				return err
			}
		}
		waiting = []materials.UploadID{u}
		return nil
	})
	title := v.Get("title")
	if added > 0 || v.Get("link") != "" {
		title = ""
	}
	if len(waiting) > 0 {
		err = errors.Join(err, add(v, title, waiting[0], ""))
	}
	if link := v.Get("link"); err == nil && (added == 0 || link != "") {
		err = add(v, v.Get("title"), materials.UploadID{}, link)
	}
	if f, ok := faultsOf(ctx, err); ok {
		return s.materialForm(w, r, v, f, added)
	}
	if err != nil {
		return err
	}
	if added > 1 {
		receipt = operation.Receipt{} // one step would take only the last away
	}
	return s.done(w, r, local(v.Get("return"), meetingAddress(ctx, i, "")), "materials.create", receipt)
}

// local is an address of ours that a form names, or else another.
func local(to, other string) string {
	if u, err := url.Parse(to); err == nil && u.Host == "" && u.Scheme == "" && len(to) > 1 && to[0] == '/' && to[1] != '/' && to[1] != '\\' {
		return to
	}
	return other
}

// materialForm is the form with what is wrong in it, and how much of it was done.
func (s *Server) materialForm(w http.ResponseWriter, r *http.Request, v url.Values, f faults, added int) error {
	ctx := r.Context()
	m, err := s.meeting(r)
	if err != nil {
		return err
	}
	items, err := convening.ListItems.Do(ctx, s.app.Door, convening.MeetingPart{MeetingID: m.ID})
	if err != nil {
		return err
	}
	fields := f.mark(s.materialFields(ctx, items.Items, v))
	address := meetingAddress(ctx, m.ID, "")
	back := local(v.Get("return"), address)
	props := ui.PageProps{Title: i18n.T(ctx, "materials.add"), Crumbs: []ui.Link{{Label: i18n.T(ctx, "meetings.title"), Href: place(ctx, "meetings")}, {Label: m.Name(), Href: address}}}
	if added > 0 {
		props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Good, Text: i18n.T(ctx, "materials.some_added", i18n.Args{"Count": added})})
	}
	form := ui.FormProps{Action: address + "/materials", Hidden: []ui.Hidden{{Name: "return", Value: back}}, Errors: f.explain(fields), Submit: i18n.T(ctx, "materials.add"), Cancel: ui.Link{Href: back}, Files: true}
	return s.show(w, r, http.StatusUnprocessableEntity, "bodies", props, with(ui.Form(form), formFields(fields)))
}

// materialVersion is POST …/meetings/{id}/materials/{material}/versions.
func (s *Server) materialVersion(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := s.material(r)
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	added := false
	v, err := s.upload(w, r, s.materialReceiver(ctx, m.MeetingID), func(v url.Values, u materials.UploadID) error {
		_, err := s.app.Materials.AddVersion.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, materials.VersionInput{MeetingID: m.MeetingID, ID: m.ID, Version: whole(v.Get("version")), UploadID: u, Note: v.Get("note")})
		added = err == nil
		return err
	})
	if err == nil && !added {
		err = operation.InvalidField("file", "errors.required")
	}
	if f, ok := formFaults(ctx, err); ok {
		return s.materialPage(w, r, http.StatusUnprocessableEntity, m, nil, v, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, materialAddress(ctx, m, ""), "materials.add-version", receipt)
}
