package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// personRoutes are the pages of a person beyond the ones every record has.
func (s *Server) personRoutes() []Route {
	const person = "/c/{collaborative}/people/{id}"
	return []Route{
		{"GET", person + "/private", []string{"people.get", "people.set-private"}, s.personPrivate},
		{"POST", person + "/private", []string{"people.get", "people.set-private"}, s.personPrivateSave},
		{"GET", person + "/affiliations/{affiliation}", []string{"people.get", "people.set-affiliations"}, s.affiliationEdit},
		{"POST", person + "/affiliations/{affiliation}", []string{"people.get", "people.set-affiliations"}, s.affiliationSave},
	}
}

// seesPrivate says whether what a person told in confidence is shown: to
// themselves, and to those with the right to it.
func (s *Server) seesPrivate(ctx context.Context, p directory.Person) bool {
	self := operation.ActorFrom(ctx).Person == p.ID && s.may(ctx, "people.set-private")
	return self || s.mayAll(ctx, directory.SeePrivate)
}

// personPrivate is GET …/people/{id}/private.
func (s *Server) personPrivate(w http.ResponseWriter, r *http.Request) error {
	p, err := s.person(r)
	if err != nil {
		return err
	}
	if !s.seesPrivate(r.Context(), p) {
		return operation.Refuse(operation.Forbidden, "errors.forbidden")
	}
	return s.privateForm(w, r, http.StatusOK, p, url.Values{"access_needs": {p.AccessNeeds}, "lived_experience": {p.LivedExperience}}, faults{})
}

func (s *Server) privateForm(w http.ResponseWriter, r *http.Request, status int, p directory.Person, values url.Values, f faults) error {
	ctx := r.Context()
	address := place(ctx, "people/"+p.ID.Short())
	fields := f.mark(filled([]ui.FieldProps{
		{Kind: ui.Select, Name: "lived_experience", Label: i18n.T(ctx, "people.field_lived_experience"), Help: i18n.T(ctx, "people.help_lived_experience"),
			Blank: i18n.T(ctx, "people.no_answer"), Options: options(ctx, "lived_experiences.", directory.LivedExperiences)},
		{Kind: ui.TextArea, Name: "access_needs", Label: i18n.T(ctx, "people.field_access_needs"), Help: i18n.T(ctx, "people.help_access_needs"), Rows: 4, MaxLength: 2000},
	}, values))
	props := ui.PageProps{Title: i18n.T(ctx, "people.private"), Lede: i18n.T(ctx, "people.private_lede"),
		Crumbs: []ui.Link{{Label: i18n.T(ctx, "people.title"), Href: place(ctx, "people")}, {Label: p.Name(), Href: address}}}
	return s.show(w, r, status, "organizations", props, with(ui.Form(ui.FormProps{Action: address + "/private", Errors: f.explain(fields), Cancel: ui.Link{Href: address},
		Hidden: []ui.Hidden{{Name: "version", Value: strconv.FormatInt(p.Version, 10)}}}), formFields(fields)))
}

// personPrivateSave is POST …/people/{id}/private.
func (s *Server) personPrivateSave(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	p, err := s.person(r)
	if err != nil {
		return err
	}
	needs, lived := v.Get("access_needs"), v.Get("lived_experience")
	var receipt operation.Receipt
	_, err = directory.SetPrivate.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, directory.PersonPrivate{ID: p.ID, Version: whole(v.Get("version")), AccessNeeds: &needs, LivedExperience: &lived})
	if f, ok := formFaults(ctx, err); ok {
		return s.privateForm(w, r, http.StatusUnprocessableEntity, p, v, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "people/"+p.ID.Short()), "people.set-private", receipt)
}
