package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

func touchCrumbs(ctx context.Context) []ui.Link {
	return []ui.Link{{Label: i18n.T(ctx, "touches.title"), Href: place(ctx, "touches")}}
}

// touch reads the entry of the address.
func (s *Server) touch(r *http.Request) (directory.Touch, error) {
	i, err := pathID[directory.Touch](r)
	if err != nil {
		return directory.Touch{}, err
	}
	return directory.GetTouch.Do(r.Context(), s.app.Door, directory.TouchRef{ID: i})
}

// touchRecord is GET …/touches/{id}.
func (s *Server) touchRecord(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	x, err := s.touch(r)
	if err != nil {
		return err
	}
	timeline, err := s.timeline(r, "touches", directory.TouchKind, x.ID)
	if err != nil {
		return err
	}
	address := place(ctx, "touches/"+x.ID.Short())
	t := func(key string) string { return i18n.T(ctx, "touches.field_"+key) }
	version := []ui.Hidden{{Name: "version", Value: number(x.Version)}}
	props := ui.PageProps{Title: x.With(), Lede: i18n.CivilDate(ctx, x.On), HeadingTags: dueTags(ctx, x, s.today(ctx)), Crumbs: touchCrumbs(ctx)}
	if x.DeletedAt != nil {
		props.Notices = append(props.Notices, ui.NoticeProps{Kind: ui.Warn, Text: i18n.T(ctx, "list.is_in_trash", i18n.Args{"When": i18n.DateTime(ctx, *x.DeletedAt)})})
		props.Primary = &ui.Action{Label: i18n.T(ctx, "list.restore"), Href: address + "/restore", Post: true, Hidden: version, Icon: "undo"}
	} else {
		props.Primary = &ui.Action{Label: i18n.T(ctx, "list.edit"), Href: address + "/edit"}
		if x.NextOn != "" && !x.Settled {
			settle := s.settleAction(ctx, x, address)
			settle.Icon = "check"
			props.Menu = append(props.Menu, *settle)
		}
		props.Menu = append(props.Menu, ui.Action{Label: i18n.T(ctx, "list.trash"), Href: address + "/trash", Post: true, Hidden: version, Icon: "trash"})
	}
	var facts []ui.Fact
	if !x.OrganizationID.IsZero() {
		facts = append(facts, ui.Fact{Label: t("organization"), Value: x.Organization, Href: place(ctx, "organizations/"+x.OrganizationID.Short())})
	}
	if !x.PersonID.IsZero() {
		facts = append(facts, ui.Fact{Label: t("person"), Value: x.Person, Href: place(ctx, "people/"+x.PersonID.Short())})
	}
	next := ui.Fact{Label: t("next_on")}
	if x.NextOn != "" {
		next.Value = i18n.CivilDate(ctx, x.NextOn)
	}
	facts = append(facts, ui.Fact{Label: t("by"), Value: x.ByName}, ui.Fact{Label: t("channel"), Value: optional(ctx, "channels.", x.Channel)}, ui.Fact{Label: t("about"), Content: prose(x.About)}, next)
	return s.show(w, r, http.StatusOK, "organizations", props, ui.Record(ui.RecordProps{Facts: ui.Facts(ui.FactsProps{Heading: i18n.T(ctx, "list.facts"), Facts: facts}), Timeline: timeline}))
}

// touchForm shows the form of an entry; nil is a new one.
func (s *Server) touchForm(w http.ResponseWriter, r *http.Request, status int, x *directory.Touch, values url.Values, choice *ui.FieldProps, f faults) error {
	ctx := r.Context()
	t := func(key string) string { return i18n.T(ctx, "touches.field_"+key) }
	organizations, err := s.organizationOptions(ctx, values.Get("organization_id"))
	if err != nil {
		return err
	}
	who, err := s.backboneOptions(ctx)
	if err != nil {
		return err
	}
	if x != nil && !x.ByPersonID.IsZero() && values.Get("by_person_id") == x.ByPersonID.String() {
		who = append([]ui.Option{{Value: x.ByPersonID.String(), Label: x.ByName}}, withoutOption(who, x.ByPersonID.String())...) // also one who has left
	}
	fields := []ui.FieldProps{
		{Kind: ui.Select, Name: "organization_id", Label: t("organization"), Help: i18n.T(ctx, "touches.help_organization"), Blank: i18n.T(ctx, "list.none"), Options: organizations},
		s.personLookup(ctx, values, "person", t("person"), ""),
	}
	if choice != nil {
		fields = append(fields, *choice)
	}
	fields = append(fields,
		ui.FieldProps{Kind: ui.Select, Name: "by_person_id", Label: t("by"), Blank: i18n.T(ctx, "touches.by_me"), Options: who},
		ui.FieldProps{Kind: ui.Date, Name: "happened_on", Label: t("happened_on"), Required: true},
		ui.FieldProps{Kind: ui.Select, Name: "channel", Label: t("channel"), Blank: i18n.T(ctx, "list.not_known"), Options: options(ctx, "channels.", directory.TouchChannels)},
		ui.FieldProps{Kind: ui.TextArea, Name: "about", Label: t("about"), Rows: 4, MaxLength: 5000},
		ui.FieldProps{Kind: ui.Date, Name: "next_on", Label: t("next_on"), Help: i18n.T(ctx, "touches.help_next_on")})
	fields = f.mark(filled(fields, values))
	props := ui.PageProps{Title: i18n.T(ctx, "touches.add"), Lede: i18n.T(ctx, "touches.form_lede"), Crumbs: touchCrumbs(ctx)}
	form := ui.FormProps{Action: place(ctx, "touches"), Errors: f.explain(fields), Cancel: ui.Link{Href: place(ctx, "touches")}}
	if x != nil {
		address := place(ctx, "touches/"+x.ID.Short())
		props.Title = i18n.T(ctx, "list.edit_named", i18n.Args{"Name": x.With()})
		props.Crumbs = append(props.Crumbs, ui.Link{Label: x.With(), Href: address})
		form.Action, form.Cancel.Href = address, address
		form.Hidden = []ui.Hidden{{Name: "version", Value: strconv.FormatInt(x.Version, 10)}}
	}
	if choice != nil {
		form.Hidden = append(form.Hidden, ui.Hidden{Name: "person_for", Value: values.Get("person")})
	}
	if back := values.Get("return"); back != "" {
		form.Hidden = append(form.Hidden, ui.Hidden{Name: "return", Value: back})
	}
	return s.show(w, r, status, "organizations", props, with(ui.Form(form), formFields(fields)))
}

func withoutOption(list []ui.Option, value string) []ui.Option {
	var out []ui.Option
	for _, o := range list {
		if o.Value != value {
			out = append(out, o)
		}
	}
	return out
}

// touchNew is GET …/touches/new, for the organization or person of the address.
func (s *Server) touchNew(w http.ResponseWriter, r *http.Request) error {
	values := url.Values{"happened_on": {s.today(r.Context())}}
	if i, err := id.Parse[directory.Organization](r.URL.Query().Get("organization")); err == nil {
		values.Set("organization_id", i.String())
	}
	return s.touchForm(w, r, http.StatusOK, nil, values, nil, faults{})
}

// touchPerson is whom the form means: picked by the short form of a person's own
// page, or by name.
func (s *Server) touchPerson(ctx context.Context, v url.Values) (directory.PersonID, *ui.FieldProps, error) {
	if picked, err := id.Parse[directory.Person](v.Get("person_id")); err == nil && v.Get("person") == "" {
		if _, byName := v["person"]; !byName {
			p, err := directory.GetPerson.Do(ctx, s.app.Door, directory.PersonRef{ID: directory.PersonID(picked)})
			if err != nil {
				return p.ID, nil, err
			}
			v.Set("person", p.Name()) // for the long form, should something be wrong
			return p.ID, nil, nil
		}
	}
	return s.personChoice(ctx, v, "person")
}

// touchCreate is POST …/touches.
func (s *Server) touchCreate(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	person, choice, err := s.touchPerson(ctx, v)
	organization, _ := id.Parse[directory.Organization](v.Get("organization_id")) // one of the two is needed; the operation says so
	by, _ := id.Parse[directory.Person](v.Get("by_person_id"))                    // none means oneself
	var receipt operation.Receipt
	if err == nil {
		_, err = directory.CreateTouch.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, directory.TouchInput{OrganizationID: organization, PersonID: person, ByPersonID: directory.PersonID(by),
			On: v.Get("happened_on"), Channel: v.Get("channel"), About: v.Get("about"), NextOn: v.Get("next_on")})
	}
	if f, ok := faultsOf(ctx, renamed(err, "person_id", "person")); ok {
		return s.touchForm(w, r, http.StatusUnprocessableEntity, nil, v, choice, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, returnTo(r, place(ctx, "touches")), "touches.create", receipt)
}

// touchEdit is GET …/touches/{id}/edit.
func (s *Server) touchEdit(w http.ResponseWriter, r *http.Request) error {
	x, err := s.touch(r)
	if err != nil {
		return err
	}
	values := url.Values{"organization_id": {x.OrganizationID.String()}, "happened_on": {x.On}, "channel": {x.Channel}, "about": {x.About}, "next_on": {x.NextOn}}
	if !x.PersonID.IsZero() {
		values.Set("person", x.Person)
		values.Set("person_id", x.PersonID.String())
	}
	if !x.ByPersonID.IsZero() {
		values.Set("by_person_id", x.ByPersonID.String())
	}
	return s.touchForm(w, r, http.StatusOK, &x, values, nil, faults{})
}

// touchSave is POST …/touches/{id}. Another day for the next touch makes it due
// again.
func (s *Server) touchSave(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	x, err := s.touch(r)
	if err != nil {
		return err
	}
	person, choice, err := s.touchPerson(ctx, v)
	organization, _ := id.Parse[directory.Organization](v.Get("organization_id")) // one of the two is needed; the operation says so
	by, _ := id.Parse[directory.Person](v.Get("by_person_id"))
	byID := directory.PersonID(by)
	on, channel, about, next := v.Get("happened_on"), v.Get("channel"), v.Get("about"), v.Get("next_on")
	in := directory.TouchPatch{ID: x.ID, Version: whole(v.Get("version")), OrganizationID: &organization, PersonID: &person, On: &on, Channel: &channel, About: &about, NextOn: &next}
	if !byID.IsZero() {
		in.ByPersonID = &byID
	}
	if settled := false; next != x.NextOn {
		in.Settled = &settled
	}
	var receipt operation.Receipt
	if err == nil {
		_, err = directory.EditTouch.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in)
	}
	if f, ok := formFaults(ctx, renamed(err, "person_id", "person")); ok {
		return s.touchForm(w, r, http.StatusUnprocessableEntity, &x, v, choice, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "touches/"+x.ID.Short()), "touches.edit", receipt)
}

// touchSettle is POST …/touches/{id}/settle.
func (s *Server) touchSettle(w http.ResponseWriter, r *http.Request) error {
	return s.touchMove(w, r, directory.SettleTouch)
}

// touchTrash is POST …/touches/{id}/trash.
func (s *Server) touchTrash(w http.ResponseWriter, r *http.Request) error {
	return s.touchMove(w, r, directory.TrashTouch)
}

// touchRestore is POST …/touches/{id}/restore.
func (s *Server) touchRestore(w http.ResponseWriter, r *http.Request) error {
	return s.touchMove(w, r, directory.RestoreTouch)
}

func (s *Server) touchMove(w http.ResponseWriter, r *http.Request, op *operation.Operation[directory.TouchVersion, directory.Touch]) error {
	ctx := r.Context()
	i, err := pathID[directory.Touch](r)
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	if _, err := op.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, directory.TouchVersion{ID: i, Version: formVersion(r)}); err != nil {
		return err
	}
	return s.done(w, r, returnTo(r, place(ctx, "touches/"+i.Short())), op.ID, receipt)
}
