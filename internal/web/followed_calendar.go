package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/imports"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// followedRoutes are the pages about calendars elsewhere that are read again and again.
func (s *Server) followedRoutes() []Route {
	const c = "/c/{collaborative}/followed-calendars"
	return []Route{
		{"GET", c, []string{"followed-calendars.list"}, s.followedList},
		{"GET", c + "/new", []string{"followed-calendars.follow", "bodies.list"}, s.followedNew},
		{"POST", c, []string{"followed-calendars.follow", "bodies.list"}, s.followedCreate},
		{"GET", c + "/{id}", []string{"followed-calendars.get"}, s.followedPage},
		{"GET", c + "/{id}/edit", []string{"followed-calendars.get", "followed-calendars.edit", "bodies.list"}, s.followedEdit},
		{"POST", c + "/{id}", []string{"followed-calendars.get", "followed-calendars.edit", "bodies.list"}, s.followedSave},
		{"POST", c + "/{id}/read", []string{"followed-calendars.read"}, s.followedRead},
		{"POST", c + "/{id}/keep", []string{"followed-calendars.get", "followed-calendars.keep"}, s.followedKeep},
		{"POST", c + "/{id}/end", []string{"followed-calendars.end"}, s.followedEnd},
	}
}

func followedCrumbs(ctx context.Context) []ui.Link {
	return []ui.Link{{Label: i18n.T(ctx, "meetings.title"), Href: place(ctx, "meetings")}, {Label: i18n.T(ctx, "followed.title"), Href: place(ctx, "followed-calendars")}}
}

func followedPlace(ctx context.Context, f imports.Followed) string {
	return place(ctx, "followed-calendars/"+f.ID.Short())
}

// followedTag is how it stands with a calendar, in one word.
func followedTag(ctx context.Context, f imports.Followed) ui.TagProps {
	state, kind := "fine", ui.Good
	switch {
	case f.Problem != nil:
		state, kind = "trouble", ui.Bad
	case f.Waits:
		state, kind = "waits", ui.Due
	case len(f.Gone) > 0:
		state, kind = "gone", ui.Due
	case f.ReadAt == nil:
		state, kind = "unread", ui.Plain
	}
	return ui.TagProps{Label: i18n.T(ctx, "followed.state_"+state), Kind: kind}
}

// followedDetail is where a calendar lies, and when it was read the last time.
func followedDetail(ctx context.Context, f imports.Followed) string {
	read := ""
	if f.ReadAt != nil {
		read = i18n.T(ctx, "followed.read_at", i18n.Args{"When": i18n.DateTime(ctx, *f.ReadAt)})
	}
	return dotted(f.Host, f.Body, read)
}

// followedList is GET …/followed-calendars.
func (s *Server) followedList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list, err := imports.ListFollowed.Do(ctx, s.app.Door, operation.None{})
	if err != nil {
		return err
	}
	props := ui.PageProps{Title: i18n.T(ctx, "followed.title"), Lede: i18n.T(ctx, "followed.lede"), Crumbs: followedCrumbs(ctx)[:1],
		Primary: &ui.Action{Label: i18n.T(ctx, "followed.add"), Href: place(ctx, "followed-calendars/new"), Icon: "plus"}}
	if len(list.Items) == 0 {
		return s.show(w, r, http.StatusOK, "bodies", props, ui.Empty(ui.EmptyProps{Title: i18n.T(ctx, "followed.empty"), Text: i18n.T(ctx, "followed.empty_text"), Actions: []ui.Action{*props.Primary}}))
	}
	return s.show(w, r, http.StatusOK, "bodies", props, ui.Rows(followedRows(ctx, list.Items)))
}

func followedRows(ctx context.Context, list []imports.Followed) []ui.Row {
	rows := make([]ui.Row, len(list))
	for k, f := range list {
		tag := followedTag(ctx, f)
		rows[k] = ui.Row{Title: f.Name, Href: followedPlace(ctx, f), Detail: followedDetail(ctx, f), Tag: &tag}
	}
	return rows
}

// calendarsToDo are the calendars elsewhere that wait for somebody, for Home.
func (s *Server) calendarsToDo(ctx context.Context) (templ.Component, error) {
	if !s.may(ctx, "followed-calendars.list") {
		return templ.NopComponent, nil
	}
	list, err := imports.ListFollowed.Do(ctx, s.app.Door, operation.None{})
	if err != nil {
		return templ.NopComponent, err
	}
	var wait []imports.Followed
	for _, f := range list.Items {
		// A server that is away for an hour is nobody's task.
		if f.Waits || len(f.Gone) > 0 || f.Failures >= 3 {
			wait = append(wait, f)
		}
	}
	if len(wait) == 0 {
		return templ.NopComponent, nil
	}
	return with(ui.Panel(ui.PanelProps{Heading: i18n.T(ctx, "followed.title")}), ui.Rows(followedRows(ctx, wait))), nil
}

// followed reads the calendar of the address.
func (s *Server) followed(r *http.Request) (imports.Followed, error) {
	i, err := pathID[imports.Followed](r)
	if err != nil {
		return imports.Followed{}, err
	}
	return imports.GetFollowed.Do(r.Context(), s.app.Door, imports.FollowedRef{ID: i})
}

// followedPage is GET …/followed-calendars/{id}.
func (s *Server) followedPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := s.followed(r)
	if err != nil {
		return err
	}
	address := followedPlace(ctx, f)
	t := func(key string, args ...i18n.Args) string { return i18n.T(ctx, "followed."+key, args...) }
	version := []ui.Hidden{{Name: "version", Value: strconv.FormatInt(f.Version, 10)}}
	props := ui.PageProps{Title: f.Name, HeadingTags: []ui.TagProps{followedTag(ctx, f)}, Crumbs: followedCrumbs(ctx),
		Primary: &ui.Action{Label: t("read_now"), Href: address + "/read", Post: true},
		Menu: []ui.Action{{Label: i18n.T(ctx, "list.edit"), Href: address + "/edit", Icon: "edit"},
			{Label: t("end"), Href: address + "/end", Post: true, Hidden: version, Confirm: t("end_confirm"), Icon: "trash"}}}
	switch {
	case f.Problem != nil:
		props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Bad, Title: t("trouble"), Text: said(ctx, *f.Problem)})
	case f.ReadAt == nil:
		props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Plain, Text: t("unread")})
		props.Refresh = 5
	}
	if f.Waits {
		props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Due, Title: t("waits"), Text: t("waits_text"), Links: []ui.Link{{Label: t("look"), Href: importAddress(ctx, imports.Import{ID: f.ImportID})}}})
	}
	bySelf := i18n.T(ctx, "list.no")
	if f.BySelf {
		bySelf = i18n.T(ctx, "list.yes")
	}
	facts := []ui.Fact{{Label: t("field_host"), Value: f.Host}, {Label: t("field_body"), Value: f.Body}, {Label: t("field_by_itself"), Value: bySelf}, {Label: t("field_by"), Value: f.By}}
	if f.ReadAt != nil {
		facts = append(facts, ui.Fact{Label: t("field_read_at"), Value: i18n.DateTime(ctx, *f.ReadAt)})
	}
	facts = append(facts, ui.Fact{Label: t("field_next_at"), Value: i18n.DateTime(ctx, f.NextAt)})
	body := []templ.Component{ui.Facts(ui.FactsProps{Facts: facts})}
	if len(f.Gone) > 0 {
		rows := make([]ui.Row, len(f.Gone))
		for k, g := range f.Gone {
			row := ui.Row{Title: g.Title, Href: place(ctx, "series/"+g.SeriesID.Short()), Detail: t("gone_series"),
				Action: &ui.Action{Label: t("keep"), Href: address + "/keep", Post: true, Hidden: []ui.Hidden{{Name: "uid", Value: g.UID}}, Kind: ui.Quiet}}
			if g.SeriesID.IsZero() {
				row.Href, row.Detail = place(ctx, "meetings/"+g.MeetingID.Short()), i18n.CivilDate(ctx, g.On)
			}
			rows[k] = row
		}
		body = append(body, with(ui.Panel(ui.PanelProps{Heading: t("gone"), Detail: t("gone_text")}), ui.Rows(rows)))
	}
	return s.show(w, r, http.StatusOK, "bodies", props, body...)
}

// followedForm shows the form of a calendar; nil is a new one.
func (s *Server) followedForm(w http.ResponseWriter, r *http.Request, status int, x *imports.Followed, values url.Values, f faults) error {
	ctx := r.Context()
	bodies, err := s.bodyOptions(ctx, values.Get("body_id"))
	if err != nil {
		return err
	}
	t := func(key string) string { return i18n.T(ctx, "followed."+key) }
	address := ui.FieldProps{Kind: ui.Text, Name: "address", Label: t("field_address"), Help: t("help_address"), Required: true, MaxLength: 2000, InputMode: "url", Autocomplete: "off"}
	props := ui.PageProps{Title: t("add"), Lede: t("form_lede"), Crumbs: followedCrumbs(ctx)}
	form := ui.FormProps{Action: place(ctx, "followed-calendars"), Submit: t("follow"), Cancel: ui.Link{Href: place(ctx, "followed-calendars")}}
	if x != nil {
		address.Help, address.Required = t("help_address_again"), false
		props.Title = i18n.T(ctx, "list.edit_named", i18n.Args{"Name": x.Name})
		props.Lede = t("edit_lede")
		props.Crumbs = append(props.Crumbs, ui.Link{Label: x.Name, Href: followedPlace(ctx, *x)})
		form.Action, form.Submit, form.Cancel.Href = followedPlace(ctx, *x), "", followedPlace(ctx, *x)
		form.Hidden = []ui.Hidden{{Name: "version", Value: strconv.FormatInt(x.Version, 10)}}
	}
	fields := f.mark(filled([]ui.FieldProps{
		{Kind: ui.Text, Name: "name", Label: t("field_name"), Help: t("help_name"), Required: true, MaxLength: 200},
		address,
		{Kind: ui.Select, Name: "body_id", Label: t("field_body"), Help: t("help_body"), Blank: t("body_blank"), Options: bodies},
		{Kind: ui.Checkbox, Name: "by_itself", Label: t("by_itself"), Help: t("help_by_itself"), Checked: values.Get("by_itself") == "true"},
	}, values))
	form.Errors = f.explain(fields)
	return s.show(w, r, status, "bodies", props, with(ui.Form(form), formFields(fields)))
}

// followedNew is GET …/followed-calendars/new.
func (s *Server) followedNew(w http.ResponseWriter, r *http.Request) error {
	return s.followedForm(w, r, http.StatusOK, nil, url.Values{}, faults{})
}

// followedCreate is POST …/followed-calendars.
func (s *Server) followedCreate(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	in := imports.FollowedInput{Name: v.Get("name"), Address: v.Get("address"), BySelf: v.Get("by_itself") == "true"}
	in.BodyID, _ = id.Parse[directory.Body](v.Get("body_id")) // none is allowed
	var receipt operation.Receipt
	made, err := imports.FollowCalendar.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in)
	if f, ok := formFaults(ctx, err); ok {
		return s.followedForm(w, r, http.StatusUnprocessableEntity, nil, v, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, followedPlace(ctx, made), "followed-calendars.follow", receipt)
}

// followedEdit is GET …/followed-calendars/{id}/edit.
func (s *Server) followedEdit(w http.ResponseWriter, r *http.Request) error {
	f, err := s.followed(r)
	if err != nil {
		return err
	}
	values := url.Values{"name": {f.Name}, "body_id": {bodyValue(f.BodyID)}, "by_itself": {strconv.FormatBool(f.BySelf)}}
	return s.followedForm(w, r, http.StatusOK, &f, values, faults{})
}

// followedSave is POST …/followed-calendars/{id}.
func (s *Server) followedSave(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	f, err := s.followed(r)
	if err != nil {
		return err
	}
	name, address, bySelf := v.Get("name"), v.Get("address"), v.Get("by_itself") == "true"
	body, _ := id.Parse[directory.Body](v.Get("body_id")) // none is allowed
	var receipt operation.Receipt
	_, err = imports.EditFollowed.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, imports.FollowedPatch{ID: f.ID, Version: whole(v.Get("version")), Name: &name, Address: &address, BodyID: &body, BySelf: &bySelf})
	if found, ok := formFaults(ctx, err); ok {
		return s.followedForm(w, r, http.StatusUnprocessableEntity, &f, v, found)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, followedPlace(ctx, f), "followed-calendars.edit", receipt)
}

// followedDo does something with the calendar of the address.
func (s *Server) followedDo(w http.ResponseWriter, r *http.Request, op string, do func(ctx context.Context, i imports.FollowedID) error) error {
	ctx := r.Context()
	i, err := pathID[imports.Followed](r)
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	if err := do(operation.WithReceipt(ctx, &receipt), i); err != nil {
		return err
	}
	back := place(ctx, "followed-calendars/"+i.Short())
	if op == imports.EndFollowed.ID {
		back = place(ctx, "followed-calendars")
	}
	return s.done(w, r, back, op, receipt)
}

// followedRead is POST …/followed-calendars/{id}/read.
func (s *Server) followedRead(w http.ResponseWriter, r *http.Request) error {
	return s.followedDo(w, r, imports.ReadFollowed.ID, func(ctx context.Context, i imports.FollowedID) error {
		_, err := imports.ReadFollowed.Do(ctx, s.app.Door, imports.FollowedRef{ID: i})
		return err
	})
}

// followedKeep is POST …/followed-calendars/{id}/keep.
func (s *Server) followedKeep(w http.ResponseWriter, r *http.Request) error {
	return s.followedDo(w, r, imports.KeepGone.ID, func(ctx context.Context, i imports.FollowedID) error {
		if _, err := imports.GetFollowed.Do(ctx, s.app.Door, imports.FollowedRef{ID: i}); err != nil {
			return err // whatever the form says, there is no such calendar
		}
		_, err := imports.KeepGone.Do(ctx, s.app.Door, imports.GoneInput{ID: i, UID: r.PostFormValue("uid")})
		return err
	})
}

// followedEnd is POST …/followed-calendars/{id}/end.
func (s *Server) followedEnd(w http.ResponseWriter, r *http.Request) error {
	return s.followedDo(w, r, imports.EndFollowed.ID, func(ctx context.Context, i imports.FollowedID) error {
		_, err := imports.EndFollowed.Do(ctx, s.app.Door, imports.FollowedVersion{ID: i, Version: formVersion(r)})
		return err
	})
}
