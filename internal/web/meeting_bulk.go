package web

import (
	"context"
	"net/http"

	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/web/ui"
)

// meetingSelection is what can be done with the ticked meetings. A field that is left
// empty changes nothing.
func meetingSelection(ctx context.Context, trash bool, bodies []ui.Option) *ui.Selection {
	sel := bulkActions(ctx, "meetings", trash, []ui.BulkAction{{Label: i18n.T(ctx, "meetings.change_several"), Name: "do", Value: "edit"}, {Label: i18n.T(ctx, "meetings.cancel_several"), Name: "do", Value: "cancel"}})
	if trash {
		return sel
	}
	t := func(key string) string { return i18n.T(ctx, "meetings.field_"+key) }
	sel.Fields = []ui.FieldProps{
		{Kind: ui.Select, Name: "set_body", Label: t("body"), Blank: i18n.T(ctx, "meetings.as_it_is"), Options: bodies},
		{Name: "set_place", Label: t("place"), MaxLength: 300, Autocomplete: "off"},
		{Name: "set_link", Label: t("link"), MaxLength: 1000, InputMode: "url", Autocomplete: "off"},
		{Kind: ui.Number, Name: "set_days", Label: i18n.T(ctx, "meetings.move_days"), Min: "-366", Max: "366", Size: "short"},
		{Name: "reason", Label: t("reason"), MaxLength: 500, Autocomplete: "off"},
	}
	return sel
}

// meetingBulk is POST …/meetings/bulk.
func (s *Server) meetingBulk(w http.ResponseWriter, r *http.Request) error {
	do, v := r.PostFormValue("do"), r.PostForm
	in := convening.SeveralInput{Trash: do == "trash", Back: do == "restore", Cancel: do == "cancel"}
	if in.Cancel {
		in.Reason = v.Get("reason")
	}
	if do == "edit" {
		in.Days = whole(v.Get("set_days"))
		if body, err := id.Parse[directory.Body](v.Get("set_body")); err == nil {
			in.BodyID = &body
		}
		if where := v.Get("set_place"); where != "" {
			in.Place = &where
		}
		if link := v.Get("set_link"); link != "" {
			in.Link = &link
		}
	}
	return selected(s, w, r, "meetings", convening.EditSeveral, func(i [16]byte, version int64) {
		in.Items = append(in.Items, convening.MeetingVersion{ID: i, Version: version})
	}, &in)
}
