package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/network"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

func tieCrumbs(ctx context.Context) []ui.Link {
	return []ui.Link{{Label: i18n.T(ctx, "ties.title"), Href: place(ctx, "ties")}}
}

// tie reads the tie of the address.
func (s *Server) tie(r *http.Request) (network.Tie, error) {
	i, err := pathID[network.Tie](r)
	if err != nil {
		return network.Tie{}, err
	}
	return network.Get.Do(r.Context(), s.app.Door, network.Ref{ID: i})
}

// tieForm shows the form of a tie; nil is a new one. choices ask, by end, which
// person of a name is meant.
func (s *Server) tieForm(w http.ResponseWriter, r *http.Request, status int, x *network.Tie, values url.Values, choices map[string]*ui.FieldProps, f faults) error {
	ctx := r.Context()
	t := func(key string) string { return i18n.T(ctx, "ties.field_"+key) }
	var fields []ui.FieldProps
	for _, end := range []string{"from", "to"} {
		organizations, err := s.organizationOptions(ctx, values.Get(end+"_organization_id"))
		if err != nil {
			return err
		}
		fields = append(fields, ui.FieldProps{Kind: ui.Select, Name: end + "_organization_id", Label: t(end + "_organization"), Blank: i18n.T(ctx, "list.none"), Options: organizations},
			s.personLookup(ctx, values, end+"_person", t(end+"_person"), ""))
		if choices[end] != nil {
			fields = append(fields, *choices[end])
		}
	}
	fields = append(fields,
		ui.FieldProps{Kind: ui.Text, Name: "type", Label: t("type"), Help: i18n.T(ctx, "ties.help_type"), MaxLength: 100},
		ui.FieldProps{Kind: ui.Select, Name: "direction", Label: t("direction"), Options: options(ctx, "tie_directions.", network.Directions)},
		ui.FieldProps{Kind: ui.Number, Name: "strength", Label: t("strength"), Help: i18n.T(ctx, "ties.help_strength"), Min: "0", Max: "100", Size: "short", InputMode: "numeric"},
		ui.FieldProps{Kind: ui.Date, Name: "valid_from", Label: t("valid_from")},
		ui.FieldProps{Kind: ui.Date, Name: "valid_to", Label: t("valid_to"), Help: i18n.T(ctx, "ties.help_valid_to")},
		ui.FieldProps{Kind: ui.TextArea, Name: "about", Label: t("about"), Rows: 4, MaxLength: 5000})
	fields = f.mark(filled(fields, values))
	props := ui.PageProps{Title: i18n.T(ctx, "ties.add"), Lede: i18n.T(ctx, "ties.form_lede"), Crumbs: tieCrumbs(ctx)}
	form := ui.FormProps{Action: place(ctx, "ties"), Errors: f.explain(fields), Cancel: ui.Link{Href: place(ctx, "ties")}}
	if x != nil {
		address := place(ctx, "ties/"+x.ID.Short())
		props.Title = i18n.T(ctx, "list.edit_named", i18n.Args{"Name": x.Title()})
		props.Crumbs = append(props.Crumbs, ui.Link{Label: x.Title(), Href: address})
		form.Action, form.Cancel.Href = address, address
		form.Hidden = []ui.Hidden{{Name: "version", Value: strconv.FormatInt(x.Version, 10)}}
	}
	for end, choice := range choices {
		if choice != nil {
			form.Hidden = append(form.Hidden, ui.Hidden{Name: end + "_person_for", Value: values.Get(end + "_person")})
		}
	}
	return s.show(w, r, status, "organizations", props, with(ui.Form(form), formFields(fields)))
}

// tieNew is GET …/ties/new, from the organization or person of the address.
func (s *Server) tieNew(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	values := url.Values{"direction": {network.Directed}}
	if i, err := id.Parse[directory.Organization](q.Get("organization")); err == nil {
		values.Set("from_organization_id", i.String())
	}
	if i, err := id.Parse[directory.Person](q.Get("person")); err == nil {
		p, err := directory.GetPerson.Do(ctx, s.app.Door, directory.PersonRef{ID: directory.PersonID(i)})
		if err == nil {
			values.Set("from_person", p.Name())
			values.Set("from_person_id", p.ID.String())
		} else if operation.KindOf(err) != operation.NotFound {
			return err
		}
	}
	return s.tieForm(w, r, http.StatusOK, nil, values, nil, faults{})
}

// tieInput is what the form says, and the questions that are left about people.
func (s *Server) tieInput(ctx context.Context, v url.Values) (in network.Input, choices map[string]*ui.FieldProps, err error) {
	in = network.Input{Type: v.Get("type"), Direction: v.Get("direction"), About: v.Get("about"), From: v.Get("valid_from"), To: v.Get("valid_to")}
	in.FromOrganizationID, _ = id.Parse[directory.Organization](v.Get("from_organization_id")) // one end each is needed; the operation says so
	in.ToOrganizationID, _ = id.Parse[directory.Organization](v.Get("to_organization_id"))
	strength := int64(network.Unknown)
	if text := v.Get("strength"); text != "" {
		if strength, err = strconv.ParseInt(text, 10, 64); err != nil || strength < 0 {
			return in, nil, operation.InvalidField("strength", "errors.tie_strength")
		}
	}
	in.Strength = &strength
	choices = map[string]*ui.FieldProps{}
	var from, to error
	in.FromPersonID, choices["from"], from = s.personChoice(ctx, v, "from_person")
	in.ToPersonID, choices["to"], to = s.personChoice(ctx, v, "to_person")
	if from == nil {
		from = to
	}
	return in, choices, from
}

// tieFaults moves faults to the form's fields.
func tieFaults(err error) error {
	return renamed(renamed(err, "from_person_id", "from_person"), "to_person_id", "to_person")
}

// tieCreate is POST …/ties.
func (s *Server) tieCreate(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	in, choices, err := s.tieInput(ctx, v)
	var receipt operation.Receipt
	var made network.Tie
	if err == nil {
		made, err = network.Create.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, in)
	}
	if f, ok := faultsOf(ctx, tieFaults(err)); ok {
		return s.tieForm(w, r, http.StatusUnprocessableEntity, nil, v, choices, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, returnTo(r, place(ctx, "ties/"+made.ID.Short())), "ties.create", receipt)
}

// tieEdit is GET …/ties/{id}/edit.
func (s *Server) tieEdit(w http.ResponseWriter, r *http.Request) error {
	x, err := s.tie(r)
	if err != nil {
		return err
	}
	values := url.Values{"type": {x.Type}, "direction": {x.Direction}, "strength": {tieStrength(x)}, "valid_from": {x.From}, "valid_to": {x.To}, "about": {x.About}}
	for _, end := range []struct {
		name         string
		organization directory.OrganizationID
		person       directory.PersonID
		called       string
	}{{"from", x.FromOrganizationID, x.FromPersonID, x.FromName}, {"to", x.ToOrganizationID, x.ToPersonID, x.ToName}} {
		if end.person.IsZero() {
			values.Set(end.name+"_organization_id", end.organization.String())
		} else {
			values.Set(end.name+"_person", end.called)
			values.Set(end.name+"_person_id", end.person.String())
		}
	}
	return s.tieForm(w, r, http.StatusOK, &x, values, nil, faults{})
}

// tieSave is POST …/ties/{id}.
func (s *Server) tieSave(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.PostForm
	x, err := s.tie(r)
	if err != nil {
		return err
	}
	in, choices, err := s.tieInput(ctx, v)
	var receipt operation.Receipt
	if err == nil {
		_, err = network.Edit.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, network.Patch{ID: x.ID, Version: whole(v.Get("version")),
			FromOrganizationID: &in.FromOrganizationID, FromPersonID: &in.FromPersonID, ToOrganizationID: &in.ToOrganizationID, ToPersonID: &in.ToPersonID,
			Type: &in.Type, Direction: &in.Direction, Strength: in.Strength, About: &in.About, From: &in.From, To: &in.To})
	}
	if f, ok := formFaults(ctx, tieFaults(err)); ok {
		return s.tieForm(w, r, http.StatusUnprocessableEntity, &x, v, choices, f)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, place(ctx, "ties/"+x.ID.Short()), "ties.edit", receipt)
}

// tieTrash is POST …/ties/{id}/trash.
func (s *Server) tieTrash(w http.ResponseWriter, r *http.Request) error {
	return s.tieMove(w, r, network.Trash)
}

// tieRestore is POST …/ties/{id}/restore.
func (s *Server) tieRestore(w http.ResponseWriter, r *http.Request) error {
	return s.tieMove(w, r, network.Restore)
}

func (s *Server) tieMove(w http.ResponseWriter, r *http.Request, op *operation.Operation[network.AtVersion, network.Tie]) error {
	ctx := r.Context()
	i, err := pathID[network.Tie](r)
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	if _, err := op.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, network.AtVersion{ID: i, Version: formVersion(r)}); err != nil {
		return err
	}
	return s.done(w, r, returnTo(r, place(ctx, "ties/"+i.Short())), op.ID, receipt)
}
