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

// termFields are the fields of a term. ended adds the day it came to an end.
func (s *Server) termFields(ctx context.Context, values url.Values, choice *ui.FieldProps, ended bool) ([]ui.FieldProps, error) {
	t := func(key string) string { return i18n.T(ctx, "seats.field_"+key) }
	help := func(key string) string { return i18n.T(ctx, "seats.help_"+key) }
	organizations, err := s.organizationOptions(ctx, values.Get("organization_id"))
	if err != nil {
		return nil, err
	}
	fields := []ui.FieldProps{s.personLookup(ctx, values, "person", t("holder"), help("holder"))}
	fields[0].Required = true
	fields = append(fields,
		ui.FieldProps{Kind: ui.Select, Name: "organization_id", Label: t("organization"), Help: help("organization"), Blank: i18n.T(ctx, "seats.own_organization"), Options: organizations},
		s.personLookup(ctx, values, "alternate", t("alternate"), help("alternate")),
		ui.FieldProps{Kind: ui.Date, Name: "valid_from", Label: t("from"), Required: true},
		ui.FieldProps{Kind: ui.Date, Name: "term_ends", Label: t("ends"), Help: help("ends")})
	if ended {
		fields = append(fields, ui.FieldProps{Kind: ui.Date, Name: "valid_to", Label: t("to"), Help: help("to")})
	}
	fields = filled(fields, values)
	if choice == nil {
		return fields, nil
	}
	for n, f := range fields { // the question stands right after the name it is about
		if f.Name+"_id" == choice.Name {
			fields = append(fields[:n+1], append([]ui.FieldProps{*choice}, fields[n+1:]...)...)
			break
		}
	}
	return fields, nil
}

// termChosen reads the two people of a term's form. choice is the question to
// ask when a name fits several.
func (s *Server) termChosen(ctx context.Context, values url.Values) (person, alternate directory.PersonID, choice *ui.FieldProps, err error) {
	if person, choice, err = s.personChoice(ctx, values, "person"); err != nil {
		return
	}
	alternate, choice, err = s.personChoice(ctx, values, "alternate")
	return
}

// termForm shows a form about a term of a seat.
func (s *Server) termForm(w http.ResponseWriter, r *http.Request, status int, x directory.Seat, title, action string, values url.Values, choice *ui.FieldProps, f faults, ended bool) error {
	ctx := r.Context()
	fields, err := s.termFields(ctx, values, choice, ended)
	if err != nil {
		return err
	}
	fields = f.mark(fields)
	address := place(ctx, "seats/"+x.ID.Short())
	props := ui.PageProps{Title: title, Lede: x.Title(), Crumbs: []ui.Link{{Label: i18n.T(ctx, "seats.title"), Href: place(ctx, "seats")}, {Label: x.Title(), Href: address}}}
	form := ui.FormProps{Action: action, Errors: f.explain(fields), Cancel: ui.Link{Href: address},
		Hidden: []ui.Hidden{{Name: "version", Value: strconv.FormatInt(x.Version, 10)}}}
	if choice != nil {
		name := choice.Name[:len(choice.Name)-len("_id")]
		form.Hidden = append(form.Hidden, ui.Hidden{Name: name + "_for", Value: values.Get(name)})
	}
	if ended {
		form.Extra = []ui.SubmitButton{{Label: i18n.T(ctx, "seats.remove_term"), Name: "do", Value: "remove"}}
	}
	return s.show(w, r, status, "bodies", props, with(ui.Form(form), formFields(fields)))
}

// seatFill is GET …/seats/{id}/fill.
func (s *Server) seatFill(w http.ResponseWriter, r *http.Request) error {
	x, err := s.seat(r)
	if err != nil {
		return err
	}
	values := url.Values{"organization_id": {x.OrganizationID.String()}, "valid_from": {s.today(r.Context())}}
	return s.termForm(w, r, http.StatusOK, x, s.fillTitle(r.Context(), x), place(r.Context(), "seats/"+x.ID.Short()+"/fill"), values, nil, faults{}, false)
}

func (s *Server) fillTitle(ctx context.Context, x directory.Seat) string {
	if x.Term != nil {
		return i18n.T(ctx, "seats.next_holder")
	}
	return i18n.T(ctx, "seats.fill")
}

// seatFilled is POST …/seats/{id}/fill.
func (s *Server) seatFilled(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	x, err := s.seat(r)
	if err != nil {
		return err
	}
	v := r.PostForm
	organization, _ := id.Parse[directory.Organization](v.Get("organization_id")) // empty means their own
	person, alternate, choice, err := s.termChosen(ctx, v)
	var receipt operation.Receipt
	if err == nil {
		_, err = directory.FillSeat.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, directory.Fill{ID: x.ID, Version: whole(v.Get("version")), PersonID: person,
			OrganizationID: organization, AlternateID: alternate, From: v.Get("valid_from"), Ends: v.Get("term_ends")})
	}
	if f, ok := formFaults(ctx, renamed(err, "person_id", "person")); ok {
		return s.termForm(w, r, http.StatusUnprocessableEntity, x, s.fillTitle(ctx, x), place(ctx, "seats/"+x.ID.Short()+"/fill"), v, choice, f, false)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "seats/"+x.ID.Short()), "seats.fill", receipt)
}

// term finds the term of the address in its seat.
func (s *Server) term(r *http.Request) (directory.Seat, int, error) {
	x, err := s.seat(r)
	if err != nil {
		return x, 0, err
	}
	for n, t := range x.Terms {
		if t.ID.Short() == r.PathValue("term") {
			return x, n, nil
		}
	}
	return x, 0, operation.Missing()
}

// seatTermEdit is GET …/seats/{id}/terms/{term}.
func (s *Server) seatTermEdit(w http.ResponseWriter, r *http.Request) error {
	x, n, err := s.term(r)
	if err != nil {
		return err
	}
	t := x.Terms[n]
	values := url.Values{"person": {t.Person}, "person_id": {t.PersonID.String()}, "organization_id": {t.OrganizationID.String()}, "alternate": {t.Alternate}, "alternate_id": {t.AlternateID.String()},
		"valid_from": {t.From}, "term_ends": {t.Ends}, "valid_to": {t.To}}
	return s.termForm(w, r, http.StatusOK, x, i18n.T(r.Context(), "seats.correct_term"), r.URL.Path, values, nil, faults{}, true)
}

// seatTermSave is POST …/seats/{id}/terms/{term}: a correction, or the removal of
// a term that never was.
func (s *Server) seatTermSave(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	x, n, err := s.term(r)
	if err != nil {
		return err
	}
	v := r.PostForm
	organization, _ := id.Parse[directory.Organization](v.Get("organization_id")) // empty means nobody
	person, alternate, choice, err := s.termChosen(ctx, v)
	var terms []directory.TermInput
	for k, t := range x.Terms {
		in := directory.TermInput{ID: t.ID, PersonID: t.PersonID, OrganizationID: t.OrganizationID, AlternateID: t.AlternateID, From: t.From, Ends: t.Ends, To: t.To}
		if k == n {
			in.PersonID, in.OrganizationID, in.AlternateID, in.From, in.Ends, in.To = person, organization, alternate, v.Get("valid_from"), v.Get("term_ends"), v.Get("valid_to")
		}
		if k != n || v.Get("do") != "remove" {
			terms = append(terms, in)
		}
	}
	if v.Get("do") == "remove" {
		err = nil
	}
	var receipt operation.Receipt
	if err == nil {
		_, err = directory.EditSeat.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, directory.SeatPatch{ID: x.ID, Version: whole(v.Get("version")), Terms: &terms})
	}
	if f, ok := formFaults(ctx, renamed(err, "terms", "valid_from")); ok {
		return s.termForm(w, r, http.StatusUnprocessableEntity, x, i18n.T(ctx, "seats.correct_term"), r.URL.Path, v, choice, f, true)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "seats/"+x.ID.Short()), "seats.edit", receipt)
}

// seatVacate is GET …/seats/{id}/vacate.
func (s *Server) seatVacate(w http.ResponseWriter, r *http.Request) error {
	x, err := s.seat(r)
	if err != nil {
		return err
	}
	return s.vacateForm(w, r, http.StatusOK, x, url.Values{"on": {s.today(r.Context())}}, faults{})
}

func (s *Server) vacateForm(w http.ResponseWriter, r *http.Request, status int, x directory.Seat, values url.Values, f faults) error {
	ctx := r.Context()
	fields := f.mark(filled([]ui.FieldProps{{Kind: ui.Date, Name: "on", Label: i18n.T(ctx, "seats.field_to"), Help: i18n.T(ctx, "seats.help_to"), Required: true}}, values))
	address := place(ctx, "seats/"+x.ID.Short())
	props := ui.PageProps{Title: i18n.T(ctx, "seats.vacate"), Lede: holderName(ctx, x) + " · " + x.Title(),
		Crumbs: []ui.Link{{Label: i18n.T(ctx, "seats.title"), Href: place(ctx, "seats")}, {Label: x.Title(), Href: address}}}
	return s.show(w, r, status, "bodies", props, with(ui.Form(ui.FormProps{Action: address + "/vacate", Errors: f.explain(fields), Submit: i18n.T(ctx, "seats.vacate"),
		Cancel: ui.Link{Href: address}, Hidden: []ui.Hidden{{Name: "version", Value: strconv.FormatInt(x.Version, 10)}}}), formFields(fields)))
}

// seatVacated is POST …/seats/{id}/vacate.
func (s *Server) seatVacated(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	x, err := s.seat(r)
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	_, err = directory.VacateSeat.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, directory.Vacate{ID: x.ID, Version: formVersion(r), On: r.PostFormValue("on")})
	if f, ok := formFaults(ctx, err); ok {
		return s.vacateForm(w, r, http.StatusUnprocessableEntity, x, r.PostForm, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "seats/"+x.ID.Short()), "seats.vacate", receipt)
}
