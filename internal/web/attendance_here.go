package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/a-h/templ"

	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// checkIn is GET /here/{code}: whoever is in the room says so, on their own phone. It
// needs no account and no scripts.
func (s *Server) checkIn(w http.ResponseWriter, r *http.Request) error {
	return s.checkInPage(w, r, http.StatusOK, url.Values{}, nil, nil)
}

// checkInPage shows the forms anew; fault is what was wrong, choice asks who is meant.
func (s *Server) checkInPage(w http.ResponseWriter, r *http.Request, status int, values url.Values, choice *ui.FieldProps, fault error) error {
	c, view, err := s.app.Attendance.Look(r.Context(), s.app.Door, r.PathValue("code"))
	if err != nil {
		return s.checkInDead(w, r, err)
	}
	return s.checkInShow(w, r, status, c, view, values, choice, fault)
}

func (s *Server) checkInShow(w http.ResponseWriter, r *http.Request, status int, c operation.Collaborative, view attendance.DoorView, values url.Values, choice *ui.FieldProps, fault error) error {
	zone, err := time.LoadLocation(view.Zone)
	if err != nil {
		zone = time.UTC
	}
	ctx := i18n.WithZone(r.Context(), zone)
	r = r.WithContext(ctx)
	f, _ := faultsOf(ctx, fault) // in the language of the page
	props := ui.TaskProps{Title: view.Title, Collaborative: c.Name}
	when := muted(dotted(i18n.DateTime(ctx, view.StartsAt), view.Place))
	switch {
	case view.State == attendance.DoorEarly:
		props.Privacy = i18n.T(ctx, "attendance.too_early", i18n.Args{"When": i18n.DateTime(ctx, view.OpensAt)})
		return s.showTask(w, r, status, props, when)
	case view.State == attendance.DoorClosed:
		props.Privacy = i18n.T(ctx, "attendance.door_is_closed")
		return s.showTask(w, r, status, props, when)
	case view.In == attendance.InNow:
		props.Title, props.Privacy = i18n.T(ctx, "attendance.you_are_in", i18n.Args{"Name": view.Name}), view.Title
		return s.showTask(w, r, status, props, when, muted(i18n.T(ctx, "attendance.hand_on")))
	case view.In == attendance.InAlready:
		props.Title, props.Privacy = i18n.T(ctx, "attendance.you_are_in_already", i18n.Args{"Name": view.Name}), view.Title
		return s.showTask(w, r, status, props, when)
	}
	props.Privacy = i18n.T(ctx, "attendance.seen_by", i18n.Args{"Collaborative": c.Name})
	return s.showTask(w, r, status, props, when, checkInForm(ctx, r, view, values, choice, f), guestForm(ctx, r, c, view, values, f))
}

// checkInForm is for those who are expected: they find themselves as they type, and
// without scripts after the first step.
func checkInForm(ctx context.Context, r *http.Request, view attendance.DoorView, values url.Values, choice *ui.FieldProps, f faults) templ.Component {
	form := ui.FormProps{ID: "expected", Action: r.URL.EscapedPath(), Submit: i18n.T(ctx, "attendance.i_am_here"), Unguarded: true}
	fields := []ui.FieldProps{{Kind: ui.Lookup, Name: "who", Label: i18n.T(ctx, "attendance.your_name"), Help: i18n.T(ctx, "attendance.help_your_name"), Value: values.Get("who"), Chosen: values.Get("who_id"),
		SuggestHref: r.URL.EscapedPath() + "/suggest", Autocomplete: "off", MaxLength: 200, Required: true}}
	if choice != nil {
		fields = append(fields, *choice)
		form.Hidden = append(form.Hidden, ui.Hidden{Name: "who_for", Value: values.Get("who")})
	}
	fields = append(fields, onlineField(ctx, view, "")...)
	fields = filled(fields, values)
	if values.Get("guest") == "" {
		fields = f.mark(fields)
		form.Errors = f.explain(fields)
	}
	return with(ui.Form(form), formFields(fields))
}

// onlineField asks whether somebody is there online, where that can be.
func onlineField(ctx context.Context, view attendance.DoorView, prefix string) []ui.FieldProps {
	if !view.MayOnline {
		return nil
	}
	return []ui.FieldProps{{Kind: ui.Checkbox, Name: "online", ID: prefix + "online", Label: i18n.T(ctx, "attendance.i_am_online")}}
}

// guestForm is for everybody else.
func guestForm(ctx context.Context, r *http.Request, c operation.Collaborative, view attendance.DoorView, values url.Values, f faults) templ.Component {
	t := func(key string) string { return i18n.T(ctx, "attendance.field_"+key) }
	form := ui.FormProps{ID: "guest", Action: r.URL.EscapedPath(), Hidden: []ui.Hidden{{Name: "guest", Value: "1"}}, Submit: i18n.T(ctx, "attendance.i_am_here"), SubmitKind: ui.Quiet, Unguarded: true}
	fields := []ui.FieldProps{
		{Name: "name", Label: i18n.T(ctx, "attendance.your_name"), Required: true, MaxLength: 120, Autocomplete: "name"},
		{Name: "organization", Label: t("organization"), MaxLength: 200, Autocomplete: "organization"},
		{Kind: ui.Email, Name: "email", Label: t("email"), Help: i18n.T(ctx, "attendance.help_email"), MaxLength: 254, Autocomplete: "email"},
		{Kind: ui.Checkbox, Name: "consent", Label: i18n.T(ctx, "attendance.consent", i18n.Args{"Collaborative": c.Name}), Required: true},
	}
	for k := range fields {
		fields[k].ID = "guest-" + fields[k].Name
	}
	fields = filled(append(fields, onlineField(ctx, view, "guest-")...), values)
	if values.Get("guest") != "" {
		fields = f.mark(fields)
		form.Errors = f.explain(fields)
		return with(part(i18n.T(ctx, "attendance.not_on_the_list")), with(ui.Form(form), formFields(fields)))
	}
	return with(folded(i18n.T(ctx, "attendance.not_on_the_list")), with(ui.Form(form), formFields(fields)))
}

// checkInSuggest is GET /here/{code}/suggest: those expected whose names begin so.
func (s *Server) checkInSuggest(w http.ResponseWriter, r *http.Request) error {
	text := r.URL.Query().Get("q")
	found, err := s.app.Attendance.Find(r.Context(), s.app.Door, r.PathValue("code"), text)
	if err != nil {
		return s.checkInDead(w, r, err)
	}
	s.keepAddress(w)
	hits := make([]ui.Suggestion, 0, len(found.Items))
	for _, one := range found.Items {
		hits = append(hits, ui.Suggestion{Value: one.ID.String(), Label: one.Label, Detail: one.Organization, Icon: "user"})
	}
	s.render(w, r, http.StatusOK, ui.Suggestions(text, hits, ""))
	return nil
}

// checkInEnter is POST /here/{code}. The page is shown again at once: a redirect
// would repeat its address.
func (s *Server) checkInEnter(w http.ResponseWriter, r *http.Request) error {
	if again, ok := s.chosenLanguage(w, r); ok {
		return s.checkIn(w, again)
	}
	ctx, v, code := r.Context(), r.PostForm, r.PathValue("code")
	in := attendance.CheckIn{Online: v.Get("online") == "true"}
	if v.Get("guest") != "" {
		in.Name, in.Organization, in.Email, in.Consent = v.Get("name"), v.Get("organization"), v.Get("email"), v.Get("consent") == "true"
	} else {
		for _, picked := range v["who_id"] { // the field itself sends nothing where a choice was asked for
			if i := parsedID[directory.Person](picked); !i.IsZero() {
				in.PersonID = directory.PersonID(i)
			}
		}
		if in.PersonID.IsZero() {
			return s.checkInAsk(w, r, code, v)
		}
	}
	c, view, err := s.app.Attendance.Enter(ctx, s.app.Door, code, in)
	if _, ok := faultsOf(ctx, err); ok {
		return s.checkInPage(w, r, http.StatusUnprocessableEntity, v, nil, renamed(err, "person_id", "who"))
	}
	if err != nil {
		return s.checkInDead(w, r, err)
	}
	return s.checkInShow(w, r, http.StatusOK, c, view, v, nil, nil)
}

// checkInAsk asks who is meant by what was typed, where no script has.
func (s *Server) checkInAsk(w http.ResponseWriter, r *http.Request, code string, v url.Values) error {
	ctx := r.Context()
	found, err := s.app.Attendance.Find(ctx, s.app.Door, code, v.Get("who"))
	if err != nil {
		return s.checkInDead(w, r, err)
	}
	key := "attendance.which_is_you"
	switch {
	case found.Short:
		key = "attendance.more_letters"
	case len(found.Items) == 0:
		key = "attendance.nobody_found"
	case found.More:
		key = "attendance.too_many_found"
	}
	var choice *ui.FieldProps
	if len(found.Items) > 0 {
		choice = &ui.FieldProps{Kind: ui.Radios, Name: "who_id", Label: i18n.T(ctx, "attendance.which_is_you")}
		for _, one := range found.Items {
			choice.Options = append(choice.Options, ui.Option{Value: one.ID.String(), Label: one.Label, Help: one.Organization})
		}
	}
	return s.checkInPage(w, r, http.StatusUnprocessableEntity, v, choice, operation.InvalidField("who", key))
}

// checkInDead explains a code that is not known, or no longer. Other failures it
// returns.
func (s *Server) checkInDead(w http.ResponseWriter, r *http.Request, err error) error {
	s.keepAddress(w)
	var e *operation.Error
	if !errors.As(err, &e) || e.Key != "access.link_dead" {
		return err
	}
	ctx := r.Context()
	s.render(w, r, http.StatusNotFound, ui.BarePage(ui.BareProps{Title: i18n.T(ctx, "attendance.code_dead"), Lede: i18n.T(ctx, "attendance.code_dead_lede")}), templ.NopComponent)
	return nil
}
